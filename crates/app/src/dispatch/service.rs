//! Sending what somebody asked for at a page: the same steps as for a campaign's messages, and the same one way out.

mod trial;
mod write;

use super::Round;
use super::deliver::{came_of, suppress};
use crate::app::{App, Clock};
use crate::asked::KEPT;
use crate::error::Result;
use crate::halt::Halt;
use discreet_audit::{Entry, Event};
use discreet_domain::{Actor, MessageId, Tag, Timestamp};
use discreet_mail::{Outcome, Problem, Reason, Relay, Rendered, Step};
use discreet_policy::Permit;
use discreet_store::{Claim, ClaimedService, DELIVERY_LEASE_SECONDS, Lane, MessageState};

/// Mails at a time: few are asked for, and who asked waits.
const BATCH: u32 = 20;
/// For how long a claim holds, in seconds.
const CLAIM_SECONDS: i64 = 60;
/// After how many seconds what was deferred is tried again.
const RETRY_SECONDS: i64 = 60;
/// What becomes of a mail whose turn comes after the stop.
const STOPPED: Outcome = Outcome::NotTried { reason: Reason::new(Step::Door, Problem::Stopped) };

/// Sends the mails that were asked for. Several may work at once, in one process or many.
#[derive(Debug)]
pub struct ServiceDispatcher<'a, R> {
    app: &'a App,
    relay: &'a R,
    halt: Halt,
}

/// A mail ready to go, and the tag of the address it goes to.
struct Written {
    mail: Rendered,
    address: Tag,
}

impl<'a, R: Relay> ServiceDispatcher<'a, R> {
    /// A dispatcher, until it is halted.
    pub const fn new(app: &'a App, relay: &'a R, halt: Halt) -> Self {
        ServiceDispatcher { app, relay, halt }
    }

    /// One batch, from claim to outcome; nothing if nothing is due. What a crash leaves is as in [`super`].
    ///
    /// # Errors
    /// The database's.
    pub async fn round(&self, clock: &Clock) -> Result<Round> {
        let now = clock();
        let old = now.plus_seconds(-KEPT);
        if self.halt.is_called() || !self.app.store.read().await?.service_due(now, old).await? {
            return Ok(Round::default());
        }
        self.recover(old, now).await?;
        let (claim, claimed) = self.claim(now).await?;
        if claimed.is_empty() {
            return Ok(Round::default());
        }
        let mails = self.render(claim, &claimed, clock()).await?;
        let ready: Vec<MessageId> = mails.iter().map(|w| w.mail.message()).collect();
        let permits = self.hand_over(claim, &ready, clock()).await?;
        let mut round =
            Round { claimed: claimed.len() as u64, handed_over: permits.len() as u64, ..Round::default() };
        let outcomes = self.deliver(permits, mails, clock).await;
        self.record(claim, outcomes, &mut round, clock()).await?;
        Ok(round)
    }

    /// Takes care of what dispatchers left that are no more, and removes what was asked for long ago.
    async fn recover(&self, old: Timestamp, now: Timestamp) -> Result<()> {
        let mut tx = self.app.store.begin(Lane::Dispatch).await?;
        let (requeued, unknown) = tx.recover_service(now).await?;
        tx.remove_old_service(old, now).await?;
        let event = Event::Recovered { requeued, unknown };
        let entry = Entry { at: now, by: Actor::Dispatcher, event };
        let entries = if requeued + unknown == 0 { Vec::new() } else { vec![entry] };
        self.app.settle(tx, &entries).await
    }

    /// Whether anything may be sent at all. While not, all stays in the queue; the gate asks again.
    async fn may_send(&self, now: Timestamp) -> Result<bool> {
        let today = self.app.zone().day_of(now);
        let installation = self.app.store.read().await?.installation().await?;
        Ok(installation.is_some_and(|i| i.sending && i.relay_may_carry(today)))
    }

    async fn claim(&self, now: Timestamp) -> Result<(Claim, Vec<ClaimedService>)> {
        let claim = Claim::until(now.plus_seconds(CLAIM_SECONDS), DELIVERY_LEASE_SECONDS);
        if !self.may_send(now).await? {
            return Ok((claim, Vec::new()));
        }
        let mut tx = self.app.store.begin(Lane::Dispatch).await?;
        let claimed = tx.claim_service(claim, now, BATCH).await?;
        self.app.settle(tx, &[]).await?;
        Ok((claim, claimed))
    }

    /// The gate, with power.
    async fn hand_over(&self, claim: Claim, ready: &[MessageId], now: Timestamp) -> Result<Vec<Permit>> {
        if ready.is_empty() {
            return Ok(Vec::new());
        }
        let tx = self.app.store.begin(Lane::Dispatch).await?.for_claim(claim, &self.app.zone());
        let permits = discreet_policy::hand_over_service(tx, ready, now).await?;
        self.app.witness.note();
        Ok(permits)
    }

    async fn deliver(
        &self,
        permits: Vec<Permit>,
        mut mails: Vec<Written>,
        clock: &Clock,
    ) -> Vec<(MessageId, Tag, Outcome)> {
        let mut outcomes = Vec::with_capacity(permits.len());
        for permit in permits {
            let message = permit.message();
            let Some(at) = mails.iter().position(|w| w.mail.message() == message) else { continue };
            let Written { mail, address } = mails.swap_remove(at);
            let open = !self.halt.is_called() && self.may_send(clock()).await.unwrap_or(false);
            let outcome = match open {
                true => discreet_mail::deliver(self.relay, permit, mail, clock()).await,
                false => STOPPED,
            };
            outcomes.push((message, address, outcome));
        }
        outcomes
    }

    async fn record(
        &self,
        claim: Claim,
        outcomes: Vec<(MessageId, Tag, Outcome)>,
        round: &mut Round,
        now: Timestamp,
    ) -> Result<()> {
        if outcomes.is_empty() {
            return Ok(());
        }
        let (mut rows, mut entries, mut dead) = (Vec::new(), Vec::new(), Vec::new());
        for (message, address, outcome) in outcomes {
            let (row, entry) = came_of(message, &outcome, now.plus_seconds(RETRY_SECONDS), round, now);
            if row.state == MessageState::Bounced {
                dead.push(address);
            }
            rows.push(row);
            entries.push(entry);
        }
        let mut tx = self.app.store.begin(Lane::Dispatch).await?;
        tx.service_outcomes(claim, &rows, now).await?;
        suppress(&mut tx, dead, &mut entries, now).await?;
        self.app.settle(tx, &entries).await
    }
}
