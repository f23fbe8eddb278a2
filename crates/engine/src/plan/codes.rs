//! `has`, `had`: coded facts.

use super::Setting;
use super::dates::WindowCheck;
use crate::bits::{Answer, Bits};
use crate::moment::Moment;
use crate::part::{CodeTable, Part};
use discreet_domain::{CodeKind, Day, Timestamp, When, Zone};
use discreet_segment::checked::CodeLeaf;
use discreet_segment::truth::{Truth, agree};

pub(crate) struct CodeCheck<'i> {
    kind: CodeKind,
    /// By the number of a fact's codes: whether one of them is looked for.
    wanted: Vec<bool>,
    /// Only facts that hold now count.
    active: Option<Ended<'i>>,
    onset: Option<WindowCheck<'i>>,
}

impl<'i> CodeCheck<'i> {
    pub fn new(leaf: &CodeLeaf, setting: Setting<'i>) -> CodeCheck<'i> {
        // What was done stays done.
        let done = matches!(leaf.kind, CodeKind::Procedure | CodeKind::Immunization);
        CodeCheck {
            kind: leaf.kind,
            wanted: setting
                .lexicon
                .concepts
                .table(false, |codes| codes.iter().any(|code| leaf.codes.contains(code))),
            active: (leaf.active && !done).then(|| Ended::at(setting)),
            onset: leaf.onset.map(|window| WindowCheck::new(window, setting)),
        }
    }
    pub fn answer(&self, part: &Part, wanted: &Bits) -> Answer {
        let Some(table) = part.codes(self.kind) else {
            return Answer::same(wanted, Some(false));
        };
        Answer::scan(wanted, |slot| {
            let all = self.any(table, slot, true);
            if table.hides(slot) { agree(all, self.any(table, slot, false)) } else { all }
        })
    }
    fn any(&self, table: &CodeTable, slot: usize, hidden_too: bool) -> Truth {
        let mut answer = Some(false);
        for fact in table.facts(slot) {
            if !hidden_too && table.is_hidden(fact) {
                continue;
            }
            match self.counts(table, fact) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => answer = None,
            }
        }
        answer
    }
    /// Whether a fact has a code that is looked for.
    #[inline]
    pub fn wants(&self, table: &CodeTable, fact: usize) -> bool {
        self.wanted.get(table.concept(fact) as usize).copied().unwrap_or(false)
    }
    /// Whether one fact counts.
    #[inline]
    pub fn counts(&self, table: &CodeTable, fact: usize) -> Truth {
        if !self.wants(table, fact) {
            return Some(false);
        }
        if self.active.as_ref().is_some_and(|ended| table.is_past(fact) || ended.by(table.end(fact))) {
            return Some(false);
        }
        match &self.onset {
            None => Some(true),
            Some(window) => window.holds(table.onset(fact)?),
        }
    }
}

/// Whether an end has passed, as [`CodeFact::is_active`](discreet_domain::CodeFact::is_active) has it: all of what it can
/// mean lies before now.
pub(crate) struct Ended<'i> {
    now: Timestamp,
    /// The last local date that is over.
    through: Day,
    zone: &'i Zone,
}

impl<'i> Ended<'i> {
    pub fn at(setting: Setting<'i>) -> Ended<'i> {
        let (zone, now) = (setting.lexicon.calendar.zone(), setting.now);
        // Where clocks go back over midnight, the date of now may be one that had ended before.
        let mut through = zone.day_of(now).plus_days(1);
        for _ in 0..4 {
            if zone.start_of(through.plus_days(1)) <= now {
                break;
            }
            through = through.plus_days(-1);
        }
        Ended { now, through, zone }
    }
    #[inline]
    pub fn by(&self, end: Option<Moment>) -> bool {
        match end.map(Moment::when) {
            None => false,
            Some(When::Day(day)) => day <= self.through,
            Some(other) => other.span(self.zone).1 <= self.now,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    /// Against the definition, around changes of the clocks: at midnight forward (Havana), over midnight backward (St.
    /// John's until 2011), a date that never was (Apia, Dec 30, 2011).
    #[test]
    fn days_end_when_the_next_begins() {
        for (zone, around) in [
            ("America/Havana", "2026-03-08T05:00:00Z"),
            ("America/St_Johns", "2010-11-07T02:31:00Z"),
            ("Pacific/Apia", "2011-12-30T10:00:00Z"),
            ("America/New_York", "2026-11-01T06:00:00Z"),
        ] {
            let zone = Zone::named(zone).unwrap();
            let lexicon = Lexicon::new(zone.clone());
            let around = Timestamp::parse(around).unwrap();
            for minutes in (-3000..3000).step_by(7) {
                let now = around.plus_seconds(minutes * 60);
                let ended = Ended::at(Setting { lexicon: &lexicon, now });
                for days in -4..4 {
                    let day = When::Day(zone.day_of(around).plus_days(days));
                    assert_eq!(ended.by(Some(Moment::of(day))), day.span(&zone).1 <= now, "{day} {now}");
                }
            }
        }
    }
}
