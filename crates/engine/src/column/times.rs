//! Dates and instants: four bytes each if all of a column are whole dates, eight otherwise.

use super::build::put;
use crate::moment::Moment;
use discreet_domain::{Day, When};

pub(crate) enum Times {
    /// None is there: a column of prescriptions without ends.
    Never,
    Days(Box<[i32]>),
    Moments(Box<[i64]>),
}

/// Stands for "not known" among days. The calendar ends long before it.
const NO_DAY: i32 = i32::MIN;

impl Times {
    /// The moment at a place, if one is known.
    #[inline]
    pub fn get(&self, place: usize) -> Option<Moment> {
        match self {
            Times::Never => None,
            Times::Days(days) => days
                .get(place)
                .filter(|day| **day != NO_DAY)
                .map(|day| Moment::of_day(Day::from_number(*day))),
            Times::Moments(moments) => moments.get(place).copied().and_then(Moment::from_bits),
        }
    }
    pub fn bytes(&self) -> usize {
        match self {
            Times::Never => 0,
            Times::Days(days) => size_of_val::<[i32]>(days),
            Times::Moments(moments) => size_of_val::<[i64]>(moments),
        }
    }
}

#[derive(Default)]
pub(crate) struct TimesBuilder(Vec<i64>);

impl TimesBuilder {
    /// Places ascend; those passed over have none.
    pub fn put(&mut self, place: usize, moment: Option<Moment>) {
        put(&mut self.0, place, moment.map_or(Moment::NONE, Moment::bits), Moment::NONE);
    }
    pub fn finish(mut self, places: usize) -> Times {
        self.0.resize(places, Moment::NONE);
        if self.0.iter().all(|bits| *bits == Moment::NONE) {
            return Times::Never;
        }
        let day = |bits: &i64| match Moment::from_bits(*bits).map(Moment::when) {
            None => Some(NO_DAY),
            Some(When::Day(day)) => Some(day.number()).filter(|day| *day != NO_DAY),
            Some(_) => None,
        };
        let days: Option<Box<[i32]>> = self.0.iter().map(day).collect();
        days.map_or_else(|| Times::Moments(self.0.into_boxed_slice()), Times::Days)
    }
}
