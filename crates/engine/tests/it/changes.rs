//! Following the log: an index that was kept up answers like one built anew, whatever the order of changes.

use crate::equality::agree;
use crate::setup::{checked, ids, index_of, new_york, nothing, patient, with_attribute};
use discreet_domain::{Cell, PatientFacts, Timestamp, Value};
use discreet_engine::limits::Blocks;
use discreet_engine::{Change, Index};
use discreet_testkit::segments::{Sample, segment};
use discreet_testkit::worlds::{World, world};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// How many random sequences of changes.
const SEQUENCES: u32 = 40;
/// Enough patients for several of the smallest blocks.
const PATIENTS: u128 = 150;
const CHANGES: usize = 300;

/// One of a world's patients, as another, at a version: a few stories for many people.
fn facts(world: &World, number: u128, version: u64) -> PatientFacts {
    let at = (number as usize + version as usize * 7) % world.patients.len();
    PatientFacts { patient: patient(number), version, ..world.patients[at].clone() }
}

#[derive(Clone, Copy, Debug)]
struct Step {
    number: u128,
    version: u64,
    removed: bool,
    /// The batch ends here.
    last: bool,
}

fn step() -> impl Strategy<Value = Step> {
    (1..=PATIENTS, 1u64..5, prop::bool::weighted(0.2), prop::bool::weighted(0.1))
        .prop_map(|(number, version, removed, last)| Step { number, version, removed, last })
}

fn change(world: &World, step: Step) -> Change {
    match step.removed {
        true => Change::Removed { patient: patient(step.number), version: step.version },
        false => Change::Facts(facts(world, step.number, step.version)),
    }
}

/// Those in the first half of numbers are there from the start.
fn start(world: &World) -> Vec<PatientFacts> {
    (1..=PATIENTS / 2).map(|number| facts(world, number, 1)).collect()
}

fn followed(world: &World, steps: &[Step]) -> Index {
    let mut builder = Index::builder_in(world.clock.zone.clone(), Blocks::of(64));
    start(world).into_iter().for_each(|facts| builder.push(facts));
    let mut index = builder.finish(0);
    for (seq, batch) in (1..).zip(steps.split_inclusive(|step| step.last)) {
        index.apply(seq, batch.iter().map(|step| change(world, *step)));
    }
    index
}

/// What should be known in the end: of each patient the highest version, and nothing if that is a removal.
fn outcome(world: &World, steps: &[Step]) -> Vec<PatientFacts> {
    let begin = (1..=PATIENTS / 2).map(|number| (number, (1, false)));
    let mut held: BTreeMap<u128, (u64, bool)> = begin.collect();
    for step in steps {
        let newest = held.entry(step.number).or_default();
        *newest = (*newest).max((step.version, step.removed));
    }
    let present = held.into_iter().filter(|(_, (_, removed))| !removed);
    present.map(|(number, (version, _))| facts(world, number, version)).collect()
}

/// A spelling that only a removed patient had is still shown until the index is built anew.
fn folded(values: Vec<(String, Cell)>) -> BTreeMap<String, Cell> {
    values.into_iter().map(|(value, count)| (value.to_lowercase(), count)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(SEQUENCES))]
    #[test]
    fn following_equals_building(
        world in world(5),
        steps in prop::collection::vec(step(), 0..CHANGES),
        order in any::<prop::sample::Index>(),
        segments in prop::collection::vec(segment(), 2),
    ) {
        let (now, zone) = (world.clock.now, &world.clock.zone);
        let outcome = outcome(&world, &steps);
        let index = followed(&world, &steps);
        let built = index_of(zone, outcome.clone());
        // The same changes in another order, and in other batches.
        let mut turned = steps.clone();
        turned.rotate_left(order.index(steps.len() + 1).min(steps.len()));
        turned.reverse();
        let turned = followed(&world, &turned);
        for index in [&index, &turned] {
            prop_assert_eq!(index.len(), outcome.len());
            prop_assert_eq!(index.everyone(now).count().exact(), outcome.len() as u64);
            for attribute in ["sex", "interests", "state"] {
                prop_assert_eq!(folded(index.values(attribute)), folded(built.values(attribute)));
                let others = |index: &Index| index.everyone(now).breakdown(attribute).others;
                prop_assert_eq!(others(index), others(&built));
            }
        }
        for Sample { checked } in &segments {
            agree(&index, &outcome, checked, now, zone)?;
            let (one, other) = (index.select(checked, now), turned.select(checked, now));
            prop_assert_eq!(ids(&one), ids(&other));
            prop_assert_eq!(ids(&one.not()), ids(&other.not()));
        }
    }
}

