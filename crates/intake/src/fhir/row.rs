//! One resource on its way to records: what all resource types need.

use super::elements::{Concept, Head, Reference};
use super::lax::{Lax, Many, Text};
use super::reference::{BundleIndex, Target, is_id, target};
use crate::desk::Desk;
use crate::reason::{Expected, Reason};
use crate::record::{Incoming, Place};
use crate::security::{Effect, effect};
use crate::{fact_id, limits, notes, text, when};
use discreet_domain::{Code, FactId, Identifier, System, Timestamp, Value, When};

/// What became of a row that was not rejected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    /// Records were yielded.
    Taken,
    /// It is nothing to import; counted under these words.
    Skipped(&'static str),
}

/// The outcome of mapping a row.
pub(crate) type Mapped = Result<Verdict, Reason>;

/// One resource on its way.
pub(crate) struct Row<'r, 'o> {
    pub desk: &'r mut Desk<'o>,
    pub index: Option<&'r BundleIndex>,
    pub place: Place,
    /// The resource's id, or the one of its Bundle entry.
    pub external: Option<String>,
    pub updated: Option<Timestamp>,
    pub restricted: bool,
    /// The labels of the Bundle around it restrict.
    pub bundle_restricted: bool,
}

impl Row<'_, '_> {
    /// Decides whether the resource may be taken, and reads what all have: id, version, labels. Refusing forbidden
    /// notes comes first: whatever else is wrong with one, nothing of it may be kept.
    pub fn begin(&mut self, head: &Head<'_, '_>) -> Result<(), Reason> {
        let meta = head.meta.good();
        let effect = meta.map_or(Effect::None, |meta| labels(&meta.security));
        if effect == Effect::Psychotherapy || head.concepts.iter().any(|c| is_forbidden(c)) {
            return Err(Reason::ForbiddenNote);
        }
        if head.modifier_extension.good().is_some() || head.implicit_rules.good().is_some() {
            return Err(Reason::Modifier);
        }
        // Labels that cannot be read restrict, like labels that are not known.
        self.restricted = self.bundle_restricted || effect >= Effect::Restricted || head.meta.is_bad();
        let updated = meta.map_or("", |meta| meta.last_updated.text());
        self.updated = match updated {
            "" => None,
            text => when::instant(text, when::DateOrder::Iso, &self.desk.options.zone),
        };
        match head.id {
            Lax::Good(id) if is_id(&id.0) => self.external = Some(id.0.clone().into_owned()),
            Lax::Absent => {}
            _ => return Err(Reason::bad("id", Expected::Id)),
        }
        Ok(())
    }

    /// The patient a reference leads to; none if it leads to something else (a device, a group).
    pub fn subject(
        &self,
        reference: &Lax<Reference<'_>>,
        field: &'static str,
    ) -> Result<Option<Identifier>, Reason> {
        let reference = match reference {
            Lax::Absent => return Err(Reason::missing(field)),
            Lax::Bad => return Err(Reason::bad(field, Expected::Reference)),
            Lax::Good(reference) => reference,
        };
        match target(reference.reference.text(), self.index) {
            Target::Resource { kind: Some("Patient"), id } => Ok(Some(self.desk.patient(id))),
            Target::Resource { kind: Some(_), .. } => Ok(None),
            Target::Resource { kind: None, id } => match reference.kind.text() {
                "" | "Patient" => Ok(Some(self.desk.patient(id))),
                _ => Ok(None),
            },
            Target::Contained(_) | Target::Unresolved => Err(Reason::UnresolvedSubject),
        }
    }

    /// What the thing a reference leads to is called: its display, else its name in the directory.
    pub fn called(&self, reference: &Reference<'_>, kinds: &[&str]) -> Option<String> {
        if let Some(display) = text::clean_owned(reference.display.text(), limits::LONGEST_WORD) {
            return Some(display);
        }
        let Target::Resource { kind, id } = target(reference.reference.text(), self.index) else {
            return None;
        };
        let kinds = kinds.iter().filter(|k| kind.is_none_or(|kind| kind == **k));
        kinds.into_iter().find_map(|k| self.desk.directory.name(k, id)).map(str::to_owned)
    }

    /// The id of a fact: by the resource's id, else by all that identifies it.
    pub fn fact(&self, kind: &str, subject: &Identifier, identifying: &[&str]) -> FactId {
        let source = &self.desk.options.source;
        match &self.external {
            Some(id) => fact_id::fact_id(source, kind, id),
            None => fact_id::row_id(source, kind, &subject.value, identifying),
        }
    }

    /// The codes of a concept, and their names on the side. A concept of text alone has none: what is not coded
    /// cannot be labelled sensitive or not.
    pub fn codes(&mut self, concept: &Lax<Concept<'_>>, field: &'static str) -> Result<Vec<Code>, Reason> {
        let concept = match concept {
            Lax::Absent => return Err(Reason::missing(field)),
            Lax::Bad => return Err(Reason::bad(field, Expected::Code)),
            Lax::Good(concept) => concept,
        };
        let codes = self.codings(concept);
        if codes.is_empty() { Err(Reason::missing(field)) } else { Ok(codes) }
    }

