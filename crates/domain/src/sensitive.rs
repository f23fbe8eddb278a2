//! Which codes are sensitive. A first table by public ICD-10-CM chapters and a few codes of other systems; an
//! organization's value sets and departments add to it, never take away.

use crate::{Label, System};

/// ICD-10-CM ranges that are sensitive (RULES: SUD F10–F19, mental and behavioural F00–F99, HIV B20 and Z21, STI
/// A50–A64, reproductive N96–N98, O00–O9A, Z30–Z39, genetic Z14–Z15, abuse T74, T76).
const ICD10_L3: [(&str, &str); 13] = [
    ("A50", "A64"),
    ("B20", "B20"),
    ("F01", "F99"),
    ("N96", "N98"),
    ("O00", "O9A"),
    ("R75", "R75"),
    ("T74", "T74"),
    ("T76", "T76"),
    ("Z11", "Z11"),
    ("Z14", "Z15"),
    ("Z20", "Z21"),
    ("Z30", "Z39"),
    ("Z72", "Z72"),
];

/// Codes of other systems that are sensitive, exact.
const OTHERS_L3: [(System, &[&str]); 3] = [
    (
        System::Snomed,
        &["86406008", "370143000", "35489007", "7200002", "66590003", "77386006", "72892002", "6525002"],
    ),
    (System::Loinc, &["7917-8", "56888-1", "44261-6", "55758-7", "2106-3", "2118-8"]),
    (System::RxNorm, &["6813", "1819", "7242"]),
];

/// The label of a code, or of the subtree under it when `subtree`: the greatest of anything it can mean. What is on no
/// list is general clinical data, L2.
pub fn label_of(system: &System, value: &str, subtree: bool) -> Label {
    let sensitive = match system {
        System::Icd10 => icd10_is_sensitive(value, subtree),
        other => OTHERS_L3
            .iter()
            .filter(|(s, _)| s == other)
            .flat_map(|(_, codes)| codes.iter())
            .any(|code| *code == value || (subtree && code.starts_with(value))),
    };
    if sensitive { Label::L3 } else { Label::L2 }
}

fn icd10_is_sensitive(value: &str, subtree: bool) -> bool {
    let category: String =
        value.chars().filter(|c| *c != '.').take(3).map(|c| c.to_ascii_uppercase()).collect();
    let short = category.len();
    ICD10_L3.iter().any(|(from, to)| {
        let within = |c: &str| c >= *from && c <= *to;
        if short >= 3 {
            return within(&category);
        }
        let prefix_of_one = from.starts_with(&category) || to.starts_with(&category);
        let between = category.as_str() > *from && category.as_str() < *to;
        subtree && (prefix_of_one || between)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chapters_and_their_edges() {
        let l = |v: &str| label_of(&System::Icd10, v, false);
        for (code, label) in [
            ("E11.9", Label::L2),
            ("F32.1", Label::L3),
            ("F01", Label::L3),
            ("G00", Label::L2),
            ("B20", Label::L3),
            ("B21", Label::L2),
            ("A49", Label::L2),
            ("A50", Label::L3),
            ("A64", Label::L3),
            ("A65", Label::L2),
            ("O9A", Label::L3),
            ("Z34.00", Label::L3),
        ] {
            assert_eq!(l(code), label, "{code}");
        }
    }

    #[test]
    fn a_subtree_is_as_sensitive_as_anything_in_it() {
        let l = |v: &str| label_of(&System::Icd10, v, true);
        assert_eq!(l("F"), Label::L3);
        assert_eq!(l("F3"), Label::L3);
        assert_eq!(l("Z"), Label::L3);
        assert_eq!(l("Z3"), Label::L3);
        assert_eq!(l(""), Label::L3);
        assert_eq!(l("E"), Label::L2);
        assert_eq!(l("E11"), Label::L2);
        assert_eq!(label_of(&System::Snomed, "86406008", false), Label::L3);
        assert_eq!(label_of(&System::Snomed, "44054006", false), Label::L2);
    }
}
