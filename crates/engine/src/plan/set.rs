//! Tests on sets of words.

use crate::column::Sets;
use crate::dictionary::Words;
use discreet_segment::checked::SetTest;
use discreet_segment::truth::Truth;
use std::sync::Arc;

pub(crate) struct SetCheck {
    quantity: Quantity,
    /// By the word's number: whether it is one of those asked for.
    wanted: Vec<bool>,
}

enum Quantity {
    Any,
    /// So many of them: a word that nobody has counts too.
    All(usize),
    None,
}

impl SetCheck {
    pub fn new(test: &SetTest, words: Option<&Words>) -> SetCheck {
        let (quantity, asked) = match test {
            SetTest::Any(asked) => (Quantity::Any, asked),
            SetTest::All(asked) => (Quantity::All(asked.len()), asked),
            SetTest::None(asked) => (Quantity::None, asked),
        };
        let is_asked = |word: &Arc<str>| asked.binary_search_by(|asked| asked.as_str().cmp(word)).is_ok();
        let wanted = words.map_or_else(Vec::new, |words| words.folded().table(false, is_asked));
        SetCheck { quantity, wanted }
    }
    pub fn holds(&self, sets: &Sets, place: usize) -> Truth {
        if !sets.has(place) {
            return None;
        }
        let is_wanted = |at: &usize| self.wanted.get(sets.word(*at) as usize).copied().unwrap_or(false);
        let mut words = sets.words(place);
        Some(match self.quantity {
            Quantity::Any => words.any(|at| is_wanted(&at)),
            Quantity::None => !words.any(|at| is_wanted(&at)),
            Quantity::All(asked) => words.filter(is_wanted).count() == asked,
        })
    }
}
