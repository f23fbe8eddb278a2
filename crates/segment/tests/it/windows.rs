//! Both sides of every edge of a window: instants, dates, midnight, changes of clocks, Feb 29, partial dates.

use discreet_domain::{Day, Timestamp, When, Zone};
use discreet_segment::Unit::{self, Days, Hours, Months, Weeks, Years};
use discreet_segment::{Length, Window};

fn zone() -> Zone {
    Zone::named("America/New_York").unwrap()
}
fn instant(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}
fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}
fn last(count: u32, unit: Unit) -> Window {
    Window::InLast(Length { count, unit })
}
fn next(count: u32, unit: Unit) -> Window {
    Window::InNext(Length { count, unit })
}
fn ago(count: u32, unit: Unit) -> Window {
    Window::Ago(Length { count, unit })
}
fn holds(window: Window, when: &str, now: &str) -> Option<bool> {
    window.holds(when.parse().unwrap(), instant(now), &zone())
}

const NOON: &str = "2026-06-15T12:00:00-04:00";

#[test]
fn instants_are_half_open() {
    for (when, past, future, long_ago) in [
        ("2026-06-08T11:59:59.999999-04:00", false, false, true),
        ("2026-06-08T12:00:00-04:00", true, false, false),
        ("2026-06-15T11:59:59.999999-04:00", true, false, false),
        ("2026-06-15T12:00:00-04:00", false, true, false),
        ("2026-06-22T11:59:59.999999-04:00", false, true, false),
        ("2026-06-22T12:00:00-04:00", false, false, false),
    ] {
        assert_eq!(holds(last(7, Days), when, NOON), Some(past), "{when}");
        assert_eq!(holds(next(1, Weeks), when, NOON), Some(future), "{when}");
        assert_eq!(holds(ago(7, Days), when, NOON), Some(long_ago), "{when}");
    }
}

#[test]
fn dates_are_in_if_any_of_the_day_is() {
    for (when, past, future, long_ago) in [
        ("2026-06-07", false, false, true),
        ("2026-06-08", true, false, false),
        ("2026-06-15", true, true, false),
        ("2026-06-22", false, true, false),
        ("2026-06-23", false, false, false),
    ] {
        assert_eq!(holds(last(7, Days), when, NOON), Some(past), "{when}");
        assert_eq!(holds(next(7, Days), when, NOON), Some(future), "{when}");
        assert_eq!(holds(ago(7, Days), when, NOON), Some(long_ago), "{when}");
    }
}

#[test]
fn at_midnight_dates_are_half_open_too() {
    let midnight = "2026-06-15T00:00:00-04:00";
    for (when, past, future) in [
        ("2026-06-07", false, false),
        ("2026-06-08", true, false),
        ("2026-06-14", true, false),
        ("2026-06-15", false, true),
        ("2026-06-21", false, true),
        ("2026-06-22", false, false),
    ] {
        assert_eq!(holds(last(7, Days), when, midnight), Some(past), "{when}");
        assert_eq!(holds(next(7, Days), when, midnight), Some(future), "{when}");
    }
    // A microsecond earlier it is still the day before.
    assert_eq!(holds(next(7, Days), "2026-06-14", "2026-06-14T23:59:59.999999-04:00"), Some(true));
    assert_eq!(holds(last(7, Days), "2026-06-07", "2026-06-14T23:59:59.999999-04:00"), Some(true));
    // And one later, today has begun.
    assert_eq!(holds(last(7, Days), "2026-06-15", "2026-06-15T00:00:00.000001-04:00"), Some(true));
}

#[test]
fn the_zone_decides_what_day_it_is() {
    // 02:00 in UTC is still the evening before in New York.
    let now = "2026-06-15T02:00:00Z";
    assert_eq!(holds(next(1, Days), "2026-06-14", now), Some(true));
    assert_eq!(holds(next(1, Hours), "2026-06-15", now), Some(false));
    assert_eq!(
        Window::Before(day("2026-06-15")).holds(When::At(instant(now)), instant(NOON), &zone()),
        Some(true)
    );
}

#[test]
fn dst_gap_days_keep_the_local_hour_and_hours_do_not() {
    // Clocks went from 02:00 to 03:00 on March 8, 2026.
    let now = "2026-03-08T12:00:00-04:00";
    let bounds = |window: Window| window.bounds(instant(now), &zone());
    assert_eq!(bounds(last(1, Days)).start, instant("2026-03-07T12:00:00-05:00"));
    assert_eq!(bounds(last(24, Hours)).start, instant("2026-03-07T11:00:00-05:00"));
    // 02:30 does not exist on that day: the window begins at 03:30.
    let later = "2026-03-09T02:30:00-04:00";
    let start = last(1, Days).bounds(instant(later), &zone()).start;
    assert_eq!(start, instant("2026-03-08T03:30:00-04:00"));
    assert_eq!(holds(last(1, Days), "2026-03-08T03:29:59-04:00", later), Some(false));
    assert_eq!(holds(last(1, Days), "2026-03-08T03:30:00-04:00", later), Some(true));
}

