//! What the caller decides about an import.

use crate::Mapping;
use crate::limits::Limits;
use discreet_domain::{Catalog, Zone};

/// The source name used unless another is given.
pub const DEFAULT_SOURCE: &str = "ehr";

/// The system of medical record numbers for which an export of this source names none.
pub fn mrn_source(source: &str) -> String {
    format!("{source}/mrn")
}

/// What the caller decides about an import.
#[derive(Clone, Debug)]
pub struct Options {
    /// Name of the source. Ids of its patients and facts are unique within it; it must stay the same from import to
    /// import.
    pub source: String,
    /// The organization's time zone, for times without an offset.
    pub zone: Zone,
    /// Which attributes and event kinds there are.
    pub catalog: Catalog,
    /// How CSV files with other headers are read.
    pub mapping: Option<Mapping>,
    /// Limits.
    pub limits: Limits,
}

impl Options {
    /// Source `ehr`, the built-in catalog, no mapping.
    pub fn new(zone: Zone) -> Options {
        Options {
            source: DEFAULT_SOURCE.to_owned(),
            zone,
            catalog: Catalog::builtin(),
            mapping: None,
            limits: Limits::default(),
        }
    }
}
