//! Engine, row-by-row oracle and SQL give the same answer to every segment, in every world, after every change.
//!
//! A sequence (`A then B`) has no SQL yet: what holds one is asked of the engine and the oracle, and is no case.
//!
//! A **case** is one segment asked in one state of a world: what each of its patients answers, by all three. A world has up
//! to [`PATIENTS`] patients, a history of up to [`CHANGES`] changes which the index and the tables follow, and is asked as it
//! begins and after each change. 100,000 cases are asked, half of them single conditions and half whole trees;
//! `DISCREET_TEST_CASES` asks more, `DISCREET_TEST_SEED` the same again. What fails is shrunk, and told as a table of the
//! patient's facts, the segment, and the three answers.

use crate::setup::ids;
use discreet_domain::{PatientFacts, PatientId};
use discreet_engine::limits::Blocks;
use discreet_engine::{Change, Index};
use discreet_segment::sql::{LowerError, Lowered, lower};
use discreet_testkit::moments::Clock;
use discreet_testkit::oracle;
use discreet_testkit::segments::{Sample, leaf, segment};
use discreet_testkit::shown::{clock_of, shown, truth};
use discreet_testkit::tables::Tables;
use discreet_testkit::worlds::{World, world};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestCaseResult, TestError, TestRng, TestRunner};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::hash::{BuildHasher, Hasher};

/// How many cases, unless the environment says otherwise.
const CASES: u64 = 100_000;
const PATIENTS: usize = 6;
const CHANGES: usize = 5;
/// How many segments each world is asked.
const SEGMENTS: usize = 20;
/// How many steps a failure is shrunk by at most, and for how long.
const SHRINKING: u32 = 20_000;
const SHRINKING_MILLIS: u32 = 60_000;

/// What happens to one of the patients: it becomes like another, or goes.
#[derive(Clone, Copy, Debug)]
struct Step {
    who: usize,
    like: usize,
    version: u64,
    removed: bool,
}

fn step() -> impl Strategy<Value = Step> {
    // Often the newest there is, sometimes one that comes too late.
    let version = prop_oneof![3 => 2..10_u64, 1 => 1..3_u64];
    (0..PATIENTS, 0..PATIENTS, version, prop::bool::weighted(0.15))
        .prop_map(|(who, like, version, removed)| Step { who, like, version, removed })
}

/// A world, kept in three ways.
struct State {
    clock: Clock,
    facts: BTreeMap<PatientId, PatientFacts>,
    /// Of each patient that ever was, the newest version, and whether that was its end.
    newest: BTreeMap<PatientId, (u64, bool)>,
    index: Index,
    tables: Tables,
}

impl State {
    fn of(world: &World) -> State {
        let clock = world.clock.clone();
        let mut builder = Index::builder_in(clock.zone.clone(), Blocks::of(64));
        let mut tables = Tables::new(&clock.zone);
        for facts in &world.patients {
            builder.push(facts.clone());
            tables.put(facts);
        }
        let facts: BTreeMap<_, _> =
            world.patients.iter().map(|facts| (facts.patient, facts.clone())).collect();
        let newest = world.patients.iter().map(|facts| (facts.patient, (facts.version, false))).collect();
        State { clock, facts, newest, index: builder.finish(0), tables }
    }

    fn follow(&mut self, seq: u64, step: Step, world: &World) {
        let patient = PatientId::from_u128(step.who as u128 + 1);
        let like = &world.patients[step.like % world.patients.len()];
        let facts = PatientFacts { patient, version: step.version, ..like.clone() };
        let (held, gone) = self.newest.get(&patient).copied().unwrap_or_default();
        let change = match step.removed {
            true => Change::Removed { patient, version: step.version },
            false => Change::Facts(facts.clone()),
        };
        self.index.apply(seq, [change]);
        if step.version < held || (step.version == held && gone) {
            return;
        }
        self.newest.insert(patient, (step.version, step.removed));
        if step.removed {
            self.tables.remove(patient);
            self.facts.remove(&patient);
        } else {
            self.tables.put(&facts);
            self.facts.insert(patient, facts);
        }
    }

