//! Step 5: everything on one page, problems first; send for approval.

use super::audience::{FoundAudience, find};
use super::findings::Findings;
use super::list::state;
use super::steps::{Decision, Opened, Steps, decision, open};
use super::trial::{self, Trial, trial};
use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::overtaken::Overtaken;
use crate::staff::page::{Again, GoTo, Late, Page};
use crate::staff::parts;
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use discreet_access::{ActionName, CreateCampaign, PreviewCampaign, SaveTemplate, SendCampaign};
use discreet_app::AppError;
use discreet_app::campaigns::drafts::{LetterPreview, Missing};
use discreet_domain::CampaignId;
use std::collections::HashMap;
use uuid::Uuid;

/// Everything at a glance.
#[derive(Template, Debug)]
#[template(path = "staff/campaigns/review.html")]
pub(crate) struct Review {
    frame: Frame,
    steps: Steps,
    id: Uuid,
    revision: u64,
    missing: Vec<Missing>,
    decision: Decision,
    topic: String,
    letter: LetterPreview,
    findings: Findings,
    audience: Option<FoundAudience>,
    when: String,
    /// Submitted: its state in words.
    state: Option<(&'static str, &'static str)>,
    may_submit: bool,
    may_start: bool,
    form: Form,
    trial: Option<Trial>,
}

/// When it goes out, in words.
pub(crate) fn when(site: &Site, opened: &Opened) -> String {
    let zone = site.app.zone();
    let content = &opened.draft.content;
    let said = |at| format!("{}, {}", zone.day_of(at).for_people(), zone.clock_of(at));
    let start = match content.starts {
        Some(at) => format!("Starts {} by itself, if it is approved by then.", said(at)),
        None => "Starts when someone presses “Start sending”.".to_owned(),
    };
    let end = match content.not_after {
        Some(at) => format!("Nothing of it leaves after {}.", said(at)),
        None => "Nothing of it leaves later than a week after its start.".to_owned(),
    };
    format!("{start} {end}")
}

pub(crate) fn topic(site: &Site, opened: &Opened) -> String {
    let settings = site.app.settings();
    let topic = opened.draft.content.topic.as_ref();
    topic.map_or_else(String::new, |t| {
        settings.topics.get(t.as_str()).cloned().unwrap_or_else(|| t.to_string())
    })
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Page<Review>> {
    let opened = open(&site, &signed, id).await?;
    Ok(Page(page(&site, &signed, opened, &query, Form::default()).await?))
}

async fn page(
    site: &Site,
    signed: &Signed,
    mut opened: Opened,
    query: &HashMap<String, String>,
    form: Form,
) -> Result<Review> {
    let id = opened.draft.id;
    let by = signed.leave(site, PreviewCampaign).await?;
    let letter = site.app.preview_letter(&by, &opened.draft.content).await?;
    let campaign = site.app.campaign(&CampaignId::from_uuid(id).to_string()).await.ok();
    Ok(Review {
        frame: Frame::of(site, signed, Section::Campaigns).await?,
        steps: opened.steps("review"),
        id,
        revision: opened.draft.revision,
        decision: decision(&opened.draft.content.classified()),
        topic: topic(site, &opened),
        findings: Findings::read(site, &letter.findings, &letter.kept).await?,
        letter,
        audience: find(site, signed, &opened.draft.content).await?,
        when: when(site, &opened),
        may_submit: campaign.is_none() && signed.can(ActionName::CreateCampaign),
        may_start: campaign.as_ref().is_some_and(|c| c.state == "approved")
            && signed.can(ActionName::SendCampaign),
        state: campaign.as_ref().map(state),
        missing: opened.missing,
        trial: trial(site, signed, &form, query, false).await?,
        form,
    })
}

/// Sends a test of the mail as it was saved last.
pub(crate) async fn test(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response> {
    match trial::send(&site, &signed, id, &posted, "review").await? {
        Ok(path) => Ok(GoTo::page(path).into_response()),
        Err(text) => {
            let mut form = Form::of(&posted, &[trial::TO]);
            form.wrong(trial::TO, text);
            let opened = open(&site, &signed, id).await?;
            Ok(Again(page(&site, &signed, opened, &HashMap::new(), form).await?).into_response())
        }
    }
}

const NOT_SUBMITTED: &str =
    "Nothing was sent for approval. This is the newer draft: look through it, and send that.";

pub(crate) async fn submit(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response> {
    let revision: u64 = posted.get("revision").parse().map_err(|_| StaffError::Malformed)?;
    let preview = signed.leave(&site, PreviewCampaign).await?;
    let leaves =
        (signed.leave(&site, CreateCampaign).await?, signed.leave(&site, SaveTemplate).await?, &preview);
    match site.app.submit_campaign(leaves, (id, revision), site.now()).await {
        Ok(_) => return Ok(GoTo::page(format!("/campaigns/{id}/review")).into_response()),
        Err(AppError::Stale) => {}
        Err(other) => return Err(other.into()),
    }
    // What is approved is what its author has seen.
    let opened = open(&site, &signed, id).await?;
    let by = Overtaken::by(&site, &signed, &opened.draft, NOT_SUBMITTED).await?;
    let page = page(&site, &signed, opened.overtaken(by), &HashMap::new(), Form::default()).await?;
    Ok(Late(page).into_response())
}

/// Starts an approved campaign.
pub(crate) async fn start(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    _: Posted,
) -> Result<GoTo> {
    let by = signed.leave(&site, SendCampaign).await?;
    site.app.start_campaign(by, CampaignId::from_uuid(id), site.now()).await?;
    Ok(GoTo::page(format!("/campaigns/{id}/progress")))
}
