//! Chance from a seed. Our own small generator, so that the clinic of a seed never changes with a dependency's version;
//! every patient and every part of a record has a stream of its own, so that order does not matter.

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The parts of a record that are drawn apart from each other: a change to one leaves the others as they were.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stream {
    Tie,
    Person,
    Contact,
    Problems,
    Drugs,
    Visits,
    Results,
    Care,
    Online,
    Words,
    Consents,
}

/// SplitMix64 (Steele, Lea, Flood 2014): passes BigCrush, needs one word of state.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// The stream for one part of the patient at `index`.
    pub(crate) fn new(seed: u64, index: u32, stream: Stream) -> Dice {
        let place = (u64::from(index) << 8) | stream as u64;
        Dice(mix(seed.wrapping_mul(GOLDEN) ^ mix(place.wrapping_add(GOLDEN))))
    }
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }
    /// A number below `end`; 0 if `end` is 0.
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u32
    }
    /// A number from `low` to `high`, both possible; `low` if there is nothing between.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = high.saturating_sub(low).saturating_add(1).max(1);
        low.saturating_add(self.below(span.unsigned_abs()) as i32)
    }
    /// True in so many of a thousand.
    pub(crate) fn chance(&mut self, permille: u32) -> bool {
        self.below(1000) < permille
    }
    /// One entry of a table.
    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        *self.any(from)
    }
    #[expect(
        clippy::indexing_slicing,
        reason = "below(n) < n, and the tables are constants a test knows to be filled"
    )]
    fn any<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u32) as usize]
    }
    /// One entry of a table, by weight.
    pub(crate) fn weighted<'a, T>(&mut self, from: &'a [T], weight: impl Fn(&T) -> u32) -> &'a T {
        let mut left = self.below(from.iter().map(&weight).sum());
        let hit = from.iter().find(|entry| {
            let here = weight(entry);
            let found = left < here;
            left = left.saturating_sub(here);
            found
        });
        match hit {
            Some(entry) => entry,
            None => self.any(from),
        }
    }
}

const fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_and_repeat() {
        let draw = |seed, index, stream| Dice::new(seed, index, stream).next();
        assert_eq!(draw(1, 2, Stream::Person), draw(1, 2, Stream::Person));
        let all = [
            draw(1, 2, Stream::Person),
            draw(1, 2, Stream::Tie),
            draw(1, 3, Stream::Person),
            draw(2, 2, Stream::Person),
        ];
        for (at, word) in all.iter().enumerate() {
            assert!(!all[..at].contains(word));
        }
    }

    #[test]
    fn draws_stay_in_bounds_and_reach_both_ends() {
        let mut dice = Dice::new(7, 0, Stream::Visits);
        let drawn: Vec<i32> = (0..1000).map(|_| dice.between(-3, 3)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&-3), Some(&3)));
        assert_eq!(dice.between(5, 4), 5);
        assert_eq!(dice.below(0), 0);
    }

    #[test]
    fn weights_are_kept() {
        let mut dice = Dice::new(7, 0, Stream::Visits);
        let table = [(0, 'a'), (900, 'b'), (100, 'c')];
        let drawn: String = (0..2000).map(|_| dice.weighted(&table, |row| row.0).1).collect();
        let count = |c: char| drawn.chars().filter(|d| *d == c).count();
        assert_eq!(count('a'), 0);
        assert!((150..250).contains(&count('c')), "{}", count('c'));
    }
}
