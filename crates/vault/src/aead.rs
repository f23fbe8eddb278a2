//! AES-256-GCM with random nonces, through aws-lc-rs. Nothing else in the project encrypts.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::rand;
use zeroize::Zeroizing;

/// Bytes of a key.
pub(crate) const KEY_LEN: usize = 32;

/// Why the vault does not give what was asked for. Never says what is inside.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    /// The receipt is for another patient, another part, or has expired.
    #[error("the receipt does not cover this")]
    NotCovered,
    /// The bytes do not open under this key with this description: altered, moved, or sealed under another key.
    #[error("sealed data cannot be opened: it was altered or moved, or the key is another one")]
    Damaged,
    /// The data key was destroyed: the patient was erased.
    #[error("the key was destroyed")]
    Destroyed,
    /// The keyring has no wrapping key of that version.
    #[error("the keyring has no wrapping key of version {0}")]
    UnknownKey(u32),
    /// The random number generator or the cipher failed.
    #[error("the cryptographic library failed")]
    Failed,
}

/// Bytes of a fresh random key.
pub(crate) fn random_key() -> Result<Zeroizing<[u8; KEY_LEN]>, Refused> {
    let mut key = Zeroizing::new([0; KEY_LEN]);
    rand::fill(key.as_mut()).map_err(|_| Refused::Failed)?;
    Ok(key)
}

/// A key ready for use.
pub(crate) fn key(bytes: &[u8]) -> Result<RandomizedNonceKey, Refused> {
    RandomizedNonceKey::new(&AES_256_GCM, bytes).map_err(|_| Refused::Failed)
}

/// Nonce ‖ ciphertext ‖ tag.
pub(crate) fn seal(key: &RandomizedNonceKey, aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, Refused> {
    let mut out = Vec::with_capacity(NONCE_LEN + plain.len() + AES_256_GCM.tag_len());
    out.extend_from_slice(&[0; NONCE_LEN]);
    let mut body = plain.to_vec();
    let nonce = key.seal_in_place_append_tag(Aad::from(aad), &mut body).map_err(|_| Refused::Failed)?;
    out.clear();
    out.extend_from_slice(nonce.as_ref());
    out.append(&mut body);
    Ok(out)
}

/// The plain bytes, if `sealed` was sealed under this key with this description.
pub(crate) fn open(key: &RandomizedNonceKey, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Refused> {
    let (nonce, body) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(Refused::Damaged)?;
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let mut body = body.to_vec();
    let length = key.open_in_place(nonce, Aad::from(aad), &mut body).map_err(|_| Refused::Damaged)?.len();
    body.truncate(length);
    Ok(body)
}
