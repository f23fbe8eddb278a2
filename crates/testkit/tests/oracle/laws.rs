//! Laws that hold of every segment in every world.

use discreet_domain::Value;
use discreet_segment::{Window, checked::Node};
use discreet_testkit::moments::WINDOWS;
use discreet_testkit::oracle::{holds, node_holds};
use discreet_testkit::segments::{Sample, leaf, segment};
use discreet_testkit::worlds::{World, world};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;

/// A quarter of proptest's own number, unless `PROPTEST_CASES` says otherwise: the oracle is slow by design.
fn config() -> ProptestConfig {
    let default = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => default,
        None => ProptestConfig { cases: default.cases / 4, ..default },
    }
}

fn answers(sample: &Sample, world: &World) -> Vec<Option<bool>> {
    let clock = &world.clock;
    world.patients.iter().map(|patient| holds(&sample.checked, patient, clock.now, &clock.zone)).collect()
}

/// The answers to a text in which `{}` stands for the segment's own.
fn rewritten(form: &str, sample: &Sample, world: &World) -> Vec<Option<bool>> {
    answers(&Sample::of(&form.replace("{}", &sample.checked.expr().to_string())), world)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn kleene_s_laws(a in segment(), b in leaf(), world in world(4)) {
        let (plain, other) = (answers(&a, &world), answers(&b, &world));
        prop_assert_eq!(&rewritten("not not ({})", &a, &world), &plain);
        prop_assert_eq!(&rewritten("({}) and ({})", &a, &world), &plain);
        let text = b.checked.expr().to_string();
        let both = rewritten(&format!("({{}}) and ({text})"), &a, &world);
        let de_morgan = rewritten(&format!("not (not ({{}}) or not ({text}))"), &a, &world);
        prop_assert_eq!(&both, &de_morgan);
        for ((both, a), b) in both.iter().zip(plain).zip(other) {
            prop_assert_eq!(*both, discreet_segment::truth::all([a, b]));
        }
    }

    /// Facts that are hidden can make an answer unknown, never turn it.
    #[test]
    fn restricted_facts_only_hide(sample in segment(), world in world(4)) {
        let mut open = world.clone();
        for patient in &mut open.patients {
            patient.codes.retain(|fact| !fact.restricted);
            patient.events.retain(|fact| !fact.restricted);
        }
        for (with, without) in answers(&sample, &world).into_iter().zip(answers(&sample, &open)) {
            prop_assert!(with.is_none() || without.is_none() || with == without);
        }
    }

    #[test]
    fn counts_and_their_opposites(kind in 0..3_usize, world in world(6), n in 1..4_u32) {
        let kind = ["appointment in last 12 months", "observation where value > 7", "page_view"][kind];
        let pairs = [
            (format!("any {kind}"), format!("not no {kind}")),
            (format!("any {kind}"), format!("at least 1 {kind}")),
            (format!("no {kind}"), format!("exactly 0 {kind}")),
            (format!("at least {n} {kind}"), format!("not at most {} {kind}", n - 1)),
        ];
        for (one, other) in pairs {
            prop_assert_eq!(answers(&Sample::of(&one), &world), answers(&Sample::of(&other), &world), "{} {}", one, other);
        }
    }

    #[test]
    fn spellings_of_one_thing_agree(world in world(6)) {
        for (one, other) in [
            ("sex != female", "not sex = female"),
            ("age >= 50", "not age < 50"),
            ("age in 18..64", "age >= 18 and age <= 64"),
            ("birth_date <= 1976-06-15", "birth_date before 1976-06-16"),
            ("birth_date in 1976-06-15..1980-01-01", "birth_date between 1976-06-15 and 1980-01-01"),
            ("interests has none (yoga)", "not interests has any (yoga)"),
            ("in segment Engaged", "at least 2 email_click in last 90 days or any portal_login in last 1 month"),
            ("state in (CA, OR)", "state = ca or state = or2 or state = Or"),
        ] {
            prop_assert_eq!(answers(&Sample::of(one), &world), answers(&Sample::of(other), &world), "{} {}", one, other);
        }
    }

    /// What the language's own crate says of a window is what the long way says.
    #[test]
    fn windows_hold_as_the_long_way_says(world in world(4), at in 0..WINDOWS.len()) {
        let window: Window = WINDOWS[at];
        let sample = Sample::of(&format!("birth_date {window}"));
        let mut world = world;
        // Times of events are nearer the edges than birth dates are.
        for patient in &mut world.patients {
            if let Some(event) = patient.events.first() {
                patient.attributes.insert("birth_date".to_owned(), Value::When(event.at));
            }
        }
        for (patient, answer) in world.patients.iter().zip(answers(&sample, &world)) {
            let short = match patient.attributes.get("birth_date") {
                Some(Value::When(when)) => window.holds(*when, world.clock.now, &world.clock.zone),
                _ => None,
            };
            prop_assert_eq!(answer, short);
        }
    }

    #[test]
    fn birthdays_hold_as_the_long_way_says(world in world(6), side in any::<bool>(), days in 1..400_u32) {
        use discreet_segment::checked::BirthdayWindow;
        use discreet_segment::{Length, Unit};
        let length = Length { count: days, unit: Unit::Days };
        let (word, window) = match side {
            true => ("last", BirthdayWindow::Last(length)),
            false => ("next", BirthdayWindow::Next(length)),
        };
        let sample = Sample::of(&format!("birthday in {word} {length}"));
        for (patient, answer) in world.patients.iter().zip(answers(&sample, &world)) {
            let short = match patient.attributes.get("birth_date") {
                Some(Value::When(when)) => window.holds(*when, world.clock.now, &world.clock.zone),
                _ => None,
            };
            prop_assert_eq!(answer, short);
        }
    }
}

