//! How careful to be: sensitivity labels and segmentation bases.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Sensitivity of an attribute, code, segment, template or message. Labels only ever rise by combination: the label
/// of a whole is the greatest of its parts, negated parts included (`not hiv` reveals HIV).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub enum Label {
    /// Not PHI: configuration.
    #[default]
    L0,
    /// Demographic and contact data.
    L1,
    /// General clinical, appointment and billing data.
    L2,
    /// Sensitive: mental health, HIV/STI, reproductive, genetic, substance use outside Part 2, abuse, minors' services.
    L3,
    /// Restricted: 42 CFR Part 2 records, records under an agreed restriction (45 CFR 164.522(a)).
    L4,
    /// Forbidden here: psychotherapy notes, SUD counseling notes.
    L5,
}

impl Label {
    /// All labels, least careful first.
    pub const ALL: [Label; 6] = [Label::L0, Label::L1, Label::L2, Label::L3, Label::L4, Label::L5];

    /// `"L0"` … `"L5"`.
    pub const fn name(self) -> &'static str {
        match self {
            Label::L0 => "L0",
            Label::L1 => "L1",
            Label::L2 => "L2",
            Label::L3 => "L3",
            Label::L4 => "L4",
            Label::L5 => "L5",
        }
    }
    /// What it means, in words for people.
    pub const fn meaning(self) -> &'static str {
        match self {
            Label::L0 => "not about patients",
            Label::L1 => "demographic or contact",
            Label::L2 => "general clinical, appointment or billing",
            Label::L3 => "sensitive",
            Label::L4 => "restricted",
            Label::L5 => "forbidden",
        }
    }
    /// Reads `"L2"`.
    pub fn parse(text: &str) -> Option<Label> {
        Label::ALL.into_iter().find(|l| l.name() == text)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a condition of a segment rests on: shown to the reviewer beside the label.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Age, sex, place, language, payer …
    Demographic,
    /// What a person did: portal visits, page views, clicks.
    Behavioral,
    /// Interests, values, lifestyle.
    Psychographic,
    /// Conditions, medications, procedures, results, care plans.
    Clinical,
    /// Past and coming visits.
    Appointment,
    /// What a person agreed to.
    Consent,
}

impl Basis {
    /// The word shown to people.
    pub const fn name(self) -> &'static str {
        match self {
            Basis::Demographic => "demographic",
            Basis::Behavioral => "behavioral",
            Basis::Psychographic => "psychographic",
            Basis::Clinical => "clinical",
            Basis::Appointment => "appointment",
            Basis::Consent => "consent",
        }
    }
}
