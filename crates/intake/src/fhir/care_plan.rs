//! `CarePlan`. It has no code of its own: its categories say what it is for.

use super::condition::identity;
use super::elements::{Concept, Head, Meta, Period, Reference, Resource, head};
use super::lax::{Lax, Many, Present, Text};
use super::row::{Mapped, Row, Verdict};
use crate::limits::MOST_CODES;
use crate::reason::{Expected, Reason};
use crate::record::Incoming;
use discreet_domain::{CodeFact, CodeKind, CodeStatus};
use serde::Deserialize;

/// The category every US Core care plan has: says nothing.
const ASSESS_PLAN: &str = "assess-plan";

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct CarePlan<'a> {
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
    subject: Lax<Reference<'a>>,
    #[serde(borrow)]
    period: Lax<Period<'a>>,
}

impl<'a> Resource<'a> for CarePlan<'a> {
    const KIND: &'static str = "care_plan";

    fn head(&self) -> Head<'_, 'a> {
        head!(self, self.category.each())
    }

    fn map(&self, row: &mut Row<'_, '_>) -> Mapped {
        let Some(subject) = row.subject(&self.subject, "subject")? else {
            return Ok(Verdict::Skipped("not about a patient"));
        };
        let status = match self.status.text() {
            "active" => CodeStatus::Active,
            "on-hold" | "revoked" | "completed" | "unknown" => CodeStatus::Past,
            "draft" | "entered-in-error" => {
                return row.withdraw(Self::KIND, &subject);
            }
            "" if self.status.is_absent() => return Err(Reason::missing("status")),
            _ => return Err(Reason::bad("status", Expected::Word)),
        };
        let mut codes: Vec<_> = self.category.each().flat_map(|category| row.codings(category)).collect();
        codes.retain(|code| code.value != ASSESS_PLAN);
        codes.dedup();
        codes.truncate(MOST_CODES);
        if codes.is_empty() {
            return Err(Reason::missing("category"));
        }
        let period = self.period.good();
        let onset = period.and_then(|period| row.time_if_good(&period.start, "period.start"));
        let end = period.and_then(|period| row.time_if_good(&period.end, "period.end"));
        let identifying = identity(&codes, onset);
        let fact = CodeFact {
            id: row.fact(Self::KIND, &subject, &[&identifying]),
            kind: CodeKind::CarePlan,
            codes,
            onset,
            end,
            status,
            restricted: row.restricted,
        };
        row.emit(&subject, Incoming::Code(fact));
        Ok(Verdict::Taken)
    }
}
