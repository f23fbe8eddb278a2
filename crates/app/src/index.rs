//! The index: built from the store under one receipt, then following the log. It holds facts, no names; beside it lies
//! what the gate needs to know of each patient, for funnels.

use crate::app::{App, Look};
use crate::chart::{EventsChunk, FactsPart, Known};
use crate::error::{AppError, Result};
use crate::open::open_chart;
use discreet_audit::{Reason, Touched, Whom};
use discreet_domain::{
    Actor, Channel, ConsentState, Day, Part, PatientFacts, PatientId, Sealed, Tag, Timestamp, Topic, Value,
    Zone,
};
use discreet_engine::{Change, Index, SideTable};
use discreet_policy::authorization::OnFile;
use discreet_policy::consent::{Act, AddressStop, OptIn, fold};
use discreet_policy::{Facts, Known as Fact, Person, Setting, Suppression};
use discreet_store::{PatientRow, PatientState, Reading};
use discreet_vault::{Reader, Refused};
use std::collections::{BTreeMap, HashMap};
use tokio::sync::{Mutex, MutexGuard};

/// How long one receipt of the index is good, in seconds; after that a new one is recorded.
const RECEIPT_SECONDS: i64 = 24 * 3600;
/// Patients opened at a time while building.
const PAGE: u32 = 1_000;
/// Commits followed at a time.
const COMMITS: u32 = 500;

/// The index, once somebody has asked for it.
#[derive(Default)]
pub(crate) struct IndexCell(Mutex<Option<Live>>);

/// The index as it stands.
pub(crate) struct Live {
    pub(crate) index: Index,
    pub(crate) standings: SideTable<Standing>,
    reader: Reader,
}

/// Until when whom wants no more optional mail. Sending changes it without touching the patient, so it is read anew for
/// each question.
pub(crate) type Resting = HashMap<PatientId, Timestamp>;

/// What the gate needs to know of one patient.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) row: PatientRow,
    pub(crate) suppression: Suppression,
    pub(crate) acts: Vec<Act>,
    pub(crate) stops: Vec<AddressStop>,
    forms: Vec<OnFile>,
    /// Opted in to some topic, and not opted out of it.
    pub(crate) opted_in: bool,
}

impl Standing {
    /// The gate's facts, as the index knows them: never used to send, only to count.
    pub(crate) fn facts(&self, setting: &Setting, resting: &Resting) -> Facts {
        let person = Person {
            deceased: Fact::Is(self.row.deceased),
            active: Fact::Is(self.row.state == PatientState::Live && self.row.active),
            age: Fact::Is(self.row.age),
            restricted: Fact::Is(self.row.restricted),
            address: Fact::Is(self.row.address_standing),
            suppression: Fact::Is(self.suppression),
            contact_version: self.row.contact_version,
            resting_until: Fact::Is(resting.get(&self.row.id).copied()),
            acts: &self.acts,
            stops: &self.stops,
            forms: &self.forms,
        };
        Facts::of(setting, &person)
    }
}

/// The index, locked for one question.
pub(crate) struct Indexed<'a>(MutexGuard<'a, Option<Live>>);

impl Indexed<'_> {
    pub(crate) fn live(&self) -> Result<&Live> {
        self.0.as_ref().ok_or(AppError::Form("the index"))
    }
}

/// What of addresses concerns everyone at them.
#[derive(Default)]
struct Addresses {
    stops: HashMap<Tag, Vec<AddressStop>>,
    suppressions: HashMap<Tag, String>,
}

