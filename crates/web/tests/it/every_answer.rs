//! What holds for every answer, whatever was asked.

use crate::world::{Answer, FORM, World, logged, request, settings};
use axum::http::StatusCode;
use discreet_mail::{LinkPurpose, LinkToken};
use discreet_store::Lane;
use discreet_web::{LARGEST_BODY, Options};
use std::fs;

const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The path of the style sheet a page names.
fn style_of(page: &str) -> String {
    let from = page.find("/assets/").unwrap();
    page[from..].split('"').next().unwrap().to_owned()
}

/// Every route with every kind of answer it has.
async fn everything(world: &World) -> Vec<(String, StatusCode, Answer)> {
    let (patient, stop) = world.linked(LinkPurpose::Unsubscribe).await;
    let not_me = world.link(LinkPurpose::NotMe, patient, crate::world::tag(1)).await;
    let unknown =
        |purpose| format!("{}{}", LinkPurpose::path(purpose), LinkToken::random(purpose).unwrap().text());
    let style = style_of(&world.get("/p").await.body);
    let long = "a".repeat(LARGEST_BODY + 1);
    let mut asked: Vec<(&str, String, &str, u16)> = Vec::new();
    for path in [
        "/p".to_owned(),
        "/healthz".to_owned(),
        "/robots.txt".to_owned(),
        style,
        stop.clone(),
        not_me.clone(),
        "/p/join".to_owned(),
        "/p/join/marketing".to_owned(),
        "/p/choices".to_owned(),
    ] {
        asked.push(("GET", path.clone(), "", 200));
        asked.push(("HEAD", path.clone(), "", 200));
        for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"] {
            asked.push((method, path.clone(), "", 405));
        }
    }
    for path in ["/p", "/healthz", "/robots.txt", "/assets/patient.css"] {
        asked.push(("POST", path.to_owned(), "", 405));
    }
    for path in [stop, not_me] {
        asked.push(("POST", path.clone(), "List-Unsubscribe=One-Click", 200));
        asked.push(("POST", path, &long, 413));
    }
    for path in [
        unknown(LinkPurpose::Unsubscribe),
        unknown(LinkPurpose::NotMe),
        "/p/join/none".to_owned(),
        "/u/%FF".to_owned(),
        "/assets/patient.css".to_owned(),
        "/favicon.ico".to_owned(),
        "//".to_owned(),
    ] {
        asked.push(("GET", path.clone(), "", 404));
        asked.push(("HEAD", path, "", 404));
    }
    for purpose in [LinkPurpose::Confirm, LinkPurpose::Choices, LinkPurpose::Copy] {
        for path in [unknown(purpose), format!("{}x", purpose.path()), format!("{}%FF", purpose.path())] {
            asked.push(("GET", path.clone(), "", 410));
            asked.push(("POST", path, "take_back=1", 410));
        }
    }
    for (path, body, status) in [
        ("/p/join", crate::pages::JOIN, 200),
        ("/p/join", "topic=marketing", 422),
        ("/p/join", &*long, 413),
        ("/p/join/none", crate::pages::JOIN, 404),
        ("/p/choices", "email=rosa%40example.org", 200),
        ("/p/choices", "email=rosa", 422),
        ("/p/choices", &*long, 413),
    ] {
        asked.push(("POST", path.to_owned(), body, status));
    }
    let mut answers = Vec::new();
    for (method, path, body, status) in asked {
        let answer = world.send(request(method, &path, &[("content-type", FORM)], body)).await;
        answers.push((format!("{method} {path}"), StatusCode::from_u16(status).unwrap(), answer));
    }
    answers
}

#[tokio::test]
async fn carries_the_headers() {
    let world = World::new().await;
    for (asked, status, answer) in everything(&world).await {
        assert_eq!(answer.status, status, "{asked}");
        assert_eq!(answer.header("content-security-policy"), POLICY, "{asked}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{asked}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{asked}");
        assert_eq!(answer.header("x-robots-tag"), "noindex", "{asked}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{asked}");
        assert_eq!(answer.header("strict-transport-security"), "max-age=63072000", "{asked}");
        let kept = asked.contains("/assets/") && status == StatusCode::OK;
        let caching = if kept { "public, max-age=31536000, immutable" } else { "no-store" };
        assert_eq!(answer.header("cache-control"), caching, "{asked}");
        for never in ["set-cookie", "location", "refresh", "server", "access-control-allow-origin"] {
            assert!(!answer.headers.contains_key(never), "{asked}: {never}");
        }
        for name in answer.headers.keys() {
            assert_eq!(answer.headers.get_all(name).iter().count(), 1, "{asked}: {name} once");
        }
        if status == StatusCode::METHOD_NOT_ALLOWED {
            assert!(answer.header("allow").contains("GET,HEAD"), "{asked}: {}", answer.header("allow"));
            assert_eq!(
                answer.header("allow").contains("POST"),
                ["/u/", "/n/", "/p/join", "/p/choices"].iter().any(|path| asked.contains(path))
            );
        }
        if asked.starts_with("HEAD") {
            assert_eq!(answer.body, "", "{asked}");
        }
    }
}

