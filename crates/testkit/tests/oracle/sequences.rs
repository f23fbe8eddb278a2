//! One event after another, by hand: both sides of every edge. Noon on June 15, 2026, in New York.

use discreet_domain::{EventFact, FactId, PatientFacts, PatientId, Timestamp, Value, Zone};
use discreet_testkit::oracle::holds;
use discreet_testkit::segments::Sample;

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);
const UNKNOWN: Option<bool> = None;

fn event(kind: &str, at: &str) -> EventFact {
    EventFact {
        id: FactId(1),
        kind: kind.to_owned(),
        at: at.parse().unwrap(),
        fields: Vec::new(),
        restricted: false,
    }
}
fn with_status(mut event: EventFact, status: &str) -> EventFact {
    event.fields.push(("status".to_owned(), Value::Text(status.to_owned())));
    event
}
fn hidden(event: EventFact) -> EventFact {
    EventFact { restricted: true, ..event }
}
fn patient(events: &[EventFact]) -> PatientFacts {
    PatientFacts {
        patient: PatientId::from_u128(1),
        version: 1,
        attributes: [].into(),
        codes: vec![],
        events: events.to_vec(),
        consents: vec![],
    }
}

#[track_caller]
fn says(events: &[EventFact], text: &str, answer: Option<bool>) {
    let zone = Zone::named("America/New_York").unwrap();
    let now = Timestamp::parse("2026-06-15T12:00:00-04:00").unwrap();
    let asked = |text: &str| holds(&Sample::of(text).checked, &patient(events), now, &zone);
    assert_eq!(asked(text), answer, "{text}");
    assert_eq!(asked(&format!("not ({text})")), answer.map(|yes| !yes), "not ({text})");
}

/// A click at one time and an appointment at another.
#[track_caller]
fn both(click: &str, appointment: &str, within: &str, answer: Option<bool>) {
    let events = [event("email_click", click), event("appointment", appointment)];
    says(&events, &format!("any email_click then appointment within {within}"), answer);
}

#[test]
fn instants_are_compared_to_the_last_microsecond() {
    let click = "2026-06-01T12:00:00-04:00";
    for (appointment, answer) in [
        ("2026-06-01T11:59:59.999999-04:00", NO),
        ("2026-06-01T12:00:00-04:00", NO),
        ("2026-06-01T12:00:00.000001-04:00", YES),
        ("2026-06-08T12:00:00-04:00", YES),
        ("2026-06-08T12:00:00.000001-04:00", NO),
    ] {
        both(click, appointment, "7 days", answer);
        both(click, appointment, "1 week", answer);
        both(click, appointment, "168 hours", answer);
    }
}

#[test]
fn days_are_counted_on_the_calendar_and_hours_are_elapsed() {
    // Clocks go forward on March 8: from noon to half past noon there are 23 hours and a half.
    both("2026-03-07T12:00:00-05:00", "2026-03-08T12:30:00-04:00", "24 hours", YES);
    both("2026-03-07T12:00:00-05:00", "2026-03-08T12:30:00-04:00", "1 day", NO);
    both("2026-03-07T12:00:00-05:00", "2026-03-08T12:00:00-04:00", "1 day", YES);
    both("2026-03-07T12:00:00-05:00", "2026-03-08T13:00:00.000001-04:00", "24 hours", NO);
    // A month from January 31 ends on February 28.
    both("2026-01-31T12:00:00-05:00", "2026-02-28T12:00:00-05:00", "1 month", YES);
    both("2026-01-31T12:00:00-05:00", "2026-02-28T12:00:00.000001-05:00", "1 month", NO);
    both("2024-02-29T12:00:00-05:00", "2025-02-28T12:00:00-05:00", "1 year", YES);
    both("2024-02-29T12:00:00-05:00", "2025-02-28T12:00:00.000001-05:00", "1 year", NO);
}

#[test]
fn an_earlier_event_may_reach_farther_than_a_later_one() {
    let clicks = ["2026-01-30T13:00:00-05:00", "2026-01-31T12:00:00-05:00"];
    let events = [
        event("email_click", clicks[0]),
        event("email_click", clicks[1]),
        event("appointment", "2026-02-28T12:30:00-05:00"),
    ];
    says(&events, "any email_click then appointment within 1 month", YES);
    says(&events[1..], "any email_click then appointment within 1 month", NO);
}

