//! The installation that random segments are checked against: the builtin catalog and a few things under fixed names.

use discreet_domain::{Catalog, Label, SegmentId, System};
use discreet_segment::checked::ZipArea;
use discreet_segment::{CodePattern, Fingerprint, SavedSegment, Scope, ValueSet, ZipLookup, parse};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};
use uuid::Uuid;

/// The builtin catalog, the value sets `@diabetes` and `@labs`, the segments `Engaged` and `Nested`, and places for four
/// ZIP codes.
#[derive(Debug)]
pub struct TestScope {
    catalog: Catalog,
}

/// There is only one.
pub fn scope() -> &'static TestScope {
    static SCOPE: LazyLock<TestScope> = LazyLock::new(|| TestScope { catalog: Catalog::builtin() });
    &SCOPE
}

/// ZIP codes with a place: miles along a line. Patients also have others.
const ZIPS: [(&str, f64); 4] = [("94110", 0.0), ("94103", 2.0), ("94601", 9.0), ("95814", 75.0)];

const SEGMENTS: [(&str, &str); 2] = [
    ("Engaged", "at least 2 email_click in last 90 days or any portal_login in last 1 month"),
    ("Nested", "not in segment Engaged and (sex = female or missing sex)"),
];

impl Scope for TestScope {
    fn catalog(&self) -> &Catalog {
        &self.catalog
    }
    fn value_set(&self, name: &str) -> Option<ValueSet> {
        let codes = match name {
            "diabetes" => {
                vec![CodePattern::under(System::Icd10, "E11"), CodePattern::exact(System::Icd10, "E10.1")]
            }
            "labs" => {
                vec![CodePattern::exact(System::Loinc, "4548-4"), CodePattern::under(System::Loinc, "23")]
            }
            _ => return None,
        };
        Some(ValueSet { label: Label::L2, hash: Fingerprint([1; 32]), codes })
    }
    fn segment(&self, name: &str) -> Option<SavedSegment> {
        let at = SEGMENTS.iter().position(|(known, _)| *known == name)?;
        let parsed = Arc::new(parse(SEGMENTS[at].1).expect("a fixed text reads"));
        Some(SavedSegment { id: SegmentId::from_uuid(Uuid::from_u128(at as u128 + 1)), version: 1, parsed })
    }
    fn zip_area(&self, zip: &str, miles: f64) -> ZipLookup {
        let Some((_, from)) = ZIPS.iter().find(|(known, _)| *known == zip) else {
            return ZipLookup::Unknown { meant: None };
        };
        let near = ZIPS.iter().filter(|(_, at)| (at - from).abs() <= miles);
        let inside: BTreeSet<String> = near.map(|(zip, _)| (*zip).to_owned()).collect();
        let known = Arc::new(ZIPS.iter().map(|(zip, _)| (*zip).to_owned()).collect());
        ZipLookup::Area { area: Arc::new(ZipArea { inside, known }), hash: Fingerprint([2; 32]) }
    }
}
