//! The keyring's file, and what unlocks it.

use crate::aead::{self, KEY_LEN, Refused};
use crate::{Keyring, aead::random_key};
use aws_lc_rs::aead::RandomizedNonceKey;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Shortest passphrase taken, in characters.
pub const SHORTEST_PASSPHRASE: usize = 12;
/// Argon2id memory, in KiB. With [`ARGON2_PASSES`], above OWASP's minimum (19 MiB, 2 passes).
const ARGON2_KIB: u32 = 64 * 1024;
const ARGON2_PASSES: u32 = 2;
const SALT_LEN: usize = 16;
const FORMAT: u32 = 1;
const AAD: &[u8] = b"discreet keyring 1";

/// What unlocks a keyring.
#[derive(Clone)]
pub enum Unlock {
    /// Words a person remembers; stretched with Argon2id.
    Passphrase(SecretString),
    /// 32 random bytes in base64, from a key file, the environment or a systemd credential.
    Key(SecretString),
}

impl std::fmt::Debug for Unlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Unlock(_)")
    }
}

/// What can go wrong with the keyring's file. Nothing was written then.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// There is none.
    #[error("no keyring at {0}")]
    Missing(PathBuf),
    /// There is one, and it must not be overwritten.
    #[error("there is a keyring at {0} already")]
    Exists(PathBuf),
    /// It could not be read or written.
    #[error("the keyring at {path} could not be {what}: {source}")]
    Io {
        /// Where.
        path: PathBuf,
        /// `read`, `written` or `locked`.
        what: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// Not a keyring, or of a later version.
    #[error("the file at {0} is not a keyring this version can read")]
    Form(PathBuf),
    /// Wrong passphrase or key. The file is unharmed.
    #[error("the keyring does not open: wrong passphrase or key (nothing was changed)")]
    Wrong,
    /// The passphrase is too short to protect anything.
    #[error("the passphrase is too short: at least {SHORTEST_PASSPHRASE} characters")]
    Short,
    /// A key that is not 32 bytes in base64.
    #[error("the unlocking key must be 32 bytes in base64")]
    BadKey,
    /// The keyring expects the other kind of secret.
    #[error("this keyring is unlocked by a {0}")]
    OtherKind(&'static str),
    /// The cryptographic library failed.
    #[error(transparent)]
    Crypto(#[from] Refused),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    format: u32,
    unlock: Stretch,
    sealed: String,
}

#[derive(Clone, Serialize, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Stretch {
    Argon2id { kib: u32, passes: u32, salt: String },
    Key,
}

/// A keyring's file, unlocked: can be read again and written without asking again.
pub struct KeyringFile {
    path: PathBuf,
    stretch: Stretch,
    key: RandomizedNonceKey,
}

impl std::fmt::Debug for KeyringFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyringFile").field("path", &self.path).finish_non_exhaustive()
    }
}

