//! A clinic with patients, and a mailbox for what is mailed on request.

use crate::world::{Answer, FORM, request};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use discreet_access::{LinkVerb, SignAuthorization, Unsubscribe};
use discreet_domain::Day;
use discreet_mail::{LINK_TOKEN_LETTERS, LinkPurpose};
use discreet_policy::authorization::{Authorization, Expiry, Signer};
use discreet_testkit::world::{Person, TestRelay, World, address, people};
use discreet_web::Options;
use discreet_words::Language;
use std::sync::Arc;
use tower::ServiceExt;

/// Three patients, the last two at one address. Dropped, it looks for names in all that was written.
pub struct Clinic {
    pub world: World,
    pub people: Vec<Person>,
    pub relay: TestRelay,
    router: Router,
}

impl Clinic {
    pub async fn new() -> Clinic {
        let world = World::sqlite().await;
        let mut people = people(0, 3);
        people[0].opted_in = None;
        people[2].email = address(1);
        world.import(&people).await;
        let router =
            discreet_web::router(Arc::clone(&world.app), Arc::from(world.clock()), Options { https: true });
        Clinic { world, people, relay: TestRelay::default(), router }
    }
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }
    pub async fn get(&self, path: &str) -> Answer {
        self.send(request("GET", path, &[], "")).await
    }
    pub async fn post(&self, path: &str, body: &str) -> Answer {
        self.send(request("POST", path, &[("content-type", FORM)], body)).await
    }
    /// The consent form, as the patient of this number fills it in.
    pub fn form(&self, n: usize) -> String {
        let person = &self.people[n];
        let birth = Day::parse(&person.birth).unwrap();
        let (year, month, day) = birth.ymd();
        format!(
            "topic=marketing&email={}&given=Rosa&family={}&month={month}&day={day}&year={year}",
            person.email,
            person.family()
        )
    }
    /// Sends what was asked for; the paths of the links of this kind that arrived just now, in order.
    pub async fn mailed(&self, purpose: LinkPurpose) -> Vec<String> {
        let before = self.relay.given().len();
        self.world.send_asked(&self.relay).await;
        let texts = self
            .relay
            .since(before)
            .into_iter()
            .map(|mail| String::from_utf8_lossy(mail.bytes.expose()).replace("=\r\n", ""));
        let path = |text: String| {
            let at = text.find(&format!("clinic.example{}", purpose.path()))? + "clinic.example".len();
            text.get(at..at + purpose.path().len() + LINK_TOKEN_LETTERS).map(str::to_owned)
        };
        texts.filter_map(path).collect()
    }
    /// Files an authorization of the patient of this number, and has the link to a copy mailed.
    pub async fn copy(&self, n: usize) -> String {
        let patient = self.world.patient(&self.people[n]).await;
        let leave = || self.world.officer.may(SignAuthorization { patient });
        let form = Authorization {
            information: "Your age and your visits".to_owned(),
            discloser: "Harbor Clinic".to_owned(),
            recipient: "No one outside Harbor Clinic".to_owned(),
            purposes: vec!["marketing".to_owned()],
            expiry: Some(Expiry::On(Day::of(2027, 12, 24).unwrap())),
            signer: Some(Signer::Patient),
            signed_on: Some(Day::of(2026, 11, 24).unwrap()),
            states_revocation: true,
            states_conditioning: true,
            states_redisclosure: true,
            states_remuneration: false,
        };
        let (app, now) = (&self.world.app, self.world.now());
        let id = app.sign_authorization(leave(), &form, now).await.unwrap();
        app.mail_copy(leave(), id, Language::English, now).await.unwrap();
        self.mailed(LinkPurpose::Copy).await.remove(0)
    }
    /// Every page behind a link that is mailed on request, in a language.
    pub async fn pages(&self, language: &str) -> Vec<Answer> {
        self.world.pass(3601); // the last ones count no more
        self.post("/p/join", &self.form(0)).await;
        let confirm = self.mailed(LinkPurpose::Confirm).await.remove(0);
        self.post("/p/choices", &format!("email={}", address(0))).await;
        let choices = self.mailed(LinkPurpose::Choices).await.remove(0);
        let copy = self.copy(0).await;
        let form = self.form(0);
        let mut pages = Vec::new();
        for (method, path, body) in [
            ("GET", &confirm, ""),
            ("POST", &confirm, ""),
            ("GET", &choices, ""),
            ("POST", &choices, "topic=care&often=monthly&language=es"),
            ("POST", &choices, "topic=care&topic=marketing&often=weekly&language=en"),
            ("POST", &choices, "stop=1"),
            ("GET", &copy, ""),
            ("POST", &copy, "month=13&day=1&year=1980"),
            ("POST", &copy, "month=1&day=1&year=1999"),
            ("POST", &copy, form.as_str()),
            ("POST", &copy, "take_back=1"),
            ("POST", &copy, form.as_str()),
        ] {
            let headers = [("accept-language", language), ("content-type", FORM)];
            pages.push(self.send(request(method, path, &headers, body)).await);
        }
        pages
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_sound_and_in_the_readers_language_wholly() {
    let clinic = Clinic::new().await;
    let english = clinic.pages("en").await;
    let spanish = clinic.pages("es-MX").await;
    assert_ne!(Unsubscribe::NAME, "");
    for (en, es) in english.iter().zip(&spanish) {
        assert_eq!(en.status, es.status);
        assert!(
            en.body.contains("<html lang=\"en\">") && es.body.contains("<html lang=\"es\">"),
            "{}",
            en.body
        );
        let sentences = |page: &str| -> Vec<String> {
            let text = crate::reading::text_of(page);
            let own = |line: &&str| line.split(' ').count() > 3 && !line.contains("Your age");
            text.lines().map(str::trim).filter(own).map(str::to_owned).collect()
        };
        let (ours, theirs) = (sentences(&en.body), sentences(&es.body));
        let same: Vec<_> =
            ours.iter().filter(|line| theirs.contains(line) && !line.contains("Harbor")).collect();
        assert!(same.is_empty(), "{same:?}");
        for page in [en, es] {
            let html = &page.body;
            let count = |what: &str| html.matches(what).count();
            for once in ["<h1>", "<main>", "<footer>", "<title>"] {
                assert_eq!(count(once), 1, "{once} {html}");
            }
            for tag in
                ["p", "strong", "a", "form", "button", "label", "fieldset", "legend", "h2", "ul", "li", "div"]
            {
                let opened = count(&format!("<{tag}>")) + count(&format!("<{tag} "));
                assert_eq!(opened, count(&format!("</{tag}>")), "{tag} {html}");
            }
            assert_eq!(page.header("referrer-policy"), "no-referrer");
            assert_eq!(page.header("x-robots-tag"), "noindex");
            assert_eq!(page.header("cache-control"), "no-store");
            for never in ["<script", "http", "Zz-Canary", "zz-canary", "<p></p>", "set-cookie"] {
                assert!(!html.contains(never), "{never}: {html}");
            }
            assert!(!html.contains("{ $") && !html.contains("\u{e000}"), "{html}");
        }
    }
}
