//! Data that nobody here wrote, through the program, against a second reading with `serde_json` and `csv` alone.

use crate::installation::{Installation, samples};
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

type Row = BTreeMap<String, String>;

/// Every resource of a folder of NDJSON, plain or gzipped.
fn resources(folder: &Path) -> Vec<Value> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let mut text = String::new();
        if path.extension().is_some_and(|e| e == "gz") {
            GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
        } else {
            text = String::from_utf8(bytes).unwrap();
        }
        all.extend(text.lines().filter(|l| !l.is_empty()).map(|l| serde_json::from_str::<Value>(l).unwrap()));
    }
    all
}

/// What each resource becomes by docs/import.md, counted.
fn facts_of(resources: &[Value]) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    for r in resources {
        let status = r["status"].as_str().unwrap_or_default();
        let unverified = matches!(
            r["verificationStatus"]["coding"][0]["code"].as_str(),
            Some("refuted" | "entered-in-error")
        );
        let (kind, n) = match r["resourceType"].as_str().unwrap_or_default() {
            "Patient" => ("patient", 1),
            "Condition" => ("condition", u64::from(!unverified)),
            "AllergyIntolerance" => ("allergy", u64::from(!unverified)),
            "MedicationRequest" => {
                ("medication", u64::from(matches!(r["intent"].as_str(), Some("order" | "plan"))))
            }
            "Procedure" => ("procedure", u64::from(status == "completed")),
            "Immunization" => ("immunization", u64::from(status == "completed")),
            "Encounter" => ("encounter", 1),
            // Each component is an event of its own.
            "Observation" => ("observation", 1 + r["component"].as_array().map_or(0, |c| c.len() as u64)),
            "Coverage" => ("attribute", 2),
            _ => continue,
        };
        *counts.entry(kind).or_default() += n;
    }
    counts.retain(|_, n| *n > 0);
    counts
}

fn imports_twice(clinic: &Installation, args: &[&str], wanted: &BTreeMap<&str, u64>) {
    let first = clinic.json(args);
    assert_eq!(first["by_kind"], json!(wanted), "{first}");
    let total: u64 = wanted.values().sum();
    assert_eq!((&first["read"], &first["rejected"]), (&json!(total), &json!(0)), "{first}");
    let second = clinic.json(args);
    assert_eq!(second["by_kind"], first["by_kind"]);
    assert_eq!((&second["created"], &second["updated"]), (&json!(0), &json!(0)), "{second}");
    assert_eq!(second["unchanged"], total);
    assert_eq!(clinic.json(&["audit", "verify"])["verified"], true);
}

fn count(clinic: &Installation, segment: &str) -> u64 {
    clinic.json(&["segment", "count", segment])["count"].as_u64().unwrap()
}

#[test]
fn bulk_fhir() {
    let Some(folder) = samples("bulk-fhir-10-patients") else { return };
    let clinic = Installation::new();
    let all = resources(&folder);
    let wanted = facts_of(&all);
    assert_eq!(
        (wanted["patient"], wanted["condition"], wanted["encounter"]),
        (13, 555, 1215),
        "as SOURCES.md says"
    );
    imports_twice(&clinic, &["import", folder.to_str().unwrap()], &wanted);
    let dead =
        all.iter().filter(|r| r["resourceType"] == "Patient" && r.get("deceasedDateTime").is_some()).count();
    let counted = clinic.json(&["segment", "count", "age >= 0"]);
    assert_eq!((&counted["count"], &counted["eligible"]), (&json!(13), &json!(0)), "nobody has an address");
    assert_eq!(counted["refused"]["VETO_DECEASED"], dead, "{counted}");
}

/// Patients with a coded condition, and of those the ones seen in a stretch of time: instants of the zone New York
/// (UTC-4 in summer), compared as text in UTC, which these files write throughout.
fn with_condition<'a>(all: &'a [Value], code: &str, active: bool) -> BTreeSet<&'a str> {
    all.iter()
        .filter(|r| r["resourceType"] == "Condition" && r["code"]["coding"][0]["code"] == code)
        .filter(|r| {
            let now = matches!(
                r["clinicalStatus"]["coding"][0]["code"].as_str(),
                Some("active" | "recurrence" | "relapse")
            );
            !active || (now && r.get("abatementDateTime").is_none())
        })
        .map(|r| r["subject"]["reference"].as_str().unwrap())
        .collect()
}

fn seen_between<'a>(all: &'a [Value], from: &str, until: &str) -> BTreeSet<&'a str> {
    all.iter()
        .filter(|r| r["resourceType"] == "Encounter")
        .filter(|r| {
            let start = r["period"]["start"].as_str().unwrap();
            assert!(start.ends_with("+00:00"), "{start}");
            start >= from && start < until
        })
        .map(|r| r["subject"]["reference"].as_str().unwrap())
        .collect()
}

