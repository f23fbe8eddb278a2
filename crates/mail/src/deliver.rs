//! The door: the only way out for mail.

use crate::{Leaving, Outcome, Problem, Reason, Relay, Rendered, Step};
use discreet_domain::Timestamp;
use discreet_policy::Permit;

/// Hands one message to the relay, against a permit for exactly it, which is spent. Message, addressee and label must be the permit's, and the permit must still be good; otherwise nothing is tried.
///
/// ```compile_fail,E0061
/// # use discreet_mail::*; use discreet_domain::Timestamp;
/// async fn unpermitted(relay: &impl Relay, mail: Rendered, now: Timestamp) { deliver(relay, mail, now).await; }
/// ```
/// ```compile_fail,E0382
/// # use discreet_mail::*; use discreet_domain::Timestamp; use discreet_policy::Permit;
/// async fn twice(relay: &impl Relay, permit: Permit, a: Rendered, b: Rendered, now: Timestamp) {
///     deliver(relay, permit, a, now).await;
///     deliver(relay, permit, b, now).await;
/// }
/// ```
/// The compiling twin:
/// ```
/// # use discreet_mail::*; use discreet_domain::Timestamp; use discreet_policy::Permit;
/// async fn once(relay: &impl Relay, permit: Permit, mail: Rendered, now: Timestamp) {
///     deliver(relay, permit, mail, now).await;
/// }
/// ```
pub async fn deliver(relay: &impl Relay, permit: Permit, mail: Rendered, now: Timestamp) -> Outcome {
    let other = permit.message() != mail.message() || permit.addressee() != mail.addressee();
    let problem = if other {
        Problem::OtherMail
    } else if mail.label() > permit.label() {
        Problem::LabelAbovePermit
    } else if !permit.is_live(now) {
        Problem::PermitExpired
    } else {
        return relay.send(&mail, Leaving(())).await;
    };
    Outcome::NotTried { reason: Reason::new(Step::Door, problem) }
}
