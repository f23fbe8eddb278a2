//! What a segment is checked against.

use crate::checked::ZipArea;
use crate::fingerprint::Fingerprint;
use crate::parsed::Parsed;
use crate::pattern::CodePattern;
use discreet_domain::{Catalog, Label, SegmentId, Topic};
use std::sync::Arc;

/// Everything outside the text that names can mean. The answers must not change during one `check`; to look at an old
/// version of a segment again, answer with what its pins name.
pub trait Scope {
    /// Attributes and event kinds.
    fn catalog(&self) -> &Catalog;
    /// A value set by name.
    fn value_set(&self, name: &str) -> Option<ValueSet>;
    /// A saved segment by name.
    fn segment(&self, name: &str) -> Option<SavedSegment>;

    /// Names of value sets, for suggestions.
    fn value_set_names(&self) -> Vec<String> {
        Vec::new()
    }
    /// Names of saved segments, for suggestions.
    fn segment_names(&self) -> Vec<String> {
        Vec::new()
    }
    /// Names of topics, for suggestions.
    fn topic_names(&self) -> Vec<String> {
        Vec::new()
    }
    /// The saved segment that the text is to become a new version of: it may not be named in it, directly or through
    /// others.
    fn editing(&self) -> Option<SegmentId> {
        None
    }
    /// The label of a topic; `None` if there is no such topic. Where topics are not managed, every one is L1.
    fn topic(&self, topic: &Topic) -> Option<Label> {
        let _ = topic;
        Some(Label::L1)
    }
    /// The ZIP codes whose middle is at most so many miles from the middle of `zip`, that one included.
    fn zip_area(&self, zip: &str, miles: f64) -> ZipLookup {
        let _ = (zip, miles);
        ZipLookup::NoTable
    }
}

/// Codes under one name.
#[derive(Clone, Debug)]
pub struct ValueSet {
    /// Its own label; the segment's is at least this and that of each code.
    pub label: Label,
    /// The hash of its content.
    pub hash: Fingerprint,
    /// Its codes.
    pub codes: Vec<CodePattern>,
}

/// A segment as it was saved.
#[derive(Clone, Debug)]
pub struct SavedSegment {
    /// Which.
    pub id: SegmentId,
    /// Which version.
    pub version: u32,
    /// Its text, parsed.
    pub parsed: Arc<Parsed>,
}

/// What is known about the surroundings of a ZIP code.
#[derive(Clone, Debug)]
pub enum ZipLookup {
    /// This installation has no table of ZIP codes.
    NoTable,
    /// The table does not have this one.
    Unknown {
        /// One that may have been meant.
        meant: Option<String>,
    },
    /// The area.
    Area {
        /// The ZIP codes inside, and all known ones.
        area: Arc<ZipArea>,
        /// The hash of the table.
        hash: Fingerprint,
    },
}
