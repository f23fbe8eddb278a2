//! Why a patient is in a segment or not.

mod facts;

use crate::bits::Bits;
use crate::index::{Index, View};
use crate::plan::{LeafPlan, Setting};
use crate::refused::{Refused, covered};
use discreet_audit::Receipt;
use discreet_domain::{Code, CodeKind, Part, PatientId, Phi, SegmentId, Timestamp, When};
use discreet_segment::Checked;
use discreet_segment::ast::Expr;
use discreet_segment::checked::{Leaf, Node};
use discreet_segment::english::{self, Wording};
use discreet_segment::truth::{self, Truth};

/// What is asked: about a segment, at an instant.
#[derive(Clone, Copy)]
pub struct Question<'q> {
    /// The segment.
    pub segment: &'q Checked,
    /// The instant for which it is evaluated.
    pub at: Timestamp,
    /// What people call attributes, events and codes.
    pub words: &'q dyn Wording,
}

/// One node of the tree, its answer for one patient, and what it came from. Facts that are restricted are named nowhere.
#[derive(Clone, PartialEq, Debug)]
pub struct Why {
    /// What was asked.
    pub step: Step,
    /// Yes, no, or (`None`) unknown.
    pub answer: Truth,
    /// The answers that this one was joined from.
    pub parts: Vec<Why>,
}

/// A node of a segment's tree.
#[derive(Clone, PartialEq, Debug)]
pub enum Step {
    /// All parts must hold.
    All,
    /// One part must hold.
    Any,
    /// The part must not hold.
    Not,
    /// Another segment; its tree is the one part.
    Segment {
        /// Which.
        id: SegmentId,
        /// In which version.
        version: u32,
        /// Its name.
        name: String,
    },
    /// A condition.
    Condition {
        /// In English. Of another segment's condition only what it is about.
        english: String,
        /// The facts that decided it, at most [`WHY_FACTS`](crate::limits::WHY_FACTS).
        facts: Vec<Fact>,
        /// How many more there are.
        more: usize,
    },
}

/// Something known that decided a condition.
#[derive(Clone, PartialEq, Debug)]
pub enum Fact {
    /// An attribute's value.
    Attribute {
        /// The attribute.
        name: String,
        /// Its value; `None` if nothing is known.
        value: Option<String>,
    },
    /// A coded fact with a code that was looked for.
    Code {
        /// Its kind.
        kind: CodeKind,
        /// All its codes.
        codes: Vec<Code>,
        /// When it began.
        onset: Option<When>,
        /// When it ended.
        end: Option<When>,
        /// Whether it counts, by what else was asked; `None` if that cannot be told.
        counts: Truth,
    },
    /// An event that counts, or may count. For the latest or first: one that may be it.
    Event {
        /// Its kind.
        kind: String,
        /// When.
        at: When,
        /// The fields that were asked about, as far as it has them.
        fields: Vec<(String, String)>,
        /// The codes in any of its fields, asked about or not: they tell how careful to be with it.
        codes: Vec<Code>,
        /// Whether it counts; `None` if that cannot be told.
        counts: Truth,
    },
    /// Where the patient stands on the topic and channel.
    Consent {
        /// Granted, or withdrawn; `None`: never asked.
        granted: Option<bool>,
    },
    /// The patient's random part.
    Bucket {
        /// Which, from 0.
        number: u32,
        /// Out of how many.
        of: u32,
    },
}

