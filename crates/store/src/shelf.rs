//! The key shelf: a second database, apart from the data, never in its backups. What is deleted is overwritten.

use crate::Location;
use crate::db::{Db, Lane, Param, Result, SHELF, ids, migrate};
use discreet_domain::{PatientId, Wrapped};
use uuid::Uuid;

/// The key shelf's database.
#[derive(Clone)]
pub struct Shelf {
    db: Db,
}

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shelf(_)")
    }
}

type Row = (Uuid, u64, Option<Vec<u8>>, Option<Vec<u8>>);

fn wrapped((patient, version, profile, evidence): Row) -> Wrapped {
    Wrapped {
        patient: PatientId::from_uuid(patient),
        key_version: u32::try_from(version).unwrap_or(u32::MAX),
        profile,
        evidence,
    }
}

impl Shelf {
    /// Opens the shelf and brings its schema up to date.
    ///
    /// # Errors
    /// As [`Store::open`](crate::Store::open).
    pub async fn open(at: &Location, create: bool) -> Result<Shelf> {
        let db = at.open(create, true).await?;
        migrate(&db, SHELF).await?;
        Ok(Shelf { db })
    }
    /// The keys of these patients; who has none is left out.
    ///
    /// # Errors
    /// The database's.
    pub async fn get(&self, of: &[PatientId]) -> Result<Vec<Wrapped>> {
        let mut conn = self.db.read().await?;
        let rows: Vec<Row> = conn.all("shelf.get", &[ids(of.iter().map(|p| p.uuid()))]).await?;
        Ok(rows.into_iter().map(wrapped).collect())
    }
    /// Puts keys on the shelf, durably. Comes before the data that needs them: a key without data harms nobody.
    ///
    /// # Errors
    /// The database's; nothing was put then.
    pub async fn put(&self, keys: &[Wrapped]) -> Result<()> {
        let mut conn = self.db.write(Lane::Receipt).await?;
        let each: Vec<Vec<Param>> = keys
            .iter()
            .map(|w| {
                let version = w.key_version.into();
                vec![w.patient.uuid().into(), version, w.profile.clone().into(), w.evidence.clone().into()]
            })
            .collect();
        conn.run_each("shelf.put", &each).await?;
        conn.commit().await
    }
    /// Some keys that are not wrapped under `version`.
    ///
    /// # Errors
    /// The database's.
    pub async fn not_of(&self, version: u32, limit: u32) -> Result<Vec<Wrapped>> {
        let mut conn = self.db.read().await?;
        let rows: Vec<Row> = conn.all("shelf.page_not_of", &[version.into(), limit.into()]).await?;
        Ok(rows.into_iter().map(wrapped).collect())
    }
    /// How many keys are wrapped under `version`.
    ///
    /// # Errors
    /// The database's.
    pub async fn count_of(&self, version: u32) -> Result<u64> {
        let mut conn = self.db.read().await?;
        let row: Option<(u64,)> = conn.first("shelf.count_of", &[version.into()]).await?;
        Ok(row.map_or(0, |(n,)| n))
    }
    /// The newest version that anything is wrapped under; 0 if nothing is wrapped.
    ///
    /// # Errors
    /// The database's.
    pub async fn newest(&self) -> Result<u64> {
        let mut conn = self.db.read().await?;
        let row: Option<(u64,)> = conn.first("shelf.newest", &[]).await?;
        Ok(row.map_or(0, |(version,)| version))
    }
    /// Replaces wrappings, each only if nobody has changed it meanwhile: an erasure is not undone. Returns how many were.
    ///
    /// # Errors
    /// The database's; nothing was replaced then.
    pub async fn rewrap(&self, pairs: &[(Wrapped, Wrapped)]) -> Result<u64> {
        let mut conn = self.db.write(Lane::Import).await?;
        let each: Vec<Vec<Param>> = pairs
            .iter()
            .map(|(old, new)| {
                vec![
                    old.patient.uuid().into(),
                    new.key_version.into(),
                    new.profile.clone().into(),
                    new.evidence.clone().into(),
                    old.key_version.into(),
                    old.profile.is_none().into(),
                    old.evidence.is_none().into(),
                ]
            })
            .collect();
        let changed = conn.run_each("shelf.rewrap", &each).await?;
        conn.commit().await?;
        Ok(changed.into_iter().sum())
    }
    /// Destroys patients' profile keys, all or none, durably: on SQLite the bytes are overwritten and the write-ahead log
    /// emptied.
    ///
    /// # Errors
    /// The database's. [`StoreError::NotEmptied`](crate::StoreError::NotEmptied) if they are destroyed, but their bytes may
    /// still be in the write-ahead log.
    pub async fn destroy_profiles(&self, of: &[PatientId]) -> Result<()> {
        let mut conn = self.db.write(Lane::Withdrawal).await?;
        let each: Vec<Vec<Param>> = of.iter().map(|p| vec![p.uuid().into()]).collect();
        conn.run_each("shelf.destroy_profile", &each).await?;
        conn.commit().await?;
        match &self.db {
            Db::Sqlite(file) => file.checkpoint().await,
            Db::Postgres(_) => Ok(()),
        }
    }
}
