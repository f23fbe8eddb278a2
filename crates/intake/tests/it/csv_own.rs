//! Our own CSV files.

use crate::reading::*;
use discreet_domain::{Basis, catalog};
use discreet_domain::{CodeKind, CodeStatus, Label};
use discreet_intake::*;

#[test]
fn patients_with_all_columns() {
    let seen = csv(
        "patients.csv",
        "id,mrn,mrn_system,given,family,preferred,birth_date,sex,email,phone,address,city,county,state,zip,country,language,race,ethnicity,marital_status,payer,plan,provider,site,interests,deceased,active,restricted,updated\n\
         p1,77,clinic-a,Rosa,Díaz,Rosie,1980-05-06,F,rosa@Example.org; second@example.org,555-1;555-2,\"1 A St\nApt 2\",Boston,Suffolk,Massachusetts,2114,USA,Spanish,White,hispanic or latino,M,Medicare,Gold,Dr. Lee,North,Walking; nutrition,no,yes,Y,2026-01-02\n",
    )
    .quiet();
    let p = seen.patient();
    let ids: Vec<_> = p.identity.identifiers.iter().map(|i| format!("{}|{}", i.source, i.value)).collect();
    assert_eq!(ids, ["clinic-a|77", "ehr|p1"]);
    assert_eq!(
        (p.identity.name.family.as_str(), &p.identity.name.given[..]),
        ("Díaz", &["Rosa".to_owned()][..])
    );
    assert_eq!(p.identity.emails, ["rosa@example.org", "second@example.org"]);
    assert_eq!(p.identity.phones, ["555-1", "555-2"]);
    assert_eq!(p.identity.address.lines, ["1 A St", "Apt 2"]);
    assert!(p.restricted && p.active && !p.deceased);
    let shown: Vec<_> = p.attributes.keys().map(|k| format!("{k}={}", p.attribute(k).unwrap())).collect();
    let expected = [
        "birth_date=1980-05-06",
        "city=Boston",
        "country=US",
        "county=Suffolk",
        "ethnicity=hispanic",
        "interests=nutrition+walking",
        "language=es",
        "marital_status=married",
        "payer=medicare",
        "plan=Gold",
        "provider=Dr. Lee",
        "race=white",
        "sex=female",
        "site=North",
        "state=MA",
        "zip=02114",
    ];
    assert_eq!(shown, expected);
    assert_eq!(seen.records()[0].updated.unwrap().to_string(), "2026-01-02T05:00:00Z");
}

fn patient(columns: &str, cells: &str) -> Seen {
    csv("patients.csv", &format!("id,family,birth_date,{columns}\np1,Díaz,1980-05-06,{cells}\n"))
}

#[test]
fn patients_who_must_not_be_written_to() {
    assert!(patient("deceased", "true").quiet().patient().deceased);
    let dead = patient("deceased_date", "2020-01-02").quiet();
    assert!(dead.patient().deceased && dead.patient().deceased_at.is_some());
    let dead = patient("deceased_date", "in spring");
    assert!(dead.patient().deceased && dead.patient().deceased_at.is_none());
    assert_eq!(patient("deceased", "perhaps").rejected(), ["`deceased` is not true or false"]);
    assert!(!patient("active", "no").patient().active);
    let merged = patient("merged_into", "p2").quiet();
    assert_eq!(merged.patient().merged_into.as_ref().unwrap().value, "p2");
    assert!(!merged.patient().active);
    assert!(matches!(patient("status", "entered-in-error").records()[0].what, Incoming::Gone));
    assert_eq!(patient("restricted", "maybe").rejected(), ["`restricted` is not true or false"]);
}

#[test]
fn cells_that_cannot_be_read_cost_the_cell() {
    let seen = patient("sex,state,zip,email,mrn,language", "7,Bavaria,8x,nobody,123-45-6789,??");
    let p = seen.patient();
    assert_eq!(p.attributes.len(), 1); // the date of birth
    assert_eq!(p.identity.identifiers.len(), 1);
    assert_eq!(seen.warnings().len(), 6, "{:?}", seen.warnings());
    let seen = csv("patients.csv", "id,family,birth_date\np1,Díaz,5/6/1980\n");
    assert_eq!(seen.warnings(), ["`birth_date` is not YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss"]);
    let empty = patient("sex,language,payer", "unknown,NULL,").quiet();
    assert_eq!(empty.patient().attributes.len(), 1);
    assert_eq!(csv("patients.csv", "id,family,birth_date\n,Díaz,\n").rejected(), ["`id` is missing"]);
}

