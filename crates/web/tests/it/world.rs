//! A small installation, and somebody who asks it things.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use base64::Engine;
use discreet_access::Token;
use discreet_app::installation::Sites;
use discreet_app::{App, Clock, Settings};
use discreet_audit::{Entry, Event};
use discreet_domain::{Actor, ImportId, MessageId, PatientId, Tag, Timestamp, Topic};
use discreet_mail::{LinkPurpose, LinkToken};
use discreet_policy::consent::Act;
use discreet_policy::{AddressStanding, Age};
use discreet_store::{Lane, Location, NewLink, PatientRow, PatientState, Store};
use discreet_vault::Unlock;
use discreet_web::{Mailbox, Options, Route};
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use tempfile::TempDir;
use tower::ServiceExt;

pub const NOW: Timestamp = Timestamp::from_micros(1_795_521_600_000_000); // 2026-11-24
pub const FORM: &str = "application/x-www-form-urlencoded";

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

/// All that a link can change, and how much is logged.
#[derive(PartialEq, Eq, Debug)]
pub struct State {
    pub acts: Vec<(PatientId, Act)>,
    pub stops: Vec<(Tag, Topic)>,
    pub doubtful: Vec<PatientId>,
    pub logged: u64,
}

pub struct World {
    dir: TempDir,
    pub router: Router,
    /// The installation, as the server has it open.
    pub app: Arc<App>,
    /// The first user's token.
    pub token: Token,
    clock: Arc<AtomicI64>,
    routes: Vec<Route>,
    /// As another process would have it open.
    pub store: Store,
    patients: Mutex<Vec<PatientId>>,
    secrets: Mutex<Vec<String>>,
}

