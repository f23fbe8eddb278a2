//! Reading a source: file after file, row after row, each to the sink before the next is read.

use crate::csv;
use crate::desk::Desk;
use crate::fact_id::fact_id;
use crate::fhir::bundle::{self, Entry, What};
use crate::fhir::{self, Outcome, Within};
use crate::limits::DEEPEST_BUNDLE;
use crate::lines::{self, Line};
use crate::options::Options;
use crate::reason::{Expected, FileProblem, Reason};
use crate::record::{Incoming, Item, Place};
use crate::report::{FileReport, Format, Report};
use discreet_domain::Phi;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::io::{self, BufRead, Read};

/// Takes what is read. An error stops the import.
pub trait Sink {
    /// Why it stops.
    type Error;
    /// Takes one item.
    ///
    /// # Errors
    /// Whatever makes the import stop.
    fn take(&mut self, item: Item) -> Result<(), Self::Error>;
}

impl<F: FnMut(Item) -> Result<(), E>, E> Sink for F {
    type Error = E;
    fn take(&mut self, item: Item) -> Result<(), E> {
        self(item)
    }
}

/// Why an import ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum ReadError<E> {
    /// The source, or a file of it, could not be read on. An import that ends so is not whole.
    #[error("{shown}, after line {line}: {}", kind_text(*.kind))]
    Io {
        /// The file, by a name that may be shown.
        shown: String,
        /// How far it had been read.
        line: u64,
        /// What went wrong.
        kind: io::ErrorKind,
    },
    /// The sink stopped it.
    #[error("stopped by the receiver")]
    Sink(E),
}

fn kind_text(kind: io::ErrorKind) -> String {
    io::Error::from(kind).to_string()
}

/// An import under way.
pub(crate) struct Import<'a, S: Sink> {
    pub desk: Desk<'a>,
    sink: &'a mut S,
}

type Step<S> = Result<(), ReadError<<S as Sink>::Error>>;

impl<'a, S: Sink> Import<'a, S> {
    pub fn new(options: &'a Options, sink: &'a mut S) -> Self {
        Import { desk: Desk::new(options), sink }
    }

    pub fn into_report(self) -> Report {
        self.desk.report
    }

    /// Begins a file; its number.
    pub fn begin_file(
        &mut self,
        name: String,
        shown: String,
        format: Option<Format>,
    ) -> Result<u32, ReadError<S::Error>> {
        let file = u32::try_from(self.desk.report.files.len()).unwrap_or(u32::MAX);
        self.desk.report.files.push(FileReport { shown, format, rows: 0, problem: None });
        self.desk.items.push(Item::File { file, name: Phi::new(name) });
        self.flush()?;
        Ok(file)
    }

    pub fn refuse_file(&mut self, file: u32, problem: FileProblem) -> Step<S> {
        self.desk.items.push(Item::FileRefused { file, problem });
        self.flush()
    }

    /// Hands over what waits.
    pub fn flush(&mut self) -> Step<S> {
        for item in self.desk.items.drain(..) {
            self.desk.report.count(&item);
            self.sink.take(item).map_err(ReadError::Sink)?;
        }
        Ok(())
    }

    /// Reads the rows of a file.
    pub fn file(&mut self, file: u32, format: Format, name: &str, input: &mut impl BufRead) -> Step<S> {
        match format {
            Format::Ndjson => self.ndjson(file, input),
            Format::Json => self.document(file, input),
            Format::Csv => csv::read(self, file, name, input),
        }
    }

    pub fn io(&self, file: u32, line: u64, error: &io::Error) -> ReadError<S::Error> {
        let at = usize::try_from(file).ok().and_then(|at| self.desk.report.files.get(at));
        let shown = at.map_or_else(String::new, |f| f.shown.clone());
        ReadError::Io { shown, line, kind: error.kind() }
    }

    fn ndjson(&mut self, file: u32, input: &mut impl BufRead) -> Step<S> {
        let longest = self.desk.options.limits.line;
        let mut place = Place { file, ..Place::default() };
        let mut buffer = Vec::new();
        loop {
            let line = lines::next(input, longest, &mut buffer).map_err(|e| self.io(file, place.line, &e))?;
            place.line += 1;
            match line {
                Line::End => return Ok(()),
                Line::TooLong => {
                    self.desk.report.row(file);
                    self.desk.reject(place, Reason::TooLong { limit: longest as u64 }, &[]);
                    self.flush()?;
                }
                Line::Whole => self.line(place, &buffer)?,
            }
        }
    }

    fn line(&mut self, place: Place, bytes: &[u8]) -> Step<S> {
        let bytes =
            if place.line == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        match std::str::from_utf8(bytes) {
            Ok(json) => self.resource(json, json, place, Within::default(), 0),
            Err(_) => {
                self.desk.report.row(place.file);
                self.desk.reject(place, Reason::NotUtf8, bytes);
                self.flush()
            }
        }
    }

