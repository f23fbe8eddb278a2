//! Lowered segments on SQLite: what the random worlds of `three_ways` do not hold. Each answer is held against the oracle's.

use crate::setup::{at, checked, code_fact, event, new_york, nothing, text, when, with_attribute};
use discreet_domain::{Code, CodeFact, CodeKind, Day, PatientFacts, System, Timestamp, Value, When, Zone};
use discreet_segment::checked::Number;
use discreet_segment::limits::SQL_CONDITIONS;
use discreet_segment::sql::{LowerError, SCHEMA, lower};
use discreet_testkit::oracle;
use discreet_testkit::shown::{shown, truth};
use discreet_testkit::tables::{TABLES, Tables};
use proptest::prelude::*;

/// Asks all of all, by SQL and by the oracle, and wants each segment answered in at least so many ways.
fn agree(patients: &[PatientFacts], segments: &[String], now: Timestamp, zone: &Zone) -> Vec<usize> {
    let mut tables = Tables::new(zone);
    patients.iter().for_each(|facts| tables.put(facts));
    let mut counts = Vec::new();
    for segment in segments {
        let segment = checked(segment);
        let answers = tables.answers(&lower(&segment, now, zone).unwrap());
        assert_eq!(answers.len(), patients.len());
        for facts in patients {
            let (sql, oracle) = (answers[&facts.patient], oracle::holds(&segment, facts, now, zone));
            let told = || format!("{}\n{}now {now}", segment.expr(), shown(facts));
            assert_eq!(truth(sql), truth(oracle), "SQL, oracle: {}", told());
        }
        counts.push(answers.values().filter(|answer| **answer == Some(true)).count());
    }
    counts
}

pub const NOW: &str = "2026-06-15T12:34:56-04:00";

/// What somebody might write who wants more than an answer.
const HOSTILE: [&str; 14] = [
    "'",
    "''",
    "' or '1'='1",
    "'; drop table patients; --",
    "\\",
    "\\' or 1=1 --",
    "x' union select patient, true from patients --",
    "$1",
    "?1 :a @b",
    "%",
    "_",
    "--",
    "/* a */",
    "\u{2019} or 1=1 \u{202e}",
];

fn quoted(word: &str) -> String {
    format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
}

/// For each hostile word a patient who has it everywhere, and one who has it nowhere.
pub fn hostile_patients() -> Vec<PatientFacts> {
    let mut patients = vec![with_attribute(99, "city", text("innocent"))];
    for (word, number) in HOSTILE.iter().zip(1..) {
        let mut facts = with_attribute(number, "city", text(word));
        facts.attributes.insert("interests".to_owned(), Value::set([(*word).to_owned()]));
        let codes = vec![Code::new(System::parse("urn:'x"), word)];
        facts.codes.push(CodeFact { codes, ..code_fact(CodeKind::Condition, "local:x") });
        facts.events.push(event("page_view", "2026-06-01", &[("page", text(word))]));
        patients.push(facts);
    }
    patients
}

/// For each hostile word: segments that find its patient, and others.
pub fn hostile_segments() -> impl Iterator<Item = ([String; 7], [String; 4])> {
    HOSTILE.into_iter().map(|word| {
        let word = quoted(word);
        let exact = [
            format!("city = {word}"),
            format!("city in ({word}, nowhere)"),
            format!("city starts with {word} and not (city != {word})"),
            format!("interests has all ({word})"),
            format!("any page_view where page = {word}"),
            format!("latest page_view page = {word}"),
            format!("has condition \"urn:'x\":{word}"),
        ];
        let others = [
            format!("city contains {word}"),
            format!("interests has none ({word})"),
            format!("has condition \"urn:'x\":{word}*"),
            format!("bucket 0..4 of 10 by {word}"),
        ];
        (exact, others)
    })
}

#[test]
fn hostile_words_are_words() {
    let patients = hostile_patients();
    for (exact, others) in hostile_segments() {
        assert_eq!(agree(&patients, &exact, at(NOW), &new_york()), [1; 7], "{exact:?}");
        let found = agree(&patients, &others, at(NOW), &new_york());
        assert!(found[0] >= 1 && found[2] >= 1, "{others:?}: {found:?}");
    }
}

#[test]
fn a_word_that_sql_cannot_hold_is_refused() {
    let mut tree = discreet_segment::parse("city = x").unwrap().to_json();
    tree = tree.replace("\"x\"", "\"a\\u0000b\"");
    // Today the language refuses it itself.
    if let Ok(parsed) = discreet_segment::Parsed::from_json(&tree) {
        let checked = parsed.check(&*crate::setup::SCOPE).unwrap();
        assert_eq!(lower(&checked, at(NOW), &new_york()), Err(LowerError::Nul));
    }
}

