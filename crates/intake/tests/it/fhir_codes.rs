//! Conditions, medications, procedures, immunizations, allergies, care plans.

use crate::reading::*;
use discreet_domain::{CodeKind, CodeStatus};
use discreet_intake::fact_id;

const CODE: &str =
    r#"{"coding":[{"system":"http://snomed.info/sct","code":"44054006","display":"Diabetes"}]}"#;
const WHO: &str = r#"{"reference":"Patient/p1"}"#;

fn condition(members: &str) -> Seen {
    ndjson(&format!(r#"{{"resourceType":"Condition","id":"c1","subject":{WHO},"code":{CODE},{members}}}"#))
}

fn status(word: &str) -> String {
    format!(r#""clinicalStatus":{{"coding":[{{"code":"{word}"}}]}}"#)
}

#[test]
fn condition_status() {
    for (word, is) in [
        ("active", CodeStatus::Active),
        ("recurrence", CodeStatus::Active),
        ("relapse", CodeStatus::Active),
        ("inactive", CodeStatus::Past),
        ("remission", CodeStatus::Past),
        ("resolved", CodeStatus::Past),
        ("something new", CodeStatus::Past),
    ] {
        assert_eq!(condition(&status(word)).quiet().code().status, is, "{word}");
    }
    // Older versions of FHIR had a string there; what it says must not be lost.
    assert_eq!(condition(r#""clinicalStatus":"resolved""#).rejected(), ["`clinicalStatus` is not an object"]);
    assert_eq!(condition(r#""verificationStatus":["refuted"]"#).rejected().len(), 1);
    assert_eq!(condition(r#""x":1"#).code().status, CodeStatus::Active);
    assert_eq!(condition(r#""abatementString":"last year""#).code().status, CodeStatus::Past);
    for word in ["refuted", "entered-in-error"] {
        let seen = condition(&format!(r#""verificationStatus":{{"coding":[{{"code":"{word}"}}]}}"#)).quiet();
        assert_eq!(seen.deleted(), [fact_id("ehr", "condition", "c1")]);
        assert!(seen.codes().is_empty());
    }
}

#[test]
fn condition_dates_and_codes() {
    let seen = condition(
        r#""onsetDateTime":"2020-01-02T10:00:00-05:00","abatementPeriod":{"end":"2021-03"},"recordedDate":"2019-01-01""#,
    )
    .quiet();
    let fact = seen.code();
    assert_eq!(fact.id, fact_id("ehr", "condition", "c1"));
    assert_eq!(fact.kind, CodeKind::Condition);
    assert_eq!(fact.onset.unwrap().to_string(), "2020-01-02T15:00:00Z");
    assert_eq!(fact.end.unwrap().to_string(), "2021-03");
    assert_eq!(codes(fact), ["snomed:44054006"]);
    assert_eq!(seen.names(), [("snomed:44054006".to_owned(), "Diabetes".to_owned())]);
    assert_eq!(condition(r#""recordedDate":"2019-01-01""#).code().onset.unwrap().to_string(), "2019-01-01");
    assert_eq!(condition(r#""onsetPeriod":{"start":"2018"}"#).code().onset.unwrap().to_string(), "2018");
    // A time without an offset is the organization's.
    let local = condition(r#""onsetDateTime":"2020-07-02T10:00:00""#).quiet();
    assert_eq!(local.code().onset.unwrap().to_string(), "2020-07-02T14:00:00Z");
    // An unreadable onset costs the onset, not the condition.
    let seen = condition(r#""onsetDateTime":"last spring""#);
    assert_eq!((seen.code().onset, seen.warnings().len()), (None, 1));
}

#[test]
fn several_codings_and_their_systems() {
    let seen = ndjson(&format!(
        r#"{{"resourceType":"Condition","id":"c1","subject":{WHO},"code":{{"coding":[
        {{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"e119"}},{{"system":"urn:oid:2.16.840.1.113883.6.96","code":"44054006"}},
        {{"system":"urn:x","code":"7"}},{{"code":"L1"}},{{"display":"no code"}},{{"system":1,"code":"8"}},"junk"]}}}}"#
    ).replace('\n', " "));
    assert_eq!(codes(seen.code()), ["icd10:E11.9", "snomed:44054006", "urn:x:7", "local:L1", "local:8"]);
}

#[test]
fn what_a_coded_fact_needs() {
    let of = |json: &str| ndjson(json).rejected();
    let c = |members: &str| of(&format!(r#"{{"resourceType":"Condition","id":"c1"{members}}}"#));
    assert_eq!(c(""), ["`subject` is missing"]);
    assert_eq!(c(r#","subject":"Patient/p1""#), ["`subject` is not a reference to a patient"]);
    assert_eq!(c(&format!(r#","subject":{WHO}"#)), ["`code` is missing"]);
    assert_eq!(c(&format!(r#","subject":{WHO},"code":"x""#)), ["`code` is not a code with its system"]);
    // Text alone cannot be told sensitive or not.
    assert_eq!(c(&format!(r#","subject":{WHO},"code":{{"text":"something"}}"#)), ["`code` is missing"]);
    for reference in [
        r#"{"reference":"Patient?identifier=a|1"}"#,
        r#"{"identifier":{"value":"1"}}"#,
        r##"{"reference":"#p"}"##,
    ] {
        let rejected = c(&format!(r#","subject":{reference},"code":{CODE}"#));
        assert_eq!(rejected, ["cannot tell which patient this is about"], "{reference}");
    }
    let device = ndjson(&format!(
        r#"{{"resourceType":"Condition","id":"c1","subject":{{"reference":"Group/g"}},"code":{CODE}}}"#
    ))
    .quiet();
    assert_eq!(device.report.skipped["not about a patient"], 1);
}

#[test]
fn references_of_all_forms() {
    for (reference, patient) in [
        ("Patient/p1", "p1"),
        ("https://ehr.example.org/r4/Patient/p1", "p1"),
        ("Patient/p1/_history/4", "p1"),
        ("urn:uuid:7dda5b29-7d68-4070-818d-cb4ce720db23", "7dda5b29-7d68-4070-818d-cb4ce720db23"),
    ] {
        let json = format!(
            r#"{{"resourceType":"Condition","id":"c1","subject":{{"reference":"{reference}"}},"code":{CODE}}}"#
        );
        assert_eq!(ndjson(&json).quiet().records()[0].subject.value, patient);
    }
}

fn prescription(members: &str) -> Seen {
    ndjson(&format!(r#"{{"resourceType":"MedicationRequest","id":"m1","subject":{WHO},{members}}}"#))
}

#[test]
fn medication_status_and_intent() {
    let with = |status: &str, intent: &str| {
        prescription(&format!(
            r#""status":"{status}","intent":"{intent}","medicationCodeableConcept":{CODE}"#
        ))
    };
    assert_eq!(with("active", "order").quiet().code().status, CodeStatus::Active);
    for past in ["on-hold", "cancelled", "completed", "stopped", "unknown"] {
        assert_eq!(with(past, "plan").quiet().code().status, CodeStatus::Past, "{past}");
    }
    for none in ["draft", "entered-in-error"] {
        assert_eq!(with(none, "order").quiet().deleted(), [fact_id("ehr", "medication", "m1")], "{none}");
    }
    for other in ["proposal", "instance-order"] {
        assert!(with("active", other).quiet().records().is_empty());
    }
    assert_eq!(with("ready", "order").rejected(), ["`status` is not one of the documented words"]);
    assert_eq!(prescription(r#""intent":"order""#).rejected(), ["`status` is missing"]);
    let not = prescription(&format!(
        r#""status":"active","intent":"order","doNotPerform":true,"medicationCodeableConcept":{CODE}"#
    ));
    assert!(not.codes().is_empty() && not.deleted().len() == 1);
}

#[test]
fn medications_by_reference() {
    let by = |reference: &str, more: &str| {
        format!(
            r#"{{"resourceType":"MedicationRequest","id":"m1","subject":{WHO},"status":"active","intent":"order","medicationReference":{{"reference":"{reference}"}}{more}}}"#
        )
    };
    let contained = format!(r#","contained":[{{"resourceType":"Medication","id":"med","code":{CODE}}}]"#);
    assert_eq!(codes(ndjson(&by("#med", &contained)).quiet().code()), ["snomed:44054006"]);
    let medication = format!(r#"{{"resourceType":"Medication","id":"x","code":{CODE}}}"#);
    let seen = ndjson(&format!("{medication}\n{}", by("Medication/x", ""))).quiet();
    assert_eq!(codes(seen.code()), ["snomed:44054006"]);
    assert_eq!(seen.report.skipped["Medication"], 1);
    for lost in ["Medication/y", "#none", "Medication?code=1"] {
        let seen = ndjson(&by(lost, ""));
        assert_eq!(seen.rejected(), ["`medicationReference` refers to nothing in this import"], "{lost}");
        assert!(!seen.rejected_rows()[0].raw.expose().is_empty());
    }
    assert_eq!(prescription(r#""status":"active""#).rejected(), ["`medication[x]` is missing"]);
}

#[test]
fn procedures_and_immunizations_are_done_or_nothing() {
    let procedure = |status: &str| {
        ndjson(&format!(
            r#"{{"resourceType":"Procedure","id":"r1","subject":{WHO},"code":{CODE},"status":"{status}","performedPeriod":{{"start":"2020-01-02","end":"2020-01-03"}}}}"#
        ))
    };
    let seen = procedure("completed").quiet();
    let done = seen.code();
    assert_eq!(
        (done.onset.unwrap().to_string(), done.end.unwrap().to_string()),
        ("2020-01-02".into(), "2020-01-03".into())
    );
    for not in ["preparation", "in-progress", "not-done", "on-hold", "stopped", "entered-in-error", "unknown"]
    {
        assert_eq!(procedure(not).quiet().deleted(), [fact_id("ehr", "procedure", "r1")], "{not}");
    }
    let shot = |status: &str| {
        ndjson(&format!(
            r#"{{"resourceType":"Immunization","id":"i1","patient":{WHO},"vaccineCode":{CODE},"status":"{status}","occurrenceDateTime":"2020-01-02"}}"#
        ))
    };
    assert_eq!(shot("completed").quiet().code().kind, CodeKind::Immunization);
    assert_eq!(shot("not-done").quiet().deleted(), [fact_id("ehr", "immunization", "i1")]);
    assert_eq!(shot("perhaps").rejected().len(), 1);
}

#[test]
fn allergies_and_care_plans() {
    let allergy = |members: &str| {
        ndjson(&format!(
            r#"{{"resourceType":"AllergyIntolerance","id":"a1","patient":{WHO},"code":{CODE}{members}}}"#
        ))
    };
    assert_eq!(allergy("").quiet().code().status, CodeStatus::Active);
    assert_eq!(
        allergy(r#","clinicalStatus":{"coding":[{"code":"resolved"}]}"#).code().status,
        CodeStatus::Past
    );
    assert_eq!(allergy(r#","verificationStatus":{"coding":[{"code":"refuted"}]}"#).deleted().len(), 1);

    let plan = |status: &str, category: &str| {
        ndjson(&format!(
            r#"{{"resourceType":"CarePlan","id":"p1","subject":{WHO},"status":"{status}","category":[{category}],"period":{{"start":"2020-01-02","end":"2020-02"}}}}"#
        ))
    };
    let assess = r#"{"coding":[{"code":"assess-plan"}]}"#;
    let seen = plan("active", &format!("{assess},{CODE}")).quiet();
    assert_eq!(
        (codes(seen.code()), seen.code().status),
        (vec!["snomed:44054006".to_owned()], CodeStatus::Active)
    );
    assert_eq!(plan("revoked", CODE).code().status, CodeStatus::Past);
    assert_eq!(plan("draft", CODE).deleted().len(), 1);
    assert_eq!(plan("active", assess).rejected(), ["`category` is missing"]);
}

#[test]
fn security_labels() {
    for (code, restricted) in [("R", true), ("V", true), ("HIV", true), ("ETH", true), ("N", false)] {
        let seen =
            condition(&format!(r#""meta":{{"security":[{{"code":"N"}},{{"code":"{code}"}}]}}"#)).quiet();
        assert_eq!(seen.code().restricted, restricted, "{code}");
    }
}

#[test]
fn facts_without_an_id_get_one_from_what_they_say() {
    let json = |onset: &str| {
        format!(r#"{{"resourceType":"Condition","subject":{WHO},"code":{CODE},"onsetDateTime":"{onset}"}}"#)
    };
    let id = |onset: &str| ndjson(&json(onset)).quiet().code().id;
    assert_eq!(id("2020-01-01"), id("2020-01-01"));
    assert_ne!(id("2020-01-01"), id("2020-01-02"));
}
