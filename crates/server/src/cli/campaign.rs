//! `discreet campaign`.

use crate::cli::segment::{counted_json, topic};
use crate::clock::now;
use crate::output::{Out, cell_text, put_cell, table};
use crate::wire::{Failure, Place, Result, leave};
use clap::{Args, Subcommand, ValueEnum};
use discreet_access::{
    ApproveCampaign, CreateCampaign, PreviewCampaign, ReadReport, SendCampaign, SettleUnknown, Who,
};
use discreet_app::App;
use discreet_app::campaigns::{MOST_UNKNOWN, Plan, Preview, Report};
use discreet_app::dispatch::{Dispatcher, Round};
use discreet_app::halt::Halt;
use discreet_domain::{Cell, MessageId, Timestamp, Topic, Viewer};
use discreet_mail::Finding;
use discreet_policy::{Block, Denied, Owner, Remuneration, What};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What a message is about.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum About {
    /// General health education; nothing and nobody is promoted.
    GeneralHealth,
    /// An appointment reminder, visit preparation, follow-up of one's own care.
    Appointment,
    /// Treatment, care coordination, case management.
    Care,
    /// Encourages people to buy or use a product or service.
    Promotion,
}

/// Whose product or service is described.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Whose {
    /// Your own.
    Own,
    /// Somebody else's.
    Third,
    /// None is.
    None,
}