#[tokio::test]
async fn without_https_nobody_is_told_to_use_it() {
    let world = World::with(&settings(), Options { https: false }).await;
    for (asked, _, answer) in everything(&world).await {
        assert!(!answer.headers.contains_key("strict-transport-security"), "{asked}");
        assert_eq!(answer.header("content-security-policy"), POLICY, "{asked}");
    }
}

#[tokio::test]
async fn keeps_the_token_to_its_address_and_names_no_other_host() {
    let world = World::new().await;
    for (asked, status, answer) in everything(&world).await {
        let token = asked.rsplit('/').next().unwrap();
        if token.len() == 32 {
            assert!(!answer.body.contains(token), "{asked}");
            assert!(answer.headers.values().all(|v| !v.to_str().unwrap().contains(token)), "{asked}");
        }
        for never in
            ["http:", "https:", "//", "<script", "<img", "<iframe", "style=", " onclick", "@import", "url("]
        {
            assert!(!answer.body.contains(never), "{asked}: {never}");
        }
        let page = answer.body.starts_with("<!doctype html>");
        assert_eq!(page, answer.header("content-type").starts_with("text/html") && !answer.body.is_empty());
        assert!(
            page || status == StatusCode::OK || asked.starts_with("HEAD"),
            "{asked}: every refusal is a page"
        );
    }
}

#[tokio::test]
async fn plain_ones_say_what_they_should() {
    let world = World::new().await;
    assert_eq!(world.get("/healthz").await.body, "ok");
    assert_eq!(world.get("/robots.txt").await.body, "User-agent: *\nDisallow: /\n");
    let front = world.get("/p").await;
    assert!(front.body.contains("This site is for links in our emails"));
    let style = world.get(&style_of(&front.body)).await;
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert!(style.body.starts_with("/* The tokens"));
}

#[tokio::test]
async fn a_broken_database_is_said_blandly_and_logged_by_number() {
    let world = World::new().await;
    let (_, path) = world.linked(LinkPurpose::Unsubscribe).await;
    for file in fs::read_dir(world.data().parent().unwrap()).unwrap() {
        let file = file.unwrap().path();
        if file.file_name().unwrap().to_str().unwrap().starts_with("data.sqlite") {
            fs::write(file, [b'x'; 8192]).unwrap();
        }
    }
    let answer = world.get(&path).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("We cannot show this page right now"), "{}", answer.body);
    assert_eq!((answer.header("retry-after"), answer.header("cache-control")), ("60", "no-store"));
    assert!(!answer.body.contains("database"), "{}", answer.body);
    assert!(incident_is_logged(&answer.body, "store"));
    assert_eq!(world.get("/healthz").await.status, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_saved_is_not_said_to_be() {
    let world = World::new().await;
    let (_, path) = world.linked(LinkPurpose::Unsubscribe).await;
    let before = world.state().await;
    // Another process holds the writer for longer than anybody waits.
    let writing = world.store.begin(Lane::Import).await.unwrap();
    let answer = world.post(&path, FORM, "List-Unsubscribe=One-Click").await;
    drop(writing);
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("We could not save that"), "{}", answer.body);
    assert!(!answer.body.contains("You are unsubscribed"));
    assert!(incident_is_logged(&answer.body, "store"));
    assert_eq!(world.state().await, before);
    assert_eq!(world.post(&path, FORM, "").await.status, StatusCode::OK, "trying again helps");
}

fn incident_is_logged(page: &str, code: &str) -> bool {
    let number = page.split("this number: <strong>").nth(1).unwrap().split('<').next().unwrap();
    let log = logged();
    let line = log.lines().find(|line| line.contains(number)).unwrap();
    line.contains("ERROR") && line.contains(&format!("error.code=\"{code}\""))
}
