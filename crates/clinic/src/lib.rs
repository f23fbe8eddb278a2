//! A believable clinic that does not exist: for `discreet demo`, for tests and for benches.
//!
//! [`write_folder`] writes `fhir/*.ndjson` (FHIR R4, in the shape of US Core) and `csv/*.csv` (events, consents,
//! interests, in Discreet's own format), to be imported like anyone else's data; and returns a [`Summary`] of what is
//! true of them, counted apart from any importer.
//!
//! - **The same plan always makes the same bytes.** Chance comes from a generator of our own; the clock is
//!   [`Plan::now`]. Each patient is drawn from the seed and its index alone, so that any one can be drawn without the
//!   rest, and memory does not grow with the number of patients.
//! - **Mail to anyone here reaches nobody**: addresses are in domains reserved for that (RFC 2606, RFC 6761), telephone
//!   numbers are 555-01xx. The one exception, `none@none.com` and the like, is refused by every importer we know of.
//! - **The first twenty patients are planned by hand** (`cast.rs`), so that a clinic of fifty shows everything that a
//!   large one does: a duplicate, a merged record, a shared mailbox, a newborn, a minor, a death, addresses that are
//!   missing or spoilt, a withdrawal.
//!
//! Where is what: `tables/` has the constants; `person`, `kin`, `contact` say who patients are; `problems`, `treatment`,
//! `attendance`, `results`, `prevention`, `online`, `leanings`, `agreement` what is known of them; `chart` puts it
//! together; `fhir/`, `csv`, `folder` write it; `lines` alone touches the disk; `tally` and `truth` count it; `demo` has the demo's
//! segments and text; `bench` is another, plainer population for figures.

mod agreement;
mod attendance;
pub mod bench;
mod cast;
mod chart;
mod contact;
mod csv;
pub mod demo;
mod fhir;
mod folder;
mod kin;
mod leanings;
mod lines;
mod model;
mod online;
mod person;
mod plan;
mod prevention;
mod problems;
mod random;
mod results;
mod summary;
mod tables;
mod tally;
mod treatment;
mod truth;

pub use folder::{write_folder, write_folder_telling};
pub use plan::{Plan, mrn, patient_id};
pub use summary::{Membership, People, Reach, Standing, Summary};
