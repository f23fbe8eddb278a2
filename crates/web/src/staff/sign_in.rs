//! Signing in and out: email and password, then the second factor's code or a recovery code.

use crate::site::{Options, Site};
use crate::staff::cookies::{self, Cookie};
use crate::staff::error::{Result, StaffError};
use crate::staff::form::{Form, Posted};
use crate::staff::frame::Frame;
use crate::staff::page::{Again, GoTo, Page, local};
use crate::staff::parts;
use askama::Template;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, Request};
use axum::response::{IntoResponse, Response};
use discreet_access::Secret;
use discreet_app::AppError;
use discreet_app::accounts::{Began, Client};
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};

/// Email and password.
#[derive(Template, Debug)]
#[template(path = "staff/sign_in.html")]
pub(crate) struct SignIn {
    frame: Frame,
    form: Form,
    /// Their session has ended; nothing was lost.
    ended: bool,
}

/// The second factor's code.
#[derive(Template, Debug)]
#[template(path = "staff/sign_in_code.html")]
pub(crate) struct Code {
    frame: Frame,
    form: Form,
    /// A recovery code instead.
    recovery: bool,
}

/// The page with email and password.
pub(crate) async fn show(
    State(site): State<Site>,
    Query(query): Query<HashMap<String, String>>,
) -> Page<SignIn> {
    let next = query.get("next").and_then(|next| local(next)).unwrap_or("/");
    let form = Form::default().with("next", next);
    Page(SignIn { frame: Frame::outside(&site, String::new()), form, ended: query.contains_key("ended") })
}

/// Signs in by password.
pub(crate) async fn enter(State(site): State<Site>, knock: Knock, posted: Posted) -> Result<Response> {
    let mut form = Form::of(&posted, &["email", "next"]);
    form.need("email", "Enter your email address");
    if !posted.has("password") {
        form.wrong("password", "Enter your password");
    }
    if form.is_fine() {
        let tried = site
            .app
            .sign_in_with_password(posted.get("email"), posted.secret("password"), &knock.0, site.now())
            .await;
        match tried {
            Ok(began) => {
                let to = GoTo::wanted(posted.get("next"));
                return Ok(let_in(&began, site.options, to));
            }
            Err(AppError::WrongSecret) => form.wrong("email", "The email or password is not right."),
            Err(AppError::Wait(seconds)) => form.wrong("email", too_many(seconds)),
            Err(other) => return Err(other.into()),
        }
    }
    Ok(Again(SignIn { frame: Frame::outside(&site, String::new()), form, ended: false }).into_response())
}

pub(crate) fn too_many(seconds: i64) -> String {
    format!("Too many tries. Wait {seconds} seconds, then try again.")
}

/// The browser gets its session, and is remembered as one that was let in.
pub(crate) fn let_in(began: &Began, options: Options, to: impl IntoResponse) -> Response {
    let mut response = to.into_response();
    Cookie::Session.set(response.headers_mut(), began.secret.reveal(), options);
    Cookie::Device.set(response.headers_mut(), &began.device, options);
    response
}

fn session_of(site: &Site, headers: &HeaderMap) -> Result<Secret> {
    cookies::session(headers, site.options).ok_or(crate::staff::error::StaffError::Form)
}

/// The page that asks for the code.
pub(crate) async fn ask_code(State(site): State<Site>, headers: HeaderMap) -> Result<Page<Code>> {
    code_page(&site, &headers, false)
}
/// The page that asks for a recovery code.
pub(crate) async fn ask_recovery(State(site): State<Site>, headers: HeaderMap) -> Result<Page<Code>> {
    code_page(&site, &headers, true)
}
fn code_page(site: &Site, headers: &HeaderMap, recovery: bool) -> Result<Page<Code>> {
    let frame = Frame::outside(site, session_of(site, headers)?.form_token());
    Ok(Page(Code { frame, form: Form::default(), recovery }))
}

