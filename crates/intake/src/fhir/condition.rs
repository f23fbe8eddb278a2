//! `Condition`.

use super::elements::{Concept, Head, Meta, Period, Reference, Resource, head};
use super::lax::{Lax, Present, Text};
use super::row::{Mapped, Row, Verdict};
use crate::reason::{Expected, Reason};
use crate::record::Incoming;
use discreet_domain::{CodeFact, CodeKind, CodeStatus, When};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Condition<'a> {
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
    subject: Lax<Reference<'a>>,
    #[serde(borrow)]
    onset_date_time: Lax<Text<'a>>,
    #[serde(borrow)]
    onset_period: Lax<Period<'a>>,
    #[serde(borrow)]
    abatement_date_time: Lax<Text<'a>>,
    #[serde(borrow)]
    abatement_period: Lax<Period<'a>>,
    abatement_string: Lax<Present>,
    abatement_age: Lax<Present>,
    abatement_range: Lax<Present>,
    #[serde(borrow)]
    recorded_date: Lax<Text<'a>>,
}

impl<'a> Resource<'a> for Condition<'a> {
    const KIND: &'static str = "condition";

    fn head(&self) -> Head<'_, 'a> {
        head!(self, self.code.good())
    }

    fn map(&self, row: &mut Row<'_, '_>) -> Mapped {
        let Some(subject) = row.subject(&self.subject, "subject")? else {
            return Ok(Verdict::Skipped("not about a patient"));
        };
        readable(&self.clinical_status, "clinicalStatus")?;
        readable(&self.verification_status, "verificationStatus")?;
        if is_refuted(&self.verification_status) {
            return row.withdraw(Self::KIND, &subject);
        }
        let codes = row.codes(&self.code, "code")?;
        let onset = self.onset(row);
        let end = self.abatement(row);
        let identifying = identity(&codes, onset);
        let fact = CodeFact {
            id: row.fact(Self::KIND, &subject, &[&identifying]),
            kind: CodeKind::Condition,
            codes,
            onset,
            end,
            status: self.status(),
            restricted: row.restricted,
        };
        row.emit(&subject, Incoming::Code(fact));
        Ok(Verdict::Taken)
    }
}

impl Condition<'_> {
    /// Onset, else the date it was recorded: by then it had begun.
    fn onset(&self, row: &mut Row<'_, '_>) -> Option<When> {
        row.time_if_good(&self.onset_date_time, "onsetDateTime")
            .or_else(|| row.time_if_good(&self.onset_period.good()?.start, "onsetPeriod.start"))
            .or_else(|| row.time_if_good(&self.recorded_date, "recordedDate"))
    }

    fn abatement(&self, row: &mut Row<'_, '_>) -> Option<When> {
        row.time_if_good(&self.abatement_date_time, "abatementDateTime")
            .or_else(|| row.time_if_good(&self.abatement_period.good()?.end, "abatementPeriod.end"))
    }

    fn status(&self) -> CodeStatus {
        match self.clinical_status.good().and_then(Concept::code) {
            Some("active" | "recurrence" | "relapse") => CodeStatus::Active,
            Some(_) => CodeStatus::Past,
            // No status at all: it holds unless an end of any form is given.
            None if self.has_abated() => CodeStatus::Past,
            None => CodeStatus::Active,
        }
    }

    fn has_abated(&self) -> bool {
        !(self.abatement_date_time.is_absent()
            && self.abatement_period.is_absent()
            && self.abatement_string.is_absent()
            && self.abatement_age.is_absent()
            && self.abatement_range.is_absent())
    }
}

/// A status that is there and cannot be read may say that it is over, or never was.
pub(crate) fn readable(status: &Lax<Concept<'_>>, field: &'static str) -> Result<(), Reason> {
    if status.is_bad() { Err(Reason::bad(field, Expected::Object)) } else { Ok(()) }
}

/// Entered in error, or refuted: the patient does not have it.
pub(crate) fn is_refuted(verification: &Lax<Concept<'_>>) -> bool {
    let code = verification.good().and_then(Concept::code);
    matches!(code, Some("refuted" | "entered-in-error"))
}

/// What identifies a coded fact whose resource has no id.
pub(crate) fn identity(codes: &[discreet_domain::Code], onset: Option<When>) -> String {
    let mut text: Vec<String> = codes.iter().map(ToString::to_string).collect();
    text.extend(onset.map(|w| w.to_string()));
    text.join(" ")
}
