//! `Observation` → event `observation`; each component is an event of its own, with the time of the whole.

use super::elements::{Concept, Head, Meta, Period, Quantity, Reference, Resource, head};
use super::lax::{Flag, Lax, Many, Number, Present, Text, objects};
use super::row::{Mapped, Row, Verdict, fields, is_forbidden};
use crate::fact_id::part_id;
use crate::limits::{LONGEST_TEXT, LONGEST_WORD};
use crate::reason::{Expected, Reason};
use crate::record::Incoming;
use crate::text;
use discreet_domain::{Code, EventFact, FactId, Identifier, System, Value, When};
use serde::Deserialize;
use std::borrow::Cow;

/// Absent-data reasons that say that nothing was observed at all.
const NEVER_MADE: [&str; 3] = ["not-performed", "not-asked", "not-permitted"];

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Observation<'a> {
    #[serde(borrow)]
    id: Lax<Text<'a>>,
    #[serde(borrow)]
    meta: Lax<Meta<'a>>,
    modifier_extension: Lax<Present>,
    implicit_rules: Lax<Present>,
    #[serde(borrow)]
    status: Lax<Text<'a>>,
    #[serde(borrow)]
    category: Lax<Many<Concept<'a>>>,
    #[serde(borrow)]
    code: Lax<Concept<'a>>,
    #[serde(borrow)]
    subject: Lax<Reference<'a>>,
    #[serde(borrow)]
    effective_date_time: Lax<Text<'a>>,
    #[serde(borrow)]
    effective_instant: Lax<Text<'a>>,
    #[serde(borrow)]
    effective_period: Lax<Period<'a>>,
    #[serde(borrow)]
    issued: Lax<Text<'a>>,
    #[serde(borrow)]
    value_quantity: Lax<Quantity<'a>>,
    #[serde(borrow)]
    value_codeable_concept: Lax<Concept<'a>>,
    #[serde(borrow)]
    value_string: Lax<Text<'a>>,
    value_boolean: Lax<Flag>,
    value_integer: Lax<Number>,
    #[serde(borrow)]
    value_date_time: Lax<Text<'a>>,
    #[serde(borrow)]
    data_absent_reason: Lax<Concept<'a>>,
    #[serde(borrow)]
    component: Lax<Many<Component<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Component<'a> {
    #[serde(borrow)]
    code: Lax<Concept<'a>>,
    #[serde(borrow)]
    value_quantity: Lax<Quantity<'a>>,
    #[serde(borrow)]
    value_codeable_concept: Lax<Concept<'a>>,
    #[serde(borrow)]
    value_string: Lax<Text<'a>>,
    value_boolean: Lax<Flag>,
    value_integer: Lax<Number>,
    #[serde(borrow)]
    value_date_time: Lax<Text<'a>>,
    #[serde(borrow)]
    data_absent_reason: Lax<Concept<'a>>,
}

objects!(Component);

/// `value[x]`, of the whole or of a component.
struct Answer<'r, 'a> {
    quantity: &'r Lax<Quantity<'a>>,
    concept: &'r Lax<Concept<'a>>,
    string: &'r Lax<Text<'a>>,
    boolean: &'r Lax<Flag>,
    integer: &'r Lax<Number>,
    date_time: &'r Lax<Text<'a>>,
    absent: &'r Lax<Concept<'a>>,
}

macro_rules! answer {
    ($of:expr) => {
        Answer {
            quantity: &$of.value_quantity,
            concept: &$of.value_codeable_concept,
            string: &$of.value_string,
            boolean: &$of.value_boolean,
            integer: &$of.value_integer,
            date_time: &$of.value_date_time,
            absent: &$of.data_absent_reason,
        }
    };
}

/// What was found: a number with its unit, or a text, or neither.
#[derive(Default)]
struct Found {
    value: Option<f64>,
    unit: Option<String>,
    text: Option<String>,
}

