//! Conditions on events: how many, and the latest or first.
//!
//! For each condition each event matches, does not, or is undecided: true, false, null. A pass over the events counts, for
//! each patient, those that surely match and those that may. For the latest and first there is a pass before it, which
//! finds how late a sure match begins at most: whatever ends after that may be the latest. Both are done twice: with the
//! restricted events, and without.

use super::LowerError;
use super::gather::{Columns, Values};
use super::literal::{all, any, text};
use super::time::{Clock, within};
use crate::ast::Edge;
use crate::checked::{EdgeLeaf, EdgeQuestion, EventCount, EventFilter, EventLeaf};
use crate::limits::{SQL_CONDITIONS_AT_ONCE, SQL_FIELD_TESTS};
use crate::window::Window;

/// The tests on events.
pub struct Events {
    fields: Values,
    passes: Vec<Pass>,
    conditions: usize,
}

/// What one pass over the events asks, as columns.
#[derive(Default)]
struct Pass {
    tests: Vec<String>,
    edges: Vec<String>,
    totals: Vec<String>,
}

impl Events {
    /// None yet.
    pub fn new() -> Events {
        Events {
            fields: Values {
                rows: Columns::new("known_fields", "event_fields", "event"),
                words: Columns::new("known_field_words", "event_field_words", "event"),
            },
            passes: Vec::new(),
            conditions: 0,
        }
    }
    /// Whether more is asked of the fields than a table can be wide.
    pub fn too_many(&self) -> bool {
        self.fields.rows.len() > SQL_FIELD_TESTS || self.fields.words.len() > SQL_FIELD_TESTS
    }

    /// The answer to how many there are.
    pub fn count(&mut self, leaf: &EventLeaf, clock: Clock<'_>) -> Result<String, LowerError> {
        let matches = self.matches(&leaf.kind, leaf.filter.as_ref(), leaf.window, clock)?;
        let (table, at) = self.next();
        let mut pass = Pass { tests: vec![format!("{matches} as match_{at}")], ..Pass::default() };
        for (shown, only) in [("", ""), ("_shown", " and not t.restricted")] {
            pass.totals
                .push(format!("sum(case when t.match_{at}{only} then 1 else 0 end) as sure_{at}{shown}"));
            pass.totals.push(format!(
                "sum(case when coalesce(t.match_{at}, true){only} then 1 else 0 end) as most_{at}{shown}"
            ));
        }
        self.add(pass);
        let (yes, no) = ["", "_shown"]
            .map(|shown| {
                let sure = format!("coalesce(events_{table}.sure_{at}{shown}, 0)");
                let most = format!("coalesce(events_{table}.most_{at}{shown}, 0)");
                counted(leaf.count, &sure, &most)
            })
            .into_iter()
            .unzip::<_, _, Vec<_>, Vec<_>>();
        let no = if leaf.open_world { String::new() } else { format!(" when {} then false", all(no)) };
        Ok(format!("case when {} then true{no} end", all(yes)))
    }

    /// The answer to what is asked of the latest or first.
    pub fn edge(&mut self, leaf: &EdgeLeaf, clock: Clock<'_>) -> Result<String, LowerError> {
        let matches = self.matches(&leaf.kind, leaf.filter.as_ref(), None, clock)?;
        let question = match &leaf.question {
            EdgeQuestion::Fields(filter) => self.filter(filter, clock)?,
            EdgeQuestion::Time(window) => in_window(*window, clock),
        };
        let (table, at) = self.next();
        let tests = vec![format!("{matches} as match_{at}"), format!("{question} as answer_{at}")];
        let mut pass = Pass { tests, ..Pass::default() };
        // What the time of a sure match is compared with, and which of the sure matches leaves the fewest others.
        let (strictest, theirs, ours) = match leaf.which {
            Edge::Latest => ("max", "span_start", "span_end >"),
            Edge::First => ("min", "span_end", "span_start <"),
        };
        let rank = format!("case when t.answer_{at} then 2 when not t.answer_{at} then 0 else 1 end");
        for (shown, only) in [("", ""), ("_shown", " and not t.restricted")] {
            pass.edges.push(format!(
                "{strictest}(case when t.match_{at}{only} then t.{theirs} end) as edge_{at}{shown}"
            ));
            let may_be_it = format!("coalesce(t.match_{at}, true){only} and t.{ours} b.edge_{at}{shown}");
            for (which, name) in [("min", "least"), ("max", "greatest")] {
                pass.totals
                    .push(format!("{which}(case when {may_be_it} then {rank} end) as {name}_{at}{shown}"));
            }
        }
        self.add(pass);
        let both = |name: &str, rank: u8| {
            format!("events_{table}.{name}_{at} = {rank} and events_{table}.{name}_{at}_shown = {rank}")
        };
        Ok(format!("case when {} then true when {} then false end", both("least", 2), both("greatest", 0)))
    }

