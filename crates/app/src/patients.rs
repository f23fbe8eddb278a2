//! Patients: found, shown, erased. Every look has a reason and is in the log first.

use crate::app::{App, Look};
use crate::chart::Known;
use crate::error::{AppError, Result};
use crate::open::open_chart;
use discreet_access::{Allowed, ErasePatient, FindPatient, ShowPatient};
pub use discreet_audit::Reason;
use discreet_audit::{Entry, Event, Whom};
use discreet_domain::{
    CodeFact, Day, EmailAddress, EventFact, Identifier, Identity, Part, PatientId, Phi, Timestamp, Value,
};
use discreet_policy::{AddressStanding, Age};
use discreet_store::{Lane, MessageRow, PatientState};
use std::collections::BTreeMap;

/// Patients told per look-up, at most: a look-up is for finding one.
pub const MOST_FOUND: u32 = 20;

/// Entries about a patient that are looked through for the one that says when they were erased.
const LAST_ENTRIES: u32 = 50;

/// By what somebody is looked up. By POST body or standard input, never in a URL.
#[derive(Clone, Debug)]
pub enum LookUp {
    /// A medical record number, or a source's id.
    Identifier(Phi<Identifier>),
    /// The number alone, whoever gave it.
    Number(Phi<String>),
    /// An address.
    Email(Phi<EmailAddress>),
    /// Family name and birth date.
    Name(Phi<String>, Day),
}

impl LookUp {
    /// By a record number: of the source that is named, or whoever gave it.
    pub fn number(source: Option<&str>, number: &str) -> Vec<LookUp> {
        let of = |source: String| {
            LookUp::Identifier(Phi::new(Identifier { source, value: number.trim().to_owned() }))
        };
        let Some(source) = source.map(str::trim) else {
            return vec![LookUp::Number(Phi::new(number.to_owned()))];
        };
        vec![of(discreet_intake::mrn_source(source)), of(source.to_owned())]
    }
    const fn word(&self) -> &'static str {
        match self {
            LookUp::Identifier(_) | LookUp::Number(_) => "identifier",
            LookUp::Email(_) => "email",
            LookUp::Name(..) => "name",
        }
    }
}

/// What has become of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Becoming {
    /// A patient's.
    Live,
    /// Part of another one now.
    Merged(PatientId),
    /// Erased.
    Erased,
}

/// Somebody found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Found {
    /// Whose record.
    pub patient: PatientId,
    /// What has become of it.
    pub becoming: Becoming,
}

fn becoming(row: &discreet_store::PatientRow) -> Becoming {
    match (row.state, row.merged_into) {
        (PatientState::Erased, _) => Becoming::Erased,
        (_, Some(survivor)) => Becoming::Merged(survivor),
        _ => Becoming::Live,
    }
}

/// A patient's record, opened.
#[derive(Clone, Debug)]
pub struct Record {
    /// Whose.
    pub patient: PatientId,
    /// The version shown.
    pub version: u64,
    /// Name, addresses, identifiers.
    pub identity: Identity,
    /// What is known.
    pub attributes: BTreeMap<String, Value>,
    /// Coded facts.
    pub codes: Vec<CodeFact>,
    /// Events, oldest first.
    pub events: Vec<EventFact>,
    /// Known to have died.
    pub deceased: bool,
    /// A current patient.
    pub active: bool,
    /// Of age.
    pub age: Age,
    /// Under an agreed restriction.
    pub restricted: bool,
    /// How sure the address is.
    pub address: AddressStanding,
    /// Merged into this one.
    pub merged_into: Option<PatientId>,
    /// Messages, oldest change first.
    pub messages: Vec<MessageRow>,
}

