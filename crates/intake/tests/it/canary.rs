//! No reason, warning, report or `Debug` output carries anything that stood in a row. Canaries are planted in every
//! field, good and bad, and looked for in all that is not sealed.

use crate::reading::*;
use discreet_intake::*;

const CANARY: &str = "ZzCanary";

/// All an import shows without being asked for sealed parts.
fn shown_of(seen: &Seen) -> String {
    let mut all = format!("{:?} {:#?} {:?}", seen.items, seen.items, seen.report);
    for text in seen.rejected().into_iter().chain(seen.warnings()).chain(seen.problems()) {
        all.push_str(&text);
    }
    all.push_str(&serde_json::to_string(&seen.report).unwrap());
    all
}

fn holds_no_canary(seen: &Seen, of: &str) {
    assert!(!shown_of(seen).to_lowercase().contains(&CANARY.to_lowercase()), "{of}");
}

/// Members of resources that texts, lists and objects are tried in.
const MEMBERS: [&str; 60] = [
    "id",
    "meta",
    "text",
    "extension",
    "modifierExtension",
    "implicitRules",
    "contained",
    "identifier",
    "active",
    "name",
    "telecom",
    "gender",
    "birthDate",
    "deceasedBoolean",
    "deceasedDateTime",
    "address",
    "maritalStatus",
    "communication",
    "generalPractitioner",
    "managingOrganization",
    "link",
    "status",
    "intent",
    "code",
    "subject",
    "patient",
    "beneficiary",
    "vaccineCode",
    "category",
    "clinicalStatus",
    "verificationStatus",
    "onsetDateTime",
    "abatementDateTime",
    "recordedDate",
    "authoredOn",
    "medicationCodeableConcept",
    "medicationReference",
    "performedDateTime",
    "performedPeriod",
    "occurrenceDateTime",
    "effectiveDateTime",
    "issued",
    "valueQuantity",
    "valueString",
    "valueInteger",
    "valueCodeableConcept",
    "component",
    "class",
    "type",
    "serviceType",
    "period",
    "participant",
    "reasonCode",
    "location",
    "serviceProvider",
    "start",
    "end",
    "appointmentType",
    "payor",
    "entry",
];

const TYPES: [&str; 14] = [
    "Patient",
    "Appointment",
    "Encounter",
    "Condition",
    "MedicationRequest",
    "Procedure",
    "Immunization",
    "Observation",
    "AllergyIntolerance",
    "CarePlan",
    "Coverage",
    "Bundle",
    "DocumentReference",
    "Practitioner",
];

