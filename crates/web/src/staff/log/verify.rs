//! The log verified, as a job with a page of its own; checkpoints handed out.

use super::tabs;
use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::guard::capital;
use crate::staff::page::{GoTo, Page};
use crate::staff::parts::{self, Tabs};
use crate::staff::signed::{Fragment, Signed};
use crate::staff::when;
use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use discreet_access::VerifyAudit;
use discreet_app::audit::Verdict;
use discreet_app::checkpoints::Kept;
use discreet_domain::{Timestamp, Zone};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// How a verification stands.
#[derive(Clone, Debug, Default)]
enum Job {
    /// None was asked for since the server started.
    #[default]
    None,
    /// Under way.
    Running,
    /// Done, with what it says.
    Done { at: Timestamp, by: String, sound: bool, words: String },
}

/// The verification of this server: one at a time, seen by everyone who may.
#[derive(Debug, Default)]
pub(crate) struct Verification {
    job: Mutex<Job>,
    checked: AtomicU64,
}

impl Verification {
    fn now(&self) -> Job {
        self.job.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
    fn set(&self, job: Job) {
        *self.job.lock().unwrap_or_else(PoisonError::into_inner) = job;
    }
    /// Begins, unless one is under way.
    fn begin(&self) -> bool {
        let mut job = self.job.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*job, Job::Running) {
            return false;
        }
        *job = Job::Running;
        self.checked.store(0, Ordering::Relaxed);
        true
    }
}

/// How it stands, as a page shows it.
#[derive(Template, Debug)]
#[template(path = "staff/log/verify_state.html")]
pub(crate) struct Progress {
    running: bool,
    checked: u64,
    size: u64,
    result: Option<(String, bool, String)>,
}

/// The page of it.
#[derive(Template, Debug)]
#[template(path = "staff/log/verify.html")]
pub(crate) struct Verify {
    frame: Frame,
    tabs: Tabs,
    form: Form,
    state: Progress,
}

/// Checkpoints.
#[derive(Template, Debug)]
#[template(path = "staff/log/checkpoints.html")]
pub(crate) struct Checkpoints {
    frame: Frame,
    tabs: Tabs,
    size: u64,
    key: String,
    note: Option<String>,
    kept: Elsewhere,
}

/// What is kept elsewhere, as the page says it.
#[derive(Debug)]
pub(crate) struct Elsewhere {
    folder: Option<String>,
    last: Option<String>,
    /// What is wrong, if something is.
    wrong: Option<String>,
}

impl Elsewhere {
    fn of(kept: &Kept, zone: &Zone) -> Elsewhere {
        let wrong = match kept {
            Kept { folder: None, .. } => None,
            Kept { failed: Some(at), .. } => Some(format!(
                "The last try failed: {}. See whether the folder is there and may be written to. It is tried again every quarter of an hour.",
                when::time(zone, *at)
            )),
            Kept { old: true, .. } => Some("No checkpoint was kept there for two days.".to_owned()),
            _ => None,
        };
        Elsewhere {
            folder: kept.folder.as_ref().map(|folder| folder.display().to_string()),
            last: kept.last.map(|(at, size)| format!("{}, of {size} entries", when::time(zone, at))),
            wrong,
        }
    }
}

parts::part!(Progress);

async fn state(site: &Site) -> Result<Progress> {
    let zone = site.app.zone();
    let job = site.verification.now();
    let result = match &job {
        Job::Done { at, by, sound, words } => {
            Some((format!("{}, by {by}", when::time(&zone, *at)), *sound, words.clone()))
        }
        _ => None,
    };
    Ok(Progress {
        running: matches!(job, Job::Running),
        checked: site.verification.checked.load(Ordering::Relaxed),
        size: site.app.log_size().await?,
        result,
    })
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Fragment(fragment): Fragment,
) -> Result<Response> {
    let state = state(&site).await?;
    if fragment {
        return Ok(Page(state).into_response());
    }
    let frame = Frame::of(&site, &signed, Section::Audit).await?;
    let tabs = tabs(&signed, "/audit/verify");
    Ok(Page(Verify { frame, tabs, form: Form::default(), state }).into_response())
}

pub(crate) async fn start(State(site): State<Site>, signed: Signed, posted: Posted) -> Result<GoTo> {
    let by = signed.leave(&site, VerifyAudit).await?;
    let checkpoint = posted.raw("checkpoint").replace("\r\n", "\n").trim_start().to_owned();
    let checkpoint = (!checkpoint.is_empty()).then(|| format!("{}\n", checkpoint.trim_end()));
    if site.verification.begin() {
        let (site, name) = (site.clone(), signed.name().to_owned());
        tokio::spawn(async move {
            let told = |n: u64| site.verification.checked.store(n, Ordering::Relaxed);
            let verdict = site.app.verify_telling(by, checkpoint.as_deref(), &told).await;
            let (sound, words) = match verdict {
                Ok(Verdict::Sound(verified)) => {
                    (true, format!("All {} entries are intact.", verified.entries))
                }
                Ok(Verdict::Faulty(fault)) => (false, capital(&fault.to_string())),
                Err(error) => (false, format!("It could not be verified: {error}.")),
            };
            site.verification.set(Job::Done { at: site.now(), by: name, sound, words });
        });
    }
    Ok(GoTo::page("/audit/verify"))
}

async fn checkpoints(site: &Site, signed: &Signed, note: Option<String>) -> Result<Checkpoints> {
    let by = signed.leave(site, VerifyAudit).await?;
    let kept = site.app.checkpoints_kept(by, site.now()).await?;
    Ok(Checkpoints {
        frame: Frame::of(site, signed, Section::Audit).await?,
        tabs: tabs(signed, "/audit/checkpoints"),
        size: site.app.log_size().await?,
        kept: Elsewhere::of(&kept, &site.app.zone()),
        key: site.app.log_key(signed.leave(site, VerifyAudit).await?)?,
        note,
    })
}

pub(crate) async fn show_checkpoints(State(site): State<Site>, signed: Signed) -> Result<Page<Checkpoints>> {
    Ok(Page(checkpoints(&site, &signed, None).await?))
}

pub(crate) async fn make_checkpoint(
    State(site): State<Site>,
    signed: Signed,
    posted: Posted,
) -> Result<Response> {
    let note = site.app.checkpoint(signed.leave(&site, VerifyAudit).await?, site.now()).await?;
    if posted.get("as") == "file" {
        let as_file = format!("attachment; filename=\"checkpoint-{}.txt\"", note.checkpoint.size);
        let told = [
            (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, as_file),
        ];
        return Ok((told, note.as_text().to_owned()).into_response());
    }
    Ok(Page(checkpoints(&site, &signed, Some(note.as_text().to_owned())).await?).into_response())
}
