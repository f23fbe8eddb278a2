//! What a dispatcher leaves that dies, or whose relay does not answer: nothing is lost, nothing is sent twice.

use discreet_access::SettleUnknown;
use discreet_app::AppError;
use discreet_app::dispatch::{Dispatcher, Pace, Round};
use discreet_domain::{CampaignId, MessageId};
use discreet_store::{Claim, Lane};
use discreet_testkit::world::{
    LATER, Mailing, NOT_TRIED, TestRelay, UNKNOWN, World, address, both, marketing, people,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// Few enough that all of a batch is on its way at once.
const FIVE: Pace =
    Pace { batch: 5, concurrency: 5, claim_seconds: 60, delivery_seconds: 600, retry_seconds: 30 };

async fn twelve(world: &World) -> CampaignId {
    world.import(&people(0, 12)).await;
    world.campaign(&Mailing::new("walks", "age >= 18")).await
}

async fn wait_for(world: &World, campaign: CampaignId, state: &str, count: u64) {
    for _ in 0..1_000 {
        if world.states(campaign).await.get(state) == Some(&count) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{count} never came to be {state}: {:?}", world.states(campaign).await);
}

/// A round in a task of its own, which can be killed.
fn round_apart(
    world: &World,
    campaign: CampaignId,
    relay: &Arc<TestRelay>,
) -> tokio::task::JoinHandle<Round> {
    let (app, relay, clock) = (Arc::clone(&world.app), Arc::clone(relay), world.clock());
    tokio::spawn(async move {
        let mut dispatcher = Dispatcher::new(&app, &*relay, FIVE, campaign, clock()).await.unwrap();
        dispatcher.round(&*clock).await.unwrap()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_lapses_goes_back_to_the_queue() {
    for world in both().await {
        let campaign = twelve(&world).await;
        let store = world.store().await;
        let mut tx = store.begin(Lane::Dispatch).await.unwrap();
        let claim = Claim::until(world.now().plus_seconds(60), 600);
        let claimed = tx.claim(campaign, claim, world.now(), 5).await.unwrap();
        discreet_audit::settle(tx, &[]).await.unwrap();
        assert_eq!(claimed.len(), 5);
        let relay = Arc::new(TestRelay::default());
        assert_eq!(world.round(campaign, &relay, Pace::default()).await.accepted, 7, "not what is claimed");
        world.pass(61);
        // Its own dispatcher comes back too late: the gate leaves out what is no longer under a live claim.
        let tx = store.begin(Lane::Dispatch).await.unwrap();
        let late = tx.for_claim(claim, &world.app.zone());
        let messages: Vec<MessageId> = claimed.iter().map(|c| c.message).collect();
        assert!(discreet_policy::hand_over(late, &messages, world.now()).await.unwrap().is_empty());
        assert_eq!(world.dispatch(campaign, &relay, 2).await.accepted, 5);
        assert_eq!(world.states(campaign).await, BTreeMap::from([("accepted", 12)]));
        let race = world.judge(campaign, &marketing()).await;
        assert_eq!(race.twice, 0);
        world.sent_is_permitted(&relay.given(), &race);
        let recovered = world.log_lines().await.iter().filter(|l| l.contains("\"recovered\"")).count();
        assert_eq!(recovered, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_over_without_an_outcome_is_unknown_and_never_sent_again() {
    for world in both().await {
        let campaign = twelve(&world).await;
        let relay = Arc::new(TestRelay::default());
        relay.stall();
        let round = round_apart(&world, campaign, &relay);
        wait_for(&world, campaign, "handed_over", 5).await;
        round.abort();
        assert!(round.await.unwrap_err().is_cancelled());
        relay.go_on();
        assert_eq!(world.round(campaign, &relay, Pace::default()).await.accepted, 7);
        world.pass(601);
        assert_eq!(world.dispatch(campaign, &relay, 2).await.claimed, 0);
        assert_eq!(world.states(campaign).await, BTreeMap::from([("accepted", 7), ("unknown", 5)]));
        assert_eq!(relay.given().len(), 7);
        assert_eq!(world.report(campaign).await.campaign.state, "done");

        // A person says what became of each, once.
        let unknown = world.app.unknown_messages(world.officer.may(SettleUnknown), campaign).await.unwrap();
        for (n, message) in unknown.iter().enumerate() {
            let by = world.officer.may(SettleUnknown);
            world.app.settle_unknown(by, *message, n > 0, world.now()).await.unwrap();
        }
        let by = world.officer.may(SettleUnknown);
        let again = world.app.settle_unknown(by, unknown[0], true, world.now()).await;
        assert!(matches!(again, Err(AppError::Conflict(_))), "{again:?}");
        assert_eq!(world.states(campaign).await, BTreeMap::from([("accepted", 11), ("bounced", 1)]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_outcome_of_the_same_claim_settles_it() {
    for world in both().await {
        let campaign = twelve(&world).await;
        let slow = Arc::new(TestRelay::default());
        slow.stall();
        let late = round_apart(&world, campaign, &slow);
        wait_for(&world, campaign, "handed_over", 5).await;
        world.pass(601);
        let other = Arc::new(TestRelay::default());
        assert_eq!(world.dispatch(campaign, &other, 1).await.accepted, 7);
        assert_eq!(world.states(campaign).await, BTreeMap::from([("accepted", 7), ("unknown", 5)]));
        slow.go_on();
        assert_eq!(late.await.unwrap().accepted, 5);
        assert_eq!(world.states(campaign).await, BTreeMap::from([("accepted", 12)]));
        let sent: BTreeSet<MessageId> = slow.accepted().into_iter().chain(other.accepted()).collect();
        assert_eq!(sent.len(), 12, "each once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_tried_waits_longer_each_time() {
    let world = World::sqlite().await;
    world.import(&people(0, 1)).await;
    let campaign = world.campaign(&Mailing::new("walks", "age >= 18")).await;
    let relay = TestRelay::default();
    relay.answer(&address(0), &[NOT_TRIED, NOT_TRIED, NOT_TRIED]);
    let clock = world.clock();
    let mut dispatcher = Dispatcher::new(&world.app, &relay, FIVE, campaign, world.now()).await.unwrap();
    for wait in [30, 60, 120] {
        assert_eq!(dispatcher.round(&*clock).await.unwrap().again, 1);
        assert_eq!(world.states(campaign).await, BTreeMap::from([("queued", 1)]));
        world.pass(wait - 1);
        assert_eq!(dispatcher.round(&*clock).await.unwrap().claimed, 0, "before its {wait} seconds are over");
        world.pass(1);
    }
    assert_eq!(dispatcher.round(&*clock).await.unwrap().accepted, 1);
    assert_eq!(relay.accepted().len(), 1);
    assert_eq!(world.judge(campaign, &marketing()).await.twice, 3, "each try is a decision of its own");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deferral_is_tried_again_by_a_new_decision() {
    for world in both().await {
        let list = people(0, 3);
        world.import(&list).await;
        let campaign = world.campaign(&Mailing::new("walks", "age >= 18")).await;
        let relay = TestRelay::default();
        relay.answer(&address(0), &[LATER]);
        relay.answer(&address(1), &[LATER]);
        relay.answer(&address(2), &[UNKNOWN]);
        let round = world.round(campaign, &relay, FIVE).await;
        assert_eq!((round.again, round.unknown), (2, 1));
        let withdrawn = world.patient(&list[1]).await;
        world.withdraw(withdrawn).await;
        world.pass(31);
        let round = world.round(campaign, &relay, FIVE).await;
        assert_eq!((round.claimed, round.handed_over, round.accepted), (2, 1, 1));
        let states = BTreeMap::from([("accepted", 1), ("held", 1), ("unknown", 1)]);
        assert_eq!(world.states(campaign).await, states);
        let race = world.judge(campaign, &marketing()).await;
        assert_eq!((race.twice, race.violations.len()), (1, 0));
        assert_eq!(race.denied, BTreeMap::from([("VETO_OPTOUT".to_owned(), 1)]));
        assert_eq!(relay.given().iter().filter(|g| g.patient == Some(withdrawn)).count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_damaged_record_stops_nobody_else() {
    let world = World::sqlite().await;
    let list = people(0, 6);
    world.import(&list).await;
    let campaign = world.campaign(&Mailing::new("walks", "age >= 18")).await;
    let damage = async |file: &str, sql: &str, person: usize| {
        let db = rusqlite::Connection::open(world.folder().join(file)).unwrap();
        let id = world.patient(&list[person]).await.uuid();
        assert_eq!(db.execute(sql, rusqlite::params![id.as_bytes().as_slice()]).unwrap(), 1);
    };
    damage("shelf/shelf.db", "update wrapped set profile = zeroblob(60) where patient = ?1", 2).await;
    damage("discreet.db", "update patient set identity = zeroblob(90) where id = ?1", 3).await;
    let relay = Arc::new(TestRelay::default());
    let round = world.dispatch(campaign, &relay, 1).await;
    assert_eq!(round.accepted, 4, "the others get theirs");
    let again = world.import(&people(0, 8)).await;
    let kinds = &again.tally.kinds["patient"];
    assert_eq!((kinds.rejected, kinds.unchanged, kinds.created), (2, 4, 2));
    assert!(again.rejected.iter().all(|r| r.code == "unreadable_patient"), "{:?}", again.rejected);
}
