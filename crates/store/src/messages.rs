//! Messages: one campaign, one patient, one row; moved by compare-and-set only.

use crate::db::{Param, Result, StoreError};
use crate::{Claim, Reading, Tx};
use discreet_domain::{CampaignId, EvidenceId, MessageId, PatientId, Tag, Timestamp, Topic};
use std::collections::HashMap;
use uuid::Uuid;

/// Where a message stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum MessageState {
    /// Waits for its time.
    Queued,
    /// Under a lease: being rendered.
    Claimed,
    /// Permitted; perhaps on its way.
    HandedOver,
    /// The relay took it.
    Accepted,
    /// Refused for this recipient, for good.
    Bounced,
    /// The relay refused the mail itself, for good.
    Refused,
    /// Handed over, and nobody knows what came of it. A machine never resends it.
    Unknown,
    /// Not sent, for a reason.
    Held,
}

impl MessageState {
    /// All states.
    pub const ALL: [MessageState; 8] = [
        MessageState::Queued,
        MessageState::Claimed,
        MessageState::HandedOver,
        MessageState::Accepted,
        MessageState::Bounced,
        MessageState::Refused,
        MessageState::Unknown,
        MessageState::Held,
    ];
    /// The word stored.
    pub const fn name(self) -> &'static str {
        match self {
            MessageState::Queued => "queued",
            MessageState::Claimed => "claimed",
            MessageState::HandedOver => "handed_over",
            MessageState::Accepted => "accepted",
            MessageState::Bounced => "bounced",
            MessageState::Refused => "refused",
            MessageState::Unknown => "unknown",
            MessageState::Held => "held",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<MessageState> {
        MessageState::ALL.into_iter().find(|s| s.name() == text)
    }
}

/// A message to queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NewMessage {
    /// Which.
    pub id: MessageId,
    /// Of which campaign.
    pub campaign: CampaignId,
    /// To whom.
    pub patient: PatientId,
    /// Not before.
    pub due: Timestamp,
    /// Not after.
    pub not_after: Timestamp,
}

/// A message under a claim.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Claimed {
    /// Which.
    pub message: MessageId,
    /// Of which campaign.
    pub campaign: CampaignId,
    /// To whom.
    pub patient: PatientId,
}

/// What came of an attempt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutcomeRow {
    /// Of which message.
    pub message: MessageId,
    /// Where it stands since.
    pub state: MessageState,
    /// A code, if there is more to say.
    pub reason: Option<String>,
    /// When to try again, for those back in the queue.
    pub due: Timestamp,
}

/// A link in a mail, by the hash of its token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewLink {
    /// SHA-256 of the token.
    pub hash: Vec<u8>,
    /// What it is for.
    pub verb: String,
    /// In which mail.
    pub message: MessageId,
    /// To whom that was.
    pub patient: PatientId,
    /// About what.
    pub topic: Topic,
    /// Tag of the address it went to.
    pub address: Tag,
}

/// A message as stored, for those who ask about one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MessageRow {
    /// Which.
    pub id: MessageId,
    /// Of which campaign.
    pub campaign: CampaignId,
    /// Where it stands.
    pub state: MessageState,
    /// A code, if there is more to say.
    pub reason: String,
    /// Since when.
    pub changed: Timestamp,
}

/// What was decided on a message, and on what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DecisionRow {
    /// Of which campaign.
    pub campaign: CampaignId,
    /// To whom.
    pub patient: PatientId,
    /// Where it stands.
    pub state: MessageState,
    /// A code, if there is more to say.
    pub reason: String,
    /// The act of consent relied upon.
    pub relied_on: Option<u64>,
    /// The version of the rules.
    pub rules: Option<String>,
    /// What was put into it, sealed.
    pub evidence: Option<EvidenceId>,
    /// How often it was handed over.
    pub attempts: u64,
    /// When it last changed.
    pub changed: Timestamp,
    /// Not before.
    pub due: Timestamp,
}

fn state(text: &str) -> Result<MessageState> {
    MessageState::parse(text).ok_or(StoreError::Malformed("a message's state"))
}

