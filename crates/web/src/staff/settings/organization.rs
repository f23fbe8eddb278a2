//! What the organization says of itself: name, addresses, time zone, topics.

use super::tabs;
use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::guard::capital;
use crate::staff::page::{Again, GoTo, Page};
use crate::staff::parts::{self, Tabs};
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use discreet_access::ManageUsers;
use discreet_app::{AppError, Settings};
use std::collections::BTreeMap;

const FIELDS: [&str; 9] =
    ["organization", "address", "phone", "time_zone", "from", "link_base", "website", "hosts", "topics"];

/// The form.
#[derive(Template, Debug)]
#[template(path = "staff/settings/organization.html")]
pub(crate) struct Organization {
    frame: Frame,
    tabs: Tabs,
    form: Form,
    saved: bool,
}

fn filled(settings: &Settings) -> Form {
    let topics: Vec<String> = settings.topics.iter().map(|(word, name)| format!("{word}: {name}")).collect();
    Form::default()
        .with("organization", &settings.organization)
        .with("address", settings.postal_address.join("\n"))
        .with("phone", settings.phone.clone().unwrap_or_default())
        .with("time_zone", &settings.time_zone)
        .with("from", &settings.from_address)
        .with("link_base", &settings.link_base)
        .with("website", settings.website.clone().unwrap_or_default())
        .with("hosts", settings.hosts.join("\n"))
        .with("topics", topics.join("\n"))
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// `word: Public name`, a line each.
fn topics(text: &str, form: &mut Form) -> BTreeMap<String, String> {
    let mut topics = BTreeMap::new();
    for line in lines(text) {
        match line.split_once(':').map(|(word, name)| (word.trim(), name.trim())) {
            Some((word, name)) if !word.is_empty() && !name.is_empty() => {
                topics.insert(word.to_owned(), name.to_owned());
            }
            _ => form.wrong("topics", format!("“{line}” is not a word, a colon and a public name")),
        }
    }
    topics
}

/// In which field what a verb objects to stands.
fn field_of(text: &str) -> &'static str {
    let named = [
        ("`time_zone`", "time_zone"),
        ("`from_address`", "from"),
        ("`topics`", "topics"),
        ("`postal_address`", "address"),
        ("`organization`", "organization"),
    ];
    named.into_iter().find(|(word, _)| text.contains(word)).map_or("", |(_, field)| field)
}

async fn page(site: &Site, signed: &Signed, form: Form, saved: bool) -> Result<Organization> {
    let frame = Frame::of(site, signed, Section::Settings).await?;
    Ok(Organization { frame, tabs: tabs(signed, "/settings/organization"), form, saved })
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    RawQuery(query): RawQuery,
) -> Result<Page<Organization>> {
    let saved = query.as_deref() == Some("saved=1");
    Ok(Page(page(&site, &signed, filled(&site.app.settings()), saved).await?))
}

pub(crate) async fn save(State(site): State<Site>, signed: Signed, posted: Posted) -> Result<Response> {
    let mut form = Form::of(&posted, &FIELDS);
    form.need("organization", "Enter the name patients know you by");
    form.need("address", "Enter the postal address: no mail leaves without one");
    let some = |field: &str| Some(posted.get(field).to_owned()).filter(|text| !text.is_empty());
    let topics = topics(posted.raw("topics"), &mut form);
    if form.is_fine() {
        let settings = Settings {
            organization: posted.get("organization").to_owned(),
            postal_address: lines(posted.raw("address")),
            phone: some("phone"),
            time_zone: posted.get("time_zone").to_owned(),
            from_address: posted.get("from").to_owned(),
            link_base: posted.get("link_base").to_owned(),
            website: some("website"),
            hosts: lines(posted.raw("hosts")),
            topics,
        };
        let by = signed.leave(&site, ManageUsers).await?;
        match site.app.set_settings(by, settings, site.now()).await {
            Ok(()) => return Ok(GoTo::page("/settings/organization?saved=1").into_response()),
            Err(error @ (AppError::Invalid(_) | AppError::Template(_))) => {
                let text = error.to_string();
                form.wrong(field_of(&text), capital(&text.replace('`', "")));
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok(Again(page(&site, &signed, form, false).await?).into_response())
}
