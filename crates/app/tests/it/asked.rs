//! What patients ask for at their pages: the consent form and its confirmation, a copy of what they signed.

use discreet_access::{
    AnswerNotice, ChangeChoices, ConfirmChoice, ErasePatient, ReadCopy, ResumeSending, SetRelay, ShowConsent,
    SignAuthorization, StopSending,
};
use discreet_app::asked::Shown;
use discreet_app::copies::{Copy, MOST_TRIES};
use discreet_app::join::Wish;
use discreet_app::notices::About;
use discreet_audit::{EntryBody, Event};
use discreet_domain::{Day, EmailAddress, MessageId, PatientId, Phi, Topic};
use discreet_mail::LinkPurpose;
use discreet_policy::AddressStanding;
use discreet_policy::authorization::{Authorization, Expiry, Signer};
use discreet_policy::consent::Method;
use discreet_testkit::world::{
    CANARY, Given, Mailing, NO_MAILBOX, Person, TestRelay, World, address, both, people,
};
use discreet_words::Language;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

pub fn shown() -> Shown {
    Shown { version: "join/en/1".to_owned(), text: "You decide.".to_owned() }
}

fn wish(person: &Person, email: &str, birth: &str) -> Wish {
    Wish {
        topics: vec![Topic::marketing()],
        email: Phi::new(EmailAddress::parse(email).unwrap()),
        given: Phi::new(format!("{CANARY}-G{}", person.n)),
        family: Phi::new(person.family()),
        birth: Day::parse(birth).unwrap(),
        shown: shown(),
        language: Language::English,
    }
}

/// The letter without what differs from mail to mail.
fn letter(mail: &Given) -> String {
    let text = String::from_utf8_lossy(mail.bytes.expose()).replace("=\r\n", "");
    let (_, message) = text.split_once("\r\nTo: ").unwrap();
    let plain = message.split("\r\n").filter(|line| {
        !line.contains("Message-ID")
            && !line.contains("boundary")
            && !line.contains("--=")
            && !line.contains('@')
    });
    let mut out = String::new();
    for line in plain {
        let line = match line.find("/p/confirm/") {
            Some(at) => format!("{}{}", &line[..at], &line[(at + 11 + 32).min(line.len())..]),
            None => line.to_owned(),
        };
        out.push_str(&line);
        out.push('\n');
    }
    out
}

pub async fn acts(world: &World, patient: PatientId) -> Vec<(String, bool, Method)> {
    let by = world.officer.may(ShowConsent { patient });
    let ledger = world.app.consents_of(by, world.now()).await.unwrap();
    ledger.acts.into_iter().map(|a| (a.topic.as_str().to_owned(), a.granted, a.method)).collect()
}

async fn standing(world: &World, patient: PatientId) -> AddressStanding {
    let store = world.store().await;
    store.read().await.unwrap().patient(patient).await.unwrap().unwrap().address_standing
}

/// Every mail that was handed over was permitted by an entry of the log, once.
pub async fn given_is_permitted(world: &World, relay: &TestRelay) {
    let mut permitted = BTreeMap::<MessageId, u32>::new();
    for line in world.log_lines().await {
        if let Event::ServiceDecided { message, verdict, .. } = EntryBody::parse(&line).unwrap().did
            && verdict == "permitted"
        {
            *permitted.entry(message).or_insert(0) += 1;
        }
    }
    let given: Vec<MessageId> = relay.given().iter().map(|g| g.message).collect();
    assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), given.len(), "nothing goes twice");
    assert!(given.iter().all(|m| permitted.get(m) == Some(&1)), "{}", world.name());
}

