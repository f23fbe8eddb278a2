//! The log, read: verified, shown, checkpointed, proved.

use crate::app::App;
use crate::error::{AppError, Result};
use crate::witness::Seen;
use discreet_access::{Allowed, ReadAudit, VerifyAudit};
use discreet_audit::tree::{self, Hash};
use discreet_audit::{
    BadNote, Checkpoint, EntryBody, Event, Fault, Head, Row, SignedNote, Verified, Verifier, Whom,
};
use discreet_domain::{Actor, PatientId, Timestamp, UserId};
use discreet_store::{Lane, Reading};
use std::collections::BTreeSet;

/// Commits read at a time.
const PAGE: u32 = 500;
/// Entries shown at most.
pub const MOST_SHOWN: usize = 10_000;

/// Which entries to show.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// About this patient: bulk reads that covered the patient included.
    pub patient: Option<PatientId>,
    /// By this user.
    pub actor: Option<UserId>,
    /// From then on.
    pub since: Option<Timestamp>,
    /// After the entry of this number: to read on where [`MOST_SHOWN`] ended.
    pub after: Option<u64>,
}

/// An entry, as shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The entry.
    pub body: EntryBody,
    /// The commit it is part of.
    pub commit: u64,
    /// The words of the reason given, if there are any.
    pub note: Option<String>,
}

/// Proof that an entry is in the log of a checkpoint.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The entry's line, whose leaf hash is proved.
    pub line: String,
    /// Its number.
    pub n: u64,
    /// The audit path, nearest sibling first.
    pub path: Vec<Hash>,
    /// The checkpoint it leads to.
    pub checkpoint: SignedNote,
}

/// What verification says.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// All is as it was written.
    Sound(Verified),
    /// The first thing that is not.
    Faulty(Fault),
}

impl App {
    /// Verifies the whole log, against its head, against the note beside the keyring, and against a checkpoint kept
    /// elsewhere, if one is given.
    ///
    /// # Errors
    /// A checkpoint that is none of this log's; the database's. A fault is no error but a [`Verdict`].
    pub async fn verify(&self, by: Allowed<VerifyAudit>, checkpoint: Option<&str>) -> Result<Verdict> {
        self.verify_telling(by, checkpoint, &|_| {}).await
    }
    /// The same, telling how many entries were checked so far.
    ///
    /// # Errors
    /// As [`App::verify`].
    pub async fn verify_telling(
        &self,
        _by: Allowed<VerifyAudit>,
        checkpoint: Option<&str>,
        progress: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<Verdict> {
        let mut known: Vec<Checkpoint> = Vec::new();
        let beside = self.witness.read()?.map(|seen| seen.note);
        for note in checkpoint.into_iter().chain(beside.as_deref()) {
            let note = self.read_note(note).map_err(|e| AppError::invalid(e.to_string()))?;
            known.push(note.checkpoint);
        }
        let mut reading = self.store.read().await?;
        let mut verifier = Verifier::new(known);
        let mut seq = 0;
        loop {
            let rows = reading.log_page(seq, PAGE).await?;
            let Some(last) = rows.last() else { break };
            seq = last.seq;
            for row in &rows {
                if let Err(fault) = verifier.row(row) {
                    return Ok(Verdict::Faulty(fault));
                }
            }
            progress(last.first + (last.leaves.len() / 32) as u64);
        }
        let head = reading.log_head().await?;
        Ok(verifier.finish(&head).map_or_else(Verdict::Faulty, Verdict::Sound))
    }

    /// A signed checkpoint of the log as of now, to keep elsewhere.
    ///
    /// # Errors
    /// The database's.
    pub async fn checkpoint(&self, by: Allowed<VerifyAudit>, now: Timestamp) -> Result<SignedNote> {
        let note = self.sign(&self.store.read().await?.log_head().await?)?;
        let tx = self.store.begin(Lane::Receipt).await?;
        self.settle_one(tx, by.actor(), crate::checkpoints::handed_out(&note), now).await?;
        self.witness_now().await?;
        Ok(note)
    }
    /// The log's public key, in the form verifiers of signed notes take.
    ///
    /// # Errors
    /// The vault's.
    pub fn log_key(&self, _by: Allowed<VerifyAudit>) -> Result<String> {
        Ok(self.vault.with_keyring(|k| Ok::<_, discreet_vault::Refused>(k.log_key()?.to_text(k.origin())))?)
    }
    /// Brings the note beside the keyring up to date, if the log has moved. Called once a second by whatever runs long,
    /// and at the end of every command.
    ///
    /// # Errors
    /// The database's, the file system's.
    pub async fn keep_witness(&self) -> Result<()> {
        if self.witness.take_stale() { self.witness_now().await } else { Ok(()) }
    }
    pub(crate) async fn witness_now(&self) -> Result<()> {
        let _lock = self.witness.lock().await?;
        let mut reading = self.store.read().await?;
        let head = reading.log_head().await?;
        if let Some(seen) = self.witness.read()?
            && !self.continues(&seen, &head, &mut reading).await?
        {
            // What was seen stays: it is what betrays a log that was cut or rewritten.
            tracing::error!("the log is not the one seen before: `discreet audit verify` says more");
            return Ok(());
        }
        let note = self.sign(&head)?;
        Ok(self.witness.write(&Seen::new(note.as_text(), &head))?)
    }
    /// Whether the log up to `head` is the one seen before and what was added to it since: the edge seen, with the new
    /// leaves, has the head's root. Reads no more than the new leaves.
    async fn continues(&self, seen: &Seen, head: &Head, reading: &mut Reading) -> Result<bool> {
        let Ok(SignedNote { checkpoint, .. }) = self.read_note(&seen.note) else { return Ok(false) };
        let Some(mut edge) = seen.edge(checkpoint.size) else { return Ok(false) };
        if edge.root() != checkpoint.root || checkpoint.size > head.edge.size() {
            return Ok(false);
        }
        let mut seq = seen.seq;
        while edge.size() < head.edge.size() {
            let rows = reading.log_page(seq, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(false) };
            seq = last.seq;
            for row in rows.iter().filter(|row| row.seq <= head.seq) {
                row.leaves.as_chunks::<32>().0.iter().for_each(|leaf| edge.push(*leaf));
            }
        }
        Ok(edge == head.edge)
    }
    pub(crate) fn sign(&self, head: &Head) -> Result<SignedNote> {
        Ok(self
            .vault
            .with_keyring(|k| head.checkpoint(k.origin()).sign(k.log_key()?, |b| k.sign_as_log(b)))?)
    }
    fn read_note(&self, text: &str) -> std::result::Result<SignedNote, BadNote> {
        self.vault.with_keyring(|k| {
            let key = k.log_key().map_err(|_| BadNote::Signature)?;
            SignedNote::verify(text, k.origin(), key)
        })
    }

    /// Entries of the log, in order.
    ///
    /// # Errors
    /// The database's.
    pub async fn entries(&self, _by: Allowed<ReadAudit>, filter: &Filter) -> Result<Vec<Shown>> {
        let mut reading = self.store.read().await?;
        let about: Option<BTreeSet<u64>> = match filter.patient {
            Some(patient) => Some(reading.entries_about(patient).await?.into_iter().collect()),
            None => None,
        };
        let campaigns: BTreeSet<_> = match filter.patient {
            Some(patient) => reading.messages_to(patient).await?.into_iter().map(|m| m.campaign).collect(),
            None => BTreeSet::new(),
        };
        let mut shown = Vec::new();
        let mut seq = match filter.after {
            Some(n) => reading.log_row_of(n).await?.map_or(0, |row| row.seq - 1),
            None => 0,
        };
        'pages: loop {
            let rows = self.page(&mut reading, seq, filter).await?;
            let Some(last) = rows.last() else { break };
            seq = last.seq;
            for row in &rows {
                for body in bodies(row) {
                    let bulk = matches!(&body.did, Event::Looked { access, .. } if match access.whom {
                        Whom::All | Whom::Import(_) => true,
                        Whom::Campaign(campaign) => campaigns.contains(&campaign),
                        Whom::One(_) => false,
                    });
                    let concerns = about.as_ref().is_none_or(|about| bulk || about.contains(&body.n));
                    if filter.after.is_some_and(|after| body.n <= after) {
                        continue;
                    }
                    let acted = filter.actor.is_none_or(|user| body.by == Actor::User(user));
                    if concerns && acted {
                        shown.push(self.show_entry(row, body)?);
                    }
                    if shown.len() >= MOST_SHOWN {
                        break 'pages;
                    }
                }
            }
        }
        Ok(shown)
    }

