//! Campaigns in the making: answered, written, addressed, scheduled step by step; then submitted. What is submitted is a
//! campaign as before: versions pinned, content hashed, to be approved by a second person. Going back to the draft takes
//! the submitted campaign away, and its approval with it.

use super::blocks::{ContentBlock, markdown};
use super::kept::KeptFindings;
use super::{Campaign, Plan, sample};
use crate::app::App;
use crate::documents::checked_name;
use crate::drafts::Draft;
use crate::error::{AppError, Result};
use crate::images::Shelf;
use crate::segments::{Counted, SegmentContent, readable};
use discreet_access::{Allowed, ApproveCampaign, CreateCampaign, PreviewCampaign, ReadReport, SaveTemplate};
use discreet_audit::{Entry, Event};
use discreet_domain::{CampaignId, ImageId, Label, Timestamp, Topic};
use discreet_mail::{
    Body, Draft as Letter, Finding, Footing, Images, Layout, Links, OptOut, Template, Why, blocks,
};
use discreet_policy::{Block, CampaignStanding, Classification, Known as Fact, Setting, classify};
use discreet_store::{CampaignState, DocumentKind, Lane};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

pub(crate) const KIND: &str = "campaign draft";

/// What is in a draft of a campaign.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct CampaignDraft {
    /// Its name, among colleagues.
    pub name: String,
    /// What it is about, answered once for the whole mail.
    pub purpose: Option<Block>,
    /// The topic patients chose, or it is about.
    pub topic: Option<Topic>,
    /// The subject line.
    pub subject: String,
    /// What mail programs show beside it.
    pub preheader: String,
    /// The sender's display name.
    pub from_name: String,
    /// Where replies go, if not to the sender.
    pub reply_to: String,
    /// Its language.
    pub language: String,
    /// The body.
    pub content: Vec<ContentBlock>,
    /// The saved segment it goes to.
    pub segment: Option<String>,
    /// When it is to start by itself, once approved; else by hand.
    pub starts: Option<Timestamp>,
    /// Nothing of it leaves later.
    pub not_after: Option<Timestamp>,
    /// Why it was sent back.
    pub returned: Option<String>,
    /// What was found in it and kept with a reason.
    pub kept: KeptFindings,
}

impl CampaignDraft {
    pub(super) fn letter(&self) -> Letter {
        Letter {
            subject: self.subject.clone(),
            preheader: self.preheader.clone(),
            body: Body::Markdown(markdown(&self.content)),
            from_name: self.from_name.clone(),
            reply_to: Some(self.reply_to.clone()).filter(|address| !address.trim().is_empty()),
            language: self.language.clone(),
        }
    }
    /// The images of the library it shows.
    pub(crate) fn images(&self) -> BTreeSet<ImageId> {
        Images::named_in(&markdown(&self.content))
    }
    /// How its purpose is classified: unanswered is not allowed.
    pub fn classified(&self) -> Classification {
        let asked: Vec<Block> = self.purpose.iter().cloned().collect();
        classify(&asked)
    }
}

/// A mail as it would look, filled for a patient who does not exist.
#[derive(Debug, Default)]
pub struct LetterPreview {
    /// What was found, the worst first.
    pub findings: Vec<Finding>,
    /// Which of them somebody keeps, and why.
    pub kept: KeptFindings,
    /// Whether one of them stops it.
    pub stopped: bool,
    /// The subject.
    pub subject: String,
    /// The HTML part; empty while something stops it.
    pub html: String,
    /// The text part.
    pub text: String,
    /// How careful to be with it.
    pub label: Label,
}

/// What is still missing before a draft can be submitted: which step, and what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Missing {
    /// `purpose`, `message`, `audience` or `schedule`.
    pub step: &'static str,
    /// What, and what helps.
    pub text: String,
}

