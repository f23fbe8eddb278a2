//! Campaigns.

use crate::db::{Param, Result, StoreError};
use crate::{Reading, Tx};
use discreet_domain::{CampaignId, Label, SegmentId, Tag, TemplateId, Timestamp, Topic, UserId};
use uuid::Uuid;

/// Where a campaign stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CampaignState {
    /// Made, not approved.
    Draft,
    /// Approved by a second person.
    Approved,
    /// Its messages are queued and sent.
    Running,
    /// Nothing is sent until it goes on.
    Paused,
    /// Nothing is left to send.
    Done,
    /// Called off.
    Cancelled,
}

impl CampaignState {
    /// The word stored.
    pub const fn name(self) -> &'static str {
        match self {
            CampaignState::Draft => "draft",
            CampaignState::Approved => "approved",
            CampaignState::Running => "running",
            CampaignState::Paused => "paused",
            CampaignState::Done => "done",
            CampaignState::Cancelled => "cancelled",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<CampaignState> {
        use CampaignState::{Approved, Cancelled, Done, Draft, Paused, Running};
        [Draft, Approved, Running, Paused, Done, Cancelled].into_iter().find(|s| s.name() == text)
    }
}

/// A campaign as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CampaignRow {
    /// Which.
    pub id: CampaignId,
    /// When it was made.
    pub created: Timestamp,
    /// By whom.
    pub author: UserId,
    /// To whom: a version of a segment.
    pub segment: (SegmentId, u64),
    /// What: a version of a template.
    pub template: (TemplateId, u64),
    /// About what.
    pub topic: Topic,
    /// The rows of the decision table that matched.
    pub decision_rows: Vec<String>,
    /// The version of that table.
    pub rules: String,
    /// The greatest label of segment and template.
    pub label: Label,
    /// Hash of all that is approved.
    pub content: Vec<u8>,
    /// Name and purpose answers, sealed.
    pub sealed: Vec<u8>,
    /// Where it stands.
    pub state: CampaignState,
    /// Who approved it.
    pub approved_by: Option<UserId>,
    /// When it was started.
    pub started: Option<Timestamp>,
    /// Nothing of it leaves later.
    pub not_after: Timestamp,
    /// When it is to start by itself once approved, and who said so.
    pub starts: Option<(Timestamp, UserId)>,
    /// How many the segment selected at the start.
    pub selected: u64,
}

type Row = (
    Uuid,
    i64,
    Uuid,
    Uuid,
    u64,
    Uuid,
    u64,
    String,
    String,
    String,
    String,
    Vec<u8>,
    Vec<u8>,
    String,
    Option<Uuid>,
    Option<i64>,
    i64,
    u64,
    Option<i64>,
    Option<Uuid>,
);

pub(crate) fn split(rows: &str) -> Vec<String> {
    rows.split(',').filter(|r| !r.is_empty()).map(str::to_owned).collect()
}

fn campaign(r: Row) -> Result<CampaignRow> {
    Ok(CampaignRow {
        id: CampaignId::from_uuid(r.0),
        created: Timestamp::from_micros(r.1),
        author: UserId::from_uuid(r.2),
        segment: (SegmentId::from_uuid(r.3), r.4),
        template: (TemplateId::from_uuid(r.5), r.6),
        topic: Topic::parse(&r.7).map_err(|_| StoreError::Malformed("a topic"))?,
        decision_rows: split(&r.8),
        rules: r.9,
        label: Label::parse(&r.10).ok_or(StoreError::Malformed("a label"))?,
        content: r.11,
        sealed: r.12,
        state: CampaignState::parse(&r.13).ok_or(StoreError::Malformed("a campaign's state"))?,
        approved_by: r.14.map(UserId::from_uuid),
        started: r.15.map(Timestamp::from_micros),
        not_after: Timestamp::from_micros(r.16),
        selected: r.17,
        starts: r.18.map(Timestamp::from_micros).zip(r.19.map(UserId::from_uuid)),
    })
}

