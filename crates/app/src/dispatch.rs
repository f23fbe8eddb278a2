//! Sending: claim → render → hand over → deliver → record. One function a step; beside each, what a crash after it leaves.

use crate::app::{App, Clock, Look};
use crate::campaigns::Loaded;
use crate::chart;
use crate::error::{AppError, Result};
use crate::keys::dkim::Signing;
use discreet_audit::{Entry, Event, Reason, Whom};
use discreet_domain::{Actor, CampaignId, EvidenceId, Identity, MessageId, Part, PatientId, Phi, Timestamp};
use discreet_mail::{Envelope, LinkPurpose, Links, MergeField, Outcome, Relay, Rendered, Values};
use discreet_policy::Permit;
use discreet_store::{CampaignState, Claim, Claimed, Lane, MessageState, NewLink, OutcomeRow, PatientRow};
use discreet_vault::Reader;
use futures_util::stream::{self, StreamExt};
use std::collections::{HashMap, HashSet};

/// How a dispatcher works. The defaults suit a clinic; tests shorten the leases.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Messages claimed, and handed over, at a time.
    pub batch: u32,
    /// Deliveries at a time.
    pub concurrency: usize,
    /// For how long a claim holds, in seconds.
    pub claim_seconds: i64,
    /// After how many seconds a handed-over message without an outcome is `unknown`.
    pub delivery_seconds: i64,
    /// How long to wait before trying again what was deferred or not tried, in seconds; doubled each time it happens in a
    /// row, up to [`LONGEST_WAIT`].
    pub retry_seconds: i64,
}

/// The longest wait between two tries, in seconds.
pub const LONGEST_WAIT: i64 = 3600;

impl Default for Pace {
    fn default() -> Self {
        Pace {
            batch: 100,
            concurrency: 8,
            claim_seconds: 60,
            delivery_seconds: discreet_store::DELIVERY_LEASE_SECONDS,
            retry_seconds: 30,
        }
    }
}

/// What one round did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Round {
    /// Messages claimed.
    pub claimed: u64,
    /// Handed over.
    pub handed_over: u64,
    /// Taken by the relay.
    pub accepted: u64,
    /// Back in the queue: deferred, or not tried.
    pub again: u64,
    /// Refused or bounced.
    pub refused: u64,
    /// Nobody knows.
    pub unknown: u64,
}

impl Round {
    fn add(&mut self, other: Round) {
        self.claimed += other.claimed;
        self.handed_over += other.handed_over;
        self.accepted += other.accepted;
        self.again += other.again;
        self.refused += other.refused;
        self.unknown += other.unknown;
    }
}

/// Sends the messages of one campaign. Several may work on one campaign, in one process or many.
pub struct Dispatcher<'a, R> {
    app: &'a App,
    relay: &'a R,
    pace: Pace,
    campaign: Loaded,
    signing: Signing,
    reader: Reader,
    failures: u32,
}

/// A rendered message with what must be kept of it.
struct Ready {
    mail: Rendered,
    evidence: (EvidenceId, PatientId, Vec<u8>),
    links: Vec<NewLink>,
}

/// For how long one receipt lets a dispatcher open addresses, in seconds.
const READ_SECONDS: i64 = 3600;

impl<'a, R: Relay> Dispatcher<'a, R> {
    /// A dispatcher for a campaign.
    ///
    /// # Errors
    /// No such campaign; the database's.
    pub async fn new(app: &'a App, relay: &'a R, pace: Pace, id: CampaignId, now: Timestamp) -> Result<Self> {
        let campaign = app.load_campaign(id).await?;
        let signing = app.signing(now).await?;
        let reader = reader(app, id, now).await?;
        Ok(Dispatcher { app, relay, pace, campaign, signing, reader, failures: 0 })
    }

    /// Works until nothing of the campaign is left to send, or sending is stopped.
    ///
    /// # Errors
    /// The database's. What was claimed goes back to the queue when its lease ends.
    pub async fn run(&mut self, clock: &Clock, progress: &(dyn Fn(Round) + Send + Sync)) -> Result<Round> {
        let mut total = Round::default();
        loop {
            self.recover(clock()).await?;
            let round = self.round(clock).await?;
            total.add(round);
            progress(total);
            if round.claimed == 0 && !self.wait(clock).await? {
                return Ok(total);
            }
        }
    }

