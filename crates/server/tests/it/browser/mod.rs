//! The pages in a real browser: Debian's Chromium, driven as a person would.
//!
//! They run where `DISCREET_TEST_BROWSER` is set; `./test` sets it, once it has installed the browser. With
//! `DISCREET_SCREENSHOTS=FOLDER` each page looked at is kept there, at desktop and telephone width, light and dark.

mod driver;
mod imports;
mod journey;
mod looks;
mod machines;
mod mailbox;
mod office;
mod patient;
mod records;
mod segments;
mod why;

use crate::installation::{Installation, Running, program};
use driver::Browser;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

/// Whether there is a browser to test in.
pub fn wanted() -> bool {
    std::env::var_os("DISCREET_TEST_BROWSER").is_some()
}

/// A running demo.
pub struct Demo {
    _child: Running,
    home: tempfile::TempDir,
    /// `http://127.0.0.1:…`
    pub base: String,
    /// What it printed last.
    said: Value,
}

impl Demo {
    /// A demo of so many patients, at the point where it keeps serving.
    pub fn of(patients: u32) -> Demo {
        let home = tempfile::tempdir().unwrap();
        let mut command = program(home.path());
        command.args(["demo", "--json", "--patients", &patients.to_string(), "--data-dir"]);
        command.arg(home.path().join("clinic"));
        let mut child = Running(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
        let lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
        let said = lines
            .map(|l| serde_json::from_str::<Value>(&l.unwrap()).unwrap())
            .find(|v| v["sign_in"].is_object());
        let said = said.unwrap();
        Demo { _child: child, home, base: said["serving"].as_str().unwrap().to_owned(), said }
    }
    /// The link by which somebody of a role signs in. It works once.
    pub fn link(&self, role: &str) -> String {
        self.said["sign_in"][role].as_str().unwrap().to_owned()
    }
    /// The folder of the files that were imported.
    pub fn exports(&self) -> std::path::PathBuf {
        self.home.path().join("clinic/exports")
    }
    /// Signs in by the link for a role. It works once.
    pub async fn sign_in(&self, browser: &Browser, role: &str) {
        browser.go(&self.link(role)).await;
        browser.press("Sign in").await;
        browser.says("Needs you").await;
    }
}

/// A running server of an installation, and the set-up link it printed.
pub struct Site {
    _child: Running,
    /// `http://127.0.0.1:…`
    pub base: String,
    /// Its first link.
    pub set_up: Option<String>,
}

impl Site {
    /// Serves an installation.
    pub fn of(clinic: &Installation) -> Site {
        let mut command = clinic.command();
        command.env_remove("DISCREET_TOKEN");
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        let mut child = Running(command.spawn().unwrap());
        let mut line = String::new();
        BufReader::new(child.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line:?}"));
        let base = format!("http://{}", said["listening"].as_str().unwrap());
        Site { _child: child, base, set_up: said["set_up"].as_str().map(str::to_owned) }
    }
}
