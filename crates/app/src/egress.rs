//! The door by which PHI leaves other than by mail: a file for the patient (45 CFR 164.524). Only here is a record made
//! into bytes that somebody takes away, and only against a [`Release`], which exists once the disclosure is in the log.

use crate::app::{App, Look};
use crate::chart::{Chart, Known};
use crate::charts::{current_facts, label_of_code, label_of_event};
use crate::error::{AppError, Result};
use discreet_access::{Allowed, ExportRecord, ShowConsent};
use discreet_audit::{Reason, Whom};
use discreet_domain::{Catalog, CodeFact, EventFact, Label, Part, PatientId, Phi, Timestamp, Value};
use discreet_policy::{Outgoing, Recipient, Release, hand_out};
use discreet_store::Lane;
use serde_json::{Map, Value as Json, json};

const ALL_PARTS: &[Part] = &[Part::Identity, Part::Facts, Part::Events, Part::Evidence];
const LOOK_SECONDS: i64 = 60;

/// A file that may be taken away.
#[derive(Debug)]
pub struct Package {
    /// What to call it; says nothing of whose it is.
    pub name: String,
    /// JSON.
    pub bytes: Phi<Vec<u8>>,
}

/// All that is held of somebody, not yet a file.
struct Held {
    patient: PatientId,
    label: Label,
    content: Phi<Json>,
}

/// Packs what a release covers.
fn pack(release: Release, held: Held, now: Timestamp) -> Result<Package> {
    if !release.covers(held.patient, held.label, now) {
        return Err(AppError::conflict("the release does not cover this, or its time is over: ask again"));
    }
    let bytes = held.content.try_map(|json| serde_json::to_vec_pretty(&json));
    let bytes = bytes.map_err(|_| AppError::Form("an export"))?;
    Ok(Package { name: "patient-record.json".to_owned(), bytes })
}

impl App {
    /// Everything that is held of a patient, as a file for them: who they are, every fact, every act of consent with its
    /// evidence, every authorization, every message with what was put into it.
    ///
    /// # Errors
    /// No such patient, merged, erased; the database's.
    pub async fn export(
        &self,
        by: &Allowed<ExportRecord>,
        consents: &Allowed<ShowConsent>,
        now: Timestamp,
    ) -> Result<Package> {
        let patient = by.action().patient;
        if consents.action().patient != patient {
            return Err(AppError::NotFound("patient"));
        }
        let look = Look {
            actor: by.actor(),
            whom: Whom::One(patient),
            parts: ALL_PARTS,
            reason: Reason::PatientRequest,
            seconds: LOOK_SECONDS,
            note: None,
        };
        let opened = self.open_one(patient, look, now).await?;
        let label = label_of_chart(&opened.chart, &self.catalog());
        let content = json!({
            "made": now.to_string(),
            "organization": self.settings().organization,
            "patient": patient.to_string(),
            "identity": opened.chart.identity,
            "standing": {
                "active": opened.row.active,
                "deceased": opened.row.deceased,
                "restricted": opened.row.restricted,
            },
            "facts": facts_json(&opened.chart),
            "consents": self.consents_json(consents, now).await?,
            "messages": self.messages_json(by, now).await?,
        });
        let held = Held { patient, label, content: Phi::new(content) };
        let out = Outgoing { patient, to: Recipient::Patient, what: "access", label };
        let tx = self.store.begin(Lane::Receipt).await?;
        let today = self.zone().day_of(now);
        let released = hand_out(tx, &out, by.actor(), today, now).await?;
        let released = released.map_err(|why| AppError::conflict(why.to_string()))?;
        pack(released, held, now)
    }