impl Reading {
    /// How many messages changed since then, by where they stand now.
    ///
    /// # Errors
    /// The database's.
    pub async fn messages_since(&mut self, since: Timestamp) -> Result<Vec<(MessageState, u64)>> {
        let rows: Vec<(String, u64)> = self.conn.all("messages.since", &[since.micros().into()]).await?;
        let known = |(state, n): (String, u64)| MessageState::parse(&state).map(|state| (state, n));
        rows.into_iter().map(|row| known(row).ok_or(StoreError::Malformed("a message's state"))).collect()
    }
    /// How many messages of a campaign stand where, and why.
    ///
    /// # Errors
    /// The database's.
    pub async fn message_counts(&mut self, of: CampaignId) -> Result<Vec<(MessageState, String, u64)>> {
        let rows: Vec<(String, String, u64)> = self.conn.all("messages.counts", &[of.uuid().into()]).await?;
        rows.into_iter().map(|(name, reason, n)| Ok((state(&name)?, reason, n))).collect()
    }
    /// How many messages of each campaign nobody knows of; campaigns without are left out.
    ///
    /// # Errors
    /// The database's.
    pub async fn unknown_counts(&mut self) -> Result<HashMap<CampaignId, u64>> {
        let rows: Vec<(Uuid, u64)> = self.conn.all("messages.unknown", &[]).await?;
        Ok(rows.into_iter().map(|(id, n)| (CampaignId::from_uuid(id), n)).collect())
    }
    /// Messages of a campaign in one state.
    ///
    /// # Errors
    /// The database's.
    pub async fn messages_in(
        &mut self,
        of: CampaignId,
        state: MessageState,
        limit: u32,
    ) -> Result<Vec<(MessageId, PatientId)>> {
        let params = [of.uuid().into(), state.name().into(), limit.into()];
        Ok(owners(self.conn.all("messages.in_state", &params).await?))
    }
    /// How many messages of a campaign are not finished.
    ///
    /// # Errors
    /// The database's.
    pub async fn unfinished(&mut self, of: CampaignId) -> Result<u64> {
        let row: Option<(u64,)> = self.conn.first("messages.unfinished", &[of.uuid().into()]).await?;
        Ok(row.map_or(0, |(n,)| n))
    }
    /// When the next queued message of a campaign is due.
    ///
    /// # Errors
    /// The database's.
    pub async fn next_due(&mut self, of: CampaignId) -> Result<Option<Timestamp>> {
        let row: Option<(Option<i64>,)> = self.conn.first("messages.next_due", &[of.uuid().into()]).await?;
        Ok(row.and_then(|(due,)| due).map(Timestamp::from_micros))
    }
    /// Every message of a campaign, and to whom.
    ///
    /// # Errors
    /// The database's.
    pub async fn message_owners(&mut self, of: CampaignId) -> Result<Vec<(MessageId, PatientId)>> {
        Ok(owners(self.conn.all("messages.owners", &[of.uuid().into()]).await?))
    }
    /// Every message to a patient.
    ///
    /// # Errors
    /// The database's.
    pub async fn messages_to(&mut self, patient: PatientId) -> Result<Vec<MessageRow>> {
        let rows: Vec<(Uuid, Uuid, String, String, i64)> =
            self.conn.all("messages.of_patient", &[patient.uuid().into()]).await?;
        rows.into_iter()
            .map(|(id, campaign, name, reason, changed)| {
                Ok(MessageRow {
                    id: MessageId::from_uuid(id),
                    campaign: CampaignId::from_uuid(campaign),
                    state: state(&name)?,
                    reason,
                    changed: Timestamp::from_micros(changed),
                })
            })
            .collect()
    }
    /// Whom a message is for, where it stands, and the evidence of what was sent.
    ///
    /// # Errors
    /// The database's.
    pub async fn message(
        &mut self,
        id: MessageId,
    ) -> Result<Option<(CampaignId, PatientId, MessageState, Option<EvidenceId>)>> {
        let row: Option<(Uuid, Uuid, Uuid, String, Option<Uuid>)> =
            self.conn.first("messages.get", &[id.uuid().into()]).await?;
        row.map(|(_, campaign, patient, name, evidence)| {
            let evidence = evidence.map(EvidenceId::from_uuid);
            Ok((CampaignId::from_uuid(campaign), PatientId::from_uuid(patient), state(&name)?, evidence))
        })
        .transpose()
    }
    /// What was decided on a message.
    ///
    /// # Errors
    /// The database's.
    pub async fn decision(&mut self, id: MessageId) -> Result<Option<DecisionRow>> {
        type Row = (Uuid, Uuid, String, String, Option<i64>, Option<String>, Option<Uuid>, u64, i64, i64);
        let row: Option<Row> = self.conn.first("messages.decision", &[id.uuid().into()]).await?;
        row.map(|(campaign, patient, name, reason, relied_on, rules, evidence, attempts, changed, due)| {
            Ok(DecisionRow {
                campaign: CampaignId::from_uuid(campaign),
                patient: PatientId::from_uuid(patient),
                state: state(&name)?,
                reason,
                relied_on: relied_on.and_then(|n| u64::try_from(n).ok()),
                rules,
                evidence: evidence.map(EvidenceId::from_uuid),
                attempts,
                changed: Timestamp::from_micros(changed),
                due: Timestamp::from_micros(due),
            })
        })
        .transpose()
    }
    /// The link whose token has this hash.
    ///
    /// # Errors
    /// The database's.
    pub async fn link(&mut self, hash: &[u8]) -> Result<Option<NewLink>> {
        let row: Option<(String, Uuid, Uuid, String, Vec<u8>)> =
            self.conn.first("messages.link", &[hash.to_vec().into()]).await?;
        row.map(|(verb, message, patient, topic, address)| {
            Ok(NewLink {
                hash: hash.to_vec(),
                verb,
                message: MessageId::from_uuid(message),
                patient: PatientId::from_uuid(patient),
                topic: Topic::parse(&topic).map_err(|_| StoreError::Malformed("a topic"))?,
                address: Tag::from_bytes(&address).ok_or(StoreError::Malformed("a tag"))?,
            })
        })
        .transpose()
    }
}

