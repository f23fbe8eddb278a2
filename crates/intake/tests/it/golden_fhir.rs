//! The FHIR sample sets, against a second reading that shares no code with the first: plain `serde_json::Value`s and
//! counting.

use crate::reading::*;
use discreet_domain::CodeStatus;
use discreet_intake::*;
use flate2::read::GzDecoder;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

type Counts = BTreeMap<&'static str, u64>;

/// Every JSON value of a folder's files, line by line or whole; entries of Bundles one by one.
fn resources(folder: &Path) -> Vec<Value> {
    let mut all = Vec::new();
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        let mut text = String::new();
        match path.extension().and_then(|e| e.to_str()) {
            Some("gz") => {
                GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
            }
            _ => text = String::from_utf8(bytes).unwrap(),
        }
        for value in serde_json::Deserializer::from_str(&text).into_iter::<Value>() {
            let value = value.unwrap();
            match value["entry"].as_array() {
                Some(entries) => all.extend(entries.iter().map(|e| e["resource"].clone())),
                None => all.push(value),
            }
        }
    }
    all
}

fn code_of(concept: &Value) -> Option<&str> {
    concept["coding"][0]["code"].as_str()
}

/// What each resource should become, by the mapping table alone.
fn expected(resources: &[Value]) -> Counts {
    let mut counts = Counts::new();
    let mut add = |kind, n: usize| {
        if n > 0 {
            *counts.entry(kind).or_default() += n as u64;
        }
    };
    for r in resources {
        let status = r["status"].as_str().unwrap_or("");
        match r["resourceType"].as_str().unwrap_or("") {
            "Patient" => add("patient", 1),
            "Condition" => match code_of(&r["verificationStatus"]) {
                Some("refuted" | "entered-in-error") => add("delete", 1),
                _ => add("condition", 1),
            },
            "AllergyIntolerance" => match code_of(&r["verificationStatus"]) {
                Some("refuted" | "entered-in-error") => add("delete", 1),
                _ => add("allergy", 1),
            },
            "MedicationRequest" if matches!(r["intent"].as_str(), Some("order" | "plan")) => {
                add("medication", 1)
            }
            "Procedure" => add(if status == "completed" { "procedure" } else { "delete" }, 1),
            "Immunization" => add(if status == "completed" { "immunization" } else { "delete" }, 1),
            "Encounter" => add("encounter", 1),
            "Appointment" => add("appointment", 1),
            "Observation" if matches!(status, "final" | "amended" | "corrected") => {
                add("observation", 1 + r["component"].as_array().map_or(0, Vec::len));
            }
            "CarePlan" => add("care_plan", 1),
            "Coverage" => add("attribute", 2),
            _ => {}
        }
    }
    counts
}

fn records(report: &Report) -> BTreeMap<&str, u64> {
    report.records.iter().map(|(k, v)| (k.as_str(), *v)).collect()
}

fn of_type<'v>(resources: &'v [Value], kind: &str) -> Vec<&'v Value> {
    resources.iter().filter(|r| r["resourceType"] == kind).collect()
}

/// Subjects of records are patients of the set; ids of facts are all different.
fn holds_together(seen: &Seen, resources: &[Value]) {
    let patients: BTreeSet<&str> =
        of_type(resources, "Patient").iter().map(|p| p["id"].as_str().unwrap()).collect();
    let mut facts = BTreeSet::new();
    for record in seen.records() {
        assert!(patients.contains(record.subject.value.as_str()));
        assert_eq!(record.subject.source, "ehr");
        let id = match &record.what {
            Incoming::Code(fact) => fact.id,
            Incoming::Event(fact) => fact.id,
            _ => continue,
        };
        assert!(facts.insert(id), "{:?}", record.place);
    }
}

#[test]
fn bulk_export_of_synthea() {
    let Some(set) = samples("bulk-fhir-10-patients") else { return };
    let all = resources(&set);
    let seen = read_path(&set, &options());
    assert_eq!(records(&seen.report), expected(&all));
    assert_eq!(seen.rejected(), Vec::<String>::new());
    assert_eq!(seen.report.records_of("patient"), 13);
    assert_eq!(seen.report.records_of("condition"), 555);
    assert_eq!(seen.report.skipped["without resourceType"], 4); // log.ndjson
    holds_together(&seen, &all);

    let dead = of_type(&all, "Patient").iter().filter(|p| !p["deceasedDateTime"].is_null()).count();
    assert_eq!(seen.patients().iter().filter(|p| p.deceased).count(), dead);
    assert_eq!(dead, 3);
    let active = |kind: &str, member: &str, is: &dyn Fn(&Value) -> bool| {
        of_type(&all, kind).iter().filter(|r| is(&r[member])).count()
    };
    let held =
        |kind| seen.codes().iter().filter(|c| c.kind == kind && c.status == CodeStatus::Active).count();
    assert_eq!(
        held(discreet_domain::CodeKind::Condition),
        active("Condition", "clinicalStatus", &|s| code_of(s) == Some("active"))
    );
    assert_eq!(
        held(discreet_domain::CodeKind::Medication),
        active("MedicationRequest", "status", &|s| s == "active")
    );
    for patient in seen.patients() {
        assert_eq!(patient.attribute("state").as_deref(), Some("KS"));
        assert!(patient.identity.emails.is_empty());
        let sources: Vec<&str> = patient.identity.identifiers.iter().map(|i| i.source.as_str()).collect();
        assert_eq!(sources, ["ehr", "http://hospital.smarthealthit.org"]);
    }
    // Encounters name who and where in displays of conditional references.
    assert!(seen.events().iter().all(|e| e.field("site").is_some() && e.field("provider").is_some()));
}

