//! Reads the log from its start and names the first entry that is not as it was written.

use crate::event::hex;
use crate::tree::{self, Edge};
use crate::{Checkpoint, EntryBody, Head, Row};
use sha2::{Digest, Sha256};

/// The first thing found wrong. Entries are named by number, commits by theirs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what each is")]
pub enum Fault {
    /// The body does not have the hash it was logged with.
    #[error("entry {entry} (commit {commit}) was altered: its body does not match its hash")]
    Altered { entry: u64, commit: u64 },
    /// The body says it stood elsewhere.
    #[error("entry {entry} (commit {commit}) was reordered: it says it is entry {says}")]
    Reordered { entry: u64, commit: u64, says: u64 },
    /// A commit or entries of one are missing.
    #[error("entry {entry} was removed: commit {commit} is missing or incomplete")]
    Removed { entry: u64, commit: u64 },
    /// The list of touched patients was altered.
    #[error(
        "entry {entry} (commit {commit}) was altered: its list of touched patients does not match its hash"
    )]
    TouchedAltered { entry: u64, commit: u64 },
    /// The log ends before it should.
    #[error("the log was truncated: it ends at entry {found}, but {expected} entries were committed")]
    Truncated { found: u64, expected: u64 },
    /// All entries fit each other but not the head's or the checkpoint's root.
    #[error(
        "the first {size} entries are not those that were signed: an entry among them was altered and its hash made to fit; the first is entry {from} or later"
    )]
    RootDiffers { size: u64, from: u64 },
}

/// What was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many entries.
    pub entries: u64,
    /// How many commits.
    pub commits: u64,
    /// The root over them.
    pub root: tree::Hash,
}

/// Takes the rows in order, one by one; constant memory.
#[derive(Debug)]
pub struct Verifier {
    edge: Edge,
    commits: u64,
    checkpoints: Vec<Checkpoint>,
    agreed: u64,
}

impl Verifier {
    /// Starts at the beginning. `checkpoints` are known good: from beside the keyring, and from wherever they are kept.
    pub fn new(mut checkpoints: Vec<Checkpoint>) -> Self {
        checkpoints.sort_by_key(|c| std::cmp::Reverse(c.size));
        Verifier { edge: Edge::default(), commits: 0, checkpoints, agreed: 0 }
    }