fn owners(rows: Vec<(Uuid, Uuid)>) -> Vec<(MessageId, PatientId)> {
    rows.into_iter().map(|(m, p)| (MessageId::from_uuid(m), PatientId::from_uuid(p))).collect()
}

impl Tx {
    /// Queues messages; one that a campaign already has for a patient is left alone. Returns how many are new.
    ///
    /// # Errors
    /// The database's.
    pub async fn queue(&mut self, messages: &[NewMessage], now: Timestamp) -> Result<u64> {
        let each: Vec<Vec<Param>> = messages
            .iter()
            .map(|m| {
                vec![
                    m.id.uuid().into(),
                    m.campaign.uuid().into(),
                    m.patient.uuid().into(),
                    m.due.micros().into(),
                    m.not_after.micros().into(),
                    now.micros().into(),
                ]
            })
            .collect();
        Ok(self.conn.run_each("messages.queue", &each).await?.into_iter().sum())
    }
    /// Claims up to `limit` due messages of a campaign until the claim's lease ends.
    ///
    /// # Errors
    /// The database's.
    pub async fn claim(
        &mut self,
        of: CampaignId,
        claim: Claim,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Claimed>> {
        let lease = claim.lease().micros();
        let params = [now.micros().into(), claim.id().into(), lease.into(), limit.into(), of.uuid().into()];
        let rows: Vec<(Uuid, Uuid, Uuid)> = self.conn.all("messages.claim", &params).await?;
        Ok(rows
            .into_iter()
            .map(|(message, campaign, patient)| Claimed {
                message: MessageId::from_uuid(message),
                campaign: CampaignId::from_uuid(campaign),
                patient: PatientId::from_uuid(patient),
            })
            .collect())
    }
    /// Notes the evidence of what will have been sent, for messages still under this claim.
    ///
    /// # Errors
    /// The database's.
    pub async fn note_rendered(&mut self, claim: Claim, rendered: &[(MessageId, EvidenceId)]) -> Result<()> {
        let each: Vec<Vec<Param>> =
            rendered.iter().map(|(m, e)| vec![m.uuid().into(), claim.id().into(), e.uuid().into()]).collect();
        self.conn.run_each("messages.rendered", &each).await.map(drop)
    }
    /// Adds links.
    ///
    /// # Errors
    /// The database's.
    pub async fn add_links(&mut self, links: Vec<NewLink>) -> Result<()> {
        let each: Vec<Vec<Param>> = links
            .into_iter()
            .map(|l| {
                vec![
                    l.hash.into(),
                    l.verb.into(),
                    l.message.uuid().into(),
                    l.patient.uuid().into(),
                    l.topic.as_str().into(),
                    l.address.to_vec().into(),
                ]
            })
            .collect();
        self.conn.run_each("messages.add_link", &each).await.map(drop)
    }
    /// Writes down what came of attempts under this claim. Returns how many were this claim's to write.
    ///
    /// # Errors
    /// The database's.
    pub async fn outcomes(&mut self, claim: Claim, outcomes: &[OutcomeRow], now: Timestamp) -> Result<u64> {
        let each: Vec<Vec<Param>> = outcomes
            .iter()
            .map(|o| {
                vec![
                    o.message.uuid().into(),
                    claim.id().into(),
                    o.state.name().into(),
                    o.reason.clone().into(),
                    o.due.micros().into(),
                    now.micros().into(),
                ]
            })
            .collect();
        Ok(self.conn.run_each("messages.outcome", &each).await?.into_iter().sum())
    }
    /// Gives back claimed messages that will not be used now.
    ///
    /// # Errors
    /// The database's.
    pub async fn give_back(&mut self, claim: Claim, messages: &[MessageId], now: Timestamp) -> Result<()> {
        let each: Vec<Vec<Param>> =
            messages.iter().map(|m| vec![m.uuid().into(), claim.id().into(), now.micros().into()]).collect();
        self.conn.run_each("messages.give_back", &each).await.map(drop)
    }
    /// Holds claimed messages that cannot be used, each with a reason code.
    ///
    /// # Errors
    /// The database's.
    pub async fn hold(
        &mut self,
        claim: Claim,
        held: &[(MessageId, &'static str)],
        now: Timestamp,
    ) -> Result<()> {
        let each: Vec<Vec<Param>> = held
            .iter()
            .map(|(m, why)| vec![m.uuid().into(), claim.id().into(), now.micros().into(), (*why).into()])
            .collect();
        self.conn.run_each("messages.reject", &each).await.map(drop)
    }
    /// Holds a patient's messages that are not yet on their way.
    ///
    /// # Errors
    /// The database's.
    pub async fn hold_messages_to(
        &mut self,
        patient: PatientId,
        reason: &str,
        now: Timestamp,
    ) -> Result<u64> {
        let params = [patient.uuid().into(), reason.into(), now.micros().into()];
        self.conn.run("messages.hold_queued_of", &params).await
    }
    /// Holds a patient's messages about a topic that are still in the queue. Returns which, and of which campaigns.
    ///
    /// # Errors
    /// The database's.
    pub async fn hold_messages_about(
        &mut self,
        patient: PatientId,
        topic: &Topic,
        reason: &str,
        now: Timestamp,
    ) -> Result<Vec<(MessageId, CampaignId)>> {
        let params = [patient.uuid().into(), topic.as_str().into(), reason.into(), now.micros().into()];
        let rows: Vec<(Uuid, Uuid)> = self.conn.all("messages.hold_queued_about", &params).await?;
        Ok(rows.into_iter().map(|(m, c)| (MessageId::from_uuid(m), CampaignId::from_uuid(c))).collect())
    }
    /// Holds a campaign's messages that are still in the queue.
    ///
    /// # Errors
    /// The database's.
    pub async fn hold_messages_of(
        &mut self,
        campaign: CampaignId,
        reason: &str,
        now: Timestamp,
    ) -> Result<u64> {
        let params = [campaign.uuid().into(), reason.into(), now.micros().into()];
        self.conn.run("messages.hold_queued_in", &params).await
    }
    /// Puts lapsed claims back into the queue, and lapsed hand-overs into `unknown`. Returns how many of each.
    ///
    /// # Errors
    /// The database's.
    pub async fn recover(&mut self, now: Timestamp) -> Result<(u64, u64)> {
        let requeued = self.conn.run("messages.lapsed_claims", &[now.micros().into()]).await?;
        let unknown = self.conn.run("messages.lapsed_hand_overs", &[now.micros().into()]).await?;
        Ok((requeued, unknown))
    }
    /// A person says what became of an unknown message.
    ///
    /// # Errors
    /// [`StoreError::Gone`] if it is not in state `unknown`.
    pub async fn settle_unknown(&mut self, id: MessageId, state: MessageState, now: Timestamp) -> Result<()> {
        let params = [id.uuid().into(), state.name().into(), now.micros().into()];
        match self.conn.run("messages.settle", &params).await? {
            1 => Ok(()),
            _ => Err(StoreError::Gone("there is no such message in state `unknown`")),
        }
    }
}
