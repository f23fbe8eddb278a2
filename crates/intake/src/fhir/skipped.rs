//! Resource types that are not imported. They are passed over, but for notes that may not come in: those are rejected,
//! so that the steward learns that the export holds them.

use super::elements::{Concept, Meta};
use super::lax::{Lax, Many, Text};
use super::row::{is_forbidden, labels};
use crate::notes::is_forbidden_title;
use crate::reason::Reason;
use crate::security::Effect;
use serde::Deserialize;

/// Types that hold notes: with a label of substance use they are taken for SUD counseling notes.
const NOTES: [&str; 9] = [
    "Binary",
    "ClinicalImpression",
    "Communication",
    "Composition",
    "DiagnosticReport",
    "DocumentManifest",
    "DocumentReference",
    "Media",
    "QuestionnaireResponse",
];

#[derive(Default, Deserialize)]
#[serde(default)]
struct Note<'a> {
    #[serde(borrow)]
    meta: Lax<Meta<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Lax<Concept<'a>>,
    #[serde(borrow)]
    category: Lax<Many<Concept<'a>>>,
    #[serde(borrow)]
    code: Lax<Concept<'a>>,
    #[serde(borrow)]
    title: Lax<Text<'a>>,
    #[serde(borrow)]
    description: Lax<Text<'a>>,
    #[serde(borrow, rename = "securityLabel")]
    security_label: Lax<Many<Concept<'a>>>,
}

/// Refuses forbidden notes.
pub(super) fn check(kind: &str, json: &str) -> Result<(), Reason> {
    let note: Note<'_> = serde_json::from_str(json).map_err(|_| Reason::NotJson)?;
    let of_document = note.security_label.each().map(|concept| labels(&concept.coding)).max();
    let of_meta = note.meta.good().map_or(Effect::None, |meta| labels(&meta.security));
    let effect = of_document.unwrap_or(Effect::None).max(of_meta);
    let concepts = [note.kind.good(), note.code.good()].into_iter().flatten().chain(note.category.each());
    let forbidden = effect == Effect::Psychotherapy
        || (effect == Effect::Substance && NOTES.contains(&kind))
        || concepts.into_iter().any(is_forbidden)
        || is_forbidden_title(note.title.text())
        || is_forbidden_title(note.description.text());
    if forbidden { Err(Reason::ForbiddenNote) } else { Ok(()) }
}
