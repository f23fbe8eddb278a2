//! What is done to a draft: acts on its tree, its text, its topic; saving and discarding it.

use super::builder::{Showing, draft_of, late, respond, revision};
use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::form::{Form, Posted};
use crate::staff::guard::capital;
use crate::staff::page::GoTo;
use crate::staff::signed::{Fragment, Signed};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use discreet_access::{ListSegments, SaveSegment};
use discreet_app::AppError;
use discreet_app::drafts::Draft;
use discreet_app::segments::drafts::{Beginning, Change, SegmentDraft};
use discreet_domain::{SegmentId, Topic};
use discreet_segment::outline::{Act, Join, Part, Place};
use uuid::Uuid;

/// Begins a draft: of nothing, of a saved segment, of an example.
pub(crate) async fn begin(State(site): State<Site>, signed: Signed, posted: Posted) -> Result<GoTo> {
    let beginning = match (posted.get("from"), posted.get("text")) {
        ("", "") => Beginning::Nothing,
        ("", text) => Beginning::Text(posted.get("name").to_owned(), text.to_owned()),
        (id, _) => Beginning::Saved(id.parse::<SegmentId>().map_err(|_| StaffError::Missing("segment"))?),
    };
    let by = signed.leave(&site, SaveSegment).await?;
    let draft = site.app.begin_segment_draft(by, beginning, site.now()).await?;
    Ok(GoTo::page(format!("/drafts/{}", draft.id)))
}

