//! Conditions, resolved.

use super::{CodeSet, DateTest, NumberTest, SetTest, TextTest, ZipArea};
use crate::ast::{Edge, Stance};
use crate::window::{Length, Window};
use discreet_domain::{Channel, CodeKind, Topic};
use std::sync::Arc;

/// A condition on a patient.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Leaf {
    /// A test on an attribute's value; unknown without one.
    Attribute {
        /// The attribute. Never `age`.
        name: String,
        /// The test.
        test: ValueTest,
    },
    /// Whether an attribute has no value. Always known. `missing age` is `missing birth_date` here.
    Missing {
        /// The attribute. Never `age`.
        name: String,
        /// Its type: a value of another type counts as missing.
        kind: discreet_domain::catalog::Kind,
    },
    /// A test on the whole years since `birth_date`, on the local date of now.
    Age(AgeTest),
    /// An anniversary of `birth_date` in a window.
    Birthday(BirthdayWindow),
    /// A coded fact.
    Code(CodeLeaf),
    /// A number of events.
    Events(EventLeaf),
    /// The latest or first event.
    Edge(EdgeLeaf),
    /// One event after another.
    Sequence(SequenceLeaf),
    /// A consent. Always known.
    Consent(ConsentLeaf),
    /// A random part. Always known.
    Bucket(BucketLeaf),
}

impl Leaf {
    /// Whether the answer can change by the passing of time alone.
    pub fn depends_on_now(&self) -> bool {
        match self {
            Leaf::Attribute { test, .. } => test.depends_on_now(),
            Leaf::Age(_) | Leaf::Birthday(_) => true,
            Leaf::Code(code) => code.active || code.onset.is_some_and(Window::is_relative),
            Leaf::Events(events) => {
                events.window.is_some_and(Window::is_relative)
                    || events.filter.as_ref().is_some_and(EventFilter::depends_on_now)
            }
            Leaf::Edge(edge) => {
                let asked = match &edge.question {
                    EdgeQuestion::Fields(filter) => filter.depends_on_now(),
                    EdgeQuestion::Time(window) => window.is_relative(),
                };
                asked || edge.filter.as_ref().is_some_and(EventFilter::depends_on_now)
            }
            Leaf::Sequence(sequence) => {
                sequence.window.is_some_and(Window::is_relative)
                    || sequence.first.depends_on_now()
                    || sequence.then.depends_on_now()
            }
            Leaf::Missing { .. } | Leaf::Consent(_) | Leaf::Bucket(_) => false,
        }
    }
}

/// A test on one value of a known type. A value of another type counts as missing, so the test is unknown.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ValueTest {
    /// On text.
    Text(TextTest),
    /// On a number.
    Number(NumberTest),
    /// It is yes, or it is no.
    Bool(bool),
    /// On a date or instant.
    Date(DateTest),
    /// On a code: whether the set has it, or (`!=`) has it not.
    Code {
        /// The set.
        codes: CodeSet,
        /// `!=`: true for codes not in the set.
        negated: bool,
    },
    /// On a set of words.
    Set(SetTest),
    /// On a ZIP code: whether it lies in an area.
    Near(Arc<ZipArea>),
}

impl ValueTest {
    /// Whether the answer can change by the passing of time alone.
    pub fn depends_on_now(&self) -> bool {
        matches!(self, ValueTest::Date(DateTest::Window { window, .. }) if window.is_relative())
    }
}

/// A test on age.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct AgeTest(pub NumberTest);

/// The whole local dates that a birthday is looked for in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BirthdayWindow {
    /// The dates from `today − d` to yesterday.
    Last(Length),
    /// The dates from today to the day before `today + d`.
    Next(Length),
}

/// A coded fact of a kind, with one of some codes, active or not, with its onset in a window or not.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct CodeLeaf {
    /// `has`: only facts active now count. `had`: all do.
    pub active: bool,
    /// Of what kind.
    pub kind: CodeKind,
    /// A fact counts if any of its codes is in here.
    pub codes: CodeSet,
    /// The window its onset must be in. A fact without onset may or may not be in it.
    pub onset: Option<Window>,
}

