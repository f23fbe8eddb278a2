//! Every name and value met so far, numbered: what the numbers in the columns mean. It only grows; what no patient has any
//! more goes when the index is next built.

use crate::calendar::Calendar;
use crate::dictionary::{Dictionary, Words};
use discreet_domain::{Channel, Code, Topic, Zone};
use std::sync::Arc;

/// Shared by all blocks of an index.
#[derive(Debug)]
pub(crate) struct Lexicon {
    pub calendar: Calendar,
    /// By the attribute's name.
    pub attributes: Named<Values>,
    /// By the event kind's name.
    pub events: Named<EventFields>,
    /// The codes that one fact has: one, or the same thing's codes in several systems.
    pub concepts: Dictionary<Arc<[Code]>>,
    pub consents: Dictionary<(Topic, Channel)>,
}

/// The fields of a kind of event, by name.
#[derive(Default, Debug)]
pub(crate) struct EventFields(pub Named<Values>);

/// The values of an attribute or field, as far as they are numbered.
#[derive(Default, Debug)]
pub(crate) struct Values {
    pub words: Words,
    pub codes: Dictionary<Arc<Code>>,
}

impl Lexicon {
    pub fn new(zone: Zone) -> Lexicon {
        Lexicon {
            calendar: Calendar::new(zone),
            attributes: Named::default(),
            events: Named::default(),
            concepts: Dictionary::default(),
            consents: Dictionary::default(),
        }
    }
    pub fn bytes(&self) -> usize {
        let concepts: usize = self.concepts.keys().iter().map(|codes| size_of_val::<[Code]>(codes)).sum();
        self.calendar.bytes()
            + self.attributes.bytes(Values::bytes)
            + self.events.bytes(|event| event.0.bytes(Values::bytes))
            + self.concepts.bytes()
            + concepts
            + self.consents.bytes()
    }
}

impl Values {
    fn bytes(&self) -> usize {
        let codes = self.codes.keys().len() * size_of::<Code>();
        self.words.bytes() + self.codes.bytes() + codes
    }
}

/// Things with names.
#[derive(Debug)]
pub(crate) struct Named<T> {
    names: Dictionary<Arc<str>>,
    items: Vec<T>,
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Named { names: Dictionary::default(), items: Vec::new() }
    }
}

impl<T: Default> Named<T> {
    /// The number of a name that may be new. Names mostly come in the same order, so the one after the last is tried
    /// first.
    pub fn number_after(&mut self, last: u32, name: &str) -> u32 {
        let next = last.saturating_add(1);
        match self.names.get(next) {
            Some(guess) if guess.as_ref() == name => next,
            _ => self.number(name),
        }
    }
    fn number(&mut self, name: &str) -> u32 {
        let number = self.names.number(name, |name| Arc::from(name));
        if self.items.len() < number as usize {
            self.items.push(T::default());
        }
        number
    }
    pub fn find(&self, name: &str) -> Option<(u32, &T)> {
        let number = self.names.find(name)?;
        Some((number, self.get(number)?))
    }
    pub fn name(&self, number: u32) -> &str {
        self.names.get(number).map_or("", AsRef::as_ref)
    }
    pub fn get(&self, number: u32) -> Option<&T> {
        self.items.get((number as usize).checked_sub(1)?)
    }
    pub fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.items.get_mut((number as usize).checked_sub(1)?)
    }
    fn bytes(&self, of: impl Fn(&T) -> usize) -> usize {
        self.names.bytes() + self.items.iter().map(of).sum::<usize>()
    }
}
