//! A look into a file before it is imported: for CSV its columns, their first values, and what the import would say of the
//! first rows as they are mapped so far.

use crate::csv::{head, kind_of, shown};
use crate::import::ReadError;
use crate::limits::LONGEST_ROW;
use crate::options::Options;
use crate::reason::{FileProblem, Reason};
use crate::record::Item;
use crate::report::Format;
use crate::sources::{Kept, opened, read_stream};
use crate::text;
use discreet_domain::Phi;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;

/// The beginning of a CSV file.
#[derive(Default)]
pub struct Peeked {
    /// The byte between fields.
    pub delimiter: u8,
    /// What the columns are called, in order.
    pub titles: Vec<String>,
    /// The first rows.
    pub rows: Phi<Vec<Vec<String>>>,
    /// There are more rows than those.
    pub more: bool,
    raw: Phi<Vec<u8>>,
}

impl std::fmt::Debug for Peeked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Peeked(_)")
    }
}

/// Reads the header of a CSV file and up to `most` rows.
///
/// # Errors
/// The file cannot be read; inside, that it is no such file.
pub fn peek(bytes: &dyn Kept, most: usize) -> io::Result<Result<Peeked, FileProblem>> {
    let mut input = opened(bytes.open()?)?;
    let head = head::read(&mut input, LONGEST_ROW, most)?;
    Ok(head.map(|head| Peeked {
        delimiter: head.delimiter,
        titles: head.titles,
        rows: Phi::new(head.rows),
        more: head.more,
        raw: Phi::new(head.raw),
    }))
}

/// What the import would say of the first rows: by column of ours, how many rows lose it or are lost for it.
#[derive(Debug, Default)]
pub struct Tried {
    /// Rows read.
    pub rows: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Why the file could not be read at all.
    pub problem: Option<FileProblem>,
    /// Column of ours → rows it makes trouble in.
    pub columns: BTreeMap<String, u64>,
}

impl Peeked {
    /// What a column is called, if that looks like a name and not like data: a file may come without a header.
    pub fn shown_title(&self, at: usize) -> Option<String> {
        let title = self.titles.get(at)?;
        let shown = shown(title, at);
        shown.strip_prefix('`').and_then(|t| t.strip_suffix('`')).map(str::to_owned)
    }
    /// The kind of our own file of this name with these columns, if it is one.
    pub fn own_kind(&self, name: &str) -> Option<&'static str> {
        let lower = name.to_lowercase();
        let spec = kind_of(lower.strip_suffix(".gz").unwrap_or(&lower))?;
        let titles: Vec<String> = self.titles.iter().map(|title| text::word(title)).collect();
        spec.required.iter().all(|needed| titles.iter().any(|title| title == needed)).then_some(spec.name)
    }
    /// Reads the rows as the import would, and counts what it says.
    pub fn attempt(&self, name: &str, options: &Options) -> Tried {
        let mut tried = Tried::default();
        let mut sink = |item: Item| -> Result<(), Infallible> {
            match item {
                Item::Rejected(rejected) => {
                    tried.rejected += 1;
                    note(&mut tried.columns, &rejected.reason);
                }
                Item::Warning(warning) => note(&mut tried.columns, &warning.reason),
                Item::FileRefused { problem, .. } => tried.problem = Some(problem),
                _ => {}
            }
            Ok(())
        };
        match read_stream(name, Format::Csv, self.raw.expose().as_slice(), options, &mut sink) {
            Ok(report) => tried.rows = report.rows,
            Err(ReadError::Io { .. }) => {}
            Err(ReadError::Sink(never)) => match never {},
        }
        tried
    }
}

fn note(columns: &mut BTreeMap<String, u64>, reason: &Reason) {
    let column = match reason {
        Reason::Email { .. } => "email",
        Reason::UnknownState => "state",
        Reason::BadZip => "zip",
        Reason::UnresolvedMerge => "merged_into",
        Reason::UnknownColumn { .. } | Reason::DerivedColumn { .. } => return,
        other => match other.field() {
            Some(field) => field,
            None => return,
        },
    };
    *columns.entry(column.to_owned()).or_insert(0) += 1;
}
