//! `/drafts/{id}`: the builder. Every state of it has an address – a row open for editing, the panel that adds one – and
//! every change is one form sent; with htmx the same answers replace the middle of the page.

use super::row;
use super::rows::{self, Kind, Knowing};
use super::tree::{Context, GroupView, Open, Trees};
use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::form::Form;
use crate::staff::frame::{Frame, Section};
use crate::staff::overtaken::Overtaken;
use crate::staff::page::Page;
use crate::staff::parts::{self, Badge, Choice};
use crate::staff::signed::{Fragment, Signed};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use discreet_access::CountSegment;
use discreet_app::drafts::Draft;
use discreet_app::segments::drafts::SegmentDraft;
use discreet_app::segments::study::Study;
use discreet_domain::{Label, Viewer};
use discreet_segment::outline::Place;
use std::collections::HashMap;
use uuid::Uuid;

/// The builder's page.
#[derive(Template, Debug)]
#[template(path = "staff/segments/builder.html")]
pub(crate) struct Builder {
    pub(crate) frame: Frame,
    pub(crate) work: Work,
}

/// The middle of it, by itself.
#[derive(Template, Debug)]
#[template(path = "staff/segments/work.html")]
pub(crate) struct Work {
    at: Context,
    title: String,
    form: Form,
    base: Option<u64>,
    saved: String,
    tree: GroupView,
    empty: bool,
    /// `builder` or `text`.
    tab: &'static str,
    text: String,
    unread: Option<String>,
    can_undo: bool,
    can_redo: bool,
    rail: Rail,
    removed: Option<String>,
    overtaken: Option<Overtaken>,
}

impl askama::filters::HtmlSafe for Work {}

/// What is beside it.
#[derive(Debug)]
pub(crate) struct Rail {
    eligible: Option<String>,
    selected: String,
    funnel: Option<parts::Funnel>,
    counted_at: String,
    topics: Vec<Choice>,
    sentence: Option<String>,
    label: Option<Badge>,
    bases: String,
    hints: Vec<String>,
    lesser: Option<(String, String, Badge, Place)>,
    sensitive: bool,
}

/// A capital and a full stop.
pub(crate) fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What a request for the builder shows besides the tree.
#[derive(Default)]
pub(crate) struct Showing {
    pub(crate) tab: Option<&'static str>,
    pub(crate) open: Option<Open>,
    pub(crate) focus: Option<Place>,
    pub(crate) removed: Option<String>,
    pub(crate) name: Option<Form>,
    /// Text that was typed and not taken over.
    pub(crate) typed: Option<String>,
    /// Somebody changed the draft in between.
    pub(crate) overtaken: Option<Overtaken>,
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    fragment: Fragment,
    Path(id): Path<Uuid>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let by = signed.leave(&site, CountSegment).await?;
    let draft = site.app.segment_draft(by, id).await?;
    let (at, catalog) = (context(&signed, &draft), site.app.catalog());
    let mut showing =
        Showing { tab: query.get("tab").filter(|t| *t == "text").map(|_| "text"), ..Showing::default() };
    if let Some(place) = query.get("edit").and_then(|p| p.parse::<Place>().ok()) {
        let form = row::editing(&site, &signed, &draft, &at, &place).await?;
        showing.open = Some(Open::Edit(place, written(form)));
    } else if let Some(place) = query.get("add").and_then(|p| p.parse::<Place>().ok()) {
        let form = match query.get("kind").and_then(|kind| Kind::parse(kind, &catalog)) {
            Some(kind) => written(row::adding(&site, &signed, &draft, &at, &place, &kind).await?),
            None => written(Panel { at, place: place.clone(), sections: rows::sections(&catalog) }),
        };
        showing.open = Some(Open::Add(place, form));
    }
    respond(&site, &signed, fragment, &draft, showing).await
}

/// The panel that adds a condition.
#[derive(Template, Debug)]
#[template(path = "staff/segments/panel.html")]
struct Panel {
    at: Context,
    place: Place,
    sections: Vec<rows::Section>,
}

pub(crate) fn written(part: impl Template) -> String {
    part.render().unwrap_or_default()
}

pub(crate) fn context(signed: &Signed, draft: &Draft<SegmentDraft>) -> Context {
    Context {
        path: format!("/drafts/{}", draft.id),
        revision: draft.revision,
        form_token: signed.secret().form_token(),
    }
}

/// The page, or with htmx its middle.
pub(crate) async fn respond(
    site: &Site,
    signed: &Signed,
    fragment: Fragment,
    draft: &Draft<SegmentDraft>,
    showing: Showing,
) -> Result<Response> {
    let by = signed.leave(site, CountSegment).await?;
    let study = site.app.study(by, &draft.content, site.now()).await?;
    let work = work(site, signed, draft, &study, showing);
    if fragment.0 {
        return Ok(Page(work).into_response());
    }
    let frame = Frame::of(site, signed, Section::Segments).await?;
    Ok(Page(Builder { frame, work }).into_response())
}

