//! Findings of a mail that are mended or kept with a reason: what is asked for, what goes with the campaign, what the log
//! says.

use crate::drafts::{again, approve, submit, written};
use discreet_access::{ApproveCampaign, CreateCampaign, NotAllowed, PreviewCampaign};
use discreet_app::AppError;
use discreet_app::campaigns::drafts::CampaignDraft;
use discreet_app::campaigns::kept::{LONGEST_KEEP_REASON, can_be_kept, mark};
use discreet_app::drafts::Draft;
use discreet_audit::{EntryBody, Event};
use discreet_domain::CampaignId;
use discreet_mail::{Finding, Place};
use discreet_testkit::world::{User, World, both, people};

const REASON: &str = "The hall is called Refill House";

async fn findings(world: &World, draft: &CampaignDraft) -> Vec<Finding> {
    world.app.preview_letter(&world.marketer.may(PreviewCampaign), draft).await.unwrap().findings
}

async fn open(world: &World, draft: &CampaignDraft) -> usize {
    world.app.preview_letter(&world.marketer.may(PreviewCampaign), draft).await.unwrap().open()
}

/// The mark of the one finding at a place.
async fn at(world: &World, draft: &CampaignDraft, place: Place) -> String {
    let found = findings(world, draft).await;
    let mut there = found.iter().filter(|f| f.place == place);
    let one = there.next().expect("a finding");
    assert!(there.next().is_none(), "{found:?}");
    mark(one)
}

async fn keep(
    world: &World,
    by: &User,
    draft: &mut CampaignDraft,
    mark: &str,
    why: &str,
) -> Result<(), AppError> {
    world.app.keep_finding(&by.may(CreateCampaign), draft, (mark, why), world.now()).await
}

async fn save(world: &World, draft: &mut Draft<CampaignDraft>) {
    world.app.change_campaign_draft(world.marketer.may(CreateCampaign), draft, world.now()).await.unwrap();
}

/// A draft with a careful word in its subject.
async fn refill(world: &World, name: &str) -> Draft<CampaignDraft> {
    let mut draft = written(world, name, None).await;
    draft.content.subject = "Coffee at Refill House".to_owned();
    save(world, &mut draft).await;
    draft
}

fn said<T>(result: Result<T, AppError>) -> String {
    match result {
        Err(AppError::Conflict(text) | AppError::Invalid(text)) => text,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("was not refused"),
    }
}

