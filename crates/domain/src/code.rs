//! Codes of clinical terminologies. Systems are kept by their canonical URI's short name, codes as given, displays apart.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a code says about the patient.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeKind {
    /// A problem or diagnosis.
    Condition,
    /// A prescription.
    Medication,
    /// Something done.
    Procedure,
    /// A vaccine given.
    Immunization,
    /// An allergy or intolerance.
    Allergy,
    /// A care plan followed.
    CarePlan,
}

impl CodeKind {
    /// All kinds.
    pub const ALL: [CodeKind; 6] = [
        CodeKind::Condition,
        CodeKind::Medication,
        CodeKind::Procedure,
        CodeKind::Immunization,
        CodeKind::Allergy,
        CodeKind::CarePlan,
    ];
    /// The word of the segment language.
    pub const fn name(self) -> &'static str {
        match self {
            CodeKind::Condition => "condition",
            CodeKind::Medication => "medication",
            CodeKind::Procedure => "procedure",
            CodeKind::Immunization => "immunization",
            CodeKind::Allergy => "allergy",
            CodeKind::CarePlan => "care_plan",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<CodeKind> {
        CodeKind::ALL.into_iter().find(|k| k.name() == text)
    }
}

/// A code system. The well-known ones have short names; any other keeps its URI.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum System {
    /// `icd10`: ICD-10-CM.
    Icd10,
    /// `snomed`: SNOMED CT.
    Snomed,
    /// `loinc`: LOINC.
    Loinc,
    /// `rxnorm`: RxNorm.
    RxNorm,
    /// `cvx`: CVX vaccine codes.
    Cvx,
    /// `cpt`: CPT (licensed: no text of it is ever shipped).
    Cpt,
    /// `hcpcs`: HCPCS.
    Hcpcs,
    /// `ndc`: NDC.
    Ndc,
    /// `local`: codes without a system.
    Local,
    /// Any other, by its URI.
    Other(String),
}

const SYSTEMS: [(System, &str, &str); 9] = [
    (System::Icd10, "icd10", "http://hl7.org/fhir/sid/icd-10-cm"),
    (System::Snomed, "snomed", "http://snomed.info/sct"),
    (System::Loinc, "loinc", "http://loinc.org"),
    (System::RxNorm, "rxnorm", "http://www.nlm.nih.gov/research/umls/rxnorm"),
    (System::Cvx, "cvx", "http://hl7.org/fhir/sid/cvx"),
    (System::Cpt, "cpt", "http://www.ama-assn.org/go/cpt"),
    (System::Hcpcs, "hcpcs", "http://terminology.hl7.org/CodeSystem/HCPCS-all-codes"),
    (System::Ndc, "ndc", "http://hl7.org/fhir/sid/ndc"),
    (System::Local, "local", ""),
];

/// Other spellings seen in exports: HL7 v2 table 0396 names, Synthea's CSV.
const ALIASES: [(&str, System); 14] = [
    ("i10", System::Icd10),
    ("i10c", System::Icd10),
    ("icd10cm", System::Icd10),
    ("icd-10", System::Icd10),
    ("icd-10-cm", System::Icd10),
    ("sct", System::Snomed),
    ("snomed-ct", System::Snomed),
    ("snomedct", System::Snomed),
    ("ln", System::Loinc),
    ("rxn", System::RxNorm),
    ("c4", System::Cpt),
    ("cpt4", System::Cpt),
    ("hcpc", System::Hcpcs),
    ("l", System::Local),
];

impl System {
    /// The short name of the segment language; the URI for systems that have none.
    pub fn name(&self) -> &str {
        match self {
            System::Other(uri) => uri,
            known => SYSTEMS.iter().find(|(s, ..)| s == known).map_or("", |(_, name, _)| name),
        }
    }
    /// The canonical URI; empty for [`System::Local`].
    pub fn uri(&self) -> &str {
        match self {
            System::Other(uri) => uri,
            known => SYSTEMS.iter().find(|(s, ..)| s == known).map_or("", |(.., uri)| uri),
        }
    }
    /// Reads a short name, an alias or a URI. Anything else is another system's URI.
    pub fn parse(text: &str) -> System {
        let text = text.trim();
        let lower = text.to_ascii_lowercase();
        let known = SYSTEMS.iter().find(|(_, name, uri)| *name == lower || (!uri.is_empty() && *uri == text));
        if let Some((system, ..)) = known {
            return system.clone();
        }
        match ALIASES.iter().find(|(alias, _)| *alias == lower) {
            Some((_, system)) => system.clone(),
            None if text.is_empty() => System::Local,
            None => System::Other(text.to_owned()),
        }
    }
    /// The systems with short names.
    pub fn known() -> impl Iterator<Item = System> {
        SYSTEMS.iter().map(|(system, ..)| system.clone())
    }
}

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A code in its system. The value is normalized on the way in: ICD-10-CM gets its dot and upper case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Code {
    /// The terminology.
    pub system: System,
    /// The code as that terminology writes it.
    pub value: String,
}

impl Code {
    /// Normalizes `value` as the system writes it: `e119` becomes `E11.9` in ICD-10-CM; others are only trimmed.
    pub fn new(system: System, value: &str) -> Code {
        let value = value.trim();
        let value = match system {
            System::Icd10 => dotted(value),
            _ => value.to_owned(),
        };
        Code { system, value }
    }
    /// Whether this code lies under `prefix` in `system`: `E11.9` under `E11`. The dot does not matter in ICD-10-CM.
    pub fn is_under(&self, system: &System, prefix: &str) -> bool {
        self.system == *system
            && self.value.starts_with(Code::new(system.clone(), prefix).value.trim_end_matches('.'))
    }
}

fn dotted(value: &str) -> String {
    let bare: String = value.chars().filter(|c| *c != '.').map(|c| c.to_ascii_uppercase()).collect();
    match bare.char_indices().nth(3) {
        Some((at, _)) => {
            let (category, rest) = bare.split_at(at);
            format!("{category}.{rest}")
        }
        None => bare,
    }
}

impl fmt::Display for Code {
    /// `icd10:E11.9`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.system, self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn icd10_gets_its_dot() {
        for given in ["E119", "e11.9", " E11.9 "] {
            assert_eq!(Code::new(System::Icd10, given).to_string(), "icd10:E11.9");
        }
        assert_eq!(Code::new(System::Icd10, "I10").value, "I10");
        assert_eq!(Code::new(System::Loinc, "4548-4").value, "4548-4");
    }

    #[test]
    fn subtree_ignores_the_dot() {
        let code = Code::new(System::Icd10, "E11.65");
        for (prefix, under) in
            [("E11", true), ("E11.", true), ("E116", true), ("E11.6", true), ("E1", true), ("E12", false)]
        {
            assert_eq!(code.is_under(&System::Icd10, prefix), under, "{prefix}");
        }
        assert!(!code.is_under(&System::Snomed, "E11"));
    }

    #[test]
    fn systems_read_short_names_aliases_and_uris() {
        assert_eq!(System::parse("SNOMED-CT"), System::Snomed);
        assert_eq!(System::parse("http://loinc.org"), System::Loinc);
        assert_eq!(System::parse(""), System::Local);
        assert_eq!(System::parse("urn:x"), System::Other("urn:x".into()));
        for system in System::known() {
            assert_eq!(System::parse(system.name()), system);
        }
    }
}
