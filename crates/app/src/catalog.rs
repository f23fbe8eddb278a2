//! The catalog as this installation has it: what every installation knows, attributes of its own, and labels it raised.
//!
//! At stake: a label decides what may be sent, and who may be shown a number. So none falls below the one an attribute
//! began with, and taking back one that was raised is the privacy officer's alone. What a segment was checked against is
//! in its fingerprint: raise a label, and no campaign goes on with a segment that was saved before
//! ([`App::create_campaign`], `load_campaign`).

use crate::app::App;
use crate::error::{AppError, Result};
use crate::scope::unchanged;
use crate::segments::{SegmentContent, check};
use discreet_access::{Allowed, ListSegments, LowerLabel, ManageCatalog};
use discreet_audit::Event;
use discreet_domain::catalog::{AGE, Attribute, BIRTH_DATE, Kind};
use discreet_domain::{Actor, Basis, Catalog, Label, SegmentId, Timestamp};
use discreet_store::{DocumentKind, Lane, Reading};
use discreet_vault::{OrganizationKey, Place};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Attributes of its own that an installation has at most.
const MOST_OWN: usize = 100;
/// Longest name and longest title, in characters.
const LONGEST_NAME: usize = 40;
const LONGEST_TITLE: usize = 60;
/// The types an attribute of one's own may have.
pub const OWN_KINDS: [Kind; 5] = [Kind::Text, Kind::Number, Kind::Bool, Kind::Date, Kind::Set];
/// What it may rest on.
pub const OWN_BASES: [Basis; 4] =
    [Basis::Demographic, Basis::Behavioral, Basis::Psychographic, Basis::Clinical];
/// The labels there are to give: what is about patients, and what is not forbidden here.
pub const GIVEN: [Label; 4] = [Label::L1, Label::L2, Label::L3, Label::L4];

fn place(version: u64) -> Place<'static> {
    Place { table: "installation", row: 0, column: "catalog", version }
}

/// What an installation adds to the built-in catalog: sealed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Own {
    attributes: Vec<Attribute>,
    /// Labels that were raised, by the name of an attribute or a kind of event.
    labels: BTreeMap<String, Label>,
}

impl Own {
    /// The built-in catalog with the attributes of one's own, and no label raised.
    fn as_begun(&self) -> Catalog {
        let mut catalog = Catalog::builtin();
        for own in &self.attributes {
            // A later version of the program may have taken the name.
            if catalog.attribute(&own.name).is_none() {
                catalog.attributes.push(own.clone());
            }
        }
        catalog
    }
    fn whole(&self) -> Catalog {
        let mut catalog = self.as_begun();
        let raised = |name: &str, label: Label| self.labels.get(name).map_or(label, |own| label.max(*own));
        for attribute in &mut catalog.attributes {
            attribute.label = raised(&attribute.name, attribute.label);
        }
        for event in &mut catalog.events {
            event.label = raised(&event.name, event.label);
        }
        // An age tells the year of birth.
        let born = catalog.attribute(BIRTH_DATE).map(|attribute| attribute.label);
        if let (Some(born), Some(age)) = (born, catalog.attributes.iter_mut().find(|a| a.name == AGE)) {
            age.label = age.label.max(born);
        }
        catalog
    }
}

fn label_in(catalog: &Catalog, name: &str) -> Option<Label> {
    let attribute = catalog.attribute(name).map(|attribute| attribute.label);
    attribute.or_else(|| catalog.event(name).map(|event| event.label))
}

/// The catalog, in memory.
#[derive(Debug)]
pub(crate) struct Known(RwLock<Arc<Catalog>>);

/// What is stored, opened.
#[derive(Default)]
struct Loaded {
    own: Own,
    version: u64,
}

/// The catalog as stored.
async fn load(reading: &mut Reading, key: &OrganizationKey) -> Result<Loaded> {
    let Some((sealed, version)) = reading.own_catalog().await? else { return Ok(Loaded::default()) };
    let plain = key.open(place(version), &sealed)?;
    let own = serde_json::from_slice(&plain).map_err(|_| AppError::Form("the catalog"))?;
    Ok(Loaded { own, version })
}

/// The catalog of an installation that is opened.
pub(crate) async fn open(reading: &mut Reading, key: &OrganizationKey) -> Result<Known> {
    let loaded = load(reading, key).await?;
    Ok(Known(RwLock::new(Arc::new(loaded.own.whole()))))
}

/// A saved segment that means something else, or has another label, than when it was saved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StaleSegment {
    /// Which.
    pub id: SegmentId,
    /// Its name.
    pub name: String,
    /// Its label when it was saved.
    pub was: Label,
    /// Its label now.
    pub label: Label,
}

