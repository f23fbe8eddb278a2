//! A block of patients as columns. It never changes: what is new lies in another block.

mod build;
mod codes;
mod events;

pub(crate) use build::PartBuilder;
pub(crate) use codes::CodeTable;
pub(crate) use events::EventTable;

use crate::bits::Bits;
use crate::column::{Columns, Ids};
use crate::dictionary::NOTHING;
use crate::record::{Record, Stand};
use discreet_domain::CodeKind;

pub(crate) struct Part {
    slots: usize,
    attributes: Columns,
    consents: Vec<(u32, Ids)>,
    codes: Vec<(CodeKind, CodeTable)>,
    events: Vec<(u32, EventTable)>,
}

impl Part {
    /// How many patients there are.
    pub fn slots(&self) -> usize {
        self.slots
    }
    pub fn attributes(&self) -> &Columns {
        &self.attributes
    }
    /// The coded facts of a kind, if there are any.
    pub fn codes(&self, kind: CodeKind) -> Option<&CodeTable> {
        self.codes.iter().find(|(k, _)| *k == kind).map(|(_, table)| table)
    }
    /// The events of a kind, if there are any.
    pub fn events(&self, kind: u32) -> Option<&EventTable> {
        self.events.iter().find(|(k, _)| *k == kind).map(|(_, table)| table)
    }
    /// Where a patient stands on the topic and channel of this number.
    pub fn stand(&self, about: u32, slot: usize) -> Option<Stand> {
        stand(self.consents(about)?.get(slot))
    }
    /// The numbers of [`Stand`] for a topic and channel.
    pub fn consents(&self, about: u32) -> Option<&Ids> {
        self.consents.iter().find(|(number, _)| *number == about).map(|(_, ids)| ids)
    }
    /// Reads one patient back into a record that is empty.
    pub fn read(&self, slot: usize, record: &mut Record) {
        record.attributes.extend(self.attributes.data(slot));
        for (kind, table) in &self.codes {
            record.codes.extend(table.records(*kind, slot));
        }
        for (kind, table) in &self.events {
            table.read(*kind, slot, record);
        }
        for (about, ids) in &self.consents {
            record.consents.extend(stand(ids.get(slot)).map(|stand| (*about, stand)));
        }
    }
    pub fn bytes(&self) -> usize {
        self.attributes.bytes()
            + self.consents.iter().map(|(_, ids)| ids.bytes()).sum::<usize>()
            + self.codes.iter().map(|(_, table)| table.bytes()).sum::<usize>()
            + self.events.iter().map(|(_, table)| table.bytes()).sum::<usize>()
    }
}

fn stand(number: u32) -> Option<Stand> {
    [Stand::Granted, Stand::Withdrawn].into_iter().find(|stand| *stand as u32 == number)
}

/// Which facts of a table are restricted, and which patients have such. Most tables have none.
pub(crate) struct Hidden {
    facts: Bits,
    slots: Bits,
}

impl Hidden {
    /// `None` if nothing is hidden.
    fn new(facts: usize, slots: usize, restricted: &[(usize, usize)]) -> Option<Hidden> {
        if restricted.is_empty() {
            return None;
        }
        Some(Hidden {
            facts: Bits::of(facts, restricted.iter().map(|(_, fact)| *fact)),
            slots: Bits::of(slots, restricted.iter().map(|(slot, _)| *slot)),
        })
    }
    fn bytes(&self) -> usize {
        self.facts.bytes() + self.slots.bytes()
    }
}

const _: () = assert!(NOTHING != Stand::Granted as u32 && NOTHING != Stand::Withdrawn as u32);