impl<'a> Resource<'a> for Observation<'a> {
    const KIND: &'static str = "observation";

    fn head(&self) -> Head<'_, 'a> {
        head!(self, self.code.good(), self.category.each())
    }

    fn map(&self, row: &mut Row<'_, '_>) -> Mapped {
        let components = || self.component.each();
        if components().any(|c| c.code.good().is_some_and(is_forbidden)) {
            return Err(Reason::ForbiddenNote);
        }
        let Some(subject) = row.subject(&self.subject, "subject")? else {
            return Ok(Verdict::Skipped("not about a patient"));
        };
        if !self.holds()? {
            drop_components(row, &subject, &self.component);
            return row.withdraw(Self::KIND, &subject);
        }
        let code = chosen(&row.codes(&self.code, "code")?).ok_or_else(|| Reason::missing("code"))?;
        let at = self.at(row)?.ok_or_else(|| Reason::missing("effective[x]"))?;
        let category =
            self.category.first().and_then(Concept::code).and_then(|c| text::clean_owned(c, LONGEST_WORD));
        let found = found(&answer!(self), row)?;
        let id = row.fact(Self::KIND, &subject, &[&code.to_string(), &at.to_string()]);
        let fact = event(id, code, at, category.as_deref(), found, row.restricted);
        row.emit(&subject, Incoming::Event(fact));
        if self.component.any_bad() {
            row.warn(Reason::bad("component", Expected::List));
        }
        let mut seen = Vec::new();
        for component in components() {
            // A component that cannot be read does not cost the others.
            match component_code(row, component, &mut seen) {
                Ok(part) => self.take_component(row, &subject, component, &part, (at, category.as_deref())),
                Err(reason) => row.warn(reason),
            }
        }
        Ok(Verdict::Taken)
    }
}

impl Observation<'_> {
    /// Whether it is an observation: of a final status, and made. Preliminary results become final ones with the same
    /// id; until then they are not known.
    fn holds(&self) -> Result<bool, Reason> {
        match self.status.text() {
            "final" | "amended" | "corrected" => Ok(!is_never_made(&self.data_absent_reason)),
            "registered" | "preliminary" | "cancelled" | "entered-in-error" | "unknown" => Ok(false),
            "" if self.status.is_absent() => Err(Reason::missing("status")),
            _ => Err(Reason::bad("status", Expected::Word)),
        }
    }

    fn at(&self, row: &Row<'_, '_>) -> Result<Option<When>, Reason> {
        let times =
            [(&self.effective_date_time, "effectiveDateTime"), (&self.effective_instant, "effectiveInstant")];
        for (time, field) in times {
            if let Some(when) = row.time(time, field)? {
                return Ok(Some(when));
            }
        }
        if let Some(period) = self.effective_period.good()
            && let Some(when) = row.time(&period.start, "effectivePeriod.start")?
        {
            return Ok(Some(when));
        }
        row.time(&self.issued, "issued")
    }

    fn take_component(
        &self,
        row: &mut Row<'_, '_>,
        subject: &Identifier,
        component: &Component<'_>,
        part: &Part,
        (at, category): (When, Option<&str>),
    ) {
        let id = part.id(row, subject, at);
        if is_never_made(&component.data_absent_reason) {
            row.emit(subject, Incoming::Delete { fact: id });
            return;
        }
        match found(&answer!(component), row) {
            Ok(found) => {
                let fact = event(id, part.code.clone(), at, category, found, row.restricted);
                row.emit(subject, Incoming::Event(fact));
            }
            Err(reason) => row.warn(reason),
        }
    }
}

/// A component, by its code; the second of the same code is told apart.
struct Part {
    code: Code,
    occurrence: usize,
}

impl Part {
    fn id(&self, row: &Row<'_, '_>, subject: &Identifier, at: When) -> FactId {
        let mut part = self.code.to_string();
        if self.occurrence > 0 {
            part = format!("{part}#{}", self.occurrence);
        }
        match &row.external {
            Some(id) => part_id(&row.desk.options.source, Observation::KIND, id, &part),
            None => row.fact(Observation::KIND, subject, &[&part, &at.to_string()]),
        }
    }
}

fn component_code(
    row: &mut Row<'_, '_>,
    component: &Component<'_>,
    seen: &mut Vec<Code>,
) -> Result<Part, Reason> {
    let code = chosen(&row.codes(&component.code, "component.code")?);
    let code = code.ok_or_else(|| Reason::missing("component.code"))?;
    let occurrence = seen.iter().filter(|known| **known == code).count();
    seen.push(code.clone());
    Ok(Part { code, occurrence })
}

