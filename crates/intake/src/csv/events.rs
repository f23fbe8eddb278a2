//! Rows that are events: appointments, encounters, observations, and any other kind of the catalog.

use super::plan::bad;
use super::row::{CsvRow, Mapped, number, value_of};
use crate::limits::LONGEST_TEXT;
use crate::notes;
use crate::reason::{Expected, Reason};
use crate::record::Incoming;
use crate::text;
use discreet_domain::{EventFact, Value, When};
use std::borrow::Cow;

const IN_ERROR: &str = "entered_in_error";

type FieldsOf = Vec<(String, Value)>;

fn sorted(fields: impl IntoIterator<Item = (&'static str, Option<Value>)>) -> FieldsOf {
    let mut kept: FieldsOf = fields.into_iter().filter_map(|(n, v)| Some((n.to_owned(), v?))).collect();
    kept.sort_by(|(a, _), (b, _)| a.cmp(b));
    kept
}

pub(super) fn appointment(row: &mut CsvRow<'_, '_>) -> Mapped {
    let status = row.status()?.ok_or_else(|| Reason::missing("status"))?;
    let status = match status.as_str() {
        "noshow" => "no_show",
        "checkedin" => "checked_in",
        "canceled" => "cancelled",
        "scheduled" => "booked",
        "completed" => "fulfilled",
        other => other,
    };
    known_status(row, "appointment", status)?;
    visit(row, "appointment", status, Vec::new())
}

pub(super) fn encounter(row: &mut CsvRow<'_, '_>) -> Mapped {
    let code = row.code()?;
    let status = row.status()?.ok_or_else(|| Reason::missing("status"))?;
    let status = match status.as_str() {
        "onleave" => "on_leave",
        "canceled" => "cancelled",
        "completed" => "finished",
        other => other,
    };
    known_status(row, "encounter", status)?;
    let class = row.word("class")?.map(|class| Value::Text(class_word(&class)));
    visit(row, "encounter", status, vec![("class", class), ("code", code.map(Value::Code))])
}

/// A class in the catalog's form: the codes of `v3-ActCode` and spellings of exports.
fn class_word(class: &str) -> String {
    let word = text::word(class);
    match word.as_str() {
        "amb" => "ambulatory".to_owned(),
        "emer" => "emergency".to_owned(),
        "imp" => "inpatient".to_owned(),
        "vr" => "virtual".to_owned(),
        "hh" => "home".to_owned(),
        "obsenc" => "observation".to_owned(),
        "urgentcare" => "urgent_care".to_owned(),
        _ => word,
    }
}

/// A status must be one of the catalog's, or take the row back: what an unknown one would mean for a reminder cannot
/// be told.
fn known_status(row: &CsvRow<'_, '_>, kind: &str, status: &str) -> Result<(), Reason> {
    let field = row.desk.options.catalog.event(kind).and_then(|event| event.field("status"));
    let known = field.is_none_or(|field| field.values.iter().any(|value| value == status));
    if known || status == IN_ERROR { Ok(()) } else { Err(bad("status", Expected::Word)) }
}

fn visit(
    row: &mut CsvRow<'_, '_>,
    kind: &str,
    status: &str,
    more: Vec<(&'static str, Option<Value>)>,
) -> Mapped {
    let patient = row.patient()?;
    let at = row.needed_time("time")?;
    let sort = row.word("type")?;
    let id = row.fact(kind, &patient, &[&at.to_string(), sort.as_deref().unwrap_or("")])?;
    if status == IN_ERROR {
        return row.emit(&patient, Incoming::Delete { fact: id });
    }
    let mut fields = vec![
        ("status", Some(Value::Text(status.to_owned()))),
        ("type", sort.map(Value::Text)),
        ("provider", row.words("provider")?),
        ("site", row.words("site")?),
        ("reason", row.words("reason")?),
        ("end", row.time("end")?.map(Value::When)),
    ];
    fields.extend(more);
    let restricted = row.restricted()?;
    let fact = EventFact { id, kind: kind.to_owned(), at, fields: sorted(fields), restricted };
    row.emit(&patient, Incoming::Event(fact))
}

pub(super) fn observation(row: &mut CsvRow<'_, '_>) -> Mapped {
    let code = row.code()?.ok_or_else(|| Reason::missing("code"))?;
    let patient = row.patient()?;
    let at = row.needed_time("time")?;
    let id = row.fact("observation", &patient, &[&code.to_string(), &at.to_string()])?;
    match row.status()?.as_deref() {
        None | Some("final" | "amended" | "corrected") => {}
        Some("registered" | "preliminary" | "cancelled" | "unknown" | IN_ERROR) => {
            return row.emit(&patient, Incoming::Delete { fact: id });
        }
        Some(_) => return Err(bad("status", Expected::Word)),
    }
    let cell = row.text("value")?;
    let value = cell.as_deref().and_then(number);
    // A value that is no number is a text: "positive", "< 5".
    let words = row.text("text")?.or_else(|| cell.filter(|_| value.is_none()));
    let words = words.and_then(|words| bounded(row, &words));
    let fields = sorted([
        ("code", Some(Value::Code(code))),
        ("value", value.map(Value::Number)),
        ("unit", row.words("unit")?.filter(|_| value.is_some())),
        ("text", words),
        ("category", row.words("category")?),
    ]);
    let restricted = row.restricted()?;
    let fact = EventFact { id, kind: "observation".to_owned(), at, fields, restricted };
    row.emit(&patient, Incoming::Event(fact))
}

fn bounded(row: &mut CsvRow<'_, '_>, words: &str) -> Option<Value> {
    if words.len() > LONGEST_TEXT {
        row.warn(Reason::TextTooLong { field: Cow::Borrowed("text") });
        return None;
    }
    Some(Value::Text(words.to_owned()))
}

/// An event of any kind the catalog has, with the fields that kind has.
pub(super) fn event(row: &mut CsvRow<'_, '_>) -> Mapped {
    let patient = row.patient()?;
    let named = text::word(&row.needed("kind")?);
    let catalog = &row.desk.options.catalog;
    let kind = catalog.event(&named).ok_or_else(|| bad("kind", Expected::Word))?;
    let at = row.needed_time("time")?;
    let mut fields: FieldsOf = Vec::new();
    for field in &kind.fields {
        let Some(cell) = row.text(&field.name)? else { continue };
        let cell = match (field.kind, row.text("system")?) {
            (discreet_domain::catalog::Kind::Code, Some(system)) => Cow::Owned(format!("{system}:{cell}")),
            _ => cell,
        };
        let value = value_of(field.kind, &cell, row).ok_or_else(|| bad(&field.name, expected(field.kind)))?;
        if let Value::Code(code) = &value
            && notes::is_forbidden_code(code)
        {
            return Err(Reason::ForbiddenNote);
        }
        let value = if field.values.is_empty() { value } else { known_word(value, &field.values) };
        fields.push((field.name.clone(), value));
    }
    fields.sort_by(|(a, _), (b, _)| a.cmp(b));
    emit_event(row, &patient, named, at, fields)
}

fn emit_event(
    row: &mut CsvRow<'_, '_>,
    patient: &discreet_domain::Identifier,
    kind: String,
    at: When,
    fields: FieldsOf,
) -> Mapped {
    let mut identifying = vec![at.to_string()];
    for name in ["code", "type", "page", "campaign", "link"] {
        identifying.push(row.text(name)?.unwrap_or_default().into_owned());
    }
    let identifying: Vec<&str> = identifying.iter().map(String::as_str).collect();
    let id = row.fact(&kind, patient, &identifying)?;
    if row.flag("deleted")? == Some(true) {
        return row.emit(patient, Incoming::Delete { fact: id });
    }
    let restricted = row.restricted()?;
    row.emit(patient, Incoming::Event(EventFact { id, kind, at, fields, restricted }))
}

/// A word the catalog knows is written as it writes it.
fn known_word(value: Value, known: &[String]) -> Value {
    match value {
        Value::Text(given) => {
            let word = text::word(&given);
            Value::Text(if known.contains(&word) { word } else { given })
        }
        other => other,
    }
}

pub(super) const fn expected(kind: discreet_domain::catalog::Kind) -> Expected {
    use discreet_domain::catalog::Kind;
    match kind {
        Kind::Text => Expected::Text,
        Kind::Number => Expected::Number,
        Kind::Bool => Expected::Bool,
        Kind::Date => Expected::Time,
        Kind::Code => Expected::Code,
        Kind::Set => Expected::List,
        Kind::Zip => Expected::Text,
    }
}