impl Index {
    /// Why a patient is in a segment or not. It is PHI: whoever takes it out says where it goes.
    ///
    /// ```compile_fail,E0061
    /// # use discreet_engine::*; use discreet_domain::*;
    /// fn asked(i: &Index, p: PatientId, q: &Question<'_>, now: Timestamp) { let _ = i.why(p, q, now); }
    /// ```
    /// ```compile_fail,E0308
    /// # use discreet_engine::*; use discreet_domain::*;
    /// fn asked(i: &Index, a: &discreet_audit::Access, p: PatientId, q: &Question<'_>, now: Timestamp) {
    ///     let _ = i.why(a, p, q, now);
    /// }
    /// ```
    /// The compiling twin:
    /// ```
    /// # use discreet_engine::*; use discreet_domain::*;
    /// fn asked(i: &Index, r: &discreet_audit::Receipt, p: PatientId, q: &Question<'_>, now: Timestamp) {
    ///     let _ = i.why(r, p, q, now);
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Refused::NotCovered`] if the receipt does not cover the patient's facts (and events, if the segment asks about
    /// events) at `now`, or is one of an import; [`Refused::NotHere`] if the index does not hold the patient.
    pub fn why(
        &self,
        receipt: &Receipt,
        patient: PatientId,
        question: &Question<'_>,
        now: Timestamp,
    ) -> Result<Phi<Why>, Refused> {
        covered(receipt, patient, parts_of(question.segment.root()), now)?;
        let row = self.row_of(patient).ok_or(Refused::NotHere)?;
        let (stored, slot) = self.find(row).ok_or(Refused::NotHere)?;
        let tracer = Tracer {
            setting: Setting { lexicon: self.lexicon(), now: question.at },
            view: self.view(stored),
            slot,
            words: question.words,
        };
        Ok(Phi::new(tracer.node(question.segment.root(), Some(question.segment.expr()))))
    }
}

/// The parts of a record that a tree looks at.
fn parts_of(node: &Node) -> &'static [Part] {
    if asks_about_events(node) { &[Part::Facts, Part::Events] } else { &[Part::Facts] }
}

fn asks_about_events(node: &Node) -> bool {
    match node {
        Node::All(parts) | Node::Any(parts) => parts.iter().any(asks_about_events),
        Node::Not(part) => asks_about_events(part),
        Node::Leaf(leaf) => matches!(leaf, Leaf::Events(_) | Leaf::Edge(_) | Leaf::Sequence(_)),
        Node::Segment(nested) => asks_about_events(&nested.root),
    }
}

struct Tracer<'i> {
    setting: Setting<'i>,
    view: View<'i>,
    slot: usize,
    words: &'i dyn Wording,
}

impl Tracer<'_> {
    /// `expr`: the same node as written, for its English; there is none inside other segments.
    fn node(&self, node: &Node, expr: Option<&Expr>) -> Why {
        match node {
            Node::All(nodes) => {
                let parts = self.nodes(nodes, expr);
                Why { step: Step::All, answer: truth::all(parts.iter().map(|why| why.answer)), parts }
            }
            Node::Any(nodes) => {
                let parts = self.nodes(nodes, expr);
                Why { step: Step::Any, answer: truth::any(parts.iter().map(|why| why.answer)), parts }
            }
            Node::Not(inner) => {
                let written = match expr {
                    Some(Expr::Not(written)) => Some(written.as_ref()),
                    _ => None,
                };
                let part = self.node(inner, written);
                Why { step: Step::Not, answer: truth::not(part.answer), parts: vec![part] }
            }
            Node::Segment(nested) => {
                let part = self.node(&nested.root, None);
                let (id, version, name) = (nested.id, nested.version, nested.name.clone());
                Why { step: Step::Segment { id, version, name }, answer: part.answer, parts: vec![part] }
            }
            Node::Leaf(leaf) => self.leaf(leaf, expr),
        }
    }
    fn nodes(&self, nodes: &[Node], expr: Option<&Expr>) -> Vec<Why> {
        let written = match expr {
            Some(Expr::All(parts) | Expr::Any(parts)) => parts.as_slice(),
            _ => &[],
        };
        nodes.iter().enumerate().map(|(at, node)| self.node(node, written.get(at))).collect()
    }
    fn leaf(&self, leaf: &Leaf, expr: Option<&Expr>) -> Why {
        let plan = LeafPlan::new(leaf, self.setting);
        let only = Bits::of(self.view.part.slots(), [self.slot]);
        let answer = plan.answer(&self.view, &only).truth(self.slot);
        let english = expr.map_or_else(|| facts::about(leaf), |expr| english::sentence(expr, self.words));
        let (facts, more) = self.facts(leaf, &plan);
        Why { step: Step::Condition { english, facts, more }, answer, parts: Vec::new() }
    }
}
