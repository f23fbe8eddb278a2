//! Everyone who must not be written to, each with the reason that says why; the red button.

use discreet_access::{
    ApproveCampaign, RestrictPatient, ResumeSending, RevokeAuthorization, SendCampaign, SetRelay,
    SignAuthorization, StopSending,
};
use discreet_app::AppError;
use discreet_domain::{AuthorizationId, Day, PatientId, Topic};
use discreet_policy::authorization::{Authorization, Expiry, Signer};
use discreet_policy::consent::{ALL_OPTIONAL, EVERYTHING, Method};
use discreet_testkit::world::{
    Mailing, NO_MAILBOX, NOT_THIS, Person, Purpose, TestRelay, World, address, both, people,
};
use std::collections::BTreeMap;
use std::sync::Arc;

type Refused = BTreeMap<String, u64>;

fn codes(list: &[(&str, u64)]) -> Refused {
    list.iter().map(|(code, n)| ((*code).to_owned(), *n)).collect()
}

fn topic(name: &str) -> Topic {
    Topic::parse(name).unwrap()
}

/// Twenty patients, the first twelve of whom must not get optional mail.
fn list() -> Vec<Person> {
    let mut list = people(0, 20);
    list[0].deceased = true;
    list[1].deceased = true;
    list[2].birth = "2015-03-01".to_owned();
    list[3].birth = String::new();
    list[4].email = String::new();
    list[5].active = false;
    list[6].opted_in = None;
    list[7].opted_out = Some("2026-02-01T12:00:00Z");
    // 8: STOP-ALL, 9: all optional mail stopped, 10: restricted; 11 and 12 share a mailbox that will not exist.
    list[12].email = address(11);
    list
}

#[tokio::test(flavor = "multi_thread")]
async fn each_reason_has_its_code() {
    for world in both().await {
        let list = list();
        world.import(&list).await;
        world.withdraw_from(world.patient(&list[8]).await, topic(EVERYTHING), Method::Spoken).await;
        world.withdraw_from(world.patient(&list[9]).await, topic(ALL_OPTIONAL), Method::Spoken).await;
        let restricted = RestrictPatient { patient: world.patient(&list[10]).await };
        world.app.restrict(world.officer.may(restricted), true, world.now()).await.unwrap();
        let mut expected = codes(&[
            ("VETO_DECEASED", 2),
            ("VETO_MINOR_REP", 1),
            ("VETO_AGE_UNKNOWN", 1),
            ("VETO_NO_ADDRESS", 1),
            ("VETO_INACTIVE", 1),
            ("VETO_NO_OPTIN", 1),
            ("VETO_OPTOUT", 2),
            ("VETO_STOP_ALL", 1),
            ("VETO_RESTRICTION", 1),
        ]);
        let everyone = "has_email = yes or has_email = no";
        let first = world.campaign(&Mailing::new("first", everyone)).await;
        assert_eq!(world.refused(first).await, expected, "{}", world.name());

        let relay = Arc::new(TestRelay::default());
        relay.answer(&address(11), &[NO_MAILBOX, NO_MAILBOX]);
        relay.answer(&address(13), &[NOT_THIS]);
        let round = world.dispatch(first, &relay, 1).await;
        assert_eq!((round.handed_over, round.accepted, round.refused), (9, 6, 3));
        let states = BTreeMap::from([("accepted", 6), ("bounced", 2), ("refused", 1)]);
        assert_eq!(world.states(first).await, states);

        // Suppressed for both at the mailbox, and for all mail; refused for policy says nothing about the address.
        let second = world.campaign(&Mailing::new("second", everyone)).await;
        expected.insert("VETO_BOUNCE".to_owned(), 2);
        assert_eq!(world.refused(second).await, expected);
        // A reminder needs no opt-in, and stops for whoever stopped everything, or just this topic.
        let reminder = Mailing::new("reminder", everyone).for_purpose(Purpose::Reminder);
        let third = world.campaign(&Mailing { topic: topic("care"), ..reminder }).await;
        for code in ["VETO_NO_OPTIN", "VETO_OPTOUT"] {
            expected.remove(code);
        }
        assert_eq!(world.refused(third).await, expected);
    }
}

pub(crate) fn form(purposes: &[&str], last_day: &str, paid: bool) -> Authorization {
    Authorization {
        information: "Zz-Canary information".to_owned(),
        discloser: "Harbor Clinic".to_owned(),
        recipient: "Harbor Clinic".to_owned(),
        purposes: purposes.iter().map(|p| (*p).to_owned()).collect(),
        expiry: Some(Expiry::On(Day::parse(last_day).unwrap())),
        signer: Some(Signer::Patient),
        signed_on: Some(Day::parse("2026-01-02").unwrap()),
        states_revocation: true,
        states_conditioning: true,
        states_redisclosure: true,
        states_remuneration: paid,
    }
}

