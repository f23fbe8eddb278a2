//! Files on their way in: received, mapped, checked, imported. Received bytes go straight into sealed files whose keys are
//! in this process's memory alone: when the process ends, or the upload is discarded or imported, nobody can read them.
//!
//! A reading order: `receive`, `columns` (what CSV columns mean; `guess` proposes it), `job` (checking and importing in the
//! background, one at a time).

mod columns;
mod guess;
mod job;
mod receive;

pub use columns::{Choice, Choices, Column, MappedFile, Mapping, SAMPLED_ROWS};
pub use job::{Job, JobKind, JobState};
pub use receive::Receiving;

use crate::app::App;
use crate::error::{AppError, Result};
use discreet_access::{Allowed, Import};
use discreet_audit::Event;
use discreet_domain::{ImportId, Timestamp, UserId};
use discreet_intake::{Chosen, Format, Kept, KeptFile, Source};
use discreet_store::Lane;
use discreet_vault::SealedFile;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Largest upload, in bytes, and largest content of a zip archive in it.
pub const LARGEST_UPLOAD: u64 = 2 << 30;
/// Most files of one upload, those of zip archives included.
pub const MOST_UPLOADED: usize = 1_000;
/// Most uploads that wait at a time.
pub const MOST_WAITING: usize = 5;
/// For how long an upload waits, in seconds: a day.
pub const WAITS_SECONDS: i64 = 24 * 3600;
/// For how long one look at an upload's values holds, in seconds.
pub const LOOK_SECONDS: i64 = 15 * 60;
/// Longest name of a source, in bytes.
const LONGEST_SOURCE: usize = 60;

/// One received file.
#[derive(Clone)]
pub(crate) struct Received {
    /// As its sender called it; can name a person.
    pub(crate) name: String,
    pub(crate) format: Option<Format>,
    pub(crate) bytes: SealedFile,
}

impl Kept for Received {
    fn open(&self) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(self.bytes.reader()))
    }
}

/// Files that wait to be imported.
pub(crate) struct Upload {
    id: ImportId,
    source: String,
    received: Timestamp,
    files: Vec<Arc<Received>>,
    /// How CSV files are read, by number; ours are not among them.
    chosen: BTreeMap<usize, Chosen>,
    /// The choices come from an earlier import of this source.
    remembered: bool,
    /// Until when who may see values.
    looks: BTreeMap<UserId, Timestamp>,
    job: Option<Arc<Job>>,
}

/// All uploads of this process.
#[derive(Default)]
pub(crate) struct Uploads {
    waiting: Mutex<BTreeMap<ImportId, Upload>>,
    /// Held by the import that is under way.
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// An upload that waits, as listed.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Which.
    pub id: ImportId,
    /// The name of the source.
    pub source: String,
    /// When it came.
    pub received: Timestamp,
    /// Its files, by names that may be shown.
    pub files: Vec<String>,
    /// How many bytes they have.
    pub bytes: u64,
    /// What is being done, or was done last, with it.
    pub job: Option<Arc<Job>>,
}

/// A file's name in a form that may be shown: exports name their `.json` files after patients, and what else is sent can be
/// called anything.
fn shown(at: usize, file: &Received) -> String {
    let last = file.name.rsplit('/').next().unwrap_or_default();
    match file.format {
        Some(Format::Ndjson | Format::Csv) => last.to_owned(),
        Some(Format::Json) => format!("file {} (.json)", at + 1),
        None => format!("file {}", at + 1),
    }
}

impl Upload {
    fn listed(&self) -> Waiting {
        Waiting {
            id: self.id,
            source: self.source.clone(),
            received: self.received,
            files: self.files.iter().enumerate().map(|(at, file)| shown(at, file)).collect(),
            bytes: self.files.iter().map(|file| file.bytes.length()).sum(),
            job: self.job.clone(),
        }
    }
    /// It was not imported yet.
    fn waits(&self) -> bool {
        !self.files.is_empty()
    }
    fn is_busy(&self) -> bool {
        self.job.as_ref().is_some_and(|job| job.is_running())
    }
    fn as_source(&self) -> Source {
        let kept =
            |file: &Arc<Received>| KeptFile { name: file.name.clone(), bytes: Arc::<Received>::clone(file) };
        Source::kept(self.files.iter().map(kept).collect())
    }
}

impl Uploads {
    fn all(&self) -> MutexGuard<'_, BTreeMap<ImportId, Upload>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Does something with an upload.
    fn with<T>(&self, id: ImportId, work: impl FnOnce(&mut Upload) -> T) -> Result<T> {
        self.all().get_mut(&id).map(work).ok_or(AppError::NotFound("upload"))
    }
    /// Lets go of uploads that waited too long.
    fn expire(&self, now: Timestamp) {
        let oldest = now.plus_seconds(-WAITS_SECONDS);
        self.all().retain(|_, upload| upload.is_busy() || upload.received > oldest);
    }
}

impl std::fmt::Debug for Uploads {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Uploads(_)")
    }
}

impl App {
    /// Lets go of uploads that waited for longer than [`WAITS_SECONDS`].
    pub fn expire_uploads(&self, now: Timestamp) {
        self.uploads.expire(now);
    }
    /// The uploads that wait, newest first. Those that waited for more than a day are let go.
    pub fn waiting_uploads(&self, _by: Allowed<Import>, now: Timestamp) -> Vec<Waiting> {
        self.uploads.expire(now);
        let mut all: Vec<Waiting> =
            self.uploads.all().values().filter(|upload| upload.waits()).map(Upload::listed).collect();
        all.sort_by_key(|upload| std::cmp::Reverse(upload.received));
        all
    }
    /// One upload.
    ///
    /// # Errors
    /// No such upload, or not any more.
    pub fn upload(&self, _by: Allowed<Import>, id: ImportId) -> Result<Waiting> {
        self.uploads.with(id, |upload| upload.listed())
    }
    /// Throws an upload away.
    ///
    /// # Errors
    /// No such upload; one that is being imported; the database's.
    pub async fn discard_upload(&self, by: Allowed<Import>, id: ImportId, now: Timestamp) -> Result<()> {
        let gone = {
            let mut all = self.uploads.all();
            if all.get(&id).ok_or(AppError::NotFound("upload"))?.is_busy() {
                return Err(AppError::conflict("these files are being read: wait until that has ended"));
            }
            all.remove(&id)
        };
        drop(gone);
        let tx = self.store.begin(Lane::Receipt).await?;
        self.settle_one(tx, by.actor(), Event::UploadDiscarded { import: id }, now).await
    }
}
