//! The tree: each different condition becomes a column, and the rest is `and`, `or` and `not`, which in SQL are Kleene's.
//! A nested segment, and a part of the tree that is too deep for one expression, becomes a column of its own: a *step*.

use super::codes::Codes;
use super::event::Events;
use super::gather::{Columns, Values};
use super::literal::{all, any, text};
use super::time::Clock;
use super::{LowerError, Lowered, Split, birth};
use crate::ast::Stance;
use crate::checked::{BucketLeaf, ConsentLeaf, Leaf, Nested, Node};
use crate::limits::{SQL_CONDITIONS, SQL_DEPTH, SQL_STEPS};
use discreet_domain::catalog::Kind;
use std::collections::{BTreeSet, HashMap};

/// An expression over a row `s` of conditions and steps, and how deep it is.
struct Term {
    sql: String,
    depth: usize,
}

/// What is gathered on the way through a tree.
pub struct Lowering<'s> {
    clock: Clock<'s>,
    attributes: Values,
    consents: Columns,
    buckets: Columns,
    codes: Codes,
    events: Events,
    splits: BTreeSet<Split>,
    /// Of a row of the joined tables.
    conditions: Vec<String>,
    known: HashMap<&'s Leaf, usize>,
    /// Of a row of conditions and the steps before.
    steps: Vec<String>,
    nested: HashMap<&'s Nested, usize>,
}

