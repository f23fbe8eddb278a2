//! What an import changes about one patient. Pure: the chart as known, the records read, the chart since.

use super::tally::{Fate, Tally};
use crate::chart::{AttributeFact, CHUNK, Chart, EventsChunk, Known};
use discreet_domain::{
    Channel, CodeFact, EventFact, FactId, Identifier, Identity, Timestamp, Topic, Value, When, Zone,
};
use discreet_intake::{AttributePart, ConsentRow, Incoming, PatientPart, Record};
use discreet_policy::consent::{Act, Admission, Method, admits_imported};
use discreet_store::NewAct;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

const EMAIL_DOMAIN: &str = "email_domain";

/// One patient under way.
pub(crate) struct Merge<'a> {
    pub(crate) chart: Chart,
    pub(crate) flags: Flags,
    /// The version the patient will have.
    pub(crate) version: u64,
    pub(crate) zone: &'a Zone,
    /// The patient's acts on the ledger, and those added here.
    pub(crate) acts: Vec<Act>,
    pub(crate) is_new: bool,
    pub(crate) out: Changes,
    codes: HashMap<FactId, usize>,
    events: HashMap<FactId, (usize, usize)>,
}

/// What stands in clear of a patient, as far as an import says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Flags {
    pub(crate) deceased: bool,
    pub(crate) active: bool,
    pub(crate) restricted: bool,
}

/// What changed.
#[derive(Default)]
pub(crate) struct Changes {
    pub(crate) tally: Tally,
    pub(crate) identity: bool,
    pub(crate) facts: bool,
    pub(crate) flags: bool,
    pub(crate) chunks: BTreeSet<usize>,
    /// Acts for the ledger, with the source's word for the method and the note of evidence.
    pub(crate) acts: Vec<(NewAct, Option<String>)>,
    pub(crate) refused_grants: Vec<(Topic, Channel)>,
    pub(crate) merged_into: Option<Identifier>,
}

impl Changes {
    /// Whether anything must be written.
    pub(crate) fn any(&self) -> bool {
        self.identity || self.facts || self.flags || !self.chunks.is_empty() || !self.acts.is_empty()
    }
}

impl<'a> Merge<'a> {
    pub(crate) fn new(
        chart: Chart,
        flags: Flags,
        version: u64,
        zone: &'a Zone,
        acts: Vec<Act>,
        is_new: bool,
    ) -> Self {
        let codes = current(&chart.facts.codes).map(|(at, known)| (known.fact.id, at)).collect();
        let mut events = HashMap::new();
        for (chunk, part) in chart.chunks.iter().enumerate() {
            events.extend(current(&part.events).map(|(at, known)| (known.fact.id, (chunk, at))));
        }
        Merge { chart, flags, version, zone, acts, is_new, out: Changes::default(), codes, events }
    }

    /// Takes all records of the patient: the patient's own row first, then the rest in the order read.
    pub(crate) fn take_all(
        &mut self,
        records: &[Record],
        patient: discreet_domain::PatientId,
        now: Timestamp,
    ) {
        for record in records {
            if let Incoming::Patient(part) = &record.what {
                self.patient(part, record.updated);
            }
        }
        let mut attributes: Vec<&AttributePart> = Vec::new();
        let mut words: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut consents: Vec<&ConsentRow> = Vec::new();
        let superseded = superseded(records);
        for (at, record) in records.iter().enumerate() {
            match &record.what {
                Incoming::Patient(_) => {}
                Incoming::Code(fact) if superseded.contains(&at) => {
                    self.count(fact.kind.name(), Fate::Unchanged);
                }
                Incoming::Event(fact) if superseded.contains(&at) => self.count(&fact.kind, Fate::Unchanged),
                Incoming::Code(fact) => self.code(fact, record.updated),
                Incoming::Event(fact) => self.event(fact, record.updated),
                Incoming::Attribute(part) => attributes.push(part),
                Incoming::AddToSet { name, words: more } => self.gather_words(&mut words, name, more),
                Incoming::Consent(row) => consents.push(row),
                Incoming::Delete { fact } => self.delete(*fact),
                Incoming::Gone => self.gone(),
            }
        }
        self.attributes(attributes);
        self.sets(words);
        consents.sort_by_key(|c| (c.at, c.granted));
        for row in consents {
            self.consent(row, patient, now);
        }
    }

    fn count(&mut self, kind: &str, fate: Fate) {
        self.out.tally.count(kind, fate);
    }

