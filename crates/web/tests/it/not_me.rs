//! `/n/{token}`

use crate::world::{FORM, World, encodings, request, tag};
use axum::http::StatusCode;
use discreet_mail::LinkPurpose;

const LINK: LinkPurpose = LinkPurpose::NotMe;

#[tokio::test]
async fn looking_changes_nothing() {
    let world = World::new().await;
    let (_, path) = world.linked(LINK).await;
    let before = world.state().await;
    let shown = world.get(&path).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("Is this email not for you?"));
    assert!(!shown.body.contains("News and offers"), "who it is not for need not learn what it is about");
    assert_eq!(world.send(request("HEAD", &path, &[], "")).await.status, StatusCode::OK);
    assert_eq!(world.state().await, before);
}

#[tokio::test]
async fn saying_it_stops_mail_to_everyone_at_the_address() {
    for (content_type, body) in encodings("anything", "at all").into_iter().chain([("", String::new())]) {
        let world = World::new().await;
        let (patient, path) = world.linked(LINK).await;
        let other = world.patient(tag(1)).await;
        world.patient(tag(2)).await;
        let before = world.state().await;
        let answer = world.post(&path, content_type, &body).await;
        assert_eq!(answer.status, StatusCode::OK, "no redirect");
        assert!(answer.body.contains("Thank you. We stopped."));
        let after = world.state().await;
        let mut both = vec![patient, other];
        both.sort();
        assert_eq!(after.doubtful, both);
        assert_eq!((after.acts, after.stops), (before.acts, before.stops), "it is no opt-out");
        assert_eq!(after.logged, before.logged + 1);
        assert_eq!(world.post(&path, FORM, "").await.status, StatusCode::OK, "twice is fine");
    }
}
