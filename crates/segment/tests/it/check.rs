//! What `check` makes of a tree: types, labels, bases, pins, hints.

use crate::scope::World;
use discreet_domain::{Basis, Label};
use discreet_segment::checked::{
    Checked, DateTest, Leaf, Node, Number, NumberTest, Pin, TextTest, ValueTest,
};
use discreet_segment::{CheckError, CheckErrorKind, Window, parse};
use std::ops::Bound;

fn check(text: &str) -> Result<Checked, Vec<CheckError>> {
    parse(text).unwrap_or_else(|e| panic!("{}", e.render(text))).check(&World::new())
}
fn checked(text: &str) -> Checked {
    check(text).unwrap_or_else(|errors| panic!("{}", errors[0].render(text)))
}
fn kinds(text: &str) -> Vec<CheckErrorKind> {
    check(text).unwrap_err().into_iter().map(|error| error.kind).collect()
}

/// Every form of test, each with a value that would fit each type it fits.
const TESTS: [(&str, &str); 17] = [
    ("=", "= {}"),
    ("!=", "!= {}"),
    ("<", "< {}"),
    ("<=", "<= {}"),
    (">", "> {}"),
    (">=", ">= {}"),
    ("list", "in ({}, {})"),
    ("range", "in {}..{}"),
    ("from", "in {}.."),
    ("contains", "contains {}"),
    ("starts with", "starts with {}"),
    ("has any", "has any ({}, {})"),
    ("has all", "has all ({})"),
    ("has none", "has none ({})"),
    ("window", "in last 3 months"),
    ("dates", "between 2020-01-01 and 2020-12-31"),
    ("missing", ""),
];

/// Each operator on each type: it checks, or is refused with the tests that would fit.
#[test]
fn every_test_on_every_type_checks_or_is_refused() {
    let text: &[&str] = &["=", "!=", "list", "contains", "starts with", "missing"];
    let order: &[&str] = &["=", "!=", "<", "<=", ">", ">=", "list", "range", "from", "missing"];
    let date: &[&str] =
        &["=", "!=", "<", "<=", ">", ">=", "list", "range", "from", "window", "dates", "missing"];
    let subjects: [(&str, &str, &[&str]); 12] = [
        ("city", "x", text),
        ("zip", "94110", text),
        ("age", "50", order),
        ("birth_date", "1980-01-01", date),
        ("has_email", "yes", &["=", "!=", "missing"]),
        ("interests", "walking", &["has any", "has all", "has none", "missing"]),
        ("any appointment where status", "booked", text),
        ("any appointment where end", "2026-01-01", date),
        ("any observation where value", "9", order),
        ("any observation where code", "loinc:4548-4", &["=", "!=", "list", "missing"]),
        ("latest observation code", "@a1c", &["=", "!=", "list", "missing"]),
        ("first observation where value > 1 text", "x", text),
    ];
    for (subject, value, fitting) in subjects {
        for (name, form) in TESTS {
            // Codes cannot even be written with these.
            let is_code = value.contains(':') || value.starts_with('@');
            if is_code && !matches!(name, "=" | "!=" | "list" | "window" | "dates" | "missing") {
                continue;
            }
            let text = match name {
                "missing" => {
                    let (before, field) = subject.rsplit_once(' ').unwrap_or(("", subject));
                    format!("{before} missing {field}")
                }
                _ => format!("{subject} {}", form.replace("{}", value)),
            };
            match check(&text) {
                Ok(_) => assert!(fitting.contains(&name), "{text} should be refused"),
                Err(errors) => {
                    assert!(!fitting.contains(&name), "{text}: {}", errors[0].render(&text));
                    assert_eq!(errors.len(), 1, "{text}");
                    assert_eq!(errors[0].kind, CheckErrorKind::WrongTest, "{text}");
                    assert!(!errors[0].expected.is_empty(), "{text}");
                }
            }
        }
    }
}

