//! From a patient list to a campaign that is sent, and back by the links in its mails.

use discreet_access::{
    ApproveCampaign, CountSegment, CreateCampaign, ExplainMembership, ListSegments, NotAllowed, NotMe,
    ShowConsent, ShowPatient, Unsubscribe,
};
use discreet_app::AppError;
use discreet_app::campaigns::Plan;
use discreet_app::import::Imported;
use discreet_app::links::Extent;
use discreet_app::segments::Which;
use discreet_app::segments::why::Because;
use discreet_audit::Reason;
use discreet_domain::{CampaignId, PatientId};
use discreet_mail::LinkPurpose;
use discreet_policy::AddressStanding;
use discreet_policy::consent::Method;
use discreet_testkit::world::{
    Given, Mailing, Person, Purpose, TestRelay, World, address, both, marketing, people,
};
use std::collections::BTreeMap;
use std::sync::Arc;

const CARE: Because<'_> = Because { reason: Reason::Care, note: None };

#[tokio::test(flavor = "multi_thread")]
async fn a_list_comes_in_and_a_campaign_goes_out() {
    for world in both().await {
        let list = imported_twice_and_corrected(&world).await;
        segments_count_what_can_be_counted_by_hand(&world, &list).await;
        let campaign = made_and_approved_by_two(&world).await;
        let given = sent_to_all_who_opted_in(&world, campaign).await;
        links_reduce_for_the_whole_mailbox(&world, &list, &given).await;
        the_next_campaign_knows(&world).await;
    }
}

/// Created, updated, unchanged, rejected of one kind.
fn counts(imported: &Imported, kind: &str) -> [u64; 4] {
    let c = imported.tally.kinds.get(kind).copied().unwrap_or_default();
    [c.created, c.updated, c.unchanged, c.rejected]
}

/// Forty patients; 38 and 39 share a mailbox, so do 36 and 37.
fn forty() -> Vec<Person> {
    let mut list = people(0, 40);
    list[39].email = address(38);
    list[37].email = list[36].email.to_uppercase().replace("EXAMPLE.COM", "Example.com");
    for p in &mut list[..12] {
        p.visits.push(("2026-12-01T18:00:00Z", "booked"));
    }
    list[5].conditions.push(("I10", "active"));
    list
}

async fn imported_twice_and_corrected(world: &World) -> Vec<Person> {
    let mut list = forty();
    let first = world.import(&list).await;
    assert_eq!(counts(&first, "patient"), [40, 0, 0, 0]);
    assert_eq!(counts(&first, "condition"), [41, 0, 0, 0]);
    assert_eq!(counts(&first, "appointment"), [12, 0, 0, 0]);
    assert_eq!(counts(&first, "consent"), [40, 0, 0, 0]);
    let total = first.tally.total();
    assert_eq!((total.read, total.created, total.rejected), (133, 133, 0), "{:?}", first.tally);
    assert_eq!(first.rejected_file, None);

    let before = world.log_lines().await.len();
    let again = world.import(&list).await;
    let total = again.tally.total();
    assert_eq!((total.read, total.unchanged), (133, 133), "{:?}", again.tally);
    assert_eq!(again.tally.patients_written, 0);
    // Begun, looked, ended: no batch was written.
    assert_eq!(world.log_lines().await.len(), before + 3);

    list[0].conditions[0].1 = "resolved"; // an update
    list[1].visits[0].1 = "cancelled"; // an update
    list[2].conditions[0].1 = "entered-in-error"; // taken back
    list[3].state = "OR"; // an update of the patient
    let corrected = world.import(&list).await;
    assert_eq!(counts(&corrected, "condition"), [0, 1, 39, 0]);
    assert_eq!(counts(&corrected, "appointment"), [0, 1, 11, 0]);
    assert_eq!(counts(&corrected, "delete"), [0, 1, 0, 0]);
    assert_eq!(counts(&corrected, "patient"), [0, 1, 39, 0]);
    assert_eq!(corrected.tally.patients_written, 4);
    let record = {
        let patient = world.patient(&list[2]).await;
        let by = world.officer.may(ShowPatient { patient });
        world.app.show(by, Reason::Correction, Some("Zz-Canary note"), world.now()).await.unwrap()
    };
    let record = record.expose();
    assert!(record.codes.is_empty() && record.events.len() == 1, "what was entered in error is gone");
    assert_eq!(record.identity.name.family, list[2].family());
    list
}

