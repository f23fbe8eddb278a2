//! The funnel and the gate fill the same facts: whoever one refuses, the other refuses, for the same reason.

use discreet_access::{NotMe, RestrictPatient, RevokeAuthorization, SignAuthorization, Unsubscribe};
use discreet_app::links::Extent;
use discreet_domain::{CampaignId, MessageId, PatientId, Topic};
use discreet_mail::LinkPurpose;
use discreet_policy::Denied;
use discreet_policy::consent::{ALL_OPTIONAL, EVERYTHING, Method};
use discreet_store::{Claim, Lane, NewMessage};
use discreet_testkit::world::{
    Mailing, NO_MAILBOX, Person, Purpose, TestRelay, World, address, both, marketing, people,
};
use std::collections::BTreeMap;
use std::sync::Arc;

const PATIENTS: usize = 160;
const EVERYONE: &str = "has_email = yes or has_email = no";

/// Numbers that look random and are the same each time (SplitMix64).
struct Dice(u64);

impl Dice {
    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}

fn population(dice: &mut Dice) -> Vec<Person> {
    let mut list = people(0, PATIENTS);
    for p in &mut list {
        p.deceased = dice.one_in(15);
        p.active = !dice.one_in(15);
        if dice.one_in(12) {
            p.birth = "2012-06-01".to_owned();
        }
        if dice.one_in(15) {
            p.birth = "2008".to_owned(); // of age this year, perhaps
        }
        if dice.one_in(10) {
            p.email = String::new();
        } else {
            p.email = address(p.n - p.n % 3 * usize::from(dice.one_in(2)));
        }
        if dice.one_in(8) {
            p.opted_in = None;
        }
        if dice.one_in(10) {
            p.opted_out = Some("2026-03-01T12:00:00Z");
        }
    }
    list
}

/// A first mailing, and what readers of mailboxes do with it.
async fn readers_act(world: &World, dice: &mut Dice) {
    let campaign = world.campaign(&Mailing::new("before", EVERYONE)).await;
    let relay = Arc::new(TestRelay::default());
    for n in (0..PATIENTS).step_by(17) {
        relay.answer(&address(n), &[NO_MAILBOX]);
    }
    world.dispatch(campaign, &relay, 1).await;
    for mail in relay.given() {
        let extent = if dice.one_in(2) { Extent::Topic } else { Extent::AllOptional };
        if dice.one_in(8) {
            let token = world.link::<Unsubscribe>(&mail, LinkPurpose::Unsubscribe).await;
            world.app.unsubscribe(&token, extent, Method::MailLink, world.now()).await.unwrap();
        } else if dice.one_in(12) {
            let token = world.link::<NotMe>(&mail, LinkPurpose::NotMe).await;
            world.app.not_me(&token, world.now()).await.unwrap();
        }
    }
}

/// What staff records of some.
async fn staff_acts(world: &World, patients: &[PatientId], dice: &mut Dice) {
    let now = world.now();
    for patient in patients.iter().copied() {
        let topic = |name| Topic::parse(name).unwrap();
        match dice.below(14) {
            0 => world.withdraw(patient).await,
            1 => world.withdraw_from(patient, topic(ALL_OPTIONAL), Method::Paper).await,
            2 => world.withdraw_from(patient, topic(EVERYTHING), Method::Spoken).await,
            3 => world.grant_to(patient, marketing(), Method::Paper).await,
            4 => {
                let by = world.officer.may(RestrictPatient { patient });
                world.app.restrict(by, true, now).await.unwrap();
            }
            _ => {}
        }
        let last_day = ["2026-11-23", "2026-11-24", "2027-12-31"][dice.below(3) as usize];
        let purpose = ["marketing", "marketing", "newsletter"][dice.below(3) as usize];
        if dice.one_in(2) {
            let form = crate::refusals::form(&[purpose], last_day, dice.one_in(2));
            let by = world.officer.may(SignAuthorization { patient });
            let id = world.app.sign_authorization(by, &form, now).await.unwrap();
            if dice.one_in(5) {
                let by = world.officer.may(RevokeAuthorization { patient });
                world.app.revoke_authorization(by, id, now).await.unwrap();
            }
        }
    }
}