#[test]
fn dst_overlap_takes_the_earlier_instant() {
    // Clocks went from 02:00 back to 01:00 on November 1, 2026: 01:30 came twice.
    let now = "2026-11-02T01:30:00-05:00";
    let start = last(1, Days).bounds(instant(now), &zone()).start;
    assert_eq!(start, instant("2026-11-01T01:30:00-04:00"));
    assert_eq!(holds(last(1, Days), "2026-11-01T01:29:59-04:00", now), Some(false));
    assert_eq!(holds(last(1, Days), "2026-11-01T01:30:00-05:00", now), Some(true));
    assert_eq!(
        last(1, Days).bounds(instant("2026-11-01T12:00:00-05:00"), &zone()).start.micros(),
        instant("2026-11-01T12:00:00-05:00").micros() - 25 * 3_600_000_000
    );
}

#[test]
fn months_end_where_they_end() {
    for (window, now, first) in [
        (last(1, Months), "2026-03-31T12:00:00-04:00", "2026-02-28"),
        (last(1, Months), "2024-03-31T12:00:00-04:00", "2024-02-29"),
        (last(1, Years), "2024-02-29T12:00:00-05:00", "2023-02-28"),
        (last(4, Years), "2024-02-29T12:00:00-05:00", "2020-02-29"),
        (last(12, Months), "2025-02-28T12:00:00-05:00", "2024-02-28"),
    ] {
        assert_eq!(window.bounds(instant(now), &zone()).first, day(first), "{window} at {now}");
    }
    assert_eq!(next(1, Years).bounds(instant("2024-02-29T12:00:00-05:00"), &zone()).last, day("2025-02-28"));
}

#[test]
fn windows_of_dates_hold_whole_local_days() {
    let between = Window::Between(day("2026-03-08"), day("2026-03-09"));
    for (when, inside, before, after) in [
        ("2026-03-07T23:59:59.999999-05:00", false, true, false),
        ("2026-03-08T00:00:00-05:00", true, false, false),
        ("2026-03-09T23:59:59.999999-04:00", true, false, true),
        ("2026-03-10T00:00:00-04:00", false, false, true),
        ("2026-03-07", false, true, false),
        ("2026-03-08", true, false, false),
        ("2026-03-09", true, false, true),
        ("2026-03-10", false, false, true),
    ] {
        assert_eq!(holds(between, when, NOON), Some(inside), "{when}");
        assert_eq!(holds(Window::Before(day("2026-03-08")), when, NOON), Some(before), "{when}");
        assert_eq!(holds(Window::After(day("2026-03-08")), when, NOON), Some(after), "{when}");
    }
}

#[test]
fn partial_dates_are_unknown_across_an_edge() {
    for (window, when, inside) in [
        (last(60, Days), "2026-05", Some(true)),
        (last(60, Days), "2026-04", None),
        (last(60, Days), "2026-03", Some(false)),
        (last(60, Days), "2026", None),
        (last(60, Days), "2026-06", None),
        (ago(60, Days), "2026-03", Some(true)),
        (ago(60, Days), "2026-04", None),
        (Window::Between(day("2025-01-01"), day("2025-12-31")), "2025", Some(true)),
        (Window::Between(day("2025-01-02"), day("2025-12-31")), "2025", None),
        (Window::Between(day("2025-02-05"), day("2025-02-06")), "2025", None),
        (Window::Before(day("2025-01-01")), "2024", Some(true)),
        (Window::Before(day("2025-01-01")), "2025", Some(false)),
        (Window::After(day("2024-12-31")), "2025-01", Some(true)),
    ] {
        assert_eq!(holds(window, when, NOON), inside, "{when} {window}");
    }
}

#[test]
fn a_date_before_today_is_either_recent_or_long_ago() {
    for back in 1..400 {
        let when = When::Day(day("2026-06-15").plus_days(-back));
        for count in [1, 30, 364, 365, 366] {
            let recent = last(count, Days).holds(when, instant(NOON), &zone());
            let old = ago(count, Days).holds(when, instant(NOON), &zone());
            assert_eq!(recent, old.map(|old| !old), "{when} {count}");
        }
    }
}

#[test]
fn the_longest_window_stays_in_the_calendar() {
    for unit in Unit::ALL {
        let length = Length { count: unit.most(), unit };
        let bounds = Window::InLast(length).bounds(instant(NOON), &zone());
        assert!(bounds.first < bounds.last && bounds.start < bounds.end, "{length}");
        assert!(bounds.first < day("1830-01-01"), "{length}: {}", bounds.first);
    }
}