/// Every type of value, as an attribute and as a field, each test, and values of other types.
#[test]
fn every_type_and_test() {
    let values = [
        Value::Number(1.5),
        Value::Number(-0.0),
        Value::Number(f64::NAN),
        Value::Number(f64::INFINITY),
        text("94110-1234"),
        text("10001"),
        text("ÉCOLE"),
        text(""),
        Value::Bool(true),
        Value::Bool(false),
        Value::When(when("2026-06-15")),
        Value::When(when("2026-06")),
        Value::When(when("2026")),
        Value::When(when("2026-06-15T03:59:59Z")),
        Value::When(when("2026-06-15T04:00:00Z")),
        Value::Code(Code::new(System::Icd10, "E11.9")),
        Value::Code(Code::new(System::Snomed, "44054006")),
        Value::set([]),
        Value::set(["Yoga".to_owned(), "YOGA".to_owned(), "tea".to_owned()]),
    ];
    let names = ["score", "blood", "last_seen", "flag", "zip", "city", "interests"];
    let mut patients = vec![nothing(1, 1)];
    for value in &values {
        for name in names {
            let mut facts = with_attribute(patients.len() as u128 + 1, name, value.clone());
            let day = ["2026-06-14", "2026-06-15", "2026"][patients.len() % 3];
            let fields = ["flag", "tags", "zip", "end"].map(|field| (field, value.clone()));
            facts.events.push(event("thing", day, &fields));
            facts.events.push(event("thing", "2026-06-10", &[]));
            patients.push(facts);
        }
    }
    let segments = [
        "score = 1.5",
        "score != 0",
        "score in (0, 2)",
        "score > 1",
        "score <= 1.5",
        "score in ..0",
        "score in 2..",
        "missing score",
        "blood = icd10:E11*",
        "blood != @diabetes",
        "blood in (icd10:*, local:x)",
        "missing blood",
        "last_seen = 2026-06-15",
        "last_seen != 2026-06-15",
        "last_seen in (2026-06-14, 2026-06-15, 2026-07-01)",
        "last_seen in last 1 day",
        "last_seen more than 1 day ago",
        "last_seen after 2025-12-31",
        "missing last_seen",
        "last_seen between 2026-06-01 and 2026-06-30",
        "flag = yes",
        "flag = no",
        "flag != no",
        "missing flag",
        "zip within 5 miles of 94110",
        "not zip within 5 miles of 94110",
        "city = école",
        "city contains \"\"",
        "city starts with \"\"",
        "city = \"\"",
        "missing zip",
        "interests has any (yoga, x)",
        "interests has all (tea, yoga)",
        "interests has all (tea, x)",
        "interests has none (yoga)",
        "missing interests",
        "any thing where flag = yes",
        "any thing where tags has all (tea, yoga)",
        "no thing where tags has none (tea)",
        "any thing where tags has any (yoga)",
        "exactly 1 thing where missing tags",
        "exactly 2 thing",
        "any thing where zip = 10001",
        "at most 1 thing where end = 2026-06-15 or missing end",
        "latest thing where flag = no end in (2026-06-15, 2026-06-01)",
        "first thing tags has none (yoga)",
        "latest thing in last 1 day",
        "any thing where not (flag = yes and (zip = 10001 or missing end))",
        "in segment \"nested\" and (score = 1.5 or in segment \"nested\" or in segment \"quiet\")",
    ];
    agree(&patients, &segments.map(str::to_owned), at(NOW), &new_york());
}

/// Births on each day around the windows' edges, in leap years and others, and in part, with windows up to three years.
#[test]
fn birthdays_and_ages_at_every_edge() {
    let nows = [
        "2024-02-29T12:00:00-05:00",
        "2025-02-28T12:00:00-05:00",
        "2025-03-01T00:00:00-05:00",
        "2027-12-30T12:00:00-05:00",
        "2028-03-01T12:00:00-05:00",
        "2026-06-15T12:00:00-04:00",
    ];
    let lengths = [
        "1 day",
        "2 days",
        "60 days",
        "6 months",
        "11 months",
        "364 days",
        "1 year",
        "366 days",
        "13 months",
        "2 years",
        "3 years",
    ];
    let mut segments: Vec<String> = ["next", "last"]
        .into_iter()
        .flat_map(|side| lengths.map(|length| format!("birthday in {side} {length}")))
        .collect();
    let ages = [
        "= 0",
        "!= 1",
        "< 1",
        "> 24",
        "in 18..25",
        "in (0, 1, 2, 24)",
        "in (24.5, 99)",
        "= 0.5",
        "!= 0.5",
        "in -3..0",
        ">= -1",
        "< 20000",
        "> 19999.5",
        "in ..17",
    ];
    segments.extend(ages.map(|test| format!("age {test}")));
    let mut births = vec![When::Year(0), When::Year(9999), When::At(at("2004-02-29T23:59:59-05:00"))];
    for year in [1900, 1999, 2000, 2001, 2004, 2023, 2024, 2025, 2026, 2027, 2028] {
        // A whole year is 366 births to the oracle.
        births.extend([2000, 2024, 2026, 2027].contains(&year).then_some(When::Year(year)));
        births.extend((1..=12).map(|month| When::Month(year, month)));
        for (month, day) in
            [(1, 1), (2, 27), (2, 28), (2, 29), (3, 1), (3, 2), (6, 14), (6, 15), (12, 29), (12, 31)]
        {
            births.extend(Day::of(year, month, day).map(When::Day));
        }
    }
    let patients: Vec<PatientFacts> = births
        .into_iter()
        .zip(1..)
        .map(|(birth, number)| with_attribute(number, "birth_date", Value::When(birth)))
        .collect();
    for now in nows {
        agree(&patients, &segments, at(now), &new_york());
    }
}

