//! Windows of time: relative to now, or between local dates. One type for the tree as written and for evaluators.
//!
//! [`Window::bounds`] turns a window into two intervals, one of instants and one of local dates; [`Window::holds`] is
//! the definition of "in the window". Evaluators may use either: a fact known to the instant is compared with the
//! instants, a fact known to the day with the days, a partial date with the days, Kleene's way.

use crate::limits;
use discreet_domain::{Day, Timestamp, When, Zone};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Hours are elapsed time; the others are counted on the calendar of the organization's zone and keep the local time
/// of day (`Zone::plus_days`, `Zone::plus_months`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 3,600 seconds, whatever the clocks do.
    Hours,
    /// Calendar days.
    Days,
    /// Seven calendar days.
    Weeks,
    /// Calendar months; the 31st becomes the last day of a shorter month.
    Months,
    /// Twelve calendar months.
    Years,
}

impl Unit {
    /// All units, shortest first.
    pub const ALL: [Unit; 5] = [Unit::Hours, Unit::Days, Unit::Weeks, Unit::Months, Unit::Years];

    /// The word for one of them.
    pub const fn one(self) -> &'static str {
        match self {
            Unit::Hours => "hour",
            Unit::Days => "day",
            Unit::Weeks => "week",
            Unit::Months => "month",
            Unit::Years => "year",
        }
    }
    /// The word for several of them.
    pub const fn many(self) -> &'static str {
        match self {
            Unit::Hours => "hours",
            Unit::Days => "days",
            Unit::Weeks => "weeks",
            Unit::Months => "months",
            Unit::Years => "years",
        }
    }
    /// Reads either word.
    pub fn parse(text: &str) -> Option<Unit> {
        Unit::ALL.into_iter().find(|unit| unit.one() == text || unit.many() == text)
    }
    /// How many of them a window may be long: [`limits::WINDOW_YEARS`] years of each.
    pub const fn most(self) -> u32 {
        let years = limits::WINDOW_YEARS;
        match self {
            Unit::Hours => years * 365 * 24,
            Unit::Days => years * 365,
            Unit::Weeks => years * 52,
            Unit::Months => years * 12,
            Unit::Years => years,
        }
    }
}

/// A length of time: `12 months`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Length {
    /// How many, from 1.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

impl Length {
    /// `t` moved into the future by this length.
    pub fn after(self, t: Timestamp, zone: &Zone) -> Timestamp {
        self.shift(t, zone, 1)
    }
    /// `t` moved into the past by this length.
    pub fn before(self, t: Timestamp, zone: &Zone) -> Timestamp {
        self.shift(t, zone, -1)
    }
    fn shift(self, t: Timestamp, zone: &Zone, sign: i32) -> Timestamp {
        let count = sign.saturating_mul(i32::try_from(self.count).unwrap_or(i32::MAX));
        match self.unit {
            Unit::Hours => t.plus_seconds(i64::from(count).saturating_mul(3600)),
            Unit::Days => zone.plus_days(t, count),
            Unit::Weeks => zone.plus_days(t, count.saturating_mul(7)),
            Unit::Months => zone.plus_months(t, count),
            Unit::Years => zone.plus_months(t, count.saturating_mul(12)),
        }
    }
}

impl fmt::Display for Length {
    /// `1 day`, `12 months`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.count == 1 { self.unit.one() } else { self.unit.many() };
        write!(f, "{} {word}", self.count)
    }
}

