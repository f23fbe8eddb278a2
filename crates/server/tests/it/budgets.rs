//! How long the staff's pages take to make, on the demo's data. Every page that a link leads to is asked for again and again
//! over loopback, as the people of each role; the table that comes out is in docs/operations.md:
//!
//! ```text
//! DISCREET_BUDGET_PATIENTS=20000 cargo test --release -p discreet --test it budgets -- --nocapture
//! ```

use crate::browser::Demo;
use crate::fuzzed::number;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Patients of the demo, unless `DISCREET_BUDGET_PATIENTS` says otherwise.
const PATIENTS: u32 = 300;
/// How often each page is asked for.
const TIMES: usize = 21;
/// The budget, as DESIGN has it: the median, of a release build on an idle machine.
const BUDGET: Duration = Duration::from_millis(20);
/// What no build takes, on however busy a machine: this test runs beside all others.
const NEVER: Duration = Duration::from_secs(2);
/// Pages of one route that are followed: the tenth segment leads to nothing the first does not.
const OF_ONE_ROUTE: usize = 2;
/// Most pages that are looked at.
const MOST: usize = 300;
/// Where a link need not lead in the demo: ways in, what only leads on, and what there is nothing of.
const ELSEWHERE: [&str; 24] = [
    "/setup/{token}",
    "/welcome/{token}",
    "/demo/{token}",
    "/sign-in",
    "/sign-in/code",
    "/sign-in/recovery",
    "/settings",
    "/campaigns/{id}",
    "/campaigns/{id}/preview",
    "/approvals/{id}",
    "/requests/{id}",
    "/segments/{id}/counts",
    "/segments/{id}/why/{patient}",
    "/drafts/{id}/codes/{kind}",
    "/images/{id}",
    "/imports/{id}/map",
    "/imports/{id}/check",
    "/imports/{id}/run",
    "/patients/{patient}/evidence/{n}",
    "/patients/{patient}/authorizations/{id}",
    "/patients/{patient}/messages/{message}",
    "/patients/{patient}/messages/{message}/mail",
    "/consents/forms/{id}",
    "/settings/vendors/{id}",
];

/// A page as it came.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

/// Somebody signed in.
struct Person {
    host: String,
    cookie: String,
}

impl Person {
    fn of(demo: &Demo, role: &str) -> Person {
        let host = demo.base.strip_prefix("http://").unwrap().to_owned();
        let mut person = Person { host, cookie: String::new() };
        let link = demo.link(role);
        let answer = person.ask("POST", link.strip_prefix(&demo.base).unwrap(), "");
        let cookie = answer.head.lines().find(|l| l.to_lowercase().contains("session="));
        let cookie = cookie.unwrap_or_else(|| panic!("{role}: {}", answer.head));
        person.cookie = cookie.split_once(": ").unwrap().1.split(';').next().unwrap().to_owned();
        person
    }
    fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.host,
            self.cookie,
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{path}: {answer}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }
    /// A form of theirs, with its token.
    fn post(&self, path: &str, fields: &str) -> Answer {
        let page = self.ask("GET", "/me", "").body;
        let token = page.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        self.ask("POST", path, &format!("form_token={token}&{fields}"))
    }
    /// Where a form leads.
    fn leads(&self, path: &str, fields: &str) -> String {
        let answer = self.post(path, fields);
        let to = answer.head.lines().find_map(|l| l.strip_prefix("location: "));
        to.unwrap_or_else(|| panic!("{path}: {} {}", answer.head, answer.body)).to_owned()
    }
}

/// The staff's GET routes, as docs/access.md has them.
fn routes() -> Vec<String> {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/access.md")).unwrap();
    let lines = docs.lines().filter_map(|l| l.strip_prefix("| `GET ")?.split('`').next());
    lines.map(str::to_owned).collect()
}

/// Which route a path is of; one without names goes before one with.
fn route_of<'r>(routes: &'r [String], path: &str) -> Option<&'r str> {
    let parts: Vec<&str> = path.split(['?', '#']).next()?.split('/').collect();
    let fits = |route: &&String| {
        let of: Vec<&str> = route.split('/').collect();
        of.len() == parts.len() && of.iter().zip(&parts).all(|(r, p)| r == p || r.starts_with('{'))
    };
    routes.iter().filter(fits).min_by_key(|route| route.matches('{').count()).map(String::as_str)
}

/// Where a page leads.
fn links(page: &str) -> Vec<String> {
    let after = [" href=\"/", " src=\"/", " hx-get=\"/"].into_iter().flat_map(|by| page.split(by).skip(1));
    after
        .filter_map(|rest| rest.split('"').next())
        .map(|path| format!("/{}", path.replace("&#38;", "&").replace("&amp;", "&")))
        .collect()
}

