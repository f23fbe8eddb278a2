//! What hangs over every page of staff's: whether sending goes on, and what waits for whoever looks.

use crate::app::App;
use crate::error::{AppError, Result};
use discreet_access::{ActionName, Who};
use discreet_store::CampaignState;

/// What hangs over every page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Mail may leave.
    pub sending: bool,
    /// Campaigns that wait for an approval this person can give.
    pub approvals: u64,
}

impl App {
    /// What hangs over every page of somebody who is signed in. No leave: it tells them nothing but what their role has to do.
    ///
    /// # Errors
    /// The database's.
    pub async fn standing(&self, who: &Who) -> Result<Standing> {
        let mut reading = self.store.read().await?;
        let row = reading.installation().await?.ok_or(AppError::NotFound("installation"))?;
        let waiting = match who.can(ActionName::ApproveCampaign) {
            true => reading.campaigns().await?.iter().filter(|c| waits_for(c, who)).count(),
            false => 0,
        };
        Ok(Standing { sending: row.sending, approvals: waiting as u64 })
    }
}

fn waits_for(campaign: &discreet_store::CampaignRow, who: &Who) -> bool {
    campaign.state == CampaignState::Draft && campaign.author != who.user()
}
