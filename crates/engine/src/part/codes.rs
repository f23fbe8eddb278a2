//! The coded facts of one kind.

use super::Hidden;
use crate::bits::Bits;
use crate::column::{Ids, Times, TimesBuilder};
use crate::moment::Moment;
use crate::offsets::{Offsets, OffsetsBuilder};
use crate::record::CodeRecord;
use discreet_domain::CodeKind;
use std::ops::Range;

pub(crate) struct CodeTable {
    offsets: Offsets,
    concepts: Ids,
    onsets: Times,
    ends: Times,
    past: Bits,
    hidden: Option<Hidden>,
}

impl CodeTable {
    /// Where a patient's facts lie.
    #[inline]
    pub fn facts(&self, slot: usize) -> Range<usize> {
        self.offsets.range(slot)
    }
    /// The number of the codes a fact has.
    #[inline]
    pub fn concept(&self, fact: usize) -> u32 {
        self.concepts.get(fact)
    }
    pub fn onset(&self, fact: usize) -> Option<Moment> {
        self.onsets.get(fact)
    }
    pub fn end(&self, fact: usize) -> Option<Moment> {
        self.ends.get(fact)
    }
    /// Whether the source says that it no longer holds.
    pub fn is_past(&self, fact: usize) -> bool {
        self.past.get(fact)
    }
    pub fn is_hidden(&self, fact: usize) -> bool {
        self.hidden.as_ref().is_some_and(|hidden| hidden.facts.get(fact))
    }
    /// Whether a patient has restricted facts of this kind.
    #[inline]
    pub fn hides(&self, slot: usize) -> bool {
        self.hidden.as_ref().is_some_and(|hidden| hidden.slots.get(slot))
    }
    pub fn records(&self, kind: CodeKind, slot: usize) -> impl Iterator<Item = CodeRecord> + '_ {
        self.facts(slot).map(move |fact| CodeRecord {
            kind,
            concept: self.concept(fact),
            onset: self.onset(fact),
            end: self.end(fact),
            past: self.is_past(fact),
            restricted: self.is_hidden(fact),
        })
    }
    pub fn bytes(&self) -> usize {
        self.offsets.bytes()
            + self.concepts.bytes()
            + self.onsets.bytes()
            + self.ends.bytes()
            + self.past.bytes()
            + self.hidden.as_ref().map_or(0, Hidden::bytes)
    }
}

#[derive(Default)]
pub(super) struct CodeTableBuilder {
    offsets: OffsetsBuilder,
    concepts: Vec<u32>,
    onsets: TimesBuilder,
    ends: TimesBuilder,
    past: Vec<usize>,
    restricted: Vec<(usize, usize)>,
}

impl CodeTableBuilder {
    /// Slots ascend; several facts of one slot follow each other.
    pub fn push(&mut self, slot: usize, fact: &CodeRecord) {
        let at = self.concepts.len();
        self.offsets.reach(slot, at);
        if fact.past {
            self.past.push(at);
        }
        if fact.restricted {
            self.restricted.push((slot, at));
        }
        self.concepts.push(fact.concept);
        self.onsets.put(at, fact.onset);
        self.ends.put(at, fact.end);
    }
    pub fn finish(self, slots: usize) -> CodeTable {
        let facts = self.concepts.len();
        CodeTable {
            offsets: self.offsets.finish(slots, facts),
            concepts: Ids::narrow(&self.concepts),
            onsets: self.onsets.finish(facts),
            ends: self.ends.finish(facts),
            past: Bits::of(facts, self.past),
            hidden: Hidden::new(facts, slots, &self.restricted),
        }
    }
}
