//! The log's size and root beside the keyring, away from the data: whoever cuts the log short, or rewrites it with
//! fitting hashes, is betrayed by it. Written at most once a second while there is work, and when the process ends –
//! and only if the log, as it is now, continues the one that the note saw.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use discreet_audit::Head;
use discreet_audit::tree::Edge;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{Error, ErrorKind, Result, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Where the last signed checkpoint lies, and whether it is out of date.
#[derive(Debug)]
pub(crate) struct Witness {
    path: PathBuf,
    stale: AtomicBool,
}

/// What the witness saw last.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seen {
    /// The log's signed checkpoint.
    pub(crate) note: String,
    /// How many commits it had.
    pub(crate) seq: u64,
    /// The right edge of its tree, in base64: with it, what comes after can be held against the note without reading what
    /// came before.
    edge: String,
}

impl Seen {
    pub(crate) fn new(note: &str, head: &Head) -> Seen {
        let edge = STANDARD.encode(head.edge.to_bytes());
        Seen { note: note.to_owned(), seq: head.seq, edge }
    }
    /// The edge of a tree of `size` leaves. `None` if it is none.
    pub(crate) fn edge(&self, size: u64) -> Option<Edge> {
        Edge::from_bytes(size, &STANDARD.decode(&self.edge).ok()?)
    }
}

impl Witness {
    pub(crate) fn beside(keyring: &Path) -> Witness {
        Witness { path: keyring.with_file_name("witness.json"), stale: AtomicBool::new(false) }
    }
    /// The log has moved.
    pub(crate) fn note(&self) {
        self.stale.store(true, Ordering::Relaxed);
    }
    /// Whether the log has moved since the last time this was asked.
    pub(crate) fn take_stale(&self) -> bool {
        self.stale.swap(false, Ordering::Relaxed)
    }
    /// What was seen last, if anything was.
    pub(crate) fn read(&self) -> Result<Option<Seen>> {
        match std::fs::read(&self.path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|_| {
                Error::new(ErrorKind::InvalidData, format!("{} is no witness of a log", self.path.display()))
            }),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e),
        }
    }
    /// Keeps everyone else from writing until the file is dropped. Waits on a thread of its own: whoever holds the lock may
    /// need this one to go on.
    pub(crate) async fn lock(&self) -> Result<File> {
        let path = self.path.with_file_name("witness.lock");
        let locked = tokio::task::spawn_blocking(move || {
            let file = File::options().create(true).append(true).open(path)?;
            file.lock()?;
            Ok(file)
        });
        locked.await.map_err(Error::other)?
    }
    /// Replaces what was seen last, in one step.
    pub(crate) fn write(&self, seen: &Seen) -> Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(&serde_json::to_vec(seen)?)?;
        file.as_file().sync_all()?;
        file.persist(&self.path)?;
        Ok(())
    }
}