    async fn page(&self, reading: &mut Reading, seq: u64, filter: &Filter) -> Result<Vec<Row>> {
        Ok(match filter.since {
            Some(since) => reading.log_since(seq, since, PAGE).await?,
            None => reading.log_page(seq, PAGE).await?,
        })
    }

    fn show_entry(&self, row: &Row, body: EntryBody) -> Result<Shown> {
        let note = match &body.did {
            Event::Looked { note: Some(note), .. } => Some(self.open_note(note)?),
            _ => None,
        };
        Ok(Shown { commit: row.seq, body, note })
    }

    /// Proof that entry `n` is in the log.
    ///
    /// # Errors
    /// No such entry; the database's.
    pub async fn prove(&self, _by: Allowed<ReadAudit>, n: u64) -> Result<Proof> {
        let mut reading = self.store.read().await?;
        let row = reading.log_row_of(n).await?.ok_or(AppError::NotFound("entry"))?;
        let at = usize::try_from(n - row.first).map_err(|_| AppError::NotFound("entry"))?;
        let line = row.bodies.split('\n').nth(at).ok_or(AppError::NotFound("entry"))?.to_owned();
        let mut leaves: Vec<Hash> = Vec::new();
        let mut seq = 0;
        loop {
            let rows = reading.log_page(seq, PAGE).await?;
            let Some(last) = rows.last() else { break };
            seq = last.seq;
            leaves.extend(rows.iter().flat_map(|r| r.leaves.as_chunks::<32>().0));
        }
        let index = usize::try_from(n).map_err(|_| AppError::NotFound("entry"))?;
        let path = tree::prove(&leaves, index).ok_or(AppError::NotFound("entry"))?;
        let root = tree::root(&leaves);
        let size = leaves.len() as u64;
        let checkpoint = self.vault.with_keyring(|k| {
            let checkpoint = Checkpoint { origin: k.origin().to_owned(), size, root };
            checkpoint.sign(k.log_key()?, |b| k.sign_as_log(b))
        })?;
        Ok(Proof { line, n, path, checkpoint })
    }
    /// How many entries the log has.
    ///
    /// # Errors
    /// The database's.
    pub async fn log_size(&self) -> Result<u64> {
        Ok(self.store.read().await?.log_head().await?.edge.size())
    }
}

/// The entries of a commit that can be read.
pub(crate) fn bodies(row: &Row) -> impl Iterator<Item = EntryBody> {
    row.bodies.split('\n').filter_map(|line| EntryBody::parse(line).ok())
}
