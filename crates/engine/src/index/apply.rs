//! Following the log.
//!
//! A changed patient's facts go into a small new block, a delta, and the old ones stop being current. Deltas are joined as
//! they grow in number, and a block of which many patients have changed is written anew. So a single change takes the time
//! of writing one block at worst, and little on average.
//!
//! What is no longer current cannot be reached from outside, but it lies in memory until its block is written anew; words
//! that only a removed patient had stay in the lexicon until the index is built anew.

use super::{Index, Stored};
use crate::bits::Bits;
use crate::limits::Blocks;
use crate::part::PartBuilder;
use crate::record::Record;
use discreet_domain::{PatientFacts, PatientId};
use std::collections::BTreeMap;

/// What happened to a patient. The order of arrival does not matter: the highest version wins.
#[derive(Clone, PartialEq, Debug)]
pub enum Change {
    /// All that is now known. Ignored if a newer version is held, or the patient was removed at this version or later.
    Facts(PatientFacts),
    /// The patient is no longer to be found: erased, merged into another, no longer a patient. Ignored if a newer version
    /// is held.
    Removed {
        /// Who.
        patient: PatientId,
        /// The version that is gone, and all before it; [`u64::MAX`] for good.
        version: u64,
    },
}

impl Index {
    /// Takes changes in, up to this log entry.
    pub fn apply(&mut self, seq: u64, changes: impl IntoIterator<Item = Change>) {
        let mut records = BTreeMap::new();
        for change in changes {
            match change {
                Change::Facts(facts) => {
                    if let Some(row) = self.accept(&facts) {
                        records.insert(row, Record::of(&facts, &mut self.lexicon));
                    }
                }
                Change::Removed { patient, version } => {
                    if let Some(row) = self.remove(patient, version) {
                        records.remove(&row);
                    }
                }
            }
        }
        self.add_deltas(records);
        self.rewrite_blocks();
        self.join_deltas();
        self.seq = self.seq.max(seq);
    }

    /// The row for these facts, unless they are out of date.
    fn accept(&mut self, facts: &PatientFacts) -> Option<u32> {
        let (patient, version) = (facts.patient, facts.version);
        if self.removed.get(&patient).is_some_and(|gone| version <= *gone) {
            return None;
        }
        self.removed.remove(&patient);
        let Some(row) = self.rows.get(&patient).copied() else {
            return self.give_row(patient, version);
        };
        let held = self.versions.get_mut(row as usize)?;
        if version < *held {
            return None;
        }
        *held = version;
        self.retire(row);
        Some(row)
    }
    /// The row that was the patient's, unless a newer version is held.
    fn remove(&mut self, patient: PatientId, version: u64) -> Option<u32> {
        let row = self.rows.get(&patient).copied();
        let held = row.and_then(|row| self.versions.get(row as usize).copied());
        if held.is_some_and(|held| version < held) {
            return None;
        }
        let gone = self.removed.entry(patient).or_insert(version);
        *gone = version.max(*gone);
        let row = row?;
        self.rows.remove(&patient);
        if let Some(patient) = self.patients.get_mut(row as usize) {
            *patient = None;
        }
        self.retire(row);
        Some(row)
    }
    /// A new row. `None` if there are as many as can be numbered.
    pub(super) fn give_row(&mut self, patient: PatientId, version: u64) -> Option<u32> {
        let row = u32::try_from(self.patients.len()).ok()?;
        self.patients.push(Some(patient));
        self.versions.push(version);
        self.rows.insert(patient, row);
        Some(row)
    }
    fn retire(&mut self, row: u32) {
        let row = row as usize;
        let block = row / self.sizes.rows();
        if self.blocks.get_mut(block).is_some_and(|stored| stored.retire(row)) {
            return;
        }
        if self.deltas.iter_mut().any(|stored| stored.retire(row)) {
            self.count_changed(row, -1);
        }
    }
    fn count_changed(&mut self, row: usize, by: isize) {
        let block = row / self.sizes.rows();
        if self.changed.len() <= block {
            self.changed.resize(block + 1, 0);
        }
        if let Some(changed) = self.changed.get_mut(block) {
            *changed = changed.saturating_add_signed(by);
        }
    }

