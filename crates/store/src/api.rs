//! What the API keeps: answers for retries, and whom to tell what happens.

use crate::db::Result;
use crate::{Reading, Tx};
use discreet_domain::{Timestamp, UserId};
use uuid::Uuid;

/// An answer kept for retries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AnswerRow {
    /// A hash over the request it answered.
    pub fingerprint: Vec<u8>,
    /// The status.
    pub status: u32,
    /// The body.
    pub sealed: Vec<u8>,
}

/// A program that is told what happens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WebhookRow {
    /// Which.
    pub id: Uuid,
    /// Its address and secret.
    pub sealed: Vec<u8>,
    /// Of which events, comma-separated.
    pub events: String,
    /// Since when.
    pub created: Timestamp,
    /// The last commit of the log that it was told of.
    pub seen: u64,
    /// Failures since the last success.
    pub failures: u64,
    /// Not before.
    pub retry: Timestamp,
    /// It failed too often.
    pub paused: bool,
}

type Webhook = (Uuid, Vec<u8>, String, i64, u64, u64, i64, bool);

impl Reading {
    /// The answer kept under a key since `oldest`.
    ///
    /// # Errors
    /// The database's.
    pub async fn answer(&mut self, key: &[u8], oldest: Timestamp) -> Result<Option<AnswerRow>> {
        let params = [key.to_vec().into(), oldest.micros().into()];
        let row: Option<(Vec<u8>, u64, Vec<u8>)> = self.conn.first("api.answer", &params).await?;
        Ok(row.map(|(fingerprint, status, sealed)| AnswerRow {
            fingerprint,
            status: u32::try_from(status).unwrap_or(0),
            sealed,
        }))
    }
    /// Every program that is told what happens.
    ///
    /// # Errors
    /// The database's.
    pub async fn webhooks(&mut self) -> Result<Vec<WebhookRow>> {
        let rows: Vec<Webhook> = self.conn.all("api.webhooks", &[]).await?;
        let row = |(id, sealed, events, created, seen, failures, retry, paused): Webhook| WebhookRow {
            id,
            sealed,
            events,
            created: Timestamp::from_micros(created),
            seen,
            failures,
            retry: Timestamp::from_micros(retry),
            paused,
        };
        Ok(rows.into_iter().map(row).collect())
    }
}

impl Tx {
    /// Keeps an answer.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep_answer(&mut self, key: &[u8], row: AnswerRow, now: Timestamp) -> Result<()> {
        let params = [
            key.to_vec().into(),
            row.fingerprint.into(),
            row.status.into(),
            row.sealed.into(),
            now.micros().into(),
        ];
        self.conn.run("api.keep_answer", &params).await.map(drop)
    }
    /// Removes answers that are kept since `oldest` or longer.
    ///
    /// # Errors
    /// The database's.
    pub async fn drop_answers(&mut self, oldest: Timestamp) -> Result<u64> {
        self.conn.run("api.drop_answers", &[oldest.micros().into()]).await
    }
    /// Adds a program to be told, from the commit after `seen` on.
    ///
    /// # Errors
    /// The database's.
    pub async fn add_webhook(
        &mut self,
        id: Uuid,
        sealed: Vec<u8>,
        events: &str,
        by: UserId,
        seen: u64,
        now: Timestamp,
    ) -> Result<()> {
        let params =
            [id.into(), sealed.into(), events.into(), now.micros().into(), by.uuid().into(), seen.into()];
        self.conn.run("api.add_webhook", &params).await.map(drop)
    }
    /// Removes one; `false` if there is none.
    ///
    /// # Errors
    /// The database's.
    pub async fn drop_webhook(&mut self, id: Uuid) -> Result<bool> {
        Ok(self.conn.run("api.drop_webhook", &[id.into()]).await? == 1)
    }
    /// It was told of everything up to this commit.
    ///
    /// # Errors
    /// The database's.
    pub async fn webhook_told(&mut self, id: Uuid, seen: u64) -> Result<()> {
        self.conn.run("api.told", &[id.into(), seen.into()]).await.map(drop)
    }
    /// It could not be told: not before `retry`, or not any more.
    ///
    /// # Errors
    /// The database's.
    pub async fn webhook_failed(&mut self, id: Uuid, retry: Timestamp, paused: bool) -> Result<()> {
        self.conn.run("api.not_told", &[id.into(), retry.micros().into(), paused.into()]).await.map(drop)
    }
}
