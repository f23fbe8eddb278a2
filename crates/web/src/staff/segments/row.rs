//! One row as a form: opened, filled in, taken over.

use super::builder::{Showing, context, draft_of, knowing, late, respond, revision, written};
use super::rows::{self, Control, Given, Kind};
use super::tree::{Context, Open};
use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::form::{Form, Posted};
use crate::staff::page::Page;
use crate::staff::signed::{Fragment, Signed};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use discreet_access::{CheckSegment, SaveSegment};
use discreet_app::AppError;
use discreet_app::drafts::Draft;
use discreet_app::segments::drafts::{Change, SegmentDraft};
use discreet_domain::CodeKind;
use discreet_segment::outline::{Act, Part, Place};
use std::collections::HashMap;
use uuid::Uuid;

/// A row's form.
#[derive(Template, Debug)]
#[template(path = "staff/segments/row_form.html")]
pub(crate) struct RowForm {
    at: Context,
    place: Place,
    /// It is new: `place` is the group it goes into.
    new: bool,
    kind: String,
    title: String,
    controls: Vec<Control>,
    /// What is wrong and belongs to no field.
    wrong: Option<String>,
}

async fn form_of(
    site: &Site,
    signed: &Signed,
    at: &Context,
    (place, new): (&Place, bool),
    kind: &Kind,
    mut form: Form,
) -> Result<RowForm> {
    let knowing = knowing(site, signed, at, kind, &form).await?;
    rows::settle_values(&mut form, &knowing);
    Ok(RowForm {
        at: at.clone(),
        place: place.clone(),
        new,
        kind: kind.to_string(),
        title: kind.title(),
        controls: kind.controls(&form, &knowing),
        wrong: form.problem("").map(str::to_owned),
    })
}

/// The form of a row that is there.
pub(crate) async fn editing(
    site: &Site,
    signed: &Signed,
    draft: &Draft<SegmentDraft>,
    at: &Context,
    place: &Place,
) -> Result<RowForm> {
    let Some(Part::Row(row)) = draft.content.outline.part(place) else {
        return Err(StaffError::Missing("condition"));
    };
    let kind = Kind::of(row, &site.app.catalog());
    form_of(site, signed, at, (place, false), &kind, kind.form(row)).await
}
/// The form of a row to come.
pub(crate) async fn adding(
    site: &Site,
    signed: &Signed,
    draft: &Draft<SegmentDraft>,
    at: &Context,
    group: &Place,
    kind: &Kind,
) -> Result<RowForm> {
    draft.content.outline.group(group).ok_or(StaffError::Missing("group"))?;
    form_of(site, signed, at, (group, true), kind, kind.blank()).await
}

/// Takes a filled-in form over: a new row, or one changed.
pub(crate) async fn take(
    State(site): State<Site>,
    signed: Signed,
    fragment: Fragment,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response> {
    let draft = draft_of(&site, &signed, id).await?;
    let kind = Kind::parse(posted.get("kind"), &site.app.catalog()).ok_or(StaffError::Malformed)?;
    let place: Place = posted.get("place").parse().map_err(|_| StaffError::Malformed)?;
    let new = posted.get("new") == "yes";
    let fields = kind.fields();
    let names: Vec<&str> = fields.iter().map(String::as_str).chain(rows::WINDOW_FIELDS).collect();
    let mut form = Form::of(&posted, &names);
    if !posted.has("find") {
        match kind.read(&Given::Posted(&posted)) {
            Ok(row) => {
                let to = place.clone();
                let act = Change::Act(if new { Act::Add(to, row) } else { Act::Set(to, row) });
                let by = signed.leave(&site, SaveSegment).await?;
                let revision = revision(posted.get("revision"))?;
                return match site.app.change_segment_draft(by, id, revision, act, site.now()).await {
                    Ok((draft, place)) => {
                        let showing = Showing { focus: Some(place), ..Showing::default() };
                        super::act::answer(&site, &signed, fragment, &draft, showing).await
                    }
                    Err(AppError::Stale) => {
                        overtaken(&site, &signed, fragment, id, ((place, new), &kind, form)).await
                    }
                    Err(other) => Err(other.into()),
                };
            }
            Err(wrong) => form.wrong(&wrong.field, wrong.text),
        }
    }
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let at = context(&signed, &draft);
    let view = written(form_of(&site, &signed, &at, (&place, new), &kind, form).await?);
    let open = if new { Open::Add(place, view) } else { Open::Edit(place, view) };
    let showing = Showing { open: Some(open), ..Showing::default() };
    Ok((status, respond(&site, &signed, fragment, &draft, showing).await?).into_response())
}

const NOT_ADDED: &str =
    "Your condition is open below and not added yet: add it to the newer draft, or cancel.";
const NOT_CHANGED: &str = "Your condition is open below and not saved yet: “Done” replaces what was saved there, “Cancel” leaves it.";
const NOT_THERE: &str = "The condition you were changing is not where it was. Yours is open below as a new one: add it, or cancel.";

/// The form again, over the newer draft, in which conditions may have moved.
async fn overtaken(
    site: &Site,
    signed: &Signed,
    fragment: Fragment,
    id: Uuid,
    ((place, new), kind, form): ((Place, bool), &Kind, Form),
) -> Result<Response> {
    let draft = draft_of(site, signed, id).await?;
    let (outline, catalog) = (&draft.content.outline, site.app.catalog());
    let same = match outline.part(&place) {
        Some(Part::Row(row)) => !new && Kind::of(row, &catalog) == *kind,
        _ => false,
    };
    let (place, new, now) = if same {
        (place, false, NOT_CHANGED)
    } else if new && outline.group(&place).is_some() {
        (place, true, NOT_ADDED)
    } else {
        (Place::default(), true, if new { NOT_ADDED } else { NOT_THERE })
    };
    let at = context(signed, &draft);
    let view = written(form_of(site, signed, &at, (&place, new), kind, form).await?);
    let open = if new { Open::Add(place, view) } else { Open::Edit(place, view) };
    late(site, signed, fragment, id, (now, Showing { open: Some(open), ..Showing::default() })).await
}

/// Codes found for what is being typed.
pub(crate) async fn codes(
    State(site): State<Site>,
    signed: Signed,
    Path((_, kind)): Path<(Uuid, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let kind = CodeKind::parse(&kind).ok_or(StaffError::Missing("kind of code"))?;
    let typed = query.get("found").map_or("", |typed| typed.trim());
    let mut knowing = rows::Knowing { viewer: Some(signed.viewer()), ..rows::Knowing::default() };
    if !typed.is_empty() {
        let by = signed.leave(&site, CheckSegment).await?;
        knowing.codes = site.app.offer_codes(by, kind, typed, site.now()).await?;
    }
    Ok(Page(rows::found(typed, &knowing)).into_response())
}
