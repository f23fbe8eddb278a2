//! Approving takes showing once more who one is; what was ticked is kept meanwhile, for what was read and nothing else.

use crate::staff::{Person, person};
use crate::world::{World, request};
use axum::http::StatusCode;
use discreet_access::{
    Action, Allowed, CreateCampaign, PreviewCampaign, Role, SaveSegment, SaveTemplate, Who,
};
use discreet_app::campaigns::blocks::ContentBlock;
use discreet_app::campaigns::drafts::CampaignDraft;
use discreet_domain::{Timestamp, Topic};
use discreet_policy::{Block, Owner, Remuneration, What};

const TICKED: &str = "id=\"read-yes\" value=\"yes\" checked";

pub struct Waiting {
    pub id: String,
    pub content: String,
}

fn may<A: Action>(who: &Who, action: A) -> Allowed<A> {
    who.may(action).unwrap()
}

/// A campaign that waits for approval.
async fn waiting(world: &World, name: &str) -> Waiting {
    scheduled(world, name, (None, None)).await
}

/// One that starts by itself, and is over at a time.
pub async fn scheduled(
    world: &World,
    name: &str,
    (starts, not_after): (Option<Timestamp>, Option<Timestamp>),
) -> Waiting {
    let (app, now) = (&world.app, world.now());
    let author = app.sign_in(&world.token, None, now).await.unwrap();
    app.save_segment(may(&author, SaveSegment), "Adults", "age >= 18", now).await.unwrap();
    let mut draft =
        app.begin_campaign_draft(may(&author, CreateCampaign), Some("Adults"), now).await.unwrap();
    draft.content = CampaignDraft {
        name: name.to_owned(),
        purpose: Some(Block {
            what: Some(What::Promotion),
            owner: Some(Owner::Own),
            health_related: Some(true),
            remuneration: [Remuneration::None].into(),
        }),
        topic: Some(Topic::marketing()),
        subject: "Come for a walk".to_owned(),
        preheader: "On Saturday".to_owned(),
        from_name: "Bayside Clinic".to_owned(),
        language: "en".to_owned(),
        content: vec![ContentBlock::Text { text: "A walk on Saturday.".to_owned() }],
        segment: Some("Adults".to_owned()),
        starts,
        not_after,
        ..draft.content
    };
    app.change_campaign_draft(may(&author, CreateCampaign), &mut draft, now).await.unwrap();
    let leave = (may(&author, CreateCampaign), may(&author, SaveTemplate), &may(&author, PreviewCampaign));
    let campaign = app.submit_campaign(leave, (draft.id, draft.revision), now).await.unwrap();
    Waiting { id: draft.id.to_string(), content: campaign.content }
}

async fn state(world: &World, waiting: &Waiting) -> &'static str {
    let id = discreet_domain::CampaignId::from_uuid(waiting.id.parse().unwrap());
    world.app.campaign(&id.to_string()).await.unwrap().state
}

async fn confirm(world: &World, officer: &Person, next: &str) -> String {
    let code = officer.factor.as_ref().unwrap().code(world.now()).unwrap();
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    let answer = officer.post(world, "/confirm", &format!("shown={code}&next={next}")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.header("location").to_owned()
}

#[tokio::test]
async fn approving_asks_once_more_who_one_is() {
    let world = World::new().await;
    let officer = person(&world, "officer", &[Role::PrivacyOfficer]).await;
    let walks = waiting(&world, "Walks").await;
    let (page, approve) = (format!("/approvals/{}", walks.id), format!("/approvals/{}/approve", walks.id));
    let ticked = format!("content={}&read=yes", walks.content);
    world.later(6 * 60);
    // Signed in six minutes ago: not enough.
    let asked = officer.post(&world, &approve, &ticked).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    assert!(asked.header("location").starts_with("/confirm?next="), "{}", asked.header("location"));
    assert_eq!(state(&world, &walks).await, "draft");
    let query = asked.header("location").split_once("next=").unwrap().1.to_owned();
    let next: String = form_urlencoded::parse(format!("next={query}").as_bytes()).next().unwrap().1.into();
    let confirm_page = officer.get(&world, asked.header("location")).await;
    assert!(confirm_page.body.contains("Show that it is you"));

    // Looking at the page with that address approves nothing, and ticks only what was read.
    assert!(!officer.get(&world, &page).await.body.contains(TICKED));
    assert!(!officer.get(&world, &format!("{page}?read=yes")).await.body.contains(TICKED));
    let back = confirm(&world, &officer, &next).await;
    assert_eq!(back, format!("{page}?read={}", walks.content));
    assert!(officer.get(&world, &back).await.body.contains(TICKED));
    assert_eq!(state(&world, &walks).await, "draft");

    let done = officer.post(&world, &approve, &ticked).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/approvals"));
    assert_eq!(state(&world, &walks).await, "approved");
    // Nobody else's form does it.
    let nobody = world.send(request("POST", &approve, &[("cookie", &officer.cookie())], &ticked)).await;
    assert_eq!(nobody.status, StatusCode::FORBIDDEN);
}
