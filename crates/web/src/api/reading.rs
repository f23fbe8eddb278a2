//! Segments and campaigns: read, checked, counted.

use super::body::{Id, Json, Page};
use super::guard::Caller;
use super::problem::{Problem, Result};
use crate::site::Site;
use axum::extract::State;
use discreet_access::{CheckSegment, CountSegment, ListSegments, ReadReport, SaveSegment};
use discreet_app::segments::{Saved, Which};
use discreet_domain::{CampaignId, Cell, Topic, Viewer};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Segments, and the cursor to the next page.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Segments {
    items: Vec<Segment>,
    /// `after` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A saved segment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Segment {
    id: String,
    name: String,
    version: u64,
    /// How careful to be: L0 to L4.
    label: String,
    text: String,
}

/// A segment's text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Text {
    #[schema(example = "age >= 18 and has condition icd10:E11*")]
    text: String,
}

/// What a segment's text means.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Reading {
    /// The canonical text.
    text: String,
    /// In a sentence.
    sentence: String,
    label: String,
    label_meaning: String,
    /// What it rests on.
    bases: Vec<String>,
    /// What is allowed but perhaps not meant.
    hints: Vec<String>,
}

/// A segment to count: a saved one by name, or a text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Count {
    #[serde(default)]
    segment: Option<String>,
    #[serde(default)]
    text: Option<String>,
    /// About what optional mail would be; `marketing` unless given.
    #[serde(default)]
    topic: Option<String>,
}

/// A number of people: exact, or below the smallest shown.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct People {
    /// How many; none if fewer than `below` and more than none.
    count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    below: Option<u64>,
}

/// How many a segment selects, and whom optional mail could reach.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Counted {
    count: People,
    /// For how many it cannot be told.
    unknown: People,
    eligible: People,
    /// The others, by the first rule that says no.
    refused: BTreeMap<String, People>,
    label: String,
}

/// A segment to save.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Save {
    name: String,
    text: String,
}

/// Campaigns, and the cursor to the next page.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Campaigns {
    items: Vec<Campaign>,
    /// `after` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A campaign.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Campaign {
    id: String,
    name: String,
    state: String,
    topic: String,
    label: String,
    /// Rows of the decision table it is classified by.
    rows: Vec<String>,
}

/// What came of a campaign.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Report {
    campaign: Campaign,
    selected: People,
    eligible: People,
    /// Refused at the start, by reason code.
    refused: BTreeMap<String, People>,
    /// Held at hand-over, by reason code.
    held: BTreeMap<String, People>,
    /// Messages by whose link somebody unsubscribed.
    unsubscribed: People,
    /// Messages by state.
    states: BTreeMap<String, People>,
}

fn people(cell: Cell, viewer: Viewer) -> People {
    use discreet_domain::Shown;
    match cell.shown_to(viewer) {
        Shown::Count(n) => People { count: Some(n), below: None },
        Shown::Below(n) => People { count: None, below: Some(n) },
    }
}

fn segment(saved: Saved) -> Segment {
    Segment {
        id: saved.id,
        name: saved.name,
        version: saved.version,
        label: saved.label.name().to_owned(),
        text: saved.text,
    }
}

pub(super) fn campaign(campaign: discreet_app::campaigns::Campaign) -> Campaign {
    Campaign {
        id: campaign.id,
        name: campaign.name,
        state: campaign.state.to_owned(),
        topic: campaign.topic,
        label: campaign.label.name().to_owned(),
        rows: campaign.rows,
    }
}

pub(super) fn report_of(report: discreet_app::campaigns::Report) -> Report {
    let viewer = report.viewer;
    let cells =
        |cells: BTreeMap<String, Cell>| cells.into_iter().map(|(k, c)| (k, people(c, viewer))).collect();
    Report {
        selected: people(report.selected, viewer),
        eligible: people(report.eligible, viewer),
        refused: cells(report.refused),
        held: cells(report.held),
        unsubscribed: people(report.withdrew, viewer),
        states: report.states.into_iter().map(|(state, c)| (state.to_owned(), people(c, viewer))).collect(),
        campaign: campaign(report.campaign),
    }
}

pub(crate) async fn segments(State(site): State<Site>, caller: Caller, page: Page) -> Result<Json<Segments>> {
    let all = site.app.segments(caller.leave(&site, ListSegments).await?).await?;
    let (items, next) = page.of(all, |saved| saved.id.clone())?;
    Ok(Json(Segments { items: items.into_iter().map(segment).collect(), next }))
}

pub(crate) async fn check(
    State(site): State<Site>,
    caller: Caller,
    Json(text): Json<Text>,
) -> Result<Json<Reading>> {
    let by = caller.leave(&site, CheckSegment).await?;
    let read = site.app.read_segment(by, &Which::Text(text.text)).await?;
    Ok(Json(Reading {
        text: read.text,
        sentence: read.sentence,
        label: read.label.name().to_owned(),
        label_meaning: read.label_meaning.to_owned(),
        bases: read.bases.into_iter().map(str::to_owned).collect(),
        hints: read.hints,
    }))
}

pub(crate) async fn count(
    State(site): State<Site>,
    caller: Caller,
    Json(asked): Json<Count>,
) -> Result<Json<Counted>> {
    let which = match (asked.segment, asked.text) {
        (Some(name), None) => Which::Saved(name),
        (None, Some(text)) => Which::Text(text),
        _ => return Err(Problem::invalid("give one of `segment`, `text`")),
    };
    let topic = match asked.topic {
        None => Topic::marketing(),
        Some(topic) => Topic::parse(&topic).map_err(|e| Problem::invalid(e.to_string()).at("/topic"))?,
    };
    let by = caller.leave(&site, CountSegment).await?;
    let counted = site.app.count_segment(by, &which, &topic, site.now()).await?;
    let viewer = caller.viewer();
    let refused = counted.refused.into_iter().map(|(why, n)| (why.code().to_owned(), people(n, viewer)));
    Ok(Json(Counted {
        count: people(counted.count, viewer),
        unknown: people(counted.unknown, viewer),
        eligible: people(counted.eligible, viewer),
        refused: refused.collect(),
        label: counted.label.name().to_owned(),
    }))
}

pub(crate) async fn save(
    State(site): State<Site>,
    caller: Caller,
    Json(save): Json<Save>,
) -> Result<Json<Segment>> {
    let by = caller.leave(&site, SaveSegment).await?;
    Ok(Json(segment(site.app.save_segment(by, &save.name, &save.text, site.now()).await?)))
}

pub(crate) async fn campaigns(
    State(site): State<Site>,
    caller: Caller,
    page: Page,
) -> Result<Json<Campaigns>> {
    let all = site.app.campaigns(caller.leave(&site, ReadReport).await?).await?;
    let (items, next) = page.of(all, |campaign| campaign.id.clone())?;
    Ok(Json(Campaigns { items: items.into_iter().map(campaign).collect(), next }))
}

pub(crate) async fn report(
    State(site): State<Site>,
    caller: Caller,
    Id(id): Id<CampaignId>,
) -> Result<Json<Report>> {
    let by = caller.leave(&site, ReadReport).await?;
    Ok(Json(report_of(site.app.report(by, id).await?)))
}
