//! From records to columns.

use super::Part;
use super::codes::CodeTableBuilder;
use super::events::EventTableBuilder;
use crate::column::{ColumnsBuilder, Ids};
use crate::dictionary::NOTHING;
use crate::record::{Record, Stand};
use discreet_domain::CodeKind;
use std::collections::BTreeMap;

/// Collects patients in the order of their slots.
#[derive(Default)]
pub(crate) struct PartBuilder {
    slots: usize,
    attributes: ColumnsBuilder,
    consents: BTreeMap<u32, Vec<(usize, Stand)>>,
    codes: BTreeMap<CodeKind, CodeTableBuilder>,
    events: BTreeMap<u32, EventTableBuilder>,
}

impl PartBuilder {
    pub fn slots(&self) -> usize {
        self.slots
    }
    /// Gives the next slot to what the record holds; leaves it empty.
    pub fn push(&mut self, record: &mut Record) {
        let slot = self.slots;
        self.slots += 1;
        self.attributes.push(slot, record.attributes.drain(..));
        for (about, stand) in record.consents.drain(..) {
            self.consents.entry(about).or_default().push((slot, stand));
        }
        for fact in record.codes.drain(..) {
            self.codes.entry(fact.kind).or_default().push(slot, &fact);
        }
        let mut fields = record.fields.drain(..);
        for event in record.events.drain(..) {
            let its = fields.by_ref().take(event.fields);
            self.events.entry(event.kind).or_default().push(slot, &event, its);
        }
    }
    pub fn finish(self) -> Part {
        let slots = self.slots;
        let stands = |stands: Vec<(usize, Stand)>| {
            let mut ids = vec![NOTHING; slots];
            for (slot, stand) in stands {
                if let Some(id) = ids.get_mut(slot) {
                    *id = stand as u32;
                }
            }
            Ids::narrow(&ids)
        };
        Part {
            slots,
            attributes: self.attributes.finish(slots),
            consents: self.consents.into_iter().map(|(about, all)| (about, stands(all))).collect(),
            codes: self.codes.into_iter().map(|(kind, table)| (kind, table.finish(slots))).collect(),
            events: self.events.into_iter().map(|(kind, table)| (kind, table.finish(slots))).collect(),
        }
    }
}
