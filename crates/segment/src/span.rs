//! Where in the text something stands.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::hash::{Hash, Hasher};

/// A range of bytes of the segment's text, `start..end`, always on character boundaries.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// From `start` up to `end`.
    pub const fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }
    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A part of the tree and where it was written. Two are equal when their parts are: where something stands does not
/// change what it means. JSON carries the part alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spanned<T> {
    /// The part.
    pub node: T,
    /// Where it stands in [`Parsed::text`](crate::Parsed::text); empty if it was never text.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A part that stands at `span`.
    pub const fn new(node: T, span: Span) -> Spanned<T> {
        Spanned { node, span }
    }
}

impl<T> From<T> for Spanned<T> {
    fn from(node: T) -> Spanned<T> {
        Spanned { node, span: Span::default() }
    }
}
impl From<&str> for Spanned<String> {
    fn from(text: &str) -> Spanned<String> {
        text.to_owned().into()
    }
}
impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}
impl<T: Eq> Eq for Spanned<T> {}
impl<T: Hash> Hash for Spanned<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.node.hash(state);
    }
}
impl<T: Serialize> Serialize for Spanned<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.node.serialize(serializer)
    }
}
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Spanned::from)
    }
}
