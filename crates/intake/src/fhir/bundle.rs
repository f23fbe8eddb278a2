//! Bundles: which entries there are, where they stand, and what their `fullUrl`s mean.

use super::elements::Meta;
use super::lax::{Element, Lax, Text, objects};
use super::reference::{BundleIndex, Target, is_id, target, urn};
use super::row::labels;
use super::{Typed, resource_type};
use crate::limits::MOST_ENTRIES;
use crate::reason::{Expected, Reason};
use crate::security::Effect;
use serde::Deserialize;
use serde::de::{IgnoredAny, SeqAccess};
use serde_json::value::RawValue;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Raw<'a> {
    #[serde(borrow)]
    meta: Lax<Meta<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Lax<Text<'a>>,
    #[serde(borrow)]
    entry: Lax<Entries<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RawEntry<'a> {
    #[serde(borrow)]
    full_url: Lax<Text<'a>>,
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
    #[serde(borrow)]
    request: Lax<Request<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Request<'a> {
    #[serde(borrow)]
    method: Lax<Text<'a>>,
    #[serde(borrow)]
    url: Lax<Text<'a>>,
}

objects!(RawEntry, Request);

struct Entries<'a> {
    list: Vec<Lax<RawEntry<'a>>>,
    more: bool,
}

impl<'de: 'a, 'a> Element<'de> for Entries<'a> {
    fn list<A: SeqAccess<'de>>(mut from: A) -> Result<Option<Self>, A::Error> {
        let mut list = Vec::new();
        while list.len() < MOST_ENTRIES {
            match from.next_element()? {
                Some(entry) => list.push(entry),
                None => return Ok(Some(Entries { list, more: false })),
            }
        }
        let mut more = false;
        while from.next_element::<IgnoredAny>()?.is_some() {
            more = true;
        }
        Ok(Some(Entries { list, more }))
    }
}

/// One entry.
pub(crate) struct Entry<'a> {
    /// Its number, from 1.
    pub number: u32,
    /// Its `fullUrl`; may be empty.
    pub full_url: String,
    pub what: What<'a>,
}

/// What an entry asks for.
pub(crate) enum What<'a> {
    /// A resource, there to be imported.
    Resource(&'a str),
    /// The deletion of a resource.
    Delete { kind: String, id: String },
    /// The deletion of something that cannot be told.
    DeleteUnknown,
    /// Nothing: a search, a patch, no resource.
    Nothing,
    /// Not an object.
    Bad,
}

/// A Bundle.
pub(crate) struct Bundle<'a> {
    pub entries: Vec<Entry<'a>>,
    pub index: BundleIndex,
    /// Its own labels restrict all that is in it.
    pub restricted: bool,
}

/// Reads a Bundle's entries, oldest version first, and what their `fullUrl`s mean.
pub(crate) fn read(json: &str, most: usize) -> Result<Bundle<'_>, Reason> {
    let raw: Raw<'_> = serde_json::from_str(json).map_err(|_| Reason::NotJson)?;
    let effect = raw.meta.good().map_or(Effect::None, |meta| labels(&meta.security));
    if effect == Effect::Psychotherapy {
        return Err(Reason::ForbiddenNote);
    }
    let kind = raw.kind.text();
    if !matches!(kind, "collection" | "searchset" | "transaction" | "batch" | "history") {
        return Err(Reason::BundleType);
    }
    let list = match raw.entry {
        Lax::Absent => Vec::new(),
        Lax::Bad => return Err(Reason::bad("entry", Expected::List)),
        Lax::Good(entries) if entries.more || entries.list.len() > most => {
            return Err(Reason::TooManyEntries { limit: most as u64 });
        }
        Lax::Good(entries) => entries.list,
    };
    let mut entries: Vec<Entry<'_>> =
        (1..).zip(list).map(|(number, entry)| understood(number, entry)).collect();
    let index = indexed(&entries);
    if kind == "history" {
        // Newest first, as the specification has it; the last record read must be the newest.
        entries.reverse();
    }
    Ok(Bundle { entries, index, restricted: effect >= Effect::Restricted || raw.meta.is_bad() })
}

fn understood<'a>(number: u32, entry: Lax<RawEntry<'a>>) -> Entry<'a> {
    let Lax::Good(entry) = entry else {
        return Entry { number, full_url: String::new(), what: What::Bad };
    };
    let request = entry.request.good();
    let method = request.map_or("", |r| r.method.text());
    let what = match (method, entry.resource) {
        ("DELETE", _) => match target(request.map_or("", |r| r.url.text()), None) {
            Target::Resource { kind: Some(kind), id } => {
                What::Delete { kind: kind.to_owned(), id: id.to_owned() }
            }
            _ => What::DeleteUnknown,
        },
        ("GET" | "HEAD" | "PATCH", _) | (_, None) => What::Nothing,
        (_, Some(resource)) => What::Resource(resource.get()),
    };
    Entry { number, full_url: entry.full_url.text().to_owned(), what }
}

fn indexed(entries: &[Entry<'_>]) -> BundleIndex {
    let mut index = BundleIndex::default();
    for entry in entries.iter().filter(|e| !e.full_url.is_empty()) {
        let What::Resource(json) = entry.what else { continue };
        let Ok(typed) = serde_json::from_str::<Typed<'_>>(json) else { continue };
        let id = Some(typed.id.text()).filter(|id| is_id(id)).or_else(|| urn(&entry.full_url));
        if let Some(id) = id {
            index.put(&entry.full_url, typed.resource_type.text(), id);
        }
    }
    index
}

/// Whether an entry only tells what references lead to, and of what type it is.
pub(crate) fn lookup_type<'e>(entry: &Entry<'e>) -> Option<(String, &'e str)> {
    let What::Resource(json) = entry.what else { return None };
    let kind = resource_type(json).ok()??.into_owned();
    super::lookup::is_lookup(&kind).then_some((kind, json))
}