const NOW: Timestamp = Timestamp::from_micros(0);

fn count(index: &Index, segment: &str) -> Cell {
    index.select(&checked(segment), NOW).count()
}
fn version(number: u128, version: u64, score: f64) -> Change {
    Change::Facts(PatientFacts { version, ..with_attribute(number, "score", Value::Number(score)) })
}

#[test]
fn a_stale_version_is_ignored_and_an_equal_one_taken() {
    let mut index = Index::builder(new_york()).finish(7);
    index.apply(8, [version(1, 5, 5.0)]);
    index.apply(9, [version(1, 4, 4.0)]);
    assert_eq!(count(&index, "score = 5"), Cell::of(1));
    index.apply(10, [version(1, 5, 6.0)]);
    assert_eq!(count(&index, "score = 6"), Cell::of(1));
    // Within one batch too.
    index.apply(11, [version(1, 9, 9.0), version(1, 8, 8.0)]);
    assert_eq!(count(&index, "score = 9"), Cell::of(1));
    assert_eq!((index.seq(), index.len()), (11, 1));
    // The number of the log never goes back.
    index.apply(3, []);
    assert_eq!(index.seq(), 11);
}

#[test]
fn a_removal_holds_against_what_comes_late_but_not_against_what_is_newer() {
    let gone = |version| Change::Removed { patient: patient(1), version };
    let mut index = Index::builder(new_york()).finish(1);
    index.apply(2, [gone(5), version(1, 5, 1.0)]);
    assert!(index.is_empty());
    index.apply(3, [version(1, 6, 1.0)]);
    assert_eq!(index.len(), 1);
    index.apply(4, [gone(5)]);
    assert_eq!(index.len(), 1);
    index.apply(5, [gone(6)]);
    assert!(index.is_empty());
    // Erased for good.
    index.apply(6, [gone(u64::MAX), version(1, u64::MAX, 1.0)]);
    assert!(index.is_empty());
}

#[test]
fn a_patient_pushed_twice_is_there_once_in_the_newest_version() {
    let mut builder = Index::builder(new_york());
    for version in [2, 3, 1] {
        let score = Value::Number(version as f64);
        builder.push(PatientFacts { version, ..with_attribute(1, "score", score) });
    }
    builder.push(nothing(2, 1));
    let index = builder.finish(1);
    assert_eq!(index.len(), 2);
    assert_eq!(count(&index, "score = 3"), Cell::of(1));
    assert_eq!(index.select(&checked("score = 3"), NOW).unknown(), Cell::of(1));
}

/// Thousands of changes, one at a time and in one batch, over blocks of the usual size.
#[test]
fn blocks_are_written_anew() {
    let many = 20_000u128;
    let mut index = index_of(&new_york(), (1..=many).map(|number| nothing(number, 1)));
    for number in 1..=2_500 {
        index.apply(1, [version(number, 2, 2.0)]);
    }
    assert_eq!(count(&index, "score = 2"), Cell::of(2_500));
    index.apply(2, (1..=many + 30_000).map(|number| version(number, 3, 3.0)));
    assert_eq!(count(&index, "score = 3"), Cell::of(50_000));
    assert_eq!(count(&index, "score = 2"), Cell::of(0));
    index.apply(3, (1..=many).map(|number| Change::Removed { patient: patient(number), version: 3 }));
    assert_eq!(count(&index, "score = 3"), Cell::of(30_000));
    assert_eq!(index.everyone(NOW).count(), Cell::of(30_000));
}
