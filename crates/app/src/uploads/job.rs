//! Checking and importing an upload in the background: one at a time in a process, seen by whoever asks.

use super::Uploads;
use crate::app::{App, Clock};
use crate::error::{AppError, Result};
use crate::import::{Order, Progress};
use discreet_access::{Allowed, Import};
use discreet_domain::{ImportId, Timestamp};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What a job does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum JobKind {
    /// Says what an import would do.
    Check,
    /// Imports.
    Run,
}

/// Where a job stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum JobState {
    /// It reads the files: so many records so far.
    Reading(u64),
    /// It matches patients and, unless it only checks, writes them: so many of so many.
    Writing(u64, u64),
    /// It is done: its report is with its run.
    Done,
    /// It broke off, and why.
    Failed(String),
}

/// Something that is being done, or was, with an upload.
#[derive(Debug)]
pub struct Job {
    /// What.
    pub kind: JobKind,
    /// The run that it is.
    pub run: ImportId,
    /// When it began.
    pub begun: Timestamp,
    read: AtomicU64,
    done: AtomicU64,
    of: AtomicU64,
    ended: Mutex<Option<JobState>>,
}

impl Job {
    fn new(kind: JobKind, run: ImportId, begun: Timestamp) -> Job {
        let zero = AtomicU64::default;
        Job { kind, run, begun, read: zero(), done: zero(), of: zero(), ended: Mutex::default() }
    }
    /// Where it stands.
    pub fn state(&self) -> JobState {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner).clone();
        ended.unwrap_or_else(|| match self.of.load(Ordering::Relaxed) {
            0 => JobState::Reading(self.read.load(Ordering::Relaxed)),
            of => JobState::Writing(self.done.load(Ordering::Relaxed), of),
        })
    }
    /// Whether it is still under way.
    pub fn is_running(&self) -> bool {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }
    fn note(&self, progress: Progress) {
        match progress {
            Progress::Read(read) => self.read.store(read, Ordering::Relaxed),
            Progress::Written { done, of } => {
                self.done.store(done, Ordering::Relaxed);
                self.of.store(of, Ordering::Relaxed);
            }
        }
    }
    fn end(&self, state: JobState) {
        *self.ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(state);
    }
}

/// Ends a job that panicked: a page would wait for it for ever.
struct Ending(Arc<Job>);

impl Drop for Ending {
    fn drop(&mut self) {
        if self.0.is_running() {
            self.0.end(JobState::Failed("the import broke off without saying why".to_owned()));
        }
    }
}

impl Uploads {
    /// The files are not needed any more. That they were there is remembered for a while, for pages that look for them.
    fn let_go(&self, id: ImportId) {
        let _ = self.with(id, |upload| {
            upload.files.clear();
            upload.chosen.clear();
        });
    }
    fn begin(&self, id: ImportId, job: &Arc<Job>) -> Result<Option<discreet_intake::Mapping>> {
        self.with(id, |upload| {
            if upload.is_busy() {
                return Err(AppError::conflict("these files are being read already"));
            }
            let reading = upload.reading()?;
            upload.job = Some(Arc::clone(job));
            Ok(reading)
        })?
    }
}

impl App {
    /// Checks or imports an upload, in the background. How its columns are read is kept for the next import of its source.
    /// Imported, the upload is let go.
    ///
    /// # Errors
    /// No such upload; another import is under way; columns that do not fit; the database's.
    pub async fn begin_job(
        self: &Arc<App>,
        by: Allowed<Import>,
        id: ImportId,
        kind: JobKind,
        clock: Arc<Clock>,
    ) -> Result<()> {
        let turn = Arc::clone(&self.uploads.turn).try_lock_owned().map_err(|_| {
            AppError::conflict("another import is under way: these files wait, begin again when it has ended")
        })?;
        if !self.mapping(&by, id, clock())?.is_ready() {
            return Err(AppError::invalid(
                "a file cannot be read yet: say what its columns mean, or choose not to import it",
            ));
        }
        self.keep_choices(&by, id, clock()).await?;
        let run = if kind == JobKind::Run { id } else { ImportId::random() };
        let run =
            if self.store.read().await?.import(run).await?.is_some() { ImportId::random() } else { run };
        let job = Arc::new(Job::new(kind, run, clock()));
        let mapping = self.uploads.begin(id, &job)?;
        let (files, source) = self.uploads.with(id, |upload| (upload.as_source(), upload.source.clone()))?;
        let order = Order { files, source, mapping, dry_run: kind == JobKind::Check, batch: false };
        let (app, by) = (Arc::clone(self), by.actor());
        tokio::spawn(async move {
            let _turn = turn;
            let ending = Ending(Arc::clone(&job));
            let progress = |progress| job.note(progress);
            match app.import_as(run, by, order, clock.as_ref(), &progress).await {
                Ok(_) => {
                    if kind == JobKind::Run {
                        app.uploads.let_go(id);
                    }
                    job.end(JobState::Done);
                }
                Err(error) => job.end(JobState::Failed(error.to_string())),
            }
            drop(ending);
        });
        Ok(())
    }
}
