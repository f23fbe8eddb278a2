//! Merge fields while a body is being rendered: each use is one private-use character, so that no renderer can take a
//! field apart and no value is ever read as Markdown or markup.

use crate::field::{Piece, Use};
use crate::limits::MOST_FIELDS;

const FIRST: u32 = 0xe100;

/// The uses of merge fields in one document, numbered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slots(Vec<Use>);

impl Slots {
    /// The text with each field replaced by its character.
    pub(crate) fn encode(&mut self, pieces: Vec<Piece>) -> String {
        let mut out = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => out.extend(text.chars().filter(|c| !crate::clean::is_private(*c))),
                Piece::Field(used) => out.push(self.add(used)),
            }
        }
        out
    }
    /// The character for one more use.
    pub(crate) fn add(&mut self, used: Use) -> char {
        debug_assert!(
            self.0.len() <= 3 * MOST_FIELDS,
            "the fields of a body, a subject, a preheader and the footer"
        );
        let number = u32::try_from(self.0.len()).unwrap_or(0);
        self.0.push(used);
        char::from_u32(FIRST + number).unwrap_or('\u{f8ff}')
    }
    /// The use a character stands for.
    pub(crate) fn get(&self, c: char) -> Option<&Use> {
        let number = u32::from(c).checked_sub(FIRST)?;
        self.0.get(usize::try_from(number).ok()?)
    }
    /// The uses in a text.
    pub(crate) fn uses_in<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a Use> {
        text.chars().filter_map(|c| self.get(c))
    }
    /// Text and fields told apart again.
    pub(crate) fn split(&self, text: &str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        for c in text.chars() {
            match self.get(c) {
                Some(used) => {
                    if !plain.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut plain)));
                    }
                    pieces.push(Piece::Field(used.clone()));
                }
                None => plain.push(c),
            }
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field;
    use crate::lint::Place;

    #[test]
    fn there_and_back() {
        let (pieces, _) = field::pieces("a {{ topic }}\u{e100}b{{ organization }}", Place::Body);
        let mut slots = Slots::default();
        let text = slots.encode(pieces);
        assert_eq!(text, "a \u{e100}b\u{e101}");
        assert_eq!(slots.split(&text).len(), 4);
        assert_eq!(slots.uses_in(&text).count(), 2);
        assert!(slots.get('\u{e102}').is_none() && slots.get('a').is_none());
    }
}
