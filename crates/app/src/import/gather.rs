//! The first pass: read the files, part the records by patient, sealed, in temporary files.

use super::rejected::RejectedFile;
use super::{Order, Progress};
use crate::app::App;
use crate::error::{AppError, Result};
use discreet_domain::{Code, ImportId, Phi};
use discreet_intake::{Item, ReadError, Record, Report};
use discreet_vault::{SpillReader, SpillWriter};
use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

/// Into how many parts records go. One part is held in memory at a time: of ten million patients, 40 thousand.
const PARTS: usize = 256;
/// Records between two reports of progress.
const REPORT_EVERY: u64 = 5_000;

/// What the first pass leaves.
pub(crate) struct Gathered<'a> {
    pub(crate) parts: Vec<SpillReader>,
    pub(crate) report: Report,
    pub(crate) names: HashMap<Code, String>,
    pub(crate) rejected: RejectedFile<'a>,
    /// The files' own names, by number.
    pub(crate) files: Vec<Phi<String>>,
    pub(crate) dry_run: bool,
    /// About how many patients there are.
    pub(crate) patients: u64,
}

impl App {
    /// Reads the source. Runs on the calling thread: parsing is all it does.
    pub(crate) async fn gather(
        &self,
        id: ImportId,
        order: Order,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Gathered<'_>> {
        let temporary = self.folder.join("tmp");
        std::fs::create_dir_all(&temporary)?;
        let writers =
            (0..PARTS).map(|_| SpillWriter::new_in(&temporary)).collect::<std::io::Result<Vec<_>>>()?;
        let mut desk = Desk {
            writers,
            names: HashMap::new(),
            rejected: RejectedFile::new(self, id, !order.batch),
            files: Vec::new(),
            read: 0,
            patients: 0,
            progress,
        };
        let options = self.import_options(&order);
        let report = tokio::task::block_in_place(|| {
            discreet_intake::read(&order.files, &options, &mut |item| desk.take(item))
        })
        .map_err(|e| match e {
            ReadError::Sink(error) => error,
            other => AppError::invalid(other.to_string()),
        })?;
        progress(Progress::Read(desk.read));
        let parts =
            desk.writers.into_iter().map(SpillWriter::into_reader).collect::<std::io::Result<Vec<_>>>()?;
        let (names, rejected, files, patients) = (desk.names, desk.rejected, desk.files, desk.patients);
        Ok(Gathered { parts, report, names, rejected, files, dry_run: order.dry_run, patients })
    }
}

struct Desk<'a, 'p> {
    writers: Vec<SpillWriter>,
    names: HashMap<Code, String>,
    rejected: RejectedFile<'a>,
    files: Vec<Phi<String>>,
    read: u64,
    patients: u64,
    progress: &'p (dyn Fn(Progress) + Send + Sync),
}

impl Desk<'_, '_> {
    fn take(&mut self, item: Item) -> Result<()> {
        match item {
            Item::Record(record) => self.spill(&record),
            Item::Rejected(rejected) => {
                let none = Phi::default();
                let file = self.files.get(rejected.place.file as usize).unwrap_or(&none);
                self.rejected.push(file, &rejected)
            }
            Item::File { name, .. } => {
                self.files.push(name);
                Ok(())
            }
            Item::Name(name) => {
                self.names.insert(name.code, name.display);
                Ok(())
            }
            // A file that is no export is in the report; so are warnings, and deletions of nobody's facts.
            Item::FileRefused { .. } | Item::Warning(_) | Item::Orphan { .. } => Ok(()),
        }
    }
    fn spill(&mut self, record: &Record) -> Result<()> {
        self.read += 1;
        if self.read.is_multiple_of(REPORT_EVERY) {
            (self.progress)(Progress::Read(self.read));
        }
        if matches!(record.what, discreet_intake::Incoming::Patient(_)) {
            self.patients += 1;
        }
        let mut hasher = DefaultHasher::new();
        record.subject.hash(&mut hasher);
        let part = usize::try_from(hasher.finish() % PARTS as u64).unwrap_or(0);
        let bytes = postcard::to_stdvec(record).map_err(|_| AppError::Form("a record"))?;
        match self.writers.get_mut(part) {
            Some(writer) => Ok(writer.push(&Phi::new(bytes))?),
            None => Err(AppError::Form("a record")),
        }
    }
}

/// The records of one part, by patient, in the order read.
pub(crate) fn by_patient(part: &mut SpillReader) -> Result<Vec<Vec<Record>>> {
    let mut at: HashMap<discreet_domain::Identifier, usize> = HashMap::new();
    let mut groups: Vec<Vec<Record>> = Vec::new();
    while let Some(bytes) = part.next_record()? {
        let record: Record = postcard::from_bytes(bytes.expose()).map_err(|_| AppError::Form("a record"))?;
        let next = groups.len();
        let group = *at.entry(record.subject.clone()).or_insert(next);
        if group == next {
            groups.push(Vec::new());
        }
        if let Some(group) = groups.get_mut(group) {
            group.push(record);
        }
    }
    Ok(groups)
}
