//! Facts and answers written by hand, one rule of the semantics after another.

use discreet_domain::{
    Channel, Code, CodeFact, CodeKind, CodeStatus, ConsentState, EventFact, FactId, PatientFacts, PatientId,
    System, Timestamp, Topic, Value, Zone,
};
use discreet_testkit::oracle::holds;
use discreet_testkit::segments::Sample;
use uuid::Uuid;

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);
const UNKNOWN: Option<bool> = None;

/// A patient about whom nothing is known.
fn nobody() -> PatientFacts {
    PatientFacts {
        patient: PatientId::from_uuid(Uuid::from_u128(1)),
        version: 1,
        attributes: [].into(),
        codes: vec![],
        events: vec![],
        consents: vec![],
    }
}

trait Knows: Sized {
    fn with(self, name: &str, value: Value) -> Self;
    fn text(self, name: &str, value: &str) -> Self {
        self.with(name, Value::Text(value.to_owned()))
    }
    fn born(self, when: &str) -> Self {
        self.with("birth_date", Value::When(when.parse().unwrap()))
    }
    fn coded(self, code: &str, onset: Option<&str>, end: Option<&str>) -> Self;
    fn event(self, kind: &str, at: &str, fields: &[(&str, Value)]) -> Self;
    fn hidden(self) -> Self;
}

impl Knows for PatientFacts {
    fn with(mut self, name: &str, value: Value) -> Self {
        self.attributes.insert(name.to_owned(), value);
        self
    }
    fn coded(mut self, code: &str, onset: Option<&str>, end: Option<&str>) -> Self {
        let (system, value) = code.split_once(':').unwrap();
        self.codes.push(CodeFact {
            id: FactId(1),
            kind: CodeKind::Condition,
            codes: vec![Code::new(System::parse(system), value)],
            onset: onset.map(|t| t.parse().unwrap()),
            end: end.map(|t| t.parse().unwrap()),
            status: CodeStatus::Active,
            restricted: false,
        });
        self
    }
    fn event(mut self, kind: &str, at: &str, fields: &[(&str, Value)]) -> Self {
        let mut fields: Vec<(String, Value)> =
            fields.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect();
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        let at = at.parse().unwrap();
        self.events.push(EventFact { id: FactId(2), kind: kind.to_owned(), at, fields, restricted: false });
        self
    }
    /// The facts so far are under a restriction.
    fn hidden(mut self) -> Self {
        self.codes.iter_mut().for_each(|fact| fact.restricted = true);
        self.events.iter_mut().for_each(|fact| fact.restricted = true);
        self
    }
}

fn status(status: &str) -> (&'static str, Value) {
    ("status", Value::Text(status.to_owned()))
}
fn value(value: f64) -> (&'static str, Value) {
    ("value", Value::Number(value))
}

/// Noon on June 15, 2026, in New York.
fn says(patient: &PatientFacts, text: &str) -> Option<bool> {
    let zone = Zone::named("America/New_York").unwrap();
    let now = Timestamp::parse("2026-06-15T12:00:00-04:00").unwrap();
    let answer = holds(&Sample::of(text).checked, patient, now, &zone);
    let negated = holds(&Sample::of(&format!("not ({text})")).checked, patient, now, &zone);
    assert_eq!(negated, answer.map(|a| !a), "not ({text})");
    answer
}

#[track_caller]
fn all(patient: &PatientFacts, expected: &[(&str, Option<bool>)]) {
    for (text, answer) in expected {
        assert_eq!(says(patient, text), *answer, "{text}");
    }
}

#[test]
fn a_missing_value_is_unknown_either_way() {
    all(
        &nobody(),
        &[
            ("language = en", UNKNOWN),
            ("language != en", UNKNOWN),
            ("missing language", YES),
            ("age > 5", UNKNOWN),
            ("missing age", YES),
            ("interests has none (yoga)", UNKNOWN),
            ("has_email = no", UNKNOWN),
            ("zip within 5 miles of 94110", UNKNOWN),
            ("birthday in next 1 day", UNKNOWN),
            ("birth_date before 2000-01-01", UNKNOWN),
            ("language = en or has consent marketing by email", UNKNOWN),
            ("language = en and has consent marketing by email", NO),
        ],
    );
    let empty = nobody().text("language", "").with("interests", Value::set([]));
    all(
        &empty,
        &[
            ("missing language", NO),
            ("language = en", NO),
            ("language = \"\"", YES),
            ("missing interests", NO),
            ("interests has none (yoga)", YES),
        ],
    );
}

