//! The rules, one file each. First refusal wins; a fact that cannot be read is a refusal, never a skipped rule.

mod active;
mod address;
mod age;
mod authorization;
mod campaign;
mod classified;
mod deceased;
mod not_after;
mod often;
mod opt_in;
mod relay;
mod restriction;
mod sending;
mod stop_all;
mod suppression;

use crate::{Ask, Denied, Facts, Known};
use discreet_domain::Timestamp;

/// One rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name.
    pub name: &'static str,
    /// Where it comes from.
    pub citation: &'static str,
    check: fn(&Facts, &Ask, Timestamp) -> Result<(), Denied>,
}

/// All rules, in the order in which they are asked: what concerns everything first, then the person, then the address,
/// then what the person agreed to.
pub const RULES: [Rule; 15] = [
    sending::RULE,
    campaign::RULE,
    classified::RULE,
    not_after::RULE,
    relay::RULE,
    deceased::RULE,
    active::RULE,
    age::RULE,
    restriction::RULE,
    suppression::RULE,
    address::RULE,
    stop_all::RULE,
    opt_in::RULE,
    authorization::RULE,
    often::RULE,
];

/// What the rules say of one recipient. Makes no proof: for funnels, previews, simulations.
///
/// # Errors
/// The first refusal.
pub fn judge(facts: &Facts, ask: &Ask, now: Timestamp) -> Result<(), Denied> {
    RULES.iter().try_for_each(|rule| (rule.check)(facts, ask, now))
}

/// The fact, or a refusal.
fn read<T>(fact: Known<T>) -> Result<T, Denied> {
    match fact {
        Known::Is(value) => Ok(value),
        Known::Unreadable => Err(Denied::Unreadable),
    }
}

fn unless(refused: bool, why: Denied) -> Result<(), Denied> {
    if refused { Err(why) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
