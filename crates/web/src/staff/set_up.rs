//! The first page anybody sees: whoever started the server makes the first administrator, and says who the organization is.

use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::Frame;
use crate::staff::guard::capital;
use crate::staff::page::{Again, GoTo, Page};
use crate::staff::parts;
use crate::staff::sign_in::let_in;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use discreet_access::Secret;
use discreet_app::AppError;
use discreet_app::accounts::{Invitation, SetUp as Asked};

/// Set-up.
#[derive(Template, Debug)]
#[template(path = "staff/set_up.html")]
pub(crate) struct SetUp {
    frame: Frame,
    form: Form,
}

/// The link is no good.
#[derive(Template, Debug)]
#[template(path = "staff/link_over.html")]
pub(crate) struct LinkOver {
    pub(crate) frame: Frame,
    pub(crate) heading: &'static str,
    pub(crate) text: &'static str,
}

const FIELDS: [&str; 6] = ["name", "email", "organization", "address", "time_zone", "password_set"];

fn over(site: &Site) -> Response {
    let frame = Frame::outside(site, String::new());
    let text = "This set-up link was used or is too old. Start `discreet serve` again: it prints a new one.";
    (StatusCode::NOT_FOUND, Page(LinkOver { frame, heading: "This link no longer works", text }))
        .into_response()
}

pub(crate) async fn show(State(site): State<Site>, Path(token): Path<String>) -> Result<Response> {
    let Some(secret) = Secret::parse(&token) else { return Ok(over(&site)) };
    if site.app.invitation(&secret, site.now()).await? != Some(Invitation::SetUp) {
        return Ok(over(&site));
    }
    let settings = site.app.settings();
    let mut form = Form::default().with("time_zone", settings.time_zone);
    if settings.organization != discreet_app::Settings::UNNAMED {
        form.set("organization", settings.organization);
        form.set("address", settings.postal_address.join("\n"));
    }
    Ok(Page(SetUp { frame: Frame::outside(&site, String::new()), form }).into_response())
}

pub(crate) async fn make(
    State(site): State<Site>,
    Path(token): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let Some(secret) = Secret::parse(&token) else { return Ok(over(&site)) };
    let mut form = Form::of(&posted, &FIELDS);
    form.need("name", "Enter your name");
    form.need("email", "Enter your email address, like name@example.com");
    form.need("organization", "Enter the name patients know you by");
    form.need("address", "Enter the postal address, as on an envelope");
    form.need("time_zone", "Enter the time zone, like America/New_York");
    let asked = Asked {
        name: posted.get("name").to_owned(),
        email: posted.get("email").to_owned(),
        password: posted.secret("password"),
        organization: posted.get("organization").to_owned(),
        postal_address: posted.raw("address").lines().map(str::to_owned).collect(),
        time_zone: posted.get("time_zone").to_owned(),
    };
    if form.is_fine() {
        match site.app.set_up(&secret, asked, site.now()).await {
            Ok(began) => return Ok(let_in(&began, site.options, GoTo::page("/me/second-factor"))),
            Err(AppError::WeakPassword(why)) => form.wrong("password", why.to_string()),
            Err(AppError::NotFound(_)) => return Ok(over(&site)),
            Err(AppError::Invalid(text) | AppError::Conflict(text)) => {
                form.wrong(which(&text), capital(&text))
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok(Again(SetUp { frame: Frame::outside(&site, String::new()), form }).into_response())
}

/// The field a refusal is about.
fn which(text: &str) -> &'static str {
    match text {
        t if t.contains("time_zone") => "time_zone",
        t if t.contains("sign in") => "email",
        t if t.contains("postal") => "address",
        t if t.contains("user") => "name",
        _ => "organization",
    }
}
