//! The week at a glance: what was sent and withdrawn, how good the list is, what waits. Numbers only.

use crate::app::App;
use crate::campaigns::Campaign;
use crate::error::Result;
use discreet_access::{Allowed, AnswerNotice, CountSegment, ReadReport};
use discreet_audit::Event;
use discreet_domain::{Cell, Label, Timestamp};
use discreet_policy::{AddressStanding, Suppression};
pub use discreet_store::EndingForm;
use discreet_store::Lane;
use std::collections::BTreeMap;

/// Days of a week at a glance.
const WEEK_DAYS: i64 = 7;
/// Days ahead of its end at which an authorization is told of.
const EXPIRING_DAYS: i32 = 30;
/// Authorizations listed at most.
pub const MOST_ENDING: u32 = 500;

/// What was sent and withdrawn in the last seven days.
#[derive(Clone, Debug)]
pub struct Week {
    /// Messages by what came of them.
    pub states: BTreeMap<&'static str, Cell>,
    /// Opt-outs, of whatever kind.
    pub withdrawals: Cell,
}

/// How good the list is.
#[derive(Clone, Copy, Debug)]
pub struct ListHealth {
    /// Current patients.
    pub patients: Cell,
    /// Those with an address mail can go to.
    pub reachable: Cell,
    /// Those who opted in to some topic, and did not opt out of it.
    pub opted_in: Cell,
}

/// Campaigns with messages of which nobody knows whether they arrived: name, id, how many.
pub type Unknown = Vec<(String, discreet_domain::CampaignId, Cell)>;

impl App {
    /// What was sent and withdrawn in the last seven days.
    ///
    /// # Errors
    /// The database's.
    pub async fn week(&self, _by: Allowed<ReadReport>, now: Timestamp) -> Result<Week> {
        let since = now.plus_seconds(-WEEK_DAYS * 24 * 3600);
        let mut reading = self.store.read().await?;
        let states = reading.messages_since(since).await?;
        let withdrawals = reading.withdrawals_since(since).await?;
        Ok(Week {
            states: states.into_iter().map(|(state, n)| (state.name(), Cell::of(n))).collect(),
            withdrawals: Cell::of(withdrawals),
        })
    }
    /// Campaigns with messages in state `unknown`.
    ///
    /// # Errors
    /// The database's.
    pub async fn with_unknown(&self, by: Allowed<ReadReport>) -> Result<Unknown> {
        let counts = self.store.read().await?.unknown_counts().await?;
        let campaigns = self.campaigns(by).await?.into_iter();
        let with = |campaign: Campaign| {
            let unknown = counts.get(&campaign.campaign)?;
            Some((campaign.name, campaign.campaign, Cell::of(*unknown)))
        };
        Ok(campaigns.filter_map(with).collect())
    }
    /// How many current patients' authorizations end within thirty days.
    ///
    /// # Errors
    /// The database's.
    pub async fn expiring_authorizations(&self, _by: Allowed<AnswerNotice>, now: Timestamp) -> Result<Cell> {
        let today = self.zone().day_of(now);
        let until = today.plus_days(EXPIRING_DAYS);
        Ok(Cell::of(self.store.read().await?.count_forms_ending(today, until).await?))
    }
    /// Which those are: ids and last days, the first to end first, [`MOST_ENDING`] at most. Whose they are is told
    /// behind the record's door; that somebody looked is in the log.
    ///
    /// # Errors
    /// The database's.
    pub async fn ending_authorizations(
        &self,
        by: Allowed<AnswerNotice>,
        now: Timestamp,
    ) -> Result<Vec<EndingForm>> {
        let today = self.zone().day_of(now);
        let until = today.plus_days(EXPIRING_DAYS);
        let ending = self.store.read().await?.forms_ending(today, until, MOST_ENDING).await?;
        let tx = self.store.begin(Lane::Receipt).await?;
        let event = Event::EndingListed { count: ending.len() as u64 };
        self.settle_one(tx, by.actor(), event, now).await?;
        Ok(ending)
    }
    /// How good the list is.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_health(&self, by: Allowed<CountSegment>, now: Timestamp) -> Result<ListHealth> {
        self.note_count(by.actor(), Label::L1, now).await?;
        let indexed = self.indexed(now).await?;
        let live = indexed.live()?;
        let tally = live.index.everyone(now).tally(&live.standings, |standing| {
            standing.map_or((false, false), |s| (s.is_reachable(), s.opted_in))
        });
        let sum = |wanted: fn(&(bool, bool)) -> bool| {
            Cell::of(tally.iter().filter(|(key, _)| wanted(key)).map(|(_, cell)| cell.exact()).sum())
        };
        Ok(ListHealth { patients: sum(|_| true), reachable: sum(|k| k.0), opted_in: sum(|k| k.1) })
    }
}

impl crate::index::Standing {
    /// Mail can go to the address.
    fn is_reachable(&self) -> bool {
        let usable =
            matches!(self.row.address_standing, AddressStanding::OnRecord | AddressStanding::Confirmed);
        usable && self.suppression == Suppression::None
    }
}
