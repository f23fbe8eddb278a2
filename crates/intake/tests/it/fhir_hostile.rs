//! Lines and files that are not what they should be, and notes that may not come in.

use crate::reading::*;
use discreet_intake::*;

const WHO: &str = r#"{"reference":"Patient/p1"}"#;

#[test]
fn one_bad_line_costs_one_line() {
    let lines: &[&[u8]] = &[
        b"\xef\xbb\xbf{\"resourceType\":\"Patient\",\"id\":\"p1\"}",
        b"",
        b"not json",
        b"{\"resourceType\":\"Patient\",\"id\":\"p2\"",
        b"[{\"resourceType\":\"Patient\",\"id\":\"p2\"}]",
        b"{\"resourceType\":\"Patient\",\"id\":\"\xff\"}",
        b"{\"resourceType\":7,\"id\":\"p2\"}",
        b"{\"resourceType\":\"Patient\",\"id\":\"p2\",\"id\":\"p3\"}",
        b"{\"resourceType\":\"Patient\",\"id\":\"p4\"} {\"resourceType\":\"Patient\",\"id\":\"p5\"}",
        b"{\"note\":1}",
        b"{\"resourceType\":\"Patient\",\"id\":\"p9\"}\r",
    ];
    let seen = read_bytes("a.ndjson", Format::Ndjson, &lines.join(&b"\n"[..]), &options());
    let ids: Vec<_> = seen.records().iter().map(|r| (r.place.line, r.subject.value.clone())).collect();
    assert_eq!(ids, [(1, "p1".to_owned()), (11, "p9".to_owned())]);
    let places: Vec<_> = seen.rejected_rows().iter().map(|r| (r.place.line, r.reason.code())).collect();
    let expected = [
        (3, "not_json"),
        (4, "not_json"),
        (5, "not_an_object"),
        (6, "not_utf8"),
        (7, "no_resource_type"),
        (8, "not_json"),
        (9, "not_json"),
    ];
    assert_eq!(places, expected);
    assert_eq!(seen.rejected_rows()[0].raw.expose(), b"not json");
    assert_eq!(seen.report.skipped["without resourceType"], 1);
    assert!(!seen.report.is_clean());
}

