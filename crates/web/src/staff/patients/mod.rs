//! Patients: found by what was asked for, opened for a reason, for fifteen minutes; then asked again. What is typed goes
//! in forms and never into an address.

pub(crate) mod consents;
pub(crate) mod facts;
pub(crate) mod find;
pub(crate) mod forms;
pub(crate) mod messages;
pub(crate) mod restrictions;
pub(crate) mod rights;

use crate::site::Site;
use crate::staff::error::StaffError;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::looks::Opened;
use crate::staff::page::{Again, GoTo, Page, local};
use crate::staff::parts::{self, Choice, Tab};
use crate::staff::signed::Signed;
use crate::staff::when;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use discreet_access::{Allowed, ShowPatient};
use discreet_app::charts::Head;
use discreet_app::patients::{Becoming, Reason};
use discreet_domain::{PatientId, Phi, SegmentId};
use discreet_policy::AddressStanding;

/// Longest note to a reason, in characters.
const LONGEST_NOTE: usize = 500;

/// The reasons offered, with their words.
const REASONS: [(Reason, &str); 6] = [
    (Reason::PatientRequest, "The patient asked"),
    (Reason::Care, "Treatment or scheduling"),
    (Reason::Investigation, "Check consent or a complaint"),
    (Reason::Correction, "Put something right"),
    (Reason::PrivacyReview, "Privacy review"),
    (Reason::Other, "Other"),
];

/// The question before a record is opened.
#[derive(Template, Debug)]
#[template(path = "staff/patients/ask.html")]
pub(crate) struct Ask {
    frame: Frame,
    form: Form,
    patient: PatientId,
    /// What was looked for, as it may be said.
    found: Option<String>,
    /// The record was open, and its time is over.
    ran_out: bool,
}

impl Ask {
    fn reasons(&self) -> Vec<Choice> {
        REASONS
            .iter()
            .map(|(reason, words)| Choice::new(&self.form, "reason", reason.code(), words))
            .collect()
    }
    /// The record is opened to see why its patient is in a segment or not.
    fn is_about_a_segment(&self) -> bool {
        segment_in(self.form.value("then"), self.patient).is_some()
    }
    /// Where another patient is looked for.
    fn back(&self) -> String {
        let segment = segment_in(self.form.value("then"), self.patient);
        segment.map_or_else(|| "/patients".to_owned(), |segment| format!("/segments/{segment}/why"))
    }
}

/// What stands instead of a record that is none any more.
#[derive(Template, Debug)]
#[template(path = "staff/patients/gone.html")]
pub(crate) struct Gone {
    frame: Frame,
    /// The record it is part of now.
    survivor: Option<PatientId>,
    /// When it was erased.
    erased: Option<String>,
}

/// The head of every page of a record.
#[derive(Debug)]
pub(crate) struct HeadView {
    pub(crate) patient: PatientId,
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) opened_for: &'static str,
    pub(crate) closes: String,
    pub(crate) warnings: Vec<&'static str>,
    pub(crate) tabs: parts::Tabs,
}

/// Why a handler does not show or change the record.
pub(crate) enum Shut {
    /// What to show instead: the question why, or what has become of the record.
    Instead(Box<Response>),
    Because(StaffError),
}

impl<E: Into<StaffError>> From<E> for Shut {
    fn from(error: E) -> Shut {
        Shut::Because(error.into())
    }
}

impl IntoResponse for Shut {
    fn into_response(self) -> Response {
        match self {
            Shut::Instead(response) => *response,
            Shut::Because(error) => error.into_response(),
        }
    }
}

/// The result of a handler behind [`door`].
pub(crate) type Result<T> = std::result::Result<T, Shut>;

/// Reads the id in an address.
pub(crate) fn patient_id(text: &str) -> Result<PatientId> {
    text.parse().map_err(|_| StaffError::Missing("patient").into())
}

/// Opens the door to a record if its reason still holds; else what to show instead: the question, or what has become of
/// the record. `then` is where to go once it is answered.
pub(crate) async fn door(site: &Site, signed: &Signed, patient: &str, then: &str) -> Result<Opened> {
    let patient = patient_id(patient)?;
    let by = signed.leave(site, ShowPatient { patient }).await?;
    match site.app.becoming(&by).await? {
        Becoming::Live => {}
        Becoming::Merged(survivor) => return Err(gone(site, signed, Some(survivor), None).await?),
        Becoming::Erased => {
            let zone = site.app.zone();
            let at = site.app.erased_at(&by).await?.map(|at| when::day(zone.day_of(at)));
            return Err(gone(site, signed, None, at).await?);
        }
    }
    if let Some(opened) = site.looks.find(signed.secret(), patient, site.now()) {
        return Ok(opened);
    }
    let frame = Frame::of(site, signed, Section::Patients).await?;
    let form = Form::default().with("then", then);
    let ran_out = then != format!("/patients/{patient}");
    Err(Shut::Instead(Box::new(Page(Ask { frame, form, patient, found: None, ran_out }).into_response())))
}

