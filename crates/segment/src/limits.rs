//! Every limit of the language, once.

/// Longest text, in bytes.
pub const TEXT_BYTES: usize = 64 * 1024;
/// Longest JSON, in bytes: what [`TEXT_BYTES`] of text can grow to.
pub const JSON_BYTES: usize = 16 * TEXT_BYTES;
/// How deep conditions may nest, `not` and parentheses included. JSON nests two levels for each, and serde_json stops
/// at 128.
pub const DEPTH: usize = 48;
/// How many nodes a tree may have: connectives, conditions, and tests on fields.
pub const NODES: usize = 2_000;
/// How many items a list may have.
pub const LIST_ITEMS: usize = 1_000;
/// Longest name or value, in bytes.
pub const WORD_BYTES: usize = 500;
/// Longest window.
pub const WINDOW_YEARS: u32 = 200;
/// Dates of the language lie in these years.
pub const YEARS: std::ops::RangeInclusive<i16> = 1000..=2999;
/// Most events that can be counted to.
pub const EVENT_COUNT: u32 = 100_000;
/// Most buckets a split can have.
pub const BUCKETS: u32 = 10_000;
/// Farthest that `zip within` reaches, in miles.
pub const MILES: f64 = 500.0;
/// How deep segments may be in segments.
pub const NESTED_SEGMENTS: usize = 16;
/// How many nodes a checked tree may have, each nested segment counted wherever it is named.
pub const CHECKED_NODES: usize = 20_000;
/// How many codes one condition may look for once its value sets are expanded.
pub const CODES: usize = 100_000;
/// After so many errors `check` stops looking.
pub const ERRORS: usize = 50;
/// Names longer than this get no did-you-mean.
pub const SUGGESTION_BYTES: usize = 64;
/// How much of a word an error message repeats, in characters.
pub const SHOWN_INPUT: usize = 40;
/// Longest stretch of a line shown with an error, in characters.
pub const SHOWN_COLUMNS: usize = 100;
/// How many different conditions a segment in SQL may have, nested segments included: each is a column, and SQLite's rows
/// have 2,000.
pub const SQL_CONDITIONS: usize = 1_000;
/// How many different tests on events' fields a segment in SQL may have.
pub const SQL_FIELD_TESTS: usize = 1_500;
/// How many steps a segment in SQL may take: one for each different nested segment, and for each part that is deep.
pub const SQL_STEPS: usize = 500;
/// How deep `and`, `or` and `not` may be in one expression of SQL. DataFusion 55 reads 20 levels of `not (…)`, refuses 30,
/// and did not come back from 46.
pub const SQL_DEPTH: usize = 8;
/// How many conditions on codes or events share a pass over their table: each takes up to four columns.
pub const SQL_CONDITIONS_AT_ONCE: usize = 300;
/// How many expressions one `and` or `or` of SQL joins before they are put in parentheses: databases limit how deep an
/// expression may be, and count each `and` as one level.
pub const SQL_JOINED: usize = 16;
