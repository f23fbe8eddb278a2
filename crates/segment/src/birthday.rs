//! Anniversaries of the birth date.
//!
//! A birthday is a date in the calendar, not something that happened at an hour nobody noted, so its window counts
//! whole local dates: `birthday in next 7 days` is today and the six days after it. Asked every seventh day, it finds
//! everyone once.

use crate::checked::BirthdayWindow;
use crate::window::{Length, Unit};
use discreet_domain::{Day, Timestamp, When, Zone};

impl BirthdayWindow {
    /// The first and last local date of it at `now`.
    pub fn days(self, now: Timestamp, zone: &Zone) -> (Day, Day) {
        let today = zone.day_of(now);
        match self {
            BirthdayWindow::Last(length) => (shifted(today, length, -1), today.plus_days(-1)),
            BirthdayWindow::Next(length) => (today, shifted(today, length, 1).plus_days(-1)),
        }
    }

    /// Whether a birthday falls in it. For a partial birth date: `None` unless every date it can mean agrees.
    pub fn holds(self, birth: When, now: Timestamp, zone: &Zone) -> Option<bool> {
        let (first, last) = self.days(now, zone);
        let (from, to) = birth.days(zone);
        let mut answer = None;
        for number in from.number()..=to.number() {
            let here = birthday_within(Day::from_number(number), first, last);
            if answer.is_some_and(|before| before != here) {
                return None;
            }
            answer = Some(here);
        }
        answer
    }
}

/// Whether an anniversary of `birth` is one of the dates `first..=last`. The birth itself is none. In a common year
/// the anniversary of Feb 29 is Mar 1, the day on which the age rises too.
pub fn birthday_within(birth: Day, first: Day, last: Day) -> bool {
    let (birth_year, ..) = birth.ymd();
    let ((from, ..), (to, ..)) = (first.ymd(), last.ymd());
    // A window of more than a year holds every birthday that comes in its second year: three years are enough to look at.
    let years = from.max(birth_year.saturating_add(1))..=to.min(from.max(birth_year).saturating_add(2));
    years.into_iter().any(|year| anniversary(birth, year).is_some_and(|day| first <= day && day <= last))
}

/// The anniversary of `birth` in a year; `None` only outside the calendar.
pub fn anniversary(birth: Day, year: i16) -> Option<Day> {
    let (_, month, day) = birth.ymd();
    Day::of(year, month, day).or_else(|| Day::of(year, 3, 1))
}

fn shifted(day: Day, length: Length, sign: i32) -> Day {
    let count = sign.saturating_mul(i32::try_from(length.count).unwrap_or(i32::MAX));
    match length.unit {
        // Refused by `check`; a day holds them.
        Unit::Hours => day.plus_days(sign),
        Unit::Days => day.plus_days(count),
        Unit::Weeks => day.plus_days(count.saturating_mul(7)),
        Unit::Months => day.plus_months(count),
        Unit::Years => day.plus_months(count.saturating_mul(12)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(birth: &str, window: BirthdayWindow, now: &str) -> Option<bool> {
        let zone = Zone::named("America/New_York").unwrap();
        window.holds(birth.parse().unwrap(), Timestamp::parse(now).unwrap(), &zone)
    }
    fn next(count: u32, unit: Unit) -> BirthdayWindow {
        BirthdayWindow::Next(Length { count, unit })
    }
    fn last(count: u32, unit: Unit) -> BirthdayWindow {
        BirthdayWindow::Last(Length { count, unit })
    }

    #[test]
    fn next_days_begin_today_and_last_days_end_yesterday() {
        let now = "2026-06-15T23:59:00-04:00";
        for (birth, coming, past) in [
            ("1980-06-07", false, false),
            ("1980-06-08", false, true),
            ("1980-06-14", false, true),
            ("1980-06-15", true, false),
            ("1980-06-21", true, false),
            ("1980-06-22", false, false),
        ] {
            assert_eq!(holds(birth, next(7, Unit::Days), now), Some(coming), "{birth}");
            assert_eq!(holds(birth, last(1, Unit::Weeks), now), Some(past), "{birth}");
        }
        assert_eq!(holds("1980-06-16", next(1, Unit::Days), "2026-06-16T00:00:00-04:00"), Some(true));
    }

    #[test]
    fn new_year_is_crossed() {
        let now = "2026-12-30T12:00:00-05:00";
        assert_eq!(holds("1980-01-02", next(4, Unit::Days), now), Some(true));
        assert_eq!(holds("1980-01-03", next(4, Unit::Days), now), Some(false));
    }

    #[test]
    fn leap_day_birthdays_are_on_march_1_in_common_years() {
        let on = |day: &str| holds("2004-02-29", next(1, Unit::Days), &format!("{day}T12:00:00-05:00"));
        assert_eq!(on("2026-02-28"), Some(false));
        assert_eq!(on("2026-03-01"), Some(true));
        assert_eq!(on("2028-02-29"), Some(true));
        assert_eq!(on("2028-03-01"), Some(false));
    }

    #[test]
    fn a_birth_is_no_birthday() {
        let now = "2026-06-15T12:00:00-04:00";
        assert_eq!(holds("2026-06-15", next(1, Unit::Days), now), Some(false));
        assert_eq!(holds("2026-06-10", last(7, Unit::Days), now), Some(false));
        assert_eq!(holds("2025-06-15", next(1, Unit::Days), now), Some(true));
    }

    #[test]
    fn partial_birth_dates_are_unknown_unless_all_agree() {
        let now = "2026-06-15T12:00:00-04:00";
        assert_eq!(holds("1980-06", next(7, Unit::Days), now), None);
        assert_eq!(holds("1980-08", next(7, Unit::Days), now), Some(false));
        assert_eq!(holds("1980-07", next(2, Unit::Months), now), Some(true));
        assert_eq!(holds("1980", next(7, Unit::Days), now), None);
        assert_eq!(holds("1980", next(2, Unit::Years), now), Some(true));
    }
}
