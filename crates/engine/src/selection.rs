//! The answer to a segment: who is in it, who is not, and for whom it cannot be told.

use crate::bits::{Answer, Bits};
use crate::index::Index;
use crate::limits::ROWS_FOR_A_CORE;
use crate::refused::{Refused, listed};
use crate::side::SideTable;
use discreet_audit::Receipt;
use discreet_domain::{Cell, PatientId, Timestamp};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::ops::Range;

/// Every patient of an index, sorted by yes, no and unknown. It borrows the index, so it is about one state of it, and
/// selections that are joined are about the same; one of another index counts as unknown for everyone.
#[derive(Clone)]
pub struct Selection<'i> {
    index: &'i Index,
    /// By row.
    answer: Answer,
    now: Timestamp,
}

impl<'i> Selection<'i> {
    pub(crate) fn new(index: &'i Index, answer: Answer, now: Timestamp) -> Selection<'i> {
        Selection { index, answer, now }
    }
    pub(crate) fn index(&self) -> &'i Index {
        self.index
    }
    pub(crate) fn rows(&self) -> &Bits {
        &self.answer.yes
    }
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// How many are in.
    pub fn count(&self) -> Cell {
        cell(self.answer.yes.count())
    }
    /// For how many it cannot be told.
    pub fn unknown(&self) -> Cell {
        cell(self.index.len().saturating_sub(self.answer.yes.count() + self.answer.no.count()))
    }
    /// Those in both.
    #[must_use]
    pub fn and(&self, other: &Selection<'i>) -> Selection<'i> {
        self.joined(self.answer.clone().and(&other.seen_from(self.index)))
    }
    /// Those in one or both.
    #[must_use]
    pub fn or(&self, other: &Selection<'i>) -> Selection<'i> {
        self.joined(self.answer.clone().or(&other.seen_from(self.index)))
    }
    /// Those surely not in.
    #[must_use]
    pub fn not(&self) -> Selection<'i> {
        self.joined(self.answer.clone().not())
    }
    /// Those in this and surely not in the other.
    #[must_use]
    pub fn without(&self, other: &Selection<'i>) -> Selection<'i> {
        self.and(&other.not())
    }
    fn joined(&self, answer: Answer) -> Selection<'i> {
        Selection { index: self.index, answer, now: self.now }
    }
    fn seen_from(&self, index: &Index) -> Cow<'_, Answer> {
        if std::ptr::eq(self.index, index) {
            Cow::Borrowed(&self.answer)
        } else {
            Cow::Owned(Answer::unknown(index.row_count()))
        }
    }

    /// Asks something about what the caller knows of each patient that is in, and counts the answers: `judge` for a
    /// funnel. It is told `None` for patients whom the table does not have.
    pub fn tally<T: Sync, K: Ord + Send>(
        &self,
        table: &SideTable<T>,
        ask: impl Fn(Option<&T>) -> K + Sync,
    ) -> BTreeMap<K, Cell> {
        let count = |words: Range<usize>| {
            let mut counts: BTreeMap<K, usize> = BTreeMap::new();
            for row in self.answer.yes.ones_in(words) {
                *counts.entry(ask(table.get(self.index, row))).or_default() += 1;
            }
            counts
        };
        let mut counts = BTreeMap::new();
        for (key, some) in shared_out(&self.answer.yes, count).into_iter().flatten() {
            *counts.entry(key).or_default() += some;
        }
        counts.into_iter().map(|(key, count)| (key, cell(count))).collect()
    }

    /// Those of `asked` who are in: for a dispatcher, who asks about a batch of recipients just before they are written to.
    ///
    /// # Errors
    /// [`Refused::NotCovered`], as [`Selection::ids`].
    pub fn among(
        &self,
        receipt: &Receipt,
        asked: &HashSet<PatientId>,
        now: Timestamp,
    ) -> Result<HashSet<PatientId>, Refused> {
        let only = listed(receipt, now)?;
        let is_in = |patient: &&PatientId| {
            only.is_none_or(|only| only == **patient)
                && self.index.row_of(**patient).is_some_and(|row| self.answer.yes.get(row))
        };
        Ok(asked.iter().filter(is_in).copied().collect())
    }

    /// Who is in; in no order. The receipt says for which campaign, or that everyone is listed; one for a single patient
    /// lists that one at most.
    ///
    /// ```compile_fail,E0061
    /// # use discreet_engine::*; use discreet_domain::*;
    /// fn listed(s: &Selection<'_>, now: Timestamp) { let _ = s.ids(now); }
    /// ```
    /// ```compile_fail,E0308
    /// # use discreet_engine::*; use discreet_domain::*;
    /// fn listed(s: &Selection<'_>, a: &discreet_audit::Access, now: Timestamp) { let _ = s.ids(a, now); }
    /// ```
    /// ```compile_fail,E0624
    /// # use discreet_engine::*;
    /// fn listed(s: &Selection<'_>) { let _ = s.rows(); }
    /// ```
    /// The compiling twin:
    /// ```
    /// # use discreet_engine::*; use discreet_domain::*;
    /// fn listed(s: &Selection<'_>, r: &discreet_audit::Receipt, now: Timestamp) { let _ = s.ids(r, now); }
    /// ```
    ///
    /// # Errors
    /// [`Refused::NotCovered`] if the receipt does not cover facts, is one of an import, or has expired.
    pub fn ids(&self, receipt: &Receipt, now: Timestamp) -> Result<Vec<PatientId>, Refused> {
        let patients = |row| self.index.patient(row);
        Ok(match listed(receipt, now)? {
            None => self.answer.yes.ones().filter_map(patients).collect(),
            Some(only) => {
                let row = self.index.row_of(only).filter(|row| self.answer.yes.get(*row));
                row.and_then(patients).into_iter().collect()
            }
        })
    }
}

/// Work on rows, on as many cores as there are and are worth it. A part whose thread failed fails here, too.
fn shared_out<T: Send>(rows: &Bits, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let parts = cores.min(rows.count() / ROWS_FOR_A_CORE).max(1);
    let words = rows.word_count();
    if parts == 1 {
        return vec![work(0..words)];
    }
    std::thread::scope(|scope| {
        let (each, work) = (words.div_ceil(parts), &work);
        let chunks = (0..words).step_by(each).map(|from| from..words.min(from + each));
        let threads: Vec<_> = chunks.map(|chunk| scope.spawn(move || work(chunk))).collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, T>| match thread.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        threads.into_iter().map(join).collect()
    })
}

pub(crate) fn cell(people: usize) -> Cell {
    Cell::of(people as u64)
}

impl fmt::Debug for Selection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Selection(_)")
    }
}
