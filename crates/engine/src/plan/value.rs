//! Tests on one value: of an attribute or of an event's field.

use super::Setting;
use super::dates::DateCheck;
use super::set::SetCheck;
use crate::bits::{Answer, Bits};
use crate::column::{Column, Columns, Ids, NO_YES, Sets, Times, Type};
use crate::lexicon::Values;
use discreet_segment::checked::{NumberTest, ValueTest};
use discreet_segment::truth::Truth;

/// A test, ready.
pub(crate) enum ValueCheck<'i> {
    /// Answered for each numbered value beforehand; unknown for none.
    Listed {
        kind: Type,
        table: Vec<Truth>,
    },
    Number(NumberTest),
    Date(DateCheck<'i>),
    Set(SetCheck),
}

impl<'i> ValueCheck<'i> {
    /// `values`: those met so far under the name.
    pub fn new(test: &ValueTest, values: Option<&Values>, setting: Setting<'i>) -> ValueCheck<'i> {
        let words = |test: &dyn Fn(&str) -> Truth| ValueCheck::Listed {
            kind: Type::Text,
            table: values
                .map_or_else(Vec::new, |values| values.words.folded().table(None, |word| test(word))),
        };
        match test {
            ValueTest::Text(test) => words(&|word| Some(test.holds(word))),
            ValueTest::Near(area) => words(&|word| area.holds(word)),
            ValueTest::Bool(wanted) => {
                let [no, yes] = NO_YES;
                let mut table = vec![None; 1 + no.max(yes) as usize];
                for (id, is) in [(no, false), (yes, true)] {
                    if let Some(truth) = table.get_mut(id as usize) {
                        *truth = Some(is == *wanted);
                    }
                }
                ValueCheck::Listed { kind: Type::Bool, table }
            }
            ValueTest::Code { codes, negated } => ValueCheck::Listed {
                kind: Type::Code,
                table: values.map_or_else(Vec::new, |values| {
                    values.codes.table(None, |code| Some(codes.contains(code) != *negated))
                }),
            },
            ValueTest::Number(test) => ValueCheck::Number(test.clone()),
            ValueTest::Date(test) => ValueCheck::Date(DateCheck::new(test, setting)),
            ValueTest::Set(test) => ValueCheck::Set(SetCheck::new(test, values.map(|values| &values.words))),
        }
    }
    fn kind(&self) -> Type {
        match self {
            ValueCheck::Listed { kind, .. } => *kind,
            ValueCheck::Number(_) => Type::Number,
            ValueCheck::Date(_) => Type::Time,
            ValueCheck::Set(_) => Type::Set,
        }
    }
    /// The test over the values of a name in one block.
    pub fn bind<'p>(&'p self, columns: &'p Columns, name: Option<u32>) -> BoundValue<'p> {
        let column = name.and_then(|name| columns.find(name, self.kind()));
        match (self, column) {
            (
                ValueCheck::Listed { table, .. },
                Some(Column::Text(ids) | Column::Bool(ids) | Column::Code(ids)),
            ) => BoundValue::Listed(ids, table),
            (ValueCheck::Number(test), Some(Column::Number(numbers))) => BoundValue::Number(numbers, test),
            (ValueCheck::Date(check), Some(Column::Time(times))) => BoundValue::Date(times, check),
            (ValueCheck::Set(check), Some(Column::Set(sets))) => BoundValue::Set(sets, check),
            _ => BoundValue::Nowhere,
        }
    }
}

/// A test on the values of one column.
pub(crate) enum BoundValue<'p> {
    /// No value of this name and type is in the block.
    Nowhere,
    Listed(&'p Ids, &'p [Truth]),
    Number(&'p [f64], &'p NumberTest),
    Date(&'p Times, &'p DateCheck<'p>),
    Set(&'p Sets, &'p SetCheck),
}

impl BoundValue<'_> {
    /// Unknown without a value.
    #[inline]
    pub fn truth(&self, place: usize) -> Truth {
        match self {
            BoundValue::Nowhere => None,
            BoundValue::Listed(ids, table) => listed(ids, table, place),
            BoundValue::Number(numbers, test) => number(numbers, test, place),
            BoundValue::Date(times, check) => check.holds(times.get(place)?),
            BoundValue::Set(sets, check) => check.holds(sets, place),
        }
    }
    pub fn scan(&self, wanted: &Bits) -> Answer {
        match self {
            BoundValue::Nowhere => Answer::unknown(wanted.slots()),
            BoundValue::Listed(ids, table) => Answer::scan(wanted, |place| listed(ids, table, place)),
            BoundValue::Number(numbers, test) => Answer::scan(wanted, |place| number(numbers, test, place)),
            other => Answer::scan(wanted, |place| other.truth(place)),
        }
    }
}

#[inline]
fn listed(ids: &Ids, table: &[Truth], place: usize) -> Truth {
    table.get(ids.get(place) as usize).copied().flatten()
}

#[inline]
fn number(numbers: &[f64], test: &NumberTest, place: usize) -> Truth {
    numbers.get(place).filter(|number| !number.is_nan()).map(|number| test.holds(*number))
}
