//! What is asked of a table, gathered so that the table is read once: a column for each test, a row for each patient or
//! event.

use super::LowerError;
use super::literal::{one_of_words, text};
use super::time::Clock;
use super::value::{self, Lowered};
use crate::checked::ValueTest;
use discreet_domain::catalog::Kind;
use std::collections::HashMap;

/// Tests on a table's rows, grouped by a key of theirs.
pub struct Columns {
    name: &'static str,
    table: &'static str,
    key: &'static str,
    tests: Vec<String>,
    known: HashMap<String, usize>,
}

impl Columns {
    /// Tests on `table`, as `name`, with a row for each `key`.
    pub fn new(name: &'static str, table: &'static str, key: &'static str) -> Columns {
        Columns { name, table, key, tests: Vec::new(), known: HashMap::new() }
    }
    /// The column for an aggregate over rows `r` of the table; the same one for the same text.
    pub fn column(&mut self, aggregate: String) -> String {
        let next = self.tests.len();
        let at = *self.known.entry(aggregate).or_insert_with_key(|aggregate| {
            self.tests.push(aggregate.clone());
            next
        });
        format!("{}.c{at}", self.name)
    }
    /// How many columns.
    pub fn len(&self) -> usize {
        self.tests.len()
    }
    /// Its name, if anything is asked of it.
    pub fn used(&self) -> Option<&'static str> {
        (!self.tests.is_empty()).then_some(self.name)
    }
    /// As a table expression, if anything is asked of it.
    pub fn table(&self) -> Option<String> {
        let name = self.used()?;
        let columns: Vec<String> =
            self.tests.iter().enumerate().map(|(at, test)| format!("{test} as c{at}")).collect();
        let (key, table) = (self.key, self.table);
        Some(format!(
            "{name} as (\n  select r.{key},\n    {}\n  from {table} r group by r.{key}\n)",
            columns.join(",\n    ")
        ))
    }
}

/// The values of patients or of events, and the words of those that are sets.
pub struct Values {
    pub rows: Columns,
    pub words: Columns,
}

impl Values {
    /// A test on the value of this name, as a condition that is null where the value is missing.
    pub fn test(&mut self, name: &str, test: &ValueTest, clock: Clock<'_>) -> Result<String, LowerError> {
        match value::test(test, clock, "r")? {
            Lowered::Row(of_row) => self.of_row(name, value::kind_of(test), &of_row),
            Lowered::Words { words, least, negated } => {
                let there = self.there(name, Kind::Set)?;
                let found = one_of_words("r.word", &words)?;
                let name = text(name)?;
                let count = format!("sum(case when r.name = {name} and {found} then 1 else 0 end)");
                let column = self.words.column(count);
                let compared = if negated { "<" } else { ">=" };
                Ok(format!("case when {there} = 1 then coalesce({column}, 0) {compared} {least} end"))
            }
        }
    }
    /// The same of a test that is written already: 1, 0 or null, of a row `r`.
    pub fn of_row(&mut self, name: &str, kind: Kind, test: &str) -> Result<String, LowerError> {
        let is_it = is_it(name, kind)?;
        let column = self.rows.column(format!("max(case when {is_it} then {test} end)"));
        Ok(format!("{column} = 1"))
    }
    /// Whether there is no value of this name and kind. Never null.
    pub fn missing(&mut self, name: &str, kind: Kind) -> Result<String, LowerError> {
        Ok(format!("{} is null", self.there(name, kind)?))
    }
    /// 1 if there is a value of this name and kind, else null.
    fn there(&mut self, name: &str, kind: Kind) -> Result<String, LowerError> {
        let is_it = is_it(name, kind)?;
        Ok(self.rows.column(format!("max(case when {is_it} then 1 end)")))
    }
}

fn is_it(name: &str, kind: Kind) -> Result<String, LowerError> {
    Ok(format!("r.name = {} and r.kind = '{}'", text(name)?, value::kind_word(kind)))
}
