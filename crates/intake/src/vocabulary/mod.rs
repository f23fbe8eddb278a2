//! Words of exports → words of the catalog. The same tables serve FHIR codes and CSV cells.
//!
//! A source that says "unknown" says nothing: the attribute is left out, so that `not (sex = female)` does not sweep
//! such patients in (DESIGN §4, unknown is not false).

mod language;
mod payer;
mod person;
mod place;

pub(crate) use language::language;
pub(crate) use payer::{payer_of_code, payer_of_text};
pub(crate) use person::{ethnicity, marital_status, race, races_joined, sex};
pub(crate) use place::{ZipCode, country, state, zip};

/// What a word means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Meaning {
    /// A word of the catalog.
    Is(String),
    /// The source says it does not know.
    Unknown,
    /// Not a word known here.
    NotUnderstood,
}

impl Meaning {
    pub(crate) fn is(self) -> Option<String> {
        match self {
            Meaning::Is(word) => Some(word),
            _ => None,
        }
    }
}

const UNKNOWNS: [&str; 14] = [
    "unk",
    "unknown",
    "u",
    "asku",
    "asked but unknown",
    "not reported",
    "refused",
    "declined",
    "declined to answer",
    "prefer not to say",
    "patient refused",
    "not specified",
    "ni",
    "na",
];

fn looked_up(text: &str, table: &[(&str, &[&str])]) -> Meaning {
    let lower = text.trim().to_lowercase().replace(['_', '-'], " ");
    for (word, spellings) in table {
        if word.replace('_', " ") == lower || spellings.contains(&lower.as_str()) {
            return Meaning::Is((*word).to_owned());
        }
    }
    if UNKNOWNS.contains(&lower.as_str()) { Meaning::Unknown } else { Meaning::NotUnderstood }
}
