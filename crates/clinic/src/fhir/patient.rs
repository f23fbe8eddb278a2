//! `Patient`, in the shape of US Core: <https://hl7.org/fhir/R4/patient.html>.

use super::types::{Coding, Concept, Shown, ToPatient, ToPlace, to};
use crate::model::{Fate, Guardian, Person, Tie};
use crate::plan::{mrn, patient_id};
use crate::tables::staff::{CLINICIANS, SITES};
use discreet_domain::Day;
use serde::Serialize;
use std::borrow::Cow;
use std::fmt::{self, Display};

const US_CORE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/";
const RACE_SYSTEM: &str = "urn:oid:2.16.840.1.113883.6.238";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Patient<'a> {
    resource_type: &'static str,
    id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extension: Vec<Extension>,
    identifier: [Identifier<'a>; 1],
    active: bool,
    name: Vec<Name<'a>>,
    telecom: Vec<Telecom<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gender: Option<&'a str>,
    birth_date: Shown<Birth>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deceased_boolean: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deceased_date_time: Option<Shown<Day>>,
    address: [Address<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    marital_status: Option<Concept<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<[Contact<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    communication: Option<[Communication<'a>; 1]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    general_practitioner: Vec<ToPlace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    managing_organization: Option<ToPlace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<[Link; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Extension {
    url: String,
    extension: (Part, Part),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    url: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_coding: Option<Coding<'static>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_string: Option<&'static str>,
}

#[derive(Serialize)]
struct Identifier<'a> {
    r#use: &'static str,
    r#type: Concept<'a>,
    system: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Name<'a> {
    r#use: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    family: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given: Option<[&'a str; 1]>,
}

#[derive(Serialize)]
struct Telecom<'a> {
    system: &'static str,
    value: Cow<'a, str>,
    r#use: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Address<'a> {
    r#use: &'static str,
    line: Vec<String>,
    city: &'a str,
    district: &'a str,
    state: &'a str,
    postal_code: &'a str,
    country: &'static str,
}

#[derive(Serialize)]
struct Contact<'a> {
    relationship: [Concept<'a>; 1],
    name: Name<'a>,
}

#[derive(Serialize)]
struct Communication<'a> {
    language: Concept<'a>,
    preferred: bool,
}

#[derive(Serialize)]
struct Link {
    other: ToPatient,
    r#type: &'static str,
}

struct Birth {
    day: Day,
    month_only: bool,
}

impl Display for Birth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, _) = self.day.ymd();
        if self.month_only { write!(f, "{year:04}-{month:02}") } else { self.day.fmt(f) }
    }
}

/// The resource; `replaces` names a record that was merged into this one.
pub(crate) fn patient(person: &Person, replaces: Option<u32>) -> impl Serialize + '_ {
    let clinician = CLINICIANS.get(person.clinician);
    let site = SITES.get(person.clinician / 2);
    Patient {
        resource_type: "Patient",
        id: patient_id(person.index),
        extension: extensions(person),
        identifier: [Identifier {
            r#use: "usual",
            r#type: Concept::status("http://terminology.hl7.org/CodeSystem/v2-0203", "MR"),
            system: "urn:example:clinic:mrn",
            value: mrn(person.index),
        }],
        active: !person.is_merged() && !matches!(person.fate, Fate::Left(_)),
        name: names(person),
        telecom: telecom(person),
        gender: person.gender,
        birth_date: Shown(Birth { day: person.born, month_only: person.birth_month_only }),
        deceased_boolean: matches!(person.fate, Fate::Died { dated: false, .. }).then_some(true),
        deceased_date_time: match person.fate {
            Fate::Died { on, dated: true } => Some(Shown(on)),
            _ => None,
        },
        address: [address(person)],
        marital_status: person
            .marital
            .map(|code| Concept::status("http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", code)),
        contact: person.guardian.as_ref().map(|guardian| [contact(guardian)]),
        communication: person.language.map(|tag| {
            [Communication { language: Concept::status("urn:ietf:bcp:47", tag), preferred: true }]
        }),
        general_practitioner: clinician.map(|c| to("Practitioner", c.id, c.name)).into_iter().collect(),
        managing_organization: site.map(|s| to("Organization", s.id, s.name)),
        link: link(person, replaces).map(|link| [link]),
    }
}

fn link(person: &Person, replaces: Option<u32>) -> Option<Link> {
    match (person.tie, replaces) {
        (Tie::MergedInto(other), _) => Some(Link { other: ToPatient(other), r#type: "replaced-by" }),
        (_, Some(other)) => Some(Link { other: ToPatient(other), r#type: "replaces" }),
        _ => None,
    }
}

fn extensions(person: &Person) -> Vec<Extension> {
    let nested = |name: &str, code: &'static str, words: &'static str| Extension {
        url: format!("{US_CORE}us-core-{name}"),
        extension: (
            Part {
                url: "ombCategory",
                value_coding: Some(Coding { system: RACE_SYSTEM, code, display: Some(words) }),
                value_string: None,
            },
            Part { url: "text", value_coding: None, value_string: Some(words) },
        ),
    };
    let mut all = Vec::new();
    if person.race_told {
        let (code, words) = person.origin.race;
        all.push(nested("race", code, words));
        let (code, words) = match person.origin.hispanic {
            true => ("2135-2", "Hispanic or Latino"),
            false => ("2186-5", "Not Hispanic or Latino"),
        };
        all.push(nested("ethnicity", code, words));
    }
    all
}

fn names(person: &Person) -> Vec<Name<'_>> {
    let name = |r#use, family, given: Option<&'static str>| Name { r#use, family, given: given.map(|g| [g]) };
    let mut all = vec![name("official", Some(person.family), Some(person.given))];
    all.extend(person.preferred.map(|called| name("nickname", None, Some(called))));
    all.extend(person.former_family.map(|family| name("maiden", Some(family), Some(person.given))));
    all
}

fn telecom(person: &Person) -> Vec<Telecom<'_>> {
    let phone = format!("{}-555-01{:02}", person.home.town.area, person.home.line);
    fn email<'a>(text: &'a str, r#use: &'static str) -> Telecom<'a> {
        Telecom { system: "email", value: Cow::Borrowed(text), r#use }
    }
    let mut all = vec![Telecom { system: "phone", value: Cow::Owned(phone), r#use: "mobile" }];
    all.extend(person.old_email.as_deref().map(|text| email(text, "old")));
    all.extend(person.email.as_deref().map(|text| email(text, "home")));
    all
}

fn address(person: &Person) -> Address<'_> {
    let home = &person.home;
    let mut line = vec![format!("{} {}", home.number, home.street)];
    line.extend(home.apartment.map(|n| format!("Apt {n}")));
    Address {
        r#use: "home",
        line,
        city: home.town.city,
        district: home.town.county,
        state: home.town.state,
        postal_code: home.town.zip,
        country: "US",
    }
}

fn contact(guardian: &Guardian) -> Contact<'_> {
    let (code, display) = if guardian.mother { ("MTH", "mother") } else { ("FTH", "father") };
    Contact {
        relationship: [Concept::new("http://terminology.hl7.org/CodeSystem/v3-RoleCode", code, display)],
        name: Name { r#use: "usual", family: Some(guardian.family), given: Some([guardian.given]) },
    }
}
