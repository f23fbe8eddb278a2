//! Keys: rotated while mail goes out, refused when wrong, kept on paper.

use discreet_access::{CheckInstallation, ManageKeys, ShowPatient};
use discreet_app::installation::Sites;
use discreet_app::{App, AppError};
use discreet_audit::Reason;
use discreet_testkit::world::{Mailing, TestRelay, World, both, people, unlock};
use discreet_vault::{KeyringError, Unlock};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn rotation_while_mail_goes_out() {
    for world in both().await {
        let list = people(0, 120);
        world.import(&list).await;
        let campaign = world.campaign(&Mailing::new("walks", "age >= 18")).await;
        let relay = Arc::new(TestRelay::slow(Duration::from_millis(20)));
        let pace = discreet_app::dispatch::Pace { batch: 10, concurrency: 4, ..Default::default() };
        let rotate = async {
            let mut done = Vec::new();
            for _ in 0..2 {
                tokio::time::sleep(Duration::from_millis(50)).await;
                let by = world.admin.may(ManageKeys);
                done.push(world.app.rotate_keys(by, world.now(), &|_| {}).await.unwrap());
            }
            done
        };
        let (round, rotated) = tokio::join!(world.dispatch_at(campaign, &relay, 2, pace), rotate);
        assert_eq!(round.accepted, 120);
        // Everyone's keys and the organization's own; the one before stays until the next rotation.
        assert_eq!(rotated.iter().map(|r| r.rewrapped).collect::<Vec<_>>(), [121, 121]);
        assert_eq!((rotated[0].retired.as_slice(), rotated[1].retired.len()), ([].as_slice(), 1));
        let versions = world.app.key_versions(world.admin.may(ManageKeys)).await.unwrap();
        let held: Vec<(u32, bool, u64)> = versions.iter().map(|(k, n)| (k.version, k.current, *n)).collect();
        assert_eq!(held, [(rotated[0].version, false, 0), (rotated[1].version, true, 121)]);
        // Another process reads what was wrapped anew.
        let other = world.open_again().await;
        let patient = world.patient(&list[7]).await;
        let by = world.officer.may(ShowPatient { patient });
        other.show(by, Reason::Care, None, world.now()).await.unwrap();
        world.import(&people(200, 5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_runs_on_learns_of_a_rotation() {
    let world = World::sqlite().await;
    let list = people(0, 12);
    world.import(&list).await;
    let other = world.open_again().await;
    for _ in 0..2 {
        world.app.rotate_keys(world.admin.may(ManageKeys), world.now(), &|_| {}).await.unwrap();
    }
    let patient = world.patient(&list[7]).await;
    let by = world.officer.may(ShowPatient { patient });
    other.show(by, Reason::Care, None, world.now()).await.unwrap();
}

/// All files of a folder. Those that SQLite keeps while a database is open are left out.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut all, mut folders) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if !(name.ends_with("-shm") || name.ends_with("-wal") && empty(&path)) {
                all.insert(path.clone(), std::fs::read(&path).unwrap());
            }
        }
    }
    all
}

