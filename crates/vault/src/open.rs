//! The only decryption of PHI. Everything that opens a patient's record comes through [`Reader::open`] or
//! [`Reader::open_evidence`], and a [`Reader`] is made of a [`Receipt`] alone.

use crate::aead::{self, Refused};
use crate::seal::{description, evidence_description};
use crate::{PatientKeys, Vault};
use discreet_audit::{Access, Receipt};
use discreet_domain::{EvidenceId, Part, Phi, Sealed, Timestamp};

impl Vault {
    /// Opens one part of one record; the receipt is spent.
    ///
    /// # Errors
    /// [`Refused`]: not covered, damaged, or destroyed.
    ///
    /// ```compile_fail,E0382
    /// # use discreet_vault::*; use discreet_audit::Receipt; use discreet_domain::*;
    /// fn twice(v: &Vault, r: Receipt, k: &PatientKeys, s: &Sealed, now: Timestamp) {
    ///     let _ = v.open(r, k, s, now);
    ///     let _ = v.open(r, k, s, now);
    /// }
    /// ```
    /// The compiling twin:
    /// ```
    /// # use discreet_vault::*; use discreet_audit::Receipt; use discreet_domain::*;
    /// fn once(v: &Vault, r: Receipt, k: &PatientKeys, s: &Sealed, now: Timestamp) {
    ///     let _ = v.open(r, k, s, now);
    /// }
    /// ```
    pub fn open(
        &self,
        receipt: Receipt,
        keys: &PatientKeys,
        sealed: &Sealed,
        now: Timestamp,
    ) -> Result<Phi<Vec<u8>>, Refused> {
        self.bulk(receipt).open(keys, sealed, now)
    }

    /// Moves a receipt into a reader, which opens only what the receipt states, until it expires.
    pub fn bulk(&self, receipt: Receipt) -> Reader {
        Reader { receipt }
    }
}

/// Opens what one recorded access covers.
///
/// ```compile_fail,E0451
/// # use discreet_vault::*; use discreet_audit::Receipt;
/// fn forged(receipt: Receipt) -> Reader { Reader { receipt } }
/// ```
/// The compiling twin:
/// ```
/// # use discreet_vault::*; use discreet_audit::Receipt;
/// fn proper(vault: &Vault, receipt: Receipt) -> Reader { vault.bulk(receipt) }
/// ```
#[derive(Debug)]
pub struct Reader {
    receipt: Receipt,
}

impl Reader {
    /// The recorded access.
    pub const fn access(&self) -> &Access {
        self.receipt.access()
    }
    /// The receipt it is made of, for whatever else asks for one: the index's answers about a person.
    pub const fn receipt(&self) -> &Receipt {
        &self.receipt
    }
    /// Opens one part of one record.
    ///
    /// # Errors
    /// [`Refused`]: not covered, damaged (also if the keys are another patient's), or destroyed.
    pub fn open(&self, keys: &PatientKeys, sealed: &Sealed, now: Timestamp) -> Result<Phi<Vec<u8>>, Refused> {
        if !self.receipt.covers(sealed.patient, sealed.part, now) {
            return Err(Refused::NotCovered);
        }
        aead::open(keys.key_of(sealed.part)?, &description(sealed), &sealed.bytes).map(Phi::new)
    }
    /// Opens one document kept as evidence.
    ///
    /// # Errors
    /// [`Refused`]: not covered, damaged, or destroyed.
    pub fn open_evidence(
        &self,
        keys: &PatientKeys,
        id: EvidenceId,
        sealed: &[u8],
        now: Timestamp,
    ) -> Result<Phi<Vec<u8>>, Refused> {
        if !self.receipt.covers(keys.patient, Part::Evidence, now) {
            return Err(Refused::NotCovered);
        }
        let aad = evidence_description(keys.patient, id);
        aead::open(keys.key_of(Part::Evidence)?, &aad, sealed).map(Phi::new)
    }
}
