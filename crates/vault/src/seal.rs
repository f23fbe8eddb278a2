//! Sealing, and the data keys. Sealing needs no proof: it hides, it does not show.

use crate::aead::{self, Refused};
use aws_lc_rs::aead::RandomizedNonceKey;
use discreet_domain::{EvidenceId, Part, PatientId, Phi, Sealed};

/// A patient's data keys, unwrapped. They seal; to open takes a receipt as well.
pub struct PatientKeys {
    pub(crate) patient: PatientId,
    pub(crate) profile: Option<RandomizedNonceKey>,
    pub(crate) evidence: Option<RandomizedNonceKey>,
}

impl std::fmt::Debug for PatientKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PatientKeys({})", self.patient)
    }
}

impl PatientKeys {
    /// Whose.
    pub const fn patient(&self) -> PatientId {
        self.patient
    }
    /// Seals one part of this patient's record, bound to patient, part, chunk and version.
    ///
    /// # Errors
    /// [`Refused::Destroyed`] if the patient was erased.
    pub fn seal(
        &self,
        part: Part,
        chunk: u32,
        version: u64,
        plain: &Phi<Vec<u8>>,
    ) -> Result<Sealed, Refused> {
        let key = self.key_of(part)?;
        let mut sealed = Sealed { patient: self.patient, part, chunk, version, bytes: Vec::new() };
        sealed.bytes = aead::seal(key, &description(&sealed), plain.expose())?;
        Ok(sealed)
    }
    /// Seals a document under the evidence key, bound to patient and id.
    ///
    /// # Errors
    /// [`Refused::Destroyed`] if nothing of this patient is kept any more.
    pub fn seal_evidence(&self, id: EvidenceId, plain: &Phi<Vec<u8>>) -> Result<Vec<u8>, Refused> {
        aead::seal(self.key_of(Part::Evidence)?, &evidence_description(self.patient, id), plain.expose())
    }
    pub(crate) fn key_of(&self, part: Part) -> Result<&RandomizedNonceKey, Refused> {
        match part {
            Part::Evidence => self.evidence.as_ref(),
            Part::Identity | Part::Facts | Part::Events => self.profile.as_ref(),
        }
        .ok_or(Refused::Destroyed)
    }
}

/// Associated data of a sealed part: all that says what it is.
pub(crate) fn description(sealed: &Sealed) -> Vec<u8> {
    let mut aad = b"discreet patient 1".to_vec();
    aad.extend_from_slice(sealed.patient.uuid().as_bytes());
    aad.push(sealed.part.number());
    aad.extend_from_slice(&sealed.chunk.to_be_bytes());
    aad.extend_from_slice(&sealed.version.to_be_bytes());
    aad
}

/// Associated data of a document.
pub(crate) fn evidence_description(patient: PatientId, id: EvidenceId) -> Vec<u8> {
    let mut aad = b"discreet evidence 1".to_vec();
    aad.extend_from_slice(patient.uuid().as_bytes());
    aad.extend_from_slice(id.uuid().as_bytes());
    aad
}

/// Associated data of a wrapped key: whose, which, under what version.
pub(crate) fn wrap_description(patient: PatientId, which: u8, version: u32) -> Vec<u8> {
    let mut aad = b"discreet wrap 1".to_vec();
    aad.extend_from_slice(patient.uuid().as_bytes());
    aad.push(which);
    aad.extend_from_slice(&version.to_be_bytes());
    aad
}
