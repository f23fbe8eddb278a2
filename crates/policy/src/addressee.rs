//! To whom a mail goes.

use discreet_domain::{PatientId, Tag};

/// To whom a mail goes, and on which of their data it was judged. Permit and mail name the same one, or nothing leaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Addressee {
    /// A patient, by the address of a version of their contact data.
    Patient {
        /// Whom.
        patient: PatientId,
        /// Mail rendered from another version must not leave.
        contact_version: u64,
    },
    /// Whoever reads the mailbox of this tag and asked for the mail, patient or not.
    Mailbox(Tag),
}

impl Addressee {
    /// The patient, if it is one.
    pub const fn patient(self) -> Option<PatientId> {
        match self {
            Addressee::Patient { patient, .. } => Some(patient),
            Addressee::Mailbox(_) => None,
        }
    }
}