/// Marketing and care; the first of three has a mailbox of their own, the others share one.
pub async fn household(world: &World) -> (Vec<Person>, Vec<PatientId>) {
    let mut list = people(0, 3);
    list[2].email = address(1);
    world.import(&list).await;
    let mut ids = Vec::new();
    for person in &list {
        ids.push(world.patient(person).await);
    }
    (list, ids)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_consent_form_from_page_to_first_mail() {
    for world in both().await {
        let mut list = people(0, 2);
        list[0].opted_in = None;
        world.import(&list).await;
        let (person, relay) = (&list[0], Arc::new(TestRelay::default()));
        let patient = world.patient(person).await;
        world.app.ask_to_join(wish(person, &address(0), &person.birth), world.now()).await.unwrap();
        assert!(
            relay.given().is_empty() && acts(&world, patient).await.is_empty(),
            "nothing before it is asked"
        );
        let round = world.send_asked(&relay).await;
        assert_eq!((round.handed_over, round.accepted), (1, 1), "{}", world.name());
        let mail = relay.given()[0].clone();
        assert_eq!(mail.to.expose().as_str(), address(0));
        let text = String::from_utf8_lossy(mail.bytes.expose()).into_owned();
        assert!(
            text.contains("Subject: Please confirm your email choice") && text.contains("Auto-Submitted")
        );
        for not in [
            "
List-",
            "clinic.example/u/",
            "clinic.example/n/",
            "News",
        ] {
            assert!(!text.contains(not), "{not}");
        }
        // Looking changes nothing, however often.
        for _ in 0..3 {
            let link = world.fresh::<ConfirmChoice>(&mail, LinkPurpose::Confirm).await.unwrap();
            assert_eq!(world.app.wished(&link).await.unwrap(), ["News and offers"]);
        }
        assert!(acts(&world, patient).await.is_empty());
        let link = world.fresh::<ConfirmChoice>(&mail, LinkPurpose::Confirm).await.unwrap();
        for _ in 0..2 {
            let names = world.app.confirm_wish(&link, world.now()).await.unwrap();
            assert_eq!(names, ["News and offers"]);
        }
        let expected = [("marketing".to_owned(), true, Method::DoubleOptIn)];
        assert_eq!(acts(&world, patient).await, expected, "once");
        assert_eq!(
            standing(&world, patient).await,
            AddressStanding::OnRecord,
            "no more than that may leave for it"
        );
        let campaign = world.campaign(&Mailing::new("autumn", "has_email = yes")).await;
        assert_eq!(world.dispatch(campaign, &relay, 1).await.accepted, 2, "and now mail comes");
        world.pass(7 * 86_400);
        assert!(
            world.fresh::<ConfirmChoice>(&mail, LinkPurpose::Confirm).await.is_none(),
            "its time is over"
        );
        assert!(world.fresh::<ChangeChoices>(&mail, LinkPurpose::Confirm).await.is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_gets_the_same_mail_and_the_same_words() {
    for world in both().await {
        let list = people(0, 2);
        world.import(&list).await;
        let relay = TestRelay::default();
        let (one, other) = (&list[0], &list[1]);
        let stranger = format!("{}-stranger@example.com", CANARY.to_lowercase());
        // Right; another's address; an address of nobody; another birth date.
        for (email, birth) in [
            (address(0), one.birth.as_str()),
            (address(1), one.birth.as_str()),
            (stranger.clone(), one.birth.as_str()),
            (address(0), "1901-01-01"),
        ] {
            world.app.ask_to_join(wish(one, &email, birth), world.now()).await.unwrap();
        }
        assert_eq!(world.send_asked(&relay).await.accepted, 4);
        let given = relay.given();
        let letters: BTreeSet<String> = given.iter().map(letter).collect();
        assert_eq!(letters.len(), 1, "{letters:#?}");
        let before = acts(&world, world.patient(other).await).await;
        for mail in &given {
            let link = world.fresh::<ConfirmChoice>(mail, LinkPurpose::Confirm).await.unwrap();
            assert_eq!(world.app.confirm_wish(&link, world.now()).await.unwrap(), ["News and offers"]);
            world.app.confirm_wish(&link, world.now()).await.unwrap();
        }
        assert_eq!(acts(&world, world.patient(other).await).await, before);
        let notices = world.app.notices(world.officer.may(AnswerNotice)).await.unwrap();
        let mut unmatched = Vec::new();
        for notice in &notices {
            if let About::ChoiceUnmatched(id) = notice.what {
                let by = || world.officer.may(AnswerNotice);
                unmatched.push(world.app.unmatched(by(), id, world.now()).await.unwrap());
                world.app.answer_notice(by(), notice.n, world.now()).await.unwrap();
                assert!(world.app.unmatched(by(), id, world.now()).await.is_err(), "seen to: it goes");
            }
        }
        assert_eq!(unmatched.len(), 3);
        assert!(unmatched.iter().any(|u| *u.email.expose() == stranger));
        assert!(unmatched.iter().all(|u| u.topics == ["News and offers"] && u.name.expose().contains("G0")));
        let lines = world.log_lines().await;
        assert_eq!(lines.iter().filter(|l| l.contains("request_read")).count(), 3, "the look is in the log");
        given_is_permitted(&world, &relay).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_fit_are_left_to_staff() {
    let world = World::sqlite().await;
    let mut list = people(0, 2);
    list[1].email = address(0);
    list[1].birth = list[0].birth.clone();
    let mut files = discreet_testkit::world::files(&list);
    files[0].1 = files[0].1.replace(&list[1].family(), &list[0].family());
    world.import_csv(&files).await;
    let relay = TestRelay::default();
    world.app.ask_to_join(wish(&list[0], &address(0), &list[0].birth), world.now()).await.unwrap();
    world.send_asked(&relay).await;
    let link = world.fresh::<ConfirmChoice>(&relay.given()[0], LinkPurpose::Confirm).await.unwrap();
    world.app.confirm_wish(&link, world.now()).await.unwrap();
    let notices = world.app.notices(world.officer.may(AnswerNotice)).await.unwrap();
    assert!(notices.iter().any(|n| matches!(n.what, About::ChoiceUnmatched(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_that_tells_too_much_is_not_offered() {
    let world = World::sqlite().await;
    let person = Person::new(0);
    let hidden = Topic::parse("everything").unwrap();
    for topics in [vec![], vec![hidden]] {
        let wish = Wish { topics, ..wish(&person, &address(0), &person.birth) };
        assert!(world.app.ask_to_join(wish, world.now()).await.is_err());
    }
    assert_eq!(world.app.offered().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn three_an_hour_and_no_more() {
    for world in both().await {
        let (person, relay) = (Person::new(0), TestRelay::default());
        let ask = async || {
            for _ in 0..5 {
                world.app.ask_to_join(wish(&person, &address(0), &person.birth), world.now()).await.unwrap();
                world.pass(1);
            }
            while world.send_asked(&relay).await.claimed > 0 {}
            relay.given().len()
        };
        assert_eq!(ask().await, 3, "{}", world.name());
        assert_eq!(ask().await, 3);
        world.pass(3600);
        assert_eq!(ask().await, 6);
        given_is_permitted(&world, &relay).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_gate_stops_it() {
    for world in both().await {
        world.import(&people(0, 3)).await;
        let relay = TestRelay::default();
        let person = Person::new(0);
        let now = world.now();
        world.app.stop_sending(world.officer.may(StopSending), now).await.unwrap();
        world.app.ask_to_join(wish(&person, &address(0), &person.birth), now).await.unwrap();
        assert_eq!(world.send_asked(&relay).await.claimed, 0, "stopped: nothing leaves");
        world.app.resume_sending(world.officer.may(ResumeSending), now).await.unwrap();
        world.app.set_relay(world.admin.may(SetRelay), false, None, now).await.unwrap();
        assert_eq!(world.send_asked(&relay).await.claimed, 0, "no agreement: nothing leaves");
        world.app.set_relay(world.admin.may(SetRelay), true, None, now).await.unwrap();
        relay.answer(&address(0), &[NO_MAILBOX]);
        assert_eq!(world.send_asked(&relay).await.refused, 1);
        // There is no such mailbox: no more mail to it, also not of this kind.
        world.pass(10);
        world.app.ask_to_join(wish(&person, &address(0), &person.birth), world.now()).await.unwrap();
        assert_eq!(world.send_asked(&relay).await.handed_over, 0);
        assert!(world.asked_states().await.iter().any(|(_, _, reason)| reason == "VETO_BOUNCE"));
        // Too late is too late.
        world.app.set_relay(world.admin.may(SetRelay), false, None, now).await.unwrap();
        world.app.ask_for_choices(&email(1), Language::English, world.now()).await.unwrap();
        world.pass(1800);
        world.app.set_relay(world.admin.may(SetRelay), true, None, now).await.unwrap();
        assert_eq!(world.send_asked(&relay).await.handed_over, 0);
        assert!(world.asked_states().await.iter().any(|(_, _, reason)| reason == "NOT_AFTER"));
        given_is_permitted(&world, &relay).await;
        // After a fortnight nothing of it is left.
        world.pass(15 * 86_400);
        world.send_asked(&relay).await;
        assert_eq!(world.asked_states().await, []);
    }
}

pub fn email(n: usize) -> Phi<EmailAddress> {
    Phi::new(EmailAddress::parse(&address(n)).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_have_left_is_never_sent_again() {
    let world = World::sqlite().await;
    world.import(&people(0, 1)).await;
    let relay = Arc::new(TestRelay::default());
    world.app.ask_to_join(wish(&Person::new(0), &address(0), "1940-01-01"), world.now()).await.unwrap();
    relay.stall();
    let cut = tokio::time::timeout(Duration::from_secs(2), world.send_asked(&relay)).await;
    assert!(cut.is_err(), "the process dies while the relay has it");
    relay.go_on();
    assert_eq!(world.asked_states().await[0].1, "handed_over");
    world.pass(700);
    assert_eq!(world.send_asked(&relay).await.claimed, 0);
    let states = world.asked_states().await;
    assert_eq!((states[0].1.as_str(), states[0].2.as_str()), ("unknown", "no_outcome"));
    assert!(relay.given().is_empty());
}

fn form() -> Authorization {
    Authorization {
        information: "Age and visits".to_owned(),
        discloser: "Harbor Clinic".to_owned(),
        recipient: "Harbor Clinic".to_owned(),
        purposes: vec!["marketing".to_owned()],
        expiry: Some(Expiry::On(Day::parse("2027-11-24").unwrap())),
        signer: Some(Signer::Patient),
        signed_on: Some(Day::parse("2026-11-24").unwrap()),
        states_revocation: true,
        states_conditioning: true,
        states_redisclosure: true,
        states_remuneration: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_for_who_knows_the_birth_date() {
    for world in both().await {
        let (list, ids) = household(&world).await;
        let relay = TestRelay::default();
        let (patient, birth) = (ids[0], Day::parse(&list[0].birth).unwrap());
        let leave = || world.officer.may(SignAuthorization { patient });
        let id = world.app.sign_authorization(leave(), &form(), world.now()).await.unwrap();
        let others = world.officer.may(SignAuthorization { patient: ids[1] });
        assert!(world.app.mail_copy(others, id, Language::English, world.now()).await.is_err());
        for _ in 0..2 {
            world.app.mail_copy(leave(), id, Language::English, world.now()).await.unwrap();
        }
        assert_eq!(world.send_asked(&relay).await.accepted, 2);
        let given = relay.given();
        let text = String::from_utf8_lossy(given[0].bytes.expose()).into_owned();
        assert!(!text.contains("Age and visits") && text.contains("Subject: Your copy is ready"));
        let link = world.fresh::<ReadCopy>(&given[0], LinkPurpose::Copy).await.unwrap();
        let wrong = Day::parse("1950-01-01").unwrap();
        assert!(matches!(world.app.read_copy(&link, wrong, world.now()).await.unwrap(), Copy::Wrong));
        let Copy::Form { form, in_force } = world.app.read_copy(&link, birth, world.now()).await.unwrap()
        else {
            panic!("{}", world.name())
        };
        assert!(in_force && form.expose().information == "Age and visits");
        for n in 1..=MOST_TRIES {
            let answer = world.app.read_copy(&link, wrong, world.now()).await.unwrap();
            assert_eq!(matches!(answer, Copy::Locked), n == MOST_TRIES, "{n}");
        }
        assert!(!world.app.copy_is_open(&link).await.unwrap());
        assert!(matches!(world.app.read_copy(&link, birth, world.now()).await.unwrap(), Copy::Locked));
        // Taking it back takes no birth date, and twice is fine.
        for _ in 0..2 {
            world.app.take_back(&link, world.now()).await.unwrap();
        }
        let other = world.fresh::<ReadCopy>(&given[1], LinkPurpose::Copy).await.unwrap();
        let again = world.app.read_copy(&other, birth, world.now()).await.unwrap();
        assert!(matches!(again, Copy::Form { in_force: false, .. }));
        let revoked = world.log_lines().await.iter().filter(|l| l.contains("authorization_revoked")).count();
        assert_eq!(revoked, 1);
        given_is_permitted(&world, &relay).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_reaches_what_was_asked_for() {
    for world in both().await {
        let (list, ids) = household(&world).await;
        let relay = TestRelay::default();
        world.app.ask_to_join(wish(&list[0], &address(0), &list[0].birth), world.now()).await.unwrap();
        world.app.ask_for_choices(&email(0), Language::English, world.now()).await.unwrap();
        world.send_asked(&relay).await;
        world.app.ask_for_choices(&email(1), Language::English, world.now()).await.unwrap();
        let erased = ErasePatient { patient: ids[0] };
        world.app.erase(world.officer.may(erased), None, world.now()).await.unwrap();
        assert_eq!(world.asked_states().await.len(), 3, "{}: the others' stay", world.name());
        for mail in relay.given() {
            let text = String::from_utf8_lossy(mail.bytes.expose()).into_owned();
            let good = if text.contains("/p/confirm/") {
                world.fresh::<ConfirmChoice>(&mail, LinkPurpose::Confirm).await.is_some()
            } else {
                world.fresh::<ChangeChoices>(&mail, LinkPurpose::Choices).await.is_some()
            };
            assert!(!good, "no link of theirs is good any more");
        }
    }
}
