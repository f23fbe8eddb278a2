//! Optional mail needs opt-in, and respects a stop of all optional mail; other mail respects an opt-out of its topic.

use super::{Rule, read, unless};
use crate::Denied;
use crate::consent::{OptIn, Stop};

pub(super) const RULE: Rule = Rule {
    name: "opted in, or at least not out",
    citation: "product policy; 15 USC 7704(a)(4); 45 CFR 164.508(b)(5)",
    check: |facts, ask, _| {
        let (opt_in, stop) = (read(facts.opt_in)?, read(facts.stop)?);
        unless(opt_in == OptIn::Withdrawn, Denied::OptedOut)?;
        unless(ask.requirements.opt_in && stop != Stop::None, Denied::OptedOut)?;
        unless(ask.requirements.opt_in && opt_in != OptIn::Granted, Denied::NoOptIn)
    },
};
