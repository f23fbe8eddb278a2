//! What is sealed of a patient, and its form. Every fact carries between which of the patient's versions it was known, so
//! that *as of then* can mean *as known then*; the log says at which change number a version came to be.

use crate::error::{AppError, Result};
use discreet_domain::{CodeFact, EmailAddress, EventFact, FactId, Identity, Phi, Timestamp, Value, When};
use serde::{Deserialize, Serialize};

/// Version of the sealed forms; the first byte of each.
const FORM: u8 = 1;
/// Events to a chunk. A patient's newest events share the last chunk; only that one is rewritten when events are added.
pub(crate) const CHUNK: usize = 256;

/// A fact and between which versions of the patient it was known.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Known<T> {
    pub(crate) fact: T,
    /// When the source last changed it, if it says so.
    pub(crate) updated: Option<Timestamp>,
    /// The first version that had it.
    pub(crate) from: u64,
    /// The first version that had it no more.
    pub(crate) until: Option<u64>,
}

impl<T> Known<T> {
    pub(crate) const fn new(fact: T, updated: Option<Timestamp>, from: u64) -> Known<T> {
        Known { fact, updated, from, until: None }
    }
    pub(crate) const fn is_current(&self) -> bool {
        self.until.is_none()
    }
}

/// One value of an attribute, with the period it holds for.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct AttributeFact {
    pub(crate) name: String,
    pub(crate) value: Option<Value>,
    pub(crate) since: Option<When>,
    pub(crate) until: Option<When>,
}

/// Attributes and codes: the part `Facts`.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct FactsPart {
    pub(crate) attributes: Vec<Known<AttributeFact>>,
    pub(crate) codes: Vec<Known<CodeFact>>,
    pub(crate) deceased_at: Option<When>,
    /// When the source last changed the patient's own row.
    pub(crate) patient_updated: Option<Timestamp>,
    /// What staff put right. Last, because records sealed by earlier versions end before it.
    pub(crate) corrections: Vec<Correction>,
}

/// What staff put right, and what the source said then: it stands until the source says something else.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Correction {
    /// An attribute's value, which the source had given this one.
    Attribute {
        /// Which.
        name: String,
        /// What the source said of it.
        said: Option<Value>,
        /// When it was put right.
        at: Timestamp,
    },
    /// A code or event that is not so; the last one held under its id is what the source said.
    Removed {
        /// Which.
        id: FactId,
        /// When it was taken away.
        at: Timestamp,
    },
    /// The address to write to; the source had given these.
    Emails {
        /// What the source said, and whatever else staff have replaced since.
        said: Vec<String>,
        /// When it was put right.
        at: Timestamp,
    },
}

/// Whether two addresses are one mailbox, however they are written.
pub(crate) fn same_address(a: &str, b: &str) -> bool {
    a.trim().eq_ignore_ascii_case(b.trim())
}

impl FactsPart {
    /// Whether staff's word about an attribute stands against the source saying `value`. If the source says something
    /// else than it did, its word counts again.
    pub(crate) fn upholds_attribute(&mut self, attribute: &str, value: Option<&Value>) -> bool {
        let at = self
            .corrections
            .iter()
            .position(|c| matches!(c, Correction::Attribute { name, .. } if name == attribute));
        let Some(Correction::Attribute { said, .. }) = at.and_then(|at| self.corrections.get(at)) else {
            return false;
        };
        let stands = said.as_ref() == value;
        self.settle(stands, at)
    }
    /// The same, for addresses: staff's stands as long as the source would have us write to one that they replaced. That
    /// list is kept when the source names a new one, so that none of the old comes back.
    pub(crate) fn upholds_emails(&mut self, emails: &[String]) -> bool {
        let at = self.corrections.iter().position(|c| matches!(c, Correction::Emails { .. }));
        let Some(Correction::Emails { said, .. }) = at.and_then(|at| self.corrections.get(at)) else {
            return false;
        };
        let first = emails.iter().find(|email| EmailAddress::parse(email).is_ok()).or(emails.first());
        let Some(first) = first else { return self.settle(false, at) };
        said.iter().any(|old| same_address(old, first))
    }
    /// The same, for a code or event that was taken away; `same`: the source says of it what it said then.
    pub(crate) fn upholds_removal(&mut self, fact: FactId, same: bool) -> bool {
        let at =
            self.corrections.iter().position(|c| matches!(c, Correction::Removed { id, .. } if *id == fact));
        at.is_some() && self.settle(same, at)
    }
    fn settle(&mut self, stands: bool, at: Option<usize>) -> bool {
        if let Some(at) = at.filter(|_| !stands) {
            self.corrections.remove(at);
        }
        stands
    }
    /// Whether an attribute is as staff put it.
    pub(crate) fn is_corrected(&self, attribute: &str) -> bool {
        self.corrections.iter().any(|c| matches!(c, Correction::Attribute { name, .. } if name == attribute))
    }
}

