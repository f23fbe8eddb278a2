//! What is sealed of a patient, and its form. Every fact carries between which of the patient's versions it was known, so
//! that *as of then* can mean *as known then*; the log says at which change number a version came to be.

use crate::error::{AppError, Result};
use discreet_domain::{CodeFact, EventFact, Identity, Phi, Timestamp, Value, When};
use serde::de::DeserializeOwned;
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
pub(crate) fn read<T: DeserializeOwned>(bytes: &Phi<Vec<u8>>) -> Result<T> {
    match bytes.expose().split_first() {
        Some((&FORM, rest)) => postcard::from_bytes(rest).map_err(|_| AppError::Form("a patient's part")),
        _ => Err(AppError::Form("a patient's part of a later version")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let later = bytes.map(|mut b| {
            b[0] = 2;
            b
        });
        assert!(matches!(read::<FactsPart>(&later), Err(AppError::Form(_))));
        assert!(read::<FactsPart>(&Phi::new(vec![])).is_err());
    }
}
