//! Reading the log.

use crate::Reading;
use crate::db::{Result, StoreError};
use crate::tx::head_of;
use discreet_audit::{Head, Row, Touched};
use discreet_domain::{PatientId, Timestamp};

type LogRow = (u64, i64, u64, Vec<u8>, String, Vec<u8>);

fn row((seq, at, first, leaves, bodies, touched): LogRow) -> Row {
    Row { seq, at, first, leaves, bodies, touched }
}

impl Reading {
    /// The log's end as of this transaction.
    ///
    /// # Errors
    /// The database's.
    pub async fn log_head(&mut self) -> Result<Head> {
        head_of(self.conn.first("log.peek", &[]).await?)
    }
    /// Up to `limit` commits after number `seq`, in order.
    ///
    /// # Errors
    /// The database's.
    pub async fn log_page(&mut self, seq: u64, limit: u32) -> Result<Vec<Row>> {
        let rows: Vec<LogRow> = self.conn.all("log.page", &[seq.into(), limit.into()]).await?;
        Ok(rows.into_iter().map(row).collect())
    }
    /// Up to `limit` commits after number `seq` that are not older than `since`, in order.
    ///
    /// # Errors
    /// The database's.
    pub async fn log_since(&mut self, seq: u64, since: Timestamp, limit: u32) -> Result<Vec<Row>> {
        let params = [seq.into(), since.micros().into(), limit.into()];
        let rows: Vec<LogRow> = self.conn.all("log.since", &params).await?;
        Ok(rows.into_iter().map(row).collect())
    }
    /// The numbers of the entries that concern a patient.
    ///
    /// # Errors
    /// The database's.
    pub async fn entries_about(&mut self, patient: PatientId) -> Result<Vec<u64>> {
        let rows: Vec<(u64,)> = self.conn.all("log.entries_about", &[patient.uuid().into()]).await?;
        Ok(rows.into_iter().map(|(n,)| n).collect())
    }
    /// Up to `limit` commits within `[from, before)`, newest first, whose bodies fit both patterns (SQL's `like`).
    ///
    /// # Errors
    /// The database's.
    pub async fn log_before(
        &mut self,
        before: u64,
        from: u64,
        like: (&str, &str),
        limit: u32,
    ) -> Result<Vec<Row>> {
        let params = [before.into(), from.into(), like.0.into(), like.1.into(), limit.into()];
        let rows: Vec<LogRow> = self.conn.all("log.before", &params).await?;
        Ok(rows.into_iter().map(row).collect())
    }
    /// The numbers of the last entries before `n` that concern a patient, newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn entries_about_before(&mut self, patient: PatientId, n: u64, limit: u32) -> Result<Vec<u64>> {
        let params = [patient.uuid().into(), n.into(), limit.into()];
        let rows: Vec<(u64,)> = self.conn.all("log.about_before", &params).await?;
        Ok(rows.into_iter().map(|(n,)| n).collect())
    }
    /// The last commit before an instant; 0 if there is none.
    ///
    /// # Errors
    /// The database's.
    pub async fn last_commit_before(&mut self, at: Timestamp) -> Result<u64> {
        let row: Option<(u64,)> = self.conn.first("log.last_before", &[at.micros().into()]).await?;
        Ok(row.map_or(0, |(seq,)| seq))
    }
    /// The commit that holds entry `n`.
    ///
    /// # Errors
    /// The database's.
    pub async fn log_row_of(&mut self, n: u64) -> Result<Option<Row>> {
        let found: Option<LogRow> = self.conn.first("log.row_of", &[n.into()]).await?;
        Ok(found.map(row))
    }
    /// What commits after `seq` touched: their numbers and patients, in order; at most `limit` commits.
    ///
    /// # Errors
    /// The database's.
    pub async fn changes(&mut self, seq: u64, limit: u32) -> Result<Vec<(u64, Vec<Touched>)>> {
        let rows: Vec<(u64, Vec<u8>)> = self.conn.all("log.changes", &[seq.into(), limit.into()]).await?;
        rows.into_iter()
            .map(|(seq, bytes)| {
                let touched =
                    Touched::unpack(&bytes).ok_or(StoreError::Malformed("a commit's list of patients"))?;
                Ok((seq, touched))
            })
            .collect()
    }
}
