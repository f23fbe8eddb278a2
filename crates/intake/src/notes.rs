//! Notes that must never come in: psychotherapy notes (45 CFR 164.501, 164.508(a)(2)) and SUD counseling notes
//! (42 CFR 2.11, 2.31(b)). They are known by a LOINC document type, by a security label of the source, or by name. Notes
//! are not facts, so refusing one too many costs nothing, and the tables are wide on purpose: LOINC's document
//! ontology has no code that says "psychotherapy note" in the sense of the law, so every note of a mental health or
//! addiction service that can hold a session's conversation is refused.

use discreet_domain::{Code, System};

/// LOINC notes of psychiatry, psychology and mental health services: of no stated kind, counseling (single and group),
/// progress, crisis intervention. Sorted.
const MENTAL_HEALTH_NOTES: [&str; 67] = [
    "11510-5", "28627-8", "28628-6", "34786-4", "34787-2", "34790-6", "34792-2", "34793-0", "34864-9",
    "34865-6", "34866-4", "34904-3", "68601-4", "68645-1", "68646-9", "75427-5", "75443-2", "75444-0",
    "75459-8", "75474-7", "78309-2", "78707-7", "83547-0", "83561-1", "83610-6", "83611-4", "83629-6",
    "83630-4", "83631-2", "83632-0", "83634-6", "83669-2", "83704-7", "83747-6", "83761-7", "83773-2",
    "83784-9", "83881-3", "83882-1", "83884-7", "83885-4", "83887-0", "83890-4", "83893-8", "83894-6",
    "83899-5", "83902-7", "83903-5", "83904-3", "83905-0", "83907-6", "83908-4", "84195-7", "84196-5",
    "84198-1", "84199-9", "84201-3", "84202-1", "84204-7", "84205-4", "84206-2", "84207-0", "84214-6",
    "84215-3", "90716-2", "90754-3", "90789-9",
];

/// LOINC notes of addiction medicine and addiction psychiatry. Sorted.
const ADDICTION_NOTES: [&str; 17] = [
    "34857-3", "75422-6", "75423-4", "86211-0", "86212-8", "87244-0", "87245-7", "87246-5", "87249-9",
    "87255-6", "87257-2", "87261-4", "87262-2", "87263-0", "87264-8", "90760-0", "93892-8",
];

/// LOINC counseling notes of no stated specialty, and of social workers. Sorted.
const COUNSELING_NOTES: [&str; 10] = [
    "34114-9", "34843-3", "34872-2", "47042-7", "47043-5", "74282-5", "83975-3", "85175-8", "85178-2",
    "85195-6",
];

/// The `v3-ActCode` label of psychotherapy notes.
pub(crate) const PSYCHOTHERAPY_LABEL: &str = "PSYTHPN";
/// Labels of substance use information. On a note they make it a forbidden one; on a fact they restrict it.
pub(crate) const SUBSTANCE_LABELS: [&str; 6] = ["ETH", "SUD", "ETHUD", "OPIOIDUD", "DRGIS", "42CFRPart2"];

/// Whether a code is that of a forbidden note.
pub(crate) fn is_forbidden_code(code: &Code) -> bool {
    let value = code.value.as_str();
    code.system == System::Loinc
        && [&MENTAL_HEALTH_NOTES[..], &ADDICTION_NOTES[..], &COUNSELING_NOTES[..]]
            .iter()
            .any(|table| table.binary_search(&value).is_ok())
}

/// Whether a title names a forbidden note. A procedure may be called "psychotherapy": it is the note that is refused.
pub(crate) fn is_forbidden_title(title: &str) -> bool {
    let lower = title.to_ascii_lowercase();
    let has = |part: &str| lower.contains(part);
    has("note") && (has("psychotherap") || has("counseling") || has("counselling"))
}

/// Whether a row that is rejected for another reason may be kept for correction. One that smells of a psychotherapy or
/// counseling note may not, even if it cannot be read.
pub(crate) fn may_keep(raw: &[u8]) -> bool {
    let lower = raw.to_ascii_lowercase();
    let has = |part: &[u8]| lower.windows(part.len()).any(|at| at == part);
    !(has(b"psythpn")
        || has(b"psychotherapy note")
        || has(b"counseling note")
        || has(b"counselling note")
        || has(b"42cfrpart2"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        for table in [&MENTAL_HEALTH_NOTES[..], &ADDICTION_NOTES[..], &COUNSELING_NOTES[..]] {
            assert!(table.is_sorted());
        }
    }

    #[test]
    fn notes_by_code_and_name() {
        let loinc = |v: &str| is_forbidden_code(&Code::new(System::Loinc, v));
        assert!(loinc("28627-8") && loinc("87255-6") && loinc("74282-5"));
        assert!(!loinc("11506-3") && !loinc("4548-4"));
        assert!(!is_forbidden_code(&Code::new(System::Snomed, "28627-8")));
        assert!(is_forbidden_title("Psychotherapy Note"));
        assert!(is_forbidden_title("SUD counseling notes"));
        assert!(!is_forbidden_title("Psychotherapy, 45 minutes"));
        assert!(!may_keep(br#"{"security":[{"code":"PSYTHPN"}]"#));
        assert!(!may_keep(b"x Psychotherapy NOTE"));
        assert!(may_keep(b"{}"));
    }
}
