//! STOP-ALL ends everything but legally required notices, care mail too.

use super::{Rule, read, unless};
use crate::{Denied, consent::Stop};

pub(super) const RULE: Rule = Rule {
    name: "mail was not stopped altogether",
    citation: "45 CFR 164.522; product policy",
    check: |facts, _, _| unless(read(facts.stop)? == Stop::All, Denied::StopAll),
};
