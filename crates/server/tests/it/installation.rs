//! An installation in a folder of its own, and the program run on it the way a script would.

use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

pub const PASSPHRASE: &str = "correct horse battery staple";

/// Command-line arguments.
pub type Args<'a> = &'a [&'a str];

/// The program, with an environment that holds nothing but what is set here: an empty home, no settings of whoever runs
/// the tests.
pub fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_discreet"));
    command.env_clear().env("HOME", home).current_dir(home).stdin(Stdio::null());
    command
}

/// An installation.
pub struct Installation {
    folder: TempDir,
    /// What it says of itself in `discreet init --json`.
    pub made: Value,
    token: String,
}

impl Installation {
    /// A new one, on the embedded database.
    pub fn new() -> Installation {
        Installation::configured("")
    }

    /// A new one with this `discreet.toml`.
    pub fn configured(config: &str) -> Installation {
        let folder = tempfile::Builder::new().prefix("discreet-it-").tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        std::fs::write(data.join("discreet.toml"), config).unwrap();
        let mut installation = Installation { folder, made: Value::Null, token: String::new() };
        installation.made = installation.json(&[
            "init",
            "--organization",
            "Larkfield Clinic",
            "--address",
            "12 Meadow Lane",
            "--address",
            "Springfield, MA 01103",
            "--phone",
            "413-555-0100",
            "--from",
            "news@larkfield.example",
            "--link-base",
            "https://mail.larkfield.example",
        ]);
        installation.token = installation.made["token"].as_str().unwrap().to_owned();
        installation
    }

    /// The folder everything of this test lies in, the data directory among it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
    /// The data directory.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
    /// Replaces `discreet.toml`.
    pub fn configure(&self, config: &str) {
        std::fs::write(self.data().join("discreet.toml"), config).unwrap();
    }
    /// Writes a file into the folder.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The program on this installation as its first user.
    pub fn command(&self) -> Command {
        let mut command = program(self.folder.path());
        command
            .env("DISCREET_DATA_DIR", self.data())
            .env("DISCREET_PASSPHRASE", PASSPHRASE)
            .env("DISCREET_TOKEN", &self.token);
        command
    }
    /// Runs it.
    pub fn run(&self, args: Args) -> Output {
        self.command().args(args).output().unwrap()
    }
    /// Runs it with `--json`, which must succeed, and reads the last line of what it prints.
    pub fn json(&self, args: Args) -> Value {
        answer(&self.command().args(args).arg("--json").output().unwrap(), args)
    }
    /// Runs it with text on standard input; reads as [`Installation::json`].
    pub fn json_given(&self, args: Args, input: &str) -> Value {
        let mut child = self
            .command()
            .args(args)
            .arg("--json")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        answer(&child.wait_with_output().unwrap(), args)
    }
    /// Runs it; it must succeed. What it prints for people.
    pub fn text(&self, args: Args) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
        stdout(&output)
    }
    /// Runs it; it must fail with this exit code and print nothing but the reason, which is returned.
    pub fn refuses(&self, code: i32, args: Args) -> String {
        refused(&self.run(args), code, args)
    }

    /// Adds a user with these roles; returns their token.
    pub fn user(&self, name: &str, roles: &[&str]) -> String {
        let mut args = vec!["users", "add", name];
        for role in roles {
            args.extend(["--role", role]);
        }
        self.json(&args)["token"].as_str().unwrap().to_owned()
    }
    /// The same installation as somebody else: runs `act` with their token.
    pub fn as_user<'a>(&'a self, token: &'a str) -> AsUser<'a> {
        AsUser { installation: self, token }
    }

    /// The SHA-256 of every file in the data directory, by path.
    pub fn hashes(&self) -> BTreeMap<PathBuf, String> {
        let mut all = BTreeMap::new();
        walk(&self.data(), &mut all);
        all
    }
}

fn walk(folder: &Path, all: &mut BTreeMap<PathBuf, String>) {
    use sha2::Digest;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, all);
        } else {
            let hash = sha2::Sha256::digest(std::fs::read(&path).unwrap());
            all.insert(path, hash.iter().map(|b| format!("{b:02x}")).collect());
        }
    }
}

/// The program as another user.
pub struct AsUser<'a> {
    installation: &'a Installation,
    token: &'a str,
}

impl AsUser<'_> {
    fn run(&self, args: Args, json: bool) -> Output {
        let mut command = self.installation.command();
        command.env("DISCREET_TOKEN", self.token).args(args);
        if json {
            command.arg("--json");
        }
        command.output().unwrap()
    }
    pub fn json(&self, args: Args) -> Value {
        answer(&self.run(args, true), args)
    }
    pub fn text(&self, args: Args) -> String {
        let output = self.run(args, false);
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
        stdout(&output)
    }
    pub fn refuses(&self, code: i32, args: Args) -> String {
        refused(&self.run(args, false), code, args)
    }
}

/// What it printed.
pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}
/// What it complained.
pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The object on the last line of a successful call.
pub fn answer(output: &Output, args: Args) -> Value {
    assert!(output.status.success(), "{args:?}: {:?} {}", output.status, stderr(output));
    let text = stdout(output);
    let last = text.lines().last().unwrap_or_default();
    serde_json::from_str(last).unwrap_or_else(|e| panic!("{args:?}: {e}: {text}"))
}

fn refused(output: &Output, code: i32, args: Args) -> String {
    let reason = stderr(output);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {reason}{}", stdout(output));
    assert_eq!(stdout(output), "", "{args:?}");
    assert!(!reason.contains("panicked"), "{reason}");
    reason
}

/// A child that is killed, if it still runs, when the test is over.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// Sends it a signal.
    pub fn signal(&self, name: &str) {
        let pid = self.0.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }
}

/// A folder of outside data, or `None` with a note where it is absent.
pub fn samples(name: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("DISCREET_SAMPLES").map_or(beside, PathBuf::from).join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no sample data in {} (DISCREET_SAMPLES names another place)", folder.display());
    None
}
