//! A confirmed choice from the consent form that fits no one patient: who it may be is for staff to find out.

use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::frame::{Frame, Section};
use crate::staff::page::Page;
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{Path, State};
use discreet_access::AnswerNotice;
use discreet_app::join::Unmatched;
use discreet_domain::MessageId;
use discreet_words::Language;

/// What was entered.
#[derive(Template, Debug)]
#[template(path = "staff/request.html")]
pub(crate) struct Request {
    frame: Frame,
    request: Unmatched,
}

impl Request {
    fn name(&self) -> &str {
        self.request.name.expose()
    }
    fn email(&self) -> &str {
        self.request.email.expose()
    }
    fn day(&self) -> String {
        Language::English.words().day(self.request.birth.ymd())
    }
}

/// The look is in the log.
pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Page<Request>> {
    let id: MessageId = id.parse().map_err(|_| StaffError::Missing("request"))?;
    let frame = Frame::of(&site, &signed, Section::Home).await?;
    let request = site.app.unmatched(signed.leave(&site, AnswerNotice).await?, id, site.now()).await?;
    Ok(Page(Request { frame, request }))
}
