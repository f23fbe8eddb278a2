//! What a patient agreed to: where they stand, every act with what proves it, an opt-in or opt-out recorded.

use super::{HeadView, Result, door, head};
use crate::site::Site;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::looks::Opened;
use crate::staff::page::{Again, GoTo, Page};
use crate::staff::parts::{self, Choice};
use crate::staff::signed::Signed;
use crate::staff::when;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use discreet_access::{GrantConsent, ShowConsent, WithdrawConsent};
use discreet_app::consents::Said;
use discreet_app::ledger::{ActLine, Book, StandingLine};
use discreet_domain::{Channel, Day, Phi, Timestamp, Topic, Zone};
use discreet_policy::authorization::OnFile;
use discreet_policy::consent::{ALL_OPTIONAL, EVERYTHING, Method, OptIn, Stop};
use std::collections::HashMap;

const FIELDS: [&str; 5] = ["topic", "channel", "method", "text_version", "evidence"];
/// Longest note of evidence, in characters.
const LONGEST_PROOF: usize = 20_000;
/// How staff hear of a consent.
const METHODS: [(Method, &str); 4] = [
    (Method::Paper, "On paper"),
    (Method::Spoken, "Told to staff, at the desk or by phone"),
    (Method::Portal, "In the patient portal"),
    (Method::WebForm, "On a web form elsewhere"),
];

/// What a patient agreed to.
#[derive(Template, Debug)]
#[template(path = "staff/patients/consents.html")]
pub(crate) struct Consents {
    frame: Frame,
    head: HeadView,
    form: Form,
    zone: Zone,
    today: Day,
    book: Book,
    topics: Vec<(String, String)>,
    done: Option<String>,
}

/// A document that proves something.
#[derive(Template, Debug)]
#[template(path = "staff/patients/document.html")]
pub(crate) struct Document {
    frame: Frame,
    head: HeadView,
    title: String,
    text: String,
}

impl Consents {
    fn topic_choices(&self, stops: bool) -> Vec<Choice> {
        let choice = |value: &str, words: &str| Choice::new(&self.form, "topic", value, words);
        let mut all: Vec<Choice> = self.topics.iter().map(|(topic, name)| choice(topic, name)).collect();
        if stops {
            all.push(choice(ALL_OPTIONAL, "All optional email"));
            all.push(choice(EVERYTHING, "Everything but notices the law requires"));
        }
        all
    }
    fn channels(&self) -> Vec<Choice> {
        Channel::ALL.map(|way| Choice::new(&self.form, "channel", way.name(), way_words(way))).into()
    }
    fn methods(&self) -> Vec<Choice> {
        METHODS.map(|(method, words)| Choice::new(&self.form, "method", method.name(), words)).into()
    }
    fn standing(&self, line: &StandingLine) -> (&'static str, &'static str) {
        match (line.stop, line.opt_in) {
            (Stop::All, _) => ("Stopped: no mail at all", "bad"),
            (Stop::Optional, _) => ("Stopped: all optional mail", "bad"),
            (_, OptIn::Granted) => ("Opted in", "ok"),
            (_, OptIn::Withdrawn) => ("Opted out", "bad"),
            (_, OptIn::Never) => ("Never asked", "plain"),
        }
    }
    fn way(&self, channel: &Channel) -> &'static str {
        way_words(*channel)
    }
    fn how(&self, line: &ActLine) -> String {
        let word = line.act.method.name().replace('_', " ");
        match &line.via {
            Some(via) => format!("{word} ({})", via.replace('_', " ")),
            None => word,
        }
    }
    fn time(&self, at: &Timestamp) -> String {
        when::time(&self.zone, *at)
    }
    fn form_state(&self, form: &OnFile) -> (String, &'static str) {
        match (form.revoked, form.last_day) {
            (Some(at), _) => (format!("Revoked {}", when::time(&self.zone, at)), "bad"),
            (None, _) if form.event_happened => ("Ended: its event happened".to_owned(), "bad"),
            (None, Some(last)) if last < self.today => (format!("Ended {}", when::day(last)), "bad"),
            (None, Some(last)) => (format!("In force until {}", when::day(last)), "ok"),
            (None, None) => ("In force until its event".to_owned(), "ok"),
        }
    }
}

fn way_words(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "Email",
        Channel::Sms => "Text message",
        Channel::Phone => "Phone call",
        Channel::Post => "Letter",
        Channel::Portal => "Patient portal",
    }
}

