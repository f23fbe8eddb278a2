//! The installation: one row.

use crate::db::{Result, StoreError};
use crate::{Reading, Tx};
use discreet_domain::{Day, Timestamp};
use uuid::Uuid;

/// The installation as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InstallationRow {
    /// Its id.
    pub id: Uuid,
    /// Marked for good as a demo.
    pub demo: bool,
    /// When it was made.
    pub created: Timestamp,
    /// The red button is not pressed.
    pub sending: bool,
    /// The relay is the organization's own.
    pub relay_own: bool,
    /// The last day of the relay vendor's BAA.
    pub relay_baa_until: Option<Day>,
    /// The recovery kit was shown to open.
    pub kit_confirmed: bool,
    /// The organization's settings, sealed.
    pub settings: Vec<u8>,
    /// Their version.
    pub settings_version: u64,
}

/// Checkpoints written elsewhere: what came of the last tries.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CheckpointRow {
    /// When one was last written, and of how many entries.
    pub kept: Option<(Timestamp, u64)>,
    /// When one last could not be.
    pub failed: Option<Timestamp>,
}

impl InstallationRow {
    /// Whether the relay may carry PHI on this day (45 CFR 164.308(b)(1)).
    pub fn relay_may_carry(&self, today: Day) -> bool {
        self.relay_own || self.relay_baa_until.is_some_and(|last| today <= last)
    }
}

type Row = (Uuid, bool, i64, bool, bool, Option<i64>, bool, Vec<u8>, u64);

pub(crate) fn day(n: i64) -> Result<Day> {
    i32::try_from(n).map(Day::from_number).map_err(|_| StoreError::Malformed("a date"))
}

impl Reading {
    /// The installation; `None` before it is made.
    ///
    /// # Errors
    /// The database's.
    pub async fn installation(&mut self) -> Result<Option<InstallationRow>> {
        let row: Option<Row> = self.conn.first("installation.get", &[]).await?;
        row.map(|(id, demo, created, sending, relay_own, baa, kit_confirmed, settings, settings_version)| {
            Ok(InstallationRow {
                id,
                demo,
                created: Timestamp::from_micros(created),
                sending,
                relay_own,
                relay_baa_until: baa.map(day).transpose()?,
                kit_confirmed,
                settings,
                settings_version,
            })
        })
        .transpose()
    }
    /// What came of the last tries to write a checkpoint elsewhere.
    ///
    /// # Errors
    /// The database's.
    pub async fn checkpoint(&mut self) -> Result<CheckpointRow> {
        let row: Option<(Option<i64>, Option<i64>, Option<i64>)> =
            self.conn.first("installation.checkpoint", &[]).await?;
        let (kept, size, failed) = row.unwrap_or_default();
        Ok(CheckpointRow {
            kept: kept.map(Timestamp::from_micros).zip(size.and_then(|size| u64::try_from(size).ok())),
            failed: failed.map(Timestamp::from_micros),
        })
    }
    /// What the installation adds to the built-in catalog, sealed, with its version; `None` if nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn own_catalog(&mut self) -> Result<Option<(Vec<u8>, u64)>> {
        let row: Option<(Option<Vec<u8>>, u64)> = self.conn.first("installation.catalog", &[]).await?;
        Ok(row.and_then(|(sealed, version)| Some((sealed?, version))))
    }
}

impl Tx {
    /// Makes the installation.
    ///
    /// # Errors
    /// The database's; also if there is one already.
    pub async fn create_installation(
        &mut self,
        id: Uuid,
        demo: bool,
        now: Timestamp,
        settings: Vec<u8>,
    ) -> Result<()> {
        let params = [id.into(), demo.into(), now.micros().into(), settings.into()];
        self.conn.run("installation.create", &params).await.map(drop)
    }
    /// Presses or releases the red button. On PostgreSQL this waits for hand-overs under way, and holds up later ones.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_sending(&mut self, on: bool) -> Result<()> {
        self.conn.run("installation.set_sending", &[on.into()]).await.map(drop)
    }
    /// Sets whose the relay is.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_relay(&mut self, own: bool, baa_until: Option<Day>) -> Result<()> {
        let until = baa_until.map(|d| i64::from(d.number()));
        self.conn.run("installation.set_relay", &[own.into(), until.into()]).await.map(drop)
    }
    /// Notes whether the recovery kit was shown to open.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_kit_confirmed(&mut self, confirmed: bool) -> Result<()> {
        self.conn.run("installation.set_kit_confirmed", &[confirmed.into()]).await.map(drop)
    }
    /// Replaces the settings.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_settings(&mut self, sealed: Vec<u8>, version: u64) -> Result<()> {
        self.conn.run("installation.set_settings", &[sealed.into(), version.into()]).await.map(drop)
    }
    /// A checkpoint was written elsewhere.
    ///
    /// # Errors
    /// The database's.
    pub async fn checkpoint_kept(&mut self, at: Timestamp, size: u64) -> Result<()> {
        self.conn.run("installation.checkpoint_kept", &[at.micros().into(), size.into()]).await.map(drop)
    }
    /// One could not be.
    ///
    /// # Errors
    /// The database's.
    pub async fn checkpoint_failed(&mut self, at: Timestamp) -> Result<()> {
        self.conn.run("installation.checkpoint_failed", &[at.micros().into()]).await.map(drop)
    }
    /// Replaces what the installation adds to the catalog. Returns whether it was the version before this one until now.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_own_catalog(&mut self, sealed: Vec<u8>, version: u64) -> Result<bool> {
        let params = [sealed.into(), version.into(), version.saturating_sub(1).into()];
        Ok(self.conn.run("installation.set_catalog", &params).await? == 1)
    }
}
