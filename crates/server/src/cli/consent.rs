//! `discreet consent`: opt-ins and opt-outs, and HIPAA authorizations, which are something else.

use crate::cli::segment::topic;
use crate::clock::now;
use crate::output::{Out, table};
use crate::wire::{Failure, Result, leave};
use clap::{Args, Subcommand};
use discreet_access::{
    GrantConsent, RevokeAuthorization, ShowConsent, SignAuthorization, Who, WithdrawConsent,
};
use discreet_app::App;
use discreet_app::consents::{Ledger, Said};
use discreet_domain::{AuthorizationId, Channel, PatientId, Phi, Topic};
use discreet_policy::authorization::Authorization;
use discreet_policy::consent::Method;
use discreet_words::Language;
use serde_json::{Value, json};
use std::path::PathBuf;

/// What was said.
#[derive(Debug, Args)]
pub struct What {
    /// The patient's id.
    patient: PatientId,
    /// About what.
    #[arg(long, value_parser = topic)]
    topic: Topic,
    /// By what way.
    #[arg(long, default_value = "email", value_parser = channel)]
    channel: Channel,
    /// How it was said: paper, spoken, web_form, portal …
    #[arg(long, default_value = "spoken", value_parser = method)]
    method: Method,
    /// The version of the text that was agreed to.
    #[arg(long)]
    text_version: Option<String>,
    /// Read a note of the evidence from standard input; it is kept sealed.
    #[arg(long)]
    evidence: bool,
}

fn channel(text: &str) -> std::result::Result<Channel, String> {
    let names: Vec<&str> = Channel::ALL.iter().map(|c| c.name()).collect();
    Channel::parse(text).ok_or_else(|| format!("one of: {}", names.join(", ")))
}

fn method(text: &str) -> std::result::Result<Method, String> {
    let names: Vec<&str> = Method::ALL.iter().map(|m| m.name()).collect();
    Method::parse(text).ok_or_else(|| format!("one of: {}", names.join(", ")))
}

fn language(text: &str) -> std::result::Result<Language, String> {
    let tags: Vec<&str> = Language::ALL.iter().map(|l| l.tag()).collect();
    Language::of_tag(text).ok_or_else(|| format!("one of: {}", tags.join(", ")))
}

impl What {
    fn said(&self) -> Result<Said> {
        let evidence = match self.evidence {
            true => Some(Phi::new(std::io::read_to_string(std::io::stdin())?)),
            false => None,
        };
        Ok(Said {
            topic: self.topic.clone(),
            channel: self.channel,
            method: self.method,
            text_version: self.text_version.clone(),
            evidence,
        })
    }
}

/// Record and show what patients agreed to.
#[derive(Debug, Subcommand)]
pub enum Consent {
    /// A patient opts in to a topic.
    Grant(What),
    /// A patient opts out; in force at once.
    Withdraw(What),
    /// Everything a patient said, and the authorizations on file.
    Show {
        /// The patient's id.
        patient: PatientId,
    },
    /// File a signed HIPAA authorization (45 CFR 164.508), from a JSON file with all its elements.
    Authorize {
        /// The patient's id.
        patient: PatientId,
        /// The file.
        file: PathBuf,
    },
    /// Mail the patient a link to the copy of an authorization they signed (45 CFR 164.508(c)(4)); `serve` sends it.
    Copy {
        /// The patient's id.
        patient: PatientId,
        /// The authorization's id.
        authorization: AuthorizationId,
        /// The language of the mail: en, es.
        #[arg(long, default_value = "en", value_parser = language)]
        language: Language,
    },
    /// Revoke an authorization; in force at once.
    Revoke {
        /// The patient's id.
        patient: PatientId,
        /// The authorization's id.
        authorization: AuthorizationId,
    },
}

