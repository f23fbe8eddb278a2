//! Patient.

use crate::reading::*;
use discreet_domain::Identifier;

fn patient(members: &str) -> Seen {
    ndjson(&format!(r#"{{"resourceType":"Patient","id":"p1",{members}}}"#))
}

fn id(source: &str, value: &str) -> Identifier {
    Identifier { source: source.to_owned(), value: value.to_owned() }
}

#[test]
fn a_bare_patient() {
    let seen = ndjson(r#"{"resourceType":"Patient","id":"p1"}"#).quiet();
    let p = seen.patient();
    assert!(p.active && !p.deceased && !p.restricted && p.merged_into.is_none());
    assert_eq!(p.identity.identifiers, [id("ehr", "p1")]);
    assert!(p.attributes.is_empty());
    assert_eq!(seen.records()[0].subject, id("ehr", "p1"));
    assert_eq!(seen.records()[0].place.line, 1);
}

#[test]
fn identifiers_keep_record_numbers_and_drop_the_rest() {
    let typed = |code: &str, system: &str, value: &str| {
        format!(r#"{{"type":{{"coding":[{{"code":"{code}"}}]}},"system":"{system}","value":"{value}"}}"#)
    };
    let list = [
        typed("MR", "http://a.example", "1"),
        typed("SS", "http://hl7.org/fhir/sid/us-ssn", "999-11-1111"),
        typed("DL", "urn:oid:2.16.840.1.113883.4.3.25", "S1"),
        typed("PPN", "http://passport", "X1"),
        r#"{"value":"untyped"}"#.to_owned(),
    ];
    let seen = patient(&format!(r#""identifier":[{}]"#, list.join(","))).quiet();
    assert_eq!(seen.patient().identity.identifiers, [id("ehr", "p1"), id("http://a.example", "1")]);

    // Without a typed one, untyped ones serve; SSNs are known by system or form.
    let untyped = r#""identifier":[{"system":"http://hl7.org/fhir/sid/us-ssn","value":"1"},{"value":"123-45-6789"},
        {"assigner":{"display":"Clinic A"},"value":"77"},{"value":"88"}]"#;
    let seen = patient(&untyped.replace('\n', " ")).quiet();
    let expected = [id("Clinic A", "77"), id("ehr", "p1"), id("ehr/mrn", "88")];
    assert_eq!(seen.patient().identity.identifiers, expected);
}

#[test]
fn the_name_in_use_is_chosen() {
    let seen = patient(
        r#""name":[{"use":"maiden","family":"Old"},{"use":"usual","family":"Díaz","given":["Rosa","M."]},
        {"use":"official","family":"Past","period":{"end":"2020-01-01"}},{"use":"nickname","given":["Rosie"]}]"#
            .replace('\n', " ")
            .as_str(),
    );
    let name = &seen.patient().identity.name;
    assert_eq!((name.family.as_str(), name.preferred.as_deref()), ("Díaz", Some("Rosie")));
    assert_eq!(name.given, ["Rosa", "M."]);
    let seen = patient(r#""name":[{"text":"Rosa Díaz"}]"#);
    assert_eq!(
        (seen.patient().identity.name.family.as_str(), seen.patient().identity.name.given.len()),
        ("Rosa Díaz", 0)
    );
    let seen = patient(r#""name":[{"use":"old","family":"Only"}]"#);
    assert_eq!(seen.patient().identity.name.family, "Only");
}

#[test]
fn emails_in_order_and_bad_ones_dropped() {
    let seen = patient(
        r#""telecom":[{"system":"email","value":"work@example.org","use":"work"},
        {"system":"email","value":" mailto:Home@Example.ORG ","use":"home"},
        {"system":"email","value":"first@example.org","use":"work","rank":1},
        {"system":"email","value":"gone@example.org","use":"old"},
        {"system":"email","value":"ended@example.org","period":{"end":"2020"}},
        {"system":"email","value":"none@none.com"},{"system":"email","value":"not an address"},
        {"system":"email","value":"HOME@example.org; second@example.org"},{"system":"email","value":7},
        {"system":"phone","value":"555-1","use":"home"},{"system":"phone","value":"555-2","use":"mobile"}]"#
            .replace('\n', " ")
            .as_str(),
    );
    let identity = &seen.patient().identity;
    let expected = ["first@example.org", "Home@example.org", "second@example.org", "work@example.org"];
    assert_eq!(identity.emails, expected);
    assert_eq!(identity.phones, ["555-2", "555-1"]);
    let expected = [
        "email address dropped: a placeholder",
        "email address dropped: not an address",
        "`telecom.value` is not text of at most the documented length",
    ];
    let mut warnings = seen.warnings();
    warnings.sort_by_key(|w| expected.iter().position(|e| e == w));
    assert_eq!(warnings, expected);
}

#[test]
fn addresses_and_their_attributes() {
    let seen = patient(
        r#""address":[{"use":"old","city":"Past","period":{"end":"2020"}},{"use":"work","city":"Work"},
        {"use":"home","line":["1 A St","Apt 2"],"city":"Boston","district":"Suffolk","state":"Massachusetts",
         "postalCode":"02114-1234","country":"USA"}]"#
            .replace('\n', " ")
            .as_str(),
    )
    .quiet();
    let p = seen.patient();
    assert_eq!(p.identity.address.lines, ["1 A St", "Apt 2"]);
    assert_eq!(p.identity.address.zip.as_deref(), Some("02114-1234"));
    let shown = ["city", "county", "state", "zip", "country"].map(|a| p.attribute(a).unwrap());
    assert_eq!(shown, ["Boston", "Suffolk", "MA", "02114", "US"]);

    let seen = patient(r#""address":[{"state":"Bavaria","postalCode":"8x"}]"#);
    assert_eq!(seen.warnings().len(), 2);
    assert_eq!(seen.patient().identity.address.state.as_deref(), Some("Bavaria"));
    assert_eq!(seen.patient().attribute("state"), None);
    let seen = patient(r#""address":[{"state":"Bayern","postalCode":"80331","country":"DE"}]"#).quiet();
    assert_eq!(
        (seen.patient().attribute("zip"), seen.patient().attribute("country").unwrap()),
        (None, "DE".into())
    );
}

#[test]
fn death_by_any_word() {
    for (members, deceased, at) in [
        (r#""deceasedBoolean":false"#, false, None),
        (r#""deceasedBoolean":true"#, true, None),
        (r#""deceasedBoolean":"true""#, true, None),
        (r#""deceasedDateTime":"2020-05-06""#, true, Some("2020-05-06")),
        (r#""deceasedDateTime":"sometime""#, true, None),
        (r#""deceasedDateTime":7"#, true, None),
        (r#""_deceasedDateTime":{"extension":[{"url":"x","valueCode":"unknown"}]}"#, true, None),
    ] {
        let seen = patient(members);
        let p = seen.patient();
        assert_eq!(
            (p.deceased, p.deceased_at.map(|w| w.to_string()).as_deref()),
            (deceased, at),
            "{members}"
        );
    }
    assert_eq!(
        patient(r#""deceasedBoolean":"perhaps""#).rejected(),
        ["`deceasedBoolean` is not true or false"]
    );
    assert_eq!(patient(r#""active":{}"#).rejected(), ["`active` is not true or false"]);
}

#[test]
fn merges_and_inactive() {
    assert!(!patient(r#""active":false"#).patient().active);
    let seen = patient(r#""link":[{"other":{"reference":"Patient/p2"},"type":"replaced-by"}]"#).quiet();
    assert_eq!(seen.patient().merged_into, Some(id("ehr", "p2")));
    assert!(!seen.patient().active);
    let seen = patient(r#""link":[{"other":{"reference":"Patient/p0"},"type":"replaces"}]"#).quiet();
    assert!(seen.patient().active && seen.patient().merged_into.is_none());
    let seen = patient(r#""link":[{"other":{"display":"?"},"type":"replaced-by"}]"#);
    assert!(!seen.patient().active && seen.patient().merged_into.is_none());
    assert_eq!(seen.warnings(), ["replaced by a record that cannot be told; set inactive"]);
}

#[test]
fn demographics() {
    let us = "http://hl7.org/fhir/us/core/StructureDefinition/";
    let race = |codes: &[&str]| {
        let parts: Vec<String> = codes
            .iter()
            .map(|c| format!(r#"{{"url":"ombCategory","valueCoding":{{"code":"{c}"}}}}"#))
            .collect();
        format!(r#""extension":[{{"url":"{us}us-core-race","extension":[{}]}}]"#, parts.join(","))
    };
    assert_eq!(patient(&race(&["2028-9"])).patient().attribute("race").as_deref(), Some("asian"));
    assert_eq!(
        patient(&race(&["2028-9", "2106-3"])).patient().attribute("race").as_deref(),
        Some("two or more races")
    );
    assert_eq!(patient(&race(&["UNK"])).quiet().patient().attribute("race"), None);

    let sex = |gender: &str, extension: &str| {
        let seen = patient(&format!(r#""gender":{gender},"extension":[{extension}]"#));
        seen.patient().attribute("sex")
    };
    let individual =
        format!(r#"{{"url":"{us}us-core-individual-sex","valueCoding":{{"code":"248152002"}}}}"#);
    let birth = format!(r#"{{"url":"{us}us-core-birthsex","valueCode":"F"}}"#);
    assert_eq!(sex(r#""male""#, &individual).as_deref(), Some("female"));
    assert_eq!(sex(r#""male""#, &birth).as_deref(), Some("male"));
    assert_eq!(sex("null", &birth).as_deref(), Some("female"));
    assert_eq!(sex(r#""unknown""#, "").as_deref(), None);
    assert_eq!(patient(r#""gender":"Q""#).warnings(), ["`gender` is not one of the documented words"]);

    let seen = patient(
        r#""birthDate":"1980-05","maritalStatus":{"coding":[{"code":"M"}]},
        "communication":[{"language":{"coding":[{"code":"en-US"}]}},{"language":{"text":"Spanish"},"preferred":true}],
        "generalPractitioner":[{"display":"Dr. Lee"}],"managingOrganization":{"display":"North Clinic"}"#
            .replace('\n', " ")
            .as_str(),
    )
    .quiet();
    let shown = ["birth_date", "marital_status", "language", "provider", "site"]
        .map(|a| seen.patient().attribute(a).unwrap());
    assert_eq!(shown, ["1980-05", "married", "es", "Dr. Lee", "North Clinic"]);
}

#[test]
fn an_unknown_birth_date_is_no_error() {
    let seen = patient(r#""_birthDate":{"extension":[{"url":"x","valueCode":"unknown"}]}"#).quiet();
    assert_eq!(seen.patient().attribute("birth_date"), None);
    let seen = patient(r#""birthDate":"06/05/1980""#);
    assert_eq!(seen.patient().attribute("birth_date"), None);
    assert_eq!(seen.warnings(), ["`birthDate` is not YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss"]);
    let seen = patient(r#""birthDate":"1980-05-06T23:30:00-04:00""#).quiet();
    assert_eq!(seen.patient().attribute("birth_date").as_deref(), Some("1980-05-06"));
}

#[test]
fn labels_restrict_and_versions_are_kept() {
    let seen = patient(r#""meta":{"lastUpdated":"2026-01-02T03:04:05Z","security":[{"code":"R"}]}"#).quiet();
    assert!(seen.patient().restricted);
    assert_eq!(seen.records()[0].updated.unwrap().to_string(), "2026-01-02T03:04:05Z");
    assert!(!patient(r#""meta":{"security":[{"code":"N"}]}"#).patient().restricted);
    assert!(
        patient(r#""meta":{"security":"R"}"#).patient().restricted,
        "labels that cannot be read restrict"
    );
    assert!(patient(r#""meta":7"#).patient().restricted);
}

#[test]
fn a_patient_needs_an_id_and_nothing_that_changes_its_meaning() {
    assert_eq!(ndjson(r#"{"resourceType":"Patient"}"#).rejected(), ["`id` is missing"]);
    assert!(
        ndjson(r#"{"resourceType":"Patient","id":"a b"}"#).rejected()[0].starts_with("`id` is not an id")
    );
    assert!(ndjson(r#"{"resourceType":"Patient","id":7}"#).rejected()[0].starts_with("`id` is not an id"));
    let modified = patient(r#""modifierExtension":[{"url":"http://x"}]"#);
    assert_eq!(modified.rejected(), ["a modifier extension whose meaning is not known"]);
    patient(r#""modifierExtension":[]"#).quiet().patient();
}