impl App {
    /// The index, up to date with the log as of now: built the first time, then followed.
    pub(crate) async fn indexed(&self, now: Timestamp) -> Result<Indexed<'_>> {
        let mut cell = self.index.0.lock().await;
        match cell.as_mut() {
            Some(live) => self.follow(live, now).await?,
            None => *cell = Some(self.build(now).await?),
        }
        Ok(Indexed(cell))
    }

    async fn index_reader(&self, now: Timestamp) -> Result<Reader> {
        let look = Look {
            actor: Actor::Indexer,
            whom: Whom::All,
            parts: &[Part::Facts, Part::Events],
            reason: Reason::Index,
            seconds: RECEIPT_SECONDS,
            note: None,
        };
        Ok(self.vault.bulk(self.record(look, now).await?))
    }

    async fn build(&self, now: Timestamp) -> Result<Live> {
        let reader = self.index_reader(now).await?;
        let mut reading = self.store.read().await?;
        let seq = reading.log_head().await?.seq;
        let addresses = Addresses {
            stops: grouped(reading.stops(None).await?),
            suppressions: reading.suppressions(None).await?.into_iter().collect(),
        };
        let zone = self.zone();
        let mut builder = Index::builder(zone.clone());
        let mut standings = Vec::new();
        let mut after = PatientId::from_u128(0);
        loop {
            let rows = reading.patients_page(after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = last.id;
            for (facts, standing) in self.load(&mut reading, &reader, rows, &addresses, &zone, now).await? {
                standings.push((facts.patient, standing));
                builder.push(facts);
            }
        }
        let index = builder.finish(seq);
        let standings = index.side_table(standings);
        Ok(Live { index, standings, reader })
    }

    async fn follow(&self, live: &mut Live, now: Timestamp) -> Result<()> {
        if live.reader.access().until < now {
            live.reader = self.index_reader(now).await?;
        }
        let zone = self.zone();
        let mut reading = self.store.read().await?;
        loop {
            let commits = reading.changes(live.index.seq(), COMMITS).await?;
            let Some((seq, _)) = commits.last() else { return Ok(()) };
            let seq = *seq;
            let mut touched: BTreeMap<PatientId, u64> = BTreeMap::new();
            for Touched { patient, version } in commits.into_iter().flat_map(|(_, touched)| touched) {
                touched.insert(patient, version);
            }
            self.take(live, &mut reading, seq, touched, &zone, now).await?;
        }
    }

    /// Reads the touched patients again, whole.
    async fn take(
        &self,
        live: &mut Live,
        reading: &mut Reading,
        seq: u64,
        mut touched: BTreeMap<PatientId, u64>,
        zone: &Zone,
        now: Timestamp,
    ) -> Result<()> {
        let ids: Vec<PatientId> = touched.keys().copied().collect();
        let mut changes = Vec::new();
        let mut standings = Vec::new();
        for some in ids.chunks(PAGE as usize) {
            let rows: Vec<PatientRow> =
                reading.patients(some).await?.into_iter().filter(|r| r.state == PatientState::Live).collect();
            let tags: Vec<Tag> = rows.iter().filter_map(|r| r.address_tag).collect();
            let addresses = Addresses {
                stops: grouped(reading.stops(Some(&tags)).await?),
                suppressions: reading.suppressions(Some(&tags)).await?.into_iter().collect(),
            };
            for (facts, standing) in self.load(reading, &live.reader, rows, &addresses, zone, now).await? {
                touched.remove(&facts.patient);
                standings.push((facts.patient, standing));
                changes.push(Change::Facts(facts));
            }
        }
        changes.extend(touched.into_iter().map(|(patient, version)| Change::Removed { patient, version }));
        live.index.apply(seq, changes);
        for (patient, standing) in standings {
            live.standings.set(&live.index, patient, standing);
        }
        live.standings.forget_removed(&live.index);
        Ok(())
    }

    /// Opens patients' facts. Who cannot be opened is left out: an erased patient has no key, a damaged record must not stop
    /// everyone else's.
    async fn load(
        &self,
        reading: &mut Reading,
        reader: &Reader,
        rows: Vec<PatientRow>,
        addresses: &Addresses,
        zone: &Zone,
        now: Timestamp,
    ) -> Result<Vec<(PatientFacts, Standing)>> {
        let ids: Vec<PatientId> = rows.iter().map(|r| r.id).collect();
        let mut keys = self.keys_of(&ids).await?;
        let mut chunks: HashMap<PatientId, Vec<Sealed>> = HashMap::new();
        for sealed in reading.chunks(&ids).await? {
            chunks.entry(sealed.patient).or_default().push(sealed);
        }
        let mut acts: HashMap<PatientId, Vec<Act>> = HashMap::new();
        for found in reading.acts(&ids).await? {
            acts.entry(found.patient).or_default().push(found.act);
        }
        let mut forms: HashMap<PatientId, Vec<OnFile>> = HashMap::new();
        for found in reading.forms(Some(&ids)).await? {
            forms.entry(found.patient).or_default().push(found.form);
        }
        let today = zone.day_of(now);
        let mut loaded = Vec::with_capacity(rows.len());
        for mut row in rows {
            let id = row.id;
            row.identity = None;
            let opened = keys.remove(&id).ok_or(AppError::Vault(Refused::Destroyed)).and_then(|keys| {
                open_chart(reader, &keys, &row, chunks.remove(&id).unwrap_or_default(), now)
            });
            let chart = match opened {
                Ok(chart) => chart,
                Err(AppError::Vault(Refused::Destroyed)) => continue,
                Err(AppError::Vault(Refused::Damaged) | AppError::Form(_)) => {
                    tracing::warn!(patient.id = %id, "a patient's record cannot be opened and is left out of the index");
                    continue;
                }
                Err(other) => return Err(other),
            };
            row.facts = None;
            let acts = acts.remove(&id).unwrap_or_default();
            let stops = row.address_tag.and_then(|t| addresses.stops.get(&t).cloned()).unwrap_or_default();
            let suppression = row
                .address_tag
                .and_then(|t| addresses.suppressions.get(&t))
                .map_or(Suppression::None, |reason| Suppression::from_reason(reason));
            let consents = consents(&acts, &stops);
            let opted_in = consents.iter().any(|consent| consent.granted);
            let facts = facts_of(id, row.version, chart.facts, chart.chunks, consents, zone, today);
            let forms = forms.remove(&id).unwrap_or_default();
            loaded.push((facts, Standing { row, suppression, acts, stops, forms, opted_in }));
        }
        Ok(loaded)
    }
}

