//! `Immunization`: given, or nothing.

use super::condition::identity;
use super::elements::{Concept, Head, Meta, Reference, Resource, head};
use super::lax::{Lax, Present, Text};
use super::row::{Mapped, Row, Verdict};
use crate::reason::{Expected, Reason};
use crate::record::Incoming;
use discreet_domain::{CodeFact, CodeKind, CodeStatus};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Immunization<'a> {
    #[serde(borrow)]
    id: Lax<Text<'a>>,
    #[serde(borrow)]
    meta: Lax<Meta<'a>>,
    modifier_extension: Lax<Present>,
    implicit_rules: Lax<Present>,
    #[serde(borrow)]
    status: Lax<Text<'a>>,
    #[serde(borrow)]
    vaccine_code: Lax<Concept<'a>>,
    #[serde(borrow)]
    patient: Lax<Reference<'a>>,
    #[serde(borrow)]
    occurrence_date_time: Lax<Text<'a>>,
}

impl<'a> Resource<'a> for Immunization<'a> {
    const KIND: &'static str = "immunization";

    fn head(&self) -> Head<'_, 'a> {
        head!(self, self.vaccine_code.good())
    }

    fn map(&self, row: &mut Row<'_, '_>) -> Mapped {
        let Some(subject) = row.subject(&self.patient, "patient")? else {
            return Ok(Verdict::Skipped("not about a patient"));
        };
        match self.status.text() {
            "completed" => {}
            "not-done" | "entered-in-error" => {
                return row.withdraw(Self::KIND, &subject);
            }
            "" if self.status.is_absent() => return Err(Reason::missing("status")),
            _ => return Err(Reason::bad("status", Expected::Word)),
        }
        let codes = row.codes(&self.vaccine_code, "vaccineCode")?;
        let onset = row.time_if_good(&self.occurrence_date_time, "occurrenceDateTime");
        let identifying = identity(&codes, onset);
        let fact = CodeFact {
            id: row.fact(Self::KIND, &subject, &[&identifying]),
            kind: CodeKind::Immunization,
            codes,
            onset,
            end: None,
            status: CodeStatus::Active,
            restricted: row.restricted,
        };
        row.emit(&subject, Incoming::Code(fact));
        Ok(Verdict::Taken)
    }
}
