//! What people call the things that the language names.

use crate::pattern::CodePattern;
use discreet_domain::System;

/// What people call the things that the language names. Whoever has a catalog with titles, or a table of code names, says
/// them here.
pub trait Wording {
    /// An attribute: `birth_date` is "birth date".
    fn attribute(&self, name: &str) -> String {
        spaced(name)
    }
    /// One event of a kind: `page_view` is "page view".
    fn event(&self, name: &str) -> String {
        spaced(name)
    }
    /// Several events of a kind.
    fn events(&self, name: &str) -> String {
        plural(&self.event(name))
    }
    /// A field of a kind of event.
    fn field(&self, event: &str, name: &str) -> String {
        let _ = event;
        spaced(name)
    }
    /// What a code, or the stem of a subtree, stands for: "type 2 diabetes".
    fn code(&self, code: &CodePattern) -> Option<String> {
        let _ = code;
        None
    }
    /// A value set.
    fn value_set(&self, name: &str) -> String {
        format!("“{name}”")
    }
}

/// The names themselves, with spaces.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainWording;

impl Wording for PlainWording {}

fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

fn plural(word: &str) -> String {
    let vowel_before_y = word.ends_with("ay") || word.ends_with("ey") || word.ends_with("oy");
    match word.strip_suffix('y') {
        Some(stem) if !vowel_before_y => format!("{stem}ies"),
        _ if word.ends_with('s') || word.ends_with("ch") || word.ends_with("sh") => format!("{word}es"),
        _ => format!("{word}s"),
    }
}

/// "an appointment", "a page view"
pub(super) fn with_article(noun: &str) -> String {
    let vowel = noun.starts_with(|c: char| matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u'));
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

/// A code system as people write it.
pub(super) fn system(system: &System) -> &str {
    match system {
        System::Icd10 => "ICD-10",
        System::Snomed => "SNOMED CT",
        System::Loinc => "LOINC",
        System::RxNorm => "RxNorm",
        System::Cvx => "CVX",
        System::Cpt => "CPT",
        System::Hcpcs => "HCPCS",
        System::Ndc => "NDC",
        System::Local => "local code",
        System::Other(uri) => uri,
    }
}
