//! One event after another: every pair is asked.

use super::events::passes;
use super::times::Clock;
use super::{agreed, and, or};
use discreet_domain::{Day, EventFact, PatientFacts, Timestamp, When};
use discreet_segment::Length;
use discreet_segment::checked::SequenceLeaf;

pub(crate) fn holds(leaf: &SequenceLeaf, patient: &PatientFacts, clock: &Clock<'_>) -> Option<bool> {
    let mut pairs = Vec::new();
    for first in patient.events.iter().filter(|event| event.kind == leaf.first.kind) {
        for then in patient.events.iter().filter(|event| event.kind == leaf.then.kind) {
            // Nothing follows itself.
            if !std::ptr::eq(first, then) {
                pairs.push(pair(leaf, first, then, clock));
            }
        }
    }
    or(pairs)
}

fn pair(leaf: &SequenceLeaf, first: &EventFact, then: &EventFact, clock: &Clock<'_>) -> Option<bool> {
    and(vec![
        passes(leaf.first.filter.as_ref(), first, clock),
        leaf.window.map_or(Some(true), |window| clock.within(window, first.at)),
        passes(leaf.then.filter.as_ref(), then, clock),
        is_after(first.at, then.at, clock),
        not_too_late(leaf.within, first.at, then.at, clock),
    ])
}

/// The first and the last instant it can mean.
fn instants(when: When, clock: &Clock<'_>) -> (i64, i64) {
    let (start, end) = when.span(clock.zone);
    // A date that never was counts as its first instant.
    (start.micros(), (end.micros() - 1).max(start.micros()))
}

fn is_after(first: When, then: When, clock: &Clock<'_>) -> Option<bool> {
    let ((earliest, latest), (then_earliest, then_latest)) = (instants(first, clock), instants(then, clock));
    if then_earliest > latest {
        Some(true)
    } else if then_latest <= earliest {
        Some(false)
    } else {
        None
    }
}

fn not_too_late(within: Length, first: When, then: When, clock: &Clock<'_>) -> Option<bool> {
    if let (When::At(first), When::At(then)) = (first, then) {
        return Some(then <= clock.moved_from(first, within, 1));
    }
    let reaches: Vec<Day> = match first {
        When::At(t) => vec![clock.zone.day_of(clock.moved_from(t, within, 1))],
        dates => clock.every_day(dates).map(|day| reach(within, day, clock)).collect(),
    };
    let dates: Vec<Day> = clock.every_day(then).collect();
    agreed(reaches.iter().flat_map(|reach| dates.iter().map(move |day| Some(day <= reach))))
}

/// The date to which a date reaches: that of its last instant, moved.
fn reach(within: Length, day: Day, clock: &Clock<'_>) -> Day {
    let last_instant = clock.zone.start_of(day.plus_days(1)).micros() - 1;
    clock.zone.day_of(clock.moved_from(Timestamp::from_micros(last_instant), within, 1))
}