impl KeyringFile {
    /// Writes a new keyring. Never over an existing file.
    ///
    /// # Errors
    /// [`KeyringError`]; nothing is left behind then.
    pub fn create(path: &Path, unlock: &Unlock, keyring: &Keyring) -> Result<KeyringFile, KeyringError> {
        if path.exists() {
            return Err(KeyringError::Exists(path.to_owned()));
        }
        let file = KeyringFile::sealed_by(path, unlock)?;
        file.save(keyring)?;
        Ok(file)
    }
    /// Writes the keyring in the place of this file, sealed under another secret, in one step.
    ///
    /// # Errors
    /// [`KeyringError`]; the old file stands then.
    pub fn reseal(&self, unlock: &Unlock, keyring: &Keyring) -> Result<KeyringFile, KeyringError> {
        let file = KeyringFile::sealed_by(&self.path, unlock)?;
        file.save(keyring)?;
        Ok(file)
    }
    /// A file not written yet, under a fresh salt.
    fn sealed_by(path: &Path, unlock: &Unlock) -> Result<KeyringFile, KeyringError> {
        let stretch = match unlock {
            Unlock::Passphrase(words) if words.expose_secret().chars().count() < SHORTEST_PASSPHRASE => {
                return Err(KeyringError::Short);
            }
            Unlock::Passphrase(_) => Stretch::Argon2id {
                kib: ARGON2_KIB,
                passes: ARGON2_PASSES,
                salt: STANDARD.encode(random_key()?.get(..SALT_LEN).unwrap_or_default()),
            },
            Unlock::Key(_) => Stretch::Key,
        };
        let key = aead::key(stretched(unlock, &stretch)?.as_ref())?;
        Ok(KeyringFile { path: path.to_owned(), stretch, key })
    }
    /// Unlocks an existing keyring.
    ///
    /// # Errors
    /// [`KeyringError`]; the file is never changed.
    pub fn open(path: &Path, unlock: &Unlock) -> Result<(KeyringFile, Keyring), KeyringError> {
        let stored = read(path)?;
        let key = aead::key(stretched(unlock, &stored.unlock)?.as_ref())?;
        let file = KeyringFile { path: path.to_owned(), stretch: stored.unlock.clone(), key };
        let keyring = file.unseal(&stored)?;
        Ok((file, keyring))
    }
    /// Reads the file again: another process may have added a key.
    ///
    /// # Errors
    /// [`KeyringError`], also if it is sealed under another secret by now.
    pub fn load(&self) -> Result<Keyring, KeyringError> {
        self.unseal(&read(&self.path)?)
    }
    /// Replaces the file in one step: a crash leaves the old keyring or the new one.
    ///
    /// # Errors
    /// [`KeyringError::Io`]; the old file stands then.
    pub fn save(&self, keyring: &Keyring) -> Result<(), KeyringError> {
        let plain = Zeroizing::new(serde_json::to_vec(keyring).map_err(|_| Refused::Failed)?);
        let sealed = aead::seal(&self.key, AAD, &plain)?;
        let stored = Stored { format: FORMAT, unlock: self.stretch.clone(), sealed: STANDARD.encode(sealed) };
        let text = serde_json::to_string_pretty(&stored).map_err(|_| Refused::Failed)?;
        replace(&self.path, text.as_bytes()).map_err(|source| KeyringError::Io {
            path: self.path.clone(),
            what: "written",
            source,
        })
    }
    /// Keeps other processes from changing the keyring until what is returned is dropped: of two that rotate at once,
    /// one would lose the other's key.
    ///
    /// # Errors
    /// [`KeyringError::Io`].
    pub fn lock(&self) -> Result<std::fs::File, KeyringError> {
        let path = self.path.with_extension("lock");
        let open = || {
            let file = std::fs::File::options().create(true).append(true).open(&path)?;
            file.lock()?;
            Ok(file)
        };
        open().map_err(|source| KeyringError::Io { path: path.clone(), what: "locked", source })
    }
    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }
    fn unseal(&self, stored: &Stored) -> Result<Keyring, KeyringError> {
        let sealed = STANDARD.decode(&stored.sealed).map_err(|_| KeyringError::Form(self.path.clone()))?;
        let plain = Zeroizing::new(aead::open(&self.key, AAD, &sealed).map_err(|_| KeyringError::Wrong)?);
        serde_json::from_slice(&plain).map_err(|_| KeyringError::Form(self.path.clone()))
    }
}

fn read(path: &Path) -> Result<Stored, KeyringError> {
    let text = std::fs::read_to_string(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => KeyringError::Missing(path.to_owned()),
        _ => KeyringError::Io { path: path.to_owned(), what: "read", source },
    })?;
    let stored: Stored = serde_json::from_str(&text).map_err(|_| KeyringError::Form(path.to_owned()))?;
    if stored.format != FORMAT {
        return Err(KeyringError::Form(path.to_owned()));
    }
    Ok(stored)
}

fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?; // mode 0600
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    std::fs::File::open(folder)?.sync_all()
}

fn stretched(unlock: &Unlock, stretch: &Stretch) -> Result<Zeroizing<[u8; KEY_LEN]>, KeyringError> {
    match (unlock, stretch) {
        (Unlock::Passphrase(words), Stretch::Argon2id { kib, passes, salt }) => {
            let salt = STANDARD.decode(salt).map_err(|_| KeyringError::Wrong)?;
            let params =
                argon2::Params::new(*kib, *passes, 1, Some(KEY_LEN)).map_err(|_| KeyringError::Wrong)?;
            let argon = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
            let mut key = Zeroizing::new([0; KEY_LEN]);
            argon
                .hash_password_into(words.expose_secret().as_bytes(), &salt, key.as_mut())
                .map_err(|_| KeyringError::Wrong)?;
            Ok(key)
        }
        (Unlock::Key(text), Stretch::Key) => {
            let bytes = Zeroizing::new(
                STANDARD.decode(text.expose_secret().trim()).map_err(|_| KeyringError::BadKey)?,
            );
            let key: [u8; KEY_LEN] = bytes.as_slice().try_into().map_err(|_| KeyringError::BadKey)?;
            Ok(Zeroizing::new(key))
        }
        (_, Stretch::Argon2id { .. }) => Err(KeyringError::OtherKind("passphrase")),
        (_, Stretch::Key) => Err(KeyringError::OtherKind("key")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Unlock {
        Unlock::Passphrase(text.to_owned().into())
    }

    #[test]
    fn wrong_secrets_are_refused_and_nothing_is_damaged() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keyring.json");
        let keyring = Keyring::generate("discreet/test").unwrap();
        KeyringFile::create(&path, &words("correct horse battery"), &keyring).unwrap();
        let before = std::fs::read(&path).unwrap();
        assert!(matches!(KeyringFile::open(&path, &words("wrong horse battery")), Err(KeyringError::Wrong)));
        let key = Unlock::Key(STANDARD.encode([1; 32]).into());
        assert!(matches!(KeyringFile::open(&path, &key), Err(KeyringError::OtherKind("passphrase"))));
        assert_eq!(std::fs::read(&path).unwrap(), before);
        let (_, opened) = KeyringFile::open(&path, &words("correct horse battery")).unwrap();
        assert!(opened.holds_all_of(&keyring));
        assert!(matches!(
            KeyringFile::create(&path, &words("another passphrase"), &keyring),
            Err(KeyringError::Exists(_))
        ));
    }

    #[test]
    fn short_and_malformed_secrets_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let keyring = Keyring::generate("discreet/test").unwrap();
        let at = |name: &str| dir.path().join(name);
        assert!(matches!(KeyringFile::create(&at("a"), &words("short"), &keyring), Err(KeyringError::Short)));
        let bad = Unlock::Key("no".to_owned().into());
        assert!(matches!(KeyringFile::create(&at("b"), &bad, &keyring), Err(KeyringError::BadKey)));
        std::fs::write(at("c"), "{}").unwrap();
        assert!(matches!(
            KeyringFile::open(&at("c"), &words("correct horse battery")),
            Err(KeyringError::Form(_))
        ));
        assert!(matches!(KeyringFile::open(&at("d"), &words("x")), Err(KeyringError::Missing(_))));
        assert!(!at("a").exists() && !at("b").exists());
    }

    #[test]
    fn the_file_shows_no_key() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keyring.json");
        let keyring = Keyring::generate("discreet/test").unwrap();
        let file =
            KeyringFile::create(&path, &Unlock::Key(STANDARD.encode([1; 32]).into()), &keyring).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains("origin") && !text.contains("wrapping"));
        assert_eq!(format!("{keyring:?}"), "Keyring(_)");
        assert!(!format!("{file:?}").contains("key:"));
    }
}
