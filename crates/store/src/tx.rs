//! A write transaction. Each noun's file adds what it writes; only `audit` can make it commit.

use crate::db::{Conn, Param, Result, StoreError};
use crate::{Claim, Reading};
use discreet_audit::{Entry, Head, Ledger, Settling, Touched};
use discreet_domain::{PatientId, Zone};
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

/// An open write transaction. Consumed by `audit::settle`; dropped, it never was.
pub struct Tx {
    pub(crate) reading: Reading,
    /// Patients whose facts or standing this transaction changes, with their version since.
    pub(crate) touched: BTreeMap<PatientId, u64>,
    pub(crate) claim: Option<(Claim, Zone)>,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tx(_)")
    }
}

impl Deref for Tx {
    type Target = Reading;
    fn deref(&self) -> &Reading {
        &self.reading
    }
}
impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Reading {
        &mut self.reading
    }
}

impl Tx {
    pub(crate) const fn over(conn: Conn) -> Tx {
        Tx { reading: Reading::over(conn), touched: BTreeMap::new(), claim: None }
    }
    /// A patient changes in a way that an index must see, or that can turn a yes into a no: raises the version and, on
    /// PostgreSQL, locks the row. `None` if there is no such patient.
    ///
    /// # Errors
    /// The database's.
    pub async fn touch(&mut self, patient: PatientId) -> Result<Option<u64>> {
        let row: Option<(u64,)> = self.conn.first("patients.bump", &[patient.uuid().into()]).await?;
        if let Some((version,)) = row {
            self.touched.insert(patient, version);
        }
        Ok(row.map(|(version,)| version))
    }
    /// The log's end, locked until the transaction ends.
    async fn head(&mut self) -> Result<Head> {
        let row: Option<(u64, u64, Vec<u8>)> = self.conn.first("log.head", &[]).await?;
        head_of(row)
    }
}

pub(crate) fn head_of(row: Option<(u64, u64, Vec<u8>)>) -> Result<Head> {
    let (seq, size, edge) = row.ok_or(StoreError::Malformed("the log has no head"))?;
    let edge = discreet_audit::tree::Edge::from_bytes(size, &edge)
        .ok_or(StoreError::Malformed("the log's head does not fit its size"))?;
    Ok(Head { seq, edge })
}

impl Ledger for Tx {
    type Error = StoreError;

    /// Adds one row to the log, under the lock on its head. What touches patients and logs nothing is a mistake of ours,
    /// and refused.
    async fn append(&mut self, entries: &[Entry]) -> Result<()> {
        if entries.is_empty() {
            return if self.touched.is_empty() {
                Ok(())
            } else {
                Err(StoreError::Gone("patients were changed without an audit entry"))
            };
        }
        let touched: Vec<Touched> = self
            .touched
            .iter()
            .map(|(patient, version)| Touched { patient: *patient, version: *version })
            .collect();
        let mut head = self.head().await?;
        let Some(row) = head.append(entries, &touched)? else { return Ok(()) };
        let mut about: Vec<(PatientId, u64)> = touched.iter().map(|t| (t.patient, row.first)).collect();
        about.extend(
            (row.first..).zip(entries).filter_map(|(n, e)| e.event.patient().map(|patient| (patient, n))),
        );
        about.sort_unstable();
        about.dedup();
        let about: Vec<Vec<Param>> =
            about.into_iter().map(|(p, n)| vec![p.uuid().into(), n.into()]).collect();
        self.conn.run_each("log.add_about", &about).await?;
        let params = [
            row.seq.into(),
            row.at.into(),
            row.first.into(),
            row.leaves.into(),
            row.bodies.into(),
            row.touched.into(),
        ];
        self.conn.run("log.add", &params).await?;
        let params = [head.seq.into(), head.edge.size().into(), head.edge.to_bytes().into()];
        self.conn.run("log.move_head", &params).await?;
        Ok(())
    }

    async fn commit(self, _: Settling) -> Result<()> {
        self.reading.conn.commit().await
    }
}
