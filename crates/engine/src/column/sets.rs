//! Sets of words, end to end.

use super::Ids;
use crate::bits::Bits;
use crate::offsets::{Offsets, OffsetsBuilder};
use std::ops::Range;

pub(crate) struct Sets {
    /// An empty set is a value; so who has one is kept apart.
    present: Bits,
    offsets: Offsets,
    words: Ids,
}

impl Sets {
    pub fn has(&self, place: usize) -> bool {
        self.present.get(place)
    }
    /// Where the words of a place lie.
    pub fn words(&self, place: usize) -> Range<usize> {
        self.offsets.range(place)
    }
    pub fn word(&self, at: usize) -> u32 {
        self.words.get(at)
    }
    pub fn bytes(&self) -> usize {
        self.present.bytes() + self.offsets.bytes() + self.words.bytes()
    }
}

#[derive(Default)]
pub(crate) struct SetsBuilder {
    present: Vec<usize>,
    offsets: OffsetsBuilder,
    words: Vec<u32>,
}

impl SetsBuilder {
    /// Places ascend; those passed over have no set.
    pub fn put(&mut self, place: usize, words: &[u32]) {
        self.present.push(place);
        self.offsets.reach(place, self.words.len());
        self.words.extend(words);
    }
    pub fn finish(self, places: usize) -> Sets {
        Sets {
            present: Bits::of(places, self.present),
            offsets: self.offsets.finish(places, self.words.len()),
            words: Ids::narrow(&self.words),
        }
    }
}
