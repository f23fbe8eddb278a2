//! The gate with its lock taken out: what the withdrawal race must catch.

use discreet_audit::{Entry, Ledger, Settling};
use discreet_domain::{MessageId, Timestamp, Zone};
use discreet_policy::{Ask, Facts, Gate, Ruling};
use discreet_store::{Claim, Lane, Store, StoreError, Tx};
use std::time::Duration;

/// How long it thinks in between: as long as a dispatcher that renders after it has asked.
const PAUSE: Duration = Duration::from_millis(100);

/// Reads facts in one transaction and marks in another, as somebody would who had not thought of it.
#[derive(Debug)]
pub struct Careless {
    store: Store,
    claim: Claim,
    zone: Zone,
    marking: Option<Tx>,
}

impl Careless {
    /// A careless gate for messages of this claim.
    pub fn new(store: &Store, claim: Claim, zone: &Zone) -> Careless {
        Careless { store: store.clone(), claim, zone: zone.clone(), marking: None }
    }
    async fn begin(&mut self) -> Result<Tx, StoreError> {
        Ok(self.store.begin(Lane::Dispatch).await?.for_claim(self.claim, &self.zone))
    }
    async fn marking(&mut self) -> Result<&mut Tx, StoreError> {
        if self.marking.is_none() {
            self.marking = Some(self.begin().await?);
        }
        self.marking.as_mut().ok_or(StoreError::Gone("the careless gate"))
    }
}

impl Ledger for Careless {
    type Error = StoreError;

    async fn append(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        self.marking().await?.append(entries).await
    }
    async fn commit(mut self, by: Settling) -> Result<(), StoreError> {
        match self.marking.take() {
            Some(tx) => tx.commit(by).await,
            None => Err(StoreError::Gone("the careless gate")),
        }
    }
}

impl Gate for Careless {
    async fn facts(&mut self, of: &[MessageId], now: Timestamp) -> Result<Vec<(Ask, Facts)>, StoreError> {
        let facts = self.begin().await?.facts(of, now).await?;
        tokio::time::sleep(PAUSE).await;
        Ok(facts)
    }
    async fn mark(&mut self, rulings: &[Ruling], now: Timestamp) -> Result<(), StoreError> {
        self.marking().await?.mark(rulings, now).await
    }
}
