//! The consent form: chosen on a page, confirmed by a link mailed to the address (double opt-in), and only then matched with
//! the patient list. Whether anybody was found is told to staff, never to the reader.

use crate::app::App;
use crate::asked::{Entered, Joining, Shown, What};
use crate::error::{AppError, Result};
use discreet_access::{Allowed, AnswerNotice, ConfirmChoice, FreshToken};
use discreet_audit::{Entry, Event};
use discreet_domain::{
    Actor, Channel, Day, EmailAddress, EvidenceId, Label, MessageId, PatientId, Phi, Tag, Timestamp, Topic,
};
use discreet_policy::Service;
use discreet_policy::consent::Method;
use discreet_store::{Lane, NewAct};
use discreet_vault::Place;
use discreet_words::Language;
use serde::Serialize;

/// How many patients at one address are looked at for a match.
const MOST_AT_ONE_ADDRESS: u32 = 100;
/// The highest label of a topic that is offered on a page anybody can open.
const OFFERED: Label = Label::L1;

/// A topic that patients can choose.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offered {
    /// Which.
    pub topic: Topic,
    /// Its public name.
    pub name: String,
}

/// What somebody entered on the consent form.
#[derive(Clone, Debug)]
pub struct Wish {
    /// What they chose.
    pub topics: Vec<Topic>,
    /// Their address.
    pub email: Phi<EmailAddress>,
    /// First name.
    pub given: Phi<String>,
    /// Last name.
    pub family: Phi<String>,
    /// Birth date.
    pub birth: Day,
    /// The form as they saw it.
    pub shown: Shown,
    /// The language they read it in.
    pub language: Language,
}

/// A confirmed choice that fitted no one patient, for staff.
#[derive(Clone, Debug)]
pub struct Unmatched {
    /// When it was confirmed.
    pub at: Timestamp,
    /// The address.
    pub email: Phi<String>,
    /// First and last name.
    pub name: Phi<String>,
    /// Birth date.
    pub birth: Day,
    /// What they chose: public names.
    pub topics: Vec<String>,
}

/// What proves a choice.
#[derive(Serialize)]
struct Proof<'a> {
    form: &'a Shown,
    language: &'a str,
    address: &'a str,
    given: &'a str,
    family: &'a str,
    topics: &'a [Topic],
    asked: i64,
    confirmed: i64,
}

fn request_place(id: MessageId) -> Place<'static> {
    Place { table: "choice_request", row: id.uuid().as_u128(), column: "sealed", version: 1 }
}

impl App {
    /// The topics that are offered on pages: none whose name tells about somebody's health.
    pub fn offered(&self) -> Vec<Offered> {
        let settings = self.settings();
        let all = settings.topics.iter().filter_map(|(word, name)| {
            let topic = Topic::parse(word).ok()?;
            (discreet_mail::label_of(name) <= OFFERED).then(|| Offered { topic, name: name.clone() })
        });
        all.collect()
    }
    /// A topic's public name, by its word.
    pub fn topic_name(&self, word: &str) -> String {
        Topic::parse(word).map_or_else(|_| word.to_owned(), |topic| self.settings().topic_name(&topic))
    }
    fn names_of(&self, topics: &[Topic]) -> Vec<String> {
        let settings = self.settings();
        topics.iter().map(|topic| settings.topic_name(topic)).collect()
    }

    /// Takes the consent form and mails a link to confirm it. The same for every address.
    ///
    /// # Errors
    /// A topic that is not offered, none at all; the database's.
    pub async fn ask_to_join(&self, wish: Wish, now: Timestamp) -> Result<()> {
        let offered = self.offered();
        if wish.topics.is_empty() || !wish.topics.iter().all(|t| offered.iter().any(|o| o.topic == *t)) {
            return Err(AppError::invalid("choose topics that are offered"));
        }
        let address = wish.email.expose();
        let entered = Entered {
            address: address.as_str().to_owned(),
            language: wish.language.tag().to_owned(),
            what: What::Join(Joining {
                given: wish.given.expose().clone(),
                family: wish.family.expose().clone(),
                birth: wish.birth,
                topics: wish.topics,
                shown: wish.shown,
            }),
        };
        self.queue_asked(Service::Confirmation, &entered, address, &[(0, None)], now).await.map(drop)
    }

    /// What a link to confirm is about: the topics' public names.
    ///
    /// # Errors
    /// The database's.
    pub async fn wished(&self, token: &FreshToken<ConfirmChoice>) -> Result<Vec<String>> {
        let (_, entered) = self.asked_by(token).await?;
        Ok(self.names_of(&joining(&entered)?.topics))
    }

    /// Confirms what was chosen: if exactly one patient has this address, name and birth date, they opted in; if not, staff
    /// get to see it. Confirming twice changes nothing more.
    ///
    /// # Errors
    /// The database's.
    pub async fn confirm_wish(
        &self,
        token: &FreshToken<ConfirmChoice>,
        now: Timestamp,
    ) -> Result<Vec<String>> {
        let (row, entered) = self.asked_by(token).await?;
        let joining = joining(&entered)?;
        let names = self.names_of(&joining.topics);
        if row.used.is_some() {
            return Ok(names);
        }
        let id = token.record().message;
        let address = Tag::from_bytes(&token.record().address).ok_or(AppError::Form("a tag"))?;
        match self.matching(address, joining).await? {
            Some(patient) => self.opt_in(id, patient, address, &entered, row.asked, now).await?,
            None => self.leave_to_staff(id, &entered, now).await?,
        }
        Ok(names)
    }

