//! The vocabulary of Discreet. Pure: no I/O, no clock, no randomness but for fresh ids.
//!
//! Everything the other crates talk about is named here once: who ([`PatientId`], [`Actor`]), when
//! ([`Timestamp`], [`Day`], [`When`]), what is known ([`Fact`](fact), [`Catalog`]), how careful to be with it
//! ([`Label`], [`Phi`], [`Cell`]) and what a patient agreed to ([`Topic`], [`Channel`]).

mod actor;
pub mod catalog;
mod cell;
mod code;
mod consent;
mod email;
pub mod fact;
mod ids;
mod label;
mod patient;
mod phi;
mod sealed;
mod sensitive;
mod time;

pub use actor::Actor;
pub use catalog::Catalog;
pub use cell::{Cell, SMALLEST_SHOWN, Shown, Viewer, grouped};
pub use code::{Code, CodeKind, System};
pub use consent::{Channel, ConsentState, Topic, TopicError};
pub use email::{AddressProblem, EmailAddress};
pub use fact::{CodeFact, CodeStatus, EventFact, FactId, Value};
pub use ids::{
    AuthorizationId, CampaignId, EvidenceId, ImageId, ImportId, MessageId, PatientId, SegmentId, TemplateId,
    TokenId, UserId,
};
pub use label::{Basis, Label};
pub use patient::{Identifier, Identity, PatientFacts, PersonName, PostalAddress};
pub use phi::Phi;
pub use sealed::{Part, Sealed, TAG_LEN, Tag, Wrapped};
pub use sensitive::label_of;
pub use time::{Day, ParseTimeError, Timestamp, When, Zone};
