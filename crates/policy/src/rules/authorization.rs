//! Marketing needs a signed authorization, in force at this instant; opt-in is no substitute.

use super::{Rule, read, unless};
use crate::Denied;
use crate::authorization::AuthorizationStanding as On;

pub(super) const RULE: Rule = Rule {
    name: "authorized where that is needed",
    citation: "45 CFR 164.508(a)(3), (b)(2), (b)(5)",
    check: |facts, ask, _| {
        if !ask.requirements.authorization {
            return Ok(());
        }
        match read(facts.authorization)? {
            On::Missing => Err(Denied::AuthorizationMissing),
            On::OutOfScope => Err(Denied::AuthorizationScope),
            On::Defective => Err(Denied::AuthorizationDefective),
            On::Revoked => Err(Denied::AuthorizationRevoked),
            On::Expired => Err(Denied::AuthorizationExpired),
            On::Live => unless(ask.requirements.remuneration_statement, Denied::AuthorizationScope),
            On::LiveStatingRemuneration => Ok(()),
        }
    },
};
