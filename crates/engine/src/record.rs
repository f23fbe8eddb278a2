//! One patient's facts with names and values numbered: what columns are built from and can be read back as.

use crate::column::Datum;
use crate::dictionary::NOTHING;
use crate::lexicon::{EventFields, Lexicon, Values};
use crate::moment::Moment;
use discreet_domain::catalog::AGE;
use discreet_domain::{
    CodeFact, CodeKind, CodeStatus, ConsentState, EventFact, PatientFacts, Timestamp, Value,
};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Default)]
pub(crate) struct Record {
    /// By the attribute's number.
    pub attributes: Vec<(u32, Datum)>,
    pub codes: Vec<CodeRecord>,
    /// By kind, and the oldest first within one.
    pub events: Vec<EventRecord>,
    /// The fields of all events, one event's after the other's; each event's by the field's number.
    pub fields: Vec<(u32, Datum)>,
    /// By the number of topic and channel.
    pub consents: Vec<(u32, Stand)>,
}

pub(crate) struct CodeRecord {
    pub kind: CodeKind,
    pub concept: u32,
    pub onset: Option<Moment>,
    pub end: Option<Moment>,
    /// The source says that it no longer holds.
    pub past: bool,
    pub restricted: bool,
}

pub(crate) struct EventRecord {
    pub kind: u32,
    pub at: Moment,
    pub restricted: bool,
    /// How many fields it has.
    pub fields: usize,
}

/// Where a patient stands on a topic and channel; its number in a column, where 0 is "never asked".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Stand {
    Granted = 1,
    Withdrawn = 2,
}

impl Record {
    /// Numbers what is new.
    pub fn of(facts: &PatientFacts, lexicon: &mut Lexicon) -> Record {
        let mut record = Record {
            attributes: attributes(&facts.attributes, lexicon),
            codes: facts.codes.iter().map(|fact| code(fact, lexicon)).collect(),
            consents: consents(&facts.consents, lexicon),
            ..Record::default()
        };
        record.add_events(&facts.events, lexicon);
        record
    }
    fn add_events(&mut self, facts: &[EventFact], lexicon: &mut Lexicon) {
        let mut order: Vec<(u32, Timestamp, &EventFact)> = Vec::with_capacity(facts.len());
        let mut kind = NOTHING;
        for fact in facts {
            lexicon.calendar.note(fact.at);
            let (start, _) = lexicon.calendar.span(fact.at);
            // Events of one kind mostly follow each other.
            kind = lexicon.events.number_after(kind.saturating_sub(1), &fact.kind);
            order.push((kind, start, fact));
        }
        order.sort_by_key(|(kind, start, _)| (*kind, *start));
        self.events.reserve_exact(facts.len());
        for (kind, _, fact) in order {
            let before = self.fields.len();
            if let Some(known) = lexicon.events.get_mut(kind) {
                add_fields(&mut self.fields, &fact.fields, known);
            }
            let fields = self.fields.len() - before;
            self.events.push(EventRecord {
                kind,
                at: Moment::of(fact.at),
                restricted: fact.restricted,
                fields,
            });
        }
    }
}

fn add_fields(data: &mut Vec<(u32, Datum)>, fields: &[(String, Value)], known: &mut EventFields) {
    let before = data.len();
    let mut number = NOTHING;
    for (name, value) in fields {
        number = known.0.number_after(number, name);
        if let Some(values) = known.0.get_mut(number) {
            data.extend(datum(value, values).map(|datum| (number, datum)));
        }
    }
    if let Some(added) = data.get_mut(before..) {
        added.sort_by_key(|(number, _)| *number);
    }
}

fn attributes(values: &BTreeMap<String, Value>, lexicon: &mut Lexicon) -> Vec<(u32, Datum)> {
    let mut data = Vec::with_capacity(values.len());
    let mut number = NOTHING;
    // Age is derived, never stored.
    for (name, value) in values.iter().filter(|(name, _)| *name != AGE) {
        number = lexicon.attributes.number_after(number, name);
        if let Some(values) = lexicon.attributes.get_mut(number) {
            data.extend(datum(value, values).map(|datum| (number, datum)));
        }
    }
    data.sort_unstable_by_key(|(number, _)| *number);
    data
}

/// `None` for what counts as missing.
fn datum(value: &Value, values: &mut Values) -> Option<Datum> {
    Some(match value {
        Value::Text(text) => Datum::Text(values.words.number(text)),
        Value::Number(number) if number.is_nan() => return None,
        Value::Number(number) => Datum::Number(*number),
        Value::Bool(yes) => Datum::Bool(*yes),
        Value::When(when) => Datum::Time(Moment::of(*when)),
        Value::Code(code) => Datum::Code(values.codes.number(code, |code| Arc::new(code.clone()))),
        Value::Set(words) => {
            let mut numbers: Vec<u32> = words.iter().map(|word| values.words.number(word)).collect();
            numbers.sort_unstable();
            numbers.dedup();
            Datum::Set(numbers)
        }
    })
}

fn code(fact: &CodeFact, lexicon: &mut Lexicon) -> CodeRecord {
    CodeRecord {
        kind: fact.kind,
        concept: lexicon.concepts.number(fact.codes.as_slice(), |codes| Arc::from(codes)),
        onset: fact.onset.map(Moment::of),
        end: fact.end.map(Moment::of),
        past: fact.status == CodeStatus::Past,
        restricted: fact.restricted,
    }
}

/// There should be one state for a topic and channel; of several, the latest counts, and a withdrawal if they are as late.
fn consents(states: &[ConsentState], lexicon: &mut Lexicon) -> Vec<(u32, Stand)> {
    let mut latest = BTreeMap::new();
    for state in states {
        let about = (state.topic.clone(), state.channel);
        let number = lexicon.consents.number(&about, Clone::clone);
        let stand = if state.granted { Stand::Granted } else { Stand::Withdrawn };
        let held = latest.entry(number).or_insert((state.at, stand));
        *held = (*held).max((state.at, stand));
    }
    latest.into_iter().map(|(number, (_, stand))| (number, stand)).collect()
}
