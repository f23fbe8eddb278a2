//! `Appointment` and `Encounter`: what was booked, and what took place.

use super::systems::ICD10;
use super::types::{
    ACT_CODE, Coding, Concept, Id, Period, Reference, Shown, ToPatient, ToPlace, VISIT_TYPES, to,
};
use crate::model::{Problem, Status, Visit};
use crate::tables::staff::{CLINICIANS, SITES};
use discreet_domain::Timestamp;
use serde::Serialize;
use std::fmt::{self, Display};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Appointment<'a> {
    resource_type: &'static str,
    id: Id,
    status: &'static str,
    service_type: [Concept<'a>; 1],
    start: Shown<Timestamp>,
    end: Shown<Timestamp>,
    participant: (Attendee<ToPatient>, Attendee<ToPlace>, Attendee<ToPlace>),
}

#[derive(Serialize)]
struct Attendee<T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<T>,
    status: &'static str,
}

fn clinician(visit: &Visit) -> Option<ToPlace> {
    CLINICIANS.get(visit.clinician).map(|c| to("Practitioner", c.id, c.name))
}
fn location(visit: &Visit) -> Option<ToPlace> {
    SITES.get(visit.clinician / 2).map(|s| to("Location", s.id, s.name))
}
fn end(visit: &Visit) -> Timestamp {
    visit.start.plus_seconds(i64::from(visit.kind.minutes) * 60)
}

/// What was booked; nothing for the emergency room.
pub(crate) fn appointment(patient: u32, number: usize, visit: &Visit) -> Option<impl Serialize> {
    let status = match visit.status {
        Status::Booked => "booked",
        Status::Fulfilled => "fulfilled",
        Status::Cancelled => "cancelled",
        Status::NoShow => "noshow",
    };
    let attends = if visit.status == Status::Cancelled { "declined" } else { "accepted" };
    let appointment = Appointment {
        resource_type: "Appointment",
        id: Id { prefix: "apt", patient, number },
        status,
        service_type: [Concept::new(VISIT_TYPES, visit.kind.code, visit.kind.words)],
        start: Shown(visit.start),
        end: Shown(end(visit)),
        participant: (
            Attendee { actor: Some(ToPatient(patient)), status: attends },
            Attendee { actor: clinician(visit), status: "accepted" },
            Attendee { actor: location(visit), status: "accepted" },
        ),
    };
    (!visit.emergency).then_some(appointment)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Encounter<'a> {
    resource_type: &'static str,
    id: Id,
    status: &'static str,
    class: Coding<'a>,
    r#type: [Concept<'a>; 1],
    subject: ToPatient,
    participant: [Participant; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    appointment: Option<[Reference<'static, ToAppointment>; 1]>,
    period: Period<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason_code: Option<[Concept<'a>; 1]>,
    location: [Where; 1],
}

#[derive(Serialize)]
struct Participant {
    #[serde(skip_serializing_if = "Option::is_none")]
    individual: Option<ToPlace>,
}

#[derive(Serialize)]
struct Where {
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<ToPlace>,
}

struct ToAppointment(Id);

impl Display for ToAppointment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Appointment/{}", self.0)
    }
}

/// What took place, if it did.
pub(crate) fn encounter<'a>(
    patient: u32,
    number: usize,
    visit: &Visit,
    problems: &'a [Problem],
) -> Option<impl Serialize + use<'a>> {
    let class = match (visit.emergency, visit.kind.by_video) {
        (true, _) => "EMER",
        (_, true) => "VR",
        _ => "AMB",
    };
    let reason = visit.reason.and_then(|at| problems.get(at));
    let booked =
        Reference { reference: Shown(ToAppointment(Id { prefix: "apt", patient, number })), display: None };
    let encounter = Encounter {
        resource_type: "Encounter",
        id: Id { prefix: "enc", patient, number },
        status: "finished",
        class: Coding { system: ACT_CODE, code: class, display: None },
        r#type: [Concept::new(VISIT_TYPES, visit.kind.code, visit.kind.words)],
        subject: ToPatient(patient),
        participant: [Participant { individual: clinician(visit) }],
        appointment: (!visit.emergency).then_some([booked]),
        period: Period { start: Some(Shown(visit.start)), end: Some(Shown(end(visit))) },
        reason_code: reason.map(|p| [Concept::new(ICD10, p.code, p.words)]),
        location: [Where { location: location(visit) }],
    };
    (visit.status == Status::Fulfilled).then_some(encounter)
}
