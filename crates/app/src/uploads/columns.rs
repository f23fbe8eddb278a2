//! What the columns of uploaded CSV files mean: proposed, shown with what the import would say of the first rows, chosen,
//! kept for the next import of the source.

use super::{LOOK_SECONDS, Received, Upload, guess, shown};
use crate::app::{App, Look};
use crate::error::{AppError, Result};
use crate::import::{Order, look};
use discreet_access::{Allowed, Import, ReadUpload};
use discreet_audit::Event;
use discreet_domain::catalog::AGE;
use discreet_domain::{Catalog, ImportId, Phi, Timestamp, UserId};
use discreet_intake::{
    Chosen, DateOrder, FileProblem, Format, KINDS, Mapping as Reading, Options, Peeked, peek, table_of,
};
use discreet_store::Lane;
use discreet_vault::Place;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Rows of each file that are looked at before the whole is read.
pub const SAMPLED_ROWS: usize = 1_000;
/// Values shown of a column.
const SHOWN_VALUES: usize = 3;
/// Longest part of a value shown, in characters.
const SHOWN_LETTERS: usize = 40;

/// An upload's files, and how they are read.
#[derive(Debug)]
pub struct Mapping {
    /// Which upload.
    pub id: ImportId,
    /// The name of the source.
    pub source: String,
    /// The choices come from an earlier import of this source.
    pub remembered: bool,
    /// First values are shown: the look is in the log.
    pub values: bool,
    /// The files.
    pub files: Vec<MappedFile>,
}

/// A file, and how it is read.
#[derive(Debug)]
pub struct MappedFile {
    /// Its number in the upload.
    pub n: usize,
    /// A name that may be shown.
    pub shown: String,
    /// What it is; none: it is passed over.
    pub format: Option<Format>,
    /// How many bytes it has.
    pub bytes: u64,
    /// It is a file of our own format, of this kind: nothing to map.
    pub own: Option<&'static str>,
    /// Why it cannot be read.
    pub problem: Option<String>,
    /// What was chosen: the kind (empty: it is not imported).
    pub kind: String,
    /// How its dates are written.
    pub dates: DateOrder,
    /// The byte between its fields.
    pub delimiter: char,
    /// Rows looked at, and whether there are more.
    pub rows: usize,
    /// There are more rows than those.
    pub more: bool,
    /// Rows among them that would be rejected.
    pub rejected: u64,
    /// Its columns.
    pub columns: Vec<Column>,
    /// What columns may mean in files of this kind, needed ones first.
    pub targets: Vec<(String, bool)>,
    /// Needed columns that no column fills, and the value given for all rows.
    pub fixed: Vec<(String, String)>,
}

/// A column of an uploaded file.
#[derive(Debug)]
pub struct Column {
    /// What it is called, if that looks like a name and not like data.
    pub title: Option<String>,
    /// Its first values, if they may be seen.
    pub values: Vec<Phi<String>>,
    /// What it means: columns of ours.
    pub ours: Vec<String>,
    /// Rows in which it is filled, of those looked at.
    pub filled: usize,
    /// No value twice.
    pub unique: bool,
    /// Rows in which what it means cannot be read.
    pub trouble: u64,
}

/// What somebody chose.
#[derive(Debug, Default)]
pub struct Choices(pub BTreeMap<usize, Choice>);

/// What somebody chose for one file.
#[derive(Debug, Default)]
pub struct Choice {
    /// Its kind; empty: it is not imported.
    pub kind: String,
    /// How its dates are written.
    pub dates: DateOrder,
    /// What each column means.
    pub columns: BTreeMap<usize, Vec<String>>,
    /// Column of ours → its value in every row.
    pub fixed: BTreeMap<String, String>,
}

impl Mapping {
    /// Whether a column must still be said the meaning of before anything can be read.
    pub fn is_ready(&self) -> bool {
        let readable = |file: &MappedFile| file.format.is_some() && file.problem.is_none();
        self.files.iter().all(|file| file.problem.is_none() || file.kind.is_empty())
            && self.files.iter().any(readable)
    }
    /// The kinds a file can be of.
    pub fn kinds() -> impl Iterator<Item = &'static str> {
        KINDS.iter().map(|spec| spec.name).filter(|name| *name != "names")
    }
}

