//! Time is an argument: instants, local dates, partial dates, and the organization's zone. Nothing here reads a clock.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

const MICROS_PER_SECOND: i64 = 1_000_000;

/// The text is no time.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ParseTimeError {
    /// Neither a date, nor a partial date, nor an instant.
    #[error(
        "not a date or time; expected YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with Z or an offset"
    )]
    NotATime,
    /// No such time zone in the IANA database.
    #[error("unknown time zone; expected an IANA name such as America/New_York")]
    UnknownZone,
}

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The earliest instant there is.
    pub const MIN: Timestamp = Timestamp(i64::MIN);
    /// The latest instant there is.
    pub const MAX: Timestamp = Timestamp(i64::MAX);

    /// From microseconds since 1970.
    pub const fn from_micros(micros: i64) -> Self {
        Timestamp(micros)
    }
    /// Microseconds since 1970.
    pub const fn micros(self) -> i64 {
        self.0
    }
    /// So many seconds later (earlier, if negative); saturating.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Timestamp(self.0.saturating_add(seconds.saturating_mul(MICROS_PER_SECOND)))
    }
    /// Reads RFC 3339 text, which must carry `Z` or an offset.
    ///
    /// # Errors
    /// [`ParseTimeError::NotATime`] otherwise.
    pub fn parse(text: &str) -> Result<Self, ParseTimeError> {
        let t: jiff::Timestamp = text.parse().map_err(|_| ParseTimeError::NotATime)?;
        Ok(Timestamp(t.as_microsecond()))
    }
    fn jiff(self) -> jiff::Timestamp {
        let clamped =
            self.0.clamp(jiff::Timestamp::MIN.as_microsecond(), jiff::Timestamp::MAX.as_microsecond());
        jiff::Timestamp::from_microsecond(clamped).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.jiff().fmt(f)
    }
}

/// A local calendar date: days since 1970-01-01. Where people read it (JSON, TOML) it is written `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Day(i32);

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() { to.collect_str(self) } else { to.serialize_i32(self.0) }
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Day, D::Error> {
        if !from.is_human_readable() {
            return i32::deserialize(from).map(Day);
        }
        let text = std::borrow::Cow::<str>::deserialize(from)?;
        Day::parse(&text)
            .map_err(|_| D::Error::custom(format_args!("`{text}` is no day: expected YYYY-MM-DD")))
    }
}

impl Day {
    /// From days since 1970-01-01.
    pub const fn from_number(days: i32) -> Self {
        Day(days)
    }
    /// Days since 1970-01-01.
    pub const fn number(self) -> i32 {
        self.0
    }
    /// The date, if the calendar has it.
    pub fn of(year: i16, month: i8, day: i8) -> Option<Day> {
        Date::new(year, month, day).ok().map(Day::from_date)
    }
    /// Reads `YYYY-MM-DD`.
    ///
    /// # Errors
    /// [`ParseTimeError::NotATime`] otherwise.
    pub fn parse(text: &str) -> Result<Day, ParseTimeError> {
        match text.parse::<When>()? {
            When::Day(day) => Ok(day),
            _ => Err(ParseTimeError::NotATime),
        }
    }
    fn from_date(date: Date) -> Day {
        let epoch = Date::constant(1970, 1, 1);
        Day((date - epoch).get_days())
    }
    fn date(self) -> Date {
        let epoch = Date::constant(1970, 1, 1);
        epoch.saturating_add(jiff::Span::new().days(self.0.clamp(-4_000_000, 2_900_000)))
    }
    /// Year, month (1–12), day (1–31).
    pub fn ymd(self) -> (i16, i8, i8) {
        let d = self.date();
        (d.year(), d.month(), d.day())
    }
    /// So many days later (earlier, if negative).
    #[must_use]
    pub const fn plus_days(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }
    /// So many calendar months later (earlier, if negative); the 31st becomes the last day of a shorter month.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Day {
        Day::from_date(self.date().saturating_add(jiff::Span::new().months(months.clamp(-200_000, 200_000))))
    }
    /// Whole years from `birth` to this day. A birthday on Feb 29 counts from Mar 1 in common years.
    pub fn years_since(self, birth: Day) -> i32 {
        let (year, month, day) = self.ymd();
        let (birth_year, birth_month, birth_day) = birth.ymd();
        let had_birthday = (month, day) >= (birth_month, birth_day);
        i32::from(year) - i32::from(birth_year) - i32::from(!had_birthday)
    }
}

