//! Small sample files, to try an import with and to compare one's own with. Nobody in them exists.

use crate::staff::error::{Result, StaffError};
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

macro_rules! sample {
    ($name:literal, $what:literal) => {
        ($name, $what, include_str!(concat!("../../../assets/samples/", $name)))
    };
}

/// Name, what it shows, content.
pub(super) const SAMPLES: [(&str, &str, &str); 5] = [
    sample!("patients.csv", "Who patients are and how to reach them"),
    sample!("conditions.csv", "Coded conditions; medications and others look alike"),
    sample!("appointments.csv", "Visits, past and planned"),
    sample!("consents.csv", "Opt-ins and opt-outs, each with its time"),
    sample!("bundle.json", "A FHIR R4 Bundle"),
];

pub(crate) async fn serve(Path(name): Path<String>) -> Result<Response> {
    let found = SAMPLES.iter().find(|(known, ..)| *known == name);
    let (name, _, text) = found.ok_or(StaffError::Missing("sample"))?;
    let kind = if name.ends_with(".json") { "application/fhir+json" } else { "text/csv; charset=utf-8" };
    let told =
        [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))];
    Ok((told, *text).into_response())
}
