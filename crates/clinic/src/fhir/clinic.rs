//! The clinic's own resources, a few lines in all: `Organization`, `Location`, `Practitioner`; and each patient's
//! `Coverage`.

use super::types::{Coding, Concept, Id, Reference, Shown, ToPatient, ToPlace, to};
use crate::model::Person;
use crate::tables::staff::{CLINIC, CLINICIANS, Clinician, SITES, Site};
use crate::tables::words::PAYERS;
use serde::Serialize;
use std::fmt::{self, Display};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Organization {
    resource_type: &'static str,
    id: String,
    active: bool,
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    part_of: Option<ToPlace>,
}

/// The clinic, its sites, and the payers.
pub(crate) fn organizations() -> Vec<impl Serialize> {
    let organization = |id: String, name, part_of| Organization {
        resource_type: "Organization",
        id,
        active: true,
        name,
        part_of,
    };
    let mut all = vec![organization(CLINIC.0.to_owned(), CLINIC.1, None)];
    all.extend(SITES.iter().map(|site| {
        organization(site.id.to_owned(), site.name, Some(to("Organization", CLINIC.0, CLINIC.1)))
    }));
    all.extend(PAYERS.iter().map(|payer| organization(Payer(payer.0).id(), payer.2, None)));
    all
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    resource_type: &'static str,
    id: &'static str,
    status: &'static str,
    name: &'static str,
    address: SiteAddress,
    managing_organization: ToPlace,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SiteAddress {
    line: [&'static str; 1],
    city: &'static str,
    state: &'static str,
    postal_code: &'static str,
    country: &'static str,
}

/// The sites.
pub(crate) fn locations() -> impl Iterator<Item = impl Serialize> {
    SITES.iter().map(|site: &Site| Location {
        resource_type: "Location",
        id: site.id,
        status: "active",
        name: site.name,
        address: SiteAddress {
            line: [site.line],
            city: site.city,
            state: site.state,
            postal_code: site.zip,
            country: "US",
        },
        managing_organization: to("Organization", site.id, site.name),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Practitioner {
    resource_type: &'static str,
    id: &'static str,
    active: bool,
    identifier: [StaffNumber; 1],
    name: [StaffName; 1],
}

#[derive(Serialize)]
struct StaffNumber {
    system: &'static str,
    value: &'static str,
}

#[derive(Serialize)]
struct StaffName {
    text: &'static str,
    family: &'static str,
    given: [&'static str; 1],
    prefix: [&'static str; 1],
}

/// The people who see patients.
pub(crate) fn practitioners() -> impl Iterator<Item = impl Serialize> {
    CLINICIANS.iter().map(|who: &Clinician| Practitioner {
        resource_type: "Practitioner",
        id: who.id,
        active: true,
        identifier: [StaffNumber { system: "urn:example:clinic:staff", value: who.id }],
        name: [StaffName { text: who.name, family: who.family, given: [who.given], prefix: [who.prefix] }],
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Coverage<'a> {
    resource_type: &'static str,
    id: Id,
    status: &'static str,
    r#type: Type<'a>,
    beneficiary: ToPatient,
    payor: [Reference<'static, Payer>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<[Class<'a>; 1]>,
}

#[derive(Serialize)]
struct Type<'a> {
    coding: Vec<Coding<'a>>,
    text: &'a str,
}

#[derive(Serialize)]
struct Class<'a> {
    r#type: Concept<'a>,
    value: &'a str,
    name: &'a str,
}

struct Payer(&'static str);

impl Payer {
    fn id(&self) -> String {
        format!("payer-{}", self.0.replace('_', "-"))
    }
}

impl Display for Payer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Organization/{}", self.id())
    }
}

/// Who pays.
pub(crate) fn coverage(person: &Person) -> Option<impl Serialize> {
    const TYPOLOGY: &str = "https://nahdo.org/sopt";
    const SELF_PAY: &str = "http://terminology.hl7.org/CodeSystem/coverage-selfpay";
    let (kind, code, words, _) = PAYERS.get(person.payer)?;
    let coding = Coding { system: TYPOLOGY, code, display: Some(words) };
    let by_self = Coding { system: SELF_PAY, code: "pay", display: Some("Pay") };
    Some(Coverage {
        resource_type: "Coverage",
        id: Id { prefix: "cov", patient: person.index, number: 0 },
        status: "active",
        r#type: Type {
            coding: if *kind == "self_pay" { vec![by_self, coding] } else { vec![coding] },
            text: words,
        },
        beneficiary: ToPatient(person.index),
        payor: [Reference { reference: Shown(Payer(kind)), display: Some(words) }],
        class: person.plan.map(|plan| {
            const CLASS: &str = "http://terminology.hl7.org/CodeSystem/coverage-class";
            [Class { r#type: Concept::status(CLASS, "plan"), value: plan, name: plan }]
        }),
    })
}
