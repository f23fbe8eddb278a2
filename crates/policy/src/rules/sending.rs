//! The red button.

use super::{Rule, read, unless};
use crate::Denied;

pub(super) const RULE: Rule = Rule {
    name: "sending is not stopped",
    citation: "product policy: the privacy officer can stop all sending",
    check: |facts, _, _| unless(!read(facts.sending)?, Denied::Stopped),
};
