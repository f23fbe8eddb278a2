//! `/segments/{id}`: one saved segment: what it says, whom of it can be written to, how it divides, how it came to be.

use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::form::Form;
use crate::staff::frame::{Frame, Section};
use crate::staff::page::Page;
use crate::staff::parts::{self, Badge, Bars, Choice, Funnel, Tab, Tabs};
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{Path, Query, State};
use discreet_access::{ActionName, CheckSegment, CountSegment, ListSegments};
use discreet_app::segments::library::Version;
use discreet_app::segments::{Reading, Saved, Which};
use discreet_domain::catalog::Kind;
use discreet_domain::{SegmentId, Topic};
use std::collections::HashMap;

/// What stands above each page of a segment.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) id: SegmentId,
    pub(crate) name: String,
    pub(crate) version: u64,
    pub(crate) may_list: bool,
    pub(crate) may_change: bool,
    pub(crate) may_campaign: bool,
    pub(crate) tabs: Tabs,
}

impl Head {
    pub(crate) fn new(signed: &Signed, id: SegmentId, (name, version): (String, u64), tab: &str) -> Head {
        let tabs = [
            ("What it says", "", ActionName::CountSegment),
            ("Insights", "/insights", ActionName::CountSegment),
            ("History", "/history", ActionName::ListSegments),
            ("Why?", "/why", ActionName::ExplainMembership),
        ];
        let tabs = tabs.into_iter().filter(|(_, _, takes)| signed.can(*takes)).map(|(name, path, _)| Tab {
            name,
            href: format!("/segments/{id}{path}"),
            current: path == tab,
        });
        Head {
            id,
            name,
            version,
            may_list: signed.can(ActionName::ListSegments),
            may_change: signed.can(ActionName::SaveSegment),
            may_campaign: signed.can(ActionName::CreateCampaign),
            tabs: parts::tabs("Segment", tabs.collect()),
        }
    }
}

/// What it says, and the funnel.
#[derive(Template, Debug)]
#[template(path = "staff/segments/one.html")]
pub(crate) struct One {
    frame: Frame,
    head: Head,
    reading: Reading,
    badge: Badge,
    selected: String,
    eligible: String,
    counted_at: String,
    funnel: Funnel,
    topics: Vec<Choice>,
}

/// How it divides.
#[derive(Template, Debug)]
#[template(path = "staff/segments/insights.html")]
pub(crate) struct Insights {
    frame: Frame,
    head: Head,
    attributes: Vec<Choice>,
    bars: Bars,
}

/// Its versions, and what changed.
#[derive(Template, Debug)]
#[template(path = "staff/segments/history.html")]
pub(crate) struct History {
    frame: Frame,
    head: Head,
    versions: Vec<VersionView>,
}

#[derive(Debug)]
struct VersionView {
    version: u64,
    author: String,
    at: String,
    badge: Badge,
    text: String,
    /// Against the version before: sign, and line.
    changes: Vec<(&'static str, String)>,
}

async fn head(site: &Site, signed: &Signed, id: SegmentId, tab: &str) -> Result<(Head, Saved)> {
    let saved = site.app.segment(signed.leave(site, ListSegments).await?, id).await?;
    let head = Head::new(signed, id, (saved.name.clone(), saved.version), tab);
    Ok((head, saved))
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<SegmentId>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Page<One>> {
    let (head, saved) = head(&site, &signed, id, "").await?;
    let topics = site.app.settings().topics;
    let asked = query.get("topic").filter(|t| topics.contains_key(*t)).or_else(|| topics.keys().next());
    let topic = asked.and_then(|t| Topic::parse(t).ok()).unwrap_or_else(Topic::marketing);
    let which = Which::Saved(saved.name);
    let reading = site.app.read_segment(signed.leave(&site, CheckSegment).await?, &which).await?;
    let by = signed.leave(&site, CountSegment).await?;
    let counted = site.app.count_segment(by, &which, &topic, site.now()).await?;
    let viewer = signed.viewer();
    let form = Form::default().with("topic", topic.as_str());
    Ok(Page(One {
        frame: Frame::of(&site, &signed, Section::Segments).await?,
        head,
        badge: parts::badge(reading.label),
        reading,
        selected: counted.count.shown_to(viewer).for_people(),
        eligible: counted.eligible.shown_to(viewer).for_people(),
        counted_at: site.app.zone().clock_of(site.now()),
        funnel: parts::funnel(&counted, viewer),
        topics: topics.iter().map(|(word, name)| Choice::new(&form, "topic", word, name)).collect(),
    }))
}

pub(crate) async fn insights(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<SegmentId>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Page<Insights>> {
    let (head, saved) = head(&site, &signed, id, "/insights").await?;
    let catalog = site.app.catalog();
    let by = query.get("by").map_or("age", String::as_str);
    let attribute = catalog.attribute(by).ok_or(StaffError::Missing("attribute"))?;
    let leave = signed.leave(&site, CountSegment).await?;
    let divided = site.app.divide(leave, &saved.text, by, site.now()).await?;
    let form = Form::default().with("by", by);
    let divisible = |kind: Kind| !matches!(kind, Kind::Date | Kind::Number);
    let attributes = catalog
        .attributes
        .iter()
        .filter(|a| divisible(a.kind) || a.name == discreet_domain::catalog::AGE)
        .map(|a| Choice::new(&form, "by", &a.name, &a.title))
        .collect();
    let all = divided.all.shown_to(signed.viewer()).for_people();
    let caption = format!("of {all} patients · {}", site.app.zone().clock_of(site.now()));
    Ok(Page(Insights {
        frame: Frame::of(&site, &signed, Section::Segments).await?,
        head,
        attributes,
        bars: parts::bars(&attribute.title, &caption, &divided, signed.viewer()),
    }))
}

pub(crate) async fn history(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<SegmentId>,
) -> Result<Page<History>> {
    let (head, _) = head(&site, &signed, id, "/history").await?;
    let versions = site.app.segment_versions(signed.leave(&site, ListSegments).await?, id).await?;
    let zone = site.app.zone();
    let view = |(at, v): (usize, &Version)| VersionView {
        version: v.version,
        author: v.author.clone(),
        at: zone.day_of(v.at).for_people(),
        badge: parts::badge(v.label),
        text: v.text.clone(),
        changes: versions.get(at + 1).map(|before| changes(&before.outline, &v.outline)).unwrap_or_default(),
    };
    let shown = versions.iter().enumerate().map(view).collect();
    Ok(Page(History { frame: Frame::of(&site, &signed, Section::Segments).await?, head, versions: shown }))
}

/// What changed, condition by condition: `−`, `+`, and what stayed around it.
fn changes(before: &str, after: &str) -> Vec<(&'static str, String)> {
    let diff = similar::TextDiff::from_lines(before, after);
    let all = diff.iter_all_changes().map(|change| {
        let sign = match change.tag() {
            similar::ChangeTag::Delete => "−",
            similar::ChangeTag::Insert => "+",
            similar::ChangeTag::Equal => " ",
        };
        (sign, change.value().trim_end().to_owned())
    });
    all.collect()
}
