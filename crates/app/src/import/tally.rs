//! The counts an import reports: of patients and facts, by kind.

use discreet_intake::Report;
use std::collections::BTreeMap;

/// Counts of one kind. Deleting a fact counts as updating.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct KindCounts {
    /// Rows read.
    pub read: u64,
    /// New.
    pub created: u64,
    /// Changed, or taken back.
    pub updated: u64,
    /// As before.
    pub unchanged: u64,
    /// Not taken.
    pub rejected: u64,
}

impl KindCounts {
    fn add(&mut self, other: KindCounts) {
        self.read += other.read;
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.rejected += other.rejected;
    }
}

/// What becomes of one record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    Created,
    Updated,
    Unchanged,
    Rejected,
}

/// All counts of an import.
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Tally {
    /// By kind: `patient`, `condition`, `appointment` …
    pub kinds: BTreeMap<String, KindCounts>,
    /// Rows that were rejected before their kind was known.
    pub rejected_rows: u64,
    /// Imported opt-ins that were not taken because an opt-out stands.
    pub grants_refused: u64,
    /// Patients written, new or changed.
    pub patients_written: u64,
    /// Patients known before who are now known to have died: no mail goes to them any more.
    pub newly_deceased: u64,
}

impl Tally {
    pub(crate) fn count(&mut self, kind: &str, fate: Fate) {
        if !self.kinds.contains_key(kind) {
            self.kinds.insert(kind.to_owned(), KindCounts::default());
        }
        let Some(counts) = self.kinds.get_mut(kind) else { return };
        counts.read += 1;
        match fate {
            Fate::Created => counts.created += 1,
            Fate::Updated => counts.updated += 1,
            Fate::Unchanged => counts.unchanged += 1,
            Fate::Rejected => counts.rejected += 1,
        }
    }
    pub(crate) fn add(&mut self, other: Tally) {
        for (kind, counts) in other.kinds {
            self.kinds.entry(kind).or_default().add(counts);
        }
        self.grants_refused += other.grants_refused;
        self.patients_written += other.patients_written;
        self.newly_deceased += other.newly_deceased;
    }
    pub(crate) fn add_rejected(&mut self, report: &Report) {
        self.rejected_rows += report.rejected_total();
    }
    /// Everything together.
    pub fn total(&self) -> KindCounts {
        let mut total =
            KindCounts { read: self.rejected_rows, rejected: self.rejected_rows, ..KindCounts::default() };
        self.kinds.values().for_each(|counts| total.add(*counts));
        total
    }
}
