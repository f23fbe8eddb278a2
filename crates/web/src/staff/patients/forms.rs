//! Signed authorizations (45 CFR 164.508): filed with every element of (c), seen with what is present and missing,
//! revoked.

use super::{HeadView, Result, door, head};
use crate::site::Site;
use crate::staff::error::StaffError;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::guard::capital;
use crate::staff::looks::Opened;
use crate::staff::page::{Again, GoTo, Page};
use crate::staff::parts::{self, Choice};
use crate::staff::signed::Signed;
use crate::staff::when;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use discreet_access::{RevokeAuthorization, ShowConsent, SignAuthorization};
use discreet_domain::{AuthorizationId, Day};
use discreet_policy::authorization::{Authorization, Defect, Expiry, Signer};

const FIELDS: [&str; 10] = [
    "information",
    "discloser",
    "recipient",
    "purposes",
    "last_day",
    "event",
    "signer",
    "authority",
    "signed_on",
    "states",
];

/// What the form must state, each with where the law says so.
const STATEMENTS: [(&str, &str); 4] = [
    ("revocation", "It can be taken back in writing, and how – 164.508(c)(2)(i)"),
    ("conditioning", "Treatment, payment, enrollment and eligibility do not depend on it – (c)(2)(ii)"),
    ("redisclosure", "Whoever gets the information could share it again – (c)(2)(iii)"),
    ("remuneration", "The clinic is paid for sending this – (a)(3)(ii); needed for paid messages only"),
];

/// The form that is filed.
#[derive(Template, Debug)]
#[template(path = "staff/patients/authorization_new.html")]
pub(crate) struct NewForm {
    frame: Frame,
    head: HeadView,
    form: Form,
    topics: Vec<(String, String)>,
}

/// A form on file.
#[derive(Template, Debug)]
#[template(path = "staff/patients/authorization.html")]
pub(crate) struct OneForm {
    frame: Frame,
    head: HeadView,
    id: AuthorizationId,
    elements: Vec<Element>,
    defects: Vec<String>,
}

/// A required element.
#[derive(Debug)]
pub(crate) struct Element {
    name: &'static str,
    citation: &'static str,
    says: String,
    present: bool,
}

impl NewForm {
    fn purposes(&self) -> Vec<Choice> {
        self.topics.iter().map(|(topic, name)| Choice::new(&self.form, "purposes", topic, name)).collect()
    }
    fn signers(&self) -> Vec<Choice> {
        [("patient", "The patient"), ("representative", "Somebody who may sign for the patient")]
            .map(|(value, words)| Choice::new(&self.form, "signer", value, words))
            .into()
    }
    fn statements(&self) -> Vec<Choice> {
        STATEMENTS.map(|(value, words)| Choice::new(&self.form, "states", value, words)).into()
    }
}

/// The form as posted; what is missing shows among its defects.
fn read(posted: &Posted, form: &mut Form) -> Authorization {
    let text = |field: &str| posted.get(field).to_owned();
    let states = posted.all("states");
    let mut day = |field: &str| match Day::parse(posted.get(field)) {
        Ok(day) => Some(day),
        Err(_) if posted.has(field) => {
            form.wrong(field, "Enter a date, like 2027-11-24");
            None
        }
        Err(_) => None,
    };
    let (last, signed_on) = (day("last_day"), day("signed_on"));
    let expiry = match (last, posted.has("event")) {
        (Some(day), _) => Some(Expiry::On(day)),
        (None, true) => Some(Expiry::Event { what: text("event"), happened: false }),
        (None, false) => None,
    };
    let signer = match posted.get("signer") {
        "patient" => Some(Signer::Patient),
        "representative" => Some(Signer::Representative { authority: text("authority") }),
        _ => None,
    };
    Authorization {
        information: text("information"),
        discloser: text("discloser"),
        recipient: text("recipient"),
        purposes: posted.all("purposes").into_iter().map(str::to_owned).collect(),
        expiry,
        signer,
        signed_on,
        states_revocation: states.contains(&"revocation"),
        states_conditioning: states.contains(&"conditioning"),
        states_redisclosure: states.contains(&"redisclosure"),
        states_remuneration: states.contains(&"remuneration"),
    }
}

/// The field a defect is mended in.
const fn field_of(defect: Defect) -> &'static str {
    match defect {
        Defect::Information => "information",
        Defect::Discloser => "discloser",
        Defect::Recipient => "recipient",
        Defect::Purpose => "purposes",
        Defect::Expiry => "last_day",
        Defect::Signature => "signer",
        Defect::SignatureDate => "signed_on",
        Defect::Revocation | Defect::Conditioning | Defect::Redisclosure => "states",
    }
}

fn home(patient: &str) -> String {
    format!("/patients/{patient}/consents")
}

async fn page(site: &Site, signed: &Signed, opened: &Opened, form: Form) -> Result<NewForm> {
    Ok(NewForm {
        head: head(site, signed, opened, "consents").await?,
        frame: Frame::of(site, signed, Section::Patients).await?,
        form,
        topics: site.app.settings().topics.into_iter().collect(),
    })
}

