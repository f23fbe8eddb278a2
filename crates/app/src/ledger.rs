//! What a patient agreed to, as a page shows it: where they stand, every act with what proves it, signed authorizations.

use crate::app::{App, Look};
use crate::error::{AppError, Result};
use discreet_access::{Allowed, ShowConsent};
use discreet_audit::{Reason, Whom};
use discreet_domain::{AuthorizationId, Channel, EvidenceId, Part, PatientId, Phi, Timestamp, Topic};
use discreet_policy::authorization::{Authorization, OnFile};
use discreet_policy::consent::{Act, AddressStop, OptIn, Stop, fold};
use std::collections::BTreeSet;

const LOOK_SECONDS: i64 = 60;

/// Where a patient stands on one topic by one way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StandingLine {
    /// Its public name.
    pub topic: String,
    /// By what way.
    pub channel: Channel,
    /// Where.
    pub opt_in: OptIn,
    /// Stopped beyond the topic; by email only.
    pub stop: Stop,
}

/// An act, with what proves it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ActLine {
    /// The act.
    pub act: Act,
    /// The topic's public name.
    pub topic: String,
    /// The source's own word for the method.
    pub via: Option<String>,
    /// The version of the text agreed to.
    pub text_version: Option<String>,
    /// The sealed document.
    pub evidence: Option<EvidenceId>,
}

/// Everything a patient agreed to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Book {
    /// Where they stand.
    pub standing: Vec<StandingLine>,
    /// Every act, newest first.
    pub acts: Vec<ActLine>,
    /// The authorizations on file.
    pub forms: Vec<OnFile>,
    /// What was stopped for everyone at the address: public names of topics.
    pub stopped_at_address: Vec<String>,
}

/// By which ways something is known about a topic: email always, since that is what is sent.
fn ways(acts: &[Act], topics: impl Iterator<Item = Topic>) -> BTreeSet<(Topic, Channel)> {
    let said = acts.iter().map(|act| (act.topic.clone(), act.channel));
    topics.map(|topic| (topic, Channel::Email)).chain(said).collect()
}

fn by_other_way(acts: &[Act], topic: &Topic, channel: Channel) -> OptIn {
    let last = acts.iter().filter(|a| a.topic == *topic && a.channel == channel).max_by_key(|a| a.n);
    last.map_or(OptIn::Never, |act| if act.granted { OptIn::Granted } else { OptIn::Withdrawn })
}

impl App {
    fn look_at_consents<'a>(&self, by: &Allowed<ShowConsent>, parts: &'a [Part], reason: Reason) -> Look<'a> {
        let whom = Whom::One(by.action().patient);
        Look { actor: by.actor(), whom, parts, reason, seconds: LOOK_SECONDS, note: None }
    }
    /// Everything a patient agreed to, for a reason.
    ///
    /// # Errors
    /// No such patient; the database's.
    pub async fn book(&self, by: &Allowed<ShowConsent>, reason: Reason, now: Timestamp) -> Result<Book> {
        let patient = by.action().patient;
        self.record(self.look_at_consents(by, &[], reason), now).await?;
        let settings = self.settings();
        let mut reading = self.store.read().await?;
        let row = reading.patient(patient).await?.ok_or(AppError::NotFound("patient"))?;
        let tags: Vec<_> = row.address_tag.into_iter().collect();
        let stops: Vec<AddressStop> = reading.stops(Some(&tags)).await?.into_iter().map(|(_, s)| s).collect();
        let acts: Vec<Act> = reading.acts(&[patient]).await?.into_iter().map(|a| a.act).collect();
        let proofs = reading.proofs_of(patient).await?;
        let forms = reading.forms(Some(&[patient])).await?.into_iter().map(|f| f.form).collect();
        drop(reading);
        let topics = settings.topics.keys().filter_map(|topic| Topic::parse(topic).ok());
        let standing = ways(&acts, topics)
            .into_iter()
            .map(|(topic, channel)| {
                let folded = (channel == Channel::Email).then(|| fold(&acts, &stops, &topic));
                StandingLine {
                    topic: settings.topic_name(&topic),
                    channel,
                    opt_in: folded.map_or_else(|| by_other_way(&acts, &topic, channel), |f| f.opt_in),
                    stop: folded.map_or(Stop::None, |f| f.stop),
                }
            })
            .collect();
        let mut lines: Vec<ActLine> = acts
            .into_iter()
            .map(|act| {
                let proof = proofs.iter().find(|proof| proof.n == act.n);
                ActLine {
                    topic: settings.topic_name(&act.topic),
                    via: proof.and_then(|p| p.via.clone()),
                    text_version: proof.and_then(|p| p.text_version.clone()),
                    evidence: proof.and_then(|p| p.evidence),
                    act,
                }
            })
            .collect();
        lines.sort_by_key(|line| std::cmp::Reverse(line.act.n));
        let stopped_at_address = stops.iter().map(|stop| settings.topic_name(&stop.topic)).collect();
        Ok(Book { standing, acts: lines, forms, stopped_at_address })
    }

    /// Opens a document kept as evidence of this patient.
    pub(crate) async fn open_evidence(
        &self,
        patient: PatientId,
        look: Look<'_>,
        id: EvidenceId,
        now: Timestamp,
    ) -> Result<Phi<Vec<u8>>> {
        let none = || AppError::NotFound("document");
        let found = self.store.read().await?.evidence(id).await?;
        let (_, sealed) = found.filter(|(whose, _)| *whose == patient).ok_or_else(none)?;
        let reader = self.vault.bulk(self.record(look, now).await?);
        let keys = self.keys_of_one(patient).await?;
        Ok(reader.open_evidence(&keys, id, &sealed, now)?)
    }
    /// What proves an act of consent, for a reason.
    ///
    /// # Errors
    /// No such document of this patient; the database's.
    pub async fn evidence_of_act(
        &self,
        by: &Allowed<ShowConsent>,
        reason: Reason,
        n: u64,
        now: Timestamp,
    ) -> Result<Phi<String>> {
        let patient = by.action().patient;
        let proofs = self.store.read().await?.proofs_of(patient).await?;
        let id = proofs.into_iter().find(|proof| proof.n == n).and_then(|proof| proof.evidence);
        let id = id.ok_or(AppError::NotFound("document"))?;
        let look = self.look_at_consents(by, &[Part::Evidence], reason);
        let bytes = self.open_evidence(patient, look, id, now).await?;
        bytes.try_map(|bytes| String::from_utf8(bytes).map_err(|_| AppError::Form("a document")))
    }
    /// A signed authorization, element by element, for a reason.
    ///
    /// # Errors
    /// No such authorization of this patient; the database's.
    pub async fn authorization(
        &self,
        by: &Allowed<ShowConsent>,
        reason: Reason,
        id: AuthorizationId,
        now: Timestamp,
    ) -> Result<Phi<Authorization>> {
        let patient = by.action().patient;
        let none = || AppError::NotFound("authorization");
        let mut reading = self.store.read().await?;
        if reading.form_owner(id).await? != Some(patient) {
            return Err(none());
        }
        let evidence = reading.form_evidence(id).await?.ok_or_else(none)?;
        drop(reading);
        let look = self.look_at_consents(by, &[Part::Evidence], reason);
        let bytes = self.open_evidence(patient, look, evidence, now).await?;
        bytes.try_map(|bytes| serde_json::from_slice(&bytes).map_err(|_| AppError::Form("an authorization")))
    }
}
