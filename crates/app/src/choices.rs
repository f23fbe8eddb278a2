//! A patient's choices, behind a link freshly mailed to their address: topics, how often, in which language. They are one
//! patient's: who shares the mailbox has others.

use crate::app::App;
use crate::asked::{Entered, Shown, What};
use crate::error::{AppError, Result};
use crate::join::Offered;
use discreet_access::{ChangeChoices, FreshToken};
use discreet_audit::{Entry, Event};
use discreet_domain::{Actor, Channel, EmailAddress, EvidenceId, PatientId, Phi, Timestamp, Topic};
pub use discreet_policy::Often;
use discreet_policy::Service;
use discreet_policy::consent::{ALL_OPTIONAL, Act, AddressStop, Method, OptIn, Stop, fold};
use discreet_store::{Lane, NewAct, PatientRow, Reading, Tx};
use discreet_words::Language;
use serde::Serialize;

/// How many patients at one address get a link, at most.
pub(crate) const MOST_LINKS: u32 = 3;

/// Where a patient stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choices {
    /// Enough of the address for its owner to recognize.
    pub address: String,
    /// Each topic that is offered, and whether it comes.
    pub topics: Vec<(Offered, bool)>,
    /// How often.
    pub often: Often,
    /// In which language, if that was said.
    pub language: Option<Language>,
}

/// What a patient wants.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The topics to come; all others that are offered do not.
    pub topics: Vec<Topic>,
    /// How often.
    pub often: Often,
    /// In which language.
    pub language: Language,
    /// The page as they saw it.
    pub shown: Shown,
}

/// What proves a choice.
#[derive(Serialize)]
struct Proof<'a> {
    page: &'a Shown,
    address: &'a str,
    topics: &'a [Topic],
    at: i64,
}

impl App {
    /// Mails a link to the choices of each patient at an address, if there is one. The same for every address: so many mails
    /// are queued as there can be links, and who is there is looked up when they are written.
    ///
    /// # Errors
    /// The database's.
    pub async fn ask_for_choices(
        &self,
        email: &Phi<EmailAddress>,
        language: Language,
        now: Timestamp,
    ) -> Result<()> {
        let address = email.expose();
        let entered = Entered {
            address: address.as_str().to_owned(),
            language: language.tag().to_owned(),
            what: What::Choices,
        };
        let each: Vec<(u64, Option<PatientId>)> = (0..u64::from(MOST_LINKS)).map(|nth| (nth, None)).collect();
        self.queue_asked(Service::Choices, &entered, address, &each, now).await.map(drop)
    }

    /// Where the patient of a link stands.
    ///
    /// # Errors
    /// The link's time is over, or the mailbox is theirs no longer; the database's.
    pub async fn choices(&self, token: &FreshToken<ChangeChoices>) -> Result<Choices> {
        let patient = self.whose(token).await?;
        let (_, entered) = self.asked_by(token).await?;
        let mut reading = self.store.read().await?;
        let row = reading.patient(patient).await?.ok_or(AppError::NotFound("link"))?;
        let said = Said::of(&mut reading, &row).await?;
        let set = reading.preference(patient).await?;
        let (often, language) =
            set.map_or((None, None), |(often, language)| (Often::parse(&often), Language::of_tag(&language)));
        let topics = self.offered().into_iter().map(|offered| {
            let comes = said.comes(&offered.topic);
            (offered, comes)
        });
        Ok(Choices {
            address: entered.masked(),
            topics: topics.collect(),
            often: often.unwrap_or(Often::AsSent),
            language,
        })
    }