impl World {
    pub async fn new() -> World {
        World::with(&settings(), Options { https: true }).await
    }
    pub async fn with(settings: &Settings, options: Options) -> World {
        World::made(settings, options, false, None).await
    }
    /// An installation that is handed a mailbox, a demo or not.
    pub async fn with_mailbox(demo: bool, mailbox: Arc<dyn Mailbox>) -> World {
        World::made(&settings(), Options { https: true }, demo, Some(mailbox)).await
    }
    async fn made(
        settings: &Settings,
        options: Options,
        demo: bool,
        mailbox: Option<Arc<dyn Mailbox>>,
    ) -> World {
        listen();
        let dir = TempDir::new().unwrap();
        let at = |name: &str| dir.path().join(name);
        let sites = Sites {
            data: Location::File(at("data.sqlite")),
            shelf: Location::File(at("shelf.sqlite")),
            keyring: at("keyring"),
            folder: dir.path().to_owned(),
        };
        let unlock = Unlock::Key(base64::engine::general_purpose::STANDARD.encode([7; 32]).into());
        let made = App::make(&sites, &unlock, settings, "first", demo, NOW).await.unwrap();
        let app = Arc::new(App::open(&sites, &unlock).await.unwrap());
        // Nobody answers there: no test asks the DNS outside.
        app.set_outside(Some(std::net::SocketAddr::from(([127, 0, 0, 1], 9))), None);
        let clock = Arc::new(AtomicI64::new(NOW.micros()));
        let told = Arc::clone(&clock);
        let now: Arc<Clock> = Arc::new(move || Timestamp::from_micros(told.load(Ordering::SeqCst)));
        let routes = discreet_web::staff_routes(Arc::clone(&app), Arc::clone(&now), options);
        let router = match mailbox {
            None => discreet_web::router(Arc::clone(&app), now, options),
            Some(mailbox) => discreet_web::demo_router(Arc::clone(&app), now, options, mailbox),
        };
        let store = Store::open(&sites.data, false).await.unwrap();
        World {
            dir,
            router,
            app,
            token: made.token,
            clock,
            routes,
            store,
            patients: Mutex::default(),
            secrets: Mutex::default(),
        }
    }
    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.clock.load(Ordering::SeqCst))
    }
    /// So many seconds pass.
    pub fn later(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
    /// The staff's routes.
    pub fn routes(&self) -> Vec<Route> {
        self.routes.clone()
    }
    /// How many refusals are in the log.
    pub async fn refusals(&self) -> usize {
        self.logged("\"event\":\"refused\"").await
    }
    /// How often the log's entries have these words.
    pub async fn logged(&self, words: &str) -> usize {
        let mut reading = self.store.read().await.unwrap();
        let mut seq = 0;
        let mut found = 0;
        loop {
            let rows = reading.log_page(seq, 500).await.unwrap();
            let Some(last) = rows.last() else { return found };
            seq = last.seq;
            found += rows.iter().map(|row| row.bodies.matches(words).count()).sum::<usize>();
        }
    }
    pub async fn sending(&self) -> bool {
        self.store.read().await.unwrap().installation().await.unwrap().unwrap().sending
    }
    pub async fn sign_in(&self, email: &str, password: &str) -> Answer {
        self.sign_in_with(email, password, &[]).await
    }
    pub async fn sign_in_with(&self, email: &str, password: &str, headers: &[(&str, &str)]) -> Answer {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let body = format!("email={}&password={}", encoded(email), encoded(password));
        let all = [&[("sec-fetch-site", "same-origin"), ("content-type", FORM)], headers].concat();
        self.send(request("POST", "/sign-in", &all, &body)).await
    }
    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data.sqlite")
    }

    /// Somebody whose mail goes to the address with this tag.
    pub async fn patient(&self, address: Tag) -> PatientId {
        let id = PatientId::random();
        let row = PatientRow {
            id,
            version: 1,
            state: PatientState::Live,
            merged_into: None,
            deceased: false,
            active: true,
            age: Age::Adult,
            usps: None,
            restricted: false,
            address_tag: Some(address),
            address_standing: AddressStanding::OnRecord,
            contact_version: 1,
            identity: None,
            facts: None,
            chunks: 0,
        };
        let mut tx = self.store.begin(Lane::Import).await.unwrap();
        tx.put_patients(vec![row]).await.unwrap();
        let event = Event::ImportBatch { import: ImportId::random(), created: 1, updated: 0 };
        discreet_audit::settle(tx, &[Entry { at: NOW, by: Actor::Console, event }]).await.unwrap();
        self.patients.lock().unwrap().push(id);
        id
    }
    /// The address of a link in a mail to them: `/u/…` or `/n/…`.
    pub async fn link(&self, purpose: LinkPurpose, patient: PatientId, address: Tag) -> String {
        let token = LinkToken::random(purpose).unwrap();
        let verb = match purpose {
            LinkPurpose::Unsubscribe => "unsubscribe",
            LinkPurpose::NotMe => "not_me",
            LinkPurpose::Confirm | LinkPurpose::Choices | LinkPurpose::Copy => {
                "mailed on request: see `clinic`"
            }
        };
        let link = NewLink {
            hash: token.hash().bytes().to_vec(),
            verb: verb.to_owned(),
            message: MessageId::random(),
            patient,
            topic: Topic::marketing(),
            address,
        };
        let mut tx = self.store.begin(Lane::Dispatch).await.unwrap();
        tx.add_links(vec![link]).await.unwrap();
        discreet_audit::settle(tx, &[]).await.unwrap();
        self.secrets.lock().unwrap().push(token.text());
        format!("{}{}", purpose.path(), token.text())
    }
    /// One patient, and a link in a mail to them.
    pub async fn linked(&self, purpose: LinkPurpose) -> (PatientId, String) {
        let patient = self.patient(tag(1)).await;
        (patient, self.link(purpose, patient, tag(1)).await)
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
    pub async fn get(&self, path: &str) -> Answer {
        self.send(request("GET", path, &[], "")).await
    }
    pub async fn post(&self, path: &str, content_type: &str, body: &str) -> Answer {
        self.send(request("POST", path, &[("content-type", content_type)], body)).await
    }

    pub async fn state(&self) -> State {
        let patients = self.patients.lock().unwrap().clone();
        let mut reading = self.store.read().await.unwrap();
        let rows = reading.patients(&patients).await.unwrap();
        let in_doubt = rows.iter().filter(|r| r.address_standing == AddressStanding::Doubtful);
        let mut doubtful: Vec<PatientId> = in_doubt.map(|r| r.id).collect();
        doubtful.sort();
        State {
            doubtful,
            acts: reading.acts(&patients).await.unwrap().into_iter().map(|a| (a.patient, a.act)).collect(),
            stops: reading.stops(None).await.unwrap().into_iter().map(|(t, s)| (t, s.topic)).collect(),
            logged: reading.log_head().await.unwrap().seq,
        }
    }
}

impl Drop for World {
    /// Every test pays for this: no token of any link stands in the log.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let log = logged();
            for secret in self.secrets.lock().unwrap().iter() {
                assert!(!log.to_lowercase().contains(secret.as_str()), "a token was logged");
            }
        }
    }
}

pub fn settings() -> Settings {
    let mut settings =
        Settings::new("Bayside Clinic", &["1 Bay Street", "Oakland, CA 94607"], "America/Los_Angeles");
    settings.phone = Some("(555) 010-0199".to_owned());
    settings
}

/// The tag of an address.
pub fn tag(n: u8) -> Tag {
    Tag::from_bytes(&[n; discreet_domain::TAG_LEN]).unwrap()
}

pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "mail.clinic.example");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.as_ref().to_vec())).unwrap()
}

/// The two encodings, of one field.
pub fn encodings(name: &str, value: &str) -> [(&'static str, String); 2] {
    let part = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n--b--\r\n");
    [(FORM, format!("{name}={value}")), ("multipart/form-data; boundary=b", part)]
}

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Sink;

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Takes down all that is logged in this process, on every thread, at every level.
fn listen() {
    static LISTENING: OnceLock<()> = OnceLock::new();
    LISTENING.get_or_init(|| {
        tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
            .with_ansi(false)
            .with_writer(|| Sink)
            .init();
    });
}

pub fn logged() -> String {
    String::from_utf8_lossy(&LOG.lock().unwrap()).into_owned()
}
