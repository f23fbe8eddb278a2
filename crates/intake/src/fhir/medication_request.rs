//! `MedicationRequest`: a prescription. What is prescribed stands in it, in a contained Medication, or in a Medication
//! resource read earlier.

use super::condition::identity;
use super::elements::{Concept, Contained, Head, Meta, Reference, Resource, flag, head};
use super::lax::{Flag, Lax, Many, Present, Text};
use super::reference::{Target, target};
use super::row::{Mapped, Row, Verdict};
use crate::reason::{Expected, Reason};
use crate::record::Incoming;
use discreet_domain::{Code, CodeFact, CodeKind, CodeStatus};
use serde::Deserialize;
use std::borrow::Cow;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct MedicationRequest<'a> {
    #[serde(borrow)]
    id: Lax<Text<'a>>,
    #[serde(borrow)]
    meta: Lax<Meta<'a>>,
    modifier_extension: Lax<Present>,
    implicit_rules: Lax<Present>,
    #[serde(borrow)]
    contained: Lax<Many<Contained<'a>>>,
    #[serde(borrow)]
    status: Lax<Text<'a>>,
    #[serde(borrow)]
    intent: Lax<Text<'a>>,
    do_not_perform: Lax<Flag>,
    #[serde(borrow)]
    medication_codeable_concept: Lax<Concept<'a>>,
    #[serde(borrow)]
    medication_reference: Lax<Reference<'a>>,
    #[serde(borrow)]
    subject: Lax<Reference<'a>>,
    #[serde(borrow)]
    authored_on: Lax<Text<'a>>,
}

/// What a status makes of a prescription.
enum State {
    Holds(CodeStatus),
    /// Entered in error, or a draft: no prescription.
    IsNone,
}

impl<'a> Resource<'a> for MedicationRequest<'a> {
    const KIND: &'static str = "medication";

    fn head(&self) -> Head<'_, 'a> {
        head!(self, self.medication_codeable_concept.good())
    }

    fn map(&self, row: &mut Row<'_, '_>) -> Mapped {
        let Some(subject) = row.subject(&self.subject, "subject")? else {
            return Ok(Verdict::Skipped("not about a patient"));
        };
        if self.intent.is_bad() {
            return Err(Reason::bad("intent", Expected::Word));
        }
        // Proposals and the copies of an order (original, reflex, filler, instance) are no prescriptions of their own.
        if !matches!(self.intent.text(), "order" | "plan" | "") {
            return Ok(Verdict::Skipped("MedicationRequest not an order or plan"));
        }
        let forbids = flag(&self.do_not_perform, "doNotPerform")? == Some(true);
        let State::Holds(status) = self.state()? else {
            return row.withdraw(Self::KIND, &subject);
        };
        if forbids {
            return row.withdraw(Self::KIND, &subject);
        }
        let codes = self.codes(row)?;
        let onset = row.time_if_good(&self.authored_on, "authoredOn");
        let identifying = identity(&codes, onset);
        let fact = CodeFact {
            id: row.fact(Self::KIND, &subject, &[&identifying]),
            kind: CodeKind::Medication,
            codes,
            onset,
            end: None,
            status,
            restricted: row.restricted,
        };
        row.emit(&subject, Incoming::Code(fact));
        Ok(Verdict::Taken)
    }
}

impl MedicationRequest<'_> {
    fn state(&self) -> Result<State, Reason> {
        match self.status.text() {
            "active" => Ok(State::Holds(CodeStatus::Active)),
            // On hold is not taken now; it becomes active again when the hold ends.
            "on-hold" | "cancelled" | "completed" | "stopped" | "unknown" => {
                Ok(State::Holds(CodeStatus::Past))
            }
            "draft" | "entered-in-error" => Ok(State::IsNone),
            "" if self.status.is_absent() => Err(Reason::missing("status")),
            _ => Err(Reason::bad("status", Expected::Word)),
        }
    }

    fn codes(&self, row: &mut Row<'_, '_>) -> Result<Vec<Code>, Reason> {
        const FIELD: &str = "medicationReference";
        if !self.medication_codeable_concept.is_absent() {
            return row.codes(&self.medication_codeable_concept, "medicationCodeableConcept");
        }
        let reference = match &self.medication_reference {
            Lax::Absent => return Err(Reason::missing("medication[x]")),
            Lax::Bad => return Err(Reason::bad(FIELD, Expected::Code)),
            Lax::Good(reference) => reference.reference.text(),
        };
        match target(reference, row.index) {
            Target::Contained(id) => {
                match self.contained.each().find(|c| c.id.text().trim_start_matches('#') == id) {
                    Some(medication) => row.codes(&medication.code, "contained Medication.code"),
                    None => Err(Reason::UnresolvedReference { field: Cow::Borrowed(FIELD) }),
                }
            }
            Target::Resource { id, .. } => match row.desk.directory.medication(id) {
                Some(codes) => Ok(codes.to_vec()),
                None => Err(Reason::UnresolvedReference { field: Cow::Borrowed(FIELD) }),
            },
            Target::Unresolved => Err(Reason::UnresolvedReference { field: Cow::Borrowed(FIELD) }),
        }
    }
}