/// A number of events.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct EventLeaf {
    /// How many there must be. `any` is at least 1, `no` is at most 0.
    pub count: EventCount,
    /// Of what kind.
    pub kind: String,
    /// Which of them are counted.
    pub filter: Option<EventFilter>,
    /// The window they must be in.
    pub window: Option<Window>,
    /// Events of this kind may have happened without being recorded (email opens): "no" is then unknown. Only
    /// [`EventCount::AtLeast`] is ever asked of them.
    pub open_world: bool,
}

/// How many events.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum EventCount {
    /// So many or more; from 1.
    AtLeast(u32),
    /// So many or fewer.
    AtMost(u32),
    /// Exactly so many.
    Exactly(u32),
}

impl EventCount {
    /// Whether a number of events is right.
    pub const fn admits(self, count: usize) -> bool {
        match self {
            EventCount::AtLeast(n) => count >= n as usize,
            EventCount::AtMost(n) => count <= n as usize,
            EventCount::Exactly(n) => count == n as usize,
        }
    }
}

/// A test on one event's fields.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum EventFilter {
    /// Kleene's and, two or more.
    All(Vec<EventFilter>),
    /// Kleene's or, two or more.
    Any(Vec<EventFilter>),
    /// Kleene's not.
    Not(Box<EventFilter>),
    /// A test on a field; unknown if the event lacks it.
    Field(FieldTest),
    /// Whether the event lacks a field. Always known.
    Missing {
        /// The field.
        name: String,
        /// Its type: a value of another type counts as missing.
        kind: discreet_domain::catalog::Kind,
    },
}

impl EventFilter {
    /// Whether the answer can change by the passing of time alone.
    pub fn depends_on_now(&self) -> bool {
        match self {
            EventFilter::All(parts) | EventFilter::Any(parts) => {
                parts.iter().any(EventFilter::depends_on_now)
            }
            EventFilter::Not(part) => part.depends_on_now(),
            EventFilter::Field(field) => field.test.depends_on_now(),
            EventFilter::Missing { .. } => false,
        }
    }
}

/// A test on a field.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FieldTest {
    /// The field.
    pub name: String,
    /// The test.
    pub test: ValueTest,
}

/// The latest or first of some events.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct EdgeLeaf {
    /// Which end.
    pub which: Edge,
    /// Of what kind.
    pub kind: String,
    /// Of which of them.
    pub filter: Option<EventFilter>,
    /// What is asked of it.
    pub question: EdgeQuestion,
}

/// What is asked of the latest or first event.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum EdgeQuestion {
    /// Something about its fields.
    Fields(EventFilter),
    /// Whether it is in a window.
    Time(Window),
}

/// Events of a kind, those that pass a filter.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct SomeEvents {
    /// Of what kind.
    pub kind: String,
    /// Which of them.
    pub filter: Option<EventFilter>,
}

impl SomeEvents {
    fn depends_on_now(&self) -> bool {
        self.filter.as_ref().is_some_and(EventFilter::depends_on_now)
    }
}

/// Two different events, one after the other.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct SequenceLeaf {
    /// The first.
    pub first: SomeEvents,
    /// The window the first must be in.
    pub window: Option<Window>,
    /// The one after it.
    pub then: SomeEvents,
    /// How much later it may be.
    pub within: Length,
    /// Events of one of the kinds may have happened without being recorded: "no" is then unknown.
    pub open_world: bool,
}

/// Where a patient stands on a topic and channel.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ConsentLeaf {
    /// Granted now, or withdrawn now.
    pub state: Stance,
    /// About what.
    pub topic: Topic,
    /// By what way.
    pub channel: Channel,
}

/// A random part of all patients: see [`bucket_of`](crate::bucket_of).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct BucketLeaf {
    /// First bucket.
    pub from: u32,
    /// Last bucket.
    pub to: u32,
    /// Out of how many.
    pub of: u32,
    /// What makes one split independent of another.
    pub salt: String,
}
