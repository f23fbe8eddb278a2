//! What is sealed under the organization's key: names and texts of segments, topics, templates, campaigns, notes given
//! as reasons, rejected rows. Not patients' records, so opening takes no receipt; who may see them is access's matter.

use crate::aead::{self, Refused};
use aws_lc_rs::aead::RandomizedNonceKey;

/// The organization's data key.
pub struct OrganizationKey(pub(crate) RandomizedNonceKey);

impl std::fmt::Debug for OrganizationKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OrganizationKey(_)")
    }
}

/// Where a sealed text stands; bound to it as associated data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table or file.
    pub table: &'a str,
    /// The row's id.
    pub row: u128,
    /// The column.
    pub column: &'a str,
    /// The row's version, or the position in a file.
    pub version: u64,
}

impl Place<'_> {
    fn description(&self) -> Vec<u8> {
        let mut aad = b"discreet organization 1".to_vec();
        for word in [self.table, self.column] {
            aad.extend_from_slice(&(word.len() as u64).to_be_bytes());
            aad.extend_from_slice(word.as_bytes());
        }
        aad.extend_from_slice(&self.row.to_be_bytes());
        aad.extend_from_slice(&self.version.to_be_bytes());
        aad
    }
}

impl OrganizationKey {
    /// Seals bytes for this place.
    ///
    /// # Errors
    /// [`Refused::Failed`] if there is no randomness.
    pub fn seal(&self, place: Place<'_>, plain: &[u8]) -> Result<Vec<u8>, Refused> {
        aead::seal(&self.0, &place.description(), plain)
    }
    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// [`Refused::Damaged`] if it was not.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, Refused> {
        aead::open(&self.0, &place.description(), sealed)
    }
    /// Opens text that was sealed for this place.
    ///
    /// # Errors
    /// [`Refused::Damaged`] if it was not, or is no text.
    pub fn open_text(&self, place: Place<'_>, sealed: &[u8]) -> Result<String, Refused> {
        String::from_utf8(self.open(place, sealed)?).map_err(|_| Refused::Damaged)
    }
}
