//! The tree as written: what text, JSON and the builder share. Nothing in it is resolved: an attribute is a name, a
//! value is a word, and only [`check`](crate::Parsed::check) knows whether `50` is a number or a ZIP code.
//!
//! Canonical form: `All` and `Any` have two children or more and none of their own kind. [`Parsed`](crate::Parsed)
//! holds trees of this form only; a tree built by hand becomes one through [`Parsed::from_expr`](crate::Parsed::from_expr).

use crate::pattern::Pattern;
use crate::span::Spanned;
use crate::window::{Length, Window};
use discreet_domain::{Channel, CodeKind, Topic};
use serde::{Deserialize, Serialize};

/// A name or value as written, without its quotes.
pub type Word = Spanned<String>;

/// A segment: conditions joined by and, or, not.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Expr {
    /// All hold.
    All(Vec<Expr>),
    /// At least one holds.
    Any(Vec<Expr>),
    /// It does not hold. Unknown stays unknown.
    Not(Box<Expr>),
    /// One condition.
    Leaf(Box<Spanned<Leaf>>),
}

/// One condition on a patient.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Leaf {
    /// `age in 50..74`: a test on an attribute.
    Attribute {
        /// Its name in the catalog.
        name: Word,
        /// The test.
        test: Test,
    },
    /// `missing language`: nothing is known. Always known itself.
    Missing {
        /// Its name in the catalog.
        name: Word,
    },
    /// `zip within 25 miles of 94110`
    Near {
        /// An attribute of ZIP type.
        name: Word,
        /// How far, as written.
        miles: Word,
        /// From the middle of which ZIP code.
        zip: Word,
    },
    /// `birthday in next 7 days`
    Birthday {
        /// `in last` or `in next`; anything else is refused by `check`.
        window: Spanned<Window>,
    },
    /// `has condition icd10:E11*`, `had procedure (cpt:77067, @mammogram) in last 730 days`
    Code {
        /// Whether it must be active now, or ever have been.
        tense: Tense,
        /// Of what kind.
        kind: CodeKind,
        /// One of these.
        codes: Vec<Spanned<Pattern>>,
        /// With its onset in this window.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        onset: Option<Spanned<Window>>,
    },
    /// `no appointment where status = fulfilled in last 12 months`: how many events there are.
    Events {
        /// How many.
        count: Count,
        /// The events counted.
        of: Events,
        /// At times in this window.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        window: Option<Spanned<Window>>,
    },
    /// `latest observation where code = loinc:4548-4 value > 9`: a test on one event. Unknown if there is none.
    Edge {
        /// Which.
        which: Edge,
        /// Of which events.
        of: Events,
        /// The test on that event.
        test: EdgeTest,
    },
    /// `any email_click in last 90 days then appointment where status = booked within 14 days`: one event, and another
    /// after it.
    Sequence {
        /// The first.
        first: Events,
        /// The first at a time in this window.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        window: Option<Spanned<Window>>,
        /// The one after it.
        then: Events,
        /// At most so much later.
        within: Length,
    },
    /// `has consent marketing by email`, `withdrew consent marketing by email`
    Consent {
        /// Granted now, or withdrawn now.
        state: Stance,
        /// About what.
        topic: Topic,
        /// By what way.
        channel: Channel,
    },
    /// `in segment "Asked for fewer emails"`
    Segment {
        /// Its name.
        name: Word,
    },
    /// `bucket 0..49 of 100 by "spring test"`: a stable random part of all patients.
    Bucket {
        /// First bucket.
        from: u32,
        /// Last bucket.
        to: u32,
        /// Out of how many.
        of: u32,
        /// What makes one split independent of another.
        salt: Word,
    },
}

/// Events of a kind, those that pass a filter.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Events {
    /// The kind's name in the catalog.
    pub kind: Word,
    /// `where …`
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<Filter>,
}

/// Tests on an event's fields, joined. The same canonical form as [`Expr`].
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Filter {
    /// All hold.
    All(Vec<Filter>),
    /// At least one holds.
    Any(Vec<Filter>),
    /// It does not hold. Unknown stays unknown.
    Not(Box<Filter>),
    /// `status = booked`
    Field {
        /// The field's name.
        name: Word,
        /// The test.
        test: Test,
    },
    /// `missing provider`: the event has no such value.
    Missing {
        /// The field's name.
        name: Word,
    },
}

/// A test on one value: of an attribute or of an event's field.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Test {
    /// `= female`, `>= 50`
    Compare {
        /// How.
        op: Op,
        /// With what.
        value: Word,
    },
    /// `in (CA, OR)`
    OneOf(Vec<Word>),
    /// `in 50..74`, `in 50..`, `in ..74`: both ends belong to it. At least one is there.
    Range {
        /// Smallest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Word>,
        /// Greatest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Word>,
    },
    /// `contains "family"`
    Contains(Word),
    /// `starts with Dr`
    StartsWith(Word),
    /// `has any (nutrition, walking)`
    Has {
        /// Any, all or none of them.
        quantity: Quantity,
        /// The words.
        values: Vec<Word>,
    },
    /// `in last 12 months`, `before 1980-01-01`
    Window(Spanned<Window>),
    /// `= loinc:4548-4`, `= @diabetes`
    IsCode(Spanned<Pattern>),
    /// `!= loinc:4548-4`
    IsNotCode(Spanned<Pattern>),
    /// `in (loinc:4548-4, @a1c)`
    CodeIn(Vec<Spanned<Pattern>>),
}

/// A comparison.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Op {
    /// `=`
    #[serde(rename = "=")]
    Equal,
    /// `!=`
    #[serde(rename = "!=")]
    NotEqual,
    /// `<`
    #[serde(rename = "<")]
    Less,
    /// `<=`
    #[serde(rename = "<=")]
    AtMost,
    /// `>`
    #[serde(rename = ">")]
    Greater,
    /// `>=`
    #[serde(rename = ">=")]
    AtLeast,
}

/// How many of a list a set must have.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// At least one.
    Any,
    /// Every one.
    All,
    /// Not one.
    None,
}

/// Now, or ever.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tense {
    /// `has`: active now, by [`CodeFact::is_active`](discreet_domain::CodeFact::is_active).
    Has,
    /// `had`: ever.
    Had,
}

/// How many events.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// `any`: one or more.
    Any,
    /// `no`: none.
    No,
    /// `at least n`, n from 1.
    AtLeast(u32),
    /// `at most n`.
    AtMost(u32),
    /// `exactly n`.
    Exactly(u32),
}

/// An end of a row of events.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edge {
    /// `latest`
    Latest,
    /// `first`
    First,
}

/// What is asked of the latest or first event.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum EdgeTest {
    /// Something about its fields: `value > 9`.
    Fields(Filter),
    /// Something about its time: `in last 30 days`.
    Time(Spanned<Window>),
}

/// Where a patient stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// `has consent`
    Granted,
    /// `withdrew consent`
    Withdrawn,
}