async fn count(world: &World, text: &str) -> u64 {
    let by = world.marketer.may(CountSegment);
    let which = Which::Text(text.to_owned());
    world.app.count_segment(by, &which, &marketing(), world.now()).await.unwrap().count.exact()
}

async fn segments_count_what_can_be_counted_by_hand(world: &World, list: &[Person]) {
    assert_eq!(count(world, "age >= 18").await, 40);
    assert_eq!(count(world, "sex = female").await, 20);
    assert_eq!(count(world, "state = OR").await, 1);
    // 40 had E11.9; one is resolved, one was taken back.
    assert_eq!(count(world, "has condition icd10:E11*").await, 38);
    assert_eq!(count(world, "had condition icd10:E11*").await, 39);
    assert_eq!(count(world, "has condition icd10:I10").await, 1);
    assert_eq!(count(world, "any appointment where status = booked in next 14 days").await, 11);
    assert_eq!(count(world, "any appointment where status = booked in next 6 days").await, 0);
    assert_eq!(count(world, "has consent marketing by email").await, 40);
    let text = "has condition icd10:E11* and any appointment where status = booked in next 14 days";
    // Twelve with visits, less 0 (resolved), 1 (cancelled) and 2 (taken back).
    assert_eq!(count(world, text).await, 9);

    let by = world.marketer.may(discreet_access::SaveSegment);
    let saved = world.app.save_segment(by, "Diabetes soon", text, world.now()).await.unwrap();
    assert_eq!(saved.version, 1);
    let by = world.marketer.may(discreet_access::SaveSegment);
    let again =
        world.app.save_segment(by, " diabetes SOON", &text.replace(" and ", "\nand "), world.now()).await;
    let names: Vec<String> = world
        .app
        .segments(world.marketer.may(ListSegments))
        .await
        .unwrap()
        .into_iter()
        .map(|s| s.name)
        .collect();
    assert_eq!((again.unwrap().version, names), (1, vec!["Diabetes soon".to_owned()]), "the same meaning");
    for (n, answer) in [(3, true), (0, false), (1, false), (20, false)] {
        let patient = world.patient(&list[n]).await;
        let by = world.officer.may(ExplainMembership { patient });
        let which = Which::Saved("Diabetes soon".to_owned());
        let why = world.app.why(by, &which, CARE, world.now()).await.unwrap();
        assert_eq!(why.expose().answer, Some(answer), "patient {n}");
    }
}

