//! Dates and times as exports write them. ISO only, unless a mapping declares another order: nothing is guessed.

use discreet_domain::{Day, Timestamp, When, Zone};

const MICROS: i64 = 1_000_000;
const DAY_SECONDS: i64 = 86_400;
/// How far back to look for a day without a clock change.
const DAYS_BACK: i32 = 40;

/// The order of a date that is not ISO, as a mapping declares it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize)]
pub enum DateOrder {
    /// `2026-03-31` only.
    #[default]
    #[serde(rename = "iso")]
    Iso,
    /// `3/31/2026`, ISO too.
    #[serde(rename = "month/day/year")]
    MonthFirst,
    /// `31/3/2026`, ISO too.
    #[serde(rename = "day/month/year")]
    DayFirst,
}

/// Reads a FHIR `date`, `dateTime` or `instant`. A time without offset is local to `zone`.
pub(crate) fn read(text: &str, zone: &Zone) -> Option<When> {
    read_in(text, DateOrder::Iso, zone)
}

/// Reads a date or time, in ISO or the declared order.
pub(crate) fn read_in(text: &str, order: DateOrder, zone: &Zone) -> Option<When> {
    let text = text.trim();
    if let Ok(when) = text.parse::<When>() {
        return Some(when);
    }
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, Some(time.trim())),
        None => (text, None),
    };
    let day = match Day::parse(date) {
        Ok(day) => day,
        Err(_) => slashed(date, order)?,
    };
    match time {
        None => Some(When::Day(day)),
        Some(time) => at_local(day, seconds_of_day(time)?, zone).map(When::At),
    }
}

/// Reads an instant; a date alone is none.
pub(crate) fn instant(text: &str, order: DateOrder, zone: &Zone) -> Option<Timestamp> {
    match read_in(text, order, zone)? {
        When::At(t) => Some(t),
        _ => None,
    }
}

fn slashed(date: &str, order: DateOrder) -> Option<Day> {
    let mut parts = date.split('/');
    let (a, b, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let (a, b, year): (i8, i8, i16) = (number(a)?, number(b)?, number(year)?);
    match order {
        DateOrder::Iso => None,
        DateOrder::MonthFirst => Day::of(year, a, b),
        DateOrder::DayFirst => Day::of(year, b, a),
    }
}

/// `hh:mm`, `hh:mm:ss` or `hh:mm:ss.fff`, with `AM` or `PM` after it if the clock has twelve hours; in microseconds.
fn seconds_of_day(time: &str) -> Option<i64> {
    let upper = time.to_ascii_uppercase();
    let (clock, half) = match upper.strip_suffix("AM") {
        Some(clock) => (clock, Some(0)),
        None => upper.strip_suffix("PM").map_or((upper.as_str(), None), |clock| (clock, Some(12))),
    };
    let mut parts = clock.trim().split(':');
    let hour: i64 = number(parts.next()?)?;
    let minute: i64 = number(parts.next()?)?;
    let micros = parts.next().map_or(Some(0), seconds)?;
    if parts.next().is_some() || minute > 59 {
        return None;
    }
    let hour = match half {
        None if hour < 24 => hour,
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        _ => return None,
    };
    Some((hour * 60 + minute) * 60 * MICROS + micros)
}

fn seconds(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let whole: i64 = number(whole)?;
    let digits = fraction.len().min(6);
    let micros: i64 = number(fraction.get(..digits)?)?;
    let scale = 10_i64.pow(6 - u32::try_from(digits).ok()?);
    (whole < 60 && fraction.bytes().all(|b| b.is_ascii_digit())).then_some(whole * MICROS + micros * scale)
}

fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

/// The instant of a local time of day. On a day with a clock change the hours after midnight do not tell it; a plain
/// day before it does, and [`Zone::plus_days`] keeps the local time.
fn at_local(day: Day, micros: i64, zone: &Zone) -> Option<Timestamp> {
    let plain = (0..DAYS_BACK).map(|back| day.plus_days(-back)).find(|day| {
        let length = zone.start_of(day.plus_days(1)).micros().checked_sub(zone.start_of(*day).micros());
        length == Some(DAY_SECONDS * MICROS)
    })?;
    let base = Timestamp::from_micros(zone.start_of(plain).micros().checked_add(micros)?);
    Some(zone.plus_days(base, day.number().checked_sub(plain.number())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iso(text: &str, zone: &Zone) -> Option<String> {
        read(text, zone).map(|w| w.to_string())
    }

    #[test]
    fn local_times_are_of_the_zone() {
        let ny = Zone::named("America/New_York").unwrap();
        for (text, is) in [
            ("2026-01-05T10:00:00", "2026-01-05T15:00:00Z"),
            ("2026-07-05 10:00", "2026-07-05T14:00:00Z"),
            ("2026-03-08T12:00:00", "2026-03-08T16:00:00Z"), // after the clocks went forward at 02:00
            ("2026-03-08T01:30:00", "2026-03-08T06:30:00Z"), // before
            ("2026-11-01T12:00:00", "2026-11-01T17:00:00Z"),
            ("2026-01-05T10:00:00.25", "2026-01-05T15:00:00.25Z"),
            ("2026-01-05T10:00:00-08:00", "2026-01-05T18:00:00Z"),
            ("2026-01-05", "2026-01-05"),
            (" 2026-01 ", "2026-01"),
        ] {
            assert_eq!(iso(text, &ny).as_deref(), Some(is), "{text}");
        }
    }

    #[test]
    fn nothing_is_guessed() {
        let utc = Zone::utc();
        for text in
            ["", "3/4/2026", "03-04-2026", "20260304", "2026-02-30", "2026-03-04T25:00", "2026-03-04T", "now"]
        {
            assert_eq!(iso(text, &utc), None, "{text}");
        }
        let read = |text, order| read_in(text, order, &utc).map(|w| w.to_string());
        assert_eq!(read("3/4/2026", DateOrder::MonthFirst).unwrap(), "2026-03-04");
        assert_eq!(read("3/4/2026", DateOrder::DayFirst).unwrap(), "2026-04-03");
        assert_eq!(read("3/4/26", DateOrder::MonthFirst), None);
        assert_eq!(read("31/12/2026", DateOrder::MonthFirst), None);
        assert_eq!(read("3/4/2026 12:05 AM", DateOrder::MonthFirst).unwrap(), "2026-03-04T00:05:00Z");
        assert_eq!(read("3/4/2026 12:05PM", DateOrder::MonthFirst).unwrap(), "2026-03-04T12:05:00Z");
        assert_eq!(read("2026-03-04", DateOrder::MonthFirst).unwrap(), "2026-03-04");
    }
}
