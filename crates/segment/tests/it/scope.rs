//! A scope for tests: the builtin catalog, two value sets, some saved segments, a small table of ZIP codes.

use discreet_domain::{Catalog, Label, SegmentId, System, Topic};
use discreet_segment::checked::ZipArea;
use discreet_segment::{CodePattern, Fingerprint, SavedSegment, Scope, ValueSet, ZipLookup, parse};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

pub struct World {
    pub catalog: Catalog,
    pub segments: BTreeMap<String, SavedSegment>,
    pub editing: Option<SegmentId>,
    pub zips: bool,
    /// Places are the built-in ones.
    pub places: bool,
}

impl World {
    pub fn new() -> World {
        let (catalog, segments) = (Catalog::builtin(), BTreeMap::new());
        let mut world = World { catalog, segments, editing: None, zips: true, places: false };
        world.save("Asked for fewer emails", "withdrew consent newsletter by email");
        world
    }

    pub fn save(&mut self, name: &str, text: &str) -> SegmentId {
        let id = SegmentId::from_uuid(Uuid::from_u128(self.segments.len() as u128 + 1));
        let parsed = Arc::new(parse(text).unwrap());
        self.segments.insert(name.to_owned(), SavedSegment { id, version: 1, parsed });
        id
    }
}

impl Scope for World {
    fn catalog(&self) -> &Catalog {
        &self.catalog
    }
    fn value_set(&self, name: &str) -> Option<ValueSet> {
        let (label, codes) = match name {
            "diabetes" => (
                Label::L2,
                vec![CodePattern::under(System::Icd10, "E10"), CodePattern::under(System::Icd10, "E11")],
            ),
            "a1c" => (Label::L2, vec![CodePattern::exact(System::Loinc, "4548-4")]),
            "our sensitive ones" => (Label::L4, vec![CodePattern::exact(System::Local, "x")]),
            "empty" => (Label::L2, vec![]),
            _ => return None,
        };
        Some(ValueSet { label, hash: Fingerprint([7; 32]), codes })
    }
    fn segment(&self, name: &str) -> Option<SavedSegment> {
        self.segments.get(name).cloned()
    }
    fn value_set_names(&self) -> Vec<String> {
        ["diabetes", "a1c", "our sensitive ones"].map(str::to_owned).to_vec()
    }
    fn segment_names(&self) -> Vec<String> {
        self.segments.keys().cloned().collect()
    }
    fn topic_names(&self) -> Vec<String> {
        vec!["marketing".to_owned(), "newsletter".to_owned()]
    }
    fn editing(&self) -> Option<SegmentId> {
        self.editing
    }
    fn topic(&self, topic: &Topic) -> Option<Label> {
        ["marketing", "newsletter"].contains(&topic.as_str()).then_some(Label::L1)
    }
    fn zip_area(&self, zip: &str, miles: f64) -> ZipLookup {
        let table: [(&str, f64); 4] = [("94110", 0.0), ("94103", 2.0), ("94601", 9.0), ("95814", 75.0)];
        if !self.zips {
            return ZipLookup::NoTable;
        }
        if self.places {
            return discreet_segment::places::places().area(zip, miles);
        }
        let Some((_, from)) = table.iter().find(|(known, _)| *known == zip) else {
            return ZipLookup::Unknown { meant: None };
        };
        let inside: BTreeSet<String> = table
            .iter()
            .filter(|(_, at)| (at - from).abs() <= miles)
            .map(|(zip, _)| (*zip).to_owned())
            .collect();
        let known = Arc::new(table.iter().map(|(zip, _)| (*zip).to_owned()).collect());
        ZipLookup::Area { area: Arc::new(ZipArea { inside, known }), hash: Fingerprint([9; 32]) }
    }
}