impl App {
    /// Begins a draft, perhaps to a segment.
    ///
    /// # Errors
    /// The database's.
    pub async fn begin_campaign_draft(
        &self,
        by: Allowed<CreateCampaign>,
        segment: Option<&str>,
        now: Timestamp,
    ) -> Result<Draft<CampaignDraft>> {
        let settings = self.settings();
        let content = CampaignDraft {
            from_name: settings
                .organization
                .chars()
                .take(discreet_mail::limits::LONGEST_SHOWN_NAME)
                .collect(),
            language: "en".to_owned(),
            content: vec![
                ContentBlock::Heading { text: String::new() },
                ContentBlock::Text { text: "Dear {{ given_name | \"patient\" }},\n\n".to_owned() },
            ],
            segment: segment.map(str::to_owned),
            ..CampaignDraft::default()
        };
        self.begin_draft(KIND, by.user(), content, now).await
    }
    /// Begins a draft as a copy of another. What was kept in it is not: whoever writes the copy decides anew.
    ///
    /// # Errors
    /// No such draft; the database's.
    pub async fn clone_campaign_draft(
        &self,
        by: Allowed<CreateCampaign>,
        id: Uuid,
        now: Timestamp,
    ) -> Result<Draft<CampaignDraft>> {
        let draft: Draft<CampaignDraft> = self.draft(KIND, id).await?;
        let mut content = draft.content;
        content.name = format!("{} (copy)", content.name);
        (content.starts, content.not_after, content.returned) = (None, None, None);
        content.kept = KeptFindings::default();
        self.begin_draft(KIND, by.user(), content, now).await
    }
    /// A draft.
    ///
    /// # Errors
    /// No such draft; the database's.
    pub async fn campaign_draft(
        &self,
        _by: Allowed<PreviewCampaign>,
        id: Uuid,
    ) -> Result<Draft<CampaignDraft>> {
        self.draft(KIND, id).await
    }
    /// All drafts, the last changed first.
    ///
    /// # Errors
    /// The database's.
    pub async fn campaign_drafts(&self, _by: Allowed<ReadReport>) -> Result<Vec<Draft<CampaignDraft>>> {
        self.drafts(KIND).await
    }
    /// Keeps what was changed in a draft. A submitted campaign made of it goes, and its approval with it; one that was
    /// started cannot be changed any more. What was kept of words that changed is taken back.
    ///
    /// # Errors
    /// [`AppError::Stale`]; started already; the database's.
    pub async fn change_campaign_draft(
        &self,
        by: Allowed<CreateCampaign>,
        draft: &mut Draft<CampaignDraft>,
        now: Timestamp,
    ) -> Result<()> {
        let id = CampaignId::from_uuid(draft.id);
        let before = self.draft::<CampaignDraft>(KIND, draft.id).await?.content.kept;
        let mut entries = self.settle_kept(id, (&before, &mut draft.content), (by.actor(), now)).await?;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        if let Some(row) = tx.campaign(id).await? {
            if !matches!(row.state, CampaignState::Draft | CampaignState::Approved) {
                return Err(AppError::conflict("this campaign was started: make a copy to change it"));
            }
            tx.withdraw_campaign(id).await?;
            let event = Event::CampaignWithdrawn { campaign: id, was: row.state.name().to_owned() };
            entries.push(Entry { at: now, by: by.actor(), event });
        }
        self.write_draft(&mut tx, draft, (by.user(), now)).await?;
        self.settle(tx, &entries).await
    }

