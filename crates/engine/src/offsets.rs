//! Where each patient's facts begin and end in a column that holds those of all, one patient after another.

use std::ops::Range;

pub(crate) struct Offsets(Box<[u32]>);

impl Offsets {
    /// The positions of one place's facts.
    #[inline]
    pub fn range(&self, place: usize) -> Range<usize> {
        match (self.0.get(place), self.0.get(place + 1)) {
            (Some(from), Some(to)) => *from as usize..*to as usize,
            _ => 0..0,
        }
    }
    pub fn bytes(&self) -> usize {
        size_of_val::<[u32]>(&self.0)
    }
}

/// Says for ascending places where their facts begin.
#[derive(Default)]
pub(crate) struct OffsetsBuilder(Vec<u32>);

impl OffsetsBuilder {
    /// This place has a fact at this position; the first such call says where its facts begin. Places passed over have
    /// none.
    pub fn reach(&mut self, place: usize, position: usize) {
        if self.0.len() <= place {
            self.0.resize(place + 1, u32::try_from(position).unwrap_or(u32::MAX));
        }
    }
    /// So many places and facts there are in all.
    pub fn finish(mut self, places: usize, facts: usize) -> Offsets {
        self.reach(places, facts);
        Offsets(self.0.into_boxed_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_without_facts_are_empty() {
        let mut builder = OffsetsBuilder::default();
        for (position, place) in [1, 1, 4].into_iter().enumerate() {
            builder.reach(place, position);
        }
        let offsets = builder.finish(6, 3);
        let ranges: Vec<_> = (0..7).map(|place| offsets.range(place)).collect();
        assert_eq!(ranges, [0..0, 0..2, 2..2, 2..2, 2..3, 3..3, 0..0]);
        assert_eq!(OffsetsBuilder::default().finish(2, 0).range(1), 0..0);
    }
}