pub(crate) async fn ask(
    State(site): State<Site>,
    signed: Signed,
    Path(patient): Path<String>,
) -> Result<Response> {
    let opened = door(&site, &signed, &patient, &home(&patient)).await?;
    let organization = site.app.settings().organization;
    let form = Form::default().with("discloser", organization).with("signer", "patient");
    Ok(Page(page(&site, &signed, &opened, form).await?).into_response())
}

pub(crate) async fn sign(
    State(site): State<Site>,
    signed: Signed,
    Path(patient): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let opened = door(&site, &signed, &patient, &home(&patient)).await?;
    let mut form = Form::of(&posted, &FIELDS);
    let authorization = read(&posted, &mut form);
    for defect in authorization.defects() {
        form.wrong(field_of(defect), format!("Not valid: {}", capital(&defect.to_string())));
    }
    if !form.is_fine() {
        return Ok(Again(page(&site, &signed, &opened, form).await?).into_response());
    }
    let by = signed.leave(&site, SignAuthorization { patient: opened.patient }).await?;
    site.app.sign_authorization(by, &authorization, site.now()).await?;
    Ok(GoTo::page(format!("{}?done=signed", home(&patient))).into_response())
}

fn form_id(text: &str) -> std::result::Result<AuthorizationId, StaffError> {
    text.parse().map_err(|_| StaffError::Missing("authorization"))
}

fn elements(form: &Authorization, topics: &[(String, String)]) -> Vec<Element> {
    let element = |name, citation, says: String, defect: Defect| Element {
        name,
        citation,
        present: !form.defects().contains(&defect),
        says,
    };
    let stated = |yes: bool| if yes { "Stated".to_owned() } else { "Not stated".to_owned() };
    let purposes: Vec<String> = form
        .purposes
        .iter()
        .map(|p| topics.iter().find(|(topic, _)| topic == p).map_or_else(|| p.clone(), |(_, n)| n.clone()))
        .collect();
    let ends = match &form.expiry {
        None => "No date and no event".to_owned(),
        Some(Expiry::On(day)) => format!("On {}", when::day(*day)),
        Some(Expiry::Event { what, .. }) => format!("When {what}"),
    };
    let signer = match &form.signer {
        None => "Nobody".to_owned(),
        Some(Signer::Patient) => "The patient".to_owned(),
        Some(Signer::Representative { authority }) => format!("A representative: {authority}"),
    };
    let signed_on = form.signed_on.map_or_else(|| "No date".to_owned(), when::day);
    vec![
        element("What information", "(c)(1)(i)", form.information.clone(), Defect::Information),
        element("Who may use or share it", "(c)(1)(ii)", form.discloser.clone(), Defect::Discloser),
        element("Who may get it", "(c)(1)(iii)", form.recipient.clone(), Defect::Recipient),
        element("What for", "(c)(1)(iv)", purposes.join(", "), Defect::Purpose),
        element("When it ends", "(c)(1)(v)", ends, Defect::Expiry),
        element("Signed by", "(c)(1)(vi)", signer, Defect::Signature),
        element("Signed on", "(c)(1)(vi)", signed_on, Defect::SignatureDate),
        element("How to take it back", "(c)(2)(i)", stated(form.states_revocation), Defect::Revocation),
        element(
            "Nothing depends on it",
            "(c)(2)(ii)",
            stated(form.states_conditioning),
            Defect::Conditioning,
        ),
        element(
            "It could be shared again",
            "(c)(2)(iii)",
            stated(form.states_redisclosure),
            Defect::Redisclosure,
        ),
    ]
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path((patient, id)): Path<(String, String)>,
) -> Result<Response> {
    let id = form_id(&id)?;
    let opened = door(&site, &signed, &patient, &home(&patient)).await?;
    let by = signed.leave(&site, ShowConsent { patient: opened.patient }).await?;
    let form = site.app.authorization(&by, opened.reason, id, site.now()).await?.into_exposed();
    let topics: Vec<(String, String)> = site.app.settings().topics.into_iter().collect();
    let page = OneForm {
        head: head(&site, &signed, &opened, "consents").await?,
        frame: Frame::of(&site, &signed, Section::Patients).await?,
        id,
        elements: elements(&form, &topics),
        defects: form.defects().iter().map(|defect| capital(&defect.to_string())).collect(),
    };
    Ok(Page(page).into_response())
}

pub(crate) async fn revoke(
    State(site): State<Site>,
    signed: Signed,
    Path((patient, id)): Path<(String, String)>,
    _: Posted,
) -> Result<Response> {
    let id = form_id(&id)?;
    let opened = door(&site, &signed, &patient, &home(&patient)).await?;
    let by = signed.leave(&site, RevokeAuthorization { patient: opened.patient }).await?;
    site.app.revoke_authorization(by, id, site.now()).await?;
    Ok(GoTo::page(format!("{}?done=revoked", home(&patient))).into_response())
}
