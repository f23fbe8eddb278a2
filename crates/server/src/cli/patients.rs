//! `discreet patients`. What identifies a patient comes on standard input, never in the arguments: those stay in shell
//! histories and process lists.

use crate::clock::now;
use crate::output::{Out, table};
use crate::wire::{Failure, Result, leave};
use clap::{Subcommand, ValueEnum};
use discreet_access::{ErasePatient, FindPatient, RestrictPatient, ShowPatient, Who};
use discreet_app::App;
use discreet_app::patients::{LookUp, Record};
use discreet_audit::Reason;
use discreet_domain::{CodeFact, Day, EmailAddress, EventFact, Identifier, PatientId, Phi, Value as Fact};
use serde_json::{Map, Value, json};

/// By what to look up.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum By {
    /// A medical record number: `SYSTEM VALUE`, or `VALUE` of the source `ehr`.
    Mrn,
    /// An email address.
    Email,
    /// `FAMILY NAME, YYYY-MM-DD`.
    Name,
}

/// Find, show, restrict and erase patients.
#[derive(Debug, Subcommand)]
pub enum Patients {
    /// Find patients by what stands on standard input; answers with ids.
    Find {
        /// By what.
        #[arg(long)]
        by: By,
    },
    /// Show one patient's record, for a reason.
    Show {
        /// The patient's id.
        patient: PatientId,
        /// Why: care, patient_request, correction, investigation, privacy_review, other.
        #[arg(long, value_parser = reason)]
        reason: Reason,
        /// Read more about the reason from standard input; it is kept sealed.
        #[arg(long)]
        note: bool,
    },
    /// Record or end an agreed restriction (45 CFR 164.522(a)): nothing is sent while it holds.
    Restrict {
        /// The patient's id.
        patient: PatientId,
        /// End it.
        #[arg(long)]
        end: bool,
    },
    /// Erase a patient for good. There is no way back.
    Erase {
        /// The patient's id.
        patient: PatientId,
        /// Say that you mean it.
        #[arg(long)]
        yes: bool,
        /// Read the reason from standard input; it is kept sealed.
        #[arg(long)]
        note: bool,
    },
}

/// Reads a reason that a person may give.
pub fn reason(text: &str) -> std::result::Result<Reason, String> {
    let given = Reason::GIVEN.into_iter().find(|r| r.code() == text.replace('-', "_"));
    given.ok_or_else(|| {
        let codes: Vec<&str> = Reason::GIVEN.iter().map(|r| r.code()).collect();
        format!("one of: {}", codes.join(", "))
    })
}

fn note_of(wanted: bool) -> Result<Option<String>> {
    if !wanted {
        return Ok(None);
    }
    let text = std::io::read_to_string(std::io::stdin())?.trim().to_owned();
    if text.is_empty() {
        Err(Failure::Usage("--note reads the reason from standard input".to_owned()))
    } else {
        Ok(Some(text))
    }
}

fn look_up(by: By) -> Result<LookUp> {
    let line = std::io::read_to_string(std::io::stdin())?;
    let line = line.trim();
    match by {
        By::Mrn => {
            // A number alone may be anybody's; before it, who gave it.
            let Some((source, value)) = line.split_once(char::is_whitespace) else {
                return Ok(LookUp::Number(Phi::new(line.to_owned())));
            };
            let identifier = Identifier { source: source.to_owned(), value: value.trim().to_owned() };
            Ok(LookUp::Identifier(Phi::new(identifier)))
        }
        By::Email => {
            let address = EmailAddress::parse(line).map_err(|e| Failure::Usage(e.to_string()))?;
            Ok(LookUp::Email(Phi::new(address)))
        }
        By::Name => {
            let wanted = || Failure::Usage("expected on standard input: FAMILY NAME, YYYY-MM-DD".to_owned());
            let (family, birth) = line.rsplit_once(',').ok_or_else(wanted)?;
            let birth = Day::parse(birth.trim()).map_err(|_| wanted())?;
            Ok(LookUp::Name(Phi::new(family.trim().to_owned()), birth))
        }
    }
}

impl Patients {
    pub async fn run(self, app: &App, who: &Who, out: Out) -> Result<()> {
        match self {
            Patients::Find { by: by_what } => {
                let what = look_up(by_what)?;
                let by = leave(app, who, FindPatient).await?;
                let found: Vec<String> =
                    app.find(by, &what, now()).await?.iter().map(ToString::to_string).collect();
                out.answer(&json!({ "patients": found }), || match (found.is_empty(), by_what) {
                    (false, _) => found.join("\n"),
                    (true, By::Mrn) => {
                        "Nobody found. If the export names a system for its numbers: SYSTEM VALUE".to_owned()
                    }
                    (true, _) => "Nobody found.".to_owned(),
                });
            }
            Patients::Show { patient, reason, note } => {
                let note = note_of(note)?;
                let by = leave(app, who, ShowPatient { patient }).await?;
                let record = app.show(by, reason, note.as_deref(), now()).await?;
                // To care staff or the privacy officer, whose look is in the log.
                let record = record.expose();
                out.answer(&as_json(record), || as_text(record));
            }
            Patients::Restrict { patient, end } => {
                let by = leave(app, who, RestrictPatient { patient }).await?;
                app.restrict(by, !end, now()).await?;
                out.answer(&json!({ "restricted": !end }), || {
                    if end {
                        "The restriction is over."
                    } else {
                        "Restricted: nothing is sent to this patient."
                    }
                    .to_owned()
                });
            }
            Patients::Erase { patient, yes, note } => {
                if !yes {
                    return Err(Failure::Usage("erasing is final: say --yes if you mean it".to_owned()));
                }
                let note = note_of(note)?;
                let by = leave(app, who, ErasePatient { patient }).await?;
                app.erase(by, note.as_deref(), now()).await?;
                out.answer(&json!({ "erased": patient.to_string() }), || {
                    "Erased: the key is destroyed, here and for every copy of the data. Backups of the key shelf go within 7 days."
                        .to_owned()
                });
            }
        }
        Ok(())
    }
}

