//! What the demo tells at its end.

use super::Clinic;
use super::campaign::Shown;
use super::judge::Finding;
use crate::cli::campaign::reasons;
use crate::output::{Out, cell_text, grouped, table};
use crate::wire::{Result, leave};
use discreet_access::ManageUsers;
use discreet_app::segments::Counted;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

/// A segment with its count.
pub struct SegmentLine {
    pub(super) name: &'static str,
    pub(super) counted: Counted,
}

/// How long each part took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    pub(super) write: Duration,
    pub(super) import: Duration,
    pub(super) segments: Duration,
}

/// The report, and for machines the one object of the last line.
pub(super) fn close(clinic: &Clinic, shown: &Shown, finding: &Finding, out: Out) {
    out.say(campaign_text(clinic, shown, finding));
    if out.json {
        out.answer(&as_json(clinic, shown, finding), String::new);
    }
}

/// Seconds, to the hundredth.
fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 100.0).round() / 100.0
}

fn as_json(clinic: &Clinic, shown: &Shown, finding: &Finding) -> Value {
    // The demo's own account of synthetic patients: exact, so that whoever checks it can add it up.
    let segments: Vec<Value> = clinic
        .segments
        .iter()
        .map(|l| json!({ "name": l.name, "count": l.counted.count.exact(), "eligible": l.counted.eligible.exact() }))
        .collect();
    let refused: serde_json::Map<String, Value> =
        shown.report.refused.iter().map(|(reason, cell)| (reason.clone(), json!(cell.exact()))).collect();
    let held: serde_json::Map<String, Value> =
        shown.report.held.iter().map(|(reason, cell)| (reason.clone(), json!(cell.exact()))).collect();
    let state = |name: &str| shown.report.states.get(name).map_or(0, |cell| cell.exact());
    json!({
        "patients": clinic.patients,
        "segments": segments,
        "campaign": {
            "selected": shown.report.selected.exact(),
            "eligible": shown.report.eligible.exact(),
            "refused": refused,
            "held_at_hand_over": held,
            "accepted": state("accepted"),
            "unknown": state("unknown"),
            "received": finding.received,
            "received_twice": finding.twice,
            "withdrawn_during_send": finding.withdrawn,
            "sent_after_withdrawal": finding.after_withdrawal,
        },
        "audit_entries": finding.entries,
        "audit_verified": finding.verified,
        "seconds": {
            "write_files": seconds(clinic.times.write),
            "import": seconds(clinic.times.import),
            "segments": seconds(clinic.times.segments),
            "send": seconds(shown.sending),
        },
    })
}

fn campaign_text(clinic: &Clinic, shown: &Shown, finding: &Finding) -> String {
    let viewer = shown.report.viewer;
    let cell = |c| cell_text(c, viewer);
    let mut rows = vec![vec!["selected by the segment".to_owned(), cell(shown.report.selected)]];
    rows.extend(reasons(&shown.report.refused, viewer));
    rows.push(vec!["eligible".to_owned(), cell(shown.report.eligible)]);
    rows.extend(reasons(&shown.report.held, viewer));
    let accepted = shown.report.states.get("accepted").copied().unwrap_or_default();
    rows.push(vec!["accepted by the relay".to_owned(), cell(accepted)]);
    let rate = accepted.exact() as f64 / shown.sending.as_secs_f64().max(0.001);
    format!(
        "The campaign “{name}”: made by the marketer, approved by the privacy officer, sent over TLS, DKIM-signed.\n\n{table}\n\n\
         Patients who withdrew while it was sent: {withdrawn} ({calls} acts, by telephone or click). Held against the log alone:\n\
         messages received after their patient's withdrawal: {after}; received twice: {twice}; received without a hand-over in the log: {unlogged}.\n\n\
         The log: {entries} entries, {sound}.\n\n\
         Seconds: {write} to write the files, {import} to import, {segments} for the segments, {send} to send ({rate:.0} messages a second).",
        name = shown.report.campaign.name,
        table = table(&["", "patients"], &rows),
        withdrawn = grouped(finding.withdrawn),
        calls = grouped(shown.withdrawn),
        after = finding.after_withdrawal,
        twice = finding.twice,
        unlogged = finding.unlogged,
        entries = grouped(finding.entries),
        sound = if finding.verified { "verified from the first to the last" } else { "NOT SOUND" },
        write = seconds(clinic.times.write),
        import = seconds(clinic.times.import),
        segments = seconds(clinic.times.segments),
        send = seconds(shown.sending),
    )
}

/// What there is to look at while the demo keeps serving: a link for each role that signs in once.
pub(super) async fn keep_serving(
    clinic: &Clinic,
    shown: &Shown,
    folder: &Path,
    address: SocketAddr,
    out: Out,
) -> Result<()> {
    let mut links = Vec::new();
    for (role, user) in &clinic.people {
        let by = leave(&clinic.app, &clinic.admin, ManageUsers).await?;
        let secret = clinic.app.demo_link(by, *user, clinic.now()).await?;
        links.push((role, format!("http://{address}/demo/{}", secret.reveal())));
    }
    let unsubscribe = shown
        .catcher
        .messages()
        .last()
        .and_then(|caught| super::judge::unsubscribe_url(caught.bytes.expose()))
        .unwrap_or_default();
    let by_role: serde_json::Map<String, Value> =
        links.iter().map(|(role, link)| (role.name().to_owned(), json!(link))).collect();
    let rows: Vec<Vec<String>> =
        links.iter().map(|(role, link)| vec![role.title().to_owned(), link.clone()]).collect();
    let answer =
        json!({ "serving": format!("http://{address}"), "sign_in": by_role, "unsubscribe": unsubscribe });
    out.answer(&answer, || {
        format!(
            "\nServing on http://{address} until Ctrl-C. Sign in as any of these; each link works once:\n\n{}\n\n\
             What a patient sees behind a newsletter's unsubscribe link:\n\n    {unsubscribe}\n\nEverything lies in {}.",
            table(&["role", "sign-in link"], &rows),
            folder.display()
        )
    });
    Ok(())
}
