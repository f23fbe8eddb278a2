//! Who acted.

use crate::{PatientId, UserId};
use serde::{Deserialize, Serialize};

/// Whoever an audit entry names as the one who acted (45 CFR 164.312(a)(2)(i): unique user identification).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A named member of the workforce.
    User(UserId),
    /// The patient, by a link that was mailed to them.
    Patient(PatientId),
    /// Whoever reads a mailbox, by a link that was mailed to it; whether they are a patient is not known.
    Mailbox,
    /// The dispatcher, sending an approved campaign.
    Dispatcher,
    /// The index, following the log.
    Indexer,
    /// Whoever is at the sign-in page and has not shown who they are.
    Visitor,
    /// Set-up and maintenance by whoever holds the keyring on the machine itself.
    Console,
}