impl App {
    /// Looks patients up.
    ///
    /// # Errors
    /// The database's.
    pub async fn find(
        &self,
        by: Allowed<FindPatient>,
        by_what: &LookUp,
        now: Timestamp,
    ) -> Result<Vec<PatientId>> {
        let found = self.find_any(by, std::slice::from_ref(by_what), now).await?;
        Ok(found.into_iter().filter(|f| f.becoming != Becoming::Erased).map(|f| f.patient).collect())
    }
    /// Looks patients up by any of these; tells of erased ones, too. Everyone found is in the log, and so is that nobody
    /// was.
    ///
    /// # Errors
    /// The database's.
    pub async fn find_any(
        &self,
        by: Allowed<FindPatient>,
        by_what: &[LookUp],
        now: Timestamp,
    ) -> Result<Vec<Found>> {
        let mut found = Vec::new();
        for one in by_what {
            found.extend(self.keyed(one).await?);
        }
        found.sort_by_key(|f| f.patient);
        found.dedup();
        found.truncate(MOST_FOUND as usize);
        if let (true, Some(first)) = (found.is_empty(), by_what.first()) {
            let tx = self.store.begin(Lane::Receipt).await?;
            let event = Event::NobodyFound { by: first.word().to_owned() };
            self.settle_one(tx, by.actor(), event, now).await?;
        }
        for Found { patient, .. } in &found {
            let look = Look {
                actor: by.actor(),
                whom: Whom::One(*patient),
                parts: &[],
                reason: Reason::Care,
                seconds: 0,
                note: None,
            };
            self.record(look, now).await?;
        }
        Ok(found)
    }
    async fn keyed(&self, by_what: &LookUp) -> Result<Vec<Found>> {
        let tag = self.vault.with_keyring(|k| match by_what {
            LookUp::Identifier(id) => k.identifier_tag(id.expose()),
            LookUp::Number(number) => k.number_tag(number.expose()),
            LookUp::Email(address) => k.address_tag(address.expose()),
            LookUp::Name(family, birth) => k.name_tag(family.expose(), *birth),
        });
        let mut reading = self.store.read().await?;
        let ids: Vec<PatientId> = match by_what {
            LookUp::Email(_) => reading.patients_at(tag, MOST_FOUND).await?,
            _ => reading.patients_by_keys(&[tag]).await?.into_iter().map(|(_, patient)| patient).collect(),
        };
        let rows = reading.patients(&ids).await?;
        Ok(rows.into_iter().map(|row| Found { patient: row.id, becoming: becoming(&row) }).collect())
    }
    /// When a record was erased, as the log says.
    ///
    /// # Errors
    /// The database's.
    pub async fn erased_at(&self, by: &Allowed<ShowPatient>) -> Result<Option<Timestamp>> {
        let mut reading = self.store.read().await?;
        let last = reading.entries_about_before(by.action().patient, i64::MAX as u64, LAST_ENTRIES).await?;
        for n in last {
            let row = reading.log_row_of(n).await?;
            let body = row.as_ref().and_then(|row| crate::audit::bodies(row).find(|body| body.n == n));
            if let Some(body) = body.filter(|body| matches!(body.did, Event::Erased { .. })) {
                return Ok(Some(Timestamp::from_micros(body.at)));
            }
        }
        Ok(None)
    }
    /// What has become of a record.
    ///
    /// # Errors
    /// No such patient; the database's.
    pub async fn becoming(&self, by: &Allowed<ShowPatient>) -> Result<Becoming> {
        let row = self.store.read().await?.patient(by.action().patient).await?;
        Ok(becoming(&row.ok_or(AppError::NotFound("patient"))?))
    }

