//! FHIR R4 as written: resources as structures that can only be serialized, borrowing from the record.

pub(crate) mod clinic;
pub(crate) mod clinical;
pub(crate) mod observation;
pub(crate) mod patient;
mod systems;
mod types;
pub(crate) mod visit;
