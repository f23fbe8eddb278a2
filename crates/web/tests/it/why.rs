//! Why one patient is in a segment or not: who may ask, what it takes, what is told, what the log keeps.

use crate::records::import;
use crate::staff::{Person, person};
use crate::world::{Answer, World};
use axum::http::StatusCode;
use discreet_access::{FindPatient, Role, SaveSegment};
use discreet_app::patients::LookUp;
use discreet_domain::PatientId;

const PATIENTS: &str = "id,mrn,given,family,birth_date,sex,email,state,zip\n\
    p1,004217,Maria,Alvarez,1961-03-04,F,maria@example.org,CA,94607\n\
    p2,004218,Tom,Reyes,1970-05-06,M,family@example.org,CA,94607\n\
    p3,004219,Ann,Reyes,1972-05-06,F,family@example.org,CA,94607\n";
const CONDITIONS: &str = "id,patient,system,code,display,onset,status\n\
    c1,p1,icd10,E11.9,Type 2 diabetes,2019-03,active\n\
    c2,p1,icd10,F32.1,Major depressive disorder,2024-02-11,active\n";
const OBSERVATIONS: &str = "id,patient,time,system,code,display,value,unit\n\
    o1,p1,2026-05-02,loinc,4548-4,Hemoglobin A1c,9,%\n\
    o2,p1,2026-05-03,loinc,7917-8,HIV antibody,9,titer\n";
const ASKED: &str = "Why do you open this record?";

/// A clinic with three patients and three segments: the first patient's id, and the segments' paths.
struct Clinic {
    world: World,
    maria: PatientId,
    diabetes: String,
    mood: String,
    results: String,
}

async fn clinic() -> Clinic {
    let world = World::new().await;
    import(
        &world,
        &[("patients.csv", PATIENTS), ("conditions.csv", CONDITIONS), ("observations.csv", OBSERVATIONS)],
    )
    .await;
    let admin = world.app.sign_in(&world.token, None, world.now()).await.unwrap();
    let by = admin.may(FindPatient).unwrap();
    let found = world.app.find_any(by, &LookUp::number(None, "004217"), world.now()).await.unwrap();
    let mut paths = Vec::new();
    for (name, text) in [
        ("Diabetes, to 50", "age <= 50 and has condition icd10:E11*"),
        ("Low mood", "has condition icd10:F32*"),
        ("High results", "any observation where value = 9"),
    ] {
        let by = admin.may(SaveSegment).unwrap();
        let saved = world.app.save_segment(by, name, text, world.now()).await.unwrap();
        paths.push(format!("/segments/{}/why", saved.id));
    }
    let [diabetes, mood, results] = paths.try_into().unwrap();
    Clinic { world, maria: found[0].patient, diabetes, mood, results }
}

