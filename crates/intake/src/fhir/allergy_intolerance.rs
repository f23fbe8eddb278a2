//! `AllergyIntolerance`.

use super::condition::{identity, is_refuted, readable};
use super::elements::{Concept, Head, Meta, Period, Reference, Resource, head};
use super::lax::{Lax, Present, Text};
use super::row::{Mapped, Row, Verdict};
use crate::record::Incoming;
use discreet_domain::{CodeFact, CodeKind, CodeStatus};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct AllergyIntolerance<'a> {
    #[serde(borrow)]
    id: Lax<Text<'a>>,
    #[serde(borrow)]
    meta: Lax<Meta<'a>>,
    modifier_extension: Lax<Present>,
    implicit_rules: Lax<Present>,
    #[serde(borrow)]
    clinical_status: Lax<Concept<'a>>,
    #[serde(borrow)]
    verification_status: Lax<Concept<'a>>,
    #[serde(borrow)]
    code: Lax<Concept<'a>>,
    #[serde(borrow)]
    patient: Lax<Reference<'a>>,
    #[serde(borrow)]
    onset_date_time: Lax<Text<'a>>,
    #[serde(borrow)]
    onset_period: Lax<Period<'a>>,
    #[serde(borrow)]
    recorded_date: Lax<Text<'a>>,
}

impl<'a> Resource<'a> for AllergyIntolerance<'a> {
    const KIND: &'static str = "allergy";

    fn head(&self) -> Head<'_, 'a> {
        head!(self, self.code.good())
    }

    fn map(&self, row: &mut Row<'_, '_>) -> Mapped {
        let Some(subject) = row.subject(&self.patient, "patient")? else {
            return Ok(Verdict::Skipped("not about a patient"));
        };
        readable(&self.clinical_status, "clinicalStatus")?;
        readable(&self.verification_status, "verificationStatus")?;
        if is_refuted(&self.verification_status) {
            return row.withdraw(Self::KIND, &subject);
        }
        let codes = row.codes(&self.code, "code")?;
        let onset = row
            .time_if_good(&self.onset_date_time, "onsetDateTime")
            .or_else(|| row.time_if_good(&self.onset_period.good()?.start, "onsetPeriod.start"))
            .or_else(|| row.time_if_good(&self.recorded_date, "recordedDate"));
        let status = match self.clinical_status.good().and_then(Concept::code) {
            Some("active") | None => CodeStatus::Active,
            Some(_) => CodeStatus::Past,
        };
        let identifying = identity(&codes, onset);
        let fact = CodeFact {
            id: row.fact(Self::KIND, &subject, &[&identifying]),
            kind: CodeKind::Allergy,
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
