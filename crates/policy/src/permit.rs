//! The right to let one message leave.

use crate::Addressee;
use discreet_domain::{Label, MessageId, Timestamp};

/// How long a permit is good, in seconds.
pub const PERMIT_SECONDS: i64 = 30;

/// The right to let one message leave, once, within [`PERMIT_SECONDS`]. Made by [`hand_over`](crate::hand_over) and its
/// sibling [`hand_over_service`](crate::hand_over_service) alone, after the commit; consumed by `mail::deliver`.
///
/// ```compile_fail,E0451
/// # use discreet_policy::*; use discreet_domain::*;
/// fn forged(message: MessageId, addressee: Addressee, until: Timestamp) -> Permit {
///     Permit { message, addressee, label: Label::L0, until }
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
/// fn minted(message: MessageId, to: Addressee, now: Timestamp) -> Permit { Permit::mint(message, to, Label::L0, now) }
/// ```
/// The compiling twin:
/// ```
/// fn reads(p: &discreet_policy::Permit) -> discreet_domain::MessageId { p.message() }
/// ```
#[derive(Debug)]
pub struct Permit {
    message: MessageId,
    addressee: Addressee,
    label: Label,
    until: Timestamp,
}

impl Permit {
    pub(crate) const fn mint(
        message: MessageId,
        addressee: Addressee,
        label: Label,
        now: Timestamp,
    ) -> Permit {
        Permit { message, addressee, label, until: now.plus_seconds(PERMIT_SECONDS) }
    }
    /// The message that may leave.
    pub const fn message(&self) -> MessageId {
        self.message
    }
    /// To whom, and on which of their data it was judged.
    pub const fn addressee(&self) -> Addressee {
        self.addressee
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
