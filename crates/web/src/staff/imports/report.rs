//! What came of an import.

use super::words::{kind_title, reason, thousands, when};
use super::{Step, id_of};
use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::Posted;
use crate::staff::frame::{Frame, Section};
use crate::staff::guard::capital;
use crate::staff::page::Page;
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use discreet_access::{ActionName, ListImports, ReadRejected};
use discreet_app::import::{ImportReport, Run, RunState};
use discreet_domain::{Cell, Viewer};
use std::collections::BTreeMap;

/// Examples shown of a reason.
const EXAMPLES: usize = 5;

/// The page.
#[derive(Template, Debug)]
#[template(path = "staff/imports/report.html")]
pub(crate) struct Report {
    frame: Frame,
    steps: Vec<(&'static str, bool, bool)>,
    id: String,
    source: String,
    started: String,
    by: String,
    open: bool,
    failed: Option<String>,
    dry_run: bool,
    body: Option<Body>,
    can_download: bool,
}

/// Counts: what a check and a report have in common.
#[derive(Template, Debug)]
#[template(path = "staff/imports/body.html")]
pub(crate) struct Body {
    sentence: String,
    kinds: Vec<Kind>,
    reasons: Vec<Why>,
    warnings: Vec<(String, String)>,
    files: Vec<(String, String, String)>,
    skipped: Vec<(String, String)>,
    deceased: Option<String>,
    grants_refused: Option<String>,
    notes_refused: bool,
}

impl askama::filters::HtmlSafe for Body {}

#[derive(Debug)]
struct Kind {
    name: String,
    created: String,
    updated: String,
    unchanged: String,
    rejected: String,
}

#[derive(Debug)]
struct Why {
    words: String,
    code: String,
    count: String,
    examples: Vec<String>,
}

impl Body {
    pub(super) fn of(run: &Run, report: &ImportReport, viewer: Viewer) -> Body {
        let saved = if run.dry_run { " Nothing was saved." } else { "" };
        let sentence = format!(
            "{} read: {} new, {} changed, {} same, {} rejected.{saved}",
            thousands(run.read),
            thousands(run.created),
            thousands(run.updated),
            thousands(run.unchanged),
            thousands(run.rejected)
        );
        // Patients first, then by name.
        let mut all: Vec<_> = report.tally.kinds.iter().collect();
        all.sort_by_key(|(kind, _)| (kind.as_str() != "patient", kind_title(kind)));
        let kinds = all.into_iter().map(|(kind, counts)| Kind {
            name: kind_title(kind).to_owned(),
            created: thousands(counts.created),
            updated: thousands(counts.updated),
            unchanged: thousands(counts.unchanged),
            rejected: thousands(counts.rejected),
        });
        let counted = |counts: &BTreeMap<String, u64>| -> Vec<(String, String)> {
            counts.iter().map(|(code, n)| (reason(code), thousands(*n))).collect()
        };
        let tally = &report.tally;
        Body {
            sentence,
            kinds: kinds.collect(),
            reasons: reasons(report),
            warnings: counted(&report.warnings),
            files: report
                .files
                .iter()
                .map(|file| {
                    let said = file.problem.as_ref().map_or_else(String::new, |p| capital(&p.to_string()));
                    (file.shown.clone(), thousands(file.rows), said)
                })
                .collect(),
            skipped: report.skipped.iter().map(|(what, n)| (capital(what), thousands(*n))).collect(),
            deceased: (tally.newly_deceased > 0)
                .then(|| Cell::of(tally.newly_deceased).shown_to(viewer).to_string()),
            grants_refused: (tally.grants_refused > 0)
                .then(|| Cell::of(tally.grants_refused).shown_to(viewer).to_string()),
            notes_refused: report.reasons.contains_key("forbidden_note"),
        }
    }
}

fn reasons(report: &ImportReport) -> Vec<Why> {
    let why = |(code, n): (&String, &u64)| {
        let rows = report.rejected.iter().filter(|row| row.code == *code).take(EXAMPLES);
        let examples =
            rows.map(|row| format!("Line {} of {}: {}", thousands(row.line), row.file, row.reason));
        Why { words: reason(code), code: code.clone(), count: thousands(*n), examples: examples.collect() }
    };
    let mut all: Vec<(u64, Why)> = report.reasons.iter().map(|(code, n)| (*n, why((code, n)))).collect();
    all.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    all.into_iter().map(|(_, why)| why).collect()
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Page<Report>> {
    let id = id_of(&id)?;
    let (run, report) = site.app.run_of(signed.leave(&site, ListImports).await?, id).await?;
    let frame = Frame::of(&site, &signed, Section::Imports).await?;
    Ok(Page(Report {
        frame,
        steps: Step::Report.all(),
        id: id.to_string(),
        source: report.as_ref().map_or_else(String::new, |report| report.source.clone()),
        started: when(&site, run.started),
        by: run.by.clone().unwrap_or_else(|| "somebody at the console".to_owned()),
        open: run.state == RunState::Open,
        failed: report.as_ref().and_then(|report| report.failure.as_deref()).map(capital),
        dry_run: run.dry_run,
        body: report
            .as_ref()
            .filter(|r| r.failure.is_none())
            .map(|report| Body::of(&run, report, signed.viewer())),
        can_download: signed.can(ActionName::ReadRejected) && run.rejected > 0,
    }))
}

/// The rejected rows as a file, to be corrected and sent again. The look is in the log first.
pub(crate) async fn rejected(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<String>,
    _: Posted,
) -> Result<Response> {
    let id = id_of(&id)?;
    let rows = site.app.rejected_rows(signed.leave(&site, ReadRejected).await?, id, site.now()).await?;
    let mut text = String::from("file,line,code,reason,row\r\n");
    for (row, raw) in &rows {
        let raw = String::from_utf8_lossy(raw.expose());
        let line = row.line.to_string();
        let cells = [row.file.as_str(), &line, &row.code, &row.reason, &raw].map(quoted);
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    let told = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"rejected-{id}.csv\"")),
    ];
    Ok((told, text).into_response())
}

/// A cell, quoted. One that a spreadsheet would take for a formula gets an apostrophe before it.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_do_nothing_in_a_spreadsheet() {
        assert_eq!(quoted("a \"b\""), "\"a \"\"b\"\"\"");
        assert_eq!(quoted("=1+1"), "\"'=1+1\"");
    }
}
