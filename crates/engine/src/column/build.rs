//! Columns in the making: values arrive place by place.

use super::{Column, Columns, Datum, Ids, NO_YES, SetsBuilder, TimesBuilder, Type};
use crate::dictionary::NOTHING;

/// By name and type, sorted.
#[derive(Default)]
pub(crate) struct ColumnsBuilder(Vec<((u32, Type), Growing)>);

enum Growing {
    /// Numbers of the lexicon, or of [`NO_YES`].
    Ids(Vec<u32>),
    Numbers(Vec<f64>),
    Times(TimesBuilder),
    Sets(SetsBuilder),
}

impl ColumnsBuilder {
    /// Adds what is known at a place, by name. Places ascend.
    pub fn push(&mut self, place: usize, data: impl IntoIterator<Item = (u32, Datum)>) {
        // Names ascend too, so the next column is mostly the one after the last.
        let mut at = 0;
        for (name, datum) in data {
            at = self.column(at, (name, Type::of(&datum)));
            if let Some((_, column)) = self.0.get_mut(at) {
                column.push(place, datum);
            }
            at += 1;
        }
    }
    /// Where a column lies, or now lies.
    fn column(&mut self, guess: usize, key: (u32, Type)) -> usize {
        if self.0.get(guess).is_some_and(|(other, _)| *other == key) {
            return guess;
        }
        match self.0.binary_search_by_key(&key, |(other, _)| *other) {
            Ok(at) => at,
            Err(at) => {
                self.0.insert(at, (key, Growing::of(key.1)));
                at
            }
        }
    }
    /// So many places there are in all.
    pub fn finish(self, places: usize) -> Columns {
        let finish =
            |((name, kind), column): ((u32, Type), Growing)| ((name, kind), column.finish(kind, places));
        Columns(self.0.into_iter().map(finish).collect())
    }
}

impl Growing {
    fn of(kind: Type) -> Growing {
        match kind {
            Type::Text | Type::Bool | Type::Code => Growing::Ids(Vec::new()),
            Type::Number => Growing::Numbers(Vec::new()),
            Type::Time => Growing::Times(TimesBuilder::default()),
            Type::Set => Growing::Sets(SetsBuilder::default()),
        }
    }
    fn push(&mut self, place: usize, datum: Datum) {
        match (self, datum) {
            (Growing::Ids(ids), Datum::Text(id) | Datum::Code(id)) => put(ids, place, id, NOTHING),
            (Growing::Ids(ids), Datum::Bool(is)) => {
                let [no, yes] = NO_YES;
                put(ids, place, if is { yes } else { no }, NOTHING);
            }
            (Growing::Numbers(numbers), Datum::Number(number)) => put(numbers, place, number, f64::NAN),
            (Growing::Times(times), Datum::Time(moment)) => times.put(place, Some(moment)),
            (Growing::Sets(sets), Datum::Set(words)) => sets.put(place, &words),
            // A column takes data of its own type only.
            _ => {}
        }
    }
    fn finish(self, kind: Type, places: usize) -> Column {
        match self {
            Growing::Ids(mut ids) => {
                ids.resize(places, NOTHING);
                let ids = Ids::narrow(&ids);
                match kind {
                    Type::Bool => Column::Bool(ids),
                    Type::Code => Column::Code(ids),
                    _ => Column::Text(ids),
                }
            }
            Growing::Numbers(mut numbers) => {
                numbers.resize(places, f64::NAN);
                numbers.shrink_to_fit();
                Column::Number(numbers)
            }
            Growing::Times(times) => Column::Time(times.finish(places)),
            Growing::Sets(sets) => Column::Set(sets.finish(places)),
        }
    }
}

/// Puts a value at a place at or after the end; places passed over get nothing.
pub(super) fn put<T: Clone>(values: &mut Vec<T>, place: usize, value: T, nothing: T) {
    if values.len() <= place {
        values.resize(place, nothing);
        values.push(value);
    }
}
