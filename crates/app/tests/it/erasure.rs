//! Erased is erased: in the data, in every copy of it made before, and for whoever imports the patient again.

use discreet_access::{CountSegment, ErasePatient, FindPatient, ReadRejected, ShowPatient, VerifyAudit};
use discreet_app::audit::Verdict;
use discreet_app::installation::Sites;
use discreet_app::patients::LookUp;
use discreet_app::segments::Which;
use discreet_app::{App, AppError};
use discreet_audit::{Fault, Reason};
use discreet_domain::{EmailAddress, PatientId, Phi};
use discreet_store::Shelf;
use discreet_testkit::world::{
    CANARY, Mailing, Person, TestRelay, World, address, both, files, files_merging, marketing, people, unlock,
};
use std::sync::Arc;

async fn count(app: &App, world: &World) -> u64 {
    let which = Which::Text("age >= 18".to_owned());
    let counted =
        app.count_segment(world.marketer.may(CountSegment), &which, &marketing(), world.now()).await.unwrap();
    counted.count.exact()
}

async fn erase(world: &World, person: &Person) -> PatientId {
    let patient = world.patient(person).await;
    let by = world.officer.may(ErasePatient { patient });
    world.app.erase(by, Some("Zz-Canary asked for it"), world.now()).await.unwrap();
    patient
}

async fn show(app: &App, world: &World, patient: PatientId) -> Result<(), AppError> {
    let by = world.officer.may(ShowPatient { patient });
    app.show(by, Reason::Care, None, world.now()).await.map(drop)
}

fn is_gone(shown: Result<(), AppError>) -> bool {
    matches!(shown, Err(AppError::Conflict(text)) if text.contains("erased"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_patient_is_gone_and_is_not_made_anew() {
    for world in both().await {
        let list = people(0, 12);
        world.import(&list).await;
        assert_eq!(count(&world.app, &world).await, 12);
        let campaign = world.campaign(&Mailing::new("walks", "age >= 18")).await;
        let patient = erase(&world, &list[3]).await;
        assert!(is_gone(show(&world.app, &world, patient).await));
        assert_eq!(count(&world.app, &world).await, 11);
        assert!(world.find(&list[3]).await.is_empty(), "not even found");
        let relay = Arc::new(TestRelay::default());
        assert_eq!(world.dispatch(campaign, &relay, 2).await.accepted, 11);
        assert!(relay.given().iter().all(|g| g.patient != Some(patient)));

        let again = world.import(&list).await;
        let kinds = &again.tally.kinds;
        assert_eq!((kinds["patient"].rejected, kinds["patient"].unchanged), (1, 11), "{:?}", again.tally);
        assert_eq!(kinds["condition"].rejected + kinds["consent"].rejected, 2);
        assert!(again.rejected.iter().all(|r| r.code == "erased_patient"));
        let by = world.steward.may(ReadRejected);
        let kept = world.app.rejected_rows(by, again.id, world.now()).await.unwrap();
        assert!(
            kept.len() == 3 && kept.iter().all(|(_, raw)| raw.expose().is_empty()),
            "nothing of them is kept"
        );
        // Under another id of the source, the record number still tells.
        let mut all = files(&[list[3].clone()]);
        all.iter_mut().for_each(|(_, text)| *text = text.replace("p3,", "p300,"));
        let renamed = world.import_csv(&all).await;
        assert_eq!(renamed.tally.kinds["patient"].rejected, 1, "{:?}", renamed.tally);
        assert_eq!(count(&world.app, &world).await, 11);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_any_record_of_a_person_erases_all() {
    for world in both().await {
        let list = people(0, 6);
        world.import(&list).await;
        let ids =
            [world.patient(&list[2]).await, world.patient(&list[3]).await, world.patient(&list[4]).await];
        world.import_csv(&files_merging(&list, &[(2, 3), (3, 4)])).await;
        let by = world.officer.may(ShowPatient { patient: ids[0] });
        let shown = world.app.show(by, Reason::Care, None, world.now()).await.unwrap();
        assert!(shown.expose().merged_into.is_some_and(|into| ids[1..].contains(&into)));
        assert_eq!(count(&world.app, &world).await, 4);
        // The one in the middle.
        let by = world.officer.may(ErasePatient { patient: ids[1] });
        world.app.erase(by, None, world.now()).await.unwrap();
        for id in ids {
            assert!(is_gone(show(&world.app, &world, id).await));
        }
        assert_eq!(count(&world.app, &world).await, 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rejected_rows_do_not_outlive_their_time() {
    let world = World::sqlite().await;
    let list = people(0, 3);
    let mut all = files(&list);
    all[0].1.push_str("p9,too,few\n");
    let imported = world.import_csv(&all).await;
    let file = std::fs::File::open(imported.rejected_file.as_ref().unwrap()).unwrap();
    let written = |days: i64| {
        let at = world.now().plus_seconds(-days * 24 * 3600).micros().unsigned_abs();
        file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_micros(at)).unwrap();
    };
    let rows = async || {
        world
            .app
            .rejected_rows(world.steward.may(ReadRejected), imported.id, world.now())
            .await
            .map(|r| r.len())
    };
    written(29);
    erase(&world, &list[0]).await;
    assert_eq!(rows().await.unwrap(), 1);
    written(31);
    erase(&world, &list[1]).await;
    assert!(matches!(rows().await, Err(AppError::NotFound(_))));
    assert!(world.log_lines().await.iter().any(|line| line.contains("rejected_rows_removed")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_made_before_does_not_yield_the_patient() {
    let world = World::sqlite().await;
    let list = people(0, 12);
    world.import(&list).await;
    let victim = world.patient(&list[3]).await;
    let (copy, old) = world.copy();
    let shelf = Shelf::open(&world.sites.shelf, false).await.unwrap();
    let before = shelf.get(&[victim]).await.unwrap().remove(0);
    let key = before.profile.unwrap();
    erase(&world, &list[3]).await;
    let after = shelf.get(&[victim]).await.unwrap().remove(0);
    assert!(after.profile.is_none() && after.evidence.is_some());
    for entry in std::fs::read_dir(world.folder().join("shelf")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(key.len()).any(|w| w == key), "the wrapped key is still in {path:?}");
    }
    world.app.keep_witness().await.unwrap();

    // The old data with today's keyring and shelf.
    let sites = Sites { data: old.data, folder: copy.path().to_owned(), ..world.sites.clone() };
    let app = App::open(&sites, &unlock()).await.unwrap();
    assert!(is_gone(show(&app, &world, victim).await));
    assert!(show(&app, &world, world.patient(&list[4]).await).await.is_ok(), "all others are there");
    assert_eq!(count(&app, &world).await, 11);
    let address = EmailAddress::parse(&address(3)).unwrap();
    let found =
        app.find(world.officer.may(FindPatient), &LookUp::Email(Phi::new(address)), world.now()).await;
    for patient in found.unwrap() {
        let error = show(&app, &world, patient).await.unwrap_err();
        assert!(!error.to_string().to_lowercase().contains(&CANARY.to_lowercase()));
    }
    // Such a copy does not pass for today's log.
    let verdict = app.verify(world.officer.may(VerifyAudit), None).await.unwrap();
    assert!(
        matches!(verdict, Verdict::Faulty(Fault::Truncated { .. } | Fault::RootDiffers { .. })),
        "{verdict:?}"
    );
    drop(app);
    assert!(discreet_testkit::world::found_in_files(copy.path()).is_empty());
}
