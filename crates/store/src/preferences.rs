//! What patients set at their pages: how often, and in which language, optional mail comes.

use crate::campaigns::split;
use crate::db::{Result, StoreError, ids};
use crate::{Reading, Tx};
use discreet_domain::{PatientId, Timestamp};
use discreet_policy::{Classification, Often};
use std::collections::HashMap;
use uuid::Uuid;

impl Reading {
    /// Until when patients who asked for optional mail less often want no more of it: of these, or of all. Whom it does not
    /// name may be written to.
    ///
    /// # Errors
    /// The database's.
    pub async fn resting(
        &mut self,
        of: Option<&[PatientId]>,
        now: Timestamp,
    ) -> Result<HashMap<PatientId, Timestamp>> {
        let since = now.plus_seconds(-Often::Monthly.rest());
        let rows: Vec<(Uuid, String, String, i64)> = match of {
            Some(of) => {
                let params = [since.micros().into(), ids(of.iter().map(|p| p.uuid()))];
                self.conn.all("preferences.paced_of", &params).await?
            }
            None => self.conn.all("preferences.paced", &[since.micros().into()]).await?,
        };
        let mut resting: HashMap<PatientId, Timestamp> = HashMap::new();
        for (patient, pace, rows, last) in rows {
            let often = Often::parse(&pace).ok_or(StoreError::Malformed("a pace"))?;
            let rows = split(&rows);
            if Classification::from_rows(rows.iter().map(String::as_str)).requirements.opt_in {
                let until = Timestamp::from_micros(last).plus_seconds(often.rest());
                let known = resting.entry(PatientId::from_uuid(patient)).or_insert(until);
                *known = (*known).max(until);
            }
        }
        Ok(resting)
    }
    /// What a patient set: pace and language.
    ///
    /// # Errors
    /// The database's.
    pub async fn preference(&mut self, patient: PatientId) -> Result<Option<(String, String)>> {
        self.conn.first("preferences.get", &[patient.uuid().into()]).await
    }
}

impl Tx {
    /// Notes what a patient set. The caller has touched the patient.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_preference(
        &mut self,
        patient: PatientId,
        pace: &str,
        language: &str,
        now: Timestamp,
    ) -> Result<()> {
        let params = [patient.uuid().into(), pace.into(), language.into(), now.micros().into()];
        self.conn.run("preferences.set", &params).await.map(drop)
    }
}
