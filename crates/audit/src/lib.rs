//! The one log (45 CFR 164.312(b)): what happened, who did it, to whom, why. A door crate: it makes [`Receipt`]s, the
//! proofs that open the vault, and it alone can make a transaction commit, so nothing changes unlogged.
//!
//! - [`Entry`] and [`Event`]: every kind of thing that is logged. Bodies carry ids, codes and unidentifying numbers.
//! - [`Head`]: the log's end. Appending is pure: [`Head::append`] turns entries into a [`Row`] to store.
//! - [`tree`]: the RFC 6962 Merkle tree over the entries.
//! - [`Checkpoint`]: size and root, as a C2SP signed note to keep elsewhere.
//! - [`Verifier`]: reads the rows in order and names the first entry altered, removed, reordered or truncated.
//! - [`settle`], [`record`]: the only ways to commit.

mod checkpoint;
mod entry;
mod event;
mod head;
mod ledger;
mod receipt;
pub mod tree;
mod verify;

pub use checkpoint::{BadNote, Checkpoint, PublicKey, SignedNote};
pub use entry::{BadBody, Entry, EntryBody, Touched};
pub use event::{Event, SealedNote};
pub use head::{Head, Row};
pub use ledger::{Ledger, Settling, record, settle};
pub use receipt::{Access, Parts, Reason, Receipt, Whom};
pub use verify::{Fault, Verified, Verifier};