async fn gone(
    site: &Site,
    signed: &Signed,
    survivor: Option<PatientId>,
    erased: Option<String>,
) -> Result<Shut> {
    let frame = Frame::of(site, signed, Section::Patients).await?;
    Ok(Shut::Instead(Box::new(Page(Gone { frame, survivor, erased }).into_response())))
}

/// The page that says why a patient is in a segment or not.
pub(crate) fn why_path(segment: SegmentId, patient: PatientId) -> String {
    format!("/segments/{segment}/why/{patient}")
}

/// The segment of such a page's path; `None` if it is another path.
fn segment_in(path: &str, patient: PatientId) -> Option<SegmentId> {
    let (segment, _) = path.strip_prefix("/segments/")?.split_once('/')?;
    let segment = segment.parse().ok()?;
    (path == why_path(segment, patient)).then_some(segment)
}

/// Answers the question.
pub(crate) async fn open(
    State(site): State<Site>,
    signed: Signed,
    Path(patient): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let patient = patient_id(&patient)?;
    signed.leave(&site, ShowPatient { patient }).await?;
    let mut form = Form::of(&posted, &["reason", "note", "then"]);
    let reason = REASONS.iter().map(|(reason, _)| *reason).find(|r| r.code() == posted.get("reason"));
    let note = posted.get("note");
    if reason.is_none() {
        form.wrong("reason", "Choose a reason");
    }
    if reason == Some(Reason::Other) && note.is_empty() {
        form.wrong("note", "Say in a few words why");
    }
    if note.chars().count() > LONGEST_NOTE {
        form.wrong("note", format!("Say it in at most {LONGEST_NOTE} characters"));
    }
    let (Some(reason), true) = (reason, form.is_fine()) else {
        let frame = Frame::of(&site, &signed, Section::Patients).await?;
        return Ok(Again(Ask { frame, form, patient, found: None, ran_out: false }).into_response());
    };
    let note = (!note.is_empty()).then(|| note.to_owned());
    site.looks.open(signed.secret(), patient, reason, note, site.now());
    let home = format!("/patients/{patient}");
    let ours = |then: &&str| then.starts_with(&home) || segment_in(then, patient).is_some();
    let then = local(posted.get("then")).filter(ours).unwrap_or(&home);
    Ok(GoTo::page(then).into_response())
}

/// Closes the record: its reason holds no more.
pub(crate) async fn close(
    State(site): State<Site>,
    signed: Signed,
    Path(patient): Path<String>,
    _: Posted,
) -> Result<GoTo> {
    site.looks.close(signed.secret(), patient_id(&patient)?);
    Ok(GoTo::page("/patients"))
}

/// Leave to see a record that is open.
pub(crate) async fn showing(site: &Site, signed: &Signed, opened: &Opened) -> Result<Allowed<ShowPatient>> {
    Ok(signed.leave(site, ShowPatient { patient: opened.patient }).await?)
}

/// The head of a tab that shows nothing else of the record's parts.
pub(crate) async fn head(site: &Site, signed: &Signed, opened: &Opened, tab: &str) -> Result<HeadView> {
    let by = showing(site, signed, opened).await?;
    let head = site.app.head(&by, opened.reason, opened.note.as_deref(), site.now()).await?;
    Ok(head_view(site, &head, opened, tab))
}

/// The head in words, for whoever opened the record.
pub(crate) fn head_view(site: &Site, head: &Phi<Head>, opened: &Opened, tab: &str) -> HeadView {
    let head = head.expose();
    let zone = site.app.zone();
    let patient = opened.patient;
    let born = head.birth.map(|birth| format!("born {}", when::when(&zone, birth)));
    let number = head.number.as_ref().map(|number| format!("record {number}"));
    let about: Vec<String> = born.into_iter().chain(number).collect();
    let mut warnings = Vec::new();
    let mut warn = |on: bool, words: &'static str| {
        if on {
            warnings.push(words);
        }
    };
    warn(head.deceased, "Deceased: no mail is sent.");
    warn(!head.active, "Not a current patient: no mail is sent.");
    warn(head.restricted, "Restriction: no mail is sent while it holds.");
    warn(
        head.address == AddressStanding::Doubtful,
        "Someone said the address is not the patient’s: no mail goes to it until that is settled.",
    );
    warn(head.suppressed.is_some(), "The address is suppressed: no mail goes to it.");
    let words = REASONS.iter().find(|(reason, _)| *reason == opened.reason).map_or("another reason", |r| r.1);
    let tabs = ["Facts", "Consents", "Messages", "Restrictions", "Rights"].map(|name| {
        let path = name.to_lowercase();
        let href = match name {
            "Facts" => format!("/patients/{patient}"),
            _ => format!("/patients/{patient}/{path}"),
        };
        Tab { name, href, current: path == tab }
    });
    HeadView {
        patient,
        name: head.name.clone(),
        about: about.join(" · "),
        opened_for: words,
        closes: when::clock(&zone, opened.until),
        warnings,
        tabs: parts::tabs("Record", tabs.into()),
    }
}
