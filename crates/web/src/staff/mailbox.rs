//! `/demo/mailbox`: the mails a demo sent, as its invented patients would read them. In no other installation is there such
//! a page.

use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::frame::{Frame, Section};
use crate::staff::page::Page;
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use std::fmt::Debug;

/// Mails listed at most, the newest first.
const LISTED: usize = 50;
/// No script, no form. A link opens in a window of its own, where the page behind it is as free as from any mailbox.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'; base-uri 'none'; form-action 'none'",
);

/// A mail that a demo's mailbox holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DemoMail {
    /// Its number, in the order of arrival.
    pub number: u64,
    /// Whose mailbox.
    pub to: String,
    /// From whom.
    pub from: String,
    /// Its subject.
    pub subject: String,
    /// As mail programs show it.
    pub html: String,
    /// The address behind the mail program's own unsubscribe button.
    pub unsubscribe: Option<String>,
}

/// The mailbox of a demo: whoever starts one brings it.
pub trait Mailbox: Debug + Send + Sync {
    /// The newest mails, newest first.
    fn newest(&self, most: usize) -> Vec<DemoMail>;
    /// The mail of this number.
    fn one(&self, number: u64) -> Option<DemoMail>;
}

/// What came last.
#[derive(Template, Debug)]
#[template(path = "staff/mailbox.html")]
pub(crate) struct Newest {
    frame: Frame,
    mails: Vec<DemoMail>,
}

/// One of them.
#[derive(Template, Debug)]
#[template(path = "staff/mailbox_mail.html")]
pub(crate) struct OneMail {
    frame: Frame,
    mail: DemoMail,
}

fn one(site: &Site, number: u64) -> Result<DemoMail> {
    site.mailbox.as_ref().and_then(|mailbox| mailbox.one(number)).ok_or(StaffError::Missing("mail"))
}

pub(crate) async fn show(State(site): State<Site>, signed: Signed) -> Result<Page<Newest>> {
    let frame = Frame::of(&site, &signed, Section::Me).await?;
    let mails = site.mailbox.as_ref().map_or_else(Vec::new, |mailbox| mailbox.newest(LISTED));
    Ok(Page(Newest { frame, mails }))
}

pub(crate) async fn show_one(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<u64>,
) -> Result<Page<OneMail>> {
    let frame = Frame::of(&site, &signed, Section::Me).await?;
    Ok(Page(OneMail { frame, mail: one(&site, number)? }))
}

/// The mail itself, on an address of its own, where it can do nothing but open a window.
pub(crate) async fn mail(State(site): State<Site>, _: Signed, Path(number): Path<u64>) -> Result<Response> {
    let html = one(&site, number)?.html.replacen("<head>", "<head><base target=\"_blank\">", 1);
    let mut response = Html(html).into_response();
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY);
    Ok(response)
}