fn place(tag: discreet_domain::Tag) -> Place<'static> {
    Place { table: "import_mapping", row: u128::from_be_bytes(tag.0), column: "sealed", version: 1 }
}

/// The name `intake` knows a file by.
fn plain(name: &str) -> String {
    let lower = name.to_lowercase();
    lower.strip_suffix(".gz").unwrap_or(&lower).to_owned()
}

fn head(file: &Received) -> Result<std::result::Result<Peeked, FileProblem>> {
    peek(file, SAMPLED_ROWS).map_err(|e| {
        AppError::invalid(format!("a CSV file cannot be read, it is damaged or not whole: {}", e.kind()))
    })
}

impl Upload {
    /// How its CSV files are read.
    pub(crate) fn reading(&self) -> Result<Option<Reading>> {
        let chosen: Vec<Chosen> = self.chosen.values().cloned().collect();
        if chosen.is_empty() {
            return Ok(None);
        }
        Reading::chosen(&chosen).map(Some).map_err(|e| AppError::invalid(e.to_string()))
    }
}

impl App {
    /// Proposes how CSV files of other formats are read: as last time, else as their names suggest.
    pub(crate) async fn propose(&self, mut upload: Upload) -> Result<Upload> {
        let known = self.kept_mapping(&upload.source).await?;
        for (at, file) in upload.files.iter().enumerate().filter(|(_, f)| f.format == Some(Format::Csv)) {
            let Ok(head) = head(file)? else { continue };
            let name = plain(&file.name);
            if head.own_kind(&name).is_some() {
                continue;
            }
            let stem = guess::stem(&name);
            let before = known.iter().find(|chosen| chosen.name == stem);
            upload.remembered |= before.is_some();
            let chosen = match before {
                Some(before) => remembered(before, &name, &head.titles),
                None => guess::propose(&name, guess::kind_of(&name), &head.titles, &self.catalog()),
            };
            upload.chosen.insert(at, chosen);
        }
        Ok(upload)
    }

    async fn kept_mapping(&self, source: &str) -> Result<Vec<Chosen>> {
        let tag = self.name_tag("mapping", source);
        match self.store.read().await?.mapping(tag).await? {
            None => Ok(Vec::new()),
            Some(sealed) => {
                let plain = self.organization.open(place(tag), &sealed)?;
                serde_json::from_slice(&plain).map_err(|_| AppError::Form("a mapping"))
            }
        }
    }

    /// Keeps an upload's choices for the next import of its source.
    pub(crate) async fn keep_choices(
        &self,
        by: &Allowed<Import>,
        id: ImportId,
        now: Timestamp,
    ) -> Result<()> {
        let (source, mut chosen) = self.uploads.with(id, |upload| {
            (upload.source.clone(), upload.chosen.values().cloned().collect::<Vec<_>>())
        })?;
        if chosen.is_empty() {
            return Ok(());
        }
        for file in &mut chosen {
            file.name = guess::stem(&file.name);
        }
        let tag = self.name_tag("mapping", &source);
        for before in self.kept_mapping(&source).await? {
            if chosen.iter().all(|file| file.name != before.name) {
                chosen.push(before);
            }
        }
        let plain = serde_json::to_vec(&chosen).map_err(|_| AppError::Form("a mapping"))?;
        let sealed = self.organization.seal(place(tag), &plain)?;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        tx.keep_mapping(tag, sealed, now).await?;
        self.settle_one(tx, by.actor(), Event::MappingSaved { source_tag: tag.hex() }, now).await
    }

