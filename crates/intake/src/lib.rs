//! FHIR R4 and CSV exports → facts.
//!
//! [`read`] walks a file or folder and hands each thing it finds to a [`Sink`], one row at a time: memory stays bounded
//! however large the export is, one bad line costs one line, and the sink can stop it. Rows of a patient come in any
//! order and from several files; the caller groups them by [`Record::subject`].
//!
//! What is rejected or left out is said with a [`Reason`]: a stable code, a field name, a place, and never anything
//! that stood in the row. Psychotherapy notes and SUD counseling notes are refused and nothing of them is kept.
//!
//! Reading order for newcomers: [`Item`] (what comes out), `fhir/condition.rs` (a small resource), `fhir/row.rs` (what
//! all resources share), `csv/table.rs` (all CSV columns), `sources.rs` (the only file I/O). The formats are described
//! for users in `docs/import.md`.

mod csv;
mod desk;
mod directory;
mod fact_id;
mod fhir;
mod import;
pub mod limits;
mod lines;
mod mapping;
mod notes;
mod options;
mod peek;
mod reason;
mod record;
mod report;
mod security;
mod sources;
mod text;
mod vocabulary;
mod when;

pub use csv::{KINDS, KindSpec, table_of};
pub use fact_id::{fact_id, part_id, row_id};
pub use import::{ReadError, Sink};
pub use limits::Limits;
pub use mapping::{Chosen, Mapping, MappingError};
pub use options::{DEFAULT_SOURCE, Options, mrn_source};
pub use peek::{Peeked, peek};
pub use reason::{EmailProblem, Expected, Field, FileProblem, Reason};
pub use record::{
    AttributePart, CodeName, ConsentRow, Incoming, Item, PatientPart, Place, Record, Rejected, Warning,
};
pub use report::{FileReport, Format, Report};
pub use sources::{Kept, KeptFile, Source, format_of, read, read_stream};
pub use when::DateOrder;
