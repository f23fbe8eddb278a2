//! Age and birthdays. The answers follow from the birth date alone once now is known, so each test becomes the dates, or the
//! days of the year, that pass: found by asking the functions that every evaluator uses.

use super::time::{Clock, Run, runs_hold};
use crate::birthday::birthday_within;
use crate::checked::{AgeTest, BirthdayWindow};
use discreet_domain::Day;
use std::ops::RangeInclusive;

/// The years of the calendar.
const YEARS: RangeInclusive<i16> = -9_999..=9_999;
/// A century without a leap day is eight years without one.
const LONGEST_WITHOUT_LEAP_DAY: i16 = 8;

/// Whether an age passes. `row` is a row of `attributes`.
pub fn age(test: &AgeTest, clock: Clock<'_>, row: &str) -> String {
    let today = clock.zone.day_of(clock.now);
    let year = i32::from(today.ymd().0);
    // A greater age is an earlier birth, so ages from greatest to least are births from first to last.
    // Those born in the last year of the calendar may be a year younger than its number says.
    let ages = (year - i32::from(*YEARS.end()) - 1..=year - i32::from(*YEARS.start())).rev();
    let passing = ages.filter(|age| test.0.holds(f64::from(*age)));
    let runs: Vec<Run> = runs_of(passing.map(|age| -i64::from(age)))
        .into_iter()
        .map(|(oldest, youngest)| Run {
            first: last_birth(today, 1 - oldest).map(|day| i64::from(day.number()) + 1),
            last: last_birth(today, -youngest).map(|day| i64::from(day.number())),
        })
        .collect();
    runs_hold(&runs, &format!("{row}.first_day"), &format!("{row}.last_day"))
}

/// The last date of birth of those who are at least so old today; `None` beyond the calendar.
fn last_birth(today: Day, age: i64) -> Option<Day> {
    let (year, month, day) = today.ymd();
    let year = i16::try_from(i64::from(year) - age).ok().filter(|year| YEARS.contains(year))?;
    // On Feb 29 those of a common year born on Feb 28 have had their birthday, and those of Mar 1 have not.
    Day::of(year, month, day).or_else(|| Day::of(year, month, day - 1))
}

/// Ascending numbers as runs.
fn runs_of(numbers: impl IntoIterator<Item = i64>) -> Vec<(i64, i64)> {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    runs
}

/// Whether a birthday is in a window. Whoever was born before the first year of the window has the birthdays of all its
/// years; later ones have fewer, the birth itself being none. So years of birth fall into four classes, and within each it
/// is the day of the year that decides.
pub fn birthday(window: BirthdayWindow, clock: Clock<'_>, row: &str) -> String {
    let (first, last) = window.days(clock.now, clock.zone);
    let ((from, ..), (to, ..)) = (first.ymd(), last.ymd());
    let in_year = |year: i16| days_hold(year, first, last, row);
    let mut cases = Vec::new();
    let before = from.saturating_sub(1);
    let back = |leap: bool| {
        (0..=LONGEST_WITHOUT_LEAP_DAY)
            .map(|years| before.saturating_sub(years))
            .find(|year| is_leap(*year) == leap)
    };
    if let (Some(leap), Some(common)) = (back(true), back(false)) {
        let leap_year = format!("({row}.year % 4 = 0 and ({row}.year % 100 <> 0 or {row}.year % 400 = 0))");
        cases.push(format!(
            "when {row}.year < {from} then case when {leap_year} then {} else {} end",
            in_year(leap),
            in_year(common)
        ));
    }
    // The year before the last of the window has all its days in it, and comes after these births.
    if i32::from(to) - i32::from(from) >= 2 {
        cases.push(format!("when {row}.year < {} then 1", to - 1));
    }
    if from < to {
        cases.push(format!("when {row}.year = {} then {}", to - 1, in_year(to - 1)));
    }
    format!("case {} when {row}.year is not null then 0 end", cases.join(" "))
}

fn is_leap(year: i16) -> bool {
    Day::of(year, 2, 29).is_some()
}

/// Of births in one year: whether all days of the year that it can be have a birthday from `first` to `last`.
fn days_hold(year: i16, first: Day, last: Day, row: &str) -> String {
    let Some(start) = Day::of(year, 1, 1) else { return "null".to_owned() };
    let days = (0..=365).map(|days| start.plus_days(days)).filter(|day| day.ymd().0 == year);
    let passing = days.filter(|day| birthday_within(*day, first, last)).map(|day| i64::from(day.number()));
    let month_day = |number: i64| {
        let (_, month, day) = i32::try_from(number).map(Day::from_number).unwrap_or_default().ymd();
        Some(i64::from(month) * 100 + i64::from(day))
    };
    let runs: Vec<Run> = runs_of(passing)
        .into_iter()
        .map(|(first, last)| Run { first: month_day(first), last: month_day(last) })
        .collect();
    runs_hold(&runs, &format!("{row}.first_month_day"), &format!("{row}.last_month_day"))
}
