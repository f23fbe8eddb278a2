//! The vault: the keyring in use.

use crate::aead::{self, Refused, random_key};
use crate::seal::wrap_description;
use crate::{Keyring, KeyringError, KeyringFile, OrganizationKey, PatientKeys, Unlock};
use aws_lc_rs::aead::RandomizedNonceKey;
use discreet_domain::{PatientId, Wrapped};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use zeroize::Zeroizing;

const PROFILE: u8 = 1;
const EVIDENCE: u8 = 2;
const ORGANIZATION: u8 = 3;

/// The keyring, its file, and the wrapping keys made ready.
pub struct Vault {
    file: RwLock<Arc<KeyringFile>>,
    state: RwLock<Arc<State>>,
}

struct State {
    keyring: Keyring,
    wrapping: HashMap<u32, RandomizedNonceKey>,
}

impl State {
    fn of(keyring: Keyring) -> Result<Arc<State>, Refused> {
        let ready = |k: &crate::keyring::WrappingKey| Ok((k.version, aead::key(&k.bytes)?));
        let wrapping = keyring.wrapping.iter().map(ready).collect::<Result<_, Refused>>()?;
        Ok(Arc::new(State { keyring, wrapping }))
    }
    fn current(&self) -> Result<(u32, &RandomizedNonceKey), Refused> {
        let version = self.keyring.current;
        self.wrapping.get(&version).map(|key| (version, key)).ok_or(Refused::UnknownKey(version))
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(_)")
    }
}