/// What the log says of findings: kept or not, campaign, place, code.
async fn told(world: &World) -> Vec<(bool, CampaignId, String, String)> {
    let lines = world.log_lines().await;
    for words in ["Refill", "refill", REASON] {
        assert!(lines.iter().all(|line| !line.contains(words)), "{words} is in the log");
    }
    let of = |line: &String| match EntryBody::parse(line).unwrap().did {
        Event::FindingKept { campaign, place, code, .. } => Some((true, campaign, place, code)),
        Event::FindingUnkept { campaign, place, code, .. } => Some((false, campaign, place, code)),
        _ => None,
    };
    lines.iter().filter_map(of).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_found_is_mended_or_kept_before_it_goes_for_approval() {
    for world in both().await {
        world.import(&people(0, 3)).await;
        let mut draft = refill(&world, "Coffee").await;
        assert_eq!(open(&world, &draft.content).await, 1);
        assert!(said(submit(&world, &draft).await).contains("1 finding is neither mended nor kept"));
        // A reason is something, and not a treatise.
        let mark = at(&world, &draft.content, Place::Subject).await;
        for wrong in ["", "  ", &"x".repeat(LONGEST_KEEP_REASON + 1), "see MRN 00123456"] {
            let refused = keep(&world, &world.marketer, &mut draft.content, &mark, wrong).await;
            assert!(matches!(refused, Err(AppError::Invalid(_))), "{wrong}");
        }
        assert!(keep(&world, &world.marketer, &mut draft.content, "no such", REASON).await.is_err());
        assert_eq!(open(&world, &draft.content).await, 1);
        keep(&world, &world.marketer, &mut draft.content, &mark, REASON).await.unwrap();
        save(&world, &mut draft).await;
        // It stays shown, and goes with the campaign.
        let stored = again(&world, &draft).await;
        assert_eq!(open(&world, &stored.content).await, 0);
        let found = findings(&world, &stored.content).await;
        let kept = stored.content.kept.of(&found[0]).unwrap();
        assert_eq!((kept.reason.as_str(), kept.by, kept.at), (REASON, world.marketer.id(), world.now()));
        let campaign = submit(&world, &draft).await.unwrap();
        let preview =
            world.app.preview(world.officer.may(PreviewCampaign), campaign.campaign, world.now()).await;
        let preview = preview.unwrap();
        assert_eq!(preview.kept.of(&preview.findings[0]).unwrap().reason, REASON);
        approve(&world, &campaign).await.unwrap();
        let subject = "subject".to_owned();
        let kept = (true, CampaignId::from_uuid(draft.id), subject, "careful_word".to_owned());
        assert_eq!(told(&world).await, [kept]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_line_takes_back_what_was_kept_in_it() {
    for world in both().await {
        let mut draft = refill(&world, "Coffee").await;
        let mark = at(&world, &draft.content, Place::Subject).await;
        keep(&world, &world.marketer, &mut draft.content, &mark, REASON).await.unwrap();
        save(&world, &mut draft).await;
        // Another line may change, and the reason be said anew.
        draft.content.preheader = "On Saturday".to_owned();
        save(&world, &mut draft).await;
        assert_eq!(open(&world, &draft.content).await, 0);
        keep(&world, &world.marketer, &mut draft.content, &mark, "It is the name of a house").await.unwrap();
        save(&world, &mut draft).await;
        // The same word in another sentence was not decided about, nor when it is put back later.
        draft.content.subject = "Your refill".to_owned();
        save(&world, &mut draft).await;
        assert_eq!(open(&world, &draft.content).await, 1);
        draft.content.subject = "Coffee at Refill House".to_owned();
        save(&world, &mut draft).await;
        assert_eq!(open(&world, &again(&world, &draft).await.content).await, 1);
        keep(&world, &world.marketer, &mut draft.content, &mark, REASON).await.unwrap();
        save(&world, &mut draft).await;
        world.app.unkeep_finding(&world.marketer.may(CreateCampaign), &mut draft.content, &mark);
        save(&world, &mut draft).await;
        let told: Vec<bool> = told(&world).await.into_iter().map(|(kept, ..)| kept).collect();
        assert_eq!(told, [true, true, false, true, false]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keeping_or_taking_back_undoes_an_approval_and_another_reason_is_another_campaign() {
    for world in both().await {
        world.import(&people(0, 3)).await;
        let mut draft = refill(&world, "Coffee").await;
        let mark = at(&world, &draft.content, Place::Subject).await;
        keep(&world, &world.marketer, &mut draft.content, &mark, REASON).await.unwrap();
        save(&world, &mut draft).await;
        let campaign = submit(&world, &draft).await.unwrap();
        approve(&world, &campaign).await.unwrap();
        let mut draft = again(&world, &draft).await;
        keep(&world, &world.marketer, &mut draft.content, &mark, "Nobody minds").await.unwrap();
        save(&world, &mut draft).await;
        assert!(matches!(approve(&world, &campaign).await, Err(AppError::NotFound(_))));
        // Whoever read the old reason does not approve the new one.
        let anew = submit(&world, &draft).await.unwrap();
        let of = || ApproveCampaign { campaign: anew.campaign, author: anew.author };
        let stale = world.app.approve(world.officer.may(of()), &campaign.content, world.now()).await;
        assert!(matches!(stale, Err(AppError::Stale)));
        approve(&world, &anew).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_kept_a_finding_does_not_approve_it() {
    for world in both().await {
        world.import(&people(0, 3)).await;
        let mut draft = refill(&world, "Coffee").await;
        let mark = at(&world, &draft.content, Place::Subject).await;
        keep(&world, &world.admin, &mut draft.content, &mark, REASON).await.unwrap();
        save(&world, &mut draft).await;
        let campaign = submit(&world, &draft).await.unwrap();
        let of = ApproveCampaign { campaign: campaign.campaign, author: campaign.author };
        let own = world.app.approve(world.admin.may(of), &campaign.content, world.now()).await;
        assert!(matches!(own, Err(AppError::NotAllowed(NotAllowed::SecondPerson(_)))), "{own:?}");
        approve(&world, &campaign).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stops_a_mail_is_never_kept_and_notes_ask_for_nothing() {
    let world = World::sqlite().await;
    let mut draft = written(&world, "Class", None).await;
    draft.content.subject = "Your diabetes class".to_owned();
    draft.content.content = vec![discreet_app::campaigns::blocks::ContentBlock::Text {
        text: "We talk about asthma.".to_owned(),
    }];
    let stops = at(&world, &draft.content, Place::Subject).await;
    let refused = said(keep(&world, &world.marketer, &mut draft.content, &stops, REASON).await);
    assert!(refused.contains("nobody can keep it"), "{refused}");
    let note = at(&world, &draft.content, Place::Body).await;
    assert!(keep(&world, &world.marketer, &mut draft.content, &note, REASON).await.is_err());
    assert_eq!((draft.content.kept.iter().count(), open(&world, &draft.content).await), (0, 0));
    assert!(findings(&world, &draft.content).await.iter().all(|finding| !can_be_kept(finding)));
    // More neutral words are put in their place, where there are such.
    let by = world.marketer.may(CreateCampaign);
    world.app.mend_finding(&by, &mut draft.content, &stops).await.unwrap();
    assert_eq!(draft.content.subject, "Your health class");
    assert!(
        said(world.app.mend_finding(&by, &mut draft.content, &stops).await).contains("not found any more")
    );
    let by_hand = said(world.app.mend_finding(&by, &mut draft.content, &note).await);
    assert!(by_hand.contains("where they stand"), "{by_hand}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_begins_with_nothing_kept() {
    let world = World::sqlite().await;
    let mut draft = refill(&world, "Coffee").await;
    let mark = at(&world, &draft.content, Place::Subject).await;
    keep(&world, &world.marketer, &mut draft.content, &mark, REASON).await.unwrap();
    save(&world, &mut draft).await;
    let by = world.marketer.may(CreateCampaign);
    let copy = world.app.clone_campaign_draft(by, draft.id, world.now()).await.unwrap();
    assert_eq!((open(&world, &draft.content).await, open(&world, &copy.content).await), (0, 1));
}
