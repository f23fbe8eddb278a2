//! The second pass: patients in batches, matched, merged, sealed, written.

use super::Progress;
use super::gather::{Gathered, by_patient};
use super::merge::{Changes, Flags, Merge};
use super::rejected::RejectedFile;
use super::tally::{Fate, Tally};
use crate::app::{App, Clock};
use crate::chart::{self, Chart};
use crate::error::{AppError, Result};
use crate::open::open_chart;
use discreet_audit::{Entry, Event};
use discreet_domain::catalog::BIRTH_DATE;
use discreet_domain::{
    Actor, EvidenceId, Identifier, ImportId, Part, PatientId, Phi, Sealed, Tag, Timestamp, Value, When,
    Wrapped, Zone,
};
use discreet_intake::{Incoming, Record};
use discreet_policy::consent::Act;
use discreet_policy::{AddressStanding, age_of};
use discreet_store::{KeyKind, Lane, PatientRow, PatientState};
use discreet_vault::{PatientKeys, Reader, Refused};
use std::collections::{HashMap, HashSet};

/// Patients to a write transaction: few enough that the writer is free again within 50 ms.
const BATCH: usize = 150;

/// A record that says which patient replaces another, or one about a patient that was replaced before.
pub(crate) struct MergeNote {
    pub(crate) merged: PatientId,
    /// What this import says; `None`: what is known.
    pub(crate) survivor: Option<Identifier>,
}

type Evidence = (EvidenceId, PatientId, Vec<u8>);

/// Writes an import's patients.
pub(crate) struct Writer<'a> {
    app: &'a App,
    id: ImportId,
    by: Actor,
    reader: Reader,
    dry_run: bool,
    clock: &'a Clock,
    zone: Zone,
    tally: Tally,
    merges: Vec<MergeNote>,
    /// For the log, with the next commit.
    entries: Vec<Entry>,
    done: u64,
}

/// One patient of a batch: what was read, and whom it was matched with.
struct Candidate {
    records: Vec<Record>,
    tags: Vec<Tag>,
    /// Of the numbers alone: nobody is matched by them.
    numbers: Vec<Tag>,
    matched: Option<PatientId>,
}

/// One patient, ready to be written.
struct Ready {
    candidate: Candidate,
    tally: Tally,
    row: PatientRow,
    chunks: Vec<Sealed>,
    keys: Vec<(Tag, PatientId, KeyKind)>,
    wrapped: Option<Wrapped>,
    changes: Changes,
    evidence: Vec<Evidence>,
    version_before: Option<u64>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(
        app: &'a App,
        id: ImportId,
        by: Actor,
        reader: Reader,
        dry_run: bool,
        clock: &'a Clock,
    ) -> Self {
        let zone = app.zone();
        Writer {
            app,
            id,
            by,
            reader,
            dry_run,
            clock,
            zone,
            tally: Tally::default(),
            merges: Vec::new(),
            entries: Vec::new(),
            done: 0,
        }
    }
    pub(crate) fn into_parts(self) -> (Tally, Vec<MergeNote>) {
        (self.tally, self.merges)
    }

    pub(crate) async fn write_all(
        &mut self,
        gathered: &mut Gathered<'_>,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<()> {
        let Gathered { parts, rejected, files, patients, .. } = gathered;
        for part in parts {
            let mut waiting: Vec<Candidate> =
                by_patient(part)?.into_iter().map(|records| self.candidate(records)).collect();
            while !waiting.is_empty() {
                let batch = take_batch(&mut waiting);
                self.done += batch.len() as u64;
                let again = self.write(batch, rejected, files).await?;
                self.done -= again.len() as u64;
                waiting.extend(again);
                progress(Progress::Written { done: self.done, of: (*patients).max(self.done) });
            }
        }
        let entries = std::mem::take(&mut self.entries);
        if !self.dry_run && !entries.is_empty() {
            let tx = self.app.store.begin(Lane::Import).await?;
            self.app.settle(tx, &entries).await?;
        }
        Ok(())
    }

