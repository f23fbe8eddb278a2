//! Facts: anything known about a patient. An attribute (one value or a set), a code, or an event.

use crate::{Code, CodeKind, When};
use serde::{Deserialize, Serialize};

/// Where a fact comes from: a keyed or plain digest of source, kind and the source's own id, made by whoever imports.
/// Two imports of the same thing have the same id; that is what makes an import idempotent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct FactId(pub u128);

/// One value of an attribute or an event's field.
#[derive(Clone, PartialEq, PartialOrd, Debug, Serialize, Deserialize)]
pub enum Value {
    /// Words, compared without regard to case.
    Text(String),
    /// A number; units are the field's own, as the catalog states them. Never NaN.
    Number(f64),
    /// Yes or no.
    Bool(bool),
    /// A date or an instant, perhaps partial.
    When(When),
    /// A code.
    Code(Code),
    /// A set of words, sorted, without repeats; for attributes only.
    Set(Vec<String>),
}

impl Value {
    /// A set value: sorted, without repeats.
    pub fn set(words: impl IntoIterator<Item = String>) -> Value {
        let mut words: Vec<String> = words.into_iter().collect();
        words.sort_unstable();
        words.dedup();
        Value::Set(words)
    }
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(t) => Some(t),
            _ => None,
        }
    }
}

/// Whether a coded fact holds now.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeStatus {
    /// It holds: an active problem, a current prescription, a followed plan, a known allergy, a thing done.
    Active,
    /// It held once: resolved, stopped, completed, no longer followed.
    Past,
}

/// A coded fact: condition, medication, procedure, immunization, allergy, care plan.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CodeFact {
    /// Its origin.
    pub id: FactId,
    /// What it says.
    pub kind: CodeKind,
    /// The code, and the same thing's codes in other systems.
    pub codes: Vec<Code>,
    /// Onset, first prescription, date done or given.
    pub onset: Option<When>,
    /// Resolution, end of therapy.
    pub end: Option<When>,
    /// Whether it holds now, by the source's own status. An `end` in the past also ends it: see
    /// [`CodeFact::is_active`].
    pub status: CodeStatus,
    /// Under 42 CFR Part 2, an agreed restriction, or a source's security label: hidden unless that is settled.
    pub restricted: bool,
}

impl CodeFact {
    /// Whether it holds at `now`: procedures and immunizations always (they were done); others if their status says so
    /// and no end has passed. An end known only to the month or year has passed once all of it has.
    pub fn is_active(&self, now: crate::Timestamp, zone: &crate::Zone) -> bool {
        let done = matches!(self.kind, CodeKind::Procedure | CodeKind::Immunization);
        let ended = self.end.is_some_and(|end| end.span(zone).1 <= now);
        done || (self.status == CodeStatus::Active && !ended)
    }
}

/// Something that happened, or is booked to.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EventFact {
    /// Its origin.
    pub id: FactId,
    /// What happened, as the catalog names it: `appointment`, `encounter`, `observation`, `page_view` …
    pub kind: String,
    /// When.
    pub at: When,
    /// The rest, by field name, sorted by name.
    pub fields: Vec<(String, Value)>,
    /// As for codes.
    pub restricted: bool,
}

impl EventFact {
    /// A field's value.
    pub fn field(&self, name: &str) -> Option<&Value> {
        let at = self.fields.binary_search_by(|(n, _)| n.as_str().cmp(name)).ok()?;
        self.fields.get(at).map(|(_, value)| value)
    }
}
