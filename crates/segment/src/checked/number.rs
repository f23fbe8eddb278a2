//! Numbers that can be keys, and tests on them.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::ops::Bound;

/// A finite number. Zero has no sign, so equal numbers are the same.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Number(f64);

impl Number {
    /// `None` for NaN and the infinities.
    pub fn new(number: f64) -> Option<Number> {
        // Adding zero turns −0 into 0.
        number.is_finite().then_some(Number(number + 0.0))
    }
    /// The number.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl Eq for Number {}
impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}
impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

/// A test on a number. A stored NaN counts as missing.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum NumberTest {
    /// Within an interval.
    Within(Bound<Number>, Bound<Number>),
    /// One of these; sorted, without repeats.
    OneOf(Vec<Number>),
    /// Any but this (`!=`).
    Not(Number),
}

impl NumberTest {
    /// Whether a number passes. Never call it with NaN: that is a missing value.
    pub fn holds(&self, number: f64) -> bool {
        match self {
            NumberTest::Within(from, to) => {
                let above = match from {
                    Bound::Included(from) => number >= from.0,
                    Bound::Excluded(from) => number > from.0,
                    Bound::Unbounded => true,
                };
                let below = match to {
                    Bound::Included(to) => number <= to.0,
                    Bound::Excluded(to) => number < to.0,
                    Bound::Unbounded => true,
                };
                above && below
            }
            NumberTest::OneOf(numbers) => numbers.iter().any(|n| n.0 == number),
            NumberTest::Not(other) => number != other.0,
        }
    }
}
