//! Runs of imports, and how the columns of a source were mapped.

use crate::db::Result;
use crate::{Reading, Tx};
use discreet_domain::{ImportId, Tag, Timestamp, UserId};
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
    /// `running`, `ended` or `failed`.
    pub state: String,
    /// Nothing was to be saved.
    pub dry_run: bool,
    /// Who began it, if it is known.
    pub by: Option<UserId>,
}

type Row = (Uuid, i64, Option<i64>, u64, u64, u64, u64, u64, String, bool, Option<Uuid>);

fn run(
    (id, started, ended, read, created, updated, unchanged, rejected, state, dry_run, by): Row,
) -> ImportRow {
    ImportRow {
        id: ImportId::from_uuid(id),
        started: Timestamp::from_micros(started),
        ended: ended.map(Timestamp::from_micros),
        read,
        created,
        updated,
        unchanged,
        rejected,
        state,
        dry_run,
        by: by.map(UserId::from_uuid),
    }
}

impl Reading {
    /// The last runs, newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn imports(&mut self, most: u32) -> Result<Vec<ImportRow>> {
        let rows: Vec<Row> = self.conn.all("imports.page", &[most.into()]).await?;
        Ok(rows.into_iter().map(run).collect())
    }
    /// One run.
    ///
    /// # Errors
    /// The database's.
    pub async fn import(&mut self, id: ImportId) -> Result<Option<ImportRow>> {
        Ok(self.conn.first("imports.get", &[id.uuid().into()]).await?.map(run))
    }
    /// Its report, sealed.
    ///
    /// # Errors
    /// The database's.
    pub async fn import_report(&mut self, id: ImportId) -> Result<Option<Vec<u8>>> {
        let row: Option<(Option<Vec<u8>>,)> = self.conn.first("imports.report", &[id.uuid().into()]).await?;
        Ok(row.and_then(|(report,)| report))
    }
    /// How the columns of the source with this tag were mapped, sealed.
    ///
    /// # Errors
    /// The database's.
    pub async fn mapping(&mut self, tag: Tag) -> Result<Option<Vec<u8>>> {
        let row: Option<(Vec<u8>,)> = self.conn.first("imports.mapping", &[tag.to_vec().into()]).await?;
        Ok(row.map(|(sealed,)| sealed))
    }
}

impl Tx {
    /// Notes that an import began.
    ///
    /// # Errors
    /// The database's.
    pub async fn start_import(
        &mut self,
        id: ImportId,
        dry_run: bool,
        by: Option<UserId>,
        now: Timestamp,
    ) -> Result<()> {
        let params = [id.uuid().into(), now.micros().into(), dry_run.into(), by.map(UserId::uuid).into()];
        self.conn.run("imports.start", &params).await.map(drop)
    }
    /// Notes that an import ended, its counts, and its sealed report.
    ///
    /// # Errors
    /// The database's.
    pub async fn finish_import(&mut self, row: &ImportRow, report: Vec<u8>) -> Result<()> {
        let params = [
            row.id.uuid().into(),
            row.ended.map(Timestamp::micros).into(),
            row.read.into(),
            row.created.into(),
            row.updated.into(),
            row.unchanged.into(),
            row.rejected.into(),
            row.state.as_str().into(),
            report.into(),
        ];
        self.conn.run("imports.finish", &params).await.map(drop)
    }
    /// Keeps how the columns of a source are mapped.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep_mapping(&mut self, tag: Tag, sealed: Vec<u8>, now: Timestamp) -> Result<()> {
        let params = [tag.to_vec().into(), now.micros().into(), sealed.into()];
        self.conn.run("imports.keep_mapping", &params).await.map(drop)
    }
}
