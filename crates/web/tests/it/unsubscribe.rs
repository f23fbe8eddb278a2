//! `/u/{token}`

use crate::world::{FORM, World, encodings, request, settings, tag};
use axum::http::StatusCode;
use discreet_domain::Topic;
use discreet_mail::{LinkPurpose, LinkToken};
use discreet_policy::consent::{ALL_OPTIONAL, Method};
use discreet_store::Lane;
use discreet_web::{LARGEST_BODY, Options};
use std::time::Duration;
use tower::ServiceExt;

const LINK: LinkPurpose = LinkPurpose::Unsubscribe;

#[tokio::test]
async fn looking_changes_nothing() {
    let world = World::new().await;
    let (_, path) = world.linked(LINK).await;
    let before = world.state().await;
    let shown = world.get(&path).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(
        shown.body.contains("Bayside Clinic") && shown.body.contains("News and offers"),
        "{}",
        shown.body
    );
    // Neither does asking for the head, nor whatever a scanner appends.
    for (method, path) in [
        ("HEAD", path.clone()),
        ("GET", format!("{path}?all=1&List-Unsubscribe=One-Click")),
        ("GET", path.to_uppercase().replace("/U/", "/u/")),
    ] {
        let answer = world.send(request(method, &path, &[], "List-Unsubscribe=One-Click")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.body.is_empty(), method == "HEAD");
    }
    assert_eq!(world.state().await, before);
}

#[tokio::test]
async fn one_click_in_both_encodings() {
    for (content_type, body) in encodings("List-Unsubscribe", "One-Click") {
        let world = World::new().await;
        let (patient, path) = world.linked(LINK).await;
        let before = world.state().await;
        let answer = world.post(&path, content_type, &body).await;
        assert_eq!(answer.status, StatusCode::OK, "no redirect");
        let after = world.state().await;
        assert_eq!(after.acts.len(), 1);
        let (who, act) = &after.acts[0];
        assert_eq!((*who, &act.topic, act.granted), (patient, &Topic::marketing(), false));
        assert_eq!(act.method, Method::OneClick, "{content_type}");
        assert_eq!(after.stops, [(tag(1), Topic::marketing())]);
        assert_eq!(after.logged, before.logged + 1, "with its entry, in one commit");
    }
}

#[tokio::test]
async fn by_the_pages_button_or_by_no_field_at_all() {
    // What a browser sends for the first button, what sloppy programs send, and what nobody should.
    for (content_type, body) in [
        (FORM, ""),
        ("", ""),
        ("application/json", "{\"all\":\"1\"}"),
        ("multipart/form-data", "x"),
        (FORM, "all=0"),
        (FORM, "%zz&\u{0}"),
    ] {
        let world = World::new().await;
        let (_, path) = world.linked(LINK).await;
        let answer = world.post(&path, content_type, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{content_type} {body}");
        assert!(answer.body.contains("You are unsubscribed") && answer.body.contains("News and offers"));
        let after = world.state().await;
        assert_eq!(after.acts.len(), 1, "{content_type} {body}");
        assert_eq!((&after.acts[0].1.topic, after.acts[0].1.method), (&Topic::marketing(), Method::MailLink));
    }
}

#[tokio::test]
async fn all_optional_mail() {
    for (content_type, body) in encodings("all", "1") {
        let world = World::new().await;
        let (_, path) = world.linked(LINK).await;
        let answer = world.post(&path, content_type, &body).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.body.contains("We stopped all optional emails just now."), "{}", answer.body);
        let after = world.state().await;
        let optional = Topic::parse(ALL_OPTIONAL).unwrap();
        assert_eq!((&after.acts[0].1.topic, after.acts[0].1.method), (&optional, Method::MailLink));
        assert_eq!(after.stops, [(tag(1), optional)]);
    }
}

#[tokio::test]
async fn everyone_at_the_mailbox_and_nobody_else() {
    let world = World::new().await;
    let (mother, path) = world.linked(LINK).await;
    let child = world.patient(tag(1)).await;
    let stranger = world.patient(tag(2)).await;
    world.post(&path, FORM, "List-Unsubscribe=One-Click").await;
    let mut out: Vec<_> = world.state().await.acts.into_iter().map(|(who, _)| who).collect();
    out.sort();
    let mut both = vec![mother, child];
    both.sort();
    assert_eq!(out, both);
    assert!(!out.contains(&stranger));
}

