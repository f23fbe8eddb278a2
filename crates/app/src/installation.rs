//! The installation: made, opened, checked; the red button; the relay's standing.

use crate::app::App;
use crate::error::{AppError, Result};
use crate::index::IndexCell;
use crate::settings::Settings;
use crate::witness::Witness;
use discreet_access::{
    Allowed, CheckInstallation, ManageUsers, ResumeSending, Roles, SetRelay, StopSending, Token,
};
use discreet_audit::{Entry, Event};
use discreet_domain::{Actor, Day, PatientId, Timestamp, TokenId, UserId};
use discreet_store::{Lane, Location, Shelf, Store, Tx};
use discreet_vault::{Keyring, KeyringFile, Place, Unlock, Vault, kit};
use secrecy::SecretString;
use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};
use uuid::Uuid;

/// Where an installation lies.
#[derive(Clone, Debug)]
pub struct Sites {
    /// The data.
    pub data: Location,
    /// The key shelf.
    pub shelf: Location,
    /// The keyring's file.
    pub keyring: PathBuf,
    /// For sealed rejected rows and sealed temporary files.
    pub folder: PathBuf,
}

/// What making an installation shows once.
#[derive(Debug)]
pub struct Made {
    /// The first user.
    pub user: UserId,
    /// Their token.
    pub token: Token,
    /// The recovery kit's text.
    pub kit: String,
    /// The code that opens it.
    pub kit_code: SecretString,
}

/// Something that needs attention.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Remark {
    /// A stable word.
    pub code: &'static str,
    /// What, and what to do.
    pub text: String,
}

const SETTINGS: Place<'static> = Place { table: "installation", row: 0, column: "settings", version: 0 };

/// The nil id: where the organization's key lies on the shelf.
const ORGANIZATION: PatientId = PatientId::from_u128(0);

impl App {
    /// Makes an installation where there is none, and its first user, who holds every role until others are added. This is
    /// the one verb without leave: before it, there is nobody to have any.
    ///
    /// # Errors
    /// [`AppError`]: something is there already, the passphrase is too short, settings not in order.
    pub async fn make(
        sites: &Sites,
        unlock: &Unlock,
        settings: &Settings,
        first_user: &str,
        demo: bool,
        now: Timestamp,
    ) -> Result<Made> {
        settings.check()?;
        let store = Store::open(&sites.data, true).await?;
        if store.read().await?.installation().await?.is_some() {
            return Err(AppError::conflict("there is an installation here already"));
        }
        let shelf = Shelf::open(&sites.shelf, true).await?;
        let id = Uuid::new_v4();
        let keyring = Keyring::generate(&origin(id))?;
        let issued = kit::issue(&keyring)?;
        let file = KeyringFile::create(&sites.keyring, unlock, &keyring)?;
        let vault = Vault::new(file, keyring)?;
        let (organization, wrapped) = vault.fresh_organization()?;
        shelf.put(&[wrapped]).await?;
        let plain = serde_json::to_vec(settings).map_err(|_| AppError::Form("settings"))?;
        let sealed = organization.seal(Place { version: 1, ..SETTINGS }, &plain)?;
        let (user, token_id) = (UserId::random(), TokenId::random());
        let token = Token::generate().ok_or(discreet_vault::Refused::Failed)?;
        let roles = Roles::all().names();
        let mut tx = store.begin(Lane::Receipt).await?;
        tx.create_installation(id, demo, now, sealed).await?;
        tx.add_user(user, first_user, &roles.join(","), now).await?;
        tx.add_token(token_id, &token.hash().0, user, "made by init", now, None, None).await?;
        let entry = |event| Entry { at: now, by: Actor::Console, event };
        let entries = [
            entry(Event::Initialized { demo }),
            entry(Event::UserAdded { user, roles }),
            entry(Event::TokenIssued { user, token: token_id }),
            entry(Event::KitIssued),
        ];
        discreet_audit::settle(tx, &entries).await?;
        let app = App::over(sites, vault, store, shelf).await?;
        app.witness_now().await?;
        Ok(Made { user, token, kit: issued.text, kit_code: issued.code })
    }

    /// Opens an installation.
    ///
    /// # Errors
    /// [`AppError`]: missing, wrong passphrase, a database that is newer. Nothing is changed then.
    pub async fn open(sites: &Sites, unlock: &Unlock) -> Result<App> {
        let (file, keyring) = KeyringFile::open(&sites.keyring, unlock)?;
        let vault = Vault::new(file, keyring)?;
        let store = Store::open(&sites.data, false).await?;
        let shelf = Shelf::open(&sites.shelf, false).await?;
        let app = App::over(sites, vault, store, shelf).await?;
        app.finish_erasures().await?;
        Ok(app)
    }

