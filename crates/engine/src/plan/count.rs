//! `any`, `no`, `at least n` …: how many events there are.

use super::Setting;
use super::dates::WindowCheck;
use super::filter::{BoundFilter, FilterCheck, passes};
use crate::bits::{Answer, Bits};
use crate::part::{EventTable, Part};
use discreet_segment::checked::{EventCount, EventLeaf};
use discreet_segment::truth::{Truth, agree};

pub(crate) struct CountCheck<'i> {
    kind: Option<u32>,
    count: EventCount,
    filter: Option<FilterCheck<'i>>,
    window: Option<WindowCheck<'i>>,
    open_world: bool,
}

impl<'i> CountCheck<'i> {
    pub fn new(leaf: &EventLeaf, setting: Setting<'i>) -> CountCheck<'i> {
        let found = setting.lexicon.events.find(&leaf.kind);
        let fields = found.map(|(_, fields)| fields);
        CountCheck {
            kind: found.map(|(number, _)| number),
            count: leaf.count,
            filter: leaf.filter.as_ref().map(|filter| FilterCheck::new(filter, fields, setting)),
            window: leaf.window.map(|window| WindowCheck::new(window, setting)),
            open_world: leaf.open_world,
        }
    }
    pub fn answer(&self, part: &Part, wanted: &Bits) -> Answer {
        let Some(bound) = self.bind(part) else {
            return Answer::same(wanted, self.shown(Tally::default().truth(self.count)));
        };
        Answer::scan(wanted, |slot| {
            let all = bound.truth(slot, true);
            let hides = bound.table.hides(slot);
            self.shown(if hides { agree(all, bound.truth(slot, false)) } else { all })
        })
    }
    /// That nothing was recorded is no proof, for some kinds.
    fn shown(&self, truth: Truth) -> Truth {
        truth.filter(|yes| *yes || !self.open_world)
    }
    /// `None`: there are no events of the kind in the block.
    pub fn bind<'p>(&'p self, part: &'p Part) -> Option<BoundCount<'p>> {
        let table = part.events(self.kind?)?;
        Some(BoundCount {
            table,
            count: self.count,
            filter: self.filter.as_ref().map(|filter| filter.bind(table)),
            window: self.window.as_ref(),
        })
    }
}

pub(crate) struct BoundCount<'p> {
    pub table: &'p EventTable,
    count: EventCount,
    filter: Option<BoundFilter<'p>>,
    window: Option<&'p WindowCheck<'p>>,
}

impl BoundCount<'_> {
    fn truth(&self, slot: usize, hidden_too: bool) -> Truth {
        let mut tally = Tally::default();
        for event in self.table.events(slot) {
            if !hidden_too && self.table.is_hidden(event) {
                continue;
            }
            match self.matches(event) {
                Some(true) => tally.sure += 1,
                None => tally.undecided += 1,
                Some(false) => continue,
            }
            if tally.is_enough(self.count) {
                break;
            }
        }
        tally.truth(self.count)
    }
    /// Whether one event is counted.
    #[inline]
    pub fn matches(&self, event: usize) -> Truth {
        let inside = match self.window {
            Some(window) => self.table.time(event).and_then(|time| window.holds(time)),
            None => Some(true),
        };
        match (inside, passes_after(inside, self.filter.as_ref(), event)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }
}

/// The filter is not asked about events outside the window.
#[inline]
fn passes_after(inside: Truth, filter: Option<&BoundFilter<'_>>, event: usize) -> Truth {
    if inside == Some(false) { Some(false) } else { passes(filter, event) }
}

/// Events that match, and events that may or may not.
#[derive(Clone, Copy, Default)]
struct Tally {
    sure: usize,
    undecided: usize,
}

impl Tally {
    /// Whether more events cannot change the answer.
    fn is_enough(self, count: EventCount) -> bool {
        match count {
            EventCount::AtLeast(n) => self.sure >= n as usize,
            EventCount::AtMost(n) | EventCount::Exactly(n) => self.sure > n as usize,
        }
    }
    /// Known if every number from `sure` to `sure + undecided` gives the same answer.
    fn truth(self, count: EventCount) -> Truth {
        let (least, most) = (self.sure, self.sure + self.undecided);
        let (at_least, at_most) = match count {
            EventCount::AtLeast(n) => (n as usize, usize::MAX),
            EventCount::AtMost(n) => (0, n as usize),
            EventCount::Exactly(n) => (n as usize, n as usize),
        };
        if most < at_least || at_most < least {
            Some(false)
        } else {
            (at_least <= least && most <= at_most).then_some(true)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_if_every_possible_number_agrees() {
        let counts = |n| [EventCount::AtLeast(n), EventCount::AtMost(n), EventCount::Exactly(n)];
        for sure in 0..4 {
            for undecided in 0..4 {
                for count in (0..6).flat_map(counts) {
                    let first = count.admits(sure);
                    let same = (sure..=sure + undecided).all(|n| count.admits(n) == first);
                    let tally = Tally { sure, undecided };
                    assert_eq!(tally.truth(count), same.then_some(first), "{sure}+{undecided} {count:?}");
                    if tally.is_enough(count) {
                        for (more, unsure) in [(0, 1), (1, 0), (5, 5)] {
                            let later = Tally { sure: sure + more, undecided: undecided + unsure };
                            assert_eq!(later.truth(count), tally.truth(count));
                        }
                    }
                }
            }
        }
    }
}
