//! What the caller knows of each patient, laid beside the index.

use crate::index::Index;
use discreet_domain::PatientId;
use std::fmt;
use std::sync::Arc;

/// A value for each patient of one index: for the funnel, what the gate's rules need to know. Counting with it
/// ([`Selection::tally`](crate::Selection::tally)) shows the values of those selected without saying whose they are.
///
/// It stays good while the index follows the log, because a patient's place never becomes another's. Beside any other
/// index, one built anew included, it has no values at all.
pub struct SideTable<T> {
    mark: Arc<()>,
    values: Vec<Option<T>>,
}

impl Index {
    /// A table of these patients' values. Patients that the index does not hold are left out.
    pub fn side_table<T>(&self, values: impl IntoIterator<Item = (PatientId, T)>) -> SideTable<T> {
        let mut table = SideTable { mark: Arc::clone(self.mark()), values: Vec::new() };
        table.grow(self.row_count());
        for (patient, value) in values {
            table.set(self, patient, value);
        }
        table
    }
}

impl<T> SideTable<T> {
    /// One patient's value.
    pub fn of(&self, index: &Index, patient: PatientId) -> Option<&T> {
        self.get(index, index.row_of(patient)?)
    }
    /// Sets one patient's value, after the index has taken the patient in. Says whether there is such a patient.
    pub fn set(&mut self, index: &Index, patient: PatientId, value: T) -> bool {
        if !Arc::ptr_eq(&self.mark, index.mark()) {
            return false;
        }
        self.grow(index.row_count());
        let place = index.row_of(patient).and_then(|row| self.values.get_mut(row));
        place.map(|place| *place = Some(value)).is_some()
    }
    /// Forgets the values of patients that were removed.
    pub fn forget_removed(&mut self, index: &Index) {
        if Arc::ptr_eq(&self.mark, index.mark()) {
            for (row, value) in self.values.iter_mut().enumerate() {
                if index.patient(row).is_none() {
                    *value = None;
                }
            }
        }
    }
    /// The value at a row of this index.
    pub(crate) fn get(&self, index: &Index, row: usize) -> Option<&T> {
        self.values.get(row).filter(|_| Arc::ptr_eq(&self.mark, index.mark()))?.as_ref()
    }
    fn grow(&mut self, rows: usize) {
        if self.values.len() < rows {
            self.values.resize_with(rows, || None);
        }
    }
}

impl<T> fmt::Debug for SideTable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SideTable(_)")
    }
}