    fn add_deltas(&mut self, records: BTreeMap<u32, Record>) {
        let mut records = records.into_iter().peekable();
        while records.peek().is_some() {
            let mut delta = Delta::default();
            for (row, mut record) in records.by_ref().take(self.sizes.delta_rows()) {
                self.count_changed(row as usize, 1);
                delta.push(row, &mut record);
            }
            self.deltas.push(delta.finish());
        }
    }
    /// Writes the block anew of which most patients have changed, if enough have; and every one of which twice as many
    /// have, after a large batch.
    fn rewrite_blocks(&mut self) {
        let enough = self.sizes.rewrite_at();
        let most = (0..self.changed.len()).max_by_key(|block| self.changed_in(*block));
        for block in 0..self.changed.len() {
            let least = if Some(block) == most { enough } else { 2 * enough };
            if self.changed_in(block) >= least {
                self.rewrite(block);
            }
        }
    }
    fn changed_in(&self, block: usize) -> usize {
        self.changed.get(block).copied().unwrap_or(0)
    }
    /// Blocks are written in order, so a new one may bring those before it into being.
    fn rewrite(&mut self, block: usize) {
        for missing in self.blocks.len()..block {
            self.write(missing);
        }
        self.write(block);
    }
    fn write(&mut self, block: usize) {
        let first = block * self.sizes.rows();
        let rows = first..self.row_count().min(first + self.sizes.rows());
        let mut part = PartBuilder::default();
        let mut current = Bits::none(rows.len());
        let mut record = Record::default();
        for (slot, row) in rows.clone().enumerate() {
            if let Some((stored, old)) = self.find(row) {
                stored.part().read(old, &mut record);
                current.set(slot);
            }
            part.push(&mut record);
        }
        for row in rows {
            self.deltas.iter_mut().for_each(|delta| _ = delta.retire(row));
        }
        let stored = Stored::block(part.finish(), first, current);
        match self.blocks.get_mut(block) {
            Some(old) => *old = stored,
            None => self.blocks.push(stored),
        }
        if let Some(changed) = self.changed.get_mut(block) {
            *changed = 0;
        }
    }

    /// Joins neighbours until each delta is more than twice as large as the next, or they are too large together.
    fn join_deltas(&mut self) {
        self.deltas.retain(|delta| !delta.current().is_empty());
        while let Some(at) = self.deltas.windows(2).rposition(|pair| fit_together(pair, self.sizes)) {
            let mut newer = self.deltas.split_off(at);
            let rest = newer.split_off(2);
            self.deltas.push(join(&newer));
            self.deltas.extend(rest);
        }
    }
}

fn fit_together(pair: &[Stored], sizes: Blocks) -> bool {
    let [older, newer] = pair else { return false };
    let (older, newer) = (older.current().count(), newer.current().count());
    older <= 2 * newer && older + newer <= sizes.delta_rows()
}

/// The current rows of several deltas as one.
fn join(deltas: &[Stored]) -> Stored {
    let mut rows: Vec<(u32, &Stored, usize)> = Vec::new();
    for delta in deltas {
        rows.extend(
            delta
                .current()
                .ones()
                .filter_map(|slot| Some((u32::try_from(delta.row(slot)?).ok()?, delta, slot))),
        );
    }
    rows.sort_unstable_by_key(|(row, ..)| *row);
    let mut joined = Delta::default();
    let mut record = Record::default();
    for (row, delta, slot) in rows {
        delta.part().read(slot, &mut record);
        joined.push(row, &mut record);
    }
    joined.finish()
}

#[derive(Default)]
struct Delta {
    part: PartBuilder,
    rows: Vec<u32>,
}

impl Delta {
    /// Rows ascend.
    fn push(&mut self, row: u32, record: &mut Record) {
        self.rows.push(row);
        self.part.push(record);
    }
    fn finish(self) -> Stored {
        Stored::delta(self.part.finish(), self.rows)
    }
}
