//! What was sent to a patient or held back, why, and how it looked.

use super::{HeadView, Result, door, head, showing};
use crate::site::Site;
use crate::staff::error::StaffError;
use crate::staff::frame::{Frame, Section};
use crate::staff::page::Page;
use crate::staff::parts::{self, Badge};
use crate::staff::signed::Signed;
use crate::staff::when;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use discreet_app::sent::{Decision, SentLine};
use discreet_domain::{MessageId, Zone};

/// What a mail that is shown may do: show itself. Images of ours and in the mail, its own styles, nothing else.
const MAIL_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox; frame-ancestors 'self'",
);

/// The messages to a patient.
#[derive(Template, Debug)]
#[template(path = "staff/patients/messages.html")]
pub(crate) struct Messages {
    frame: Frame,
    head: HeadView,
    zone: Zone,
    lines: Vec<SentLine>,
}

/// One message, with the whole decision.
#[derive(Template, Debug)]
#[template(path = "staff/patients/message.html")]
pub(crate) struct Message {
    frame: Frame,
    head: HeadView,
    decision: Decision,
    sentences: Vec<String>,
    badge: Badge,
}

impl Message {
    fn state(&self, state: &str) -> (&'static str, &'static str) {
        state_words(state)
    }
}
impl Messages {
    fn state(&self, state: &str) -> (&'static str, &'static str) {
        state_words(state)
    }
    fn time(&self, line: &SentLine) -> String {
        when::time(&self.zone, line.changed)
    }
}

/// A message's state in words, and how it looks.
fn state_words(state: &str) -> (&'static str, &'static str) {
    match state {
        "queued" => ("Waiting", "warn"),
        "claimed" => ("Being written", "info"),
        "handed_over" => ("On its way", "info"),
        "accepted" => ("Sent", "ok"),
        "bounced" => ("Bounced", "bad"),
        "refused" => ("Refused by the relay", "bad"),
        "unknown" => ("Unknown", "warn"),
        _ => ("Held back", "bad"),
    }
}

fn sentences(decision: &Decision, zone: &Zone) -> Vec<String> {
    let (state, _) = state_words(decision.line.state);
    let mut said = vec![match decision.line.state {
        "queued" => format!("Waits to be sent, not before {}.", when::time(zone, decision.due)),
        "unknown" => {
            "Handed over, and we do not know whether it arrived. No machine sends it again.".to_owned()
        }
        _ => format!("{state} on {}.", when::time(zone, decision.line.changed)),
    }];
    if let Some(reason) = &decision.line.reason {
        said.push(format!("Because: {reason}."));
    }
    if let Some(relied) = &decision.relied_on {
        let text = relied.text_version.as_ref().map_or_else(String::new, |v| format!(", text version {v}"));
        said.push(format!(
            "Relied on the opt-in to {} of {} ({}{text}).",
            decision.line.topic,
            when::day(zone.day_of(relied.at)),
            relied.method.name().replace('_', " ")
        ));
    }
    if let Some(name) = &decision.approved_by {
        said.push(format!("The campaign was approved by {name}."));
    }
    if decision.line.state == "accepted" {
        let before = "No restriction, no stop and no suppression stood against it when it left";
        said.push(format!("{before}: all rules were asked in the transaction that handed it over."));
    }
    match decision.attempts {
        0 => said.push("It was never handed over.".to_owned()),
        1 => {}
        n => said.push(format!("It was handed over {n} times; the first tries were refused for a while.")),
    }
    said
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(patient): Path<String>,
) -> Result<Response> {
    let opened = door(&site, &signed, &patient, &format!("/patients/{patient}/messages")).await?;
    let head = head(&site, &signed, &opened, "messages").await?;
    let lines = site.app.sent_to(&showing(&site, &signed, &opened).await?).await?;
    let frame = Frame::of(&site, &signed, Section::Patients).await?;
    Ok(Page(Messages { frame, head, zone: site.app.zone(), lines }).into_response())
}

fn message_id(text: &str) -> std::result::Result<MessageId, StaffError> {
    text.parse().map_err(|_| StaffError::Missing("message"))
}

pub(crate) async fn show_one(
    State(site): State<Site>,
    signed: Signed,
    Path((patient, message)): Path<(String, String)>,
) -> Result<Response> {
    let message = message_id(&message)?;
    let then = format!("/patients/{patient}/messages/{message}");
    let opened = door(&site, &signed, &patient, &then).await?;
    let decision = site.app.decision(&showing(&site, &signed, &opened).await?, message).await?;
    let head = head(&site, &signed, &opened, "messages").await?;
    let zone = site.app.zone();
    let sentences = sentences(&decision, &zone);
    let badge = parts::badge(decision.label);
    let frame = Frame::of(&site, &signed, Section::Patients).await?;
    Ok(Page(Message { frame, head, decision, sentences, badge }).into_response())
}

/// A mail as it was sent, on an address of its own, where it can do nothing.
pub(crate) async fn mail(
    State(site): State<Site>,
    signed: Signed,
    Path((patient, message)): Path<(String, String)>,
) -> Result<Response> {
    let message = message_id(&message)?;
    let then = format!("/patients/{patient}/messages/{message}");
    let opened = door(&site, &signed, &patient, &then).await?;
    let by = showing(&site, &signed, &opened).await?;
    let mail = site.app.mail_as_sent(&by, opened.reason, message, site.now()).await?;
    let mut response = Html(mail.into_exposed().html).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, MAIL_POLICY);
    Ok(response)
}