    /// Sets a patient's choices. What was said already is not said again; what is left unticked is a no, also where nothing was said before.
    ///
    /// # Errors
    /// As [`App::choices`].
    pub async fn choose(
        &self,
        token: &FreshToken<ChangeChoices>,
        wanted: &Wanted,
        now: Timestamp,
    ) -> Result<()> {
        let patient = self.whose(token).await?;
        let (_, entered) = self.asked_by(token).await?;
        let evidence = EvidenceId::random();
        let proof = Proof {
            page: &wanted.shown,
            address: &entered.address,
            topics: &wanted.topics,
            at: now.micros(),
        };
        let plain = serde_json::to_vec(&proof).map_err(|_| AppError::Form("a proof"))?;
        let sealed = self.keys_of_one(patient).await?.seal_evidence(evidence, &Phi::new(plain))?;
        let mut tx = self.store.begin(Lane::Withdrawal).await?;
        let row = taken_up(&mut tx, patient).await?;
        let said = Said::of(&mut tx, &row).await?;
        let mut act = NewAct {
            patient,
            topic: all_optional(),
            channel: Channel::Email,
            granted: false,
            at: now,
            method: Method::PreferencePage,
            via: None,
            text_version: Some(wanted.shown.version.clone()),
            evidence: Some(evidence),
            message: None,
        };
        let mut entries = Vec::new();
        for Offered { topic, .. } in self.offered() {
            act.granted = wanted.topics.contains(&topic);
            let stands = if act.granted { said.comes(&topic) } else { said.withdrawn(&topic) };
            if stands {
                continue;
            }
            act.topic = topic;
            tx.add_act(&act, now).await?;
            entries.push(entry(&act, now));
        }
        if !entries.is_empty() {
            tx.add_evidence("consent", vec![(evidence, patient, sealed)], now).await?;
        }
        let (often, language) = (wanted.often.name(), wanted.language.tag());
        tx.set_preference(patient, often, language, now).await?;
        let event = Event::PreferencesSet { patient, pace: often.to_owned(), language: language.to_owned() };
        entries.push(Entry { at: now, by: Actor::Patient(patient), event });
        self.settle(tx, &entries).await
    }

    /// Stops all optional mail to the patient of a link; who shares the mailbox is not concerned. In force with the commit.
    ///
    /// # Errors
    /// As [`App::choices`].
    pub async fn stop_optional(&self, token: &FreshToken<ChangeChoices>, now: Timestamp) -> Result<()> {
        let patient = self.whose(token).await?;
        let mut tx = self.store.begin(Lane::Withdrawal).await?;
        taken_up(&mut tx, patient).await?;
        let act = NewAct {
            patient,
            topic: all_optional(),
            channel: Channel::Email,
            granted: false,
            at: now,
            method: Method::PreferencePage,
            via: None,
            text_version: None,
            evidence: None,
            message: None,
        };
        tx.add_act(&act, now).await?;
        self.settle(tx, &[entry(&act, now)]).await
    }
}

/// The patient, about to change; not one that was merged into another meanwhile.
async fn taken_up(tx: &mut Tx, patient: PatientId) -> Result<PatientRow> {
    tx.touch(patient).await?.ok_or(AppError::NotFound("link"))?;
    let row = tx.patient(patient).await?.filter(|row| row.merged_into.is_none());
    row.ok_or(AppError::NotFound("link"))
}

fn all_optional() -> Topic {
    Topic::parse(ALL_OPTIONAL).unwrap_or_else(|_| Topic::marketing())
}

fn entry(act: &NewAct, now: Timestamp) -> Entry {
    let (patient, topic, channel) = (act.patient, act.topic.clone(), act.channel);
    let method = act.method.name().to_owned();
    let event = if act.granted {
        Event::ConsentGranted { patient, topic, channel, method }
    } else {
        Event::ConsentWithdrawn { patient, topic, channel, method, by_address: false }
    };
    Entry { at: now, by: Actor::Patient(patient), event }
}

/// What a patient said, and what was said at their address.
struct Said {
    acts: Vec<Act>,
    stops: Vec<AddressStop>,
}

impl Said {
    async fn of(reading: &mut Reading, row: &PatientRow) -> Result<Said> {
        let tags: Vec<_> = row.address_tag.into_iter().collect();
        let acts = reading.acts(&[row.id]).await?.into_iter().map(|a| a.act).collect();
        let stops = reading.stops(Some(&tags)).await?.into_iter().map(|(_, stop)| stop).collect();
        Ok(Said { acts, stops })
    }
    fn comes(&self, topic: &Topic) -> bool {
        let standing = fold(&self.acts, &self.stops, topic);
        standing.opt_in == OptIn::Granted && standing.stop == Stop::None
    }
    /// They said no to the topic itself: what never was agreed to may still come where no opt-in is needed.
    fn withdrawn(&self, topic: &Topic) -> bool {
        fold(&self.acts, &self.stops, topic).opt_in == OptIn::Withdrawn
    }
}