    pub(crate) async fn over(sites: &Sites, vault: Vault, store: Store, shelf: Shelf) -> Result<App> {
        let row = store.read().await?.installation().await?.ok_or(AppError::NotFound("installation"))?;
        if vault.with_keyring(|k| k.origin() != origin(row.id)) {
            return Err(AppError::conflict("this keyring belongs to another installation"));
        }
        let wrapped = shelf.get(&[ORGANIZATION]).await?;
        let wrapped =
            wrapped.first().ok_or(AppError::conflict("this key shelf belongs to another installation"))?;
        let organization = vault.unwrap_organization(wrapped)?;
        let plain = organization.open(Place { version: row.settings_version, ..SETTINGS }, &row.settings)?;
        let settings: Settings = serde_json::from_slice(&plain).map_err(|_| AppError::Form("settings"))?;
        let catalog = crate::catalog::open(&mut store.read().await?, &organization).await?;
        Ok(App {
            catalog,
            witness: Witness::beside(&sites.keyring),
            store,
            shelf,
            vault,
            organization,
            id: row.id,
            demo: row.demo,
            settings: RwLock::new(settings),
            folder: sites.folder.clone(),
            index: IndexCell::default(),
            doorman: crate::accounts::Doorman::default(),
            outside: crate::dns::Outside::default(),
            elsewhere: crate::checkpoints::Elsewhere::default(),
            uploads: crate::uploads::Uploads::default(),
        })
    }

    /// Stops all sending, within a second: what is not yet handed over will not be.
    ///
    /// # Errors
    /// The database's.
    pub async fn stop_sending(&self, by: Allowed<StopSending>, now: Timestamp) -> Result<()> {
        let mut tx = self.store.begin(Lane::Withdrawal).await?;
        tx.set_sending(false).await?;
        self.settle_one(tx, by.actor(), Event::SendingStopped, now).await
    }
    /// Lets sending go on.
    ///
    /// # Errors
    /// The database's.
    pub async fn resume_sending(&self, by: Allowed<ResumeSending>, now: Timestamp) -> Result<()> {
        let mut tx = self.store.begin(Lane::Receipt).await?;
        tx.set_sending(true).await?;
        self.settle_one(tx, by.actor(), Event::SendingResumed, now).await
    }
    /// Sets whose the relay is: the organization's own, or a vendor's under a BAA until a day.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_relay(
        &self,
        by: Allowed<SetRelay>,
        own: bool,
        baa_until: Option<Day>,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.store.begin(Lane::Receipt).await?;
        tx.set_relay(own, baa_until).await?;
        self.settle_one(tx, by.actor(), Event::RelaySet { own, baa_until }, now).await
    }
    /// Replaces the organization's settings.
    ///
    /// # Errors
    /// Settings that are not in order; the database's.
    pub async fn set_settings(
        &self,
        by: Allowed<ManageUsers>,
        settings: Settings,
        now: Timestamp,
    ) -> Result<()> {
        self.check_settings(&settings)?;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        let version = self.write_settings(&mut tx, &settings).await?;
        self.settle_one(tx, by.actor(), Event::SettingsSet { version }, now).await?;
        self.take_settings(settings);
        Ok(())
    }
    pub(crate) fn check_settings(&self, settings: &Settings) -> Result<()> {
        settings.check()?;
        settings.letterhead().map(drop)
    }
    /// Writes the next version of the settings within a transaction.
    pub(crate) async fn write_settings(&self, tx: &mut Tx, settings: &Settings) -> Result<u64> {
        let row = tx.installation().await?.ok_or(AppError::NotFound("installation"))?;
        let version = row.settings_version + 1;
        let plain = serde_json::to_vec(settings).map_err(|_| AppError::Form("settings"))?;
        tx.set_settings(self.organization.seal(Place { version, ..SETTINGS }, &plain)?, version).await?;
        Ok(version)
    }
    /// Goes by these settings from now on: they are committed.
    pub(crate) fn take_settings(&self, settings: Settings) {
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
    }
    /// What needs attention.
    ///
    /// # Errors
    /// The database's.
    pub async fn check(&self, _by: Allowed<CheckInstallation>, now: Timestamp) -> Result<Vec<Remark>> {
        self.remarks(now).await
    }
    /// The same for the console of the server, whose holder has the keyring.
    ///
    /// # Errors
    /// The database's.
    pub async fn remarks(&self, now: Timestamp) -> Result<Vec<Remark>> {
        let row = self.store.read().await?.installation().await?.ok_or(AppError::NotFound("installation"))?;
        let today = self.zone().day_of(now);
        // The log of a demo is thrown away with it.
        let checkpoints = self.kept(now).await?.remark().filter(|_| !self.demo);
        let mut remarks = Vec::from_iter(checkpoints);
        let mut remark = |wrong: bool, code, text: &str| {
            if wrong {
                remarks.push(Remark { code, text: text.to_owned() });
            }
        };
        remark(
            !row.kit_confirmed,
            "kit_unconfirmed",
            "the recovery kit is not confirmed: `discreet keys confirm` shows that you could restore from it",
        );
        remark(!row.sending, "sending_stopped", "all sending is stopped: `discreet resume` lets it go on");
        remark(
            !row.relay_may_carry(today),
            "no_baa",
            "nothing can be sent: the relay is neither the organization's own nor under a BAA in force: `discreet relay`",
        );
        remark(
            !self.settings().has_address(),
            "no_postal_address",
            "no postal address is set, and no mail leaves without one: `discreet settings show`, then `settings set`",
        );
        remark(self.demo, "demo", "this is a demo installation: it is not for real patients");
        Ok(remarks)
    }
}

/// The log's name in checkpoints.
pub(crate) fn origin(id: Uuid) -> String {
    format!("discreet/{id}")
}