#[test]
fn values_are_typed_folded_and_sorted() {
    let leaf = |text: &str| match checked(text).root() {
        Node::Leaf(leaf) => leaf.clone(),
        other => panic!("{other:?}"),
    };
    let test = |text: &str| match leaf(text) {
        Leaf::Attribute { test, .. } => test,
        other => panic!("{other:?}"),
    };
    let number = |n: f64| Number::new(n).unwrap();
    assert_eq!(
        test("state in (OR, CA, or2, CA)"),
        ValueTest::Text(TextTest::OneOf(vec!["ca".into(), "or".into(), "or2".into()]))
    );
    assert_eq!(test("city != ZÜRICH"), ValueTest::Text(TextTest::Not("zürich".into())));
    assert_eq!(test("has_email = TRUE"), ValueTest::Bool(true));
    assert_eq!(test("has_email != no"), ValueTest::Bool(true));
    let Leaf::Age(age) = leaf("age in 50..74") else { panic!() };
    assert_eq!(age.0, NumberTest::Within(Bound::Included(number(50.0)), Bound::Included(number(74.0))));
    let day = |text: &str| discreet_domain::Day::parse(text).unwrap();
    assert_eq!(
        test("birth_date <= 1980-01-01"),
        ValueTest::Date(DateTest::Window { window: Window::Before(day("1980-01-02")), negated: false })
    );
    assert_eq!(test("birth_date < 1980-01-01"), test("birth_date before 1980-01-01"));
    assert_eq!(test("birth_date > 1980-01-01"), test("birth_date after 1980-01-01"));
    assert_eq!(test("birth_date >= 1980-01-01"), test("birth_date in 1980-01-01.."));
    assert_eq!(leaf("missing age"), leaf("missing birth_date"));
    assert_eq!(leaf("any page_view"), leaf("at least 1 page_view"));
    assert_eq!(leaf("no page_view"), leaf("at most 0 page_view"));
    assert_eq!(leaf("has condition icd10:e11.*"), leaf("has condition (icd10:E11*, icd10:E11*)"));
    assert_eq!(leaf("has condition @a1c"), leaf("has condition loinc:4548-4"));
}

