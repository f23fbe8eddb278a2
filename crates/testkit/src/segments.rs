//! Random segments that check, over the same pools as the random patients. Conditions are made as text: a failing case
//! prints as what a person would have typed.

use crate::moments::WINDOWS;
use crate::scope::scope;
use discreet_segment::ast::Expr;
use discreet_segment::{Checked, Parsed, parse};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::fmt;

/// A checked segment that prints as its text.
#[derive(Clone)]
pub struct Sample {
    /// The segment.
    pub checked: Checked,
}

impl Sample {
    /// From text that is known to be right.
    ///
    /// # Panics
    /// If it is not.
    pub fn of(text: &str) -> Sample {
        let parsed = parse(text).unwrap_or_else(|error| panic!("{}", error.render(text)));
        let checked = parsed.check(scope()).unwrap_or_else(|errors| panic!("{}", errors[0].render(text)));
        Sample { checked }
    }
}

impl fmt::Debug for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.checked.expr())
    }
}

/// A segment of conditions of every kind, joined up to four deep.
pub fn segment() -> impl Strategy<Value = Sample> {
    let tree = condition().prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            2 => vec(inner.clone(), 2..4).prop_map(Expr::All),
            2 => vec(inner.clone(), 2..4).prop_map(Expr::Any),
            1 => inner.prop_map(|part| Expr::Not(Box::new(part))),
        ]
    });
    tree.prop_map(|expr| {
        let parsed = Parsed::from_expr(expr).expect("a tree of conditions reads");
        Sample { checked: parsed.check(scope()).expect("a tree of right conditions is right") }
    })
}

/// A single condition.
pub fn leaf() -> impl Strategy<Value = Sample> {
    condition().prop_map(|expr| Sample::of(&expr.to_string()))
}

fn condition() -> BoxedStrategy<Expr> {
    prop_oneof![3 => attribute(), 2 => code(), 4 => events(), 3 => edge(), 2 => sequence(), 1 => other()]
        .prop_map(|text| {
            parse(&text).unwrap_or_else(|error| panic!("{}", error.render(&text))).expr().clone()
        })
        .boxed()
}

fn window() -> impl Strategy<Value = String> {
    select(WINDOWS.to_vec()).prop_map(|window| window.to_string())
}

fn optional_window() -> impl Strategy<Value = String> {
    prop_oneof![1 => Just(String::new()), 3 => window()]
}

fn one(texts: &'static [&'static str]) -> BoxedStrategy<String> {
    select(texts).prop_map(str::to_owned).boxed()
}

const DATES: [&str; 4] = ["1976-06-15", "1976-06-16", "2026-03-08", "2024-02-29"];

fn attribute() -> BoxedStrategy<String> {
    let number_test = one(&[
        "= 50",
        "!= 50",
        "< 50",
        "<= 49",
        "> 64",
        ">= 65",
        "in (17, 18, 75)",
        "in 50..74",
        "in ..17",
        "in 75..",
    ]);
    let birth_test = prop_oneof![
        (one(&["=", "!=", "<", "<=", ">", ">="]), select(DATES.to_vec()))
            .prop_map(|(op, date)| format!("{op} {date}")),
        one(&[
            "in (1976-06-15, 2024-02-29)",
            "in 1976-06-15..1980-01-01",
            "in ..1976-06-15",
            "in last 18 years",
            "more than 50 years ago"
        ]),
        window(),
    ];
    let birthday = (one(&["last", "next"]), one(&["1 day", "7 days", "1 month", "2 weeks", "1 year"]));
    let missing = one(&["birth_date", "age", "sex", "zip", "has_email", "interests", "city"]);
    prop_oneof![
        3 => number_test.prop_map(|test| format!("age {test}")),
        2 => birth_test.prop_map(|test| format!("birth_date {test}")),
        1 => birthday.prop_map(|(side, length)| format!("birthday in {side} {length}")),
        1 => missing.prop_map(|name| format!("missing {name}")),
        6 => one(&[
            "sex = female", "sex != MALE", "sex in (female, other)", "language = en", "city contains san",
            "city starts with \"Santa \"", "city = zürich", "city = \"\"", "state in (CA, OR)", "state != NY",
            "zip = 94110", "zip starts with 941", "zip within 5 miles of 94110", "zip within 75 miles of 95814",
            "plan starts with blue", "has_email = yes", "has_email != yes", "has_email = no",
            "interests has any (walking, yoga)", "interests has all (NUTRITION, walking)",
            "interests has none (yoga, école)", "lifestyle has any (nutrition)",
        ]),
    ]
    .boxed()
}

fn code() -> BoxedStrategy<String> {
    let tense = one(&["has", "had"]);
    let kind = one(&["condition", "condition", "condition", "procedure", "medication"]);
    let codes = one(&[
        "icd10:E11.9",
        "icd10:E11*",
        "icd10:E1*",
        "icd10:*",
        "@diabetes",
        "(cpt:77067, snomed:44054006, @labs)",
        "(icd10:E12, icd10:B20, local:x)",
        "loinc:*",
    ]);
    (tense, kind, codes, optional_window())
        .prop_map(|(tense, kind, codes, window)| format!("{tense} {kind} {codes} {window}"))
        .boxed()
}