    /// The table and the number of the next condition.
    fn next(&self) -> (usize, usize) {
        (self.conditions / SQL_CONDITIONS_AT_ONCE, self.conditions)
    }
    /// Takes what the next condition asks.
    fn add(&mut self, asked: Pass) {
        match self.passes.last_mut().filter(|_| !self.conditions.is_multiple_of(SQL_CONDITIONS_AT_ONCE)) {
            Some(pass) => {
                pass.tests.extend(asked.tests);
                pass.edges.extend(asked.edges);
                pass.totals.extend(asked.totals);
            }
            None => self.passes.push(asked),
        }
        self.conditions += 1;
    }

    /// Whether an event `e` matches; null if that is undecided.
    fn matches(
        &mut self,
        kind: &str,
        filter: Option<&EventFilter>,
        window: Option<Window>,
        clock: Clock<'_>,
    ) -> Result<String, LowerError> {
        let mut parts = vec![format!("e.kind = {}", text(kind)?)];
        if let Some(filter) = filter {
            parts.push(self.filter(filter, clock)?);
        }
        if let Some(window) = window {
            parts.push(in_window(window, clock));
        }
        Ok(all(parts))
    }

    fn filter(&mut self, filter: &EventFilter, clock: Clock<'_>) -> Result<String, LowerError> {
        Ok(match filter {
            EventFilter::All(parts) => all(self.filters(parts, clock)?),
            EventFilter::Any(parts) => any(self.filters(parts, clock)?),
            EventFilter::Not(part) => format!("not ({})", self.filter(part, clock)?),
            EventFilter::Field(field) => self.fields.test(&field.name, &field.test, clock)?,
            EventFilter::Missing { name, kind } => self.fields.missing(name, *kind)?,
        })
    }
    fn filters(&mut self, parts: &[EventFilter], clock: Clock<'_>) -> Result<Vec<String>, LowerError> {
        parts.iter().map(|part| self.filter(part, clock)).collect()
    }

    /// The names of the table expressions with a row for each patient.
    pub fn names(&self) -> impl Iterator<Item = String> {
        (0..self.passes.len()).map(|table| format!("events_{table}"))
    }
    /// All table expressions.
    pub fn tables(&self) -> Vec<String> {
        let fields = [&self.fields.rows, &self.fields.words];
        let mut tables: Vec<String> = fields.iter().filter_map(|columns| columns.table()).collect();
        let joined: String = fields
            .iter()
            .filter_map(|columns| columns.used())
            .map(|name| format!(" left join {name} on {name}.event = e.event"))
            .collect();
        for (table, pass) in self.passes.iter().enumerate() {
            tables.push(format!(
                "event_tests_{table} as (\n  select e.patient, e.restricted, e.span_start, e.span_end,\n    {}\n  \
                 from events e{joined}\n)",
                pass.tests.join(",\n    ")
            ));
            let mut from = format!("event_tests_{table} t");
            if !pass.edges.is_empty() {
                tables.push(format!(
                    "event_edges_{table} as (\n  select t.patient,\n    {}\n  from {from} group by t.patient\n)",
                    pass.edges.join(",\n    ")
                ));
                from = format!("{from} join event_edges_{table} b on b.patient = t.patient");
            }
            tables.push(format!(
                "events_{table} as (\n  select t.patient,\n    {}\n  from {from} group by t.patient\n)",
                pass.totals.join(",\n    ")
            ));
        }
        tables
    }
}

fn in_window(window: Window, clock: Clock<'_>) -> String {
    format!("({}) = 1", within(window, clock, "e"))
}

/// When a number that is at least `sure` and at most `most` is surely right, and when it is surely wrong.
fn counted(count: EventCount, sure: &str, most: &str) -> (String, String) {
    match count {
        EventCount::AtLeast(n) => (format!("{sure} >= {n}"), format!("{most} < {n}")),
        EventCount::AtMost(n) => (format!("{most} <= {n}"), format!("{sure} > {n}")),
        EventCount::Exactly(n) => {
            (format!("({sure} = {n} and {most} = {n})"), format!("({sure} > {n} or {most} < {n})"))
        }
    }
}
