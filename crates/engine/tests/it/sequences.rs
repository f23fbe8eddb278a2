//! Sequences in dense worlds: many events near each other, known more or less exactly; and in time about linear.

use crate::equality::agree;
use crate::setup::{checked, event, index_of, nothing, text};
use discreet_domain::{Day, EventFact, PatientFacts, Timestamp, When, Zone};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::time::{Duration, Instant};

const WORLDS: u32 = 300;

/// Instants to the half hour around the change of the clocks in New York, so that distances are often exactly a length.
fn when() -> impl Strategy<Value = When> {
    let half_hours = -24..(24 * 40_i64);
    // Midnight of March 1, 2026, in New York.
    let start = Timestamp::parse("2026-03-01T05:00:00Z").unwrap();
    let first_day = Day::of(2026, 3, 1).unwrap();
    prop_oneof![
        6 => half_hours.prop_map(move |n| When::At(start.plus_seconds(1800 * n))),
        3 => (-1..40_i32).prop_map(move |n| When::Day(first_day.plus_days(n))),
        1 => select(vec![When::Month(2026, 3), When::Month(2026, 2), When::Year(2026)]),
    ]
}

fn one() -> impl Strategy<Value = EventFact> {
    let kind = select(vec!["appointment", "appointment", "page_view", "email_open"]);
    let status = select(vec![Some("booked"), Some("no_show"), None]);
    (kind, when(), status, prop::bool::weighted(0.1)).prop_map(|(kind, at, status, restricted)| {
        let fields: Vec<_> = status.map(|status| ("status", text(status))).into_iter().collect();
        EventFact { at, restricted, ..event(kind, "2026", &fields) }
    })
}

fn sequence() -> impl Strategy<Value = String> {
    let side = || {
        select(vec![
            "appointment",
            "appointment where status = booked",
            "appointment where not status = booked",
            "page_view",
            "email_open",
        ])
    };
    let window = select(vec!["", "in last 10 days", "before 2026-03-08", "in next 1 week"]);
    let within = select(vec!["1 hour", "24 hours", "25 hours", "1 day", "3 days", "1 week", "1 month"]);
    (side(), window, side(), within)
        .prop_map(|(first, window, then, within)| format!("any {first} {window} then {then} within {within}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(WORLDS))]
    #[test]
    fn engine_equals_oracle(events in vec(vec(one(), 0..9), 6), texts in vec(sequence(), 10)) {
        let zone = Zone::named("America/New_York").unwrap();
        let now = Timestamp::parse("2026-03-15T16:00:00Z").unwrap();
        let patients: Vec<PatientFacts> = (1..).zip(events).map(|(number, mut events)| {
            events.sort_by_key(|event| event.at.span(&zone));
            PatientFacts { events, ..nothing(number, 1) }
        }).collect();
        let index = index_of(&zone, patients.iter().cloned());
        for text in texts {
            agree(&index, &patients, &checked(&text), now, &zone)?;
        }
    }
}

/// One patient with so many events of which none follows another in time, which is where all of them are looked at.
fn time_of(events: i64) -> Duration {
    let zone = Zone::utc();
    let start = Timestamp::parse("2020-01-01T00:00:00Z").unwrap();
    let events: Vec<EventFact> = (0..events)
        .map(|n| EventFact { at: When::At(start.plus_seconds(7200 * n)), ..event("page_view", "2026", &[]) })
        .collect();
    let index = index_of(&zone, [PatientFacts { events, ..nothing(1, 1) }]);
    let segment = checked("any page_view then page_view within 1 hour");
    let asked = || {
        let began = Instant::now();
        assert_eq!(index.select(&segment, start).count().exact(), 0);
        began.elapsed()
    };
    (0..5).map(|_| asked()).min().unwrap()
}

/// Sixteen times the events: far less than sixteen times sixteen the time.
#[test]
fn time_grows_with_the_number_of_events() {
    let (few, many) = (time_of(2_000), time_of(32_000));
    assert!(many < few * 64, "{few:?} for 2,000 events, {many:?} for 32,000");
}
