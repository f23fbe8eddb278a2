//! What segments are checked against: the catalog, saved value sets and segments, topics.

use crate::app::App;
use crate::error::{AppError, Result};
use crate::segments::{SegmentContent, ValueSetContent};
use discreet_domain::{Catalog, Code, Label, SegmentId};
use discreet_segment::english::Wording;
use discreet_segment::{Checked, CodePattern, Fingerprint, SavedSegment, Scope, ValueSet, ZipLookup};
use discreet_store::DocumentKind;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Everything names can mean, as of now.
pub(crate) struct Known {
    catalog: Arc<Catalog>,
    value_sets: BTreeMap<String, ValueSet>,
    segments: BTreeMap<String, SavedSegment>,
    topics: Vec<String>,
    editing: Option<SegmentId>,
    /// Names that may be suggested to whoever mistypes one: of segments that everybody may read.
    suggested: Vec<String>,
    names: HashMap<Code, String>,
}

impl App {
    /// Loads the scope. `editing`: the segment about to get a new version, which may not name itself.
    pub(crate) async fn scope(&self, editing: Option<SegmentId>) -> Result<Known> {
        let mut value_sets = BTreeMap::new();
        for set in self.documents::<ValueSetContent>(DocumentKind::ValueSet).await? {
            let hash: [u8; 32] = set.hash.try_into().map_err(|_| AppError::Form("a value set's hash"))?;
            let codes = set.content.patterns()?;
            value_sets.insert(
                folded(&set.content.name),
                ValueSet { label: set.label, hash: Fingerprint(hash), codes },
            );
        }
        let (mut segments, mut mild) = (BTreeMap::new(), Vec::new());
        for segment in self.documents::<SegmentContent>(DocumentKind::Segment).await? {
            let text = &segment.content.text;
            let parsed =
                discreet_segment::parse(text).map_err(|e| AppError::Syntax(Box::new(e), text.clone()))?;
            let saved = SavedSegment {
                id: SegmentId::from_uuid(segment.id),
                version: u32::try_from(segment.version).unwrap_or(u32::MAX),
                parsed: Arc::new(parsed),
            };
            let name = folded(&segment.content.name);
            if segment.label < Label::L3 {
                mild.push(name.clone());
            }
            segments.insert(name, saved);
        }
        let topics = self.settings().topics.into_keys().collect();
        let names = self.vocabulary().await?;
        let catalog = self.catalog();
        let suggested = Vec::new();
        let mut known = Known { catalog, value_sets, segments, topics, editing, suggested, names };
        // By the labels of now: one may have been raised since they were saved.
        mild.retain(|name| known.is_mild(name));
        known.suggested = mild;
        Ok(known)
    }
}

/// Whether a segment still means what it meant when it was saved, with the labels of then.
///
/// # Errors
/// It does not.
pub(crate) fn unchanged(checked: &Checked, hash: &[u8]) -> Result<()> {
    match checked.fingerprint().0.as_slice() == hash {
        true => Ok(()),
        false => Err(AppError::conflict(
            "the campaign's segment means something else than when it was saved (a value set, a nested segment or a label changed): save it again and make the campaign anew",
        )),
    }
}

impl Known {
    /// Whether everybody may read a saved segment. Not if it does not hold together any more.
    fn is_mild(&self, name: &str) -> bool {
        let checked = self.segments.get(name).map(|segment| segment.parsed.check(self));
        checked.is_some_and(|checked| checked.is_ok_and(|checked| checked.label() < Label::L3))
    }
    /// What codes are called.
    pub(crate) fn names(&self) -> &HashMap<Code, String> {
        &self.names
    }
    /// How careful to be with an attribute; `None` if the catalog has none of that name.
    pub(crate) fn attribute_label(&self, name: &str) -> Option<Label> {
        self.catalog.attribute(name).map(|attribute| attribute.label)
    }
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

impl Scope for Known {
    fn catalog(&self) -> &Catalog {
        &self.catalog
    }
    fn value_set(&self, name: &str) -> Option<ValueSet> {
        self.value_sets.get(&folded(name)).cloned()
    }
    fn segment(&self, name: &str) -> Option<SavedSegment> {
        self.segments.get(&folded(name)).cloned()
    }
    fn value_set_names(&self) -> Vec<String> {
        self.value_sets.keys().cloned().collect()
    }
    fn segment_names(&self) -> Vec<String> {
        self.suggested.clone()
    }
    fn topic_names(&self) -> Vec<String> {
        self.topics.clone()
    }
    fn topic(&self, _: &discreet_domain::Topic) -> Option<Label> {
        Some(Label::L1)
    }
    fn editing(&self) -> Option<SegmentId> {
        self.editing
    }
    fn zip_area(&self, zip: &str, miles: f64) -> ZipLookup {
        discreet_segment::places::places().area(zip, miles)
    }
}

impl Wording for Known {
    fn code(&self, code: &CodePattern) -> Option<String> {
        self.names.get(&code.code).cloned()
    }
}
