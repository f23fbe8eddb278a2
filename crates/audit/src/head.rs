//! The end of the log, and how it moves: pure, so that the store only reads and writes.

use crate::event::hex;
use crate::tree::{self, Edge};
use crate::{BadBody, Checkpoint, Entry, EntryBody, Touched};
use sha2::{Digest, Sha256};

/// The log's end: the number of the last commit and the right edge of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Head {
    /// The number of the last logged commit; commits are numbered from 1, without gaps, in commit order.
    pub seq: u64,
    /// The tree's edge; its size is the number of entries.
    pub edge: Edge,
}

/// What one logged commit stores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number.
    pub seq: u64,
    /// The time of its first entry, in microseconds since 1970.
    pub at: i64,
    /// The number of its first entry.
    pub first: u64,
    /// The leaf hashes of its entries, joined. They stay when a body expires.
    pub leaves: Vec<u8>,
    /// The bodies of its entries, one a line.
    pub bodies: String,
    /// The patients it touched, packed.
    pub touched: Vec<u8>,
}

impl Head {
    /// Moves the head past `entries`, and says what to store. With no entries nothing moves and there is no row.
    ///
    /// # Errors
    /// [`BadBody`] if an entry cannot be written; nothing has moved then.
    pub fn append(&mut self, entries: &[Entry], touched: &[Touched]) -> Result<Option<Row>, BadBody> {
        let Some(first_entry) = entries.first() else { return Ok(None) };
        let touched = Touched::pack(touched);
        let digest = (!touched.is_empty()).then(|| hex(&Sha256::digest(&touched).into()));
        let first = self.edge.size();
        let mut edge = self.edge.clone();
        let mut row = Row {
            seq: self.seq + 1,
            at: first_entry.at.micros(),
            first,
            leaves: Vec::with_capacity(entries.len() * 32),
            bodies: String::new(),
            touched,
        };
        for (entry, digest) in entries.iter().zip(std::iter::once(digest).chain(std::iter::repeat(None))) {
            let body = EntryBody {
                n: edge.size(),
                at: entry.at.micros(),
                by: entry.by,
                did: entry.event.clone(),
                touched: digest,
            };
            let line = body.to_line()?;
            let leaf = tree::leaf(line.as_bytes());
            edge.push(leaf);
            row.leaves.extend_from_slice(&leaf);
            if !row.bodies.is_empty() {
                row.bodies.push('\n');
            }
            row.bodies.push_str(&line);
        }
        *self = Head { seq: row.seq, edge };
        Ok(Some(row))
    }
    /// Size and root, to sign.
    pub fn checkpoint(&self, origin: &str) -> Checkpoint {
        Checkpoint { origin: origin.to_owned(), size: self.edge.size(), root: self.edge.root() }
    }
}
