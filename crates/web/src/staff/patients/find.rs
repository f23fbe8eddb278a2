//! Finding one patient by what identifies them.

use super::Ask;
use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::page::{Again, Page};
use crate::staff::parts::{self, Choice};
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use discreet_access::{ActionName, FindPatient};
use discreet_app::patients::{Becoming, Found, LookUp};
use discreet_domain::{Day, EmailAddress, Phi};

const FIELDS: [&str; 8] = ["by", "number", "source", "email", "family", "month", "day", "year"];

/// The form.
#[derive(Template, Debug)]
#[template(path = "staff/patients/find.html")]
pub(crate) struct Find {
    frame: Frame,
    form: Form,
    /// What came of it.
    answer: Option<String>,
    /// Where the form goes.
    action: &'static str,
}

impl Find {
    fn new(frame: Frame, form: Form, answer: Option<String>) -> Find {
        Find { frame, form, answer, action: "/patients/find" }
    }
    fn ways(&self) -> Vec<Choice> {
        ways(&self.form)
    }
}

/// By what somebody is found.
pub(crate) fn ways(form: &Form) -> Vec<Choice> {
    [("number", "Record number"), ("email", "Email"), ("name", "Family name and birth date")]
        .map(|(value, words)| Choice::new(form, "by", value, words))
        .into()
}

/// The form as it is shown first.
pub(crate) fn fresh() -> Form {
    Form::default().with("by", "number")
}

/// What came of looking for one patient.
pub(crate) enum Came {
    /// The form is not in order.
    Wrong(Form),
    /// Nobody, or several: what to say.
    NotOne(Form, String),
    /// One, and what was looked for, as it may be said.
    One(Found, String),
}

pub(crate) async fn show(State(site): State<Site>, signed: Signed) -> Result<Page<Find>> {
    let frame = Frame::of(&site, &signed, Section::Patients).await?;
    Ok(Page(Find::new(frame, fresh(), None)))
}

/// What is looked for, or what is wrong with it.
fn read(posted: &Posted, form: &mut Form) -> Option<Vec<LookUp>> {
    match posted.get("by") {
        "email" => {
            let address = EmailAddress::parse(posted.get("email"));
            let address =
                address.map_err(|_| form.wrong("email", "Enter an email, like name@example.com")).ok()?;
            Some(vec![LookUp::Email(Phi::new(address))])
        }
        "name" => {
            form.need("family", "Enter the family name");
            let number = |field: &str| posted.get(field).parse::<i16>().ok();
            let small = |field: &str| number(field).and_then(|n| i8::try_from(n).ok());
            let day = match (number("year"), small("month"), small("day")) {
                (Some(year), Some(month), Some(day)) => Day::of(year, month, day),
                _ => None,
            };
            if day.is_none() {
                form.wrong("month", "Enter the birth date, like 3 14 1980");
            }
            let family = Phi::new(posted.get("family").to_owned());
            day.filter(|_| form.is_fine()).map(|day| vec![LookUp::Name(family, day)])
        }
        _ => {
            form.need("number", "Enter the record number");
            let source = Some(posted.get("source")).filter(|source| !source.is_empty());
            form.is_fine().then(|| LookUp::number(source, posted.get("number")))
        }
    }
}

/// Of several records, those that are a patient's; of none, what there is: an erased one says so.
fn of_interest(found: Vec<Found>) -> Vec<Found> {
    let live: Vec<Found> = found.iter().copied().filter(|f| f.becoming == Becoming::Live).collect();
    if live.is_empty() { found } else { live }
}

/// Looks for one patient by what was typed into the form.
pub(crate) async fn look_for(site: &Site, signed: &Signed, posted: &Posted) -> Result<Came> {
    let mut form = Form::of(posted, &FIELDS);
    let Some(looked_for) = read(posted, &mut form) else { return Ok(Came::Wrong(form)) };
    let by = signed.leave(site, FindPatient).await?;
    let found = of_interest(site.app.find_any(by, &looked_for, site.now()).await?);
    let by_what = posted.get("by");
    let [one] = found.as_slice() else {
        let answer = match (found.len(), by_what) {
            (0, "email") => "No record with that email. Check it, or search by record number.".to_owned(),
            (0, "name") => "No record with that name and birth date. Check both.".to_owned(),
            (0, _) => "No record with that number. Check the digits, or search by email.".to_owned(),
            (n, "email") => format!("{n} records use this address. Enter the record number."),
            (n, "name") => format!("{n} records have this name and birth date. Enter the record number."),
            (n, _) => format!("{n} records have this number. Name its source, or search by email."),
        };
        return Ok(Came::NotOne(form, answer));
    };
    let said = match by_what {
        "email" => format!("1 record uses {}.", posted.get("email")),
        "name" => format!("1 record has the family name {} and that birth date.", posted.get("family")),
        _ => format!("1 record has the number {}.", posted.get("number")),
    };
    Ok(Came::One(*one, said))
}

pub(crate) async fn find(State(site): State<Site>, signed: Signed, posted: Posted) -> Result<Response> {
    let came = look_for(&site, &signed, &posted).await?;
    let frame = Frame::of(&site, &signed, Section::Patients).await?;
    match came {
        Came::Wrong(form) => Ok(Again(Find::new(frame, form, None)).into_response()),
        Came::NotOne(form, answer) => Ok(Page(Find::new(frame, form, Some(answer))).into_response()),
        Came::One(..) if !signed.can(ActionName::ShowPatient) => {
            let form = Form::of(&posted, &FIELDS);
            let answer = "1 record. Opening it takes another role.".to_owned();
            Ok(Page(Find::new(frame, form, Some(answer))).into_response())
        }
        Came::One(one, said) => Ok(asked(frame, one, Form::default(), said)),
    }
}

/// The question before a record that was found is opened, or what has become of the record.
pub(crate) fn asked(frame: Frame, one: Found, form: Form, said: String) -> Response {
    match one.becoming {
        Becoming::Live => {
            Page(Ask { frame, form, patient: one.patient, found: Some(said), ran_out: false }).into_response()
        }
        Becoming::Merged(survivor) => {
            Page(super::Gone { frame, survivor: Some(survivor), erased: None }).into_response()
        }
        Becoming::Erased => Page(super::Gone { frame, survivor: None, erased: None }).into_response(),
    }
}
