//! `/p/choices` and `/p/choices/{token}`

use crate::clinic::Clinic;
use axum::http::StatusCode;
use discreet_mail::LinkPurpose;
use discreet_testkit::world::address;

const LINK: LinkPurpose = LinkPurpose::Choices;

#[tokio::test(flavor = "multi_thread")]
async fn the_same_answer_for_every_address() {
    let clinic = Clinic::new().await;
    let mut pages = Vec::new();
    for email in [address(0), address(1), "zz-canary-nobody@example.com".to_owned()] {
        let answer = clinic.post("/p/choices", &format!("email={email}")).await;
        assert_eq!(answer.status, StatusCode::OK);
        pages.push(answer.body);
    }
    pages.dedup();
    assert_eq!(pages.len(), 1);
    assert!(pages[0].contains("If we have this address, a link is on its way."));
    assert_eq!(clinic.mailed(LINK).await.len(), 3, "one for the first, two for who share the second");
    let wrong = clinic.post("/p/choices", "email=nobody").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.body.contains("Enter your email, like name@example.com")
            && wrong.body.contains("value=\"nobody\"")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn saved_shown_and_stopped() {
    let clinic = Clinic::new().await;
    clinic.post("/p/choices", &format!("email={}", address(1))).await;
    let links = clinic.mailed(LINK).await;
    let (one, other) = (&links[0], &links[1]);
    let page = clinic.get(one).await.body;
    assert!(page.contains("For z•••@example.com.") && page.contains("their choices do not change"), "{page}");
    assert!(
        page.contains("value=\"marketing\" checked") && page.contains("value=\"care\"><span>Your visits")
    );
    assert!(page.contains("value=\"as_sent\" checked") && page.contains("value=\"en\" checked"));
    let before = clinic.world.log_lines().await.len();
    clinic.get(&format!("{one}?stop=1")).await;
    assert_eq!(clinic.world.log_lines().await.len(), before, "looking changes nothing");
    let saved = clinic.post(one, "topic=care&topic=invented&often=monthly&language=es").await.body;
    assert!(saved.contains("You will get: Your visits, once a month at most."), "{saved}");
    assert!(saved.contains("You will not get: News and offers.") && !saved.contains("invented"));
    let page = clinic.get(one).await.body;
    assert!(page.contains("value=\"care\" checked") && page.contains("value=\"marketing\"><span>"), "{page}");
    assert!(page.contains("value=\"monthly\" checked") && page.contains("value=\"es\" checked"));
    let theirs = clinic.get(other).await.body;
    assert!(theirs.contains("value=\"marketing\" checked"), "who shares the mailbox has their own");
    let stopped = clinic.post(one, "stop=1&topic=care").await.body;
    assert!(stopped.contains("We stopped all optional emails."), "{stopped}");
    assert!(!clinic.get(one).await.body.contains("type=\"checkbox\" name=\"topic\" value=\"care\" checked"));
    clinic.world.pass(1800);
    for answer in [clinic.get(one).await, clinic.post(one, "stop=1").await] {
        assert_eq!(answer.status, StatusCode::GONE, "half an hour");
        assert!(answer.body.contains("Get a new link"));
    }
}
