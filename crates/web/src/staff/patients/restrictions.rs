//! What holds mail back from a patient: a restriction, an address in doubt, a suppression.

use super::{HeadView, Result, door, head, showing};
use crate::site::Site;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::looks::Opened;
use crate::staff::page::{Again, GoTo, Page};
use crate::staff::parts;
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use discreet_access::{ActionName, LiftSuppression, RestrictPatient, SettleAddress};
use discreet_app::corrections::SaysOfAddress;
use discreet_domain::{EmailAddress, Phi};
use discreet_policy::AddressStanding;

/// What holds mail back.
#[derive(Template, Debug)]
#[template(path = "staff/patients/restrictions.html")]
pub(crate) struct Restrictions {
    frame: Frame,
    head: HeadView,
    form: Form,
    restricted: bool,
    email: Option<String>,
    doubtful: bool,
    confirmed: bool,
    suppressed: Option<String>,
    may_restrict: bool,
    may_settle: bool,
    may_lift: bool,
}

async fn page(site: &Site, signed: &Signed, opened: &Opened, form: Form) -> Result<Restrictions> {
    let head_view = head(site, signed, opened, "restrictions").await?;
    let by = showing(site, signed, opened).await?;
    let head = site.app.head(&by, opened.reason, None, site.now()).await?.into_exposed();
    Ok(Restrictions {
        frame: Frame::of(site, signed, Section::Patients).await?,
        head: head_view,
        form,
        restricted: head.restricted,
        email: head.email,
        doubtful: head.address == AddressStanding::Doubtful,
        confirmed: head.address == AddressStanding::Confirmed,
        suppressed: head.suppressed.map(|why| why.replace('_', " ")),
        may_restrict: signed.can(ActionName::RestrictPatient),
        may_settle: signed.can(ActionName::SettleAddress),
        may_lift: signed.can(ActionName::LiftSuppression),
    })
}

fn home(patient: &str) -> String {
    format!("/patients/{patient}/restrictions")
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(patient): Path<String>,
) -> Result<Response> {
    let opened = door(&site, &signed, &patient, &home(&patient)).await?;
    Ok(Page(page(&site, &signed, &opened, Form::default()).await?).into_response())
}

/// Records or ends a restriction.
pub(crate) async fn restrict(
    State(site): State<Site>,
    signed: Signed,
    Path(patient): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let opened = door(&site, &signed, &patient, &home(&patient)).await?;
    let by = signed.leave(&site, RestrictPatient { patient: opened.patient }).await?;
    site.app.restrict(by, posted.get("on") == "yes", site.now()).await?;
    Ok(GoTo::page(home(&patient)).into_response())
}

/// Settles whether the address is the patient's.
pub(crate) async fn address(
    State(site): State<Site>,
    signed: Signed,
    Path(patient): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let opened = door(&site, &signed, &patient, &home(&patient)).await?;
    let says = if posted.get("theirs") == "yes" {
        SaysOfAddress::Theirs
    } else {
        match EmailAddress::parse(posted.get("address")) {
            Ok(address) => SaysOfAddress::Another(Phi::new(address)),
            Err(_) => {
                let mut form = Form::of(&posted, &["address"]);
                form.wrong("address", "Enter an email, like name@example.com");
                return Ok(Again(page(&site, &signed, &opened, form).await?).into_response());
            }
        }
    };
    let by = signed.leave(&site, SettleAddress { patient: opened.patient }).await?;
    site.app.settle_address(by, &says, site.now()).await?;
    Ok(GoTo::page(home(&patient)).into_response())
}

/// Lets a suppressed address be mailed again.
pub(crate) async fn lift(
    State(site): State<Site>,
    signed: Signed,
    Path(patient): Path<String>,
    _: Posted,
) -> Result<Response> {
    let opened = door(&site, &signed, &patient, &home(&patient)).await?;
    let by = signed.leave(&site, LiftSuppression { patient: opened.patient }).await?;
    site.app.lift_suppression(by, site.now()).await?;
    Ok(GoTo::page(home(&patient)).into_response())
}
