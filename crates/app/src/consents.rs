//! Consents and authorizations: granted, withdrawn, signed, revoked, shown.

use crate::app::{App, Look};
use crate::error::{AppError, Result};
use discreet_access::{
    Allowed, GrantConsent, RestrictPatient, RevokeAuthorization, ShowConsent, SignAuthorization,
    WithdrawConsent,
};
use discreet_audit::{Entry, Event, Reason, Whom};
use discreet_domain::{Actor, AuthorizationId, Channel, EvidenceId, PatientId, Phi, Timestamp, Topic};
use discreet_policy::authorization::{Authorization, Expiry, OnFile};
use discreet_policy::consent::{Act, Method};
use discreet_policy::{Denied, TABLE_VERSION};
use discreet_store::{FormRow, Lane, NewAct, Tx};

/// An act of consent to record.
#[derive(Clone, Debug)]
pub struct Said {
    /// About what.
    pub topic: Topic,
    /// By what way.
    pub channel: Channel,
    /// How it was said.
    pub method: Method,
    /// The version of the text that was agreed to.
    pub text_version: Option<String>,
    /// The document that proves it, or a note of it; sealed.
    pub evidence: Option<Phi<String>>,
}

/// Where a patient stands: every act on the ledger, every authorization on file.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// The acts, oldest first.
    pub acts: Vec<Act>,
    /// The authorizations.
    pub forms: Vec<OnFile>,
    /// What was stopped at the patient's address: topics.
    pub stopped_at_address: Vec<Topic>,
}

/// What an act does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Granted,
    Withdrawn,
    /// What is queued about the topic, too.
    WithdrawnAndCancelled,
}

impl App {
    /// Records that a patient opted in. Never an authorization: that is another thing.
    ///
    /// # Errors
    /// No such patient; the database's.
    pub async fn grant(&self, by: Allowed<GrantConsent>, said: Said, now: Timestamp) -> Result<()> {
        let patient = by.action().patient;
        let event = Event::ConsentGranted {
            patient,
            topic: said.topic.clone(),
            channel: said.channel,
            method: said.method.name().to_owned(),
        };
        self.act(patient, said, What::Granted, (by.actor(), event), now).await.map(drop)
    }
    /// Records that a patient opted out. In force with the commit: nothing is handed over after it.
    ///
    /// # Errors
    /// No such patient; the database's.
    pub async fn withdraw(&self, by: Allowed<WithdrawConsent>, said: Said, now: Timestamp) -> Result<()> {
        self.opt_out(&by, said, false, now).await.map(drop)
    }
    /// The same; what is queued about the topic is cancelled in the same transaction instead of being refused one by one
    /// when its time comes. Returns how many messages that were.
    ///
    /// # Errors
    /// No such patient; the database's.
    pub async fn withdraw_and_cancel(
        &self,
        by: Allowed<WithdrawConsent>,
        said: Said,
        now: Timestamp,
    ) -> Result<u64> {
        self.opt_out(&by, said, true, now).await
    }
    async fn opt_out(
        &self,
        by: &Allowed<WithdrawConsent>,
        said: Said,
        cancels: bool,
        now: Timestamp,
    ) -> Result<u64> {
        let patient = by.action().patient;
        let event = Event::ConsentWithdrawn {
            patient,
            topic: said.topic.clone(),
            channel: said.channel,
            method: said.method.name().to_owned(),
            by_address: false,
        };
        let what = if cancels { What::WithdrawnAndCancelled } else { What::Withdrawn };
        self.act(patient, said, what, (by.actor(), event), now).await
    }

    async fn act(
        &self,
        patient: PatientId,
        said: Said,
        what: What,
        (by, event): (Actor, Event),
        now: Timestamp,
    ) -> Result<u64> {
        let granted = what == What::Granted;
        let evidence = match said.evidence {
            None => None,
            Some(text) => {
                let id = EvidenceId::random();
                let sealed =
                    self.keys_of_one(patient).await?.seal_evidence(id, &text.map(String::into_bytes))?;
                Some((id, patient, sealed))
            }
        };
        let lane = if granted { Lane::Receipt } else { Lane::Withdrawal };
        let mut tx = self.store.begin(lane).await?;
        take_up(&mut tx, patient).await?;
        let act = NewAct {
            patient,
            topic: said.topic,
            channel: said.channel,
            granted,
            at: now,
            method: said.method,
            via: None,
            text_version: said.text_version,
            evidence: evidence.as_ref().map(|(id, ..)| *id),
            message: None,
        };
        tx.add_act(&act, now).await?;
        let cancelled = match (what, act.channel) {
            (What::WithdrawnAndCancelled, Channel::Email) => {
                tx.hold_messages_about(patient, &act.topic, Denied::OptedOut.code(), now).await?
            }
            _ => Vec::new(),
        };
        let mut entries = vec![Entry { at: now, by, event }];
        entries.extend(cancelled.iter().map(|(message, campaign)| {
            let event = Event::Decided {
                message: *message,
                campaign: *campaign,
                patient,
                verdict: Denied::OptedOut.code().to_owned(),
                rules: TABLE_VERSION.to_owned(),
            };
            Entry { at: now, by, event }
        }));
        tx.add_evidence("consent", evidence.into_iter().collect(), now).await?;
        self.settle(tx, &entries).await?;
        Ok(cancelled.len() as u64)
    }

