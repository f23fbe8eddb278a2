//! A checked segment made ready for one look at one index: names looked up, windows turned into bounds, tests on words and
//! codes answered once for each word and code there is.
//!
//! A tree is evaluated block by block. Each node is told for whom its answer matters: what an earlier part of an `and` has
//! settled is not asked of the later ones.

mod birth;
mod codes;
mod consent;
mod count;
mod dates;
mod edge;
mod filter;
mod sequence;
mod set;
mod value;

use crate::bits::{Answer, Bits};
use crate::column::Type;
use crate::index::View;
use crate::lexicon::Lexicon;
use birth::BirthCheck;
pub(crate) use codes::CodeCheck;
use consent::{BucketCheck, ConsentCheck};
use count::CountCheck;
use discreet_domain::{Timestamp, Zone};
use discreet_segment::checked::{Leaf, Node};
use edge::EdgeCheck;
pub(crate) use sequence::SequenceCheck;
use std::collections::HashMap;
use value::ValueCheck;

/// What a plan is made for.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'i> {
    pub lexicon: &'i Lexicon,
    pub now: Timestamp,
}

impl Setting<'_> {
    pub fn zone(&self) -> &Zone {
        self.lexicon.calendar.zone()
    }
}

/// A tree over numbered leaves, equal leaves taken together.
pub(crate) struct Plan<'i> {
    root: Step,
    leaves: Vec<LeafPlan<'i>>,
}

enum Step {
    All(Vec<Step>),
    Any(Vec<Step>),
    Not(Box<Step>),
    Leaf(usize),
}

impl<'i> Plan<'i> {
    pub fn new(root: &Node, setting: Setting<'i>) -> Plan<'i> {
        let mut planner = Planner { setting, leaves: Vec::new(), numbers: HashMap::new() };
        let root = planner.step(root);
        Plan { root, leaves: planner.leaves }
    }
    /// The answers for those wanted; unknown for the others.
    pub fn answer(&self, view: &View<'_>, wanted: &Bits) -> Answer {
        self.step(&self.root, view, wanted)
    }
    fn step(&self, step: &Step, view: &View<'_>, wanted: &Bits) -> Answer {
        match step {
            Step::Leaf(number) => match self.leaves.get(*number) {
                Some(leaf) => leaf.answer(view, wanted),
                None => Answer::unknown(wanted.slots()),
            },
            Step::Not(part) => self.step(part, view, wanted).not(),
            Step::All(parts) => all(parts, wanted, |part, open| self.step(part, view, open)),
            // By De Morgan: an "or" is settled by a yes as an "and" is by a no.
            Step::Any(parts) => all(parts, wanted, |part, open| self.step(part, view, open).not()).not(),
        }
    }
}

fn all(parts: &[Step], wanted: &Bits, ask: impl Fn(&Step, &Bits) -> Answer) -> Answer {
    let mut joined = Answer::same(wanted, Some(true));
    let mut open = wanted.clone();
    for part in parts {
        if open.is_empty() {
            break;
        }
        joined = joined.and(&ask(part, &open));
        open.remove(&joined.no);
    }
    joined
}

struct Planner<'i, 'n> {
    setting: Setting<'i>,
    leaves: Vec<LeafPlan<'i>>,
    numbers: HashMap<&'n Leaf, usize>,
}

impl<'n> Planner<'_, 'n> {
    fn step(&mut self, node: &'n Node) -> Step {
        match node {
            Node::All(parts) => Step::All(self.steps(parts)),
            Node::Any(parts) => Step::Any(self.steps(parts)),
            Node::Not(part) => Step::Not(Box::new(self.step(part))),
            Node::Segment(nested) => self.step(&nested.root),
            Node::Leaf(leaf) => {
                if let Some(number) = self.numbers.get(leaf) {
                    return Step::Leaf(*number);
                }
                let number = self.leaves.len();
                self.leaves.push(LeafPlan::new(leaf, self.setting));
                self.numbers.insert(leaf, number);
                Step::Leaf(number)
            }
        }
    }
    /// The cheapest first: the order of parts changes nothing but the time.
    fn steps(&mut self, nodes: &'n [Node]) -> Vec<Step> {
        let mut steps: Vec<(u32, Step)> = nodes
            .iter()
            .map(|node| {
                let step = self.step(node);
                (self.cost(&step), step)
            })
            .collect();
        steps.sort_by_key(|(cost, _)| *cost);
        steps.into_iter().map(|(_, step)| step).collect()
    }
    fn cost(&self, step: &Step) -> u32 {
        match step {
            Step::All(parts) | Step::Any(parts) => {
                parts.iter().map(|part| self.cost(part)).fold(0, u32::saturating_add)
            }
            Step::Not(part) => self.cost(part),
            Step::Leaf(number) => self.leaves.get(*number).map_or(0, LeafPlan::cost),
        }
    }
}

