//! What every verb works on.

use crate::accounts::Doorman;
use crate::error::{AppError, Result};
use crate::index::IndexCell;
use crate::settings::Settings;
use crate::uploads::Uploads;
use crate::witness::Witness;
use discreet_audit::{Access, Entry, Event, Parts, Reason, Receipt, SealedNote, Whom};
use discreet_domain::{Actor, Part, Timestamp, Zone};
use discreet_store::{Lane, Shelf, Store, Tx};
use discreet_vault::{OrganizationKey, Vault};
use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};

/// How a verb that takes long tells the time.
pub type Clock = dyn Fn() -> Timestamp + Send + Sync;

/// An open installation.
pub struct App {
    pub(crate) store: Store,
    pub(crate) shelf: Shelf,
    pub(crate) vault: Vault,
    pub(crate) organization: OrganizationKey,
    pub(crate) id: uuid::Uuid,
    pub(crate) demo: bool,
    pub(crate) settings: RwLock<Settings>,
    pub(crate) catalog: crate::catalog::Known,
    pub(crate) witness: Witness,
    /// Where sealed rejected rows and sealed temporary files go.
    pub(crate) folder: PathBuf,
    pub(crate) index: IndexCell,
    pub(crate) doorman: Doorman,
    pub(crate) outside: crate::dns::Outside,
    /// Where checkpoints are kept.
    pub(crate) elsewhere: crate::checkpoints::Elsewhere,
    /// Files that wait to be imported.
    pub(crate) uploads: Uploads,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "App({})", self.id)
    }
}

impl App {
    /// Whether this is a demo installation, marked so for good.
    pub const fn is_demo(&self) -> bool {
        self.demo
    }
    /// The organization's settings.
    pub fn settings(&self) -> Settings {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
    /// The organization's time zone.
    pub fn zone(&self) -> Zone {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).zone()
    }

    /// Commits a change with its entries, and lets the witness know.
    pub(crate) async fn settle(&self, tx: Tx, entries: &[Entry]) -> Result<()> {
        discreet_audit::settle(tx, entries).await?;
        self.witness.note();
        Ok(())
    }
    /// Commits a change with one entry.
    pub(crate) async fn settle_one(&self, tx: Tx, by: Actor, event: Event, now: Timestamp) -> Result<()> {
        self.settle(tx, &[Entry { at: now, by, event }]).await
    }
    /// Records an access. Look after. Takes a transaction of its own: never call it while holding one.
    pub(crate) async fn record(&self, look: Look<'_>, now: Timestamp) -> Result<Receipt> {
        let note = look.note.map(|words| self.seal_note(words)).transpose()?;
        let access = Access {
            actor: look.actor,
            whom: look.whom,
            parts: Parts::of(look.parts),
            reason: look.reason,
            until: now.plus_seconds(look.seconds),
        };
        let tx = self.store.begin(Lane::Receipt).await?;
        let receipt = discreet_audit::record(tx, access, note, now).await?;
        self.witness.note();
        Ok(receipt)
    }
    fn seal_note(&self, words: &str) -> Result<SealedNote> {
        use base64::Engine;
        let sealed = self.organization.seal(NOTE, words.as_bytes())?;
        Ok(SealedNote(base64::engine::general_purpose::STANDARD.encode(sealed)))
    }
    /// The words of a reason, for those who may read the log.
    pub(crate) fn open_note(&self, note: &SealedNote) -> Result<String> {
        use base64::Engine;
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(&note.0)
            .map_err(|_| AppError::Form("a note"))?;
        Ok(self.organization.open_text(NOTE, &bytes)?)
    }
    /// Logs that something was refused to somebody.
    ///
    /// # Errors
    /// The database's.
    pub async fn log_refusal(
        &self,
        by: Actor,
        why: discreet_access::NotAllowed,
        now: Timestamp,
    ) -> Result<()> {
        let (action, reason) = why.codes();
        let event = Event::Refused { action: action.to_owned(), reason: reason.to_owned() };
        let tx = self.store.begin(Lane::Receipt).await?;
        self.settle_one(tx, by, event, now).await
    }
}

const NOTE: discreet_vault::Place<'static> =
    discreet_vault::Place { table: "log", row: 0, column: "note", version: 0 };

/// Who looks at what, and why: what [`App::record`] writes down.
pub(crate) struct Look<'a> {
    pub(crate) actor: Actor,
    pub(crate) whom: Whom,
    pub(crate) parts: &'a [Part],
    pub(crate) reason: Reason,
    /// For how long.
    pub(crate) seconds: i64,
    pub(crate) note: Option<&'a str>,
}
