//! Lint of text without markup: subjects, names, addresses.

use super::codes::{self, Kind};
use super::words::{self, Hit, Weight};
use super::{Finding, Place};
use discreet_domain::Label;

/// Lint of a text that others than the reader see.
pub(crate) fn seen(text: &str, place: Place) -> Vec<Finding> {
    findings(text, words::in_text(text), place)
}

/// Lint of a name where words are run together: an address, a file name, a class.
pub(crate) fn name(text: &str, place: Place) -> Vec<Finding> {
    let spread = text.replace(['/', '_', '=', '&', '?', '#', ':', '+'], " ");
    findings(&spread, words::in_name(&spread), place)
}

fn findings(text: &str, hits: Vec<Hit>, place: Place) -> Vec<Finding> {
    let mut found = Vec::new();
    for hit in hits {
        let span = spot(text, &hit.word);
        let finding = match hit.weight {
            Weight::Careful => Finding::warning(
                place,
                "careful_word",
                format!("`{}` in the {}: more neutral would be better", hit.word, place.name()),
            ),
            Weight::Clinical | Weight::Sensitive => Finding::error(
                place,
                "clinical_word",
                format!(
                    "`{}` in the {}: others than the reader see it, so it must not say what care someone gets",
                    hit.word,
                    place.name()
                ),
            ),
        };
        let finding = finding.quoting(&hit.word).about(text);
        found.push(match span {
            Some(span) => finding.at(span),
            None => finding,
        });
    }
    for code in codes::in_text(text) {
        let message = format!("`{}` in the {} looks like {}", code.text, place.name(), code.name());
        let finding = match code.kind {
            Kind::Icd10Category => Finding::warning(place, "clinical_code", message),
            _ => Finding::error(place, "clinical_code", message),
        }
        .quoting(&code.text)
        .about(text);
        found.push(match spot(text, &code.text) {
            Some(span) => finding.at(span),
            None => finding,
        });
    }
    found
}

/// What the words and codes of a body make of it: its label with notes, and errors for numbers of one person.
pub(crate) fn body(text: &str, source: &str) -> (Label, Vec<Finding>) {
    let mut label = Label::L0;
    let mut found = Vec::new();
    for hit in words::in_text(text).into_iter().filter(|h| h.weight > Weight::Careful) {
        label = label.max(hit.weight.label());
        found.push(note(&hit.word, hit.weight.label(), source));
    }
    for code in codes::in_text(text) {
        if matches!(code.kind, Kind::Ssn | Kind::Identifier) {
            let message =
                format!("`{}` looks like {}; a template is the same for everyone", code.text, code.name());
            found.push(Finding::error(Place::Body, "identifier", message));
        } else if code.kind != Kind::Icd10Category || code.label() >= Label::L3 {
            label = label.max(code.label());
            found.push(note(&code.text, code.label(), source));
        }
    }
    (label, found)
}

fn note(word: &str, label: Label, source: &str) -> Finding {
    let message = format!("`{word}` makes this {label}: {}", label.meaning());
    let finding = Finding::note(Place::Body, "raises_label", message).quoting(word);
    match spot(source, word) {
        Some(span) => finding.at(span),
        None => finding,
    }
}

/// Where a word stands, if it stands there as it is (case aside).
fn spot(text: &str, word: &str) -> Option<std::ops::Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let start = lower.find(&word.to_ascii_lowercase())?;
    Some(start..start + word.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::Severity;

    #[test]
    fn outside_the_body_words_block() {
        let found = seen("Your diabetes refill", Place::Subject);
        let by = |s| found.iter().filter(|f| f.severity == s).count();
        assert_eq!((by(Severity::Error), by(Severity::Warning)), (1, 1));
        assert_eq!(found.first().and_then(|f| f.span.clone()), Some(5..13));
        let first = found.first().unwrap();
        assert_eq!(
            (&*first.words, &*first.line, first.instead),
            ("diabetes", "Your diabetes refill", Some("health"))
        );
        // Another address leads elsewhere: none is proposed.
        assert!(name("/refill", Place::Link).iter().all(|f| &*f.words == "refill" && f.instead.is_none()));
        assert!(seen("News for autumn", Place::Subject).is_empty());
    }

    #[test]
    fn in_the_body_they_raise_the_label() {
        assert_eq!(body("walk more", "").0, Label::L0);
        assert_eq!(body("diabetes", "").0, Label::L2);
        assert_eq!(body("diabetes and depression", "").0, Label::L3);
        assert_eq!(body("code F32", "").0, Label::L3);
        assert_eq!(body("vitamin B12", "").0, Label::L0);
        assert!(crate::lint::blocks(&body("MRN 00123456", "").1));
    }
}