    /// Waits for what is not due yet or under somebody's claim. `false`: there is nothing to wait for.
    async fn wait(&self, clock: &Clock) -> Result<bool> {
        let id = self.campaign.row.id;
        let now = clock();
        let mut reading = self.app.store.read().await?;
        let running = reading.campaign(id).await?.is_some_and(|c| c.state == CampaignState::Running);
        let sending = self.may_send(&mut reading, now).await?;
        let unfinished = reading.unfinished(id).await?;
        let next = reading.next_due(id).await?;
        drop(reading);
        if unfinished == 0 && running {
            self.finish(now).await?;
        }
        if unfinished == 0 || !running || !sending {
            return Ok(false);
        }
        let due = next.map_or(now.plus_seconds(1), |due| due.min(now.plus_seconds(1)));
        let micros = u64::try_from(due.micros() - now.micros()).unwrap_or(0).max(20_000);
        tokio::time::sleep(std::time::Duration::from_micros(micros)).await;
        Ok(true)
    }

    /// Nothing is left to send: the campaign is done. Another dispatcher may have said so already.
    async fn finish(&self, now: Timestamp) -> Result<()> {
        let id = self.campaign.row.id;
        let mut tx = self.app.store.begin(Lane::Dispatch).await?;
        if tx.campaign(id).await?.is_some_and(|c| c.state != CampaignState::Running) {
            return Ok(());
        }
        tx.move_campaign(id, CampaignState::Running, CampaignState::Done).await?;
        let event = Event::CampaignStopped { campaign: id, state: CampaignState::Done.name().to_owned() };
        self.app.settle_one(tx, Actor::Dispatcher, event, now).await
    }

    /// Takes care of what dispatchers left that are no more: lapsed claims go back to the queue, hand-overs without an
    /// outcome become `unknown`, which no machine ever sends again.
    async fn recover(&self, now: Timestamp) -> Result<()> {
        let mut tx = self.app.store.begin(Lane::Dispatch).await?;
        let (requeued, unknown) = tx.recover(now).await?;
        if requeued + unknown == 0 {
            return Ok(());
        }
        self.app.settle_one(tx, Actor::Dispatcher, Event::Recovered { requeued, unknown }, now).await
    }

    /// One batch, from claim to outcome.
    ///
    /// # Errors
    /// The database's.
    pub async fn round(&mut self, clock: &Clock) -> Result<Round> {
        let now = clock();
        if self.reader.access().until < now {
            self.reader = reader(self.app, self.campaign.row.id, now).await?;
        }
        let (claim, claimed) = self.claim(now).await?; // crash after: the lease ends, back to the queue
        if claimed.is_empty() {
            return Ok(Round::default());
        }
        let mails = self.render(claim, &claimed, clock()).await?; // crash after: the same
        let ready: Vec<MessageId> = mails.iter().map(Rendered::message).collect();
        let permits = self.hand_over(claim, &ready, clock()).await?; // crash after: `unknown`, a person decides
        let mut round =
            Round { claimed: claimed.len() as u64, handed_over: permits.len() as u64, ..Round::default() };
        let outcomes = self.deliver(permits, mails, clock).await; // crash after: `unknown`, although it may have arrived
        self.record(claim, outcomes, &mut round, clock()).await?;
        Ok(round)
    }

    /// Whether anything may be sent at all: the red button is not pressed, the relay may carry PHI. While not, nothing is
    /// claimed and all stays in the queue; the gate asks again.
    async fn may_send(&self, reading: &mut discreet_store::Reading, now: Timestamp) -> Result<bool> {
        let today = self.app.zone().day_of(now);
        Ok(reading.installation().await?.is_some_and(|i| i.sending && i.relay_may_carry(today)))
    }

    async fn claim(&self, now: Timestamp) -> Result<(Claim, Vec<Claimed>)> {
        let claim = Claim::until(now.plus_seconds(self.pace.claim_seconds), self.pace.delivery_seconds);
        let mut tx = self.app.store.begin(Lane::Dispatch).await?;
        let open = self.may_send(&mut tx, now).await?;
        let claimed = match tx.campaign(self.campaign.row.id).await? {
            Some(row) if open && row.state == CampaignState::Running => {
                tx.claim(row.id, claim, now, self.pace.batch).await?
            }
            _ => Vec::new(),
        };
        if !claimed.is_empty() {
            self.app.settle(tx, &[]).await?;
        }
        Ok((claim, claimed))
    }

