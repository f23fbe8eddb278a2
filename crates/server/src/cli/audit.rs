//! `discreet audit`.

use crate::clock::now;
use crate::output::{Out, table};
use crate::wire::{Failure, Result, leave};
use clap::Subcommand;
use discreet_access::{ManageUsers, ReadAudit, VerifyAudit, Who};
use discreet_app::App;
use discreet_app::audit::{Filter, MOST_SHOWN, Shown, Verdict};
use discreet_domain::{Actor, Day, PatientId, Timestamp, UserId};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Read, verify and checkpoint the log.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Verify every entry; names the first that was altered, removed, reordered or cut off.
    Verify {
        /// A checkpoint kept elsewhere, to hold the log against.
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
    },
    /// Show entries.
    Show {
        /// About this patient: bulk reads that covered the patient included.
        #[arg(long)]
        patient: Option<PatientId>,
        /// By this user's id.
        #[arg(long)]
        actor: Option<UserId>,
        /// From this day or instant on.
        #[arg(long, value_parser = since)]
        since: Option<Since>,
    },
    /// Print a signed checkpoint of the log, to keep elsewhere.
    Checkpoint,
    /// Prove that one entry is in the log.
    Prove {
        /// The entry's number.
        entry: u64,
    },
    /// The log's public key, as verifiers of signed notes take it.
    Key,
}

/// A day in the organization's zone, or an instant.
#[derive(Clone, Copy, Debug)]
pub enum Since {
    Day(Day),
    At(Timestamp),
}

fn since(text: &str) -> std::result::Result<Since, String> {
    if let Ok(day) = Day::parse(text) {
        return Ok(Since::Day(day));
    }
    Timestamp::parse(text).map(Since::At).map_err(|e| e.to_string())
}

impl Audit {
    pub async fn run(self, app: &App, who: &Who, out: Out) -> Result<()> {
        match self {
            Audit::Verify { checkpoint } => verify(app, who, checkpoint, out).await,
            Audit::Show { patient, actor, since } => {
                let since = since.map(|s| match s {
                    Since::Day(day) => app.zone().start_of(day),
                    Since::At(t) => t,
                });
                let filter = Filter { patient, actor, since, after: None };
                let entries = app.entries(leave(app, who, ReadAudit).await?, &filter).await?;
                let names = names(app, who).await?;
                let rows: Vec<Vec<String>> = entries.iter().map(|e| row(e, &names)).collect();
                out.answer(&json!(entries.iter().map(entry_json).collect::<Vec<_>>()), || {
                    table(&["entry", "when", "who", "what", ""], &rows)
                });
                if entries.len() >= MOST_SHOWN {
                    out.remark(format!("only the first {MOST_SHOWN} entries are shown: narrow it with --since, --patient or --actor"));
                }
                Ok(())
            }
            Audit::Checkpoint => {
                let note = app.checkpoint(leave(app, who, VerifyAudit).await?, now()).await?;
                let value = json!({ "size": note.checkpoint.size, "note": note.as_text() });
                out.answer(&value, || note.as_text().trim_end().to_owned());
                Ok(())
            }
            Audit::Prove { entry } => {
                let proof = app.prove(leave(app, who, ReadAudit).await?, entry).await?;
                let hex = |h: &[u8; 32]| h.iter().map(|b| format!("{b:02x}")).collect::<String>();
                let path: Vec<String> = proof.path.iter().map(hex).collect();
                let value = json!({ "entry": proof.n, "line": proof.line, "path": path, "checkpoint": proof.checkpoint.as_text() });
                out.answer(&value, || {
                    format!(
                        "{}\n\n{}\n\n{}",
                        proof.line,
                        path.join("\n"),
                        proof.checkpoint.as_text().trim_end()
                    )
                });
                Ok(())
            }
            Audit::Key => {
                let key = app.log_key(leave(app, who, VerifyAudit).await?)?;
                out.answer(&json!({ "key": key }), || key.clone());
                Ok(())
            }
        }
    }
}

async fn verify(app: &App, who: &Who, checkpoint: Option<PathBuf>, out: Out) -> Result<()> {
    let kept = checkpoint.map(|path| crate::config::read(&path)).transpose()?;
    let by = leave(app, who, VerifyAudit).await?;
    match app.verify(by, kept.as_deref()).await? {
        Verdict::Sound(v) => {
            let value = json!({ "verified": true, "entries": v.entries, "commits": v.commits });
            out.answer(&value, || {
                format!("Sound: {} entries in {} commits are as they were written.", v.entries, v.commits)
            });
            Ok(())
        }
        Verdict::Faulty(fault) => Err(Failure::Refused(format!("not sound: {fault}"))),
    }
}

/// User names by id, for those who may see them; everyone else sees ids.
async fn names(app: &App, who: &Who) -> Result<Vec<(String, String)>> {
    match who.may(ManageUsers) {
        Ok(by) => Ok(app.users(by).await?.into_iter().map(|u| (u.id, u.name)).collect()),
        Err(_) => Ok(Vec::new()),
    }
}

fn actor(by: Actor, names: &[(String, String)]) -> String {
    match by {
        Actor::User(id) => {
            let id = id.to_string();
            names.iter().find(|(known, _)| *known == id).map_or(id, |(_, name)| name.clone())
        }
        Actor::Patient(_) => "a patient".to_owned(),
        Actor::Mailbox => "reader of a mailbox".to_owned(),
        Actor::Dispatcher => "dispatcher".to_owned(),
        Actor::Indexer => "indexer".to_owned(),
        Actor::Visitor => "someone not signed in".to_owned(),
        Actor::Console => "console".to_owned(),
    }
}

fn entry_json(shown: &Shown) -> Value {
    let mut value = serde_json::to_value(&shown.body).unwrap_or_default();
    if let Some(map) = value.as_object_mut() {
        map.insert("commit".to_owned(), json!(shown.commit));
        map.insert("at".to_owned(), json!(Timestamp::from_micros(shown.body.at).to_string()));
        if let Some(note) = &shown.note {
            map.insert("note".to_owned(), json!(note));
        }
    }
    value
}

fn row(shown: &Shown, names: &[(String, String)]) -> Vec<String> {
    let event = serde_json::to_value(&shown.body.did).unwrap_or_default();
    let what = event.get("event").and_then(Value::as_str).unwrap_or("").replace('_', " ");
    let details: Vec<String> = event
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, value)| key.as_str() != "event" && key.as_str() != "note" && !value.is_null())
        .map(|(key, value)| format!("{key} {}", plain(value)))
        .chain(shown.note.iter().map(|note| format!("“{note}”")))
        .collect();
    vec![
        shown.body.n.to_string(),
        Timestamp::from_micros(shown.body.at).to_string(),
        actor(shown.body.by, names),
        what,
        details.join(", "),
    ]
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" "),
        Value::Object(map) => map
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "actor" | "parts" | "until"))
            .map(|(key, value)| format!("{key} {}", plain(value)))
            .collect::<Vec<_>>()
            .join(" "),
        other => other.to_string(),
    }
}
