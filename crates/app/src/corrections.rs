//! What staff put right in a record: a fact, the address, a suppression. Staff's word stands until the source says
//! something else than it did.

use crate::app::{App, Look};
use crate::chart::{self, AttributeFact, Correction, Known};
use crate::charts::{OpenedChart, birth_of};
use crate::error::{AppError, Result};
use crate::import::merge::contact_attributes;
use crate::notices;
use discreet_access::{Allowed, CorrectRecord, LiftSuppression, SettleAddress};
use discreet_audit::{Entry, Event, Reason, Whom};
use discreet_domain::catalog::{AGE, Kind};
use discreet_domain::{Actor, Catalog, EmailAddress, FactId, Part, PatientId, Phi, Timestamp, Value, When};
use discreet_policy::{AddressStanding, age_of};
use discreet_store::{KeyKind, Lane};

const ALL_PARTS: &[Part] = &[Part::Identity, Part::Facts, Part::Events];
const LOOK_SECONDS: i64 = 60;
/// Longest value that is typed, in characters.
const LONGEST_VALUE: usize = 200;

/// What is not right.
#[derive(Clone, Debug)]
pub enum Wrong {
    /// An attribute has another value; `None`: it is not known.
    Attribute(String, Option<Phi<String>>),
    /// A code or event is not so: its id, in hexadecimal.
    Fact(String),
}

/// What the patient says of the address.
#[derive(Clone, Debug)]
pub enum SaysOfAddress {
    /// It is theirs.
    Theirs,
    /// Another one is.
    Another(Phi<EmailAddress>),
}

/// Attributes that may be typed: names and titles. Sets grow by imports, and some follow from others.
pub fn correctable(catalog: &Catalog) -> Vec<(String, String)> {
    let derived = [AGE, "has_email", "email_domain", "has_phone"];
    let all = catalog.attributes.iter();
    all.filter(|a| a.kind != Kind::Set && !derived.contains(&a.name.as_str()))
        .map(|a| (a.name.clone(), a.title.clone()))
        .collect()
}

fn parsed(name: &str, text: &str, catalog: &Catalog) -> Result<Value> {
    let may = correctable(catalog).iter().any(|(known, _)| known == name);
    let attribute = catalog.attribute(name).filter(|_| may);
    let attribute = attribute.ok_or_else(|| AppError::invalid("choose what is to be put right"))?;
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST_VALUE || text.chars().any(char::is_control) {
        return Err(AppError::invalid(format!("a value is 1 to {LONGEST_VALUE} characters")));
    }
    let not_one = |what: &str| AppError::invalid(format!("that is not {what}"));
    Ok(match attribute.kind {
        Kind::Number => {
            let number: f64 = text.parse().map_err(|_| not_one("a number"))?;
            if !number.is_finite() {
                return Err(not_one("a number"));
            }
            Value::Number(number)
        }
        Kind::Bool => match text.to_lowercase().as_str() {
            "yes" | "true" => Value::Bool(true),
            "no" | "false" => Value::Bool(false),
            _ => return Err(not_one("yes or no")),
        },
        Kind::Date => {
            let when: When = text.parse().map_err(|_| not_one("a date, like 1961-03-04"))?;
            Value::When(when)
        }
        Kind::Zip => {
            let fits = text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit());
            if !fits {
                return Err(not_one("a ZIP code of five digits"));
            }
            Value::Text(text.to_owned())
        }
        Kind::Text if !attribute.values.is_empty() => {
            let word = text.to_lowercase().replace(' ', "_");
            match attribute.values.contains(&word) {
                true => Value::Text(word),
                false => return Err(AppError::invalid(format!("one of: {}", attribute.values.join(", ")))),
            }
        }
        _ => Value::Text(text.to_owned()),
    })
}

impl App {
    /// Puts one thing of a record right (45 CFR 164.526). It stands until the source says something else than it did.
    ///
    /// # Errors
    /// No such fact, a value that is none; the record changed meanwhile; the database's.
    pub async fn correct(&self, by: Allowed<CorrectRecord>, wrong: &Wrong, now: Timestamp) -> Result<()> {
        let patient = by.action().patient;
        let mut opened = self.opened_to_correct(by.actor(), patient, now).await?;
        let version = opened.row.version + 1;
        let mut chunk = None;
        let what = match wrong {
            Wrong::Attribute(name, value) => {
                let value =
                    value.as_ref().map(|text| parsed(name, text.expose(), &self.catalog())).transpose()?;
                set_attribute(&mut opened, name, value, version, now);
                name.clone()
            }
            Wrong::Fact(id) => {
                let id = u128::from_str_radix(id, 16).map_err(|_| AppError::NotFound("fact"))?;
                chunk = remove(&mut opened, FactId(id), version, now).ok_or(AppError::NotFound("fact"))?;
                "fact".to_owned()
            }
        };
        let event = Event::Corrected { patient, what };
        self.write_back(opened, version, chunk, (by.actor(), event), now).await
    }

