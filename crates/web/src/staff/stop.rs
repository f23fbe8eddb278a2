//! The red button, and letting sending go on.

use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::Posted;
use crate::staff::frame::{Frame, Section};
use crate::staff::page::{GoTo, Page};
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::State;
use discreet_access::{ResumeSending, StopSending};

/// The question.
#[derive(Template, Debug)]
#[template(path = "staff/stop.html")]
pub(crate) struct Stop {
    frame: Frame,
}

pub(crate) async fn ask(State(site): State<Site>, signed: Signed) -> Result<Page<Stop>> {
    Ok(Page(Stop { frame: Frame::of(&site, &signed, Section::Home).await? }))
}
pub(crate) async fn stop(State(site): State<Site>, signed: Signed, _: Posted) -> Result<GoTo> {
    site.app.stop_sending(signed.leave(&site, StopSending).await?, site.now()).await?;
    Ok(GoTo::page("/"))
}
pub(crate) async fn resume(State(site): State<Site>, signed: Signed, _: Posted) -> Result<GoTo> {
    site.app.resume_sending(signed.leave(&site, ResumeSending).await?, site.now()).await?;
    Ok(GoTo::page("/"))
}