#[test]
fn attributes_of_the_organization() {
    let mut options = options();
    options.catalog.attributes.push(catalog::Attribute {
        name: "loyalty_points".to_owned(),
        title: "Points".to_owned(),
        kind: catalog::Kind::Number,
        label: Label::L1,
        basis: Basis::Behavioral,
        values: vec![],
    });
    let text = "id,family,birth_date,Loyalty Points,shoe size,age\np1,D,,12.5,40,46\np2,D,,many,40,46\n";
    let seen = read_bytes("patients.csv", Format::Csv, text.as_bytes(), &options);
    assert_eq!(seen.patients()[0].attribute("loyalty_points").as_deref(), Some("12.5"));
    let expected = [
        "column `shoe_size` is not imported: no rule names it",
        "column `age` is not imported: Discreet derives it",
        "`loyalty_points` is not a number",
    ];
    assert_eq!(seen.warnings(), expected);
}

#[test]
fn coded_facts() {
    for (file, kind, date) in [
        ("conditions.csv", CodeKind::Condition, "onset"),
        ("medications.csv", CodeKind::Medication, "start"),
        ("procedures.csv", CodeKind::Procedure, "date"),
        ("immunizations.csv", CodeKind::Immunization, "date"),
        ("allergies.csv", CodeKind::Allergy, "onset"),
        ("careplans.csv", CodeKind::CarePlan, "start"),
    ] {
        let seen =
            csv(file, &format!("id,patient,system,code,display,{date}\nx1,p1,icd10,e119,Diabetes,2020-05\n"))
                .quiet();
        let fact = seen.code();
        assert_eq!((fact.kind, codes(fact)), (kind, vec!["icd10:E11.9".to_owned()]));
        assert_eq!(fact.id, fact_id("ehr", kind.name(), "x1"));
        assert_eq!(fact.onset.unwrap().to_string(), "2020-05");
        assert_eq!(seen.names(), [("icd10:E11.9".to_owned(), "Diabetes".to_owned())]);
    }
}

#[test]
fn statuses_of_coded_facts() {
    let of = |file: &str, status: &str| {
        csv(file, &format!("id,patient,system,code,status\nx1,p1,icd10,E11,{status}\n"))
    };
    for (status, is) in [
        ("", CodeStatus::Active),
        ("Active", CodeStatus::Active),
        ("resolved", CodeStatus::Past),
        ("on-hold", CodeStatus::Past),
    ] {
        assert_eq!(of("conditions.csv", status).quiet().code().status, is, "{status}");
    }
    assert_eq!(
        of("conditions.csv", "entered-in-error").quiet().deleted(),
        [fact_id("ehr", "condition", "x1")]
    );
    assert_eq!(of("procedures.csv", "completed").code().status, CodeStatus::Active);
    assert_eq!(of("procedures.csv", "not-done").deleted().len(), 1);
    assert_eq!(
        of("immunizations.csv", "resolved").rejected(),
        ["`status` is not one of the documented words"]
    );
    assert_eq!(of("conditions.csv", "sort of").rejected().len(), 1);
}

#[test]
fn rows_without_an_id_get_the_same_one_each_time() {
    let id = |onset: &str, end: &str, status: &str| {
        csv(
            "conditions.csv",
            &format!("patient,system,code,onset,end,status\np1,icd10,E11.9,{onset},{end},{status}\n"),
        )
        .code()
        .id
    };
    // What may change later is not in it.
    assert_eq!(id("2020-01-01", "", "active"), id("2020-01-01", "2021-01-01", "resolved"));
    assert_ne!(id("2020-01-01", "", ""), id("2020-01-02", "", ""));
}

#[test]
fn appointments_and_encounters() {
    let seen = csv(
        "appointments.csv",
        "id,patient,time,status,type,provider,site,reason,end\na1,p1,2026-05-01 10:00,No Show,Check-up,Dr. Lee,North,Review,2026-05-01T10:30:00\n",
    )
    .quiet();
    let event = seen.event();
    assert_eq!(
        (event.id, event.at.to_string()),
        (fact_id("ehr", "appointment", "a1"), "2026-05-01T14:00:00Z".to_owned())
    );
    let expected = [
        "end=2026-05-01T14:30:00Z",
        "provider=Dr. Lee",
        "reason=Review",
        "site=North",
        "status=no_show",
        "type=Check-up",
    ];
    assert_eq!(fields(event), expected);
    let status =
        |word: &str| csv("appointments.csv", &format!("patient,time,status\np1,2026-05-01,{word}\n"));
    assert_eq!(shown(status("scheduled").event().field("status").unwrap()), "booked");
    assert_eq!(status("entered in error").deleted().len(), 1);
    assert_eq!(status("moved").rejected(), ["`status` is not one of the documented words"]);
    assert_eq!(status("").rejected(), ["`status` is missing"]);

    let seen = csv("encounters.csv", "patient,time,status,class,system,code,display\np1,2026-05-01,in-progress,urgentcare,snomed,185347001,Visit\n").quiet();
    assert_eq!(fields(seen.event()), ["class=urgent_care", "code=snomed:185347001", "status=in_progress"]);
}

