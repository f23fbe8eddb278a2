//! An invitation: somebody sets the password of an account made for them.

use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::Frame;
use crate::staff::page::{Again, GoTo, Page};
use crate::staff::parts;
use crate::staff::set_up::LinkOver;
use crate::staff::sign_in::let_in;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use discreet_access::Secret;
use discreet_app::AppError;
use discreet_app::accounts::Invitation;

/// Choose a password.
#[derive(Template, Debug)]
#[template(path = "staff/welcome.html")]
pub(crate) struct Welcome {
    frame: Frame,
    form: Form,
    name: String,
    email: String,
}

fn over(site: &Site) -> Response {
    let frame = Frame::outside(site, String::new());
    let text = "This invitation was used or is too old. Ask an administrator for a new one.";
    (StatusCode::NOT_FOUND, Page(LinkOver { frame, heading: "This link no longer works", text }))
        .into_response()
}

async fn invited(site: &Site, token: &str) -> Result<Option<(Secret, String, String)>> {
    let Some(secret) = Secret::parse(token) else { return Ok(None) };
    Ok(match site.app.invitation(&secret, site.now()).await? {
        Some(Invitation::Account(name, email)) => Some((secret, name, email)),
        _ => None,
    })
}

pub(crate) async fn show(State(site): State<Site>, Path(token): Path<String>) -> Result<Response> {
    let Some((_, name, email)) = invited(&site, &token).await? else { return Ok(over(&site)) };
    let frame = Frame::outside(&site, String::new());
    Ok(Page(Welcome { frame, form: Form::default(), name, email }).into_response())
}

pub(crate) async fn accept(
    State(site): State<Site>,
    Path(token): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let Some((secret, name, email)) = invited(&site, &token).await? else { return Ok(over(&site)) };
    let mut form = Form::default();
    match site.app.accept_invitation(&secret, posted.secret("password"), site.now()).await {
        Ok(began) => return Ok(let_in(&began, site.options, GoTo::page("/"))),
        Err(AppError::WeakPassword(why)) => form.wrong("password", why.to_string()),
        Err(AppError::NotFound(_)) => return Ok(over(&site)),
        Err(other) => return Err(other.into()),
    }
    let frame = Frame::outside(&site, String::new());
    Ok(Again(Welcome { frame, form, name, email }).into_response())
}
