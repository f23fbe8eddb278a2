//! The events of one kind, each patient's oldest first.

use super::Hidden;
use crate::column::{Columns, ColumnsBuilder, Datum, Times, TimesBuilder};
use crate::moment::Moment;
use crate::offsets::{Offsets, OffsetsBuilder};
use crate::record::{EventRecord, Record};
use std::ops::Range;

pub(crate) struct EventTable {
    offsets: Offsets,
    times: Times,
    fields: Columns,
    hidden: Option<Hidden>,
}

impl EventTable {
    /// Where a patient's events lie, by the first instant each can mean.
    #[inline]
    pub fn events(&self, slot: usize) -> Range<usize> {
        self.offsets.range(slot)
    }
    /// When an event happened. Each has a time.
    #[inline]
    pub fn time(&self, event: usize) -> Option<Moment> {
        self.times.get(event)
    }
    pub fn fields(&self) -> &Columns {
        &self.fields
    }
    pub fn is_hidden(&self, event: usize) -> bool {
        self.hidden.as_ref().is_some_and(|hidden| hidden.facts.get(event))
    }
    /// Whether a patient has restricted events of this kind.
    #[inline]
    pub fn hides(&self, slot: usize) -> bool {
        self.hidden.as_ref().is_some_and(|hidden| hidden.slots.get(slot))
    }
    /// Reads one patient's events back, and their fields.
    pub fn read(&self, kind: u32, slot: usize, record: &mut Record) {
        for event in self.events(slot) {
            let Some(at) = self.time(event) else { continue };
            let before = record.fields.len();
            record.fields.extend(self.fields.data(event));
            let fields = record.fields.len() - before;
            record.events.push(EventRecord { kind, at, restricted: self.is_hidden(event), fields });
        }
    }
    pub fn bytes(&self) -> usize {
        self.offsets.bytes()
            + self.times.bytes()
            + self.fields.bytes()
            + self.hidden.as_ref().map_or(0, Hidden::bytes)
    }
}

#[derive(Default)]
pub(super) struct EventTableBuilder {
    offsets: OffsetsBuilder,
    count: usize,
    times: TimesBuilder,
    fields: ColumnsBuilder,
    restricted: Vec<(usize, usize)>,
}

impl EventTableBuilder {
    /// Slots ascend; several events of one slot follow each other, the oldest first.
    pub fn push(&mut self, slot: usize, event: &EventRecord, fields: impl Iterator<Item = (u32, Datum)>) {
        let at = self.count;
        self.count += 1;
        self.offsets.reach(slot, at);
        if event.restricted {
            self.restricted.push((slot, at));
        }
        self.times.put(at, Some(event.at));
        self.fields.push(at, fields);
    }
    pub fn finish(self, slots: usize) -> EventTable {
        let events = self.count;
        EventTable {
            offsets: self.offsets.finish(slots, events),
            times: self.times.finish(events),
            fields: self.fields.finish(events),
            hidden: Hidden::new(events, slots, &self.restricted),
        }
    }
}
