//! FHIR R4 resources → records. A resource says its type itself; file names say nothing.

mod allergy_intolerance;
mod appointment;
pub(crate) mod bundle;
mod care_plan;
mod condition;
mod coverage;
mod elements;
mod encounter;
mod immunization;
mod lax;
mod lookup;
mod medication_request;
mod observation;
mod patient;
mod patient_identity;
mod procedure;
mod reference;
mod row;
mod skipped;
mod types;

pub(crate) use patient_identity::looks_like_ssn;
pub(crate) use row::{Verdict, system_of};

use crate::desk::Desk;
use crate::reason::Reason;
use crate::record::Place;
use elements::Resource;
use lax::{Lax, Text};
use reference::BundleIndex;
use row::{Mapped, Row};
use serde::Deserialize;
use std::borrow::Cow;

/// What a resource turned out to be.
pub(crate) enum Outcome {
    /// Mapped, or skipped for what is said.
    Row(Verdict),
    /// A Bundle, to be read entry by entry.
    Bundle,
}

/// What the Bundle around a resource says of it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Within<'b> {
    pub full_url: &'b str,
    pub index: Option<&'b BundleIndex>,
    /// The Bundle's own labels restrict.
    pub restricted: bool,
}

/// Reads one resource.
pub(crate) fn resource(
    desk: &mut Desk<'_>,
    json: &str,
    place: Place,
    within: Within<'_>,
) -> Result<Outcome, Reason> {
    let Some(kind) = resource_type(json)? else {
        return match within.index {
            Some(_) => Err(Reason::NoResourceType),
            None => Ok(Outcome::Row(Verdict::Skipped("without resourceType"))),
        };
    };
    if kind == "Bundle" {
        return Ok(Outcome::Bundle);
    }
    let mut row = Row {
        desk,
        index: within.index,
        place,
        external: reference::urn(within.full_url).filter(|id| reference::is_id(id)).map(str::to_owned),
        updated: None,
        restricted: false,
        bundle_restricted: within.restricted,
    };
    let row = &mut row;
    let mapped = match &*kind {
        "Patient" => take::<patient::Patient<'_>>(json, row),
        "Appointment" => take::<appointment::Appointment<'_>>(json, row),
        "Encounter" => take::<encounter::Encounter<'_>>(json, row),
        "Condition" => take::<condition::Condition<'_>>(json, row),
        "MedicationRequest" => take::<medication_request::MedicationRequest<'_>>(json, row),
        "Procedure" => take::<procedure::Procedure<'_>>(json, row),
        "Immunization" => take::<immunization::Immunization<'_>>(json, row),
        "Observation" => take::<observation::Observation<'_>>(json, row),
        "AllergyIntolerance" => take::<allergy_intolerance::AllergyIntolerance<'_>>(json, row),
        "CarePlan" => take::<care_plan::CarePlan<'_>>(json, row),
        "Coverage" => take::<coverage::Coverage<'_>>(json, row),
        other if lookup::is_lookup(other) => {
            lookup::remember(other, json, within.full_url, row);
            Ok(Verdict::Skipped(types::counted_as(other)))
        }
        other => skipped::check(other, json).map(|()| Verdict::Skipped(types::counted_as(other))),
    };
    mapped.map(Outcome::Row)
}

fn take<'a, R: Resource<'a>>(json: &'a str, row: &mut Row<'_, '_>) -> Mapped {
    let resource: R = serde_json::from_str(json).map_err(|_| Reason::NotJson)?;
    row.begin(&resource.head())?;
    resource.map(row)
}

/// Kinds of facts by resource type, for deletions that name a resource and nothing else.
pub(crate) fn fact_kind(resource_type: &str) -> Option<&'static str> {
    Some(match resource_type {
        "Appointment" => appointment::Appointment::KIND,
        "Encounter" => encounter::Encounter::KIND,
        "Condition" => condition::Condition::KIND,
        "MedicationRequest" => medication_request::MedicationRequest::KIND,
        "Procedure" => procedure::Procedure::KIND,
        "Immunization" => immunization::Immunization::KIND,
        "Observation" => observation::Observation::KIND,
        "AllergyIntolerance" => allergy_intolerance::AllergyIntolerance::KIND,
        "CarePlan" => care_plan::CarePlan::KIND,
        _ => return None,
    })
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Typed<'a> {
    #[serde(borrow)]
    resource_type: Lax<Text<'a>>,
    #[serde(borrow)]
    id: Lax<Text<'a>>,
}

/// The type of a resource; none if it states none.
fn resource_type(json: &str) -> Result<Option<Cow<'_, str>>, Reason> {
    if let Some(kind) = leading_type(json) {
        return Ok(Some(Cow::Borrowed(kind)));
    }
    // Structs can be read from lists, too; a resource is none.
    if !json.trim_start().starts_with('{') {
        let is_json = serde_json::from_str::<serde::de::IgnoredAny>(json).is_ok();
        return Err(if is_json { Reason::NotAnObject } else { Reason::NotJson });
    }
    match serde_json::from_str::<Typed<'_>>(json).map_err(|_| Reason::NotJson)?.resource_type {
        Lax::Good(kind) => Ok(Some(kind.0)),
        Lax::Absent => Ok(None),
        Lax::Bad => Err(Reason::NoResourceType),
    }
}

/// The type where it is the first member, as nearly all servers write it: saves reading the line twice.
fn leading_type(json: &str) -> Option<&str> {
    let rest = json.trim_start().strip_prefix('{')?.trim_start().strip_prefix("\"resourceType\"")?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let (kind, _) = rest.split_once('"')?;
    kind.bytes().all(|b| b.is_ascii_alphabetic()).then_some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_from_the_resource() {
        let of = |json| resource_type(json).map(|kind| kind.map(Cow::into_owned));
        assert_eq!(of(r#" { "resourceType" : "Patient" }"#), Ok(Some("Patient".to_owned())));
        assert_eq!(of(r#"{"id": "1", "resourceType": "Patient"}"#), Ok(Some("Patient".to_owned())));
        assert_eq!(of(r#"{"id": "1", "resourceType": "Pat\u0069ent"}"#), Ok(Some("Patient".to_owned())));
        assert_eq!(of(r#"{"id": "1"}"#), Ok(None));
        assert_eq!(of(r#"{"resourceType": 1}"#), Err(Reason::NoResourceType));
        assert_eq!(of("[1]"), Err(Reason::NotAnObject));
        assert_eq!(of("7"), Err(Reason::NotAnObject));
        assert_eq!(of("{"), Err(Reason::NotJson));
        assert_eq!(of(""), Err(Reason::NotJson));
    }
}
