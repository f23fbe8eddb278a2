//! Only an approved, running campaign sends.

use super::{Rule, read};
use crate::{CampaignStanding, Denied};

pub(super) const RULE: Rule = Rule {
    name: "the campaign is approved and running",
    citation: "product policy: two persons; 45 CFR 164.308(a)(4)",
    check: |facts, _, _| match read(facts.campaign)? {
        CampaignStanding::Running => Ok(()),
        CampaignStanding::Paused => Err(Denied::Paused),
        CampaignStanding::Closed => Err(Denied::CampaignClosed),
    },
};
