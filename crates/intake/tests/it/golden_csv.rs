//! The Synthea CSV set through the shipped mapping, against a second reading with the `csv` crate alone.

use crate::reading::*;
use discreet_domain::{CodeKind, Day};
use discreet_intake::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

type Row = BTreeMap<String, String>;

fn rows(set: &Path, file: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(set.join(file)).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// Runs of spaces, of which these names have some, count as one.
fn squeezed(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn synthea_csv() {
    let Some(set) = samples("synthea-csv-ma-27") else { return };
    let mut options = options();
    options.mapping = Mapping::named("synthea");
    let seen = read_path(&set, &options);
    let seen = seen.quiet();
    for (kind, file) in [
        ("patient", "patients.csv"),
        ("condition", "conditions.csv"),
        ("medication", "medications.csv"),
        ("procedure", "procedures.csv"),
        ("immunization", "immunizations.csv"),
        ("allergy", "allergies.csv"),
        ("care_plan", "careplans.csv"),
        ("observation", "observations.csv"),
        ("encounter", "encounters.csv"),
    ] {
        assert_eq!(seen.report.records_of(kind), rows(&set, file).len() as u64, "{file}");
    }
    assert_eq!(seen.report.records_of("attribute"), 2 * rows(&set, "payer_transitions.csv").len() as u64);
    assert_eq!(seen.report.skipped["file the mapping ignores"], 3); // devices, imaging_studies, supplies
}

#[test]
fn synthea_csv_patients_field_by_field() {
    let Some(set) = samples("synthea-csv-ma-27") else { return };
    let mut options = options();
    options.mapping = Mapping::named("synthea");
    let seen = read_path(&set, &options);
    let theirs = rows(&set, "patients.csv");
    assert_eq!(seen.patients().len(), 27);
    for (ours, theirs) in seen.patients().into_iter().zip(&theirs) {
        let name = &ours.identity.name;
        assert!(name.family == theirs["LAST"] && name.given == [theirs["FIRST"].as_str()]);
        assert_eq!(ours.attribute("state").as_deref(), Some("MA"));
        assert_eq!(ours.attribute("zip").unwrap_or_default(), theirs["ZIP"]);
        assert_eq!(ours.attribute("birth_date").as_ref(), Some(&theirs["BIRTHDATE"]));
        assert_eq!(ours.deceased, !theirs["DEATHDATE"].is_empty());
        let sex = if theirs["GENDER"] == "M" { "male" } else { "female" };
        assert_eq!(ours.attribute("sex").as_deref(), Some(sex));
        let ids: Vec<&str> = ours.identity.identifiers.iter().map(|i| i.value.as_str()).collect();
        assert_eq!(ids, [theirs["Id"].as_str()], "social security numbers and the like are not kept");
    }
    let dead = theirs.iter().filter(|t| !t["DEATHDATE"].is_empty()).count();
    assert_eq!(seen.patients().iter().filter(|p| p.deceased).count(), dead);
}

#[test]
fn synthea_csv_values_and_look_ups() {
    let Some(set) = samples("synthea-csv-ma-27") else { return };
    let mut options = options();
    options.mapping = Mapping::named("synthea");
    let seen = read_path(&set, &options);

    let theirs: f64 =
        rows(&set, "observations.csv").iter().filter_map(|o| o["VALUE"].parse::<f64>().ok()).sum();
    let value = |e: &discreet_domain::EventFact| match e.field("value") {
        Some(discreet_domain::Value::Number(n)) => *n,
        _ => 0.0,
    };
    let ours: f64 = seen.events().into_iter().filter(|e| e.kind == "observation").map(value).sum();
    assert!((theirs - ours).abs() < 1e-6, "{theirs} {ours}");

    let names: BTreeMap<String, String> = rows(&set, "organizations.csv")
        .into_iter()
        .map(|o| (o["Id"].clone(), squeezed(&o["NAME"])))
        .collect();
    let sites: Vec<&String> =
        rows(&set, "encounters.csv").iter().map(|e| &names[&e["ORGANIZATION"]]).collect();
    let encounters = || seen.events().into_iter().filter(|e| e.kind == "encounter");
    assert!(encounters().zip(&sites).all(|(e, site)| e.field("site").map(shown).as_ref() == Some(site)));
    let classes: BTreeSet<String> = encounters().map(|e| shown(e.field("class").unwrap())).collect();
    let expected = ["ambulatory", "emergency", "inpatient", "outpatient", "urgent_care", "wellness"];
    assert!(classes.iter().eq(expected.iter()));

    let ended = rows(&set, "conditions.csv").iter().filter(|c| !c["STOP"].is_empty()).count();
    let conditions = || seen.codes().into_iter().filter(|c| c.kind == CodeKind::Condition);
    assert_eq!(conditions().filter(|c| c.end.is_some()).count(), ended);
    let kinds: BTreeSet<String> = seen
        .attributes()
        .iter()
        .filter(|a| a.name == "payer")
        .map(|a| shown(a.value.as_ref().unwrap()))
        .collect();
    assert_eq!(
        kinds.iter().map(String::as_str).collect::<Vec<_>>(),
        ["commercial", "medicaid", "medicare", "self_pay"]
    );
    assert!(seen.attributes().iter().all(|a| a.since.is_some()));
    let first = conditions().next().unwrap();
    assert_eq!(codes(first), ["snomed:195662009"]);
    assert_eq!(first.onset, Some(discreet_domain::When::Day(Day::parse("2023-01-27").unwrap())));
}

#[test]
fn without_the_mapping_nothing_is_guessed() {
    let Some(set) = samples("synthea-csv-ma-27") else { return };
    let seen = read_path(&set, &options());
    // Of its files only allergies.csv happens to have the columns that ours needs.
    assert!(seen.records().iter().all(|r| r.what.kind() == "allergy"));
    let problem = |name: &str| {
        let file = seen.report.files.iter().find(|f| f.shown == name).unwrap();
        file.problem.as_ref().unwrap().to_string()
    };
    assert_eq!(problem("conditions.csv"), "the header has no column system");
    assert!(problem("providers.csv").starts_with("a CSV file of no known kind"));
}