impl Day {
    /// Its month, as people write it: `November 2026`.
    pub fn month_for_people(self) -> String {
        self.date().strftime("%B %Y").to_string()
    }
    /// As people write it: `Nov 24, 2026`.
    pub fn for_people(self) -> String {
        self.date().strftime("%b %-d, %Y").to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

/// When something happened, as exactly as it was recorded: FHIR `dateTime` has year, month, day or instant precision
/// (<https://hl7.org/fhir/R4/datatypes.html#dateTime>).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum When {
    /// Some time in this year.
    Year(i16),
    /// Some time in this month of this year.
    Month(i16, i8),
    /// Some time on this local date.
    Day(Day),
    /// At this instant.
    At(Timestamp),
}

impl When {
    /// The first and last local date it can mean.
    pub fn days(self, zone: &Zone) -> (Day, Day) {
        match self {
            When::Year(y) => (Day::of(y, 1, 1).unwrap_or_default(), Day::of(y, 12, 31).unwrap_or_default()),
            When::Month(y, m) => {
                let first = Day::of(y, m, 1).unwrap_or_default();
                (first, first.plus_months(1).plus_days(-1))
            }
            When::Day(day) => (day, day),
            When::At(t) => {
                let day = zone.day_of(t);
                (day, day)
            }
        }
    }
    /// The first instant it can mean, and the first instant after all it can mean: `[start, end)`. For [`When::At`]
    /// the interval holds that one microsecond.
    pub fn span(self, zone: &Zone) -> (Timestamp, Timestamp) {
        match self {
            When::At(t) => (t, Timestamp(t.0.saturating_add(1))),
            _ => {
                let (first, last) = self.days(zone);
                (zone.start_of(first), zone.start_of(last.plus_days(1)))
            }
        }
    }
    /// As people write it, and as exactly as it is known: `2019`, `Mar 2019`, `Mar 4, 2019`, `Mar 4, 2019, 10:02 AM`.
    pub fn for_people(self, zone: &Zone) -> String {
        match self {
            When::Year(year) => year.to_string(),
            When::Month(..) => self.days(zone).0.date().strftime("%b %Y").to_string(),
            When::Day(day) => day.for_people(),
            When::At(t) => zone.0.to_datetime(t.jiff()).strftime("%b %-d, %Y, %-I:%M %p").to_string(),
        }
    }
    /// Whether the day is known.
    pub const fn is_exact(self) -> bool {
        matches!(self, When::Day(_) | When::At(_))
    }
}

impl std::str::FromStr for When {
    type Err = ParseTimeError;
    /// Reads `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, or an RFC 3339 instant (which must carry `Z` or an offset).
    fn from_str(text: &str) -> Result<Self, ParseTimeError> {
        let bad = ParseTimeError::NotATime;
        if !text.is_ascii() {
            return Err(bad);
        }
        let number = |range: std::ops::Range<usize>| {
            let digits = text.get(range)?;
            digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<i16>().ok())?
        };
        let dash = |at: usize| text.as_bytes().get(at) == Some(&b'-');
        match text.len() {
            4 => number(0..4).map(When::Year).ok_or(bad),
            7 if dash(4) => match (number(0..4), number(5..7)) {
                (Some(y), Some(m)) if (1..=12).contains(&m) => Ok(When::Month(y, m as i8)),
                _ => Err(bad),
            },
            10 if dash(4) && dash(7) => match (number(0..4), number(5..7), number(8..10)) {
                (Some(y), Some(m), Some(d)) => Day::of(y, m as i8, d as i8).map(When::Day).ok_or(bad),
                _ => Err(bad),
            },
            _ => Timestamp::parse(text).map(When::At),
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            When::Year(y) => write!(f, "{y:04}"),
            When::Month(y, m) => write!(f, "{y:04}-{m:02}"),
            When::Day(day) => day.fmt(f),
            When::At(t) => t.fmt(f),
        }
    }
}