/// The author cannot approve, by whatever way; what was refused is in the log.
async fn made_and_approved_by_two(world: &World) -> CampaignId {
    world.draft(&Mailing::new("Walks", "age >= 18")).await;
    let plan = Plan {
        name: "Autumn".to_owned(),
        segment: "Walks".to_owned(),
        template: "Walks".to_owned(),
        topic: marketing(),
        blocks: Purpose::OwnService.blocks(),
        not_after: None,
        kept: Default::default(),
    };
    let by = world.admin.may(CreateCampaign);
    let campaign = world.app.create_campaign(by, &plan, world.now()).await.unwrap();
    assert_eq!((campaign.rows.as_slice(), campaign.state), (["M08".to_owned()].as_slice(), "draft"));
    let (id, author) = (campaign.campaign, world.admin.id());
    let no = world.admin.who.may(ApproveCampaign { campaign: id, author }).unwrap_err();
    assert!(matches!(no, NotAllowed::SecondPerson(_)));
    world.app.log_refusal(world.admin.who.actor(), no, world.now()).await.unwrap();
    assert!(world.log_lines().await.last().unwrap().contains(r#""reason":"second_person""#));
    // Whoever lies about the author gets leave from access, and is caught by the verb.
    let by = world.admin.may(ApproveCampaign { campaign: id, author: world.officer.id() });
    let no = world.app.approve(by, &campaign.content, world.now()).await.unwrap_err();
    assert!(matches!(no, AppError::NotAllowed(NotAllowed::SecondPerson(_))), "{no}");
    // What was read is what is approved, or nothing is.
    let by = world.officer.may(ApproveCampaign { campaign: id, author });
    let no = world.app.approve(by, &"0".repeat(64), world.now()).await.unwrap_err();
    assert!(matches!(no, AppError::Stale), "{no}");
    let no = world.marketer.who.may(ApproveCampaign { campaign: id, author }).unwrap_err();
    assert!(matches!(no, NotAllowed::Role(_)));
    let by = world.marketer.may(discreet_access::SendCampaign);
    let no = world.app.start_campaign(by, id, world.now()).await.unwrap_err();
    assert!(matches!(no, AppError::Conflict(_)), "not approved");
    let report = world.start(&campaign).await;
    assert_eq!((report.selected.exact(), report.eligible.exact(), report.refused.len()), (40, 40, 0));
    id
}

async fn sent_to_all_who_opted_in(world: &World, campaign: CampaignId) -> Vec<Given> {
    let relay = Arc::new(TestRelay::default());
    let round = world.dispatch(campaign, &relay, 3).await;
    assert_eq!((round.handed_over, round.accepted), (40, 40));
    let report = world.report(campaign).await;
    assert_eq!(report.campaign.state, "done");
    assert_eq!(world.states(campaign).await, BTreeMap::from([("accepted", 40)]));
    let race = world.judge(campaign, &marketing()).await;
    world.sent_is_permitted(&relay.given(), &race);
    assert!(race.denied.is_empty());
    let mail = &relay.given()[0];
    let text = String::from_utf8_lossy(mail.bytes.expose()).into_owned();
    for header in
        ["List-Unsubscribe-Post: List-Unsubscribe=One-Click", "DKIM-Signature:", "Subject: Autumn walks"]
    {
        assert!(text.contains(header), "{header}");
    }
    relay.given()
}

fn to(given: &[Given], patient: PatientId) -> Given {
    given.iter().find(|g| g.patient == Some(patient)).unwrap().clone()
}

async fn links_reduce_for_the_whole_mailbox(world: &World, list: &[Person], given: &[Given]) {
    let (one, other) = (world.patient(&list[38]).await, world.patient(&list[39]).await);
    let token = world.link::<Unsubscribe>(&to(given, one), LinkPurpose::Unsubscribe).await;
    assert_eq!(world.app.link_page(&token).topic.as_deref(), Some("News and offers"));
    for _ in 0..2 {
        world.app.unsubscribe(&token, Extent::Topic, Method::OneClick, world.now()).await.unwrap();
    }
    for patient in [one, other] {
        let by = world.officer.may(ShowConsent { patient });
        let ledger = world.app.consents_of(by, world.now()).await.unwrap();
        assert!(ledger.acts.last().is_some_and(|act| !act.granted), "the whole mailbox");
        assert_eq!(ledger.stopped_at_address, [marketing()]);
    }
    // 36 and 37 write the same address in another way.
    let (one, other) = (world.patient(&list[36]).await, world.patient(&list[37]).await);
    let token = world.link::<NotMe>(&to(given, one), LinkPurpose::NotMe).await;
    world.app.not_me(&token, world.now()).await.unwrap();
    for patient in [one, other] {
        let by = world.officer.may(ShowPatient { patient });
        let record = world.app.show(by, Reason::Care, None, world.now()).await.unwrap();
        assert_eq!(record.expose().address, AddressStanding::Doubtful);
    }
    // A link is for one thing only.
    let hash = world.link::<NotMe>(&to(given, one), LinkPurpose::NotMe).await;
    assert!(hash.record().verb != "unsubscribe");
}

async fn the_next_campaign_knows(world: &World) {
    let campaign = world.campaign(&Mailing::new("Next", "age >= 18")).await;
    let expected = BTreeMap::from([("VETO_OPTOUT".to_owned(), 2), ("VETO_ADDRESS_UNVERIFIED".to_owned(), 2)]);
    assert_eq!(world.refused(campaign).await, expected);
    let relay = Arc::new(TestRelay::default());
    assert_eq!(world.dispatch(campaign, &relay, 1).await.accepted, 36);
    let report = world.report(campaign).await;
    let refused: u64 = report.refused.values().map(|n| n.exact()).sum();
    let sent: u64 = report.states.values().map(|n| n.exact()).sum();
    assert_eq!(report.selected.exact(), refused + sent, "the report adds up");
    assert_eq!(report.eligible.exact(), sent);
}
