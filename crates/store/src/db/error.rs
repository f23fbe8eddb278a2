//! What can go wrong with a database.

use std::path::PathBuf;

/// What can go wrong with a database. Messages carry no values.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database does not exist where it should.
    #[error("there is no installation at {0}; `discreet init` makes one")]
    Missing(PathBuf),
    /// SQLite's own.
    #[error("the database failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL's own, without the statement's parameters.
    #[error("the database failed: {0}")]
    Postgres(PostgresError),
    /// No connection could be had.
    #[error("no connection to the database could be had: {0}")]
    Pool(String),
    /// Another process holds the writer for too long.
    #[error("the database is busy: another process has been writing for {0} seconds")]
    Busy(u64),
    /// What was erased may still be in the write-ahead log.
    #[error(
        "the key is destroyed, but its bytes may still be in the shelf's write-ahead log, because another process reads it: \
         erase again when it has ended"
    )]
    NotEmptied,
    /// The database was made by a later version of this program.
    #[error(
        "the database is of version {found}, this program knows up to {known}: use a later version of it"
    )]
    Newer {
        /// Its version.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// The database does not promise what durability needs.
    #[error("the database setting `{setting}` is `{found}`, but must be {wanted}")]
    NotDurable {
        /// Which setting.
        setting: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// The address of the database is none we can use.
    #[error("not a database address that can be used: {0}")]
    BadUrl(&'static str),
    /// A value in the database is not what it must be.
    #[error("the database holds a value of the wrong form: {0}")]
    Malformed(&'static str),
    /// Something is not there (any more), or not in the state it must be in.
    #[error("{0}")]
    Gone(&'static str),
    /// An audit entry could not be written.
    #[error(transparent)]
    Entry(#[from] discreet_audit::BadBody),
    /// The file system's.
    #[error("the file system failed: {0}")]
    Io(#[from] std::io::Error),
}

/// PostgreSQL's error as code and message; its detail may hold values, and is left out.
#[derive(Debug)]
pub struct PostgresError(tokio_postgres::Error);

impl std::fmt::Display for PostgresError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.as_db_error() {
            Some(e) => write!(f, "{} ({})", e.message(), e.code().code()),
            None => self.0.fmt(f),
        }
    }
}
impl std::error::Error for PostgresError {}

impl From<tokio_postgres::Error> for StoreError {
    fn from(e: tokio_postgres::Error) -> Self {
        StoreError::Postgres(PostgresError(e))
    }
}
impl From<deadpool_postgres::PoolError> for StoreError {
    fn from(e: deadpool_postgres::PoolError) -> Self {
        match e {
            deadpool_postgres::PoolError::Backend(e) => e.into(),
            other => StoreError::Pool(other.to_string()),
        }
    }
}