    fn patient(&mut self, part: &PatientPart, updated: Option<Timestamp>) {
        if updated.is_some() && updated < self.chart.facts.patient_updated {
            return self.count("patient", Fate::Unchanged);
        }
        let before = (self.chart.identity.clone(), self.flags.clone());
        self.chart.identity = joined(&before.0, &part.identity);
        if self.chart.facts.upholds_emails(&part.identity.emails) {
            self.chart.identity.emails.clone_from(&before.0.emails);
        }
        self.flags = Flags {
            deceased: part.deceased,
            active: part.active && part.merged_into.is_none(),
            restricted: before.1.restricted || part.restricted,
        };
        if self.flags.deceased && !before.1.deceased && !self.is_new {
            self.out.tally.newly_deceased += 1;
        }
        let identity_changed = self.chart.identity != before.0;
        let flags_changed = self.flags != before.1;
        let mut attributes = part.attributes.clone();
        attributes.extend(contact_attributes(&self.chart.identity));
        let mut facts_changed = false;
        for (name, value) in attributes {
            let fact = AttributeFact { name, value: Some(value), since: None, until: None };
            facts_changed |= self.set_attribute(fact, updated);
        }
        if self.chart.identity.emails.is_empty() && self.attribute(EMAIL_DOMAIN).is_some() {
            let name = EMAIL_DOMAIN.to_owned();
            facts_changed |=
                self.set_attribute(AttributeFact { name, value: None, since: None, until: None }, updated);
        }
        if self.chart.facts.deceased_at != part.deceased_at {
            self.chart.facts.deceased_at = part.deceased_at;
            facts_changed = true;
        }
        if updated.is_some() && self.chart.facts.patient_updated != updated {
            self.chart.facts.patient_updated = updated;
            facts_changed = true;
        }
        self.out.identity |= identity_changed;
        self.out.flags |= flags_changed;
        self.out.facts |= facts_changed;
        self.out.merged_into.clone_from(&part.merged_into);
        let changed = identity_changed || flags_changed || facts_changed;
        let fate = match (self.is_new, changed) {
            (true, _) => Fate::Created,
            (false, true) => Fate::Updated,
            (false, false) => Fate::Unchanged,
        };
        self.count("patient", fate);
        self.is_new = false;
    }

    fn code(&mut self, fact: &CodeFact, updated: Option<Timestamp>) {
        let kind = fact.kind.name();
        let fate = match self.codes.get(&fact.id).copied() {
            None if self.code_stays_away(fact) => Fate::Unchanged,
            None => Fate::Created,
            Some(at) => match self.chart.facts.codes.get_mut(at) {
                Some(old) if is_stale(old, updated) || old.fact == *fact => Fate::Unchanged,
                Some(old) if old.from == self.version => {
                    *old = Known::new(fact.clone(), updated, self.version);
                    self.out.facts = true;
                    return self.count(kind, Fate::Updated);
                }
                Some(old) => {
                    old.until = Some(self.version);
                    Fate::Updated
                }
                None => Fate::Created,
            },
        };
        if fate != Fate::Unchanged {
            self.codes.insert(fact.id, self.chart.facts.codes.len());
            self.chart.facts.codes.push(Known::new(fact.clone(), updated, self.version));
            self.out.facts = true;
        }
        self.count(kind, fate);
    }

    fn event(&mut self, fact: &EventFact, updated: Option<Timestamp>) {
        let mut fate = Fate::Created;
        if let Some((chunk, at)) = self.events.get(&fact.id).copied()
            && let Some(old) = self.chart.chunks.get_mut(chunk).and_then(|c| c.events.get_mut(at))
        {
            if is_stale(old, updated) || old.fact == *fact {
                return self.count(&fact.kind, Fate::Unchanged);
            }
            self.out.chunks.insert(chunk);
            fate = Fate::Updated;
            if old.from == self.version {
                *old = Known::new(fact.clone(), updated, self.version);
                return self.count(&fact.kind, fate);
            }
            old.until = Some(self.version);
        } else if self.event_stays_away(fact) {
            return self.count(&fact.kind, Fate::Unchanged);
        }
        self.append_event(fact.clone(), updated);
        self.count(&fact.kind, fate);
    }

    /// Whether staff took this very fact away, and the source says nothing new of it.
    fn code_stays_away(&mut self, fact: &CodeFact) -> bool {
        let last = self.chart.facts.codes.iter().rev().find(|known| known.fact.id == fact.id);
        let same = last.is_some_and(|known| known.fact == *fact);
        self.chart.facts.upholds_removal(fact.id, same)
    }
    fn event_stays_away(&mut self, fact: &EventFact) -> bool {
        let mut all = self.chart.chunks.iter().rev().flat_map(|chunk| chunk.events.iter().rev());
        let same = all.find(|known| known.fact.id == fact.id).is_some_and(|known| known.fact == *fact);
        self.chart.facts.upholds_removal(fact.id, same)
    }

