//! Vendors: who handles PHI for the organization, for what, until when their agreement holds (45 CFR 164.308(b),
//! 164.504(e)).

use crate::app::App;
use crate::documents::checked_name;
use crate::error::{AppError, Result};
use discreet_access::{Allowed, ManageVendors};
use discreet_audit::Event;
use discreet_domain::{Day, Timestamp};
use discreet_store::{Lane, VendorRow};
use discreet_vault::Place;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Days before its end at which an agreement is something to see to.
pub const WARNING_DAYS: i32 = 30;
/// Longest purpose or contact, in characters.
const LONGEST: usize = 500;

/// What is sealed of a vendor.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VendorText {
    /// Its name.
    pub name: String,
    /// What it does for us, with which data.
    pub purpose: String,
    /// Whom to call.
    pub contact: String,
}

/// A vendor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Vendor {
    /// Which.
    pub id: Uuid,
    /// Its name, purpose, contact.
    pub text: VendorText,
    /// The last day of its agreement.
    pub baa_until: Option<Day>,
    /// Since when it is one no more.
    pub ended: Option<Timestamp>,
}

impl Vendor {
    /// Days until its agreement ends, if that is soon or past; 0 if there is none at all.
    pub fn ends_in(&self, today: Day) -> Option<i32> {
        if self.ended.is_some() {
            return None;
        }
        let left = self.baa_until.map_or(0, |last| last.number() - today.number());
        (left <= WARNING_DAYS).then_some(left)
    }
}

fn place(id: Uuid, version: u64) -> Place<'static> {
    Place { table: "vendor", row: id.as_u128(), column: "sealed", version }
}

fn checked(text: &VendorText) -> Result<VendorText> {
    let line = |words: &str, what: &str| {
        let words = words.trim();
        match words.chars().count() <= LONGEST && !words.chars().any(|c| c.is_control() && c != '\n') {
            true => Ok(words.replace('\r', "")),
            false => Err(AppError::invalid(format!("{what}: at most {LONGEST} characters"))),
        }
    };
    let name = checked_name(&text.name)?.to_owned();
    let purpose = line(&text.purpose, "what it is for")?;
    if purpose.is_empty() {
        return Err(AppError::invalid("say what the vendor is for"));
    }
    Ok(VendorText { name, purpose, contact: line(&text.contact, "contact")? })
}

impl App {
    fn open_vendor(&self, row: VendorRow) -> Result<Vendor> {
        let plain = self.organization.open(place(row.id, row.version), &row.sealed)?;
        let text = serde_json::from_slice(&plain).map_err(|_| AppError::Form("a vendor"))?;
        Ok(Vendor { id: row.id, text, baa_until: row.baa_until, ended: row.ended })
    }
    /// All vendors, those that are one no more last.
    ///
    /// # Errors
    /// The database's.
    pub async fn vendors(&self, _by: Allowed<ManageVendors>) -> Result<Vec<Vendor>> {
        let rows = self.store.read().await?.vendors().await?;
        rows.into_iter().map(|row| self.open_vendor(row)).collect()
    }
    /// Writes a vendor down: a new one, or what changed about one.
    ///
    /// # Errors
    /// No name or purpose; no such vendor, or one that is none any more; the database's.
    pub async fn save_vendor(
        &self,
        by: Allowed<ManageVendors>,
        id: Option<Uuid>,
        text: &VendorText,
        baa_until: Option<Day>,
        now: Timestamp,
    ) -> Result<Uuid> {
        let text = checked(text)?;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        let (id, added, version) = match id {
            None => (Uuid::new_v4(), now, 1),
            Some(id) => {
                let row = tx.vendor(id).await?.filter(|row| row.ended.is_none());
                let row = row.ok_or(AppError::NotFound("vendor"))?;
                (id, row.added, row.version + 1)
            }
        };
        let plain = serde_json::to_vec(&text).map_err(|_| AppError::Form("a vendor"))?;
        let sealed = self.organization.seal(place(id, version), &plain)?;
        tx.put_vendor(VendorRow { id, added, baa_until, ended: None, version, sealed }).await?;
        let event = Event::VendorSaved { vendor: id.to_string(), baa_until };
        self.settle_one(tx, by.actor(), event, now).await?;
        Ok(id)
    }
    /// A vendor is one no more. What was written down of it stays.
    ///
    /// # Errors
    /// No such vendor; the database's.
    pub async fn end_vendor(&self, by: Allowed<ManageVendors>, id: Uuid, now: Timestamp) -> Result<()> {
        let mut tx = self.store.begin(Lane::Receipt).await?;
        if !tx.end_vendor(id, now).await? {
            return Err(AppError::NotFound("vendor"));
        }
        self.settle_one(tx, by.actor(), Event::VendorEnded { vendor: id.to_string() }, now).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agreement_is_seen_to_a_month_before_it_ends() {
        let today = Day::from_number(1_000);
        let with = |baa_until: Option<Day>, ended| Vendor {
            id: Uuid::nil(),
            text: VendorText::default(),
            baa_until,
            ended,
        };
        assert_eq!(with(Some(today.plus_days(31)), None).ends_in(today), None);
        assert_eq!(with(Some(today.plus_days(30)), None).ends_in(today), Some(30));
        assert_eq!(with(Some(today.plus_days(-2)), None).ends_in(today), Some(-2));
        assert_eq!(with(None, None).ends_in(today), Some(0));
        assert_eq!(with(None, Some(Timestamp::MIN)).ends_in(today), None);
    }

    #[test]
    fn a_vendor_needs_a_name_and_a_purpose() {
        let text = |name: &str, purpose: &str| VendorText {
            name: name.to_owned(),
            purpose: purpose.to_owned(),
            contact: String::new(),
        };
        assert!(checked(&text(" Northmail ", "Relays email")).is_ok_and(|t| t.name == "Northmail"));
        for (name, purpose) in [("", "x"), ("x", " "), ("x", &"y".repeat(501)), ("a\u{7}", "x")] {
            assert!(checked(&text(name, purpose)).is_err());
        }
    }
}
