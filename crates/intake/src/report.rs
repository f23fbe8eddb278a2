//! What an import saw, in numbers. No number here is a count of people to be shown without care: see
//! [`discreet_domain::Cell`].

use crate::reason::FileProblem;
use crate::record::Item;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// FHIR resources, one a line.
    Ndjson,
    /// A Bundle, one resource, or several one after the other.
    Json,
    /// Comma-, semicolon- or tab-separated rows under a header.
    Csv,
}

/// One file of the source.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FileReport {
    /// A name that may be shown: the file's own, but for `.json` files, which by custom are named after the patient
    /// they are about.
    pub shown: String,
    /// What it is; none if it was passed over.
    pub format: Option<Format>,
    /// Rows, lines or entries seen.
    pub rows: u64,
    /// Why it was not read, or not to its end.
    pub problem: Option<FileProblem>,
}

/// What an import saw.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Report {
    /// Files; [`Place::file`](crate::Place) is an index into them.
    pub files: Vec<FileReport>,
    /// Rows, lines or Bundle entries.
    pub rows: u64,
    /// Records yielded, by kind.
    pub records: BTreeMap<String, u64>,
    /// Rows rejected, by reason code.
    pub rejected: BTreeMap<String, u64>,
    /// Warnings, by reason code.
    pub warnings: BTreeMap<String, u64>,
    /// Rows that are nothing to import, by resource type or why.
    pub skipped: BTreeMap<String, u64>,
    /// Names of codes yielded.
    pub names: u64,
}

impl Report {
    /// Records of a kind.
    pub fn records_of(&self, kind: &str) -> u64 {
        self.records.get(kind).copied().unwrap_or(0)
    }
    /// All rejected rows.
    pub fn rejected_total(&self) -> u64 {
        self.rejected.values().sum()
    }
    /// Whether all of it was taken: no row rejected, no file refused.
    pub fn is_clean(&self) -> bool {
        self.rejected.is_empty() && self.files.iter().all(|file| file.problem.is_none())
    }

    pub(crate) fn skip(&mut self, what: &str) {
        bump(&mut self.skipped, what);
    }

    pub(crate) fn row(&mut self, file: u32) {
        self.rows += 1;
        if let Some(file) = self.file_mut(file) {
            file.rows += 1;
        }
    }

    pub(crate) fn count(&mut self, item: &Item) {
        match item {
            Item::Record(record) => bump(&mut self.records, record.what.kind()),
            Item::Orphan { .. } => bump(&mut self.records, "orphan_delete"),
            Item::Rejected(rejected) => bump(&mut self.rejected, rejected.reason.code()),
            Item::Warning(warning) => bump(&mut self.warnings, warning.reason.code()),
            Item::Name(_) => self.names += 1,
            Item::FileRefused { file, problem } => {
                if let Some(file) = self.file_mut(*file) {
                    file.problem = Some(problem.clone());
                }
            }
            Item::File { .. } => {}
        }
    }

    fn file_mut(&mut self, file: u32) -> Option<&mut FileReport> {
        self.files.get_mut(usize::try_from(file).ok()?)
    }
}

fn bump(counts: &mut BTreeMap<String, u64>, key: &str) {
    match counts.get_mut(key) {
        Some(count) => *count += 1,
        None => {
            counts.insert(key.to_owned(), 1);
        }
    }
}
