//! What codes are called, as imported data said: sealed in chunks, kept in memory.

use crate::app::App;
use crate::error::{AppError, Result};
use discreet_domain::{Code, Timestamp};
use discreet_store::Lane;
use discreet_vault::Place;
use std::collections::HashMap;

/// Names to a chunk.
const CHUNK: usize = 5_000;

fn place(chunk: u64) -> Place<'static> {
    Place { table: "vocabulary", row: u128::from(chunk), column: "names", version: 1 }
}

impl App {
    /// All names of codes.
    pub(crate) async fn vocabulary(&self) -> Result<HashMap<Code, String>> {
        let mut names = HashMap::new();
        for (chunk, sealed) in self.store.read().await?.vocabulary().await? {
            let plain = self.organization.open(place(chunk), &sealed)?;
            let some: Vec<(Code, String)> =
                postcard::from_bytes(&plain).map_err(|_| AppError::Form("the vocabulary"))?;
            names.extend(some);
        }
        Ok(names)
    }
    /// Learns names; those already known under the same name are passed over.
    pub(crate) async fn learn_names(&self, names: HashMap<Code, String>, _now: Timestamp) -> Result<u64> {
        let known = self.vocabulary().await?;
        let mut new: Vec<(Code, String)> =
            names.into_iter().filter(|(code, name)| known.get(code) != Some(name)).collect();
        new.sort_unstable();
        for some in new.chunks(CHUNK) {
            let plain = postcard::to_stdvec(some).map_err(|_| AppError::Form("the vocabulary"))?;
            let mut tx = self.store.begin(Lane::Import).await?;
            let chunk = tx.next_vocabulary().await?;
            tx.put_vocabulary(chunk, self.organization.seal(place(chunk), &plain)?).await?;
            self.settle(tx, &[]).await?;
        }
        Ok(new.len() as u64)
    }
}
