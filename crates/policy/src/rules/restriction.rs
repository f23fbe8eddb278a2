//! A restriction that was agreed binds.

use super::{Rule, read, unless};
use crate::Denied;

pub(super) const RULE: Rule = Rule {
    name: "no agreed restriction",
    citation: "45 CFR 164.522(a)",
    check: |facts, _, _| unless(read(facts.restricted)?, Denied::Restricted),
};
