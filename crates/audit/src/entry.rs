//! One entry, and the bytes that are hashed.

use crate::Event;
use discreet_domain::{Actor, PatientId, Timestamp};
use serde::{Deserialize, Serialize};

/// Something to log.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Actor,
    /// What.
    pub event: Event,
}

/// A patient whose facts or standing a commit changed, with the version they have since. These are what an index must
/// read again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Touched {
    /// Whose.
    pub patient: PatientId,
    /// The version since this commit.
    pub version: u64,
}

impl Touched {
    /// Bytes of one.
    pub const SIZE: usize = 24;

    /// A commit's list as bytes to store: 16 bytes of id, 8 of version, big-endian, each.
    pub fn pack(list: &[Touched]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(list.len() * Touched::SIZE);
        for touched in list {
            bytes.extend_from_slice(touched.patient.uuid().as_bytes());
            bytes.extend_from_slice(&touched.version.to_be_bytes());
        }
        bytes
    }
    /// Reads the list back. `None` if the length is not a whole number of them.
    pub fn unpack(bytes: &[u8]) -> Option<Vec<Touched>> {
        let (chunks, rest) = bytes.as_chunks::<{ Touched::SIZE }>();
        if !rest.is_empty() {
            return None;
        }
        chunks
            .iter()
            .map(|chunk| {
                let (id, version) = chunk.split_first_chunk::<16>()?;
                let id = u128::from_be_bytes(*id);
                let version = u64::from_be_bytes(version.try_into().ok()?);
                Some(Touched { patient: PatientId::from_u128(id), version })
            })
            .collect()
    }
}

/// An entry as it is hashed and stored: JSON, one line. It states its own number, so an entry moved elsewhere shows.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryBody {
    /// Its number in the log, from 0.
    pub n: u64,
    /// When, in microseconds since 1970.
    pub at: i64,
    /// Who.
    pub by: Actor,
    /// What.
    pub did: Event,
    /// SHA-256 of the commit's packed [`Touched`] list, in hexadecimal, on the first entry of a commit that touched any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touched: Option<String>,
}

/// A body that is not one.
#[derive(Debug, thiserror::Error)]
#[error("an audit entry that cannot be read: {0}")]
pub struct BadBody(String);

impl EntryBody {
    /// The line that is hashed and stored.
    ///
    /// # Errors
    /// [`BadBody`] if serialization fails; it does not for the types here.
    pub fn to_line(&self) -> Result<String, BadBody> {
        serde_json::to_string(self).map_err(|e| BadBody(e.to_string()))
    }
    /// Reads a line back.
    ///
    /// # Errors
    /// [`BadBody`] if it is no entry of a version we know.
    pub fn parse(line: &str) -> Result<EntryBody, BadBody> {
        // The message of a JSON error names fields and types of ours, and entries hold no PHI.
        serde_json::from_str(line).map_err(|e| BadBody(e.to_string()))
    }
    /// The entry without its place.
    pub fn entry(&self) -> Entry {
        Entry { at: Timestamp::from_micros(self.at), by: self.by, event: self.did.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touched_survives_storage() {
        let list = [
            Touched { patient: PatientId::random(), version: 1 },
            Touched { patient: PatientId::random(), version: u64::MAX },
        ];
        assert_eq!(Touched::unpack(&Touched::pack(&list)).unwrap(), list);
        assert_eq!(Touched::unpack(&[0; 23]), None);
    }

    #[test]
    fn a_body_is_one_line_and_reads_back() {
        let body = EntryBody {
            n: 7,
            at: 1,
            by: Actor::Dispatcher,
            did: Event::Refused { action: "a\nb".into(), reason: "role".into() },
            touched: None,
        };
        let line = body.to_line().unwrap();
        assert!(!line.contains('\n'));
        assert_eq!(EntryBody::parse(&line).unwrap(), body);
    }

    /// What was hashed with these words has to read back for ever.
    #[test]
    fn who_acted_is_one_of_these_words() {
        let patient = Actor::Patient(PatientId::from_u128(5));
        let patients = "{\"patient\":\"00000000-0000-0000-0000-000000000005\"}";
        for (by, word) in [
            (patient, patients),
            (Actor::Mailbox, "\"mailbox\""),
            (Actor::Dispatcher, "\"dispatcher\""),
            (Actor::Indexer, "\"indexer\""),
            (Actor::Visitor, "\"visitor\""),
            (Actor::Console, "\"console\""),
        ] {
            let did = Event::SignInFailed { user: None, reason: "password".into() };
            let line = EntryBody { n: 7, at: 1, by, did, touched: None }.to_line().unwrap();
            let rest = "\"did\":{\"event\":\"sign_in_failed\",\"user\":null,\"reason\":\"password\"}}";
            assert_eq!(line, format!("{{\"n\":7,\"at\":1,\"by\":{word},{rest}"));
            assert_eq!(EntryBody::parse(&line).unwrap().by, by);
        }
    }
}
