//! Runs of imports.

use crate::db::Result;
use crate::{Reading, Tx};
use discreet_domain::{ImportId, Timestamp};
use uuid::Uuid;

/// A run of an import.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "counts of rows, named as in the report")]
pub struct ImportRow {
    pub id: ImportId,
    pub started: Timestamp,
    pub ended: Option<Timestamp>,
    pub read: u64,
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub rejected: u64,
}

type Row = (Uuid, i64, Option<i64>, u64, u64, u64, u64, u64);

impl Reading {
    /// All runs, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn imports(&mut self) -> Result<Vec<ImportRow>> {
        let rows: Vec<Row> = self.conn.all("imports.all", &[]).await?;
        Ok(rows
            .into_iter()
            .map(|(id, started, ended, read, created, updated, unchanged, rejected)| ImportRow {
                id: ImportId::from_uuid(id),
                started: Timestamp::from_micros(started),
                ended: ended.map(Timestamp::from_micros),
                read,
                created,
                updated,
                unchanged,
                rejected,
            })
            .collect())
    }
}

impl Tx {
    /// Notes that an import began.
    ///
    /// # Errors
    /// The database's.
    pub async fn start_import(&mut self, id: ImportId, now: Timestamp) -> Result<()> {
        self.conn.run("imports.start", &[id.uuid().into(), now.micros().into()]).await.map(drop)
    }
    /// Notes that an import ended, and its counts.
    ///
    /// # Errors
    /// The database's.
    pub async fn finish_import(&mut self, row: &ImportRow) -> Result<()> {
        let params = [
            row.id.uuid().into(),
            row.ended.map(Timestamp::micros).into(),
            row.read.into(),
            row.created.into(),
            row.updated.into(),
            row.unchanged.into(),
            row.rejected.into(),
        ];
        self.conn.run("imports.finish", &params).await.map(drop)
    }
}
