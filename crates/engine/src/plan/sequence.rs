//! `A then B within d`: one event after another.
//!
//! Not each pair is looked at. The first events are taken in as they come before one that may follow; of those taken in
//! only how far they reach matters, so each later event is compared with the farthest reach. That is the whole of it, even
//! where a later event reaches less far than an earlier one (a month from January 31 and from January 30).

use super::Setting;
use super::dates::WindowCheck;
use super::filter::{BoundFilter, FilterCheck, passes};
use crate::bits::{Answer, Bits};
use crate::calendar::Calendar;
use crate::part::{EventTable, Part};
use discreet_domain::{Day, Timestamp, When};
use discreet_segment::Length;
use discreet_segment::checked::{SequenceLeaf, SomeEvents};
use discreet_segment::truth::{Truth, agree, all};

pub(crate) struct SequenceCheck<'i> {
    first: Side<'i>,
    window: Option<WindowCheck<'i>>,
    then: Side<'i>,
    within: Length,
    open_world: bool,
    calendar: &'i Calendar,
}

/// The events of one side.
struct Side<'i> {
    kind: Option<u32>,
    filter: Option<FilterCheck<'i>>,
}

impl<'i> Side<'i> {
    fn new(events: &SomeEvents, setting: Setting<'i>) -> Side<'i> {
        let found = setting.lexicon.events.find(&events.kind);
        let fields = found.map(|(_, fields)| fields);
        Side {
            kind: found.map(|(number, _)| number),
            filter: events.filter.as_ref().map(|filter| FilterCheck::new(filter, fields, setting)),
        }
    }
    fn bind<'p>(&'p self, part: &'p Part) -> Option<BoundSide<'p>> {
        let table = part.events(self.kind?)?;
        Some(BoundSide { table, filter: self.filter.as_ref().map(|filter| filter.bind(table)) })
    }
}

impl<'i> SequenceCheck<'i> {
    pub fn new(leaf: &SequenceLeaf, setting: Setting<'i>) -> SequenceCheck<'i> {
        SequenceCheck {
            first: Side::new(&leaf.first, setting),
            window: leaf.window.map(|window| WindowCheck::new(window, setting)),
            then: Side::new(&leaf.then, setting),
            within: leaf.within,
            open_world: leaf.open_world,
            calendar: &setting.lexicon.calendar,
        }
    }
    pub fn answer(&self, part: &Part, wanted: &Bits) -> Answer {
        let Some(bound) = self.bind(part) else {
            return Answer::same(wanted, self.shown(Some(false)));
        };
        Answer::scan(wanted, |slot| {
            let all = bound.truth(slot, true);
            let hides = bound.first.table.hides(slot) || bound.then.table.hides(slot);
            self.shown(if hides { agree(all, bound.truth(slot, false)) } else { all })
        })
    }
    /// That nothing was recorded is no proof, for some kinds.
    fn shown(&self, truth: Truth) -> Truth {
        truth.filter(|yes| *yes || !self.open_world)
    }
    /// `None`: there are no events of one of the kinds in the block.
    pub fn bind<'p>(&'p self, part: &'p Part) -> Option<BoundSequence<'p>> {
        let (first, then) = (self.first.bind(part)?, self.then.bind(part)?);
        let same_kind = self.first.kind == self.then.kind;
        let window = self.window.as_ref();
        Some(BoundSequence { first, window, then, within: self.within, same_kind, calendar: self.calendar })
    }
}

pub(crate) struct BoundSide<'p> {
    pub table: &'p EventTable,
    filter: Option<BoundFilter<'p>>,
}

pub(crate) struct BoundSequence<'p> {
    pub first: BoundSide<'p>,
    window: Option<&'p WindowCheck<'p>>,
    pub then: BoundSide<'p>,
    within: Length,
    /// Both events are of one kind: then they must be two.
    same_kind: bool,
    calendar: &'p Calendar,
}

/// An event that counts, or may count, on one of the sides.
struct Seen {
    event: usize,
    when: When,
    start: Timestamp,
    end: Timestamp,
    sure: bool,
}

