//! One CSV row on its way to records: its cells by our column names.

use super::plan::{Plan, bad};
use super::rows::Fields;
use crate::desk::Desk;
use crate::fhir::{Verdict, system_of};
use crate::limits::{LONGEST_CODE, LONGEST_ID, LONGEST_SYSTEM, LONGEST_WORD, MOST_WORDS};
use crate::reason::{Expected, Reason};
use crate::record::{Incoming, Place};
use crate::{fact_id, notes, text, vocabulary, when};
use discreet_domain::catalog::Kind;
use discreet_domain::{Code, FactId, Identifier, Timestamp, Value, When};
use std::borrow::Cow;

/// The outcome of mapping a row.
pub(crate) type Mapped = Result<Verdict, Reason>;

/// One row on its way.
pub(crate) struct CsvRow<'r, 'o> {
    pub plan: &'r Plan,
    pub fields: &'r Fields,
    pub desk: &'r mut Desk<'o>,
    pub place: Place,
}

impl<'r, 'o> CsvRow<'r, 'o> {
    pub fn new(plan: &'r Plan, fields: &'r Fields, desk: &'r mut Desk<'o>, place: Place) -> Self {
        CsvRow { plan, fields, desk, place }
    }

    /// The text of a cell, looked up and translated as the mapping says; none if it is empty.
    pub fn text(&mut self, name: &str) -> Result<Option<Cow<'r, str>>, Reason> {
        let (plan, fields) = (self.plan, self.fields);
        let Some(cell) = plan.cell(fields, name)? else { return Ok(None) };
        let cell = match plan.lookup(name) {
            None => cell,
            Some(table) => match self.desk.directory.name(table, &cell) {
                Some(found) => Cow::Owned(found.to_owned()),
                None => {
                    let field = Cow::Owned(name.to_owned());
                    self.warn(Reason::UnknownName { field });
                    return Ok(None);
                }
            },
        };
        // A mapping can turn a word into nothing.
        Ok(Some(plan.translated(name, cell)).filter(|cell| !cell.is_empty()))
    }

    /// The text of a cell that must not be empty.
    pub fn needed(&mut self, name: &'static str) -> Result<Cow<'r, str>, Reason> {
        self.text(name)?.ok_or_else(|| Reason::missing(name))
    }

    /// A word or name: bounded.
    pub fn word(&mut self, name: &str) -> Result<Option<String>, Reason> {
        match self.text(name)? {
            Some(cell) if cell.len() > LONGEST_WORD => Err(bad(name, Expected::Text)),
            cell => Ok(cell.map(Cow::into_owned)),
        }
    }

    /// A word as a value.
    pub fn words(&mut self, name: &str) -> Result<Option<Value>, Reason> {
        Ok(self.word(name)?.map(Value::Text))
    }

    /// The words of a status column, in the catalog's form.
    pub fn status(&mut self) -> Result<Option<String>, Reason> {
        Ok(self.text("status")?.map(|status| text::word(&status)))
    }

    /// A date or time that need not be there.
    pub fn time(&mut self, name: &str) -> Result<Option<When>, Reason> {
        let Some(cell) = self.text(name)? else { return Ok(None) };
        let when = when::read_in(&cell, self.plan.dates, &self.desk.options.zone);
        when.map(Some).ok_or_else(|| bad(name, Expected::Time))
    }

    /// A date or time that must be there.
    pub fn needed_time(&mut self, name: &'static str) -> Result<When, Reason> {
        self.time(name)?.ok_or_else(|| Reason::missing(name))
    }

    /// A yes or no.
    pub fn flag(&mut self, name: &str) -> Result<Option<bool>, Reason> {
        let Some(cell) = self.text(name)? else { return Ok(None) };
        flag(&cell).map(Some).ok_or_else(|| bad(name, Expected::Bool))
    }

    /// Whether the row is marked restricted.
    pub fn restricted(&mut self) -> Result<bool, Reason> {
        Ok(self.flag("restricted")?.unwrap_or(false))
    }

    /// When the source last changed the row; a date counts from its start.
    pub fn updated(&mut self) -> Result<Option<Timestamp>, Reason> {
        let zone = &self.desk.options.zone;
        let zone = zone.clone();
        Ok(self.time("updated")?.map(|when| when.span(&zone).0))
    }

    /// The patient the row is about.
    pub fn patient(&mut self) -> Result<Identifier, Reason> {
        let id = self.needed("patient")?;
        self.identifier("patient", &id)
    }

    pub fn identifier(&self, name: &str, id: &str) -> Result<Identifier, Reason> {
        if id.len() > LONGEST_ID { Err(bad(name, Expected::Id)) } else { Ok(self.desk.patient(id)) }
    }

    /// The code in `system` and `code`, and its name on the side; none if the cell is empty. Codes of notes that may
    /// not come in are refused.
    pub fn code(&mut self) -> Result<Option<Code>, Reason> {
        let system = self.text("system")?.unwrap_or_default();
        let value = self.text("code")?;
        let display = self.text("display")?.unwrap_or_default();
        if notes::is_forbidden_title(&display) {
            return Err(Reason::ForbiddenNote);
        }
        let Some(value) = value else { return Ok(None) };
        if value.len() > LONGEST_CODE || system.len() > LONGEST_SYSTEM {
            return Err(bad("code", Expected::Code));
        }
        let code = Code::new(system_of(&system), &value);
        if notes::is_forbidden_code(&code) {
            return Err(Reason::ForbiddenNote);
        }
        self.desk.name(&code, &display);
        Ok(Some(code))
    }

    /// The id of the row's fact: by its `id`, else by all that identifies it.
    pub fn fact(&mut self, kind: &str, patient: &Identifier, identifying: &[&str]) -> Result<FactId, Reason> {
        let source = &self.desk.options.source;
        match self.plan.cell(self.fields, "id")? {
            Some(id) if id.len() > LONGEST_ID => Err(bad("id", Expected::Id)),
            Some(id) => Ok(fact_id::fact_id(source, kind, &id)),
            None => Ok(fact_id::row_id(source, kind, &patient.value, identifying)),
        }
    }

    /// Yields a record about a patient.
    pub fn emit(&mut self, patient: &Identifier, what: Incoming) -> Mapped {
        let updated = self.updated()?;
        self.desk.emit(self.place, patient, updated, what);
        Ok(Verdict::Taken)
    }

    pub fn warn(&mut self, reason: Reason) {
        self.desk.warn(self.place, reason);
    }
}

