//! Killed again and again in the middle of a mailing: nothing twice, nothing lost, and what nobody can know is said so.

use crate::installation::{Installation, Running};
use crate::mailing::{self, Receiver, in_state};
use rand::{Rng, SeedableRng};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::time::{Duration, Instant};

const MESSAGES: u32 = 2_000;
const KILLS: u32 = 20;
/// Small batches, short leases: twenty crashes in a minute instead of in a day.
const SENDING: &str =
    "[sending]\nbatch = 20\nconcurrency = 6\nclaim_seconds = 2\ndelivery_seconds = 4\nretry_seconds = 1\n";

/// What the database holds of the messages: state by id.
fn states(database: &Connection) -> BTreeMap<Vec<u8>, String> {
    let mut rows = database.prepare("select id, state from message").unwrap();
    rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}

/// The message a link was made for.
fn message_of(database: &Connection, link: &[u8]) -> Vec<u8> {
    let sql = "select message from link where hash = ?1";
    database.query_row(sql, [link], |row| row.get(0)).expect("every received link is on record")
}

/// Starts a send and kills it: at once, or after some more messages arrived.
fn send_and_kill(clinic: &Installation, receiver: &Receiver, random: &mut rand::rngs::SmallRng) {
    let mut command = clinic.command();
    command.args(["campaign", "send", "walks"]).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = Running(command.spawn().unwrap());
    if random.random_bool(0.25) {
        std::thread::sleep(Duration::from_millis(random.random_range(20..700)));
    } else {
        let more = receiver.catcher.count() + random.random_range(1..120);
        let late = Instant::now() + Duration::from_secs(20);
        while receiver.catcher.count() < more
            && Instant::now() < late
            && child.0.try_wait().unwrap().is_none()
        {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_micros(random.random_range(0..20_000)));
    }
    let _ = child.0.kill(); // SIGKILL
    let _ = child.0.wait();
}

#[test]
fn killed_twenty_times_in_two_thousand_messages() {
    let clinic = Installation::new();
    let receiver = Receiver::secure();
    clinic.configure(&format!("{}{SENDING}", receiver.relay(&clinic)));
    mailing::import_adults(&clinic, MESSAGES);
    mailing::approved(&clinic, "walks", "age >= 18");

    let mut random = rand::rngs::SmallRng::seed_from_u64(20_261_124);
    for _ in 0..KILLS {
        send_and_kill(&clinic, &receiver, &mut random);
    }
    let before_the_end = receiver.catcher.count();
    assert!(before_the_end < u64::from(MESSAGES), "the kills came before the end");
    let report = clinic.json(&["campaign", "send", "walks"]);
    assert_eq!((&report["selected"], &report["eligible"]), (&2000.into(), &2000.into()), "{report}");
    assert_eq!(report["campaign"]["state"], "done", "{report}");

    // What arrived: each message once, each recipient once.
    let database = Connection::open(clinic.data().join("discreet.db")).unwrap();
    let (mut received, mut recipients) = (BTreeSet::new(), BTreeSet::new());
    for mail in receiver.mails() {
        assert!(mail.secure && mail.to.len() == 1);
        assert!(recipients.insert(mail.to[0].clone()), "{} was written to twice", mail.to[0]);
        assert!(received.insert(message_of(&database, &mail.link_hash())), "a message arrived twice");
    }
    // What is said of them: accepted ⊆ received, and the rest of what was received is unknown.
    let states = states(&database);
    assert_eq!(states.len(), MESSAGES as usize, "none was lost");
    let in_the_state = |wanted: &str| -> BTreeSet<Vec<u8>> {
        states.iter().filter(|(_, s)| *s == wanted).map(|(id, _)| id.clone()).collect()
    };
    let (accepted, unknown) = (in_the_state("accepted"), in_the_state("unknown"));
    assert_eq!(accepted.len() + unknown.len(), states.len(), "{report}");
    assert!(accepted.is_subset(&received), "accepted and not received");
    let undecided: BTreeSet<_> = received.difference(&accepted).cloned().collect();
    assert!(undecided.is_subset(&unknown));
    println!(
        "{} accepted, {} unknown, of which {} had arrived; {before_the_end} before the last start",
        accepted.len(),
        unknown.len(),
        undecided.len()
    );

    // A person sees the same, and settles one.
    assert_eq!(in_state(&report, "accepted"), accepted.len() as u64);
    assert_eq!(in_state(&report, "unknown"), unknown.len() as u64);
    let listed = clinic.json(&["campaign", "unknown", "walks"]);
    let listed = listed["unknown"].as_array().unwrap();
    assert_eq!(listed.len(), unknown.len());
    assert!(!listed.is_empty(), "twenty kills leave some of which nobody knows");
    clinic.json(&[
        "campaign",
        "unknown",
        "walks",
        "--settle",
        listed[0].as_str().unwrap(),
        "--arrived",
        "yes",
    ]);
    let report = clinic.json(&["campaign", "report", "walks"]);
    assert_eq!(in_state(&report, "unknown"), unknown.len() as u64 - 1);
    // Nothing is left, and a machine does not send what is unknown again.
    let count = receiver.catcher.count();
    assert!(clinic.refuses(1, &["campaign", "send", "walks"]).contains("over"));
    assert_eq!(receiver.catcher.count(), count);
    assert_eq!(clinic.json(&["audit", "verify"])["verified"], true);
}
