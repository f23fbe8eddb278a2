//! What the decision table denies, or does not know, is not sent.

use super::{Rule, unless};
use crate::Denied;

pub(super) const RULE: Rule = Rule {
    name: "the decision table allows it",
    citation: "45 CFR 164.508(a)(3); RULES M28",
    check: |_, ask, _| unless(ask.requirements.denied, Denied::Unclassified),
};