    /// The one live patient at an address with this family name and birth date; nobody if there are two.
    async fn matching(&self, address: Tag, joining: &Joining) -> Result<Option<PatientId>> {
        let name = self.vault.with_keyring(|k| k.name_tag(&joining.family, joining.birth));
        let mut reading = self.store.read().await?;
        let here = reading.patients_at(address, MOST_AT_ONE_ADDRESS).await?;
        let named = reading.patients_by_keys(&[name]).await?;
        let mut both = here.into_iter().filter(|one| named.iter().any(|(_, patient)| patient == one));
        let first = both.next();
        Ok(if both.next().is_some() { None } else { first })
    }

    async fn opt_in(
        &self,
        id: MessageId,
        patient: PatientId,
        address: Tag,
        entered: &Entered,
        asked: Timestamp,
        now: Timestamp,
    ) -> Result<()> {
        let joining = joining(entered)?;
        let evidence = EvidenceId::random();
        let proof = Proof {
            form: &joining.shown,
            language: &entered.language,
            address: &entered.address,
            given: &joining.given,
            family: &joining.family,
            topics: &joining.topics,
            asked: asked.micros(),
            confirmed: now.micros(),
        };
        let plain = serde_json::to_vec(&proof).map_err(|_| AppError::Form("a proof"))?;
        let sealed = self.keys_of_one(patient).await?.seal_evidence(evidence, &Phi::new(plain))?;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        tx.touch(patient).await?.ok_or(AppError::NotFound("patient"))?;
        let still = tx.patient(patient).await?;
        if still.is_none_or(|row| row.merged_into.is_some() || row.address_tag != Some(address)) {
            return Err(AppError::conflict("the record changed at this moment: confirm again"));
        }
        if !tx.use_service(id, now).await? {
            return Ok(());
        }
        tx.add_evidence("consent", vec![(evidence, patient, sealed)], now).await?;
        let method = Method::DoubleOptIn;
        let mut entries = Vec::new();
        for topic in &joining.topics {
            let act = NewAct {
                patient,
                topic: topic.clone(),
                channel: Channel::Email,
                granted: true,
                at: now,
                method,
                via: None,
                text_version: Some(joining.shown.version.clone()),
                evidence: Some(evidence),
                message: None,
            };
            tx.add_act(&act, now).await?;
            let (topic, channel, method) = (topic.clone(), Channel::Email, method.name().to_owned());
            let event = Event::ConsentGranted { patient, topic, channel, method };
            entries.push(Entry { at: now, by: Actor::Patient(patient), event });
        }
        self.settle(tx, &entries).await
    }

    async fn leave_to_staff(&self, id: MessageId, entered: &Entered, now: Timestamp) -> Result<()> {
        let plain = serde_json::to_vec(entered).map_err(|_| AppError::Form("what was entered"))?;
        let sealed = self.organization.seal(request_place(id), &plain)?;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        if !tx.use_service(id, now).await? {
            return Ok(());
        }
        tx.add_choice_request(id, sealed, now).await?;
        tx.add_notice(crate::notices::CHOICE_UNMATCHED, id.uuid(), now).await?;
        self.settle_one(tx, Actor::Mailbox, Event::ChoiceUnmatched { request: id }, now).await
    }

    /// A confirmed choice that fitted no one patient, opened for whoever answers notices. Not a patient's record, but it may
    /// be about one: the look is in the log.
    ///
    /// # Errors
    /// No such request; the database's.
    pub async fn unmatched(
        &self,
        by: Allowed<AnswerNotice>,
        id: MessageId,
        now: Timestamp,
    ) -> Result<Unmatched> {
        let found = self.store.read().await?.choice_request(id).await?;
        let (at, sealed) = found.ok_or(AppError::NotFound("request"))?;
        let tx = self.store.begin(Lane::Receipt).await?;
        self.settle_one(tx, by.actor(), Event::RequestRead { request: id }, now).await?;
        let plain = self.organization.open(request_place(id), &sealed)?;
        let entered: Entered =
            serde_json::from_slice(&plain).map_err(|_| AppError::Form("what was entered"))?;
        let joining = joining(&entered)?;
        Ok(Unmatched {
            at,
            name: Phi::new(format!("{} {}", joining.given, joining.family)),
            birth: joining.birth,
            topics: self.names_of(&joining.topics),
            email: Phi::new(entered.address),
        })
    }
}

fn joining(entered: &Entered) -> Result<&Joining> {
    match &entered.what {
        What::Join(joining) => Ok(joining),
        What::Choices | What::Copy { .. } | What::Test { .. } => Err(AppError::NotFound("link")),
    }
}