impl BoundSequence<'_> {
    fn truth(&self, slot: usize, hidden_too: bool) -> Truth {
        let firsts = self.seen(&self.first, slot, hidden_too, |event| self.begins(event));
        if firsts.is_empty() {
            return Some(false);
        }
        let thens = self.seen(&self.then, slot, hidden_too, |event| self.follows(event));
        if thens.is_empty() {
            return Some(false);
        }
        if self.some_pair(&firsts, &thens, true) {
            return Some(true);
        }
        if self.some_pair(&firsts, &thens, false) { None } else { Some(false) }
    }
    /// Whether an event can be the first of the two, apart from the other.
    pub fn begins(&self, event: usize) -> Truth {
        let inside = match self.window {
            Some(window) => self.first.table.time(event).and_then(|time| window.holds(time)),
            None => Some(true),
        };
        match inside {
            Some(false) => inside,
            _ => all([inside, passes(self.first.filter.as_ref(), event)]),
        }
    }
    /// Whether an event can be the one after it, apart from the first.
    pub fn follows(&self, event: usize) -> Truth {
        passes(self.then.filter.as_ref(), event)
    }
    fn seen(
        &self,
        side: &BoundSide<'_>,
        slot: usize,
        hidden_too: bool,
        matches: impl Fn(usize) -> Truth,
    ) -> Vec<Seen> {
        let events = side.table.events(slot).filter(|event| hidden_too || !side.table.is_hidden(*event));
        events
            .filter_map(|event| {
                let sure = match matches(event) {
                    Some(false) => return None,
                    truth => truth.is_some(),
                };
                let when = side.table.time(event)?.when();
                let (start, end) = self.calendar.span(when);
                // A date that never was counts as the instant at which it would have been.
                let end = end.max(next(start));
                Some(Seen { event, when, start, end, sure })
            })
            .collect()
    }

    /// Whether there are two events, the second after the first and not too late: surely, or possibly.
    fn some_pair(&self, firsts: &[Seen], thens: &[Seen], surely: bool) -> bool {
        let wanted = |seen: &&Seen| seen.sure || !surely;
        // Surely after: it begins when the first is over. Possibly: its last instant is after the first's first one.
        let mut firsts: Vec<(Timestamp, &Seen)> = firsts
            .iter()
            .filter(wanted)
            .map(|seen| (if surely { seen.end } else { next(seen.start) }, seen))
            .collect();
        let mut thens: Vec<(Timestamp, &Seen)> = thens
            .iter()
            .filter(wanted)
            .map(|seen| (if surely { seen.start } else { before(seen.end) }, seen))
            .collect();
        // They lie in the order of their starts: there is little left to sort.
        firsts.sort_by_key(|(from, _)| *from);
        thens.sort_by_key(|(at, _)| *at);
        let mut waiting = firsts.into_iter().peekable();
        let mut reach = Reach::default();
        thens.into_iter().any(|(at, then)| {
            while let Some((_, first)) = waiting.next_if(|(from, _)| *from <= at) {
                self.take_in(&mut reach, first, surely);
            }
            self.in_reach(&reach, then, surely)
        })
    }
    fn take_in(&self, reach: &mut Reach, first: &Seen, surely: bool) {
        let zone = self.calendar.zone();
        if let When::At(t) = first.when {
            let limit = self.within.after(t, zone);
            reach.instants.add(first.event, limit);
            reach.days.add(first.event, zone.day_of(limit));
            return;
        }
        let (earliest, latest) = first.when.days(zone);
        let day = if surely { earliest } else { latest };
        let last_instant = before(zone.start_of(day.plus_days(1)));
        let limit = zone.day_of(self.within.after(last_instant, zone));
        reach.days.add(first.event, limit);
        reach.days_of_dates.add(first.event, limit);
    }
    fn in_reach(&self, reach: &Reach, then: &Seen, surely: bool) -> bool {
        let but = self.same_kind.then_some(then.event);
        let zone = self.calendar.zone();
        if let When::At(t) = then.when {
            return reach.instants.of_others(but).is_some_and(|limit| t <= limit)
                || reach.days_of_dates.of_others(but).is_some_and(|limit| zone.day_of(t) <= limit);
        }
        let (earliest, latest) = then.when.days(zone);
        let day = if surely { latest } else { earliest };
        reach.days.of_others(but).is_some_and(|limit| day <= limit)
    }
}

/// How far the first events reach that were taken in so far.
#[derive(Default)]
struct Reach {
    /// Those known to the instant: the last instant.
    instants: Farthest<Timestamp>,
    /// All of them: the last date.
    days: Farthest<Day>,
    /// Those known to the day or less: the last date.
    days_of_dates: Farthest<Day>,
}

/// The farthest, and the farthest of any other event than that one's.
struct Farthest<T> {
    first: Option<(T, usize)>,
    second: Option<T>,
}

impl<T> Default for Farthest<T> {
    fn default() -> Self {
        Farthest { first: None, second: None }
    }
}

impl<T: Copy + Ord> Farthest<T> {
    fn add(&mut self, event: usize, limit: T) {
        match self.first {
            Some((first, _)) if limit <= first => self.second = self.second.max(Some(limit)),
            _ => {
                self.second = self.first.map(|(first, _)| first);
                self.first = Some((limit, event));
            }
        }
    }
    /// That of all events but one.
    fn of_others(&self, but: Option<usize>) -> Option<T> {
        match self.first {
            Some((_, event)) if Some(event) == but => self.second,
            first => first.map(|(limit, _)| limit),
        }
    }
}

fn next(t: Timestamp) -> Timestamp {
    Timestamp::from_micros(t.micros().saturating_add(1))
}
fn before(t: Timestamp) -> Timestamp {
    Timestamp::from_micros(t.micros().saturating_sub(1))
}
