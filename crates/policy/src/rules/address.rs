//! An address must be the patient's. On record with the provider suffices up to L2; beyond, the patient must have
//! confirmed it.

use super::{Rule, read, unless};
use crate::{AddressStanding, Denied};
use discreet_domain::Label;

pub(super) const RULE: Rule = Rule {
    name: "the address is known to be the patient's",
    citation: "45 CFR 164.530(c); HHS FAQ 570: verify the address",
    check: |facts, ask, _| match read(facts.address)? {
        AddressStanding::None => Err(Denied::NoAddress),
        AddressStanding::Doubtful => Err(Denied::Unverified),
        AddressStanding::OnRecord => unless(ask.label > Label::L2, Denied::Unverified),
        AddressStanding::Confirmed => Ok(()),
    },
};
