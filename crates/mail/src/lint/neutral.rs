//! More neutral words, for an author who is told that some say too much. They are proposals: somebody reads the line
//! before it is saved, and what is put in is linted like everything else.

/// What can be said instead of a word as the vocabulary finds it. A beginning ends in `*`; the first that fits counts.
#[rustfmt::skip] // words, not lines
const INSTEAD: &[(&str, &str)] = &[
    // careful words
    ("test results", "messages"), ("test result", "message"), ("lab results", "messages"),
    ("lab result", "message"), ("your results", "your messages"), ("prescriptions", "requests"),
    ("prescription", "request"), ("refills", "requests"), ("refill", "request"), ("medication*", "care"),
    ("treatment*", "care"), ("surgery", "care"), ("surgeries", "care"), ("procedure", "care"),
    ("screenings", "check-ups"), ("screening", "check-up"), ("specialists", "care teams"),
    ("specialist", "care team"), ("your condition", "your health"), ("your visit", "a reminder"),
    ("your recent visit", "a reminder"), ("your appointment", "a reminder"), ("follow up visit", "check-up"),
    ("ultrasound", "check-up"), ("mri", "check-up"), ("ct scan", "check-up"), ("therapy", "care"),
    ("therapist", "care team"), ("clinical trials", "programs"), ("clinical trial", "program"),
    ("balance due", "account update"), ("past due", "account update"),
    ("receta", "solicitud"), ("recetas", "solicitudes"), ("su cita", "un recordatorio"), ("cirugia", "cuidado"),
    // procedures and medicines
    ("mammograms", "check-ups"), ("mammogram", "check-up"), ("colonoscopy", "check-up"),
    ("colonoscopies", "check-ups"), ("biopsy", "check-up"), ("biopsies", "check-ups"), ("pap smear", "check-up"),
    ("insulin", "care"), ("metformin", "care"), ("statin*", "care"), ("inhaler*", "care"),
    // conditions and fields of medicine
    ("diabetes", "health"), ("diabetic", "health"), ("prediabetes", "health"), ("hypertension", "health"),
    ("high blood pressure", "health"), ("blood pressure", "health"), ("cholesterol", "health"),
    ("heart disease", "health"), ("cancer*", "health"), ("asthma*", "health"), ("depression", "health"),
    ("anxiety", "health"), ("mental health", "health"), ("behavioral health", "health"), ("hiv", "health"),
    ("sexual health", "health"), ("pregnancy", "health"), ("prenatal", "health"),
    ("cardiology", "clinic"), ("oncology", "clinic"), ("neurology", "clinic"), ("dermatology", "clinic"),
    ("psychiatry", "clinic"), ("urology", "clinic"), ("psychotherapy", "care"),
];

/// What can be said instead of a word, if we know something.
pub(super) fn instead(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    let fits = |pattern: &str| match pattern.strip_suffix('*') {
        Some(stem) => word.starts_with(stem),
        None => word == pattern,
    };
    INSTEAD.iter().find(|(pattern, _)| fits(pattern)).map(|(_, neutral)| *neutral)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::words;

    #[test]
    fn what_is_proposed_is_neutral_and_for_words_that_are_found() {
        for (pattern, neutral) in INSTEAD {
            assert!(words::in_text(neutral).is_empty(), "{neutral}");
            let word = pattern.trim_end_matches('*');
            assert!(words::in_text(word).iter().any(|hit| hit.word == word), "{word} is not found as such");
        }
        assert_eq!(instead("Refills"), Some("requests"));
        assert_eq!(instead("medications"), Some("care"));
        assert_eq!(instead("a1c"), None);
    }
}
