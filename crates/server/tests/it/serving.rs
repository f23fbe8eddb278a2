//! `discreet serve` and the red button: a reader of a mailbox stops its mail over real HTTP; staff stop everything.

use crate::installation::{Installation, Running};
use crate::mailing::{self, Receiver, in_state};
use discreet_mail::catcher::Mischief;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// A server, and where it listens.
struct Server {
    child: Running,
    address: String,
}

fn serve(clinic: &Installation) -> Server {
    let mut command = clinic.command();
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit());
    let mut child = Running(command.spawn().unwrap());
    let mut line = String::new();
    BufReader::new(child.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let said: Value = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line:?}"));
    let address = said["listening"].as_str().unwrap().to_owned();
    Server { child, address }
}

impl Server {
    fn ask(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: mail.larkfield.example\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
    }
    /// SIGTERM; how it ended, within ten seconds.
    fn terminate(mut self) -> Option<i32> {
        self.child.signal("TERM");
        let late = Instant::now() + Duration::from_secs(10);
        while Instant::now() < late {
            if let Some(status) = self.child.0.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("still running ten seconds after SIGTERM");
    }
}

#[test]
fn a_reader_unsubscribes_over_http() {
    let clinic = Installation::new();
    let receiver = Receiver::secure();
    clinic.configure(&receiver.relay(&clinic));
    mailing::import_adults(&clinic, 5);
    mailing::approved(&clinic, "walks", "age >= 18");
    assert_eq!(in_state(&clinic.json(&["campaign", "send", "walks"]), "accepted"), 5);
    let mails = receiver.mails();
    let (mail, other) = (&mails[0], &mails[1]);
    let (patient, bystander) =
        (mailing::patient_with(&clinic, &mail.to[0]), mailing::patient_with(&clinic, &other.to[0]));
    let acts = |who: &str| clinic.json(&["consent", "show", who])["acts"].as_array().unwrap().clone();

    let server = serve(&clinic);
    let path = mail.unsubscribe_path();
    assert_eq!(server.ask("GET", "/healthz", "").0, 200);
    let (status, page) = server.ask("GET", &path, "");
    assert!(status == 200 && page.contains("<form"), "{page}");
    assert!(!page.to_lowercase().contains("canary") && !page.to_lowercase().contains("set-cookie"), "{page}");
    assert_eq!(server.ask("HEAD", &path, "").0, 200);
    assert_eq!(acts(&patient).len(), 1, "looking changes nothing");
    assert_eq!(server.ask("GET", "/u/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "").0, 404);

    let begun = Instant::now();
    let (status, page) = server.ask("POST", &path, "List-Unsubscribe=One-Click");
    assert!(status == 200 && begun.elapsed() < Duration::from_secs(1), "{page}");
    // In force at once, for another process too.
    let shown = clinic.json(&["consent", "show", &patient]);
    let last = shown["acts"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["granted"], &last["topic"]), (&Value::Bool(false), &"marketing".into()), "{shown}");
    assert_eq!(acts(&bystander).len(), 1, "nobody else is concerned");
    // Twice is the same as once.
    assert_eq!(server.ask("POST", &path, "List-Unsubscribe=One-Click").0, 200);
    let counted = clinic.json(&["segment", "count", "age >= 18"]);
    assert_eq!((&counted["count"], &counted["eligible"]), (&5.into(), &4.into()), "{counted}");
    // The patient's own word stands against an import.
    let again = clinic.json(&["import", clinic.folder().join("adults").to_str().unwrap()]);
    assert_eq!(again["created"], 0, "{again}");
    assert_eq!(clinic.json(&["segment", "count", "age >= 18"])["eligible"], 4);

    assert_eq!(server.terminate(), Some(0));
    assert_eq!(clinic.json(&["audit", "verify"])["verified"], true);
}

#[test]
fn a_started_campaign_is_sent_by_the_server() {
    let clinic = Installation::new();
    let receiver = Receiver::secure();
    clinic.configure(&receiver.relay(&clinic));
    mailing::import_adults(&clinic, 40);
    mailing::approved(&clinic, "walks", "age >= 18");
    let server = serve(&clinic);
    clinic.json(&["campaign", "send", "walks", "--start-only"]);
    assert!(receiver.runtime.block_on(receiver.catcher.wait_for(40, Duration::from_secs(20))));
    std::thread::sleep(Duration::from_millis(1500));
    assert_eq!(server.terminate(), Some(0));
    let report = clinic.json(&["campaign", "report", "walks"]);
    assert_eq!((in_state(&report, "accepted"), receiver.catcher.count()), (40, 40), "{report}");
    assert_eq!(report["campaign"]["state"], "done");
}

#[test]
fn the_red_button_stops_a_running_send_within_a_second() {
    let clinic = Installation::new();
    let receiver = Receiver::secure();
    clinic.configure(&receiver.relay(&clinic));
    mailing::import_adults(&clinic, 600);
    mailing::approved(&clinic, "walks", "age >= 18");
    // Each message takes the relay half a second: a batch of a hundred takes six.
    receiver.catcher.misbehave(Mischief { slow: Some(Duration::from_millis(100)), ..Mischief::none() });
    let mut command = clinic.command();
    command.args(["campaign", "send", "walks", "--json"]).stdout(Stdio::piped());
    let mut sending = Running(command.spawn().unwrap());
    assert!(receiver.runtime.block_on(receiver.catcher.wait_for(8, Duration::from_secs(20))));
    clinic.json(&["stop"]);
    std::thread::sleep(Duration::from_secs(1));
    let then = receiver.catcher.count();
    assert!(then < 600);
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(receiver.catcher.count(), then, "mail arrived more than a second after the red button");
    receiver.catcher.misbehave(Mischief::none());
    assert!(sending.0.wait().unwrap().success(), "stopped is not failed");
    // What was stopped is not lost, and nothing of it is unknown.
    let report = clinic.json(&["campaign", "report", "walks"]);
    assert_eq!((in_state(&report, "accepted"), in_state(&report, "unknown")), (then, 0), "{report}");
    clinic.json(&["resume"]);
    let report = clinic.json(&["campaign", "send", "walks"]);
    assert_eq!((in_state(&report, "accepted"), receiver.catcher.count()), (600, 600), "{report}");
}

#[test]
fn a_server_told_to_end_in_the_middle_of_a_send_leaves_nothing_unknown() {
    let clinic = Installation::new();
    let receiver = Receiver::secure();
    clinic.configure(&receiver.relay(&clinic));
    mailing::import_adults(&clinic, 300);
    mailing::approved(&clinic, "walks", "age >= 18");
    receiver.catcher.misbehave(Mischief { slow: Some(Duration::from_millis(30)), ..Mischief::none() });
    clinic.json(&["campaign", "send", "walks", "--start-only"]);
    let server = serve(&clinic);
    assert!(receiver.runtime.block_on(receiver.catcher.wait_for(8, Duration::from_secs(20))));
    assert_eq!(server.terminate(), Some(0));
    let report = clinic.json(&["campaign", "report", "walks"]);
    assert_eq!(in_state(&report, "handed_over"), 0, "{report}");
    assert_eq!(in_state(&report, "accepted"), receiver.catcher.count(), "{report}");
}

#[test]
fn a_send_that_is_interrupted_at_the_keyboard_leaves_nothing_unknown() {
    let clinic = Installation::new();
    let receiver = Receiver::secure();
    clinic.configure(&receiver.relay(&clinic));
    mailing::import_adults(&clinic, 300);
    mailing::approved(&clinic, "walks", "age >= 18");
    receiver.catcher.misbehave(Mischief { slow: Some(Duration::from_millis(30)), ..Mischief::none() });
    let mut command = clinic.command();
    let mut sending =
        Running(command.args(["campaign", "send", "walks"]).stdout(Stdio::null()).spawn().unwrap());
    assert!(receiver.runtime.block_on(receiver.catcher.wait_for(8, Duration::from_secs(20))));
    let begun = Instant::now();
    sending.signal("INT");
    assert!(sending.0.wait().unwrap().success() && begun.elapsed() < Duration::from_secs(5));
    let then = receiver.catcher.count();
    assert!(then < 300);
    let report = clinic.json(&["campaign", "report", "walks"]);
    assert_eq!((in_state(&report, "accepted"), in_state(&report, "queued")), (then, 300 - then), "{report}");
    receiver.catcher.misbehave(Mischief::none());
    let report = clinic.json(&["campaign", "send", "walks"]);
    assert_eq!((in_state(&report, "accepted"), receiver.catcher.count()), (300, 300), "{report}");
}

#[test]
fn a_checkpoint_is_kept_elsewhere_while_it_serves() {
    let clinic = Installation::new();
    let elsewhere = clinic.folder().join("log-keeper");
    std::fs::create_dir(&elsewhere).unwrap();
    let codes = |clinic: &Installation| -> Vec<String> {
        let remarks = clinic.json(&["check"]);
        remarks.as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap().to_owned()).collect()
    };
    assert!(codes(&clinic).contains(&"no_checkpoints".to_owned()));
    clinic.configure("[serve]\ncheckpoints = \"kept\"\n");
    let said = clinic.refuses(1, &["check"]);
    assert!(said.contains("data directory"), "{said}");

    clinic.configure(&format!("[serve]\ncheckpoints = {:?}\n", elsewhere.to_str().unwrap()));
    let server = serve(&clinic);
    let late = Instant::now() + Duration::from_secs(10);
    let note = loop {
        let there = std::fs::read_dir(&elsewhere).unwrap().next();
        if let Some(note) = there.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some()) {
            break note;
        }
        assert!(Instant::now() < late, "no checkpoint after ten seconds");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert_eq!(server.ask("GET", "/healthz", "").0, 200);
    assert_eq!(server.terminate(), Some(0));
    let verified = clinic.json(&["audit", "verify", "--checkpoint", note.to_str().unwrap()]);
    assert_eq!(verified["verified"], true, "{verified}");
    let left = codes(&clinic);
    assert!(left.iter().all(|code| !code.contains("checkpoint")), "{left:?}");
}