/// What you receive for sending it.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Paid {
    /// Nothing.
    None,
    /// Support in kind.
    InKind,
    /// Money from the party whose product is described.
    DescribedParty,
    /// Money from somebody else.
    Other,
    /// Payment for treating the patient.
    Treatment,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub enum YesNo {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// Make a campaign. What is left unanswered is unknown, and unknown is not sent.
#[derive(Debug, Args)]
pub struct Create {
    /// Its name.
    name: String,
    /// To whom: a saved segment.
    #[arg(long)]
    segment: String,
    /// What: a saved template.
    #[arg(long)]
    template: String,
    /// About which topic.
    #[arg(long, default_value = "marketing", value_parser = topic)]
    topic: Topic,
    /// What the message is about.
    #[arg(long)]
    about: Option<About>,
    /// Whose product or service is described.
    #[arg(long)]
    owner: Option<Whose>,
    /// Whether that product or service is health-related.
    #[arg(long)]
    health_related: Option<YesNo>,
    /// What you receive for sending it; may be given several times.
    #[arg(long)]
    paid: Vec<Paid>,
    /// Nothing of it leaves later (RFC 3339).
    #[arg(long, value_parser = instant)]
    not_after: Option<Timestamp>,
}

fn instant(text: &str) -> std::result::Result<Timestamp, String> {
    Timestamp::parse(text).map_err(|e| e.to_string())
}

/// Make, approve and send campaigns.
#[derive(Debug, Subcommand)]
pub enum Campaign {
    /// Make a campaign.
    Create(Create),
    /// All campaigns.
    List,
    /// What it would do now, and a message as it would look, filled for a patient who does not exist.
    Preview {
        /// The campaign's name or id.
        campaign: String,
        /// Write the HTML to this file.
        #[arg(long, value_name = "FILE")]
        html: Option<PathBuf>,
    },
    /// Approve it as it stands. Never by whoever made it.
    Approve {
        /// The campaign's name or id.
        campaign: String,
    },
    /// Start it, or go on with it, and send until nothing is left.
    Send {
        /// The campaign's name or id.
        campaign: String,
        /// Only start it: `discreet serve` sends.
        #[arg(long)]
        start_only: bool,
    },
    /// Call it off: what is not yet on its way stays here.
    Cancel {
        /// The campaign's name or id.
        campaign: String,
    },
    /// What came of it.
    Report {
        /// The campaign's name or id.
        campaign: String,
    },
    /// Messages of which nobody knows whether they arrived; and to say what became of one.
    Unknown {
        /// The campaign's name or id.
        campaign: String,
        /// A message to settle.
        #[arg(long, requires = "arrived")]
        settle: Option<MessageId>,
        /// Whether it arrived.
        #[arg(long)]
        arrived: Option<YesNo>,
    },
}

impl Campaign {
    pub async fn run(self, place: &Place, app: &App, who: &Who, out: Out) -> Result<()> {
        match self {
            Campaign::Create(create) => create.run(app, who, out).await,
            Campaign::List => {
                let all = app.campaigns(leave(app, who, ReadReport).await?).await?;
                let rows: Vec<Vec<String>> = all
                    .iter()
                    .map(|c| {
                        vec![
                            c.name.clone(),
                            c.state.to_owned(),
                            c.topic.clone(),
                            c.rows.join(" "),
                            c.label.to_string(),
                        ]
                    })
                    .collect();
                out.answer(&json!(all), || table(&["name", "state", "topic", "rows", "label"], &rows));
                Ok(())
            }
            Campaign::Preview { campaign, html } => {
                let id = app.campaign(&campaign).await?.campaign;
                let by = leave(app, who, PreviewCampaign).await?;
                let viewer = by.viewer();
                let preview = app.preview(by, id, now()).await?;
                if let Some(file) = html {
                    std::fs::write(file, &preview.html)?;
                }
                let counted = counted_json(&preview.counted, viewer);
                let findings = findings(app, &preview).await?;
                let value = json!({
                    "campaign": preview.campaign, "rows": preview.classified.rows, "counted": counted,
                    "subject": preview.subject, "text": preview.text, "html": preview.html,
                    "findings": findings,
                });
                out.answer(&value, || preview_text(&preview, &findings, viewer));
                Ok(())
            }
            Campaign::Approve { campaign } => {
                let campaign = app.campaign(&campaign).await?;
                let action = ApproveCampaign { campaign: campaign.campaign, author: campaign.author };
                app.approve(leave(app, who, action).await?, &campaign.content, now()).await?;
                out.answer(&json!({ "approved": campaign.id }), || {
                    format!("Approved `{}` as it stands.", campaign.name)
                });
                Ok(())
            }
            Campaign::Send { campaign, start_only } => {
                send(place, app, who, &campaign, start_only, out).await
            }
            Campaign::Cancel { campaign } => {
                let id = app.campaign(&campaign).await?.campaign;
                app.cancel_campaign(leave(app, who, SendCampaign).await?, id, now()).await?;
                out.answer(&json!({ "cancelled": id.to_string() }), || "Called off.".to_owned());
                Ok(())
            }
            Campaign::Report { campaign } => {
                let id = app.campaign(&campaign).await?.campaign;
                let report = app.report(leave(app, who, ReadReport).await?, id).await?;
                out.answer(&report_json(&report), || report_text(&report));
                Ok(())
            }
            Campaign::Unknown { campaign, settle, arrived } => {
                unknown(app, who, &campaign, settle.zip(arrived), out).await
            }
        }
    }
}

impl Create {
    async fn run(self, app: &App, who: &Who, out: Out) -> Result<()> {
        let block = Block {
            what: self.about.map(|a| match a {
                About::GeneralHealth => What::GeneralHealth,
                About::Appointment => What::Appointment,
                About::Care => What::Care,
                About::Promotion => What::Promotion,
            }),
            owner: self.owner.map(|o| match o {
                Whose::Own => Owner::Own,
                Whose::Third => Owner::Third,
                Whose::None => Owner::None,
            }),
            health_related: self.health_related.map(|h| h == YesNo::Yes),
            remuneration: self
                .paid
                .iter()
                .map(|p| match p {
                    Paid::None => Remuneration::None,
                    Paid::InKind => Remuneration::InKind,
                    Paid::DescribedParty => Remuneration::DescribedParty,
                    Paid::Other => Remuneration::Other,
                    Paid::Treatment => Remuneration::Treatment,
                })
                .collect(),
        };
        let plan = Plan {
            name: self.name,
            segment: self.segment,
            template: self.template,
            topic: self.topic,
            blocks: vec![block],
            not_after: self.not_after,
            kept: Default::default(),
        };
        let campaign = app.create_campaign(leave(app, who, CreateCampaign).await?, &plan, now()).await?;
        out.answer(&json!(campaign), || {
            let rows: Vec<String> = campaign
                .rows
                .iter()
                .filter_map(|id| discreet_policy::Row::named(id))
                .map(|row| format!("{} {}: {} ({})", row.id, row.code, row.title, row.citation))
                .collect();
            format!(
                "Made `{}`, label {}.\n{}\n\nA second person approves it: discreet campaign approve",
                campaign.name,
                campaign.label,
                rows.join("\n")
            )
        });
        Ok(())
    }
}

async fn send(place: &Place, app: &App, who: &Who, name: &str, start_only: bool, out: Out) -> Result<()> {
    let campaign = app.campaign(name).await?;
    let relay = place.relay(app)?;
    if !start_only {
        relay.probe().await.map_err(|e| Failure::Refused(format!("the relay cannot be used: {e}")))?;
    }
    let by = leave(app, who, SendCampaign).await?;
    if campaign.state != "running" {
        app.start_campaign(by, campaign.campaign, now()).await?;
    }
    if !start_only {
        let bar = out.bar("sending", "messages");
        let show = |round: Round| bar.set_position(round.accepted + round.refused + round.unknown);
        let mut dispatcher =
            Dispatcher::new(app, &relay, place.config.sending.pace(), campaign.campaign, now()).await?;
        let halt = Halt::default();
        let called = halt.clone();
        let listening = tokio::spawn(async move {
            crate::serve::stop_signal().await;
            called.call();
        });
        dispatcher = dispatcher.until(halt.clone());
        dispatcher.run(&now, &show).await?;
        listening.abort();
        bar.finish_and_clear();
        if halt.is_called() {
            out.remark(
                "Interrupted: what is left stays in the queue. `discreet campaign send` goes on with it.",
            );
        }
        relay.close().await;
    }
    let report = app.report(leave(app, who, ReadReport).await?, campaign.campaign).await?;
    out.answer(&report_json(&report), || report_text(&report));
    Ok(())
}

async fn unknown(
    app: &App,
    who: &Who,
    name: &str,
    settle: Option<(MessageId, YesNo)>,
    out: Out,
) -> Result<()> {
    let id = app.campaign(name).await?.campaign;
    let by = leave(app, who, SettleUnknown).await?;
    match settle {
        Some((message, arrived)) => {
            app.settle_unknown(by, message, arrived == YesNo::Yes, now()).await?;
            out.answer(&json!({ "settled": message.to_string() }), || "Settled.".to_owned());
        }
        None => {
            let messages: Vec<String> =
                app.unknown_messages(by, id).await?.iter().map(ToString::to_string).collect();
            out.answer(&json!({ "unknown": messages }), || {
                if messages.is_empty() { "None.".to_owned() } else { messages.join("\n") }
            });
            if messages.len() >= MOST_UNKNOWN as usize {
                out.remark(format!("only the first {MOST_UNKNOWN} are shown: settle them, then ask again"));
            }
        }
    }
    Ok(())
}

/// A report, for machines.
pub fn report_json(report: &Report) -> Value {
    let mut map = Map::new();
    map.insert("campaign".to_owned(), json!(report.campaign));
    put_cell(&mut map, "selected", report.selected, report.viewer);
    put_cell(&mut map, "eligible", report.eligible, report.viewer);
    let refused: Map<String, Value> =
        report.refused.iter().map(|(reason, c)| (reason.clone(), json!(c.shown_to(report.viewer)))).collect();
    map.insert("refused".to_owned(), Value::Object(refused));
    let held: Map<String, Value> =
        report.held.iter().map(|(reason, c)| (reason.clone(), json!(c.shown_to(report.viewer)))).collect();
    map.insert("held".to_owned(), Value::Object(held));
    let states: Map<String, Value> = report
        .states
        .iter()
        .map(|(state, c)| ((*state).to_owned(), json!(c.shown_to(report.viewer))))
        .collect();
    map.insert("states".to_owned(), Value::Object(states));
    for key in ["accepted", "bounced", "refused_by_relay", "unknown"] {
        let state = if key == "refused_by_relay" { "refused" } else { key };
        put_cell(&mut map, key, report.states.get(state).copied().unwrap_or_default(), report.viewer);
    }
    put_cell(&mut map, "unsubscribed", report.withdrew, report.viewer);
    Value::Object(map)
}

/// Reasons and how many, most first, as rows of a table.
pub fn reasons(counts: &BTreeMap<String, Cell>, viewer: Viewer) -> Vec<Vec<String>> {
    let mut counts: Vec<_> = counts.iter().collect();
    counts.sort_by_key(|(_, cell)| std::cmp::Reverse(cell.exact()));
    let words = |reason: &str| {
        Denied::from_code(reason)
            .map_or_else(|| reason.replace('_', " ").to_lowercase(), |d| d.text().to_owned())
    };
    counts
        .into_iter()
        .map(|(reason, cell)| vec![format!("  – {}", words(reason)), cell_text(*cell, viewer)])
        .collect()
}

fn report_text(report: &Report) -> String {
    let cell = |c| cell_text(c, report.viewer);
    let mut rows = vec![vec!["selected".to_owned(), cell(report.selected)]];
    let mut refused: Vec<_> = report.refused.iter().collect();
    refused.sort_by_key(|(_, c)| std::cmp::Reverse(c.exact()));
    for (reason, c) in refused {
        let words = Denied::from_code(reason)
            .map_or_else(|| reason.replace('_', " ").to_lowercase(), |d| d.text().to_owned());
        rows.push(vec![format!("  – {words}"), cell(*c)]);
    }
    for (state, c) in report.states.iter().filter(|(state, _)| **state != "held") {
        rows.push(vec![state.replace('_', " "), cell(*c)]);
    }
    rows.push(vec!["unsubscribed by its link".to_owned(), cell(report.withdrew)]);
    format!("{} ({})\n\n{}", report.campaign.name, report.campaign.state, table(&["", "patients"], &rows))
}

/// What was found in a campaign's mail, for whoever approves it.
#[derive(Serialize)]
struct Found {
    #[serde(flatten)]
    finding: Finding,
    /// Why somebody keeps it, and who.
    kept: Option<(String, String)>,
}

async fn findings(app: &App, preview: &Preview) -> Result<Vec<Found>> {
    let mut found = Vec::with_capacity(preview.findings.len());
    for finding in &preview.findings {
        let kept = match preview.kept.of(finding) {
            Some(kept) => Some((kept.reason.clone(), app.name_of(kept.by).await?)),
            None => None,
        };
        found.push(Found { finding: finding.clone(), kept });
    }
    Ok(found)
}

fn finding_text(found: &Found) -> String {
    let said = format!("- {}: {}", found.finding.place.name(), found.finding.message);
    match &found.kept {
        Some((reason, name)) => format!("{said}\n  kept: {reason} – {name}\n"),
        None => format!("{said}\n"),
    }
}

fn preview_text(preview: &Preview, findings: &[Found], viewer: Viewer) -> String {
    let counted = &preview.counted;
    let cell = |c| cell_text(c, viewer);
    let mut rows = vec![vec!["selected".to_owned(), cell(counted.count)]];
    rows.extend(counted.refused.iter().map(|(d, c)| vec![format!("  – {d}"), cell(*c)]));
    rows.push(vec!["would be written to".to_owned(), cell(counted.eligible)]);
    format!(
        "{} ({}), rows {}\n\n{}\n\n{}\nSubject: {}\n\n{}",
        preview.campaign.name,
        preview.campaign.state,
        preview.classified.rows.join(", "),
        table(&["", "patients"], &rows),
        findings.iter().map(finding_text).collect::<String>(),
        preview.subject,
        preview.text
    )
}