    /// A draft's mail as it would look, with everything the linter finds.
    ///
    /// # Errors
    /// Settings that are not in order; the database's.
    pub async fn preview_letter(
        &self,
        _by: &Allowed<PreviewCampaign>,
        draft: &CampaignDraft,
    ) -> Result<LetterPreview> {
        let (findings, layout) = self.set_letter(draft).await?;
        let mut preview = LetterPreview { subject: draft.subject.clone(), ..LetterPreview::default() };
        if let Some(layout) = layout {
            let page =
                layout.fill(&sample(), &Links::sample()).map_err(|e| AppError::invalid(e.to_string()))?;
            preview.label = page.label();
            preview.subject = page.subject().to_owned();
            preview.html = page.standalone().into_exposed();
            preview.text = page.text().expose().clone();
        }
        preview.stopped = blocks(&findings);
        preview.kept = draft.kept.clone();
        preview.findings = findings;
        Ok(preview)
    }
    /// A draft's mail on the letterhead, with everything the linter finds; no layout while something stops it.
    pub(super) async fn set_letter(&self, draft: &CampaignDraft) -> Result<(Vec<Finding>, Option<Layout>)> {
        let settings = self.settings();
        let letterhead = settings.letterhead()?;
        let letter = draft.letter();
        let images = self.images_for(letter.body.source(), Shelf::Library).await?;
        let template = match Template::check(&letter, letterhead.hosts(), &images) {
            Ok(template) => template,
            Err(findings) => return Ok((findings, None)),
        };
        let mut findings = template.remarks().to_vec();
        let topic = draft.topic.as_ref().map_or_else(|| "this topic".to_owned(), |t| settings.topic_name(t));
        let (why, opt_out) = match draft.classified().requirements.opt_in {
            true => (Why::Subscribed, OptOut::OneClick),
            false => (Why::Care, OptOut::LinkOnly),
        };
        let layout = Footing::new(&topic, why, opt_out)
            .and_then(|footing| Layout::new(&template, &letterhead, &footing));
        match layout {
            Ok(layout) => Ok((findings, Some(layout))),
            Err(more) => {
                findings.extend(more);
                Ok((findings, None))
            }
        }
    }

    /// Whom a draft would reach now: the funnel of its segment under its purpose and topic. `None` without a segment, or
    /// with one that is not for them to read.
    ///
    /// # Errors
    /// No such segment, or one that does not hold together any more; the database's.
    pub async fn preview_audience(
        &self,
        by: &Allowed<PreviewCampaign>,
        draft: &CampaignDraft,
        now: Timestamp,
    ) -> Result<Option<(Counted, String)>> {
        let Some(name) = &draft.segment else { return Ok(None) };
        let found = self.document_named::<SegmentContent>(DocumentKind::Segment, name, "segment").await?;
        let scope = self.scope(None).await?;
        let Ok(checked) = readable(by, &found, &scope) else { return Ok(None) };
        let checked = checked?;
        let label = checked.label();
        let segment = discreet_domain::SegmentId::from_uuid(found.id);
        let event = Event::Counted { segment: Some(segment), version: Some(found.version), label };
        let tx = self.store.begin(Lane::Receipt).await?;
        self.settle_one(tx, by.actor(), event, now).await?;
        let setting = Setting {
            sending: Fact::Is(true),
            campaign: Fact::Is(CampaignStanding::Running),
            relay: Fact::Is(true),
            topic: draft.topic.clone(),
            today: self.zone().day_of(now),
        };
        let counted = self.funnel(&checked, &setting, &draft.classified().with_label(label), now).await?;
        Ok(Some((counted, discreet_segment::english::sentence(checked.expr(), &scope))))
    }

