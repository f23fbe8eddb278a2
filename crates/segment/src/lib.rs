//! The segment language: conditions on patients as text, as JSON and in English.
//!
//! ```text
//! age in 50..74 and sex = female and state in (CA, OR)
//! and has condition icd10:E11*                                   # any code under E11, not resolved
//! and no appointment where status = fulfilled in last 12 months
//! and not (any appointment where status = booked in next 14 days)
//! and (at least 2 email_click in last 90 days or interests has any (nutrition, walking))
//! and latest observation where code = loinc:4548-4 value > 9
//! and any email_click in last 90 days then appointment where status = booked within 14 days
//! and has consent marketing by email and not in segment "Asked for fewer emails"
//! ```
//!
//! # Phases
//!
//! [`parse`] → [`Parsed`] (a tree whose parts know their place in the text) → [`Parsed::check`] against a [`Scope`] (the
//! catalog, value sets, saved segments) → [`Checked`] (names resolved, values typed, labelled). Only a `Checked` can be
//! evaluated, and evaluating it cannot fail. What a segment *means* is written in [`semantics`], once, for every
//! evaluator.
//!
//! Text and JSON round-trip exactly: [`Parsed`] prints its canonical text, [`Parsed::to_json`] and
//! [`Parsed::from_json`] are inverse. English ([`english`]) is written, never read, and so is SQL ([`sql`]). Pure: no I/O,
//! no clock; every limit is in [`limits`]. Input of any kind gives a tree or an error, in time about linear in its length.
//!
//! # Grammar
//!
//! ```text
//! segment   = either END
//! either    = both { "or" both }
//! both      = unary { "and" unary }
//! unary     = "not" unary | "(" either ")" | leaf
//!
//! leaf      = name test                                            # an attribute
//!           | "missing" name
//!           | name "within" number ( "miles" | "mile" ) "of" value # a ZIP code near another
//!           | "birthday" "in" ( "last" | "next" ) length
//!           | ( "has" | "had" ) code_kind patterns [ window ]      # active now | ever; onset in the window
//!           | ( "has" | "withdrew" ) "consent" value "by" channel
//!           | count name [ "where" filter ] [ window ]             # events of a kind
//!           | "any" name [ "where" filter ] [ window ] "then" name [ "where" filter ] "within" length
//!           | ( "latest" | "first" ) name [ "where" filter ] ( window | filter_unary )
//!           | "in" "segment" value
//!           | "bucket" number ".." number "of" number "by" value
//!
//! test      = ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) value | ( "=" | "!=" ) pattern
//!           | "in" "(" value { "," value } ")" | "in" "(" pattern { "," pattern } ")"
//!           | "in" value ".." [ value ] | "in" ".." value          # no space after the dots
//!           | "contains" value | "starts" "with" value
//!           | "has" ( "any" | "all" | "none" ) "(" value { "," value } ")"
//!           | window
//! count     = "any" | "no" | "at" "least" number | "at" "most" number | "exactly" number
//! filter    = filter_both { "or" filter_both }
//! filter_both  = filter_unary { "and" filter_unary }
//! filter_unary = "not" filter_unary | "(" filter ")" | "missing" name | name test
//! window    = "in" "last" length | "in" "next" length | "more" "than" length "ago"
//!           | "before" date | "after" date | "between" date "and" date
//! length    = number ( "hours" | "days" | "weeks" | "months" | "years" )    # or singular
//! patterns  = pattern | "(" pattern { "," pattern } ")"
//! pattern   = "@" value                                            # a named value set
//!           | system ":" ( code [ "*" ] | "*" )                    # one code, or with * all that begin with it
//! system    = "icd10" | "snomed" | "loinc" | "rxnorm" | "cvx" | "cpt" | "hcpcs" | "ndc" | "local" | a URI in quotes
//! code_kind = "condition" | "medication" | "procedure" | "immunization" | "allergy" | "care_plan"
//! channel   = "email" | "sms" | "phone" | "post" | "portal"
//!
//! value     = word | '"' text '"'         # in quotes: \" \\ \n \t
//! word      = letters, digits, `_`, `-`, `.`; keywords are lower case, so `OR` is a value and `or` is not
//! name      = a word of letters, digits and `_` that no condition begins with
//! date      = YYYY-MM-DD
//! comment   = "#" … end of line
//! ```
//!
//! `and` binds tighter than `or`. A `where` takes every `and` and `or` that a test on a field follows; a window ends it, and
//! so does a condition that cannot be one on a field (`… where status = booked and has condition …`). To end it elsewhere,
//! put the events in parentheses.

pub mod ast;
pub mod checked;
pub mod english;
pub mod limits;
pub mod outline;
pub mod places;
pub mod sql;
pub mod truth;

mod birthday;
mod bucket;
mod check;
mod error;
mod fingerprint;
mod format;
mod json;
mod measure;
mod normal;
mod parse;
mod parsed;
mod pattern;
mod render;
mod scope;
mod span;
mod suggest;
mod window;
mod words;

#[doc = include_str!("../SEMANTICS.md")]
pub mod semantics {}

pub use birthday::{anniversary, birthday_within};
pub use bucket::bucket_of;
pub use check::OPEN_WORLD_EVENTS;
pub use checked::{Checked, fold};
pub use error::{CheckError, CheckErrorKind, Hint, SyntaxError};
pub use fingerprint::{Fingerprint, FingerprintError};
pub use parsed::{Parsed, parse};
pub use pattern::{CodePattern, Pattern};
pub use scope::{SavedSegment, Scope, ValueSet, ZipLookup};
pub use span::{Span, Spanned};
pub use window::{Bounds, Length, Unit, Window};