#[test]
fn observations_and_events() {
    let of = |value: &str, unit: &str| {
        let seen = csv(
            "observations.csv",
            &format!("patient,time,system,code,value,unit\np1,2026-05-01,loinc,4548-4,{value},{unit}\n"),
        )
        .quiet();
        fields(seen.event())[1..].to_vec()
    };
    assert_eq!(of("7.5", "%"), ["unit=%", "value=7.5"]);
    assert_eq!(of("< 5", "%"), ["text=< 5"]);
    assert_eq!(of("positive", ""), ["text=positive"]);
    assert_eq!(of("NaN", ""), ["text=NaN"]);
    assert_eq!(of("", ""), Vec::<String>::new());

    let seen = csv(
        "events.csv",
        "patient,kind,time,page,campaign,status,system,code,value\np1,page_view,2026-05-01T10:00:00Z,/flu,,,,,\np1,portal_login,2026-05-01,,,,,,\np1,appointment,2026-05-02,,,no show,,,\np1,observation,2026-05-02,,,,loinc,4548-4,7\np1,dance,2026-05-02,,,,,,\np1,observation,2026-05-02,,,,loinc,4548-4,high\n",
    );
    let kinds: Vec<_> = seen.events().iter().map(|e| format!("{} {}", e.kind, fields(e).join(" "))).collect();
    let expected = [
        "page_view page=/flu",
        "portal_login ",
        "appointment status=no_show",
        "observation code=loinc:4548-4 value=7",
    ];
    assert_eq!(kinds, expected);
    assert_eq!(seen.rejected(), ["`kind` is not one of the documented words", "`value` is not a number"]);
    let gone = csv("events.csv", "id,patient,kind,time,deleted\ne1,p1,portal_login,2026-05-01,yes\n").quiet();
    assert_eq!(gone.deleted(), [fact_id("ehr", "portal_login", "e1")]);
}

#[test]
fn consents() {
    let seen = csv(
        "consents.csv",
        "patient,topic,channel,action,time,text_version,method,evidence\n\
         p1,Marketing,Email,granted,2026-05-01,v2,paper,\"form 12, signed\"\n\
         p1,marketing,email,withdrawn,2026-05-01,,phone,\n\
         p1,marketing,email,granted,2026-05-01T10:00:00Z,,,\n\
         p1,marketing,pigeon,granted,2026-05-01,,,\n\
         p1,9 lives,email,granted,2026-05-01,,,\n\
         p1,marketing,email,perhaps,2026-05-01,,,\n\
         p1,marketing,email,granted,2026-05,,,\n\
         p1,marketing,email,granted,,,,\n",
    );
    let acts: Vec<_> = seen.consents().iter().map(|c| (c.granted, c.at.to_string())).collect();
    let expected = [
        (true, "2026-05-01T04:00:00Z".to_owned()),
        (false, "2026-05-02T03:59:59.999999Z".to_owned()), // a withdrawal of the same day wins
        (true, "2026-05-01T10:00:00Z".to_owned()),
    ];
    assert_eq!(acts, expected);
    let first = seen.consents()[0];
    assert_eq!(
        (first.topic.as_str(), first.text_version.as_deref(), first.method.as_deref()),
        ("marketing", Some("v2"), Some("paper"))
    );
    assert_eq!(first.evidence.expose().as_deref(), Some("form 12, signed"));
    let fields: Vec<_> = seen.rejected_rows().iter().map(|r| r.reason.field().unwrap().to_owned()).collect();
    assert_eq!(fields, ["channel", "topic", "action", "time", "time"]);
}

