//! `discreet demo --once --json`: the one command that shows everything, and judges itself.

use crate::installation::{answer, program};
use serde_json::Value;
use std::path::Path;

fn judged(output: &std::process::Output, patients: u64) {
    let shown = answer(output, &["demo"]);
    assert_eq!(shown["patients"], patients, "{shown}");
    let segments = shown["segments"].as_array().unwrap();
    assert!(segments.len() >= 3 && segments.iter().all(|s| s["name"].is_string() && s["count"].is_u64()));
    let campaign = &shown["campaign"];
    let n = |key: &str| campaign[key].as_u64().unwrap_or_else(|| panic!("{key} in {shown}"));
    let refused: u64 = campaign["refused"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(n("selected"), n("eligible") + refused, "{shown}");
    assert_eq!((n("sent_after_withdrawal"), n("received_twice")), (0, 0), "{shown}");
    assert!(n("accepted") <= n("eligible") && n("accepted") == n("received"), "{shown}");
    assert!(n("accepted") > 0, "{shown}");
    let _ = n("withdrawn_during_send");
    assert_eq!(shown["audit_verified"], true);
    assert!(shown["audit_entries"].as_u64().unwrap() > n("accepted"), "{shown}");
}

/// In a network of its own where the machine allows that: nothing but loopback can be reached.
fn alone(home: &Path, args: &[&str]) -> std::process::Output {
    let unshare = std::process::Command::new("unshare").args(["-rn", "true"]).output();
    let mut command = program(home);
    if unshare.is_ok_and(|o| o.status.success()) {
        let mut outer = std::process::Command::new("unshare");
        outer.env_clear().env("HOME", home).env("PATH", std::env::var_os("PATH").unwrap()).current_dir(home);
        outer.args(["-rn", "sh", "-c", "ip link set lo up 2>/dev/null || ifconfig lo up; exec \"$@\"", "sh"]);
        outer.arg(env!("CARGO_BIN_EXE_discreet")).args(args);
        command = outer;
    } else {
        println!("no network namespaces here: the demo runs with the network as it is");
    }
    command.output().unwrap()
}

#[test]
fn fifty_patients_with_an_empty_home_and_no_network() {
    let home = tempfile::tempdir().unwrap();
    judged(&alone(home.path(), &["demo", "--once", "--json", "--patients", "50"]), 50);
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn three_hundred_patients_in_a_named_folder() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("clinic");
    let mut command = program(home.path());
    command.args(["demo", "--once", "--json", "--patients", "300", "--data-dir"]).arg(&folder);
    judged(&command.output().unwrap(), 300);
    // It stays there, is an installation, and tells that it is for show.
    assert!(folder.join("discreet.db").exists() && folder.join("keyring/keyring.json").exists());
    let again =
        program(home.path()).args(["demo", "--once", "--patients", "50", "--data-dir"]).arg(&folder).output();
    assert_eq!(again.unwrap().status.code(), Some(1), "a second demo does not overwrite the first");
}

#[test]
fn people_get_a_report_and_machines_get_one_object() {
    let home = tempfile::tempdir().unwrap();
    let output = program(home.path()).args(["demo", "--once", "--patients", "50"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert!(text.contains("verified from the first to the last"), "{text}");
    let output =
        program(home.path()).args(["demo", "--once", "--json", "--patients", "50"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(serde_json::from_str::<Value>(&text).unwrap().is_object());
    for wrong in ["49", "1000001", "many"] {
        let output = program(home.path()).args(["demo", "--once", "--patients", wrong]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "--patients {wrong}");
    }
}