    /// The keys by which this patient may be known: the row's own id first, then MRNs.
    fn candidate(&self, records: Vec<Record>) -> Candidate {
        let mut identifiers: Vec<&Identifier> = Vec::new();
        for record in &records {
            identifiers.push(&record.subject);
            if let Incoming::Patient(part) = &record.what {
                identifiers.extend(&part.identity.identifiers);
            }
        }
        let (mut tags, mut numbers): (Vec<Tag>, Vec<Tag>) = self.app.vault.with_keyring(|k| {
            identifiers.into_iter().map(|i| (k.identifier_tag(i), k.number_tag(&i.value))).unzip()
        });
        let mut seen = HashSet::new();
        tags.retain(|tag| seen.insert(*tag));
        numbers.retain(|tag| seen.insert(*tag));
        Candidate { records, tags, numbers, matched: None }
    }

    /// Writes a batch. Returns those that somebody else changed meanwhile, to be tried again.
    async fn write(
        &mut self,
        mut batch: Vec<Candidate>,
        rejected: &mut RejectedFile<'_>,
        files: &[Phi<String>],
    ) -> Result<Vec<Candidate>> {
        let now = (self.clock)();
        let mut reading = self.app.store.read().await?;
        let tags: Vec<Tag> = batch.iter().flat_map(|c| c.tags.iter().copied()).collect();
        let mut known: HashMap<Tag, PatientId> = HashMap::new();
        known.extend(reading.patients_by_keys(&tags).await?);
        for candidate in &mut batch {
            candidate.matched = candidate.tags.iter().find_map(|tag| known.get(tag).copied());
        }
        let ids: Vec<PatientId> = batch.iter().filter_map(|c| c.matched).collect();
        let rows: HashMap<PatientId, PatientRow> =
            reading.patients(&ids).await?.into_iter().map(|r| (r.id, r)).collect();
        let mut acts: HashMap<PatientId, Vec<Act>> = HashMap::new();
        for found in reading.acts(&ids).await? {
            acts.entry(found.patient).or_default().push(found.act);
        }
        let mut chunks: HashMap<PatientId, Vec<Sealed>> = HashMap::new();
        for sealed in reading.chunks(&ids).await? {
            chunks.entry(sealed.patient).or_default().push(sealed);
        }
        drop(reading);
        let mut keys = self.app.keys_of(&ids).await?;
        let mut ready = Vec::new();
        for candidate in batch {
            let row = candidate.matched.and_then(|id| rows.get(&id));
            if let Some(why) = refusal(&candidate, row) {
                self.reject(candidate, why, rejected, files)?;
                continue;
            }
            let before = match row {
                None => None,
                Some(row) => {
                    let keys = keys.remove(&row.id).ok_or(AppError::Vault(Refused::Destroyed));
                    let chunks = chunks.remove(&row.id).unwrap_or_default();
                    let opened =
                        keys.and_then(|keys| Ok((open_chart(&self.reader, &keys, row, chunks, now)?, keys)));
                    let (chart, keys) = match opened {
                        Ok(opened) => opened,
                        Err(AppError::Vault(Refused::Damaged | Refused::Destroyed) | AppError::Form(_)) => {
                            self.reject(candidate, UNREADABLE, rejected, files)?;
                            continue;
                        }
                        Err(other) => return Err(other),
                    };
                    Some((row.clone(), chart, keys, acts.remove(&row.id).unwrap_or_default()))
                }
            };
            ready.extend(self.prepare(candidate, before, now)?);
        }
        self.commit(ready, now).await
    }

