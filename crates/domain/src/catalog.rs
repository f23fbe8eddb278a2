//! The attribute catalog: every attribute, code kind and event kind, with type, label and basis. A segment, a template
//! and an import may name only what is here.

use crate::{Basis, CodeKind, Label};
use serde::{Deserialize, Serialize};

/// The type of an attribute or field.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Words, compared without regard to case.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Bool,
    /// A date or instant, perhaps partial.
    Date,
    /// A code.
    Code,
    /// A set of words.
    Set,
    /// A five-digit ZIP code, as text.
    Zip,
}

/// An attribute: one value, or one set, per patient.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Attribute {
    /// Its name in the segment language: lower case, `_` between words.
    pub name: String,
    /// For people.
    pub title: String,
    /// Its type.
    pub kind: Kind,
    /// How careful to be.
    pub label: Label,
    /// What it rests on.
    pub basis: Basis,
    /// The values it is known to take, for suggestions; others are allowed.
    pub values: Vec<String>,
}

/// A field of an event kind.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: Kind,
    /// The values it is known to take, for suggestions; others are allowed.
    pub values: Vec<String>,
}

/// A kind of event.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EventKind {
    /// Its name in the segment language.
    pub name: String,
    /// For people.
    pub title: String,
    /// How careful to be.
    pub label: Label,
    /// What it rests on.
    pub basis: Basis,
    /// Its fields.
    pub fields: Vec<Field>,
}

impl EventKind {
    /// A field by name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name == name)
    }
}

/// All that may be named. Starts from [`Catalog::builtin`]; an organization adds its own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Catalog {
    /// Attributes, by name.
    pub attributes: Vec<Attribute>,
    /// Event kinds, by name.
    pub events: Vec<EventKind>,
}

/// The attribute derived from `birth_date` on each day: whole years.
pub const AGE: &str = "age";
/// The attribute that age and birthdays derive from.
pub const BIRTH_DATE: &str = "birth_date";

impl Catalog {
    /// An attribute by name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.name == name)
    }
    /// An event kind by name.
    pub fn event(&self, name: &str) -> Option<&EventKind> {
        self.events.iter().find(|e| e.name == name)
    }
    /// The basis of a kind of code.
    pub const fn basis_of(_: CodeKind) -> Basis {
        Basis::Clinical
    }

    /// What every installation knows.
    pub fn builtin() -> Catalog {
        Catalog { attributes: attributes(), events: events() }
    }
}

const SEXES: &[&str] = &["female", "male", "other", "unknown"];
const PAYERS: &[&str] = &["commercial", "medicare", "medicaid", "dual", "va", "self_pay", "other"];
const MARITAL: &[&str] = &["married", "single", "divorced", "widowed", "separated", "partner", "unknown"];

type AttributeRow = (&'static str, &'static str, Kind, Label, Basis, &'static [&'static str]);

fn attributes() -> Vec<Attribute> {
    use Basis::{Demographic, Psychographic};
    use Kind::{Bool, Date, Number, Set, Text, Zip};
    use Label::{L1, L2};
    let rows: [AttributeRow; 22] = [
        (BIRTH_DATE, "Date of birth", Date, L1, Demographic, &[]),
        (AGE, "Age in years", Number, L1, Demographic, &[]),
        ("sex", "Sex", Text, L1, Demographic, SEXES),
        ("race", "Race", Text, L1, Demographic, &[]),
        ("ethnicity", "Ethnicity", Text, L1, Demographic, &["hispanic", "not_hispanic", "unknown"]),
        ("language", "Preferred language", Text, L1, Demographic, &["en", "es"]),
        ("marital_status", "Marital status", Text, L1, Demographic, MARITAL),
        ("city", "City", Text, L1, Demographic, &[]),
        ("county", "County", Text, L1, Demographic, &[]),
        ("state", "State", Text, L1, Demographic, &[]),
        ("zip", "ZIP code", Zip, L1, Demographic, &[]),
        ("country", "Country", Text, L1, Demographic, &[]),
        ("payer", "Kind of payer", Text, L2, Demographic, PAYERS),
        ("plan", "Insurance plan", Text, L2, Demographic, &[]),
        ("provider", "Primary care provider", Text, L2, Demographic, &[]),
        ("site", "Usual place of care", Text, L2, Demographic, &[]),
        ("has_email", "Has an email address", Bool, L1, Demographic, &[]),
        ("email_domain", "Email provider", Text, L1, Demographic, &[]),
        ("has_phone", "Has a telephone number", Bool, L1, Demographic, &[]),
        ("interests", "Interests", Set, L1, Psychographic, &[]),
        ("values", "Values", Set, L1, Psychographic, &[]),
        ("lifestyle", "Lifestyle", Set, L1, Psychographic, &[]),
    ];
    rows.into_iter()
        .map(|(name, title, kind, label, basis, values)| Attribute {
            name: name.to_owned(),
            title: title.to_owned(),
            kind,
            label,
            basis,
            values: owned(values),
        })
        .collect()
}