#[test]
fn dates_are_compared_as_dates() {
    for (appointment, answer) in [
        ("2026-05-31", NO),
        ("2026-06-01", UNKNOWN), // before or after, on that day?
        ("2026-06-02", YES),
        ("2026-06-08", YES),
        ("2026-06-09", NO),
    ] {
        both("2026-06-01", appointment, "7 days", answer);
        both("2026-06-01T12:00:00-04:00", appointment, "7 days", answer);
    }
    for (appointment, answer) in [
        ("2026-05-31T23:59:59.999999-04:00", NO),
        ("2026-06-01T00:00:00-04:00", NO), // it can be no instant after the first of that day
        ("2026-06-01T00:00:00.000001-04:00", UNKNOWN),
        ("2026-06-01T23:59:59.999999-04:00", UNKNOWN),
        ("2026-06-02T00:00:00-04:00", YES),
        ("2026-06-08T23:59:59.999999-04:00", YES),
        ("2026-06-09T00:00:00-04:00", NO),
    ] {
        both("2026-06-01", appointment, "7 days", answer);
    }
    // From the last instant of a date so many hours on.
    both("2026-06-01", "2026-06-02", "1 hour", YES);
    both("2026-06-01", "2026-06-03", "1 hour", NO);
    both("2026-06-01", "2026-06-03", "25 hours", YES);
}

#[test]
fn partial_dates_are_known_if_every_date_agrees() {
    both("2026-05", "2026-06-05", "2 months", YES);
    both("2026-05", "2026-06-05", "1 week", UNKNOWN); // of May 1 too late, of May 31 not
    both("2026-05", "2026-06-08", "1 week", NO);
    both("2026-05", "2026-06-07", "1 week", UNKNOWN);
    both("2026-05", "2026-05-10", "1 week", UNKNOWN);
    both("2026-05", "2026-04-30", "1 week", NO);
    both("2025", "2026", "1 year", UNKNOWN);
    both("2025", "2026", "2 years", YES);
    both("2026", "2025", "2 years", NO);
}

#[test]
fn filters_and_the_window_are_asked_of_each() {
    let events = [
        with_status(event("appointment", "2026-05-01T09:00:00-04:00"), "no_show"),
        with_status(event("appointment", "2026-05-10T09:00:00-04:00"), "booked"),
        event("appointment", "2026-05-20T09:00:00-04:00"),
    ];
    let missed = "any appointment where status = no_show";
    for (text, answer) in [
        (format!("{missed} then appointment where status = booked within 9 days"), YES),
        (format!("{missed} then appointment where status = booked within 8 days"), NO),
        (format!("{missed} then appointment where status = fulfilled within 1 month"), UNKNOWN),
        (format!("{missed} then appointment where status = fulfilled within 1 week"), NO),
        (format!("{missed} then appointment where missing status within 1 month"), YES),
        (format!("{missed} in last 2 months then appointment where status = booked within 9 days"), YES),
        (format!("{missed} in last 1 month then appointment where status = booked within 9 days"), NO),
        ("any appointment then appointment within 10 days".to_owned(), YES),
        ("any appointment then appointment within 1 day".to_owned(), NO),
    ] {
        says(&events, &text, answer);
    }
}

#[test]
fn nothing_follows_itself() {
    for at in ["2026-06-01", "2026-06", "2026-06-01T12:00:00-04:00"] {
        says(&[event("appointment", at)], "any appointment then appointment within 1 year", NO);
    }
    let twice = [event("appointment", "2026-06-01"), event("appointment", "2026-06-01")];
    says(&twice, "any appointment then appointment within 1 year", UNKNOWN);
}

#[test]
fn hidden_events_show_in_no_answer() {
    let asked = "any email_click then appointment within 7 days";
    let click = event("email_click", "2026-06-01");
    let visit = event("appointment", "2026-06-03");
    let late = event("appointment", "2026-06-09");
    says(&[click.clone(), hidden(visit.clone())], asked, UNKNOWN);
    says(&[hidden(click.clone()), visit.clone()], asked, UNKNOWN);
    says(&[click.clone(), hidden(visit.clone()), visit], asked, YES);
    says(&[click.clone(), hidden(late)], asked, NO);
    says(&[click], asked, NO);
}

#[test]
fn what_was_not_seen_of_open_worlds_is_unknown() {
    let open = event("email_open", "2026-06-01");
    let visit = event("appointment", "2026-06-03");
    says(&[open.clone(), visit.clone()], "any email_open then appointment within 7 days", YES);
    says(std::slice::from_ref(&visit), "any email_open then appointment within 7 days", UNKNOWN);
    says(std::slice::from_ref(&open), "any email_open then appointment within 7 days", UNKNOWN);
    says(&[visit, open], "any appointment then email_open within 7 days", UNKNOWN);
}
