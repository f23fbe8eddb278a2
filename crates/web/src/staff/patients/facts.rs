//! What is known of a patient: attributes, then a timeline, newest first. What is sensitive is folded away and shown only
//! when asked for, which is recorded.

use super::{HeadView, Result, door, head_view, showing};
use crate::site::Site;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::looks::Opened;
use crate::staff::page::Page;
use crate::staff::parts::{self, Badge, Choice};
use crate::staff::signed::Signed;
use crate::staff::when;
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use discreet_access::{ActionName, NameSegments};
use discreet_app::charts::{AttributeLine, Line, kinds};
use discreet_domain::{Label, Zone};

/// Lines of the timeline shown at most: then a filter helps.
const LONGEST_TIMELINE: usize = 500;
pub(crate) const SHOWN_NOTE: &str = "Sensitive facts were shown.";

/// A record's facts.
#[derive(Template, Debug)]
#[template(path = "staff/patients/facts.html")]
pub(crate) struct Facts {
    frame: Frame,
    head: HeadView,
    form: Form,
    attributes: Vec<AttributeLine>,
    months: Vec<Month>,
    kinds: Vec<(String, String)>,
    /// How many are folded away.
    sensitive: usize,
    /// They are shown.
    sensitive_shown: bool,
    /// How many are not shown because there are too many.
    beyond: usize,
    nothing: bool,
    /// Segments to ask about.
    segments: Vec<Choice>,
    zone: Zone,
}

/// What happened in a month.
#[derive(Debug)]
pub(crate) struct Month {
    title: String,
    lines: Vec<Shown>,
}

/// A line of the timeline.
#[derive(Debug)]
pub(crate) struct Shown {
    id: String,
    title: String,
    words: String,
    date: String,
    badge: Badge,
}

impl Facts {
    /// The badge of what is more than demographic.
    fn badge(&self, label: &Label) -> Option<Badge> {
        (*label >= Label::L2).then(|| parts::badge(*label))
    }
    fn words(&self, attribute: &AttributeLine) -> String {
        attribute.date.map_or_else(|| attribute.words.clone(), |date| when::when(&self.zone, date))
    }
    fn choices(&self) -> Vec<Choice> {
        self.kinds.iter().map(|(name, title)| Choice::new(&self.form, "kind", name, title)).collect()
    }
}

fn shown(line: Line, zone: &Zone) -> Shown {
    let date = match (line.at, line.until) {
        (Some(at), Some(until)) => format!("{} to {}", when::when(zone, at), when::when(zone, until)),
        (Some(at), None) => when::when(zone, at),
        (None, Some(until)) => format!("until {}", when::when(zone, until)),
        (None, None) => "no date".to_owned(),
    };
    Shown { id: line.id, title: line.title, words: line.words, date, badge: parts::badge(line.label) }
}

fn months(lines: Vec<Line>, zone: &Zone) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::new();
    for line in lines {
        let title = line.at.map_or_else(|| "No date".to_owned(), |at| when::month(zone, at));
        let line = shown(line, zone);
        match months.last_mut().filter(|month| month.title == title) {
            Some(month) => month.lines.push(line),
            None => months.push(Month { title, lines: vec![line] }),
        }
    }
    months
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(patient): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let opened = door(&site, &signed, &patient, &format!("/patients/{patient}")).await?;
    let query = query.unwrap_or_default();
    let asked = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "kind");
    let asked: Vec<String> = asked.map(|(_, kind)| kind.into_owned()).collect();
    Ok(Page(page(&site, &signed, opened, asked, false).await?).into_response())
}

/// Shows what is sensitive as well.
pub(crate) async fn sensitive(
    State(site): State<Site>,
    signed: Signed,
    Path(patient): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let opened = door(&site, &signed, &patient, &format!("/patients/{patient}")).await?;
    let asked = posted.all("kind").into_iter().map(str::to_owned).collect();
    Ok(Page(page(&site, &signed, opened, asked, true).await?).into_response())
}

async fn page(
    site: &Site,
    signed: &Signed,
    mut opened: Opened,
    asked: Vec<String>,
    all: bool,
) -> Result<Facts> {
    let frame = Frame::of(site, signed, Section::Patients).await?;
    if all {
        let words = opened.note.take().map_or_else(|| SHOWN_NOTE.to_owned(), |n| format!("{n} {SHOWN_NOTE}"));
        opened.note = Some(words);
    }
    let by = showing(site, signed, &opened).await?;
    let view = site.app.view(&by, opened.reason, opened.note.as_deref(), site.now()).await?;
    let head = head_view(site, &view.clone().map(|view| view.head), &opened, "facts");
    let view = view.into_exposed();
    let zone = site.app.zone();
    let segments = segments_to_ask_about(site, signed).await?;
    let nothing = view.lines.is_empty() && view.attributes.is_empty();
    let there: Vec<String> = view.lines.iter().map(|line| line.kind.clone()).collect();
    let kinds: Vec<(String, String)> = kinds().into_iter().filter(|(name, _)| there.contains(name)).collect();
    let wanted = |line: &Line| asked.is_empty() || asked.contains(&line.kind);
    let (hidden, mut lines): (Vec<Line>, Vec<Line>) =
        view.lines.into_iter().filter(wanted).partition(|line| !all && line.label >= Label::L3);
    let beyond = lines.len().saturating_sub(LONGEST_TIMELINE);
    lines.truncate(LONGEST_TIMELINE);
    let mut form = Form::default();
    let ticked = if asked.is_empty() { kinds.iter().map(|(name, _)| name.clone()).collect() } else { asked };
    form.set_all("kind", ticked);
    Ok(Facts {
        frame,
        head,
        form,
        attributes: view.attributes,
        months: months(lines, &zone),
        kinds,
        sensitive: hidden.len(),
        sensitive_shown: all,
        beyond,
        nothing,
        segments,
        zone,
    })
}

/// Saved segments, to ask why the patient is in or out.
async fn segments_to_ask_about(site: &Site, signed: &Signed) -> Result<Vec<Choice>> {
    if !signed.can(ActionName::ExplainMembership) {
        return Ok(Vec::new());
    }
    let all = site.app.segment_names(signed.leave(site, NameSegments).await?).await?;
    let nothing = Form::default();
    Ok(all.iter().map(|s| Choice::new(&nothing, "segment", &s.id.to_string(), &s.name)).collect())
}
