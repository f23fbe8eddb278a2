//! Only live records: not inactive, merged away or erased.

use super::{Rule, read, unless};
use crate::Denied;

pub(super) const RULE: Rule = Rule {
    name: "the record is a current patient's",
    citation: "product policy: lists are cleaned continuously",
    check: |facts, _, _| unless(!read(facts.active)?, Denied::Inactive),
};
