//! The copy of a signed authorization (45 CFR 164.508(c)(4)), behind a link that staff had mailed. What stands in it may be
//! delicate, so the page asks for the birth date first; taking it back does not, because that only reduces.

use crate::app::{App, Look};
use crate::asked::{Entered, What};
use crate::chart;
use crate::error::{AppError, Result};
use discreet_access::{Allowed, FreshToken, ReadCopy, SignAuthorization};
use discreet_audit::{Event, Reason, Whom};
use discreet_domain::{Actor, AuthorizationId, Day, Identity, Part, PatientId, Phi, Timestamp};
use discreet_policy::Service;
use discreet_policy::authorization::Authorization;
use discreet_store::Lane;
use discreet_words::Language;

/// How many wrong birth dates a link takes.
pub const MOST_TRIES: u64 = 5;
/// For how long one look at a copy may take, in seconds.
const LOOK_SECONDS: i64 = 60;

/// What the page behind such a link may show.
#[derive(Clone, Debug)]
pub enum Copy {
    /// The form as it was signed, and whether it is in force still.
    Form {
        /// What was signed.
        form: Box<Phi<Authorization>>,
        /// It was not taken back.
        in_force: bool,
    },
    /// That is not the birth date we have.
    Wrong,
    /// Too many tries.
    Locked,
}

impl App {
    /// Mails a patient the link to a copy of an authorization they signed.
    ///
    /// # Errors
    /// No such authorization of this patient, no address; the database's.
    pub async fn mail_copy(
        &self,
        by: Allowed<SignAuthorization>,
        authorization: AuthorizationId,
        language: Language,
        now: Timestamp,
    ) -> Result<()> {
        let patient = by.action().patient;
        if self.store.read().await?.form_owner(authorization).await? != Some(patient) {
            return Err(AppError::NotFound("authorization"));
        }
        let identity = self.identity_of(by.actor(), patient, now).await?;
        let address = identity.email().ok_or_else(|| AppError::conflict("the patient has no address"))?;
        let entered = Entered {
            address: address.as_str().to_owned(),
            language: language.tag().to_owned(),
            what: What::Copy { authorization },
        };
        if self.queue_asked(Service::Copy, &entered, &address, &[(0, Some(patient))], now).await? {
            return Ok(());
        }
        Err(AppError::conflict("that address was mailed several links within the hour: try again later"))
    }

    async fn identity_of(&self, actor: Actor, patient: PatientId, now: Timestamp) -> Result<Identity> {
        let look = Look {
            actor,
            whom: Whom::One(patient),
            parts: &[Part::Identity],
            reason: Reason::PatientRequest,
            seconds: LOOK_SECONDS,
            note: None,
        };
        let reader = self.vault.bulk(self.record(look, now).await?);
        let row = self.store.read().await?.patient(patient).await?.ok_or(AppError::NotFound("patient"))?;
        let sealed = row.identity.ok_or(AppError::NotFound("patient"))?;
        chart::read(&reader.open(&self.keys_of_one(patient).await?, &sealed, now)?)
    }

    /// Whether the page may still ask for a birth date.
    ///
    /// # Errors
    /// The database's.
    pub async fn copy_is_open(&self, token: &FreshToken<ReadCopy>) -> Result<bool> {
        self.whose(token).await?;
        Ok(self.asked_by(token).await?.0.tries < MOST_TRIES)
    }

    /// The copy, for whoever reads the mailbox and knows the birth date.
    ///
    /// # Errors
    /// The mailbox is the patient's no longer; the database's.
    pub async fn read_copy(&self, token: &FreshToken<ReadCopy>, birth: Day, now: Timestamp) -> Result<Copy> {
        let patient = self.whose(token).await?;
        let (mail, entered) = self.asked_by(token).await?;
        let What::Copy { authorization } = entered.what else { return Err(AppError::NotFound("link")) };
        // Counted before it is looked at, by the database, so that many tries at once are not one.
        let mut tx = self.store.begin(Lane::Receipt).await?;
        let one_more = tx.try_service(token.record().message, MOST_TRIES).await?;
        self.settle(tx, &[]).await?;
        if !one_more {
            return Ok(Copy::Locked);
        }
        let actor = Actor::Patient(patient);
        let family = self.identity_of(actor, patient, now).await?.name.family;
        let tag = self.vault.with_keyring(|k| k.name_tag(&family, birth));
        let mut reading = self.store.read().await?;
        if !reading.patients_by_keys(&[tag]).await?.iter().any(|(_, one)| *one == patient) {
            return Ok(if mail.tries + 1 >= MOST_TRIES { Copy::Locked } else { Copy::Wrong });
        }
        let forms = reading.forms(Some(&[patient])).await?;
        let on_file = forms.into_iter().find(|f| f.form.id == authorization);
        let on_file = on_file.ok_or(AppError::NotFound("authorization"))?.form;
        let evidence =
            reading.form_evidence(authorization).await?.ok_or(AppError::NotFound("authorization"))?;
        let (_, sealed) = reading.evidence(evidence).await?.ok_or(AppError::NotFound("authorization"))?;
        drop(reading);
        let look = Look {
            actor,
            whom: Whom::One(patient),
            parts: &[Part::Evidence],
            reason: Reason::PatientRequest,
            seconds: LOOK_SECONDS,
            note: None,
        };
        let reader = self.vault.bulk(self.record(look, now).await?);
        let plain = reader.open_evidence(&self.keys_of_one(patient).await?, evidence, &sealed, now)?;
        let form = plain
            .try_map(|bytes| serde_json::from_slice(&bytes))
            .map_err(|_| AppError::Form("an authorization"))?;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        tx.clear_tries(token.record().message).await?;
        self.settle(tx, &[]).await?;
        Ok(Copy::Form { form: Box::new(form), in_force: on_file.revoked.is_none() })
    }

    /// Takes the authorization of a link back (164.508(b)(5)). In force with the commit; twice is fine.
    ///
    /// # Errors
    /// The mailbox is the patient's no longer; the database's.
    pub async fn take_back(&self, token: &FreshToken<ReadCopy>, now: Timestamp) -> Result<()> {
        let patient = self.whose(token).await?;
        let (_, entered) = self.asked_by(token).await?;
        let What::Copy { authorization } = entered.what else { return Err(AppError::NotFound("link")) };
        let mut tx = self.store.begin(Lane::Withdrawal).await?;
        tx.touch(patient).await?.ok_or(AppError::NotFound("link"))?;
        if tx.form_owner(authorization).await? != Some(patient) || !tx.revoke_form(authorization, now).await?
        {
            return Ok(());
        }
        let event = Event::AuthorizationRevoked { patient, authorization };
        self.settle_one(tx, Actor::Patient(patient), event, now).await
    }
}
