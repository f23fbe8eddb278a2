//! Somebody who goes through the staff's side, and notes what each route leaves in the log.

use crate::clinic::Clinic;
use crate::world::{Answer, FORM, request};
use axum::http::StatusCode;
use discreet_access::{ManageUsers, Role, Roles, SecondFactor, Secret};
use discreet_web::{Options, Route};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a form with a file is sent as.
const MULTIPART: &str = "multipart/form-data; boundary=b";

pub const PASSWORD: &str = "tea kettle orbit moss";

/// A session.
#[derive(Clone)]
pub struct Session(pub Secret);

/// Somebody in all the way.
pub struct Member {
    pub session: Session,
    pub codes: Vec<String>,
    pub factor: SecondFactor,
}

pub struct Walk {
    pub clinic: Clinic,
    routes: Vec<Route>,
    /// What each route asked left, by kinds of events.
    pub left: BTreeMap<String, BTreeSet<String>>,
    /// What was not done, with what was said instead.
    pub refused: Vec<String>,
}

impl Walk {
    pub async fn new() -> Walk {
        let clinic = Clinic::new().await;
        let (app, now) = (Arc::clone(&clinic.world.app), Arc::from(clinic.world.clock()));
        // Nobody answers there: no test asks the DNS outside.
        app.set_outside(Some(std::net::SocketAddr::from(([127, 0, 0, 1], 9))), None);
        let routes = discreet_web::staff_routes(app, now, Options { https: true });
        Walk { clinic, routes, left: BTreeMap::new(), refused: Vec::new() }
    }
    /// The routes, as `POST /stop`.
    pub fn routes(&self) -> BTreeSet<String> {
        self.routes.iter().map(|route| format!("{} {}", route.method, route.path)).collect()
    }
    /// The route of a request; one without names goes before one with.
    fn route(&self, method: &str, path: &str) -> String {
        let parts: Vec<&str> = path.split('?').next().unwrap().split('/').collect();
        let fits = |route: &&Route| {
            let of: Vec<&str> = route.path.split('/').collect();
            route.method == method
                && of.len() == parts.len()
                && of.iter().zip(&parts).all(|(r, p)| r == p || r.starts_with('{'))
        };
        let route = self.routes.iter().filter(fits).min_by_key(|route| route.path.matches('{').count());
        format!("{method} {}", route.unwrap_or_else(|| panic!("{method} {path}")).path)
    }
    async fn ask(
        &mut self,
        who: Option<&Session>,
        method: &str,
        path: &str,
        kind: &str,
        body: impl AsRef<[u8]>,
    ) -> Answer {
        let before = self.clinic.world.log_lines().await.len();
        let cookie = who.map_or(String::new(), |who| format!("__Host-session={}", who.0.reveal()));
        let headers =
            [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin"), ("content-type", kind)];
        let answer = self.clinic.send(request(method, path, &headers, body)).await;
        let status = answer.status;
        let to = answer.header("location");
        let done = status == StatusCode::OK
            || status == StatusCode::NO_CONTENT
            || (status == StatusCode::SEE_OTHER
                && !to.starts_with("/sign-in?")
                && !to.starts_with("/confirm?"));
        if !done {
            let said = answer.body.split("<main").last().unwrap();
            self.refused.push(format!("{method} {path}: {status} {to} {said}"));
        }
        let route = self.route(method, path);
        let lines = self.clinic.world.log_lines().await;
        let events = lines[before..].iter().map(|line| event(line)).collect::<BTreeSet<_>>();
        self.left.entry(route).or_default().extend(events);
        answer
    }
    pub async fn get(&mut self, who: &Session, path: &str) -> Answer {
        self.ask(Some(who), "GET", path, FORM, "").await
    }
    pub async fn post(&mut self, who: &Session, path: &str, fields: &str) -> Answer {
        let body = format!("form_token={}&{fields}", who.0.form_token());
        self.ask(Some(who), "POST", path, FORM, &body).await
    }
    /// A form of a draft, with the revision its page has.
    pub async fn change(&mut self, who: &Session, page: &str, path: &str, fields: &str) -> Answer {
        let page = self.get(who, page).await.body;
        let revision = page.split("name=\"revision\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        self.post(who, path, &format!("revision={revision}&{fields}")).await
    }
    /// Where a form leads.
    pub async fn leads(&mut self, who: &Session, path: &str, fields: &str) -> String {
        let answer = self.post(who, path, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.body);
        answer.header("location").to_owned()
    }
    pub async fn upload(&mut self, who: &Session, name: &str, text: &str) -> String {
        let token = who.0.form_token();
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n{token}\r\n\
             --b\r\nContent-Disposition: form-data; name=\"source\"\r\n\r\nehr\r\n\
             --b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n{text}\r\n--b--\r\n"
        );
        let answer = self.ask(Some(who), "POST", "/imports", MULTIPART, &body).await;
        answer.header("location").trim_end_matches("/map").to_owned()
    }
    /// A picture for the library.
    pub async fn picture(&mut self, who: &Session, name: &str) {
        let mut body = Vec::new();
        for (field, value) in [("form_token", who.0.form_token().as_str()), ("name", name)] {
            let part = format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        body.extend_from_slice(
            b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n",
        );
        body.extend_from_slice(&discreet_testkit::pictures::png(8, 8));
        body.extend_from_slice(b"\r\n--b--\r\n");
        self.ask(Some(who), "POST", "/images", MULTIPART, &body).await;
    }
    /// As nobody.
    pub async fn outside(&mut self, method: &str, path: &str, fields: &str) -> Answer {
        self.ask(None, method, path, FORM, fields).await
    }
    /// Somebody in all the way, without the pages, and their recovery codes.
    pub async fn person(&self, name: &str, roles: &[Role]) -> Member {
        let world = &self.clinic.world;
        let (app, now) = (&world.app, world.now());
        let by = world.admin.may(ManageUsers);
        let email = format!("{name}@harbor.example");
        let invitation = app.invite(by, name, &email, Roles::of(roles), now).await.unwrap();
        let began = app.accept_invitation(&invitation, PASSWORD.to_owned().into(), now).await.unwrap();
        let (factor, sealed) = app.fresh_second_factor(&began.secret, now).await.unwrap();
        let code = factor.code(now).unwrap();
        let (began, codes) = app.set_second_factor(&began.secret, sealed, &code, now).await.unwrap();
        let codes = codes.iter().map(|code| code.reveal()).collect();
        Member { session: Session(began.secret), codes, factor }
    }
    /// What a background job leaves is noted, too, as left by the route that began it.
    pub async fn until(&mut self, route: &str, ends: &str, from: usize) {
        for _ in 0..600 {
            let lines = self.clinic.world.log_lines().await;
            let events: BTreeSet<String> = lines[from..].iter().map(|line| event(line)).collect();
            if events.contains(ends) {
                self.left.entry(route.to_owned()).or_default().extend(events);
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{route}: no {ends}");
    }
    pub async fn logged(&self) -> usize {
        self.clinic.world.log_lines().await.len()
    }
}

/// The session a sign-in gives.
pub fn session_of(answer: &Answer) -> Session {
    let all = answer.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap());
    let cookie = all.filter_map(|c| c.strip_prefix("__Host-session=")).next().unwrap();
    Session(Secret::parse(cookie.split(';').next().unwrap()).unwrap())
}

/// What stands in a page between two texts.
pub fn between<'p>(page: &'p str, from: &str, to: &str) -> &'p str {
    page.split_once(from).unwrap_or_else(|| panic!("{from}: {page}")).1.split(to).next().unwrap()
}

fn event(line: &str) -> String {
    let entry: serde_json::Value = serde_json::from_str(line).unwrap();
    entry["did"]["event"].as_str().unwrap_or_else(|| panic!("{line}")).to_owned()
}