fn work(
    site: &Site,
    signed: &Signed,
    draft: &Draft<SegmentDraft>,
    study: &Study,
    mut showing: Showing,
) -> Work {
    let viewer = signed.viewer();
    let content = &draft.content;
    let at = context(signed, draft);
    // Whoever's form is open over a condition sees what the condition says now.
    if let (Some(overtaken), Some(Open::Edit(place, _))) = (&mut showing.overtaken, &showing.open) {
        overtaken.says = study.parts.get(place).map(|said| sentence(&said.sentence));
    }
    let trees = Trees {
        at: at.clone(),
        outline: &content.outline,
        study,
        viewer,
        open: showing.open,
        focus: showing.focus,
    };
    Work {
        title: if content.name.is_empty() { "New segment".to_owned() } else { content.name.clone() },
        form: showing.name.unwrap_or_else(|| Form::default().with("name", &content.name)),
        base: content.from.map(|(_, version)| version + 1),
        saved: clock(site, draft.changed),
        tree: trees.root(),
        empty: content.outline.root.parts.is_empty(),
        tab: showing.tab.unwrap_or("builder"),
        text: showing.typed.or_else(|| content.unread.clone()).unwrap_or_else(|| content.text()),
        unread: study.unread.clone(),
        can_undo: !content.before.is_empty() || content.unread.is_some(),
        can_redo: !content.after.is_empty(),
        rail: rail(site, study, viewer),
        removed: showing.removed,
        overtaken: showing.overtaken,
        at,
    }
}

/// The newer draft, after somebody changed it in between: with what became of what was sent, and what was typed.
pub(crate) async fn late(
    site: &Site,
    signed: &Signed,
    fragment: Fragment,
    id: Uuid,
    (now, showing): (&'static str, Showing),
) -> Result<Response> {
    let draft = draft_of(site, signed, id).await?;
    let by = Overtaken::by(site, signed, &draft, now).await?;
    let by = match showing.typed {
        Some(_) => by.or_theirs(format!("/drafts/{id}?tab=text")),
        None => by,
    };
    let showing = Showing { overtaken: Some(by), ..showing };
    let page = respond(site, signed, fragment, &draft, showing).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

fn clock(site: &Site, at: discreet_domain::Timestamp) -> String {
    site.app.zone().clock_of(at)
}

fn rail(site: &Site, study: &Study, viewer: Viewer) -> Rail {
    let shown = |cell: discreet_domain::Cell| cell.shown_to(viewer).for_people();
    let form = Form::default().with("topic", study.topic.as_str());
    let label = study.whole.as_ref().map(|whole| whole.label);
    Rail {
        eligible: study.counted.as_ref().map(|counted| shown(counted.eligible)),
        selected: study.counted.as_ref().map(|counted| shown(counted.count)).unwrap_or_default(),
        funnel: study.counted.as_ref().map(|counted| parts::funnel(counted, viewer)),
        counted_at: clock(site, study.at),
        topics: site
            .app
            .settings()
            .topics
            .iter()
            .map(|(word, name)| Choice::new(&form, "topic", word, name))
            .collect(),
        sentence: study.whole.as_ref().map(|whole| whole.sentence.clone()),
        label: label.map(parts::badge),
        bases: study.whole.as_ref().map(|whole| whole.bases.join(", ")).unwrap_or_default(),
        hints: study.whole.as_ref().map(|whole| whole.hints.clone()).unwrap_or_default(),
        lesser: study
            .lesser
            .as_ref()
            .map(|(place, label, count)| (place.shown(), shown(*count), parts::badge(*label), place.clone())),
        sensitive: label.is_some_and(|label| label >= Label::L3),
    }
}

/// What a row's form needs to know.
pub(crate) async fn knowing(
    site: &Site,
    signed: &Signed,
    at: &Context,
    kind: &Kind,
    form: &Form,
) -> Result<Knowing> {
    use discreet_access::CheckSegment;
    let mut knowing = Knowing { viewer: Some(signed.viewer()), ..Knowing::default() };
    match kind {
        Kind::Attribute(attribute) => {
            let by = signed.leave(site, CheckSegment).await?;
            knowing.values = site.app.offer_values(by, &attribute.name, site.now()).await?;
        }
        Kind::Code(code) => {
            knowing.search = format!("{}/codes/{}", at.path, code.name());
            let typed = form.value("found").trim();
            if !typed.is_empty() {
                let by = signed.leave(site, CheckSegment).await?;
                knowing.codes = site.app.offer_codes(by, *code, typed, site.now()).await?;
            }
            let patterns: Vec<_> = form.all("codes").iter().filter_map(|text| pattern(text)).collect();
            let by = signed.leave(site, CheckSegment).await?;
            let names = site.app.code_names(by, &patterns).await?;
            let names = patterns
                .iter()
                .map(ToString::to_string)
                .zip(names.into_iter().map(Option::unwrap_or_default));
            knowing.names = names.collect();
            knowing.sets = site.app.names_to_choose(signed.leave(site, CheckSegment).await?).await?.1;
        }
        Kind::Segment => {
            knowing.segments = site.app.names_to_choose(signed.leave(site, CheckSegment).await?).await?.0
        }
        Kind::Consent => knowing.topics = site.app.settings().topics.into_iter().collect(),
        Kind::Birthday | Kind::Event(_) | Kind::Latest(_) | Kind::Sequence(_) | Kind::Bucket | Kind::Text => {
        }
    }
    Ok(knowing)
}

fn pattern(text: &str) -> Option<discreet_segment::CodePattern> {
    match serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()? {
        discreet_segment::Pattern::Code(code) => Some(code),
        discreet_segment::Pattern::Set(_) => None,
    }
}

/// A draft, for whoever may change it.
pub(crate) async fn draft_of(site: &Site, signed: &Signed, id: Uuid) -> Result<Draft<SegmentDraft>> {
    Ok(site.app.segment_draft(signed.leave(site, CountSegment).await?, id).await?)
}

/// A revision as a form carries it.
pub(crate) fn revision(text: &str) -> Result<u64> {
    text.parse().map_err(|_| StaffError::Malformed)
}
