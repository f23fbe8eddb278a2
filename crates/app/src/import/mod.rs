//! Importing: files in, sealed patients out. Idempotent: the same files again change nothing.
//!
//! In two passes, so that memory stays bounded and each patient is opened and sealed once, however the files are ordered:
//! 1. [`gather`]: `intake` reads the files row by row; records go, sealed, into temporary files parted by patient.
//! 2. [`batch`]: part by part, patient by patient: match with who is known, [`merge`] (pure), seal, write.

mod batch;
mod gather;
pub(crate) mod merge;
mod merged;
mod rejected;
mod report;
mod rows;
mod tally;

use crate::app::{App, Clock, Look};
use crate::error::{AppError, Result};
use discreet_access::{Allowed, Import, ReadRejected};
use discreet_audit::{Event, Reason as LookReason, Whom};
use discreet_domain::{Actor, Catalog, ImportId, Part, Phi};
use discreet_intake::{Mapping, Options, Report};
use discreet_store::Lane;
use std::path::PathBuf;

pub use discreet_intake::{DateOrder, Format as ListedFormat, Source};
pub use rejected::RejectedRow;
pub use report::{ImportReport, MOST_RUNS, Run, RunState};
pub use rows::{MOST_ITEMS, Table};
pub use tally::{KindCounts, Tally};

/// How long an import may look at the records it matches, in seconds.
const IMPORT_SECONDS: i64 = 24 * 3600;

/// What to import, and how.
#[derive(Debug)]
pub struct Order {
    /// The files.
    pub files: Source,
    /// The name of the source; ids of patients and facts are unique within it, and it stays the same from import to import.
    pub source: String,
    /// How CSV files with other headers are read.
    pub mapping: Option<Mapping>,
    /// Only say what would be done.
    pub dry_run: bool,
    /// A small batch that a program sent: it is not listed among the imports, and what is rejected of it is told to the
    /// program and not kept.
    pub batch: bool,
}

/// How far an import is.
#[derive(Clone, Copy, Debug)]
pub enum Progress {
    /// So many records were read.
    Read(u64),
    /// So many of so many patients were matched and written.
    Written {
        /// Done.
        done: u64,
        /// Of.
        of: u64,
    },
}

/// What came of an import.
#[derive(Debug)]
pub struct Imported {
    /// Which.
    pub id: ImportId,
    /// Counts.
    pub tally: Tally,
    /// What the reader saw: files, skipped types, warnings.
    pub report: Report,
    /// The sealed file of rejected rows, if there are any.
    pub rejected_file: Option<PathBuf>,
    /// The first rejected rows, without what stood in them.
    pub rejected: Vec<RejectedRow>,
}

impl App {
    /// Imports a file or folder.
    ///
    /// # Errors
    /// A source that cannot be read, or the database's. What was written until then stays, and importing again goes on.
    pub async fn import(
        &self,
        by: Allowed<Import>,
        order: Order,
        clock: &Clock,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Imported> {
        self.import_as(ImportId::random(), by.actor(), order, clock, progress).await
    }

    /// Imports under an id that is known before.
    pub(crate) async fn import_as(
        &self,
        id: ImportId,
        by: Actor,
        order: Order,
        clock: &Clock,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Imported> {
        if self.demo && !is_synthetic(&order.source) {
            return Err(AppError::conflict("a demo installation takes only its own synthetic patients"));
        }
        let (source, dry_run, batch) = (order.source.clone(), order.dry_run, order.batch);
        self.start(id, by, &order, clock).await?;
        let done = self.import_through(id, by, order, clock, progress).await;
        if let (Err(error), false) = (&done, batch) {
            // If even that cannot be written, what went wrong first is what counts.
            let _ = self.note_failure(id, by, source, dry_run, error, clock()).await;
        }
        done
    }

    async fn import_through(
        &self,
        id: ImportId,
        by: Actor,
        order: Order,
        clock: &Clock,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Imported> {
        let (source, batch) = (order.source.clone(), order.batch);
        let mut gathered = self.gather(id, order, progress).await?;
        let reader = self.vault.bulk(self.record(look(by, id), clock()).await?);
        let mut writer = batch::Writer::new(self, id, by, reader, gathered.dry_run, clock);
        writer.write_all(&mut gathered, progress).await?;
        let (mut tally, merges) = writer.into_parts();
        tally.add_rejected(&gathered.report);
        if !gathered.dry_run {
            self.follow_merges(&merges, by, clock).await?;
            self.learn_names(std::mem::take(&mut gathered.names), clock()).await?;
        }
        let rejected_file = gathered.rejected.finish()?;
        let rejected = gathered.rejected.shown(&gathered.report.files);
        let codes = std::mem::take(&mut gathered.rejected.codes);
        let report = ImportReport::of(source, &tally, &gathered.report, codes, &rejected);
        self.end(id, by, &report, batch, clock()).await?;
        self.remove_old_rejected_rows(by, clock()).await?;
        Ok(Imported { id, tally, report: gathered.report, rejected_file, rejected })
    }

    async fn start(&self, id: ImportId, by: Actor, order: &Order, clock: &Clock) -> Result<()> {
        let (now, dry_run) = (clock(), order.dry_run);
        let user = match by {
            Actor::User(user) => Some(user),
            _ => None,
        };
        let mut tx = self.store.begin(Lane::Import).await?;
        if !order.batch {
            tx.start_import(id, dry_run, user, now).await?;
        }
        self.settle_one(tx, by, Event::ImportStarted { import: id, dry_run }, now).await
    }

    pub(crate) fn import_options(&self, order: &Order) -> Options {
        Options {
            source: order.source.clone(),
            catalog: Catalog::clone(&self.catalog()),
            mapping: order.mapping.clone(),
            ..Options::new(self.zone())
        }
    }

    /// The rows an import rejected, opened, for correction.
    ///
    /// # Errors
    /// No such file, or a damaged one.
    pub async fn rejected_rows(
        &self,
        by: Allowed<ReadRejected>,
        id: ImportId,
        now: discreet_domain::Timestamp,
    ) -> Result<Vec<(RejectedRow, Phi<Vec<u8>>)>> {
        let look = Look { reason: LookReason::Correction, ..look(by.actor(), id) };
        let _receipt = self.record(look, now).await?;
        rejected::read(self, id)
    }
}

pub(crate) fn look<'a>(actor: Actor, import: ImportId) -> Look<'a> {
    Look {
        actor,
        whom: Whom::Import(import),
        parts: &[Part::Identity, Part::Facts, Part::Events],
        reason: LookReason::Import,
        seconds: IMPORT_SECONDS,
        note: None,
    }
}

/// The source name of the demo's own synthetic clinic.
pub const DEMO_SOURCE: &str = "demo-clinic";

pub(crate) fn is_synthetic(source: &str) -> bool {
    source == DEMO_SOURCE
}
