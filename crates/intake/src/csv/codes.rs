//! Rows that are coded facts: conditions, medications, procedures, immunizations, allergies, care plans.

use super::plan::bad;
use super::row::{CsvRow, Mapped};
use super::table::Kind;
use crate::reason::{Expected, Reason};
use crate::record::Incoming;
use discreet_domain::{CodeFact, CodeKind, CodeStatus};

/// What a status makes of a fact.
enum State {
    Holds(CodeStatus),
    /// Entered in error, refuted, a draft, not done: it is none.
    IsNone,
}

/// The kind of fact, and the column of its beginning.
const fn kind_of(kind: Kind) -> (CodeKind, &'static str) {
    match kind {
        Kind::Medications => (CodeKind::Medication, "start"),
        Kind::Procedures => (CodeKind::Procedure, "date"),
        Kind::Immunizations => (CodeKind::Immunization, "date"),
        Kind::Allergies => (CodeKind::Allergy, "onset"),
        Kind::CarePlans => (CodeKind::CarePlan, "start"),
        _ => (CodeKind::Condition, "onset"),
    }
}

pub(super) fn map(row: &mut CsvRow<'_, '_>) -> Mapped {
    let (kind, beginning) = kind_of(row.plan.spec.kind);
    let code = row.code()?.ok_or_else(|| Reason::missing("code"))?;
    let patient = row.patient()?;
    let onset = row.time(beginning)?;
    let state = state(kind, row.status()?.as_deref().unwrap_or(""))?;
    let began = onset.map(|when| when.to_string()).unwrap_or_default();
    let id = row.fact(kind.name(), &patient, &[&code.to_string(), &began])?;
    let State::Holds(status) = state else {
        return row.emit(&patient, Incoming::Delete { fact: id });
    };
    let fact = CodeFact {
        id,
        kind,
        codes: vec![code],
        onset,
        end: row.time("end")?,
        status,
        restricted: row.restricted()?,
    };
    row.emit(&patient, Incoming::Code(fact))
}

/// Things done are done or not; other facts hold now or held once. Without a status they hold, until their end.
fn state(kind: CodeKind, status: &str) -> Result<State, Reason> {
    let active = State::Holds(CodeStatus::Active);
    let past = State::Holds(CodeStatus::Past);
    match (kind, status) {
        (_, "" | "active") => Ok(active),
        (_, "entered_in_error" | "refuted" | "draft" | "not_done") => Ok(State::IsNone),
        (CodeKind::Procedure | CodeKind::Immunization, "completed" | "done") => Ok(active),
        (CodeKind::Procedure, "preparation" | "in_progress" | "on_hold" | "stopped" | "unknown") => {
            Ok(State::IsNone)
        }
        (CodeKind::Procedure | CodeKind::Immunization, _) => Err(bad("status", Expected::Word)),
        (_, "recurrence" | "relapse") => Ok(active),
        (
            _,
            "past" | "inactive" | "remission" | "resolved" | "completed" | "stopped" | "cancelled"
            | "on_hold" | "revoked" | "ended" | "unknown",
        ) => Ok(past),
        _ => Err(bad("status", Expected::Word)),
    }
}