    /// Takes what somebody chose. A file that is of another kind than before gets a new proposal.
    ///
    /// # Errors
    /// No such upload; one that is being read; a file that cannot be read.
    pub fn map_columns(&self, _by: Allowed<Import>, id: ImportId, choices: &Choices) -> Result<()> {
        let (files, before) = self.uploads.with(id, |upload| {
            if upload.is_busy() {
                return Err(AppError::conflict("these files are being read: wait until that has ended"));
            }
            Ok((upload.files.clone(), upload.chosen.clone()))
        })??;
        let mut chosen = before;
        for (at, choice) in &choices.0 {
            let (Some(file), Some(before)) = (files.get(*at), chosen.get(at)) else { continue };
            if !choice.kind.is_empty() && table_of(&choice.kind).is_none() {
                return Err(AppError::invalid("there is no such kind of file"));
            }
            let next = match before.kind == choice.kind {
                true => merged(before, choice),
                false => anew(file, choice, &self.catalog())?,
            };
            chosen.insert(*at, next);
        }
        self.uploads.with(id, |upload| upload.chosen = chosen)
    }

    /// An upload's files, and what the import would say of their first rows as they are read now. Values are among it
    /// while a look of this person's holds.
    ///
    /// # Errors
    /// No such upload; the file system's.
    pub fn mapping(&self, by: &Allowed<Import>, id: ImportId, now: Timestamp) -> Result<Mapping> {
        let (source, remembered, files, chosen, until) = self.uploads.with(id, |upload| {
            let until = upload.looks.get(&by.user()).copied();
            let (files, chosen) = (upload.files.clone(), upload.chosen.clone());
            (upload.source.clone(), upload.remembered, files, chosen, until)
        })?;
        let values = until.is_some_and(|until| now < until);
        let order = Order {
            files: discreet_intake::Source::kept(Vec::new()),
            source: source.clone(),
            mapping: None,
            dry_run: true,
            batch: false,
        };
        let options = self.import_options(&order);
        let mapped =
            files.iter().enumerate().map(|(n, file)| mapped(n, file, chosen.get(&n), &options, values));
        let files = mapped.collect::<Result<Vec<_>>>()?;
        Ok(Mapping { id, source, remembered, values, files })
    }

    /// Lets somebody see first values for a quarter of an hour; that they look is in the log first.
    ///
    /// # Errors
    /// No such upload; the database's.
    pub async fn show_values(&self, by: Allowed<ReadUpload>, id: ImportId, now: Timestamp) -> Result<()> {
        self.uploads.with(id, |_| ())?;
        let look = Look { seconds: LOOK_SECONDS, ..look(by.actor(), id) };
        let _receipt = self.record(look, now).await?;
        let (user, until): (UserId, _) = (by.user(), now.plus_seconds(LOOK_SECONDS));
        self.uploads.with(id, |upload| upload.looks.insert(user, until)).map(drop)
    }
}

/// What was chosen for a file of this name before, for columns that are still there.
fn remembered(before: &Chosen, name: &str, titles: &[String]) -> Chosen {
    let ours = |title: &String| {
        let known = before.columns.iter().find(|(theirs, _)| theirs.eq_ignore_ascii_case(title));
        known.map(|(_, ours)| ours.clone()).unwrap_or_default()
    };
    let columns = titles.iter().map(|title| (title.clone(), ours(title))).collect();
    Chosen { name: name.to_owned(), columns, ..before.clone() }
}

fn merged(before: &Chosen, choice: &Choice) -> Chosen {
    let mut next = before.clone();
    next.dates = choice.dates;
    for (at, (_, ours)) in next.columns.iter_mut().enumerate() {
        if let Some(chosen) = choice.columns.get(&at) {
            ours.clone_from(chosen);
        }
    }
    next.constants.clone_from(&choice.fixed);
    next.constants.retain(|_, value| !value.trim().is_empty());
    next
}

fn anew(file: &Received, choice: &Choice, catalog: &Catalog) -> Result<Chosen> {
    let titles = head(file)?.map(|head| head.titles).unwrap_or_default();
    let mut next = guess::propose(&plain(&file.name), &choice.kind, &titles, catalog);
    next.dates = choice.dates;
    Ok(next)
}

