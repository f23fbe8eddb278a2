//! Whole installations: on SQLite or PostgreSQL, with users, patients named with a canary, and a clock that is told the
//! time. Dropped, a world verifies its log and looks for the canary in all it has written.

mod asked;
mod campaign;
mod careless;
mod database;
mod judge;
mod leaks;
mod people;
mod relay;

pub use campaign::{Mailing, Purpose};
pub use careless::Careless;
pub use judge::Race;
pub use leaks::{found_in_files, search_forms};
pub use people::{CANARY, Person, address, files, files_merging, people};
pub use relay::{Given, LATER, NO_MAILBOX, NOT_THIS, NOT_TRIED, TestRelay, UNKNOWN};

use database::Databases;
use discreet_access::{Action, Allowed, FindPatient, Import, ManageUsers, Role, Roles, SetRelay, Token, Who};
use discreet_app::audit::Verdict;
use discreet_app::import::{Imported, Order};
use discreet_app::installation::Sites;
use discreet_app::patients::LookUp;
use discreet_app::{App, Clock, Settings};
use discreet_domain::{Day, PatientId, Phi, Timestamp, Topic, UserId};
use discreet_store::{Location, Store};
use discreet_vault::Unlock;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;

/// When every world begins: 2026-11-24, 15:00 UTC, a Tuesday morning in California.
pub const BEGINNING: &str = "2026-11-24T15:00:00Z";
/// The time zone of every world.
pub const ZONE: &str = "America/Los_Angeles";

/// A user of a world, signed in.
#[derive(Debug)]
pub struct User {
    /// As access knows them.
    pub who: Who,
    /// Their token, to sign in to another process.
    pub token: Token,
}

impl User {
    /// Leave to do something; the roles are such that it is given.
    pub fn may<A: Action>(&self, action: A) -> Allowed<A> {
        self.who.may(action).unwrap()
    }
    /// Which.
    pub const fn id(&self) -> UserId {
        self.who.user()
    }
}

/// An installation of its own.
#[derive(Debug)]
pub struct World {
    /// The installation.
    pub app: Arc<App>,
    /// Holds every role.
    pub admin: User,
    /// Makes and sends.
    pub marketer: User,
    /// Approves, sees patients, stops.
    pub officer: User,
    /// Imports.
    pub steward: User,
    /// Where it lies.
    pub sites: Sites,
    /// The first recovery kit and its code.
    pub kit: (String, secrecy::SecretString),
    clock: Arc<AtomicI64>,
    /// `None` once it was taken apart.
    databases: Databases,
    exports: TempDir,
    folder: TempDir,
}

/// What unlocks every world's keyring: a key file's content.
pub fn unlock() -> Unlock {
    Unlock::Key("BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=".to_owned().into())
}

/// The places of an installation in this folder.
pub fn sites(folder: &Path) -> Sites {
    for part in ["shelf", "keyring"] {
        std::fs::create_dir_all(folder.join(part)).unwrap();
    }
    Sites {
        data: Location::File(folder.join("discreet.db")),
        shelf: Location::File(folder.join("shelf/shelf.db")),
        keyring: folder.join("keyring/keyring.json"),
        folder: folder.to_owned(),
    }
}

/// The worlds that a story is told in: SQLite, and PostgreSQL if [`World::postgres`] has one.
pub async fn both() -> Vec<World> {
    let mut worlds = vec![World::sqlite().await];
    worlds.extend(World::postgres().await);
    worlds
}

