//! The FHIR R4 data types that the resources share, written and never read.

use crate::plan::patient_id;
use serde::{Serialize, Serializer};
use std::fmt::{self, Display};

/// Anything that prints as FHIR writes it: dates, instants, ids.
#[derive(Debug)]
pub(crate) struct Shown<T>(pub(crate) T);

impl<T: Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

/// The id of a resource that belongs to a patient: `con-0000012-3`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Id {
    pub(crate) prefix: &'static str,
    pub(crate) patient: u32,
    pub(crate) number: usize,
}

impl Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:07}-{}", self.prefix, self.patient, self.number)
    }
}
impl Serialize for Id {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

#[derive(Clone, Copy, Serialize, Debug)]
pub(crate) struct Coding<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(crate) system: &'a str,
    pub(crate) code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) display: Option<&'a str>,
}

/// A concept with one coding.
#[derive(Clone, Copy, Serialize, Debug)]
pub(crate) struct Concept<'a> {
    pub(crate) coding: [Coding<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<&'a str>,
}

impl<'a> Concept<'a> {
    /// A code of a terminology, with our words for it.
    pub(crate) fn new(system: &'a str, code: &'a str, text: &'a str) -> Concept<'a> {
        Concept { coding: [Coding { system, code, display: Some(text) }], text: Some(text) }
    }
    /// A code of FHIR's own, which needs no words.
    pub(crate) fn status(system: &'a str, code: &'a str) -> Concept<'a> {
        Concept { coding: [Coding { system, code, display: None }], text: None }
    }
}

/// A reference to one of the patients.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ToPatient(pub(crate) u32);

impl Serialize for ToPatient {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Reference { reference: Shown(format_args!("Patient/{}", patient_id(self.0))), display: None }
            .serialize(to)
    }
}

#[derive(Serialize, Debug)]
#[serde(bound(serialize = ""))]
pub(crate) struct Reference<'a, T: Display> {
    pub(crate) reference: Shown<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) display: Option<&'a str>,
}

/// `Kind/id` of something that belongs to the clinic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    kind: &'static str,
    id: &'static str,
}

impl Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

pub(crate) type ToPlace = Reference<'static, Place>;

/// A reference to a practitioner, location or organization.
pub(crate) fn to(kind: &'static str, id: &'static str, name: &'static str) -> ToPlace {
    Reference { reference: Shown(Place { kind, id }), display: Some(name) }
}

#[derive(Serialize, Debug)]
#[serde(bound(serialize = ""))]
pub(crate) struct Period<T: Display> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start: Option<Shown<T>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) end: Option<Shown<T>>,
}

/// A security label on a resource.
#[derive(Clone, Copy, Serialize, Debug)]
pub(crate) struct Meta {
    pub(crate) security: [Coding<'static>; 1],
}

/// Substance use: `ETH` of HL7's ActCode, as systems under 42 CFR Part 2 mark it.
pub(crate) const SUBSTANCE_USE: Meta = Meta {
    security: [Coding {
        system: ACT_CODE,
        code: "ETH",
        display: Some("substance abuse information sensitivity"),
    }],
};

pub(crate) const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
pub(crate) const VISIT_TYPES: &str = "urn:example:clinic:visit-type";
