//! What came of a campaign, and of messages of which nobody knows.

use super::Report;
use crate::app::App;
use crate::error::{AppError, Result};
use discreet_access::{Allowed, ReadReport, SettleUnknown};
use discreet_audit::Event;
use discreet_domain::{CampaignId, Cell, MessageId, PatientId, Timestamp, Viewer};
use discreet_store::{Lane, MessageState};
use std::collections::BTreeMap;

/// Unknown messages told at a time.
pub const MOST_UNKNOWN: u32 = 10_000;

impl App {
    /// What came of a campaign so far.
    ///
    /// # Errors
    /// No such campaign; the database's.
    pub async fn report(&self, by: Allowed<ReadReport>, id: CampaignId) -> Result<Report> {
        self.report_as(id, by.viewer()).await
    }

    pub(crate) async fn report_as(&self, id: CampaignId, viewer: Viewer) -> Result<Report> {
        let mut reading = self.store.read().await?;
        let row = reading.campaign(id).await?.ok_or(AppError::NotFound("campaign"))?;
        let refused: BTreeMap<String, u64> = reading.refusals(id).await?.into_iter().collect();
        let mut held: BTreeMap<String, u64> = BTreeMap::new();
        let at_start: u64 = refused.values().sum();
        let mut states: BTreeMap<&'static str, u64> = BTreeMap::new();
        for (state, reason, people) in reading.message_counts(id).await? {
            *states.entry(state.name()).or_insert(0) += people;
            if state == MessageState::Held {
                *held.entry(reason).or_insert(0) += people;
            }
        }
        let withdrew = Cell::of(reading.withdrawn_by(id).await?);
        Ok(Report {
            withdrew,
            campaign: self.shown(&row)?,
            selected: Cell::of(row.selected),
            eligible: Cell::of(row.selected.saturating_sub(at_start)),
            refused: refused.into_iter().map(|(reason, n)| (reason, Cell::of(n))).collect(),
            held: held.into_iter().map(|(reason, n)| (reason, Cell::of(n))).collect(),
            states: states.into_iter().map(|(state, n)| (state, Cell::of(n))).collect(),
            viewer,
        })
    }

    /// A person says what became of a message in state `unknown`: accepted, or bounced.
    ///
    /// # Errors
    /// No such message in that state; the database's.
    pub async fn settle_unknown(
        &self,
        by: Allowed<SettleUnknown>,
        message: MessageId,
        accepted: bool,
        now: Timestamp,
    ) -> Result<()> {
        let state = if accepted { MessageState::Accepted } else { MessageState::Bounced };
        let mut tx = self.store.begin(Lane::Receipt).await?;
        tx.settle_unknown(message, state, now).await?;
        let event = Event::Settled { message, outcome: state.name().to_owned() };
        self.settle_one(tx, by.actor(), event, now).await
    }
    /// The messages of a campaign that are in state `unknown`, [`MOST_UNKNOWN`] at most: settle these, and ask again.
    ///
    /// # Errors
    /// The database's.
    pub async fn unknown_messages(
        &self,
        _by: Allowed<SettleUnknown>,
        id: CampaignId,
    ) -> Result<Vec<MessageId>> {
        let rows = self.store.read().await?.messages_in(id, MessageState::Unknown, MOST_UNKNOWN).await?;
        Ok(rows.into_iter().map(|(message, _)| message).collect())
    }
    /// How many messages of a campaign are not finished.
    ///
    /// # Errors
    /// The database's.
    pub async fn unfinished(&self, id: CampaignId) -> Result<u64> {
        Ok(self.store.read().await?.unfinished(id).await?)
    }
    /// To whom a campaign has messages: ids only.
    ///
    /// # Errors
    /// The database's.
    pub async fn recipients(&self, _by: Allowed<SettleUnknown>, id: CampaignId) -> Result<Vec<PatientId>> {
        let owners = self.store.read().await?.message_owners(id).await?;
        Ok(owners.into_iter().map(|(_, patient)| patient).collect())
    }
}