/// As deep as the language allows.
pub fn deep() -> String {
    (0..22).fold("score = 7".to_owned(), |inner, n| format!("not ({inner} and score < {})", n + 100))
}

#[test]
fn large_segments_run_and_larger_ones_are_refused() {
    let patients = [with_attribute(1, "score", Value::Number(7.0)), nothing(2, 1)];
    let wide = |n: usize| {
        let parts: Vec<String> = (0..n)
            .map(|n| match n % 3 {
                0 => format!("score = {n}"),
                1 => format!("latest thing zip = {n:05}"),
                _ => format!("not (had condition local:{n} in last {n} days)"),
            })
            .collect();
        parts.join(" or ")
    };
    assert_eq!(agree(&patients, &[wide(SQL_CONDITIONS), deep()], at(NOW), &new_york())[0], 2);
    // Kept in many steps.
    let bushy: Vec<String> = (0..18)
        .map(|b| {
            (0..20)
                .fold(format!("score = {b}"), |inner, n| format!("not ({inner} and score < {})", n + b + 100))
        })
        .collect();
    assert_eq!(agree(&patients, &[bushy.join(" or ")], at(NOW), &new_york()), [1]);
    let codes = (0..900).map(|n| format!("local:{n}")).collect::<Vec<_>>().join(", ");
    agree(
        &patients,
        &[format!("had condition ({codes})"), "score = 7 and score = 7".to_owned()],
        at(NOW),
        &new_york(),
    );
    let larger = (0..=SQL_CONDITIONS).map(|n| format!("score = {n}")).collect::<Vec<_>>().join(" or ");
    assert_eq!(lower(&checked(&larger), at(NOW), &new_york()), Err(LowerError::TooLarge));
}

#[test]
fn a_segment_is_one_text_at_an_instant() {
    let segment = checked("age >= 50 and bucket 0..4 of 10 by spring");
    let one = lower(&segment, at(NOW), &new_york()).unwrap();
    assert_eq!(one, lower(&segment, at(NOW), &new_york()).unwrap());
    assert_eq!(
        one.splits.iter().map(|split| (split.salt.as_str(), split.parts)).collect::<Vec<_>>(),
        [("spring", 10)]
    );
    assert_eq!(one.sql.matches(';').count(), 0);
    assert_ne!(one, lower(&segment, at("2027-06-15T12:00:00-04:00"), &new_york()).unwrap());
}

#[test]
fn the_documentation_says_the_schema_and_an_example() {
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/segments-sql.md")).unwrap();
    assert!(page.contains(SCHEMA), "docs/segments-sql.md and schema.sql differ");
    assert!(TABLES.iter().all(|table| SCHEMA.contains(&format!("create table {table} ("))));
    let example = checked("age >= 18 and not (any email_click in last 7 days)");
    let sql = lower(&example, at("2026-06-15T12:00:00-04:00"), &new_york()).unwrap().sql;
    assert!(page.contains(&sql), "docs/segments-sql.md has another example than this:\n{sql}");
}

proptest! {
    /// A number as it is written reads back as the same double.
    #[test]
    fn numbers_are_exact(number in prop_oneof![any::<f64>(), (-1e6..1e6), (0..1_000_000_i64).prop_map(|n| n as f64 / 1000.0)]) {
        let Some(number) = Number::new(number) else { return Ok(()) };
        let tables = Tables::new(&Zone::utc());
        let sql = format!("select {:?} = ?1", number.get());
        let equal: bool = tables.connection().query_row(&sql, [number.get()], |row| row.get(0)).unwrap();
        prop_assert!(equal, "{:?}", number);
    }
}
