//! Campaigns in the making: submitted, changed, sent back; started by the clock.

use discreet_access::{
    ApproveCampaign, CountSegment, CreateCampaign, ManageUsers, PreviewCampaign, SaveSegment, SaveTemplate,
    StopSending,
};
use discreet_app::AppError;
use discreet_app::campaigns::Campaign;
use discreet_app::campaigns::blocks::ContentBlock;
use discreet_app::campaigns::drafts::CampaignDraft;
use discreet_app::drafts::Draft;
use discreet_app::segments::drafts::{Beginning, Change};
use discreet_domain::Timestamp;
use discreet_testkit::world::{Purpose, World, both, marketing, people};

/// Everything answered, to everybody with an address.
pub(crate) async fn written(world: &World, name: &str, starts: Option<Timestamp>) -> Draft<CampaignDraft> {
    let (app, by, now) = (&world.app, &world.marketer, world.now());
    app.save_segment(by.may(SaveSegment), name, "has_email = yes", now).await.unwrap();
    let mut draft = app.begin_campaign_draft(by.may(CreateCampaign), Some(name), now).await.unwrap();
    draft.content.name = name.to_owned();
    draft.content.purpose = Purpose::OwnService.blocks().pop();
    draft.content.topic = Some(marketing());
    draft.content.subject = "Autumn walks".to_owned();
    draft.content.content = vec![ContentBlock::Text { text: "Come along on Saturday.".to_owned() }];
    draft.content.starts = starts;
    app.change_campaign_draft(by.may(CreateCampaign), &mut draft, now).await.unwrap();
    draft
}

pub(crate) async fn submit(world: &World, draft: &Draft<CampaignDraft>) -> Result<Campaign, AppError> {
    let by = &world.marketer;
    let leave = (by.may(CreateCampaign), by.may(SaveTemplate), &by.may(PreviewCampaign));
    world.app.submit_campaign(leave, (draft.id, draft.revision), world.now()).await
}

pub(crate) async fn approve(world: &World, campaign: &Campaign) -> Result<(), AppError> {
    let of = ApproveCampaign { campaign: campaign.campaign, author: campaign.author };
    world.app.approve(world.officer.may(of), &campaign.content, world.now()).await
}

async fn state(world: &World, campaign: &Campaign) -> &'static str {
    world.report(campaign.campaign).await.campaign.state
}

