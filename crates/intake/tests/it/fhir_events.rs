//! Appointments, encounters, observations, coverages.

use crate::reading::*;
use discreet_intake::{fact_id, part_id};

const WHO: &str = r#"{"reference":"Patient/p1"}"#;

fn appointment(members: &str) -> Seen {
    ndjson(&format!(r#"{{"resourceType":"Appointment","id":"a1",{members}}}"#))
}

const TAKES_PART: &str = r#""participant":[{"actor":{"reference":"Patient/p1"},"status":"accepted"},
    {"actor":{"reference":"Practitioner/d1","display":"Dr. Lee"}},{"actor":{"reference":"Location/l1"}}]"#;

fn takes_part() -> String {
    TAKES_PART.replace('\n', " ")
}

#[test]
fn appointment_fields() {
    let location = r#"{"resourceType":"Location","id":"l1","name":"North Clinic"}"#;
    let seen = ndjson(&format!(
        r#"{location}
{{"resourceType":"Appointment","id":"a1","status":"booked","start":"2026-05-01T10:00:00-04:00","end":"2026-05-01T10:30:00-04:00","appointmentType":{{"text":"Check-up"}},"reasonCode":[{{"coding":[{{"display":"Diabetes review"}}]}}],{}}}"#,
        takes_part()
    ))
    .quiet();
    let event = seen.event();
    assert_eq!(event.id, fact_id("ehr", "appointment", "a1"));
    assert_eq!((event.kind.as_str(), event.at.to_string().as_str()), ("appointment", "2026-05-01T14:00:00Z"));
    let expected = [
        "end=2026-05-01T14:30:00Z",
        "provider=Dr. Lee",
        "reason=Diabetes review",
        "site=North Clinic",
        "status=booked",
        "type=Check-up",
    ];
    assert_eq!(fields(event), expected);
}

#[test]
fn appointment_status() {
    for (status, word) in [("noshow", "no_show"), ("checked-in", "checked_in"), ("fulfilled", "fulfilled")] {
        let seen =
            appointment(&format!(r#""status":"{status}","start":"2026-05-01",{}"#, takes_part())).quiet();
        assert_eq!(shown(seen.event().field("status").unwrap()), word);
    }
    let seen = appointment(&format!(r#""status":"entered-in-error",{}"#, takes_part())).quiet();
    assert_eq!(seen.deleted(), [fact_id("ehr", "appointment", "a1")]);
    let booked_for_never = appointment(&format!(r#""status":"booked",{}"#, takes_part()));
    assert_eq!(booked_for_never.rejected(), ["`start` is missing"]);
    // A cancelled visit may have lost its time; the booking of before must not live on.
    let cancelled = appointment(&format!(r#""status":"cancelled",{}"#, takes_part())).quiet();
    assert_eq!(cancelled.deleted().len(), 1);
    let waiting = appointment(&format!(
        r#""status":"waitlist","requestedPeriod":[{{"start":"2026-06-01"}}],{}"#,
        takes_part()
    ));
    assert_eq!(waiting.quiet().event().at.to_string(), "2026-06-01");
    assert_eq!(
        appointment(&format!(r#""status":"moved","start":"2026-05-01",{}"#, takes_part())).rejected().len(),
        1
    );
}

#[test]
fn appointment_participants() {
    let with = |participants: &str| {
        appointment(&format!(r#""status":"booked","start":"2026-05-01","participant":[{participants}]"#))
    };
    let two = with(
        r#"{"actor":{"reference":"Patient/p1"}},{"actor":{"reference":"Patient/p2"},"status":"declined"}"#,
    )
    .quiet();
    let shown_of: Vec<_> = two
        .records()
        .iter()
        .zip(two.events())
        .map(|(r, e)| (r.subject.value.clone(), shown(e.field("status").unwrap())))
        .collect();
    assert_eq!(shown_of, [("p1".to_owned(), "booked".to_owned()), ("p2".to_owned(), "cancelled".to_owned())]);
    assert_eq!(
        with(r#"{"actor":{"reference":"Practitioner/d1"}}"#).rejected(),
        ["`participant.actor of type Patient` is missing"]
    );
    assert_eq!(
        with(r#"{"actor":{"reference":"Patient?identifier=1"}}"#).rejected(),
        ["cannot tell which patient this is about"]
    );
    assert_eq!(appointment(r#""status":"booked""#).rejected(), ["`participant` is missing"]);
    // Whoever a bare UUID is: it is not taken for the patient.
    assert_eq!(with(r#"{"actor":{"reference":"urn:uuid:1"}}"#).rejected().len(), 1);
    assert_eq!(with(r#"{"actor":{"reference":"urn:uuid:1","type":"Patient"}}"#).quiet().events().len(), 1);
}

fn encounter(members: &str) -> Seen {
    ndjson(&format!(r#"{{"resourceType":"Encounter","id":"e1","subject":{WHO},{members}}}"#))
}

#[test]
fn encounter_fields() {
    let seen = encounter(
        r#""status":"in-progress","class":{"code":"AMB"},"type":[{"coding":[{"system":"http://snomed.info/sct","code":"185347001","display":"Visit"}]}],"period":{"start":"2026-05-01T10:00:00Z","end":"2026-05-01T11:00:00Z"},"participant":[{"individual":{"reference":"Practitioner?identifier=1","display":"Dr. Lee"}}],"location":[{"location":{"display":"Room 1"}}],"serviceProvider":{"display":"Hospital"},"reasonCode":[{"text":"Cough"}]"#,
    )
    .quiet();
    let expected = [
        "class=ambulatory",
        "code=snomed:185347001",
        "end=2026-05-01T11:00:00Z",
        "provider=Dr. Lee",
        "reason=Cough",
        "site=Room 1",
        "status=in_progress",
        "type=Visit",
    ];
    assert_eq!(fields(seen.event()), expected);
}

#[test]
fn encounter_words_and_needs() {
    let class = |class: &str| {
        let seen =
            encounter(&format!(r#""status":"onleave","class":{class},"period":{{"start":"2026"}}"#)).quiet();
        (shown(seen.event().field("status").unwrap()), seen.event().field("class").map(shown))
    };
    for (code, word) in [
        ("EMER", "emergency"),
        ("IMP", "inpatient"),
        ("ACUTE", "inpatient"),
        ("VR", "virtual"),
        ("HH", "home"),
        ("OBSENC", "observation"),
        ("SS", "ss"),
    ] {
        assert_eq!(class(&format!(r#"{{"code":"{code}"}}"#)), ("on_leave".to_owned(), Some(word.to_owned())));
    }
    assert_eq!(class(r#""AMB""#).1, None);
    assert_eq!(encounter(r#""status":"finished""#).rejected(), ["`period` is missing"]);
    assert_eq!(
        encounter(r#""status":"finished","period":{"end":"2026"}"#).rejected(),
        ["`period.start` is missing"]
    );
    assert!(
        encounter(r#""status":"finished","period":{"start":"soon"}"#).rejected()[0]
            .starts_with("`period.start` is not")
    );
    assert_eq!(
        encounter(r#""status":"entered-in-error""#).quiet().deleted(),
        [fact_id("ehr", "encounter", "e1")]
    );
    assert_eq!(encounter(r#""period":{"start":"2026"}"#).rejected(), ["`status` is missing"]);
}

fn observation(members: &str) -> Seen {
    ndjson(&format!(
        r#"{{"resourceType":"Observation","id":"o1","subject":{WHO},"status":"final","effectiveDateTime":"2026-05-01","code":{{"coding":[{{"system":"http://loinc.org","code":"4548-4"}}]}},{members}}}"#
    ))
}

fn value(members: &str) -> Vec<String> {
    let seen = observation(members).quiet();
    fields(seen.event()).into_iter().filter(|f| !f.starts_with("code=")).collect()
}

#[test]
fn observation_values() {
    assert_eq!(
        value(
            r#""category":[{"coding":[{"code":"laboratory"}]}],"valueQuantity":{"value":7.5,"unit":"%","code":"%25"}"#
        ),
        ["category=laboratory", "unit=%25", "value=7.5"]
    );
    assert_eq!(value(r#""valueQuantity":{"value":"7.5","unit":"%"}"#), ["unit=%", "value=7.5"]);
    // A bound is no value.
    assert_eq!(value(r#""valueQuantity":{"value":14,"comparator":">","unit":"%"}"#), ["text=> 14", "unit=%"]);
    assert_eq!(value(r#""valueInteger":3"#), ["value=3"]);
    assert_eq!(value(r#""valueBoolean":true"#), ["text=yes"]);
    assert_eq!(value(r#""valueString":"Never smoker""#), ["text=Never smoker"]);
    assert_eq!(value(r#""valueCodeableConcept":{"coding":[{"display":"Positive"}]}"#), ["text=Positive"]);
    assert_eq!(
        value(r#""dataAbsentReason":{"coding":[{"code":"unknown"}]},"valueInteger":3"#),
        Vec::<String>::new()
    );
    assert_eq!(value(r#""x":1"#), Vec::<String>::new());
    assert_eq!(
        observation(r#""valueQuantity":{"value":"high"}"#).rejected(),
        ["`valueQuantity.value` is not a number"]
    );
    assert_eq!(observation(r#""valueQuantity":7"#).rejected(), ["`valueQuantity` is not an object"]);
    let note = observation(&format!(r#""valueString":"{}""#, "word ".repeat(200)));
    assert_eq!(note.warnings(), ["`value[x]` left out: too long to be a value"]);
    assert_eq!(note.event().field("text"), None);
}

#[test]
fn observation_status_and_time() {
    let with = |status: &str, time: &str| {
        ndjson(&format!(
            r#"{{"resourceType":"Observation","id":"o1","subject":{WHO},"status":"{status}",{time}"code":{{"coding":[{{"code":"x"}}]}}}}"#
        ))
    };
    for held in ["final", "amended", "corrected"] {
        assert_eq!(with(held, r#""effectiveInstant":"2026-05-01T00:00:00Z","#).quiet().events().len(), 1);
    }
    for not in ["registered", "preliminary", "cancelled", "entered-in-error", "unknown"] {
        assert_eq!(with(not, "").quiet().deleted(), [fact_id("ehr", "observation", "o1")], "{not}");
    }
    assert_eq!(with("final", "").rejected(), ["`effective[x]` is missing"]);
    assert_eq!(with("final", r#""effectivePeriod":{"start":"2026-01"},"#).event().at.to_string(), "2026-01");
    assert_eq!(with("final", r#""issued":"2026-01-01T00:00:00Z","#).quiet().events().len(), 1);
    let never = observation(r#""dataAbsentReason":{"coding":[{"code":"not-performed"}]}"#).quiet();
    assert_eq!(never.deleted().len(), 1);
}

#[test]
fn components_are_events() {
    let part = |code: &str, rest: &str| {
        format!(r#"{{"code":{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}},{rest}}}"#)
    };
    let list = [
        part("8480-6", r#""valueQuantity":{"value":120}"#),
        part("8462-4", r#""valueQuantity":{"value":80}"#),
        part("8480-6", r#""valueQuantity":{"value":121}"#),
        r#"{"valueInteger":1}"#.to_owned(),
    ];
    let seen = observation(&format!(r#""component":[{}]"#, list.join(",")));
    assert_eq!(seen.warnings(), ["`component.code` is missing"]);
    let ids: Vec<_> = seen.events().iter().map(|e| e.id).collect();
    let part = |code: &str| part_id("ehr", "observation", "o1", code);
    let expected = [
        fact_id("ehr", "observation", "o1"),
        part("loinc:8480-6"),
        part("loinc:8462-4"),
        part("loinc:8480-6#1"),
    ];
    assert_eq!(ids, expected);
    assert!(seen.events().iter().all(|e| e.at.to_string() == "2026-05-01"));
    // Taken back, all of it goes.
    let json = format!(
        r#"{{"resourceType":"Observation","id":"o1","subject":{WHO},"status":"entered-in-error","component":[{}]}}"#,
        list.join(",")
    );
    let mut gone = ndjson(&json).deleted();
    gone.sort();
    let mut all = ids.clone();
    all.sort();
    assert_eq!(gone, all);
}

fn coverage(members: &str) -> Vec<String> {
    let seen = ndjson(&format!(r#"{{"resourceType":"Coverage","id":"v1","beneficiary":{WHO},{members}}}"#));
    let mut all = seen.rejected();
    all.extend(seen.attributes().iter().map(|a| {
        let value = a.value.as_ref().map_or("-".to_owned(), shown);
        let day = |w: Option<discreet_domain::When>| w.map(|w| w.to_string()).unwrap_or_default();
        format!("{}={value} {}..{}", a.name, day(a.since), day(a.until))
    }));
    all
}

#[test]
fn coverages() {
    assert_eq!(
        coverage(
            r#""status":"active","period":{"start":"2025-01-01","end":"2025-12-31"},"payor":[{"display":"Medicare"}],"class":[{"type":{"coding":[{"code":"plan"}]},"value":"1","name":"Gold"}]"#
        ),
        ["payer=medicare 2025-01-01..2025-12-31", "plan=Gold 2025-01-01..2025-12-31"]
    );
    let payer = |members: &str| coverage(&format!(r#""status":"active",{members}"#))[0].clone();
    assert_eq!(
        payer(r#""payor":[{"display":"Blue Cross Blue Shield"}],"type":{"coding":[{"code":"HIP"}]}"#),
        "payer=commercial .."
    );
    assert_eq!(
        payer(r#""payor":[{"display":"MassHealth"}],"type":{"coding":[{"code":"EHCPOL"}]}"#),
        "payer=medicaid .."
    );
    assert_eq!(payer(r#""type":{"coding":[{"code":"pay"}]}"#), "payer=self_pay ..");
    assert_eq!(payer(r#""payor":[{"reference":"Patient/p1","display":"Somebody"}]"#), "payer=self_pay ..");
    assert_eq!(
        payer(r#""type":{"text":"Medicaid managed care"},"payor":[{"reference":"Organization/x"}]"#),
        "payer=medicaid .."
    );
    assert_eq!(payer(r#""payor":[{"reference":"Organization/x"}]"#), "payer=other ..");
    // A person is no plan.
    assert_eq!(
        coverage(r#""status":"active","payor":[{"reference":"Patient/p1","display":"Somebody"}]"#).len(),
        1
    );
    assert_eq!(
        coverage(r#""status":"cancelled","period":{"start":"2025"},"payor":[{"display":"X"}]"#),
        ["payer=- 2025..", "plan=- 2025.."]
    );
    assert_eq!(coverage(r#""payor":[]"#), ["`status` is missing"]);
}
