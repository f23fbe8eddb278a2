//! `/segments/{id}/why`: why one patient is in a segment or not. The patient is found as on `/patients`, the record is
//! opened for a reason as everywhere, and each answer is in the log. What is sensitive is folded away and shown only when
//! asked for, which is recorded: if the segment asks about something sensitive, that is the answer itself.

use super::builder::sentence;
use super::one::Head;
use crate::site::Site;
use crate::staff::error::StaffError;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::page::{Again, GoTo, Page};
use crate::staff::parts::{self, Badge, Choice};
use crate::staff::patients::facts::SHOWN_NOTE;
use crate::staff::patients::find::{Came, asked, fresh, look_for, ways};
use crate::staff::patients::{self, HeadView, Result, door, patient_id, why_path};
use crate::staff::signed::Signed;
use crate::staff::when;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use discreet_access::{ExplainMembership, NameSegments};
use discreet_app::segments::Which;
use discreet_app::segments::why::{Because, Explained, Named, Row, mark, word};
use discreet_domain::{Label, SegmentId};

/// Whom to ask about.
#[derive(Template, Debug)]
#[template(path = "staff/segments/why_find.html")]
pub(crate) struct Find {
    frame: Frame,
    head: Head,
    form: Form,
    answer: Option<String>,
    action: String,
}

impl Find {
    fn ways(&self) -> Vec<Choice> {
        ways(&self.form)
    }
}

/// The answer.
#[derive(Template, Debug)]
#[template(path = "staff/segments/why.html")]
pub(crate) struct Answer {
    frame: Frame,
    head: Head,
    record: HeadView,
    badge: Badge,
    at: String,
    /// In or out, and why; `None`: folded away, because the segment asks about something sensitive.
    sentence: Option<String>,
    root: Option<RowView>,
    /// How many facts are folded away.
    sensitive: usize,
    /// They are shown.
    sensitive_shown: bool,
}

/// A row with its answer.
#[derive(Template, Debug)]
#[template(path = "staff/segments/why_row.html")]
pub(crate) struct RowView {
    number: String,
    words: String,
    mark: &'static str,
    answer: &'static str,
    /// The word between its parts.
    between: Option<&'static str>,
    badge: Option<Badge>,
    facts: Vec<(String, Option<Badge>)>,
    /// Facts that are folded away.
    folded: usize,
    /// Facts beyond those that are named.
    more: usize,
    parts: Vec<RowView>,
}
impl askama::filters::HtmlSafe for RowView {}

fn badge_of(label: Label) -> Option<Badge> {
    (label >= Label::L2).then(|| parts::badge(label))
}

impl RowView {
    fn of(row: Row, all: bool) -> RowView {
        let facts = row.facts.len();
        let shown = row.facts.into_iter().filter(|fact| all || !fact.is_sensitive());
        let shown: Vec<_> = shown
            .map(|fact| {
                let badge = fact.is_sensitive().then(|| parts::badge(fact.label));
                (fact.words, badge)
            })
            .collect();
        RowView {
            number: row.number,
            words: sentence(&row.words),
            mark: mark(row.answer),
            answer: word(row.answer),
            between: row.join.map(|join| join.between()),
            badge: badge_of(row.label).filter(|_| row.join.is_none()),
            folded: facts - shown.len(),
            facts: shown,
            more: row.more,
            parts: row.parts.into_iter().map(|part| RowView::of(part, all)).collect(),
        }
    }
    fn is_whole(&self) -> bool {
        self.number.is_empty()
    }
}

async fn named(site: &Site, signed: &Signed, id: SegmentId) -> Result<Named> {
    Ok(site.app.segment_name(signed.leave(site, NameSegments).await?, id).await?)
}

fn head(signed: &Signed, segment: &Named) -> Head {
    Head::new(signed, segment.id, (segment.name.clone(), segment.version), "/why")
}

async fn find_page(
    site: &Site,
    signed: &Signed,
    segment: &Named,
    form: Form,
    answer: Option<String>,
) -> Result<Find> {
    let frame = Frame::of(site, signed, Section::Segments).await?;
    let action = format!("/segments/{}/why", segment.id);
    Ok(Find { frame, head: head(signed, segment), form, answer, action })
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<SegmentId>,
) -> Result<Page<Find>> {
    let segment = named(&site, &signed, id).await?;
    Ok(Page(find_page(&site, &signed, &segment, fresh(), None).await?))
}

pub(crate) async fn find(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<SegmentId>,
    posted: Posted,
) -> Result<Response> {
    let segment = named(&site, &signed, id).await?;
    match look_for(&site, &signed, &posted).await? {
        Came::Wrong(form) => {
            Ok(Again(find_page(&site, &signed, &segment, form, None).await?).into_response())
        }
        Came::NotOne(form, answer) => {
            Ok(Page(find_page(&site, &signed, &segment, form, Some(answer)).await?).into_response())
        }
        Came::One(one, _) if site.looks.is_open(signed.secret(), one.patient, site.now()) => {
            Ok(GoTo::page(why_path(id, one.patient)).into_response())
        }
        Came::One(one, said) => {
            let frame = Frame::of(&site, &signed, Section::Segments).await?;
            let form = Form::default().with("then", why_path(id, one.patient));
            Ok(asked(frame, one, form, said))
        }
    }
}

/// From an open record: one of the segments.
pub(crate) async fn choose(
    State(site): State<Site>,
    signed: Signed,
    Path(patient): Path<String>,
    posted: Posted,
) -> Result<GoTo> {
    let patient = patient_id(&patient)?;
    let segment = posted.get("segment").parse().map_err(|_| StaffError::Missing("segment"))?;
    signed.leave(&site, ExplainMembership { patient }).await?;
    Ok(GoTo::page(why_path(segment, patient)))
}

pub(crate) async fn answer(
    State(site): State<Site>,
    signed: Signed,
    Path((id, patient)): Path<(SegmentId, String)>,
) -> Result<Response> {
    page(&site, &signed, id, &patient, false).await
}

/// Shows what is sensitive as well.
pub(crate) async fn sensitive(
    State(site): State<Site>,
    signed: Signed,
    Path((id, patient)): Path<(SegmentId, String)>,
    _: Posted,
) -> Result<Response> {
    page(&site, &signed, id, &patient, true).await
}

async fn page(site: &Site, signed: &Signed, id: SegmentId, patient: &str, all: bool) -> Result<Response> {
    let segment = named(site, signed, id).await?;
    let mut opened = door(site, signed, patient, &why_path(id, patient_id(patient)?)).await?;
    let words = opened.note.take();
    let words = if all {
        Some(words.map_or_else(|| SHOWN_NOTE.to_owned(), |w| format!("{w} {SHOWN_NOTE}")))
    } else {
        words
    };
    let by = signed.leave(site, ExplainMembership { patient: opened.patient }).await?;
    let because = Because { reason: opened.reason, note: words.as_deref() };
    let now = site.now();
    let why: Explained =
        site.app.why(by, &Which::Saved(segment.name.clone()), because, now).await?.into_exposed();
    let record = patients::head(site, signed, &opened, "").await?;
    let told = all || !why.is_sensitive();
    Ok(Page(Answer {
        frame: Frame::of(site, signed, Section::Segments).await?,
        head: head(signed, &segment),
        record,
        badge: parts::badge(why.label),
        at: when::time(&site.app.zone(), now),
        sentence: told.then(|| why.sentence(all)),
        sensitive: if all { 0 } else { why.sensitive_facts() },
        root: told.then(|| RowView::of(why.root, all)),
        sensitive_shown: all,
    })
    .into_response())
}
