//! Events: how many, and the latest or first.

use super::times::Clock;
use super::{agreed, and, not, or, values};
use discreet_domain::{EventFact, PatientFacts};
use discreet_segment::ast::Edge;
use discreet_segment::checked::{EdgeLeaf, EdgeQuestion, EventCount, EventFilter, EventLeaf};

/// Every number of events that could be the true one is tried.
pub(crate) fn count(leaf: &EventLeaf, patient: &PatientFacts, clock: &Clock<'_>) -> Option<bool> {
    let mut sure = 0;
    let mut undecided = 0;
    for event in patient.events.iter().filter(|event| event.kind == leaf.kind) {
        let in_time = leaf.window.map_or(Some(true), |window| clock.within(window, event.at));
        match and(vec![passes(leaf.filter.as_ref(), event, clock), in_time]) {
            Some(true) => sure += 1,
            Some(false) => {}
            None => undecided += 1,
        }
    }
    agreed((sure..=sure + undecided).map(|number: u32| {
        Some(match leaf.count {
            EventCount::AtLeast(n) => number >= n,
            EventCount::AtMost(n) => number <= n,
            EventCount::Exactly(n) => number == n,
        })
    }))
}

/// Every event that could be the one is asked.
pub(crate) fn edge(leaf: &EdgeLeaf, patient: &PatientFacts, clock: &Clock<'_>) -> Option<bool> {
    let of_kind = patient.events.iter().filter(|event| event.kind == leaf.kind);
    let passed: Vec<(&EventFact, Option<bool>)> =
        of_kind.map(|event| (event, passes(leaf.filter.as_ref(), event, clock))).collect();
    let sure: Vec<&EventFact> = passed.iter().filter(|(_, p)| *p == Some(true)).map(|(e, _)| *e).collect();
    if sure.is_empty() {
        return None;
    }
    let candidates = passed.iter().filter(|(_, p)| *p != Some(false)).map(|(event, _)| *event);
    let may_be_it = candidates.filter(|event| {
        let (start, end) = event.at.span(clock.zone);
        sure.iter().all(|other| {
            let (other_start, other_end) = other.at.span(clock.zone);
            match leaf.which {
                Edge::Latest => end > other_start,
                Edge::First => start < other_end,
            }
        })
    });
    agreed(may_be_it.map(|event| match &leaf.question {
        EdgeQuestion::Fields(filter) => passes(Some(filter), event, clock),
        EdgeQuestion::Time(window) => clock.within(*window, event.at),
    }))
}

pub(crate) fn passes(filter: Option<&EventFilter>, event: &EventFact, clock: &Clock<'_>) -> Option<bool> {
    let field = |name: &str| event.fields.iter().find(|(n, _)| n == name).map(|(_, value)| value);
    match filter {
        None => Some(true),
        Some(EventFilter::All(parts)) => {
            and(parts.iter().map(|part| passes(Some(part), event, clock)).collect())
        }
        Some(EventFilter::Any(parts)) => {
            or(parts.iter().map(|part| passes(Some(part), event, clock)).collect())
        }
        Some(EventFilter::Not(part)) => not(passes(Some(part), event, clock)),
        Some(EventFilter::Field(test)) => values::holds(&test.test, field(&test.name), clock),
        Some(EventFilter::Missing { name, kind }) => Some(!values::is_of(field(name), *kind)),
    }
}
