//! The log's size and root beside the keyring, away from the data: whoever cuts the log short, or rewrites it with
//! fitting hashes, is betrayed by it. Written at most once a second while there is work, and when the process ends.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Where the last signed checkpoint lies, and whether it is out of date.
#[derive(Debug)]
pub(crate) struct Witness {
    path: PathBuf,
    stale: AtomicBool,
}

impl Witness {
    pub(crate) fn beside(keyring: &Path) -> Witness {
        Witness { path: keyring.with_file_name("checkpoint"), stale: AtomicBool::new(false) }
    }
    /// The log has moved.
    pub(crate) fn note(&self) {
        self.stale.store(true, Ordering::Relaxed);
    }
    /// Whether the log has moved since the last time this was asked.
    pub(crate) fn take_stale(&self) -> bool {
        self.stale.swap(false, Ordering::Relaxed)
    }
    /// The note last written, if there is one.
    pub(crate) fn read(&self) -> std::io::Result<Option<String>> {
        match std::fs::read_to_string(&self.path) {
            Ok(text) => Ok(Some(text)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e),
        }
    }
    /// Replaces the note in one step.
    pub(crate) fn write(&self, note: &str) -> std::io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        std::io::Write::write_all(&mut file, note.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(&self.path)?;
        Ok(())
    }
}
