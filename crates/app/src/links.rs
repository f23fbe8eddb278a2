//! What the reader of a mailbox may do by a link in a mail, without signing in. It can only reduce.

use crate::app::App;
use crate::error::Result;
use discreet_access::{LinkRecord, LinkVerb, NotMe, PatientToken, Unsubscribe};
use discreet_audit::{Entry, Event};
use discreet_domain::{Actor, Channel, Label, Tag, Timestamp, Topic};
use discreet_policy::consent::{ALL_OPTIONAL, Method};
use discreet_store::{Lane, NewAct};

/// What a page behind a link shows: no more than the topic's public name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkPage {
    /// The organization's name.
    pub organization: String,
    /// The topic's public name; `None` if that alone would tell about somebody's health.
    pub topic: Option<String>,
}

/// How much to stop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    /// The mail's topic.
    Topic,
    /// All optional mail.
    AllOptional,
}

impl App {
    /// Leave to do what a link is for, by the hash of its token; `None` if there is no such link.
    ///
    /// # Errors
    /// The database's.
    pub async fn redeem<V: LinkVerb>(&self, token_hash: &[u8]) -> Result<Option<PatientToken<V>>> {
        let found = self.store.read().await?.link(token_hash).await?;
        Ok(found.and_then(|link| {
            PatientToken::redeem(LinkRecord {
                verb: link.verb,
                message: link.message,
                patient: link.patient,
                topic: link.topic,
                address: link.address.to_vec(),
            })
        }))
    }
    /// What the page behind a link shows.
    pub fn link_page<V: LinkVerb>(&self, token: &PatientToken<V>) -> LinkPage {
        let settings = self.settings();
        let name = settings.topic_name(&token.record().topic);
        let topic = (discreet_mail::label_of(&name) < Label::L3).then_some(name);
        LinkPage { topic, organization: settings.organization }
    }

    /// Opts the address out of the mail's topic, or of all optional mail: for everyone at the mailbox, because nobody can
    /// know who of them clicked (CAN-SPAM's recipient is the address). In force with the commit.
    ///
    /// # Errors
    /// The database's.
    pub async fn unsubscribe(
        &self,
        token: &PatientToken<Unsubscribe>,
        extent: Extent,
        method: Method,
        now: Timestamp,
    ) -> Result<()> {
        let record = token.record();
        let topic = match extent {
            Extent::Topic => record.topic.clone(),
            Extent::AllOptional => all_optional(),
        };
        let mut tx = self.store.begin(Lane::Withdrawal).await?;
        let address = Tag::from_bytes(&record.address);
        // and to whom it went, even if the address has changed since, or the record was merged into another
        let besides = tx.one_person(record.patient).await?;
        let mut people = tx.lock_addresses(address.as_slice(), &besides).await?;
        let merged_meanwhile = tx.one_person(record.patient).await?;
        if merged_meanwhile != besides {
            people = tx.lock_addresses(address.as_slice(), &merged_meanwhile).await?;
        }
        let mut entries = Vec::new();
        let mut last = 0;
        for patient in people {
            tx.touch(patient).await?;
            let act = NewAct {
                patient,
                topic: topic.clone(),
                channel: Channel::Email,
                granted: false,
                at: now,
                method,
                via: None,
                text_version: None,
                evidence: None,
                message: Some(record.message),
            };
            last = tx.add_act(&act, now).await?;
            let event = Event::ConsentWithdrawn {
                patient,
                topic: topic.clone(),
                channel: Channel::Email,
                method: method.name().to_owned(),
                by_address: true,
            };
            entries.push(Entry { at: now, by: Actor::Patient(record.patient), event });
        }
        if let Some(tag) = address {
            tx.stop_address(tag, &topic, last).await?;
        }
        self.settle(tx, &entries).await
    }

    /// Somebody at the address says it is not the patient's: no more mail to it until that is settled.
    ///
    /// # Errors
    /// The database's.
    pub async fn not_me(&self, token: &PatientToken<NotMe>, now: Timestamp) -> Result<()> {
        let record = token.record();
        let mut tx = self.store.begin(Lane::Withdrawal).await?;
        let mut entries = Vec::new();
        let address = Tag::from_bytes(&record.address);
        let people = tx.lock_addresses(address.as_slice(), &[]).await?;
        for patient in people {
            tx.touch(patient).await?;
            tx.set_doubtful(patient).await?;
            tx.add_notice(crate::notices::NOT_ME, patient.uuid(), now).await?;
            entries.push(Entry {
                at: now,
                by: Actor::Patient(record.patient),
                event: Event::NotMe { patient },
            });
        }
        self.settle(tx, &entries).await
    }
}

fn all_optional() -> Topic {
    Topic::parse(ALL_OPTIONAL).unwrap_or_else(|_| Topic::marketing())
}
