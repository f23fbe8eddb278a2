//! `/p/join` and `/p/confirm/{token}`

use crate::clinic::Clinic;
use crate::pages::JOIN;
use crate::world::{FORM, World, request};
use axum::http::StatusCode;
use discreet_access::ShowConsent;
use discreet_mail::LinkPurpose;
use discreet_policy::consent::Method;

#[tokio::test]
async fn nothing_is_ticked_and_what_was_typed_is_kept() {
    let world = World::new().await;
    let page = world.get("/p/join").await.body;
    assert!(page.contains("Choose the emails you want from Bayside Clinic") && !page.contains(" checked"));
    assert!(page.contains("Form Email choices, version 1, November 24, 2026"), "{page}");
    assert!(!page.contains("class=\"primary\""), "yes and no are the same to the eye");
    let spanish = world.get("/p/join?lang=es").await.body;
    assert!(spanish.contains("Formulario Preferencias de correo, versión 1, 24 de noviembre de 2026"));
    for (body, says) in [
        ("", "Choose at least one kind of email"),
        (&JOIN.replace("topic=marketing&", ""), "Choose at least one kind of email"),
        (&JOIN.replace("topic=marketing", "topic=everything"), "Choose at least one kind of email"),
        (&JOIN.replace("rosa@example.org", "rosa"), "Enter your email, like name@example.com"),
        (&JOIN.replace("family=Diaz", "family="), "Enter your first and last name"),
        (&JOIN.replace("month=3", "month=13"), "Enter your birth date, like 3 14 1980"),
        (&JOIN.replace("year=1980", "year=2030"), "Enter your birth date, like 3 14 1980"),
    ] {
        let answer = world.post("/p/join", FORM, body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(answer.body.matches(says).count(), 2, "at the top and beside the field: {}", answer.body);
        if body.contains("given=Rosa") {
            assert!(answer.body.contains("value=\"Rosa\""), "{}", answer.body);
        }
        if body.contains("topic=marketing") {
            assert!(answer.body.contains("value=\"marketing\" id=\"topics\" checked"), "{}", answer.body);
        }
    }
    let escaped = world.post("/p/join", FORM, "given=%22%3E%3Cb%3E&email=%3Cx%3E").await.body;
    assert!(!escaped.contains("<b>") && !escaped.contains("<x>"));
}

/// Whoever changes a word of the form raises its version, and the day since when.
#[tokio::test]
async fn the_forms_version_goes_with_its_words() {
    let world = World::new().await;
    let texts = [world.get("/p/join").await.body, world.get("/p/join?lang=es").await.body];
    let text: String = texts.iter().map(|page| crate::reading::text_of(page)).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    let sum = words.join(" ").bytes().fold(0u32, |sum, b| sum.wrapping_mul(31).wrapping_add(u32::from(b)));
    assert_eq!(sum, SUM, "raise VERSION and SINCE in patient/join.rs, then set this");
}
const SUM: u32 = 602_029_681;

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_sees_the_same_and_only_a_press_confirms() {
    let clinic = Clinic::new().await;
    let known = clinic.post("/p/join", &clinic.form(0)).await;
    let unknown = clinic.form(0).replace("family=", "family=Another-");
    let unknown = clinic.post("/p/join", &unknown).await;
    let stranger = clinic.form(0).replace(&clinic.people[0].email, "zz-canary-nobody@example.com");
    let stranger = clinic.post("/p/join", &stranger).await;
    assert_eq!(known.status, StatusCode::OK);
    assert_eq!(known.body, unknown.body);
    assert_eq!(known.body, stranger.body, "z•••@example.com, both");
    assert!(known.body.contains("We sent a message to z•••@example.com."), "{}", known.body);
    let links = clinic.mailed(LinkPurpose::Confirm).await;
    assert_eq!(links.len(), 3);
    let patient = clinic.world.patient(&clinic.people[0]).await;
    let acts = async || {
        let by = clinic.world.officer.may(ShowConsent { patient });
        clinic.world.app.consents_of(by, clinic.world.now()).await.unwrap().acts
    };
    // A program that follows every link, with every harmless method, signs nobody up.
    for link in &links {
        for method in ["GET", "HEAD", "GET", "OPTIONS", "PUT"] {
            clinic.send(request(method, &format!("{link}?confirm=1"), &[], "")).await;
        }
    }
    assert!(acts().await.is_empty());
    let asks = clinic.get(&links[0]).await.body;
    assert!(asks.contains("You asked for: News and offers. Press the button to confirm."), "{asks}");
    let mut done = Vec::new();
    for link in &links {
        done.push(clinic.post(link, "").await);
    }
    for other in &done {
        assert_eq!((other.status, &other.body), (done[0].status, &done[0].body), "found or not: the same");
    }
    assert!(done[0].body.contains("If your details match our records, you will get News and offers."));
    assert_eq!(clinic.post(&links[0], "").await.body, done[0].body, "twice is fine");
    let acts = acts().await;
    assert_eq!(acts.len(), 1);
    assert!(acts[0].granted && acts[0].method == Method::DoubleOptIn);
    clinic.world.pass(8 * 86_400);
    let old = clinic.get(&links[1]).await;
    assert_eq!(old.status, StatusCode::GONE);
    assert!(old.body.contains("This link no longer works") && old.body.contains("href=\"/p/choices\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_is_an_answer() {
    let clinic = Clinic::new().await;
    let no = clinic.post("/p/join", &format!("{}&answer=no", clinic.form(0))).await;
    assert!(no.body.contains("You are not signed up") && no.body.contains("Nothing else changes."));
    assert!(clinic.mailed(LinkPurpose::Confirm).await.is_empty());
}
