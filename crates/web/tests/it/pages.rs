//! The pages as HTML: languages, structure, and what is there when the organization has no telephone.

use crate::world::{Answer, FORM, World, request, settings, tag};
use discreet_mail::LinkPurpose;
use discreet_web::Options;

/// A consent form filled in.
pub const JOIN: &str =
    "topic=marketing&email=rosa@example.org&given=Rosa&family=Diaz&month=3&day=14&year=1980";

/// Every page, in a language.
pub async fn all(world: &World, language: &str) -> Vec<Answer> {
    let (patient, stop) = world.linked(LinkPurpose::Unsubscribe).await;
    let not_me = world.link(LinkPurpose::NotMe, patient, tag(1)).await;
    let mut pages = Vec::new();
    for (method, path, body) in [
        ("GET", "/p", ""),
        ("GET", "/p/test", ""),
        ("GET", stop.as_str(), ""),
        ("POST", stop.as_str(), ""),
        ("POST", stop.as_str(), "all=1"),
        ("GET", not_me.as_str(), ""),
        ("POST", not_me.as_str(), ""),
        ("GET", "/u/none", ""),
        ("GET", "/p/join", ""),
        ("POST", "/p/join", ""),
        ("POST", "/p/join", "answer=no"),
        ("POST", "/p/join", JOIN),
        ("GET", "/p/choices", ""),
        ("POST", "/p/choices", "email=x"),
        ("POST", "/p/choices", "email=rosa@example.org"),
        ("GET", "/p/choices/none", ""),
        ("PUT", stop.as_str(), ""),
    ] {
        let headers = [("accept-language", language), ("content-type", FORM)];
        pages.push(world.send(request(method, path, &headers, body)).await);
    }
    pages
}

#[tokio::test]
async fn are_in_the_readers_language_wholly() {
    let world = World::new().await;
    let english = all(&world, "en-US,en;q=0.9").await;
    let spanish = all(&world, "es-MX, en;q=0.5").await;
    for (en, es) in english.iter().zip(&spanish) {
        assert_eq!(en.status, es.status);
        assert!(en.body.contains("<html lang=\"en\">") && es.body.contains("<html lang=\"es\">"));
        assert_eq!((en.header("content-language"), es.header("content-language")), ("en", "es"));
        assert_eq!(en.header("vary"), "accept-language");
        // What both pages say in the same words is markup, names and numbers.
        let sentences = |page: &str| -> Vec<String> {
            let text = crate::reading::text_of(page);
            text.lines().map(str::trim).filter(|l| l.split(' ').count() > 3).map(str::to_owned).collect()
        };
        let (en, es) = (sentences(&en.body), sentences(&es.body));
        let same: Vec<_> = en.iter().filter(|line| es.contains(line)).collect();
        assert!(same.is_empty(), "{same:?}");
    }
}

#[tokio::test]
async fn switch_language_without_writing_out_their_address() {
    let world = World::new().await;
    let (_, path) = world.linked(LinkPurpose::Unsubscribe).await;
    let page = world.get(&path).await.body;
    assert!(page.contains("<a href=\"?lang=es\" lang=\"es\" hreflang=\"es\">Español</a>"), "{page}");
    let other = world.get(&format!("{path}?lang=es")).await.body;
    assert!(other.contains("¿Quiere dejar de recibir estos correos?"));
    // The form has no action, so it posts to the address in use, and the answer stays in its language.
    assert!(other.contains("<form method=\"post\">"));
    let done = world.post(&format!("{path}?lang=es"), FORM, "").await.body;
    assert!(done.contains("Se canceló su suscripción"), "{done}");
    assert!(!done.contains("?lang="), "following a link would ask anew");
}

#[tokio::test]
async fn are_sound_to_those_who_do_not_see_them() {
    let world = World::new().await;
    for language in ["en", "es"] {
        for page in all(&world, language).await {
            let html = &page.body;
            let count = |what: &str| html.matches(what).count();
            for once in ["<h1>", "<main>", "<header>", "<footer>", "<title>", "<address>"] {
                assert_eq!(count(once), 1, "{once} {html}");
            }
            let between =
                |a: &str, b: &str| html.split(a).nth(1).unwrap().split(b).next().unwrap().to_owned();
            assert_eq!(
                between("<title>", "</title>"),
                format!("{} · Bayside Clinic", between("<h1>", "</h1>"))
            );
            assert!(count("class=\"primary\"") <= 1, "{html}");
            for tag in ["p", "strong", "a", "span", "nav", "form", "button", "main", "html"] {
                let opened = count(&format!("<{tag}>")) + count(&format!("<{tag} "));
                assert_eq!(opened, count(&format!("</{tag}>")), "{tag} {html}");
            }
            assert!(count("<p></p>") == 0 && html.contains("Oakland, CA 94607"));
            assert!(html.contains("<a class=\"phone\" href=\"tel:5550100199\">(555) 010-0199</a>"));
        }
    }
}

#[tokio::test]
async fn offer_a_letter_where_there_is_no_telephone() {
    let mut settings = settings();
    settings.phone = None;
    let world = World::with(&settings, Options { https: true }).await;
    for page in all(&world, "en").await {
        assert!(page.body.contains("Write to us at this address."));
        assert!(
            !page.body.contains("Call ") && !page.body.contains("tel:") && !page.body.contains("call "),
            "{}",
            page.body
        );
    }
}
