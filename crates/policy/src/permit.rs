//! The right to let one message leave.

use discreet_domain::{Label, MessageId, PatientId, Timestamp};

/// How long a permit is good, in seconds.
pub const PERMIT_SECONDS: i64 = 30;

/// The right to let one message leave, once, within [`PERMIT_SECONDS`]. Made by [`hand_over`](crate::hand_over) alone,
/// after the commit; consumed by `mail::deliver`.
///
/// ```compile_fail,E0451
/// # use discreet_policy::Permit; use discreet_domain::*;
/// fn forged(message: MessageId, patient: PatientId, until: Timestamp) -> Permit {
///     Permit { message, patient, contact_version: 0, label: Label::L0, until }
/// }
/// ```
/// ```compile_fail,E0599
/// fn twice(p: discreet_policy::Permit) -> [discreet_policy::Permit; 2] { [p.clone(), p] }
/// ```
/// ```compile_fail,E0277
/// fn any<T: Default>() -> T { T::default() }
/// let _: discreet_policy::Permit = any();
/// ```
/// ```compile_fail,E0277
/// let _: discreet_policy::Permit = serde_json::from_str("{}").unwrap();
/// ```
/// ```compile_fail,E0624
/// # use discreet_policy::*; use discreet_domain::*;
/// fn minted(ask: &Ask, facts: &Facts, now: Timestamp) -> Permit { Permit::mint(ask, facts, now) }
/// ```
/// The compiling twin:
/// ```
/// fn reads(p: &discreet_policy::Permit) -> discreet_domain::MessageId { p.message() }
/// ```
#[derive(Debug)]
pub struct Permit {
    message: MessageId,
    patient: PatientId,
    contact_version: u64,
    label: Label,
    until: Timestamp,
}

impl Permit {
    pub(crate) const fn mint(ask: &crate::Ask, facts: &crate::Facts, now: Timestamp) -> Permit {
        Permit {
            message: ask.message,
            patient: ask.patient,
            contact_version: facts.contact_version,
            label: ask.label,
            until: now.plus_seconds(PERMIT_SECONDS),
        }
    }
    /// The message that may leave.
    pub const fn message(&self) -> MessageId {
        self.message
    }
    /// To whom.
    pub const fn patient(&self) -> PatientId {
        self.patient
    }
    /// The version of the contact data it was judged on.
    pub const fn contact_version(&self) -> u64 {
        self.contact_version
    }
    /// The highest label it may carry.
    pub const fn label(&self) -> Label {
        self.label
    }
    /// Whether it is still good.
    pub fn is_live(&self, now: Timestamp) -> bool {
        now <= self.until
    }
}
