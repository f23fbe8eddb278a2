//! Every kind of condition against facts on both sides of its edges, in zones where clocks do odd things: a grid of fixed
//! facts and fixed segments, each cell held against the oracle. Covers what the random worlds lack: attributes of every
//! type, fields that are sets or yes-or-no, days that begin late or never.

use crate::equality::agree;
use crate::setup::{checked, code_fact, event, index_of, nothing, text, with_attribute};
use discreet_domain::{
    Channel, Code, CodeKind, CodeStatus, ConsentState, PatientFacts, PatientId, System, Timestamp, Topic,
    Value, When, Zone,
};

/// Zones and instants: nights on which clocks go forward at two and at midnight, a date that never was, a leap
/// day.
const PLACES: [(&str, &str); 4] = [
    ("America/New_York", "2026-03-08T07:30:00Z"),
    ("America/Havana", "2026-03-08T05:00:00Z"),
    ("Pacific/Apia", "2011-12-31T09:00:00Z"),
    ("UTC", "2024-02-29T00:00:00Z"),
];

const WINDOWS: [&str; 9] = [
    "in last 1 day",
    "in last 36 hours",
    "in next 1 day",
    "in next 1 month",
    "more than 1 day ago",
    "more than 1 year ago",
    "before 2026-03-08",
    "after 2011-12-30",
    "between 2010-11-06 and 2010-11-07",
];

const SEGMENTS: &[&str] = &[
    "sex = female",
    "sex != female",
    "sex in (female, \"\")",
    "city contains É",
    "city starts with san",
    "missing sex",
    "zip within 25 miles of 94110",
    "zip starts with 941",
    "zip = 94110",
    "missing zip",
    "flag = yes",
    "flag != yes",
    "missing flag",
    "score > 9",
    "score >= 9",
    "score < 0",
    "score = 0",
    "score != 9",
    "score in 0..9",
    "score in (1, 9)",
    "missing score",
    "blood = local:A1",
    "blood != @diabetes",
    "missing blood",
    "interests has any (yoga, tea)",
    "interests has all (YOGA, walking)",
    "interests has all (yoga, tea)",
    "interests has none (yoga)",
    "missing interests",
    "last_seen = 2026-03-08",
    "last_seen != 2026-03-08",
    "last_seen in (2010-11-07, 2026-03-08)",
    "missing last_seen",
    "age = 50",
    "age in 17..49",
    "age != 0",
    "age < 0",
    "missing age",
    "birthday in next 1 day",
    "birthday in last 1 week",
    "birthday in next 2 years",
    "has condition icd10:E11*",
    "had condition icd10:E11*",
    "has procedure icd10:E11.9",
    "had medication @diabetes",
    "no thing",
    "any thing",
    "exactly 1 thing",
    "at most 1 thing",
    "at least 2 thing",
    "any email_open",
    "any thing where flag = yes",
    "no thing where not (flag = yes)",
    "any thing where missing flag",
    "any thing where tags has any (a)",
    "any thing where tags has none (a)",
    "any thing where missing tags",
    "any thing where zip = 94110",
    "exactly 2 thing where flag = yes or tags has all (a, b)",
    "latest thing flag = yes",
    "first thing flag = yes",
    "latest thing where flag = yes tags has any (a)",
    "latest thing where not (missing flag) tags has any (a)",
    "first thing where tags has any (a) missing flag",
    "has consent marketing by email",
    "withdrew consent marketing by email",
    "has consent other by post",
    "bucket 0..49 of 100 by a",
    "in segment nested",
];

/// Times at and beside now, and at the edges of its day, as exactly as can be.
fn moments(now: Timestamp, zone: &Zone) -> Vec<When> {
    let shifted = |micros: i64| Timestamp::from_micros(now.micros() + micros);
    const DAY: i64 = 86_400_000_000;
    let mut moments: Vec<When> = [0, -1, 1, -DAY, DAY, -DAY - 1, -DAY / 2, DAY - 1, -400 * DAY]
        .map(|micros| When::At(shifted(micros)))
        .to_vec();
    let today = zone.day_of(now);
    moments.extend([-366, -365, -8, -7, -2, -1, 0, 1, 2, 30].map(|days| When::Day(today.plus_days(days))));
    let (year, month, _) = today.ymd();
    moments.extend([
        When::Month(year, month),
        When::Year(year),
        When::Year(year - 1),
        When::Month(year - 2, 12),
    ]);
    for date in
        ["2010-11-06", "2010-11-07", "2011-12-29", "2011-12-30", "2011-12-31", "2026-03-07", "2026-03-08"]
    {
        moments.push(When::Day(discreet_domain::Day::parse(date).unwrap()));
    }
    moments
}

