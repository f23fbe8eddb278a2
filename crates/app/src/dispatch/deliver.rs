//! From the gate to the relay and back: hand over, deliver, record what became of each.

use super::write::Written;
use super::{Dispatcher, LONGEST_WAIT, Round};
use crate::app::Clock;
use crate::error::Result;
use discreet_audit::{Entry, Event};
use discreet_domain::{Actor, MessageId, Tag, Timestamp};
use discreet_mail::{Outcome, Problem, Relay, Step};
use discreet_policy::Permit;
use discreet_store::{CampaignState, Claim, Lane, MessageState, OutcomeRow};
use futures_util::stream::{self, StreamExt};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often a dispatcher looks, while it delivers a batch, whether it may go on.
const LOOK_OUT: Duration = Duration::from_millis(200);
/// What becomes of a message whose turn comes after the stop.
const STOPPED: Outcome =
    Outcome::NotTried { reason: discreet_mail::Reason::new(Step::Door, Problem::Stopped) };

impl<R: Relay> Dispatcher<'_, R> {
    /// The gate, with power.
    pub(super) async fn hand_over(
        &self,
        claim: Claim,
        ready: &[MessageId],
        now: Timestamp,
    ) -> Result<Vec<Permit>> {
        if ready.is_empty() {
            return Ok(Vec::new());
        }
        let tx = self.app.store.begin(Lane::Dispatch).await?.for_claim(claim, &self.app.zone());
        let permits = discreet_policy::hand_over(tx, ready, now).await?;
        self.app.witness.note();
        Ok(permits)
    }

    pub(super) async fn deliver(
        &self,
        permits: Vec<Permit>,
        mails: Vec<Written>,
        clock: &Clock,
    ) -> Vec<(MessageId, Tag, Outcome)> {
        let mut mails: HashMap<MessageId, Written> =
            mails.into_iter().map(|w| (w.mail.message(), w)).collect();
        let pairs = permits.into_iter().filter_map(|permit| {
            let written = mails.remove(&permit.message())?;
            Some((permit, written))
        });
        let stopped = &AtomicBool::new(false);
        let deliveries = stream::iter(pairs.collect::<Vec<_>>())
            .map(|(permit, Written { mail, address })| async move {
                let message = permit.message();
                if stopped.load(Ordering::Relaxed) {
                    return (message, address, STOPPED);
                }
                (message, address, discreet_mail::deliver(self.relay, permit, mail, clock()).await)
            })
            .buffer_unordered(self.pace.concurrency)
            .collect();
        tokio::select! {
            outcomes = deliveries => outcomes,
            never = self.look_out(stopped, clock) => match never {},
        }
    }

    /// Watches for the red button, the campaign's end and the halt while a batch is delivered. What cannot be read stops it.
    async fn look_out(&self, stopped: &AtomicBool, clock: &Clock) -> std::convert::Infallible {
        loop {
            let open = !self.halt.is_called() && self.is_open(clock()).await.unwrap_or(false);
            stopped.store(!open, Ordering::Relaxed);
            tokio::time::sleep(LOOK_OUT).await;
        }
    }

    async fn is_open(&self, now: Timestamp) -> Result<bool> {
        let mut reading = self.app.store.read().await?;
        let campaign = reading.campaign(self.campaign.row.id).await?;
        let running = campaign.is_some_and(|c| c.state == CampaignState::Running);
        Ok(running && self.may_send(&mut reading, now).await?)
    }

    pub(super) async fn record(
        &mut self,
        claim: Claim,
        outcomes: Vec<(MessageId, Tag, Outcome)>,
        round: &mut Round,
        now: Timestamp,
    ) -> Result<()> {
        if outcomes.is_empty() {
            return Ok(());
        }
        let failed = outcomes.iter().all(|(.., o)| matches!(o, Outcome::NotTried { .. }) && *o != STOPPED);
        self.failures = if failed { self.failures.saturating_add(1) } else { 0 };
        let again = now.plus_seconds(
            self.pace
                .retry_seconds
                .saturating_mul(1 << self.failures.saturating_sub(1).min(20))
                .min(LONGEST_WAIT),
        );
        let mut rows = Vec::with_capacity(outcomes.len());
        let mut entries = Vec::with_capacity(outcomes.len());
        let mut dead = Vec::new();
        for (message, address, outcome) in outcomes {
            let due = if outcome == STOPPED { now } else { again };
            let (row, entry) = came_of(message, &outcome, due, round, now);
            if row.state == MessageState::Bounced {
                dead.push(address);
            }
            rows.push(row);
            entries.push(entry);
        }
        let mut tx = self.app.store.begin(Lane::Dispatch).await?;
        tx.outcomes(claim, &rows, now).await?;
        suppress(&mut tx, dead, &mut entries, now).await?;
        self.app.settle(tx, &entries).await
    }
}

/// Where a message stands after an attempt, and the log's entry of it. `Bounced`: its mailbox does not exist.
pub(super) fn came_of(
    message: MessageId,
    outcome: &Outcome,
    due: Timestamp,
    round: &mut Round,
    now: Timestamp,
) -> (OutcomeRow, Entry) {
    let (state, count) = match outcome {
        Outcome::Accepted => (MessageState::Accepted, &mut round.accepted),
        Outcome::Deferred { .. } | Outcome::NotTried { .. } => (MessageState::Queued, &mut round.again),
        Outcome::Refused { code } if code.blames_address() => (MessageState::Bounced, &mut round.refused),
        Outcome::Refused { .. } => (MessageState::Refused, &mut round.refused),
        Outcome::Unknown { .. } => (MessageState::Unknown, &mut round.unknown),
    };
    *count += 1;
    let said = outcome.to_string();
    let reason = (state != MessageState::Accepted).then(|| said.clone());
    let event = Event::Delivered { message, outcome: said };
    (OutcomeRow { message, state, reason, due }, Entry { at: now, by: Actor::Dispatcher, event })
}

/// The mailboxes do not exist: no more mail to them, for anyone.
pub(super) async fn suppress(
    tx: &mut discreet_store::Tx,
    mut dead: Vec<Tag>,
    entries: &mut Vec<Entry>,
    now: Timestamp,
) -> Result<()> {
    if dead.is_empty() {
        return Ok(());
    }
    dead.sort_unstable();
    dead.dedup(); // people share mailboxes
    for patient in tx.lock_addresses(&dead, &[]).await? {
        tx.touch(patient).await?;
        let event = Event::Suppressed { patient, reason: "bounce".to_owned() };
        entries.push(Entry { at: now, by: Actor::Dispatcher, event });
    }
    for address in dead {
        tx.suppress(address, "bounce", now).await?;
    }
    Ok(())
}
