//! `Encounter` → event `encounter`.

use super::elements::{Coding, Concept, Head, Meta, Period, Reference, Resource, head};
use super::lax::{Lax, Many, Present, Text, objects};
use super::row::{Mapped, Row, Verdict, fields};
use crate::limits::LONGEST_WORD;
use crate::reason::{Expected, Reason};
use crate::record::Incoming;
use crate::text;
use discreet_domain::{EventFact, Value};
use serde::Deserialize;

const STATUSES: [&str; 8] =
    ["planned", "arrived", "triaged", "in-progress", "onleave", "finished", "cancelled", "unknown"];

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Encounter<'a> {
    #[serde(borrow)]
    id: Lax<Text<'a>>,
    #[serde(borrow)]
    meta: Lax<Meta<'a>>,
    modifier_extension: Lax<Present>,
    implicit_rules: Lax<Present>,
    #[serde(borrow)]
    status: Lax<Text<'a>>,
    #[serde(borrow)]
    class: Lax<Coding<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Lax<Many<Concept<'a>>>,
    #[serde(borrow)]
    service_type: Lax<Concept<'a>>,
    #[serde(borrow)]
    subject: Lax<Reference<'a>>,
    #[serde(borrow)]
    participant: Lax<Many<Participant<'a>>>,
    #[serde(borrow)]
    period: Lax<Period<'a>>,
    #[serde(borrow)]
    reason_code: Lax<Many<Concept<'a>>>,
    #[serde(borrow)]
    location: Lax<Many<Place<'a>>>,
    #[serde(borrow)]
    service_provider: Lax<Reference<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Participant<'a> {
    #[serde(borrow)]
    individual: Lax<Reference<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Place<'a> {
    #[serde(borrow)]
    location: Lax<Reference<'a>>,
}

objects!(Participant, Place);

impl<'a> Resource<'a> for Encounter<'a> {
    const KIND: &'static str = "encounter";

    fn head(&self) -> Head<'_, 'a> {
        head!(self, self.kind.each(), self.service_type.good())
    }

    fn map(&self, row: &mut Row<'_, '_>) -> Mapped {
        let Some(subject) = row.subject(&self.subject, "subject")? else {
            return Ok(Verdict::Skipped("not about a patient"));
        };
        let status = match self.status.text() {
            "entered-in-error" => return row.withdraw(Self::KIND, &subject),
            "" if self.status.is_absent() => return Err(Reason::missing("status")),
            status if STATUSES.contains(&status) => status_word(status),
            _ => return Err(Reason::bad("status", Expected::Word)),
        };
        let period = self.period.good().ok_or_else(|| Reason::missing("period"))?;
        let at = row.time(&period.start, "period.start")?.ok_or_else(|| Reason::missing("period.start"))?;
        let end = row.time_if_good(&period.end, "period.end");
        let code = self.kind.each().find_map(|kind| row.codings(kind).into_iter().next());
        let fact = EventFact {
            id: row.fact(Self::KIND, &subject, &[&at.to_string()]),
            kind: Self::KIND.to_owned(),
            at,
            fields: fields([
                ("status", Some(Value::Text(status))),
                ("class", self.class.good().and_then(class_word).map(Value::Text)),
                ("type", row.first_words(&self.kind).or_else(|| row.words(&self.service_type))),
                ("provider", self.provider(row).map(Value::Text)),
                ("site", self.site(row).map(Value::Text)),
                ("reason", row.first_words(&self.reason_code)),
                ("end", end.map(Value::When)),
                ("code", code.map(Value::Code)),
            ]),
            restricted: row.restricted,
        };
        row.emit(&subject, Incoming::Event(fact));
        Ok(Verdict::Taken)
    }
}

impl Encounter<'_> {
    fn provider(&self, row: &Row<'_, '_>) -> Option<String> {
        let mut individuals = self.participant.each().filter_map(|p| p.individual.good());
        individuals.find_map(|who| row.called(who, &["Practitioner", "PractitionerRole"]))
    }

    /// The place, else the organization.
    fn site(&self, row: &Row<'_, '_>) -> Option<String> {
        let mut places = self.location.each().filter_map(|l| l.location.good());
        places
            .find_map(|place| row.called(place, &["Location"]))
            .or_else(|| row.called(self.service_provider.good()?, &["Organization"]))
    }
}

/// The catalog's word for a status.
pub(crate) fn status_word(status: &str) -> String {
    match status {
        "onleave" => "on_leave".to_owned(),
        other => text::word(other),
    }
}

/// The catalog's word for a class of `v3-ActCode`; another class by its display, or its code.
fn class_word(class: &Coding<'_>) -> Option<String> {
    let word = match class.code.text() {
        "AMB" => "ambulatory",
        "EMER" => "emergency",
        "IMP" | "ACUTE" | "NONAC" => "inpatient",
        "VR" => "virtual",
        "HH" => "home",
        "OBSENC" => "observation",
        code => {
            let display = text::clean(class.display.text(), LONGEST_WORD);
            return display.or_else(|| text::clean(code, LONGEST_WORD)).map(|words| text::word(&words));
        }
    };
    Some(word.to_owned())
}
