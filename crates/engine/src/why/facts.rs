//! The facts that decide a condition for one patient.

use super::{Fact, Tracer};
use crate::column::{Datum, Type};
use crate::insight::shown;
use crate::lexicon::Values;
use crate::limits::WHY_FACTS;
use crate::part::EventTable;
use crate::plan::{CodeCheck, LeafPlan, SequenceCheck};
use crate::record::Stand;
use discreet_domain::catalog::BIRTH_DATE;
use discreet_segment::bucket_of;
use discreet_segment::checked::{
    BucketLeaf, CodeLeaf, ConsentLeaf, EdgeLeaf, EdgeQuestion, EventFilter, Leaf, SequenceLeaf, SomeEvents,
};
use discreet_segment::truth::Truth;
use std::collections::BTreeSet;

impl Tracer<'_> {
    /// The facts, and how many there are beyond those.
    pub(super) fn facts(&self, leaf: &Leaf, plan: &LeafPlan<'_>) -> (Vec<Fact>, usize) {
        let mut facts = match (leaf, plan) {
            (Leaf::Attribute { name, .. } | Leaf::Missing { name, .. }, _) => vec![self.attribute(name)],
            (Leaf::Age(_) | Leaf::Birthday(_), _) => vec![self.attribute(BIRTH_DATE)],
            (Leaf::Code(leaf), LeafPlan::Codes(check)) => self.codes(leaf, check),
            (Leaf::Events(leaf), LeafPlan::Count(check)) => {
                let asked = fields_of([leaf.filter.as_ref()]);
                check.bind(self.view.part).map_or_else(Vec::new, |bound| {
                    let events = bound.table.events(self.slot).filter(|event| !bound.table.is_hidden(*event));
                    let counted = events.map(|event| (event, bound.matches(event)));
                    let counted = counted.filter(|(_, counts)| *counts != Some(false));
                    self.events(&leaf.kind, bound.table, counted, &asked)
                })
            }
            (Leaf::Edge(leaf), LeafPlan::Edge(check)) => {
                let asked = fields_of_edge(leaf);
                check.bind(self.view.part).map_or_else(Vec::new, |bound| {
                    let events = bound.candidates(self.slot, false).map(|event| (event, bound.passes(event)));
                    self.events(&leaf.kind, bound.table, events, &asked)
                })
            }
            (Leaf::Sequence(leaf), LeafPlan::Sequence(check)) => self.sequence(leaf, check),
            (Leaf::Consent(leaf), _) => vec![self.consent(leaf)],
            (Leaf::Bucket(leaf), _) => self.bucket(leaf).into_iter().collect(),
            _ => Vec::new(),
        };
        let more = facts.len().saturating_sub(WHY_FACTS);
        facts.truncate(WHY_FACTS);
        (facts, more)
    }

    fn attribute(&self, name: &str) -> Fact {
        let found = self.setting.lexicon.attributes.find(name);
        let value = found.and_then(|(number, values)| {
            let datum = self.view.part.attributes().of(number).find_map(|column| column.get(self.slot))?;
            Some(said(&datum, values))
        });
        Fact::Attribute { name: name.to_owned(), value }
    }
    /// Those with a code that was looked for.
    fn codes(&self, leaf: &CodeLeaf, check: &CodeCheck<'_>) -> Vec<Fact> {
        let Some(table) = self.view.part.codes(leaf.kind) else {
            return Vec::new();
        };
        let seen = table.facts(self.slot).filter(|fact| !table.is_hidden(*fact) && check.wants(table, *fact));
        seen.map(|fact| {
            let codes = self.setting.lexicon.concepts.get(table.concept(fact));
            Fact::Code {
                kind: leaf.kind,
                codes: codes.map_or_else(Vec::new, |codes| codes.to_vec()),
                onset: table.onset(fact).map(|onset| onset.when()),
                end: table.end(fact).map(|end| end.when()),
                counts: check.counts(table, fact),
            }
        })
        .collect()
    }
    fn events(
        &self,
        kind: &str,
        table: &EventTable,
        events: impl Iterator<Item = (usize, Truth)>,
        asked: &BTreeSet<&str>,
    ) -> Vec<Fact> {
        let known = self.setting.lexicon.events.find(kind).map(|(_, fields)| fields);
        let codes = |event: usize| {
            let data = table.fields().data(event).filter_map(|(number, datum)| match datum {
                Datum::Code(id) => known?.0.get(number)?.codes.get(id).map(|code| code.as_ref().clone()),
                _ => None,
            });
            data.collect()
        };
        let fields = |event: usize| {
            let data = table.fields().data(event).filter_map(|(number, datum)| {
                let (name, values) = (known?.0.name(number), known?.0.get(number)?);
                asked.contains(name).then(|| (name.to_owned(), said(&datum, values)))
            });
            data.collect()
        };
        events
            .filter_map(|(event, counts)| {
                let at = table.time(event)?.when();
                let (fields, codes) = (fields(event), codes(event));
                Some(Fact::Event { kind: kind.to_owned(), at, fields, codes, counts })
            })
            .collect()
    }
    /// Those that can be the first, then those that can be the one after it: where both are of one kind, one event may be
    /// named twice.
    fn sequence(&self, leaf: &SequenceLeaf, check: &SequenceCheck<'_>) -> Vec<Fact> {
        let Some(bound) = check.bind(self.view.part) else {
            return Vec::new();
        };
        let side = |events: &SomeEvents, table: &EventTable, counts: &dyn Fn(usize) -> Truth| {
            let asked = fields_of([events.filter.as_ref()]);
            let seen = table.events(self.slot).filter(|event| !table.is_hidden(*event));
            let seen = seen.map(|event| (event, counts(event))).filter(|(_, counts)| *counts != Some(false));
            self.events(&events.kind, table, seen, &asked)
        };
        let mut facts = side(&leaf.first, bound.first.table, &|event| bound.begins(event));
        facts.extend(side(&leaf.then, bound.then.table, &|event| bound.follows(event)));
        facts
    }
    fn consent(&self, leaf: &ConsentLeaf) -> Fact {
        let about = self.setting.lexicon.consents.find(&(leaf.topic.clone(), leaf.channel));
        let stand = about.and_then(|about| self.view.part.stand(about, self.slot));
        Fact::Consent { granted: stand.map(|stand| stand == Stand::Granted) }
    }
    fn bucket(&self, leaf: &BucketLeaf) -> Option<Fact> {
        let patient = self.view.patient(self.slot)?;
        Some(Fact::Bucket { number: bucket_of(patient, &leaf.salt, leaf.of), of: leaf.of })
    }
}