    async fn opened_to_correct(
        &self,
        actor: Actor,
        patient: PatientId,
        now: Timestamp,
    ) -> Result<OpenedChart> {
        let look = Look {
            actor,
            whom: Whom::One(patient),
            parts: ALL_PARTS,
            reason: Reason::Correction,
            seconds: LOOK_SECONDS,
            note: None,
        };
        self.open_one(patient, look, now).await
    }

    /// Seals a record's facts anew, and one chunk of its events, unless somebody else changed it meanwhile.
    async fn write_back(
        &self,
        opened: OpenedChart,
        version: u64,
        chunk: Option<usize>,
        (by, event): (Actor, Event),
        now: Timestamp,
    ) -> Result<()> {
        let OpenedChart { mut row, chart, keys } = opened;
        let patient = row.id;
        let before = row.version;
        row.version = version;
        row.facts = Some(keys.seal(Part::Facts, 0, version, &chart::write(&chart.facts)?)?);
        let text = |name: &str| {
            let held = chart.facts.attributes.iter().find(|k| k.is_current() && k.fact.name == name);
            held.and_then(|k| k.fact.value.as_ref()).and_then(Value::text).map(str::to_owned)
        };
        row.usps = text("state").filter(|state| state.len() == 2);
        let zone = self.zone();
        let birth = birth_of(&chart);
        row.age = age_of(birth, row.usps.as_deref(), zone.day_of(now), &zone);
        let mut chunks = Vec::new();
        if let Some(at) = chunk
            && let (Some(part), Ok(n)) = (chart.chunks.get(at), u32::try_from(at))
        {
            chunks.push(keys.seal(Part::Events, n, version, &chart::write(part)?)?);
        }
        let family = &chart.identity.name.family;
        let key = match birth {
            Some(When::Day(day)) if !family.is_empty() => {
                let tag = self.vault.with_keyring(|k| k.name_tag(family, day));
                Some((tag, patient, KeyKind::Name))
            }
            _ => None,
        };
        let mut tx = self.store.begin(Lane::Withdrawal).await?;
        tx.lock_patients(&[patient]).await?;
        if tx.patient(patient).await?.is_none_or(|now_held| now_held.version != before) {
            return Err(AppError::Stale);
        }
        tx.drop_keys(patient, KeyKind::Name).await?;
        tx.put_keys(key.as_slice()).await?;
        tx.put_patients(vec![row]).await?;
        tx.put_chunks(chunks, &[]).await?;
        self.settle_one(tx, by, event, now).await
    }

    /// Settles whether an address is the patient's, after somebody at it said it is not, or because the patient told
    /// another one.
    ///
    /// # Errors
    /// No such patient, no address to confirm; the record changed meanwhile; the database's.
    pub async fn settle_address(
        &self,
        by: Allowed<SettleAddress>,
        says: &SaysOfAddress,
        now: Timestamp,
    ) -> Result<()> {
        let patient = by.action().patient;
        match says {
            SaysOfAddress::Theirs => {
                let mut tx = self.store.begin(Lane::Receipt).await?;
                crate::consents::take_up(&mut tx, patient).await?;
                let row = tx.patient(patient).await?.ok_or(AppError::NotFound("patient"))?;
                if row.address_tag.is_none() {
                    return Err(AppError::conflict("there is no address on record to confirm"));
                }
                tx.set_standing(patient, AddressStanding::OnRecord).await?;
                tx.answer_notices_about(notices::NOT_ME, patient.uuid(), by.user(), now).await?;
                let event = Event::AddressSettled { patient, changed: false };
                self.settle_one(tx, by.actor(), event, now).await
            }
            SaysOfAddress::Another(address) => self.change_address(&by, address.expose(), now).await,
        }
    }