#[test]
fn fhir_resources_full_of_canaries() {
    let c = CANARY;
    let coded = format!(r#"{{"coding":[{{"system":"{c}","code":"{c}","display":"{c}"}}],"text":"{c}"}}"#);
    let good = format!(
        r#""id":"{c}","meta":{{"lastUpdated":"{c}","security":[{{"code":"{c}","display":"{c}"}}]}},"identifier":[{{"system":"{c}","value":"{c}"}}],
        "name":[{{"family":"{c}","given":["{c}"],"text":"{c}"}}],"telecom":[{{"system":"email","value":"{c}@example.org"}},{{"system":"email","value":"{c}"}},{{"system":"phone","value":"{c}"}}],
        "address":[{{"line":["{c}"],"city":"{c}","state":"{c}","postalCode":"{c}","country":"{c}"}}],"gender":"{c}","birthDate":"{c}","maritalStatus":{coded},
        "communication":[{{"language":{coded}}}],"generalPractitioner":[{{"display":"{c}"}}],"link":[{{"type":"replaced-by","other":{{"display":"{c}"}}}}],
        "subject":{{"reference":"Patient/{c}","display":"{c}"}},"patient":{{"reference":"Patient/{c}"}},"beneficiary":{{"reference":"Patient/{c}"}},
        "code":{coded},"vaccineCode":{coded},"medicationCodeableConcept":{coded},"category":[{coded}],"onsetDateTime":"{c}","recordedDate":"{c}","authoredOn":"{c}",
        "effectiveDateTime":"2026","valueString":"{c}","component":[{{"code":{coded},"valueQuantity":{{"value":"{c}"}}}}],"serviceType":[{coded}],
        "period":{{"start":"2026","end":"{c}"}},"reasonCode":[{coded}],"payor":[{{"display":"{c}"}}],"start":"2026","participant":[{{"actor":{{"reference":"Patient/{c}","display":"{c}"}}}}],
        "class":{{"code":"{c}"}},"type":[{coded}],"performedPeriod":{{"start":"{c}"}},"occurrenceDateTime":"{c}""#
    )
    .replace('\n', "");
    for kind in TYPES {
        for status in ["final", "completed", "active", "booked", "finished", "entered-in-error", c] {
            let json = format!(r#"{{"resourceType":"{kind}","status":"{status}","intent":"order",{good}}}"#);
            holds_no_canary(&ndjson(&json), &json);
        }
    }
}

#[test]
fn canaries_of_every_type_in_every_member() {
    let c = CANARY;
    let junk = [
        format!(r#""{c}""#),
        format!(r#"["{c}"]"#),
        format!(r#"{{"{c}":"{c}"}}"#),
        format!(
            r#"{{"reference":"{c}/{c}?{c}","coding":["{c}"],"value":"{c}","start":"{c}","text":["{c}"]}}"#
        ),
    ];
    for kind in TYPES {
        for member in MEMBERS {
            for junk in &junk {
                let json = format!(r#"{{"resourceType":"{kind}","{member}":{junk},"{c}":"{c}"}}"#);
                holds_no_canary(&ndjson(&json), &json);
                holds_no_canary(&super::reading::json(&json), &json);
            }
        }
    }
    for line in [c.to_owned(), format!(r#"{{"resourceType":"{c}"}}"#), format!("{{{c}"), format!("[\"{c}\"]")]
    {
        holds_no_canary(&ndjson(&line), &line);
    }
}

#[test]
fn csv_cells_full_of_canaries() {
    for spec in &KINDS {
        let columns: Vec<&str> = spec.columns().collect();
        let header = columns.join(",");
        let cells =
            |cell: &dyn Fn(&str) -> String| columns.iter().map(|c| cell(c)).collect::<Vec<_>>().join(",");
        let good = cells(&|column| match column {
            "time" | "birth_date" | "onset" | "start" | "date" => "2026-01-01".to_owned(),
            "status" => "active".to_owned(),
            "channel" => "email".to_owned(),
            "action" => "granted".to_owned(),
            "kind" => "portal_login".to_owned(),
            "deceased" | "active" | "restricted" | "deleted" => "no".to_owned(),
            _ => CANARY.to_owned(),
        });
        let bad = cells(&|_| CANARY.to_owned());
        let file = format!("{}.csv", spec.name);
        let text = format!("{header}\n{good}\n{bad}\n{good},{bad}\n\"{bad}\n{CANARY}\n");
        holds_no_canary(&csv(&file, &text), &file);
        holds_no_canary(&csv(&file, &format!("{bad}\n{good}\n")), &file); // data in place of a header
    }
    let mut options = options();
    options.mapping = Mapping::named("synthea");
    for file in ["patients.csv", "encounters.csv", "payer_transitions.csv"] {
        let text = format!("{CANARY},{CANARY}\n{CANARY},{CANARY}\n");
        holds_no_canary(&read_bytes(file, Format::Csv, text.as_bytes(), &options), file);
    }
}

#[test]
fn names_of_files_are_not_shown_where_they_name_people() {
    let seen = read_bytes(&format!("{CANARY}.json"), Format::Json, b"{", &options());
    holds_no_canary(&seen, "file name");
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(CANARY)).unwrap();
    for name in [
        format!("{CANARY}.json"),
        format!("{CANARY}.json.gz"),
        format!("{CANARY}/{CANARY}.json"),
        format!("{CANARY} 2"),
    ] {
        std::fs::write(folder.path().join(name), "x").unwrap();
    }
    holds_no_canary(&read_path(folder.path(), &options()), "file names");
    assert!(!format!("{:?}", Source::at(CANARY)).contains(CANARY));
}
