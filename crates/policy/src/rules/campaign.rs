//! Only an approved, running campaign sends.

use super::{Rule, read, unless};
use crate::{CampaignStanding, Denied};

pub(super) const RULE: Rule = Rule {
    name: "the campaign is approved and running",
    citation: "product policy: two persons; 45 CFR 164.308(a)(4)",
    check: |facts, _, _| unless(read(facts.campaign)? != CampaignStanding::Running, Denied::CampaignClosed),
};