/// What finds some patient by name and birth date, as their file has it.
fn some_patient(demo: &Demo) -> String {
    let patients = std::fs::read_to_string(demo.exports().join("fhir/Patient.ndjson")).unwrap();
    let patient: serde_json::Value = serde_json::from_str(patients.lines().next().unwrap()).unwrap();
    let (family, birth) = (&patient["name"][0]["family"], patient["birthDate"].as_str().unwrap());
    let parts: Vec<&str> = birth.split('-').collect();
    let family = family.as_str().unwrap();
    format!("by=name&family={family}&year={}&month={}&day={}", parts[0], parts[1], parts[2])
}

/// Pages of each route that somebody gets to.
fn reached(person: &Person, routes: &[String], from: Vec<String>) -> BTreeMap<String, String> {
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    let (mut seen, mut of_route) = (BTreeSet::new(), BTreeMap::new());
    let mut next: VecDeque<String> = from.into();
    while let Some(path) = next.pop_front().filter(|_| seen.len() < MOST) {
        let Some(route) = route_of(routes, &path) else { continue };
        let times: &mut usize = of_route.entry(route.to_owned()).or_default();
        if *times >= OF_ONE_ROUTE || !seen.insert(path.clone()) {
            continue;
        }
        *times += 1;
        let answer = person.ask("GET", &path, "");
        assert!(answer.status < 500, "{path}: {}", answer.status);
        // What only leads on.
        next.extend(answer.head.lines().find_map(|l| l.strip_prefix("location: ")).map(str::to_owned));
        if answer.status == 200 {
            first.entry(route.to_owned()).or_insert(path);
            next.extend(links(&answer.body));
        }
    }
    first
}

fn median(person: &Person, path: &str) -> (Duration, usize) {
    let mut size = 0;
    let mut once = || {
        let begun = Instant::now();
        size = person.ask("GET", path, "").body.len();
        begun.elapsed()
    };
    once();
    let mut took: Vec<Duration> = (0..TIMES).map(|_| once()).collect();
    took.sort();
    (took[TIMES / 2], size)
}

#[test]
fn each_page_is_made_in_time() {
    let demo = Demo::of(number("DISCREET_BUDGET_PATIENTS", PATIENTS));
    let routes = routes();
    let mut took: BTreeMap<String, (Duration, usize)> = BTreeMap::new();
    for role in
        ["privacy_officer", "marketer", "data_steward", "administrator", "auditor", "analyst", "care_staff"]
    {
        let person = Person::of(&demo, role);
        let mut from = vec!["/".to_owned(), "/ui".to_owned(), "/settings".to_owned(), "/confirm".to_owned()];
        match role {
            // What somebody has begun; a record that was opened.
            "marketer" => {
                from.push(person.leads("/drafts", "name=Walks&text=age+%3E%3D+18"));
                from.push(person.leads("/campaigns", "segment="));
            }
            "privacy_officer" => {
                let page = person.post("/patients/find", &some_patient(&demo)).body;
                let open =
                    page.split("action=\"").find(|p| p.starts_with("/patients/") && p.contains("/open\""));
                let open = open.unwrap_or_else(|| panic!("{page}")).split('"').next().unwrap().to_owned();
                from.push(person.leads(&open, "reason=care&note="));
            }
            _ => {}
        }
        for (route, path) in reached(&person, &routes, from) {
            took.entry(route).or_insert_with(|| median(&person, &path));
        }
    }
    let mut table = format!("| page | median of {TIMES}, ms | KB |\n|---|---:|---:|\n");
    for (route, (time, size)) in &took {
        let (ms, kb) = (time.as_secs_f64() * 1000.0, *size as f64 / 1024.0);
        writeln!(table, "| `{route}` | {ms:.1} | {kb:.1} |").unwrap();
    }
    println!("{table}");
    let over: Vec<_> = took.iter().filter(|(_, (time, _))| *time > BUDGET).map(|(route, _)| route).collect();
    println!("over {} ms: {over:?}", BUDGET.as_millis());
    for (route, (time, _)) in &took {
        assert!(*time < NEVER, "{route}: {time:?}\n{table}");
    }
    let missed = |route: &&String| !took.contains_key(*route) && !ELSEWHERE.contains(&route.as_str());
    let missed: Vec<_> = routes.iter().filter(missed).collect();
    assert!(missed.is_empty(), "no link leads to {missed:?}");
}
