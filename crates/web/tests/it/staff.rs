//! The staff's side, from outside: who may open what, and what an attacker tries.

use crate::world::{Answer, FORM, NOW, World, request};
use axum::http::StatusCode;
use discreet_access::{ManageUsers, Role, Roles, SecondFactor, Secret};
use discreet_domain::Timestamp;
use discreet_web::{LARGEST_FORM, Needs, Options, Route};
use std::collections::BTreeMap;
use std::fmt::Write;

const PASSWORD: &str = "tea kettle orbit moss";

/// Somebody signed in.
pub struct Person {
    pub secret: Secret,
    /// The second factor, if there is one.
    pub factor: Option<SecondFactor>,
}

impl Person {
    pub fn cookie(&self) -> String {
        format!("__Host-session={}", self.secret.reveal())
    }
    pub async fn get(&self, world: &World, path: &str) -> Answer {
        world.send(request("GET", path, &[("cookie", &self.cookie())], "")).await
    }
    /// A form of this session's, with its token.
    pub async fn post(&self, world: &World, path: &str, fields: &str) -> Answer {
        let body = format!("form_token={}&{fields}", self.secret.form_token());
        let headers = [
            ("cookie", self.cookie()),
            ("sec-fetch-site", "same-origin".into()),
            ("content-type", FORM.into()),
        ];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        world.send(request("POST", path, &headers, &body)).await
    }
}

/// A person of these roles, in all the way: by an invitation, with a second factor.
pub async fn person(world: &World, name: &str, roles: &[Role]) -> Person {
    let admin = world.app.sign_in(&world.token, None, NOW).await.unwrap();
    let by = admin.may(ManageUsers).unwrap();
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let email = format!("{plain}@bayside.example");
    let invitation = world.app.invite(by, name, &email, Roles::of(roles), NOW).await.unwrap();
    let began = world.app.accept_invitation(&invitation, PASSWORD.to_owned().into(), NOW).await.unwrap();
    let (factor, sealed) = world.app.fresh_second_factor(&began.secret, NOW).await.unwrap();
    let code = factor.code(NOW).unwrap();
    let (began, _) = world.app.set_second_factor(&began.secret, sealed, &code, NOW).await.unwrap();
    Person { secret: began.secret, factor: Some(factor) }
}

/// A path with its names filled in with ids that lead nowhere.
fn filled(path: &str) -> String {
    let mut out = String::new();
    for (n, part) in path.split('{').enumerate() {
        match (n, part.split_once('}')) {
            (0, _) => out.push_str(part),
            (_, Some(("n", rest))) => write!(out, "999{rest}").unwrap(),
            (_, Some(("kind", rest))) => write!(out, "condition{rest}").unwrap(),
            (_, Some((_, rest))) => write!(out, "00000000-0000-4000-8000-000000000000{rest}").unwrap(),
            (_, None) => out.push_str(part),
        }
    }
    out
}

async fn asked(world: &World, person: &Person, route: &Route) -> Answer {
    let path = filled(route.path);
    match route.method {
        "GET" => person.get(world, &path).await,
        _ => person.post(world, &path, "").await,
    }
}

/// Every route × every role: let in exactly where the table says; who is not is told which role it takes, and it is in the
/// log.
#[tokio::test]
async fn every_route_is_decided_for_every_role_as_its_row_says() {
    let world = World::new().await;
    let mut people = BTreeMap::new();
    for role in Role::ALL {
        people.insert(role, person(&world, role.name(), &[role]).await);
    }
    for route in world.routes() {
        let anonymous = match route.method {
            "GET" => world.get(&filled(route.path)).await,
            _ => {
                let headers = [("sec-fetch-site", "same-origin"), ("content-type", FORM)];
                world.send(request("POST", &filled(route.path), &headers, "")).await
            }
        };
        if route.needs != Needs::Nothing {
            assert_eq!(anonymous.status, StatusCode::SEE_OTHER, "{route:?}");
            assert!(anonymous.header("location").starts_with("/sign-in"), "{route:?}");
        }
        let Needs::May(action) = route.needs else { continue };
        for (role, person) in &people {
            // what ends a session or stops everything is asked last, by nobody
            let before = world.refusals().await;
            let answer = asked(&world, person, &route).await;
            let refused = answer.body.contains("You need another role for this page");
            let may = action.roles().contains(role);
            assert_eq!(refused, !may, "{route:?} for {role:?}: {} {}", answer.status, answer.body);
            let noted = world.refusals().await - before;
            if may {
                assert_ne!(answer.status, StatusCode::FORBIDDEN, "{route:?} for {role:?}");
                assert!(answer.status.as_u16() < 500, "{route:?} for {role:?}: {}", answer.status);
            } else {
                assert_eq!((answer.status, noted), (StatusCode::FORBIDDEN, 1), "{route:?} for {role:?}");
            }
        }
    }
}