/// A window of time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Window {
    /// `in last d`: `[now − d, now)`.
    InLast(Length),
    /// `in next d`: `[now, now + d)`.
    InNext(Length),
    /// `more than d ago`: before `now − d`.
    Ago(Length),
    /// `before D`: local dates before D.
    Before(#[serde(with = "day_as_text")] Day),
    /// `after D`: local dates after D.
    After(#[serde(with = "day_as_text")] Day),
    /// `between D and E`: local dates from D to E, both included.
    Between(#[serde(with = "day_as_text")] Day, #[serde(with = "day_as_text")] Day),
}

/// A window at a given now: the same stretch of time twice, as instants and as local dates.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Bounds {
    /// The first instant of it; [`Timestamp::MIN`] if it has no beginning.
    pub start: Timestamp,
    /// The first instant after it; [`Timestamp::MAX`] if it has no end.
    pub end: Timestamp,
    /// The first local date of it; the least number if it has no beginning.
    pub first: Day,
    /// The last local date of it; the greatest number if it has no end.
    pub last: Day,
}

const NO_FIRST: Day = Day::from_number(i32::MIN);
const NO_LAST: Day = Day::from_number(i32::MAX);

impl Bounds {
    /// Whether an instant lies in it.
    pub fn has_instant(&self, t: Timestamp) -> bool {
        self.start <= t && t < self.end
    }
    /// Whether a local date lies in it.
    pub fn has_day(&self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }
    /// Whether something known this exactly lies in it: `None` if it may or may not.
    pub fn holds(&self, when: When, zone: &Zone) -> Option<bool> {
        match when {
            When::At(t) => Some(self.has_instant(t)),
            When::Day(day) => Some(self.has_day(day)),
            When::Month(..) | When::Year(_) => {
                let (first, last) = when.days(zone);
                match (self.has_day(first), self.has_day(last)) {
                    (true, true) => Some(true),
                    _ if last < self.first || self.last < first => Some(false),
                    _ => None,
                }
            }
        }
    }
}

impl Window {
    /// Whether its edges move with now.
    pub const fn is_relative(self) -> bool {
        matches!(self, Window::InLast(_) | Window::InNext(_) | Window::Ago(_))
    }

    /// Its edges at `now`.
    ///
    /// A relative window is first of all one of instants. Its local dates are those it touches: the date it begins on
    /// and the date of its last instant both belong to it. `more than d ago` takes whole dates only: those before the
    /// date of `now − d`. So for one length, every local date up to today is in exactly one of `in last d` and
    /// `more than d ago`, whatever the hour; and at local midnight the dates are those of the half-open interval.
    ///
    /// A window of dates is first of all one of local dates; its instants run from the start of the first to the start
    /// of the day after the last.
    pub fn bounds(self, now: Timestamp, zone: &Zone) -> Bounds {
        match self {
            Window::InLast(length) => touched(length.before(now, zone), now, zone),
            Window::InNext(length) => touched(now, length.after(now, zone), zone),
            Window::Ago(length) => {
                let end = length.before(now, zone);
                let last = zone.day_of(end).plus_days(-1);
                Bounds { start: Timestamp::MIN, end, first: NO_FIRST, last }
            }
            Window::Before(day) => whole_days(None, Some(day.plus_days(-1)), zone),
            Window::After(day) => whole_days(Some(day.plus_days(1)), None, zone),
            Window::Between(first, last) => whole_days(Some(first), Some(last), zone),
        }
    }

    /// Whether something that happened `when` is in the window at `now`. `None` for a partial date that may be on
    /// either side of an edge.
    pub fn holds(self, when: When, now: Timestamp, zone: &Zone) -> Option<bool> {
        self.bounds(now, zone).holds(when, zone)
    }
}

fn touched(start: Timestamp, end: Timestamp, zone: &Zone) -> Bounds {
    let last_instant = Timestamp::from_micros(end.micros().saturating_sub(1));
    Bounds { start, end, first: zone.day_of(start), last: zone.day_of(last_instant) }
}

fn whole_days(first: Option<Day>, last: Option<Day>, zone: &Zone) -> Bounds {
    Bounds {
        start: first.map_or(Timestamp::MIN, |day| zone.start_of(day)),
        end: last.map_or(Timestamp::MAX, |day| zone.start_of(day.plus_days(1))),
        first: first.unwrap_or(NO_FIRST),
        last: last.unwrap_or(NO_LAST),
    }
}

impl fmt::Display for Window {
    /// As the language writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Window::InLast(length) => write!(f, "in last {length}"),
            Window::InNext(length) => write!(f, "in next {length}"),
            Window::Ago(length) => write!(f, "more than {length} ago"),
            Window::Before(day) => write!(f, "before {day}"),
            Window::After(day) => write!(f, "after {day}"),
            Window::Between(first, last) => write!(f, "between {first} and {last}"),
        }
    }
}

/// Dates in JSON are `"2026-01-31"`, not a count of days.
mod day_as_text {
    use discreet_domain::Day;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(day: &Day, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(day)
    }
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        let text = String::deserialize(deserializer)?;
        Day::parse(&text).map_err(D::Error::custom)
    }
}
