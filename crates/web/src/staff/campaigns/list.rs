//! `/campaigns`: all of them, by what is to be done; and the calendar of what was sent and will be.

use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::Posted;
use crate::staff::frame::{Frame, Section};
use crate::staff::page::{GoTo, Page};
use crate::staff::parts::{self, Badge};
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{Path, State};
use discreet_access::{ActionName, CreateCampaign, ReadReport};
use discreet_app::campaigns::Campaign;
use discreet_domain::{CampaignId, Timestamp};
use std::collections::BTreeMap;
use uuid::Uuid;

/// All campaigns.
#[derive(Template, Debug)]
#[template(path = "staff/campaigns/list.html")]
pub(crate) struct List {
    frame: Frame,
    lines: Vec<Line>,
    may_create: bool,
    may_see_images: bool,
}

#[derive(Debug)]
struct Line {
    href: String,
    name: String,
    state: (&'static str, &'static str),
    topic: String,
    badge: Option<Badge>,
    when: String,
}

/// A campaign's state in words, and how it looks.
pub(crate) fn state(campaign: &Campaign) -> (&'static str, &'static str) {
    match campaign.state {
        "draft" => ("Waiting for approval", "state-warn"),
        "approved" if campaign.starts.is_some() => ("Scheduled", "state-info"),
        "approved" => ("Approved, not started", "state-info"),
        "running" => ("Sending", "state-info"),
        "paused" => ("Paused", "state-warn"),
        "done" => ("Done", "state-ok"),
        "cancelled" => ("Cancelled", ""),
        _ => ("", ""),
    }
}

pub(crate) async fn show(State(site): State<Site>, signed: Signed) -> Result<Page<List>> {
    let campaigns = site.app.campaigns(signed.leave(&site, ReadReport).await?).await?;
    let drafts = site.app.campaign_drafts(signed.leave(&site, ReadReport).await?).await?;
    let settings = site.app.settings();
    let topic = |word: &str| settings.topics.get(word).cloned().unwrap_or_else(|| word.to_owned());
    let mut lines = Vec::new();
    for draft in drafts {
        if campaigns.iter().any(|c| c.campaign.uuid() == draft.id) {
            continue;
        }
        let content = draft.content;
        lines.push(Line {
            href: format!("/campaigns/{}/purpose", draft.id),
            name: if content.name.is_empty() { "New campaign".to_owned() } else { content.name },
            state: if content.returned.is_some() { ("Sent back", "state-bad") } else { ("Draft", "") },
            topic: content.topic.map_or_else(String::new, |t| topic(t.as_str())),
            badge: None,
            when: format!("changed {}", day(&site, draft.changed)),
        });
    }
    for campaign in campaigns.iter().rev() {
        lines.push(Line {
            href: format!("/campaigns/{}", campaign.id),
            name: campaign.name.clone(),
            state: state(campaign),
            topic: topic(&campaign.topic),
            badge: Some(parts::badge(campaign.label)),
            when: when(&site, campaign),
        });
    }
    let frame = Frame::of(&site, &signed, Section::Campaigns).await?;
    let may_create = signed.can(ActionName::CreateCampaign);
    let may_see_images = signed.can(ActionName::PreviewCampaign);
    Ok(Page(List { frame, lines, may_create, may_see_images }))
}

fn day(site: &Site, at: Timestamp) -> String {
    site.app.zone().day_of(at).for_people()
}

fn when(site: &Site, campaign: &Campaign) -> String {
    match (campaign.started, campaign.starts) {
        (Some(at), _) => format!("started {}", day(site, at)),
        (None, Some(at)) => format!("starts {}, {}", day(site, at), site.app.zone().clock_of(at)),
        (None, None) => format!("submitted {}", day(site, campaign.created)),
    }
}

pub(crate) async fn begin(State(site): State<Site>, signed: Signed, posted: Posted) -> Result<GoTo> {
    let by = signed.leave(&site, CreateCampaign).await?;
    let segment = Some(posted.get("segment")).filter(|name| !name.is_empty());
    let draft = site.app.begin_campaign_draft(by, segment, site.now()).await?;
    Ok(GoTo::page(format!("/campaigns/{}/purpose", draft.id)))
}

/// A copy, to change and send again.
pub(crate) async fn copy(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    _: Posted,
) -> Result<GoTo> {
    let by = signed.leave(&site, CreateCampaign).await?;
    let draft = site.app.clone_campaign_draft(by, id, site.now()).await?;
    Ok(GoTo::page(format!("/campaigns/{}/purpose", draft.id)))
}

/// Where a campaign is just now: its review, or its progress.
pub(crate) async fn one(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>) -> Result<GoTo> {
    signed.leave(&site, ReadReport).await?;
    let campaign = site.app.campaign(&CampaignId::from_uuid(id).to_string()).await;
    let page = match campaign {
        Ok(campaign) if campaign.started.is_some() => "progress",
        _ if signed.can(ActionName::PreviewCampaign) => "review",
        _ => "progress",
    };
    Ok(GoTo::page(format!("/campaigns/{id}/{page}")))
}

/// A month of the calendar.
#[derive(Template, Debug)]
#[template(path = "staff/campaigns/calendar.html")]
pub(crate) struct Calendar {
    frame: Frame,
    months: Vec<(String, Vec<(String, Line)>)>,
}

pub(crate) async fn calendar(State(site): State<Site>, signed: Signed) -> Result<Page<Calendar>> {
    let campaigns = site.app.campaigns(signed.leave(&site, ReadReport).await?).await?;
    let zone = site.app.zone();
    let mut days: BTreeMap<i32, Vec<Line>> = BTreeMap::new();
    for campaign in &campaigns {
        let Some(at) = campaign.started.or(campaign.starts) else { continue };
        let line = Line {
            href: format!("/campaigns/{}", campaign.id),
            name: campaign.name.clone(),
            state: state(campaign),
            topic: campaign.topic.clone(),
            badge: None,
            when: zone.clock_of(at),
        };
        days.entry(zone.day_of(at).number()).or_default().push(line);
    }
    let mut months: Vec<(String, Vec<(String, Line)>)> = Vec::new();
    for (number, lines) in days.into_iter().rev() {
        let day = discreet_domain::Day::from_number(number);
        let month = day.month_for_people();
        if months.last().is_none_or(|(name, _)| *name != month) {
            months.push((month, Vec::new()));
        }
        if let Some((_, entries)) = months.last_mut() {
            entries.extend(lines.into_iter().map(|line| (day.for_people(), line)));
        }
    }
    Ok(Page(Calendar { frame: Frame::of(&site, &signed, Section::Campaigns).await?, months }))
}
