//! Suggestions and breakdowns.

use crate::setup::{at, checked, code_fact, index_of, new_york, nothing, text, when, with_attribute};
use discreet_domain::{Cell, Code, CodeKind, System, Value};

fn cells(of: &[(&str, u64)]) -> Vec<(String, Cell)> {
    of.iter().map(|(value, count)| ((*value).to_owned(), Cell::of(*count))).collect()
}

#[test]
fn values_by_frequency_in_their_least_spelling() {
    let states = ["ca", "CA", "OR", "Ca", "ny", "NY"].into_iter().zip(1..);
    let index =
        index_of(&new_york(), states.map(|(state, number)| with_attribute(number, "state", text(state))));
    assert_eq!(index.values("state"), cells(&[("CA", 3), ("NY", 2), ("OR", 1)]));
    assert_eq!(index.values("city"), []);
}

#[test]
fn sets_count_for_each_word_and_other_types_for_what_they_are() {
    let set = |words: &[&str]| Value::set(words.iter().map(|word| (*word).to_owned()));
    let index = index_of(
        &new_york(),
        [
            with_attribute(1, "interests", set(&["yoga", "walking"])),
            with_attribute(2, "interests", set(&["Yoga"])),
            with_attribute(3, "interests", set(&[])),
            with_attribute(4, "flag", Value::Bool(true)),
            with_attribute(5, "blood", Value::Code(Code::new(System::Local, "A+"))),
            with_attribute(6, "score", Value::Number(1.0)),
        ],
    );
    assert_eq!(index.values("interests"), cells(&[("Yoga", 2), ("walking", 1)]));
    let breakdown = index.everyone(at("2026-01-01T00:00:00Z")).breakdown("interests");
    assert_eq!((breakdown.values, breakdown.others), (cells(&[("Yoga", 2), ("walking", 1)]), Cell::of(4)));
    assert_eq!(index.values("flag"), cells(&[("yes", 1)]));
    assert_eq!(index.values("blood"), cells(&[("local:A+", 1)]));
    assert_eq!(index.values("score"), []);
}

#[test]
fn a_selection_divides_by_an_attribute_and_by_age() {
    let people =
        [("female", "1976-06-15"), ("male", "1976-06-16"), ("female", "2026-06-01"), ("female", "1976")];
    let index = index_of(
        &new_york(),
        people.into_iter().zip(1..).map(|((sex, birth), number)| {
            let mut facts = with_attribute(number, "sex", text(sex));
            facts.attributes.insert("birth_date".to_owned(), Value::When(when(birth)));
            facts
        }),
    );
    let now = at("2026-06-15T12:00:00Z");
    let everyone = index.everyone(now);
    let by_age = everyone.breakdown("age");
    // Born in 1976, on which day is not known: 49 or 50.
    let ages = cells(&[("0–9", 1), ("40–49", 1), ("50–59", 1)]);
    assert_eq!((by_age.values, by_age.others), (ages, Cell::of(1)));
    let women = index.select(&checked("sex = female"), now);
    assert_eq!(women.breakdown("sex").values, cells(&[("female", 3)]));
    assert_eq!(women.breakdown("age").values, cells(&[("0–9", 1), ("50–59", 1)]));
    let nobody = index.select(&checked("sex = other"), now).breakdown("sex");
    assert_eq!((nobody.values, nobody.others), (vec![], Cell::of(0)));
}

#[test]
fn codes_count_patients_and_leave_out_what_is_restricted() {
    let with = |number, codes: &[(&str, bool)]| {
        let mut facts = nothing(number, 1);
        for (code, restricted) in codes {
            let mut fact = code_fact(CodeKind::Condition, code);
            fact.restricted = *restricted;
            facts.codes.push(fact);
        }
        facts
    };
    let index = index_of(
        &new_york(),
        [
            with(1, &[("icd10:E11.9", false), ("icd10:E11.9", false), ("icd10:I10", false)]),
            with(2, &[("icd10:E11.9", false), ("icd10:F10.1", true)]),
        ],
    );
    let code = |value| Code::new(System::Icd10, value);
    let expected = vec![(code("E11.9"), Cell::of(2)), (code("I10"), Cell::of(1))];
    assert_eq!(index.codes(CodeKind::Condition), expected);
    assert_eq!(index.codes(CodeKind::Medication), []);
}
