//! Imports beside withdrawals: no grant from outside overrides a no, and no import makes one wait.

use discreet_access::{CountSegment, ReadRejected, ShowConsent, Unsubscribe};
use discreet_app::links::Extent;
use discreet_app::segments::{Counted, Which};
use discreet_domain::PatientId;
use discreet_mail::LinkPurpose;
use discreet_policy::consent::Method;
use discreet_testkit::world::{CANARY, Mailing, TestRelay, World, address, both, files, marketing, people};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

fn grants(rows: &[(usize, &str)]) -> Vec<(String, String)> {
    let mut text = "patient,topic,channel,action,time\n".to_owned();
    for (n, time) in rows {
        text.push_str(&format!("p{n},marketing,email,granted,{time}\n"));
    }
    vec![("consents.csv".to_owned(), text)]
}

async fn stands(world: &World, patient: PatientId) -> bool {
    let by = world.officer.may(ShowConsent { patient });
    let ledger = world.app.consents_of(by, world.now()).await.unwrap();
    ledger.acts.last().is_some_and(|act| act.granted)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_grant_never_overrides_a_withdrawal() {
    for world in both().await {
        let mut list = people(0, 5);
        list[4].email = address(3); // the same mailbox
        world.import(&list).await;
        let campaign = world.campaign(&Mailing::new("walks", "age >= 18")).await;
        let relay = Arc::new(TestRelay::default());
        world.dispatch(campaign, &relay, 1).await;
        let mut ids = Vec::new();
        for person in &list {
            ids.push(world.patient(person).await);
        }
        // 0: by the patient's own hand; 1: told to staff; 2: on paper; 3, and so 4: by a mail's link.
        world.withdraw_from(ids[0], marketing(), Method::PreferencePage).await;
        world.withdraw(ids[1]).await;
        world.withdraw_from(ids[2], marketing(), Method::Paper).await;
        let mail = relay.given().into_iter().find(|g| g.patient == Some(ids[3])).unwrap();
        let token = world.link::<Unsubscribe>(&mail, LinkPurpose::Unsubscribe).await;
        world.app.unsubscribe(&token, Extent::Topic, Method::OneClick, world.now()).await.unwrap();

        // Dated before the withdrawal: none is taken, whoever withdrew.
        let early: Vec<(usize, &str)> = (0..5).map(|n| (n, "2026-11-01T12:00:00Z")).collect();
        let imported = world.import_csv(&grants(&early)).await;
        assert_eq!((imported.tally.grants_refused, imported.tally.kinds["consent"].rejected), (5, 5));
        // Dated after it: not where the patient, or a reader of the mailbox, did it here.
        let late: Vec<(usize, &str)> = (0..5).map(|n| (n, "2026-12-24T12:00:00Z")).collect();
        world.pass(45 * 24 * 3600);
        let imported = world.import_csv(&grants(&late)).await;
        assert_eq!(imported.tally.grants_refused, 3, "{}", world.name());
        let mut standing = Vec::new();
        for id in &ids {
            standing.push(stands(&world, *id).await);
        }
        assert_eq!(standing, [false, true, true, false, false]);
        let logged = world.log_lines().await.iter().filter(|l| l.contains("\"grant_refused\"")).count();
        assert_eq!(logged, 8);
        // The same again says nothing new, except that it is refused again.
        let again = world.import_csv(&grants(&late)).await;
        assert_eq!((again.tally.grants_refused, again.tally.patients_written), (3, 0));
        let next = world.campaign(&Mailing::new("next", "age >= 18")).await;
        assert_eq!(world.refused(next).await, BTreeMap::from([("VETO_OPTOUT".to_owned(), 3)]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rejected_rows_are_kept_sealed_for_the_steward() {
    let world = World::sqlite().await;
    let mut all = files(&people(0, 3));
    all[0].1.push_str("p9,too,few\n");
    all[1].1.push_str(&format!("x1,p77,icd10,E11.9,{CANARY} of nobody,2020-01-01,active\n"));
    all[2].1.push_str(&format!("a9,p1,2026-12-01T10:00:00Z,{CANARY}-maybe,{CANARY}\n"));
    let imported = world.import_csv(&all).await;
    assert_eq!(imported.tally.total().rejected, 3, "{:?}", imported.rejected);
    let mut codes: Vec<(&str, u64)> = imported.rejected.iter().map(|r| (r.code.as_str(), r.line)).collect();
    codes.sort_unstable();
    assert_eq!(codes, [("bad_field", 2), ("column_count", 5), ("unknown_patient", 5)]);
    assert!(!format!("{imported:?}").to_lowercase().contains(&CANARY.to_lowercase()));
    let by = world.steward.may(ReadRejected);
    let rows = world.app.rejected_rows(by, imported.id, world.now()).await.unwrap();
    assert_eq!(rows.len(), 3);
    assert!(!format!("{rows:?}").to_lowercase().contains(&CANARY.to_lowercase()));
    let raw: Vec<String> =
        rows.iter().map(|(_, raw)| String::from_utf8_lossy(raw.expose()).into_owned()).collect();
    assert!(raw.iter().any(|r| r.contains("too,few")), "as it stood in the file");
    assert!(raw.iter().any(|r| r.contains("p77")));
}

/// How many are imported, and how many of them were known before and call meanwhile.
const MANY: usize = 5_000;
const KNOWN: usize = 500;

async fn count(world: &World, text: &str) -> Counted {
    let (by, which) = (world.marketer.may(CountSegment), Which::Text(text.to_owned()));
    world.app.count_segment(by, &which, &marketing(), world.now()).await.unwrap()
}

/// The known ones call, one after the other, until the import is over. How many did, and how long the longest waited.
async fn callers(world: Arc<World>, patients: Vec<PatientId>, over: Arc<AtomicBool>) -> (usize, Duration) {
    let (mut withdrawn, mut longest) = (0, Duration::ZERO);
    for patient in patients {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let begun = Instant::now();
        world.withdraw(patient).await;
        longest = longest.max(begun.elapsed());
        withdrawn += 1;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    (withdrawn, longest)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_withdrawal_does_not_wait_for_an_import() {
    for world in both().await {
        let mut list = people(0, MANY);
        list.iter_mut().for_each(|p| p.conditions.clear());
        world.import(&list[..KNOWN]).await;
        list.iter_mut().for_each(|p| p.state = "OR");
        let folder = world.write_export(&files(&list));
        let store = world.store().await;
        let rows = store.read().await.unwrap().patients_page(PatientId::from_u128(0), 10_000).await.unwrap();
        let known: Vec<PatientId> = rows.iter().map(|row| row.id).collect();
        let (world, over) = (Arc::new(world), Arc::new(AtomicBool::new(false)));
        let withdrawing = tokio::spawn(callers(Arc::clone(&world), known, Arc::clone(&over)));
        let begun = Instant::now();
        let imported = world.import_folder(folder).await;
        let took = begun.elapsed();
        over.store(true, Ordering::Relaxed);
        let (withdrawn, longest) = withdrawing.await.unwrap();
        eprintln!("{}: {withdrawn} withdrawals in {took:?}, the longest {longest:?}", world.name());
        assert!(longest < Duration::from_secs(1), "{}: a withdrawal took {longest:?}", world.name());
        assert!(withdrawn >= 100, "{}: only {withdrawn} withdrew meanwhile", world.name());
        let patients = imported.tally.kinds["patient"];
        let expected = ((MANY - KNOWN) as u64, KNOWN as u64, 0);
        assert_eq!((patients.created, patients.updated, patients.rejected), expected, "nobody is lost");
        let moved = count(&world, "state = OR").await;
        assert_eq!(moved.count.exact(), MANY as u64);
        assert_eq!(moved.eligible.exact(), (MANY - withdrawn) as u64, "no withdrawal is lost");
        assert_eq!(count(&world, "state = CA").await.count.exact(), 0);
        let again = world.import(&list[..KNOWN]).await;
        assert_eq!(again.tally.patients_written, 0, "{:?}", again.tally);
    }
}
