//! Resources that are not about patients but tell what references lead to: names of practitioners, organizations and
//! places, codes of medications.

use super::elements::{Concept, HumanName, Reference};
use super::lax::{Element, Lax, Many, Text, objects};
use super::reference::{is_id, urn};
use super::row::Row;
use crate::limits::LONGEST_WORD;
use crate::text;
use serde::Deserialize;
use std::borrow::Cow;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Named<'a> {
    #[serde(borrow)]
    id: Lax<Text<'a>>,
    #[serde(borrow)]
    name: Lax<NameOf<'a>>,
    #[serde(borrow)]
    practitioner: Lax<Reference<'a>>,
    #[serde(borrow)]
    code: Lax<Concept<'a>>,
}

objects!(Named);

/// `name`: a string of organizations and places, a list of names of practitioners.
enum NameOf<'a> {
    Text(Cow<'a, str>),
    People(Many<HumanName<'a>>),
}

impl<'de: 'a, 'a> Element<'de> for NameOf<'a> {
    fn text(text: Cow<'de, str>) -> Option<Self> {
        Some(NameOf::Text(text))
    }
    fn list<A: serde::de::SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
        Ok(Many::list(list)?.map(NameOf::People))
    }
}

/// Whether resources of this type are looked up rather than imported.
pub(crate) fn is_lookup(kind: &str) -> bool {
    matches!(kind, "Practitioner" | "PractitionerRole" | "Organization" | "Location" | "Medication")
}

/// Remembers what a resource is called, or its codes. One that cannot be read is no loss but of a name.
pub(crate) fn remember(kind: &str, json: &str, full_url: &str, row: &mut Row<'_, '_>) {
    let Ok(named) = serde_json::from_str::<Named<'_>>(json) else { return };
    let id = Some(named.id.text()).filter(|id| is_id(id)).or_else(|| urn(full_url));
    let Some(id) = id else { return };
    if kind == "Medication" {
        let codes = named.code.good().map(|code| row.codings(code)).unwrap_or_default();
        if !codes.is_empty() {
            row.desk.directory.put_medication(id, codes);
        }
        return;
    }
    let name = match named.name.good() {
        Some(NameOf::Text(name)) => text::clean_owned(name, LONGEST_WORD),
        Some(NameOf::People(names)) => names.0.iter().filter_map(Lax::good).find_map(person),
        None => named.practitioner.good().and_then(|who| row.called(who, &["Practitioner"])),
    };
    if let Some(name) = name {
        row.desk.directory.put_name(kind, id, name);
    }
}

fn person(name: &HumanName<'_>) -> Option<String> {
    let given = name.given.each().map(|g| g.0.as_ref());
    let parts: Vec<&str> =
        given.chain(std::iter::once(name.family.text())).filter(|p| !p.is_empty()).collect();
    let whole = if parts.is_empty() { name.text.text().to_owned() } else { parts.join(" ") };
    text::clean_owned(&whole, LONGEST_WORD)
}