async fn all_patients(world: &World) -> Vec<PatientId> {
    let store = world.store().await;
    let rows = store.read().await.unwrap().patients_page(PatientId::from_u128(0), 10_000).await.unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

/// Puts everyone before the gate, also those whom the start of the campaign has refused; returns its answers, counted.
async fn gate_says(world: &World, campaign: CampaignId, patients: &[PatientId]) -> BTreeMap<String, u64> {
    let (store, now) = (world.store().await, world.now());
    let messages: Vec<NewMessage> = patients
        .iter()
        .map(|patient| NewMessage {
            id: MessageId::random(),
            campaign,
            patient: *patient,
            due: now,
            not_after: now.plus_seconds(3600),
        })
        .collect();
    let mut tx = store.begin(Lane::Dispatch).await.unwrap();
    tx.queue(&messages, now).await.unwrap();
    let claim = Claim::until(now.plus_seconds(60), 600);
    let claimed = tx.claim(campaign, claim, now, 10_000).await.unwrap();
    discreet_audit::settle(tx, &[]).await.unwrap();
    assert_eq!(claimed.len(), patients.len());
    let messages: Vec<MessageId> = claimed.iter().map(|c| c.message).collect();
    let tx = store.begin(Lane::Dispatch).await.unwrap().for_claim(claim, &world.app.zone());
    let permits = discreet_policy::hand_over(tx, &messages, now).await.unwrap();
    let race = world.judge(campaign, &marketing()).await;
    assert_eq!(race.permitted.len(), permits.len());
    race.denied
}

#[tokio::test(flavor = "multi_thread")]
async fn the_funnel_refuses_whom_the_gate_refuses() {
    for world in both().await {
        let mut dice = Dice(20_261_124);
        world.import(&population(&mut dice)).await;
        readers_act(&world, &mut dice).await;
        let patients = all_patients(&world).await;
        assert_eq!(patients.len(), PATIENTS);
        staff_acts(&world, &patients, &mut dice).await;
        let mut seen: BTreeMap<String, u64> = BTreeMap::new();
        for purpose in [Purpose::OwnService, Purpose::OwnProduct, Purpose::Paid, Purpose::Reminder] {
            let mailing = Mailing::new(&format!("{purpose:?}"), EVERYONE).for_purpose(purpose);
            let draft = world.draft(&mailing).await;
            let by = world.officer.may(discreet_access::PreviewCampaign);
            let preview = world.app.preview(by, draft.campaign, world.now()).await.unwrap();
            let report = world.start(&draft).await;
            let funnel: BTreeMap<String, u64> =
                report.refused.iter().map(|(code, n)| (code.clone(), n.exact())).collect();
            let shown: BTreeMap<String, u64> =
                preview.counted.refused.iter().map(|(d, n)| (d.code().to_owned(), n.exact())).collect();
            assert_eq!(shown, funnel, "{}: preview and start, {purpose:?}", world.name());
            assert_eq!(preview.counted.eligible.exact(), report.eligible.exact());
            let gate = gate_says(&world, draft.campaign, &patients).await;
            assert_eq!(gate, funnel, "{}: gate and funnel, {purpose:?}", world.name());
            for (code, n) in gate {
                *seen.entry(code).or_default() += n;
            }
        }
        let personal = [
            Denied::Deceased,
            Denied::Inactive,
            Denied::Minor,
            Denied::Restricted,
            Denied::NoAddress,
            Denied::Bounced,
            Denied::Unverified,
            Denied::StopAll,
            Denied::OptedOut,
            Denied::NoOptIn,
            Denied::AuthorizationMissing,
            Denied::AuthorizationExpired,
            Denied::AuthorizationRevoked,
            Denied::AuthorizationScope,
        ];
        for denied in personal {
            assert!(seen.contains_key(denied.code()), "nobody was refused for {denied:?}: {seen:?}");
        }
    }
}
