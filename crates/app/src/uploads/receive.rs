//! Bytes come in and are sealed as they come; zip archives are taken apart, each file into a sealed file of its own.

use super::{LARGEST_UPLOAD, LONGEST_SOURCE, MOST_UPLOADED, MOST_WAITING, Received, Upload};
use crate::app::App;
use crate::error::{AppError, Result};
use crate::import::is_synthetic;
use discreet_access::{Allowed, Import};
use discreet_audit::Event;
use discreet_domain::{Actor, ImportId, Timestamp};
use discreet_intake::{Format, format_of};
use discreet_store::Lane;
use discreet_vault::{KeptWriter, SealedFile};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes gathered before they are sealed.
const BUFFER: usize = 1 << 20;
/// Bytes unpacked at a time.
const UNPACKED: usize = 256 << 10;

/// Files coming in.
#[derive(Debug)]
pub struct Receiving {
    by: Actor,
    folder: PathBuf,
    /// How much may come.
    most: u64,
    came: u64,
    files: Vec<(String, SealedFile)>,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    name: String,
    writer: KeptWriter,
    buffer: Vec<u8>,
}

fn too_large() -> AppError {
    AppError::invalid(format!(
        "these files have more than {} GB together: send them in parts, compress them, or run `discreet import` on the server",
        LARGEST_UPLOAD >> 30
    ))
}

fn too_many() -> AppError {
    AppError::invalid(format!("more than {MOST_UPLOADED} files: send them in parts"))
}

/// Work on files, away from the threads that serve. What a panic says is not repeated: it may be about a row.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|_| AppError::Form("a file that came in"))?
}

impl Receiving {
    /// Begins the next file.
    ///
    /// # Errors
    /// Too many files; the file system's.
    pub async fn begin(&mut self, name: &str) -> Result<()> {
        self.finish().await?;
        if self.files.len() >= MOST_UPLOADED {
            return Err(too_many());
        }
        let folder = self.folder.clone();
        let writer = aside(move || {
            std::fs::create_dir_all(&folder)?;
            Ok(KeptWriter::new_in(&folder)?)
        });
        self.open = Some(Open { name: clean(name), writer: writer.await?, buffer: Vec::new() });
        Ok(())
    }
    /// Takes more of the file that was begun.
    ///
    /// # Errors
    /// More than may come; the file system's.
    pub async fn more(&mut self, bytes: &[u8]) -> Result<()> {
        self.came += bytes.len() as u64;
        if self.came > self.most {
            return Err(too_large());
        }
        let Some(open) = &mut self.open else { return Ok(()) };
        open.buffer.extend_from_slice(bytes);
        if open.buffer.len() >= BUFFER { self.seal().await } else { Ok(()) }
    }
    async fn seal(&mut self) -> Result<()> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        let sealed = aside(move || {
            open.writer.write_all(&open.buffer)?;
            open.buffer.clear();
            Ok(open)
        });
        self.open = Some(sealed.await?);
        Ok(())
    }
    async fn finish(&mut self) -> Result<()> {
        self.seal().await?;
        if let Some(open) = self.open.take() {
            self.files.push((open.name, aside(move || Ok(open.writer.finish()?)).await?));
        }
        Ok(())
    }
}

/// A file's name without what a path or a screen could be broken with.
fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    if kept.trim().is_empty() { "file".to_owned() } else { kept }
}

impl App {
    /// Begins to receive files, of at most `most` bytes together.
    pub fn receive(&self, by: &Allowed<Import>, most: u64) -> Receiving {
        let folder = self.folder.join("tmp");
        Receiving { by: by.actor(), folder, most, came: 0, files: Vec::new(), open: None }
    }
    /// Keeps what was received until it is imported or discarded.
    ///
    /// # Errors
    /// Nothing came, nothing that can be imported, too much of it, a name of a source that is not in order; the file
    /// system's, the database's.
    pub async fn received(&self, mut what: Receiving, source: &str, now: Timestamp) -> Result<ImportId> {
        let source = source_name(source, self.demo)?.to_owned();
        what.finish().await?;
        let (folder, sealed) = (what.folder.clone(), std::mem::take(&mut what.files));
        let files = aside(move || taken_apart(&folder, sealed)).await?;
        if files.iter().all(|file| file.format.is_none()) {
            return Err(AppError::invalid(
                "none of these files can be imported: choose FHIR (.ndjson, .json) or CSV files, or a .zip of them",
            ));
        }
        self.uploads.expire(now);
        let upload = Upload {
            id: ImportId::random(),
            source,
            received: now,
            files,
            chosen: BTreeMap::new(),
            remembered: false,
            looks: BTreeMap::new(),
            job: None,
        };
        let upload = self.propose(upload).await?;
        if self.uploads.all().values().filter(|upload| upload.waits()).count() >= MOST_WAITING {
            return Err(AppError::conflict(format!(
                "{MOST_WAITING} uploads wait already: import or discard one of them first"
            )));
        }
        let (id, files) = (upload.id, upload.files.len() as u64);
        let tx = self.store.begin(Lane::Receipt).await?;
        self.settle_one(tx, what.by, Event::UploadReceived { import: id, files }, now).await?;
        self.uploads.all().insert(id, upload);
        Ok(id)
    }
}