#[tokio::test]
async fn twice_is_fine() {
    let world = World::new().await;
    let (_, path) = world.linked(LINK).await;
    let first = world.post(&path, FORM, "").await;
    let second = world.post(&path, FORM, "").await;
    assert_eq!((first.status, first.body), (second.status, second.body));
    let again = world.get(&path).await;
    assert_eq!(again.status, StatusCode::OK, "the link keeps working");
    assert_eq!(world.state().await.stops.iter().filter(|(t, _)| *t == tag(1)).count(), 1);
}

#[tokio::test]
async fn a_forged_link_is_not_found_and_does_nothing() {
    let world = World::new().await;
    let (patient, path) = world.linked(LINK).await;
    let not_me = world.link(LinkPurpose::NotMe, patient, tag(1)).await;
    let unknown = LinkToken::random(LINK).unwrap().text();
    let before = world.state().await;
    let mut pages = Vec::new();
    for forged in [
        format!("/u/{unknown}"),
        not_me.replace("/n/", "/u/"),
        path.replace("/u/", "/n/"),
        format!("{path}a"),
        path[..path.len() - 1].to_owned(),
        "/u/%FF%FE".to_owned(),
        "/u/..%2F..%2Fetc".to_owned(),
        "/u/".to_owned(),
        format!("{path}/"),
    ] {
        for method in ["GET", "POST", "HEAD"] {
            let answer = world.send(request(method, &forged, &[("content-type", FORM)], "all=1")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {forged}");
            if method != "HEAD" {
                pages.push(answer.body);
            }
        }
    }
    pages.dedup();
    assert_eq!(pages.len(), 1, "one page for all of them: it does not tell them apart");
    assert!(pages[0].contains("This link does not work") && pages[0].contains("(555) 010-0199"));
    assert_eq!(world.state().await, before);
}

#[tokio::test]
async fn too_large_a_body_is_refused() {
    let world = World::new().await;
    let (_, path) = world.linked(LINK).await;
    let before = world.state().await;
    let long = "a".repeat(LARGEST_BODY + 1);
    for content_type in [FORM, "", "multipart/form-data; boundary=b"] {
        assert_eq!(world.post(&path, content_type, &long).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    }
    assert_eq!(world.state().await, before);
    assert_eq!(world.post(&path, FORM, &long[1..]).await.status, StatusCode::OK, "the limit itself is fine");
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_hangs_up_has_asked_all_the_same() {
    let world = World::new().await;
    let (_, path) = world.linked(LINK).await;
    // Another process writes; the withdrawal has to wait, and the mail program does not.
    let writing = world.store.begin(Lane::Import).await.unwrap();
    let mut asking =
        Box::pin(world.router.clone().oneshot(request("POST", &path, &[], "List-Unsubscribe=One-Click")));
    tokio::time::timeout(Duration::from_millis(100), &mut asking).await.unwrap_err();
    drop(asking);
    drop(writing);
    tokio::time::timeout(Duration::from_secs(10), async {
        while world.state().await.acts.is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_public_name_is_text_not_markup() {
    let mut settings = settings();
    settings.organization = "<b>Bay</b> & \"Side\"".to_owned();
    settings.topics.insert("marketing".to_owned(), "News <script>alert(1)</script>".to_owned());
    let world = World::with(&settings, Options { https: false }).await;
    let (_, path) = world.linked(LINK).await;
    for body in [world.get(&path).await.body, world.post(&path, FORM, "").await.body] {
        assert!(!body.contains("<script") && !body.contains("<b>"), "{body}");
        assert!(body.contains("&#60;script") || body.contains("&lt;script"), "{body}");
    }
}

#[tokio::test]
async fn a_topic_that_tells_about_health_is_not_named_nor_offered() {
    let mut settings = settings();
    settings.topics.insert("marketing".to_owned(), "HIV support group".to_owned());
    let world = World::with(&settings, Options { https: true }).await;
    let (_, path) = world.linked(LINK).await;
    for (asked, says) in [
        (world.get(&path).await.body, "some health updates"),
        (world.get(&format!("{path}?lang=es")).await.body, "información de salud"),
        (world.post(&path, FORM, "").await.body, "We stopped <strong>some health updates</strong> just now."),
        (world.get("/p/join").await.body, "There is nothing to sign up for here right now."),
    ] {
        assert!(asked.contains(says) && !asked.contains("HIV"), "{asked}");
    }
    assert_eq!(world.get("/p/join/marketing").await.status, StatusCode::NOT_FOUND);
}