    fn reject(
        &mut self,
        candidate: Candidate,
        (code, reason): (&'static str, &'static str),
        rejected: &mut RejectedFile<'_>,
        files: &[Phi<String>],
    ) -> Result<()> {
        let none = Phi::default();
        for record in candidate.records {
            self.tally.count(record.what.kind(), Fate::Rejected);
            let raw = match code {
                ERASED => Vec::new(), // that somebody came again is told, not what about them
                _ => serde_json::to_vec(&record).map_err(|_| AppError::Form("a record"))?,
            };
            let file = files.get(record.place.file as usize).unwrap_or(&none);
            rejected.push_row(file, record.place, (code, reason.to_owned()), &Phi::new(raw))?;
        }
        Ok(())
    }

    /// Merges and seals one patient; `None` if nothing changes.
    fn prepare(
        &mut self,
        candidate: Candidate,
        before: Option<(PatientRow, Chart, PatientKeys, Vec<Act>)>,
        now: Timestamp,
    ) -> Result<Option<Ready>> {
        let (row, chart, keys, acts, wrapped) = match before {
            Some((row, chart, keys, acts)) => (Some(row), chart, keys, acts, None),
            None => {
                let (keys, wrapped) = self.app.vault.fresh(PatientId::random())?;
                (None, Chart::default(), keys, Vec::new(), Some(wrapped))
            }
        };
        let patient = keys.patient();
        let version = row.as_ref().map_or(1, |r| r.version + 1);
        let flags = row.as_ref().map_or_else(
            || Flags { active: true, ..Flags::default() },
            |r| Flags { deceased: r.deceased, active: r.active, restricted: r.restricted },
        );
        let mut merge = Merge::new(chart, flags, version, &self.zone, acts, row.is_none());
        merge.take_all(&candidate.records, patient, now);
        let Merge { chart, flags, out: mut changes, .. } = merge;
        if !changes.any() && row.is_some() {
            self.tally.add(std::mem::take(&mut changes.tally));
            self.note(patient, &mut changes, now);
            return Ok(None);
        }
        if row.as_ref().is_some_and(|r| r.state == PatientState::Merged) {
            self.merges.push(MergeNote { merged: patient, survivor: None });
        }
        let version_before = row.as_ref().map(|r| r.version);
        let old = row.unwrap_or_else(|| empty_row(patient));
        let (row, chunks, evidence) = self.seal(old, &chart, &keys, flags, &mut changes, version, now)?;
        let mut keys: Vec<_> =
            candidate.tags.iter().map(|tag| (*tag, patient, KeyKind::Identifier)).collect();
        keys.extend(candidate.numbers.iter().map(|tag| (*tag, patient, KeyKind::Number)));
        keys.extend(self.name_key(&chart, patient));
        let tally = std::mem::take(&mut changes.tally);
        Ok(Some(Ready { candidate, tally, row, chunks, keys, wrapped, changes, evidence, version_before }))
    }