    /// Renders what still belongs to the audience, and keeps the evidence of it. Who has left the segment meanwhile, or
    /// cannot be opened, is held.
    async fn render(&self, claim: Claim, claimed: &[Claimed], now: Timestamp) -> Result<Vec<Rendered>> {
        let still = self.still_selected(claimed, now).await?;
        let patients: Vec<PatientId> = claimed.iter().map(|c| c.patient).collect();
        let rows: HashMap<PatientId, PatientRow> =
            self.app.store.read().await?.patients(&patients).await?.into_iter().map(|r| (r.id, r)).collect();
        let keys = self.app.keys_of(&patients).await?;
        let mut held: Vec<(MessageId, &'static str)> = Vec::new();
        let mut ready: Vec<Ready> = Vec::new();
        for one in claimed {
            if !still.contains(&one.patient) {
                held.push((one.message, "NOT_IN_SEGMENT"));
                continue;
            }
            let made = match (rows.get(&one.patient), keys.get(&one.patient)) {
                (Some(row), Some(keys)) => self.write(one, row, keys, now),
                _ => Err(AppError::NotFound("patient")),
            };
            match made {
                Ok(made) => ready.push(made),
                // One message that cannot be written must not stop the others.
                Err(AppError::Vault(_) | AppError::Form(_) | AppError::NotFound(_)) => {
                    held.push((one.message, "UNREADABLE"));
                }
                Err(AppError::Invalid(_)) => held.push((one.message, "NO_VALUE")),
                Err(other) => return Err(other),
            }
        }
        let noted: Vec<(MessageId, EvidenceId)> =
            ready.iter().map(|r| (r.mail.message(), r.evidence.0)).collect();
        let mut tx = self.app.store.begin(Lane::Dispatch).await?;
        tx.hold(claim, &held, now).await?;
        let (mut mails, mut evidence, mut links) = (Vec::new(), Vec::new(), Vec::new());
        for one in ready {
            mails.push(one.mail);
            evidence.push(one.evidence);
            links.extend(one.links);
        }
        tx.add_evidence("message", evidence, now).await?;
        tx.add_links(links).await?;
        tx.note_rendered(claim, &noted).await?;
        self.app.settle(tx, &[]).await?;
        Ok(mails)
    }

    async fn still_selected(&self, claimed: &[Claimed], now: Timestamp) -> Result<HashSet<PatientId>> {
        let indexed = self.app.indexed(now).await?;
        let live = indexed.live()?;
        let selection = live.index.select(&self.campaign.checked, now);
        let asked: HashSet<PatientId> = claimed.iter().map(|c| c.patient).collect();
        selection
            .among(self.reader.receipt(), &asked, now)
            .map_err(|_| AppError::Vault(discreet_vault::Refused::NotCovered))
    }

    /// Writes one message.
    fn write(
        &self,
        one: &Claimed,
        row: &PatientRow,
        keys: &discreet_vault::PatientKeys,
        now: Timestamp,
    ) -> Result<Ready> {
        let sealed = row.identity.as_ref().ok_or(AppError::NotFound("patient"))?;
        let identity: Identity = chart::read(&self.reader.open(keys, sealed, now)?)?;
        let address = identity.email().ok_or(AppError::NotFound("address"))?;
        let tag = row.address_tag.ok_or(AppError::NotFound("address"))?;
        let tokens = Links::random().map_err(|_| AppError::Vault(discreet_vault::Refused::Failed))?;
        let page = self
            .campaign
            .layout
            .fill(&values(&identity, &self.campaign.fields), &tokens)
            .map_err(|e| AppError::invalid(e.to_string()))?;
        let evidence = EvidenceId::random();
        let merged: Vec<(&str, &str)> =
            page.merged().iter().map(|(field, value)| (field.name(), value.expose().as_str())).collect();
        let plain = serde_json::to_vec(&merged).map_err(|_| AppError::Form("merge values"))?;
        let evidence = (evidence, one.patient, keys.seal_evidence(evidence, &Phi::new(plain))?);
        let link = |token: &discreet_mail::LinkToken, verb: &str| NewLink {
            hash: token.hash().bytes().to_vec(),
            verb: verb.to_owned(),
            message: one.message,
            patient: one.patient,
            topic: self.campaign.row.topic.clone(),
            address: tag,
        };
        let links = vec![
            link(tokens.unsubscribe(), verb_of(LinkPurpose::Unsubscribe)),
            link(tokens.not_me(), verb_of(LinkPurpose::NotMe)),
        ];
        let envelope = Envelope {
            message: one.message,
            patient: one.patient,
            contact_version: row.contact_version,
            to: Phi::new(address),
            return_path: self.signing.return_path.clone(),
        };
        let mail =
            page.compose(envelope, &self.signing.keys, now).map_err(|_| AppError::Form("a message"))?;
        Ok(Ready { mail, evidence, links })
    }

    /// The gate, with power.
    async fn hand_over(&self, claim: Claim, ready: &[MessageId], now: Timestamp) -> Result<Vec<Permit>> {
        if ready.is_empty() {
            return Ok(Vec::new());
        }
        let tx = self.app.store.begin(Lane::Dispatch).await?.for_claim(claim, &self.app.zone());
        let permits = discreet_policy::hand_over(tx, ready, now).await?;
        self.app.witness.note();
        Ok(permits)
    }

    async fn deliver(
        &self,
        permits: Vec<Permit>,
        mails: Vec<Rendered>,
        clock: &Clock,
    ) -> Vec<(MessageId, PatientId, Outcome)> {
        let mut mails: HashMap<MessageId, Rendered> = mails.into_iter().map(|m| (m.message(), m)).collect();
        let pairs = permits.into_iter().filter_map(|permit| {
            let mail = mails.remove(&permit.message())?;
            Some((permit, mail))
        });
        stream::iter(pairs.collect::<Vec<_>>())
            .map(|(permit, mail)| async move {
                let (message, patient) = (permit.message(), permit.patient());
                let outcome = discreet_mail::deliver(self.relay, permit, mail, clock()).await;
                (message, patient, outcome)
            })
            .buffer_unordered(self.pace.concurrency)
            .collect()
            .await
    }

    async fn record(
        &mut self,
        claim: Claim,
        outcomes: Vec<(MessageId, PatientId, Outcome)>,
        round: &mut Round,
        now: Timestamp,
    ) -> Result<()> {
        if outcomes.is_empty() {
            return Ok(());
        }
        let tried = outcomes.iter().any(|(.., o)| !matches!(o, Outcome::NotTried { .. }));
        self.failures = if tried { 0 } else { self.failures.saturating_add(1) };
        let again = now.plus_seconds(
            self.pace
                .retry_seconds
                .saturating_mul(1 << self.failures.saturating_sub(1).min(20))
                .min(LONGEST_WAIT),
        );
        let mut rows = Vec::with_capacity(outcomes.len());
        let mut entries = Vec::with_capacity(outcomes.len());
        let mut bad_addresses = Vec::new();
        for (message, patient, outcome) in outcomes {
            let (state, count) = match outcome {
                Outcome::Accepted => (MessageState::Accepted, &mut round.accepted),
                Outcome::Deferred { .. } | Outcome::NotTried { .. } => {
                    (MessageState::Queued, &mut round.again)
                }
                Outcome::Refused { code } if code.blames_address() => {
                    bad_addresses.push(patient);
                    (MessageState::Bounced, &mut round.refused)
                }
                Outcome::Refused { .. } => (MessageState::Refused, &mut round.refused),
                Outcome::Unknown { .. } => (MessageState::Unknown, &mut round.unknown),
            };
            *count += 1;
            let said = outcome.to_string();
            let reason = (state != MessageState::Accepted).then(|| said.clone());
            rows.push(OutcomeRow { message, state, reason, due: again });
            let event = Event::Delivered { message, outcome: said };
            entries.push(Entry { at: now, by: Actor::Dispatcher, event });
        }
        let mut tx = self.app.store.begin(Lane::Dispatch).await?;
        tx.outcomes(claim, &rows, now).await?;
        for patient in bad_addresses {
            self.suppress(&mut tx, patient, &mut entries, now).await?;
        }
        self.app.settle(tx, &entries).await
    }

    /// The mailbox does not exist: no more mail to it, for anyone.
    async fn suppress(
        &self,
        tx: &mut discreet_store::Tx,
        patient: PatientId,
        entries: &mut Vec<Entry>,
        now: Timestamp,
    ) -> Result<()> {
        let Some(tag) = tx.patient(patient).await?.and_then(|row| row.address_tag) else { return Ok(()) };
        tx.suppress(tag, "bounce", now).await?;
        for other in tx.lock_address(tag).await? {
            tx.touch(other).await?;
            let event = Event::Suppressed { patient: other, reason: "bounce".to_owned() };
            entries.push(Entry { at: now, by: Actor::Dispatcher, event });
        }
        Ok(())
    }
}

async fn reader(app: &App, id: CampaignId, now: Timestamp) -> Result<Reader> {
    let look = Look {
        actor: Actor::Dispatcher,
        whom: Whom::Campaign(id),
        parts: &[Part::Identity, Part::Facts, Part::Events],
        reason: Reason::Send,
        seconds: READ_SECONDS,
        note: None,
    };
    Ok(app.vault.bulk(app.record(look, now).await?))
}

/// The word stored with a link: `access`'s word for what it may do.
fn verb_of(purpose: LinkPurpose) -> &'static str {
    use discreet_access::LinkVerb;
    match purpose {
        LinkPurpose::Unsubscribe => discreet_access::Unsubscribe::NAME,
        LinkPurpose::NotMe => discreet_access::NotMe::NAME,
    }
}

/// What the template asks for of a patient.
fn values(identity: &Identity, fields: &[MergeField]) -> Values {
    let name = &identity.name;
    let given = name.given.first().cloned();
    let mut values = Values::new();
    for field in fields {
        let value = match field {
            MergeField::GivenName => given.clone(),
            MergeField::PreferredName => name.preferred.clone().or_else(|| given.clone()),
            MergeField::FamilyName => Some(name.family.clone()),
            _ => None,
        };
        if let Some(value) = value.filter(|v| !v.trim().is_empty()) {
            values = values.with(*field, Phi::new(value));
        }
    }
    values
}
