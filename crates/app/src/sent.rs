//! What was sent to a patient or held back, why, and how it looked.

use crate::app::App;
use crate::charts::look;
use crate::documents::Document;
use crate::error::{AppError, Result};
use crate::templates::TemplateContent;
use discreet_access::{Allowed, ShowPatient};
use discreet_audit::Reason;
use discreet_domain::{Label, MessageId, Part, Phi, Timestamp};
use discreet_mail::{Links, MergeField, Values};
use discreet_policy::consent::Method;
use discreet_policy::{Classification, Denied, Row};
use discreet_store::{DecisionRow, MessageState};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// A message to a patient.
#[derive(Clone, Debug)]
pub struct SentLine {
    /// Which.
    pub message: MessageId,
    /// Its campaign's name.
    pub campaign: String,
    /// Its topic's public name.
    pub topic: String,
    /// Where it stands: the word stored.
    pub state: &'static str,
    /// Why, if there is more to say, in words.
    pub reason: Option<String>,
    /// Since when.
    pub changed: Timestamp,
}

/// The consent a message relied upon.
#[derive(Clone, Debug)]
pub struct ReliedOn {
    /// Given when.
    pub at: Timestamp,
    /// How.
    pub method: Method,
    /// On which text.
    pub text_version: Option<String>,
}

/// The whole decision on one message.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The message.
    pub line: SentLine,
    /// The reason's code, small print.
    pub code: String,
    /// How often it was handed over.
    pub attempts: u64,
    /// Not before.
    pub due: Timestamp,
    /// The rows of the decision table its campaign was classified by.
    pub rows: Vec<&'static Row>,
    /// The table's version at the decision.
    pub rules: Option<String>,
    /// The campaign's label.
    pub label: Label,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// The consent relied upon.
    pub relied_on: Option<ReliedOn>,
    /// How it looked can be shown.
    pub rendered: bool,
}

/// A mail as it was sent.
#[derive(Clone, Debug)]
pub struct MailAsSent {
    /// The subject.
    pub subject: String,
    /// The HTML part.
    pub html: String,
    /// The plain text part.
    pub text: String,
}

/// Words for a code of a message that is not a rule's.
fn in_words(code: &str) -> Option<String> {
    let words = match code {
        "" => return None,
        "NOT_IN_SEGMENT" => "no longer in the campaign’s segment",
        "UNREADABLE" => "the record could not be read",
        "NO_VALUE" => "a value the message needs is not on record",
        "no_outcome" => "nobody knows what came of it",
        "settled" => "settled by hand",
        "erased" => "the patient was erased",
        "cancelled" => "the campaign was called off",
        _ => match Denied::from_code(code) {
            Some(denied) => denied.text(),
            None => return Some(code.replace('_', " ")),
        },
    };
    Some(words.to_owned())
}

impl App {
    /// The messages to a patient, the last changed first. The look that shows the record's head covers them.
    ///
    /// # Errors
    /// The database's.
    pub async fn sent_to(&self, by: &Allowed<ShowPatient>) -> Result<Vec<SentLine>> {
        let rows = self.store.read().await?.messages_to(by.action().patient).await?;
        let mut campaigns = HashMap::new();
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows.into_iter().rev() {
            let campaign = match campaigns.entry(row.campaign) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(self.campaign(&row.campaign.to_string()).await?),
            };
            lines.push(SentLine {
                message: row.id,
                topic: self.public_topic(&campaign.topic),
                campaign: campaign.name.clone(),
                state: row.state.name(),
                reason: in_words(&row.reason),
                changed: row.changed,
            });
        }
        Ok(lines)
    }
    fn public_topic(&self, topic: &str) -> String {
        let settings = self.settings();
        discreet_domain::Topic::parse(topic).map_or_else(|_| topic.to_owned(), |t| settings.topic_name(&t))
    }
    async fn decision_row(&self, by: &Allowed<ShowPatient>, message: MessageId) -> Result<DecisionRow> {
        let row = self.store.read().await?.decision(message).await?;
        row.filter(|row| row.patient == by.action().patient).ok_or(AppError::NotFound("message"))
    }
    /// Why a message was sent, or was not.
    ///
    /// # Errors
    /// No such message to this patient; the database's.
    pub async fn decision(&self, by: &Allowed<ShowPatient>, message: MessageId) -> Result<Decision> {
        let patient = by.action().patient;
        let row = self.decision_row(by, message).await?;
        let campaign = self.campaign(&row.campaign.to_string()).await?;
        let mut reading = self.store.read().await?;
        let stored = reading.campaign(row.campaign).await?.ok_or(AppError::NotFound("campaign"))?;
        let approved_by = match stored.approved_by {
            Some(user) => reading.account(user).await?.map(|account| account.name),
            None => None,
        };
        let relied_on = match row.relied_on {
            None => None,
            Some(n) => {
                let act = reading.acts(&[patient]).await?.into_iter().map(|a| a.act).find(|act| act.n == n);
                let proof = reading.proofs_of(patient).await?.into_iter().find(|proof| proof.n == n);
                act.map(|act| ReliedOn {
                    at: act.at,
                    method: act.method,
                    text_version: proof.and_then(|p| p.text_version),
                })
            }
        };
        Ok(Decision {
            line: SentLine {
                message,
                topic: self.public_topic(&campaign.topic),
                campaign: campaign.name,
                state: row.state.name(),
                reason: in_words(&row.reason),
                changed: row.changed,
            },
            code: row.reason,
            attempts: row.attempts,
            due: row.due,
            rows: stored.decision_rows.iter().filter_map(|id| Row::named(id)).collect(),
            rules: row.rules,
            label: stored.label,
            approved_by,
            relied_on,
            rendered: row.evidence.is_some() && row.state != MessageState::Queued,
        })
    }
    /// A mail as it was sent: the template of that version, filled with the values kept as evidence. The letterhead is
    /// today's, and the links lead nowhere.
    ///
    /// # Errors
    /// No such message to this patient, or none that was written; the database's.
    pub async fn mail_as_sent(
        &self,
        by: &Allowed<ShowPatient>,
        reason: Reason,
        message: MessageId,
        now: Timestamp,
    ) -> Result<Phi<MailAsSent>> {
        let row = self.decision_row(by, message).await?;
        let evidence = row.evidence.ok_or(AppError::NotFound("mail"))?;
        let bytes =
            self.open_evidence(row.patient, look(by, &[Part::Evidence], reason, None), evidence, now).await?;
        let campaign = self.store.read().await?.campaign(row.campaign).await?;
        let campaign = campaign.ok_or(AppError::NotFound("campaign"))?;
        let template: Document<TemplateContent> =
            self.document(campaign.template.0.uuid(), campaign.template.1).await?;
        let rows = campaign.decision_rows.iter().map(String::as_str);
        let classified = Classification::from_rows(rows).with_label(campaign.label);
        let (layout, _) = self.layout(&template, &campaign.topic, classified.requirements).await?;
        bytes.try_map(|bytes| {
            let merged: Vec<(String, String)> =
                serde_json::from_slice(&bytes).map_err(|_| AppError::Form("merge values"))?;
            let values = merged.into_iter().fold(Values::new(), |values, (field, text)| {
                match MergeField::parse(&field) {
                    Some(field) => values.with(field, Phi::new(text)),
                    None => values,
                }
            });
            let page =
                layout.fill(&values, &Links::sample()).map_err(|e| AppError::invalid(e.to_string()))?;
            Ok(MailAsSent {
                subject: page.subject().to_owned(),
                html: page.standalone().into_exposed(),
                text: page.text().clone().into_exposed(),
            })
        })
    }
}