    /// What is to be said of a patient whether or not anything is written.
    fn note(&mut self, patient: PatientId, changes: &mut Changes, now: Timestamp) {
        if let Some(survivor) = changes.merged_into.take() {
            self.merges.push(MergeNote { merged: patient, survivor: Some(survivor) });
        }
        for (topic, channel) in changes.refused_grants.drain(..) {
            let event = Event::GrantRefused { patient, topic, channel };
            self.entries.push(Entry { at: now, by: self.by, event });
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one patient, each of another type")]
    fn seal(
        &self,
        mut row: PatientRow,
        chart: &Chart,
        keys: &PatientKeys,
        flags: Flags,
        changes: &mut Changes,
        version: u64,
        now: Timestamp,
    ) -> Result<(PatientRow, Vec<Sealed>, Vec<Evidence>)> {
        let patient = row.id;
        row.version = version;
        if changes.identity || row.identity.is_none() {
            row.identity = Some(keys.seal(Part::Identity, 0, version, &chart::write(&chart.identity)?)?);
            row.contact_version += 1;
            let address = chart.identity.email();
            let tag = address.as_ref().map(|a| self.app.vault.with_keyring(|k| k.address_tag(a)));
            if tag != row.address_tag || row.address_standing == AddressStanding::None {
                row.address_standing = tag.map_or(AddressStanding::None, |_| AddressStanding::OnRecord);
                row.address_tag = tag;
            }
        }
        if changes.facts || row.facts.is_none() {
            row.facts = Some(keys.seal(Part::Facts, 0, version, &chart::write(&chart.facts)?)?);
            let text = |name| attribute(chart, name).and_then(Value::text).map(str::to_owned);
            row.usps = text("state").filter(|s| s.len() == 2);
            let today = self.zone.day_of(now);
            row.age = age_of(birth_of(chart), row.usps.as_deref(), today, &self.zone);
        }
        row.deceased = flags.deceased;
        row.active = flags.active;
        row.restricted = flags.restricted;
        let mut chunks = Vec::with_capacity(changes.chunks.len());
        for at in &changes.chunks {
            if let (Some(chunk), Ok(n)) = (chart.chunks.get(*at), u32::try_from(*at)) {
                chunks.push(keys.seal(Part::Events, n, version, &chart::write(chunk)?)?);
            }
        }
        row.chunks = chart.chunks.len() as u64;
        let mut evidence = Vec::new();
        for (act, note) in &mut changes.acts {
            if let Some(note) = note.take() {
                let id = EvidenceId::random();
                act.evidence = Some(id);
                evidence.push((id, patient, keys.seal_evidence(id, &Phi::new(note.into_bytes()))?));
            }
        }
        Ok((row, chunks, evidence))
    }

    fn name_key(&self, chart: &Chart, patient: PatientId) -> Option<(Tag, PatientId, KeyKind)> {
        let Some(When::Day(birth)) = birth_of(chart) else { return None };
        let family = &chart.identity.name.family;
        (!family.is_empty()).then(|| {
            let tag = self.app.vault.with_keyring(|k| k.name_tag(family, birth));
            (tag, patient, KeyKind::Name)
        })
    }

    /// Keys first, then the data that needs them, then both are true. Returns those that somebody else changed meanwhile:
    /// they are matched and merged again.
    async fn commit(&mut self, ready: Vec<Ready>, now: Timestamp) -> Result<Vec<Candidate>> {
        if ready.is_empty() || self.dry_run {
            ready.into_iter().for_each(|one| self.count(one, now));
            return Ok(Vec::new());
        }
        let wrapped: Vec<Wrapped> = ready.iter().filter_map(|r| r.wrapped.clone()).collect();
        if !wrapped.is_empty() {
            self.app.shelf.put(&wrapped).await?;
        }
        let mut tx = self.app.store.begin(Lane::Import).await?;
        let known: Vec<PatientId> =
            ready.iter().filter(|r| r.version_before.is_some()).map(|r| r.row.id).collect();
        tx.lock_patients(&known).await?;
        let versions: HashMap<PatientId, u64> =
            tx.patients(&known).await?.into_iter().map(|r| (r.id, r.version)).collect();
        let same = |r: &Ready| r.version_before.is_none_or(|v| versions.get(&r.row.id) == Some(&v));
        let (mut ready, again): (Vec<Ready>, Vec<Ready>) = ready.into_iter().partition(same);
        let again = again.into_iter().map(|r| r.candidate).collect();
        if ready.is_empty() {
            return Ok(again);
        }
        let created = ready.iter().filter(|r| r.version_before.is_none()).count() as u64;
        let updated = ready.len() as u64 - created;
        let event = Event::ImportBatch { import: self.id, created, updated };
        let mut entries = vec![Entry { at: now, by: self.by, event }];
        self.put(&mut tx, &mut ready, &mut entries, now).await?;
        entries.append(&mut self.entries);
        self.app.settle(tx, &entries).await?;
        ready.into_iter().for_each(|one| self.count(one, now));
        Ok(again)
    }

    async fn put(
        &self,
        tx: &mut discreet_store::Tx,
        ready: &mut [Ready],
        entries: &mut Vec<Entry>,
        now: Timestamp,
    ) -> Result<()> {
        let (mut rows, mut chunks, mut keys, mut evidence) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for one in ready {
            if one.changes.identity && one.version_before.is_some() {
                tx.drop_keys(one.row.id, KeyKind::Name).await?;
            }
            self.ledger(tx, one, entries, now).await?;
            rows.push(one.row.clone());
            chunks.append(&mut one.chunks);
            keys.append(&mut one.keys);
            evidence.append(&mut one.evidence);
        }
        tx.put_patients(rows).await?;
        tx.put_chunks(chunks, &[]).await?;
        tx.put_keys(&keys).await?;
        Ok(tx.add_evidence("consent", evidence, now).await?)
    }

    fn count(&mut self, mut one: Ready, now: Timestamp) {
        self.tally.add(std::mem::take(&mut one.tally));
        self.tally.patients_written += 1;
        self.note(one.row.id, &mut one.changes, now);
    }

    /// Acts of consent go onto the ledger; withdrawals into the log one by one.
    async fn ledger(
        &self,
        tx: &mut discreet_store::Tx,
        one: &Ready,
        entries: &mut Vec<Entry>,
        now: Timestamp,
    ) -> Result<()> {
        let patient = one.row.id;
        for (act, _) in &one.changes.acts {
            tx.add_act(act, now).await?;
            if !act.granted {
                let event = Event::ConsentWithdrawn {
                    patient,
                    topic: act.topic.clone(),
                    channel: act.channel,
                    method: act.method.name().to_owned(),
                    by_address: false,
                };
                entries.push(Entry { at: now, by: self.by, event });
            }
        }
        Ok(())
    }
}

/// The code for records of an erased patient.
const ERASED: &str = "erased_patient";

/// What is on record was damaged: nothing can be merged into it.
const UNREADABLE: (&str, &str) =
    ("unreadable_patient", "what is on record of this patient cannot be opened: it was damaged");

/// Why a whole patient cannot be taken.
fn refusal(candidate: &Candidate, row: Option<&PatientRow>) -> Option<(&'static str, &'static str)> {
    match row {
        Some(row) if row.state == PatientState::Erased => {
            Some((ERASED, "this patient was erased and is not made anew until somebody decides so"))
        }
        Some(_) => None,
        None if candidate.records.iter().any(|r| matches!(r.what, Incoming::Patient(_))) => None,
        None => Some(("unknown_patient", "no such patient is known or stands in these files")),
    }
}

/// The next patients to write: none of them twice, whatever their identifiers.
fn take_batch(waiting: &mut Vec<Candidate>) -> Vec<Candidate> {
    let mut seen: HashSet<Tag> = HashSet::new();
    let (mut batch, mut rest) = (Vec::new(), Vec::new());
    for candidate in waiting.drain(..) {
        let clash = candidate.tags.iter().any(|tag| seen.contains(tag));
        if batch.len() < BATCH && !clash {
            seen.extend(&candidate.tags);
            batch.push(candidate);
        } else {
            rest.push(candidate);
        }
    }
    *waiting = rest;
    batch
}

fn empty_row(id: PatientId) -> PatientRow {
    PatientRow {
        id,
        version: 0,
        state: PatientState::Live,
        merged_into: None,
        deceased: false,
        active: true,
        age: discreet_policy::Age::Unknown,
        usps: None,
        restricted: false,
        address_tag: None,
        address_standing: AddressStanding::None,
        contact_version: 0,
        identity: None,
        facts: None,
        chunks: 0,
    }
}

fn attribute<'c>(chart: &'c Chart, name: &str) -> Option<&'c Value> {
    let held = chart.facts.attributes.iter().find(|k| k.is_current() && k.fact.name == name)?;
    held.fact.value.as_ref()
}

fn birth_of(chart: &Chart) -> Option<When> {
    match attribute(chart, BIRTH_DATE) {
        Some(Value::When(when)) => Some(*when),
        _ => None,
    }
}
