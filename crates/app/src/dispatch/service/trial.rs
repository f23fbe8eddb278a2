//! Writing a test: a campaign's mail as its author left it, filled for a patient who does not exist, for a colleague.

use super::{ServiceDispatcher, Written};
use crate::asked::{Entered, What};
use crate::error::{AppError, Result};
use discreet_domain::Timestamp;
use discreet_mail::Relay;
use discreet_policy::TEST_LABEL;
use discreet_store::ClaimedService;

impl<R: Relay> ServiceDispatcher<'_, R> {
    /// The address is read anew from the account: whoever was disabled, or signs in with another by now, gets nothing.
    pub(super) async fn write_test(
        &self,
        one: &ClaimedService,
        entered: &Entered,
        now: Timestamp,
    ) -> Result<Written> {
        let What::Test { to, draft } = &entered.what else { return Err(AppError::Form("a test")) };
        let reader = self.app.test_mailbox(*to).await?.filter(|(_, tag)| *tag == one.address);
        let (address, _) = reader.ok_or(AppError::NotFound("colleague"))?;
        let page = self.app.fill_test(draft).await?;
        if page.label() > TEST_LABEL {
            return Err(AppError::invalid("more delicate than a test may be"));
        }
        self.compose(one, &page, address, now).await
    }
}
