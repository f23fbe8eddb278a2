//! Imports: files come in, are mapped, checked, imported; and what came of it.

pub(crate) mod job;
pub(crate) mod list;
pub(crate) mod map;
pub(crate) mod receive;
pub(crate) mod report;
pub(crate) mod samples;
pub(crate) mod words;

use crate::staff::error::{Result, StaffError};
use discreet_domain::ImportId;

/// The id in an address.
fn id_of(text: &str) -> Result<ImportId> {
    text.parse().map_err(|_| StaffError::Missing("import"))
}

/// A step on the way in, as the pages name it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    Map,
    Check,
    Import,
    Report,
}

impl Step {
    const ALL: [Step; 4] = [Step::Map, Step::Check, Step::Import, Step::Report];
    const fn name(self) -> &'static str {
        match self {
            Step::Map => "Map columns",
            Step::Check => "Check",
            Step::Import => "Import",
            Step::Report => "Report",
        }
    }
    /// All steps: name, done, current.
    fn all(self) -> Vec<(&'static str, bool, bool)> {
        let at = |step: Step| Step::ALL.iter().position(|s| *s == step);
        Step::ALL.into_iter().map(|step| (step.name(), at(step) < at(self), step == self)).collect()
    }
}
