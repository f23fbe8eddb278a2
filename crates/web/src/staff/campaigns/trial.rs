//! "Send a test": the mail to a colleague, in the message step and on review.

use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::form::{Form, Posted};
use crate::staff::guard::capital;
use crate::staff::parts::{self, Choice, Select};
use crate::staff::signed::Signed;
use askama::Template;
use discreet_access::{ActionName, SendTest};
use discreet_app::AppError;
use discreet_app::campaigns::trial::TestSent;
use discreet_domain::{MessageId, UserId};
use std::collections::HashMap;
use uuid::Uuid;

/// What stands in the address once a test was queued: which.
const SENT: &str = "test";
/// The field of whom it goes to.
pub(crate) const TO: &str = "to";

/// Whom to send a test to, and what came of the last.
#[derive(Template, Debug)]
#[template(path = "staff/campaigns/trial.html")]
pub(crate) struct Trial {
    select: Option<Select>,
    sent: Option<(String, TestSent)>,
    /// Its button saves the page's form as well.
    saves: bool,
}

impl askama::filters::HtmlSafe for Trial {}

/// What the page shows of tests; nothing to who may send none. Oneself is chosen, unless the form says otherwise.
pub(crate) async fn trial(
    site: &Site,
    signed: &Signed,
    form: &Form,
    query: &HashMap<String, String>,
    saves: bool,
) -> Result<Option<Trial>> {
    if !signed.can(ActionName::SendTest) {
        return Ok(None);
    }
    let by = signed.leave(site, SendTest).await?;
    let readers = site.app.test_readers(&by).await?;
    let mut form = form.clone();
    if form.value(TO).is_empty() {
        form.set(TO, signed.who().user().to_string());
    }
    let choices = readers.iter().map(|r| Choice::new(&form, TO, &r.user.to_string(), &r.name));
    let select = parts::select(&form, TO, "To", choices.collect())
        .hint("Colleagues only. Filled for a patient who does not exist; the subject begins with “[Test]”.");
    let sent = match query.get(SENT).and_then(|id| id.parse::<MessageId>().ok()) {
        Some(message) => site.app.test_sent(&by, message).await?,
        None => None,
    };
    Ok(Some(Trial { select: Some(select).filter(|_| !readers.is_empty()), sent, saves }))
}

/// Queues a test: where to go on to, or why not.
pub(crate) async fn send(
    site: &Site,
    signed: &Signed,
    id: Uuid,
    posted: &Posted,
    page: &str,
) -> Result<std::result::Result<String, String>> {
    let by = signed.leave(site, SendTest).await?;
    let to: UserId = posted.get(TO).parse().map_err(|_| StaffError::Malformed)?;
    match site.app.send_test(by, id, to, site.now()).await {
        Ok(message) => Ok(Ok(format!("/campaigns/{id}/{page}?{SENT}={message}#test"))),
        Err(AppError::Invalid(text) | AppError::Conflict(text)) => Ok(Err(capital(&text))),
        Err(other) => Err(other.into()),
    }
}