/// The table in the docs is the table of the router.
#[tokio::test]
async fn the_docs_tell_the_table() {
    let world = World::new().await;
    let mut table = String::from("| route | opens for |\n|---|---|\n");
    for route in world.routes() {
        let who = match route.needs {
            Needs::Nothing => "everybody".to_owned(),
            Needs::Session => "whoever has shown a password".to_owned(),
            Needs::SignIn => "everybody who is signed in".to_owned(),
            Needs::May(action) => {
                let roles: Vec<&str> = action.roles().iter().map(|r| r.title()).collect();
                format!("{} (`{}`)", roles.join(", "), action.name())
            }
        };
        writeln!(table, "| `{} {}` | {who} |", route.method, route.path).unwrap();
    }
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/access.md")).unwrap();
    assert!(docs.contains(&table), "docs/access.md should hold:\n\n{table}");
}

#[tokio::test]
async fn headers_on_every_page_and_nothing_is_kept() {
    let world = World::new().await;
    let all = person(&world, "all", &Role::ALL).await;
    for route in world.routes().iter().filter(|r| r.method == "GET") {
        let answer = all.get(&world, &filled(route.path)).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; ") && !policy.contains("script-src 'unsafe"),
            "{route:?}: {policy}"
        );
        assert_eq!(answer.header("cache-control"), "no-store", "{route:?}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{route:?}");
        assert_eq!(answer.header("strict-transport-security"), "max-age=63072000", "{route:?}");
        assert!(!answer.header("referrer-policy").is_empty(), "{route:?}");
        for never in ["style=\"", "onclick=", "hx-on", "javascript:"] {
            assert!(!answer.body.contains(never), "{route:?}: {never}");
        }
    }
}

