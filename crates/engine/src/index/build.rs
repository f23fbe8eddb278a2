//! Building an index from everyone's facts.

use super::{Change, Index, Stored};
use crate::bits::Bits;
use crate::part::PartBuilder;
use crate::record::Record;
use discreet_domain::PatientFacts;
use std::fmt;

/// Takes patients in any order; see [`Index::builder`].
pub struct Builder {
    index: Index,
    block: PartBuilder,
    /// Patients that were pushed before.
    again: Vec<Change>,
}

impl Builder {
    pub(super) fn new(index: Index) -> Builder {
        Builder { index, block: PartBuilder::default(), again: Vec::new() }
    }
    /// Adds a patient. If one is pushed several times, the newest version counts.
    pub fn push(&mut self, facts: PatientFacts) {
        if self.index.rows.contains_key(&facts.patient) {
            self.again.push(Change::Facts(facts));
            return;
        }
        if self.index.give_row(facts.patient, facts.version).is_none() {
            return;
        }
        self.block.push(&mut Record::of(&facts, &mut self.index.lexicon));
        if self.block.slots() == self.index.sizes.rows() {
            self.close();
        }
    }
    /// The index, as of this log entry.
    pub fn finish(mut self, seq: u64) -> Index {
        if self.block.slots() > 0 {
            self.close();
        }
        self.index.apply(seq, self.again);
        self.index
    }
    fn close(&mut self) {
        let part = std::mem::take(&mut self.block).finish();
        let first = self.index.blocks.len() * self.index.sizes.rows();
        let current = Bits::all(part.slots());
        self.index.blocks.push(Stored::block(part, first, current));
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Builder(_)")
    }
}
