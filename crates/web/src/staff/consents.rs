//! Consents over all patients, without names: topics and how many opted in, forms' texts by version, what was said when.

use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::guard::capital;
use crate::staff::page::{Again, GoTo, Page};
use crate::staff::parts::{self, Choice, Tab, Tabs};
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use discreet_access::{ActionName, CountSegment, ReadTopics, SaveConsentText};
use discreet_app::AppError;
use discreet_app::consent_texts::{ConsentText, SaidLine, SavedText};
use discreet_app::segments::Which;
use discreet_domain::{Day, Topic};
use std::collections::HashMap;

/// How many days back the ledger is looked at, unless asked otherwise.
const USUAL_DAYS: i32 = 90;

/// Topics.
#[derive(Template, Debug)]
#[template(path = "staff/consents/topics.html")]
pub(crate) struct Topics {
    frame: Frame,
    tabs: Tabs,
    topics: Vec<TopicLine>,
    may_change: bool,
    exact: bool,
    time: String,
}

/// A topic.
#[derive(Debug)]
pub(crate) struct TopicLine {
    word: String,
    name: String,
    opted_in: String,
}

/// Forms' texts.
#[derive(Template, Debug)]
#[template(path = "staff/consents/forms.html")]
pub(crate) struct Forms {
    frame: Frame,
    tabs: Tabs,
    form: Form,
    texts: Vec<SavedText>,
    may_save: bool,
}

/// One form's text, all versions.
#[derive(Template, Debug)]
#[template(path = "staff/consents/form.html")]
pub(crate) struct OneText {
    frame: Frame,
    form: Form,
    name: String,
    versions: Vec<SavedText>,
    may_save: bool,
}

/// What was said in a while.
#[derive(Template, Debug)]
#[template(path = "staff/consents/ledger.html")]
pub(crate) struct Ledger {
    frame: Frame,
    tabs: Tabs,
    form: Form,
    topics: Vec<String>,
    lines: Vec<Said>,
}

/// A line of it.
#[derive(Debug)]
pub(crate) struct Said {
    topic: String,
    what: &'static str,
    way: String,
    how: String,
    people: String,
}

impl Ledger {
    fn topic_choices(&self) -> Vec<Choice> {
        let all = Choice::new(&self.form, "topic", "", "All topics");
        let named = self.topics.iter().map(|name| Choice::new(&self.form, "topic", name, name));
        std::iter::once(all).chain(named).collect()
    }
}

pub(super) fn tabs(signed: &Signed, current: &str) -> Tabs {
    let all = [
        ("Topics", "/consents", ActionName::ReadTopics),
        ("Forms", "/consents/forms", ActionName::ReadTopics),
        ("Ledger", "/consents/ledger", ActionName::ReadTopics),
        ("Authorizations", "/consents/authorizations", ActionName::AnswerNotice),
    ];
    let mine = all.into_iter().filter(|(.., action)| signed.can(*action));
    let tab = |(name, href, _): (&'static str, &str, _)| Tab {
        name,
        href: href.to_owned(),
        current: href == current,
    };
    parts::tabs("Consents", mine.map(tab).collect())
}

pub(crate) async fn topics(State(site): State<Site>, signed: Signed) -> Result<Page<Topics>> {
    signed.leave(&site, ReadTopics).await?;
    let mut lines = Vec::new();
    for (word, name) in site.app.settings().topics {
        let topic = Topic::parse(&word).map_err(|_| StaffError::Missing("topic"))?;
        let by = signed.leave(&site, CountSegment).await?;
        let which = Which::Text(format!("has consent {word} by email"));
        let counted = site.app.count_segment(by, &which, &topic, site.now()).await?;
        lines.push(TopicLine { word, name, opted_in: counted.count.shown_to(signed.viewer()).to_string() });
    }
    Ok(Page(Topics {
        frame: Frame::of(&site, &signed, Section::Consents).await?,
        tabs: tabs(&signed, "/consents"),
        topics: lines,
        may_change: signed.can(ActionName::ManageUsers),
        exact: signed.viewer() == discreet_domain::Viewer::SeesPatients,
        time: crate::staff::when::clock(&site.app.zone(), site.now()),
    }))
}

