//! A patient's choices: asked for by mail, one patient's alone, and kept to.

use crate::asked::{acts, email, given_is_permitted, household, shown};
use discreet_access::{ChangeChoices, NotMe, Unsubscribe};
use discreet_app::choices::{Often, Wanted};
use discreet_app::links::Extent;
use discreet_domain::Topic;
use discreet_mail::LinkPurpose;
use discreet_policy::consent::{ALL_OPTIONAL, Method};
use discreet_testkit::world::{CANARY, Given, Mailing, Person, Purpose, TestRelay, World, both};
use discreet_words::Language;
use std::collections::BTreeSet;
use std::sync::Arc;

fn wanted(topics: &[&str], often: Often) -> Wanted {
    let topics = topics.iter().map(|t| Topic::parse(t).unwrap()).collect();
    Wanted { topics, often, language: Language::Spanish, shown: shown() }
}

#[tokio::test(flavor = "multi_thread")]
async fn choices_are_one_patients() {
    for world in both().await {
        let (list, ids) = household(&world).await;
        let relay = TestRelay::default();
        world.app.ask_for_choices(&email(1), Language::English, world.now()).await.unwrap();
        world.app.ask_for_choices(&email(99), Language::English, world.now()).await.unwrap();
        let round = world.send_asked(&relay).await;
        assert_eq!(
            (round.claimed, round.accepted),
            (6, 2),
            "one link for each at the mailbox, none to nobody"
        );
        let text = |mail: &Given| String::from_utf8_lossy(mail.bytes.expose()).replace("=\r\n", "");
        let of = |person: &Person| {
            let name = format!("This link is for {CANARY}-G{}.", person.n);
            relay.given().into_iter().find(|mail| text(mail).contains(&name)).unwrap()
        };
        let (mine, theirs) = (of(&list[1]), of(&list[2]));
        let link = world.fresh::<ChangeChoices>(&mine, LinkPurpose::Choices).await.unwrap();
        assert_eq!(link.record().patient, Some(ids[1]));
        let choices = world.app.choices(&link).await.unwrap();
        assert_eq!(choices.address, "z•••@example.com");
        let ticked = |choices: &discreet_app::choices::Choices| -> Vec<(String, bool)> {
            choices.topics.iter().map(|(o, comes)| (o.topic.as_str().to_owned(), *comes)).collect()
        };
        assert_eq!(ticked(&choices), [("care".to_owned(), false), ("marketing".to_owned(), true)]);
        assert_eq!((choices.often, choices.language), (Often::AsSent, None));
        world.app.choose(&link, &wanted(&["care"], Often::Monthly), world.now()).await.unwrap();
        let after = world.app.choices(&link).await.unwrap();
        assert_eq!(ticked(&after), [("care".to_owned(), true), ("marketing".to_owned(), false)]);
        assert_eq!((after.often, after.language), (Often::Monthly, Some(Language::Spanish)));
        let mut said = acts(&world, ids[1]).await;
        let imported = said.remove(0);
        assert_eq!(imported.2, Method::Imported);
        let page = Method::PreferencePage;
        assert_eq!(said, [("care".to_owned(), true, page), ("marketing".to_owned(), false, page)]);
        // Saving the same again says nothing new.
        world.app.choose(&link, &wanted(&["care"], Often::Monthly), world.now()).await.unwrap();
        assert_eq!(acts(&world, ids[1]).await.len(), 3);
        // Who shares the mailbox has choices of their own.
        let other = world.fresh::<ChangeChoices>(&theirs, LinkPurpose::Choices).await.unwrap();
        assert_eq!(acts(&world, ids[2]).await.len(), 1);
        assert!(ticked(&world.app.choices(&other).await.unwrap())[1].1);
        world.app.stop_optional(&other, world.now()).await.unwrap();
        assert_eq!(acts(&world, ids[2]).await[1].0, ALL_OPTIONAL);
        assert!(!ticked(&world.app.choices(&other).await.unwrap())[1].1);
        assert_eq!(acts(&world, ids[1]).await.len(), 3);
        world.pass(1800);
        assert!(world.fresh::<ChangeChoices>(&mine, LinkPurpose::Choices).await.is_none(), "half an hour");
        given_is_permitted(&world, &relay).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_unticked_is_a_no_where_nothing_was_said_before() {
    let world = World::sqlite().await;
    let (_, ids) = household(&world).await;
    let relay = TestRelay::default();
    world.app.ask_for_choices(&email(0), Language::English, world.now()).await.unwrap();
    world.send_asked(&relay).await;
    let link = world.fresh::<ChangeChoices>(&relay.given()[0], LinkPurpose::Choices).await.unwrap();
    world.app.choose(&link, &wanted(&["marketing"], Often::AsSent), world.now()).await.unwrap();
    let said = acts(&world, ids[0]).await;
    let care: Vec<_> = said.iter().filter(|(topic, ..)| topic == "care").collect();
    assert_eq!(
        care,
        [&("care".to_owned(), false, Method::PreferencePage)],
        "they were told: you will not get it"
    );
    world.app.choose(&link, &wanted(&["marketing"], Often::AsSent), world.now()).await.unwrap();
    assert_eq!(acts(&world, ids[0]).await, said, "said once");
}

#[tokio::test(flavor = "multi_thread")]
async fn choosing_again_lifts_a_stop_at_the_mailbox_for_oneself_alone() {
    let world = World::sqlite().await;
    let (_, ids) = household(&world).await;
    let relay = Arc::new(TestRelay::default());
    let campaign = world.campaign(&Mailing::new("autumn", "has_email = yes")).await;
    world.dispatch(campaign, &relay, 1).await;
    let mail = relay.given().into_iter().find(|g| g.patient == Some(ids[1])).unwrap();
    let text = String::from_utf8_lossy(mail.bytes.expose()).replace("=\r\n", "");
    assert!(text.contains("https://mail.clinic.example/p/choices"), "each mail says where to choose");
    let link = world.link::<Unsubscribe>(&mail, LinkPurpose::Unsubscribe).await;
    world.app.unsubscribe(&link, Extent::Topic, Method::OneClick, world.now()).await.unwrap();
    world.app.ask_for_choices(&email(1), Language::Spanish, world.now()).await.unwrap();
    let before = relay.given().len();
    world.send_asked(&relay).await;
    let fresh = relay.since(before);
    assert_eq!(fresh.len(), 2);
    for mail in &fresh {
        let link = world.fresh::<ChangeChoices>(mail, LinkPurpose::Choices).await.unwrap();
        if link.record().patient == Some(ids[1]) {
            assert!(world.app.choices(&link).await.unwrap().topics.iter().all(|(_, comes)| !comes));
            world.app.choose(&link, &wanted(&["marketing"], Often::AsSent), world.now()).await.unwrap();
        }
    }
    let before = relay.given().len();
    let again = world.campaign(&Mailing::new("winter", "has_email = yes")).await;
    world.dispatch(again, &relay, 1).await;
    let to: BTreeSet<_> = relay.since(before).into_iter().filter_map(|g| g.patient).collect();
    assert_eq!(to, BTreeSet::from([ids[0], ids[1]]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_in_doubt_gets_no_link_and_uses_none() {
    let world = World::sqlite().await;
    let (_, ids) = household(&world).await;
    let relay = Arc::new(TestRelay::default());
    world.app.ask_for_choices(&email(0), Language::English, world.now()).await.unwrap();
    world.send_asked(&relay).await;
    let had = relay.given()[0].clone();
    let link = world.fresh::<ChangeChoices>(&had, LinkPurpose::Choices).await.unwrap();
    let campaign = world.campaign(&Mailing::new("autumn", "has_email = yes")).await;
    world.dispatch(campaign, &relay, 1).await;
    let mail = relay.given().into_iter().find(|g| g.patient == Some(ids[0])).unwrap();
    let not_me = world.link::<NotMe>(&mail, LinkPurpose::NotMe).await;
    world.app.not_me(&not_me, world.now()).await.unwrap();
    assert!(world.app.choices(&link).await.is_err(), "not even the link they had");
    assert!(world.app.choose(&link, &wanted(&["marketing"], Often::AsSent), world.now()).await.is_err());
    world.app.ask_for_choices(&email(0), Language::English, world.now()).await.unwrap();
    assert_eq!(world.send_asked(&relay).await.handed_over, 0);
    let reasons: Vec<String> = world.asked_states().await.into_iter().map(|s| s.2).collect();
    assert!(reasons.contains(&"VETO_ADDRESS_UNVERIFIED".to_owned()), "{reasons:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn once_a_month_is_once_a_month() {
    for world in both().await {
        let (_, ids) = household(&world).await;
        let relay = Arc::new(TestRelay::default());
        world.app.ask_for_choices(&email(0), Language::English, world.now()).await.unwrap();
        world.send_asked(&relay).await;
        let link = world.fresh::<ChangeChoices>(&relay.given()[0], LinkPurpose::Choices).await.unwrap();
        world.app.choose(&link, &wanted(&["marketing"], Often::Monthly), world.now()).await.unwrap();
        let everyone = "has_email = yes";
        let to = async |name: &str, purpose| {
            let campaign = world.campaign(&Mailing::new(name, everyone).for_purpose(purpose)).await;
            let before = relay.given().len();
            world.dispatch(campaign, &relay, 1).await;
            let mails = relay.since(before);
            let them = mails.iter().any(|mail| mail.patient == Some(ids[0]));
            (them, mails.len(), world.refused(campaign).await.get("VETO_TOO_OFTEN").copied().unwrap_or(0))
        };
        assert_eq!(to("first", Purpose::OwnService).await, (true, 3, 0), "{}", world.name());
        world.pass(14 * 86_400);
        assert_eq!(to("second", Purpose::OwnService).await, (false, 2, 1));
        assert_eq!(to("reminder", Purpose::Reminder).await, (true, 3, 0), "care is not optional mail");
        world.pass(14 * 86_400);
        assert_eq!(to("third", Purpose::OwnService).await, (true, 3, 0));
        // Two approved at once: the gate counts, whatever the funnel said.
        world.pass(30 * 86_400);
        let [one, other] = ["fourth", "fifth"].map(|name| Mailing::new(name, everyone));
        let (one, other) = (world.campaign(&one).await, world.campaign(&other).await);
        let before = relay.given().len();
        world.dispatch(one, &relay, 1).await;
        world.dispatch(other, &relay, 1).await;
        let twice = relay.since(before).iter().filter(|mail| mail.patient == Some(ids[0])).count();
        assert_eq!(twice, 1);
        assert_eq!(world.refused(other).await["VETO_TOO_OFTEN"], 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_merged_records_the_stricter_wish_stays() {
    for world in both().await {
        let (list, ids) = household(&world).await;
        let relay = TestRelay::default();
        world.app.ask_for_choices(&email(1), Language::English, world.now()).await.unwrap();
        world.send_asked(&relay).await;
        for mail in relay.given() {
            let link = world.fresh::<ChangeChoices>(&mail, LinkPurpose::Choices).await.unwrap();
            let first = link.record().patient == Some(ids[1]);
            let often = if first { Often::Weekly } else { Often::AsSent };
            world.app.choose(&link, &wanted(&["marketing"], often), world.now()).await.unwrap();
        }
        world.import_csv(&discreet_testkit::world::files_merging(&list, &[(1, 2)])).await;
        let store = world.store().await;
        let mut reading = store.read().await.unwrap();
        let kept = reading.preference(ids[2]).await.unwrap().unwrap();
        assert_eq!(kept.0, "weekly", "{}", world.name());
    }
}