#[tokio::test]
async fn forms_from_elsewhere_change_nothing() {
    let world = World::new().await;
    let officer = person(&world, "officer", &[Role::PrivacyOfficer]).await;
    let other = person(&world, "other", &[Role::PrivacyOfficer]).await;
    let cookie = officer.cookie();
    let own = format!("form_token={}", officer.secret.form_token());
    let foreign = format!("form_token={}", other.secret.form_token());
    let ours = ("sec-fetch-site", "same-origin");
    for (body, from) in [
        (own.as_str(), ("sec-fetch-site", "cross-site")),
        (&own, ("origin", "https://evil.example")),
        (&own, ("x-nothing", "no origin at all")),
        ("", ours),
        ("form_token=", ours),
        (&foreign, ours),
    ] {
        let headers = [("cookie", cookie.as_str()), from, ("content-type", FORM)];
        let answer = world.send(request("POST", "/stop", &headers, body)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{from:?} {body}");
        assert!(world.sending().await, "{from:?} {body}");
    }
    assert_eq!(officer.post(&world, "/stop", "").await.status, StatusCode::SEE_OTHER);
    assert!(!world.sending().await);
}

#[tokio::test]
async fn sessions_end_and_a_replayed_cookie_is_nobody() {
    let world = World::new().await;
    let nurse = person(&world, "nurse", &[Role::CareStaff]).await;
    assert_eq!(nurse.get(&world, "/me").await.status, StatusCode::OK);
    let gone = |answer: &Answer| answer.header("location").starts_with("/sign-in");
    // idle
    world.later(15 * 60);
    assert!(gone(&nurse.get(&world, "/me").await));
    // signed out
    let nurse = world_later_person(&world, "nurse two").await;
    assert_eq!(nurse.post(&world, "/sign-out", "").await.status, StatusCode::SEE_OTHER);
    assert!(gone(&nurse.get(&world, "/me").await));
    // disabled, at once
    let nurse = world_later_person(&world, "nurse three").await;
    assert_eq!(nurse.get(&world, "/me").await.status, StatusCode::OK);
    let admin = world.app.sign_in(&world.token, None, world.now()).await.unwrap();
    world.app.disable_user(admin.may(ManageUsers).unwrap(), "nurse three", world.now()).await.unwrap();
    assert!(gone(&nurse.get(&world, "/me").await));
    // polls do not keep it alive, using it does, the absolute limit ends it
    let nurse = world_later_person(&world, "nurse four").await;
    for _ in 0..2 {
        world.later(8 * 60);
        let headers = [("cookie", nurse.cookie()), ("passive", "1".to_owned())];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        world.send(request("GET", "/me", &headers, "")).await;
    }
    assert!(gone(&nurse.get(&world, "/me").await));
    let nurse = world_later_person(&world, "nurse five").await;
    for _ in 0..(12 * 60 / 10 - 1) {
        world.later(10 * 60);
        assert_eq!(nurse.get(&world, "/me").await.status, StatusCode::OK);
    }
    world.later(10 * 60);
    assert!(gone(&nurse.get(&world, "/me").await));
}

async fn world_later_person(world: &World, name: &str) -> Person {
    let now = world.now();
    let admin = world.app.sign_in(&world.token, None, now).await.unwrap();
    let email = format!("{}@bayside.example", name.replace(' ', "."));
    let by = admin.may(ManageUsers).unwrap();
    let invitation = world.app.invite(by, name, &email, Roles::of(&[Role::Marketer]), now).await.unwrap();
    let began = world.app.accept_invitation(&invitation, PASSWORD.to_owned().into(), now).await.unwrap();
    Person { secret: began.secret, factor: None }
}

/// The cookie a browser has before a step of signing in is worth nothing after it.
#[tokio::test]
async fn each_step_of_signing_in_changes_the_cookie() {
    let world = World::new().await;
    let officer = person(&world, "officer", &[Role::PrivacyOfficer]).await;
    let before = world.sign_in("officer@bayside.example", PASSWORD).await;
    let half = cookie_of(&before);
    assert_ne!(half, officer.cookie());
    // a password alone opens nothing
    let answer = world.send(request("GET", "/", &[("cookie", &half)], "")).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/sign-in/code"));
    let wrong = world.send(request("GET", "/segments", &[("cookie", &half)], "")).await;
    assert_eq!(wrong.header("location"), "/sign-in/code");
    for cookie in [&half, "__Host-session=planted", "__Host-session=", "session=x"] {
        let answer = world.send(request("GET", "/me", &[("cookie", cookie)], "")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{cookie}");
    }
    // two cookies of the name: one may be planted
    let both = format!("{}; {}", officer.cookie(), officer.cookie());
    assert_eq!(
        world.send(request("GET", "/me", &[("cookie", &both)], "")).await.status,
        StatusCode::SEE_OTHER
    );
}

fn cookie_of(answer: &Answer) -> String {
    let all: Vec<&str> = answer.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap()).collect();
    let session = all.iter().find(|c| c.starts_with("__Host-session=")).unwrap();
    assert!(session.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{session}");
    session.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn guessing_is_slowed_down_and_the_owner_still_comes_in() {
    let world = World::new().await;
    person(&world, "victim", &[Role::Marketer]).await;
    let right = world.sign_in_with("victim@bayside.example", PASSWORD, &[]).await;
    let device = right
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|v| v.to_str().unwrap())
        .find(|c| c.starts_with("__Host-device="))
        .unwrap();
    let device = device.split(';').next().unwrap().to_owned();
    let mut slowed = false;
    for n in 0..12 {
        let answer = world.sign_in("victim@bayside.example", &format!("wrong {n}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        slowed |= answer.body.contains("Too many tries");
    }
    assert!(slowed);
    // even the right password waits in a browser never seen before; the owner's own does not
    assert!(world.sign_in("victim@bayside.example", PASSWORD).await.body.contains("Too many tries"));
    let owner = world.sign_in_with("victim@bayside.example", PASSWORD, &[("cookie", &device)]).await;
    assert_eq!(owner.status, StatusCode::SEE_OTHER);
    // an account that does not exist answers in the same words
    let nobody = world.sign_in("nobody@bayside.example", PASSWORD).await;
    let wrong = world.sign_in("victim2@bayside.example", "x").await;
    for answer in [&nobody, &wrong] {
        assert!(answer.body.contains("The email or password is not right."));
    }
}

#[tokio::test]
async fn who_fails_to_sign_in_is_nobody_in_the_log() {
    let world = World::new().await;
    person(&world, "maya", &[Role::Marketer]).await;
    let auditor = person(&world, "auditor", &[Role::Auditor]).await;
    let consoles = world.logged("\"by\":\"console\"").await;
    for email in ["nobody@bayside.example", "maya@bayside.example"] {
        let wrong = world.sign_in(email, "not the password").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    // Neither the console nor the account's owner: nobody has shown who they are. Which account was tried stays told.
    let by_visitor = "\"by\":\"visitor\",\"did\":{\"event\":\"sign_in_failed\",\"user\":";
    assert_eq!(world.logged(by_visitor).await, 2);
    assert_eq!(world.logged(&format!("{by_visitor}null")).await, 1);
    assert_eq!(world.logged("\"by\":\"console\"").await, consoles);
    let log = auditor.get(&world, "/audit").await.body;
    assert_eq!(log.matches("Someone not signed in").count(), 2, "{log}");
}

#[tokio::test]
async fn going_on_after_signing_in_stays_on_this_host() {
    let world = World::new().await;
    world_later_person(&world, "maya").await;
    for (next, to) in [
        ("/segments", "/segments"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/%0d%0aset-cookie:%20a=b", "/%0d%0aset-cookie:%20a=b"),
        ("/\r\nset-cookie: a=b", "/"),
    ] {
        let encoded: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let page = world.get(&format!("/sign-in?next={encoded}")).await;
        assert!(!page.body.contains("evil.example"), "{next}");
        let body =
            format!("email=maya@bayside.example&password={}&next={encoded}", PASSWORD.replace(' ', "+"));
        let headers = [("sec-fetch-site", "same-origin"), ("content-type", FORM)];
        let answer = world.send(request("POST", "/sign-in", &headers, &body)).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, to), "{next}");
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_with_a_page() {
    let world = World::new().await;
    let maya = person(&world, "maya", &[Role::Marketer]).await;
    let long = format!("name={}", "a".repeat(LARGEST_FORM));
    let answer = maya.post(&world, "/drafts", &long).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("That is too much at once"), "{}", answer.body);
}

/// Whatever somebody types stands in pages as text.
#[tokio::test]
async fn stored_text_is_text() {
    let world = World::new().await;
    let maya = person(&world, "<img src=x onerror=alert(1)>", &[Role::Marketer]).await;
    let evil = "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E%7B%7B7*7%7D%7D";
    let to = |answer: &Answer| answer.header("location").to_owned();
    let draft =
        to(&maya.post(&world, "/drafts", &format!("name={evil}&text=city+%3D+%22%3Cscript%3E%22")).await);
    let campaign = to(&maya.post(&world, "/campaigns", &format!("segment={evil}")).await);
    let path = campaign.trim_end_matches("/purpose").to_owned();
    assert!(draft.starts_with("/drafts/") && campaign.starts_with("/campaigns/"), "{draft} {campaign}");
    maya.post(&world, &campaign, &format!("revision=1&name={evil}&about={evil}")).await;
    let letter = format!(
        "revision=2&subject={evil}&preheader={evil}&from_name={evil}&reply_to={evil}&language={evil}&b0_kind=text&b0_text={evil}&b1_kind=heading&b1_text={evil}&b2_kind=button&b2_text={evil}&b2_href=javascript:alert(1)"
    );
    maya.post(&world, &format!("{path}/message"), &letter).await;
    maya.post(&world, &format!("{draft}/save"), &format!("revision=1&name={evil}")).await;
    for page in [
        "/",
        "/segments",
        "/campaigns",
        &draft,
        &campaign,
        &format!("{path}/message"),
        &format!("{path}/audience"),
        &format!("{path}/review"),
        &format!("{path}/preview"),
        "/me",
    ] {
        let answer = maya.get(&world, page).await;
        assert!(!answer.body.contains("<script>alert"), "{page}");
        assert!(!answer.body.contains("<img src=x"), "{page}");
        assert!(!answer.body.contains("href=\"javascript:"), "{page}");
        assert!(!answer.body.contains(">49<"), "{page}");
    }
}

/// A set-up link works once, and only while nobody can sign in.
#[tokio::test]
async fn set_up_links_work_once() {
    let world = World::with(&crate::world::settings(), Options { https: true }).await;
    let first = world.app.set_up_link(NOW).await.unwrap().unwrap();
    let second = world.app.set_up_link(NOW).await.unwrap().unwrap();
    let path = |secret: &Secret| format!("/setup/{}", secret.reveal());
    assert_eq!(world.get(&path(&first)).await.status, StatusCode::NOT_FOUND, "a newer one ends it");
    let fields = "name=Ada&email=ada%40b.example&password=tea+kettle+orbit+moss&organization=B&address=1+Bay+St&time_zone=America%2FLos_Angeles";
    let headers = [("sec-fetch-site", "same-origin"), ("content-type", FORM)];
    let wrong = fields.replace("America%2FLos_Angeles", "Nowhere");
    let answer = world.send(request("POST", &path(&second), &headers, &wrong)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("time_zone"), "{}", answer.body);
    let answer = world.send(request("POST", &path(&second), &headers, fields)).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/me/second-factor"));
    let again = world.send(request("POST", &path(&second), &headers, fields)).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert_eq!(world.app.set_up_link(NOW).await.unwrap(), None);
    assert_eq!(world.app.settings().organization, "B");
    let late = NOW.plus_seconds(24 * 3600);
    assert!(Timestamp::MAX > late);
}
