//! Campaigns: made and classified, previewed, tried out on a colleague (`trial`); approved by a second person and started (`start`); reported (`outcome`).

pub mod blocks;
pub mod drafts;
pub mod kept;
mod outcome;
mod start;
pub mod trial;

pub use outcome::MOST_UNKNOWN;

use self::kept::KeptFindings;
use crate::app::App;
use crate::documents::{Document, checked_name};
use crate::error::{AppError, Result};
use crate::scope::unchanged;
use crate::segments::{Counted, SegmentContent, check};
use crate::templates::TemplateContent;
use discreet_access::{Allowed, CreateCampaign, PreviewCampaign, ReadReport};
use discreet_audit::Event;
use discreet_domain::{
    CampaignId, Cell, Label, Phi, SegmentId, TemplateId, Timestamp, Topic, UserId, Viewer,
};
use discreet_mail::{Finding, Links, MergeField, Values};
use discreet_policy::{
    Block, CampaignStanding, Classification, Known as Fact, Setting, TABLE_VERSION, classify,
};
use discreet_segment::Checked;
use discreet_store::{CampaignRow, CampaignState, DocumentKind, Lane};
use discreet_vault::Place;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// For how long after its start a campaign's messages may leave, unless it says otherwise, in seconds: a week.
pub const DEFAULT_NOT_AFTER_SECONDS: i64 = 7 * 24 * 3600;

/// What a campaign is to be.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its name.
    pub name: String,
    /// The saved segment: to whom.
    pub segment: String,
    /// The saved template: what.
    pub template: String,
    /// About what.
    pub topic: Topic,
    /// The purpose questionnaire's answers, for each content block.
    pub blocks: Vec<Block>,
    /// Nothing of it leaves later.
    pub not_after: Option<Timestamp>,
    /// What was found in its mail and kept with a reason.
    pub kept: KeptFindings,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Content {
    name: String,
    blocks: Vec<Block>,
    kept: KeptFindings,
}

/// A campaign, as shown.
#[derive(Clone, Debug, Serialize)]
pub struct Campaign {
    /// Which.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub state: &'static str,
    /// About what.
    pub topic: String,
    /// The rows of the decision table that matched.
    pub rows: Vec<String>,
    /// The greatest label of segment and template.
    pub label: Label,
    /// Who made it.
    #[serde(skip)]
    pub author: UserId,
    /// Which, as an id.
    #[serde(skip)]
    pub campaign: CampaignId,
    /// The hash of all that an approval is an approval of, in hex.
    #[serde(skip)]
    pub content: String,
    /// When it was made.
    #[serde(skip)]
    pub created: Timestamp,
    /// When it was started.
    #[serde(skip)]
    pub started: Option<Timestamp>,
    /// When it is to start by itself.
    #[serde(skip)]
    pub starts: Option<Timestamp>,
    /// Nothing of it leaves later.
    #[serde(skip)]
    pub not_after: Timestamp,
}

/// What a campaign would do, and a message as it would look, filled for a patient who does not exist.
#[derive(Debug)]
pub struct Preview {
    /// The campaign.
    pub campaign: Campaign,
    /// How it is classified.
    pub classified: Classification,
    /// The funnel.
    pub counted: Counted,
    /// The segment in English, as it was pinned.
    pub sentence: String,
    /// The subject.
    pub subject: String,
    /// The HTML part.
    pub html: String,
    /// The plain text part.
    pub text: String,
    /// What was found in the mail that does not stop it.
    pub findings: Vec<Finding>,
    /// Which of that was kept, and why.
    pub kept: KeptFindings,
}

/// What came of a campaign.
#[derive(Clone, Debug)]
pub struct Report {
    /// The campaign.
    pub campaign: Campaign,
    /// How many the segment selected at the start.
    pub selected: Cell,
    /// How many of them were eligible then.
    pub eligible: Cell,
    /// Who was refused at the start, by reason code: with the eligible, the selected.
    pub refused: BTreeMap<String, Cell>,
    /// Who was eligible then and not any more at hand-over, by reason code.
    pub held: BTreeMap<String, Cell>,
    /// Of how many of its messages the reader used the link to stop such mail.
    pub withdrew: Cell,
    /// Messages by state.
    pub states: BTreeMap<&'static str, Cell>,
    /// How the viewer sees counts.
    pub viewer: Viewer,
}

/// Everything about a campaign that sending needs; loaded once per campaign.
pub(crate) struct Loaded {
    pub(crate) row: CampaignRow,
    pub(crate) checked: Checked,
    pub(crate) classified: Classification,
    pub(crate) layout: discreet_mail::Layout,
    pub(crate) fields: Vec<MergeField>,
    pub(crate) remarks: Vec<Finding>,
}

fn place(id: CampaignId) -> Place<'static> {
    Place { table: "campaign", row: id.uuid().as_u128(), column: "sealed", version: 1 }
}