fn grouped(stops: Vec<(Tag, AddressStop)>) -> HashMap<Tag, Vec<AddressStop>> {
    let mut by_tag: HashMap<Tag, Vec<AddressStop>> = HashMap::new();
    for (tag, stop) in stops {
        by_tag.entry(tag).or_default().push(stop);
    }
    by_tag
}

/// What is known now, as segments see it.
fn facts_of(
    patient: PatientId,
    version: u64,
    facts: FactsPart,
    chunks: Vec<EventsChunk>,
    consents: Vec<ConsentState>,
    zone: &Zone,
    today: Day,
) -> PatientFacts {
    let mut attributes: BTreeMap<String, Value> = BTreeMap::new();
    for known in facts.attributes.into_iter().filter(Known::is_current) {
        let fact = known.fact;
        let over = fact.until.is_some_and(|until| until.days(zone).1 < today);
        if let Some(value) = fact.value.filter(|_| !over) {
            attributes.insert(fact.name, value);
        }
    }
    let codes = facts.codes.into_iter().filter(Known::is_current).map(|k| k.fact).collect();
    let mut events: Vec<_> =
        chunks.into_iter().flat_map(|c| c.events).filter(Known::is_current).map(|k| k.fact).collect();
    events.sort_by_key(|event| event.at.span(zone).0);
    PatientFacts { patient, version, attributes, codes, events, consents }
}

/// Where a patient stands on each topic and channel anything was ever said about.
fn consents(acts: &[Act], stops: &[AddressStop]) -> Vec<ConsentState> {
    let mut last: BTreeMap<(&Topic, Channel), &Act> = BTreeMap::new();
    for act in acts {
        let held = last.entry((&act.topic, act.channel)).or_insert(act);
        if held.n < act.n {
            *held = act;
        }
    }
    last.into_iter()
        .map(|((topic, channel), act)| {
            let stands = channel != Channel::Email || fold(acts, stops, topic).opt_in == OptIn::Granted;
            ConsentState { topic: topic.clone(), channel, granted: act.granted && stands, at: act.at }
        })
        .collect()
}