#[test]
fn a_value_of_another_type_counts_as_missing() {
    let patient = nobody()
        .with("language", Value::Number(5.0))
        .with("interests", Value::Text("yoga".to_owned()))
        .with("birth_date", Value::Number(1980.0))
        .event("observation", "2026-06-01", &[value(f64::NAN)]);
    all(
        &patient,
        &[
            ("language = \"5\"", UNKNOWN),
            ("missing language", YES),
            ("interests has any (yoga)", UNKNOWN),
            ("missing age", YES),
            ("any observation where missing value", YES),
            ("any observation where value > 5", UNKNOWN),
        ],
    );
}

#[test]
fn text_has_no_case() {
    let patient = nobody().text("city", "ZÜRICH").with("interests", Value::set(["Yoga".to_owned()]));
    all(
        &patient,
        &[
            ("city = zürich", YES),
            ("city contains ÜR", YES),
            ("city starts with z", YES),
            ("city = zurich", NO),
            ("interests has all (YOGA)", YES),
        ],
    );
}

#[test]
fn age_comes_from_the_birth_date_alone() {
    let patient = nobody().born("1976-06-15").with("age", Value::Number(5.0));
    all(&patient, &[("age = 50", YES), ("age = 5", NO), ("birth_date = 1976-06-15", YES)]);
    all(&nobody().born("1976-06-16"), &[("age = 49", YES)]);
    all(&nobody().born("2008-02-29"), &[("age = 18", YES)]);
    let june = nobody().born("1976-06");
    all(
        &june,
        &[
            ("age = 50", UNKNOWN),
            ("age >= 49", YES),
            ("age in (49, 50)", YES),
            ("age > 50", NO),
            ("missing age", NO),
            ("birth_date = 1976-06-15", UNKNOWN),
            ("birth_date before 1976-07-01", YES),
            ("birthday in next 7 days", UNKNOWN),
        ],
    );
    all(&nobody().born("1976-05"), &[("age = 50", YES), ("birthday in next 7 days", NO)]);
    all(&nobody().born("1976"), &[("age = 50", UNKNOWN), ("age in 49..50", YES)]);
}

#[test]
fn zip_codes_without_a_place_are_unknown() {
    all(
        &nobody().text("zip", "94103-1234"),
        &[("zip within 5 miles of 94110", YES), ("zip within 1 miles of 94110", NO)],
    );
    all(&nobody().text("zip", "10001"), &[("zip within 5 miles of 94110", UNKNOWN)]);
}

#[test]
fn codes_are_closed_world() {
    all(&nobody(), &[("has condition icd10:E11*", NO), ("had condition icd10:*", NO)]);
    let patient = nobody().coded("icd10:E11.65", Some("2026-06-08"), None);
    all(
        &patient,
        &[
            ("has condition icd10:E11.65", YES),
            ("has condition icd10:E11.6", NO),
            ("has condition icd10:E11.6*", YES),
            ("has condition icd10:E12*", NO),
            ("has condition @diabetes", YES),
            ("has medication icd10:E11*", NO),
            ("has condition snomed:*", NO),
            ("has condition icd10:E11* in last 7 days", YES),
            ("has condition icd10:E11* in last 6 days", NO),
            ("has condition icd10:E11* more than 6 days ago", YES),
        ],
    );
}

#[test]
fn active_and_ever() {
    let ended = nobody().coded("icd10:E11", None, Some("2026-06-14"));
    all(&ended, &[("has condition icd10:E11", NO), ("had condition icd10:E11", YES)]);
    let today = nobody().coded("icd10:E11", None, Some("2026-06-15"));
    all(&today, &[("has condition icd10:E11", YES)]);
    let this_month = nobody().coded("icd10:E11", None, Some("2026-06"));
    all(&this_month, &[("has condition icd10:E11", YES)]);
}

#[test]
fn an_onset_that_cannot_be_told_matters_only_where_it_decides() {
    let patient = nobody().coded("icd10:E11", None, None).coded("icd10:B20", Some("2026"), None);
    all(
        &patient,
        &[
            ("has condition icd10:E11", YES),
            ("has condition icd10:E11 in last 7 days", UNKNOWN),
            ("has condition icd10:E12 in last 7 days", NO),
            ("has condition icd10:B20 in last 7 days", UNKNOWN),
            ("has condition icd10:B20 in last 2 years", UNKNOWN),
            ("has condition icd10:B20 before 2027-01-01", YES),
            ("has condition icd10:B20 before 2026-01-01", NO),
        ],
    );
    let sure = patient.coded("icd10:E11", Some("2026-06-14"), None);
    all(&sure, &[("has condition icd10:E11 in last 7 days", YES)]);
}

