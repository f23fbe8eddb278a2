//! Side tables: counting with what the caller knows.

use crate::setup::{checked, index_of, new_york, patient, text, with_attribute};
use discreet_domain::{Cell, Timestamp, Value};
use discreet_engine::limits::ROWS_FOR_A_CORE;
use discreet_engine::{Change, Index};
use std::collections::BTreeMap;

const NOW: Timestamp = Timestamp::from_micros(0);

fn women(count: u128) -> Index {
    index_of(&new_york(), (1..=count).map(|number| with_attribute(number, "sex", text("female"))))
}

fn counts(of: &[(&'static str, u64)]) -> BTreeMap<&'static str, Cell> {
    of.iter().map(|(key, count)| (*key, Cell::of(*count))).collect()
}

#[test]
fn those_selected_are_asked_and_counted() {
    let mut index = women(5);
    index.apply(2, [Change::Facts(with_attribute(6, "sex", text("male")))]);
    let table = index.side_table((1..=6).map(|number| (patient(number), number % 2 == 0)));
    let tally = |segment| {
        index.select(&checked(segment), NOW).tally(&table, |even| match even {
            Some(true) => "even",
            Some(false) => "odd",
            None => "not known",
        })
    };
    assert_eq!(tally("sex = female"), counts(&[("even", 2), ("odd", 3)]));
    assert_eq!(tally("sex = male"), counts(&[("even", 1)]));
    assert_eq!(tally("sex = other"), counts(&[]));
}

/// So many that several cores ask, and one fewer than divides evenly.
#[test]
fn many_are_counted_as_few_are() {
    let many = 3 * ROWS_FOR_A_CORE as u128 - 1;
    let index = women(many);
    let table = index.side_table((1..=many).map(|number| (patient(number), number % 3)));
    let tally = index.everyone(NOW).tally(&table, |rest| rest.copied());
    let expected = |rest: u128| (1..=many).filter(|number| number % 3 == rest).count() as u64;
    assert_eq!(tally, (0..3).map(|rest| (Some(rest), Cell::of(expected(rest)))).collect());
}

#[test]
fn values_follow_their_patient_while_the_index_follows_the_log() {
    let mut index = women(3);
    let mut table = index.side_table([(patient(1), 1), (patient(2), 2), (patient(9), 9)]);
    let changed = |number, version| {
        let facts = with_attribute(number, "sex", text("female"));
        Change::Facts(discreet_domain::PatientFacts { version, ..facts })
    };
    index.apply(2, [changed(2, 2), changed(4, 1), Change::Removed { patient: patient(1), version: 1 }]);
    assert!(table.set(&index, patient(4), 4));
    assert!(!table.set(&index, patient(1), 10), "removed");
    let seen =
        |index: &Index, table: &_| index.everyone(NOW).tally(table, |value: Option<&i32>| value.copied());
    let of =
        |values: &[Option<i32>]| values.iter().map(|value| (*value, Cell::of(1))).collect::<BTreeMap<_, _>>();
    // Of patient 3 nothing was ever known.
    assert_eq!(seen(&index, &table), of(&[None, Some(2), Some(4)]));
    // Come back, a patient begins without a value.
    index.apply(3, [changed(1, 2)]);
    table.forget_removed(&index);
    assert_eq!(
        seen(&index, &table),
        [(None, 2), (Some(2), 1), (Some(4), 1)].map(|(k, n)| (k, Cell::of(n))).into()
    );
}

#[test]
fn a_table_of_another_index_has_no_values() {
    let (index, other) = (women(2), women(2));
    let mut table = index.side_table([(patient(1), ()), (patient(2), ())]);
    assert!(!table.set(&other, patient(1), ()));
    let known = other.everyone(NOW).tally(&table, |value| value.is_some());
    assert_eq!(known, [(false, Cell::of(2))].into());
    table.forget_removed(&other);
    assert_eq!(index.everyone(NOW).tally(&table, |value| value.is_some()), [(true, Cell::of(2))].into());
}

#[test]
fn selections_join_by_kleene_and_those_of_another_index_are_unknown() {
    let facts = |number, sex: Option<&str>, score: f64| {
        let mut facts = with_attribute(number, "score", Value::Number(score));
        facts.attributes.extend(sex.map(|sex| ("sex".to_owned(), text(sex))));
        facts
    };
    let index = index_of(
        &new_york(),
        [
            facts(1, Some("female"), 1.0),
            facts(2, Some("male"), 1.0),
            facts(3, None, 2.0),
            facts(4, None, 1.0),
        ],
    );
    let (women, ones) =
        (index.select(&checked("sex = female"), NOW), index.select(&checked("score = 1"), NOW));
    let sizes = |selection: &discreet_engine::Selection<'_>| {
        (selection.count().exact(), selection.unknown().exact(), selection.not().count().exact())
    };
    assert_eq!(sizes(&women), (1, 2, 1));
    assert_eq!(sizes(&women.and(&ones)), (1, 1, 2));
    assert_eq!(sizes(&women.or(&ones)), (3, 1, 0));
    assert_eq!(sizes(&ones.without(&women)), (1, 1, 2));
    assert_eq!(sizes(&index.everyone(NOW).without(&women)), (1, 2, 1));
    let elsewhere = index_of(&new_york(), [facts(1, Some("female"), 1.0)]);
    let foreign = elsewhere.everyone(NOW);
    assert_eq!(sizes(&women.and(&foreign)), (0, 3, 1));
    assert_eq!(sizes(&women.or(&foreign)), (1, 3, 0));
    assert_eq!(sizes(&foreign.or(&women)), (1, 0, 0));
}
