//! The withdrawal race: thousands of messages, several dispatchers, hundreds of withdrawals, judged from the log alone;
//! and the same judge on a gate without its lock, to show that it would be seen.

use discreet_access::{SettleUnknown, Unsubscribe};
use discreet_app::dispatch::Pace;
use discreet_app::links::Extent;
use discreet_domain::{CampaignId, PatientId, Zone};
use discreet_mail::LinkPurpose;
use discreet_policy::consent::Method;
use discreet_store::{Claim, Lane};
use discreet_testkit::world::{
    Careless, Mailing, NO_MAILBOX, Person, Race, TestRelay, World, ZONE, address, both, marketing, people,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const PATIENTS: usize = 2_000;
const DISPATCHERS: usize = 4;

/// Patients of whom every two share a mailbox, so that a link in the first mail stops the second.
fn couples(count: usize) -> Vec<Person> {
    let mut list = people(0, count);
    for p in &mut list {
        p.email = address(p.n / 2);
        p.conditions.clear();
    }
    list
}

/// Staff records withdrawals, one after the other, until all is sent.
async fn telephone(world: &World, patients: Vec<PatientId>, over: &AtomicBool) -> usize {
    let mut withdrawn = 0;
    for patient in patients {
        if over.load(Ordering::Relaxed) {
            break;
        }
        world.withdraw(patient).await;
        withdrawn += 1;
    }
    withdrawn
}

/// Readers use the link of every third mail as it arrives.
async fn click(world: &World, relay: &TestRelay, over: &AtomicBool) -> usize {
    let (mut seen, mut clicked) = (0, 0);
    while !over.load(Ordering::Relaxed) {
        tokio::time::sleep(Duration::from_millis(2)).await;
        let new = relay.since(seen);
        seen += new.len();
        for mail in new.iter().step_by(3) {
            let token = world.link::<Unsubscribe>(mail, LinkPurpose::Unsubscribe).await;
            world.app.unsubscribe(&token, Extent::Topic, Method::OneClick, world.now()).await.unwrap();
            clicked += 1;
        }
    }
    clicked
}

/// Every second recipient, in the order in which they are sent to.
async fn every_second(world: &World, campaign: CampaignId) -> Vec<PatientId> {
    let by = world.officer.may(SettleUnknown);
    world.app.recipients(by, campaign).await.unwrap().into_iter().step_by(2).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 6)]
async fn no_hand_over_commits_after_a_withdrawal() {
    for world in both().await {
        world.import(&couples(PATIENTS)).await;
        let campaign = world.campaign(&Mailing::new("race", "age >= 18")).await;
        assert_eq!(world.app.unfinished(campaign).await.unwrap(), PATIENTS as u64);
        let callers = every_second(&world, campaign).await.into_iter().rev().collect();
        let relay = Arc::new(TestRelay::slow(Duration::from_millis(8)));
        // Bounces suppress whole mailboxes meanwhile: more to lock, in another order.
        (0..PATIENTS / 2).step_by(10).for_each(|n| relay.answer(&address(n), &[NO_MAILBOX, NO_MAILBOX]));
        let over = AtomicBool::new(false);
        let send = async {
            let round = world.dispatch(campaign, &relay, DISPATCHERS).await;
            over.store(true, Ordering::Relaxed);
            round
        };
        let (round, called, clicked) =
            tokio::join!(send, telephone(&world, callers, &over), click(&world, &relay, &over));
        let race = world.judge(campaign, &marketing()).await;
        let told = format!(
            "{}: {called} called, {clicked} clicked, {} withdrawn, {} permitted, {:?}",
            world.name(),
            race.withdrawn.len(),
            race.permitted.len(),
            race.denied
        );
        eprintln!("{told}");
        assert_eq!((race.violations.len(), race.twice), (0, 0), "{told}");
        assert!(called >= 100 && clicked >= 100 && race.withdrawn.len() >= 300, "too few withdrew: {told}");
        let prevented = race.denied.get("VETO_OPTOUT").copied().unwrap_or_default();
        assert!(prevented >= 50, "too few withdrawals came before their message: {told}");
        assert!(round.refused > 0 && race.denied.contains_key("VETO_BOUNCE"), "{told}");
        assert_eq!(round.accepted + round.refused, race.permitted.len() as u64);
        world.sent_is_permitted(&relay.given(), &race);
        let denied: u64 = race.denied.values().sum();
        assert_eq!(denied + race.permitted.len() as u64, PATIENTS as u64, "none is lost: {told}");
    }
}

/// Hands over what is queued through a gate without a lock, batch by batch.
async fn careless(world: &World, campaign: CampaignId) {
    let (store, zone) = (world.store().await, Zone::named(ZONE).unwrap());
    loop {
        let now = world.now();
        let claim = Claim::until(now.plus_seconds(60), 60);
        let mut tx = store.begin(Lane::Dispatch).await.unwrap();
        let claimed = tx.claim(campaign, claim, now, 100).await.unwrap();
        discreet_audit::settle(tx, &[]).await.unwrap();
        if claimed.is_empty() {
            return;
        }
        let messages: Vec<_> = claimed.iter().map(|c| c.message).collect();
        let gate = Careless::new(&store, claim, &zone);
        discreet_policy::hand_over(gate, &messages, now).await.unwrap();
    }
}

async fn careless_race(world: &World) -> Race {
    world.import(&couples(600)).await;
    let campaign = world.campaign(&Mailing::new("careless", "age >= 18")).await;
    // At the time when they are sent to.
    let callers = every_second(world, campaign).await;
    let over = AtomicBool::new(false);
    let send = async {
        tokio::join!(careless(world, campaign), careless(world, campaign));
        over.store(true, Ordering::Relaxed);
    };
    tokio::join!(send, telephone(world, callers, &over));
    world.judge(campaign, &marketing()).await
}

/// Without the lock the judge finds violations: the test above can fail.
#[tokio::test(flavor = "multi_thread", worker_threads = 6)]
async fn the_judge_sees_a_gate_without_its_lock() {
    for world in both().await {
        let race = careless_race(&world).await;
        eprintln!("{}, careless: {} violations", world.name(), race.violations.len());
        assert!(!race.violations.is_empty(), "{}: {} withdrew", world.name(), race.withdrawn.len());
    }
}

/// Every mailbox bounces, for both who share it, with all dispatchers at once: none waits for another for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 6)]
async fn dispatchers_that_suppress_do_not_block_each_other() {
    for world in both().await {
        world.import(&couples(400)).await;
        let campaign = world.campaign(&Mailing::new("bounces", "age >= 18")).await;
        let relay = Arc::new(TestRelay::default());
        (0..200).for_each(|n| relay.answer(&address(n), &[NO_MAILBOX, NO_MAILBOX]));
        let pace = Pace { batch: 20, ..Pace::default() };
        let round = world.dispatch_at(campaign, &relay, DISPATCHERS, pace).await;
        let race = world.judge(campaign, &marketing()).await;
        assert_eq!((round.accepted, round.refused), (0, race.permitted.len() as u64));
        let held = race.denied.get("VETO_BOUNCE").copied().unwrap_or_default();
        assert_eq!(round.refused + held, 400, "{}: {:?}", world.name(), race.denied);
        let next = world.campaign(&Mailing::new("next", "age >= 18")).await;
        assert_eq!(world.refused(next).await.get("VETO_BOUNCE"), Some(&400));
    }
}