const APPOINTMENT_STATUS: &[&str] = &[
    "proposed",
    "pending",
    "booked",
    "arrived",
    "fulfilled",
    "cancelled",
    "no_show",
    "checked_in",
    "waitlist",
];
const ENCOUNTER_STATUS: &[&str] =
    &["planned", "arrived", "triaged", "in_progress", "on_leave", "finished", "cancelled", "unknown"];
const ENCOUNTER_CLASS: &[&str] = &[
    "ambulatory",
    "emergency",
    "inpatient",
    "virtual",
    "home",
    "observation",
    "wellness",
    "urgent_care",
    "outpatient",
    "hospice",
    "snf",
];

fn events() -> Vec<EventKind> {
    use Basis::{Appointment, Behavioral, Clinical};
    use Kind::{Code, Date, Number, Text};
    use Label::{L1, L2};
    let visit: &[(&str, Kind, &[&str])] = &[
        ("type", Text, &[]),
        ("provider", Text, &[]),
        ("site", Text, &[]),
        ("reason", Text, &[]),
        ("end", Date, &[]),
    ];
    let kind = |name: &str, title: &str, label, basis, fields: &[(&str, Kind, &[&str])]| EventKind {
        name: name.to_owned(),
        title: title.to_owned(),
        label,
        basis,
        fields: fields
            .iter()
            .map(|(name, kind, values)| Field {
                name: (*name).to_owned(),
                kind: *kind,
                values: owned(values),
            })
            .collect(),
    };
    let with = |first: &[(&'static str, Kind, &'static [&'static str])]| [first, visit].concat();
    vec![
        kind("appointment", "Appointment", L2, Appointment, &with(&[("status", Text, APPOINTMENT_STATUS)])),
        kind(
            "encounter",
            "Visit",
            L2,
            Appointment,
            &with(&[
                ("status", Text, ENCOUNTER_STATUS),
                ("class", Text, ENCOUNTER_CLASS),
                ("code", Code, &[]),
            ]),
        ),
        kind(
            "observation",
            "Result or measurement",
            L2,
            Clinical,
            &[
                ("code", Code, &[]),
                ("value", Number, &[]),
                ("unit", Text, &[]),
                ("text", Text, &[]),
                ("category", Text, &[]),
            ],
        ),
        kind("page_view", "Page view", L1, Behavioral, &[("page", Text, &[])]),
        kind("portal_login", "Portal login", L1, Behavioral, &[]),
        kind("email_open", "Email opened", L1, Behavioral, &[("campaign", Text, &[])]),
        kind(
            "email_click",
            "Email link clicked",
            L1,
            Behavioral,
            &[("campaign", Text, &[]), ("link", Text, &[])],
        ),
    ]
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|w| (*w).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_of_the_language_and_unique() {
        let catalog = Catalog::builtin();
        let mut names: Vec<&str> = catalog.attributes.iter().map(|a| a.name.as_str()).collect();
        names.extend(catalog.events.iter().map(|e| e.name.as_str()));
        for name in &names {
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{name}");
        }
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
