//! Whoever carries the mail stores recipients, so it is a business associate.

use super::{Rule, read, unless};
use crate::Denied;

pub(super) const RULE: Rule = Rule {
    name: "the relay is our own or under a live BAA",
    citation: "45 CFR 164.308(b)(1), 164.504(e)",
    check: |facts, _, _| unless(!read(facts.relay)?, Denied::NoBaa),
};