fn empty(path: &Path) -> bool {
    std::fs::metadata(path).unwrap().len() == 0
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_refused_and_nothing_is_damaged() {
    let (world, stranger) = (World::sqlite().await, World::sqlite().await);
    world.import(&people(0, 5)).await;
    let (_copy, sites) = world.copy();
    drop(App::open(&sites, &unlock()).await.unwrap()); // the write-ahead log goes into the file
    let (before, theirs) = (contents(&sites.folder), contents(stranger.folder()));

    let other = Unlock::Key("CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg=".to_owned().into());
    let no = App::open(&sites, &other).await.unwrap_err();
    assert!(matches!(no, AppError::Keyring(KeyringError::Wrong)), "{no}");
    let words = Unlock::Passphrase("correct horse battery".to_owned().into());
    let no = App::open(&sites, &words).await.unwrap_err();
    assert!(matches!(no, AppError::Keyring(KeyringError::OtherKind(_))), "{no}");
    let with = |keyring: bool, shelf: bool| Sites {
        keyring: if keyring { stranger.sites.keyring.clone() } else { sites.keyring.clone() },
        shelf: if shelf { stranger.sites.shelf.clone() } else { sites.shelf.clone() },
        ..sites.clone()
    };
    for (keyring, shelf) in [(true, false), (false, true), (true, true)] {
        let no = App::open(&with(keyring, shelf), &unlock()).await.unwrap_err();
        let told = no.to_string();
        assert!(
            matches!(no, AppError::Conflict(_) | AppError::Vault(_)) && !told.is_empty(),
            "another's keyring: {keyring}, shelf: {shelf}: {told}"
        );
    }
    let missing = Sites { keyring: sites.folder.join("nothing"), ..sites.clone() };
    let no = App::open(&missing, &unlock()).await.unwrap_err();
    assert!(matches!(no, AppError::Keyring(KeyringError::Missing(_))), "{no}");
    assert!(contents(&sites.folder) == before, "something was changed");
    assert!(contents(stranger.folder()) == theirs, "something of the other's was changed");
    drop(App::open(&sites, &unlock()).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_recovery_kit_is_confirmed_and_goes_stale() {
    let world = World::sqlite().await;
    let nags = async || {
        let by = world.admin.may(CheckInstallation);
        let remarks = world.app.check(by, world.now()).await.unwrap();
        remarks.iter().any(|r| r.code == "kit_unconfirmed")
    };
    let confirm = async |text: &str, code: &secrecy::SecretString| {
        world.app.confirm_kit(world.admin.may(ManageKeys), text, code, world.now()).await
    };
    assert!(nags().await);
    let (text, code) = &world.kit;
    let wrong = "0000-".repeat(8).into();
    assert!(matches!(confirm(text, &wrong).await, Err(AppError::Keyring(KeyringError::Wrong))));
    assert!(matches!(confirm("no kit", code).await, Err(AppError::Keyring(KeyringError::Form(_)))));
    assert!(nags().await);
    confirm(text, code).await.unwrap();
    assert!(!nags().await);
    let rotated = world.app.rotate_keys(world.admin.may(ManageKeys), world.now(), &|_| {}).await.unwrap();
    assert!(nags().await, "the new key is on no kit that was confirmed");
    assert!(matches!(confirm(text, code).await, Err(AppError::Conflict(_))));
    confirm(&rotated.kit.text, &rotated.kit.code).await.unwrap();
    assert!(!nags().await);
    assert!(!format!("{rotated:?}").contains(secrecy::ExposeSecret::expose_secret(&rotated.kit.code)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_keyring_comes_back_from_its_kit() {
    let (world, stranger) = (World::sqlite().await, World::sqlite().await);
    let list = people(0, 5);
    world.import(&list).await;
    let patient = world.patient(&list[2]).await;
    let (_copy, sites) = world.copy();
    let words = Unlock::Passphrase("correct horse battery".to_owned().into());
    let (text, code) = &world.kit;
    let recover = async |text: &str, code: &secrecy::SecretString| {
        App::recover(&sites, &words, text, code, world.now()).await
    };
    // What is refused leaves the keyring that is there.
    let (text2, code2) = &stranger.kit;
    assert!(matches!(recover(text2, code2).await, Err(AppError::Conflict(_))), "another's kit");
    assert!(matches!(recover(text, code2).await, Err(AppError::Keyring(KeyringError::Wrong))));
    assert!(matches!(
        App::recover(&sites, &unlock(), text, code, world.now()).await,
        Err(AppError::Conflict(_))
    ));
    let short = Unlock::Passphrase("short".to_owned().into());
    let no = App::recover(&sites, &short, text, code, world.now()).await.unwrap_err();
    assert!(matches!(no, AppError::Keyring(KeyringError::Short)), "{no}");
    drop(App::open(&sites, &unlock()).await.unwrap());
    // The passphrase is lost: the kit brings everything back under a new one, and the old file is kept.
    let app = recover(text, code).await.unwrap();
    let by = || world.officer.may(ShowPatient { patient });
    app.show(by(), Reason::Care, None, world.now()).await.unwrap();
    drop(app);
    assert!(App::open(&sites, &unlock()).await.is_err());
    App::open(&sites, &words).await.unwrap().show(by(), Reason::Care, None, world.now()).await.unwrap();
    let folder = sites.keyring.parent().unwrap();
    let kept = |e: &std::fs::DirEntry| e.file_name().to_string_lossy().contains("lost-");
    assert_eq!(std::fs::read_dir(folder).unwrap().filter(|e| kept(e.as_ref().unwrap())).count(), 1);
    // The whole folder is lost.
    let again = Unlock::Passphrase("a third passphrase".to_owned().into());
    std::fs::remove_dir_all(folder).unwrap();
    let app = App::recover(&sites, &again, text, code, world.now()).await.unwrap();
    app.show(by(), Reason::Care, None, world.now()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kit_older_than_the_keys_in_use_brings_nothing_back() {
    let world = World::sqlite().await;
    world.import(&people(0, 5)).await;
    world.app.rotate_keys(world.admin.may(ManageKeys), world.now(), &|_| {}).await.unwrap();
    let (_copy, sites) = world.copy();
    let words = Unlock::Passphrase("correct horse battery".to_owned().into());
    let no = App::recover(&sites, &words, &world.kit.0, &world.kit.1, world.now()).await.unwrap_err();
    assert!(no.to_string().contains("older"), "{no}");
    drop(App::open(&sites, &unlock()).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_passphrase_can_be_changed() {
    let world = World::sqlite().await;
    world.import(&people(0, 5)).await;
    let words = Unlock::Passphrase("correct horse battery".to_owned().into());
    world.app.change_unlock(world.admin.may(ManageKeys), &words, world.now()).await.unwrap();
    world.app.rotate_keys(world.admin.may(ManageKeys), world.now(), &|_| {}).await.unwrap();
    assert!(App::open(&world.sites, &unlock()).await.is_err());
    drop(App::open(&world.sites, &words).await.unwrap());
}
