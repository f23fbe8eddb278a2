//! The dead are not written to.

use super::{Rule, read, unless};
use crate::Denied;

pub(super) const RULE: Rule = Rule {
    name: "not known to have died",
    citation: "product policy; 45 CFR 164.502(f)",
    check: |facts, _, _| unless(read(facts.deceased)?, Denied::Deceased),
};