/// Takes back what the components of an observation said that no longer holds.
fn drop_components(row: &mut Row<'_, '_>, subject: &Identifier, components: &Lax<Many<Component<'_>>>) {
    if row.external.is_none() {
        return;
    }
    let mut seen = Vec::new();
    for component in components.each() {
        if let Ok(part) = component_code(row, component, &mut seen) {
            let fact = part.id(row, subject, When::Year(0));
            row.emit(subject, Incoming::Delete { fact });
        }
    }
}

fn is_never_made(absent: &Lax<Concept<'_>>) -> bool {
    absent.good().and_then(Concept::code).is_some_and(|code| NEVER_MADE.contains(&code))
}

/// The code an event is known by: LOINC if there is one, for segments are written in it; else the first.
fn chosen(codes: &[Code]) -> Option<Code> {
    codes.iter().find(|code| code.system == System::Loinc).or_else(|| codes.first()).cloned()
}

fn event(
    id: FactId,
    code: Code,
    at: When,
    category: Option<&str>,
    found: Found,
    restricted: bool,
) -> EventFact {
    EventFact {
        id,
        kind: Observation::KIND.to_owned(),
        at,
        fields: fields([
            ("code", Some(Value::Code(code))),
            ("value", found.value.map(Value::Number)),
            ("unit", found.unit.map(Value::Text)),
            ("text", found.text.map(Value::Text)),
            ("category", category.map(|c| Value::Text(c.to_owned()))),
        ]),
        restricted,
    }
}

fn found(answer: &Answer<'_, '_>, row: &mut Row<'_, '_>) -> Result<Found, Reason> {
    if !answer.absent.is_absent() {
        return Ok(Found::default());
    }
    match answer.quantity {
        Lax::Good(quantity) => return measured(quantity),
        Lax::Bad => return Err(Reason::bad("valueQuantity", Expected::Object)),
        Lax::Absent => {}
    }
    match answer.integer {
        Lax::Good(Number(value)) => return Ok(Found { value: Some(*value), ..Found::default() }),
        Lax::Bad => return Err(Reason::bad("valueInteger", Expected::Number)),
        Lax::Absent => {}
    }
    let words = match (answer.concept.good(), answer.boolean) {
        (Some(concept), _) => concept.words().unwrap_or(""),
        (None, Lax::Good(Flag(true))) => "yes",
        (None, Lax::Good(Flag(false))) => "no",
        (None, _) if !answer.string.is_absent() => answer.string.text(),
        (None, _) => answer.date_time.text(),
    };
    if text::too_long(words, LONGEST_TEXT) {
        row.warn(Reason::TextTooLong { field: Cow::Borrowed("value[x]") });
    }
    Ok(Found { text: text::clean_owned(words, LONGEST_TEXT), ..Found::default() })
}

/// A quantity. With a comparator (`< 5`) it is a bound and no value: it is kept as text, so that no test on numbers
/// takes it for one.
fn measured(quantity: &Quantity<'_>) -> Result<Found, Reason> {
    let value = match quantity.value {
        Lax::Good(Number(value)) => Some(value),
        Lax::Absent => None,
        Lax::Bad => return Err(Reason::bad("valueQuantity.value", Expected::Number)),
    };
    // The UCUM code, for it has one spelling; the unit as printed where there is none.
    let unit = text::clean_owned(quantity.code.text(), LONGEST_WORD)
        .or_else(|| text::clean_owned(quantity.unit.text(), LONGEST_WORD));
    match (quantity.comparator.text(), value) {
        ("", value) if quantity.comparator.is_absent() => {
            Ok(Found { unit: value.and(unit), value, text: None })
        }
        (comparator @ ("<" | "<=" | ">" | ">=" | "ad"), Some(value)) => {
            Ok(Found { value: None, unit, text: Some(format!("{comparator} {value}")) })
        }
        (_, None) => Ok(Found::default()),
        _ => Err(Reason::bad("valueQuantity.comparator", Expected::Word)),
    }
}
