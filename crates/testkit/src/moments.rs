//! Times of facts, chosen relative to now so that they fall on the edges of windows more often than chance would have it.
//!
//! A moment is drawn without knowing the clock and resolved against it afterwards: so proptest can shrink both apart.

use discreet_domain::{Day, Timestamp, When, Zone};
use discreet_segment::{Length, Unit, Window};
use proptest::prelude::*;
use proptest::sample::select;

/// Now, and where.
#[derive(Clone, Debug)]
pub struct Clock {
    /// When it is asked.
    pub now: Timestamp,
    /// The organization's zone.
    pub zone: Zone,
}

/// Instants at which clocks and calendars do something, and some at which they do not.
const CLOCKS: [(&str, &str); 12] = [
    ("America/New_York", "2026-06-15T12:34:56.789012-04:00"),
    ("America/New_York", "2026-06-15T00:00:00-04:00"),
    ("America/New_York", "2026-06-14T23:59:59.999999-04:00"),
    ("America/New_York", "2026-03-08T12:00:00-04:00"),
    ("America/New_York", "2026-03-09T02:30:00-04:00"),
    ("America/New_York", "2026-11-01T01:30:00-04:00"),
    ("America/New_York", "2026-11-01T01:30:00-05:00"),
    ("America/New_York", "2026-11-02T01:30:00-05:00"),
    ("America/Los_Angeles", "2024-02-29T16:00:00-08:00"),
    ("America/Los_Angeles", "2025-03-31T09:00:00-07:00"),
    ("Pacific/Honolulu", "2026-01-01T00:00:00-10:00"),
    ("UTC", "2026-12-31T23:59:59.999999Z"),
];

/// A clock.
pub fn clock() -> impl Strategy<Value = Clock> {
    select(CLOCKS.to_vec()).prop_map(|(zone, now)| Clock {
        now: Timestamp::parse(now).expect("a fixed time reads"),
        zone: Zone::named(zone).expect("a fixed zone exists"),
    })
}

/// The windows that random segments ask about, and that random facts fall on the edges of.
pub const WINDOWS: [Window; 18] = [
    Window::InLast(Length { count: 1, unit: Unit::Days }),
    Window::InLast(Length { count: 7, unit: Unit::Days }),
    Window::InLast(Length { count: 90, unit: Unit::Days }),
    Window::InLast(Length { count: 24, unit: Unit::Hours }),
    Window::InLast(Length { count: 1, unit: Unit::Months }),
    Window::InLast(Length { count: 12, unit: Unit::Months }),
    Window::InLast(Length { count: 2, unit: Unit::Years }),
    Window::InNext(Length { count: 1, unit: Unit::Days }),
    Window::InNext(Length { count: 36, unit: Unit::Hours }),
    Window::InNext(Length { count: 2, unit: Unit::Weeks }),
    Window::InNext(Length { count: 1, unit: Unit::Months }),
    Window::Ago(Length { count: 12, unit: Unit::Hours }),
    Window::Ago(Length { count: 30, unit: Unit::Days }),
    Window::Ago(Length { count: 1, unit: Unit::Years }),
    Window::Before(DAY_2026_03_08),
    Window::After(DAY_2026_03_08),
    Window::Between(Day::from_number(DAY_2026_03_08.number() - 20), DAY_2026_03_08),
    Window::Between(DAY_2026_03_08, Day::from_number(DAY_2026_03_08.number() + 120)),
];

/// A day of 23 hours in New York.
const DAY_2026_03_08: Day = Day::from_number(20_520);

/// A time relative to a clock.
#[derive(Clone, Debug)]
pub struct Moment {
    from: From,
    form: Form,
}

#[derive(Clone, Debug)]
enum From {
    /// So many microseconds from an edge of one of the windows.
    Edge { window: Window, at_end: bool, micros: i64 },
    /// So many days, and microseconds within the day, from now.
    Now { days: i32, micros: i64 },
    /// So many years ago, and some days: for birth dates.
    Years { years: i32, days: i32 },
}

/// How exactly it is known.
#[derive(Clone, Copy, Debug)]
enum Form {
    At,
    Day,
    Month,
    Year,
}

/// The time of an event, or an onset or end.
pub fn moment() -> impl Strategy<Value = Moment> {
    let micros = prop_oneof![
        Just(0),
        Just(-1),
        Just(1),
        -90_000_000_000..90_000_000_000_i64, // a good day
    ];
    let edge = (select(WINDOWS.to_vec()), any::<bool>(), micros.clone())
        .prop_map(|(window, at_end, micros)| From::Edge { window, at_end, micros });
    let now = (-800..60_i32, micros).prop_map(|(days, micros)| From::Now { days, micros });
    (prop_oneof![2 => edge, 1 => now], form(6, 5, 1, 1)).prop_map(|(from, form)| Moment { from, form })
}

/// A birth date: often one whose birthday is near.
pub fn birth() -> impl Strategy<Value = Moment> {
    let years = prop_oneof![2 => 0..100_i32, 1 => select(vec![17, 18, 49, 50, 64, 65, 74, 75])];
    let days = prop_oneof![3 => -9..9_i32, 1 => -200..200_i32];
    (years, days, form(1, 8, 1, 1))
        .prop_map(|(years, days, form)| Moment { from: From::Years { years, days }, form })
}

fn form(at: u32, day: u32, month: u32, year: u32) -> impl Strategy<Value = Form> {
    prop_oneof![
        at => Just(Form::At),
        day => Just(Form::Day),
        month => Just(Form::Month),
        year => Just(Form::Year),
    ]
}

impl Moment {
    /// The time it is by this clock.
    pub fn at(&self, clock: &Clock) -> When {
        let Clock { now, zone } = clock;
        let shift = |t: Timestamp, micros: i64| Timestamp::from_micros(t.micros().saturating_add(micros));
        let t = match &self.from {
            From::Edge { window, at_end, micros } => {
                let bounds = window.bounds(*now, zone);
                let edge = if *at_end { bounds.end } else { bounds.start };
                // A window without this edge: use the other.
                let edge = match edge {
                    Timestamp::MIN => bounds.end,
                    Timestamp::MAX => bounds.start,
                    edge => edge,
                };
                shift(edge, *micros)
            }
            From::Now { days, micros } => shift(zone.plus_days(*now, *days), *micros),
            From::Years { years, days } => zone.plus_days(zone.plus_months(*now, -12 * years), *days),
        };
        let day = zone.day_of(t);
        let (year, month, _) = day.ymd();
        match self.form {
            Form::At => When::At(t),
            Form::Day => When::Day(day),
            Form::Month => When::Month(year, month),
            Form::Year => When::Year(year),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_day_is_the_one_it_is_named() {
        assert_eq!(DAY_2026_03_08.to_string(), "2026-03-08");
    }
}
