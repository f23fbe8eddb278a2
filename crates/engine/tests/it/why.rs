//! Why: the answers of a trace are the oracle's, and the facts are the ones that decided.

use crate::setup::{
    any_receipt, at, checked, code_fact, event, index_of, new_york, nothing, patient, text, when,
    with_attribute,
};
use discreet_domain::{Code, CodeKind, PatientFacts, System, Timestamp, Value};
use discreet_engine::limits::WHY_FACTS;
use discreet_engine::{Fact, Index, Question, Step, Why};
use discreet_segment::Checked;
use discreet_segment::checked::Node;
use discreet_segment::english::PlainWording;
use discreet_testkit::segments::segment;
use discreet_testkit::{oracle, worlds};
use proptest::prelude::*;

/// How many random worlds.
const WORLDS: u32 = 200;

fn why(index: &Index, facts: &PatientFacts, segment: &Checked, at: Timestamp) -> Why {
    let question = Question { segment, at, words: &PlainWording };
    index.why(&any_receipt(), facts.patient, &question, at).unwrap().into_exposed()
}

/// Every node of the trace with the node of the tree that it is about.
fn pairs<'t>(why: &'t Why, node: &'t Node, into: &mut Vec<(&'t Why, &'t Node)>) {
    into.push((why, node));
    let nodes: Vec<&Node> = match node {
        Node::All(parts) | Node::Any(parts) => parts.iter().collect(),
        Node::Not(part) => vec![part],
        Node::Segment(nested) => vec![&nested.root],
        Node::Leaf(_) => vec![],
    };
    assert_eq!(why.parts.len(), nodes.len());
    for (part, node) in why.parts.iter().zip(nodes) {
        pairs(part, node, into);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(WORLDS))]
    #[test]
    fn each_answer_is_the_oracles(world in worlds::world(2), segment in segment()) {
        let (now, zone) = (world.clock.now, &world.clock.zone);
        let index = index_of(zone, world.patients.iter().cloned());
        for facts in &world.patients {
            let why = why(&index, facts, &segment.checked, now);
            let mut all = Vec::new();
            pairs(&why, segment.checked.root(), &mut all);
            for (why, node) in all {
                prop_assert_eq!(why.answer, oracle::node_holds(node, facts, now, zone), "{:?}", node);
            }
        }
    }
}

const NOW: &str = "2026-06-15T12:00:00Z";

fn why_of(facts: PatientFacts, segment: &str) -> Why {
    let index = index_of(&new_york(), [facts.clone()]);
    why(&index, &facts, &checked(segment), at(NOW))
}
fn decided(why: &Why) -> (&str, &[Fact], usize) {
    match &why.step {
        Step::Condition { english, facts, more } => (english, facts, *more),
        other => panic!("{other:?}"),
    }
}

#[test]
fn nested_as_the_tree_is() {
    let why = why_of(with_attribute(1, "sex", text("Female")), "sex = male or not (in segment \"women\")");
    assert_eq!((&why.step, why.answer), (&Step::Any, Some(false)));
    let [male, not] = why.parts.as_slice() else { panic!() };
    let known = Fact::Attribute { name: "sex".to_owned(), value: Some("Female".to_owned()) };
    assert_eq!(decided(male), ("sex is male", &[known.clone()][..], 0));
    assert_eq!((&not.step, not.answer), (&Step::Not, Some(false)));
    let [segment] = not.parts.as_slice() else { panic!() };
    assert!(matches!(&segment.step, Step::Segment { name, .. } if name == "women"));
    assert_eq!(segment.answer, Some(true));
    // Of a condition in another segment only what it is about is said.
    assert_eq!(decided(&segment.parts[0]), ("sex", &[known][..], 0));
}

#[test]
fn attributes_say_their_value_or_that_there_is_none() {
    let facts = |why: &Why| decided(why).1.to_vec();
    let attribute = |name: &str, value: Option<&str>| {
        vec![Fact::Attribute { name: name.to_owned(), value: value.map(str::to_owned) }]
    };
    let missing = why_of(nothing(1, 1), "language = en");
    assert_eq!((missing.answer, facts(&missing)), (None, attribute("language", None)));
    for (name, value, said, segment) in [
        ("birth_date", Value::When(when("1976-06")), "1976-06", "age = 50"),
        ("birth_date", Value::When(when("1976-06-15")), "1976-06-15", "birthday in next 1 day"),
        ("score", Value::Number(9.5), "9.5", "score > 9"),
        ("flag", Value::Bool(false), "no", "flag = yes"),
        ("interests", Value::set(["b".to_owned(), "a".to_owned()]), "a, b", "interests has any (a)"),
        ("blood", Value::Code(Code::new(System::Local, "A1")), "local:A1", "blood = local:A1"),
        ("zip", text("94110"), "94110", "missing zip"),
    ] {
        let why = why_of(with_attribute(1, name, value), segment);
        assert_eq!(facts(&why), attribute(name, Some(said)), "{segment}");
    }
}

