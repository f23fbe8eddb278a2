//! `Procedure`: done, or nothing.

use super::condition::identity;
use super::elements::{Concept, Head, Meta, Period, Reference, Resource, head};
use super::lax::{Lax, Present, Text};
use super::row::{Mapped, Row, Verdict};
use crate::reason::{Expected, Reason};
use crate::record::Incoming;
use discreet_domain::{CodeFact, CodeKind, CodeStatus};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Procedure<'a> {
    #[serde(borrow)]
    id: Lax<Text<'a>>,
    #[serde(borrow)]
    meta: Lax<Meta<'a>>,
    modifier_extension: Lax<Present>,
    implicit_rules: Lax<Present>,
    #[serde(borrow)]
    status: Lax<Text<'a>>,
    #[serde(borrow)]
    code: Lax<Concept<'a>>,
    #[serde(borrow)]
    subject: Lax<Reference<'a>>,
    #[serde(borrow)]
    performed_date_time: Lax<Text<'a>>,
    #[serde(borrow)]
    performed_period: Lax<Period<'a>>,
}

impl<'a> Resource<'a> for Procedure<'a> {
    const KIND: &'static str = "procedure";

    fn head(&self) -> Head<'_, 'a> {
        head!(self, self.code.good())
    }

    fn map(&self, row: &mut Row<'_, '_>) -> Mapped {
        let Some(subject) = row.subject(&self.subject, "subject")? else {
            return Ok(Verdict::Skipped("not about a patient"));
        };
        match self.status.text() {
            "completed" => {}
            "preparation" | "in-progress" | "not-done" | "on-hold" | "stopped" | "entered-in-error"
            | "unknown" => {
                return row.withdraw(Self::KIND, &subject);
            }
            "" if self.status.is_absent() => return Err(Reason::missing("status")),
            _ => return Err(Reason::bad("status", Expected::Word)),
        }
        let codes = row.codes(&self.code, "code")?;
        let period = self.performed_period.good();
        let onset = row
            .time_if_good(&self.performed_date_time, "performedDateTime")
            .or_else(|| row.time_if_good(&period?.start, "performedPeriod.start"));
        let end = period.and_then(|period| row.time_if_good(&period.end, "performedPeriod.end"));
        let identifying = identity(&codes, onset);
        let fact = CodeFact {
            id: row.fact(Self::KIND, &subject, &[&identifying]),
            kind: CodeKind::Procedure,
            codes,
            onset: onset.or(end),
            end,
            status: CodeStatus::Active,
            restricted: row.restricted,
        };
        row.emit(&subject, Incoming::Code(fact));
        Ok(Verdict::Taken)
    }
}
