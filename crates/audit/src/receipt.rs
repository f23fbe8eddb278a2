//! The proof that a look is on record.

use discreet_domain::{Actor, CampaignId, ImportId, Part, PatientId, Timestamp};
use serde::{Deserialize, Serialize};

/// Whose record is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// One patient.
    One(PatientId),
    /// The recipients of one campaign.
    Campaign(CampaignId),
    /// The patients named in one import.
    Import(ImportId),
    /// Everyone.
    All,
}

/// Why. A code; words, if any, are sealed beside it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Treatment, or coordinating it.
    Care,
    /// The patient asked.
    PatientRequest,
    /// To find or put right an error.
    Correction,
    /// A complaint, an incident, an audit.
    Investigation,
    /// A look by whoever answers for privacy.
    PrivacyReview,
    /// Something else, in words sealed beside it.
    Other,
    /// To build or to follow the index that segments are evaluated on.
    Index,
    /// To match an import with what is known.
    Import,
    /// To write the messages of a campaign.
    Send,
    /// To keep what was sent, as evidence.
    Evidence,
    /// To erase.
    Erase,
}

impl Reason {
    /// The code, as people type it.
    pub const fn code(self) -> &'static str {
        match self {
            Reason::Care => "care",
            Reason::PatientRequest => "patient_request",
            Reason::Correction => "correction",
            Reason::Investigation => "investigation",
            Reason::PrivacyReview => "privacy_review",
            Reason::Other => "other",
            Reason::Index => "index",
            Reason::Import => "import",
            Reason::Send => "send",
            Reason::Evidence => "evidence",
            Reason::Erase => "erase",
        }
    }
    /// The reasons a person may give.
    pub const GIVEN: [Reason; 6] = [
        Reason::Care,
        Reason::PatientRequest,
        Reason::Correction,
        Reason::Investigation,
        Reason::PrivacyReview,
        Reason::Other,
    ];
}

/// A set of parts of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Parts(u8);

impl Parts {
    /// These parts.
    pub fn of(parts: &[Part]) -> Parts {
        Parts(parts.iter().fold(0, |bits, part| bits | part.bit()))
    }
    /// Whether `part` is among them.
    pub const fn has(self, part: Part) -> bool {
        self.0 & part.bit() != 0
    }
}

/// Who looks at whose record, at which parts, why, until when.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Access {
    /// Who.
    pub actor: Actor,
    /// Whose.
    pub whom: Whom,
    /// Which parts.
    pub parts: Parts,
    /// Why.
    pub reason: Reason,
    /// The receipt is good until then.
    pub until: Timestamp,
}

/// Proof that an access is in the log, committed. Made by [`record`](crate::record) alone, after the commit; never
/// cloned, never read from anywhere. The vault takes it by value.
///
/// ```compile_fail,E0451
/// # use discreet_audit::*;
/// fn forged(access: Access) -> Receipt { Receipt { access } }
/// ```
/// ```compile_fail,E0599
/// # use discreet_audit::*;
/// fn twice(r: Receipt) -> (Receipt, Receipt) { (r.clone(), r) }
/// ```
/// ```compile_fail,E0277
/// # use discreet_audit::*;
/// fn read<T: serde::de::DeserializeOwned>(json: &str) -> T { serde_json::from_str(json).unwrap() }
/// let _: Receipt = read("{}");
/// ```
/// ```compile_fail,E0277
/// # use discreet_audit::*;
/// fn any<T: Default>() -> T { T::default() }
/// let _: Receipt = any();
/// ```
/// The compiling twin:
/// ```
/// # use discreet_audit::*;
/// fn looks(r: &Receipt) -> Access { *r.access() }
/// ```
#[derive(Debug)]
pub struct Receipt {
    access: Access,
}

impl Receipt {
    pub(crate) const fn for_committed(access: Access) -> Receipt {
        Receipt { access }
    }
    /// What was recorded.
    pub const fn access(&self) -> &Access {
        &self.access
    }
    /// Whether it covers this part of this patient at this time. A receipt for a campaign, an import or everyone covers
    /// any patient: which ones belong to it is for the caller to keep to, and in the log by campaign, import or change.
    pub fn covers(&self, patient: PatientId, part: Part, now: Timestamp) -> bool {
        let whom = match self.access.whom {
            Whom::One(one) => one == patient,
            Whom::Campaign(_) | Whom::Import(_) | Whom::All => true,
        };
        whom && self.access.parts.has(part) && now <= self.access.until
    }
}
