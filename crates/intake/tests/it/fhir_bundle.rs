//! Bundles.

use crate::reading::*;
use discreet_intake::*;

const CODE: &str = r#"{"coding":[{"system":"http://snomed.info/sct","code":"44054006"}]}"#;

fn condition(id: &str, patient: &str) -> String {
    format!(
        r#"{{"resourceType":"Condition","id":"{id}","subject":{{"reference":"{patient}"}},"code":{CODE}}}"#
    )
}

fn bundle(kind: &str, entries: &[String]) -> String {
    format!("{{\"resourceType\":\"Bundle\",\n\"type\":\"{kind}\",\n\"entry\":[\n{}\n]}}", entries.join(",\n"))
}

fn entry(url: &str, resource: &str) -> String {
    format!(r#"{{"fullUrl":"{url}","resource":{resource}}}"#)
}

#[test]
fn full_urls_lead_to_the_ids_of_resources() {
    let entries = [
        entry("urn:uuid:c", &condition("c1", "urn:uuid:1")),
        entry("urn:uuid:1", r#"{"resourceType":"Patient","id":"p1"}"#),
        entry("urn:uuid:2", r#"{"resourceType":"Patient"}"#),
        entry("urn:uuid:9", &condition("c2", "urn:uuid:2")),
    ];
    for kind in ["transaction", "batch", "collection", "searchset"] {
        let seen = json(&bundle(kind, &entries)).quiet();
        let about: Vec<_> = seen.records().iter().map(|r| r.subject.value.as_str()).collect();
        assert_eq!(about, ["p1", "p1", "2", "2"], "{kind}");
        let places: Vec<_> = seen.records().iter().map(|r| (r.place.line, r.place.entry)).collect();
        assert_eq!(places, [(4, 1), (5, 2), (6, 3), (7, 4)]);
        assert_eq!(seen.report.rows, 4);
    }
}

#[test]
fn an_appointment_is_that_of_the_patient_its_bundle_knows() {
    let appointment = r#"{"resourceType":"Appointment","id":"a","status":"booked","start":"2026-05-01","participant":[{"actor":{"reference":"urn:uuid:d"}},{"actor":{"reference":"urn:uuid:1"}}]}"#;
    let entries = [
        entry("urn:uuid:a", appointment),
        entry("urn:uuid:1", r#"{"resourceType":"Patient","id":"p1"}"#),
        entry(
            "urn:uuid:d",
            r#"{"resourceType":"Practitioner","id":"d1","name":[{"given":["Ann"],"family":"Lee"}]}"#,
        ),
    ];
    let seen = json(&bundle("transaction", &entries)).quiet();
    let record = seen.records()[0];
    assert_eq!(record.subject.value, "p1");
    assert_eq!(fields(seen.events()[0]), ["provider=Ann Lee", "status=booked"]);
}

#[test]
fn deletions() {
    let delete = |url: &str| format!(r#"{{"request":{{"method":"DELETE","url":"{url}"}}}}"#);
    let entries =
        [delete("Condition/c1"), delete("Patient/p1"), delete("Coverage/v1"), delete("Condition?x=1")];
    let seen = ndjson(&bundle("transaction", &entries).replace('\n', ""));
    let orphan =
        seen.items.iter().find_map(|i| if let Item::Orphan { fact, .. } = i { Some(*fact) } else { None });
    assert_eq!(orphan, Some(fact_id("ehr", "condition", "c1")));
    assert!(matches!(seen.records()[0].what, Incoming::Gone));
    assert_eq!(seen.records()[0].subject.value, "p1");
    assert_eq!(seen.warnings(), vec!["a deletion that cannot be carried out"; 2]);
    assert_eq!(seen.report.records["orphan_delete"], 1);
}

#[test]
fn history_is_read_oldest_first() {
    let version =
        |sex: &str| format!(r#"{{"resource":{{"resourceType":"Patient","id":"p1","gender":"{sex}"}}}}"#);
    let seen = json(&bundle("history", &[version("female"), version("male")])).quiet();
    let order: Vec<_> = seen.patients().iter().map(|p| p.attribute("sex").unwrap()).collect();
    assert_eq!(order, ["male", "female"]);
    let lines: Vec<_> = seen.records().iter().map(|r| r.place.line).collect();
    assert_eq!(lines, [5, 4]);
}

#[test]
fn what_is_refused_of_bundles() {
    for kind in ["document", "message", "transaction-response", ""] {
        assert_eq!(json(&bundle(kind, &[])).report.rejected["bundle_type"], 1, "{kind}");
    }
    let inner = bundle("collection", &[entry("", r#"{"resourceType":"Patient","id":"p1"}"#)]);
    let once = bundle("collection", &[entry("", &inner)]);
    assert_eq!(json(&once).quiet().patients().len(), 1);
    let twice = bundle("collection", &[entry("", &once)]);
    assert_eq!(json(&twice).rejected(), ["Bundles within Bundles"]);
    assert_eq!(
        json(r#"{"resourceType":"Bundle","type":"batch","entry":7}"#).rejected(),
        ["`entry` is not a list"]
    );
    let mixed = json(
        r#"{"resourceType":"Bundle","type":"batch","entry":[7,{},{"resource":null},{"resource":[1]},{"resource":{"id":"x"}}]}"#,
    );
    assert_eq!(
        mixed.rejected(),
        ["`entry` is not an object", "JSON, but not an object", "no `resourceType`"]
    );

    let mut few = options();
    few.limits.entries = 2;
    let three = bundle("batch", &[entry("", "{}"), entry("", "{}"), entry("", "{}")]);
    let seen = read_bytes("a.json", Format::Json, three.as_bytes(), &few);
    assert_eq!(seen.rejected(), ["a Bundle with more than 2 entries"]);
}

#[test]
fn one_bad_entry_costs_one_entry() {
    let entries = [
        entry("", r#"{"resourceType":"Patient"}"#),
        entry("", r#"{"resourceType":"Patient","id":"p1"}"#),
        entry("", &condition("c1", "urn:uuid:nobody")),
    ];
    let seen = json(&bundle("collection", &entries));
    assert_eq!(seen.rejected(), ["`id` is missing"]);
    assert_eq!(seen.rejected_rows()[0].place, Place { file: 0, line: 4, entry: 1 });
    assert_eq!(seen.records().len(), 2);
}

#[test]
fn labels_of_the_bundle_reach_its_entries() {
    let labelled = |code: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"batch","meta":{{"security":[{{"code":"{code}"}}]}},"entry":[{{"resource":{}}}]}}"#,
            condition("c1", "Patient/p1")
        )
    };
    assert!(json(&labelled("R")).quiet().code().restricted);
    assert!(!json(&labelled("N")).quiet().code().restricted);
    let seen = json(&labelled("PSYTHPN"));
    assert_eq!(seen.report.rejected["forbidden_note"], 1);
    assert!(seen.rejected_rows()[0].raw.expose().is_empty());
}
