//! The data: opened, migrated, and from then on read and written through transactions.

use crate::db::{DATA, Db, Result, StoreError, migrate};
use crate::{Lane, Reading, Tx};
use std::path::PathBuf;

/// Where a database is.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// An SQLite file.
    File(PathBuf),
    /// A PostgreSQL database, by its URL.
    Url(String),
}

impl std::fmt::Debug for Location {
    /// Without the URL, which may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Location::File(path) => write!(f, "File({})", path.display()),
            Location::Url(_) => f.write_str("Url(_)"),
        }
    }
}

impl Location {
    pub(crate) async fn open(&self, create: bool, erasing: bool) -> Result<Db> {
        match self {
            Location::File(path) if !create && !path.exists() => Err(StoreError::Missing(path.clone())),
            Location::File(path) => Db::sqlite(path, erasing),
            Location::Url(url) => Db::postgres(url).await,
        }
    }
}

/// The data's database.
#[derive(Clone)]
pub struct Store {
    db: Db,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store(_)")
    }
}

impl Store {
    /// Opens the database and brings its schema up to date. `create`: make the file if there is none.
    ///
    /// # Errors
    /// [`StoreError`]: missing, newer than this program, not durable, or the database's own.
    pub async fn open(at: &Location, create: bool) -> Result<Store> {
        let db = at.open(create, false).await?;
        migrate(&db, DATA).await?;
        Ok(Store { db })
    }
    /// Begins a write transaction.
    ///
    /// # Errors
    /// [`StoreError`] if none can be had.
    pub async fn begin(&self, lane: Lane) -> Result<Tx> {
        Ok(Tx::over(self.db.write(lane).await?))
    }
    /// Begins a read transaction: one state of the database throughout.
    ///
    /// # Errors
    /// [`StoreError`] if none can be had.
    pub async fn read(&self) -> Result<Reading> {
        Ok(Reading::over(self.db.read().await?))
    }
}