#[test]
fn events_are_counted_with_what_is_undecided() {
    all(&nobody(), &[("any page_view", NO), ("no page_view", YES), ("exactly 0 page_view", YES)]);
    let patient = nobody().event("appointment", "2026-06-14", &[status("fulfilled")]).event(
        "appointment",
        "2026-06-13",
        &[],
    );
    all(
        &patient,
        &[
            ("at least 1 appointment where status = fulfilled", YES),
            ("at least 2 appointment where status = fulfilled", UNKNOWN),
            ("at least 3 appointment where status = fulfilled", NO),
            ("at most 0 appointment where status = fulfilled", NO),
            ("at most 1 appointment where status = fulfilled", UNKNOWN),
            ("at most 2 appointment where status = fulfilled", YES),
            ("exactly 1 appointment where status = fulfilled", UNKNOWN),
            ("exactly 3 appointment where status = fulfilled", NO),
            ("exactly 0 appointment where status = fulfilled", NO),
            ("exactly 2 appointment", YES),
            ("any appointment where status = booked", UNKNOWN),
            ("no appointment where not status = fulfilled", UNKNOWN),
            ("exactly 1 appointment where missing status", YES),
            ("any appointment where status = fulfilled or missing status", YES),
            ("exactly 2 appointment where status = fulfilled or missing status", YES),
        ],
    );
}

#[test]
fn windows_bound_events_on_both_sides() {
    let at = |t: &str| nobody().event("page_view", t, &[]);
    for (when, past, future) in [
        ("2026-06-14T11:59:59.999999-04:00", NO, NO),
        ("2026-06-14T12:00:00-04:00", YES, NO),
        ("2026-06-15T11:59:59.999999-04:00", YES, NO),
        ("2026-06-15T12:00:00-04:00", NO, YES),
        ("2026-06-16T11:59:59.999999-04:00", NO, YES),
        ("2026-06-16T12:00:00-04:00", NO, NO),
        ("2026-06-13", NO, NO),
        ("2026-06-14", YES, NO),
        ("2026-06-15", YES, YES),
        ("2026-06-16", NO, YES),
        ("2026-06-17", NO, NO),
        ("2026-06", UNKNOWN, UNKNOWN),
        ("2026-05", NO, NO),
    ] {
        all(&at(when), &[("any page_view in last 1 day", past), ("any page_view in next 24 hours", future)]);
    }
}

#[test]
fn the_latest_event_is_asked() {
    let low_then_high = nobody().event("observation", "2026-05-01", &[value(7.0)]).event(
        "observation",
        "2026-06-01",
        &[value(9.5)],
    );
    all(
        &low_then_high,
        &[
            ("latest observation value > 9", YES),
            ("first observation value > 9", NO),
            ("latest observation where value < 9 value > 5", YES),
            ("latest observation where value < 9 in last 30 days", NO),
            ("latest observation in last 30 days", YES),
            ("first observation before 2026-05-02", YES),
        ],
    );
    // Never tested is not "at most 9".
    all(&nobody(), &[("latest observation value > 9", UNKNOWN)]);
    // The future counts.
    let booked = low_then_high.event("observation", "2027-01-01", &[value(1.0)]);
    all(&booked, &[("latest observation value > 9", NO), ("latest observation in last 30 days", NO)]);
}

