//! Why a row was rejected, or not taken whole. A stable code, a text for people, the field's name, the expected form;
//! never anything that stood in the row.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// A field, as FHIR or the CSV column names it. For CSV it can be a header of the file, see
/// [`Reason::UnknownColumn`].
pub type Field = Cow<'static, str>;

/// What a field should have held.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Expected {
    /// Text.
    Text,
    /// An id of letters, digits and punctuation.
    Id,
    /// A date or date and time.
    Time,
    /// A number.
    Number,
    /// Yes or no.
    Bool,
    /// One of the words the documentation lists.
    Word,
    /// A code with its system.
    Code,
    /// A list.
    List,
    /// An object.
    Object,
    /// A reference to a patient.
    Reference,
    /// A topic.
    Topic,
    /// A channel.
    Channel,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Expected::Text => "text of at most the documented length",
            Expected::Id => "an id without spaces, at most 200 characters",
            Expected::Time => "YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss",
            Expected::Number => "a number",
            Expected::Bool => "true or false",
            Expected::Word => "one of the documented words",
            Expected::Code => "a code with its system",
            Expected::List => "a list",
            Expected::Object => "an object",
            Expected::Reference => "a reference to a patient",
            Expected::Topic => "a topic: lower-case letters, digits, `_`, `-`",
            Expected::Channel => "email, sms, phone, post or portal",
        })
    }
}

/// Why an email address was dropped.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum EmailProblem {
    /// Not an address.
    Malformed,
    /// Of a form that cannot be delivered to.
    Undeliverable,
    /// Too long.
    TooLong,
    /// Stands for "has none".
    Placeholder,
}

/// Why.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Reason {
    /// The row is not UTF-8.
    NotUtf8,
    /// The line is not JSON, or names a member twice, or is nested too deep.
    NotJson,
    /// JSON, but no object.
    NotAnObject,
    /// No `resourceType`.
    NoResourceType,
    /// Longer than the limit.
    TooLong {
        /// The limit in bytes.
        limit: u64,
    },
    /// A needed field is absent or empty.
    Missing {
        /// Which.
        field: Field,
    },
    /// A field holds something else than expected.
    Bad {
        /// Which.
        field: Field,
        /// What was expected.
        expected: Expected,
    },
    /// The patient the row is about cannot be told: a conditional, contained or identifier-only reference.
    UnresolvedSubject,
    /// What the row is about (a medication) is said by a reference that leads nowhere in this import.
    UnresolvedReference {
        /// Which.
        field: Field,
    },
    /// Psychotherapy notes and SUD counseling notes are never taken (45 CFR 164.508(a)(2), 42 CFR 2.31(b)).
    ForbiddenNote,
    /// A modifier extension or implicit rules change the meaning in a way not known here.
    Modifier,
    /// A Bundle of a kind that is not imported (document, message, responses).
    BundleType,
    /// A Bundle with more entries than the limit.
    TooManyEntries {
        /// The limit.
        limit: u64,
    },
    /// Bundles in Bundles.
    TooDeep,
    /// The row has not as many fields as the header.
    ColumnCount {
        /// As many as the header has.
        expected: u32,
    },
    /// A quoted field is not closed.
    UnclosedQuote,
    /// An email address was dropped.
    Email {
        /// Why.
        problem: EmailProblem,
    },
    /// A state that is no US state, territory or their code.
    UnknownState,
    /// A ZIP code that is not five digits or ZIP+4.
    BadZip,
    /// The record replaces another that cannot be told, or is replaced by one.
    UnresolvedMerge,
    /// A text too long to be a value was left out.
    TextTooLong {
        /// Where.
        field: Field,
    },
    /// A column no rule names; its values are not imported.
    UnknownColumn {
        /// The header, if it looks like one; else its number.
        field: Field,
    },
    /// A column for an attribute that Discreet derives itself.
    DerivedColumn {
        /// Which.
        field: Field,
    },
    /// A deletion that cannot be carried out: of a coverage, or of a kind not imported.
    UnsupportedDelete,
    /// A mapped name was not found in its names file.
    UnknownName {
        /// The column.
        field: Field,
    },
}