/// Random worlds are only worth something if conditions of each kind are true, false and unknown in them.
#[test]
fn worlds_and_segments_meet() {
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeMap<&'static str, [u32; 3]> = BTreeMap::new();
    let (leaves, worlds) = (leaf(), world(4));
    for _ in 0..2000 {
        let sample = leaves.new_tree(&mut runner).unwrap().current();
        let world = worlds.new_tree(&mut runner).unwrap().current();
        for patient in &world.patients {
            let answer = node_holds(sample.checked.root(), patient, world.clock.now, &world.clock.zone);
            let counts = seen.entry(kind(sample.checked.root())).or_default();
            counts[answer.map_or(2, usize::from)] += 1;
        }
    }
    for (kind, [no, yes, unknown]) in &seen {
        let always_known = ["consent", "bucket", "missing"].contains(kind);
        let fair = *no > 8 && *yes > 8 && (*unknown > 0) != always_known;
        assert!(fair, "{kind}: {no} no, {yes} yes, {unknown} unknown; all: {seen:?}");
    }
    assert_eq!(seen.len(), 11, "{seen:?}");
}

fn kind(node: &Node) -> &'static str {
    use discreet_segment::checked::Leaf;
    match node {
        Node::Leaf(Leaf::Attribute { .. }) => "attribute",
        Node::Leaf(Leaf::Missing { .. }) => "missing",
        Node::Leaf(Leaf::Age(_)) => "age",
        Node::Leaf(Leaf::Birthday(_)) => "birthday",
        Node::Leaf(Leaf::Code(_)) => "code",
        Node::Leaf(Leaf::Events(_)) => "events",
        Node::Leaf(Leaf::Edge(_)) => "edge",
        Node::Leaf(Leaf::Sequence(_)) => "sequence",
        Node::Leaf(Leaf::Consent(_)) => "consent",
        Node::Leaf(Leaf::Bucket(_)) => "bucket",
        Node::Segment(_) => "segment",
        Node::All(_) | Node::Any(_) | Node::Not(_) => panic!("no leaf"),
    }
}
