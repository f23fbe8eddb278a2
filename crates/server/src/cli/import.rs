//! `discreet import`, `discreet rejected`.

use crate::clock::now;
use crate::output::{Out, grouped, table};
use crate::wire::{Failure, Result, leave};
use clap::Args;
use discreet_access::Who;
use discreet_app::App;
use discreet_app::import::{Imported, Order, Progress};
use discreet_domain::ImportId;
use discreet_intake::{DEFAULT_SOURCE, Mapping, Source};
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// Import a file or folder: FHIR R4 as NDJSON or Bundles (plain or .gz), or CSV files.
#[derive(Debug, Args)]
pub struct Import {
    /// The file or folder.
    path: PathBuf,
    /// Name of the source; keep it the same from import to import.
    #[arg(long, default_value = DEFAULT_SOURCE)]
    source: String,
    /// How CSV files with other headers are read: a TOML file, or the name of one that ships (synthea).
    #[arg(long, value_name = "FILE|NAME")]
    mapping: Option<String>,
    /// Only say what would be done.
    #[arg(long)]
    dry_run: bool,
}

impl Import {
    pub async fn run(self, app: &App, who: &Who, out: Out) -> Result<()> {
        let mapping = self.mapping.as_deref().map(mapping).transpose()?;
        if !self.path.exists() {
            return Err(Failure::Refused(format!("there is nothing at {}", self.path.display())));
        }
        let order = Order {
            files: Source::at(self.path),
            source: self.source,
            mapping,
            dry_run: self.dry_run,
            batch: false,
        };
        let by = leave(app, who, discreet_access::Import).await?;
        let bar = out.bar("reading", "records");
        let show = |progress| match progress {
            Progress::Read(n) => bar.set_position(n),
            Progress::Written { done, of } => {
                bar.set_length(of);
                bar.set_position(done);
            }
        };
        let imported = app.import(by, order, &now, &show).await?;
        bar.finish_and_clear();
        out.answer(&as_json(&imported), || as_text(&imported, self.dry_run));
        Ok(())
    }
}

fn mapping(name: &str) -> Result<Mapping> {
    if let Some(shipped) = Mapping::named(name) {
        return Ok(shipped);
    }
    let path = PathBuf::from(name);
    if !path.exists() {
        let names: Vec<&str> = Mapping::shipped().collect();
        return Err(Failure::Usage(format!(
            "no mapping `{name}`: a TOML file, or one of: {}",
            names.join(", ")
        )));
    }
    let text = crate::config::read(&path)?;
    Mapping::parse(&text).map_err(|e| Failure::Usage(format!("{}: {e}", path.display())))
}

/// The report, for machines.
pub fn as_json(imported: &Imported) -> Value {
    let total = imported.tally.total();
    let by_kind: Map<String, Value> =
        imported.tally.kinds.iter().map(|(kind, c)| (kind.clone(), json!(c.read - c.rejected))).collect();
    json!({
        "import": imported.id.to_string(),
        "read": total.read,
        "created": total.created,
        "updated": total.updated,
        "unchanged": total.unchanged,
        "rejected": total.rejected,
        "by_kind": by_kind,
        "detail": imported.tally.kinds,
        "grants_refused": imported.tally.grants_refused,
        "warnings": imported.report.warnings,
        "skipped": imported.report.skipped,
        "rejections": imported.rejected,
        "rejected_file": imported.rejected_file.as_ref().map(|p| p.display().to_string()),
    })
}

fn as_text(imported: &Imported, dry_run: bool) -> String {
    let mut rows: Vec<Vec<String>> = imported
        .tally
        .kinds
        .iter()
        .map(|(kind, c)| {
            let mut row = vec![kind.replace('_', " ")];
            row.extend([c.read, c.created, c.updated, c.unchanged, c.rejected].map(grouped));
            row
        })
        .collect();
    let total = imported.tally.total();
    let mut row = vec!["all".to_owned()];
    row.extend([total.read, total.created, total.updated, total.unchanged, total.rejected].map(grouped));
    rows.push(row);
    let mut text = table(&["", "read", "created", "updated", "unchanged", "rejected"], &rows);
    if total.read == 0 {
        text.push_str("\n\nNothing was read: what is read, and how files are named, is in docs/import.md.");
    }
    if dry_run {
        text = format!("Dry run: nothing was written.\n\n{text}");
    }
    for file in imported.report.files.iter().filter(|f| f.problem.is_some()) {
        let problem = file.problem.as_ref().map(ToString::to_string).unwrap_or_default();
        text.push_str(&format!("\n\n{}: not read: {problem}", file.shown));
    }
    let list = |title: &str, counts: &std::collections::BTreeMap<String, u64>| {
        let lines: Vec<String> = counts.iter().map(|(what, n)| format!("  {} {what}", grouped(*n))).collect();
        if lines.is_empty() { String::new() } else { format!("\n\n{title}\n{}", lines.join("\n")) }
    };
    text.push_str(&list("Passed over:", &imported.report.skipped));
    text.push_str(&list("Warnings:", &imported.report.warnings));
    if imported.tally.grants_refused > 0 {
        let n = grouped(imported.tally.grants_refused);
        text.push_str(&format!("\n\n{n} opt-ins were not taken: an opt-out stands against them."));
    }
    if !imported.rejected.is_empty() {
        let rows: Vec<Vec<String>> = imported
            .rejected
            .iter()
            .take(20)
            .map(|r| vec![r.file.clone(), r.line.to_string(), r.reason.clone()])
            .collect();
        text.push_str(&format!("\n\n{}", table(&["file", "line", "rejected because"], &rows)));
        text.push_str(&format!("\n\nAll of them, sealed, for correction: discreet rejected {}", imported.id));
    }
    text
}

/// Show the rows an import rejected, as they were, for correction.
#[derive(Debug, Args)]
pub struct RejectedRows {
    /// The import's id, as its report gave it.
    import: ImportId,
}

impl RejectedRows {
    pub async fn run(self, app: &App, who: &Who, out: Out) -> Result<()> {
        let by = leave(app, who, discreet_access::ReadRejected).await?;
        let rows = app.rejected_rows(by, self.import, now()).await?;
        let rows: Vec<Value> = rows
            .into_iter()
            .map(|(row, raw)| {
                // To whoever corrects it: a data steward, whose look is in the log.
                let raw = String::from_utf8_lossy(raw.expose()).into_owned();
                json!({ "file": row.file, "line": row.line, "code": row.code, "reason": row.reason, "row": raw })
            })
            .collect();
        out.answer(&json!(rows), || {
            let line = |r: &Value| {
                let text =
                    |key: &str| r.get(key).map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
                let part = |key| text(key).unwrap_or_default();
                format!("{}:{}: {}\n    {}", part("file"), part("line"), part("reason"), part("row"))
            };
            rows.iter().map(line).collect::<Vec<_>>().join("\n")
        });
        Ok(())
    }
}