async fn sign(world: &World, patient: PatientId, form: &Authorization) -> AuthorizationId {
    let by = world.officer.may(SignAuthorization { patient });
    world.app.sign_authorization(by, form, world.now()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn authorizations_are_needed_expire_and_are_revoked() {
    for world in both().await {
        let list = people(0, 7);
        world.import(&list).await;
        let mut ids = Vec::new();
        for person in &list {
            ids.push(world.patient(person).await);
        }
        // 0: none.
        sign(&world, ids[1], &form(&["marketing"], "2026-11-23", false)).await; // ended yesterday
        sign(&world, ids[2], &form(&["marketing"], "2026-11-24", false)).await; // holds today
        sign(&world, ids[3], &form(&["newsletter"], "2027-12-31", true)).await; // about something else
        sign(&world, ids[4], &form(&["marketing"], "2027-12-31", true)).await;
        sign(&world, ids[5], &form(&["marketing"], "2027-12-31", true)).await;
        let revoked = sign(&world, ids[6], &form(&["marketing"], "2027-12-31", true)).await;
        let revoke = RevokeAuthorization { patient: ids[6] };
        world.app.revoke_authorization(world.officer.may(revoke), revoked, world.now()).await.unwrap();
        let of_another = RevokeAuthorization { patient: ids[5] };
        let no = world.app.revoke_authorization(world.officer.may(of_another), revoked, world.now()).await;
        assert!(matches!(no, Err(AppError::NotFound(_))));
        let by = world.officer.may(SignAuthorization { patient: ids[0] });
        let void = Authorization { expiry: None, ..form(&["marketing"], "2027-12-31", true) };
        let no = world.app.sign_authorization(by, &void, world.now()).await.unwrap_err();
        assert!(no.to_string().contains("164.508(c)(1)(v)"), "{no}");

        let mut expected = codes(&[
            ("VETO_AUTH_MISSING", 1),
            ("VETO_AUTH_EXPIRED", 1),
            ("VETO_AUTH_SCOPE", 1),
            ("VETO_AUTH_REVOKED", 1),
        ]);
        let own = world.campaign(&Mailing::new("own", "age >= 18").for_purpose(Purpose::OwnProduct)).await;
        assert_eq!(world.refused(own).await, expected);
        let paid = world.campaign(&Mailing::new("paid", "age >= 18").for_purpose(Purpose::Paid)).await;
        expected.insert("VETO_AUTH_SCOPE".to_owned(), 2);
        assert_eq!(world.refused(paid).await, expected);

        // Midnight passes, and somebody revokes, before anything is sent: the gate sees both.
        world.pass(24 * 3600);
        let mut open = Vec::new();
        for id in [ids[5]] {
            let by = world.officer.may(discreet_access::ShowConsent { patient: id });
            open.push(world.app.consents_of(by, world.now()).await.unwrap().forms[0].id);
        }
        let revoke = RevokeAuthorization { patient: ids[5] };
        world.app.revoke_authorization(world.officer.may(revoke), open[0], world.now()).await.unwrap();
        let relay = Arc::new(TestRelay::default());
        assert_eq!(world.dispatch(own, &relay, 1).await.accepted, 1);
        let expected = codes(&[
            ("VETO_AUTH_MISSING", 1),
            ("VETO_AUTH_EXPIRED", 2),
            ("VETO_AUTH_SCOPE", 1),
            ("VETO_AUTH_REVOKED", 2),
        ]);
        assert_eq!(world.refused(own).await, expected);
        assert_eq!(relay.given()[0].patient, Some(ids[4]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_purpose_or_a_sensitive_segment_is_refused() {
    let world = World::sqlite().await;
    world.import(&people(0, 3)).await;
    let unknown = world.draft(&Mailing::new("unknown", "age >= 18").for_purpose(Purpose::Unknown)).await;
    assert_eq!(unknown.rows, ["M28"]);
    let sensitive = world.draft(&Mailing::new("sensitive", "has condition icd10:F32*")).await;
    for campaign in [unknown, sensitive] {
        let of = ApproveCampaign { campaign: campaign.campaign, author: campaign.author };
        let no = world.app.approve(world.officer.may(of), &campaign.content, world.now()).await.unwrap_err();
        assert!(matches!(no, AppError::Conflict(_)), "{no}");
        let by = world.marketer.may(SendCampaign);
        let no = world.app.start_campaign(by, campaign.campaign, world.now()).await.unwrap_err();
        assert!(matches!(no, AppError::Conflict(_)), "{no}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_red_button_stops_and_resume_goes_on() {
    for world in both().await {
        world.import(&people(0, 30)).await;
        let campaign = world.campaign(&Mailing::new("walks", "age >= 18")).await;
        let relay = Arc::new(TestRelay::default());
        let few = discreet_app::dispatch::Pace { batch: 10, ..Default::default() };
        assert_eq!(world.round(campaign, &relay, few).await.accepted, 10);
        world.app.stop_sending(world.marketer.may(StopSending), world.now()).await.unwrap();
        assert_eq!(world.round(campaign, &relay, few).await.accepted, 0, "a round after the button");
        assert_eq!(world.dispatch(campaign, &relay, 2).await.accepted, 0);
        assert_eq!(relay.given().len(), 10);
        assert_eq!(world.states(campaign).await, BTreeMap::from([("accepted", 10), ("queued", 20)]));
        world.app.resume_sending(world.officer.may(ResumeSending), world.now()).await.unwrap();
        world.pass(3600);
        assert_eq!(world.dispatch(campaign, &relay, 2).await.accepted, 20);
        assert_eq!(world.states(campaign).await, BTreeMap::from([("accepted", 30)]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_relay_under_a_baa_nothing_leaves() {
    let world = World::sqlite().await;
    world.import(&people(0, 12)).await;
    let campaign = world.campaign(&Mailing::new("walks", "age >= 18")).await;
    let until = Day::parse("2026-11-23").unwrap();
    let by = world.admin.may(SetRelay);
    world.app.set_relay(by, false, Some(until), world.now()).await.unwrap();
    let relay = Arc::new(TestRelay::default());
    assert_eq!(world.dispatch(campaign, &relay, 1).await.accepted, 0);
    assert!(relay.given().is_empty());
    // All of it waits for an agreement; nothing is lost.
    assert_eq!(world.states(campaign).await, BTreeMap::from([("queued", 12)]));
    let by = world.admin.may(SetRelay);
    world.app.set_relay(by, false, Some(Day::parse("2026-11-24").unwrap()), world.now()).await.unwrap();
    assert_eq!(world.dispatch(campaign, &relay, 1).await.accepted, 12);
}
