//! Sending: claim → render → hand over → deliver → record. One function a step; beside each, what a crash after it leaves.

mod deliver;
mod pace;
mod service;
mod write;

pub use pace::{LONGEST_WAIT, Pace, Round};
pub use service::ServiceDispatcher;

use crate::app::{App, Clock, Look};
use crate::campaigns::Loaded;
use crate::error::Result;
use crate::halt::Halt;
use crate::keys::dkim::Signing;
use discreet_audit::{Event, Reason, Whom};
use discreet_domain::{Actor, CampaignId, MessageId, Part, Timestamp};
use discreet_mail::Relay;
use discreet_store::{CampaignState, Claim, Claimed, Lane, StoreError};
use discreet_vault::Reader;
use std::time::Duration;

/// Sends the messages of one campaign. Several may work on one campaign, in one process or many.
pub struct Dispatcher<'a, R> {
    app: &'a App,
    relay: &'a R,
    pace: Pace,
    campaign: Loaded,
    signing: Signing,
    reader: Reader,
    failures: u32,
    halt: Halt,
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
        Ok(Dispatcher { app, relay, pace, campaign, signing, reader, failures: 0, halt: Halt::default() })
    }

    /// The same, until it is halted.
    #[must_use]
    pub fn until(self, halt: Halt) -> Self {
        Dispatcher { halt, ..self }
    }

    /// Works until nothing of the campaign is left to send, sending is stopped, or it is halted.
    ///
    /// # Errors
    /// The database's. What was claimed goes back to the queue when its lease ends.
    pub async fn run(&mut self, clock: &Clock, progress: &(dyn Fn(Round) + Send + Sync)) -> Result<Round> {
        let mut total = Round::default();
        while !self.halt.is_called() {
            self.recover(clock()).await?;
            let round = self.round(clock).await?;
            total.add(round);
            progress(total);
            if round.claimed == 0 && !self.wait(clock).await? {
                break;
            }
        }
        Ok(total)
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
        tokio::time::sleep(Duration::from_micros(micros)).await;
        Ok(true)
    }

    /// Nothing is left to send: the campaign is done. Another dispatcher may have said so already.
    async fn finish(&self, now: Timestamp) -> Result<()> {
        let id = self.campaign.row.id;
        let mut tx = self.app.store.begin(Lane::Dispatch).await?;
        if tx.campaign(id).await?.is_some_and(|c| c.state != CampaignState::Running) {
            return Ok(());
        }
        match tx.move_campaign(id, CampaignState::Running, CampaignState::Done).await {
            Err(StoreError::Gone(_)) => return Ok(()), // on PostgreSQL, both may have looked before either said so
            other => other?,
        }
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
        let ready: Vec<MessageId> = mails.iter().map(|w| w.mail.message()).collect();
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
