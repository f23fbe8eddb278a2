//! A campaign approved, started, called off.

use super::{Loaded, Report, hex};
use crate::app::{App, Look};
use crate::error::{AppError, Result};
use discreet_access::{Allowed, ApproveCampaign, NotAllowed, SendCampaign};
use discreet_audit::{Entry, Event, Reason, Whom};
use discreet_domain::{Actor, CampaignId, MessageId, Part, PatientId, Timestamp, UserId, Viewer};
use discreet_policy::{Ask, Denied, judge};
use discreet_store::{CampaignState, Lane, NewMessage};
use std::collections::BTreeMap;

/// How long starting a campaign may list its recipients, in seconds.
const LIST_SECONDS: i64 = 600;
/// Messages queued in one transaction.
const QUEUE_BATCH: usize = 500;

impl App {
    /// Approves a campaign as it was `read`, said by its [`Campaign::content`]: never its author, nor who kept a finding in it.
    ///
    /// # Errors
    /// Changed since it was read; the author, not a draft, no row of the decision table allows it; the database's.
    pub async fn approve(&self, by: Allowed<ApproveCampaign>, read: &str, now: Timestamp) -> Result<()> {
        let id = by.action().campaign;
        let loaded = self.load_campaign(id).await?;
        let content = hex(&loaded.row.content);
        if content != read {
            return Err(AppError::Stale);
        }
        if loaded.row.author != by.action().author || loaded.row.author == by.user() {
            return Err(NotAllowed::SecondPerson(discreet_access::ActionName::ApproveCampaign).into());
        }
        // Whoever kept a finding answers for it: somebody else agrees.
        if self.sealed_content(&loaded.row)?.kept.is_of(by.user()) {
            return Err(NotAllowed::SecondPerson(discreet_access::ActionName::ApproveCampaign).into());
        }
        refuse_denied(&loaded)?;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        tx.approve_campaign(id, by.user(), &loaded.row.content, now).await?;
        self.settle_one(tx, by.actor(), Event::CampaignApproved { campaign: id, content }, now).await
    }

    /// Starts an approved campaign: fixes the audience, refuses whom the rules refuse, queues a message for everyone else.
    /// Each is judged again, with power, when it is sent.
    ///
    /// # Errors
    /// Not approved, or started already; the database's.
    pub async fn start_campaign(
        &self,
        by: Allowed<SendCampaign>,
        id: CampaignId,
        now: Timestamp,
    ) -> Result<Report> {
        self.start_as(by.user(), by.viewer(), id, now).await
    }
    /// Starts the approved campaigns whose time has come, as whoever scheduled them, if they still may send. What cannot be
    /// started is told in the log and tried again.
    ///
    /// # Errors
    /// The database's.
    pub async fn start_due_campaigns(&self, now: Timestamp) -> Result<()> {
        let due = self.store.read().await?.due_campaigns(now).await?;
        for row in due {
            let Some((_, user)) = row.starts else { continue };
            let account = self.store.read().await?.account(user).await?;
            let may = account.is_some_and(|account| {
                let roles = crate::users::roles_of(&account.roles);
                !account.disabled && discreet_access::may(roles, discreet_access::ActionName::SendCampaign)
            });
            if !may {
                continue;
            }
            if let Err(e) = self.start_as(user, discreet_domain::Viewer::SeesNumbers, row.id, now).await {
                let (code, cause) = e.for_log();
                tracing::warn!(campaign.id = %row.id, code, cause, "a scheduled campaign could not be started and is tried again");
            }
        }
        Ok(())
    }
    async fn start_as(&self, user: UserId, viewer: Viewer, id: CampaignId, now: Timestamp) -> Result<Report> {
        let loaded = self.load_campaign(id).await?;
        if loaded.row.state != CampaignState::Approved {
            return Err(AppError::conflict(match loaded.row.state {
                CampaignState::Draft => "the campaign is not approved: a second person approves it first",
                CampaignState::Running => "the campaign is running already",
                _ => "the campaign is over",
            }));
        }
        refuse_denied(&loaded)?;
        self.refuse_closed(now).await?;
        if !self.settings().has_address() {
            return Err(AppError::conflict(
                "no postal address is set, and every mail must show one (15 USC 7704(a)(5)(A)(iii)): `discreet settings set`",
            ));
        }
        let look = Look {
            actor: Actor::User(user),
            whom: Whom::Campaign(id),
            parts: &[Part::Facts, Part::Events],
            reason: Reason::Send,
            seconds: LIST_SECONDS,
            note: None,
        };
        let receipt = self.record(look, now).await?;
        // Made here the first time, so that dispatchers that begin together find them.
        self.signing(now).await?;
        let audience = self.audience(&loaded, &receipt, now).await?;
        let mut queued = 0;
        for some in audience.eligible.chunks(QUEUE_BATCH) {
            let messages: Vec<NewMessage> =
                some.iter().map(|patient| message(&loaded, *patient, now)).collect();
            let mut tx = self.store.begin(Lane::Dispatch).await?;
            queued += tx.queue(&messages, now).await?;
            self.settle(tx, &[]).await?;
        }
        let mut tx = self.store.begin(Lane::Dispatch).await?;
        let entry = |event| Entry { at: now, by: Actor::User(user), event };
        let selected = audience.selected;
        let mut entries = vec![entry(Event::CampaignStarted { campaign: id, selected, queued })];
        for (denied, people) in &audience.refused {
            tx.add_refusal(id, denied.code(), *people).await?;
            let reason = denied.code().to_owned();
            entries.push(entry(Event::AudienceRefused { campaign: id, reason, count: *people }));
        }
        tx.start_campaign(id, CampaignState::Approved, selected, now).await?;
        self.settle(tx, &entries).await?;
        self.report_as(id, viewer).await
    }

