//! The index: every patient's facts, as of one entry of the log.

mod apply;
mod build;
mod stored;

pub use apply::Change;
pub use build::Builder;
pub(crate) use stored::{Stored, View};

use crate::bits::{Answer, Bits};
use crate::lexicon::Lexicon;
use crate::limits::Blocks;
use crate::plan::{Plan, Setting};
use crate::selection::Selection;
use discreet_domain::{PatientId, Timestamp, Zone};
use discreet_segment::Checked;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// All patients' facts in memory, without names, addresses or record numbers. Built once, then kept up by
/// [`Index::apply`].
///
/// Each patient has a row. A row stays its patient's as long as the index lives; it is never given to another.
pub struct Index {
    lexicon: Lexicon,
    /// By row; `None` where a patient was removed.
    patients: Vec<Option<PatientId>>,
    /// By row.
    versions: Vec<u64>,
    rows: HashMap<PatientId, u32>,
    /// Who was removed, at which version.
    removed: HashMap<PatientId, u64>,
    /// Each holds the next so many rows, those that have changed since it was written excepted.
    blocks: Vec<Stored>,
    /// Rows that have changed since, in no order.
    deltas: Vec<Stored>,
    /// How many rows of each block are in deltas; a block that is not written yet counts too.
    changed: Vec<usize>,
    seq: u64,
    /// Tells side tables of this index from those of another.
    mark: Arc<()>,
    sizes: Blocks,
}

impl Index {
    /// An index of nobody, to push patients into. The organization's time zone is where dates begin and end.
    pub fn builder(zone: Zone) -> Builder {
        Index::builder_in(zone, Blocks::default())
    }
    /// The same with blocks of another size.
    pub fn builder_in(zone: Zone, sizes: Blocks) -> Builder {
        Builder::new(Index {
            lexicon: Lexicon::new(zone),
            patients: Vec::new(),
            versions: Vec::new(),
            rows: HashMap::new(),
            removed: HashMap::new(),
            blocks: Vec::new(),
            deltas: Vec::new(),
            changed: Vec::new(),
            seq: 0,
            mark: Arc::new(()),
            sizes,
        })
    }
    /// The number of the last log entry it has followed.
    pub fn seq(&self) -> u64 {
        self.seq
    }
    /// How many patients it holds.
    pub fn len(&self) -> usize {
        self.rows.len()
    }
    /// Whether it holds nobody.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
    /// The organization's time zone.
    pub fn zone(&self) -> &Zone {
        self.lexicon.calendar.zone()
    }
    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        let row = size_of::<Option<PatientId>>() + size_of::<u64>();
        let entry = size_of::<(PatientId, u64)>() + 1;
        self.lexicon.bytes()
            + self.patients.capacity() * row
            + (self.rows.capacity() + self.removed.capacity()) * entry
            + self.blocks.iter().chain(&self.deltas).map(Stored::bytes).sum::<usize>()
    }

    /// Who is in a segment, who is not, and for whom it cannot be told, at an instant.
    pub fn select(&self, segment: &Checked, now: Timestamp) -> Selection<'_> {
        let plan = Plan::new(segment.root(), Setting { lexicon: &self.lexicon, now });
        let mut all = Answer::unknown(self.patients.len());
        for stored in self.stored() {
            let answer = plan.answer(&self.view(stored), stored.current());
            stored.copy(&answer.yes, &mut all.yes);
            stored.copy(&answer.no, &mut all.no);
        }
        Selection::new(self, all, now)
    }
    /// Everyone: where a funnel begins.
    pub fn everyone(&self, now: Timestamp) -> Selection<'_> {
        Selection::new(self, Answer::same(&self.present(), Some(true)), now)
    }

    pub(crate) fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }
    pub(crate) fn mark(&self) -> &Arc<()> {
        &self.mark
    }
    pub(crate) fn stored(&self) -> impl Iterator<Item = &Stored> {
        self.blocks.iter().chain(&self.deltas)
    }
    pub(crate) fn view<'i>(&'i self, stored: &'i Stored) -> View<'i> {
        View::new(stored, &self.patients)
    }
    /// How many rows were ever given.
    pub(crate) fn row_count(&self) -> usize {
        self.patients.len()
    }
    pub(crate) fn row_of(&self, patient: PatientId) -> Option<usize> {
        self.rows.get(&patient).map(|row| *row as usize)
    }
    pub(crate) fn patient(&self, row: usize) -> Option<PatientId> {
        self.patients.get(row).copied().flatten()
    }
    /// The rows that have a patient.
    pub(crate) fn present(&self) -> Bits {
        let mut present = Bits::none(self.row_count());
        self.stored().for_each(|stored| stored.copy(stored.current(), &mut present));
        present
    }
    /// Where a row lies now.
    pub(crate) fn find(&self, row: usize) -> Option<(&Stored, usize)> {
        let place = |stored| Stored::slot_of(stored, row).map(|slot| (stored, slot));
        self.blocks
            .get(row / self.sizes.rows())
            .and_then(place)
            .or_else(|| self.deltas.iter().find_map(place))
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index").field("seq", &self.seq).finish_non_exhaustive()
    }
}
