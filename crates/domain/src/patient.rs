//! A patient as the pure parts see one: identity apart from facts, because the index must know no names.

use crate::{CodeFact, ConsentState, EmailAddress, EventFact, PatientId, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An identifier some system gave the patient: an MRN, or the row's id in an export.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identifier {
    /// Who gave it: assigning authority, or the import source's name.
    pub source: String,
    /// The identifier.
    pub value: String,
}

impl std::fmt::Debug for Identifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identifier(_)")
    }
}

/// A person's name.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PersonName {
    /// Family name.
    pub family: String,
    /// Given names, first first.
    pub given: Vec<String>,
    /// What the person is called, if not by the first given name.
    pub preferred: Option<String>,
}

impl std::fmt::Debug for PersonName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonName(_)")
    }
}

/// Where a person lives; city, state and ZIP are attributes too.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PostalAddress {
    /// Street lines.
    pub lines: Vec<String>,
    /// City.
    pub city: Option<String>,
    /// State, as a USPS two-letter code where it could be told.
    pub state: Option<String>,
    /// ZIP or ZIP+4.
    pub zip: Option<String>,
}

impl std::fmt::Debug for PostalAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PostalAddress(_)")
    }
}

/// Who a patient is and how to reach them: sealed as one part, never in the index. `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Identity {
    /// Every identifier known, sorted.
    pub identifiers: Vec<Identifier>,
    /// Name.
    pub name: PersonName,
    /// Addresses, best first, as text that passed [`EmailAddress::parse`].
    pub emails: Vec<String>,
    /// Telephone numbers, best first, as given.
    pub phones: Vec<String>,
    /// Home address.
    pub address: PostalAddress,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity(_)")
    }
}

impl Identity {
    /// The address to write to.
    pub fn email(&self) -> Option<EmailAddress> {
        self.emails.first().and_then(|text| EmailAddress::parse(text).ok())
    }
}

/// What a segment can be evaluated over: everything known of one patient but who it is.
#[derive(Clone, PartialEq, Debug)]
pub struct PatientFacts {
    /// Whose.
    pub patient: PatientId,
    /// The patient's version these facts are of.
    pub version: u64,
    /// Attributes by catalog name; one that is not here is unknown.
    pub attributes: BTreeMap<String, Value>,
    /// Coded facts.
    pub codes: Vec<CodeFact>,
    /// Events, oldest first.
    pub events: Vec<EventFact>,
    /// Where the patient stands on each topic and channel.
    pub consents: Vec<ConsentState>,
}