impl Reading {
    /// One campaign.
    ///
    /// # Errors
    /// The database's.
    pub async fn campaign(&mut self, id: CampaignId) -> Result<Option<CampaignRow>> {
        let row: Option<Row> = self.conn.first("campaigns.get", &[id.uuid().into()]).await?;
        row.map(campaign).transpose()
    }
    /// All campaigns, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn campaigns(&mut self) -> Result<Vec<CampaignRow>> {
        let rows: Vec<Row> = self.conn.all("campaigns.all", &[]).await?;
        rows.into_iter().map(campaign).collect()
    }
    /// Approved campaigns that were to start by now and may still be sent, the earliest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn due_campaigns(&mut self, now: Timestamp) -> Result<Vec<CampaignRow>> {
        let rows: Vec<Row> = self.conn.all("campaigns.due", &[now.micros().into()]).await?;
        rows.into_iter().map(campaign).collect()
    }
    /// The campaign of this name.
    ///
    /// # Errors
    /// The database's.
    pub async fn campaign_named(&mut self, name: Tag) -> Result<Option<CampaignId>> {
        let row: Option<(Uuid,)> = self.conn.first("campaigns.by_name", &[name.to_vec().into()]).await?;
        Ok(row.map(|(id,)| CampaignId::from_uuid(id)))
    }
    /// How many were refused at the start, by reason code.
    ///
    /// # Errors
    /// The database's.
    pub async fn refusals(&mut self, id: CampaignId) -> Result<Vec<(String, u64)>> {
        self.conn.all("campaigns.refusals", &[id.uuid().into()]).await
    }
}

impl Tx {
    /// Adds a campaign, as a draft.
    ///
    /// # Errors
    /// The database's; also if the name is taken.
    pub async fn add_campaign(&mut self, c: CampaignRow, name: Tag) -> Result<()> {
        let params: [Param; 15] = [
            c.id.uuid().into(),
            name.to_vec().into(),
            c.created.micros().into(),
            c.author.uuid().into(),
            c.segment.0.uuid().into(),
            c.segment.1.into(),
            c.template.0.uuid().into(),
            c.template.1.into(),
            c.topic.as_str().into(),
            c.decision_rows.join(",").into(),
            c.rules.into(),
            c.label.name().into(),
            c.content.into(),
            c.sealed.into(),
            c.not_after.micros().into(),
        ];
        self.conn.run("campaigns.add", &params).await.map(drop)
    }
    /// Has a campaign start by itself at a time, once it is approved.
    ///
    /// # Errors
    /// The database's.
    pub async fn schedule_campaign(&mut self, id: CampaignId, at: Timestamp, by: UserId) -> Result<()> {
        let params = [id.uuid().into(), at.micros().into(), by.uuid().into()];
        expect_one(self.conn.run("campaigns.schedule", &params).await?)
    }
    /// Takes a campaign away that was never started.
    ///
    /// # Errors
    /// [`StoreError::Gone`] if there is none such.
    pub async fn withdraw_campaign(&mut self, id: CampaignId) -> Result<()> {
        expect_one(self.conn.run("campaigns.withdraw", &[id.uuid().into()]).await?)
    }
    /// Approves a draft with exactly this content.
    ///
    /// # Errors
    /// [`StoreError::Gone`] if there is no such draft.
    pub async fn approve_campaign(
        &mut self,
        id: CampaignId,
        by: UserId,
        content: &[u8],
        now: Timestamp,
    ) -> Result<()> {
        let params = [id.uuid().into(), by.uuid().into(), now.micros().into(), content.to_vec().into()];
        expect_one(self.conn.run("campaigns.approve", &params).await?)
    }
    /// Starts a campaign that is in state `from`.
    ///
    /// # Errors
    /// [`StoreError::Gone`] if it is not.
    pub async fn start_campaign(
        &mut self,
        id: CampaignId,
        from: CampaignState,
        selected: u64,
        now: Timestamp,
    ) -> Result<()> {
        let params = [id.uuid().into(), now.micros().into(), selected.into(), from.name().into()];
        expect_one(self.conn.run("campaigns.start", &params).await?)
    }
    /// Moves a campaign from one state to another.
    ///
    /// # Errors
    /// [`StoreError::Gone`] if it is not in the first.
    pub async fn move_campaign(
        &mut self,
        id: CampaignId,
        from: CampaignState,
        to: CampaignState,
    ) -> Result<()> {
        let params = [id.uuid().into(), to.name().into(), from.name().into()];
        expect_one(self.conn.run("campaigns.set_state", &params).await?)
    }
    /// Notes how many were refused at the start, for a reason.
    ///
    /// # Errors
    /// The database's.
    pub async fn add_refusal(&mut self, id: CampaignId, reason: &str, people: u64) -> Result<()> {
        self.conn
            .run("campaigns.add_refusal", &[id.uuid().into(), reason.into(), people.into()])
            .await
            .map(drop)
    }
}

fn expect_one(changed: u64) -> Result<()> {
    if changed == 1 { Ok(()) } else { Err(StoreError::Gone("the campaign is not in the state this needs")) }
}
