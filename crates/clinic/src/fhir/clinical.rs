//! What was found and done: `Condition`, `MedicationRequest`, `Procedure`, `Immunization`, `AllergyIntolerance`,
//! `CarePlan`.

use super::systems::{CPT, CVX, ICD10, RXNORM, SNOMED};
use super::types::{Concept, Id, Meta, Period, SUBSTANCE_USE, Shown, ToPatient};
use crate::model::{Allergy, Done, FollowedPlan, Prescription, Problem};
use crate::tables::ailments::Kind;
use discreet_domain::Day;
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Condition<'a> {
    resource_type: &'static str,
    id: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<Meta>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clinical_status: Option<Concept<'a>>,
    verification_status: Concept<'a>,
    category: [Concept<'a>; 1],
    code: Concept<'a>,
    subject: ToPatient,
    onset_date_time: Shown<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    abatement_date_time: Option<Shown<Day>>,
}

/// A problem.
pub(crate) fn condition(patient: u32, number: usize, problem: &Problem) -> impl Serialize {
    const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/condition-category";
    const CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";
    const VERIFIED: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
    let status = if problem.end.is_some() { "resolved" } else { "active" };
    let verified = if problem.in_error { "entered-in-error" } else { "confirmed" };
    Condition {
        resource_type: "Condition",
        id: Id { prefix: "con", patient, number },
        meta: substance_use(problem.ailment.kind),
        clinical_status: (!problem.in_error).then(|| Concept::status(CLINICAL, status)),
        verification_status: Concept::status(VERIFIED, verified),
        category: [Concept::status(CATEGORY, "problem-list-item")],
        code: Concept::new(ICD10, problem.code, problem.words),
        subject: ToPatient(patient),
        onset_date_time: Shown(problem.onset),
        abatement_date_time: problem.end.map(Shown),
    }
}

fn substance_use(kind: Kind) -> Option<Meta> {
    matches!(kind, Kind::Alcohol | Kind::Opioids).then_some(SUBSTANCE_USE)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MedicationRequest<'a> {
    resource_type: &'static str,
    id: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<Meta>,
    status: &'static str,
    intent: &'static str,
    medication_codeable_concept: Concept<'a>,
    subject: ToPatient,
    authored_on: Shown<Day>,
}

/// A prescription.
pub(crate) fn medication_request(patient: u32, number: usize, given: &Prescription) -> impl Serialize {
    MedicationRequest {
        resource_type: "MedicationRequest",
        id: Id { prefix: "med", patient, number },
        meta: substance_use(given.drug.with),
        status: if given.stopped { "stopped" } else { "active" },
        intent: "order",
        medication_codeable_concept: Concept::new(RXNORM, given.drug.code, given.drug.words),
        subject: ToPatient(patient),
        authored_on: Shown(given.since),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Procedure<'a> {
    resource_type: &'static str,
    id: Id,
    status: &'static str,
    code: Concept<'a>,
    subject: ToPatient,
    performed_date_time: Shown<Day>,
}

/// Something done.
pub(crate) fn procedure(patient: u32, number: usize, done: &Done) -> impl Serialize {
    Procedure {
        resource_type: "Procedure",
        id: Id { prefix: "pro", patient, number },
        status: "completed",
        code: Concept::new(CPT, done.code, done.words),
        subject: ToPatient(patient),
        performed_date_time: Shown(done.on),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Immunization<'a> {
    resource_type: &'static str,
    id: Id,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_reason: Option<Concept<'a>>,
    vaccine_code: Concept<'a>,
    patient: ToPatient,
    occurrence_date_time: Shown<Day>,
    primary_source: bool,
}

/// A dose, given or refused.
pub(crate) fn immunization(patient: u32, number: usize, dose: &Done) -> impl Serialize {
    const REASON: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
    Immunization {
        resource_type: "Immunization",
        id: Id { prefix: "imm", patient, number },
        status: if dose.refused { "not-done" } else { "completed" },
        status_reason: dose.refused.then(|| Concept::new(REASON, "PATOBJ", "patient objection")),
        vaccine_code: Concept::new(CVX, dose.code, dose.words),
        patient: ToPatient(patient),
        occurrence_date_time: Shown(dose.on),
        primary_source: true,
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AllergyIntolerance<'a> {
    resource_type: &'static str,
    id: Id,
    clinical_status: Concept<'a>,
    verification_status: Concept<'a>,
    category: [&'static str; 1],
    code: Concept<'a>,
    patient: ToPatient,
    recorded_date: Shown<Day>,
}

/// A known allergy.
pub(crate) fn allergy(patient: u32, number: usize, allergy: &Allergy) -> impl Serialize {
    const CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
    const VERIFIED: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";
    let (_, code, drug, words, category) = allergy.row;
    AllergyIntolerance {
        resource_type: "AllergyIntolerance",
        id: Id { prefix: "alg", patient, number },
        clinical_status: Concept::status(CLINICAL, "active"),
        verification_status: Concept::status(VERIFIED, "confirmed"),
        category: [category],
        code: Concept::new(if *drug { RXNORM } else { SNOMED }, code, words),
        patient: ToPatient(patient),
        recorded_date: Shown(allergy.since),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CarePlan<'a> {
    resource_type: &'static str,
    id: Id,
    status: &'static str,
    intent: &'static str,
    category: [Concept<'a>; 2],
    title: &'a str,
    subject: ToPatient,
    period: Period<Day>,
}

/// A plan followed.
pub(crate) fn care_plan(patient: u32, number: usize, plan: &FollowedPlan) -> impl Serialize {
    const CATEGORY: &str = "http://hl7.org/fhir/us/core/CodeSystem/careplan-category";
    CarePlan {
        resource_type: "CarePlan",
        id: Id { prefix: "pla", patient, number },
        status: if plan.over { "completed" } else { "active" },
        intent: "plan",
        category: [Concept::status(CATEGORY, "assess-plan"), Concept::new(SNOMED, plan.code, plan.words)],
        title: plan.words,
        subject: ToPatient(patient),
        period: Period { start: Some(Shown(plan.since)), end: None },
    }
}
