//! The right to let PHI leave other than by mail: an export for the patient, a vendor's feed.

use discreet_audit::{Entry, Event, Ledger};
use discreet_domain::{Actor, Day, Label, PatientId, Timestamp};

/// How long a release is good, in seconds.
pub const RELEASE_SECONDS: i64 = 60;

/// To whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Recipient {
    /// The patient, or whoever may act for them (45 CFR 164.524; 164.502(a)(1)(i)).
    Patient,
    /// A vendor under a business associate agreement until then, for data up to this label (164.502(e)).
    Vendor {
        /// The agreement's last day.
        baa_until: Option<Day>,
        /// The greatest label it covers.
        covers: Label,
    },
}

impl Recipient {
    const fn name(self) -> &'static str {
        match self {
            Recipient::Patient => "patient",
            Recipient::Vendor { .. } => "vendor",
        }
    }
}

/// What is to leave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outgoing {
    /// Whose.
    pub patient: PatientId,
    /// To whom.
    pub to: Recipient,
    /// What, in a word for the log.
    pub what: &'static str,
    /// The greatest label in it.
    pub label: Label,
}

/// Why it may not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Withheld {
    /// No agreement in force.
    #[error("the vendor has no business associate agreement in force (45 CFR 164.502(e))")]
    NoBaa,
    /// More sensitive than the agreement covers.
    #[error("the data is more sensitive than the vendor's agreement covers")]
    Label,
    /// Never used, never handed out here: psychotherapy notes (164.524(a)(1)(i)).
    #[error("psychotherapy notes are not handed out from here (45 CFR 164.524(a)(1)(i))")]
    Forbidden,
}

impl Withheld {
    const fn code(self) -> &'static str {
        match self {
            Withheld::NoBaa => "no_baa",
            Withheld::Label => "label",
            Withheld::Forbidden => "forbidden",
        }
    }
}

/// Whether it may leave. Pure, and no power: that is [`hand_out`]'s.
///
/// # Errors
/// [`Withheld`]: why not.
pub fn may_leave(out: &Outgoing, today: Day) -> Result<(), Withheld> {
    if out.label == Label::L5 {
        return Err(Withheld::Forbidden);
    }
    match out.to {
        Recipient::Patient => Ok(()),
        Recipient::Vendor { baa_until, .. } if baa_until.is_none_or(|last| last < today) => {
            Err(Withheld::NoBaa)
        }
        Recipient::Vendor { covers, .. } if out.label > covers => Err(Withheld::Label),
        Recipient::Vendor { .. } => Ok(()),
    }
}

/// The right to let one patient's data leave, once, within [`RELEASE_SECONDS`]. Made by [`hand_out`] alone, after the
/// disclosure is in the log; consumed by `app`'s `egress`.
///
/// ```compile_fail,E0451
/// # use discreet_policy::Release; use discreet_domain::*;
/// fn forged(patient: PatientId, until: Timestamp) -> Release { Release { patient, label: Label::L0, until } }
/// ```
/// ```compile_fail,E0599
/// fn twice(r: discreet_policy::Release) -> [discreet_policy::Release; 2] { [r.clone(), r] }
/// ```
/// ```compile_fail,E0277
/// let _: discreet_policy::Release = serde_json::from_str("{}").unwrap();
/// ```
/// The compiling twin:
/// ```
/// fn reads(r: &discreet_policy::Release) -> discreet_domain::PatientId { r.patient() }
/// ```
#[derive(Debug)]
pub struct Release {
    patient: PatientId,
    label: Label,
    until: Timestamp,
}

impl Release {
    /// Whose data may leave.
    pub const fn patient(&self) -> PatientId {
        self.patient
    }
    /// Whether it covers this patient's data of this label now.
    pub fn covers(&self, patient: PatientId, label: Label, now: Timestamp) -> bool {
        self.patient == patient && label <= self.label && now <= self.until
    }
}

/// The only maker of releases. The disclosure, or that it was withheld, is in the log first.
///
/// # Errors
/// The transaction's own; nothing may leave then.
pub async fn hand_out<L: Ledger>(
    tx: L,
    out: &Outgoing,
    by: Actor,
    today: Day,
    now: Timestamp,
) -> Result<Result<Release, Withheld>, L::Error> {
    let verdict = may_leave(out, today);
    let event = match verdict {
        Ok(()) => Event::Released {
            patient: out.patient,
            what: out.what.to_owned(),
            to: out.to.name().to_owned(),
            label: out.label,
        },
        Err(why) => Event::Refused { action: "release".to_owned(), reason: why.code().to_owned() },
    };
    discreet_audit::settle(tx, &[Entry { at: now, by, event }]).await?;
    Ok(verdict.map(|()| Release {
        patient: out.patient,
        label: out.label,
        until: now.plus_seconds(RELEASE_SECONDS),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_the_patient_always_and_to_a_vendor_under_an_agreement_that_covers_it() {
        let today = Day::from_number(100);
        let out = |to, label| Outgoing { patient: PatientId::from_u128(1), to, what: "access", label };
        let vendor = |days, covers| Recipient::Vendor { baa_until: Some(today.plus_days(days)), covers };
        assert_eq!(may_leave(&out(Recipient::Patient, Label::L4), today), Ok(()));
        assert_eq!(may_leave(&out(Recipient::Patient, Label::L5), today), Err(Withheld::Forbidden));
        assert_eq!(may_leave(&out(vendor(0, Label::L2), Label::L2), today), Ok(()), "the last day counts");
        assert_eq!(may_leave(&out(vendor(-1, Label::L2), Label::L2), today), Err(Withheld::NoBaa));
        assert_eq!(may_leave(&out(vendor(9, Label::L2), Label::L3), today), Err(Withheld::Label));
        let none = Recipient::Vendor { baa_until: None, covers: Label::L4 };
        assert_eq!(may_leave(&out(none, Label::L1), today), Err(Withheld::NoBaa));
    }

    #[test]
    fn a_release_covers_its_patient_its_label_and_a_minute() {
        let now = Timestamp::from_micros(0);
        let (one, other) = (PatientId::from_u128(1), PatientId::from_u128(2));
        let release = Release { patient: one, label: Label::L2, until: now.plus_seconds(RELEASE_SECONDS) };
        assert!(release.covers(one, Label::L2, now.plus_seconds(60)));
        assert!(!release.covers(other, Label::L0, now));
        assert!(!release.covers(one, Label::L3, now));
        assert!(!release.covers(one, Label::L0, now.plus_seconds(61)));
    }
}
