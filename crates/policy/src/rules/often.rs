//! Who asked for optional mail once a week or once a month gets no second one before.

use super::{Rule, read, unless};
use crate::Denied;

pub(super) const RULE: Rule = Rule {
    name: "not more often than the patient wants",
    citation: "product policy: the preference page",
    check: |facts, ask, now| {
        if !ask.requirements.opt_in {
            return Ok(());
        }
        unless(read(facts.resting_until)?.is_some_and(|until| now < until), Denied::TooOften)
    },
};