/// A value in words.
fn said(datum: &Datum, values: &Values) -> String {
    match datum {
        Datum::Text(id) => shown(values, (Type::Text, *id)),
        Datum::Code(id) => shown(values, (Type::Code, *id)),
        Datum::Number(number) => number.to_string(),
        Datum::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Datum::Time(moment) => moment.when().to_string(),
        Datum::Set(words) => {
            let mut words: Vec<String> = words.iter().map(|id| shown(values, (Type::Text, *id))).collect();
            words.sort_unstable();
            words.join(", ")
        }
    }
}

/// The fields that filters ask about.
fn fields_of<'l>(filters: impl IntoIterator<Item = Option<&'l EventFilter>>) -> BTreeSet<&'l str> {
    let mut names = BTreeSet::new();
    let mut open: Vec<&EventFilter> = filters.into_iter().flatten().collect();
    while let Some(filter) = open.pop() {
        match filter {
            EventFilter::All(parts) | EventFilter::Any(parts) => open.extend(parts),
            EventFilter::Not(part) => open.push(part),
            EventFilter::Field(field) => _ = names.insert(field.name.as_str()),
            EventFilter::Missing { name, .. } => _ = names.insert(name.as_str()),
        }
    }
    names
}

fn fields_of_edge(leaf: &EdgeLeaf) -> BTreeSet<&str> {
    let question = match &leaf.question {
        EdgeQuestion::Fields(filter) => Some(filter),
        EdgeQuestion::Time(_) => None,
    };
    fields_of([leaf.filter.as_ref(), question])
}

/// What a condition is about, in a word or two.
pub(super) fn about(leaf: &Leaf) -> String {
    match leaf {
        Leaf::Attribute { name, .. } | Leaf::Missing { name, .. } => name.replace('_', " "),
        Leaf::Age(_) => "age".to_owned(),
        Leaf::Birthday(_) => "birthday".to_owned(),
        Leaf::Code(leaf) => leaf.kind.name().replace('_', " "),
        Leaf::Events(leaf) => leaf.kind.replace('_', " "),
        Leaf::Edge(leaf) => leaf.kind.replace('_', " "),
        Leaf::Sequence(leaf) => format!("{} and then {}", leaf.first.kind, leaf.then.kind).replace('_', " "),
        Leaf::Consent(leaf) => format!("consent to {} by {}", leaf.topic, leaf.channel.name()),
        Leaf::Bucket(_) => "random part".to_owned(),
    }
}
