//! Records: opened for a reason, by one session, for a while; what is typed and what is shown.

use crate::staff::{Person, person};
use crate::world::{Answer, World};
use axum::http::StatusCode;
use discreet_access::{FindPatient, Import, Role, ShowPatient};
use discreet_app::import::{Order, Source};
use discreet_app::patients::LookUp;
use discreet_domain::PatientId;

const SLY: &str = "<img src=x onerror=alert(1)>";
const ASKED: &str = "Why do you open this record?";

/// Brings files in.
pub async fn import(world: &World, all: &[(&str, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in all {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let admin = world.app.sign_in(&world.token, None, world.now()).await.unwrap();
    let files = Source::at(folder.path());
    let order = Order { files, source: "ehr".to_owned(), mapping: None, dry_run: false, batch: false };
    let now = world.now();
    world.app.import(admin.may(Import).unwrap(), order, &move || now, &|_| {}).await.unwrap();
}

/// Two patients, one with a name that is a trap; the first one's id.
async fn imported(world: &World) -> (PatientId, PatientId) {
    let text = format!(
        "id,mrn,given,family,birth_date,sex,email,state,zip\n\
         p1,004217,Maria,Alvarez,1961-03-04,F,maria@example.org,CA,94607\n\
         p2,004218,\"{SLY}\",\"{SLY}\",1970-05-06,M,sly@example.org,CA,94607\n"
    );
    import(world, &[("patients.csv", &text)]).await;
    let admin = world.app.sign_in(&world.token, None, world.now()).await.unwrap();
    let now = world.now();
    let mut found = Vec::new();
    for number in ["004217", "004218"] {
        let by = admin.may(FindPatient).unwrap();
        found.push(world.app.find_any(by, &LookUp::number(None, number), now).await.unwrap()[0].patient);
    }
    (found[0], found[1])
}

async fn open(world: &World, who: &Person, patient: PatientId, fields: &str) -> Answer {
    who.post(world, &format!("/patients/{patient}/open"), fields).await
}

fn title(answer: &Answer) -> &str {
    answer.body.split("<title>").nth(1).unwrap().split('<').next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_stands_in_no_address_and_nobody_found_says_no_more() {
    let world = World::new().await;
    imported(&world).await;
    let nurse = person(&world, "nurse", &[Role::CareStaff]).await;
    let steward = person(&world, "steward", &[Role::DataSteward]).await;
    let found = nurse.post(&world, "/patients/find", "by=number&number=004217").await;
    assert_eq!(found.status, StatusCode::OK);
    assert!(found.body.contains(ASKED) && found.body.contains("1 record has the number 004217."));
    assert!(!found.body.contains("Alvarez"), "who it is, only a reason opens");
    for (fields, says) in [
        ("by=number&number=1", "No record with that number."),
        ("by=email&email=nobody%40example.org", "No record with that email."),
        ("by=name&family=Alvarez&month=3&day=5&year=1961", "No record with that name and birth date."),
    ] {
        let answer = nurse.post(&world, "/patients/find", fields).await;
        assert!(answer.body.contains(says), "{fields}");
        assert!(answer.header("location").is_empty());
    }
    for fields in ["by=number&number=", "by=email&email=x", "by=name&family=&month=13&day=1&year=1961"] {
        let answer = nurse.post(&world, "/patients/find", fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields}");
    }
    // A data steward finds, and opens nothing.
    let found = steward.post(&world, "/patients/find", "by=number&number=004217").await;
    assert!(found.body.contains("Opening it takes another role") && !found.body.contains(ASKED));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reason_opens_one_record_to_one_session_for_a_quarter_of_an_hour() {
    let world = World::new().await;
    let (maria, sly) = imported(&world).await;
    let nurse = person(&world, "nurse", &[Role::CareStaff]).await;
    let other = person(&world, "other", &[Role::CareStaff]).await;
    let record = format!("/patients/{maria}");
    assert!(nurse.get(&world, &record).await.body.contains(ASKED));
    for fields in ["", "reason=other&note=", "reason=everything"] {
        let refused = open(&world, &nurse, maria, fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields}");
    }
    let opened = open(&world, &nurse, maria, "reason=care&note=called&then=//evil.example").await;
    assert_eq!((opened.status, opened.header("location")), (StatusCode::SEE_OTHER, record.as_str()));
    let page = nurse.get(&world, &record).await;
    assert!(page.body.contains("Maria Alvarez") && page.body.contains("record 004217"));
    assert!(!title(&page).contains("Alvarez"));
    assert!(other.get(&world, &record).await.body.contains(ASKED), "not to another session");
    assert!(nurse.get(&world, &format!("/patients/{sly}")).await.body.contains(ASKED), "nor another record");
    for tab in ["consents", "messages", "restrictions", "rights"] {
        let page = nurse.get(&world, &format!("{record}/{tab}")).await;
        assert!(page.body.contains("Maria Alvarez") && !title(&page).contains("Alvarez"), "{tab}");
        assert!(page.header("cache-control").contains("no-store"), "{tab}");
    }
    world.later(8 * 60);
    assert!(nurse.get(&world, &record).await.body.contains("Maria Alvarez"));
    world.later(8 * 60);
    let over = nurse.get(&world, &format!("{record}/messages")).await;
    assert!(over.body.contains(ASKED) && over.body.contains("a reason holds for 15 minutes"));
    assert!(!over.body.contains("Alvarez"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_an_open_record_changes_nothing() {
    let world = World::new().await;
    let (maria, _) = imported(&world).await;
    let officer = person(&world, "officer", &[Role::PrivacyOfficer]).await;
    let record = format!("/patients/{maria}");
    let head = async || {
        let admin = world.app.sign_in(&world.token, None, world.now()).await.unwrap();
        let by = admin.may(ShowPatient { patient: maria }).unwrap();
        let reason = discreet_app::patients::Reason::Care;
        world.app.head(&by, reason, None, world.now()).await.unwrap().into_exposed()
    };
    for (path, fields) in [
        ("restrictions", "on=yes"),
        ("address", "address=new%40example.org"),
        ("correct", "attribute=state&value=NV"),
        ("consents", "what=out&topic=marketing&channel=email&method=paper"),
        ("erase", "number=004217"),
        ("export", ""),
    ] {
        let answer = officer.post(&world, &format!("{record}/{path}"), fields).await;
        assert!(answer.body.contains(ASKED), "{path}: {}", answer.status);
    }
    let untouched = head().await;
    assert!(!untouched.restricted && untouched.email.as_deref() == Some("maria@example.org"));
    open(&world, &officer, maria, "reason=patient_request").await;
    let done = officer.post(&world, &format!("{record}/restrictions"), "on=yes").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert!(head().await.restricted);
    let file = officer.post(&world, &format!("{record}/export"), "").await;
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"patient-record.json\"");
    assert!(file.body.contains("Alvarez"));
    // What cannot be undone asks once more who one is.
    world.later(6 * 60);
    let asked = officer.post(&world, &format!("{record}/erase"), "number=004217").await;
    assert!(asked.header("location").starts_with("/confirm?next=/patients/"), "{}", asked.status);
    assert_eq!(head().await.name, "Maria Alvarez");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patients_name_is_text() {
    let world = World::new().await;
    let (_, sly) = imported(&world).await;
    let officer = person(&world, "officer", &[Role::PrivacyOfficer]).await;
    open(&world, &officer, sly, "reason=investigation").await;
    for tab in ["", "/consents", "/messages", "/restrictions", "/rights"] {
        let page = officer.get(&world, &format!("/patients/{sly}{tab}")).await;
        assert!(page.body.contains("&#60;img src=x onerror=alert(1)&#62;"), "{tab}");
        assert!(!page.body.contains("<img"), "{tab}");
    }
}

/// No DNS server answers: that is said, and nothing is called missing.
#[tokio::test(flavor = "multi_thread")]
async fn no_answer_is_not_called_missing() {
    let world = World::new().await;
    let admin = person(&world, "admin", &[Role::Administrator]).await;
    let page = admin.post(&world, "/settings/sending/dns", "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Could not ask the DNS just now") && !page.body.contains("Missing"));
}