impl Clinic {
    async fn find(&self, who: &Person, path: &str) -> Answer {
        who.post(&self.world, path, "by=number&number=004217").await
    }
    /// Gives the reason as the page asks for it.
    async fn reason(&self, who: &Person, path: &str, fields: &str) -> Answer {
        let then = format!("{path}/{}", self.maria);
        let fields = format!("then={then}&{fields}");
        who.post(&self.world, &format!("/patients/{}/open", self.maria), &fields).await
    }
    async fn answer(&self, who: &Person, path: &str) -> Answer {
        who.get(&self.world, &format!("{path}/{}", self.maria)).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_opens_records_may_ask_and_nobody_else() {
    let clinic = clinic().await;
    for role in Role::ALL {
        let one = person(&clinic.world, role.name(), &[role]).await;
        let may = matches!(role, Role::PrivacyOfficer | Role::CareStaff);
        let before = clinic.world.refusals().await;
        let page = one.get(&clinic.world, &clinic.diabetes).await;
        assert_eq!(page.status == StatusCode::OK, may, "{role:?}");
        assert_eq!(page.body.contains("You need another role for this page"), !may, "{role:?}");
        assert_eq!(clinic.world.refusals().await - before, usize::from(!may), "{role:?}");
        assert_eq!(page.body.contains("Diabetes, to 50"), may, "{role:?}");
        // Others have no tab that leads here; care staff have no other.
        let segment = clinic.diabetes.trim_end_matches("/why");
        let beside = one.get(&clinic.world, segment).await;
        let sees = matches!(role, Role::Marketer | Role::Analyst | Role::PrivacyOfficer);
        assert_eq!(beside.status == StatusCode::OK, sees, "{role:?}");
        assert_eq!(beside.body.contains(">Why?<"), sees && may, "{role:?}");
        assert_eq!(page.body.contains(">Insights<"), sees && may, "{role:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_patient_is_found_and_a_reason_given_before_anything_is_told() {
    let clinic = clinic().await;
    let nurse = person(&clinic.world, "nurse", &[Role::CareStaff]).await;
    for (fields, says) in [
        ("by=number&number=1", "No record with that number."),
        ("by=email&email=family%40example.org", "2 records use this address. Enter the record number."),
    ] {
        let answer = nurse.post(&clinic.world, &clinic.diabetes, fields).await;
        assert!(answer.body.contains(says) && answer.header("location").is_empty(), "{fields}");
    }
    let empty = nurse.post(&clinic.world, &clinic.diabetes, "by=number&number=").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let found = clinic.find(&nurse, &clinic.diabetes).await;
    assert!(found.body.contains(ASKED) && found.body.contains("whether this patient is in the segment"));
    assert!(!found.body.contains("Alvarez"), "who it is, only a reason opens");
    let early = clinic.answer(&nurse, &clinic.diabetes).await;
    assert!(early.body.contains(ASKED) && !early.body.contains("Row by row"));
    let without = clinic.reason(&nurse, &clinic.diabetes, "").await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    let given = clinic.reason(&nurse, &clinic.diabetes, "reason=patient_request&note=by+phone").await;
    let path = format!("{}/{}", clinic.diabetes, clinic.maria);
    assert_eq!((given.status, given.header("location")), (StatusCode::SEE_OTHER, path.as_str()));
    let page = clinic.answer(&nurse, &clinic.diabetes).await;
    assert!(page.header("cache-control").contains("no-store"));
    for words in [
        "Not in “Diabetes, to 50”, because row 1 is false: Date of birth: Mar 4, 1961.",
        "Maria Alvarez",
        "</span> false</span>",
        "</span> true</span>",
        "All of these are true",
        "Age is at most 50",
        "Type 2 diabetes · ICD-10 E11.9, since Mar 2019",
        "L2 Health",
    ] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    let title = page.body.split("<title>").nth(1).unwrap().split('<').next().unwrap();
    assert!(!title.contains("Alvarez") && !title.contains("Diabetes"));
    // Once open, the record needs no second reason; nor from its own page.
    let again = clinic.find(&nurse, &clinic.diabetes).await;
    assert_eq!((again.status, again.header("location")), (StatusCode::SEE_OTHER, path.as_str()));
    let record = nurse.get(&clinic.world, &format!("/patients/{}", clinic.maria)).await;
    assert!(record.body.contains("In which segments, and why?") && record.body.contains("Low mood"));
    let segment = clinic.diabetes.split('/').nth(2).unwrap();
    let fields = format!("segment={segment}");
    let chosen = nurse.post(&clinic.world, &format!("/patients/{}/why", clinic.maria), &fields).await;
    assert_eq!(chosen.header("location"), path);
    // Whoever goes on working stays signed in; the reason ends all the same.
    clinic.world.later(8 * 60);
    assert!(clinic.answer(&nurse, &clinic.diabetes).await.body.contains("Row by row"));
    clinic.world.later(8 * 60);
    assert!(clinic.answer(&nurse, &clinic.diabetes).await.body.contains(ASKED), "the reason ran out");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_answer_is_in_the_log_with_its_reason() {
    let clinic = clinic().await;
    let officer = person(&clinic.world, "officer", &[Role::PrivacyOfficer]).await;
    clinic.reason(&officer, &clinic.diabetes, "reason=investigation&note=by+phone").await;
    let looks = async || clinic.world.logged("\"reason\":\"investigation\"").await;
    let before = looks().await;
    clinic.answer(&officer, &clinic.diabetes).await;
    assert_eq!(looks().await - before, 2, "the facts that decide, and whose they are");
    clinic.answer(&officer, &clinic.diabetes).await;
    assert_eq!(looks().await - before, 4, "each time");
    let log = officer.get(&clinic.world, "/audit").await.body;
    let numbers = log.split("href=\"/audit/").skip(1).filter_map(|rest| rest.split('"').next());
    let mut notes = String::new();
    for n in numbers.filter(|n| n.bytes().all(|b| b.is_ascii_digit())) {
        notes.push_str(&officer.get(&clinic.world, &format!("/audit/{n}")).await.body);
    }
    let segment = clinic.diabetes.split('/').nth(2).unwrap();
    let asked = format!("Asked why in or out of segment {segment}, version 1.");
    assert!(notes.contains(&format!("“by phone {asked}”")), "{notes}");
    assert!(!notes.contains("Diabetes, to 50") && !notes.contains("Alvarez"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sensitive_is_folded_until_asked_for() {
    let clinic = clinic().await;
    let nurse = person(&clinic.world, "nurse", &[Role::CareStaff]).await;
    clinic.reason(&nurse, &clinic.mood, "reason=care").await;
    // Of a segment about something sensitive the answer itself.
    let page = clinic.answer(&nurse, &clinic.mood).await.body;
    assert!(page.contains("The answer is folded away.") && page.contains("Show (recorded)"));
    for hidden in ["In “Low mood”", "Not in “", "Row by row", "depressive", "F32", "</span> true"] {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
    let shown = nurse.post(&clinic.world, &format!("{}/{}", clinic.mood, clinic.maria), "").await.body;
    assert!(shown.contains("In “Low mood”, because row 1 is true: Major depressive disorder"), "{shown}");
    assert!(shown.contains("L3 Sensitive") && shown.contains("That was recorded."));
    // Of another segment a fact that is.
    let page = clinic.answer(&nurse, &clinic.results).await.body;
    assert!(page.contains("1 sensitive fact is folded away.") && page.contains("May 2, 2026"), "{page}");
    assert!(!page.contains("May 3, 2026"), "an HIV test, though its code was not asked about: {page}");
    let shown = nurse.post(&clinic.world, &format!("{}/{}", clinic.results, clinic.maria), "").await.body;
    assert!(shown.contains("May 3, 2026"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_says_so() {
    let clinic = clinic().await;
    let nurse = person(&clinic.world, "nurse", &[Role::CareStaff]).await;
    let none = "/segments/00000000-0000-4000-8000-000000000000/why";
    let page = nurse.get(&clinic.world, none).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.body.contains("There is no such segment here, or it is gone."));
    let nobody = format!("{}/00000000-0000-4000-8000-000000000000", clinic.diabetes);
    assert_eq!(nurse.get(&clinic.world, &nobody).await.status, StatusCode::NOT_FOUND);
    // A reason leads nowhere but to the record or to this page.
    let then = "then=/segments/x/why/y&reason=care";
    let opened = nurse.post(&clinic.world, &format!("/patients/{}/open", clinic.maria), then).await;
    assert_eq!(opened.header("location"), format!("/patients/{}", clinic.maria));
}
