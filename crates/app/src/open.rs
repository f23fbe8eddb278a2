//! Opening charts: the keys from the shelf, the parts from the data, under a reader.

use crate::app::App;
use crate::chart::{self, Chart, EventsChunk};
use crate::error::{AppError, Result};
use discreet_domain::{PatientId, Sealed, Timestamp};
use discreet_store::PatientRow;
use discreet_vault::{PatientKeys, Reader};
use std::collections::HashMap;

impl App {
    /// The data keys of these patients. Who has none on the shelf is left out.
    pub(crate) async fn keys_of(&self, patients: &[PatientId]) -> Result<HashMap<PatientId, PatientKeys>> {
        let wrapped = self.shelf.get(patients).await?;
        wrapped.iter().map(|w| Ok((w.patient, self.vault.unwrap(w)?))).collect()
    }
    /// The data keys of one patient.
    pub(crate) async fn keys_of_one(&self, patient: PatientId) -> Result<PatientKeys> {
        self.keys_of(&[patient])
            .await?
            .remove(&patient)
            .ok_or(AppError::Vault(discreet_vault::Refused::Destroyed))
    }
}

/// Opens the parts of one patient that the row holds.
pub(crate) fn open_chart(
    reader: &Reader,
    keys: &PatientKeys,
    row: &PatientRow,
    chunks: Vec<Sealed>,
    now: Timestamp,
) -> Result<Chart> {
    let mut chart = Chart::default();
    if let Some(sealed) = &row.identity {
        chart.identity = chart::read(&reader.open(keys, sealed, now)?)?;
    }
    if let Some(sealed) = &row.facts {
        chart.facts = chart::read(&reader.open(keys, sealed, now)?)?;
    }
    for sealed in chunks {
        chart.chunks.push(chart::read::<EventsChunk>(&reader.open(keys, &sealed, now)?)?);
    }
    Ok(chart)
}
