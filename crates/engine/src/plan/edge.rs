//! `latest`, `first`: a test on one event of each patient.

use super::Setting;
use super::dates::WindowCheck;
use super::filter::{BoundFilter, FilterCheck, passes};
use crate::bits::{Answer, Bits};
use crate::calendar::Calendar;
use crate::part::{EventTable, Part};
use discreet_domain::Timestamp;
use discreet_segment::ast::Edge;
use discreet_segment::checked::{EdgeLeaf, EdgeQuestion};
use discreet_segment::truth::{Truth, agree};

pub(crate) struct EdgeCheck<'i> {
    which: Edge,
    kind: Option<u32>,
    filter: Option<FilterCheck<'i>>,
    question: Question<'i>,
    calendar: &'i Calendar,
}

enum Question<'i> {
    Fields(FilterCheck<'i>),
    Time(WindowCheck<'i>),
}

impl<'i> EdgeCheck<'i> {
    pub fn new(leaf: &EdgeLeaf, setting: Setting<'i>) -> EdgeCheck<'i> {
        let found = setting.lexicon.events.find(&leaf.kind);
        let fields = found.map(|(_, fields)| fields);
        EdgeCheck {
            which: leaf.which,
            kind: found.map(|(number, _)| number),
            filter: leaf.filter.as_ref().map(|filter| FilterCheck::new(filter, fields, setting)),
            question: match &leaf.question {
                EdgeQuestion::Fields(filter) => Question::Fields(FilterCheck::new(filter, fields, setting)),
                EdgeQuestion::Time(window) => Question::Time(WindowCheck::new(*window, setting)),
            },
            calendar: &setting.lexicon.calendar,
        }
    }
    pub fn answer(&self, part: &Part, wanted: &Bits) -> Answer {
        let Some(bound) = self.bind(part) else {
            return Answer::unknown(wanted.slots());
        };
        Answer::scan(wanted, |slot| {
            let all = bound.truth(slot, true);
            if bound.table.hides(slot) { agree(all, bound.truth(slot, false)) } else { all }
        })
    }
    /// `None`: there are no events of the kind in the block.
    pub fn bind<'p>(&'p self, part: &'p Part) -> Option<BoundEdge<'p>> {
        let table = part.events(self.kind?)?;
        Some(BoundEdge {
            table,
            which: self.which,
            filter: self.filter.as_ref().map(|filter| filter.bind(table)),
            question: match &self.question {
                Question::Fields(filter) => BoundQuestion::Fields(filter.bind(table)),
                Question::Time(window) => BoundQuestion::Time(window),
            },
            calendar: self.calendar,
        })
    }
}

pub(crate) struct BoundEdge<'p> {
    pub table: &'p EventTable,
    which: Edge,
    filter: Option<BoundFilter<'p>>,
    question: BoundQuestion<'p>,
    calendar: &'p Calendar,
}

enum BoundQuestion<'p> {
    Fields(BoundFilter<'p>),
    Time(&'p WindowCheck<'p>),
}

impl BoundEdge<'_> {
    /// Known if every event that may be the one gives the same known answer; unknown if there is no sure match.
    fn truth(&self, slot: usize, hidden_too: bool) -> Truth {
        let mut candidates = self.candidates(slot, hidden_too).map(|event| self.asked(event));
        let first = candidates.next()??;
        candidates.all(|truth| truth == Some(first)).then_some(first)
    }
    /// The events that may be the latest, or the first: all that may match the filter and could be as late (as early) as
    /// every sure match. None if there is no sure match.
    pub fn candidates(&self, slot: usize, hidden_too: bool) -> impl Iterator<Item = usize> + '_ {
        let limit = match self.which {
            Edge::Latest => self.latest_start(slot, hidden_too),
            Edge::First => self.earliest_end(slot, hidden_too),
        };
        let reaches = move |event: usize| {
            let (start, end) = self.span(event);
            limit.is_some_and(|limit| match self.which {
                Edge::Latest => end > limit,
                Edge::First => start < limit,
            })
        };
        self.seen(slot, hidden_too).filter(move |event| reaches(*event) && self.passes(*event) != Some(false))
    }
    /// The greatest start among sure matches: events lie in the order of their starts.
    fn latest_start(&self, slot: usize, hidden_too: bool) -> Option<Timestamp> {
        let last = self.seen(slot, hidden_too).rev().find(|event| self.is_sure(*event))?;
        Some(self.span(last).0)
    }
    /// The least end among sure matches.
    fn earliest_end(&self, slot: usize, hidden_too: bool) -> Option<Timestamp> {
        let mut least: Option<Timestamp> = None;
        for event in self.seen(slot, hidden_too) {
            let (start, end) = self.span(event);
            // Whatever begins later ends later still.
            if least.is_some_and(|least| start >= least) {
                break;
            }
            if self.is_sure(event) {
                least = Some(least.map_or(end, |least| least.min(end)));
            }
        }
        least
    }
    fn seen(&self, slot: usize, hidden_too: bool) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.table.events(slot).filter(move |event| hidden_too || !self.table.is_hidden(*event))
    }
    fn is_sure(&self, event: usize) -> bool {
        self.passes(event) == Some(true)
    }
    /// Whether an event is one of those looked at.
    pub fn passes(&self, event: usize) -> Truth {
        passes(self.filter.as_ref(), event)
    }
    fn asked(&self, event: usize) -> Truth {
        match &self.question {
            BoundQuestion::Fields(filter) => filter.truth(event),
            BoundQuestion::Time(window) => window.holds(self.table.time(event)?),
        }
    }
    fn span(&self, event: usize) -> (Timestamp, Timestamp) {
        let time = self.table.time(event).map(|time| self.calendar.span(time.when()));
        time.unwrap_or((Timestamp::MIN, Timestamp::MIN))
    }
}