    /// Checks the next row.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn row(&mut self, row: &Row) -> Result<(), Fault> {
        let entry = self.edge.size();
        let commit = self.commits + 1;
        if row.seq != commit || row.first != entry {
            return Err(if row.seq < commit {
                Fault::Reordered { entry, commit, says: row.first }
            } else {
                Fault::Removed { entry, commit }
            });
        }
        let (leaves, rest) = row.leaves.as_chunks::<32>();
        let bodies: Vec<&str> = row.bodies.split('\n').collect();
        if !rest.is_empty() || leaves.is_empty() || bodies.len() != leaves.len() {
            return Err(Fault::Removed { entry: entry + bodies.len().min(leaves.len()) as u64, commit });
        }
        for (leaf, body) in leaves.iter().zip(bodies) {
            self.entry(leaf, body, row)?;
        }
        self.commits = commit;
        Ok(())
    }

    fn entry(&mut self, leaf: &tree::Hash, body: &str, row: &Row) -> Result<(), Fault> {
        let (entry, commit) = (self.edge.size(), row.seq);
        let parsed = EntryBody::parse(body);
        if let Ok(EntryBody { n, .. }) = parsed
            && n != entry
        {
            return Err(Fault::Reordered { entry, commit, says: n });
        }
        // A body of a later version may not parse; its hash still counts.
        if tree::leaf(body.as_bytes()) != *leaf {
            return Err(Fault::Altered { entry, commit });
        }
        if entry == row.first
            && let Ok(parsed) = parsed
        {
            let digest = (!row.touched.is_empty()).then(|| hex(&Sha256::digest(&row.touched).into()));
            if digest != parsed.touched {
                return Err(Fault::TouchedAltered { entry, commit });
            }
        }
        self.edge.push(*leaf);
        self.check_root()
    }

    fn check_root(&mut self) -> Result<(), Fault> {
        while let Some(checkpoint) = self.checkpoints.pop_if(|c| c.size <= self.edge.size()) {
            if checkpoint.size == self.edge.size() && checkpoint.root != self.edge.root() {
                return Err(Fault::RootDiffers { size: checkpoint.size, from: self.agreed });
            }
            self.agreed = checkpoint.size;
        }
        Ok(())
    }

    /// Ends: compares with the log's head, and with checkpoints beyond it.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn finish(self, head: &Head) -> Result<Verified, Fault> {
        let found = self.edge.size();
        let expected =
            self.checkpoints.iter().map(|c| c.size).chain([head.edge.size()]).max().unwrap_or_default();
        if found < expected {
            return Err(Fault::Truncated { found, expected });
        }
        if self.edge != head.edge || self.commits != head.seq {
            return Err(Fault::RootDiffers { size: found, from: self.agreed });
        }
        Ok(Verified { entries: found, commits: self.commits, root: self.edge.root() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Entry, Event, Touched};
    use discreet_domain::{Actor, PatientId, Timestamp};

    fn log() -> (Vec<Row>, Head) {
        let mut head = Head::default();
        let entry = |i: i64| Entry {
            at: Timestamp::from_micros(i),
            by: Actor::Console,
            event: Event::KeyAdded { version: i as u32 },
        };
        let touched = [Touched { patient: PatientId::random(), version: 1 }];
        let rows = (0..6).map(|i| {
            let entries: Vec<Entry> = (0..=i % 3).map(|k| entry(10 * i + k)).collect();
            head.append(&entries, if i % 2 == 0 { &touched } else { &[] }).unwrap().unwrap()
        });
        (rows.collect(), head)
    }

    fn verify(rows: &[Row], head: &Head, known: Vec<Checkpoint>) -> Result<Verified, Fault> {
        let mut verifier = Verifier::new(known);
        rows.iter().try_for_each(|row| verifier.row(row))?;
        verifier.finish(head)
    }

    #[test]
    fn an_untouched_log_verifies() {
        let (rows, head) = log();
        let verified = verify(&rows, &head, vec![head.checkpoint("x")]).unwrap();
        assert_eq!((verified.entries, verified.commits), (12, 6));
        assert_eq!(verified.root, head.edge.root());
    }

    #[test]
    fn altered() {
        let (mut rows, head) = log();
        rows[2].bodies = rows[2].bodies.replacen("\"version\":21", "\"version\":99", 1);
        assert_eq!(verify(&rows, &head, vec![]), Err(Fault::Altered { entry: 4, commit: 3 }));
        let (mut rows, head) = log();
        rows[2].touched[0] ^= 1;
        assert_eq!(verify(&rows, &head, vec![]), Err(Fault::TouchedAltered { entry: 3, commit: 3 }));
    }

    #[test]
    fn removed() {
        let (mut rows, head) = log();
        rows.remove(1);
        assert_eq!(verify(&rows, &head, vec![]), Err(Fault::Removed { entry: 1, commit: 2 }));
        let (mut rows, head) = log();
        let last = rows[2].bodies.rfind('\n').unwrap();
        rows[2].bodies.truncate(last);
        assert_eq!(verify(&rows, &head, vec![]), Err(Fault::Removed { entry: 5, commit: 3 }));
    }

    #[test]
    fn reordered() {
        let (mut rows, head) = log();
        rows[2].bodies = rows[2].bodies.split('\n').rev().collect::<Vec<_>>().join("\n");
        assert_eq!(verify(&rows, &head, vec![]), Err(Fault::Reordered { entry: 3, commit: 3, says: 5 }));
        let (mut rows, head) = log();
        rows.swap(3, 4);
        assert_eq!(verify(&rows, &head, vec![]), Err(Fault::Removed { entry: 6, commit: 4 }));
        let (mut rows, head) = log();
        let (a, b) = (rows[0].bodies.clone(), rows[3].bodies.clone());
        (rows[0].bodies, rows[3].bodies) = (b, a);
        assert_eq!(verify(&rows, &head, vec![]), Err(Fault::Reordered { entry: 0, commit: 1, says: 6 }));
    }

    #[test]
    fn truncated() {
        let (mut rows, head) = log();
        rows.pop();
        assert_eq!(verify(&rows, &head, vec![]), Err(Fault::Truncated { found: 9, expected: 12 }));
        // Whoever also sets the head back is betrayed by the checkpoint kept elsewhere.
        let mut shorter = Head::default();
        for row in &rows {
            row.leaves.as_chunks::<32>().0.iter().for_each(|leaf| shorter.edge.push(*leaf));
            shorter.seq = row.seq;
        }
        assert!(verify(&rows, &shorter, vec![]).is_ok());
        let known = vec![head.checkpoint("x")];
        assert_eq!(verify(&rows, &shorter, known), Err(Fault::Truncated { found: 9, expected: 12 }));
    }

    #[test]
    fn rewritten_with_fitting_hashes() {
        let (mut rows, head) = log();
        let early = Checkpoint {
            origin: "x".into(),
            size: 3,
            root: {
                let mut e = Edge::default();
                rows[..2].iter().flat_map(|r| r.leaves.as_chunks::<32>().0).for_each(|l| e.push(*l));
                e.root()
            },
        };
        rows[3].bodies = rows[3].bodies.replacen("30", "31", 1);
        rows[3].leaves = tree::leaf(rows[3].bodies.as_bytes()).to_vec();
        let mut forged = Head::default();
        for row in &rows {
            row.leaves.as_chunks::<32>().0.iter().for_each(|leaf| forged.edge.push(*leaf));
            forged.seq = row.seq;
        }
        assert_eq!(
            verify(&rows, &forged, vec![head.checkpoint("x"), early]),
            Err(Fault::RootDiffers { size: 12, from: 3 })
        );
    }
}