/// A part as it lies sealed.
pub(crate) trait SealedPart: Sized {
    /// Reads it.
    fn of_bytes(bytes: &[u8]) -> postcard::Result<Self>;
}

impl SealedPart for Identity {
    fn of_bytes(bytes: &[u8]) -> postcard::Result<Identity> {
        postcard::from_bytes(bytes)
    }
}
impl SealedPart for EventsChunk {
    fn of_bytes(bytes: &[u8]) -> postcard::Result<EventsChunk> {
        postcard::from_bytes(bytes)
    }
}
impl SealedPart for FactsPart {
    fn of_bytes(bytes: &[u8]) -> postcard::Result<FactsPart> {
        type First = (Vec<Known<AttributeFact>>, Vec<Known<CodeFact>>, Option<When>, Option<Timestamp>);
        let ((attributes, codes, deceased_at, patient_updated), rest) =
            postcard::take_from_bytes::<First>(bytes)?;
        let corrections = if rest.is_empty() { Vec::new() } else { postcard::from_bytes(rest)? };
        Ok(FactsPart { attributes, codes, deceased_at, patient_updated, corrections })
    }
}

/// Some events: one chunk of the part `Events`.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct EventsChunk {
    pub(crate) events: Vec<Known<EventFact>>,
}

/// All that is sealed of a patient, opened.
#[derive(Clone, PartialEq, Default)]
pub(crate) struct Chart {
    pub(crate) identity: Identity,
    pub(crate) facts: FactsPart,
    pub(crate) chunks: Vec<EventsChunk>,
}

/// The bytes to seal.
pub(crate) fn write<T: Serialize>(part: &T) -> Result<Phi<Vec<u8>>> {
    let bytes =
        postcard::to_extend(part, vec![FORM]).map_err(|_| AppError::Form("a part that cannot be written"))?;
    Ok(Phi::new(bytes))
}

/// The part that was sealed.
pub(crate) fn read<T: SealedPart>(bytes: &Phi<Vec<u8>>) -> Result<T> {
    match bytes.expose().split_first() {
        Some((&FORM, rest)) => T::of_bytes(rest).map_err(|_| AppError::Form("a patient's part")),
        _ => Err(AppError::Form("a patient's part of a later version")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correction_stands_until_the_source_says_something_else() {
        let at = Timestamp::from_micros(1);
        let said = Value::Text("medicare".into());
        let id = FactId(7);
        let corrections = vec![
            Correction::Attribute { name: "payer".into(), said: Some(said.clone()), at },
            Correction::Removed { id, at },
            Correction::Emails { said: vec!["a@example.com".into()], at },
        ];
        let mut part = FactsPart { corrections, ..FactsPart::default() };
        assert!(part.upholds_attribute("payer", Some(&said)) && part.is_corrected("payer"));
        assert!(!part.upholds_attribute("plan", Some(&said)));
        assert!(part.upholds_removal(id, true) && !part.upholds_removal(FactId(8), true));
        assert!(part.upholds_emails(&["a@example.com".into()]));
        assert!(
            part.upholds_emails(&["A@Example.com ".into(), "b@example.com".into()]),
            "the same mailbox first"
        );
        assert!(!part.upholds_emails(&["b@example.com".into(), "a@example.com".into()]), "a new one first");
        assert!(part.upholds_emails(&["a@example.com".into()]), "the old one is still not the patient's");
        assert!(!part.upholds_attribute("payer", Some(&Value::Text("va".into()))));
        assert!(!part.upholds_attribute("payer", Some(&said)), "the source has spoken since");
        assert!(!part.upholds_removal(id, false) && !part.upholds_removal(id, true));
        assert!(!part.upholds_emails(&[]) && part.corrections.is_empty());
    }

    #[test]
    fn parts_read_back_and_other_forms_are_refused() {
        let part = FactsPart {
            attributes: vec![Known::new(
                AttributeFact {
                    name: "age".into(),
                    value: Some(Value::Number(1.5)),
                    since: None,
                    until: None,
                },
                None,
                3,
            )],
            ..FactsPart::default()
        };
        let bytes = write(&part).unwrap();
        assert!(read::<FactsPart>(&bytes).unwrap() == part);
        // As sealed before there were corrections: without the list's length at the end.
        let earlier = bytes.clone().map(|mut b| {
            b.pop();
            b
        });
        assert!(read::<FactsPart>(&earlier).unwrap() == part);
        let mut corrected = part.clone();
        let at = Timestamp::from_micros(1);
        corrected.corrections.push(Correction::Attribute { name: "age".into(), said: None, at });
        assert!(read::<FactsPart>(&write(&corrected).unwrap()).unwrap() == corrected);
        let later = bytes.map(|mut b| {
            b[0] = 2;
            b
        });
        assert!(matches!(read::<FactsPart>(&later), Err(AppError::Form(_))));
        assert!(read::<FactsPart>(&Phi::new(vec![])).is_err());
    }
}