fn fact(value: &Fact) -> Value {
    match value {
        Fact::Text(t) => json!(t),
        Fact::Number(n) => json!(n),
        Fact::Bool(b) => json!(b),
        Fact::When(w) => json!(w.to_string()),
        Fact::Code(c) => json!(c.to_string()),
        Fact::Set(words) => json!(words),
    }
}

fn code(fact: &CodeFact) -> Value {
    json!({
        "kind": fact.kind.name(),
        "codes": fact.codes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "onset": fact.onset.map(|w| w.to_string()),
        "end": fact.end.map(|w| w.to_string()),
        "status": fact.status,
        "restricted": fact.restricted,
    })
}

fn event(event: &EventFact) -> Value {
    let fields: Map<String, Value> =
        event.fields.iter().map(|(name, value)| (name.clone(), fact(value))).collect();
    json!({ "kind": event.kind, "at": event.at.to_string(), "fields": fields, "restricted": event.restricted })
}

fn as_json(r: &Record) -> Value {
    let attributes: Map<String, Value> =
        r.attributes.iter().map(|(name, value)| (name.clone(), fact(value))).collect();
    json!({
        "patient": r.patient.to_string(),
        "version": r.version,
        "identity": r.identity,
        "deceased": r.deceased,
        "active": r.active,
        "age": format!("{:?}", r.age).to_lowercase(),
        "restricted": r.restricted,
        "address": format!("{:?}", r.address).to_lowercase(),
        "merged_into": r.merged_into.map(|p| p.to_string()),
        "attributes": attributes,
        "codes": r.codes.iter().map(code).collect::<Vec<_>>(),
        "events": r.events.iter().map(event).collect::<Vec<_>>(),
        "messages": r.messages.iter().map(|m| json!({
            "message": m.id.to_string(),
            "campaign": m.campaign.to_string(),
            "state": m.state.name(),
            "reason": m.reason,
            "changed": m.changed.to_string(),
        })).collect::<Vec<_>>(),
    })
}

fn as_text(r: &Record) -> String {
    let name = &r.identity.name;
    let mut lines = vec![
        format!("{} {}", name.given.join(" "), name.family),
        format!("patient {}, version {}", r.patient, r.version),
    ];
    let mut flag = |on: bool, text: &str| {
        if on {
            lines.push(text.to_owned());
        }
    };
    flag(r.deceased, "deceased");
    flag(!r.active, "not a current patient");
    flag(r.restricted, "under an agreed restriction");
    for identifier in &r.identity.identifiers {
        lines.push(format!("id      {} ({})", identifier.value, identifier.source));
    }
    lines.extend(r.identity.emails.iter().map(|e| format!("email   {e}")));
    lines.extend(r.identity.phones.iter().map(|p| format!("phone   {p}")));
    let plain = |v: &Fact| fact(v).as_str().map_or_else(|| fact(v).to_string(), str::to_owned);
    let rows: Vec<Vec<String>> =
        r.attributes.iter().map(|(name, value)| vec![name.replace('_', " "), plain(value)]).collect();
    lines.push(format!("\n{}", table(&["attribute", "value"], &rows)));
    let rows: Vec<Vec<String>> = r
        .codes
        .iter()
        .map(|c| {
            let codes: Vec<String> = c.codes.iter().map(ToString::to_string).collect();
            let when = |w: Option<discreet_domain::When>| w.map(|w| w.to_string()).unwrap_or_default();
            vec![c.kind.name().replace('_', " "), codes.join(", "), when(c.onset), when(c.end)]
        })
        .collect();
    lines.push(format!("\n{}", table(&["fact", "code", "since", "until"], &rows)));
    let rows: Vec<Vec<String>> = r
        .events
        .iter()
        .map(|e| {
            let fields: Vec<String> = e.fields.iter().map(|(n, v)| format!("{n} {}", plain(v))).collect();
            vec![e.at.to_string(), e.kind.replace('_', " "), fields.join(", ")]
        })
        .collect();
    lines.push(format!("\n{}", table(&["when", "event", ""], &rows)));
    lines.join("\n")
}
