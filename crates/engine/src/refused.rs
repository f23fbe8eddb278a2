//! Whoever asks about a person shows a receipt.

use discreet_audit::{Receipt, Whom};
use discreet_domain::{Part, PatientId, Timestamp};

/// Why a question about a person was not answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    /// The receipt is for another patient, other parts or another purpose, or has expired.
    #[error("the receipt does not cover this look at this time")]
    NotCovered,
    /// The index does not hold the patient.
    #[error("the patient is not in the index")]
    NotHere,
}

/// Whom a receipt lets be listed: everyone (`None`) or one patient.
pub(crate) fn listed(receipt: &Receipt, now: Timestamp) -> Result<Option<PatientId>, Refused> {
    let only = match receipt.access().whom {
        Whom::One(patient) => Some(patient),
        Whom::All | Whom::Campaign(_) | Whom::Import(_) => None,
    };
    // For everyone and for a campaign, any patient stands for all; an import is refused.
    covered(receipt, only.unwrap_or(PatientId::from_u128(0)), &[Part::Facts], now)?;
    Ok(only)
}

/// Whether a receipt covers all these parts of a patient. One of an import lets nobody be asked about.
pub(crate) fn covered(
    receipt: &Receipt,
    patient: PatientId,
    parts: &[Part],
    now: Timestamp,
) -> Result<(), Refused> {
    let import = matches!(receipt.access().whom, Whom::Import(_));
    let all = parts.iter().all(|part| receipt.covers(patient, *part, now));
    if all && !import { Ok(()) } else { Err(Refused::NotCovered) }
}
