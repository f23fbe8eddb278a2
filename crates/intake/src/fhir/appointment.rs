//! `Appointment` → event `appointment`, one for each patient who takes part.

use super::elements::{Concept, Head, Meta, Period, Reference, Resource, head};
use super::lax::{Lax, Many, Present, Text, objects};
use super::reference::{Target, target};
use super::row::{Mapped, Row, Verdict, fields};
use crate::reason::{Expected, Reason};
use crate::record::Incoming;
use crate::text;
use discreet_domain::{EventFact, Identifier, Value, When};
use serde::Deserialize;

const STATUSES: [&str; 9] = [
    "proposed",
    "pending",
    "booked",
    "arrived",
    "fulfilled",
    "cancelled",
    "noshow",
    "checked-in",
    "waitlist",
];
const WITH_TIME_UNKNOWN: [&str; 4] = ["proposed", "pending", "cancelled", "waitlist"];

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Appointment<'a> {
    #[serde(borrow)]
    id: Lax<Text<'a>>,
    #[serde(borrow)]
    meta: Lax<Meta<'a>>,
    modifier_extension: Lax<Present>,
    implicit_rules: Lax<Present>,
    #[serde(borrow)]
    status: Lax<Text<'a>>,
    #[serde(borrow)]
    appointment_type: Lax<Concept<'a>>,
    #[serde(borrow)]
    service_type: Lax<Many<Concept<'a>>>,
    #[serde(borrow)]
    reason_code: Lax<Many<Concept<'a>>>,
    #[serde(borrow)]
    start: Lax<Text<'a>>,
    #[serde(borrow)]
    end: Lax<Text<'a>>,
    #[serde(borrow)]
    requested_period: Lax<Many<Period<'a>>>,
    #[serde(borrow)]
    participant: Lax<Many<Participant<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Participant<'a> {
    #[serde(borrow)]
    actor: Lax<Reference<'a>>,
    #[serde(borrow)]
    status: Lax<Text<'a>>,
}

objects!(Participant);

impl<'a> Resource<'a> for Appointment<'a> {
    const KIND: &'static str = "appointment";

    fn head(&self) -> Head<'_, 'a> {
        head!(self, self.appointment_type.good(), self.service_type.each())
    }

    fn map(&self, row: &mut Row<'_, '_>) -> Mapped {
        let patients = self.patients(row)?;
        let status = self.status.text();
        if status == "entered-in-error" {
            return withdraw_all(row, &patients);
        }
        if self.status.is_absent() {
            return Err(Reason::missing("status"));
        }
        if !STATUSES.contains(&status) {
            return Err(Reason::bad("status", Expected::Word));
        }
        let Some(at) = self.at(row, status)? else {
            // FHIR lets it be without a time. Whatever time was known before does not hold any more.
            return withdraw_all(row, &patients);
        };
        let end = row.time_if_good(&self.end, "end");
        for (patient, declined) in &patients {
            let status = if *declined { "cancelled" } else { status };
            let fact = self.event(row, patient, status, at, end);
            row.emit(patient, Incoming::Event(fact));
        }
        Ok(Verdict::Taken)
    }
}

fn withdraw_all(row: &mut Row<'_, '_>, patients: &[(Identifier, bool)]) -> Mapped {
    for (patient, _) in patients {
        row.withdraw(Appointment::KIND, patient)?;
    }
    Ok(Verdict::Taken)
}

impl Appointment<'_> {
    /// The patients who take part, and whether they declined: such a visit will not be.
    fn patients(&self, row: &Row<'_, '_>) -> Result<Vec<(Identifier, bool)>, Reason> {
        if self.participant.is_absent() {
            return Err(Reason::missing("participant"));
        }
        let mut patients: Vec<(Identifier, bool)> = Vec::new();
        let mut unresolved = self.participant.any_bad();
        for participant in self.participant.each().filter(|p| p.actor.good().is_some()) {
            match row.subject(&participant.actor, "participant.actor") {
                Ok(Some(patient)) if is_patient(&participant.actor, row) => {
                    let declined = participant.status.text() == "declined";
                    if !patients.iter().any(|(known, _)| *known == patient) {
                        patients.push((patient, declined));
                    }
                }
                Ok(_) => {}
                Err(_) => unresolved |= may_be_patient(&participant.actor),
            }
        }
        match (patients.is_empty(), unresolved) {
            (true, true) => Err(Reason::UnresolvedSubject),
            (true, false) => Err(Reason::missing("participant.actor of type Patient")),
            (false, _) => Ok(patients),
        }
    }

    fn at(&self, row: &Row<'_, '_>, status: &str) -> Result<Option<When>, Reason> {
        if let Some(start) = row.time(&self.start, "start")? {
            return Ok(Some(start));
        }
        let asked = self.requested_period.first().map(|period| &period.start);
        if let Some(start) = asked
            && let Some(start) = row.time(start, "requestedPeriod.start")?
        {
            return Ok(Some(start));
        }
        if WITH_TIME_UNKNOWN.contains(&status) { Ok(None) } else { Err(Reason::missing("start")) }
    }

    fn event(
        &self,
        row: &Row<'_, '_>,
        patient: &Identifier,
        status: &str,
        at: When,
        end: Option<When>,
    ) -> EventFact {
        let status = match status {
            "noshow" => "no_show".to_owned(),
            other => text::word(other),
        };
        EventFact {
            id: row.fact(Self::KIND, patient, &[&at.to_string()]),
            kind: Self::KIND.to_owned(),
            at,
            fields: fields([
                ("status", Some(Value::Text(status))),
                ("type", row.words(&self.appointment_type).or_else(|| row.first_words(&self.service_type))),
                ("provider", self.actor(row, &["Practitioner", "PractitionerRole"])),
                ("site", self.actor(row, &["Location", "HealthcareService"])),
                ("reason", row.first_words(&self.reason_code)),
                ("end", end.map(Value::When)),
            ]),
            restricted: row.restricted,
        }
    }

    /// What the first actor of one of these types is called.
    fn actor(&self, row: &Row<'_, '_>, kinds: &[&str]) -> Option<Value> {
        let actors = self.participant.each().filter_map(|p| p.actor.good());
        let mut actors =
            actors.filter(|actor| kind_of(actor, row).is_some_and(|k| kinds.contains(&k.as_str())));
        actors.find_map(|actor| row.called(actor, kinds)).map(Value::Text)
    }
}

/// The type of an actor; of a conditional reference the part before its query.
fn kind_of(actor: &Reference<'_>, row: &Row<'_, '_>) -> Option<String> {
    let text = actor.reference.text();
    match target(text, row.index) {
        Target::Resource { kind: Some(kind), .. } => Some(kind.to_owned()),
        _ if !actor.kind.text().is_empty() => Some(actor.kind.text().to_owned()),
        _ => text.split_once('?').map(|(kind, _)| kind.to_owned()),
    }
}

/// An actor behind a bare `urn:uuid:` can be anybody: it is a patient only if said to be.
fn is_patient(actor: &Lax<Reference<'_>>, row: &Row<'_, '_>) -> bool {
    actor.good().and_then(|actor| kind_of(actor, row)).is_some_and(|kind| kind == "Patient")
}

fn may_be_patient(actor: &Lax<Reference<'_>>) -> bool {
    actor.good().is_none_or(|actor| {
        let text = actor.reference.text();
        let said = actor.kind.text();
        (text.is_empty() && matches!(said, "" | "Patient"))
            || text.starts_with("Patient")
            || text.starts_with('#')
    })
}
