//! Sets of slots, packed 64 to a word.

use discreet_segment::truth::Truth;
use std::ops::Range;

const WORD: usize = u64::BITS as usize;

/// A set of the slots `0 .. slots`. Bits beyond them are never set.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Bits {
    words: Vec<u64>,
    slots: usize,
}

impl Bits {
    /// None of so many slots.
    pub fn none(slots: usize) -> Bits {
        Bits { words: vec![0; slots.div_ceil(WORD)], slots }
    }
    /// All of so many slots.
    pub fn all(slots: usize) -> Bits {
        let mut words = vec![u64::MAX; slots.div_ceil(WORD)];
        if let (Some(last), used @ 1..) = (words.last_mut(), slots % WORD) {
            *last = (1 << used) - 1;
        }
        Bits { words, slots }
    }
    /// These of so many slots.
    pub fn of(slots: usize, set: impl IntoIterator<Item = usize>) -> Bits {
        let mut bits = Bits::none(slots);
        set.into_iter().for_each(|slot| bits.set(slot));
        bits
    }
    /// How many slots there are, set or not.
    pub fn slots(&self) -> usize {
        self.slots
    }
    pub fn get(&self, slot: usize) -> bool {
        self.words.get(slot / WORD).is_some_and(|word| word >> (slot % WORD) & 1 == 1)
    }
    /// A slot that is not there stays unset.
    pub fn set(&mut self, slot: usize) {
        if slot >= self.slots {
            return;
        }
        if let Some(word) = self.words.get_mut(slot / WORD) {
            *word |= 1 << (slot % WORD);
        }
    }
    pub fn clear(&mut self, slot: usize) {
        if let Some(word) = self.words.get_mut(slot / WORD) {
            *word &= !(1 << (slot % WORD));
        }
    }
    /// How many are set.
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }
    /// Those set, in order.
    pub fn ones(&self) -> impl Iterator<Item = usize> + '_ {
        self.ones_in(0..self.words.len())
    }
    /// Those set in these of its words, in order.
    pub fn ones_in(&self, words: Range<usize>) -> impl Iterator<Item = usize> + '_ {
        let first = words.start;
        let some = self.words.get(words).unwrap_or_default().iter().enumerate();
        some.flat_map(move |(at, word)| Ones(*word).map(move |bit| (first + at) * WORD + bit))
    }
    /// How many words hold it.
    pub fn word_count(&self) -> usize {
        self.words.len()
    }
    /// Keeps what `other` has too.
    pub fn keep(&mut self, other: &Bits) {
        self.zip(other, |a, b| a & b);
    }
    /// Adds what `other` has.
    pub fn add(&mut self, other: &Bits) {
        self.zip(other, |a, b| a | b);
    }
    /// Removes what `other` has.
    pub fn remove(&mut self, other: &Bits) {
        self.zip(other, |a, b| a & !b);
    }
    fn zip(&mut self, other: &Bits, join: impl Fn(u64, u64) -> u64) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word = join(*word, *other);
        }
    }
    /// Adds `part`, a set of the slots from `first` on; `first` is a multiple of 64.
    pub fn add_from(&mut self, first: usize, part: &Bits) {
        for (word, other) in self.words.iter_mut().skip(first / WORD).zip(&part.words) {
            *word |= *other;
        }
    }
    pub fn bytes(&self) -> usize {
        self.words.capacity() * size_of::<u64>()
    }
}

/// The positions of the set bits of a word.
struct Ones(u64);

impl Iterator for Ones {
    type Item = usize;
    fn next(&mut self) -> Option<usize> {
        let bit = (self.0 != 0).then(|| self.0.trailing_zeros() as usize);
        self.0 &= self.0.wrapping_sub(1);
        bit
    }
}

/// For whom the answer is yes and for whom it is no; for the rest it is unknown. No slot is in both.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub yes: Bits,
    pub no: Bits,
}