impl App {
    /// Makes a campaign: pins the current versions of segment and template, classifies it, and fixes what an approval will
    /// be an approval of.
    ///
    /// # Errors
    /// No such segment or template, a name that is taken, a template that does not fit; the database's.
    pub async fn create_campaign(
        &self,
        by: Allowed<CreateCampaign>,
        plan: &Plan,
        now: Timestamp,
    ) -> Result<Campaign> {
        self.make_campaign(by, CampaignId::random(), plan, None, now).await
    }
    async fn make_campaign(
        &self,
        by: Allowed<CreateCampaign>,
        id: CampaignId,
        plan: &Plan,
        starts: Option<(Timestamp, UserId)>,
        now: Timestamp,
    ) -> Result<Campaign> {
        let name = checked_name(&plan.name)?;
        let segment =
            self.document_named::<SegmentContent>(DocumentKind::Segment, &plan.segment, "segment").await?;
        let template = self
            .document_named::<TemplateContent>(DocumentKind::Template, &plan.template, "template")
            .await?;
        let checked = check(&segment.content.text, &self.scope(None).await?)?;
        unchanged(&checked, &segment.hash)?;
        let label = checked.label().max(template.label).max(Label::L1);
        let classified = classify(&plan.blocks).with_label(label);
        self.layout(&template, &plan.topic, classified.requirements).await?;
        let content = Content { name: name.to_owned(), blocks: plan.blocks.clone(), kept: plan.kept.clone() };
        let plain = serde_json::to_vec(&content).map_err(|_| AppError::Form("a campaign"))?;
        let row = CampaignRow {
            id,
            created: now,
            author: by.user(),
            segment: (SegmentId::from_uuid(segment.id), segment.version),
            template: (TemplateId::from_uuid(template.id), template.version),
            topic: plan.topic.clone(),
            decision_rows: classified.rows.iter().map(|r| (*r).to_owned()).collect(),
            rules: TABLE_VERSION.to_owned(),
            label,
            content: approved_content(
                (&segment.hash, &template.hash),
                (plan, starts.map(|(at, _)| at)),
                &classified,
                label,
            ),
            sealed: self.organization.seal(place(id), &plain)?,
            state: CampaignState::Draft,
            approved_by: None,
            started: None,
            not_after: plan
                .not_after
                .unwrap_or_else(|| starts.map_or(now, |(at, _)| at).plus_seconds(DEFAULT_NOT_AFTER_SECONDS)),
            starts,
            selected: 0,
        };
        let tag = self.name_tag("campaign", name);
        let mut tx = self.store.begin(Lane::Receipt).await?;
        if tx.campaign_named(tag).await?.is_some() {
            return Err(AppError::conflict("there is a campaign of that name already"));
        }
        tx.add_campaign(row.clone(), tag).await?;
        if let Some((at, by)) = starts {
            tx.schedule_campaign(id, at, by).await?;
        }
        let event = Event::CampaignCreated {
            campaign: id,
            rows: row.decision_rows.clone(),
            rules: row.rules.clone(),
            label,
        };
        self.settle_one(tx, by.actor(), event, now).await?;
        self.shown(&row)
    }

    fn sealed_content(&self, row: &CampaignRow) -> Result<Content> {
        let plain = self.organization.open(place(row.id), &row.sealed)?;
        serde_json::from_slice(&plain).map_err(|_| AppError::Form("a campaign"))
    }
    fn shown(&self, row: &CampaignRow) -> Result<Campaign> {
        let content = self.sealed_content(row)?;
        Ok(Campaign {
            id: row.id.to_string(),
            name: content.name,
            state: row.state.name(),
            topic: row.topic.to_string(),
            rows: row.decision_rows.clone(),
            label: row.label,
            author: row.author,
            campaign: row.id,
            content: hex(&row.content),
            created: row.created,
            started: row.started,
            starts: row.starts.map(|(at, _)| at),
            not_after: row.not_after,
        })
    }