    fn append_event(&mut self, fact: EventFact, updated: Option<Timestamp>) {
        if self.chart.chunks.last().is_none_or(|c| c.events.len() >= CHUNK) {
            self.chart.chunks.push(EventsChunk::default());
        }
        let chunk = self.chart.chunks.len() - 1;
        let Some(last) = self.chart.chunks.last_mut() else { return };
        self.events.insert(fact.id, (chunk, last.events.len()));
        last.events.push(Known::new(fact, updated, self.version));
        self.out.chunks.insert(chunk);
    }

    /// The source takes a fact back.
    fn delete(&mut self, id: FactId) {
        let mut fate = Fate::Unchanged;
        if let Some(old) = self.codes.remove(&id).and_then(|at| self.chart.facts.codes.get_mut(at)) {
            old.until = Some(self.version);
            self.out.facts = true;
            fate = Fate::Updated;
        }
        if let Some((chunk, at)) = self.events.remove(&id)
            && let Some(old) = self.chart.chunks.get_mut(chunk).and_then(|c| c.events.get_mut(at))
        {
            old.until = Some(self.version);
            self.out.chunks.insert(chunk);
            fate = Fate::Updated;
        }
        self.count("delete", fate);
    }

    fn gone(&mut self) {
        let fate = if self.flags.active { Fate::Updated } else { Fate::Unchanged };
        self.out.flags |= self.flags.active;
        self.flags.active = false;
        self.count("gone", fate);
    }

    /// Of the values one import gives an attribute, the one with the latest period counts; of equals, the one read last.
    fn attributes(&mut self, parts: Vec<&AttributePart>) {
        let mut best: BTreeMap<&str, &AttributePart> = BTreeMap::new();
        for part in parts {
            let wins = best
                .get(part.name.as_str())
                .is_none_or(|held| self.starts(held.since) <= self.starts(part.since));
            if wins {
                if best.insert(&part.name, part).is_some() {
                    self.count("attribute", Fate::Unchanged);
                }
            } else {
                self.count("attribute", Fate::Unchanged);
            }
        }
        for (name, part) in best {
            let known = self.attribute(name).map(|k| k.fact.since);
            let stale = known.is_some_and(|since| self.starts(since) > self.starts(part.since));
            let (name, value) = (name.to_owned(), part.value.clone());
            let fact = AttributeFact { name, value, since: part.since, until: part.until };
            let fate = if stale || !self.set_attribute(fact, None) {
                Fate::Unchanged
            } else if known.is_some() {
                Fate::Updated
            } else {
                Fate::Created
            };
            self.out.facts |= fate != Fate::Unchanged;
            self.count("attribute", fate);
        }
    }

    fn starts(&self, since: Option<When>) -> Timestamp {
        since.map_or(Timestamp::MIN, |when| when.span(self.zone).0)
    }

    fn attribute(&self, name: &str) -> Option<&Known<AttributeFact>> {
        self.chart.facts.attributes.iter().find(|k| k.is_current() && k.fact.name == name)
    }

    /// Sets an attribute; whether that changed anything.
    fn set_attribute(&mut self, fact: AttributeFact, updated: Option<Timestamp>) -> bool {
        let version = self.version;
        if self.chart.facts.upholds_attribute(&fact.name, fact.value.as_ref()) {
            return false;
        }
        let held =
            self.chart.facts.attributes.iter_mut().find(|k| k.is_current() && k.fact.name == fact.name);
        match held {
            Some(old) if old.fact == fact => return false,
            Some(old) if old.from == version => {
                *old = Known::new(fact, updated, version);
                return true;
            }
            Some(old) => old.until = Some(version),
            None => {}
        }
        self.chart.facts.attributes.push(Known::new(fact, updated, version));
        true
    }

    fn gather_words(&mut self, words: &mut BTreeMap<String, BTreeSet<String>>, name: &str, more: &[String]) {
        let held = self.attribute(name).and_then(|k| k.fact.value.as_ref());
        let known: BTreeSet<String> = match held {
            Some(Value::Set(known)) => known.iter().cloned().collect(),
            _ => BTreeSet::new(),
        };
        let fate = match (more.iter().any(|w| !known.contains(w)), known.is_empty()) {
            (true, true) => Fate::Created,
            (true, false) => Fate::Updated,
            (false, _) => Fate::Unchanged,
        };
        self.count("set", fate);
        words.entry(name.to_owned()).or_insert(known).extend(more.iter().cloned());
    }