#[test]
fn ndjson_of_pysynthea() {
    let Some(set) = samples("pysynthea-ma-12") else { return };
    let all = resources(&set.join("ndjson"));
    let seen = read_path(set.join("ndjson"), &options());
    assert_eq!(records(&seen.report), expected(&all));
    assert_eq!(seen.rejected(), Vec::<String>::new());
    holds_together(&seen, &all);
    let emails: BTreeSet<String> = of_type(&all, "Patient")
        .iter()
        .flat_map(|p| p["telecom"].as_array().unwrap())
        .filter(|t| t["system"] == "email")
        .map(|t| t["value"].as_str().unwrap().to_owned())
        // The generator gives a patient with two first names an address with a space in it.
        .filter(|address| !address.contains(' '))
        .collect();
    assert_eq!(emails.len(), 11);
    assert_eq!(seen.warnings(), ["email address dropped: not an address"]);
    let read: BTreeSet<String> = seen.patients().iter().flat_map(|p| p.identity.emails.clone()).collect();
    assert_eq!(read, emails);
    assert!(seen.patients().iter().all(|p| p.attribute("state").as_deref() == Some("MA")));
    // Numbers come out as they stand.
    let sum = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>();
    let theirs = sum(&mut of_type(&all, "Observation").iter().flat_map(|o| {
        let parts = o["component"].as_array().cloned().unwrap_or_default();
        std::iter::once((*o).clone()).chain(parts).filter_map(|o| o["valueQuantity"]["value"].as_f64())
    }));
    let ours = sum(&mut seen.events().iter().filter_map(|e| match e.field("value") {
        Some(discreet_domain::Value::Number(n)) => Some(*n),
        _ => None,
    }));
    assert!((theirs - ours).abs() < 1e-6 * theirs, "{theirs} {ours}");
    // Practitioners and organizations come in files of their own; references to them are resolved.
    let encounters = || seen.events().into_iter().filter(|e| e.kind == "encounter");
    assert!(encounters().all(|e| e.field("site").is_some() && e.field("provider").is_some()));
}

#[test]
fn bundles_of_pysynthea_say_the_same_as_its_ndjson() {
    let Some(set) = samples("pysynthea-ma-12") else { return };
    let all = resources(&set.join("bundles"));
    let seen = read_path(set.join("bundles"), &options());
    assert_eq!(records(&seen.report), expected(&all));
    assert_eq!(seen.rejected(), Vec::<String>::new());
    holds_together(&seen, &all);
    // The files are named after the patients; what may be shown is not.
    assert!(seen.report.files.iter().all(|f| f.shown.starts_with("file ")));
    let whole = read_path(set.join("ndjson"), &options());
    let known: BTreeMap<_, _> = whole
        .records()
        .into_iter()
        .filter_map(|r| match &r.what {
            Incoming::Code(c) => Some((c.id, r)),
            Incoming::Event(e) => Some((e.id, r)),
            _ => None,
        })
        .collect();
    for record in seen.records() {
        let id = match &record.what {
            Incoming::Code(c) => c.id,
            Incoming::Event(e) => e.id,
            _ => continue,
        };
        if record.what.kind() == "care_plan" {
            continue; // the NDJSON of this set has no care plans
        }
        let same = known[&id];
        assert!(same.what == record.what && same.subject == record.subject);
    }
}

#[test]
fn examples_of_us_core() {
    let Some(set) = samples("us-core-examples") else { return };
    let seen = read_path(&set, &options());
    // The care plan has no category, which US Core asks for: it says nothing that could be segmented by.
    assert_eq!(seen.rejected(), ["`category` is missing"]);
    let expect = [
        ("attribute", 2),
        ("condition", 1),
        ("encounter", 1),
        ("immunization", 1),
        ("medication", 1),
        ("observation", 3),
        ("patient", 2),
    ];
    assert_eq!(records(&seen.report), BTreeMap::from(expect));
    let amy = seen.patients().into_iter().find(|p| !p.identity.emails.is_empty()).unwrap();
    assert_eq!(amy.identity.name.family, "Baxter");
    assert_eq!(amy.identity.name.given, ["Amy", "V."]);
    assert_eq!(amy.identity.emails, ["amy.shaw@example.com"]);
    assert_eq!(amy.identity.address.lines, ["183 MOUNTAIN VIEW ST"]);
    let attributes = ["sex", "race", "ethnicity", "language", "state", "zip", "birth_date", "country"];
    let shown: Vec<_> = attributes.iter().map(|a| amy.attribute(a).unwrap()).collect();
    assert_eq!(shown, ["female", "two or more races", "hispanic", "es", "OK", "74048", "1987-02-20", "US"]);
    // Its type is "PPO of a local government", by the Source of Payment Typology.
    let parts: Vec<String> = seen.attributes().iter().map(|a| shown_part(a)).collect();
    assert_eq!(parts, ["payer other since 2020-01-01", "plan Acme Gold Plan since 2020-01-01"]);
}

fn shown_part(part: &AttributePart) -> String {
    let value = part.value.as_ref().map(shown).unwrap_or_default();
    format!("{} {value} since {}", part.name, part.since.unwrap())
}