impl<'s> Lowering<'s> {
    /// Nothing yet.
    pub fn new(clock: Clock<'s>) -> Lowering<'s> {
        Lowering {
            clock,
            attributes: Values {
                rows: Columns::new("known_attributes", "attributes", "patient"),
                words: Columns::new("known_words", "attribute_words", "patient"),
            },
            consents: Columns::new("known_consents", "consents", "patient"),
            buckets: Columns::new("known_buckets", "buckets", "patient"),
            codes: Codes::default(),
            events: Events::new(),
            splits: BTreeSet::new(),
            conditions: Vec::new(),
            known: HashMap::new(),
            steps: Vec::new(),
            nested: HashMap::new(),
        }
    }

    /// The whole query.
    pub fn lower(mut self, root: &'s Node) -> Result<Lowered, LowerError> {
        let truth = self.node(root)?.sql;
        let mut tables: Vec<String> = self.columns().into_iter().filter_map(Columns::table).collect();
        tables.extend(self.codes.tables());
        tables.extend(self.events.tables());
        tables.push(self.joined());
        let mut last = "conditions".to_owned();
        for (at, step) in self.steps.iter().enumerate() {
            tables.push(format!("steps_{at} as (select s.*, {step} as step_{at} from {last} s)"));
            last = format!("steps_{at}");
        }
        let tables = tables.join(",\n");
        let sql = format!(
            "with\n{tables}\nselect s.patient, {truth} as truth\nfrom {last} s\norder by s.patient\n"
        );
        Ok(Lowered { sql, splits: self.splits })
    }

    /// Joins with a row for each patient, or none where nothing is known.
    fn columns(&self) -> [&Columns; 4] {
        [&self.attributes.rows, &self.attributes.words, &self.consents, &self.buckets]
    }
    fn joined(&self) -> String {
        let used = self.columns().into_iter().filter_map(|columns| columns.used().map(str::to_owned));
        let names = used.chain(self.codes.names()).chain(self.events.names());
        let joins: String =
            names.map(|name| format!("\n  left join {name} on {name}.patient = p.patient")).collect();
        let conditions: Vec<String> =
            self.conditions.iter().enumerate().map(|(at, sql)| format!("{sql} as condition_{at}")).collect();
        format!(
            "conditions as (\n  select p.patient,\n    {}\n  from patients p{joins}\n)",
            conditions.join(",\n    ")
        )
    }

    fn node(&mut self, node: &'s Node) -> Result<Term, LowerError> {
        let term = match node {
            Node::All(parts) => self.nodes(parts, all)?,
            Node::Any(parts) => self.nodes(parts, any)?,
            Node::Not(part) => {
                let Term { sql, depth } = self.node(part)?;
                Term { sql: format!("not ({sql})"), depth: depth + 1 }
            }
            Node::Leaf(leaf) => Term { sql: format!("s.condition_{}", self.condition(leaf)?), depth: 0 },
            Node::Segment(nested) => Term { sql: format!("s.step_{}", self.segment(nested)?), depth: 0 },
        };
        if term.depth < SQL_DEPTH {
            return Ok(term);
        }
        Ok(Term { sql: format!("s.step_{}", self.step(term.sql)?), depth: 0 })
    }
    fn nodes(&mut self, parts: &'s [Node], join: fn(Vec<String>) -> String) -> Result<Term, LowerError> {
        let terms: Vec<Term> = parts.iter().map(|part| self.node(part)).collect::<Result<_, _>>()?;
        let depth = terms.iter().map(|term| term.depth).max().unwrap_or(0) + 1;
        Ok(Term { sql: join(terms.into_iter().map(|term| term.sql).collect()), depth })
    }

    /// A column of its own for a part of the tree.
    fn step(&mut self, sql: String) -> Result<usize, LowerError> {
        let at = self.steps.len();
        if at >= SQL_STEPS {
            return Err(LowerError::TooLarge);
        }
        self.steps.push(sql);
        Ok(at)
    }
    /// That of a nested segment, once for all the places that name it.
    fn segment(&mut self, nested: &'s Nested) -> Result<usize, LowerError> {
        if let Some(at) = self.nested.get(nested) {
            return Ok(*at);
        }
        let term = self.node(&nested.root)?;
        let at = self.step(term.sql)?;
        self.nested.insert(nested, at);
        Ok(at)
    }

    fn condition(&mut self, leaf: &'s Leaf) -> Result<usize, LowerError> {
        if let Some(at) = self.known.get(leaf) {
            return Ok(*at);
        }
        let sql = self.leaf(leaf)?;
        let at = self.conditions.len();
        if at >= SQL_CONDITIONS || self.events.too_many() {
            return Err(LowerError::TooLarge);
        }
        self.conditions.push(sql);
        self.known.insert(leaf, at);
        Ok(at)
    }

    fn leaf(&mut self, leaf: &Leaf) -> Result<String, LowerError> {
        let clock = self.clock;
        match leaf {
            Leaf::Attribute { name, test } => self.attributes.test(name, test, clock),
            Leaf::Missing { name, kind } => self.attributes.missing(name, *kind),
            Leaf::Age(test) => self.of_birth(&birth::age(test, clock, "r")),
            Leaf::Birthday(window) => self.of_birth(&birth::birthday(*window, clock, "r")),
            Leaf::Code(code) => self.codes.condition(code, clock),
            Leaf::Events(events) => self.events.count(events, clock),
            Leaf::Edge(edge) => self.events.edge(edge, clock),
            Leaf::Consent(consent) => self.consent(consent),
            Leaf::Bucket(bucket) => self.bucket(bucket),
            Leaf::Sequence(_) => Err(LowerError::Sequence),
        }
    }

    fn of_birth(&mut self, test: &str) -> Result<String, LowerError> {
        self.attributes.of_row("birth_date", Kind::Date, test)
    }

    fn consent(&mut self, leaf: &ConsentLeaf) -> Result<String, LowerError> {
        let stands = match leaf.state {
            Stance::Granted => "r.granted",
            Stance::Withdrawn => "not r.granted",
        };
        let (topic, channel) = (text(leaf.topic.as_str())?, text(leaf.channel.name())?);
        let column = self.consents.column(format!(
            "max(case when r.topic = {topic} and r.channel = {channel} and {stands} then 1 else 0 end)"
        ));
        Ok(format!("coalesce({column}, 0) = 1"))
    }

    fn bucket(&mut self, leaf: &BucketLeaf) -> Result<String, LowerError> {
        let (salt, parts) = (text(&leaf.salt)?, leaf.of);
        let column = self
            .buckets
            .column(format!("max(case when r.salt = {salt} and r.parts = {parts} then r.bucket end)"));
        self.splits.insert(Split { salt: leaf.salt.clone(), parts });
        Ok(format!("({column} >= {} and {column} <= {})", leaf.from, leaf.to))
    }
}
