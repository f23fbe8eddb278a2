//! Every limit of this crate, once. What is larger is refused with a reason, never cut off in silence.

/// Longest NDJSON line, in bytes. A document with an attachment can be this long; a fact never is.
pub const LONGEST_LINE: usize = 32 << 20;
/// Largest `.json` file (a Bundle or one resource), in bytes: it is held in memory whole.
pub const LARGEST_DOCUMENT: usize = 256 << 20;
/// Most entries of one Bundle.
pub const MOST_ENTRIES: usize = 200_000;
/// How deep Bundles may lie in Bundles.
pub const DEEPEST_BUNDLE: u32 = 2;
/// Most elements read of one JSON list inside a resource; a longer list counts as unreadable.
pub const MOST_ELEMENTS: usize = 1_000;
/// Longest CSV row, in bytes; a quote that is never closed is found by it.
pub const LONGEST_ROW: usize = 1 << 20;
/// Most columns of a CSV file.
pub const MOST_COLUMNS: usize = 500;
/// Rejected rows are kept for correction up to this size, in bytes; of longer ones only the place is known.
pub const RAW_KEPT: usize = 256 << 10;

/// Longest identifier (FHIR allows 64), in bytes.
pub const LONGEST_ID: usize = 200;
/// Longest code, in bytes.
pub const LONGEST_CODE: usize = 100;
/// Longest code system URI, in bytes.
pub const LONGEST_SYSTEM: usize = 300;
/// Longest display of a code kept, in bytes.
pub const LONGEST_DISPLAY: usize = 300;
/// Longest word or name kept as a value: names, places, plans, providers, in bytes.
pub const LONGEST_WORD: usize = 200;
/// Longest text of a result kept, in bytes. What is longer is a note, not a value, and is left out.
pub const LONGEST_TEXT: usize = 500;
/// Longest evidence text of a consent, in bytes.
pub const LONGEST_EVIDENCE: usize = 4_000;
/// Longest field before it is even cleaned: a street, an email cell, in bytes.
pub const LONGEST_FIELD: usize = 2_000;

/// Most codes kept of one concept.
pub const MOST_CODES: usize = 20;
/// Most identifiers kept of one patient.
pub const MOST_IDENTIFIERS: usize = 50;
/// Most email addresses kept of one patient.
pub const MOST_EMAILS: usize = 10;
/// Most telephone numbers kept of one patient.
pub const MOST_PHONES: usize = 10;
/// Most words of one set.
pub const MOST_WORDS: usize = 200;

/// Most code displays told apart; after so many no further ones are yielded.
pub const MOST_NAMES: usize = 500_000;
/// Most practitioners, organizations, places and medications remembered, so that references to them can be resolved.
pub const MOST_DIRECTORY: usize = 200_000;
/// Most files read from one folder.
pub const MOST_FILES: usize = 100_000;
/// How deep folders are walked.
pub const DEEPEST_FOLDER: u32 = 8;
/// Largest mapping file, in bytes.
pub const LARGEST_MAPPING: usize = 1 << 20;

/// The limits a caller, or a test, may lower.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// See [`LONGEST_LINE`].
    pub line: usize,
    /// See [`LARGEST_DOCUMENT`].
    pub document: usize,
    /// See [`MOST_ENTRIES`].
    pub entries: usize,
    /// See [`LONGEST_ROW`].
    pub row: usize,
    /// See [`MOST_NAMES`].
    pub names: usize,
    /// See [`MOST_DIRECTORY`].
    pub directory: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            line: LONGEST_LINE,
            document: LARGEST_DOCUMENT,
            entries: MOST_ENTRIES,
            row: LONGEST_ROW,
            names: MOST_NAMES,
            directory: MOST_DIRECTORY,
        }
    }
}