    /// One case.
    fn ask(&mut self, sample: &Sample, lowered: Option<&Lowered>) -> TestCaseResult {
        let Clock { now, zone } = &self.clock;
        let selection = self.index.select(&sample.checked, *now);
        let (yes, no) = (ids(&selection), ids(&selection.not()));
        let answers = lowered.map(|lowered| self.tables.answers(lowered));
        let same = answers.as_ref().is_none_or(|answers| answers.keys().eq(self.facts.keys()));
        prop_assert!(same, "SQL answers for others than there are");
        for (patient, facts) in &self.facts {
            let by_engine = match (yes.contains(patient), no.contains(patient)) {
                (true, true) => return Err(TestCaseError::fail("the engine says both yes and no")),
                (true, false) => Some(true),
                (false, true) => Some(false),
                (false, false) => None,
            };
            let by_oracle = oracle::holds(&sample.checked, facts, *now, zone);
            let by_sql = answers.as_ref().map_or(by_oracle, |answers| answers[patient]);
            if by_engine != by_oracle || by_oracle != by_sql {
                return Err(TestCaseError::fail(self.told(sample, facts, [by_engine, by_oracle, by_sql])));
            }
        }
        let there = yes.iter().chain(&no).all(|patient| self.facts.contains_key(patient));
        prop_assert!(there, "the engine answers for others than there are");
        Ok(())
    }

    fn told(&self, sample: &Sample, facts: &PatientFacts, answers: [Option<bool>; 3]) -> String {
        let mut told = String::from("three answers differ\n");
        let [engine, oracle, sql] = answers.map(truth);
        let segment = sample.checked.expr();
        writeln!(told, "  segment: {segment}\n  now: {}", clock_of(&self.clock)).unwrap();
        told.push_str(&shown(facts));
        writeln!(told, "  engine: {engine}, oracle: {oracle}, SQL: {sql}").unwrap();
        told
    }
}

/// All cases of one world, in the order of its history; how many there were.
fn ask_all(world: &World, steps: &[Step], segments: &[Sample]) -> Result<u64, TestCaseError> {
    let Clock { now, zone } = &world.clock;
    let in_sql = |sample: &Sample| match lower(&sample.checked, *now, zone) {
        Ok(lowered) => Some(lowered),
        Err(LowerError::Sequence) => None,
        Err(other) => panic!("{other}"),
    };
    let lowered: Vec<Option<Lowered>> = segments.iter().map(in_sql).collect();
    let mut state = State::of(world);
    let mut cases = 0;
    for seq in 0..=steps.len() {
        if let Some(step) = seq.checked_sub(1).and_then(|before| steps.get(before)) {
            state.follow(seq as u64, *step, world);
        }
        for (sample, lowered) in segments.iter().zip(&lowered) {
            state.ask(sample, lowered.as_ref())?;
            cases += u64::from(lowered.is_some());
        }
    }
    Ok(cases)
}

fn from_environment(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name} is a whole number, not {value}")))
}

/// Asks worlds until there were half of all cases.
fn agree_on(sample: impl Strategy<Value = Sample>) {
    let wanted = from_environment("DISCREET_TEST_CASES").unwrap_or(CASES) / 2;
    let by_chance = || std::hash::RandomState::new().build_hasher().finish();
    let first = from_environment("DISCREET_TEST_SEED").unwrap_or_else(by_chance);
    let everything = (
        world(PATIENTS),
        prop::collection::vec(step(), 0..=CHANGES),
        prop::collection::vec(sample, SEGMENTS),
    );
    let config = ProptestConfig {
        cases: 1,
        failure_persistence: None,
        max_shrink_iters: SHRINKING,
        max_shrink_time: SHRINKING_MILLIS,
        ..ProptestConfig::default()
    };
    let asked = std::cell::Cell::new(0);
    let mut seed = first;
    while asked.get() < wanted {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let result =
            TestRunner::new_with_rng(config.clone(), rng).run(&everything, |(world, steps, segments)| {
                asked.set(asked.get() + ask_all(&world, &steps, &segments)?);
                Ok(())
            });
        match result {
            Ok(()) => seed = seed.wrapping_add(1),
            Err(TestError::Fail(reason, (_, steps, _))) => {
                panic!("{reason}  after {} changes; DISCREET_TEST_SEED={seed} finds it again", steps.len())
            }
            Err(TestError::Abort(reason)) => panic!("{reason}"),
        }
    }
    println!("{} cases from seed {first}", asked.get());
}

#[test]
fn on_single_conditions() {
    agree_on(leaf());
}

#[test]
fn on_trees_of_conditions() {
    agree_on(segment());
}
