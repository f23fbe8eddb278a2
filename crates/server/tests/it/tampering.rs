//! Somebody with the database in hand edits the log. `audit verify` names the entry.

use crate::installation::Installation;
use rusqlite::Connection;

/// An installation with a dozen commits in its log, verified.
fn busy() -> Installation {
    let clinic = Installation::new();
    for n in 0..4 {
        clinic.json(&["segment", "save", &format!("s{n}"), &format!("age > {}", 20 + n)]);
        clinic.json(&["segment", "count", "age > 30"]);
    }
    let sound = clinic.json(&["audit", "verify"]);
    assert!(sound["verified"] == true && sound["entries"].as_u64().unwrap() >= 12, "{sound}");
    clinic
}

/// Edits the log of a fresh installation; returns what `verify` says, and the entry that the edit began at.
fn verdict_after(edit: &dyn Fn(&Connection) -> u64) -> (String, u64) {
    let clinic = busy();
    let database = Connection::open(clinic.data().join("discreet.db")).unwrap();
    let entry = edit(&database);
    drop(database);
    let reason = clinic.refuses(1, &["audit", "verify"]);
    assert!(reason.contains("not sound"), "{reason}");
    // It stays unsound, and saying so heals nothing.
    clinic.refuses(1, &["audit", "verify", "--json"]);
    (reason, entry)
}

/// First entry of a commit.
fn first(database: &Connection, seq: i64) -> u64 {
    database
        .query_row("select first from log where seq = ?1", [seq], |row| row.get::<_, i64>(0))
        .unwrap()
        .try_into()
        .unwrap()
}

fn last_seq(database: &Connection) -> i64 {
    database.query_row("select max(seq) from log", [], |row| row.get(0)).unwrap()
}

#[test]
fn an_altered_entry_is_named() {
    let (reason, entry) = verdict_after(&|database| {
        let changed = database
            .execute(
                "update log set bodies = replace(bodies, 'L1', 'L0') where seq = 6 and bodies like '%L1%'",
                [],
            )
            .unwrap();
        let seq = if changed == 1 { 6 } else { 7 };
        if changed == 0 {
            let n = database
                .execute("update log set bodies = replace(bodies, 'L1', 'L0') where seq = 7", [])
                .unwrap();
            assert_eq!(n, 1);
        }
        first(database, seq)
    });
    assert!(reason.contains("altered"), "{reason}");
    let named: u64 = number_after(&reason, "entry ");
    assert!(named.abs_diff(entry) <= 1, "{reason}, edited {entry}");
}

#[test]
fn a_removed_commit_is_named() {
    let (reason, entry) = verdict_after(&|database| {
        let entry = first(database, 5);
        database.execute("delete from log where seq = 5", []).unwrap();
        entry
    });
    assert!(reason.contains("removed"), "{reason}");
    assert_eq!(number_after(&reason, "entry "), entry, "{reason}");
}

#[test]
fn reordered_commits_are_named() {
    let (reason, entry) = verdict_after(&|database| {
        let entry = first(database, 5);
        let swap = "update log set bodies = (select o.bodies from log o where o.seq = 11 - log.seq),
                                   leaves = (select o.leaves from log o where o.seq = 11 - log.seq),
                                   touched = (select o.touched from log o where o.seq = 11 - log.seq)
                    where seq in (5, 6)";
        assert_eq!(database.execute(swap, []).unwrap(), 2);
        entry
    });
    assert!(reason.contains("reordered"), "{reason}");
    assert_eq!(number_after(&reason, "entry "), entry, "{reason}");
}

#[test]
fn a_truncated_log_is_told_by_its_length() {
    let (reason, entry) = verdict_after(&|database| {
        let last = last_seq(database);
        let entry = first(database, last - 2);
        database.execute("delete from log where seq > ?1", [last - 3]).unwrap();
        entry
    });
    assert!(reason.contains("truncated"), "{reason}");
    assert_eq!(number_after(&reason, "entry "), entry, "{reason}");
}

#[test]
fn a_truncation_with_its_head_made_to_fit_shows_by_the_note_beside_the_keyring() {
    let clinic = busy();
    let note = clinic.json(&["audit", "checkpoint"]);
    let kept = clinic.file("kept.txt", note["note"].as_str().unwrap());
    clinic.json(&["segment", "count", "age > 40"]);
    let old = clinic.data().join("discreet.db");
    let copy = clinic.folder().join("copy.db");
    // The database as it was, whole and sound in itself, put back later.
    Connection::open(&old).unwrap().execute("vacuum into ?1", [copy.to_str().unwrap()]).unwrap();
    for n in 0..3 {
        clinic.json(&["segment", "count", &format!("age > {}", 50 + n)]);
    }
    assert_eq!(clinic.json(&["audit", "verify", "--checkpoint", kept.to_str().unwrap()])["verified"], true);
    for part in ["discreet.db-wal", "discreet.db-shm"] {
        let _ = std::fs::remove_file(clinic.data().join(part));
    }
    std::fs::copy(&copy, &old).unwrap();
    // Going on as if nothing had happened does not cover it up.
    clinic.json(&["segment", "count", "age > 60"]);
    let reason = clinic.refuses(1, &["audit", "verify"]);
    assert!(reason.contains("truncated"), "{reason}");
}

fn number_after(text: &str, word: &str) -> u64 {
    let (_, rest) = text.split_once(word).unwrap_or_else(|| panic!("{word} in {text}"));
    rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
}
