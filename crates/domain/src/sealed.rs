//! Sealed bytes that know whose and what they are, so that whoever carries them needs no key.

use crate::PatientId;
use serde::{Deserialize, Serialize};

/// The parts of a patient's record, sealed apart so that each use opens only what it needs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Names, addresses, identifiers: what a mail needs and the index must not have.
    Identity,
    /// Attributes and codes.
    Facts,
    /// Events, in chunks.
    Events,
    /// Signed documents, decisions, merge values actually sent: under the evidence key.
    Evidence,
}

impl Part {
    /// The number stored, and mixed into the associated data. Never reused.
    pub const fn number(self) -> u8 {
        match self {
            Part::Identity => 1,
            Part::Facts => 2,
            Part::Events => 3,
            Part::Evidence => 4,
        }
    }
    /// The bit that stands for this part in a set of parts.
    pub const fn bit(self) -> u8 {
        1 << self.number()
    }
}

/// One sealed part of one patient. All of its fields but the bytes are bound to the bytes as associated data: moved to
/// another patient, part, chunk or version, it does not open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sealed {
    /// Whose.
    pub patient: PatientId,
    /// Which part.
    pub part: Part,
    /// Which chunk of that part; 0 for parts of one chunk.
    pub chunk: u32,
    /// The patient's version at which it was written.
    pub version: u64,
    /// Nonce, ciphertext, tag.
    pub bytes: Vec<u8>,
}

/// A patient's data keys as they lie on the key shelf: wrapped. Losing `profile` is erasure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrapped {
    /// Whose.
    pub patient: PatientId,
    /// The version of the wrapping key.
    pub key_version: u32,
    /// The profile key; gone once the patient is erased.
    pub profile: Option<Vec<u8>>,
    /// The evidence key; gone once nothing must be kept any more.
    pub evidence: Option<Vec<u8>>,
}

/// Bytes kept of the HMAC-SHA-256: enough that no two values collide, and no more to store.
pub const TAG_LEN: usize = 16;

/// A keyed digest. Says nothing without the keyring.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Tag(pub [u8; TAG_LEN]);

impl Tag {
    /// The bytes to store.
    pub fn to_vec(self) -> Vec<u8> {
        self.0.to_vec()
    }
    /// Reads it back; `None` if it has another length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Tag> {
        bytes.try_into().ok().map(Tag)
    }
    /// Lower-case hexadecimal.
    pub fn hex(self) -> String {
        self.0.iter().map(|b| format!("{b:02x}")).collect()
    }
}
