//! Checkpoints kept elsewhere: once a day the server writes one into a folder that another machine keeps. Whoever cuts the
//! log short, or puts an old one back with its keyring, cannot reach those.

use crate::app::App;
use crate::error::{AppError, Result};
use crate::installation::Remark;
use discreet_access::{Allowed, VerifyAudit};
use discreet_audit::{Event, SignedNote};
use discreet_domain::{Actor, Timestamp};
use discreet_store::{CheckpointRow, Lane};
use std::fs::Permissions;
use std::io::{Error, ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

/// Seconds from one checkpoint to the next.
const EVERY: i64 = 24 * 3600;
/// Seconds until the next try when one could not be written.
const RETRY: i64 = 15 * 60;
/// After so many seconds without one, somebody must see to it.
const OLD: i64 = 2 * EVERY;
/// How long a write may take: a folder of another machine's may hang.
const WRITE_LIMIT: Duration = Duration::from_secs(30);

/// The folder that another machine keeps, as whoever starts the server says.
#[derive(Debug, Default)]
pub(crate) struct Elsewhere(RwLock<Option<PathBuf>>);

impl Elsewhere {
    fn folder(&self) -> Option<PathBuf> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// How checkpoints elsewhere stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// Where they go; `None`: nowhere.
    pub folder: Option<PathBuf>,
    /// When one was last written, and of how many entries.
    pub last: Option<(Timestamp, u64)>,
    /// When one could not be written, if none was since.
    pub failed: Option<Timestamp>,
    /// The last one is too old, or there is none.
    pub old: bool,
}

impl Kept {
    fn of(folder: Option<PathBuf>, row: CheckpointRow, now: Timestamp) -> Kept {
        let failed = row.failed.filter(|failed| row.kept.is_none_or(|(kept, _)| *failed > kept));
        let old = row.kept.is_none_or(|(kept, _)| now >= kept.plus_seconds(OLD));
        Kept { folder, last: row.kept, failed, old }
    }
    /// Whether another one should be written now.
    fn is_due(&self, now: Timestamp) -> bool {
        let waited = self.last.is_none_or(|(kept, _)| now >= kept.plus_seconds(EVERY));
        waited && self.failed.is_none_or(|failed| now >= failed.plus_seconds(RETRY))
    }
    /// What somebody must see to.
    pub(crate) fn remark(&self) -> Option<Remark> {
        let (code, text) = match self {
            Kept { folder: None, .. } => (
                "no_checkpoints",
                "no checkpoint of the log is kept elsewhere: set `serve.checkpoints` to a folder of another machine's",
            ),
            Kept { failed: Some(_), .. } => (
                "checkpoint_failed",
                "the last checkpoint could not be written: see whether the folder of `serve.checkpoints` is there, and may be written to",
            ),
            Kept { old: true, .. } => (
                "checkpoint_old",
                "no checkpoint was kept elsewhere for two days: `discreet serve` writes one daily while it runs",
            ),
            _ => return None,
        };
        Some(Remark { code, text: text.to_owned() })
    }
}

impl App {
    /// Says where checkpoints are kept: a folder that another machine keeps, mounted here.
    ///
    /// # Errors
    /// The folder lies where the installation's own things lie: that is not elsewhere.
    pub fn keep_checkpoints_in(&self, folder: Option<PathBuf>) -> Result<()> {
        if folder.as_deref().is_some_and(|folder| lies_in(folder, &self.folder)) {
            return Err(AppError::invalid(
                "the folder for checkpoints lies in the data directory: whoever changes the log there reaches them, too",
            ));
        }
        *self.elsewhere.0.write().unwrap_or_else(PoisonError::into_inner) = folder;
        Ok(())
    }
    /// How checkpoints elsewhere stand.
    ///
    /// # Errors
    /// The database's.
    pub async fn checkpoints_kept(&self, _by: Allowed<VerifyAudit>, now: Timestamp) -> Result<Kept> {
        self.kept(now).await
    }
    pub(crate) async fn kept(&self, now: Timestamp) -> Result<Kept> {
        let row = self.store.read().await?.checkpoint().await?;
        Ok(Kept::of(self.elsewhere.folder(), row, now))
    }
    /// Writes a checkpoint elsewhere, if it is time and there is a place. Returns whether one was written. For the server
    /// itself, which holds the keyring.
    ///
    /// # Errors
    /// It cannot be written, which is noted; the database's.
    pub async fn keep_checkpoint(&self, now: Timestamp) -> Result<bool> {
        let kept = self.kept(now).await?;
        let due = kept.is_due(now);
        let Some(folder) = kept.folder.filter(|_| due) else { return Ok(false) };
        let note = self.sign(&self.store.read().await?.log_head().await?)?;
        let name = format!("checkpoint-{}-{}.txt", self.zone().day_of(now), note.checkpoint.size);
        let text = note.as_text().to_owned();
        let writing = tokio::task::spawn_blocking(move || write_new(&folder, &name, &text));
        let written = match tokio::time::timeout(WRITE_LIMIT, writing).await {
            Ok(done) => done.map_err(Error::other).and_then(|done| done),
            Err(_) => Err(Error::from(ErrorKind::TimedOut)),
        };
        let mut tx = self.store.begin(Lane::Receipt).await?;
        if let Err(error) = written {
            tx.checkpoint_failed(now).await?;
            self.settle(tx, &[]).await?;
            return Err(AppError::Io(error));
        }
        tx.checkpoint_kept(now, note.checkpoint.size).await?;
        self.settle_one(tx, Actor::Console, handed_out(&note), now).await?;
        Ok(true)
    }
}

/// What the log says of a checkpoint that was handed out.
pub(crate) fn handed_out(note: &SignedNote) -> Event {
    let root = note.checkpoint.root.iter().map(|b| format!("{b:02x}")).collect();
    Event::Checkpointed { size: note.checkpoint.size, root }
}

/// Writes a file in one step, and never over another: what was kept stays. The folder must be there: one that is not
/// mounted is not made.
fn write_new(folder: &Path, name: &str, text: &str) -> std::io::Result<()> {
    let path = folder.join(name);
    if std::fs::read_to_string(&path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    // Nothing in it is secret, and whoever keeps it must be able to read it.
    let readable = Permissions::from_mode(0o644);
    let mut file = tempfile::Builder::new().permissions(readable).tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|e| e.error)?;
    Ok(())
}

fn lies_in(folder: &Path, own: &Path) -> bool {
    let whole = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    match (whole(folder), whole(own)) {
        (Ok(folder), Ok(own)) => folder.starts_with(own),
        _ => false,
    }
}
