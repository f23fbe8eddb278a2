//! A block of columns, with whose they are and which of them still count.

use crate::bits::Bits;
use crate::part::Part;
use discreet_domain::PatientId;

/// A block in an index. Each row that has a patient is current in exactly one of them.
pub(crate) struct Stored {
    part: Part,
    rows: Rows,
    /// By slot.
    current: Bits,
}

enum Rows {
    /// Slot 0 is this row, slot 1 the next.
    From(usize),
    /// By slot; ascending.
    Listed(Box<[u32]>),
}

impl Stored {
    /// The rows from `first` on, a multiple of 64, as far as they are current.
    pub fn block(part: Part, first: usize, current: Bits) -> Stored {
        Stored { part, rows: Rows::From(first), current }
    }
    /// These rows, ascending, all current.
    pub fn delta(part: Part, rows: Vec<u32>) -> Stored {
        let current = Bits::all(part.slots());
        Stored { part, rows: Rows::Listed(rows.into_boxed_slice()), current }
    }
    pub fn part(&self) -> &Part {
        &self.part
    }
    pub fn current(&self) -> &Bits {
        &self.current
    }
    pub fn row(&self, slot: usize) -> Option<usize> {
        match &self.rows {
            Rows::From(first) => Some(first + slot),
            Rows::Listed(rows) => rows.get(slot).map(|row| *row as usize),
        }
    }
    /// Where a row lies, if it is current here.
    pub fn slot_of(&self, row: usize) -> Option<usize> {
        let slot = match &self.rows {
            Rows::From(first) => row.checked_sub(*first)?,
            Rows::Listed(rows) => rows.binary_search(&u32::try_from(row).ok()?).ok()?,
        };
        self.current.get(slot).then_some(slot)
    }
    /// The row is no longer current here; says whether it was.
    pub fn retire(&mut self, row: usize) -> bool {
        let slot = self.slot_of(row);
        slot.into_iter().for_each(|slot| self.current.clear(slot));
        slot.is_some()
    }
    /// Adds a set of slots to a set of rows.
    pub fn copy(&self, slots: &Bits, rows: &mut Bits) {
        match &self.rows {
            Rows::From(first) => rows.add_from(*first, slots),
            Rows::Listed(listed) => {
                for slot in slots.ones() {
                    listed.get(slot).into_iter().for_each(|row| rows.set(*row as usize));
                }
            }
        }
    }
    pub fn bytes(&self) -> usize {
        let rows = match &self.rows {
            Rows::From(_) => 0,
            Rows::Listed(rows) => size_of_val::<[u32]>(rows),
        };
        size_of::<Stored>() + self.part.bytes() + self.current.bytes() + rows
    }
}

/// What a plan is evaluated on.
pub(crate) struct View<'i> {
    pub part: &'i Part,
    stored: &'i Stored,
    patients: &'i [Option<PatientId>],
}

impl<'i> View<'i> {
    pub fn new(stored: &'i Stored, patients: &'i [Option<PatientId>]) -> View<'i> {
        View { part: &stored.part, stored, patients }
    }
    pub fn patient(&self, slot: usize) -> Option<PatientId> {
        self.patients.get(self.stored.row(slot)?).copied().flatten()
    }
}
