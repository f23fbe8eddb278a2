//! Opening charts: the keys from the shelf, the parts from the data, under a reader.

use crate::app::App;
use crate::chart::{self, Chart, EventsChunk};
use crate::error::{AppError, Result};
use discreet_domain::{PatientId, Sealed, Timestamp};
use discreet_store::PatientRow;
use discreet_vault::{PatientKeys, Reader, Refused};
use std::collections::HashMap;

impl App {
    /// The data keys of these patients. Who has none on the shelf is left out, and so is whose were damaged: one of them
    /// must not stop all others.
    pub(crate) async fn keys_of(&self, patients: &[PatientId]) -> Result<HashMap<PatientId, PatientKeys>> {
        let wrapped = self.shelf.get(patients).await?;
        let mut keys = HashMap::with_capacity(wrapped.len());
        for one in &wrapped {
            match self.vault.unwrap(one) {
                Ok(unwrapped) => drop(keys.insert(one.patient, unwrapped)),
                Err(Refused::Damaged) => {
                    tracing::error!(patient.id = %one.patient, "a patient's keys were damaged and cannot be opened");
                }
                Err(other) => return Err(other.into()),
            }
        }
        Ok(keys)
    }
    /// The data keys of one patient. Damaged ones are not taken for destroyed.
    pub(crate) async fn keys_of_one(&self, patient: PatientId) -> Result<PatientKeys> {
        let wrapped = self.shelf.get(&[patient]).await?;
        let one = wrapped.first().ok_or(AppError::Vault(Refused::Destroyed))?;
        Ok(self.vault.unwrap(one)?)
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