#[test]
fn every_event_that_may_be_the_latest_must_agree() {
    let day_and_month = |month: f64| {
        nobody().event("observation", "2026-05-20", &[value(9.5)]).event(
            "observation",
            "2026-05",
            &[value(month)],
        )
    };
    all(
        &day_and_month(7.0),
        &[("latest observation value > 9", UNKNOWN), ("first observation value > 9", UNKNOWN)],
    );
    all(&day_and_month(9.9), &[("latest observation value > 9", YES)]);
    let month_before = nobody().event("observation", "2026-05-20", &[value(9.5)]).event(
        "observation",
        "2026-04",
        &[value(7.0)],
    );
    all(&month_before, &[("latest observation value > 9", YES), ("first observation value > 9", NO)]);
    let same_instant = nobody().event("observation", "2026-05-20T10:00:00Z", &[value(9.5)]).event(
        "observation",
        "2026-05-20T10:00:00Z",
        &[value(7.0)],
    );
    all(&same_instant, &[("latest observation value > 9", UNKNOWN), ("latest observation value > 5", YES)]);
    // Whether the later one is of the kind asked for cannot be told.
    let maybe = nobody()
        .event("observation", "2026-05-01", &[value(9.5), ("unit", Value::Text("%".to_owned()))])
        .event("observation", "2026-05-20", &[value(7.0)]);
    all(
        &maybe,
        &[
            ("latest observation where unit = \"%\" value > 9", UNKNOWN),
            ("latest observation where unit = \"%\" value > 5", YES),
            ("first observation where unit = \"%\" value > 9", YES),
            ("latest observation where unit = mg value > 5", UNKNOWN),
            ("latest observation value > 9", NO),
            ("latest observation unit = \"%\"", UNKNOWN),
            ("latest observation missing unit", YES),
        ],
    );
}

#[test]
fn hidden_facts_show_in_no_answer() {
    let hidden = nobody()
        .coded("icd10:B20", Some("2026-06-01"), None)
        .event("portal_login", "2026-06-14", &[])
        .hidden();
    all(
        &hidden,
        &[
            ("has condition icd10:B20", UNKNOWN),
            ("has condition icd10:E11", NO),
            ("no portal_login", UNKNOWN),
            ("at most 1 portal_login", YES),
            ("at least 2 portal_login", NO),
            ("latest portal_login in last 7 days", UNKNOWN),
            // Each leaf by itself: together they would be a tautology.
            ("has condition icd10:B20 or not has condition icd10:B20", UNKNOWN),
        ],
    );
    let both = hidden.coded("icd10:B20.1", None, None).event("portal_login", "2026-06-13", &[]);
    all(
        &both,
        &[
            ("has condition icd10:B20*", YES),
            ("has condition icd10:B20* in last 30 days", UNKNOWN),
            ("any portal_login", YES),
            ("exactly 1 portal_login", UNKNOWN),
            ("latest portal_login in last 1 day", UNKNOWN),
            ("latest portal_login in last 7 days", YES),
            ("first portal_login in last 7 days", YES),
        ],
    );
}

#[test]
fn an_email_not_seen_to_be_opened_may_have_been() {
    all(&nobody(), &[("any email_open", UNKNOWN), ("any email_click", NO)]);
    let opened = nobody().event("email_open", "2026-06-14", &[]);
    all(
        &opened,
        &[
            ("any email_open", YES),
            ("at least 2 email_open", UNKNOWN),
            ("any email_open in next 1 day", UNKNOWN),
        ],
    );
    all(&opened.hidden(), &[("any email_open", UNKNOWN)]);
}

#[test]
fn consent_is_known() {
    let mut patient = nobody();
    all(&patient, &[("has consent marketing by email", NO), ("withdrew consent marketing by email", NO)]);
    let state = |granted| ConsentState {
        topic: Topic::marketing(),
        channel: Channel::Email,
        granted,
        at: Timestamp::default(),
    };
    patient.consents.push(state(true));
    all(
        &patient,
        &[
            ("has consent marketing by email", YES),
            ("withdrew consent marketing by email", NO),
            ("has consent marketing by sms", NO),
            ("has consent newsletter by email", NO),
        ],
    );
    patient.consents[0] = state(false);
    all(&patient, &[("has consent marketing by email", NO), ("withdrew consent marketing by email", YES)]);
}

#[test]
fn buckets_split_everyone() {
    let patient = nobody(); // in bucket 4 of 100 by `spring`
    all(
        &patient,
        &[
            ("bucket 4..4 of 100 by spring", YES),
            ("bucket 0..3 of 100 by spring", NO),
            ("bucket 0..49 of 100 by spring or bucket 50..99 of 100 by spring", YES),
        ],
    );
}

#[test]
fn nested_segments_answer_as_themselves() {
    let engaged = nobody().event("portal_login", "2026-06-14", &[]);
    all(&engaged, &[("in segment Engaged", YES), ("in segment Nested", NO)]);
    all(&nobody(), &[("in segment Engaged", NO), ("in segment Nested", YES)]);
    all(&nobody().with("sex", Value::Text("male".to_owned())), &[("in segment Nested", NO)]);
}
