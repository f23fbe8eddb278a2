//! Segments counted one after another over an installation's own patients, for whoever looks for a slow one. The counting
//! is the caller's to time: nothing here reads a clock.

use super::check;
use crate::app::App;
use crate::error::{AppError, Result};
use crate::index::Indexed;
use discreet_access::{Allowed, CountSegment};
use discreet_audit::{Entry, Event};
use discreet_domain::{Cell, Timestamp};
use discreet_segment::Checked;
use discreet_store::Lane;

/// Segments that one run may hold.
pub const MOST_BENCHED: usize = 1_000;

/// Segments ready to be counted. It holds the index: nobody else counts meanwhile.
pub struct Bench<'a> {
    indexed: Indexed<'a>,
    segments: Vec<Checked>,
    now: Timestamp,
}

impl std::fmt::Debug for Bench<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bench({} segments)", self.segments.len())
    }
}

impl Bench<'_> {
    /// How many a segment selects, asked anew; `None` if there are not so many segments.
    ///
    /// # Errors
    /// Never once the bench was made.
    pub fn count(&self, segment: usize) -> Result<Option<Cell>> {
        let live = self.indexed.live()?;
        Ok(self.segments.get(segment).map(|checked| live.index.select(checked, self.now).count()))
    }
    /// How many patients are asked about.
    ///
    /// # Errors
    /// Never once the bench was made.
    pub fn patients(&self) -> Result<usize> {
        Ok(self.indexed.live()?.index.len())
    }
    /// About how many bytes the index takes, all patients together.
    ///
    /// # Errors
    /// Never once the bench was made.
    pub fn bytes(&self) -> Result<usize> {
        Ok(self.indexed.live()?.index.bytes())
    }
}

impl App {
    /// Makes segments ready to be counted at one instant; that they are counted is in the log before any number is told.
    ///
    /// # Errors
    /// The first that does not hold together, by its place from 1 on; too many; the database's.
    pub async fn bench_segments(
        &self,
        by: Allowed<CountSegment>,
        texts: &[String],
        now: Timestamp,
    ) -> Result<Bench<'_>> {
        if texts.len() > MOST_BENCHED {
            return Err(AppError::invalid(format!("at most {MOST_BENCHED} segments at a time")));
        }
        let scope = self.scope(None).await?;
        let segments = texts.iter().map(|text| check(text, &scope)).collect::<Result<Vec<_>>>()?;
        let counted = |checked: &Checked| Entry {
            at: now,
            by: by.actor(),
            event: Event::Counted { segment: None, version: None, label: checked.label() },
        };
        let entries: Vec<Entry> = segments.iter().map(counted).collect();
        let tx = self.store.begin(Lane::Receipt).await?;
        self.settle(tx, &entries).await?;
        Ok(Bench { indexed: self.indexed(now).await?, segments, now })
    }
}