impl Answer {
    /// Unknown for all of so many slots.
    pub fn unknown(slots: usize) -> Answer {
        Answer { yes: Bits::none(slots), no: Bits::none(slots) }
    }
    /// The same for all that are asked about.
    pub fn same(wanted: &Bits, truth: Truth) -> Answer {
        let none = Bits::none(wanted.slots());
        match truth {
            Some(true) => Answer { yes: wanted.clone(), no: none },
            Some(false) => Answer { yes: none, no: wanted.clone() },
            None => Answer { yes: none.clone(), no: none },
        }
    }
    /// Asks about each slot that is wanted; unknown for the others.
    #[inline]
    pub fn scan(wanted: &Bits, truth: impl Fn(usize) -> Truth) -> Answer {
        let mut answer = Answer::unknown(wanted.slots());
        let words = answer.yes.words.iter_mut().zip(&mut answer.no.words);
        for (at, (wanted, (yes, no))) in wanted.words.iter().zip(words).enumerate() {
            for bit in Ones(*wanted) {
                let truth = truth(at * WORD + bit);
                *yes |= u64::from(truth == Some(true)) << bit;
                *no |= u64::from(truth == Some(false)) << bit;
            }
        }
        answer
    }
    /// Kleene's not.
    pub fn not(self) -> Answer {
        Answer { yes: self.no, no: self.yes }
    }
    /// Kleene's and.
    pub fn and(mut self, other: &Answer) -> Answer {
        self.yes.keep(&other.yes);
        self.no.add(&other.no);
        self
    }
    /// Kleene's or.
    pub fn or(mut self, other: &Answer) -> Answer {
        self.yes.add(&other.yes);
        self.no.keep(&other.no);
        self
    }
    pub fn truth(&self, slot: usize) -> Truth {
        match (self.yes.get(slot), self.no.get(slot)) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use discreet_segment::truth;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn bits(slots: usize, set: &BTreeSet<usize>) -> Bits {
        Bits::of(slots, set.iter().copied())
    }
    fn listed(bits: &Bits) -> BTreeSet<usize> {
        bits.ones().collect()
    }

    #[test]
    fn ends_of_words() {
        for slots in [0, 1, 63, 64, 65, 128, 130] {
            assert_eq!(Bits::all(slots).count(), slots);
            assert_eq!(listed(&Bits::all(slots)), (0..slots).collect());
        }
        let mut bits = Bits::none(64);
        bits.set(64);
        assert!(bits.is_empty() && !bits.get(64));
    }

    proptest! {
        #[test]
        fn a_set_like_any_other(
            a in prop::collection::btree_set(0usize..200, 0..60),
            b in prop::collection::btree_set(0usize..200, 0..60),
        ) {
            let joined = |join: fn(&mut Bits, &Bits)| {
                let mut left = bits(200, &a);
                join(&mut left, &bits(200, &b));
                listed(&left)
            };
            prop_assert_eq!(joined(Bits::keep), &a & &b);
            prop_assert_eq!(joined(Bits::add), &a | &b);
            prop_assert_eq!(joined(Bits::remove), &a - &b);
            prop_assert_eq!(bits(200, &a).count(), a.len());
            let mut shifted = Bits::none(400);
            shifted.add_from(128, &bits(200, &a));
            prop_assert_eq!(listed(&shifted), a.iter().map(|slot| slot + 128).collect());
        }

        #[test]
        fn answers_join_by_kleene(pairs in prop::collection::vec((any::<Truth>(), any::<Truth>()), 1..150)) {
            let wanted = Bits::all(pairs.len());
            let a = Answer::scan(&wanted, |slot| pairs[slot].0);
            let b = Answer::scan(&wanted, |slot| pairs[slot].1);
            for (slot, (x, y)) in pairs.iter().enumerate() {
                prop_assert_eq!(a.truth(slot), *x);
                prop_assert_eq!(a.clone().and(&b).truth(slot), truth::all([*x, *y]));
                prop_assert_eq!(a.clone().or(&b).truth(slot), truth::any([*x, *y]));
                prop_assert_eq!(a.clone().not().truth(slot), truth::not(*x));
            }
        }
    }
}