#[test]
fn checked_and_written_trees_have_the_same_shape() {
    let checked = checked(
        "not (sex = male or missing city) and (any page_view or in segment \"Asked for fewer emails\") and age > 5",
    );
    fn same(node: &Node, expr: &discreet_segment::ast::Expr) {
        use discreet_segment::ast::Expr;
        match (node, expr) {
            (Node::All(nodes), Expr::All(parts)) | (Node::Any(nodes), Expr::Any(parts)) => {
                assert_eq!(nodes.len(), parts.len());
                nodes.iter().zip(parts).for_each(|(node, part)| same(node, part));
            }
            (Node::Not(node), Expr::Not(part)) => same(node, part),
            (Node::Leaf(_) | Node::Segment(_), Expr::Leaf(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    same(checked.root(), checked.expr());
}

#[test]
fn the_label_is_the_greatest_of_anything_mentioned() {
    for (text, label) in [
        ("age > 50", Label::L1),
        ("bucket 0..1 of 2 by x", Label::L0),
        ("payer = medicare", Label::L2),
        ("has condition icd10:E11*", Label::L2),
        ("not has condition icd10:B20", Label::L3),
        ("age > 50 or not (sex = male and has condition icd10:F*)", Label::L3),
        ("has condition icd10:*", Label::L3),
        ("has condition @\"our sensitive ones\"", Label::L4),
        ("any observation where code = loinc:7917-8", Label::L3),
        ("no observation where not (missing code or code in (loinc:1, loinc:7917-8))", Label::L3),
        ("latest observation code = loinc:7917-8", Label::L3),
        ("latest observation value > 9", Label::L2),
        ("any page_view", Label::L1),
        ("has consent marketing by email", Label::L1),
    ] {
        assert_eq!(checked(text).label(), label, "{text}");
    }
}

#[test]
fn bases_name_everything_it_rests_on() {
    let bases = |text: &str| checked(text).bases().iter().copied().collect::<Vec<_>>();
    assert_eq!(bases("age > 50 and interests has any (x)"), [Basis::Demographic, Basis::Psychographic]);
    assert_eq!(bases("not any page_view"), [Basis::Behavioral]);
    assert_eq!(bases("no appointment or had allergy rxnorm:1"), [Basis::Clinical, Basis::Appointment]);
    assert_eq!(bases("in segment \"Asked for fewer emails\""), [Basis::Consent]);
    assert_eq!(bases("bucket 0..1 of 2 by x"), []);
}

#[test]
fn pins_and_fingerprint_follow_what_it_was_checked_against() {
    let text = "age > 50 and has condition @diabetes and in segment \"Asked for fewer emails\"";
    let before = checked(text);
    let names: Vec<String> = before
        .pins()
        .iter()
        .map(|pin| match pin {
            Pin::Attribute { name, .. }
            | Pin::Event { name, .. }
            | Pin::Topic { name, .. }
            | Pin::ValueSet { name, .. } => name.clone(),
            Pin::Segment { version, .. } => format!("segment {version}"),
            Pin::ZipTable { .. } => "zip table".to_owned(),
        })
        .collect();
    assert_eq!(names, ["age", "birth_date", "newsletter", "diabetes", "segment 1"]);
    assert_eq!(checked(text).fingerprint(), before.fingerprint());
    assert_eq!(checked(&text.replace(" and has", "\n  and  has")).fingerprint(), before.fingerprint());
    assert_ne!(checked("age > 51").fingerprint(), checked("age > 50").fingerprint());

    let mut world = World::new();
    world.save("Asked for fewer emails", "withdrew consent marketing by email");
    assert_ne!(parse(text).unwrap().check(&world).unwrap().fingerprint(), before.fingerprint());
    let mut world = World::new();
    world.catalog.attributes.iter_mut().filter(|a| a.name == "age").for_each(|a| a.label = Label::L2);
    assert_ne!(parse(text).unwrap().check(&world).unwrap().fingerprint(), before.fingerprint());
    let pins = serde_json::to_string(before.pins()).unwrap();
    let read: std::collections::BTreeSet<Pin> = serde_json::from_str(&pins).unwrap();
    assert_eq!(&read, before.pins());
}

#[test]
fn every_error_is_reported_up_to_the_limit() {
    assert_eq!(
        kinds("agee > 5 and sexx = male and any visit and has condition @x and in segment y"),
        [
            CheckErrorKind::UnknownAttribute,
            CheckErrorKind::UnknownAttribute,
            CheckErrorKind::UnknownEvent,
            CheckErrorKind::UnknownValueSet,
            CheckErrorKind::UnknownSegment,
        ]
    );
    let many = vec!["agee > 5"; 500].join(" or ");
    assert_eq!(kinds(&many).len(), discreet_segment::limits::ERRORS);
}

#[test]
fn unusual_values_are_hinted_at_and_allowed() {
    let hints = |text: &str| checked(text).hints().len();
    assert_eq!(hints("sex = Female"), 0);
    assert_eq!(hints("sex in (femal, man)"), 2);
    assert_eq!(hints("city = femal"), 0);
    assert_eq!(hints("any encounter where class = inpatiant"), 1);
    assert_eq!(hints("has condition @empty"), 1);
}

#[test]
fn only_opens_prove_nothing_by_their_absence() {
    for text in [
        "no email_open",
        "at most 3 email_open",
        "exactly 0 email_open",
        "first email_open before 2026-01-01",
    ] {
        assert_eq!(kinds(text), [CheckErrorKind::NoProof], "{text}");
    }
    for (text, open) in
        [("not any email_open", true), ("at least 2 email_open", true), ("no email_click", false)]
    {
        let checked = checked(text);
        let node = match checked.root() {
            Node::Not(node) => node,
            node => node,
        };
        let Node::Leaf(Leaf::Events(events)) = node else { panic!("{node:?}") };
        assert_eq!(events.open_world, open, "{text}");
    }
}