/// A name for a source: what ids are unique within.
fn source_name(text: &str, demo: bool) -> Result<&str> {
    let name = text.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || name.len() > LONGEST_SOURCE || !name.chars().all(plain) {
        return Err(AppError::invalid(format!(
            "the name of a source is 1 to {LONGEST_SOURCE} letters, digits, `-`, `_` or `.`"
        )));
    }
    if demo && !is_synthetic(name) {
        return Err(AppError::invalid(
            "the source of a demo installation is demo-clinic: it takes only its own synthetic patients",
        ));
    }
    Ok(name)
}

fn taken_apart(folder: &Path, sealed: Vec<(String, SealedFile)>) -> Result<Vec<Arc<Received>>> {
    let mut files = Vec::new();
    let mut room = LARGEST_UPLOAD;
    for (name, bytes) in sealed {
        if bytes.length() == 0 {
            continue;
        }
        if is_zip(&bytes)? {
            unpack(folder, &bytes, &mut room, &mut files)?;
        } else {
            push(&mut files, name, bytes)?;
        }
    }
    if files.is_empty() {
        return Err(AppError::invalid("choose at least one file that is not empty"));
    }
    Ok(files)
}

fn is_zip(bytes: &SealedFile) -> Result<bool> {
    let mut start = Vec::new();
    bytes.reader().take(4).read_to_end(&mut start)?;
    Ok(start == b"PK\x03\x04")
}

fn push(files: &mut Vec<Arc<Received>>, name: String, bytes: SealedFile) -> Result<()> {
    if files.len() >= MOST_UPLOADED {
        return Err(too_many());
    }
    // One name twice, from two folders of an archive: the second gets a number before it, as `1.patients.csv`.
    let taken = |name: &str| files.iter().any(|file| file.name == name);
    let name = match taken(&name) {
        false => name,
        true => (1..=files.len()).map(|n| format!("{n}.{name}")).find(|name| !taken(name)).unwrap_or(name),
    };
    let format: Option<Format> = format_of(&name);
    files.push(Arc::new(Received { name, format, bytes }));
    Ok(())
}

/// Unpacks an archive. Its own word for how much is in it is not believed.
fn unpack(folder: &Path, bytes: &SealedFile, room: &mut u64, files: &mut Vec<Arc<Received>>) -> Result<()> {
    let damaged = |_| {
        AppError::invalid("a zip archive cannot be read: it is damaged, encrypted, or of an uncommon kind")
    };
    let mut archive = zip::ZipArchive::new(bytes.reader()).map_err(damaged)?;
    if archive.len() > MOST_UPLOADED {
        return Err(too_many());
    }
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).map_err(damaged)?;
        let path = entry.name().map_err(damaged)?.into_owned();
        let last = path.rsplit(['/', '\\']).next().unwrap_or_default();
        if !entry.is_file() || last.is_empty() || last.starts_with('.') || path.starts_with("__MACOSX") {
            continue;
        }
        let mut writer = KeptWriter::new_in(folder)?;
        let mut buffer = vec![0; UNPACKED];
        loop {
            let read = entry
                .read(&mut buffer)
                .map_err(|e| AppError::invalid(format!("a zip archive cannot be read: {}", e.kind())))?;
            if read == 0 {
                break;
            }
            *room = room.checked_sub(read as u64).ok_or_else(too_large)?;
            writer.write_all(buffer.get(..read).unwrap_or_default())?;
        }
        if writer.length() > 0 {
            push(files, clean(last), writer.finish()?)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_and_sources() {
        for (name, is) in
            [("a.csv", "a.csv"), ("../../etc/a.csv", "a.csv"), ("C:\\x\\a\n.csv", "a.csv"), ("", "file")]
        {
            assert_eq!(clean(name), is);
        }
        assert_eq!(source_name(" ehr-2 ", false).unwrap(), "ehr-2");
        for bad in ["", "a b", "ä", "a/b"] {
            assert!(source_name(bad, false).is_err(), "{bad}");
        }
        assert!(source_name("ehr", true).is_err());
        assert!(source_name("demo-clinic", true).is_ok());
    }
}