/// The organization's time zone: where its midnights, months and birthdays are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Zone {
        Zone(TimeZone::UTC)
    }
    /// Looks an IANA name up in the compiled-in database.
    ///
    /// # Errors
    /// [`ParseTimeError::UnknownZone`] if it is not there.
    pub fn named(name: &str) -> Result<Zone, ParseTimeError> {
        TimeZone::get(name).map(Zone).map_err(|_| ParseTimeError::UnknownZone)
    }
    /// Its IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }
    /// The local date at an instant.
    pub fn day_of(&self, t: Timestamp) -> Day {
        Day::from_date(self.0.to_datetime(t.jiff()).date())
    }
    /// The instant of a local time of day (compatible at gaps and overlaps); hours over 23 and minutes over 59 count as 0.
    pub fn at(&self, day: Day, hour: u8, minute: u8) -> Timestamp {
        let hour = i8::try_from(hour).ok().filter(|h| *h < 24).unwrap_or(0);
        let minute = i8::try_from(minute).ok().filter(|m| *m < 60).unwrap_or(0);
        let local = day.date().at(hour, minute, 0, 0);
        self.0
            .to_ambiguous_timestamp(local)
            .compatible()
            .map_or(Timestamp::MAX, |t| Timestamp(t.as_microsecond()))
    }
    /// The local time of day at an instant, to the second: `10:42:07`.
    pub fn clock_of(&self, t: Timestamp) -> String {
        let time = self.0.to_datetime(t.jiff());
        format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
    }
    /// The local hour at an instant, 0 to 23.
    pub fn hour_of(&self, t: Timestamp) -> i8 {
        self.0.to_datetime(t.jiff()).hour()
    }
    /// The local minute at an instant, 0 to 59.
    pub fn minute_of(&self, t: Timestamp) -> i8 {
        self.0.to_datetime(t.jiff()).minute()
    }
    /// The first instant of a local date (after a gap at midnight: the first that exists).
    pub fn start_of(&self, day: Day) -> Timestamp {
        let midnight = day.date().to_datetime(jiff::civil::Time::midnight());
        let t = self.0.to_ambiguous_timestamp(midnight).compatible();
        t.map_or(Timestamp::MAX, |t| Timestamp(t.as_microsecond()))
    }
    /// `t` moved by whole calendar days in this zone, keeping the local time of day (compatible at gaps and overlaps).
    pub fn plus_days(&self, t: Timestamp, days: i32) -> Timestamp {
        self.shift(t, |day| day.plus_days(days))
    }
    /// `t` moved by calendar months in this zone, keeping the local time of day; the 31st becomes the last day of a
    /// shorter month.
    pub fn plus_months(&self, t: Timestamp, months: i32) -> Timestamp {
        self.shift(t, |day| day.plus_months(months))
    }
    fn shift(&self, t: Timestamp, move_day: impl FnOnce(Day) -> Day) -> Timestamp {
        let local = self.0.to_datetime(t.jiff());
        let moved = move_day(Day::from_date(local.date())).date().to_datetime(local.time());
        let t = self.0.to_ambiguous_timestamp(moved).compatible();
        t.map_or(Timestamp::MAX, |t| Timestamp(t.as_microsecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_text_for_people_and_numbers_for_us() {
        let day = Day::parse("2027-06-30").unwrap();
        assert_eq!(serde_json::to_string(&day).unwrap(), "\"2027-06-30\"");
        assert_eq!(serde_json::from_str::<Day>("\"2027-06-30\"").unwrap(), day);
        for bad in ["\"2027-06-31\"", "\"2027-06\"", "21000"] {
            assert!(serde_json::from_str::<Day>(bad).is_err(), "{bad}");
        }
        let bytes = postcard::to_stdvec(&day).unwrap();
        assert_eq!(postcard::from_bytes::<Day>(&bytes).unwrap(), day);
        assert_eq!(bytes, postcard::to_stdvec(&day.number()).unwrap());
    }

    #[test]
    fn partial_dates_read_and_print() {
        for text in ["1970", "1970-05", "1970-05-31", "2024-02-29", "1970-05-31T10:00:00Z"] {
            assert_eq!(text.parse::<When>().unwrap().to_string(), text);
        }
        for bad in
            ["", "70", "1970-13", "2023-02-29", "1970-05-31T10:00:00", "1970/05", "٢٠٢٠", "+970", "1970-+5"]
        {
            assert!(bad.parse::<When>().is_err(), "{bad}");
        }
    }

    #[test]
    fn spans_of_partial_dates() {
        let utc = Zone::utc();
        let days = |t: &str| {
            let (a, b) = t.parse::<When>().unwrap().days(&utc);
            (a.to_string(), b.to_string())
        };
        assert_eq!(days("2024"), ("2024-01-01".into(), "2024-12-31".into()));
        assert_eq!(days("2024-02"), ("2024-02-01".into(), "2024-02-29".into()));
    }

    #[test]
    fn age_counts_from_the_birthday() {
        let age = |birth: &str, on: &str| Day::parse(on).unwrap().years_since(Day::parse(birth).unwrap());
        assert_eq!(age("1980-06-15", "2026-06-14"), 45);
        assert_eq!(age("1980-06-15", "2026-06-15"), 46);
        assert_eq!(age("2004-02-29", "2025-02-28"), 20);
        assert_eq!(age("2004-02-29", "2025-03-01"), 21);
        assert_eq!(age("2004-02-29", "2024-02-29"), 20);
    }

    #[test]
    fn midnight_belongs_to_the_new_day_and_dst_days_are_whole() {
        let zone = Zone::named("America/New_York").unwrap();
        let day = Day::parse("2026-03-08").unwrap(); // clocks go forward
        let (start, end) = When::Day(day).span(&zone);
        assert_eq!((end.micros() - start.micros()) / 3_600_000_000, 23);
        assert_eq!(zone.day_of(start), day);
        assert_eq!(zone.day_of(Timestamp(start.0 - 1)), day.plus_days(-1));
        let autumn = Day::parse("2026-11-01").unwrap();
        let (start, end) = When::Day(autumn).span(&zone);
        assert_eq!((end.micros() - start.micros()) / 3_600_000_000, 25);
    }

    #[test]
    fn calendar_arithmetic_keeps_the_local_hour() {
        let zone = Zone::named("America/New_York").unwrap();
        let t = Timestamp::parse("2026-03-07T12:00:00-05:00").unwrap();
        assert_eq!(zone.plus_days(t, 1).to_string(), "2026-03-08T16:00:00Z");
        let t = Timestamp::parse("2026-03-31T12:00:00-04:00").unwrap();
        assert_eq!(zone.plus_months(t, -1).to_string(), "2026-02-28T17:00:00Z");
    }
}
