//! What evaluators see: a tree in which every name is resolved, every value typed and every value set expanded.
//! Evaluation cannot fail. What each node means is written in [`semantics`](crate::semantics).

mod codes;
mod leaf;
mod number;
mod text;

pub use codes::CodeSet;
pub use leaf::{
    AgeTest, BirthdayWindow, BucketLeaf, CodeLeaf, ConsentLeaf, EdgeLeaf, EdgeQuestion, EventCount,
};
pub use leaf::{EventFilter, EventLeaf, FieldTest, Leaf, SequenceLeaf, SomeEvents, ValueTest};
pub use number::{Number, NumberTest};
pub use text::{DateTest, SetTest, TextTest, ZipArea, fold};

use crate::ast::Expr;
use crate::error::Hint;
use crate::fingerprint::Fingerprint;
use discreet_domain::{Basis, Label, SegmentId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A segment that may be evaluated. Made only by [`Parsed::check`](crate::Parsed::check).
#[derive(Clone, Debug)]
pub struct Checked {
    pub(crate) expr: Expr,
    pub(crate) root: Arc<Node>,
    pub(crate) label: Label,
    pub(crate) bases: BTreeSet<Basis>,
    pub(crate) pins: BTreeSet<Pin>,
    pub(crate) hints: Vec<Hint>,
    pub(crate) fingerprint: Fingerprint,
}

impl Checked {
    /// The resolved tree. Node for node the same shape as [`Checked::expr`], so that a path in one is a path in the
    /// other.
    pub fn root(&self) -> &Node {
        &self.root
    }
    /// The tree as written.
    pub fn expr(&self) -> &Expr {
        &self.expr
    }
    /// The greatest label of anything it mentions, negated and nested parts included.
    pub fn label(&self) -> Label {
        self.label
    }
    /// Everything it rests on, nested parts included.
    pub fn bases(&self) -> &BTreeSet<Basis> {
        &self.bases
    }
    /// What it was checked against and would change its meaning or label if it changed.
    pub fn pins(&self) -> &BTreeSet<Pin> {
        &self.pins
    }
    /// What is allowed but perhaps not meant.
    pub fn hints(&self) -> &[Hint] {
        &self.hints
    }
    /// SHA-256 over canonical text and pins: equal for two segments that mean the same by the same words.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}

/// A node of the resolved tree.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Node {
    /// Kleene's and, two or more.
    All(Vec<Node>),
    /// Kleene's or, two or more.
    Any(Vec<Node>),
    /// Kleene's not.
    Not(Box<Node>),
    /// One condition. Equal leaves have equal answers: a leaf can be the key of a cache.
    Leaf(Leaf),
    /// Another segment: whatever its tree answers.
    Segment(Arc<Nested>),
}

/// A segment named in another one.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Nested {
    /// Which.
    pub id: SegmentId,
    /// In which version.
    pub version: u32,
    /// By which name it was found.
    pub name: String,
    /// Its tree.
    pub root: Arc<Node>,
}

/// Something outside the text that a checked segment depends on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pin {
    /// An attribute of the catalog.
    Attribute {
        /// Its name.
        name: String,
        /// Its label when checked.
        label: Label,
    },
    /// An event kind of the catalog.
    Event {
        /// Its name.
        name: String,
        /// Its label when checked.
        label: Label,
    },
    /// A topic.
    Topic {
        /// Its name.
        name: String,
        /// Its label when checked.
        label: Label,
    },
    /// A value set.
    ValueSet {
        /// Its name.
        name: String,
        /// The hash of its content.
        hash: Fingerprint,
    },
    /// A nested segment.
    Segment {
        /// Which.
        id: SegmentId,
        /// In which version.
        version: u32,
        /// Its fingerprint: its text and its own pins.
        hash: Fingerprint,
    },
    /// The table of ZIP code centroids.
    ZipTable {
        /// The hash of its content.
        hash: Fingerprint,
    },
}