    async fn change_address(
        &self,
        by: &Allowed<SettleAddress>,
        address: &EmailAddress,
        now: Timestamp,
    ) -> Result<()> {
        let patient = by.action().patient;
        let mut opened = self.opened_to_correct(by.actor(), patient, now).await?;
        let version = opened.row.version + 1;
        let said = std::mem::replace(&mut opened.chart.identity.emails, vec![address.as_str().to_owned()]);
        let facts = &mut opened.chart.facts;
        let known = facts.corrections.iter().position(|c| matches!(c, Correction::Emails { .. }));
        let mut replaced = said;
        if let Some(Correction::Emails { said, .. }) = known.map(|at| facts.corrections.remove(at)) {
            replaced.extend(said);
        }
        replaced.retain(|old| !chart::same_address(old, address.as_str()));
        facts.corrections.push(Correction::Emails { said: replaced, at: now });
        for (name, value) in contact_attributes(&opened.chart.identity) {
            put_attribute(&mut opened, &name, Some(value), version);
        }
        let identity = chart::write(&opened.chart.identity)?;
        opened.row.identity = Some(opened.keys.seal(Part::Identity, 0, version, &identity)?);
        opened.row.contact_version += 1;
        opened.row.address_tag = Some(self.vault.with_keyring(|k| k.address_tag(address)));
        opened.row.address_standing = AddressStanding::OnRecord;
        let event = Event::AddressSettled { patient, changed: true };
        self.write_back(opened, version, None, (by.actor(), event), now).await?;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        tx.answer_notices_about(notices::NOT_ME, patient.uuid(), by.user(), now).await?;
        self.settle(tx, &[]).await
    }

    /// Lets a patient's address be mailed again, for everyone at it.
    ///
    /// # Errors
    /// No such patient, or an address that is not suppressed; the database's.
    pub async fn lift_suppression(&self, by: Allowed<LiftSuppression>, now: Timestamp) -> Result<()> {
        let patient = by.action().patient;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        let row = tx.patient(patient).await?.ok_or(AppError::NotFound("patient"))?;
        let none = || AppError::conflict("the patient’s address is not suppressed");
        let tag = row.address_tag.ok_or_else(none)?;
        let people = tx.lock_addresses(&[tag], &[]).await?;
        let (_, reason) = tx.suppressions(Some(&[tag])).await?.pop().ok_or_else(none)?;
        tx.lift_suppression(tag).await?;
        let mut entries = Vec::with_capacity(people.len());
        for one in people {
            tx.touch(one).await?;
            let event = Event::SuppressionLifted { patient: one, reason: reason.clone() };
            entries.push(Entry { at: now, by: by.actor(), event });
        }
        self.settle(tx, &entries).await
    }
}

/// Sets an attribute as of a version; returns what it was.
fn put_attribute(opened: &mut OpenedChart, name: &str, value: Option<Value>, version: u64) -> Option<Value> {
    let all = &mut opened.chart.facts.attributes;
    let held = all.iter_mut().find(|known| known.is_current() && known.fact.name == name);
    let was = held.and_then(|known| {
        known.until = Some(version);
        known.fact.value.clone()
    });
    let fact = AttributeFact { name: name.to_owned(), value, since: None, until: None };
    all.push(Known::new(fact, None, version));
    was
}

fn set_attribute(opened: &mut OpenedChart, name: &str, value: Option<Value>, version: u64, now: Timestamp) {
    let was = put_attribute(opened, name, value, version);
    // Put right twice: what the source said is what it said before the first time.
    if !opened.chart.facts.is_corrected(name) {
        let correction = Correction::Attribute { name: name.to_owned(), said: was, at: now };
        opened.chart.facts.corrections.push(correction);
    }
}

/// Takes a code or an event away; in which chunk, if it was an event. `None` if there is none of that id.
fn remove(opened: &mut OpenedChart, id: FactId, version: u64, at: Timestamp) -> Option<Option<usize>> {
    let chart = &mut opened.chart;
    let code = chart.facts.codes.iter_mut().find(|known| known.is_current() && known.fact.id == id);
    let found = match code {
        Some(known) => {
            known.until = Some(version);
            None
        }
        None => {
            let mut chunks = chart.chunks.iter_mut().enumerate();
            Some(chunks.find_map(|(n, chunk)| {
                let known =
                    chunk.events.iter_mut().find(|known| known.is_current() && known.fact.id == id)?;
                known.until = Some(version);
                Some(n)
            })?)
        }
    };
    chart.facts.corrections.push(Correction::Removed { id, at });
    Some(found)
}
