//! Whatever the bytes: no panic, one outcome a line, and the same again on a second reading.

use crate::reading::*;
use discreet_intake::*;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Names a resource may have, so that random objects reach the code behind them.
const MEMBERS: [&str; 44] = [
    "resourceType",
    "id",
    "meta",
    "security",
    "lastUpdated",
    "extension",
    "url",
    "valueCoding",
    "valueCode",
    "identifier",
    "name",
    "family",
    "given",
    "telecom",
    "system",
    "value",
    "use",
    "rank",
    "period",
    "start",
    "end",
    "address",
    "line",
    "state",
    "postalCode",
    "communication",
    "language",
    "link",
    "other",
    "type",
    "status",
    "intent",
    "code",
    "coding",
    "display",
    "text",
    "subject",
    "reference",
    "participant",
    "actor",
    "component",
    "valueQuantity",
    "entry",
    "resource",
];

const WORDS: [&str; 24] = [
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
    "Patient/p1",
    "urn:uuid:1",
    "#a",
    "final",
    "completed",
    "active",
    "booked",
    "email",
    "2026-01-01",
    "2026-01-01T00:00:00",
    "http://loinc.org",
    "transaction",
];

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|n| json!(n)),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(&WORDS[..]).prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        let member =
            prop_oneof![4 => prop::sample::select(&MEMBERS[..]).prop_map(str::to_owned), 1 => "\\PC{0,8}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((member, inner), 0..8)
                .prop_map(|m| Value::from(m.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn resource() -> impl Strategy<Value = String> {
    (prop::sample::select(&WORDS[..12]), value()).prop_map(|(kind, value)| {
        let mut object = match value {
            Value::Object(object) => object,
            other => Map::from_iter([("code".to_owned(), other)]),
        };
        object.insert("resourceType".to_owned(), json!(kind));
        Value::from(object).to_string()
    })
}

/// Rows are counted once each: rejected, skipped, or taken.
fn adds_up(seen: &Seen) {
    let files: u64 = seen.report.files.iter().map(|f| f.rows).sum();
    assert_eq!(files, seen.report.rows);
    assert!(seen.report.rejected_total() <= seen.report.rows);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for (name, format) in [
            ("a.ndjson", Format::Ndjson),
            ("a.json", Format::Json),
            ("patients.csv", Format::Csv),
            ("conditions.csv", Format::Csv),
        ] {
            adds_up(&read_bytes(name, format, &bytes, &options()));
        }
    }

    #[test]
    fn random_resources(lines in prop::collection::vec(resource(), 1..4)) {
        let text = lines.join("\n");
        let (once, again) = (ndjson(&text), ndjson(&text));
        adds_up(&once);
        prop_assert!(once.items == again.items && once.report == again.report);
        let bundle = format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{}]}}"#,
            lines.iter().map(|l| format!(r#"{{"resource":{l}}}"#)).collect::<Vec<_>>().join(","));
        adds_up(&json(&bundle));
    }

    #[test]
    fn random_rows(
        kind in 0..KINDS.len(),
        cells in prop::collection::vec(prop::collection::vec("[ -~é\n]{0,12}|2026-01-01|p1|icd10|yes|booked|marketing|email", 0..10), 0..6),
        delimiter in prop::sample::select(&[',', ';', '\t'][..]),
    ) {
        let spec = &KINDS[kind];
        let columns: Vec<&str> = spec.columns().collect();
        let mut text = columns.join(&delimiter.to_string());
        for row in &cells {
            text.push('\n');
            let row: Vec<String> = (0..columns.len())
                .map(|i| row.get(i % row.len().max(1)).cloned().unwrap_or_default())
                .map(|c| format!("\"{}\"", c.replace('"', "\"\"")))
                .collect();
            text.push_str(&row.join(&delimiter.to_string()));
        }
        let name = format!("{}.csv", spec.name);
        let (once, again) = (csv(&name, &text), csv(&name, &text));
        adds_up(&once);
        prop_assert!(once.items == again.items);
        if spec.name != "names" {
            prop_assert_eq!(once.problems(), Vec::<String>::new());
        }
    }

    #[test]
    fn a_line_among_others_does_not_reach_them(junk in prop::collection::vec(any::<u8>(), 0..200)) {
        let junk: Vec<u8> = junk.into_iter().filter(|b| *b != b'\n').collect();
        let good = |id: &str| format!("{{\"resourceType\":\"Patient\",\"id\":\"{id}\"}}\n").into_bytes();
        let text = [good("p1"), junk, b"\n".to_vec(), good("p2")].concat();
        let seen = read_bytes("a.ndjson", Format::Ndjson, &text, &options());
        let places: Vec<u64> = seen.records().iter().filter(|r| r.subject.value.starts_with('p')).map(|r| r.place.line).collect();
        prop_assert!(places.contains(&1) && places.contains(&3));
    }

    #[test]
    fn mappings_never_panic(text in "\\PC{0,200}") {
        let _ = Mapping::parse(&text);
    }
}

#[test]
fn samples_read_twice_are_the_same() {
    for set in ["us-core-examples", "bulk-fhir-10-patients", "synthea-csv-ma-27"] {
        let Some(set) = samples(set) else { continue };
        let mut options = options();
        options.mapping = Mapping::named("synthea");
        let (once, again) = (read_path(&set, &options), read_path(&set, &options));
        assert!(once.items == again.items && once.report == again.report);
    }
}
