//! `/segments`: the saved segments, and drafts in the making.

use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::frame::{Frame, Section};
use crate::staff::page::Page;
use crate::staff::parts::{self, Badge};
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{Path, Query, State};
use discreet_access::{ActionName, CountSegment, ListSegments};
use discreet_app::segments::Which;
use discreet_app::segments::library::Listed;
use discreet_domain::{SegmentId, Topic};
use std::collections::HashMap;

/// The library.
#[derive(Template, Debug)]
#[template(path = "staff/segments/library.html")]
pub(crate) struct Library {
    frame: Frame,
    segments: Vec<Line>,
    drafts: Vec<DraftLine>,
    find: String,
    may_change: bool,
    any: bool,
}

#[derive(Debug)]
struct Line {
    id: SegmentId,
    name: String,
    version: u64,
    sentence: String,
    badge: Badge,
    changed: String,
    broken: bool,
    restricted: bool,
}

#[derive(Debug)]
struct DraftLine {
    path: String,
    name: String,
    changed: String,
}

/// Letters of a sentence shown in the list, at most.
const SENTENCE: usize = 110;

/// Segments to copy: name, what it is, text.
pub(crate) const EXAMPLES: [(&str, &str, &str); 4] = [
    (
        "Diabetes check overdue",
        "Adults with diabetes without a visit in a year",
        "age >= 18 and has condition icd10:E11* and no appointment where status = fulfilled in last 12 months",
    ),
    (
        "Visit soon",
        "A booked visit in the next two weeks",
        "any appointment where status = booked in next 14 days",
    ),
    ("Walking newsletter", "Interested in walking or nutrition", "interests has any (walking, nutrition)"),
    ("Seniors nearby", "65 or older, within 15 miles", "age >= 65 and zip within 15 miles of 10001"),
];

impl Library {
    fn examples(&self) -> [(&'static str, &'static str, &'static str); 4] {
        EXAMPLES
    }
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Page<Library>> {
    let frame = Frame::of(&site, &signed, Section::Segments).await?;
    let all = site.app.library(signed.leave(&site, ListSegments).await?).await?;
    let drafts = site.app.segment_drafts(signed.leave(&site, ListSegments).await?).await?;
    let find = query.get("find").map_or(String::new(), |find| find.trim().to_owned());
    let zone = site.app.zone();
    let line = |s: Listed| Line {
        id: s.id,
        version: s.version,
        badge: parts::badge(s.label),
        changed: zone.day_of(s.changed).for_people(),
        broken: s.sentence.is_none() && !s.restricted,
        restricted: s.restricted,
        sentence: short(&s.sentence.unwrap_or_default()),
        name: s.name,
    };
    Ok(Page(Library {
        any: !all.is_empty(),
        segments: all.into_iter().filter(|s| found(s, &find)).map(line).collect(),
        drafts: drafts
            .into_iter()
            .map(|d| DraftLine {
                path: format!("/drafts/{}", d.id),
                name: if d.content.name.is_empty() {
                    "New segment".to_owned()
                } else {
                    d.content.name.clone()
                },
                changed: zone.day_of(d.changed).for_people(),
            })
            .collect(),
        find,
        may_change: signed.can(ActionName::SaveSegment),
        frame,
    }))
}

fn found(segment: &Listed, find: &str) -> bool {
    let text = format!("{} {}", segment.name, segment.sentence.as_deref().unwrap_or("")).to_lowercase();
    find.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

fn short(sentence: &str) -> String {
    let whole = super::builder::sentence(sentence);
    match whole.char_indices().nth(SENTENCE) {
        Some((at, _)) => format!("{}…", whole.get(..at).unwrap_or(&whole)),
        None => whole,
    }
}

/// One line's counts, fetched by the page line by line.
#[derive(Template, Debug)]
#[template(
    source = r#"<td class="num" data-label="Patients">{{ selected }}</td><td class="num" data-label="Can be sent">{{ eligible }}</td>"#,
    ext = "html"
)]
pub(crate) struct Counts {
    selected: String,
    eligible: String,
}

pub(crate) async fn counts(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<SegmentId>,
) -> Result<Page<Counts>> {
    let saved = site.app.segment(signed.leave(&site, ListSegments).await?, id).await?;
    let first = site.app.settings().topics.into_keys().next();
    let topic = first.and_then(|t| Topic::parse(&t).ok()).unwrap_or_else(Topic::marketing);
    let by = signed.leave(&site, CountSegment).await?;
    let counted = site.app.count_segment(by, &Which::Saved(saved.name), &topic, site.now()).await;
    let counted = counted.map_err(StaffError::from)?;
    let shown = |cell: discreet_domain::Cell| cell.shown_to(signed.viewer()).for_people();
    Ok(Page(Counts { selected: shown(counted.count), eligible: shown(counted.eligible) }))
}