fn mapped(
    n: usize,
    file: &Arc<Received>,
    chosen: Option<&Chosen>,
    options: &Options,
    values: bool,
) -> Result<MappedFile> {
    let mut view = MappedFile {
        n,
        shown: shown(n, file),
        format: file.format,
        bytes: file.bytes.length(),
        own: None,
        problem: None,
        kind: String::new(),
        dates: DateOrder::Iso,
        delimiter: ',',
        rows: 0,
        more: false,
        rejected: 0,
        columns: Vec::new(),
        targets: Vec::new(),
        fixed: Vec::new(),
    };
    if file.format != Some(Format::Csv) {
        return Ok(view);
    }
    let head = match head(file)? {
        Ok(head) => head,
        Err(problem) => {
            view.problem = Some(problem.to_string());
            return Ok(view);
        }
    };
    let name = plain(&file.name);
    view.own = head.own_kind(&name).filter(|_| chosen.is_none());
    view.delimiter = char::from(head.delimiter);
    (view.rows, view.more) = (head.rows.expose().len(), head.more);
    let mapping = chosen.map(|chosen| Reading::chosen(std::slice::from_ref(chosen)));
    let options = match mapping {
        None => options.clone(),
        Some(Ok(mapping)) => Options { mapping: Some(mapping), ..options.clone() },
        Some(Err(problem)) => {
            view.problem = Some(problem.to_string());
            options.clone()
        }
    };
    let tried = head.attempt(&name, &options);
    view.rejected = tried.rejected;
    if let Some(chosen) = chosen {
        view.kind.clone_from(&chosen.kind);
        view.dates = chosen.dates;
        view.columns =
            (0..head.titles.len()).map(|at| column(&head, at, chosen, &tried.columns, values)).collect();
        (view.targets, view.fixed) = targets(chosen, &options.catalog);
    }
    if view.problem.is_none() && !(view.kind.is_empty() && chosen.is_some()) {
        view.problem = tried.problem.map(|problem| problem.to_string());
    }
    Ok(view)
}

fn column(
    head: &Peeked,
    at: usize,
    chosen: &Chosen,
    trouble: &BTreeMap<String, u64>,
    values: bool,
) -> Column {
    let ours = chosen.columns.get(at).map(|(_, ours)| ours.clone()).unwrap_or_default();
    let cells: Vec<&str> = head
        .rows
        .expose()
        .iter()
        .filter_map(|row| row.get(at))
        .map(|cell| cell.trim())
        .filter(|cell| !cell.is_empty())
        .collect();
    let distinct: BTreeSet<&str> = cells.iter().copied().collect();
    let cut = |cell: &&str| Phi::new(cell.chars().take(SHOWN_LETTERS).collect::<String>());
    Column {
        title: head.shown_title(at),
        values: if values { cells.iter().take(SHOWN_VALUES).map(cut).collect() } else { Vec::new() },
        filled: cells.len(),
        unique: distinct.len() == cells.len(),
        trouble: ours.iter().map(|ours| trouble.get(ours).copied().unwrap_or(0)).sum(),
        ours,
    }
}

/// What columns may mean in a file of this kind; needed ones that no column fills, with their fixed values.
fn targets(chosen: &Chosen, catalog: &Catalog) -> (Vec<(String, bool)>, Vec<(String, String)>) {
    let Some(spec) = table_of(&chosen.kind) else { return (Vec::new(), Vec::new()) };
    let needed = spec.required.iter().map(|name| ((*name).to_owned(), true));
    let others = spec.optional.iter().map(|name| ((*name).to_owned(), false));
    let mut targets: Vec<(String, bool)> = needed.chain(others).collect();
    if spec.name == "patients" {
        let more = catalog.attributes.iter().map(|attribute| attribute.name.to_string());
        let known: BTreeSet<String> = targets.iter().map(|(name, _)| name.clone()).collect();
        let derived = [AGE, "has_email", "email_domain", "has_phone"];
        targets.extend(
            more.filter(|n| !known.contains(n) && !derived.contains(&n.as_str())).map(|n| (n, false)),
        );
    }
    let filled = |name: &str| chosen.columns.iter().any(|(_, ours)| ours.iter().any(|o| o == name));
    let fixed = spec.required.iter().filter(|name| !filled(name) && !matches!(**name, "id" | "patient"));
    let value = |name: &&str| {
        let given = chosen.constants.get(*name).cloned().unwrap_or_default();
        ((*name).to_owned(), given)
    };
    (targets, fixed.map(value).collect())
}
