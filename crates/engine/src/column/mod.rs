//! Columns: the values of one attribute for the patients of a block, or of one field for its events. A value's place is
//! the patient's slot or the event's position.

mod build;
mod ids;
mod sets;
mod times;

pub(crate) use build::ColumnsBuilder;
pub(crate) use ids::Ids;
pub(crate) use sets::{Sets, SetsBuilder};
pub(crate) use times::{Times, TimesBuilder};

use crate::dictionary::NOTHING;
use crate::moment::Moment;
use discreet_domain::catalog::Kind;

/// A value, its text and codes numbered by the lexicon.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Datum {
    Text(u32),
    Number(f64),
    Bool(bool),
    Time(Moment),
    Code(u32),
    /// Sorted, without repeats.
    Set(Vec<u32>),
}

/// The types of values. The catalog's ZIP codes are text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Type {
    Text,
    Number,
    Bool,
    Time,
    Code,
    Set,
}

impl Type {
    pub fn of_kind(kind: Kind) -> Type {
        match kind {
            Kind::Text | Kind::Zip => Type::Text,
            Kind::Number => Type::Number,
            Kind::Bool => Type::Bool,
            Kind::Date => Type::Time,
            Kind::Code => Type::Code,
            Kind::Set => Type::Set,
        }
    }
    pub fn of(datum: &Datum) -> Type {
        match datum {
            Datum::Text(_) => Type::Text,
            Datum::Number(_) => Type::Number,
            Datum::Bool(_) => Type::Bool,
            Datum::Time(_) => Type::Time,
            Datum::Code(_) => Type::Code,
            Datum::Set(_) => Type::Set,
        }
    }
}

/// The numbers that stand for no and yes in a column.
pub(crate) const NO_YES: [u32; 2] = [1, 2];

/// Values of one type; any place may be without.
pub(crate) enum Column {
    Text(Ids),
    Number(Vec<f64>),
    Bool(Ids),
    Time(Times),
    Code(Ids),
    Set(Sets),
}

impl Column {
    /// The value at a place, if there is one.
    pub fn get(&self, place: usize) -> Option<Datum> {
        let id = |ids: &Ids| Some(ids.get(place)).filter(|id| *id != NOTHING);
        match self {
            Column::Text(ids) => id(ids).map(Datum::Text),
            Column::Code(ids) => id(ids).map(Datum::Code),
            Column::Bool(ids) => id(ids).map(|id| Datum::Bool(id == NO_YES[1])),
            Column::Number(numbers) => {
                numbers.get(place).filter(|number| !number.is_nan()).map(|number| Datum::Number(*number))
            }
            Column::Time(times) => times.get(place).map(Datum::Time),
            Column::Set(sets) => {
                sets.has(place).then(|| Datum::Set(sets.words(place).map(|at| sets.word(at)).collect()))
            }
        }
    }
    /// Whether there is a value at a place.
    pub fn has(&self, place: usize) -> bool {
        match self {
            Column::Text(ids) | Column::Code(ids) | Column::Bool(ids) => ids.get(place) != NOTHING,
            Column::Number(numbers) => numbers.get(place).is_some_and(|number| !number.is_nan()),
            Column::Time(times) => times.get(place).is_some(),
            Column::Set(sets) => sets.has(place),
        }
    }
    fn bytes(&self) -> usize {
        match self {
            Column::Text(ids) | Column::Code(ids) | Column::Bool(ids) => ids.bytes(),
            Column::Number(numbers) => numbers.capacity() * size_of::<f64>(),
            Column::Time(times) => times.bytes(),
            Column::Set(sets) => sets.bytes(),
        }
    }
}

/// Columns by the number of their attribute or field, and by type: values of one name may have several types, if the
/// catalog was changed. Sorted.
#[derive(Default)]
pub(crate) struct Columns(Vec<((u32, Type), Column)>);

impl Columns {
    pub fn find(&self, name: u32, kind: Type) -> Option<&Column> {
        let at = self.0.binary_search_by_key(&(name, kind), |(key, _)| *key).ok()?;
        self.0.get(at).map(|(_, column)| column)
    }
    /// Everything known at a place, by name.
    pub fn data(&self, place: usize) -> impl Iterator<Item = (u32, Datum)> + '_ {
        self.0.iter().filter_map(move |((name, _), column)| Some((*name, column.get(place)?)))
    }
    /// The columns of a name.
    pub fn of(&self, name: u32) -> impl Iterator<Item = &Column> {
        self.0.iter().filter(move |((number, _), _)| *number == name).map(|(_, column)| column)
    }
    pub fn bytes(&self) -> usize {
        self.0.iter().map(|(key, column)| size_of_val(key) + size_of_val(column) + column.bytes()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use discreet_domain::{Day, When};
    use proptest::prelude::*;

    fn datum() -> impl Strategy<Value = Datum> {
        let wide = || prop_oneof![1u32..300, 1u32..100_000];
        prop_oneof![
            wide().prop_map(Datum::Text),
            wide().prop_map(Datum::Code),
            any::<bool>().prop_map(Datum::Bool),
            (-5i32..5).prop_map(|n| Datum::Number(f64::from(n))),
            any::<i32>().prop_map(|n| Datum::Time(Moment::of(When::Day(Day::from_number(n))))),
            any::<i16>().prop_map(|n| Datum::Time(Moment::of(When::Year(n)))),
            prop::collection::btree_set(wide(), 0..4).prop_map(|set| Datum::Set(set.into_iter().collect())),
        ]
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out(
            rows in prop::collection::vec(prop::collection::btree_map(1u32..4, datum(), 0..4), 0..40)
        ) {
            let mut builder = ColumnsBuilder::default();
            for (place, row) in rows.iter().enumerate() {
                builder.push(place, row.clone());
            }
            let columns = builder.finish(rows.len());
            for (place, row) in rows.iter().enumerate() {
                let back: std::collections::BTreeMap<u32, Datum> = columns.data(place).collect();
                prop_assert_eq!(&back, row);
                for ((name, kind), column) in &columns.0 {
                    let there = row.get(name).is_some_and(|datum| Type::of(datum) == *kind);
                    prop_assert_eq!(column.has(place), there);
                }
            }
        }
    }
}
