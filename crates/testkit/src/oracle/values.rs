//! Tests on one value.

use super::times::Clock;
use super::{in_set, or};
use discreet_domain::catalog::Kind;
use discreet_domain::{Value, When};
use discreet_segment::Window;
use discreet_segment::checked::{DateTest, NumberTest, SetTest, TextTest, ValueTest};
use std::ops::Bound;

/// Whether there is a value of this type.
pub(crate) fn is_of(value: Option<&Value>, kind: Kind) -> bool {
    match (kind, value) {
        (Kind::Text | Kind::Zip, Some(Value::Text(_))) => true,
        (Kind::Number, Some(Value::Number(number))) => !number.is_nan(),
        (Kind::Bool, Some(Value::Bool(_))) => true,
        (Kind::Date, Some(Value::When(_))) => true,
        (Kind::Code, Some(Value::Code(_))) => true,
        (Kind::Set, Some(Value::Set(_))) => true,
        _ => false,
    }
}

/// Unknown without a value, or with one of another type.
pub(crate) fn holds(test: &ValueTest, value: Option<&Value>, clock: &Clock<'_>) -> Option<bool> {
    match (test, value?) {
        (ValueTest::Text(test), Value::Text(text)) => Some(text_holds(test, &text.to_lowercase())),
        (ValueTest::Number(test), Value::Number(number)) if !number.is_nan() => {
            Some(number_holds(test, *number))
        }
        (ValueTest::Bool(wanted), Value::Bool(value)) => Some(wanted == value),
        (ValueTest::Date(test), Value::When(when)) => date_holds(test, *when, clock),
        (ValueTest::Code { codes, negated }, Value::Code(code)) => Some(in_set(codes, code) != *negated),
        (ValueTest::Set(test), Value::Set(words)) => {
            let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
            Some(set_holds(test, &words))
        }
        (ValueTest::Near(area), Value::Text(zip)) => {
            let zip: String = zip.chars().take(5).collect();
            match (area.inside.contains(&zip), area.known.contains(&zip)) {
                (true, _) => Some(true),
                (false, true) => Some(false),
                (false, false) => None,
            }
        }
        _ => None,
    }
}

fn text_holds(test: &TextTest, text: &str) -> bool {
    match test {
        TextTest::OneOf(words) => words.iter().any(|word| word == text),
        TextTest::Not(word) => word != text,
        TextTest::Contains(part) => text.contains(part.as_str()),
        TextTest::StartsWith(part) => text.starts_with(part.as_str()),
    }
}

pub(crate) fn number_holds(test: &NumberTest, number: f64) -> bool {
    match test {
        NumberTest::OneOf(numbers) => numbers.iter().any(|one| one.get() == number),
        NumberTest::Not(other) => other.get() != number,
        NumberTest::Within(from, to) => {
            let not_below = match from {
                Bound::Included(from) => from.get() <= number,
                Bound::Excluded(from) => from.get() < number,
                Bound::Unbounded => true,
            };
            let not_above = match to {
                Bound::Included(to) => number <= to.get(),
                Bound::Excluded(to) => number < to.get(),
                Bound::Unbounded => true,
            };
            not_below && not_above
        }
    }
}

fn set_holds(test: &SetTest, has: &[String]) -> bool {
    match test {
        SetTest::Any(words) => words.iter().any(|word| has.contains(word)),
        SetTest::All(words) => words.iter().all(|word| has.contains(word)),
        SetTest::None(words) => !words.iter().any(|word| has.contains(word)),
    }
}

fn date_holds(test: &DateTest, when: When, clock: &Clock<'_>) -> Option<bool> {
    match test {
        DateTest::Window { window, negated } => clock.within(*window, when).map(|inside| inside != *negated),
        DateTest::OneOf(days) => {
            or(days.iter().map(|day| clock.within(Window::Between(*day, *day), when)).collect())
        }
    }
}