impl Consent {
    pub async fn run(self, app: &App, who: &Who, out: Out) -> Result<()> {
        match self {
            Consent::Grant(what) => {
                let said = what.said()?;
                app.grant(leave(app, who, GrantConsent { patient: what.patient }).await?, said, now())
                    .await?;
                out.answer(&json!({ "granted": what.topic }), || format!("Opted in to {}.", what.topic));
            }
            Consent::Withdraw(what) => {
                let said = what.said()?;
                app.withdraw(leave(app, who, WithdrawConsent { patient: what.patient }).await?, said, now())
                    .await?;
                out.answer(&json!({ "withdrawn": what.topic }), || {
                    format!("Opted out of {}, from now on.", what.topic)
                });
            }
            Consent::Show { patient } => {
                let ledger = app.consents_of(leave(app, who, ShowConsent { patient }).await?, now()).await?;
                out.answer(&as_json(&ledger), || as_text(&ledger));
            }
            Consent::Authorize { patient, file } => {
                let text = crate::config::read(&file)?;
                let form: Authorization = serde_json::from_str(&text)
                    .map_err(|e| Failure::Usage(format!("{}: {e}", file.display())))?;
                let by = leave(app, who, SignAuthorization { patient }).await?;
                let id = app.sign_authorization(by, &form, now()).await?;
                out.answer(&json!({ "authorization": id.to_string() }), || {
                    format!("Filed as {id}. Give the patient a copy (45 CFR 164.508(c)(4)).")
                });
            }
            Consent::Copy { patient, authorization, language } => {
                let by = leave(app, who, SignAuthorization { patient }).await?;
                app.mail_copy(by, authorization, language, now()).await?;
                out.answer(&json!({ "queued": authorization.to_string() }), || {
                    "The link is queued. It works for 7 days, with the patient's birth date.".to_owned()
                });
            }
            Consent::Revoke { patient, authorization } => {
                let by = leave(app, who, RevokeAuthorization { patient }).await?;
                app.revoke_authorization(by, authorization, now()).await?;
                out.answer(&json!({ "revoked": authorization.to_string() }), || {
                    "Revoked, from now on.".to_owned()
                });
            }
        }
        Ok(())
    }
}

fn as_json(ledger: &Ledger) -> Value {
    json!({
        "acts": ledger.acts.iter().map(|a| json!({
            "n": a.n,
            "topic": a.topic,
            "channel": a.channel.name(),
            "granted": a.granted,
            "at": a.at.to_string(),
            "recorded": a.recorded.to_string(),
            "method": a.method.name(),
        })).collect::<Vec<_>>(),
        "stopped_at_address": ledger.stopped_at_address,
        "authorizations": ledger.forms.iter().map(|f| json!({
            "id": f.id.to_string(),
            "topics": f.topics,
            "last_day": f.last_day.map(|d| d.to_string()),
            "states_remuneration": f.states_remuneration,
            "revoked": f.revoked.map(|t| t.to_string()),
        })).collect::<Vec<_>>(),
    })
}

fn as_text(ledger: &Ledger) -> String {
    let rows: Vec<Vec<String>> = ledger
        .acts
        .iter()
        .map(|a| {
            let said = if a.granted { "opted in" } else { "opted out" };
            vec![
                a.at.to_string(),
                said.to_owned(),
                a.topic.to_string(),
                a.channel.name().to_owned(),
                a.method.name().replace('_', " "),
            ]
        })
        .collect();
    let mut text = table(&["when", "", "topic", "by", "how"], &rows);
    for topic in &ledger.stopped_at_address {
        text.push_str(&format!(
            "\n\nSomebody who reads this patient's mailbox stopped {topic} for everyone at it."
        ));
    }
    if !ledger.forms.is_empty() {
        let rows: Vec<Vec<String>> = ledger
            .forms
            .iter()
            .map(|f| {
                let state = f.revoked.map_or_else(|| "in force".to_owned(), |t| format!("revoked {t}"));
                let last = f.last_day.map_or_else(|| "an event".to_owned(), |d| d.to_string());
                vec![f.id.to_string(), f.topics.join(", "), last, state]
            })
            .collect();
        text.push_str(&format!("\n\n{}", table(&["authorization", "for", "until", ""], &rows)));
    }
    text
}