#[test]
fn codes_say_what_counts_and_what_does_not() {
    let mut facts = nothing(1, 1);
    let mut old = code_fact(CodeKind::Condition, "icd10:E11.9");
    old.end = Some(when("2020"));
    let mut hidden = code_fact(CodeKind::Condition, "icd10:E11.65");
    hidden.restricted = true;
    facts.codes = vec![old, hidden, code_fact(CodeKind::Condition, "icd10:I10")];
    let why = why_of(facts, "has condition icd10:E11*");
    assert_eq!(why.answer, None, "with the hidden fact it would be yes");
    let seen = Fact::Code {
        kind: CodeKind::Condition,
        codes: vec![Code::new(System::Icd10, "E11.9")],
        onset: None,
        end: Some(when("2020")),
        counts: Some(false),
    };
    assert_eq!(decided(&why).1, [seen]);
}

#[test]
fn events_say_when_and_the_fields_asked_about() {
    let mut facts = nothing(1, 1);
    let visit = |at: &str, status: &str| {
        event("appointment", at, &[("status", text(status)), ("reason", text("Zz-Canary"))])
    };
    let mut hidden = visit("2026-06-14", "booked");
    hidden.restricted = true;
    facts.events = vec![
        visit("2026-06-13", "booked"),
        visit("2026-06-12", "fulfilled"),
        visit("2026", "booked"),
        hidden,
    ];
    let seen = |at: &str, counts| Fact::Event {
        kind: "appointment".to_owned(),
        at: when(at),
        fields: vec![("status".to_owned(), "booked".to_owned())],
        codes: Vec::new(),
        counts,
    };
    let why = why_of(facts.clone(), "at least 1 appointment where status = booked in last 7 days");
    assert_eq!(why.answer, Some(true));
    assert_eq!(decided(&why).1, [seen("2026", None), seen("2026-06-13", Some(true))]);
    let latest = why_of(facts, "latest appointment where status = booked in last 7 days");
    assert_eq!(latest.answer, None);
    assert_eq!(decided(&latest).1, [seen("2026", Some(true)), seen("2026-06-13", Some(true))]);
}

#[test]
fn events_bring_their_codes_though_not_asked_about() {
    let mut facts = nothing(1, 1);
    let code = Code::new(System::Loinc, "7917-8");
    let fields = [("code", Value::Code(code.clone())), ("value", Value::Number(1.0))];
    facts.events = vec![event("observation", "2026-06-01", &fields)];
    let why = why_of(facts, "any observation where value = 1");
    let [Fact::Event { fields, codes, .. }] = decided(&why).1 else { panic!() };
    assert_eq!(
        (fields.as_slice(), codes.as_slice()),
        (&[("value".to_owned(), "1".to_owned())][..], &[code][..])
    );
}

#[test]
fn consents_and_random_parts_say_where_the_patient_stands() {
    let why = why_of(nothing(1, 1), "has consent marketing by email");
    assert_eq!((why.answer, decided(&why).1), (Some(false), &[Fact::Consent { granted: None }][..]));
    let why = why_of(nothing(1, 1), "bucket 0..0 of 1 by x");
    assert_eq!(decided(&why).1, [Fact::Bucket { number: 0, of: 1 }]);
}

#[test]
fn only_so_many_facts_are_named() {
    let mut facts = nothing(1, 1);
    facts.events = (0..WHY_FACTS + 5).map(|_| event("page_view", "2026-06-01", &[])).collect();
    let why = why_of(facts, "any page_view");
    let (_, facts, more) = decided(&why);
    assert_eq!((facts.len(), more), (WHY_FACTS, 5));
}

#[test]
fn a_changed_patient_is_explained_by_what_is_known_now() {
    let mut index = index_of(&new_york(), [with_attribute(1, "sex", text("male"))]);
    let changed = PatientFacts { version: 2, ..with_attribute(1, "sex", text("female")) };
    index.apply(2, [discreet_engine::Change::Facts(changed.clone())]);
    assert_eq!(why(&index, &changed, &checked("sex = female"), at(NOW)).answer, Some(true));
    assert_eq!(changed.patient, patient(1));
}

#[test]
fn a_sequence_names_the_events_of_both_sides() {
    let mut facts = nothing(1, 1);
    let mut hidden = event("page_view", "2026-06-04", &[]);
    hidden.restricted = true;
    let booked = event("appointment", "2026-06-03", &[("status", text("booked"))]);
    let missed = event("appointment", "2026-06-05", &[("status", text("no_show"))]);
    facts.events = vec![event("page_view", "2026-06-01", &[]), booked, hidden, missed];
    let why = why_of(facts, "any page_view then appointment where status = booked within 1 week");
    assert_eq!(why.answer, Some(true));
    let named = |kind: &str, at: &str, fields: &[(&str, &str)]| Fact::Event {
        kind: kind.to_owned(),
        at: when(at),
        fields: fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        codes: vec![],
        counts: Some(true),
    };
    let (english, facts, more) = decided(&why);
    assert_eq!(
        english,
        "has had at least one page view followed within 1 week by an appointment whose status is booked"
    );
    let both =
        [named("page_view", "2026-06-01", &[]), named("appointment", "2026-06-03", &[("status", "booked")])];
    assert_eq!((facts, more), (&both[..], 0));
}