/// Takes the code.
pub(crate) async fn take_code(
    State(site): State<Site>,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response> {
    let secret = session_of(&site, &headers)?;
    let tried = site.app.show_code(&secret, posted.get("code"), site.now()).await;
    answer_code(&site, &secret, tried, false)
}
/// Takes a recovery code.
pub(crate) async fn take_recovery(
    State(site): State<Site>,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response> {
    let secret = session_of(&site, &headers)?;
    let tried = site.app.show_recovery_code(&secret, posted.get("code"), site.now()).await;
    answer_code(&site, &secret, tried, true)
}
fn answer_code(
    site: &Site,
    secret: &Secret,
    tried: std::result::Result<Began, AppError>,
    recovery: bool,
) -> Result<Response> {
    let mut form = Form::default();
    match tried {
        Ok(began) => return Ok(let_in(&began, site.options, GoTo::page("/"))),
        Err(AppError::WrongSecret) if recovery => {
            form.wrong("code", "This recovery code is not right, or was used.")
        }
        Err(AppError::WrongSecret) => {
            form.wrong("code", "The code is not right, or was used. Wait for the next one.")
        }
        Err(AppError::Wait(seconds)) => form.wrong("code", too_many(seconds)),
        Err(other) => return Err(other.into()),
    }
    let frame = Frame::outside(site, secret.form_token());
    Ok(Again(Code { frame, form, recovery }).into_response())
}

/// Signs out.
pub(crate) async fn leave(State(site): State<Site>, headers: HeaderMap, _: Posted) -> Result<Response> {
    if let Some(secret) = cookies::session(&headers, site.options) {
        site.app.sign_out(&secret, site.now()).await?;
    }
    let mut response = GoTo::page("/sign-in").into_response();
    Cookie::Session.drop(response.headers_mut(), site.options);
    Ok(response)
}

/// Who knocks: for slowing down whoever guesses.
pub(crate) struct Knock(Client);

impl axum::extract::FromRequestParts<Site> for Knock {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        site: &Site,
    ) -> std::result::Result<Knock, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let device = Cookie::Device.of(&parts.headers, site.options);
        Ok(Knock(Client { address: behind_proxy(&parts.headers, peer, site.options), device }))
    }
}

/// Where https ends at a proxy of the clinic's own, the peer is the proxy; it appends whom it speaks for.
fn behind_proxy(headers: &HeaderMap, peer: Option<IpAddr>, options: Options) -> Option<IpAddr> {
    let told = headers.get_all("x-forwarded-for").iter().next_back().and_then(|v| v.to_str().ok());
    let last = told.and_then(|list| list.rsplit(',').next()).and_then(|a| a.trim().parse().ok());
    if options.https { last.or(peer) } else { peer }
}

/// Lets a demo's user in, by the link the demo printed: the page has a button, so that looking uses nothing up.
#[derive(Template, Debug)]
#[template(path = "staff/demo_link.html")]
pub(crate) struct DemoLink {
    frame: Frame,
}

pub(crate) async fn ask_demo(State(site): State<Site>) -> Result<Page<DemoLink>> {
    match site.app.is_demo() {
        true => Ok(Page(DemoLink { frame: Frame::outside(&site, String::new()) })),
        false => Err(StaffError::Missing("page")),
    }
}
pub(crate) async fn take_demo(
    State(site): State<Site>,
    axum::extract::Path(token): axum::extract::Path<String>,
    _: Request<axum::body::Body>,
) -> Result<Response> {
    let secret = Secret::parse(&token);
    let tried = match secret {
        Some(secret) => site.app.sign_in_to_demo(&secret, site.now()).await,
        None => Err(AppError::WrongSecret),
    };
    match tried {
        Ok(began) => Ok(let_in(&began, site.options, GoTo::page("/"))),
        Err(AppError::WrongSecret) => Err(StaffError::Refused(
            "this link was used already or is too old: start the demo again, it prints new ones".to_owned(),
        )),
        Err(other) => Err(other.into()),
    }
}
