//! The keys everything hangs on.

use crate::aead::{KEY_LEN, Refused, random_key};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use discreet_audit::PublicKey;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// One wrapping key: it wraps data keys, nothing else.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(crate) struct WrappingKey {
    #[zeroize(skip)]
    pub(crate) version: u32,
    pub(crate) bytes: [u8; KEY_LEN],
}

/// Versions of wrapping keys, as [`Keyring::versions`] tells them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeyVersion {
    /// Its number; numbers rise and are never reused.
    pub version: u32,
    /// Whether it wraps new keys. The others only unwrap.
    pub current: bool,
}

/// The keyring. `Debug` shows nothing of it; it wipes itself when dropped.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keyring {
    /// Which installation it belongs to: the log's name in checkpoints.
    pub(crate) origin: String,
    pub(crate) wrapping: Vec<WrappingKey>,
    pub(crate) current: u32,
    pub(crate) next: u32,
    /// Keys of the blind indexes; the suppression key never rotates.
    pub(crate) index: Secret,
    pub(crate) suppression: Secret,
    pub(crate) log_seed: Secret,
}

/// 32 secret bytes.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Secret(pub(crate) [u8; KEY_LEN]);

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyring(_)")
    }
}

impl Keyring {
    /// A new keyring for a new installation, named `origin` in checkpoints.
    ///
    /// # Errors
    /// [`Refused::Failed`] if there is no randomness.
    pub fn generate(origin: &str) -> Result<Keyring, Refused> {
        Ok(Keyring {
            origin: origin.to_owned(),
            wrapping: vec![WrappingKey { version: 1, bytes: *random_key()? }],
            current: 1,
            next: 2,
            index: Secret(*random_key()?),
            suppression: Secret(*random_key()?),
            log_seed: Secret(*random_key()?),
        })
    }
    /// The log's name.
    pub fn origin(&self) -> &str {
        &self.origin
    }
    /// Its wrapping keys, oldest first.
    pub fn versions(&self) -> Vec<KeyVersion> {
        let current = self.current;
        self.wrapping
            .iter()
            .map(|k| KeyVersion { version: k.version, current: k.version == current })
            .collect()
    }
    /// Rotation, step 1, *distribute*: adds a new wrapping key that does not wrap yet, so that every process can come to
    /// know it first. Returns its version.
    ///
    /// # Errors
    /// [`Refused::Failed`] if there is no randomness.
    pub fn add_key(&mut self) -> Result<u32, Refused> {
        let version = self.next;
        self.wrapping.push(WrappingKey { version, bytes: *random_key()? });
        self.next += 1;
        Ok(version)
    }
    /// Rotation, step 2, *wrap*: new data keys are wrapped under `version` from now on.
    ///
    /// # Errors
    /// [`Refused::UnknownKey`] if there is no such key.
    pub fn make_current(&mut self, version: u32) -> Result<(), Refused> {
        self.wrapping_key(version).ok_or(Refused::UnknownKey(version))?;
        self.current = version;
        Ok(())
    }
    /// Rotation, step 4, *retire* (step 3, *re-wrap*, is the shelf's): destroys a wrapping key. The caller has made sure
    /// that nothing is wrapped under it any more.
    ///
    /// # Errors
    /// [`Refused::UnknownKey`] if there is no such key, or it is the current one.
    pub fn retire(&mut self, version: u32) -> Result<(), Refused> {
        if version == self.current || self.wrapping_key(version).is_none() {
            return Err(Refused::UnknownKey(version));
        }
        self.wrapping.retain(|k| k.version != version);
        Ok(())
    }
    pub(crate) fn wrapping_key(&self, version: u32) -> Option<&WrappingKey> {
        self.wrapping.iter().find(|k| k.version == version)
    }
    /// The log's public key.
    ///
    /// # Errors
    /// [`Refused::Failed`] if the library refuses the seed.
    pub fn log_key(&self) -> Result<PublicKey, Refused> {
        let public: &[u8] = &self.signer()?;
        public.try_into().map(PublicKey).map_err(|_| Refused::Failed)
    }
    fn signer(&self) -> Result<Vec<u8>, Refused> {
        Ok(self.pair()?.public_key().as_ref().to_vec())
    }
    fn pair(&self) -> Result<Ed25519KeyPair, Refused> {
        Ed25519KeyPair::from_seed_unchecked(&self.log_seed.0).map_err(|_| Refused::Failed)
    }
    /// Signs bytes as the log (Ed25519).
    ///
    /// # Errors
    /// [`Refused::Failed`] if the library refuses the seed.
    pub fn sign_as_log(&self, bytes: &[u8]) -> Result<Vec<u8>, Refused> {
        Ok(self.pair()?.sign(bytes).as_ref().to_vec())
    }
    /// Whether both hold the same keys.
    pub(crate) fn holds_all_of(&self, other: &Keyring) -> bool {
        let same = |a: &Secret, b: &Secret| a.0 == b.0;
        self.origin == other.origin
            && same(&self.index, &other.index)
            && same(&self.suppression, &other.suppression)
            && same(&self.log_seed, &other.log_seed)
            && other
                .wrapping
                .iter()
                .all(|k| self.wrapping_key(k.version).is_some_and(|mine| mine.bytes == k.bytes))
    }
}