    /// A campaign started while nothing can be sent would refuse everybody for good.
    pub(super) async fn refuse_closed(&self, now: Timestamp) -> Result<()> {
        let row = self.store.read().await?.installation().await?.ok_or(AppError::NotFound("installation"))?;
        if !row.sending {
            return Err(AppError::conflict("all sending is stopped: `discreet resume` lets it go on"));
        }
        if !row.relay_may_carry(self.zone().day_of(now)) {
            return Err(AppError::conflict(
                "the relay is neither the organization's own nor under a BAA in force (45 CFR 164.504(e)): `discreet relay`",
            ));
        }
        Ok(())
    }

    async fn audience(
        &self,
        loaded: &Loaded,
        receipt: &discreet_audit::Receipt,
        now: Timestamp,
    ) -> Result<Audience> {
        let installation =
            self.store.read().await?.installation().await?.ok_or(AppError::NotFound("installation"))?;
        let setting = self.setting(loaded, true, &installation, now);
        let resting = self.store.read().await?.resting(None, now).await?;
        let indexed = self.indexed(now).await?;
        let live = indexed.live()?;
        let selection = live.index.select(&loaded.checked, now);
        let ids =
            selection.ids(receipt, now).map_err(|_| AppError::Vault(discreet_vault::Refused::NotCovered))?;
        let mut audience =
            Audience { selected: ids.len() as u64, eligible: Vec::new(), refused: BTreeMap::new() };
        for patient in ids {
            let ask = Ask {
                message: MessageId::from_u128(0),
                campaign: loaded.row.id,
                patient,
                requirements: loaded.classified.requirements,
                label: loaded.row.label,
                not_after: loaded.row.not_after,
            };
            let verdict = match live.standings.of(&live.index, patient) {
                Some(standing) => judge(&standing.facts(&setting, &resting), &ask, now),
                None => Err(Denied::Unreadable),
            };
            match verdict {
                Ok(()) => audience.eligible.push(patient),
                Err(denied) => *audience.refused.entry(denied).or_insert(0) += 1,
            }
        }
        Ok(audience)
    }

    /// Pauses a running campaign: within a second nothing more of it is handed over. Nothing is lost.
    ///
    /// # Errors
    /// Not running; the database's.
    pub async fn pause_campaign(
        &self,
        by: Allowed<SendCampaign>,
        id: CampaignId,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.store.begin(Lane::Withdrawal).await?;
        tx.move_campaign(id, CampaignState::Running, CampaignState::Paused).await?;
        let event = Event::CampaignStopped { campaign: id, state: CampaignState::Paused.name().to_owned() };
        self.settle_one(tx, by.actor(), event, now).await
    }
    /// Lets a paused campaign go on.
    ///
    /// # Errors
    /// Not paused; the database's.
    pub async fn continue_campaign(
        &self,
        by: Allowed<SendCampaign>,
        id: CampaignId,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.store.begin(Lane::Receipt).await?;
        tx.move_campaign(id, CampaignState::Paused, CampaignState::Running).await?;
        self.settle_one(tx, by.actor(), Event::CampaignResumed { campaign: id }, now).await
    }

    /// Calls a running campaign off: what is still in the queue stays there for good.
    ///
    /// # Errors
    /// Not running; the database's.
    pub async fn cancel_campaign(
        &self,
        by: Allowed<SendCampaign>,
        id: CampaignId,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.store.begin(Lane::Withdrawal).await?;
        let row = tx.campaign(id).await?.ok_or(AppError::NotFound("campaign"))?;
        let from = if row.state == CampaignState::Paused { row.state } else { CampaignState::Running };
        tx.move_campaign(id, from, CampaignState::Cancelled).await?;
        tx.hold_messages_of(id, "cancelled", now).await?;
        let event =
            Event::CampaignStopped { campaign: id, state: CampaignState::Cancelled.name().to_owned() };
        self.settle_one(tx, by.actor(), event, now).await
    }
}

struct Audience {
    selected: u64,
    eligible: Vec<PatientId>,
    refused: BTreeMap<Denied, u64>,
}

fn refuse_denied(loaded: &Loaded) -> Result<()> {
    if !loaded.classified.requirements.denied {
        return Ok(());
    }
    let rows = loaded.row.decision_rows.join(", ");
    Err(AppError::conflict(format!(
        "the decision table does not allow this campaign (rows {rows}, label {}): an answer is missing, no row covers it, or it is too sensitive for its purpose",
        loaded.row.label
    )))
}

fn message(loaded: &Loaded, patient: PatientId, now: Timestamp) -> NewMessage {
    NewMessage {
        id: MessageId::random(),
        campaign: loaded.row.id,
        patient,
        due: now,
        not_after: loaded.row.not_after,
    }
}
