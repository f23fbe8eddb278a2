//! Rejected rows, kept sealed under the organization's key until somebody has corrected them.

use crate::app::App;
use crate::error::{AppError, Result};
use discreet_audit::Event;
use discreet_domain::{Actor, ImportId, Phi, Timestamp};
use discreet_intake::{FileReport, Place, Rejected};
use discreet_store::Lane;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::PathBuf;

/// Rejections told in a report; all are in the file.
const SHOWN: usize = 200;
/// Days for which rejected rows are kept for correction.
pub const KEPT_DAYS: i64 = 30;
/// Longest sealed row, in bytes; the reader keeps none longer than this.
const LONGEST: usize = 4 << 20;

/// Where a rejected row stands, and why it was rejected.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RejectedRow {
    /// The file, in a form that may be shown.
    pub file: String,
    /// The line.
    pub line: u64,
    /// A stable code.
    pub code: String,
    /// Why, in words.
    pub reason: String,
}

/// Writes the file, from the first row on.
pub(crate) struct RejectedFile<'a> {
    app: &'a App,
    id: ImportId,
    path: PathBuf,
    file: Option<BufWriter<File>>,
    written: u64,
    shown: Vec<(u32, RejectedRow)>,
    /// How many, by code.
    pub(crate) codes: BTreeMap<String, u64>,
    /// Rows are kept; else they are only told.
    kept: bool,
}

fn position(id: ImportId, n: u64) -> discreet_vault::Place<'static> {
    discreet_vault::Place { table: "rejected", row: id.uuid().as_u128(), column: "row", version: n }
}

fn path_of(app: &App, id: ImportId) -> PathBuf {
    app.folder.join("rejected").join(format!("{id}.sealed"))
}

impl<'a> RejectedFile<'a> {
    pub(crate) fn new(app: &'a App, id: ImportId, kept: bool) -> Self {
        RejectedFile {
            app,
            id,
            path: path_of(app, id),
            file: None,
            written: 0,
            shown: Vec::new(),
            codes: BTreeMap::new(),
            kept,
        }
    }
    /// Keeps a row that the reader rejected.
    pub(crate) fn push(&mut self, file: &Phi<String>, rejected: &Rejected) -> Result<()> {
        let reason = (rejected.reason.code(), rejected.reason.to_string());
        self.push_row(file, rejected.place, reason, &rejected.raw)
    }
    /// Keeps a row that was rejected later. The file's own name can name a person, so it is in the sealed row only.
    pub(crate) fn push_row(
        &mut self,
        file: &Phi<String>,
        place: Place,
        (code, reason): (&str, String),
        raw: &Phi<Vec<u8>>,
    ) -> Result<()> {
        let row =
            RejectedRow { file: file.expose().clone(), line: place.line, code: code.to_owned(), reason };
        *self.codes.entry(row.code.clone()).or_insert(0) += 1;
        if self.shown.len() < if self.kept { SHOWN } else { super::MOST_ITEMS } {
            self.shown.push((place.file, RejectedRow { file: String::new(), ..row.clone() }));
        }
        if !self.kept {
            return Ok(());
        }
        let plain =
            postcard::to_stdvec(&(&row, raw.expose())).map_err(|_| AppError::Form("a rejected row"))?;
        let sealed = self.app.organization.seal(position(self.id, self.written), &plain)?;
        let length = u32::try_from(sealed.len()).map_err(|_| AppError::Form("a rejected row"))?;
        let file = self.open()?;
        file.write_all(&length.to_le_bytes())?;
        file.write_all(&sealed)?;
        self.written += 1;
        Ok(())
    }
    fn open(&mut self) -> Result<&mut BufWriter<File>> {
        if self.file.is_none() {
            if let Some(folder) = self.path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let file = File::options().write(true).create_new(true).open(&self.path)?;
            self.file = Some(BufWriter::new(file));
        }
        self.file.as_mut().ok_or(AppError::Form("a rejected row"))
    }
    /// Makes the file durable; `None` if nothing was rejected.
    pub(crate) fn finish(&mut self) -> Result<Option<PathBuf>> {
        let Some(mut file) = self.file.take() else { return Ok(None) };
        file.flush()?;
        file.get_ref().sync_all()?;
        Ok(Some(self.path.clone()))
    }
    /// The first rows, with the files' names in a form that may be shown.
    pub(crate) fn shown(&self, files: &[FileReport]) -> Vec<RejectedRow> {
        let name = |file: u32| files.get(file as usize).map_or_else(String::new, |f| f.shown.clone());
        self.shown.iter().map(|(file, row)| RejectedRow { file: name(*file), ..row.clone() }).collect()
    }
}

impl App {
    /// Removes the files of rejected rows whose time is over. They lie under the organization's key, so erasing a patient
    /// does not reach them: they must not stay.
    pub(crate) async fn remove_old_rejected_rows(&self, by: Actor, now: Timestamp) -> Result<()> {
        let folder = self.folder.join("rejected");
        if !folder.exists() {
            return Ok(());
        }
        let oldest = now.plus_seconds(-KEPT_DAYS * 24 * 3600).micros();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let written = entry.metadata()?.modified()?;
            let age = written.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
            let is_old = i64::try_from(age.as_micros()).is_ok_and(|written| written < oldest);
            let import = entry.path().file_stem().and_then(|name| name.to_str()?.parse::<ImportId>().ok());
            let Some(import) = import.filter(|_| is_old) else { continue };
            std::fs::remove_file(entry.path())?;
            let tx = self.store.begin(Lane::Receipt).await?;
            self.settle_one(tx, by, Event::RejectedRowsRemoved { import }, now).await?;
        }
        Ok(())
    }
}

/// Opens the rows of a file.
pub(crate) fn read(app: &App, id: ImportId) -> Result<Vec<(RejectedRow, Phi<Vec<u8>>)>> {
    let path = path_of(app, id);
    if !path.exists() {
        return Err(AppError::NotFound(
            "file of rejected rows: that import rejected none, or they were removed",
        ));
    }
    let mut file = BufReader::new(File::open(path)?);
    let mut rows = Vec::new();
    let mut length = [0; 4];
    while file.read_exact(&mut length).is_ok() {
        let length = u32::from_le_bytes(length) as usize;
        if length > LONGEST {
            return Err(AppError::Form("a file of rejected rows"));
        }
        let mut sealed = vec![0; length];
        file.read_exact(&mut sealed)?;
        let plain = app.organization.open(position(id, rows.len() as u64), &sealed)?;
        let (row, raw): (RejectedRow, Vec<u8>) =
            postcard::from_bytes(&plain).map_err(|_| AppError::Form("a rejected row"))?;
        rows.push((row, Phi::new(raw)));
    }
    Ok(rows)
}
