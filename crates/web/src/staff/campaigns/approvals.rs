//! `/approvals`: a reader's page for whoever approves what another wrote.

use super::audience::{FoundAudience, found};
use super::findings::Findings;
use super::review::{topic, when};
use super::steps::{Decision, decision, open};
use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::page::{Again, GoTo, Page};
use crate::staff::parts;
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use discreet_access::{ApproveCampaign, PreviewCampaign, ReadReport, Role};
use discreet_app::campaigns::Campaign;
use discreet_app::campaigns::drafts::LetterPreview;
use discreet_domain::CampaignId;
use std::collections::HashMap;
use uuid::Uuid;

/// What waits.
#[derive(Template, Debug)]
#[template(path = "staff/campaigns/approvals.html")]
pub(crate) struct Approvals {
    frame: Frame,
    waiting: Vec<(Campaign, String)>,
}

/// One of them, to be read.
#[derive(Template, Debug)]
#[template(path = "staff/campaigns/approval.html")]
pub(crate) struct Approval {
    frame: Frame,
    form: Form,
    id: Uuid,
    name: String,
    author: String,
    /// What is approved, to the letter: it comes back with the form.
    content: String,
    decision: Decision,
    topic: String,
    letter: LetterPreview,
    findings: Findings,
    audience: Option<FoundAudience>,
    when: String,
    own: bool,
    /// They kept a finding in it.
    keeper: bool,
    others: String,
}

pub(crate) async fn list(State(site): State<Site>, signed: Signed) -> Result<Page<Approvals>> {
    let all = site.app.campaigns(signed.leave(&site, ReadReport).await?).await?;
    let zone = site.app.zone();
    let waiting = all.into_iter().filter(|c| c.state == "draft");
    Ok(Page(Approvals {
        frame: Frame::of(&site, &signed, Section::Approvals).await?,
        waiting: waiting
            .map(|c| {
                let day = zone.day_of(c.created).for_people();
                (c, day)
            })
            .collect(),
    }))
}

async fn submitted(site: &Site, id: Uuid) -> Result<Campaign> {
    let campaign = site.app.campaign(&CampaignId::from_uuid(id).to_string()).await?;
    match campaign.state {
        "draft" => Ok(campaign),
        _ => Err(StaffError::Refused("this campaign does not wait for approval any more".to_owned())),
    }
}

async fn page(site: &Site, signed: &Signed, id: Uuid, form: Form) -> Result<Approval> {
    let campaign = submitted(site, id).await?;
    let opened = open(site, signed, id).await?;
    let by = signed.leave(site, PreviewCampaign).await?;
    let letter = site.app.preview_letter(&by, &opened.draft.content).await?;
    // The segment as it was when it was submitted: a newer version of that name is not what would be sent.
    let pinned = site.app.preview(by, campaign.campaign, site.now()).await?;
    Ok(Approval {
        frame: Frame::of(site, signed, Section::Approvals).await?,
        form,
        id,
        name: campaign.name,
        content: campaign.content,
        author: site.app.name_of(campaign.author).await?,
        decision: decision(&opened.draft.content.classified()),
        topic: topic(site, &opened),
        letter,
        findings: Findings::read(site, &pinned.findings, &pinned.kept).await?,
        keeper: pinned.kept.is_of(signed.who().user()),
        audience: Some(found(site, signed, &pinned.counted, pinned.sentence)),
        when: when(site, &opened),
        own: campaign.author == signed.who().user(),
        others: site.app.holders(Role::PrivacyOfficer).await?.join(", "),
    })
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Page<Approval>> {
    let mut page = page(&site, &signed, id, Form::default()).await?;
    // Back from showing who they are: what they had ticked holds for what they had read, and for nothing else.
    if query.get("read") == Some(&page.content) {
        page.form.set("read", "yes");
    }
    Ok(Page(page))
}

pub(crate) async fn approve(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response> {
    let campaign = submitted(&site, id).await?;
    if posted.get("read") != "yes" {
        let mut form = Form::default();
        form.wrong("read", "Read the email as patients will see it, and tick that you have");
        return Ok(Again(page(&site, &signed, id, form).await?).into_response());
    }
    if !signed.just_confirmed() {
        let read: String = form_urlencoded::byte_serialize(posted.get("content").as_bytes()).collect();
        let back = format!("/approvals/{id}?read={read}");
        let next: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
        return Ok(GoTo::page(format!("/confirm?next={next}")).into_response());
    }
    let action = ApproveCampaign { campaign: campaign.campaign, author: campaign.author };
    site.app.approve(signed.leave(&site, action).await?, posted.get("content"), site.now()).await?;
    Ok(GoTo::page("/approvals").into_response())
}

pub(crate) async fn send_back(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response> {
    let campaign = submitted(&site, id).await?;
    let mut form = Form::of(&posted, &["reason"]);
    form.need("reason", "Say why, so that the author knows what to change");
    if !form.is_fine() {
        return Ok(Again(page(&site, &signed, id, form).await?).into_response());
    }
    let action = ApproveCampaign { campaign: campaign.campaign, author: campaign.author };
    site.app.send_back(signed.leave(&site, action).await?, posted.get("reason"), site.now()).await?;
    Ok(GoTo::page("/approvals").into_response())
}