/// `true`, `yes`, `Y`, `1` …
pub(crate) fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "1" | "active" | "deceased" => Some(true),
        "false" | "f" | "no" | "n" | "0" | "inactive" | "alive" => Some(false),
        _ => None,
    }
}

/// A cell as the type of its attribute or field; none if it is not of that type.
pub(crate) fn value_of(kind: Kind, cell: &str, row: &CsvRow<'_, '_>) -> Option<Value> {
    match kind {
        Kind::Text => (cell.len() <= LONGEST_WORD).then(|| Value::Text(cell.to_owned())),
        Kind::Number => number(cell).map(Value::Number),
        Kind::Bool => flag(cell).map(Value::Bool),
        Kind::Date => when::read_in(cell, row.plan.dates, &row.desk.options.zone).map(Value::When),
        Kind::Code => {
            let (system, value) = cell.rsplit_once(':').unwrap_or(("", cell));
            let fits =
                !value.trim().is_empty() && value.len() <= LONGEST_CODE && system.len() <= LONGEST_SYSTEM;
            fits.then(|| Value::Code(Code::new(system_of(system), value)))
        }
        Kind::Set => set_words(cell).map(Value::Set),
        Kind::Zip => vocabulary::zip(cell, None).map(|zip| Value::Text(zip.five)),
    }
}

/// A finite number.
pub(crate) fn number(cell: &str) -> Option<f64> {
    let starts = cell.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    cell.parse().ok().filter(|n: &f64| starts && n.is_finite())
}

/// The words of a set: between `;`, `|` or `,`, in lower case, sorted, without repeats.
pub(crate) fn set_words(cell: &str) -> Option<Vec<String>> {
    let words =
        cell.split([';', '|', ',']).filter_map(|w| text::clean_owned(&w.to_lowercase(), LONGEST_WORD));
    let Value::Set(words) = Value::set(words) else { return None };
    (!words.is_empty() && words.len() <= MOST_WORDS).then_some(words)
}