impl App {
    /// The catalog of this installation.
    pub fn catalog(&self) -> Arc<Catalog> {
        Arc::clone(&self.catalog.0.read().unwrap_or_else(PoisonError::into_inner))
    }
    /// Adds an attribute of this installation's own. Its type stays what it is: what is recorded of patients has it.
    ///
    /// # Errors
    /// Not in order, or there already; the database's.
    pub async fn add_attribute(
        &self,
        by: Allowed<ManageCatalog>,
        attribute: Attribute,
        now: Timestamp,
    ) -> Result<()> {
        let (name, label) = (attribute.name.clone(), attribute.label);
        self.change_catalog(by.actor(), now, |own| {
            check_attribute(&attribute, own)?;
            own.attributes.push(attribute);
            Ok(Event::AttributeAdded { attribute: name, label })
        })
        .await
    }
    /// Raises the label of an attribute or a kind of event.
    ///
    /// # Errors
    /// No such name, a label that is no higher; the database's.
    pub async fn raise_label(
        &self,
        by: Allowed<ManageCatalog>,
        name: &str,
        label: Label,
        now: Timestamp,
    ) -> Result<()> {
        self.set_label(by.actor(), name, label, now, |was, _| {
            (label > was)
                .then_some(())
                .ok_or("only a privacy officer takes a label back; choose a higher one")
        })
        .await
    }
    /// Takes back a label that was raised, down to the one it began with at most.
    ///
    /// # Errors
    /// No such name, a label that is no lower, or too low; the database's.
    pub async fn lower_label(
        &self,
        by: Allowed<LowerLabel>,
        name: &str,
        label: Label,
        now: Timestamp,
    ) -> Result<()> {
        self.set_label(by.actor(), name, label, now, |was, begun| match label {
            _ if label < begun => Err("it began with a higher label, and never falls below that"),
            _ if label >= was => Err("that is no lower label"),
            _ => Ok(()),
        })
        .await
    }
    async fn set_label(
        &self,
        by: Actor,
        name: &str,
        label: Label,
        now: Timestamp,
        may: impl FnOnce(Label, Label) -> std::result::Result<(), &'static str> + Send,
    ) -> Result<()> {
        if !GIVEN.contains(&label) {
            return Err(AppError::invalid("a label is one of L1 to L4"));
        }
        self.change_catalog(by, now, |own| {
            let was = label_in(&own.whole(), name).ok_or(AppError::NotFound("attribute"))?;
            let begun = label_in(&own.as_begun(), name).unwrap_or(was);
            may(was, begun).map_err(AppError::invalid)?;
            own.labels.insert(name.to_owned(), label);
            Ok(Event::LabelSet { name: name.to_owned(), was, label })
        })
        .await
    }
    async fn change_catalog(
        &self,
        by: Actor,
        now: Timestamp,
        change: impl FnOnce(&mut Own) -> Result<Event> + Send,
    ) -> Result<()> {
        let mut tx = self.store.begin(Lane::Receipt).await?;
        let Loaded { mut own, version } = load(&mut tx, &self.organization).await?;
        let event = change(&mut own)?;
        let version = version + 1;
        let plain = serde_json::to_vec(&own).map_err(|_| AppError::Form("the catalog"))?;
        if !tx.set_own_catalog(self.organization.seal(place(version), &plain)?, version).await? {
            return Err(AppError::Stale);
        }
        self.settle_one(tx, by, event, now).await?;
        *self.catalog.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(own.whole());
        Ok(())
    }
    /// Saved segments that mean something else by now, or have another label: until they are saved again, no campaign
    /// uses them.
    ///
    /// # Errors
    /// The database's.
    pub async fn stale_segments(&self, _by: Allowed<ListSegments>) -> Result<Vec<StaleSegment>> {
        let scope = self.scope(None).await?;
        let mut stale = Vec::new();
        for document in self.documents::<SegmentContent>(DocumentKind::Segment).await? {
            let Ok(checked) = check(&document.content.text, &scope) else { continue };
            if unchanged(&checked, &document.hash).is_err() {
                stale.push(StaleSegment {
                    id: SegmentId::from_uuid(document.id),
                    name: document.content.name,
                    was: document.label,
                    label: checked.label(),
                });
            }
        }
        Ok(stale)
    }
}

/// Whether an attribute can be added: its name is a word of the segment language and nobody else's.
fn check_attribute(attribute: &Attribute, own: &Own) -> Result<()> {
    let Attribute { name, title, kind, label, basis, .. } = attribute;
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.ends_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    if !plain || name.len() < 2 || name.len() > LONGEST_NAME {
        return Err(AppError::invalid(format!(
            "a name is 2 to {LONGEST_NAME} lower-case letters, with `_` between words"
        )));
    }
    if title.trim().is_empty() || title.chars().count() > LONGEST_TITLE || title.chars().any(char::is_control)
    {
        return Err(AppError::invalid(format!("a title is 1 to {LONGEST_TITLE} characters")));
    }
    if !OWN_KINDS.contains(kind) || !OWN_BASES.contains(basis) || !GIVEN.contains(label) {
        return Err(AppError::invalid("choose a type, what it rests on, and a label of L1 to L4"));
    }
    if *basis == Basis::Clinical && *label < Label::L2 {
        return Err(AppError::invalid("what is clinical is L2 at least"));
    }
    let catalog = own.as_begun();
    let columns = discreet_intake::table_of("patients");
    let is_column = columns.is_some_and(|spec| spec.columns().any(|column| column == name));
    if catalog.attribute(name).is_some() || catalog.event(name).is_some() || is_column {
        return Err(AppError::invalid("there is something of that name already"));
    }
    let said = [format!("missing {name}"), format!("{name} = \"x\"")];
    if said.iter().any(|text| discreet_segment::parse(text).is_err()) {
        return Err(AppError::invalid("that name means something else in the segment language"));
    }
    if own.attributes.len() >= MOST_OWN {
        return Err(AppError::invalid(format!("there can be {MOST_OWN} attributes of your own at most")));
    }
    Ok(())
}
