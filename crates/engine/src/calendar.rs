//! Where days begin: asked of the time zone once for each date that some event has.

use discreet_domain::{Day, Timestamp, When, Zone};
use std::collections::HashMap;

/// The organization's zone, with the first instants of the dates met so far.
#[derive(Debug)]
pub(crate) struct Calendar {
    zone: Zone,
    starts: HashMap<Day, Timestamp>,
}

impl Calendar {
    pub fn new(zone: Zone) -> Calendar {
        Calendar { zone, starts: HashMap::new() }
    }
    pub fn zone(&self) -> &Zone {
        &self.zone
    }
    /// Remembers what [`Calendar::span`] will be asked about.
    pub fn note(&mut self, when: When) {
        if let When::Day(day) = when {
            for day in [day, day.plus_days(1)] {
                self.starts.entry(day).or_insert_with(|| self.zone.start_of(day));
            }
        }
    }
    /// The same as [`When::span`].
    #[inline]
    pub fn span(&self, when: When) -> (Timestamp, Timestamp) {
        match when {
            When::Day(day) => (self.start_of(day), self.start_of(day.plus_days(1))),
            other => other.span(&self.zone),
        }
    }
    fn start_of(&self, day: Day) -> Timestamp {
        self.starts.get(&day).copied().unwrap_or_else(|| self.zone.start_of(day))
    }
    pub fn bytes(&self) -> usize {
        self.starts.capacity() * size_of::<(Day, Timestamp)>()
    }
}
