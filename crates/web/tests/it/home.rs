//! The first page: what needs somebody, and what does not.

use crate::approvals::scheduled;
use crate::staff::person;
use crate::world::World;
use axum::http::StatusCode;
use discreet_access::Role;

#[tokio::test]
async fn a_campaign_that_did_not_start_at_its_time_is_named_from_then_on() {
    let world = World::new().await;
    let officer = person(&world, "officer", &[Role::PrivacyOfficer]).await;
    let marketer = person(&world, "marketer", &[Role::Marketer]).await;
    let starts = world.now().plus_seconds(60);
    let ends = starts.plus_seconds(60);
    let walks = scheduled(&world, "Walks", (Some(starts), Some(ends))).await;
    let talks = scheduled(&world, "Talks", (Some(starts), Some(ends))).await;
    let ticked = format!("content={}&read=yes", walks.content);
    let approved = officer.post(&world, &format!("/approvals/{}/approve", walks.id), &ticked).await;
    assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.body);

    let line = "‘Walks’ was to start";
    let home = async || marketer.get(&world, "/").await.body;
    assert!(!home().await.contains(line));
    world.later(60);
    let at_its_time = home().await;
    assert!(!at_its_time.contains(line), "at its time it may start yet: {at_its_time}");
    world.later(1);
    let late = home().await;
    assert!(late.contains(line) && late.contains("and has not"), "{late}");
    assert!(late.contains("It starts as soon as it can, until"), "{late}");
    assert!(late.contains(&format!("href=\"/campaigns/{}\"", walks.id)), "{late}");
    assert!(!late.contains("‘Talks’ was to start"), "nobody approved {}: {late}", talks.id);
    world.later(58);
    assert!(home().await.contains("It starts as soon as it can, until"), "a second before it is over");
    world.later(1);
    let over = home().await;
    assert!(
        over.contains(line) && over.contains("Its last time has passed: make a copy to send it."),
        "{over}"
    );
    assert!(!over.contains("as soon as it can"), "{over}");
}
