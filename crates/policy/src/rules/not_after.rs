//! A reminder after the visit helps nobody.

use super::{Rule, unless};
use crate::Denied;

pub(super) const RULE: Rule = Rule {
    name: "it is not too late",
    citation: "product policy: each message has a latest time",
    check: |_, ask, now| unless(now >= ask.not_after, Denied::TooLate),
};