impl Vault {
    /// A vault over an unlocked keyring.
    ///
    /// # Errors
    /// [`Refused::Failed`] if a key cannot be used.
    pub fn new(file: KeyringFile, keyring: Keyring) -> Result<Vault, Refused> {
        Ok(Vault { file: RwLock::new(Arc::new(file)), state: RwLock::new(State::of(keyring)?) })
    }
    fn state(&self) -> Arc<State> {
        Arc::clone(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }
    /// Uses the keyring: tags, the log's key, versions.
    pub fn with_keyring<T>(&self, f: impl FnOnce(&Keyring) -> T) -> T {
        f(&self.state().keyring)
    }
    fn file(&self) -> Arc<KeyringFile> {
        Arc::clone(&self.file.read().unwrap_or_else(PoisonError::into_inner))
    }
    /// Changes the keyring: reads the file anew, applies `f`, writes it, and only then uses it. One process at a time does.
    ///
    /// # Errors
    /// [`KeyringError`]; keyring and file are as before then.
    pub fn change<T>(&self, f: impl FnOnce(&mut Keyring) -> Result<T, Refused>) -> Result<T, KeyringError> {
        let file = self.file();
        let _lock = file.lock()?;
        let mut keyring = file.load()?;
        let out = f(&mut keyring)?;
        file.save(&keyring)?;
        let state = State::of(keyring)?;
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
        Ok(out)
    }
    /// Seals the keyring's file under another secret. Other processes can no longer read it until they are started anew.
    ///
    /// # Errors
    /// [`KeyringError`]; the file is as before then.
    pub fn reseal(&self, unlock: &Unlock) -> Result<(), KeyringError> {
        let file = self.file();
        let _lock = file.lock()?;
        let resealed = file.reseal(unlock, &file.load()?)?;
        *self.file.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(resealed);
        Ok(())
    }
    /// Reads the keyring's file again: another process may have rotated.
    ///
    /// # Errors
    /// [`KeyringError`]; the keyring in use stays then.
    pub fn reload(&self) -> Result<(), KeyringError> {
        let state = State::of(self.file().load()?)?;
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
        Ok(())
    }
    /// The state that knows wrapping key `version`; reads the file again if need be.
    fn state_with(&self, version: u32) -> Result<Arc<State>, Refused> {
        let state = self.state();
        if state.wrapping.contains_key(&version) {
            return Ok(state);
        }
        self.reload().map_err(|_| Refused::UnknownKey(version))?;
        Ok(self.state())
    }

    /// Fresh data keys for a new patient, ready and wrapped.
    ///
    /// # Errors
    /// [`Refused::Failed`] if there is no randomness.
    pub fn fresh(&self, patient: PatientId) -> Result<(PatientKeys, Wrapped), Refused> {
        let state = self.state();
        let (version, wrapping) = state.current()?;
        let (profile, evidence) = (random_key()?, random_key()?);
        let wrap = |which, key: &[u8]| aead::seal(wrapping, &wrap_description(patient, which, version), key);
        let wrapped = Wrapped {
            patient,
            key_version: version,
            profile: Some(wrap(PROFILE, profile.as_ref())?),
            evidence: Some(wrap(EVIDENCE, evidence.as_ref())?),
        };
        let keys = PatientKeys {
            patient,
            profile: Some(aead::key(profile.as_ref())?),
            evidence: Some(aead::key(evidence.as_ref())?),
        };
        Ok((keys, wrapped))
    }
    /// Unwraps a patient's data keys.
    ///
    /// # Errors
    /// [`Refused::UnknownKey`], [`Refused::Damaged`].
    pub fn unwrap(&self, wrapped: &Wrapped) -> Result<PatientKeys, Refused> {
        let ready = |which, bytes: &Option<Vec<u8>>| {
            bytes.as_ref().map(|b| aead::key(self.bare(wrapped, which, b)?.as_ref())).transpose()
        };
        Ok(PatientKeys {
            patient: wrapped.patient,
            profile: ready(PROFILE, &wrapped.profile)?,
            evidence: ready(EVIDENCE, &wrapped.evidence)?,
        })
    }
    fn bare(&self, wrapped: &Wrapped, which: u8, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refused> {
        let version = wrapped.key_version;
        let state = self.state_with(version)?;
        let key = state.wrapping.get(&version).ok_or(Refused::UnknownKey(version))?;
        aead::open(key, &wrap_description(wrapped.patient, which, version), bytes).map(Zeroizing::new)
    }
    /// Wraps the same data keys under the current wrapping key. `None` if they are already.
    ///
    /// # Errors
    /// As [`Vault::unwrap`].
    pub fn rewrap(&self, wrapped: &Wrapped) -> Result<Option<Wrapped>, Refused> {
        let state = self.state();
        let (version, wrapping) = state.current()?;
        if wrapped.key_version == version {
            return Ok(None);
        }
        let again = |which, bytes: &Option<Vec<u8>>| {
            let seal = |b: &Vec<u8>| {
                let bare = self.bare(wrapped, which, b)?;
                aead::seal(wrapping, &wrap_description(wrapped.patient, which, version), &bare)
            };
            bytes.as_ref().map(seal).transpose()
        };
        let profile_kind = if wrapped.patient == organization() { ORGANIZATION } else { PROFILE };
        Ok(Some(Wrapped {
            patient: wrapped.patient,
            key_version: version,
            profile: again(profile_kind, &wrapped.profile)?,
            evidence: again(EVIDENCE, &wrapped.evidence)?,
        }))
    }

    /// A fresh organization key, ready and wrapped. On the shelf it lies under the nil id.
    ///
    /// # Errors
    /// [`Refused::Failed`] if there is no randomness.
    pub fn fresh_organization(&self) -> Result<(OrganizationKey, Wrapped), Refused> {
        let state = self.state();
        let (version, wrapping) = state.current()?;
        let key = random_key()?;
        let aad = wrap_description(organization(), ORGANIZATION, version);
        let profile = Some(aead::seal(wrapping, &aad, key.as_ref())?);
        let wrapped = Wrapped { patient: organization(), key_version: version, profile, evidence: None };
        Ok((OrganizationKey(aead::key(key.as_ref())?), wrapped))
    }
    /// Unwraps the organization's key.
    ///
    /// # Errors
    /// As [`Vault::unwrap`]; [`Refused::Destroyed`] if there is none.
    pub fn unwrap_organization(&self, wrapped: &Wrapped) -> Result<OrganizationKey, Refused> {
        let bytes = wrapped.profile.as_ref().ok_or(Refused::Destroyed)?;
        Ok(OrganizationKey(aead::key(self.bare(wrapped, ORGANIZATION, bytes)?.as_ref())?))
    }
}

/// The nil id: where the organization's key lies on the shelf.
const fn organization() -> PatientId {
    PatientId::from_u128(0)
}
