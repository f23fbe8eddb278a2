//! Small batches that programs send: laid out as tables of our own CSV format in memory, and imported as any other.

use super::{Imported, Order};
use crate::app::{App, Clock};
use crate::error::{AppError, Result};
use discreet_access::{Allowed, Import};
use discreet_domain::{Catalog, ImportId};
use discreet_intake::{Kept, KeptFile, Source};
use std::io::{self, Cursor, Read};
use std::sync::Arc;

/// Most items of a batch.
pub const MOST_ITEMS: usize = 1_000;
/// Longest name of a source, in bytes.
const LONGEST_SOURCE: usize = 60;

/// Rows of one kind. `Debug` shows none.
#[derive(Clone)]
pub struct Table {
    /// The kind of file: `patients`, `conditions` …
    pub kind: &'static str,
    titles: Vec<String>,
    text: String,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Table({})", self.kind)
    }
}

struct InMemory(Arc<[u8]>);

impl Kept for InMemory {
    fn open(&self) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(Cursor::new(Arc::clone(&self.0))))
    }
}

impl Table {
    /// An empty table with these columns.
    pub fn new(kind: &'static str, titles: Vec<String>) -> Table {
        let mut table = Table { kind, titles: titles.clone(), text: String::new() };
        table.push(titles.iter().map(|title| (title.as_str(), title.as_str())));
        table
    }
    /// Adds a row: values by column; those of no column are left out.
    pub fn push<'v>(&mut self, values: impl Iterator<Item = (&'v str, &'v str)>) {
        let values: Vec<(&str, &str)> = values.collect();
        for (at, title) in self.titles.iter().enumerate() {
            let value = values.iter().find(|(name, _)| name == title).map_or("", |(_, value)| *value);
            // A row is a line: a break within it would move the numbers of the others.
            let cell: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            self.text.push_str(if at == 0 { "\"" } else { ",\"" });
            self.text.push_str(&cell.replace('"', "\"\""));
            self.text.push('"');
        }
        self.text.push('\n');
    }
}

impl App {
    /// Imports a batch. Which row of which table was rejected is told by its line: the first row is on line 2.
    ///
    /// # Errors
    /// A name of a source that is not in order; the database's.
    pub async fn import_rows(
        &self,
        by: Allowed<Import>,
        source: &str,
        tables: Vec<Table>,
        clock: &Clock,
    ) -> Result<Imported> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if source.is_empty() || source.len() > LONGEST_SOURCE || !source.chars().all(plain) {
            return Err(AppError::invalid(format!(
                "`source` is 1 to {LONGEST_SOURCE} letters, digits, `-`, `_` or `.`"
            )));
        }
        let file = |table: Table| KeptFile {
            name: format!("{}.csv", table.kind),
            bytes: Arc::new(InMemory(table.text.into_bytes().into())),
        };
        let files = Source::kept(tables.into_iter().map(file).collect());
        let order = Order { files, source: source.to_owned(), mapping: None, dry_run: false, batch: true };
        self.import_as(ImportId::random(), by.actor(), order, clock, &|_| {}).await
    }
    /// Attributes of patients that may be imported by name, besides the columns of their table.
    pub fn importable_attributes(&self) -> Vec<String> {
        let derived = ["age", "has_email", "email_domain", "has_phone"];
        let catalog = self.catalog();
        let all = catalog.attributes.iter().map(|attribute| attribute.name.clone());
        all.filter(|name| !derived.contains(&name.as_str())).collect()
    }
    /// Fields that events may have, by kind of event.
    pub fn event_fields() -> Vec<(String, Vec<String>)> {
        let fields = |event: discreet_domain::catalog::EventKind| {
            (event.name, event.fields.into_iter().map(|field| field.name).collect())
        };
        Catalog::builtin().events.into_iter().map(fields).collect()
    }
}
