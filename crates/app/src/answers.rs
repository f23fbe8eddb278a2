//! Answers of the API, kept for a day: a program that asks again with the same key, because it did not hear the answer, hears
//! the same.

use crate::app::App;
use crate::error::{AppError, Result};
use discreet_access::Token;
use discreet_domain::Timestamp;
use discreet_store::{AnswerRow, Lane};
use discreet_vault::Place;
use sha2::{Digest, Sha256};

/// For how long answers are kept, in seconds.
pub const KEPT_SECONDS: i64 = 24 * 3600;

/// What is known of a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kept {
    /// Nothing: do what is asked.
    Nothing,
    /// The same was asked before: status and answer.
    Answer(u16, Vec<u8>),
    /// Something else was asked with this key.
    Other,
}

/// A request that may be asked again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Asked {
    key: [u8; 32],
    fingerprint: [u8; 32],
}

impl Asked {
    /// Of a token's holder, with a key of their own, for this (method and path) with this body.
    pub fn of(token: &Token, key: &str, what: &str, body: &[u8]) -> Asked {
        let key = Sha256::new().chain_update(token.hash().0).chain_update(key).finalize().into();
        let fingerprint =
            Sha256::new().chain_update(what).chain_update([0]).chain_update(body).finalize().into();
        Asked { key, fingerprint }
    }
    /// What tells it from requests of others.
    pub const fn key(&self) -> [u8; 32] {
        self.key
    }
    fn place(&self) -> Place<'static> {
        let row = self.key.iter().take(16).fold(0, |n, b| (n << 8) | u128::from(*b));
        Place { table: "api_answer", row, column: "sealed", version: 1 }
    }
}

impl App {
    /// What was answered before.
    ///
    /// # Errors
    /// The database's.
    pub async fn kept_answer(&self, asked: &Asked, now: Timestamp) -> Result<Kept> {
        let oldest = now.plus_seconds(-KEPT_SECONDS);
        let Some(row) = self.store.read().await?.answer(&asked.key, oldest).await? else {
            return Ok(Kept::Nothing);
        };
        if row.fingerprint != asked.fingerprint {
            return Ok(Kept::Other);
        }
        let body = self.organization.open(asked.place(), &row.sealed)?;
        let status = u16::try_from(row.status).map_err(|_| AppError::Form("an answer"))?;
        Ok(Kept::Answer(status, body))
    }
    /// Keeps an answer. Older ones than a day are removed.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep_answer(&self, asked: &Asked, status: u16, body: &[u8], now: Timestamp) -> Result<()> {
        let sealed = self.organization.seal(asked.place(), body)?;
        let row = AnswerRow { fingerprint: asked.fingerprint.to_vec(), status: u32::from(status), sealed };
        let mut tx = self.store.begin(Lane::Receipt).await?;
        tx.drop_answers(now.plus_seconds(-KEPT_SECONDS)).await?;
        tx.keep_answer(&asked.key, row, now).await?;
        self.settle(tx, &[]).await
    }
}