    async fn consents_json(&self, by: &Allowed<ShowConsent>, now: Timestamp) -> Result<Json> {
        let reason = Reason::PatientRequest;
        let book = self.book(by, reason, now).await?;
        let mut acts = Vec::new();
        for line in &book.acts {
            let evidence = match line.evidence {
                Some(_) => Some(self.evidence_of_act(by, reason, line.act.n, now).await?.into_exposed()),
                None => None,
            };
            acts.push(json!({
                "topic": line.act.topic,
                "channel": line.act.channel.name(),
                "granted": line.act.granted,
                "at": line.act.at.to_string(),
                "recorded": line.act.recorded.to_string(),
                "method": line.act.method.name(),
                "text_version": line.text_version,
                "evidence": evidence,
            }));
        }
        let mut forms = Vec::new();
        for form in &book.forms {
            let text = self.authorization(by, reason, form.id, now).await?.into_exposed();
            let revoked = form.revoked.map(|at| at.to_string());
            forms.push(json!({ "id": form.id.to_string(), "revoked": revoked, "form": text }));
        }
        Ok(json!({
            "acts": acts,
            "authorizations": forms,
            "stopped_at_address": book.stopped_at_address,
        }))
    }

    async fn messages_json(&self, by: &Allowed<ExportRecord>, now: Timestamp) -> Result<Json> {
        let patient = by.action().patient;
        let rows = self.store.read().await?.messages_to(patient).await?;
        let mut messages = Vec::new();
        for row in rows {
            let campaign = self.campaign(&row.campaign.to_string()).await?;
            let decision = self.store.read().await?.decision(row.id).await?;
            let merged = match decision.and_then(|d| d.evidence) {
                None => Json::Null,
                Some(id) => {
                    let look = Look {
                        actor: by.actor(),
                        whom: Whom::One(patient),
                        parts: &[Part::Evidence],
                        reason: Reason::PatientRequest,
                        seconds: LOOK_SECONDS,
                        note: None,
                    };
                    let bytes = self.open_evidence(patient, look, id, now).await?;
                    serde_json::from_slice(bytes.expose()).map_err(|_| AppError::Form("merge values"))?
                }
            };
            messages.push(json!({
                "message": row.id.to_string(),
                "topic": campaign.topic,
                "state": row.state.name(),
                "reason": row.reason,
                "changed": row.changed.to_string(),
                "filled_in": merged,
            }));
        }
        Ok(json!(messages))
    }
}

fn label_of_chart(chart: &Chart, catalog: &Catalog) -> Label {
    let codes = current_facts(&chart.facts.codes).map(label_of_code);
    let events =
        chart.chunks.iter().flat_map(|c| current_facts(&c.events)).map(|e| label_of_event(e, catalog));
    let told = current_facts(&chart.facts.attributes).filter_map(|fact| catalog.attribute(&fact.name));
    let attributes = told.map(|attribute| attribute.label);
    codes.chain(events).chain(attributes).max().unwrap_or(Label::L1).max(Label::L2)
}

fn value_json(value: &Value) -> Json {
    match value {
        Value::Text(text) => json!(text),
        Value::Number(number) => json!(number),
        Value::Bool(yes) => json!(yes),
        Value::When(when) => json!(when.to_string()),
        Value::Code(code) => json!(code.to_string()),
        Value::Set(words) => json!(words),
    }
}

fn facts_json(chart: &Chart) -> Json {
    let current = chart.facts.attributes.iter().filter(|known| known.is_current());
    let attributes: Map<String, Json> = current
        .filter_map(|Known { fact, .. }| Some((fact.name.clone(), value_json(fact.value.as_ref()?))))
        .collect();
    let code = |fact: &CodeFact| {
        json!({
            "kind": fact.kind.name(),
            "codes": fact.codes.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "since": fact.onset.map(|w| w.to_string()),
            "until": fact.end.map(|w| w.to_string()),
            "status": fact.status,
        })
    };
    let event = |fact: &EventFact| {
        let fields: Map<String, Json> =
            fact.fields.iter().map(|(name, value)| (name.clone(), value_json(value))).collect();
        json!({ "kind": fact.kind, "at": fact.at.to_string(), "fields": fields })
    };
    json!({
        "attributes": attributes,
        "codes": current_facts(&chart.facts.codes).map(code).collect::<Vec<_>>(),
        "events": chart.chunks.iter().flat_map(|c| current_facts(&c.events)).map(event).collect::<Vec<_>>(),
    })
}
