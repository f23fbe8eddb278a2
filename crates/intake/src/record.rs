//! What an import yields: records, rejected rows, warnings, names of codes. `Debug` of all of it shows kinds and
//! places, never a value; `Serialize` is for the caller, who spills records, encrypted, to files of its own.

use crate::reason::{FileProblem, Reason};
use discreet_domain::{
    Channel, Code, CodeFact, EventFact, FactId, Identifier, Identity, Phi, Timestamp, Topic, Value, When,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Where something was read. The file is a number because file names can be names of people (one Bundle a patient):
/// [`Item::File`] tells its name, [`FileReport`](crate::FileReport) a form of it that may be shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Place {
    /// Number of the file, from 0, in the order read.
    pub file: u32,
    /// Line, from 1: the line the row starts on.
    pub line: u64,
    /// Entry within a Bundle, from 1; 0 if not in one.
    pub entry: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "file {}, line {}", self.file, self.line)?;
        if self.entry > 0 { write!(f, ", entry {}", self.entry) } else { Ok(()) }
    }
}

/// One thing read.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Item {
    /// A file begins.
    File {
        /// Its number.
        file: u32,
        /// Its path below the source; can name a person.
        #[serde(with = "exposed")]
        name: Phi<String>,
    },
    /// A file that cannot be read as what it is; the others still are.
    FileRefused {
        /// Its number.
        file: u32,
        /// Why.
        problem: FileProblem,
    },
    /// Something known about a patient.
    Record(Record),
    /// A row that could not be taken.
    Rejected(Rejected),
    /// A row that was taken, but not all of it.
    Warning(Warning),
    /// What a code is called, once per code.
    Name(CodeName),
    /// The source deleted a fact without saying whose it was (a `DELETE` entry of a Bundle).
    Orphan {
        /// Where that stands.
        place: Place,
        /// The fact.
        fact: FactId,
    },
}

/// Something known about a patient, or no longer known.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Record {
    /// Where it was read.
    pub place: Place,
    /// Whom it is about: the id by which rows of this source refer to the patient.
    pub subject: Identifier,
    /// When the source last changed it: an older version must not overwrite a newer one.
    pub updated: Option<Timestamp>,
    /// What.
    pub what: Incoming,
}

/// What a record says.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum Incoming {
    /// Who the patient is.
    Patient(Box<PatientPart>),
    /// A coded fact.
    Code(CodeFact),
    /// An event.
    Event(EventFact),
    /// One value of an attribute that comes from a row of its own.
    Attribute(AttributePart),
    /// Words to add to a set: interests.
    AddToSet {
        /// The attribute.
        name: String,
        /// The words, sorted.
        words: Vec<String>,
    },
    /// An act of consent.
    Consent(ConsentRow),
    /// The source takes a fact back: entered in error, or no longer of a status that makes it one.
    Delete {
        /// Which.
        fact: FactId,
    },
    /// The source deleted the patient.
    Gone,
}

impl Incoming {
    /// What kind of thing it is, for counts: `patient`, `condition`, `appointment`, `attribute` …
    pub fn kind(&self) -> &str {
        match self {
            Incoming::Patient(_) => "patient",
            Incoming::Code(fact) => fact.kind.name(),
            Incoming::Event(fact) => &fact.kind,
            Incoming::Attribute(_) => "attribute",
            Incoming::AddToSet { .. } => "set",
            Incoming::Consent(_) => "consent",
            Incoming::Delete { .. } => "delete",
            Incoming::Gone => "gone",
        }
    }
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Incoming({})", self.kind())
    }
}

/// Who a patient is, with the attributes that stand in the same row.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PatientPart {
    /// Name, identifiers (the row's own id and MRNs), contact.
    pub identity: Identity,
    /// Attributes by catalog name.
    pub attributes: BTreeMap<String, Value>,
    /// Dead, whether or not the date is known.
    pub deceased: bool,
    /// Date of death.
    pub deceased_at: Option<When>,
    /// Whether the source still keeps this record.
    pub active: bool,
    /// The record that replaces this one.
    pub merged_into: Option<Identifier>,
    /// Under a security label of the source.
    pub restricted: bool,
}

impl fmt::Debug for PatientPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PatientPart(_)")
    }
}

/// One value of an attribute with its period. The caller keeps, per attribute, the part with the latest `since` (none
/// counts as earliest; of equals the one read last), and treats one whose `until` has passed as unknown.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct AttributePart {
    /// Catalog name.
    pub name: String,
    /// The value; none if the source ended or withdrew what it said for this period.
    pub value: Option<Value>,
    /// First day or instant it holds.
    pub since: Option<When>,
    /// Last day or instant it holds.
    pub until: Option<When>,
}

impl fmt::Debug for AttributePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AttributePart({})", self.name)
    }
}

/// An act of consent, to go into the ledger.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentRow {
    /// About what.
    pub topic: Topic,
    /// By what way.
    pub channel: Channel,
    /// Granted, or withdrawn.
    pub granted: bool,
    /// When. Of an act known only to the day: a grant at its first instant, a withdrawal at its last, so that a
    /// withdrawal of the same day wins.
    pub at: Timestamp,
    /// Version of the text the patient saw.
    pub text_version: Option<String>,
    /// How it was given: paper, portal, phone …
    pub method: Option<String>,
    /// A note of the evidence.
    #[serde(with = "exposed")]
    pub evidence: Phi<Option<String>>,
}

impl fmt::Debug for ConsentRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConsentRow(_)")
    }
}

/// A row that could not be taken.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Rejected {
    /// Where it stands.
    pub place: Place,
    /// Why.
    pub reason: Reason,
    /// The row, to be kept sealed for correction. Empty if it may not be kept (forbidden notes) or is too long.
    #[serde(with = "exposed")]
    pub raw: Phi<Vec<u8>>,
}

/// A row that was taken without some part.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Warning {
    /// Where it stands.
    pub place: Place,
    /// What was left out.
    pub reason: Reason,
}

/// What a code is called by the source. Says nothing about a person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeName {
    /// The code.
    pub code: Code,
    /// Its display.
    pub display: String,
}

impl fmt::Debug for CodeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeName(_)")
    }
}

/// Writes PHI out on purpose: these types exist to be spilled, encrypted, by the caller. [`Phi`] itself stays without
/// `Serialize`, so nothing else can follow by accident.
mod exposed {
    use discreet_domain::Phi;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<T: Serialize, S: Serializer>(phi: &Phi<T>, to: S) -> Result<S::Ok, S::Error> {
        phi.expose().serialize(to)
    }

    pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Phi<T>, D::Error> {
        T::deserialize(from).map(Phi::new)
    }
}