/// A kind of event, and tests on its fields.
const FIELDS: [(&str, &[&str]); 6] = [
    (
        "appointment",
        &[
            "status = booked",
            "status != booked",
            "status in (fulfilled, no_show)",
            "missing type",
            "type contains up",
            "end in last 7 days",
            "end before 2026-03-08",
            "not status = booked",
            "(status = booked or type = new)",
            "not (status = booked and missing end)",
        ],
    ),
    ("encounter", &["class = virtual", "code = icd10:E11*", "code != icd10:B20", "not missing status"]),
    (
        "observation",
        &[
            "code = loinc:4548-4",
            "code in (@labs, icd10:E12)",
            "value > 9",
            "value <= 0",
            "value in 6.5..9",
            "value = 0",
            "value != 7",
            "unit = \"%\"",
            "missing value",
            "not value >= 9",
            "(value < 7 or unit = mg)",
        ],
    ),
    ("page_view", &["page = \"/flu\"", "page starts with \"/\""]),
    ("portal_login", &[]),
    ("email_click", &["campaign = spring", "not campaign = spring"]),
];

/// `kind`, `kind where …`, or with two tests joined.
fn kind() -> BoxedStrategy<String> {
    select(FIELDS.to_vec())
        .prop_flat_map(|(kind, fields)| {
            let filters = if fields.is_empty() {
                Just(String::new()).boxed()
            } else {
                let joined = (select(fields), select(vec!["and", "or"]), select(fields))
                    .prop_map(|(a, joiner, b)| format!(" where {a} {joiner} {b}"));
                prop_oneof![
                    1 => Just(String::new()),
                    3 => select(fields).prop_map(|field| format!(" where {field}")),
                    2 => joined,
                ]
                .boxed()
            };
            filters.prop_map(move |filter| format!("{kind}{filter}"))
        })
        .boxed()
}

fn events() -> BoxedStrategy<String> {
    let count = one(&[
        "any",
        "no",
        "at least 1",
        "at least 2",
        "at most 0",
        "at most 1",
        "exactly 0",
        "exactly 1",
        "exactly 2",
    ]);
    let counted = (count, kind(), optional_window())
        .prop_map(|(count, kind, window)| format!("{count} {kind} {window}"));
    let opened = (one(&["any", "at least 2"]), one(&["", " where campaign = spring"]), optional_window())
        .prop_map(|(count, filter, window)| format!("{count} email_open{filter} {window}"));
    prop_oneof![5 => counted, 1 => opened].boxed()
}

fn edge() -> BoxedStrategy<String> {
    let which = || one(&["latest", "first"]);
    let timed =
        (which(), kind(), window()).prop_map(|(which, kind, window)| format!("{which} {kind} {window}"));
    let tested = (which(), select(FIELDS.to_vec()))
        .prop_filter("a kind with fields", |(_, (_, fields))| !fields.is_empty())
        .prop_flat_map(|(which, (kind, fields))| {
            let filter =
                prop_oneof![Just(String::new()), select(fields).prop_map(|field| format!(" where {field}")),];
            (filter, select(fields)).prop_map(move |(filter, test)| format!("{which} {kind}{filter} {test}"))
        });
    prop_oneof![timed, tested].boxed()
}

/// One event after another: mostly two of one kind, and of the kinds that random patients have most of. The lengths are those of the
/// windows on whose edges random events lie, so that two events are often exactly so far apart.
fn sequence() -> BoxedStrategy<String> {
    let within = prop_oneof![
        2 => one(&["1 day", "7 days", "24 hours", "36 hours", "2 weeks", "1 month"]),
        3 => one(&["90 days", "12 months", "2 years"]),
    ];
    let opened = one(&["email_open", "email_open where campaign = spring"]);
    let plain = one(&["observation", "observation", "appointment"]).prop_map(|kind| (kind.clone(), kind));
    let twice = kind().prop_map(|first| {
        let of_kind = first.split(' ').next().unwrap_or_default().to_owned();
        (first, of_kind)
    });
    let pair = prop_oneof![
        6 => plain,
        2 => twice.clone(),
        2 => twice.prop_map(|(first, of_kind)| (of_kind, first)),
        2 => (kind(), kind()),
        1 => (opened.clone(), kind()),
        1 => (kind(), opened),
    ];
    (pair, prop_oneof![3 => Just(String::new()), 1 => window()], within)
        .prop_map(|((first, then), window, within)| {
            format!("any {first} {window} then {then} within {within}")
        })
        .boxed()
}

fn other() -> BoxedStrategy<String> {
    one(&[
        "has consent marketing by email",
        "withdrew consent marketing by email",
        "has consent newsletter by sms",
        "in segment Engaged",
        "in segment Nested",
        "bucket 0..49 of 100 by \"spring test\"",
        "bucket 1..1 of 3 by x",
    ])
}
