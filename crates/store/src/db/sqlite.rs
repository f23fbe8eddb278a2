//! SQLite: one writer that alone checkpoints, readers that cannot write. WAL, `synchronous = FULL`.

use super::lanes::{Lane, Lanes, Turn};
use super::{Result, StoreError};
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Prepared statements kept per connection.
const STATEMENTS: usize = 200;
/// How long to wait for another process's write transaction.
const BUSY_SECONDS: u64 = 20;
const BUSY_RETRY: Duration = Duration::from_millis(5);
/// Readers kept open; more are opened and closed as needed.
const READERS: usize = 4;
/// The first SQLite without the WAL-reset corruption bug (two processes that write or checkpoint at once).
const OLDEST_SQLITE: i32 = 3_051_003;

/// An SQLite file.
pub(crate) struct File {
    path: PathBuf,
    erasing: bool,
    lanes: Lanes,
    writer: Mutex<Option<Connection>>,
    readers: Mutex<Vec<Connection>>,
}

impl File {
    /// Opens the file, making it if need be. `erasing`: what is deleted is overwritten.
    pub(crate) fn open(path: &Path, erasing: bool) -> Result<Arc<File>> {
        if rusqlite::version_number() < OLDEST_SQLITE {
            return Err(StoreError::NotDurable {
                setting: "sqlite_version",
                found: rusqlite::version().to_owned(),
                wanted: "3.51.3 or later",
            });
        }
        let writer = writer(path, erasing)?;
        expect(&writer, "journal_mode", "wal")?;
        expect(&writer, "synchronous", "2")?;
        let file = File {
            path: path.to_owned(),
            erasing,
            lanes: Lanes::default(),
            writer: Mutex::new(Some(writer)),
            readers: Mutex::default(),
        };
        Ok(Arc::new(file))
    }
    /// Begins a write transaction, in its lane.
    pub(crate) async fn write(self: &Arc<Self>, lane: Lane) -> Result<SqliteConn> {
        let turn = self.lanes.turn(lane).await;
        let conn = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        let conn = conn.map_or_else(|| writer(&self.path, self.erasing), Ok)?;
        let held = SqliteConn { conn: Some(conn), file: Arc::clone(self), open: false, turn: Some(turn) };
        held.begin_immediate().await
    }
    /// Begins a read transaction.
    pub(crate) fn read(self: &Arc<Self>) -> Result<SqliteConn> {
        let kept = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match kept {
            Some(conn) => conn,
            None => {
                let conn = Connection::open_with_flags(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
                set_up(&conn)?;
                conn.pragma_update(None, "query_only", true)?;
                conn
            }
        };
        conn.execute_batch("begin deferred")?;
        Ok(SqliteConn { conn: Some(conn), file: Arc::clone(self), open: true, turn: None })
    }
    /// Empties the write-ahead log into the file, so that what was erased is gone from both.
    ///
    /// # Errors
    /// [`StoreError::NotEmptied`] if somebody reads an older state for longer than the busy timeout.
    pub(crate) async fn checkpoint(self: &Arc<Self>) -> Result<()> {
        let _turn = self.lanes.turn(Lane::Receipt).await;
        if let Some(conn) = self.writer.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            let busy: bool = conn.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0))?;
            if busy {
                return Err(StoreError::NotEmptied);
            }
        }
        Ok(())
    }
}

fn writer(path: &Path, erasing: bool) -> Result<Connection> {
    let conn = Connection::open(path)?;
    set_up(&conn)?;
    conn.pragma_update(None, "secure_delete", erasing)?;
    Ok(conn)
}

fn set_up(conn: &Connection) -> Result<()> {
    conn.busy_timeout(Duration::from_secs(BUSY_SECONDS))?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.pragma_update(None, "journal_mode", "wal")?;
    conn.pragma_update(None, "synchronous", "full")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "temp_store", "memory")?;
    conn.pragma_update(None, "cache_size", -65_536)?;
    rusqlite::vtab::array::load_module(conn)?;
    Ok(())
}

fn expect(conn: &Connection, setting: &'static str, wanted: &'static str) -> Result<()> {
    let found: rusqlite::types::Value = conn.pragma_query_value(None, setting, |row| row.get(0))?;
    let found = match found {
        rusqlite::types::Value::Text(t) => t,
        rusqlite::types::Value::Integer(n) => n.to_string(),
        _ => String::new(),
    };
    if found == wanted { Ok(()) } else { Err(StoreError::NotDurable { setting, found, wanted }) }
}

/// A connection with an open transaction; rolled back and returned when dropped.
pub(crate) struct SqliteConn {
    conn: Option<Connection>,
    file: Arc<File>,
    open: bool,
    turn: Option<Turn>,
}

impl SqliteConn {
    /// Tries until it has the file's write lock: another process may be writing.
    async fn begin_immediate(mut self) -> Result<SqliteConn> {
        self.conn()?.busy_timeout(Duration::ZERO)?;
        let tries = BUSY_SECONDS * 1000 / BUSY_RETRY.as_millis() as u64;
        for _ in 0..tries {
            // Not in the `match` itself: a borrowed connection must not be held while waiting.
            let begun = self.conn()?.execute_batch("begin immediate");
            match begun {
                Ok(()) => {
                    self.open = true;
                    self.conn()?.busy_timeout(Duration::from_secs(BUSY_SECONDS))?;
                    return Ok(self);
                }
                Err(e) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => {
                    tokio::time::sleep(BUSY_RETRY).await;
                }
                Err(e) => return Err(e.into()),
            }
        }
        Err(StoreError::Busy(BUSY_SECONDS))
    }
    pub(crate) fn conn(&self) -> Result<&Connection> {
        self.conn.as_ref().ok_or(StoreError::Gone("the connection was given back"))
    }
    pub(crate) fn commit(mut self) -> Result<()> {
        self.conn()?.execute_batch("commit")?;
        self.open = false;
        Ok(())
    }
}

impl Drop for SqliteConn {
    fn drop(&mut self) {
        let Some(conn) = self.conn.take() else { return };
        if self.open && conn.execute_batch("rollback").is_err() {
            return; // a connection that cannot roll back is closed, which does
        }
        if self.turn.is_some() {
            *self.file.writer.lock().unwrap_or_else(PoisonError::into_inner) = Some(conn);
        } else {
            let mut readers = self.file.readers.lock().unwrap_or_else(PoisonError::into_inner);
            if readers.len() < READERS {
                readers.push(conn);
            }
        }
    }
}