    /// Opens a patient's record, for a reason.
    ///
    /// # Errors
    /// No such patient, erased; the database's.
    pub async fn show(
        &self,
        by: Allowed<ShowPatient>,
        reason: Reason,
        note: Option<&str>,
        now: Timestamp,
    ) -> Result<Phi<Record>> {
        let patient = by.action().patient;
        let row = self.store.read().await?.patient(patient).await?.ok_or(AppError::NotFound("patient"))?;
        if row.state == PatientState::Erased {
            return Err(AppError::conflict("this patient was erased"));
        }
        let look = Look {
            actor: by.actor(),
            whom: Whom::One(patient),
            parts: &[Part::Identity, Part::Facts, Part::Events],
            reason,
            seconds: 60,
            note,
        };
        let reader = self.vault.bulk(self.record(look, now).await?);
        let mut reading = self.store.read().await?;
        let row = reading.patient(patient).await?.ok_or(AppError::NotFound("patient"))?;
        let chunks = reading.chunks(&[patient]).await?;
        let messages = reading.messages_to(patient).await?;
        drop(reading);
        let chart = match self.keys_of_one(patient).await {
            Ok(keys) => open_chart(&reader, &keys, &row, chunks, now),
            Err(e) => Err(e),
        };
        let chart = match chart {
            Err(AppError::Vault(discreet_vault::Refused::Destroyed)) => {
                return Err(AppError::conflict("this patient was erased"));
            }
            other => other?,
        };
        let zone = self.zone();
        let attributes = chart.facts.attributes.into_iter().filter(Known::is_current).map(|k| k.fact);
        let mut events: Vec<EventFact> = chart
            .chunks
            .into_iter()
            .flat_map(|c| c.events)
            .filter(Known::is_current)
            .map(|k| k.fact)
            .collect();
        events.sort_by_key(|e| e.at.span(&zone).0);
        Ok(Phi::new(Record {
            patient,
            version: row.version,
            identity: chart.identity,
            attributes: attributes.filter_map(|a| a.value.map(|v| (a.name, v))).collect(),
            codes: chart.facts.codes.into_iter().filter(Known::is_current).map(|k| k.fact).collect(),
            events,
            deceased: row.deceased,
            active: row.active,
            age: row.age,
            restricted: row.restricted,
            address: row.address_standing,
            merged_into: row.merged_into,
            messages,
        }))
    }

    /// Erases a patient, with the records that were merged into them: what is sealed is removed, then the profile key is destroyed, so that no copy of the data made
    /// earlier opens either. Consents, decisions and evidence stay until their retention ends; identifier tags stay, so that
    /// an import does not make the patient anew.
    ///
    /// # Errors
    /// No such patient; the database's.
    pub async fn erase(&self, by: Allowed<ErasePatient>, note: Option<&str>, now: Timestamp) -> Result<()> {
        let patient = by.action().patient;
        let look = Look {
            actor: by.actor(),
            whom: Whom::One(patient),
            parts: &[],
            reason: Reason::Erase,
            seconds: 0,
            note,
        };
        self.record(look, now).await?;
        let mut tx = self.store.begin(Lane::Withdrawal).await?;
        let records = tx.one_person(patient).await?;
        if records.is_empty() {
            return Err(AppError::NotFound("patient"));
        }
        tx.lock_patients(&records).await?;
        if tx.one_person(patient).await? != records {
            return Err(AppError::conflict("the record was merged at this moment: erase again"));
        }
        let mut entries = Vec::with_capacity(records.len());
        for record in &records {
            tx.touch(*record).await?;
            tx.erase_patient(*record).await?;
            tx.hold_messages_to(*record, "erased", now).await?;
            entries.push(Entry { at: now, by: by.actor(), event: Event::Erased { patient: *record } });
        }
        self.settle(tx, &entries).await?;
        self.shelf.destroy_profiles(&records).await?;
        self.remove_old_rejected_rows(by.actor(), now).await
    }

    /// Destroys the profile keys of everyone who was erased: a crash may have come between the two steps, or a restore have
    /// brought an older shelf.
    pub(crate) async fn finish_erasures(&self) -> Result<()> {
        let erased = self.store.read().await?.erased_patients().await?;
        for some in erased.chunks(500) {
            let wrapped = self.shelf.get(some).await?;
            let left: Vec<_> = wrapped.iter().filter(|w| w.profile.is_some()).map(|w| w.patient).collect();
            if !left.is_empty() {
                self.shelf.destroy_profiles(&left).await?;
            }
        }
        Ok(())
    }
}