    fn sets(&mut self, words: BTreeMap<String, BTreeSet<String>>) {
        for (name, words) in words {
            let fact = AttributeFact { name, value: Some(Value::set(words)), since: None, until: None };
            self.out.facts |= self.set_attribute(fact, None);
        }
    }

    /// An act of consent the source knows of. It goes onto the ledger as imported, whoever did it there; the source's word
    /// for the method is kept beside it.
    fn consent(&mut self, row: &ConsentRow, patient: discreet_domain::PatientId, now: Timestamp) {
        let same = |a: &&Act| a.topic == row.topic && a.channel == row.channel && a.granted == row.granted;
        if self.acts.iter().filter(same).any(|a| a.at == row.at) {
            return self.count("consent", Fate::Unchanged);
        }
        let admission = if row.granted {
            admits_imported(&self.acts, &row.topic, row.channel, row.at)
        } else {
            admits_withdrawal(&self.acts, &row.topic, row.channel)
        };
        match admission {
            Admission::Take => {
                let n = self.acts.iter().map(|a| a.n).max().unwrap_or(0) + 1;
                self.acts.push(Act {
                    n,
                    topic: row.topic.clone(),
                    channel: row.channel,
                    granted: row.granted,
                    at: row.at,
                    recorded: now,
                    method: Method::Imported,
                });
                let act = NewAct {
                    patient,
                    topic: row.topic.clone(),
                    channel: row.channel,
                    granted: row.granted,
                    at: row.at,
                    method: Method::Imported,
                    via: row.method.clone(),
                    text_version: row.text_version.clone(),
                    evidence: None,
                    message: None,
                };
                self.out.acts.push((act, row.evidence.expose().clone()));
                self.count("consent", Fate::Created);
            }
            Admission::Nothing => self.count("consent", Fate::Unchanged),
            Admission::Withdrawn => {
                self.out.refused_grants.push((row.topic.clone(), row.channel));
                self.out.tally.grants_refused += 1;
                self.count("consent", Fate::Rejected);
            }
        }
    }
}

/// A withdrawal is always taken, unless one stands already.
fn admits_withdrawal(acts: &[Act], topic: &Topic, channel: Channel) -> Admission {
    let last = acts.iter().filter(|a| a.topic == *topic && a.channel == channel).max_by_key(|a| a.n);
    if last.is_some_and(|a| !a.granted) { Admission::Nothing } else { Admission::Take }
}

/// Which records another one of the same import, about the same fact, takes the place of. Only the one that stands is held
/// against what is known: two rows with one id would otherwise replace each other again at every import.
fn superseded(records: &[Record]) -> HashSet<usize> {
    let mut standing: HashMap<FactId, (usize, Option<Timestamp>)> = HashMap::new();
    let mut superseded = HashSet::new();
    for (at, record) in records.iter().enumerate() {
        let (id, updated) = match &record.what {
            Incoming::Code(fact) => (fact.id, record.updated),
            Incoming::Event(fact) => (fact.id, record.updated),
            Incoming::Delete { fact } => (*fact, None),
            _ => continue,
        };
        match standing.get(&id) {
            Some((_, held)) if updated.is_some() && updated < *held => {
                superseded.insert(at);
                continue;
            }
            Some((earlier, _)) => {
                superseded.insert(*earlier);
            }
            None => {}
        }
        standing.insert(id, (at, updated));
    }
    superseded
}

fn current<T>(facts: &[Known<T>]) -> impl Iterator<Item = (usize, &Known<T>)> {
    facts.iter().enumerate().filter(|(_, known)| known.is_current())
}

/// Whether the source itself says that what is held is newer.
fn is_stale<T>(held: &Known<T>, updated: Option<Timestamp>) -> bool {
    updated.is_some() && updated < held.updated
}

/// The identity since: all identifiers ever known, and whatever else the new row says.
fn joined(old: &Identity, new: &Identity) -> Identity {
    let mut new = new.clone();
    new.identifiers.extend(old.identifiers.iter().cloned());
    new.identifiers.sort_unstable();
    new.identifiers.dedup();
    if new.name == discreet_domain::PersonName::default() {
        new.name = old.name.clone();
    }
    new
}

/// What the index may know of how somebody can be reached.
pub(crate) fn contact_attributes(identity: &Identity) -> Vec<(String, Value)> {
    let mut attributes = vec![
        ("has_email".to_owned(), Value::Bool(!identity.emails.is_empty())),
        ("has_phone".to_owned(), Value::Bool(!identity.phones.is_empty())),
    ];
    if let Some(address) = identity.email() {
        attributes.push((EMAIL_DOMAIN.to_owned(), Value::Text(address.domain().to_owned())));
    }
    attributes
}