/// Checked by hand (grep and a pencil) on 2026-11-24: of the 12 patients 10 ever had SNOMED 73595000 "Stress", 8 have it
/// now. From 2025-09-01 to 2026-08-31, New York dates, 6 of the 10 and 5 of the 8 had an encounter. Of the 11 with
/// 66383009 "Gingivitis", long over for all of them, 2 were seen in July or August 2026.
#[test]
fn pysynthea_with_a_condition_and_an_encounter_window() {
    let Some(folder) = samples("pysynthea-ma-12").map(|f| f.join("ndjson")) else { return };
    let clinic = Installation::new();
    let all = resources(&folder);
    imports_twice(&clinic, &["import", folder.to_str().unwrap()], &facts_of(&all));

    let year = seen_between(&all, "2025-09-01T04:00:00", "2026-09-01T04:00:00");
    let summer = seen_between(&all, "2026-07-01T04:00:00", "2026-09-01T04:00:00");
    let both = |some: &BTreeSet<&str>, seen: &BTreeSet<&str>| some.intersection(seen).count() as u64;
    let (had_stress, has_stress) =
        (with_condition(&all, "73595000", false), with_condition(&all, "73595000", true));
    let gingivitis = with_condition(&all, "66383009", false);
    let in_year = "any encounter between 2025-09-01 and 2026-08-31";
    let in_summer = "encounter between 2026-07-01 and 2026-08-31";
    for (segment, independently, by_hand) in [
        ("had condition snomed:73595000".to_owned(), had_stress.len() as u64, 10),
        ("has condition snomed:73595000".to_owned(), has_stress.len() as u64, 8),
        (format!("had condition snomed:73595000 and {in_year}"), both(&had_stress, &year), 6),
        (format!("has condition snomed:73595000 and {in_year}"), both(&has_stress, &year), 5),
        ("has condition snomed:66383009".to_owned(), 0, 0),
        (format!("had condition snomed:66383009 and any {in_summer}"), both(&gingivitis, &summer), 2),
        (format!("had condition snomed:66383009 and no {in_summer}"), 11 - both(&gingivitis, &summer), 9),
    ] {
        assert_eq!((count(&clinic, &segment), independently), (by_hand, by_hand), "{segment}");
    }
}

fn rows(folder: &Path, file: &str) -> Vec<Row> {
    csv::Reader::from_path(folder.join(file)).unwrap().deserialize().map(Result::unwrap).collect()
}

/// Checked by hand on 2026-11-24 with `grep` and `sort -u`: 11 of the 27 ever had SNOMED 73595000 "Stress", and 8 of those
/// had an encounter between 2020-07-01 and 2021-06-30. The test repeats the count over the raw rows.
#[test]
fn synthea_csv_through_the_mapping() {
    let Some(folder) = samples("synthea-csv-ma-27") else { return };
    let clinic = Installation::new();
    let path = folder.to_str().unwrap();
    let mut wanted = BTreeMap::new();
    for (kind, file, facts) in [
        ("patient", "patients.csv", 1),
        ("condition", "conditions.csv", 1),
        ("medication", "medications.csv", 1),
        ("procedure", "procedures.csv", 1),
        ("immunization", "immunizations.csv", 1),
        ("allergy", "allergies.csv", 1),
        ("care_plan", "careplans.csv", 1),
        ("observation", "observations.csv", 1),
        ("encounter", "encounters.csv", 1),
        ("attribute", "payer_transitions.csv", 2), // payer and plan
    ] {
        wanted.insert(kind, facts * rows(&folder, file).len() as u64);
    }
    let kinds = json!(wanted);
    let first = clinic.json(&["import", path, "--mapping", "synthea"]);
    assert_eq!(first["by_kind"], kinds, "{first}");
    assert_eq!(first["rejected"], 0);
    let second = clinic.json(&["import", path, "--mapping", "synthea"]);
    assert_eq!((&second["created"], &second["updated"]), (&json!(0), &json!(0)), "{second}");
    assert_eq!(second["unchanged"], wanted.values().sum::<u64>());

    let patients = |rows: Vec<Row>, column: &str, keep: &dyn Fn(&Row) -> bool| -> BTreeSet<String> {
        rows.into_iter().filter(|r| keep(r)).map(|r| r[column].clone()).collect()
    };
    let people = patients(rows(&folder, "patients.csv"), "Id", &|_| true);
    let had = patients(rows(&folder, "conditions.csv"), "PATIENT", &|r| r["CODE"] == "73595000");
    // July 2020 to June 2021, New York: UTC-4 at both ends.
    let seen = patients(rows(&folder, "encounters.csv"), "PATIENT", &|r| {
        ("2020-07-01T04:00:00Z".."2021-07-01T04:00:00Z").contains(&r["START"].as_str())
    });
    let women = patients(rows(&folder, "patients.csv"), "Id", &|r| r["GENDER"] == "F");
    let window = "any encounter between 2020-07-01 and 2021-06-30";
    assert_eq!(count(&clinic, "age >= 0"), people.len() as u64);
    assert_eq!(count(&clinic, "sex = female"), women.len() as u64);
    assert_eq!(count(&clinic, "had condition snomed:73595000"), had.len() as u64);
    assert_eq!(count(&clinic, window), seen.len() as u64);
    let both = had.intersection(&seen).count() as u64;
    assert_eq!((had.len(), both), (11, 8), "as by hand");
    assert_eq!(count(&clinic, &format!("had condition snomed:73595000 and {window}")), both);
}
