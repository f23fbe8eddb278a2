//! All integration tests, in one binary.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "clippy takes the helpers of integration tests for no tests"
)]

mod canary;
mod csv_mapping;
mod csv_own;
mod docs;
mod fhir_bundle;
mod fhir_codes;
mod fhir_events;
mod fhir_hostile;
mod fhir_patient;
mod folders;
mod golden_csv;
mod golden_fhir;
mod isemail;
mod properties;
mod reading;
mod seeds;
mod spill;
mod throughput;