#[test]
fn interests_and_coverages() {
    let seen = csv(
        "interests.csv",
        "patient,attribute,words\np1,,\"Walking; nutrition, walking\"\np1,lifestyle,runner\np1,sex,female\np1,,\n",
    );
    let sets: Vec<_> = seen
        .records()
        .iter()
        .map(|r| match &r.what {
            Incoming::AddToSet { name, words } => format!("{name}: {}", words.join(" ")),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(sets, ["interests: nutrition walking", "lifestyle: runner"]);
    assert_eq!(seen.rejected(), ["`attribute` is not one of the documented words", "`words` is missing"]);

    let seen = csv("coverages.csv", "patient,payer,plan,start,end,status\np1,Humana,Gold,2025-01-01,2025-12-31,\np1,medicaid,,2026-01-01,,cancelled\n").quiet();
    let parts: Vec<_> = seen
        .attributes()
        .iter()
        .map(|a| format!("{}={}", a.name, a.value.as_ref().map_or("-".into(), shown)))
        .collect();
    assert_eq!(parts, ["payer=commercial", "plan=Gold", "payer=-", "plan=-"]);
}

#[test]
fn notes_are_refused_here_too() {
    for (code, display) in [("34865-6", ""), ("1-1", "Psychotherapy note")] {
        let seen = csv(
            "observations.csv",
            &format!("patient,time,system,code,display,text\np1,2026-05-01,loinc,{code},{display},CANARY\n"),
        );
        assert_eq!(seen.report.rejected["forbidden_note"], 1);
        assert!(seen.rejected_rows()[0].raw.expose().is_empty() && seen.names().is_empty());
    }
}

#[test]
fn shapes_of_files() {
    let header = "\u{feff}Patient;System;Code;Display\r\n";
    let seen =
        csv("Conditions.2026-01.CSV", &format!("{header}p1;icd10;E11;\"a\nb\"\r\n\r\np2;icd10;E12;\r\n"))
            .quiet();
    assert_eq!(seen.records().iter().map(|r| r.place.line).collect::<Vec<_>>(), [2, 5]);
    assert_eq!(csv("conditions.tsv", "patient\tsystem\tcode\np1\ticd10\tE11\n").quiet().codes().len(), 1);
    assert_eq!(
        csv("1.conditions.csv", "sep=|\npatient|system|code\np1|icd10|E11\n").quiet().codes().len(),
        1
    );
    // Trailing delimiters are no fields; anything else may have moved them.
    let seen = csv("conditions.csv", "patient,system,code\np1,icd10,E11,,\np1,icd10\np1,icd10,E11,x\n,,\n");
    assert_eq!(seen.codes().len(), 1);
    assert_eq!(seen.rejected(), ["not 3 fields, as the header has"; 2]);
    assert_eq!(seen.rejected_rows()[0].raw.expose(), b"p1,icd10");
    let seen = csv("conditions.csv", "patient,system,code\np1,icd10,\"E11\np2,icd10,E12\np3,icd10,E13\n");
    assert_eq!(seen.rejected(), ["a quoted field that is not closed"]);
    assert_eq!(seen.records().iter().map(|r| r.place.line).collect::<Vec<_>>(), [3, 4]);
    let seen = read_bytes(
        "conditions.csv",
        Format::Csv,
        b"patient,system,code\np\xff,icd10,E11\np2,icd10,E12\n",
        &options(),
    );
    assert_eq!((seen.rejected(), seen.codes().len()), (vec!["not UTF-8 text".to_owned()], 1));
}

#[test]
fn files_that_are_refused() {
    let refused = |name: &str, text: &str| csv(name, text).problems().join("; ");
    assert_eq!(refused("conditions.csv", "patient,code\np1,E11\n"), "the header has no column system");
    assert_eq!(
        refused("patients.csv", "Rosa,Díaz,1980-05-06\n"),
        "the header has no column id, family, birth_date"
    );
    assert_eq!(refused("conditions.csv", "patient,system,code,Code\n"), "two columns for `code`");
    assert_eq!(refused("conditions.csv", ""), "no header row");
    assert!(refused("people.csv", "id\n").starts_with("a CSV file of no known kind"));
    assert!(refused("names.csv", "id,name\n").starts_with("a CSV file of no known kind"));
    let wide = format!("patient,system,code{}\n", ",x".repeat(limits::MOST_COLUMNS));
    assert_eq!(refused("conditions.csv", &wide), "more columns than the limit");
    let utf16 = read_bytes("conditions.csv", Format::Csv, b"\xff\xfep\x00", &options());
    assert_eq!(utf16.problems(), ["UTF-16 text; save it as UTF-8"]);
    let latin = read_bytes("conditions.csv", Format::Csv, b"patient,system,c\xf6de\n", &options());
    assert_eq!(latin.problems(), ["not UTF-8 text; save it as UTF-8"]);
    assert_eq!(refused("consents.csv", "patient\n"), "the header has no column topic, channel, action, time");
}

#[test]
fn headers_that_are_data_are_not_shown() {
    let seen = csv(
        "conditions.csv",
        "patient,system,code,555-12-9999,rosa@example.org,Follow-up (date)\np1,icd10,E11,,,\n",
    );
    let expected = [
        "column number 4 is not imported: no rule names it",
        "column number 5 is not imported: no rule names it",
        "column `follow_up_(date)` is not imported: no rule names it",
    ];
    assert_eq!(seen.warnings(), expected);
}