    /// What is still missing.
    ///
    /// # Errors
    /// The database's.
    pub async fn missing(
        &self,
        by: &Allowed<PreviewCampaign>,
        draft: &CampaignDraft,
        now: Timestamp,
    ) -> Result<Vec<Missing>> {
        let mut missing = Vec::new();
        let mut note = |step, text: &str| missing.push(Missing { step, text: text.to_owned() });
        if draft.name.trim().is_empty() {
            note("purpose", "Give the campaign a name");
        }
        if draft.classified().requirements.denied {
            note("purpose", "The rules do not allow this purpose, or a question is not answered");
        }
        if draft.topic.is_none() {
            note("purpose", "Choose a topic");
        }
        let letter = self.preview_letter(by, draft).await?;
        for finding in letter.findings.iter().filter(|f| blocks(std::slice::from_ref(*f))) {
            note("message", &format!("{}: {}", finding.place.name(), finding.message));
        }
        match letter.open() {
            0 => {}
            1 => note("message", "1 finding is neither mended nor kept with a reason"),
            open => note("message", &format!("{open} findings are neither mended nor kept with a reason")),
        }
        match &draft.segment {
            None => note("audience", "Choose a segment"),
            Some(name) => {
                let kind = DocumentKind::Segment;
                let tag = self.name_tag(kind.name(), name);
                if self.store.read().await?.document_named(kind, tag).await?.is_none() {
                    note("audience", "The segment is gone: choose another");
                }
            }
        }
        if draft.starts.is_some_and(|starts| starts <= now) {
            note("schedule", "The starting time has passed");
        }
        if draft.not_after.is_some_and(|end| end <= draft.starts.unwrap_or(now)) {
            note("schedule", "The last time lies before the start");
        }
        Ok(missing)
    }

    /// Submits a draft for approval: saves its mail as a template, pins segment and template, fixes what is approved.
    ///
    /// # Errors
    /// Something is missing; a name that is taken; [`AppError::Stale`]; the database's.
    pub async fn submit_campaign(
        &self,
        (by, template, preview): (Allowed<CreateCampaign>, Allowed<SaveTemplate>, &Allowed<PreviewCampaign>),
        (id, revision): (Uuid, u64),
        now: Timestamp,
    ) -> Result<Campaign> {
        let mut draft: Draft<CampaignDraft> = self.draft(KIND, id).await?;
        if draft.revision != revision {
            return Err(AppError::Stale);
        }
        let missing = self.missing(preview, &draft.content, now).await?;
        if let Some(first) = missing.first() {
            return Err(AppError::conflict(first.text.clone()));
        }
        let name = checked_name(&draft.content.name)?.to_owned();
        let content = &draft.content;
        let (Some(topic), Some(segment)) = (content.topic.clone(), content.segment.clone()) else {
            return Err(AppError::conflict("choose a topic and a segment"));
        };
        self.save_template(template, &name, &content.letter(), now).await?;
        let plan = Plan {
            template: name.clone(),
            name,
            segment,
            topic,
            blocks: content.purpose.iter().cloned().collect(),
            not_after: content.not_after,
            kept: content.kept.clone(),
        };
        let author = by.user();
        let starts = content.starts.map(|starts| (starts, author));
        let campaign = self.make_campaign(by, CampaignId::from_uuid(id), &plan, starts, now).await?;
        draft.content.returned = None;
        self.keep_draft(&mut draft, (author, now)).await?;
        Ok(campaign)
    }

    /// Sends a submitted campaign back to its author, with a reason. Its draft can be changed and submitted again.
    ///
    /// # Errors
    /// Not submitted, or started already; no reason; the database's.
    pub async fn send_back(&self, by: Allowed<ApproveCampaign>, reason: &str, now: Timestamp) -> Result<()> {
        let id = by.action().campaign;
        if reason.trim().is_empty() {
            return Err(AppError::invalid("say why, so that the author knows what to change"));
        }
        let mut draft: Draft<CampaignDraft> = self.draft(KIND, id.uuid()).await?;
        draft.content.returned = Some(reason.trim().to_owned());
        let mut tx = self.store.begin(Lane::Receipt).await?;
        let row = tx.campaign(id).await?.ok_or(AppError::NotFound("campaign"))?;
        if !matches!(row.state, CampaignState::Draft | CampaignState::Approved) {
            return Err(AppError::conflict("this campaign was started: cancel it instead"));
        }
        tx.withdraw_campaign(id).await?;
        self.write_draft(&mut tx, &mut draft, (by.user(), now)).await?;
        let event = Event::CampaignWithdrawn { campaign: id, was: row.state.name().to_owned() };
        self.settle_one(tx, by.actor(), event, now).await
    }
}