    /// A campaign by name, or by id. Which campaigns there are is no secret among the workforce.
    ///
    /// # Errors
    /// No such campaign; the database's.
    pub async fn campaign(&self, name_or_id: &str) -> Result<Campaign> {
        let tag = self.name_tag("campaign", name_or_id);
        let mut reading = self.store.read().await?;
        let id = match reading.campaign_named(tag).await? {
            Some(id) => id,
            None => name_or_id.parse().map_err(|_| AppError::NotFound("campaign"))?,
        };
        let row = reading.campaign(id).await?.ok_or(AppError::NotFound("campaign"))?;
        self.shown(&row)
    }
    /// All campaigns, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn campaigns(&self, _by: Allowed<ReadReport>) -> Result<Vec<Campaign>> {
        self.store.read().await?.campaigns().await?.iter().map(|row| self.shown(row)).collect()
    }

    /// The campaigns that dispatchers work on, for whoever runs dispatchers.
    ///
    /// # Errors
    /// The database's.
    pub async fn running_campaigns(&self) -> Result<Vec<CampaignId>> {
        let all = self.store.read().await?.campaigns().await?;
        Ok(all.into_iter().filter(|c| c.state == CampaignState::Running).map(|c| c.id).collect())
    }

    /// Loads a campaign with the versions it pins. Refused if the segment means something else by now: a value set or a
    /// nested segment has changed, or a label.
    pub(crate) async fn load_campaign(&self, id: CampaignId) -> Result<Loaded> {
        let row = self.store.read().await?.campaign(id).await?.ok_or(AppError::NotFound("campaign"))?;
        let segment: Document<SegmentContent> = self.document(row.segment.0.uuid(), row.segment.1).await?;
        let template: Document<TemplateContent> =
            self.document(row.template.0.uuid(), row.template.1).await?;
        let scope = self.scope(None).await?;
        let checked = check(&segment.content.text, &scope)?;
        unchanged(&checked, &segment.hash)?;
        let classified =
            Classification::from_rows(row.decision_rows.iter().map(String::as_str)).with_label(row.label);
        let (layout, template) = self.layout(&template, &row.topic, classified.requirements).await?;
        let (fields, remarks) = (template.fields().to_vec(), template.remarks().to_vec());
        Ok(Loaded { row, checked, classified, layout, fields, remarks })
    }

    fn setting(
        &self,
        loaded: &Loaded,
        running: bool,
        installation: &discreet_store::InstallationRow,
        now: Timestamp,
    ) -> Setting {
        let today = self.zone().day_of(now);
        let open = running && loaded.row.rules == TABLE_VERSION;
        Setting {
            sending: Fact::Is(installation.sending),
            campaign: Fact::Is(if open { CampaignStanding::Running } else { CampaignStanding::Closed }),
            relay: Fact::Is(installation.relay_may_carry(today)),
            topic: Some(loaded.row.topic.clone()),
            today,
        }
    }

    /// What a campaign would do if it were started now.
    ///
    /// # Errors
    /// No such campaign; the database's.
    pub async fn preview(
        &self,
        by: Allowed<PreviewCampaign>,
        id: CampaignId,
        now: Timestamp,
    ) -> Result<Preview> {
        let loaded = self.load_campaign(id).await?;
        let event = Event::Counted {
            segment: Some(loaded.row.segment.0),
            version: Some(loaded.row.segment.1),
            label: loaded.row.label,
        };
        let mut tx = self.store.begin(Lane::Receipt).await?;
        let installation = tx.installation().await?.ok_or(AppError::NotFound("installation"))?;
        self.settle_one(tx, by.actor(), event, now).await?;
        let setting = self.setting(&loaded, true, &installation, now);
        let counted = self.funnel(&loaded.checked, &setting, &loaded.classified, now).await?;
        let sentence = discreet_segment::english::sentence(loaded.checked.expr(), &self.scope(None).await?);
        let page =
            loaded.layout.fill(&sample(), &Links::sample()).map_err(|e| AppError::invalid(e.to_string()))?;
        Ok(Preview {
            campaign: self.shown(&loaded.row)?,
            classified: loaded.classified,
            counted,
            sentence,
            subject: page.subject().to_owned(),
            html: page.standalone().into_exposed(),
            text: page.text().expose().clone(),
            kept: self.sealed_content(&loaded.row)?.kept,
            findings: loaded.remarks,
        })
    }
}

/// In hexadecimal.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The hash of all that an approval is an approval of: any change makes another campaign.
fn approved_content(
    (segment, template): (&[u8], &[u8]),
    (plan, starts): (&Plan, Option<Timestamp>),
    classified: &Classification,
    label: Label,
) -> Vec<u8> {
    let rows = classified.rows.join(",");
    let time = |at: Option<Timestamp>| at.map_or_else(String::new, |t| t.to_string());
    let (starts, not_after) = (time(starts), time(plan.not_after));
    let words = [plan.topic.as_str(), &rows, TABLE_VERSION, label.name(), &starts, &not_after];
    let mut hash =
        Sha256::new().chain_update(segment).chain_update(template).chain_update(plan.kept.digest());
    for word in words {
        hash.update((word.len() as u64).to_be_bytes());
        hash.update(word);
    }
    hash.finalize().to_vec()
}

/// Merge values of a patient who does not exist.
fn sample() -> Values {
    let value = |text: &str| Phi::new(text.to_owned());
    Values::new()
        .with(MergeField::GivenName, value("Alex"))
        .with(MergeField::PreferredName, value("Alex"))
        .with(MergeField::FamilyName, value("Sample"))
        .with(MergeField::NextAppointmentDay, value("Monday, March 2"))
        .with(MergeField::NextAppointmentTime, value("9:30 AM"))
        .with(MergeField::NextAppointmentPlace, value("Main Street"))
        .with(MergeField::ClinicianName, value("Dr. Sample"))
}
