//! The row-by-row oracle: what a segment answers for one patient, evaluated the slow, obviously right way.
//!
//! It follows [`discreet_segment::semantics`] sentence by sentence and shares as little code with the engine as it can:
//! it does its own folding, its own matching, its own arithmetic of windows, and where the text says "every date it can
//! mean", it tries every date.

mod events;
mod sequence;
mod times;
mod values;

use discreet_domain::{CodeFact, PatientFacts, Timestamp, Value, When, Zone};
use discreet_segment::ast::Stance;
use discreet_segment::checked::{CodeLeaf, CodeSet, ConsentLeaf, Leaf, Node, NumberTest};
use discreet_segment::{Checked, bucket_of};
use times::Clock;

/// What the segment answers for this patient at `now`: yes, no, or unknown.
pub fn holds(checked: &Checked, patient: &PatientFacts, now: Timestamp, zone: &Zone) -> Option<bool> {
    node_holds(checked.root(), patient, now, zone)
}

/// The same for any node of a checked tree, for tests that look inside.
pub fn node_holds(node: &Node, patient: &PatientFacts, now: Timestamp, zone: &Zone) -> Option<bool> {
    match node {
        Node::All(parts) => and(parts.iter().map(|part| node_holds(part, patient, now, zone)).collect()),
        Node::Any(parts) => or(parts.iter().map(|part| node_holds(part, patient, now, zone)).collect()),
        Node::Not(part) => not(node_holds(part, patient, now, zone)),
        Node::Leaf(leaf) => leaf_holds(leaf, patient, &Clock { now, zone }),
        Node::Segment(nested) => node_holds(&nested.root, patient, now, zone),
    }
}

pub(crate) fn and(parts: Vec<Option<bool>>) -> Option<bool> {
    if parts.contains(&Some(false)) {
        Some(false)
    } else if parts.contains(&None) {
        None
    } else {
        Some(true)
    }
}

pub(crate) fn or(parts: Vec<Option<bool>>) -> Option<bool> {
    if parts.contains(&Some(true)) {
        Some(true)
    } else if parts.contains(&None) {
        None
    } else {
        Some(false)
    }
}

pub(crate) fn not(part: Option<bool>) -> Option<bool> {
    match part {
        Some(true) => Some(false),
        Some(false) => Some(true),
        None => None,
    }
}

/// What all answers agree on; unknown if they do not, or if there is none.
pub(crate) fn agreed(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut answers = answers.into_iter();
    let first = answers.next()?;
    if answers.all(|answer| answer == first) { first } else { None }
}

fn leaf_holds(leaf: &Leaf, patient: &PatientFacts, clock: &Clock<'_>) -> Option<bool> {
    match leaf {
        Leaf::Attribute { name, test } => {
            let value = patient.attributes.get(name);
            values::holds(test, value, clock)
        }
        Leaf::Missing { name, kind } => Some(!values::is_of(patient.attributes.get(name), *kind)),
        Leaf::Age(test) => age(&test.0, birth_date(patient)?, clock),
        Leaf::Birthday(window) => {
            let days = clock.every_day(birth_date(patient)?);
            agreed(days.map(|birth| Some(clock.has_birthday(birth, *window))))
        }
        Leaf::Code(code) => with_and_without_restricted(patient, |patient| codes(code, patient, clock)),
        Leaf::Events(events) => {
            let answer =
                with_and_without_restricted(patient, |patient| events::count(events, patient, clock));
            if events.open_world && answer == Some(false) { None } else { answer }
        }
        Leaf::Edge(edge) => {
            with_and_without_restricted(patient, |patient| events::edge(edge, patient, clock))
        }
        Leaf::Sequence(sequence) => {
            let answer =
                with_and_without_restricted(patient, |patient| sequence::holds(sequence, patient, clock));
            if sequence.open_world && answer == Some(false) { None } else { answer }
        }
        Leaf::Consent(consent) => Some(stands(consent, patient)),
        Leaf::Bucket(bucket) => {
            let number = bucket_of(patient.patient, &bucket.salt, bucket.of);
            Some(bucket.from <= number && number <= bucket.to)
        }
    }
}

fn birth_date(patient: &PatientFacts) -> Option<When> {
    match patient.attributes.get("birth_date") {
        Some(Value::When(when)) => Some(*when),
        _ => None,
    }
}

/// Of every age that the birth date can mean today.
fn age(test: &NumberTest, birth: When, clock: &Clock<'_>) -> Option<bool> {
    let today = clock.zone.day_of(clock.now);
    let (first, last) = birth.days(clock.zone);
    let ages = today.years_since(last)..=today.years_since(first);
    agreed(ages.map(|age| Some(values::number_holds(test, f64::from(age)))))
}

/// Answered with all facts and with the restricted ones left out: known only if both agree.
fn with_and_without_restricted(
    patient: &PatientFacts,
    answer: impl Fn(&PatientFacts) -> Option<bool>,
) -> Option<bool> {
    let mut shown = patient.clone();
    shown.codes.retain(|fact| !fact.restricted);
    shown.events.retain(|fact| !fact.restricted);
    agreed([answer(patient), answer(&shown)])
}

fn codes(leaf: &CodeLeaf, patient: &PatientFacts, clock: &Clock<'_>) -> Option<bool> {
    or(patient.codes.iter().map(|fact| code_counts(leaf, fact, clock)).collect())
}

fn code_counts(leaf: &CodeLeaf, fact: &CodeFact, clock: &Clock<'_>) -> Option<bool> {
    let is_it = fact.kind == leaf.kind && fact.codes.iter().any(|code| in_set(&leaf.codes, code));
    let now_or_ever = !leaf.active || fact.is_active(clock.now, clock.zone);
    let in_time = match (leaf.onset, fact.onset) {
        (None, _) => Some(true),
        (Some(_), None) => None,
        (Some(window), Some(onset)) => clock.within(window, onset),
    };
    and(vec![Some(is_it), Some(now_or_ever), in_time])
}

pub(crate) fn in_set(set: &CodeSet, code: &discreet_domain::Code) -> bool {
    set.exact().iter().any(|exact| exact == code)
        || set.subtrees().iter().any(|stem| code.is_under(&stem.system, &stem.value))
}

fn stands(leaf: &ConsentLeaf, patient: &PatientFacts) -> bool {
    patient.consents.iter().any(|state| {
        state.topic == leaf.topic
            && state.channel == leaf.channel
            && state.granted == (leaf.state == Stance::Granted)
    })
}