impl World {
    /// A world on SQLite.
    pub async fn sqlite() -> World {
        World::make(Databases::None).await
    }
    /// A world on PostgreSQL, in two fresh databases; `None` if there is no server to make them in.
    pub async fn postgres() -> Option<World> {
        let databases = Databases::fresh().await?;
        Some(World::make(databases).await)
    }
    async fn make(databases: Databases) -> World {
        let folder = tempfile::tempdir().unwrap();
        let mut sites = sites(folder.path());
        if let Databases::Postgres { data, shelf } = &databases {
            sites.data = Location::Url(data.clone());
            sites.shelf = Location::Url(shelf.clone());
        }
        let now = Timestamp::parse(BEGINNING).unwrap();
        let mut settings = Settings::new("Harbor Clinic", &["1 Main Street", "Oakland, CA 94601"], ZONE);
        settings.topics.insert("care".to_owned(), "Your visits".to_owned());
        let made = App::make(&sites, &unlock(), &settings, "ada", false, now).await.unwrap();
        let app = App::open(&sites, &unlock()).await.unwrap();
        let who = app.sign_in(&made.token, Some("ada"), now).await.unwrap();
        let admin = User { who, token: made.token };
        app.set_relay(admin.may(SetRelay), true, None, now).await.unwrap();
        let marketer = add_user(&app, &admin, "maya", &[Role::Marketer], now).await;
        let officer = add_user(&app, &admin, "omar", &[Role::PrivacyOfficer], now).await;
        let steward = add_user(&app, &admin, "dana", &[Role::DataSteward], now).await;
        World {
            app: Arc::new(app),
            admin,
            marketer,
            officer,
            steward,
            sites,
            kit: (made.kit, made.kit_code),
            clock: Arc::new(AtomicI64::new(now.micros())),
            databases,
            exports: tempfile::tempdir().unwrap(),
            folder,
        }
    }
    /// Where everything of it lies but its databases, if those are PostgreSQL's.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
    /// Whether its databases are files.
    pub const fn is_sqlite(&self) -> bool {
        matches!(self.databases, Databases::None)
    }
    /// What it is, for messages.
    pub const fn name(&self) -> &'static str {
        if self.is_sqlite() { "SQLite" } else { "PostgreSQL" }
    }
    /// The time.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.clock.load(Ordering::Relaxed))
    }
    /// Lets time pass.
    pub fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }
    /// How verbs tell the time.
    pub fn clock(&self) -> Box<Clock> {
        let clock = Arc::clone(&self.clock);
        Box::new(move || Timestamp::from_micros(clock.load(Ordering::Relaxed)))
    }
    /// The data, as another process would open it.
    pub async fn store(&self) -> Store {
        Store::open(&self.sites.data, false).await.unwrap()
    }
    /// The installation opened once more, as by another process.
    pub async fn open_again(&self) -> App {
        App::open(&self.sites, &unlock()).await.unwrap()
    }

    /// Imports CSV files: name and text.
    pub async fn import_csv(&self, files: &[(String, String)]) -> Imported {
        let folder = self.write_export(files);
        self.import_folder(folder).await
    }
    /// Writes CSV files where an import finds them.
    pub fn write_export(&self, files: &[(String, String)]) -> PathBuf {
        let folder = tempfile::tempdir_in(self.exports.path()).unwrap().keep();
        for (name, text) in files {
            std::fs::write(folder.join(name), text).unwrap();
        }
        folder
    }
    /// Imports a folder.
    pub async fn import_folder(&self, path: PathBuf) -> Imported {
        let order = Order {
            files: discreet_app::import::Source::at(path),
            source: "ehr".to_owned(),
            mapping: None,
            dry_run: false,
            batch: false,
        };
        self.app.import(self.steward.may(Import), order, &*self.clock(), &|_| {}).await.unwrap()
    }
    /// Imports these patients with all that belongs to them.
    pub async fn import(&self, people: &[Person]) -> Imported {
        self.import_csv(&files(people)).await
    }
    /// The patient that this person is.
    pub async fn patient(&self, person: &Person) -> PatientId {
        let found = self.find(person).await;
        assert_eq!(found.len(), 1, "{} patients are number {}", found.len(), person.n);
        found[0]
    }
    /// The patients by this person's name and birth date.
    pub async fn find(&self, person: &Person) -> Vec<PatientId> {
        let look_up = LookUp::Name(Phi::new(person.family()), Day::parse(&person.birth).unwrap());
        self.app.find(self.officer.may(FindPatient), &look_up, self.now()).await.unwrap()
    }

    /// A copy of everything in its folder, as somebody would make who can read the disk; and the places in it.
    pub fn copy(&self) -> (TempDir, Sites) {
        let copy = tempfile::tempdir().unwrap();
        copy_folder(self.folder(), copy.path());
        let sites = sites(copy.path());
        (copy, sites)
    }

    /// Verifies the log.
    pub async fn verify(&self) -> Verdict {
        self.app.verify(self.officer.may(discreet_access::VerifyAudit), None).await.unwrap()
    }
    /// All bodies of the log, as stored.
    pub async fn log_lines(&self) -> Vec<String> {
        let store = self.store().await;
        let mut reading = store.read().await.unwrap();
        let (mut lines, mut seq) = (Vec::new(), 0);
        loop {
            let rows = reading.log_page(seq, 1_000).await.unwrap();
            let Some(last) = rows.last() else { return lines };
            seq = last.seq;
            lines.extend(rows.iter().flat_map(|row| row.bodies.split('\n')).map(str::to_owned));
        }
    }
    /// Asserts that the log is sound, and that the canary stands nowhere in clear.
    pub async fn check(&self) {
        let verdict = self.verify().await;
        assert!(matches!(verdict, Verdict::Sound(_)), "{}: {verdict:?}", self.name());
        for line in self.log_lines().await {
            assert!(
                !line.to_lowercase().contains(&CANARY.to_lowercase()),
                "the canary is in the log: {line}"
            );
        }
        let leaks = found_in_files(self.folder());
        assert!(leaks.is_empty(), "the canary stands in clear in {leaks:?}");
        let leaks = self.databases.leaks().await;
        assert!(leaks.is_empty(), "the canary stands in clear in tables {leaks:?}");
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

async fn add_user(app: &App, admin: &User, name: &str, roles: &[Role], now: Timestamp) -> User {
    let (_, token) = app.add_user(admin.may(ManageUsers), name, Roles::of(roles), now).await.unwrap();
    User { who: app.sign_in(&token, Some(name), now).await.unwrap(), token }
}

/// The topic of everything optional here.
pub fn marketing() -> Topic {
    Topic::marketing()
}

impl Drop for World {
    /// Checks, unless the test has failed already; and drops the databases.
    fn drop(&mut self) {
        let panicking = std::thread::panicking();
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(async {
                if !panicking {
                    self.check().await;
                }
                self.databases.remove().await;
            });
        });
    }
}
