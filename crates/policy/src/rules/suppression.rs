//! A suppressed address gets no mail at all, care included.

use super::{Rule, read};
use crate::{Denied, Suppression};

pub(super) const RULE: Rule = Rule {
    name: "the address is not suppressed",
    citation: "product policy: hard bounces and complaints",
    check: |facts, _, _| match read(facts.suppression)? {
        Suppression::None => Ok(()),
        Suppression::Bounced => Err(Denied::Bounced),
        Suppression::Complained => Err(Denied::Complained),
    },
};
