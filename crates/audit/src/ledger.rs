//! The only ways to commit. A [`Settling`] can be made here alone, and a transaction commits only against one.

use crate::{Access, Entry, Event, Receipt, SealedNote};
use discreet_domain::Timestamp;
use std::future::Future;

/// What only this crate can make; so only this crate can make a transaction commit.
///
/// ```compile_fail,E0423
/// async fn sneak<L: discreet_audit::Ledger>(tx: L) { let _ = tx.commit(discreet_audit::Settling(())).await; }
/// ```
/// The compiling twin:
/// ```
/// async fn proper<L: discreet_audit::Ledger>(tx: L) { let _ = discreet_audit::settle(tx, &[]).await; }
/// ```
#[derive(Debug)]
pub struct Settling(());

/// An open transaction that can append to the log. Implemented by the store's transaction and the testkit's, by nothing
/// else (checked by `cargo xtask tidy`).
pub trait Ledger: Sized + Send {
    /// What can go wrong with it.
    type Error: Send;
    /// Adds entries to the log, as part of the transaction. Takes the lock on the log's head, so it comes last.
    fn append(&mut self, entries: &[Entry]) -> impl Future<Output = Result<(), Self::Error>> + Send;
    /// Makes the transaction durable.
    fn commit(self, by: Settling) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// Commits a change together with its entries: both become durable, or neither does.
///
/// # Errors
/// The transaction's own; nothing has changed then.
pub async fn settle<L: Ledger>(mut tx: L, entries: &[Entry]) -> Result<(), L::Error> {
    tx.append(entries).await?;
    tx.commit(Settling(())).await
}

/// Records an access; look after. The receipt exists once the entry is durable and the transaction gone.
///
/// # Errors
/// The transaction's own; there is no receipt then.
pub async fn record<L: Ledger>(
    tx: L,
    access: Access,
    note: Option<SealedNote>,
    now: Timestamp,
) -> Result<Receipt, L::Error> {
    let entry = Entry { at: now, by: access.actor, event: Event::Looked { access, note } };
    settle(tx, &[entry]).await?;
    Ok(Receipt::for_committed(access))
}
