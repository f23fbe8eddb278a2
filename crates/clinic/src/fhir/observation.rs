//! `Observation`: <https://hl7.org/fhir/R4/observation.html>.

use super::systems::{LOINC, SNOMED};
use super::types::{Concept, Id, Shown, ToPatient};
use crate::model::{Finding, Reading};
use discreet_domain::Timestamp;
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Observation<'a> {
    resource_type: &'static str,
    id: Id,
    status: &'static str,
    category: [Concept<'a>; 1],
    code: Concept<'a>,
    subject: ToPatient,
    effective_date_time: Shown<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_quantity: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_codeable_concept: Option<Concept<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    component: Option<[Component<'a>; 2]>,
}

#[derive(Serialize)]
struct Quantity {
    value: f64,
    unit: &'static str,
    system: &'static str,
    code: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Component<'a> {
    code: Concept<'a>,
    value_quantity: Quantity,
}

/// A result or measurement.
pub(crate) fn observation(patient: u32, number: usize, reading: &Reading) -> impl Serialize {
    const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
    let measure = reading.measure;
    let quantity = |value| Quantity {
        value,
        unit: measure.unit,
        system: "http://unitsofmeasure.org",
        code: measure.unit,
    };
    let component = |code, words, value: i32| Component {
        code: Concept::new(LOINC, code, words),
        value_quantity: quantity(f64::from(value)),
    };
    let (mut number_found, mut words_found, mut parts) = (None, None, None);
    match reading.finding {
        Finding::Tenths(tenths) => number_found = Some(quantity(f64::from(tenths) / 10.0)),
        Finding::Smoking(code, words) => words_found = Some(Concept::new(SNOMED, code, words)),
        Finding::Pressure(systolic, diastolic) => {
            parts = Some([
                component("8480-6", "Systolic blood pressure", systolic),
                component("8462-4", "Diastolic blood pressure", diastolic),
            ]);
        }
    }
    Observation {
        resource_type: "Observation",
        id: Id { prefix: "obs", patient, number },
        status: "final",
        category: [Concept::status(CATEGORY, measure.category)],
        code: Concept::new(LOINC, measure.code, measure.words),
        subject: ToPatient(patient),
        effective_date_time: Shown(reading.at),
        value_quantity: number_found,
        value_codeable_concept: words_found,
        component: parts,
    }
}