    /// Everything a patient said, and every authorization on file.
    ///
    /// # Errors
    /// No such patient; the database's.
    pub async fn consents_of(&self, by: Allowed<ShowConsent>, now: Timestamp) -> Result<Ledger> {
        let patient = by.action().patient;
        let look = Look {
            actor: by.actor(),
            whom: Whom::One(patient),
            parts: &[],
            reason: Reason::PatientRequest,
            seconds: 60,
            note: None,
        };
        self.record(look, now).await?;
        let mut reading = self.store.read().await?;
        let row = reading.patient(patient).await?.ok_or(AppError::NotFound("patient"))?;
        let tags: Vec<_> = row.address_tag.into_iter().collect();
        Ok(Ledger {
            acts: reading.acts(&[patient]).await?.into_iter().map(|a| a.act).collect(),
            forms: reading.forms(Some(&[patient])).await?.into_iter().map(|f| f.form).collect(),
            stopped_at_address: reading.stops(Some(&tags)).await?.into_iter().map(|(_, s)| s.topic).collect(),
        })
    }

    /// Files a signed authorization (45 CFR 164.508). One with a defect is refused: it would be void.
    ///
    /// # Errors
    /// The defects; no such patient; the database's.
    pub async fn sign_authorization(
        &self,
        by: Allowed<SignAuthorization>,
        form: &Authorization,
        now: Timestamp,
    ) -> Result<AuthorizationId> {
        let patient = by.action().patient;
        let defects = form.defects();
        if !defects.is_empty() {
            let list: Vec<String> = defects.iter().map(|d| format!("- {d}")).collect();
            return Err(AppError::invalid(format!(
                "the authorization is defective and would be void:\n{}",
                list.join("\n")
            )));
        }
        for purpose in &form.purposes {
            Topic::parse(purpose).map_err(|e| AppError::invalid(format!("`purposes`: {e}")))?;
        }
        let (id, evidence) = (AuthorizationId::random(), EvidenceId::random());
        let text = serde_json::to_vec(form).map_err(|_| AppError::Form("an authorization"))?;
        let sealed = self.keys_of_one(patient).await?.seal_evidence(evidence, &Phi::new(text))?;
        let on_file = OnFile {
            id,
            topics: form.purposes.clone(),
            last_day: match &form.expiry {
                Some(Expiry::On(day)) => Some(*day),
                _ => None,
            },
            event_happened: matches!(&form.expiry, Some(Expiry::Event { happened: true, .. })),
            states_remuneration: form.states_remuneration,
            defective: false,
            revoked: None,
        };
        let mut tx = self.store.begin(Lane::Receipt).await?;
        take_up(&mut tx, patient).await?;
        tx.add_evidence("authorization", vec![(evidence, patient, sealed)], now).await?;
        tx.add_form(&FormRow { patient, form: on_file, evidence }).await?;
        self.settle_one(tx, by.actor(), Event::AuthorizationSigned { patient, authorization: id }, now)
            .await?;
        Ok(id)
    }

    /// Records that an authorization was revoked (164.508(b)(5)). In force with the commit.
    ///
    /// # Errors
    /// No such authorization of this patient, or one revoked already; the database's.
    pub async fn revoke_authorization(
        &self,
        by: Allowed<RevokeAuthorization>,
        id: AuthorizationId,
        now: Timestamp,
    ) -> Result<()> {
        let patient = by.action().patient;
        let mut tx = self.store.begin(Lane::Withdrawal).await?;
        tx.touch(patient).await?.ok_or(AppError::NotFound("patient"))?;
        if tx.form_owner(id).await? != Some(patient) || !tx.revoke_form(id, now).await? {
            return Err(AppError::NotFound("authorization in force"));
        }
        self.settle_one(tx, by.actor(), Event::AuthorizationRevoked { patient, authorization: id }, now).await
    }

    /// Records or ends an agreed restriction (45 CFR 164.522(a)).
    ///
    /// # Errors
    /// No such patient; the database's.
    pub async fn restrict(&self, by: Allowed<RestrictPatient>, on: bool, now: Timestamp) -> Result<()> {
        let patient = by.action().patient;
        let mut tx = self.store.begin(Lane::Withdrawal).await?;
        take_up(&mut tx, patient).await?;
        tx.set_restricted(patient, on).await?;
        self.settle_one(tx, by.actor(), Event::Restriction { patient, on }, now).await
    }
}

/// A patient's record is about to say something new. One that another record stands for says nothing any more: what was
/// noted there would bind nobody.
pub(crate) async fn take_up(tx: &mut Tx, patient: PatientId) -> Result<()> {
    tx.touch(patient).await?.ok_or(AppError::NotFound("patient"))?;
    match tx.patient(patient).await?.and_then(|row| row.merged_into) {
        Some(survivor) => {
            Err(AppError::conflict(format!("this record was merged into {survivor}: name that one")))
        }
        None => Ok(()),
    }
}