    /// A `.json` file: a Bundle, a resource, or several one after the other.
    fn document(&mut self, file: u32, input: &mut impl BufRead) -> Step<S> {
        let largest = self.desk.options.limits.document;
        let mut bytes = Vec::new();
        let room = (largest as u64).saturating_add(1);
        input.by_ref().take(room).read_to_end(&mut bytes).map_err(|e| self.io(file, 0, &e))?;
        if bytes.len() > largest {
            return self.refuse_file(file, FileProblem::TooLarge { limit: largest as u64 });
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
            return self.refuse_file(file, FileProblem::Utf16);
        }
        let Ok(text) = std::str::from_utf8(text) else {
            return self.refuse_file(file, FileProblem::NotUtf8);
        };
        if text.trim_start().starts_with('[') {
            return self.refuse_file(file, FileProblem::JsonArray);
        }
        let mut lines = LineCount::new(text);
        for value in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
            let Ok(value) = value else {
                return self.refuse_file(file, FileProblem::NotJson);
            };
            let place = Place { file, line: lines.of(value.get()), entry: 0 };
            self.resource(value.get(), text, place, Within::default(), 0)?;
        }
        Ok(())
    }

    /// Reads one resource. `text` is all that it stands in, for the line numbers of a Bundle's entries.
    fn resource(&mut self, json: &str, text: &str, place: Place, within: Within<'_>, depth: u32) -> Step<S> {
        match fhir::resource(&mut self.desk, json, place, within) {
            Ok(Outcome::Bundle) => return self.bundle(json, text, place, depth),
            Ok(Outcome::Row(fhir::Verdict::Taken)) => {}
            Ok(Outcome::Row(fhir::Verdict::Skipped(what))) => self.desk.report.skip(what),
            Err(reason) => {
                // A row is taken whole or not at all.
                self.desk.items.retain(|item| matches!(item, Item::Name(_)));
                self.desk.reject(place, reason, json.as_bytes());
            }
        }
        self.desk.report.row(place.file);
        self.flush()
    }

    fn bundle(&mut self, json: &str, text: &str, place: Place, depth: u32) -> Step<S> {
        let read = if depth >= DEEPEST_BUNDLE {
            Err(Reason::TooDeep)
        } else {
            bundle::read(json, self.desk.options.limits.entries)
        };
        let bundle = match read {
            Ok(bundle) => bundle,
            Err(reason) => {
                self.desk.report.row(place.file);
                self.desk.reject(place, reason, json.as_bytes());
                return self.flush();
            }
        };
        let within = Within { full_url: "", index: Some(&bundle.index), restricted: bundle.restricted };
        // References may point forward: what they lead to is looked up first, roles after the people in them.
        for roles in [false, true] {
            for entry in &bundle.entries {
                self.look_up(entry, place, within, roles);
            }
        }
        let lines = lines_of(&bundle.entries, text);
        for entry in &bundle.entries {
            let line = lines.get(&entry.number).copied().unwrap_or(0).max(place.line);
            self.entry(entry, text, Place { line, entry: entry.number, ..place }, within, depth)?;
        }
        Ok(())
    }

    fn look_up(&mut self, entry: &Entry<'_>, place: Place, within: Within<'_>, roles: bool) {
        if let Some((kind, json)) = bundle::lookup_type(entry)
            && (kind == "PractitionerRole") == roles
        {
            let within = Within { full_url: &entry.full_url, ..within };
            // Counted when its turn comes; what it may have yielded (names) waits for the next flush.
            let _ = fhir::resource(&mut self.desk, json, place, within);
        }
    }

    fn entry(
        &mut self,
        entry: &Entry<'_>,
        text: &str,
        place: Place,
        within: Within<'_>,
        depth: u32,
    ) -> Step<S> {
        match &entry.what {
            What::Resource(json) => {
                let within = Within { full_url: &entry.full_url, ..within };
                return self.resource(json, text, place, within, depth + 1);
            }
            What::Delete { kind, id } => self.delete(kind, id, place),
            What::DeleteUnknown => self.desk.warn(place, Reason::UnsupportedDelete),
            What::Nothing => self.desk.report.skip("Bundle entry without a resource to import"),
            What::Bad => self.desk.reject(place, Reason::bad("entry", Expected::Object), &[]),
        }
        self.desk.report.row(place.file);
        self.flush()
    }

    /// A deletion names the resource, not the patient.
    fn delete(&mut self, kind: &str, id: &str, place: Place) {
        if kind == "Patient" {
            let patient = self.desk.patient(id);
            self.desk.emit(place, &patient, None, Incoming::Gone);
        } else if let Some(kind) = fhir::fact_kind(kind) {
            let fact = fact_id(&self.desk.options.source, kind, id);
            self.desk.items.push(Item::Orphan { place, fact });
        } else {
            self.desk.warn(place, Reason::UnsupportedDelete);
        }
    }
}

/// Line numbers of parts of a text.
struct LineCount<'t> {
    text: &'t str,
    counted: usize,
    line: u64,
}

impl<'t> LineCount<'t> {
    fn new(text: &'t str) -> Self {
        LineCount { text, counted: 0, line: 1 }
    }

    /// The line on which `part`, a slice of the text, begins; the last one known if it is no slice of it.
    fn of(&mut self, part: &str) -> u64 {
        let at = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        if at < self.counted {
            (self.counted, self.line) = (0, 1);
        }
        if let Some(between) = self.text.as_bytes().get(self.counted..at) {
            self.line += between.iter().filter(|b| **b == b'\n').count() as u64;
            self.counted = at;
        }
        self.line
    }
}

/// The line each entry begins on, by its number.
fn lines_of(entries: &[Entry<'_>], text: &str) -> BTreeMap<u32, u64> {
    let mut in_order: Vec<&Entry<'_>> = entries.iter().collect();
    in_order.sort_by_key(|entry| entry.number);
    let mut count = LineCount::new(text);
    in_order
        .into_iter()
        .map(|entry| match entry.what {
            What::Resource(json) => (entry.number, count.of(json)),
            _ => (entry.number, count.line),
        })
        .collect()
}
