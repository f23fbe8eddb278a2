//! What came of an import, kept sealed beside its run: counts by kind and reason, the first rejected rows by place, the
//! failure if it failed. Nothing that stood in a row.

use super::{RejectedRow, Tally};
use crate::app::App;
use crate::error::{AppError, Result};
use crate::notices::IMPORT_FAILED;
use discreet_access::{Allowed, ListImports};
use discreet_audit::Event;
use discreet_domain::{Actor, ImportId, Timestamp};
use discreet_intake::{FileReport, Report};
use discreet_store::{ImportRow, Lane};
use discreet_vault::Place;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Runs listed.
pub const MOST_RUNS: u32 = 50;

/// What came of an import.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ImportReport {
    /// The name of the source.
    pub source: String,
    /// Counts.
    pub tally: Tally,
    /// The files, by names that may be shown.
    pub files: Vec<FileReport>,
    /// What was left out of rows that were taken, by reason code.
    pub warnings: BTreeMap<String, u64>,
    /// What was nothing to import, by why.
    pub skipped: BTreeMap<String, u64>,
    /// Rows that were rejected, by reason code.
    pub reasons: BTreeMap<String, u64>,
    /// The first of them, by place.
    pub rejected: Vec<RejectedRow>,
    /// Why it broke off, if it did.
    pub failure: Option<String>,
}

/// Where a run stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RunState {
    /// It has not ended: it is under way, or its process ended before it did.
    Open,
    /// It ended.
    Ended,
    /// It broke off.
    Failed,
}

/// A run of an import, as listed.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "counts of rows, named as in the report")]
pub struct Run {
    pub id: ImportId,
    pub started: Timestamp,
    pub ended: Option<Timestamp>,
    pub state: RunState,
    /// Nothing was to be saved.
    pub dry_run: bool,
    /// Who began it.
    pub by: Option<String>,
    pub read: u64,
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub rejected: u64,
}

fn place(id: ImportId) -> Place<'static> {
    Place { table: "import_run", row: id.uuid().as_u128(), column: "report", version: 1 }
}

impl ImportReport {
    pub(crate) fn of(
        source: String,
        tally: &Tally,
        read: &Report,
        reasons: BTreeMap<String, u64>,
        rejected: &[RejectedRow],
    ) -> ImportReport {
        ImportReport {
            source,
            tally: tally.clone(),
            files: read.files.clone(),
            warnings: read.warnings.clone(),
            skipped: read.skipped.clone(),
            reasons,
            rejected: rejected.to_vec(),
            failure: None,
        }
    }
    fn row(&self, id: ImportId, state: &str, now: Timestamp) -> ImportRow {
        let total = self.tally.total();
        ImportRow {
            id,
            started: now,
            ended: Some(now),
            read: total.read,
            created: total.created,
            updated: total.updated,
            unchanged: total.unchanged,
            rejected: total.rejected,
            state: state.to_owned(),
            dry_run: false,
            by: None,
        }
    }
}

impl App {
    fn sealed_report(&self, id: ImportId, report: &ImportReport) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(report).map_err(|_| AppError::Form("an import's report"))?;
        Ok(self.organization.seal(place(id), &plain)?)
    }
    pub(crate) async fn end(
        &self,
        id: ImportId,
        by: Actor,
        report: &ImportReport,
        batch: bool,
        now: Timestamp,
    ) -> Result<()> {
        let total = report.tally.total();
        let mut tx = self.store.begin(Lane::Import).await?;
        if !batch {
            tx.finish_import(&report.row(id, "ended", now), self.sealed_report(id, report)?).await?;
        }
        let event = Event::ImportEnded {
            import: id,
            read: total.read,
            created: total.created,
            updated: total.updated,
            unchanged: total.unchanged,
            rejected: total.rejected,
        };
        self.settle_one(tx, by, event, now).await
    }
    /// Notes that an import broke off, and tells whoever must see to it.
    pub(crate) async fn note_failure(
        &self,
        id: ImportId,
        by: Actor,
        source: String,
        dry_run: bool,
        error: &AppError,
        now: Timestamp,
    ) -> Result<()> {
        let report = ImportReport { source, failure: Some(error.to_string()), ..ImportReport::default() };
        let mut tx = self.store.begin(Lane::Import).await?;
        tx.finish_import(&report.row(id, "failed", now), self.sealed_report(id, &report)?).await?;
        if !dry_run {
            tx.add_notice(IMPORT_FAILED, id.uuid(), now).await?;
        }
        self.settle_one(tx, by, Event::ImportFailed { import: id }, now).await
    }

    /// The last runs, newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn runs(&self, _by: Allowed<ListImports>) -> Result<Vec<Run>> {
        let mut reading = self.store.read().await?;
        let users: BTreeMap<_, _> = reading.users().await?.into_iter().map(|u| (u.id, u.name)).collect();
        let rows = reading.imports(MOST_RUNS).await?;
        Ok(rows.into_iter().map(|row| listed(row, &users)).collect())
    }
    /// One run and its report; none if it has not ended, or ended before reports were kept.
    ///
    /// # Errors
    /// No such run; the database's.
    pub async fn run_of(
        &self,
        _by: Allowed<ListImports>,
        id: ImportId,
    ) -> Result<(Run, Option<ImportReport>)> {
        let mut reading = self.store.read().await?;
        let users: BTreeMap<_, _> = reading.users().await?.into_iter().map(|u| (u.id, u.name)).collect();
        let row = reading.import(id).await?.ok_or(AppError::NotFound("import"))?;
        let report = match reading.import_report(id).await? {
            None => None,
            Some(sealed) => {
                let plain = self.organization.open(place(id), &sealed)?;
                Some(serde_json::from_slice(&plain).map_err(|_| AppError::Form("an import's report"))?)
            }
        };
        Ok((listed(row, &users), report))
    }
}

fn listed(row: ImportRow, users: &BTreeMap<discreet_domain::UserId, String>) -> Run {
    let state = match (row.ended, row.state.as_str()) {
        (None, _) => RunState::Open,
        (_, "failed") => RunState::Failed,
        _ => RunState::Ended,
    };
    Run {
        id: row.id,
        started: row.started,
        ended: row.ended,
        state,
        dry_run: row.dry_run,
        by: row.by.and_then(|user| users.get(&user).cloned()),
        read: row.read,
        created: row.created,
        updated: row.updated,
        unchanged: row.unchanged,
        rejected: row.rejected,
    }
}
