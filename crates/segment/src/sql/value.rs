//! Tests on one value: a row of `attributes` or `event_fields`.

use super::LowerError;
use super::literal::{all, any, number, one_of, one_of_words, starts_with, text};
use super::time::{Clock, on_one_of, within};
use crate::checked::{CodeSet, DateTest, NumberTest, SetTest, TextTest, ValueTest, ZipArea};
use discreet_domain::System;
use discreet_domain::catalog::Kind;
use std::collections::BTreeMap;
use std::ops::Bound;

/// How many digits of a ZIP code have a place.
const ZIP_DIGITS: usize = 5;

/// A test on a value: on the row itself, or on the words of a set, which are rows of another table.
pub enum Lowered {
    /// 1 or 0, or null if it cannot be told, of the row.
    Row(String),
    /// What is said of a set by how many of these words it has.
    Words { words: Vec<String>, least: usize, negated: bool },
}

/// What `kind` says of a row with such a value.
pub fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Zip => "text",
        Kind::Number => "number",
        Kind::Bool => "bool",
        Kind::Date => "when",
        Kind::Code => "code",
        Kind::Set => "set",
    }
}

/// The kind of value that a test is on.
pub fn kind_of(test: &ValueTest) -> Kind {
    match test {
        ValueTest::Text(_) | ValueTest::Near(_) => Kind::Text,
        ValueTest::Number(_) => Kind::Number,
        ValueTest::Bool(_) => Kind::Bool,
        ValueTest::Date(_) => Kind::Date,
        ValueTest::Code { .. } => Kind::Code,
        ValueTest::Set(_) => Kind::Set,
    }
}

/// A test on a row named `row`.
pub fn test(test: &ValueTest, clock: Clock<'_>, row: &str) -> Result<Lowered, LowerError> {
    Ok(Lowered::Row(match test {
        ValueTest::Text(test) => known(&text_test(test, &format!("{row}.text_value"))?),
        ValueTest::Number(test) => known(&number_test(test, &format!("{row}.number_value"))),
        ValueTest::Bool(true) => known(&format!("{row}.bool_value")),
        ValueTest::Bool(false) => known(&format!("not {row}.bool_value")),
        ValueTest::Date(DateTest::Window { window, negated: false }) => within(*window, clock, row),
        ValueTest::Date(DateTest::Window { window, negated: true }) => {
            format!("1 - ({})", within(*window, clock, row))
        }
        ValueTest::Date(DateTest::OneOf(days)) => on_one_of(days, row),
        ValueTest::Code { codes, negated: false } => known(&code_test(codes, row)?),
        ValueTest::Code { codes, negated: true } => known(&format!("not ({})", code_test(codes, row)?)),
        ValueTest::Near(area) => near(area, &format!("{row}.text_value"))?,
        ValueTest::Set(test) => return Ok(set_test(test)),
    }))
}

/// A condition that is never null, as a number.
fn known(condition: &str) -> String {
    format!("case when {condition} then 1 else 0 end")
}

fn text_test(test: &TextTest, column: &str) -> Result<String, LowerError> {
    Ok(match test {
        TextTest::OneOf(words) => one_of_words(column, words)?,
        TextTest::Not(word) => format!("{column} <> {}", text(word)?),
        TextTest::Contains(part) => format!("instr({column}, {}) > 0", text(part)?),
        TextTest::StartsWith(stem) => starts_with(column, stem)?,
    })
}

fn number_test(test: &NumberTest, column: &str) -> String {
    match test {
        NumberTest::OneOf(numbers) => one_of(column, &numbers.iter().map(|n| number(*n)).collect::<Vec<_>>()),
        NumberTest::Not(other) => format!("{column} <> {}", number(*other)),
        NumberTest::Within(from, to) => {
            let edge = |bound: &Bound<_>, or_equal: &str, strictly: &str| match bound {
                Bound::Included(edge) => Some(format!("{column} {or_equal} {}", number(*edge))),
                Bound::Excluded(edge) => Some(format!("{column} {strictly} {}", number(*edge))),
                Bound::Unbounded => None,
            };
            all(edge(from, ">=", ">").into_iter().chain(edge(to, "<=", "<")).collect())
        }
    }
}

/// Whether `row.system` and `row.code` are in a set of codes.
pub fn code_test(codes: &CodeSet, row: &str) -> Result<String, LowerError> {
    let mut by_system: BTreeMap<&System, (Vec<&String>, Vec<&String>)> = BTreeMap::new();
    for code in codes.exact() {
        by_system.entry(&code.system).or_default().0.push(&code.value);
    }
    for stem in codes.subtrees() {
        by_system.entry(&stem.system).or_default().1.push(&stem.value);
    }
    let column = format!("{row}.code");
    let mut systems = Vec::new();
    for (system, (exact, stems)) in by_system {
        let mut parts = Vec::new();
        if !exact.is_empty() {
            parts.push(one_of_words(&column, exact)?);
        }
        for stem in stems {
            parts.push(starts_with(&column, stem)?);
        }
        systems.push(format!("({row}.system = {} and {})", text(system.name())?, any(parts)));
    }
    Ok(any(systems))
}

/// 1 inside, 0 outside, null where the place is not known.
fn near(area: &ZipArea, column: &str) -> Result<String, LowerError> {
    let zip = format!("substr({column}, 1, {ZIP_DIGITS})");
    let inside = one_of_words(&zip, &area.inside)?;
    let known = one_of_words(&zip, area.known.iter().filter(|zip| !area.inside.contains(*zip)))?;
    Ok(format!("case when {inside} then 1 when {known} then 0 end"))
}

fn set_test(test: &SetTest) -> Lowered {
    match test {
        SetTest::Any(words) => Lowered::Words { words: words.clone(), least: 1, negated: false },
        SetTest::All(words) => Lowered::Words { words: words.clone(), least: words.len(), negated: false },
        SetTest::None(words) => Lowered::Words { words: words.clone(), least: 1, negated: true },
    }
}
