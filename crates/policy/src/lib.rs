//! What may be sent to whom. A door crate: [`hand_over`], and [`hand_over_service`] for mail
//! that somebody asked for at a page, alone make a [`Permit`], and without one no mail leaves.
//!
//! Important: this is where the law is. It loads nothing; whoever loads hands over [`Facts`].
//!
//! - [`classify`]: content blocks → rows of the decision table (RULES M01–M30) → [`Requirements`]. When a campaign is
//!   submitted.
//! - [`judge`]: one recipient's [`Facts`] and an [`Ask`] → yes, or the first rule that says no ([`Denied`]). Pure; for
//!   funnels and previews.
//! - [`hand_over`]: reads, judges, marks, logs and commits in one transaction at the instant of sending; only then are
//!   there permits.
//! - [`consent`], [`authorization`]: the ledgers' folds. Consent (product policy) and authorization (45 CFR 164.508)
//!   are two types and never become each other.

mod addressee;
mod age;
pub mod authorization;
mod classify;
pub mod consent;
mod content;
mod denied;
mod facts;
mod gate;
mod often;
mod permit;
mod release;
mod rules;
mod service;
mod table;

pub use addressee::Addressee;
pub use age::{Age, age_of};
pub use classify::{Classification, Requirements, classify};
pub use content::{Block, Owner, Remuneration, What};
pub use denied::{Denied, Step};
pub use facts::{AddressStanding, Ask, CampaignStanding, Facts, Known, Person, Setting, Suppression};
pub use gate::{Gate, Ruling, hand_over};
pub use often::Often;
pub use permit::{PERMIT_SECONDS, Permit};
pub use release::{Outgoing, RELEASE_SECONDS, Recipient, Release, Withheld, hand_out, may_leave};
pub use rules::{RULES, Rule, judge};
pub use service::{
    MOST_SERVICE_MAILS, SERVICE_LABEL, SERVICE_WINDOW, Service, ServiceAsk, ServiceFacts, ServiceGate,
    ServiceRuling, TEST_LABEL, hand_over_service, judge_service,
};
pub use table::{Outcome, Row, TABLE, TABLE_VERSION};
