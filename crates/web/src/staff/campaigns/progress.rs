//! `/campaigns/{id}/progress`: how far it is, and what came of it. While it is sent, the page asks again by itself.

use super::list::state;
use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::Posted;
use crate::staff::frame::{Frame, Section};
use crate::staff::page::{GoTo, Page};
use crate::staff::parts::{self, Badge};
use crate::staff::signed::{Fragment, Signed};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use discreet_access::{ActionName, ReadReport, SendCampaign, SettleUnknown};
use discreet_app::campaigns::Report;
use discreet_domain::{CampaignId, Cell, Viewer};
use discreet_policy::Denied;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The page.
#[derive(Template, Debug)]
#[template(path = "staff/campaigns/progress.html")]
pub(crate) struct Progress {
    frame: Frame,
    sent: Sent,
}

/// How far it is, by itself: what the page asks for again.
#[derive(Template, Debug)]
#[template(path = "staff/campaigns/sent.html")]
pub(crate) struct Sent {
    id: Uuid,
    name: String,
    state: (&'static str, &'static str),
    badge: Badge,
    running: bool,
    may: May,
    form_token: String,
    total: u64,
    done: u64,
    shown_done: String,
    shown_total: String,
    lines: Vec<(&'static str, String)>,
    refused: Vec<(String, String)>,
    held: Vec<(String, String)>,
    left: String,
    withdrew: String,
    selected: String,
    eligible: String,
    unknown: Vec<String>,
    exact: bool,
}

/// What whoever looks may do now.
#[derive(Debug)]
struct May {
    pause: bool,
    go_on: bool,
    cancel: bool,
    copy: bool,
    settle: bool,
}

impl askama::filters::HtmlSafe for Sent {}

/// States of messages in words, in the order they are read.
const STATES: [(&str, &str); 6] = [
    ("accepted", "accepted"),
    ("queued", "waiting"),
    ("deferred", "waiting to retry"),
    ("bounced", "bounced"),
    ("refused", "refused by the relay"),
    ("unknown", "unknown"),
];

async fn sent(site: &Site, signed: &Signed, id: Uuid) -> Result<Sent> {
    let campaign_id = CampaignId::from_uuid(id);
    let report = site.app.report(signed.leave(site, ReadReport).await?, campaign_id).await?;
    let viewer = report.viewer;
    let count = |state: &str| report.states.get(state).copied().unwrap_or_default();
    let shown = |cell: Cell| cell.shown_to(viewer).for_people();
    let total: u64 = report.states.values().map(|cell| cell.exact()).sum();
    let open: u64 = ["queued", "claimed", "handed_over", "deferred"].iter().map(|s| count(s).exact()).sum();
    let running = matches!(report.campaign.state, "running");
    let paused = report.campaign.state == "paused";
    let can_send = signed.can(ActionName::SendCampaign);
    let unknown = match signed.can(ActionName::SettleUnknown) && count("unknown").exact() > 0 {
        true => site.app.unknown_messages(signed.leave(site, SettleUnknown).await?, campaign_id).await?,
        false => Vec::new(),
    };
    let left: u64 = ["VETO_OPTOUT", "VETO_STOP_ALL", "VETO_ADDRESS_UNVERIFIED"]
        .iter()
        .filter_map(|code| report.held.get(*code))
        .map(|cell| cell.exact())
        .sum();
    Ok(Sent {
        id,
        state: state(&report.campaign),
        badge: parts::badge(report.campaign.label),
        running,
        may: May {
            pause: running && can_send,
            go_on: paused && can_send,
            cancel: (running || paused) && can_send,
            copy: signed.can(ActionName::CreateCampaign),
            settle: !unknown.is_empty(),
        },
        form_token: signed.secret().form_token(),
        total: round(total, viewer),
        done: round(total - open, viewer),
        shown_done: shown(Cell::of(total - open)),
        shown_total: shown(Cell::of(total)),
        lines: STATES.iter().map(|(state, words)| (*words, shown(count(state)))).collect(),
        refused: reasons(&report.refused, &report),
        held: reasons(&report.held, &report),
        left: shown(Cell::of(left)),
        withdrew: shown(report.withdrew),
        selected: shown(report.selected),
        eligible: shown(report.eligible),
        unknown: unknown.iter().map(ToString::to_string).collect(),
        exact: viewer == Viewer::SeesPatients,
        name: report.campaign.name,
    })
}

/// A bar must not tell what the number hides.
fn round(n: u64, viewer: Viewer) -> u64 {
    Cell::of(n).shown_to(viewer).number().unwrap_or(0)
}

fn reasons(counts: &BTreeMap<String, Cell>, report: &Report) -> Vec<(String, String)> {
    let mut all: Vec<_> = counts.iter().filter(|(_, cell)| cell.exact() > 0).collect();
    all.sort_by_key(|(_, cell)| std::cmp::Reverse(cell.exact()));
    let words = |code: &str| match code {
        "NOT_IN_SEGMENT" => "left the segment meanwhile".to_owned(),
        "NO_VALUE" => "a value the email needs is missing".to_owned(),
        "UNREADABLE" => "the record could not be read".to_owned(),
        code => Denied::from_code(code)
            .map_or_else(|| code.replace('_', " ").to_lowercase(), |d| d.text().to_owned()),
    };
    all.into_iter().map(|(code, cell)| (words(code), cell.shown_to(report.viewer).for_people())).collect()
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    fragment: Fragment,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let sent = sent(&site, &signed, id).await?;
    if fragment.0 {
        return Ok(Page(sent).into_response());
    }
    let frame = Frame::of(&site, &signed, Section::Campaigns).await?;
    Ok(Page(Progress { frame, sent }).into_response())
}

fn back(id: Uuid) -> GoTo {
    GoTo::page(format!("/campaigns/{id}/progress"))
}

pub(crate) async fn pause(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    _: Posted,
) -> Result<GoTo> {
    let by = signed.leave(&site, SendCampaign).await?;
    site.app.pause_campaign(by, CampaignId::from_uuid(id), site.now()).await?;
    Ok(back(id))
}
pub(crate) async fn go_on(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    _: Posted,
) -> Result<GoTo> {
    let by = signed.leave(&site, SendCampaign).await?;
    site.app.continue_campaign(by, CampaignId::from_uuid(id), site.now()).await?;
    Ok(back(id))
}
pub(crate) async fn cancel(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    _: Posted,
) -> Result<GoTo> {
    let by = signed.leave(&site, SendCampaign).await?;
    site.app.cancel_campaign(by, CampaignId::from_uuid(id), site.now()).await?;
    Ok(back(id))
}
/// Says what became of messages of which nobody knows.
pub(crate) async fn settle(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<GoTo> {
    let arrived = posted.get("arrived") == "yes";
    for message in posted.all("message") {
        let message = message.parse().map_err(|_| crate::staff::error::StaffError::Malformed)?;
        let by = signed.leave(&site, SettleUnknown).await?;
        site.app.settle_unknown(by, message, arrived, site.now()).await?;
    }
    Ok(back(id))
}
