//! A keyring that is lost, or whose passphrase is, brought back from its recovery kit; and a passphrase changed.

use crate::app::App;
use crate::error::{AppError, Result};
use crate::installation::{Sites, origin};
use discreet_access::{Allowed, ManageKeys};
use discreet_audit::Event;
use discreet_domain::{Actor, Timestamp};
use discreet_store::{Shelf, Store};
use discreet_vault::{Keyring, KeyringFile, Unlock, Vault, kit};
use secrecy::SecretString;
use std::path::{Path, PathBuf};

impl App {
    /// Writes the kit's keyring in the place of the one that is lost, unlocked by `unlock` from now on. What lay there is
    /// kept beside it. Like `init` a verb without leave: without a keyring nobody can sign in, and whoever holds a kit, its
    /// code and the databases holds everything. The log tells of it.
    ///
    /// # Errors
    /// A kit that does not open, of another installation, or older than keys in use; a keyring that opens with `unlock`
    /// already. Nothing was changed then.
    pub async fn recover(
        sites: &Sites,
        unlock: &Unlock,
        text: &str,
        code: &SecretString,
        now: Timestamp,
    ) -> Result<App> {
        if KeyringFile::open(&sites.keyring, unlock).is_ok() {
            return Err(AppError::conflict("the keyring opens with this passphrase: nothing needs recovery"));
        }
        let keyring = kit::open(text, code)?;
        let store = Store::open(&sites.data, false).await?;
        let shelf = Shelf::open(&sites.shelf, false).await?;
        belongs(&keyring, &store, &shelf).await?;
        let lost = set_aside(&sites.keyring, now)?;
        let recovered = match KeyringFile::create(&sites.keyring, unlock, &keyring) {
            Ok(file) => App::over(sites, Vault::new(file, keyring)?, store, shelf).await,
            Err(e) => Err(e.into()),
        };
        let app = match recovered {
            Ok(app) => app,
            Err(e) => {
                put_back(&sites.keyring, lost.as_deref())?;
                return Err(e);
            }
        };
        app.log(Actor::Console, Event::KeyringRecovered, now).await?;
        app.witness_now().await?;
        Ok(app)
    }

    /// Seals the keyring under another passphrase or key. Processes that run keep the keys they have, and must be started
    /// again with the new one.
    ///
    /// # Errors
    /// A passphrase that is too short; the file system's. The old one stands then.
    pub async fn change_unlock(
        &self,
        by: Allowed<ManageKeys>,
        unlock: &Unlock,
        now: Timestamp,
    ) -> Result<()> {
        self.vault.reseal(unlock)?;
        self.log(by.actor(), Event::PassphraseChanged, now).await
    }
}

/// A kit of another installation, or one that lacks a key, would bring nothing back.
async fn belongs(keyring: &Keyring, store: &Store, shelf: &Shelf) -> Result<()> {
    let row = store.read().await?.installation().await?.ok_or(AppError::NotFound("installation"))?;
    if keyring.origin() != origin(row.id) {
        return Err(AppError::conflict("this kit belongs to another installation"));
    }
    let newest = keyring.versions().last().map_or(0, |key| u64::from(key.version));
    let used = shelf.newest().await?;
    if used > newest {
        return Err(AppError::conflict(format!(
            "this kit is older than the keys in use: it ends with key {newest}, but key {used} is in use"
        )));
    }
    Ok(())
}

/// Moves the old file out of the way. Never deletes it: it may be all there is of a newer key.
fn set_aside(keyring: &Path, now: Timestamp) -> std::io::Result<Option<PathBuf>> {
    let aside = keyring.with_extension(format!("lost-{}", now.micros()));
    match std::fs::rename(keyring, &aside) {
        Ok(()) => Ok(Some(aside)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            if let Some(folder) = keyring.parent() {
                std::fs::create_dir_all(folder)?;
            }
            Ok(None)
        }
        Err(e) => Err(e),
    }
}

fn put_back(keyring: &Path, lost: Option<&Path>) -> std::io::Result<()> {
    match lost {
        Some(lost) => std::fs::rename(lost, keyring),
        None if keyring.exists() => std::fs::remove_file(keyring),
        None => Ok(()),
    }
}
