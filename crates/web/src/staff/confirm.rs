//! Showing again who one is, before what cannot be undone.

use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::page::{Again, GoTo, Page, local};
use crate::staff::parts;
use crate::staff::sign_in::too_many;
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use discreet_app::AppError;
use std::collections::HashMap;

/// Show again who you are.
#[derive(Template, Debug)]
#[template(path = "staff/confirm.html")]
pub(crate) struct Confirm {
    frame: Frame,
    form: Form,
    has_second: bool,
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Page<Confirm>> {
    let next = query.get("next").and_then(|next| local(next)).unwrap_or("/");
    let frame = Frame::of(&site, &signed, Section::Me).await?;
    Ok(Page(Confirm { frame, form: Form::default().with("next", next), has_second: signed.has_second() }))
}

pub(crate) async fn take(State(site): State<Site>, signed: Signed, posted: Posted) -> Result<Response> {
    let mut form = Form::of(&posted, &["next"]);
    match site.app.confirm(signed.secret(), posted.secret("shown"), site.now()).await {
        Ok(()) => return Ok(GoTo::wanted(posted.get("next")).into_response()),
        Err(AppError::WrongSecret) => form.wrong("shown", "That is not right."),
        Err(AppError::Wait(seconds)) => form.wrong("shown", too_many(seconds)),
        Err(other) => return Err(other.into()),
    }
    let frame = Frame::of(&site, &signed, Section::Me).await?;
    Ok(Again(Confirm { frame, form, has_second: signed.has_second() }).into_response())
}
