//! Tests on text, sets, dates and ZIP codes.

use crate::window::Window;
use discreet_domain::{Day, Timestamp, When, Zone};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How text is compared: Unicode lower case. Both sides of every text test go through it; the words of a checked tree
/// already have.
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// A test on text. All words here are folded, and the text tested must be too.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum TextTest {
    /// One of these; sorted, without repeats.
    OneOf(Vec<String>),
    /// Any but this (`!=`).
    Not(String),
    /// Has this somewhere.
    Contains(String),
    /// Begins with this.
    StartsWith(String),
}

impl TextTest {
    /// Whether folded text passes.
    pub fn holds(&self, folded: &str) -> bool {
        match self {
            TextTest::OneOf(words) => words.binary_search_by(|word| word.as_str().cmp(folded)).is_ok(),
            TextTest::Not(word) => word != folded,
            TextTest::Contains(part) => folded.contains(part.as_str()),
            TextTest::StartsWith(part) => folded.starts_with(part.as_str()),
        }
    }
}

/// A test on a set of words. The words are folded, sorted and without repeats; the set's must be folded too.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum SetTest {
    /// It has at least one of them.
    Any(Vec<String>),
    /// It has every one of them.
    All(Vec<String>),
    /// It has not one of them.
    None(Vec<String>),
}

/// A test on a date or instant.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum DateTest {
    /// In a window, or (`!=` a date) not in it. Comparisons with dates are windows here: `<= D` is `before D + 1`,
    /// `= D` is `between D and D`.
    Window {
        /// The window.
        window: Window,
        /// `!=`: true outside it.
        negated: bool,
    },
    /// On one of these local dates, each asked on its own and joined by Kleene's or; sorted, without repeats.
    OneOf(Vec<Day>),
}

impl DateTest {
    /// Whether something known this exactly passes; `None` if that cannot be told.
    pub fn holds(&self, when: When, now: Timestamp, zone: &Zone) -> Option<bool> {
        match self {
            DateTest::Window { window, negated } => {
                window.holds(when, now, zone).map(|inside| inside != *negated)
            }
            DateTest::OneOf(days) => {
                crate::truth::any(days.iter().map(|day| Window::Between(*day, *day).holds(when, now, zone)))
            }
        }
    }
}

/// The ZIP codes around one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ZipArea {
    /// Those whose middle is near enough.
    pub inside: BTreeSet<String>,
    /// Every ZIP code whose place is known; one that is not here is unknown, not outside.
    pub known: Arc<BTreeSet<String>>,
}

impl std::hash::Hash for ZipArea {
    /// Equal areas hash alike; to hash every ZIP code there is would gain nothing.
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.inside.hash(state);
    }
}

impl ZipArea {
    /// Whether a ZIP code lies in the area: only its first five digits count. `None` if its place is unknown.
    pub fn holds(&self, zip: &str) -> Option<bool> {
        let zip = zip.get(..5).unwrap_or(zip);
        if self.inside.contains(zip) {
            return Some(true);
        }
        self.known.contains(zip).then_some(false)
    }
}
