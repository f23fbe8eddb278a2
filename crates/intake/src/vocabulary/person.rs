//! Sex, race, ethnicity, marital status.

use super::{Meaning, looked_up};

/// SNOMED CT codes are those of `us-core-individual-sex`.
const SEX: [(&str, &[&str]); 3] = [
    ("female", &["f", "fem", "woman", "248152002"]),
    ("male", &["m", "man", "248153007"]),
    (
        "other",
        &["o", "oth", "x", "a", "ambiguous", "nonbinary", "non binary", "indeterminate", "undifferentiated"],
    ),
];

/// OMB categories (CDC race and ethnicity code system, `urn:oid:2.16.840.1.113883.6.238`).
const RACE: [(&str, &[&str]); 7] = [
    ("american indian or alaska native", &["1002 5", "native", "american indian", "alaska native", "aian"]),
    ("asian", &["2028 9"]),
    ("black or african american", &["2054 5", "black", "african american"]),
    (
        "native hawaiian or other pacific islander",
        &["2076 8", "hawaiian", "native hawaiian", "pacific islander", "other pacific islander", "nhpi"],
    ),
    ("white", &["2106 3", "caucasian"]),
    ("other", &["2131 1", "other race", "some other race"]),
    (TWO_OR_MORE, &["two or more", "multiple", "multiracial", "mixed", "more than one race"]),
];
const TWO_OR_MORE: &str = "two or more races";

const ETHNICITY: [(&str, &[&str]); 2] = [
    ("hispanic", &["2135 2", "h", "hispanic or latino", "hispanic or latina", "latino", "latina", "latinx"]),
    (
        "not_hispanic",
        &["2186 5", "n", "nonhispanic", "non hispanic", "not hispanic or latino", "non hispanic or latino"],
    ),
];

/// Codes of `v3-MaritalStatus`, one letter each.
const MARITAL: [(&str, &[&str]); 6] = [
    ("married", &["m", "p", "polygamous"]),
    ("single", &["s", "u", "a", "never married", "unmarried", "annulled"]),
    ("divorced", &["d"]),
    ("widowed", &["w", "widow", "widower"]),
    ("separated", &["l", "i", "legally separated", "interlocutory"]),
    ("partner", &["t", "c", "domestic partner", "common law", "life partner", "significant other"]),
];

pub(crate) fn sex(text: &str) -> Meaning {
    looked_up(text, &SEX)
}

pub(crate) fn race(text: &str) -> Meaning {
    looked_up(text, &RACE)
}

/// One race is itself; several are "two or more races", as the census counts them.
pub(crate) fn races_joined(mut races: Vec<String>) -> Option<String> {
    races.sort_unstable();
    races.dedup();
    if races.len() > 1 { Some(TWO_OR_MORE.to_owned()) } else { races.pop() }
}

pub(crate) fn ethnicity(text: &str) -> Meaning {
    looked_up(text, &ETHNICITY)
}

pub(crate) fn marital_status(text: &str) -> Meaning {
    // The letter U is "unmarried" here, not "unknown".
    looked_up(text, &MARITAL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_words() {
        let is = |m: Meaning| m.is().unwrap();
        assert_eq!(is(sex("F")), "female");
        assert_eq!(is(sex("248153007")), "male");
        assert_eq!(sex("unknown"), Meaning::Unknown);
        assert_eq!(sex("UNK"), Meaning::Unknown);
        assert_eq!(sex("7"), Meaning::NotUnderstood);
        assert_eq!(is(race("2106-3")), "white");
        assert_eq!(is(race("Black")), "black or african american");
        assert_eq!(is(ethnicity("2186-5")), "not_hispanic");
        assert_eq!(is(ethnicity("Not Hispanic or Latino")), "not_hispanic");
        assert_eq!(is(ethnicity("nonhispanic")), "not_hispanic");
        assert_eq!(is(marital_status("U")), "single");
        assert_eq!(is(marital_status("Never Married")), "single");
        assert_eq!(races_joined(vec!["white".into(), "asian".into()]).unwrap(), TWO_OR_MORE);
        assert_eq!(races_joined(vec!["white".into(), "white".into()]).unwrap(), "white");
        assert_eq!(races_joined(vec![]), None);
    }
}