fn home(patient: &str) -> String {
    format!("/patients/{patient}/consents")
}

async fn page(
    site: &Site,
    signed: &Signed,
    opened: &Opened,
    form: Form,
    done: Option<String>,
) -> Result<Consents> {
    let head = head(site, signed, opened, "consents").await?;
    let by = signed.leave(site, ShowConsent { patient: opened.patient }).await?;
    let book = site.app.book(&by, opened.reason, site.now()).await?;
    let zone = site.app.zone();
    Ok(Consents {
        frame: Frame::of(site, signed, Section::Patients).await?,
        head,
        form,
        today: zone.day_of(site.now()),
        zone,
        book,
        topics: site.app.settings().topics.into_iter().collect(),
        done,
    })
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(patient): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let opened = door(&site, &signed, &patient, &home(&patient)).await?;
    let stopped = query.get("stopped").and_then(|n| n.parse::<u64>().ok());
    let done = match (query.get("done").map(String::as_str), stopped) {
        (_, Some(1)) => Some("Stopped. 1 queued email was cancelled.".to_owned()),
        (_, Some(n)) => Some(format!("Stopped. {n} queued emails were cancelled.")),
        (Some("granted"), _) => Some("Recorded: opted in.".to_owned()),
        (Some("signed"), _) => Some("Filed. Give the patient a copy (45 CFR 164.508(c)(4)).".to_owned()),
        (Some("revoked"), _) => Some("Revoked, from now on.".to_owned()),
        _ => None,
    };
    let form = Form::default().with("channel", "email").with("method", "paper");
    Ok(Page(page(&site, &signed, &opened, form, done).await?).into_response())
}

/// What was said, or what is wrong with how it was said.
fn said(posted: &Posted, form: &mut Form) -> Option<Said> {
    let topic = Topic::parse(posted.get("topic")).ok();
    let channel = Channel::parse(posted.get("channel"));
    let method = METHODS.iter().map(|(method, _)| *method).find(|m| m.name() == posted.get("method"));
    if topic.is_none() {
        form.wrong("topic", "Choose a topic");
    }
    if method.is_none() {
        form.wrong("method", "Choose how it was said");
    }
    if posted.get("evidence").chars().count() > LONGEST_PROOF {
        form.wrong("evidence", format!("Say it in at most {LONGEST_PROOF} characters"));
    }
    let (topic, channel, method) = (topic?, channel?, method?);
    let some = |field: &str| Some(posted.get(field).to_owned()).filter(|text| !text.is_empty());
    form.is_fine().then(|| Said {
        topic,
        channel,
        method,
        text_version: some("text_version"),
        evidence: some("evidence").map(Phi::new),
    })
}

/// Records an opt-in, or an opt-out: in force when saved.
pub(crate) async fn record(
    State(site): State<Site>,
    signed: Signed,
    Path(patient): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let opened = door(&site, &signed, &patient, &home(&patient)).await?;
    let mut form = Form::of(&posted, &FIELDS);
    let Some(said) = said(&posted, &mut form) else {
        return Ok(Again(page(&site, &signed, &opened, form, None).await?).into_response());
    };
    let patient = opened.patient;
    if posted.get("what") == "out" {
        let by = signed.leave(&site, WithdrawConsent { patient }).await?;
        let cancelled = site.app.withdraw_and_cancel(by, said, site.now()).await?;
        return Ok(GoTo::page(format!("/patients/{patient}/consents?stopped={cancelled}")).into_response());
    }
    let by = signed.leave(&site, GrantConsent { patient }).await?;
    site.app.grant(by, said, site.now()).await?;
    Ok(GoTo::page(format!("/patients/{patient}/consents?done=granted")).into_response())
}

/// What proves an act.
pub(crate) async fn evidence(
    State(site): State<Site>,
    signed: Signed,
    Path((patient, n)): Path<(String, u64)>,
) -> Result<Response> {
    let opened = door(&site, &signed, &patient, &home(&patient)).await?;
    let by = signed.leave(&site, ShowConsent { patient: opened.patient }).await?;
    let text = site.app.evidence_of_act(&by, opened.reason, n, site.now()).await?.into_exposed();
    let head = head(&site, &signed, &opened, "consents").await?;
    let frame = Frame::of(&site, &signed, Section::Patients).await?;
    Ok(Page(Document { frame, head, title: format!("Evidence of act {n}"), text }).into_response())
}
