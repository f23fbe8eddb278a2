//! Minors are not written to themselves.

use super::{Rule, read};
use crate::{Age, Denied};

pub(super) const RULE: Rule = Rule {
    name: "known to be of age",
    citation: "45 CFR 164.502(g)(3)",
    check: |facts, _, _| match read(facts.age)? {
        Age::Adult => Ok(()),
        Age::Minor => Err(Denied::Minor),
        Age::Unknown => Err(Denied::AgeUnknown),
    },
};
