//! What a patient may ask for: a copy of everything, something put right, to be erased.

use super::{HeadView, Result, door, head, showing};
use crate::site::Site;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::guard::capital;
use crate::staff::looks::Opened;
use crate::staff::page::{Again, GoTo, Page};
use crate::staff::parts::{self, Choice};
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use discreet_access::{ActionName, CorrectRecord, ErasePatient, ExportRecord, ShowConsent};
use discreet_app::AppError;
use discreet_app::corrections::{Wrong, correctable};
use discreet_domain::{Catalog, Phi};
use std::sync::Arc;

/// What a patient may ask for.
#[derive(Template, Debug)]
#[template(path = "staff/patients/rights.html")]
pub(crate) struct Rights {
    frame: Frame,
    head: HeadView,
    form: Form,
    catalog: Arc<Catalog>,
    corrected: bool,
    may_export: bool,
    may_erase: bool,
}

/// The question before a fact is taken away.
#[derive(Template, Debug)]
#[template(path = "staff/patients/take_away.html")]
pub(crate) struct TakeAway {
    frame: Frame,
    head: HeadView,
    id: String,
    title: String,
    words: String,
}

impl Rights {
    fn attributes(&self) -> Vec<Choice> {
        let all = correctable(&self.catalog);
        all.iter().map(|(name, title)| Choice::new(&self.form, "attribute", name, title)).collect()
    }
}

fn home(patient: &str) -> String {
    format!("/patients/{patient}/rights")
}

async fn page(site: &Site, signed: &Signed, opened: &Opened, form: Form, corrected: bool) -> Result<Rights> {
    Ok(Rights {
        head: head(site, signed, opened, "rights").await?,
        catalog: site.app.catalog(),
        frame: Frame::of(site, signed, Section::Patients).await?,
        form,
        corrected,
        may_export: signed.can(ActionName::ExportRecord),
        may_erase: signed.can(ActionName::ErasePatient),
    })
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(patient): Path<String>,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
) -> Result<Response> {
    let corrected = query.as_deref() == Some("corrected=1");
    let opened = door(&site, &signed, &patient, &home(&patient)).await?;
    Ok(Page(page(&site, &signed, &opened, Form::default(), corrected).await?).into_response())
}

/// A copy of everything, as a file.
pub(crate) async fn export(
    State(site): State<Site>,
    signed: Signed,
    Path(patient): Path<String>,
    _: Posted,
) -> Result<Response> {
    let opened = door(&site, &signed, &patient, &home(&patient)).await?;
    let patient = opened.patient;
    let by = signed.leave(&site, ExportRecord { patient }).await?;
    let consents = signed.leave(&site, ShowConsent { patient }).await?;
    let package = site.app.export(&by, &consents, site.now()).await?;
    let as_file = format!("attachment; filename=\"{}\"", package.name);
    let told =
        [(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, as_file)];
    Ok((told, package.bytes.into_exposed()).into_response())
}

/// Puts an attribute right, or takes a fact away.
pub(crate) async fn correct(
    State(site): State<Site>,
    signed: Signed,
    Path(patient): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let opened = door(&site, &signed, &patient, &home(&patient)).await?;
    let by = signed.leave(&site, CorrectRecord { patient: opened.patient }).await?;
    if posted.has("fact") {
        site.app.correct(by, &Wrong::Fact(posted.get("fact").to_owned()), site.now()).await?;
        return Ok(GoTo::page(format!("/patients/{patient}")).into_response());
    }
    let mut form = Form::of(&posted, &["attribute", "value", "unknown"]);
    let unknown = posted.get("unknown") == "yes";
    if !unknown {
        form.need("value", "Enter the value, or say that it is not known");
    }
    if form.is_fine() {
        let value = (!unknown).then(|| Phi::new(posted.get("value").to_owned()));
        let wrong = Wrong::Attribute(posted.get("attribute").to_owned(), value);
        match site.app.correct(by, &wrong, site.now()).await {
            Ok(()) => return Ok(GoTo::page(format!("{}?corrected=1", home(&patient))).into_response()),
            Err(AppError::Invalid(text)) => form.wrong("value", capital(&text)),
            Err(other) => return Err(other.into()),
        }
    }
    Ok(Again(page(&site, &signed, &opened, form, false).await?).into_response())
}

/// Asks before a fact is taken away.
pub(crate) async fn ask_fact(
    State(site): State<Site>,
    signed: Signed,
    Path(patient): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let opened = door(&site, &signed, &patient, &format!("/patients/{patient}")).await?;
    let by = showing(&site, &signed, &opened).await?;
    let view = site.app.view(&by, opened.reason, None, site.now()).await?;
    let head = super::head_view(&site, &view.clone().map(|view| view.head), &opened, "facts");
    let line = view.into_exposed().lines.into_iter().find(|line| line.id == posted.get("fact"));
    let line = line.ok_or(crate::staff::error::StaffError::Missing("fact"))?;
    let frame = Frame::of(&site, &signed, Section::Patients).await?;
    let page = TakeAway { frame, head, id: line.id, title: line.title, words: line.words };
    Ok(Page(page).into_response())
}

/// Erases the patient: the record number typed, and whoever asks has just shown who they are.
pub(crate) async fn erase(
    State(site): State<Site>,
    signed: Signed,
    Path(patient): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let opened = door(&site, &signed, &patient, &home(&patient)).await?;
    let by = signed.leave(&site, ErasePatient { patient: opened.patient }).await?;
    if !signed.just_confirmed() {
        return Ok(GoTo::page(format!("/confirm?next={}%23erase", home(&patient))).into_response());
    }
    let showing = showing(&site, &signed, &opened).await?;
    let head = site.app.head(&showing, opened.reason, None, site.now()).await?;
    let typed = posted.get("number");
    let right = !typed.is_empty() && head.into_exposed().numbers.iter().any(|number| number == typed);
    if !right {
        let mut form = Form::default();
        form.wrong("number", "Enter the record number of this record");
        return Ok(Again(page(&site, &signed, &opened, form, false).await?).into_response());
    }
    site.app.erase(by, None, site.now()).await?;
    site.looks.close(signed.secret(), opened.patient);
    Ok(GoTo::page(format!("/patients/{patient}")).into_response())
}
