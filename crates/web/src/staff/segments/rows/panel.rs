//! The panel that adds a condition: the kinds there are here, in sections, each with how careful to be with it.

use super::Kind;
use crate::staff::parts::{self, Badge};
use discreet_domain::catalog::{AGE, BIRTH_DATE};
use discreet_domain::{Catalog, CodeKind, Label};

/// Who somebody is.
const WHO: [&str; 17] = [
    AGE,
    "sex",
    "language",
    "state",
    "zip",
    "city",
    "county",
    "payer",
    "plan",
    "provider",
    "site",
    "marital_status",
    "race",
    "ethnicity",
    BIRTH_DATE,
    "has_email",
    "has_phone",
];
const VALUED: [&str; 3] = ["interests", "values", "lifestyle"];
const VISITS: [&str; 2] = ["appointment", "encounter"];
const DONE: [&str; 4] = ["portal_login", "page_view", "email_open", "email_click"];

/// A kind to choose.
#[derive(Debug)]
pub(crate) struct Choosable {
    pub(crate) kind: String,
    pub(crate) title: String,
    /// How careful to be, where it takes more care than its section.
    pub(crate) badge: Option<Badge>,
}

/// Kinds that belong together.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) title: &'static str,
    /// How careful to be with all of them.
    pub(crate) badge: Option<Badge>,
    pub(crate) kinds: Vec<Choosable>,
}

/// The badge of what takes more care than contact data does.
fn noted(label: Label) -> Option<Badge> {
    (label >= Label::L2).then(|| parts::badge(label))
}

impl Section {
    fn of(title: &'static str, kinds: Vec<(Kind, Label)>) -> Section {
        let least = kinds.iter().map(|(_, label)| *label).min().unwrap_or_default();
        let one = |(kind, label): (Kind, Label)| Choosable {
            title: kind.title(),
            kind: kind.to_string(),
            badge: if label > least { noted(label) } else { None },
        };
        Section { title, badge: noted(least), kinds: kinds.into_iter().map(one).collect() }
    }
}

/// The panel's sections, with the labels of this installation. Those of a code are its own; here stands the least.
pub(crate) fn sections(catalog: &Catalog) -> Vec<Section> {
    let attribute = |name: &&str| {
        let found = catalog.attribute(name)?;
        Some((Kind::Attribute(found.clone()), found.label))
    };
    let event = |name: &&str| {
        let found = catalog.event(name)?;
        Some((Kind::Event(found.clone()), found.label))
    };
    let latest = |name: &str| {
        let found = catalog.event(name)?;
        Some((Kind::Latest(found.clone()), found.label))
    };
    let attributes = |names: &[&str]| -> Vec<_> { names.iter().filter_map(attribute).collect() };
    let events = |names: &[&str]| -> Vec<_> { names.iter().filter_map(event).collect() };

    let mut who = attributes(&WHO);
    let born = catalog.attribute(BIRTH_DATE).map_or(Label::L1, |birth_date| birth_date.label);
    who.insert(who.len().min(1), (Kind::Birthday, born));
    let mut health: Vec<_> = CodeKind::ALL.into_iter().map(|kind| (Kind::Code(kind), Label::L2)).collect();
    health.extend(latest("observation"));
    let mut visits = events(&VISITS);
    visits.extend(latest("appointment"));
    let least = catalog.events.iter().map(|event| event.label).min();
    let after = least.map(|label| (Kind::Sequence(catalog.events.clone()), label));
    let mut done = events(&DONE);
    done.extend(after);
    let other = [Kind::Consent, Kind::Segment, Kind::Bucket, Kind::Text];
    let builtin = Catalog::builtin();
    let own: Vec<&str> = catalog.attributes.iter().map(|a| a.name.as_str()).collect();
    let own: Vec<&str> = own.into_iter().filter(|name| builtin.attribute(name).is_none()).collect();

    let mut all = vec![
        Section::of("Who they are", who),
        Section::of("Visits", visits),
        Section::of("Health", health),
        Section::of("What they do", done),
        Section::of("What they value", attributes(&VALUED)),
        Section::of("Your own", attributes(&own)),
        Section::of("Other", other.map(|kind| (kind, Label::L0)).into()),
    ];
    all.retain(|section| !section.kinds.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(catalog: &Catalog, title: &str) -> (String, Vec<String>) {
        let badge = |badge: &Option<Badge>| badge.as_ref().map_or_else(String::new, ToString::to_string);
        let all = sections(catalog);
        let section = all.iter().find(|section| section.title == title).unwrap();
        let kinds = section.kinds.iter().filter(|kind| kind.badge.is_some());
        (badge(&section.badge), kinds.map(|kind| kind.kind.clone()).collect())
    }

    #[test]
    fn labels_stand_once_where_all_share_one_and_beside_what_takes_more_care() {
        let mut catalog = Catalog::builtin();
        let (section, kinds) = noted(&catalog, "Who they are");
        assert!(section.is_empty() && kinds.contains(&"attribute-payer".to_owned()), "{kinds:?}");
        let (section, kinds) = noted(&catalog, "Visits");
        assert!(section.contains("L2") && kinds.is_empty(), "{section} {kinds:?}");
        assert!(!sections(&catalog).iter().any(|section| section.title == "Your own"));
        for event in catalog.events.iter_mut().filter(|event| event.name == "encounter") {
            event.label = Label::L3;
        }
        assert_eq!(noted(&catalog, "Visits").1, ["event-encounter"]);
    }
}