impl Reason {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Reason::NotUtf8 => "not_utf8",
            Reason::NotJson => "not_json",
            Reason::NotAnObject => "not_an_object",
            Reason::NoResourceType => "no_resource_type",
            Reason::TooLong { .. } => "too_long",
            Reason::Missing { .. } => "missing_field",
            Reason::Bad { .. } => "bad_field",
            Reason::UnresolvedSubject => "unresolved_subject",
            Reason::UnresolvedReference { .. } => "unresolved_reference",
            Reason::ForbiddenNote => "forbidden_note",
            Reason::Modifier => "modifier_extension",
            Reason::BundleType => "bundle_type",
            Reason::TooManyEntries { .. } => "too_many_entries",
            Reason::TooDeep => "too_deep",
            Reason::ColumnCount { .. } => "column_count",
            Reason::UnclosedQuote => "unclosed_quote",
            Reason::Email { problem: EmailProblem::Malformed } => "email_malformed",
            Reason::Email { problem: EmailProblem::Undeliverable } => "email_undeliverable",
            Reason::Email { problem: EmailProblem::TooLong } => "email_too_long",
            Reason::Email { problem: EmailProblem::Placeholder } => "email_placeholder",
            Reason::UnknownState => "unknown_state",
            Reason::BadZip => "bad_zip",
            Reason::UnresolvedMerge => "unresolved_merge",
            Reason::TextTooLong { .. } => "text_too_long",
            Reason::UnknownColumn { .. } => "unknown_column",
            Reason::DerivedColumn { .. } => "derived_column",
            Reason::UnsupportedDelete => "unsupported_delete",
            Reason::UnknownName { .. } => "unknown_name",
        }
    }

    /// The field it is about, if it is about one.
    pub fn field(&self) -> Option<&str> {
        match self {
            Reason::Missing { field }
            | Reason::Bad { field, .. }
            | Reason::UnresolvedReference { field }
            | Reason::TextTooLong { field }
            | Reason::UnknownColumn { field }
            | Reason::DerivedColumn { field }
            | Reason::UnknownName { field } => Some(field),
            _ => None,
        }
    }

    pub(crate) fn missing(field: &'static str) -> Reason {
        Reason::Missing { field: Cow::Borrowed(field) }
    }

    pub(crate) fn bad(field: &'static str, expected: Expected) -> Reason {
        Reason::Bad { field: Cow::Borrowed(field), expected }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::NotUtf8 => f.write_str("not UTF-8 text"),
            Reason::NotJson => f.write_str("not valid JSON, a member named twice, or nested too deep"),
            Reason::NotAnObject => f.write_str("JSON, but not an object"),
            Reason::NoResourceType => f.write_str("no `resourceType`"),
            Reason::TooLong { limit } => write!(f, "longer than {limit} bytes"),
            Reason::Missing { field } => write!(f, "`{field}` is missing"),
            Reason::Bad { field, expected } => write!(f, "`{field}` is not {expected}"),
            Reason::UnresolvedSubject => f.write_str("cannot tell which patient this is about"),
            Reason::UnresolvedReference { field } => write!(f, "`{field}` refers to nothing in this import"),
            Reason::ForbiddenNote => {
                f.write_str("a psychotherapy or SUD counseling note; these are never imported")
            }
            Reason::Modifier => f.write_str("a modifier extension whose meaning is not known"),
            Reason::BundleType => {
                f.write_str("a Bundle that is no collection, searchset, transaction, batch or history")
            }
            Reason::TooManyEntries { limit } => write!(f, "a Bundle with more than {limit} entries"),
            Reason::TooDeep => f.write_str("Bundles within Bundles"),
            Reason::ColumnCount { expected } => write!(f, "not {expected} fields, as the header has"),
            Reason::UnclosedQuote => f.write_str("a quoted field that is not closed"),
            Reason::Email { problem } => f.write_str(match problem {
                EmailProblem::Malformed => "email address dropped: not an address",
                EmailProblem::Undeliverable => "email address dropped: a form that cannot be delivered to",
                EmailProblem::TooLong => "email address dropped: too long",
                EmailProblem::Placeholder => "email address dropped: a placeholder",
            }),
            Reason::UnknownState => f.write_str("state left out: not a US state or territory"),
            Reason::BadZip => f.write_str("ZIP code left out: not five digits or ZIP+4"),
            Reason::UnresolvedMerge => f.write_str("replaced by a record that cannot be told; set inactive"),
            Reason::TextTooLong { field } => write!(f, "`{field}` left out: too long to be a value"),
            Reason::UnknownColumn { field } => write!(f, "column {field} is not imported: no rule names it"),
            Reason::DerivedColumn { field } => {
                write!(f, "column `{field}` is not imported: Discreet derives it")
            }
            Reason::UnsupportedDelete => f.write_str("a deletion that cannot be carried out"),
            Reason::UnknownName { field } => write!(f, "`{field}` left out: not in its names file"),
        }
    }
}

/// Why a file was not read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum FileProblem {
    /// A CSV file of no known kind.
    UnknownKind,
    /// Required columns are not in the header.
    MissingColumns {
        /// Their names, as this software or the mapping calls them.
        names: Vec<String>,
    },
    /// Two columns with the same name, or two for the same thing.
    RepeatedColumn {
        /// The column of ours that would be filled twice.
        name: String,
    },
    /// More columns than the limit.
    TooManyColumns,
    /// A JSON array; expected NDJSON, a Bundle or one resource.
    JsonArray,
    /// Neither a JSON object nor several.
    NotJson,
    /// UTF-16; expected UTF-8.
    Utf16,
    /// Not UTF-8.
    NotUtf8,
    /// A `.json` file larger than the limit.
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// No header row.
    NoHeader,
}

impl FileProblem {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            FileProblem::UnknownKind => "unknown_kind",
            FileProblem::MissingColumns { .. } => "missing_columns",
            FileProblem::RepeatedColumn { .. } => "repeated_column",
            FileProblem::TooManyColumns => "too_many_columns",
            FileProblem::JsonArray => "json_array",
            FileProblem::NotJson => "not_json",
            FileProblem::Utf16 => "utf16",
            FileProblem::NotUtf8 => "not_utf8",
            FileProblem::TooLarge { .. } => "too_large",
            FileProblem::NoHeader => "no_header",
        }
    }
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FileProblem::UnknownKind => f.write_str(
                "a CSV file of no known kind; name it patients.csv, conditions.csv …, or use a mapping",
            ),
            FileProblem::MissingColumns { names } => {
                write!(f, "the header has no column {}", names.join(", "))
            }
            FileProblem::RepeatedColumn { name } => write!(f, "two columns for `{name}`"),
            FileProblem::TooManyColumns => f.write_str("more columns than the limit"),
            FileProblem::JsonArray => f.write_str("a JSON array; expected NDJSON, a Bundle or one resource"),
            FileProblem::NotJson => f.write_str("not JSON; expected NDJSON, a Bundle or one resource"),
            FileProblem::Utf16 => f.write_str("UTF-16 text; save it as UTF-8"),
            FileProblem::NotUtf8 => f.write_str("not UTF-8 text; save it as UTF-8"),
            FileProblem::TooLarge { limit } => write!(f, "larger than {limit} bytes; split it or use NDJSON"),
            FileProblem::NoHeader => f.write_str("no header row"),
        }
    }
}