/// The draft as it stands.
pub(crate) async fn again(world: &World, draft: &Draft<CampaignDraft>) -> Draft<CampaignDraft> {
    world.app.campaign_draft(world.marketer.may(PreviewCampaign), draft.id).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_undoes_submission_and_approval() {
    for world in both().await {
        world.import(&people(0, 12)).await;
        let mut draft = written(&world, "Walks", None).await;
        let campaign = submit(&world, &draft).await.unwrap();
        approve(&world, &campaign).await.unwrap();
        draft = again(&world, &draft).await;
        draft.content.subject = "Winter walks".to_owned();
        let by = world.marketer.may(CreateCampaign);
        world.app.change_campaign_draft(by, &mut draft, world.now()).await.unwrap();
        assert!(matches!(approve(&world, &campaign).await, Err(AppError::NotFound(_))));
        // Approved is what is submitted now, not what was read before.
        let changed = submit(&world, &draft).await.unwrap();
        assert_ne!(changed.content, campaign.content);
        let stale = Campaign { content: campaign.content.clone(), ..changed.clone() };
        assert!(matches!(approve(&world, &stale).await, Err(AppError::Stale)));
        // Neither is another hour to start at.
        draft = again(&world, &draft).await;
        draft.content.starts = Some(world.now().plus_seconds(3600));
        let by = world.marketer.may(CreateCampaign);
        world.app.change_campaign_draft(by, &mut draft, world.now()).await.unwrap();
        let later = submit(&world, &draft).await.unwrap();
        assert_ne!(later.content, changed.content);
        draft = again(&world, &draft).await;
        draft.content.starts = None;
        let by = world.marketer.may(CreateCampaign);
        world.app.change_campaign_draft(by, &mut draft, world.now()).await.unwrap();
        let changed = submit(&world, &draft).await.unwrap();
        approve(&world, &changed).await.unwrap();

        // Sent back with a reason, the author reads it, and it waits for nobody.
        let of = ApproveCampaign { campaign: changed.campaign, author: changed.author };
        let back = world.app.send_back(world.officer.may(of), "  ", world.now()).await;
        assert!(matches!(back, Err(AppError::Invalid(_))));
        let of = ApproveCampaign { campaign: changed.campaign, author: changed.author };
        world.app.send_back(world.officer.may(of), "Say where", world.now()).await.unwrap();
        assert_eq!(again(&world, &draft).await.content.returned.as_deref(), Some("Say where"));
        let late = submit(&world, &draft).await;
        assert!(matches!(late, Err(AppError::Stale)), "a page read before it was sent back");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_scheduled_starts_at_its_time_if_it_may() {
    for world in both().await {
        world.import(&people(0, 12)).await;
        let at = world.now().plus_seconds(3600);
        let past = submit(&world, &written(&world, "Past", Some(world.now())).await).await;
        assert!(past.unwrap_err().to_string().contains("The starting time has passed"));
        let first = submit(&world, &written(&world, "First", Some(at)).await).await.unwrap();
        let unapproved = submit(&world, &written(&world, "Unapproved", Some(at)).await).await.unwrap();
        approve(&world, &first).await.unwrap();
        world.pass(3599);
        world.app.start_due_campaigns(world.now()).await.unwrap();
        assert_eq!(state(&world, &first).await, "approved", "not before its time");
        world.pass(1);
        let stopped = world.marketer.may(StopSending);
        world.app.stop_sending(stopped, world.now()).await.unwrap();
        world.app.start_due_campaigns(world.now()).await.unwrap();
        assert_eq!(state(&world, &first).await, "approved", "not while all is stopped");
        let resume = world.officer.may(discreet_access::ResumeSending);
        world.app.resume_sending(resume, world.now()).await.unwrap();
        world.app.start_due_campaigns(world.now()).await.unwrap();
        assert_eq!(state(&world, &first).await, "running");
        assert_eq!(world.report(first.campaign).await.selected.exact(), 12);
        assert_eq!(state(&world, &unapproved).await, "draft");

        // Too late is not at all; and whoever may no longer send has scheduled nothing.
        let at = world.now().plus_seconds(60);
        let mut brief = written(&world, "Brief", Some(at)).await;
        brief.content.not_after = Some(at.plus_seconds(60));
        let by = world.marketer.may(CreateCampaign);
        world.app.change_campaign_draft(by, &mut brief, world.now()).await.unwrap();
        let brief = submit(&world, &brief).await.unwrap();
        approve(&world, &brief).await.unwrap();
        let orphan = submit(&world, &written(&world, "Orphan", Some(at)).await).await.unwrap();
        approve(&world, &orphan).await.unwrap();
        world.pass(120);
        let by = world.admin.may(ManageUsers);
        let name = world.app.name_of(world.marketer.id()).await.unwrap();
        world.app.disable_user(by, &name, world.now()).await.unwrap();
        world.app.start_due_campaigns(world.now()).await.unwrap();
        assert_eq!(state(&world, &brief).await, "approved");
        assert_eq!(state(&world, &orphan).await, "approved");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_change_a_draft_the_second_is_told_and_nothing_is_thrown_away() {
    for world in both().await {
        let (app, now) = (&world.app, world.now());
        let mut first = written(&world, "Walks", None).await;
        let mut second = again(&world, &first).await;
        first.content.subject = "Winter walks".to_owned();
        app.change_campaign_draft(world.marketer.may(CreateCampaign), &mut first, now).await.unwrap();
        second.content.subject = "Spring walks".to_owned();
        let late = app.change_campaign_draft(world.marketer.may(CreateCampaign), &mut second, now).await;
        assert!(matches!(late, Err(AppError::Stale)), "{}: {late:?}", world.name());
        let kept = again(&world, &first).await;
        assert_eq!(kept.content.subject, "Winter walks");
        assert_eq!((kept.revision, kept.changed_by), (first.revision, world.marketer.id()));
        // A privacy officer who sends it back has changed it, too.
        let campaign = submit(&world, &kept).await.unwrap();
        let of = ApproveCampaign { campaign: campaign.campaign, author: campaign.author };
        app.send_back(world.officer.may(of), "Say where", now).await.unwrap();
        assert_eq!(again(&world, &first).await.changed_by, world.officer.id());

        let by = || world.marketer.may(SaveSegment);
        let segment = app.begin_segment_draft(by(), Beginning::Nothing, now).await.unwrap();
        let text = Change::Text("age >= 18".to_owned());
        app.change_segment_draft(by(), segment.id, segment.revision, text, now).await.unwrap();
        let late = app.discard_segment_draft(by(), (segment.id, segment.revision)).await;
        assert!(matches!(late, Err(AppError::Stale)), "{}: {late:?}", world.name());
        let stands = app.segment_draft(world.marketer.may(CountSegment), segment.id).await.unwrap();
        assert_eq!(stands.content.text(), "age >= 18");
        app.discard_segment_draft(by(), (segment.id, stands.revision)).await.unwrap();
    }
}
