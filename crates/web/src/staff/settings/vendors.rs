//! Vendors and their agreements.

use super::tabs;
use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::guard::capital;
use crate::staff::page::{Again, GoTo, Page};
use crate::staff::parts::{self, Tabs};
use crate::staff::signed::Signed;
use crate::staff::when;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use discreet_access::ManageVendors;
use discreet_app::AppError;
use discreet_app::vendors::{Vendor, VendorText};
use discreet_domain::Day;
use uuid::Uuid;

const FIELDS: [&str; 4] = ["name", "purpose", "until", "contact"];

/// All vendors.
#[derive(Template, Debug)]
#[template(path = "staff/settings/vendors.html")]
pub(crate) struct Vendors {
    frame: Frame,
    tabs: Tabs,
    form: Form,
    today: Day,
    vendors: Vec<Vendor>,
}

/// One of them.
#[derive(Template, Debug)]
#[template(path = "staff/settings/vendor.html")]
pub(crate) struct OneVendor {
    frame: Frame,
    form: Form,
    id: Uuid,
    name: String,
    ended: bool,
}

/// How an agreement stands, in words.
pub(crate) fn agreement(vendor: &Vendor, today: Day) -> (String, &'static str) {
    match (vendor.ended, vendor.baa_until, vendor.ends_in(today)) {
        (Some(_), ..) => ("No vendor any more".to_owned(), "plain"),
        (None, None, _) => ("No agreement".to_owned(), "bad"),
        (None, Some(last), Some(left)) if left < 0 => (format!("Ended {}", when::day(last)), "bad"),
        (None, Some(last), Some(left)) => (format!("Ends in {left} days, {}", when::day(last)), "warn"),
        (None, Some(last), None) => (format!("Until {}", when::day(last)), "ok"),
    }
}

impl Vendors {
    fn agreement(&self, vendor: &Vendor) -> (String, &'static str) {
        agreement(vendor, self.today)
    }
}

async fn page(site: &Site, signed: &Signed, form: Form) -> Result<Vendors> {
    Ok(Vendors {
        frame: Frame::of(site, signed, Section::Settings).await?,
        tabs: tabs(signed, "/settings/vendors"),
        form,
        today: site.app.zone().day_of(site.now()),
        vendors: site.app.vendors(signed.leave(site, ManageVendors).await?).await?,
    })
}

pub(crate) async fn show(State(site): State<Site>, signed: Signed) -> Result<Page<Vendors>> {
    Ok(Page(page(&site, &signed, Form::default()).await?))
}

async fn found(site: &Site, signed: &Signed, id: Uuid) -> Result<Vendor> {
    let all = site.app.vendors(signed.leave(site, ManageVendors).await?).await?;
    all.into_iter().find(|vendor| vendor.id == id).ok_or(StaffError::Missing("vendor"))
}

async fn one_page(site: &Site, signed: &Signed, vendor: Vendor, form: Form) -> Result<OneVendor> {
    Ok(OneVendor {
        frame: Frame::of(site, signed, Section::Settings).await?,
        form,
        id: vendor.id,
        name: vendor.text.name,
        ended: vendor.ended.is_some(),
    })
}

pub(crate) async fn show_one(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
) -> Result<Page<OneVendor>> {
    let vendor = found(&site, &signed, id).await?;
    let until = vendor.baa_until.map_or_else(String::new, |day| day.to_string());
    let form = Form::default()
        .with("name", &vendor.text.name)
        .with("purpose", &vendor.text.purpose)
        .with("contact", &vendor.text.contact)
        .with("until", until);
    Ok(Page(one_page(&site, &signed, vendor, form).await?))
}

/// Saves what was posted; the form with what is wrong, if something is.
async fn save(
    site: &Site,
    signed: &Signed,
    id: Option<Uuid>,
    posted: &Posted,
) -> Result<std::result::Result<(), Form>> {
    let mut form = Form::of(posted, &FIELDS);
    form.need("name", "Enter the vendor’s name");
    form.need("purpose", "Say what the vendor is for");
    let until = Day::parse(posted.get("until")).ok();
    if posted.has("until") && until.is_none() {
        form.wrong("until", "Enter the last day of the agreement, like 2027-03-01");
    }
    if !form.is_fine() {
        return Ok(Err(form));
    }
    let text = VendorText {
        name: posted.get("name").to_owned(),
        purpose: posted.get("purpose").to_owned(),
        contact: posted.get("contact").to_owned(),
    };
    let by = signed.leave(site, ManageVendors).await?;
    match site.app.save_vendor(by, id, &text, until, site.now()).await {
        Ok(_) => Ok(Ok(())),
        Err(AppError::Invalid(text)) => {
            form.wrong("name", capital(&text));
            Ok(Err(form))
        }
        Err(other) => Err(other.into()),
    }
}

pub(crate) async fn add(State(site): State<Site>, signed: Signed, posted: Posted) -> Result<Response> {
    match save(&site, &signed, None, &posted).await? {
        Ok(()) => Ok(GoTo::page("/settings/vendors").into_response()),
        Err(form) => Ok(Again(page(&site, &signed, form).await?).into_response()),
    }
}

pub(crate) async fn change(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response> {
    match save(&site, &signed, Some(id), &posted).await? {
        Ok(()) => Ok(GoTo::page("/settings/vendors").into_response()),
        Err(form) => {
            let vendor = found(&site, &signed, id).await?;
            Ok(Again(one_page(&site, &signed, vendor, form).await?).into_response())
        }
    }
}

pub(crate) async fn end(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    _: Posted,
) -> Result<GoTo> {
    site.app.end_vendor(signed.leave(&site, ManageVendors).await?, id, site.now()).await?;
    Ok(GoTo::page("/settings/vendors"))
}
