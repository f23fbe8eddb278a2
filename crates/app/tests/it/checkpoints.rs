//! Checkpoints kept elsewhere, and what somebody is told when they are not; authorizations that end soon.

use crate::refusals::form;
use discreet_access::{AnswerNotice, CheckInstallation, SignAuthorization, VerifyAudit};
use discreet_app::App;
use discreet_app::audit::Verdict;
use discreet_testkit::world::{World, both, people};
use std::path::Path;

const DAY: i64 = 24 * 3600;

async fn remarks(world: &World, app: &App) -> Vec<&'static str> {
    let by = world.officer.may(CheckInstallation);
    app.check(by, world.now()).await.unwrap().into_iter().map(|remark| remark.code).collect()
}

fn notes(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    names.sort();
    names.into_iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_written_elsewhere_every_day() {
    for world in both().await {
        let app = &world.app;
        let elsewhere = tempfile::tempdir().unwrap();
        assert!(remarks(&world, app).await.contains(&"no_checkpoints"));
        assert!(!app.keep_checkpoint(world.now()).await.unwrap(), "there is no place");

        app.keep_checkpoints_in(Some(elsewhere.path().to_owned())).unwrap();
        assert!(remarks(&world, app).await.contains(&"checkpoint_old"), "none was ever written");
        assert!(app.keep_checkpoint(world.now()).await.unwrap());
        assert!(!app.keep_checkpoint(world.now()).await.unwrap(), "one a day");
        assert_eq!(remarks(&world, app).await, ["kit_unconfirmed"]);
        assert_eq!(notes(elsewhere.path()).len(), 1);
        let logged = world.log_lines().await;
        assert!(
            logged.last().unwrap().contains("\"event\":\"checkpointed\""),
            "{}: {logged:?}",
            world.name()
        );

        world.pass(DAY);
        assert!(app.keep_checkpoint(world.now()).await.unwrap());
        let kept = notes(elsewhere.path());
        assert_eq!(kept.len(), 2);
        for note in &kept {
            let verdict = app.verify(world.officer.may(VerifyAudit), Some(note)).await.unwrap();
            assert!(matches!(verdict, Verdict::Sound(_)), "{verdict:?}");
        }
        // Nobody ran the server for two days.
        world.pass(2 * DAY - 1);
        assert_eq!(remarks(&world, app).await, ["kit_unconfirmed"]);
        world.pass(1);
        assert!(remarks(&world, app).await.contains(&"checkpoint_old"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_not_there_is_told_of_and_not_made() {
    for world in both().await {
        let app = &world.app;
        let elsewhere = tempfile::tempdir().unwrap();
        let mounted = elsewhere.path().join("mounted");
        app.keep_checkpoints_in(Some(mounted.clone())).unwrap();
        assert!(app.keep_checkpoint(world.now()).await.is_err());
        assert!(!mounted.exists());
        assert!(remarks(&world, app).await.contains(&"checkpoint_failed"));
        let standing = app.checkpoints_kept(world.officer.may(VerifyAudit), world.now()).await.unwrap();
        assert_eq!((standing.failed, standing.last), (Some(world.now()), None));
        assert!(!app.keep_checkpoint(world.now()).await.unwrap(), "not tried again at once");

        std::fs::create_dir(&mounted).unwrap();
        world.pass(15 * 60);
        assert!(app.keep_checkpoint(world.now()).await.unwrap());
        assert_eq!(remarks(&world, app).await, ["kit_unconfirmed"]);
        // What is there already is not written over, whatever it is.
        world.pass(DAY);
        let size = app.log_size().await.unwrap();
        let day = app.zone().day_of(world.now());
        let name = mounted.join(format!("checkpoint-{day}-{size}.txt"));
        std::fs::write(&name, "somebody else's").unwrap();
        assert!(app.keep_checkpoint(world.now()).await.is_err());
        assert_eq!(std::fs::read_to_string(&name).unwrap(), "somebody else's");

        for own in [world.folder().to_owned(), world.folder().join("keyring")] {
            assert!(app.keep_checkpoints_in(Some(own)).is_err(), "that is not elsewhere");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn authorizations_that_end_soon_are_listed_by_id() {
    for world in both().await {
        let list = people(0, 3);
        world.import(&list).await;
        let mut ids = Vec::new();
        for (person, last_day) in list.iter().zip(["2026-12-24", "2026-12-25", "2026-11-24"]) {
            let patient = world.patient(person).await;
            ids.push(patient);
            let form = form(&["marketing"], last_day, false);
            let by = world.officer.may(SignAuthorization { patient });
            world.app.sign_authorization(by, &form, world.now()).await.unwrap();
        }
        let counted = world.app.expiring_authorizations(world.officer.may(AnswerNotice), world.now()).await;
        assert_eq!(counted.unwrap().exact(), 2, "the thirtieth day is in, the day after is not");
        let by = world.officer.may(AnswerNotice);
        let listed = world.app.ending_authorizations(by, world.now()).await.unwrap();
        let listed: Vec<_> = listed.into_iter().map(|form| form.patient).collect();
        assert_eq!(listed, [ids[2], ids[0]], "the first to end first");
        let logged = world.log_lines().await;
        assert!(logged.last().unwrap().contains("\"event\":\"ending_listed\",\"count\":2"), "{logged:?}");
        let by = world.officer.may(discreet_access::ErasePatient { patient: ids[0] });
        world.app.erase(by, None, world.now()).await.unwrap();
        let by = world.officer.may(AnswerNotice);
        assert_eq!(world.app.ending_authorizations(by, world.now()).await.unwrap().len(), 1);
    }
}
