//! Vendors: who handles PHI for the organization, and until when their agreement holds.

use crate::db::Result;
use crate::installation::day;
use crate::{Reading, Tx};
use discreet_domain::{Day, Timestamp};
use uuid::Uuid;

/// A vendor as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VendorRow {
    /// Which.
    pub id: Uuid,
    /// Since when it is written down.
    pub added: Timestamp,
    /// The last day of its business associate agreement.
    pub baa_until: Option<Day>,
    /// Since when it is one no more.
    pub ended: Option<Timestamp>,
    /// Rises with every change.
    pub version: u64,
    /// Its name, purpose and contact, sealed.
    pub sealed: Vec<u8>,
}

type Row = (Uuid, i64, Option<i64>, Option<i64>, u64, Vec<u8>);

fn vendor((id, added, baa, ended, version, sealed): Row) -> Result<VendorRow> {
    Ok(VendorRow {
        id,
        added: Timestamp::from_micros(added),
        baa_until: baa.map(day).transpose()?,
        ended: ended.map(Timestamp::from_micros),
        version,
        sealed,
    })
}

impl Reading {
    /// All vendors, those that are one no more last.
    ///
    /// # Errors
    /// The database's.
    pub async fn vendors(&mut self) -> Result<Vec<VendorRow>> {
        let rows: Vec<Row> = self.conn.all("vendors.all", &[]).await?;
        rows.into_iter().map(vendor).collect()
    }
    /// One vendor.
    ///
    /// # Errors
    /// The database's.
    pub async fn vendor(&mut self, id: Uuid) -> Result<Option<VendorRow>> {
        let row: Option<Row> = self.conn.first("vendors.get", &[id.into()]).await?;
        row.map(vendor).transpose()
    }
}

impl Tx {
    /// Writes a vendor.
    ///
    /// # Errors
    /// The database's.
    pub async fn put_vendor(&mut self, row: VendorRow) -> Result<()> {
        let params = [
            row.id.into(),
            row.added.micros().into(),
            row.baa_until.map(|d| i64::from(d.number())).into(),
            row.version.into(),
            row.sealed.into(),
        ];
        self.conn.run("vendors.put", &params).await.map(drop)
    }
    /// A vendor is one no more; `false` if it was not.
    ///
    /// # Errors
    /// The database's.
    pub async fn end_vendor(&mut self, id: Uuid, now: Timestamp) -> Result<bool> {
        Ok(self.conn.run("vendors.end", &[id.into(), now.micros().into()]).await? == 1)
    }
}