#[test]
fn long_lines_and_large_files() {
    let mut small = options();
    small.limits.line = 50;
    small.limits.document = 50;
    let long = format!(r#"{{"resourceType":"Patient","id":"{}"}}"#, "p".repeat(60));
    let text = format!("{long}\n{}", r#"{"resourceType":"Patient","id":"p1"}"#);
    let seen = read_bytes("a.ndjson", Format::Ndjson, text.as_bytes(), &small);
    assert_eq!(seen.rejected(), ["longer than 50 bytes"]);
    assert_eq!(seen.records()[0].place.line, 2);
    let seen = read_bytes("a.json", Format::Json, text.as_bytes(), &small);
    assert_eq!(seen.problems(), ["larger than 50 bytes; split it or use NDJSON"]);
}

#[test]
fn rejected_rows_are_kept_up_to_a_size() {
    let row = |n: usize| format!(r#"{{"resourceType":"Patient","x":"{}"}}"#, "x".repeat(n));
    assert!(!ndjson(&row(1_000)).rejected_rows()[0].raw.expose().is_empty());
    assert!(ndjson(&row(limits::RAW_KEPT)).rejected_rows()[0].raw.expose().is_empty());
}

#[test]
fn nesting_does_not_overflow() {
    for n in [100, 100_000] {
        let deep = "[".repeat(n) + &"]".repeat(n);
        let seen = ndjson(&format!(r#"{{"resourceType":"Patient","id":"p1","unused":{deep}}}"#)).quiet();
        assert_eq!(seen.patients().len(), 1);
        let seen = ndjson(&format!(r#"{{"resourceType":"Patient","id":"p1","name":{deep}}}"#));
        assert_eq!(seen.patients().len() + seen.rejected().len(), 1);
        let extension = r#"{"extension":["#.repeat(n) + &"]}".repeat(n);
        let seen = ndjson(&format!(r#"{{"resourceType":"Patient","id":"p1","extension":[{extension}]}}"#));
        assert_eq!(seen.patients().len() + seen.rejected().len(), 1);
    }
}

#[test]
fn nul_and_control_characters_are_cleaned() {
    let seen = ndjson(
        r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Di\u0000az\u0007","given":["\u0000"]}]}"#,
    )
    .quiet();
    assert_eq!(seen.patient().identity.name.family, "Diaz");
    assert!(seen.patient().identity.name.given.is_empty());
    assert_eq!(ndjson(r#"{"resourceType":"Patient","id":"p\u00001"}"#).report.rejected["bad_field"], 1);
    let raw_nul = ndjson("{\"resourceType\":\"Patient\",\"id\":\"p\u{0}1\"}");
    assert_eq!(raw_nul.report.rejected["not_json"], 1);
}

#[test]
fn wrong_types_in_every_member_never_cost_more_than_the_row() {
    let members = [
        "meta",
        "extension",
        "identifier",
        "name",
        "telecom",
        "gender",
        "birthDate",
        "address",
        "maritalStatus",
        "communication",
        "generalPractitioner",
        "managingOrganization",
        "link",
        "photo",
        "contact",
    ];
    for junk in ["7", "true", "\"x\"", "[7]", "[[]]", "[{}]", "{}", "{\"x\":1}", "null", "[null]", "-1e999"] {
        for member in members {
            let seen = ndjson(&format!(r#"{{"resourceType":"Patient","id":"p1","{member}":{junk}}}"#));
            let taken = seen.patients().len();
            if junk == "-1e999" {
                assert_eq!(taken + seen.rejected().len(), 1); // a number too large to be one
            } else {
                assert_eq!(taken, 1, "{member} {junk} {:?}", seen.rejected());
            }
        }
    }
}

#[test]
fn documents() {
    let two =
        "{\"resourceType\":\"Patient\",\"id\":\"p1\"}\n\n{\"resourceType\":\"Patient\",\"id\":\"p2\"}\n";
    let seen = json(two).quiet();
    assert_eq!(seen.records().iter().map(|r| r.place.line).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(json("[]").problems(), ["a JSON array; expected NDJSON, a Bundle or one resource"]);
    assert_eq!(json("{").problems(), ["not JSON; expected NDJSON, a Bundle or one resource"]);
    assert_eq!(json("").quiet().report.rows, 0);
    let file = |bytes: &[u8]| read_bytes("a.json", Format::Json, bytes, &options()).problems();
    assert_eq!(file(b"\xff\xfe{\x00"), ["UTF-16 text; save it as UTF-8"]);
    assert_eq!(file(b"{\"a\":\"\xff\"}"), ["not UTF-8 text; save it as UTF-8"]);
}

#[test]
fn other_resource_types_are_counted() {
    let seen = ndjson(
        "{\"resourceType\":\"Device\"}\n{\"resourceType\":\"Device\"}\n{\"resourceType\":\"ZzCanary\"}\n{\"resourceType\":\"DocumentReference\"}",
    )
    .quiet();
    let expected = [("Device", 2), ("DocumentReference", 1), ("other resource type", 1)];
    assert_eq!(seen.report.skipped.iter().map(|(k, v)| (k.as_str(), *v)).collect::<Vec<_>>(), expected);
}

#[test]
fn psychotherapy_and_counseling_notes_are_refused_and_nothing_is_kept() {
    let label = |code: &str| {
        format!(
            r#""meta":{{"security":[{{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"{code}"}}]}}"#
        )
    };
    let loinc = |code: &str| format!(r#"{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}}"#);
    let psythpn = label("PSYTHPN");
    let part2 = label("42CFRPart2");
    let notes = [
        format!(r#"{{"resourceType":"Observation","id":"o","subject":{WHO},"status":"final","effectiveDateTime":"2026","code":{},"valueString":"CANARY"}}"#, loinc("34865-6")),
        format!(r#"{{"resourceType":"Condition","id":"c","subject":{WHO},"code":{},{psythpn}}}"#, loinc("1-1")),
        // Refused first, even if it could not be taken anyhow.
        format!(r#"{{"resourceType":"Condition",{psythpn},"x":"CANARY"}}"#),
        format!(r#"{{"resourceType":"Patient","id":"p",{psythpn}}}"#),
        format!(r#"{{"resourceType":"DocumentReference","type":{}}}"#, loinc("28627-8")),
        format!(r#"{{"resourceType":"DocumentReference","type":{},{part2}}}"#, loinc("11506-3")),
        format!(r#"{{"resourceType":"DocumentReference","securityLabel":[{{"coding":[{{"code":"PSYTHPN"}}]}}],"x":"CANARY{WHO}"}}"#).replace(WHO, ""),
        r#"{"resourceType":"Composition","title":"Psychotherapy note"}"#.to_owned(),
        r#"{"resourceType":"DocumentReference","category":[{"text":"SUD counseling notes"}]}"#.to_owned(),
        format!(r#"{{"resourceType":"Observation","id":"o","subject":{WHO},"status":"final","effectiveDateTime":"2026","code":{},"component":[{{"code":{}}}]}}"#, loinc("1-1"), loinc("87255-6")),
    ];
    for note in &notes {
        let seen = ndjson(note);
        assert_eq!(seen.report.rejected.get("forbidden_note"), Some(&1), "{note}");
        assert!(seen.records().is_empty() && seen.names().iter().all(|(_, d)| !d.contains("CANARY")));
        assert!(seen.rejected_rows()[0].raw.expose().is_empty());
    }
    // One that cannot even be read is not kept either.
    let broken = ndjson(r#"{"resourceType":"Observation","meta":{"security":[{"code":"PSYTHPN"}]"#);
    assert_eq!(broken.report.rejected["not_json"], 1);
    assert!(broken.rejected_rows()[0].raw.expose().is_empty());
    // A progress note of internal medicine is only passed over; psychotherapy done is a procedure like others.
    ndjson(&format!(r#"{{"resourceType":"DocumentReference","type":{}}}"#, loinc("11506-3"))).quiet();
    let done = r#"{"resourceType":"Procedure","id":"r","subject":{"reference":"Patient/p1"},"status":"completed","code":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"90834","display":"Psychotherapy, 45 minutes"}]}}"#;
    assert_eq!(ndjson(done).quiet().codes().len(), 1);
}

#[test]
fn modifiers_whose_meaning_is_not_known_reject() {
    let with = |member: &str| {
        ndjson(&format!(
            r#"{{"resourceType":"Condition","id":"c","subject":{WHO},"code":{{"coding":[{{"code":"1"}}]}},{member}}}"#
        ))
    };
    assert_eq!(with(r#""modifierExtension":[{"url":"x"}]"#).report.rejected["modifier_extension"], 1);
    assert_eq!(with(r#""implicitRules":"http://x""#).report.rejected["modifier_extension"], 1);
}
