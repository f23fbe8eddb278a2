//! Windows, dates and stretches of whole numbers as comparisons. All calendar is done here, before the database sees it.

use super::literal::{all, any, one_of};
use crate::window::{Bounds, Window};
use discreet_domain::{Day, Timestamp, Zone};

/// When it is asked, and where.
#[derive(Clone, Copy)]
pub struct Clock<'z> {
    pub now: Timestamp,
    pub zone: &'z Zone,
}

/// Whole numbers from one to another, both included; `None` is without end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Run {
    pub first: Option<i64>,
    pub last: Option<i64>,
}

/// Whether something known this exactly is in a window: 1, 0, or null if it may or may not be. `row` names the table whose
/// `instant`, `first_day` and `last_day` are asked; all three are null if nothing is known.
pub fn within(window: Window, clock: Clock<'_>, row: &str) -> String {
    let bounds = window.bounds(clock.now, clock.zone);
    let days = runs_hold(&[days_of(bounds)], &format!("{row}.first_day"), &format!("{row}.last_day"));
    format!(
        "case when {row}.instant is null then {days} when {} then 1 else 0 end",
        instant_within(bounds, row)
    )
}

fn instant_within(bounds: Bounds, row: &str) -> String {
    let from =
        (bounds.start != Timestamp::MIN).then(|| format!("{row}.instant >= {}", bounds.start.micros()));
    let to = (bounds.end != Timestamp::MAX).then(|| format!("{row}.instant < {}", bounds.end.micros()));
    all(from.into_iter().chain(to).collect())
}

fn days_of(bounds: Bounds) -> Run {
    let number = |day: Day, none: i32| (day.number() != none).then_some(i64::from(day.number()));
    Run { first: number(bounds.first, i32::MIN), last: number(bounds.last, i32::MAX) }
}

/// Whether the whole numbers from one column to another are all in one of the runs (1), or all in none (0); null otherwise,
/// and if nothing is known. The runs ascend and do not touch, so that numbers that are all in some are all in one.
pub fn runs_hold(runs: &[Run], first: &str, last: &str) -> String {
    let inside = |run: &Run| {
        let from = run.first.map(|from| format!("{first} >= {from}"));
        let to = run.last.map(|to| format!("{last} <= {to}"));
        all(from.into_iter().chain(to).collect())
    };
    let outside = |run: &Run| {
        let before = run.first.map(|from| format!("{last} < {from}"));
        let after = run.last.map(|to| format!("{first} > {to}"));
        any(before.into_iter().chain(after).collect())
    };
    let (yes, no) = (any(runs.iter().map(inside).collect()), all(runs.iter().map(outside).collect()));
    format!("case when {first} is null then null when {yes} then 1 when {no} then 0 end")
}

/// Whether a date is one of these, each asked by itself: a partial date is surely none of them, or may be one.
pub fn on_one_of(days: &[Day], row: &str) -> String {
    let exact =
        one_of(format!("{row}.first_day"), &days.iter().map(|d| d.number().to_string()).collect::<Vec<_>>());
    let no = all(days
        .iter()
        .map(|day| format!("({row}.last_day < {0} or {row}.first_day > {0})", day.number()))
        .collect());
    format!("case when {row}.first_day = {row}.last_day and {exact} then 1 when {no} then 0 end")
}
