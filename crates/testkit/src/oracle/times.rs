//! Windows, the long way: instant by instant, date by date.

use super::agreed;
use discreet_domain::{Day, Timestamp, When, Zone};
use discreet_segment::checked::BirthdayWindow;
use discreet_segment::{Length, Unit, Window};

/// When it is asked, and where.
pub(crate) struct Clock<'z> {
    pub now: Timestamp,
    pub zone: &'z Zone,
}

impl Clock<'_> {
    /// Every local date that this can mean.
    pub fn every_day(&self, when: When) -> impl Iterator<Item = Day> {
        let (first, last) = when.days(self.zone);
        (first.number()..=last.number()).map(Day::from_number)
    }

    /// Whether something that happened `when` is in the window.
    pub fn within(&self, window: Window, when: When) -> Option<bool> {
        match when {
            When::At(t) => Some(self.instant_within(window, t)),
            When::Day(day) => Some(self.day_within(window, day)),
            When::Month(..) | When::Year(_) => {
                agreed(self.every_day(when).map(|day| Some(self.day_within(window, day))))
            }
        }
    }

    fn instant_within(&self, window: Window, t: Timestamp) -> bool {
        match window {
            Window::InLast(length) => self.moved(length, -1) <= t && t < self.now,
            Window::InNext(length) => self.now <= t && t < self.moved(length, 1),
            Window::Ago(length) => t < self.moved(length, -1),
            Window::Before(_) | Window::After(_) | Window::Between(..) => {
                self.day_within(window, self.zone.day_of(t))
            }
        }
    }

    fn day_within(&self, window: Window, day: Day) -> bool {
        let begins = self.zone.start_of(day);
        let ends = self.zone.start_of(day.plus_days(1));
        // Some instant of the day is one of the window's.
        let touches = |start: Timestamp, end: Timestamp| begins < end && start < ends;
        match window {
            Window::InLast(length) => touches(self.moved(length, -1), self.now),
            Window::InNext(length) => touches(self.now, self.moved(length, 1)),
            Window::Ago(length) => day < self.zone.day_of(self.moved(length, -1)),
            Window::Before(limit) => day < limit,
            Window::After(limit) => limit < day,
            Window::Between(first, last) => first <= day && day <= last,
        }
    }

    fn moved(&self, length: Length, sign: i32) -> Timestamp {
        self.moved_from(self.now, length, sign)
    }

    pub fn moved_from(&self, t: Timestamp, length: Length, sign: i32) -> Timestamp {
        let count = sign * i32::try_from(length.count).unwrap_or(i32::MAX);
        match length.unit {
            Unit::Hours => t.plus_seconds(3600 * i64::from(count)),
            Unit::Days => self.zone.plus_days(t, count),
            Unit::Weeks => self.zone.plus_days(t, 7 * count),
            Unit::Months => self.zone.plus_months(t, count),
            Unit::Years => self.zone.plus_months(t, 12 * count),
        }
    }

    /// Whether one of the window's dates is an anniversary.
    pub fn has_birthday(&self, birth: Day, window: BirthdayWindow) -> bool {
        let today = self.zone.day_of(self.now);
        let (first, last) = match window {
            BirthdayWindow::Last(length) => (day_moved(today, length, -1), today.plus_days(-1)),
            BirthdayWindow::Next(length) => (today, day_moved(today, length, 1).plus_days(-1)),
        };
        let mut days = (first.number()..=last.number()).map(Day::from_number);
        days.any(|day| birth < day && is_birthday(birth, day))
    }
}

fn is_birthday(birth: Day, day: Day) -> bool {
    let (_, birth_month, birth_day) = birth.ymd();
    let (year, month, day) = day.ymd();
    let leap = Day::of(year, 2, 29).is_some();
    match (birth_month, birth_day) {
        (2, 29) if !leap => (month, day) == (3, 1),
        birthday => (month, day) == birthday,
    }
}

fn day_moved(day: Day, length: Length, sign: i32) -> Day {
    let count = sign * i32::try_from(length.count).unwrap_or(i32::MAX);
    match length.unit {
        Unit::Hours | Unit::Days => day.plus_days(count),
        Unit::Weeks => day.plus_days(7 * count),
        Unit::Months => day.plus_months(count),
        Unit::Years => day.plus_months(12 * count),
    }
}
