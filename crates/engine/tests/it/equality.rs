//! Engine and oracle give the same answers, in random worlds, to random segments.

use crate::setup::ids;
use discreet_domain::{PatientFacts, PatientId, Timestamp, Zone};
use discreet_engine::Index;
use discreet_segment::Checked;
use discreet_testkit::segments::{leaf, segment};
use discreet_testkit::{oracle, worlds};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use std::collections::BTreeSet;

/// How many random worlds. In each, so many segments are asked: a tree, and single conditions.
const WORLDS: u32 = 500;
const TREES: usize = 8;
const LEAVES: usize = 12;

/// Holds an index against the oracle.
pub fn agree(
    index: &Index,
    patients: &[PatientFacts],
    segment: &Checked,
    now: Timestamp,
    zone: &Zone,
) -> TestCaseResult {
    let answers: Vec<(PatientId, Option<bool>)> =
        patients.iter().map(|facts| (facts.patient, oracle::holds(segment, facts, now, zone))).collect();
    let those = |truth| -> BTreeSet<PatientId> {
        answers.iter().filter(|(_, answer)| *answer == truth).map(|(patient, _)| *patient).collect()
    };
    let selection = index.select(segment, now);
    let text = segment.expr();
    prop_assert_eq!(ids(&selection), those(Some(true)), "yes: {}", text);
    prop_assert_eq!(ids(&selection.not()), those(Some(false)), "no: {}", text);
    let unknown = those(None).len() as u64;
    prop_assert_eq!(selection.unknown().exact(), unknown, "unknown: {}", text);
    prop_assert_eq!(selection.count().exact(), those(Some(true)).len() as u64, "count: {}", text);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(WORLDS))]
    #[test]
    fn engine_equals_oracle(
        world in worlds::world(4),
        trees in prop::collection::vec(segment(), TREES),
        leaves in prop::collection::vec(leaf(), LEAVES),
    ) {
        let (now, zone) = (world.clock.now, &world.clock.zone);
        let index = crate::setup::index_of(zone, world.patients.iter().cloned());
        for segment in trees.iter().chain(&leaves) {
            agree(&index, &world.patients, &segment.checked, now, zone)?;
        }
    }
}
