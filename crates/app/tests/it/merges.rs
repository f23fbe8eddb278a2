//! Two records of one person: what either said against mail binds the one that stands for both, before the merger and after.

use discreet_access::{RestrictPatient, Unsubscribe, WithdrawConsent};
use discreet_app::AppError;
use discreet_app::consents::Said;
use discreet_app::links::Extent;
use discreet_domain::{Channel, PatientId};
use discreet_mail::LinkPurpose;
use discreet_policy::consent::Method;
use discreet_testkit::world::{Mailing, Person, TestRelay, World, both, files_merging, marketing, people};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Who gets a new mailing.
async fn reached(world: &World, name: &str) -> (BTreeSet<PatientId>, Arc<TestRelay>) {
    let campaign = world.campaign(&Mailing::new(name, "age >= 18")).await;
    let relay = Arc::new(TestRelay::default());
    world.dispatch(campaign, &relay, 1).await;
    (relay.given().iter().filter_map(|mail| mail.patient).collect(), relay)
}

async fn ids(world: &World, list: &[Person]) -> Vec<PatientId> {
    let mut ids = Vec::new();
    for person in list {
        ids.push(world.patient(person).await);
    }
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_said_before_the_merger_binds_the_survivor() {
    for world in both().await {
        let mut list = people(0, 4);
        list[0].opted_out = Some("2026-01-20");
        world.import(&list).await;
        let ids = ids(&world, &list).await;
        world
            .app
            .restrict(world.officer.may(RestrictPatient { patient: ids[2] }), true, world.now())
            .await
            .unwrap();
        world.import_csv(&files_merging(&list, &[(0, 1), (2, 3)])).await;
        assert!(reached(&world, "walks").await.0.is_empty(), "one withdrawal, one restriction");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_said_to_a_replaced_record_binds_the_survivor() {
    for world in both().await {
        let mut list = people(0, 6);
        world.import(&list).await;
        let ids = ids(&world, &list).await;
        let (before, relay) = reached(&world, "first").await;
        assert_eq!(before.len(), 6);
        world.import_csv(&files_merging(&list, &[(0, 1), (2, 3)])).await;
        let (after, _) = reached(&world, "second").await;
        assert_eq!(after, BTreeSet::from([ids[1], ids[3], ids[4], ids[5]]));

        // By the link in a mail to the old record.
        let mail = relay.given().iter().find(|mail| mail.patient == Some(ids[0])).unwrap().clone();
        let token = world.link::<Unsubscribe>(&mail, LinkPurpose::Unsubscribe).await;
        world.app.unsubscribe(&token, Extent::Topic, Method::OneClick, world.now()).await.unwrap();
        // By a later export that still knows the old id.
        list[2].opted_out = Some("2026-02-20");
        world.import_csv(&files_merging(&list, &[(0, 1), (2, 3)])).await;
        let (after, _) = reached(&world, "third").await;
        assert_eq!(after, BTreeSet::from([ids[4], ids[5]]));

        // What the survivor says after that stands, whatever is imported again.
        world.grant_to(ids[3], marketing(), Method::Paper).await;
        world.import_csv(&files_merging(&list, &[(0, 1), (2, 3)])).await;
        let (after, _) = reached(&world, "fourth").await;
        assert_eq!(after, BTreeSet::from([ids[3], ids[4], ids[5]]));

        // Staff are told which record to name.
        let by = world.officer.may(WithdrawConsent { patient: ids[2] });
        let said = Said {
            topic: marketing(),
            channel: Channel::Email,
            method: Method::Spoken,
            text_version: None,
            evidence: None,
        };
        let no = world.app.withdraw(by, said, world.now()).await.unwrap_err();
        assert!(matches!(&no, AppError::Conflict(text) if text.contains(&ids[3].to_string())), "{no}");
    }
}