/// One condition, ready. `None` as a number: nobody has such a thing.
pub(crate) enum LeafPlan<'i> {
    Value { name: Option<u32>, check: ValueCheck<'i> },
    Missing { name: Option<u32>, kind: Type },
    Birth(BirthCheck<'i>),
    Codes(CodeCheck<'i>),
    Count(CountCheck<'i>),
    Edge(EdgeCheck<'i>),
    Sequence(SequenceCheck<'i>),
    Consent(ConsentCheck),
    Bucket(BucketCheck),
}

impl<'i> LeafPlan<'i> {
    pub fn new(leaf: &Leaf, setting: Setting<'i>) -> LeafPlan<'i> {
        let attribute = |name: &str| setting.lexicon.attributes.find(name);
        match leaf {
            Leaf::Attribute { name, test } => {
                let found = attribute(name);
                let check = ValueCheck::new(test, found.map(|(_, values)| values), setting);
                LeafPlan::Value { name: found.map(|(number, _)| number), check }
            }
            Leaf::Missing { name, kind } => LeafPlan::Missing {
                name: attribute(name).map(|(number, _)| number),
                kind: Type::of_kind(*kind),
            },
            Leaf::Age(test) => LeafPlan::Birth(BirthCheck::age(&test.0, setting)),
            Leaf::Birthday(window) => LeafPlan::Birth(BirthCheck::birthday(*window, setting)),
            Leaf::Code(code) => LeafPlan::Codes(CodeCheck::new(code, setting)),
            Leaf::Events(events) => LeafPlan::Count(CountCheck::new(events, setting)),
            Leaf::Edge(edge) => LeafPlan::Edge(EdgeCheck::new(edge, setting)),
            Leaf::Sequence(sequence) => LeafPlan::Sequence(SequenceCheck::new(sequence, setting)),
            Leaf::Consent(consent) => LeafPlan::Consent(ConsentCheck::new(consent, setting)),
            Leaf::Bucket(bucket) => LeafPlan::Bucket(BucketCheck::new(bucket)),
        }
    }
    /// The answers for those wanted; unknown for the others.
    pub fn answer(&self, view: &View<'_>, wanted: &Bits) -> Answer {
        match self {
            LeafPlan::Value { name, check } => check.bind(view.part.attributes(), *name).scan(wanted),
            LeafPlan::Missing { name, kind } => {
                let column = name.and_then(|name| view.part.attributes().find(name, *kind));
                match column {
                    Some(column) => Answer::scan(wanted, |slot| Some(!column.has(slot))),
                    None => Answer::same(wanted, Some(true)),
                }
            }
            LeafPlan::Birth(check) => check.answer(view.part, wanted),
            LeafPlan::Codes(check) => check.answer(view.part, wanted),
            LeafPlan::Count(check) => check.answer(view.part, wanted),
            LeafPlan::Edge(check) => check.answer(view.part, wanted),
            LeafPlan::Sequence(check) => check.answer(view.part, wanted),
            LeafPlan::Consent(check) => check.answer(view.part, wanted),
            LeafPlan::Bucket(check) => check.answer(view, wanted),
        }
    }
    /// Roughly how long it takes for one patient, in nanoseconds.
    fn cost(&self) -> u32 {
        match self {
            LeafPlan::Value { .. } | LeafPlan::Missing { .. } | LeafPlan::Consent(_) => 1,
            LeafPlan::Birth(_) => 3,
            LeafPlan::Codes(_) => 8,
            LeafPlan::Count(_) => 20,
            LeafPlan::Edge(_) => 40,
            LeafPlan::Sequence(_) => 60,
            LeafPlan::Bucket(_) => 150,
        }
    }
}
