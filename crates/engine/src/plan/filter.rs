//! Tests on an event's fields, joined.

use super::Setting;
use super::value::{BoundValue, ValueCheck};
use crate::column::{Column, Type};
use crate::lexicon::{EventFields, Values};
use crate::part::EventTable;
use discreet_segment::checked::EventFilter;
use discreet_segment::truth::{self, Truth};

pub(crate) enum FilterCheck<'i> {
    All(Vec<FilterCheck<'i>>),
    Any(Vec<FilterCheck<'i>>),
    Not(Box<FilterCheck<'i>>),
    Field { name: Option<u32>, check: ValueCheck<'i> },
    Missing { name: Option<u32>, kind: Type },
}

impl<'i> FilterCheck<'i> {
    /// `fields`: those met so far in events of the kind.
    pub fn new(filter: &EventFilter, fields: Option<&EventFields>, setting: Setting<'i>) -> FilterCheck<'i> {
        let part = |part: &EventFilter| FilterCheck::new(part, fields, setting);
        let find = |name: &str| -> Option<(u32, &Values)> { fields?.0.find(name) };
        match filter {
            EventFilter::All(parts) => FilterCheck::All(parts.iter().map(part).collect()),
            EventFilter::Any(parts) => FilterCheck::Any(parts.iter().map(part).collect()),
            EventFilter::Not(inner) => FilterCheck::Not(Box::new(part(inner))),
            EventFilter::Field(field) => {
                let found = find(&field.name);
                FilterCheck::Field {
                    name: found.map(|(number, _)| number),
                    check: ValueCheck::new(&field.test, found.map(|(_, values)| values), setting),
                }
            }
            EventFilter::Missing { name, kind } => FilterCheck::Missing {
                name: find(name).map(|(number, _)| number),
                kind: Type::of_kind(*kind),
            },
        }
    }
    /// The filter over the events of one block.
    pub fn bind<'p>(&'p self, table: &'p EventTable) -> BoundFilter<'p> {
        let all = |parts: &'p [FilterCheck<'i>]| parts.iter().map(|part| part.bind(table)).collect();
        match self {
            FilterCheck::All(parts) => BoundFilter::All(all(parts)),
            FilterCheck::Any(parts) => BoundFilter::Any(all(parts)),
            FilterCheck::Not(part) => BoundFilter::Not(Box::new(part.bind(table))),
            FilterCheck::Field { name, check } => BoundFilter::Field(check.bind(table.fields(), *name)),
            FilterCheck::Missing { name, kind } => {
                BoundFilter::Missing(name.and_then(|name| table.fields().find(name, *kind)))
            }
        }
    }
}

pub(crate) enum BoundFilter<'p> {
    All(Vec<BoundFilter<'p>>),
    Any(Vec<BoundFilter<'p>>),
    Not(Box<BoundFilter<'p>>),
    Field(BoundValue<'p>),
    /// `None`: no event of the block has the field.
    Missing(Option<&'p Column>),
}

impl BoundFilter<'_> {
    /// Whether an event passes.
    pub fn truth(&self, event: usize) -> Truth {
        match self {
            BoundFilter::Field(value) => value.truth(event),
            BoundFilter::Not(part) => truth::not(part.truth(event)),
            BoundFilter::All(parts) => truth::all(parts.iter().map(|part| part.truth(event))),
            BoundFilter::Any(parts) => truth::any(parts.iter().map(|part| part.truth(event))),
            BoundFilter::Missing(column) => Some(!column.is_some_and(|column| column.has(event))),
        }
    }
}

/// A filter that may not be there: everything passes then.
pub(crate) fn passes(filter: Option<&BoundFilter<'_>>, event: usize) -> Truth {
    filter.map_or(Some(true), |filter| filter.truth(event))
}