fn values() -> Vec<(&'static str, Value)> {
    let set = |words: &[&str]| Value::set(words.iter().map(|word| (*word).to_owned()));
    let code = |system, value| Value::Code(Code::new(system, value));
    let mut values = vec![
        ("interests", set(&[])),
        ("interests", set(&["Yoga"])),
        ("interests", set(&["yoga", "Walking"])),
    ];
    values.extend(["female", "FEMALE", "", "x"].map(|word| ("sex", text(word))));
    values.extend(["San José", "ÉCOLE"].map(|word| ("city", text(word))));
    values.extend(["94110", "94110-1", "9411", "95814", "00000"].map(|word| ("zip", text(word))));
    values.extend([true, false].map(|yes| ("flag", Value::Bool(yes))));
    let numbers = [-1.0, -0.0, 0.0, 1.0, 9.0, 9.000_001, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    values.extend(numbers.map(|number| ("score", Value::Number(number))));
    values.extend([("blood", code(System::Local, "A1")), ("blood", code(System::Icd10, "E11.9"))]);
    // Of another type than the catalog states.
    values.extend([
        ("sex", Value::Number(1.0)),
        ("score", text("9")),
        ("interests", text("yoga")),
        ("flag", text("yes")),
    ]);
    values.extend([("zip", Value::Bool(true)), ("blood", set(&["A1"])), ("birth_date", Value::Number(50.0))]);
    values
}

/// Patients of one fact, or of two or three that meet.
fn patients(now: Timestamp, zone: &Zone) -> Vec<PatientFacts> {
    let mut all = vec![nothing(0, 1)];
    all.extend(values().into_iter().map(|(name, value)| with_attribute(0, name, value)));
    let moments = moments(now, zone);
    for when in &moments {
        all.push(with_attribute(0, "last_seen", Value::When(*when)));
        all.extend(
            [0, 17, 50]
                .map(|years| with_attribute(0, "birth_date", Value::When(years_before(*when, years, zone)))),
        );
        all.push(coded(|fact| fact.onset = Some(*when)));
        all.push(coded(|fact| fact.end = Some(*when)));
        all.push(coded(|fact| (fact.end, fact.restricted) = (Some(*when), true)));
        all.push(things(&[(*when, 0, false)]));
    }
    all.push(coded(|fact| fact.status = CodeStatus::Past));
    all.push(coded(|fact| fact.kind = CodeKind::Procedure));
    all.push(coded(|fact| (fact.kind, fact.status) = (CodeKind::Procedure, CodeStatus::Past)));
    for (a, b) in moments.iter().zip(moments.iter().cycle().skip(3)) {
        all.extend([1, 2, 3].map(|fields| things(&[(*a, 0, false), (*b, fields, false)])));
        all.push(things(&[(*a, 3, false), (*b, 1, true)]));
        all.push(things(&[(*a, 2, true), (*b, 2, false), (*a, 1, false)]));
    }
    all.push(consenting(true));
    all.push(consenting(false));
    for (facts, number) in all.iter_mut().zip(1..) {
        facts.patient = PatientId::from_u128(number);
    }
    all
}

fn years_before(when: When, years: i16, zone: &Zone) -> When {
    let months = -12 * i32::from(years);
    match when {
        When::At(t) => When::At(zone.plus_months(t, months)),
        When::Day(day) => When::Day(day.plus_months(months)),
        When::Month(year, month) => When::Month(year - years, month),
        When::Year(year) => When::Year(year - years),
    }
}
fn coded(change: impl FnOnce(&mut discreet_domain::CodeFact)) -> PatientFacts {
    let mut fact = code_fact(CodeKind::Condition, "icd10:E11.9");
    change(&mut fact);
    PatientFacts { codes: vec![fact], ..nothing(0, 1) }
}
/// Things at these times, with one of four sets of fields, restricted or not.
fn things(of: &[(When, usize, bool)]) -> PatientFacts {
    let tags = |words: &[&str]| ("tags", Value::set(words.iter().map(|word| (*word).to_owned())));
    let fields = [
        vec![("flag", Value::Bool(true)), tags(&["A", "b"]), ("zip", text("94110"))],
        vec![("flag", Value::Bool(false)), tags(&[])],
        vec![tags(&["a"])],
        vec![("tags", text("a")), ("flag", Value::Bool(true))],
    ];
    let events = of.iter().map(|(at, which, restricted)| {
        let mut event = event("thing", "2026", &fields[*which]);
        (event.at, event.restricted) = (*at, *restricted);
        event
    });
    PatientFacts { events: events.collect(), ..nothing(0, 1) }
}
fn consenting(granted: bool) -> PatientFacts {
    let state = ConsentState {
        topic: Topic::marketing(),
        channel: Channel::Email,
        granted,
        at: Timestamp::from_micros(0),
    };
    PatientFacts { consents: vec![state], ..nothing(0, 1) }
}

#[test]
fn every_cell_of_the_grid_is_the_oracles() {
    let timed =
        ["last_seen", "birth_date", "has condition icd10:E11*", "had condition icd10:E11*", "no thing"];
    let timed = timed.into_iter().chain([
        "any thing where flag = yes",
        "latest thing",
        "first thing where flag = yes",
    ]);
    let lengths = ["1 hour", "24 hours", "1 day", "2 weeks", "1 month", "1 year"];
    let sequences = lengths.into_iter().flat_map(|within| {
        ["any thing then thing", "any thing where flag = yes in last 1 month then thing where not flag = yes"]
            .map(|what| format!("{what} within {within}"))
    });
    let timed = timed.flat_map(|what| WINDOWS.map(|window| format!("{what} {window}")));
    let fixed = SEGMENTS.iter().map(|text| (*text).to_owned());
    let segments: Vec<_> = fixed.chain(timed).chain(sequences).map(|text| checked(&text)).collect();
    for (zone, now) in PLACES {
        let (zone, now) = (Zone::named(zone).unwrap(), Timestamp::parse(now).unwrap());
        let patients = patients(now, &zone);
        let index = index_of(&zone, patients.iter().cloned());
        for segment in &segments {
            agree(&index, &patients, segment, now, &zone).unwrap();
        }
    }
}