    pub fn codings(&mut self, concept: &Concept<'_>) -> Vec<Code> {
        let mut codes = Vec::new();
        for coding in concept.coding.each() {
            let (system, value) = (coding.system.text(), coding.code.text());
            let Some(value) = text::clean(value, limits::LONGEST_CODE) else { continue };
            if system.len() > limits::LONGEST_SYSTEM || codes.len() >= limits::MOST_CODES {
                continue;
            }
            let code = Code::new(system_of(system), &value);
            self.desk.name(&code, coding.display.text());
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes
    }

    /// A time. Absent is none; one that cannot be read is an error.
    pub fn time(&self, text: &Lax<Text<'_>>, field: &'static str) -> Result<Option<When>, Reason> {
        match text {
            Lax::Absent => Ok(None),
            Lax::Bad => Err(Reason::bad(field, Expected::Time)),
            Lax::Good(text) => match when::read(&text.0, &self.desk.options.zone) {
                Some(when) => Ok(Some(when)),
                None => Err(Reason::bad(field, Expected::Time)),
            },
        }
    }

    /// A time the row can do without: one that cannot be read is left out with a warning.
    pub fn time_if_good(&mut self, text: &Lax<Text<'_>>, field: &'static str) -> Option<When> {
        self.time(text, field).unwrap_or_else(|reason| {
            self.warn(reason);
            None
        })
    }

    /// A field's words, if it has any worth keeping.
    pub fn words(&self, concept: &Lax<Concept<'_>>) -> Option<Value> {
        let words = concept.good()?.words()?;
        text::clean_owned(words, limits::LONGEST_WORD).map(Value::Text)
    }

    /// The words of the first concept of a list.
    pub fn first_words(&self, concepts: &Lax<Many<Concept<'_>>>) -> Option<Value> {
        let words = concepts.each().find_map(Concept::words)?;
        text::clean_owned(words, limits::LONGEST_WORD).map(Value::Text)
    }

    pub fn emit(&mut self, subject: &Identifier, what: Incoming) {
        self.desk.emit(self.place, subject, self.updated, what);
    }

    /// Takes the resource's fact back. Without an id nothing was ever taken in that could be named.
    pub fn withdraw(&mut self, kind: &str, subject: &Identifier) -> Mapped {
        if self.external.is_none() {
            return Ok(Verdict::Skipped("withdrawn, without an id"));
        }
        let fact = self.fact(kind, subject, &[]);
        self.emit(subject, Incoming::Delete { fact });
        Ok(Verdict::Taken)
    }

    pub fn warn(&mut self, reason: Reason) {
        self.desk.warn(self.place, reason);
    }
}

/// What the labels together make of a resource: the strictest. A list that cannot be read restricts.
pub(crate) fn labels(security: &Lax<Many<super::elements::Coding<'_>>>) -> Effect {
    let worst = security.each().map(|c| effect(c.code.text(), c.display.text())).max();
    let unread = if security.any_bad() { Effect::Restricted } else { Effect::None };
    worst.unwrap_or(Effect::None).max(unread)
}

/// Whether a concept is that of a forbidden note, by code or by name.
pub(crate) fn is_forbidden(concept: &Concept<'_>) -> bool {
    notes::is_forbidden_title(concept.text.text())
        || concept.coding.each().any(|coding| {
            notes::is_forbidden_title(coding.display.text())
                || (coding.code.good().is_some()
                    && notes::is_forbidden_code(&Code::new(
                        system_of(coding.system.text()),
                        coding.code.text(),
                    )))
        })
}

/// The systems met most, by URI; then what the domain knows; then OIDs, which some EHRs write in place of URIs.
pub(crate) fn system_of(uri: &str) -> System {
    match uri {
        "http://snomed.info/sct" => System::Snomed,
        "http://loinc.org" => System::Loinc,
        "http://www.nlm.nih.gov/research/umls/rxnorm" => System::RxNorm,
        "http://hl7.org/fhir/sid/cvx" => System::Cvx,
        "urn:oid:2.16.840.1.113883.6.96" => System::Snomed,
        "urn:oid:2.16.840.1.113883.6.1" => System::Loinc,
        "urn:oid:2.16.840.1.113883.6.88" => System::RxNorm,
        "urn:oid:2.16.840.1.113883.6.90" => System::Icd10,
        "urn:oid:2.16.840.1.113883.12.292" => System::Cvx,
        "urn:oid:2.16.840.1.113883.6.12" => System::Cpt,
        "urn:oid:2.16.840.1.113883.6.285" => System::Hcpcs,
        "urn:oid:2.16.840.1.113883.6.69" => System::Ndc,
        other if other.starts_with("http://snomed.info/sct/") => System::Snomed,
        other => System::parse(other.trim_end_matches('/')),
    }
}

/// Sorts fields by name, as [`discreet_domain::EventFact`] keeps them, and leaves out those without a value.
pub(crate) fn fields(
    fields: impl IntoIterator<Item = (&'static str, Option<Value>)>,
) -> Vec<(String, Value)> {
    let mut kept: Vec<(String, Value)> =
        fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    kept.sort_by(|(a, _), (b, _)| a.cmp(b));
    kept
}
