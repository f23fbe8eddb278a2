//! Checking and importing: how far it is, and what the check says.

use super::report::Body;
use super::words::thousands;
use super::{Step, id_of};
use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::form::Posted;
use crate::staff::frame::{Frame, Section};
use crate::staff::guard::{REFRESH, capital};
use crate::staff::page::{GoTo, Page};
use crate::staff::signed::{Fragment, Signed};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use discreet_access::{Import, ListImports};
use discreet_app::AppError;
use discreet_app::uploads::{Job, JobKind, JobState};
use discreet_domain::ImportId;
use std::sync::Arc;

/// A job's page.
#[derive(Template, Debug)]
#[template(path = "staff/imports/job.html")]
pub(crate) struct JobPage {
    frame: Frame,
    steps: Vec<(&'static str, bool, bool)>,
    heading: &'static str,
    source: String,
    progress: Progress,
    /// What the check says, once it is done.
    checked: Option<Body>,
    refresh: &'static str,
}

/// How far a job is: the part of the page that is asked for again.
#[derive(Template, Clone, Debug)]
#[template(path = "staff/imports/progress.html")]
pub(crate) struct Progress {
    href: String,
    id: String,
    form_token: String,
    check: bool,
    running: bool,
    text: String,
    /// So many of so many, if that is known.
    bar: Option<(u64, u64)>,
    failed: Option<String>,
    /// Seconds since it began, for whoever waits.
    announce: Option<String>,
}

impl askama::filters::HtmlSafe for Progress {}

fn progress(id: ImportId, job: &Job, form_token: &str) -> Progress {
    let check = job.kind == JobKind::Check;
    let state = job.state();
    let mut view = Progress {
        href: format!("/imports/{id}/{}", if check { "check" } else { "run" }),
        id: id.to_string(),
        form_token: form_token.to_owned(),
        check,
        running: job.is_running(),
        text: String::new(),
        bar: None,
        failed: None,
        announce: None,
    };
    match state {
        JobState::Reading(read) => view.text = format!("{} records read", thousands(read)),
        JobState::Writing(done, of) => {
            view.text = format!("{} of {} patients matched", thousands(done), thousands(of));
            view.bar = Some((done, of));
            let quarter = done.saturating_mul(4).checked_div(of).unwrap_or(0);
            view.announce = (1..4).contains(&quarter).then(|| format!("{} percent", quarter * 25));
        }
        JobState::Done => view.text = "Done".to_owned(),
        JobState::Failed(why) => view.failed = Some(capital(&why)),
    }
    view
}

/// The job of an upload, if it is of this kind; else where its page is.
async fn job_of(
    site: &Site,
    signed: &Signed,
    id: ImportId,
    kind: JobKind,
) -> Result<std::result::Result<(String, Arc<Job>), GoTo>> {
    let upload = match site.app.upload(signed.leave(site, Import).await?, id) {
        Ok(upload) => upload,
        // After a restart, or a day later: what came of it is on record.
        Err(AppError::NotFound(_)) if kind == JobKind::Run => {
            return Ok(Err(GoTo::page(format!("/imports/{id}/report"))));
        }
        Err(other) => return Err(other.into()),
    };
    match upload.job {
        Some(job) if job.kind == kind => Ok(Ok((upload.source, job))),
        Some(job) if job.kind == JobKind::Run => Ok(Err(GoTo::page(format!("/imports/{id}/run")))),
        _ => Ok(Err(GoTo::page(format!("/imports/{id}/map")))),
    }
}

async fn show(site: &Site, signed: &Signed, id: &str, kind: JobKind, fragment: bool) -> Result<Response> {
    let id = id_of(id)?;
    let (source, job) = match job_of(site, signed, id, kind).await? {
        Ok(found) => found,
        Err(elsewhere) => return Ok(elsewhere.into_response()),
    };
    let done = job.state() == JobState::Done;
    if done && kind == JobKind::Run {
        return Ok(GoTo::page(format!("/imports/{}/report", job.run)).into_response());
    }
    // Done or failed, the whole page says more than its part.
    if fragment && !job.is_running() {
        return Ok(GoTo::page(format!("/imports/{id}/check")).into_response());
    }
    let progress = progress(id, &job, &signed.secret().form_token());
    if fragment {
        return Ok(Page(progress).into_response());
    }
    let checked = match done {
        false => None,
        true => {
            let (run, report) = site.app.run_of(signed.leave(site, ListImports).await?, job.run).await?;
            report.map(|report| Body::of(&run, &report, signed.viewer()))
        }
    };
    let frame = Frame::of(site, signed, Section::Imports).await?;
    let (step, heading) = match kind {
        JobKind::Check => (Step::Check, "Check without importing"),
        JobKind::Run => (Step::Import, "Import"),
    };
    let page = JobPage { frame, steps: step.all(), heading, source, progress, checked, refresh: REFRESH };
    Ok(Page(page).into_response())
}

pub(crate) async fn show_check(
    State(site): State<Site>,
    signed: Signed,
    Fragment(fragment): Fragment,
    Path(id): Path<String>,
) -> Result<Response> {
    show(&site, &signed, &id, JobKind::Check, fragment).await
}

pub(crate) async fn show_run(
    State(site): State<Site>,
    signed: Signed,
    Fragment(fragment): Fragment,
    Path(id): Path<String>,
) -> Result<Response> {
    show(&site, &signed, &id, JobKind::Run, fragment).await
}

pub(crate) async fn run(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<GoTo> {
    let id = id_of(&id)?;
    let by = signed.leave(&site, Import).await?;
    let kind = if posted.get("do") == "check" { JobKind::Check } else { JobKind::Run };
    site.app.begin_job(by, id, kind, site.clock()).await.map_err(StaffError::from)?;
    Ok(GoTo::page(format!("/imports/{id}/{}", if kind == JobKind::Check { "check" } else { "run" })))
}
