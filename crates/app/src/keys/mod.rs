//! Keys: rotated while running, recovery kits.

pub(crate) mod dkim;
mod recover;

use crate::app::App;
use crate::error::{AppError, Result};
use discreet_access::{Allowed, ManageKeys};
use discreet_audit::Event;
use discreet_domain::{Actor, Timestamp, Wrapped};
use discreet_store::Lane;
pub use discreet_vault::KeyVersion;
use discreet_vault::{Keyring, kit};
use secrecy::SecretString;

pub use dkim::DnsRecord;

/// Keys re-wrapped in one transaction.
const BATCH: u32 = 500;

/// What a rotation did.
#[derive(Debug)]
pub struct Rotated {
    /// The new wrapping key.
    pub version: u32,
    /// How many patients' keys were wrapped anew.
    pub rewrapped: u64,
    /// The wrapping keys that were destroyed.
    pub retired: Vec<u32>,
    /// A new recovery kit: the old one lacks the new key.
    pub kit: kit::Kit,
}

impl App {
    /// Rotates the wrapping key while everything runs: *distribute* (every process can come to know the new key), *wrap*
    /// (new keys are wrapped under it), *re-wrap* (all others, in batches), *retire* (keys that wrap nothing are destroyed,
    /// but for the last one).
    /// Stopped anywhere, it goes on when called again.
    ///
    /// # Errors
    /// The keyring's or the database's. Nothing becomes unreadable.
    pub async fn rotate_keys(
        &self,
        by: Allowed<ManageKeys>,
        now: Timestamp,
        progress: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<Rotated> {
        let version = match self.unused_key().await? {
            Some(version) => version,
            None => {
                let version = self.vault.change(Keyring::add_key)?;
                self.log(by.actor(), Event::KeyAdded { version }, now).await?;
                version
            }
        };
        self.vault.change(|k| k.make_current(version))?;
        let mut rewrapped = 0;
        loop {
            let old = self.shelf.not_of(version, BATCH).await?;
            if old.is_empty() {
                break;
            }
            let mut pairs: Vec<(Wrapped, Wrapped)> = Vec::with_capacity(old.len());
            for wrapped in old {
                if let Some(new) = self.vault.rewrap(&wrapped)? {
                    pairs.push((wrapped, new));
                }
            }
            rewrapped += self.shelf.rewrap(&pairs).await?;
            progress(rewrapped);
        }
        self.log(by.actor(), Event::KeysRewrapped { version, count: rewrapped }, now).await?;
        let mut retired = Vec::new();
        // The key before the new one stays until the next rotation: another process may be wrapping under it right now.
        let versions = self.vault.with_keyring(Keyring::versions);
        let kept = versions.iter().rev().nth(1).map(|k| k.version);
        for KeyVersion { version: old, current } in versions {
            if !current && Some(old) != kept && self.shelf.count_of(old).await? == 0 {
                self.vault.change(|k| k.retire(old))?;
                self.log(by.actor(), Event::KeyRetired { version: old }, now).await?;
                retired.push(old);
            }
        }
        let kit = self.new_kit(by.actor(), now).await?;
        Ok(Rotated { version, rewrapped, retired, kit })
    }

    /// A key that a rotation stopped halfway left: newer than all that is wrapped.
    async fn unused_key(&self) -> Result<Option<u32>> {
        let versions = self.vault.with_keyring(Keyring::versions);
        let newest = versions.last().filter(|_| versions.len() > 1).map(|k| k.version);
        let Some(newest) = newest else { return Ok(None) };
        let unfinished = !self.shelf.not_of(newest, 1).await?.is_empty();
        Ok(unfinished.then_some(newest))
    }

    pub(super) async fn log(&self, by: Actor, event: Event, now: Timestamp) -> Result<()> {
        let tx = self.store.begin(Lane::Receipt).await?;
        self.settle_one(tx, by, event, now).await
    }

    /// The wrapping keys, oldest first, with how many patients' keys each wraps.
    ///
    /// # Errors
    /// The database's.
    pub async fn key_versions(&self, _by: Allowed<ManageKeys>) -> Result<Vec<(KeyVersion, u64)>> {
        let mut versions = Vec::new();
        for key in self.vault.with_keyring(Keyring::versions) {
            versions.push((key, self.shelf.count_of(key.version).await?));
        }
        Ok(versions)
    }

    /// Whether somebody showed that the recovery kit opens.
    ///
    /// # Errors
    /// The database's.
    pub async fn kit_confirmed(&self, _by: Allowed<ManageKeys>) -> Result<bool> {
        let row = self.store.read().await?.installation().await?;
        Ok(row.ok_or(AppError::NotFound("installation"))?.kit_confirmed)
    }
    /// Issues a recovery kit, to be confirmed.
    ///
    /// # Errors
    /// The database's.
    pub async fn issue_kit(&self, by: Allowed<ManageKeys>, now: Timestamp) -> Result<kit::Kit> {
        self.new_kit(by.actor(), now).await
    }

    async fn new_kit(&self, by: Actor, now: Timestamp) -> Result<kit::Kit> {
        let kit = self.vault.with_keyring(kit::issue)?;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        tx.set_kit_confirmed(false).await?;
        self.settle_one(tx, by, Event::KitIssued, now).await?;
        Ok(kit)
    }

    /// Notes that the kit opens and holds every key there is.
    ///
    /// # Errors
    /// It does not; the database's.
    pub async fn confirm_kit(
        &self,
        by: Allowed<ManageKeys>,
        text: &str,
        code: &SecretString,
        now: Timestamp,
    ) -> Result<()> {
        if !self.vault.with_keyring(|k| kit::confirms(text, code, k))? {
            return Err(AppError::conflict(
                "this kit opens, but lacks keys that are in use: issue a new one",
            ));
        }
        let mut tx = self.store.begin(Lane::Receipt).await?;
        tx.set_kit_confirmed(true).await?;
        self.settle_one(tx, by.actor(), Event::KitConfirmed, now).await
    }
}
