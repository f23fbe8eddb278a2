//! Coverages, consents, interests, and names tables.

use super::plan::bad;
use super::row::{CsvRow, Mapped, set_words};
use crate::fhir::Verdict;
use crate::reason::{Expected, Reason};
use crate::record::{AttributePart, ConsentRow, Incoming};
use crate::vocabulary::payer_of_text;
use discreet_domain::catalog::Kind;
use discreet_domain::{Channel, Phi, Timestamp, Topic, Value, When};

/// The attribute that words of `interests.csv` go to unless another is named.
const INTERESTS: &str = "interests";

pub(super) fn coverage(row: &mut CsvRow<'_, '_>) -> Mapped {
    let patient = row.patient()?;
    let active = match row.status()?.as_deref() {
        None | Some("active") => true,
        Some("cancelled" | "draft" | "entered_in_error") => false,
        Some(_) => return Err(bad("status", Expected::Word)),
    };
    let payer = row.needed("payer")?;
    let payer = payer_of_text(&payer, true).unwrap_or("other").to_owned();
    let (since, until) = (row.time("start")?, row.time("end")?);
    // A new payer without a plan says that the plan of the old one does not hold either.
    for (name, value) in [("payer", Some(payer)), ("plan", row.word("plan")?)] {
        let value = value.filter(|_| active).map(Value::Text);
        let part = AttributePart { name: name.to_owned(), value, since, until };
        row.emit(&patient, Incoming::Attribute(part))?;
    }
    Ok(Verdict::Taken)
}

pub(super) fn consent(row: &mut CsvRow<'_, '_>) -> Mapped {
    let patient = row.patient()?;
    let topic = row.needed("topic")?;
    let topic = Topic::parse(&topic).map_err(|_| bad("topic", Expected::Topic))?;
    let channel = row.needed("channel")?;
    let channel = Channel::parse(&channel).ok_or_else(|| bad("channel", Expected::Channel))?;
    let granted = match row.needed("action")?.to_lowercase().as_str() {
        "granted" => true,
        "withdrawn" => false,
        _ => return Err(bad("action", Expected::Word)),
    };
    let at = act_time(row.needed_time("time")?, granted, row)?;
    let consent = ConsentRow {
        topic,
        channel,
        granted,
        at,
        text_version: row.word("text_version")?,
        method: row.word("method")?,
        evidence: Phi::new(row.text("evidence")?.map(std::borrow::Cow::into_owned)),
    };
    row.emit(&patient, Incoming::Consent(consent))
}

/// The instant of an act. Of one known to the day, a grant counts from the day's first instant and a withdrawal to its
/// last, so that the withdrawal wins. A month or a year is no time to prove a consent with.
fn act_time(when: When, granted: bool, row: &CsvRow<'_, '_>) -> Result<Timestamp, Reason> {
    if !when.is_exact() {
        return Err(bad("time", Expected::Time));
    }
    let (first, after) = when.span(&row.desk.options.zone);
    let last = Timestamp::from_micros(after.micros().saturating_sub(1));
    Ok(if granted { first } else { last })
}

pub(super) fn interest(row: &mut CsvRow<'_, '_>) -> Mapped {
    let patient = row.patient()?;
    let name = row.text("attribute")?.map_or_else(|| INTERESTS.to_owned(), |name| name.to_lowercase());
    let is_set = row.desk.options.catalog.attribute(&name).is_some_and(|a| a.kind == Kind::Set);
    if !is_set {
        return Err(bad("attribute", Expected::Word));
    }
    let words = row.needed("words")?;
    let words = set_words(&words).ok_or_else(|| bad("words", Expected::List))?;
    row.emit(&patient, Incoming::AddToSet { name, words })
}

/// A row of a names table: remembered, for the look-ups of other files.
pub(super) fn name(row: &mut CsvRow<'_, '_>, table: &str) -> Mapped {
    let (id, name) = (row.needed("id")?, row.word("name")?);
    if let Some(name) = name {
        row.desk.directory.put_name(table, &id, name);
    }
    Ok(Verdict::Skipped("row of a names file"))
}