async fn forms_page(site: &Site, signed: &Signed, form: Form) -> Result<Forms> {
    Ok(Forms {
        frame: Frame::of(site, signed, Section::Consents).await?,
        tabs: tabs(signed, "/consents/forms"),
        form,
        texts: site.app.consent_texts(signed.leave(site, ReadTopics).await?).await?,
        may_save: signed.can(ActionName::SaveConsentText),
    })
}

pub(crate) async fn forms(State(site): State<Site>, signed: Signed) -> Result<Page<Forms>> {
    Ok(Page(forms_page(&site, &signed, Form::default()).await?))
}

pub(crate) async fn save_form(State(site): State<Site>, signed: Signed, posted: Posted) -> Result<Response> {
    let mut form = Form::of(&posted, &["name", "english", "spanish"]);
    form.need("name", "Enter a name for the form");
    form.need("english", "Enter the English text");
    if form.is_fine() {
        let text = ConsentText {
            name: posted.get("name").to_owned(),
            english: posted.raw("english").to_owned(),
            spanish: posted.raw("spanish").to_owned(),
        };
        let by = signed.leave(&site, SaveConsentText).await?;
        match site.app.save_consent_text(by, &text, site.now()).await {
            Ok(_) => return Ok(GoTo::page("/consents/forms").into_response()),
            Err(AppError::Invalid(text)) => form.wrong("name", capital(&text)),
            Err(other) => return Err(other.into()),
        }
    }
    Ok(Again(forms_page(&site, &signed, form).await?).into_response())
}

pub(crate) async fn form(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<uuid::Uuid>,
) -> Result<Page<OneText>> {
    let by = signed.leave(&site, ReadTopics).await?;
    let versions = site.app.consent_text_versions(by, id).await?;
    let current = versions.first().map(|saved| saved.text.clone());
    let current = current.ok_or(StaffError::Missing("consent form"))?;
    let form = Form::default()
        .with("name", &current.name)
        .with("english", &current.english)
        .with("spanish", &current.spanish);
    Ok(Page(OneText {
        frame: Frame::of(&site, &signed, Section::Consents).await?,
        form,
        name: current.name,
        versions,
        may_save: signed.can(ActionName::SaveConsentText),
    }))
}

fn said(line: SaidLine, signed: &Signed) -> Said {
    Said {
        topic: line.topic,
        what: if line.granted { "Opted in" } else { "Opted out" },
        way: line.channel.name().to_owned(),
        how: line.method.name().replace('_', " "),
        people: line.people.shown_to(signed.viewer()).to_string(),
    }
}

pub(crate) async fn ledger(
    State(site): State<Site>,
    signed: Signed,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Page<Ledger>> {
    let zone = site.app.zone();
    let today = zone.day_of(site.now());
    let mut form = Form::default();
    let usual = [("from", today.plus_days(-USUAL_DAYS)), ("to", today)];
    let mut days = Vec::new();
    for (field, usual) in usual {
        let text = query.get(field).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        form.set(field, text.clone().unwrap_or_else(|| usual.to_string()));
        let day = text.map_or(Some(usual), |text| Day::parse(&text).ok());
        if day.is_none() {
            form.wrong(field, "Enter a date, like 2026-11-24");
        }
        days.push(day);
    }
    form.set("topic", query.get("topic").map_or("", String::as_str));
    let by = signed.leave(&site, ReadTopics).await?;
    let all = match days.as_slice() {
        [Some(from), Some(to)] => {
            let (from, to) = (zone.start_of(*from), zone.start_of(to.plus_days(1)));
            site.app.said_between(&by, from, to, site.now()).await?
        }
        _ => Vec::new(),
    };
    let wanted = form.value("topic").to_owned();
    let lines = all.into_iter().filter(|line| wanted.is_empty() || line.topic == wanted);
    let lines = lines.map(|line| said(line, &signed)).collect();
    Ok(Page(Ledger {
        frame: Frame::of(&site, &signed, Section::Consents).await?,
        tabs: tabs(&signed, "/consents/ledger"),
        topics: site.app.settings().topics.into_values().collect(),
        form,
        lines,
    }))
}
