//! Numbers and codes that have no place in a text for everyone: diagnosis and laboratory codes, record numbers.

use discreet_domain::{Label, System, label_of};

/// What kind of code it looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// ICD-10-CM with its dot: `E11.9`.
    Icd10,
    /// A bare ICD-10-CM category: `F32`. Also the shape of `B12`.
    Icd10Category,
    /// LOINC with a right check digit: `4548-4`.
    Loinc,
    /// National drug code: `0002-8215-01`.
    Ndc,
    /// HCPCS level II: `J1234`.
    Hcpcs,
    /// Social security number.
    Ssn,
    /// A number after `MRN`, `DOB`, `SSN` or `member id`.
    Identifier,
}

/// A code in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Code {
    pub(crate) text: String,
    pub(crate) kind: Kind,
}

impl Code {
    /// The label it gives to a body in which it stands.
    pub(crate) fn label(&self) -> Label {
        match self.kind {
            Kind::Icd10 | Kind::Icd10Category => label_of(&System::Icd10, &self.text, false),
            Kind::Loinc => label_of(&System::Loinc, &self.text, false),
            Kind::Ndc | Kind::Hcpcs => Label::L2,
            Kind::Ssn | Kind::Identifier => Label::L4,
        }
    }
    /// What to call it.
    pub(crate) const fn name(&self) -> &'static str {
        match self.kind {
            Kind::Icd10 | Kind::Icd10Category => "a diagnosis code",
            Kind::Loinc => "a laboratory code",
            Kind::Ndc => "a drug code",
            Kind::Hcpcs => "a procedure code",
            Kind::Ssn => "a social security number",
            Kind::Identifier => "a number that identifies one person",
        }
    }
}

/// The codes in a text, each once.
pub(crate) fn in_text(text: &str) -> Vec<Code> {
    let mut found: Vec<Code> = Vec::new();
    let mut push = |text: &str, kind| {
        if !found.iter().any(|c| c.text == text) {
            found.push(Code { text: text.to_owned(), kind });
        }
    };
    let mut announced = false;
    for token in text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-')) {
        let token = token.trim_matches(['.', '-']);
        if token.is_empty() {
            continue;
        }
        if let Some(kind) = shape(token) {
            push(token, kind);
        } else if announced && token.bytes().filter(u8::is_ascii_digit).count() >= 4 {
            push(token, Kind::Identifier);
        }
        announced = match token.to_ascii_lowercase().as_str() {
            "mrn" | "dob" | "ssn" => true,
            "id" | "number" => announced || text_says_record(text),
            _ => false,
        };
    }
    found
}

fn text_says_record(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["member id", "patient id", "record number", "account number", "subscriber id"]
        .iter()
        .any(|p| lower.contains(p))
}

fn shape(token: &str) -> Option<Kind> {
    let upper = token.to_ascii_uppercase();
    let same_case = upper == token;
    if let Some((category, rest)) = upper.split_once('.') {
        let tail = (1..=4).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_alphanumeric());
        return (is_category(category) && tail && rest.bytes().any(|b| b.is_ascii_digit() || b == b'X'))
            .then_some(Kind::Icd10);
    }
    if same_case && is_category(&upper) {
        return Some(Kind::Icd10Category);
    }
    let groups: Vec<usize> = token.split('-').map(str::len).collect();
    let digits = token.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    match (groups.as_slice(), digits) {
        ([3, 2, 4], true) => Some(Kind::Ssn),
        ([4, 4, 2] | [5, 3, 2] | [5, 4, 1] | [5, 4, 2], true) => Some(Kind::Ndc),
        ([3..=5, 1], true) if loinc_checks(token) => Some(Kind::Loinc),
        ([5], false) if is_hcpcs(&upper) && same_case => Some(Kind::Hcpcs),
        _ => None,
    }
}

/// `A00` … `Z99`, the third character a digit or `A`/`B` (`C7A`, `O9A`).
fn is_category(token: &str) -> bool {
    let mut b = token.bytes();
    matches!(
        (b.next(), b.next(), b.next(), b.next()),
        (Some(b'A'..=b'Z'), Some(b'0'..=b'9'), Some(b'0'..=b'9' | b'A' | b'B'), None)
    )
}

fn is_hcpcs(token: &str) -> bool {
    let mut b = token.bytes();
    matches!(b.next(), Some(b'A'..=b'V')) && b.all(|d| d.is_ascii_digit())
}

/// The Luhn (mod 10) check digit after the hyphen.
fn loinc_checks(token: &str) -> bool {
    let digits: Vec<u32> = token.chars().filter_map(|c| c.to_digit(10)).collect();
    let Some((check, number)) = digits.split_last() else { return false };
    let sum: u32 = number
        .iter()
        .rev()
        .enumerate()
        .map(|(i, d)| if i % 2 == 0 { (d * 2) / 10 + (d * 2) % 10 } else { *d })
        .sum();
    (10 - sum % 10) % 10 == *check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_codes() {
        let kinds = |t: &str| in_text(t).into_iter().map(|c| (c.text, c.kind)).collect::<Vec<_>>();
        let one = |t: &str, k| vec![(t.to_owned(), k)];
        assert_eq!(kinds("see E11.9."), one("E11.9", Kind::Icd10));
        assert_eq!(kinds("S72.001A"), one("S72.001A", Kind::Icd10));
        assert_eq!(kinds("code f32.1"), one("f32.1", Kind::Icd10));
        assert_eq!(kinds("(F32)"), one("F32", Kind::Icd10Category));
        assert_eq!(kinds("4548-4"), one("4548-4", Kind::Loinc));
        assert_eq!(kinds("NDC 0002-8215-01"), one("0002-8215-01", Kind::Ndc));
        assert_eq!(kinds("J1234"), one("J1234", Kind::Hcpcs));
        assert_eq!(kinds("123-45-6789"), one("123-45-6789", Kind::Ssn));
        assert_eq!(kinds("MRN: 0012345"), one("0012345", Kind::Identifier));
        assert_eq!(kinds("Your member ID 88123456"), one("88123456", Kind::Identifier));
    }

    #[test]
    fn leaves_phones_dates_prices_and_zip_codes_alone() {
        for text in [
            "Call (555) 010-0199 or 555-010-0199",
            "2026-11-24 at 9:30, room 4",
            "94110-2333",
            "$25.00, 10% off, 24/7, 3.5 miles",
            "open 9-5, ages 50-74",
            "v1.2, web 2.0",
            "1-800-555-0100",
        ] {
            assert_eq!(in_text(text), Vec::new(), "{text}");
        }
    }

    #[test]
    fn sensitive_codes_are_sensitive() {
        assert_eq!(in_text("F32.1")[0].label(), Label::L3);
        assert_eq!(in_text("E11.9")[0].label(), Label::L2);
    }
}
