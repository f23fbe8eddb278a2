//! Tests of a campaign's mail, to colleagues: filled for a patient who does not exist, by the one way out.

use crate::asked::given_is_permitted;
use discreet_access::{
    CreateCampaign, ManageUsers, PreviewCampaign, ResumeSending, Role, Roles, SendTest, StopSending,
};
use discreet_app::AppError;
use discreet_app::campaigns::blocks::ContentBlock;
use discreet_app::campaigns::trial::TestSent;
use discreet_audit::{EntryBody, Event};
use discreet_domain::{Actor, MessageId, UserId};
use discreet_testkit::world::{CANARY, TestRelay, World, both, people};
use uuid::Uuid;

pub const VERA: &str = "vera@harbor.example";

/// Somebody who signs in with an address.
pub async fn colleague(world: &World, name: &str, email: &str) -> UserId {
    let by = || world.admin.may(ManageUsers);
    let roles = Roles::of(&[Role::Marketer]);
    world.app.invite(by(), name, email, roles, world.now()).await.unwrap();
    let all = world.app.accounts(by()).await.unwrap();
    all.into_iter().find(|account| account.name == name).unwrap().user
}

/// A draft of this subject and text.
async fn draft(world: &World, subject: &str, text: &str) -> Uuid {
    let by = || world.marketer.may(CreateCampaign);
    let mut draft = world.app.begin_campaign_draft(by(), None, world.now()).await.unwrap();
    draft.content.subject = subject.to_owned();
    draft.content.content = vec![ContentBlock::Text { text: text.to_owned() }];
    world.app.change_campaign_draft(by(), &mut draft, world.now()).await.unwrap();
    draft.id
}

async fn send(world: &World, draft: Uuid, to: UserId) -> Result<MessageId, AppError> {
    world.app.send_test(world.marketer.may(SendTest), draft, to, world.now()).await
}

async fn came_of(world: &World, message: MessageId) -> TestSent {
    world.app.test_sent(&world.marketer.may(SendTest), message).await.unwrap().unwrap().1
}

fn refused<T>(result: Result<T, AppError>) -> String {
    match result {
        Err(AppError::Conflict(text) | AppError::Invalid(text)) => text,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("was not refused"),
    }
}

const WALK: &str = "Dear {{ given_name | \"patient\" }}, come for a walk. [Stop]({{ unsubscribe_link }})";

#[tokio::test(flavor = "multi_thread")]
async fn a_test_goes_to_a_colleague_and_tells_nothing_of_patients() {
    for world in both().await {
        world.import(&people(0, 3)).await;
        let relay = TestRelay::default();
        let vera = colleague(&world, "Vera", VERA).await;
        let draft = draft(&world, "Come for a walk", WALK).await;
        let test = send(&world, draft, vera).await.unwrap();
        assert_eq!(came_of(&world, test).await, TestSent::OnItsWay);
        assert_eq!(world.send_asked(&relay).await.accepted, 1, "{}", world.name());
        assert_eq!(came_of(&world, test).await, TestSent::Accepted);
        let given = relay.given();
        let text = String::from_utf8_lossy(given[0].bytes.expose()).replace("=\r\n", "");
        assert_eq!((given.len(), given[0].to.expose().as_str()), (1, VERA));
        for part in ["Subject: [Test] Come for a walk\r\n", "Dear Alex", "/p/test", "Auto-Submitted"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        for not in [CANARY, "\nList-", "/u/", "/n/", "/p/choices/"] {
            assert!(!text.contains(not), "{not}: {text}");
        }
        given_is_permitted(&world, &relay).await;
        // Who sent which campaign's test to whom: by ids.
        let lines = world.log_lines().await;
        assert!(lines.iter().all(|line| !line.contains(VERA)));
        let queued =
            lines.iter().map(|line| EntryBody::parse(line).unwrap()).find_map(|body| match body.did {
                Event::TestQueued { campaign, message, to } => Some((body.by, campaign.uuid(), message, to)),
                _ => None,
            });
        assert_eq!(queued, Some((Actor::User(world.marketer.id()), draft, test, vera)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn to_nobody_but_staff_who_can_act() {
    for world in both().await {
        let relay = TestRelay::default();
        let vera = colleague(&world, "Vera", VERA).await;
        let draft = draft(&world, "Come for a walk", WALK).await;
        let readers = world.app.test_readers(&world.marketer.may(SendTest)).await.unwrap();
        assert_eq!(readers.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["Vera"]);
        // Somebody with no address to sign in with; nobody at all.
        for to in [world.marketer.id(), UserId::random()] {
            assert!(refused(send(&world, draft, to).await).contains("colleague"));
        }
        let test = send(&world, draft, vera).await.unwrap();
        world.app.disable_user(world.admin.may(ManageUsers), "Vera", world.now()).await.unwrap();
        assert_eq!(world.send_asked(&relay).await.handed_over, 0);
        assert!(relay.given().is_empty(), "disabled since");
        assert!(matches!(came_of(&world, test).await, TestSent::NotSent(_)));
        assert!(refused(send(&world, draft, vera).await).contains("colleague"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_while_sending_is_stopped() {
    for world in both().await {
        let relay = TestRelay::default();
        let vera = colleague(&world, "Vera", VERA).await;
        let draft = draft(&world, "Come for a walk", WALK).await;
        send(&world, draft, vera).await.unwrap();
        world.app.stop_sending(world.officer.may(StopSending), world.now()).await.unwrap();
        assert!(refused(send(&world, draft, vera).await).contains("stopped"));
        assert_eq!(world.send_asked(&relay).await.claimed, 0);
        world.app.resume_sending(world.officer.may(ResumeSending), world.now()).await.unwrap();
        assert_eq!(world.send_asked(&relay).await.accepted, 1, "{}", world.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stops_a_mail_stops_its_test_and_three_an_hour() {
    let world = World::sqlite().await;
    let relay = TestRelay::default();
    let vera = colleague(&world, "Vera", VERA).await;
    let stopped = draft(&world, "Your diabetes class", WALK).await;
    assert!(refused(send(&world, stopped, vera).await).to_lowercase().contains("subject"));
    let delicate = draft(&world, "Come for a walk", "About your depression").await;
    assert!(refused(send(&world, delicate, vera).await).contains("L2 at most"));
    // Words of care are what a test is for: nobody it tells about exists.
    let health = draft(&world, "Come for a walk", "A class about diabetes").await;
    for n in 1..=3 {
        send(&world, health, vera).await.unwrap();
        assert_eq!(world.send_asked(&relay).await.accepted, 1, "{n}");
        world.pass(1);
    }
    assert!(refused(send(&world, health, vera).await).contains("within the hour"));
    world.pass(3600);
    send(&world, health, vera).await.unwrap();
    let preview = world.marketer.may(PreviewCampaign);
    let kept = world.app.campaign_draft(preview, health).await.unwrap();
    assert_eq!(kept.content.subject, "Come for a walk", "a test changes nothing of the draft");
}