/// One act on the tree.
pub(crate) async fn act(
    State(site): State<Site>,
    signed: Signed,
    fragment: Fragment,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response> {
    let place: Place = posted.get("place").parse().map_err(|_| StaffError::Malformed)?;
    let change = read(&posted, &place)?;
    let moved = matches!(change, Change::Act(_));
    let removed = match &change {
        Change::Act(Act::Remove(place)) => said(&draft_of(&site, &signed, id).await?.content, place),
        _ => None,
    };
    match self::change(&site, &signed, id, &posted, change).await {
        Ok((draft, place)) => {
            let showing = Showing { focus: moved.then_some(place), removed, ..Showing::default() };
            answer(&site, &signed, fragment, &draft, showing).await
        }
        Err(StaffError::Stale) => late(&site, &signed, fragment, id, (NOT_DONE, Showing::default())).await,
        Err(other) => Err(other),
    }
}

const NOT_DONE: &str = "What you pressed was not done, for conditions may have moved. This is the newer draft: press again if it still fits.";
const NOT_READ: &str = "Your text is below and not read yet: reading it replaces what was saved there.";
const NOT_KEPT: &str = "No segment was saved. This is the newer draft: look through it, and save that.";
const NOT_DISCARDED: &str = "Nothing was thrown away. This is the newer draft.";

/// What a part says, for "Removed: …".
fn said(draft: &SegmentDraft, place: &Place) -> Option<String> {
    Some(match draft.outline.part(place)? {
        Part::Row(row) => row.expr().to_string(),
        Part::Group(group) => format!("a group of {}", group.parts.len()),
    })
}

fn read(posted: &Posted, place: &Place) -> Result<Change> {
    let place = place.clone();
    Ok(Change::Act(match posted.get("act") {
        "up" => Act::Up(place),
        "down" => Act::Down(place),
        "wrap" => Act::Wrap(place),
        "negate" => Act::Negate(place),
        "duplicate" => Act::Duplicate(place),
        "remove" => Act::Remove(place),
        "group" => Act::AddGroup(place),
        "join" => Act::Join(place, Join::parse(posted.get("join")).ok_or(StaffError::Malformed)?),
        "undo" => return Ok(Change::Undo),
        "redo" => return Ok(Change::Redo),
        other => match other.strip_prefix("into-").map(str::parse::<Place>) {
            Some(Ok(group)) => Act::MoveInto(place, group),
            _ => return Err(StaffError::Malformed),
        },
    }))
}

async fn change(
    site: &Site,
    signed: &Signed,
    id: Uuid,
    posted: &Posted,
    change: Change,
) -> Result<(Draft<SegmentDraft>, Place)> {
    let by = signed.leave(site, SaveSegment).await?;
    Ok(site.app.change_segment_draft(by, id, revision(posted.get("revision"))?, change, site.now()).await?)
}

/// The builder as it is now; without htmx, its address.
pub(crate) async fn answer(
    site: &Site,
    signed: &Signed,
    fragment: Fragment,
    draft: &Draft<SegmentDraft>,
    showing: Showing,
) -> Result<Response> {
    if fragment.0 {
        return respond(site, signed, fragment, draft, showing).await;
    }
    let tab = showing.tab.map_or("", |_| "?tab=text");
    let place = showing
        .focus
        .map_or_else(String::new, |place| place.0.iter().fold("#p".to_owned(), |p, s| format!("{p}-{s}")));
    Ok(GoTo::page(format!("/drafts/{}{tab}{place}", draft.id)).into_response())
}

/// The whole segment as text.
pub(crate) async fn text(
    State(site): State<Site>,
    signed: Signed,
    fragment: Fragment,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response> {
    let typed = posted.raw("text").replace("\r\n", "\n");
    let showing = Showing { tab: Some("text"), ..Showing::default() };
    match change(&site, &signed, id, &posted, Change::Text(typed.clone())).await {
        Ok((draft, _)) => answer(&site, &signed, fragment, &draft, showing).await,
        Err(StaffError::Stale) => {
            let showing = Showing { typed: Some(typed), ..showing };
            late(&site, &signed, fragment, id, (NOT_READ, showing)).await
        }
        Err(other) => Err(other),
    }
}

/// For which topic to count.
pub(crate) async fn topic(
    State(site): State<Site>,
    signed: Signed,
    fragment: Fragment,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response> {
    let topic = Topic::parse(posted.get("topic")).map_err(|_| StaffError::Malformed)?;
    match change(&site, &signed, id, &posted, Change::Topic(topic)).await {
        Ok((draft, _)) => answer(&site, &signed, fragment, &draft, Showing::default()).await,
        Err(StaffError::Stale) => late(&site, &signed, fragment, id, (NOT_DONE, Showing::default())).await,
        Err(other) => Err(other),
    }
}

/// Saves it as a segment.
pub(crate) async fn save(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response> {
    let mut form = Form::of(&posted, &["name"]);
    form.need("name", "Give the segment a name");
    if form.is_fine() {
        let by = signed.leave(&site, SaveSegment).await?;
        let at = (id, revision(posted.get("revision"))?);
        match site.app.save_segment_draft(by, at, posted.get("name"), site.now()).await {
            Ok(saved) => return Ok(GoTo::page(format!("/segments/{}", saved.id)).into_response()),
            Err(AppError::Invalid(text) | AppError::Conflict(text)) => form.wrong("name", capital(&text)),
            Err(error @ (AppError::Check(..) | AppError::Syntax(..))) => {
                form.wrong("", capital(&error.to_string()))
            }
            Err(AppError::Stale) => {
                let showing = Showing { name: Some(form), ..Showing::default() };
                return late(&site, &signed, Fragment(false), id, (NOT_KEPT, showing)).await;
            }
            Err(other) => return Err(other.into()),
        }
    }
    let draft = draft_of(&site, &signed, id).await?;
    let showing = Showing { name: Some(form), ..Showing::default() };
    let page = respond(&site, &signed, Fragment(false), &draft, showing).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Throws it away.
pub(crate) async fn discard(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response> {
    signed.leave(&site, ListSegments).await?;
    let at = (id, revision(posted.get("revision"))?);
    match site.app.discard_segment_draft(signed.leave(&site, SaveSegment).await?, at).await {
        Ok(()) => Ok(GoTo::page("/segments").into_response()),
        Err(AppError::Stale) => {
            late(&site, &signed, Fragment(false), id, (NOT_DISCARDED, Showing::default())).await
        }
        Err(other) => Err(other.into()),
    }
}
