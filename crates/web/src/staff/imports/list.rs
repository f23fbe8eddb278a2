//! Imports: what waits, what was imported, and a form to begin.

use super::samples::SAMPLES;
use super::words::{size, thousands, when};
use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::page::{GoTo, Page};
use crate::staff::parts;
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{Path, State};
use discreet_access::{ActionName, AnswerImportNotice, Import, ListImports};
use discreet_app::import::{DEMO_SOURCE, Run, RunState};
use discreet_app::uploads::{JobKind, JobState, LARGEST_UPLOAD, Waiting};

/// What waits, what was imported, and a form to begin.
#[derive(Template, Debug)]
#[template(path = "staff/imports/list.html")]
pub(crate) struct Imports {
    frame: Frame,
    form: Form,
    can_import: bool,
    waiting: Vec<Row>,
    runs: Vec<Past>,
    demo: bool,
}

/// An upload that waits.
#[derive(Debug)]
pub(crate) struct Row {
    id: String,
    what: String,
    source: String,
    received: String,
    size: String,
    state: &'static str,
    tone: &'static str,
    href: String,
    busy: bool,
}

/// A run.
#[derive(Debug)]
pub(crate) struct Past {
    id: String,
    started: String,
    by: String,
    state: &'static str,
    tone: &'static str,
    read: String,
    created: String,
    updated: String,
    unchanged: String,
    rejected: String,
}

impl Imports {
    fn samples(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        SAMPLES.iter().map(|(name, what, _)| (*name, *what))
    }
    fn most_bytes(&self) -> u64 {
        LARGEST_UPLOAD
    }
    fn hint(&self) -> String {
        let most = size(LARGEST_UPLOAD);
        format!(
            "FHIR R4 (.ndjson, .json) or CSV, plain or .gz, several at once or in a .zip; {most} together at most."
        )
    }
    fn too_large(&self) -> String {
        format!("These files have more than {} together.", size(LARGEST_UPLOAD))
    }
}

fn row(site: &Site, upload: Waiting) -> Row {
    let (state, tone, step) = match upload.job.as_ref().map(|job| (job.kind, job.state())) {
        None => ("Waits", "", "map"),
        Some((JobKind::Check, JobState::Reading(_) | JobState::Writing(..))) => {
            ("Being checked", "state-info", "check")
        }
        Some((JobKind::Run, JobState::Reading(_) | JobState::Writing(..))) => {
            ("Being imported", "state-info", "run")
        }
        Some((JobKind::Check, JobState::Done)) => ("Checked", "state-ok", "check"),
        Some((JobKind::Check, JobState::Failed(_))) => ("Check failed", "state-bad", "check"),
        Some((JobKind::Run, _)) => ("Broke off", "state-bad", "run"),
    };
    let what = match upload.files.as_slice() {
        [one] => one.clone(),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
        [] => String::new(),
    };
    Row {
        href: format!("/imports/{}/{step}", upload.id),
        id: upload.id.to_string(),
        what,
        source: upload.source,
        received: when(site, upload.received),
        size: size(upload.bytes),
        state,
        tone,
        busy: upload.job.is_some_and(|job| job.is_running()),
    }
}

fn past(site: &Site, run: Run, under_way: bool) -> Past {
    let (state, tone) = match run.state {
        RunState::Open if under_way => ("Running", "state-info"),
        RunState::Open => ("Not finished", "state-warn"),
        RunState::Failed => ("Broke off", "state-bad"),
        RunState::Ended if run.dry_run => ("Check only", ""),
        RunState::Ended => ("Done", "state-ok"),
    };
    Past {
        id: run.id.to_string(),
        started: when(site, run.started),
        by: run.by.unwrap_or_else(|| "–".to_owned()),
        state,
        tone,
        read: thousands(run.read),
        created: thousands(run.created),
        updated: thousands(run.updated),
        unchanged: thousands(run.unchanged),
        rejected: thousands(run.rejected),
    }
}

pub(super) async fn page(site: &Site, signed: &Signed, form: Form) -> Result<Imports> {
    let frame = Frame::of(site, signed, Section::Imports).await?;
    let can_import = signed.can(ActionName::Import);
    let uploads = match can_import {
        true => site.app.waiting_uploads(signed.leave(site, Import).await?, site.now()),
        false => Vec::new(),
    };
    let running: Vec<_> = uploads
        .iter()
        .filter_map(|u| u.job.as_ref())
        .filter(|job| job.is_running())
        .map(|job| job.run)
        .collect();
    let runs = site.app.runs(signed.leave(site, ListImports).await?).await?;
    let runs = runs.into_iter().map(|run| {
        let under_way = running.contains(&run.id);
        past(site, run, under_way)
    });
    Ok(Imports {
        frame,
        form,
        can_import,
        runs: runs.collect(),
        waiting: uploads.into_iter().map(|upload| row(site, upload)).collect(),
        demo: site.app.is_demo(),
    })
}

pub(crate) async fn show(State(site): State<Site>, signed: Signed) -> Result<Page<Imports>> {
    let source = if site.app.is_demo() { DEMO_SOURCE } else { "ehr" };
    Ok(Page(page(&site, &signed, Form::default().with("source", source)).await?))
}

pub(crate) async fn discard(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<String>,
    _: Posted,
) -> Result<GoTo> {
    let id = super::id_of(&id)?;
    site.app.discard_upload(signed.leave(&site, Import).await?, id, site.now()).await?;
    Ok(GoTo::page("/imports"))
}

pub(crate) async fn answer(
    State(site): State<Site>,
    signed: Signed,
    Path(n): Path<u64>,
    _: Posted,
) -> Result<GoTo> {
    let by = signed.leave(&site, AnswerImportNotice).await?;
    site.app.answer_import_notice(by, n, site.now()).await?;
    Ok(GoTo::page("/"))
}
