//! What a script relies on: one object at the end, exit codes, no prompt, reasons on standard error.

use crate::installation::{Installation, PASSPHRASE, answer, program, stderr};
use discreet_testkit::pictures::png;
use serde_json::{Value, json};
use std::path::PathBuf;

/// A folder of our own CSV files: 30 patients, of whom every third is diabetic and every fifth agreed to mail.
pub fn small_clinic(clinic: &Installation) -> PathBuf {
    let (mut patients, mut conditions, mut consents) = (String::new(), String::new(), String::new());
    for n in 1..=30 {
        let year = 1940 + 2 * n;
        patients.push_str(&format!(
            "p{n},{n:06},Ada,Canary{n},{year}-03-04,F,zz-canary{n}@example.org,MA,02114\n"
        ));
        if n % 3 == 0 {
            conditions.push_str(&format!("c{n},p{n},icd10,E11.9,2019-02-11,active\n"));
        }
        if n % 5 == 0 {
            consents.push_str(&format!("p{n},marketing,email,granted,2026-01-15,v3,paper\n"));
        }
    }
    clinic
        .file("in/patients.csv", &format!("id,mrn,given,family,birth_date,sex,email,state,zip\n{patients}"));
    clinic.file("in/conditions.csv", &format!("id,patient,system,code,onset,status\n{conditions}"));
    clinic.file(
        "in/consents.csv",
        &format!("patient,topic,channel,action,time,text_version,method\n{consents}"),
    );
    clinic.folder().join("in")
}

fn imported(clinic: &Installation) -> Value {
    let folder = small_clinic(clinic);
    clinic.json(&["import", folder.to_str().unwrap()])
}

#[test]
fn init_tells_the_first_user_and_token() {
    let clinic = Installation::new();
    assert_eq!(clinic.made["user"], "admin");
    assert!(clinic.made["token"].as_str().is_some_and(|t| t.len() > 30));
    // The kit is there, for its owner alone, and so is everything else.
    use std::os::unix::fs::PermissionsExt;
    for name in ["recovery-kit.txt", "keyring/keyring.json"] {
        let mode = std::fs::metadata(clinic.data().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name} is for its owner");
    }
    // Once is enough: a second `init` is refused and harms nothing.
    let before = clinic.hashes();
    let reason = clinic.refuses(1, &["init"]);
    assert!(reason.contains("already"), "{reason}");
    assert_eq!(clinic.hashes(), before);
    clinic.json(&["check"]);
}

#[test]
fn a_lost_passphrase_is_not_the_end() {
    let clinic = Installation::new();
    let (kit, code) =
        (clinic.data().join("recovery-kit.txt"), clinic.made["recovery_code"].as_str().unwrap());
    let with = |words: &str, args: &[&str]| {
        let mut command = clinic.command();
        command.env("DISCREET_PASSPHRASE", words).env("DISCREET_KIT_CODE", code);
        command.args(args).arg("--json").output().unwrap()
    };
    let recover = ["keys", "recover", "--kit", kit.to_str().unwrap()];
    assert!(stderr(&with(PASSPHRASE, &recover)).contains("nothing needs recovery"));
    assert_eq!(answer(&with("quite another passphrase", &recover), &recover)["recovered"], true);
    let check = ["audit", "verify"];
    assert!(stderr(&with(PASSPHRASE, &check)).contains("wrong passphrase"));
    answer(&with("quite another passphrase", &check), &check);
    let change = ["keys", "passphrase"];
    let mut command = clinic.command();
    command.env("DISCREET_PASSPHRASE", "quite another passphrase").env("DISCREET_NEW_PASSPHRASE", PASSPHRASE);
    answer(&command.args(change).arg("--json").output().unwrap(), &change);
    clinic.json(&check);
}

#[test]
fn an_init_that_cannot_write_its_kit_makes_nothing() {
    let clinic = Installation::new();
    let elsewhere = clinic.folder().join("elsewhere");
    let init = || {
        let mut command = program(clinic.folder());
        command.env("DISCREET_DATA_DIR", &elsewhere).env("DISCREET_PASSPHRASE", PASSPHRASE);
        command
    };
    let no = init().args(["init", "--kit", "/nowhere/kit.txt"]).output().unwrap();
    assert!(!no.status.success() && stderr(&no).contains("/nowhere/kit.txt"), "{}", stderr(&no));
    assert!(init().args(["init"]).output().unwrap().status.success(), "nothing was in the way");
}

#[test]
fn patients_are_found_by_what_people_know_of_them() {
    let clinic = Installation::new();
    imported(&clinic);
    let find =
        |by: &str, what: &str| clinic.json_given(&["patients", "find", "--by", by], what)["patients"].clone();
    let found = find("mrn", "000007\n");
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    assert_eq!(find("mrn", "ehr/mrn 000007"), found);
    assert_eq!(find("email", "ZZ-canary7@example.org"), found);
    assert_eq!(find("name", "canary7, 1954-03-04"), found);
    assert_eq!(find("mrn", "other/mrn 000007"), json!([]));
    assert_eq!(find("name", "canary7, 1954-03-05"), json!([]));
}

/// The form that README shows is taken; without an element it is void.
#[test]
fn an_authorization_is_taken_as_the_readme_shows_it() {
    let clinic = Installation::new();
    imported(&clinic);
    let found = clinic.json_given(&["patients", "find", "--by", "mrn"], "000007")["patients"][0].clone();
    let patient = found.as_str().unwrap();
    let readme = include_str!("../../../../README.md");
    let form = readme.split_once("```json\n").unwrap().1.split_once("```").unwrap().0;
    let file = clinic.file("form.json", form);
    clinic.json(&["consent", "authorize", patient, file.to_str().unwrap()]);
    for (whole, broken, reason) in [
        ("\"expiry\": { \"on\": \"2027-12-31\" },", "\"expiry\": null,", "164.508(c)(1)(v)"),
        ("2027-12-31", "2027-31-12", "YYYY-MM-DD"),
    ] {
        let file = clinic.file("form.json", &form.replace(whole, broken));
        let told = clinic.run(&["consent", "authorize", patient, file.to_str().unwrap()]);
        assert!(!told.status.success() && stderr(&told).contains(reason), "{}", stderr(&told));
    }
}

#[test]
fn an_import_ends_with_its_counts_and_a_second_changes_nothing() {
    let clinic = Installation::new();
    let first = imported(&clinic);
    assert_eq!(first["by_kind"], json!({"patient": 30, "condition": 10, "consent": 6}), "{first}");
    assert_eq!((&first["read"], &first["created"]), (&json!(46), &json!(46)));
    assert_eq!(
        (&first["updated"], &first["unchanged"], &first["rejected"]),
        (&json!(0), &json!(0), &json!(0))
    );
    let second = imported(&clinic);
    assert_eq!((&second["read"], &second["unchanged"]), (&json!(46), &json!(46)));
    assert_eq!(
        (&second["created"], &second["updated"], &second["rejected"]),
        (&json!(0), &json!(0), &json!(0))
    );

    // An update updates; what cannot be read of a row is warned about.
    clinic.file(
        "more/patients.csv",
        "id,mrn,given,family,birth_date\np1,000001,Ada,Canary-Newname,1942-03-04\np77,000077,Zed,Canary77,the-day-of-zz\n",
    );
    let more = clinic.json(&["import", clinic.folder().join("more").to_str().unwrap()]);
    assert_eq!(more["updated"], 1, "{more}");
    assert!(more["warnings"].as_object().is_some_and(|w| !w.is_empty()), "{more}");
    // A row of nobody we know is rejected, and kept, sealed, for correction.
    clinic.file("stray/conditions.csv", "patient,system,code,onset\nCanary99,icd10,E11.9,2024-01-02\n");
    let stray = clinic.json(&["import", clinic.folder().join("stray").to_str().unwrap()]);
    assert_eq!((&stray["rejected"], &stray["rejections"][0]["line"]), (&json!(1), &json!(2)), "{stray}");
    assert!(!stray["rejections"].to_string().contains("Canary99"), "{stray}");
    let rejected = clinic.json(&["rejected", stray["import"].as_str().unwrap()]);
    assert!(rejected[0]["row"].as_str().unwrap().contains("Canary99"), "{rejected}");

    // A dry run tells the same and writes nothing.
    let dry = clinic.json(&["import", clinic.folder().join("more").to_str().unwrap(), "--dry-run"]);
    assert_eq!(dry["created"], 0);
}

#[test]
fn a_segment_is_counted_and_small_counts_are_for_few() {
    let clinic = Installation::new();
    imported(&clinic);
    let counted = clinic.json(&["segment", "count", "has condition icd10:E11*"]);
    assert_eq!((&counted["count"], &counted["eligible"]), (&json!(10), &json!(2)), "{counted}");
    assert_eq!(counted["label"], "L2");
    let everyone = clinic.json(&["segment", "count", "age >= 18"]);
    assert_eq!((&everyone["count"], &everyone["eligible"]), (&json!(30), &json!(6)));
    assert_eq!(everyone["refused"], json!({"VETO_NO_OPTIN": 24}), "{everyone}");

    let maya = clinic.user("maya", &["marketer"]);
    let maya = clinic.as_user(&maya);
    let counted = maya.json(&["segment", "count", "has condition icd10:E11*"]);
    assert_eq!((&counted["count"], &counted["below"]), (&Value::Null, &json!(11)), "{counted}");
    assert_eq!((&counted["eligible"], &counted["eligible_below"]), (&Value::Null, &json!(11)));
    let everyone = maya.json(&["segment", "count", "age >= 18"]);
    assert_eq!(everyone["count"], 30);
    // Rounded to five.
    let some = maya.json(&["segment", "count", "age >= 30 and not has condition icd10:E11*"]);
    assert_eq!(some["count"].as_u64().unwrap() % 5, 0, "{some}");
    let text = maya.text(&["segment", "count", "has condition icd10:E11*"]);
    assert!(text.contains("<11") && !text.contains(" 10"), "{text}");
}

#[test]
fn why_takes_a_reason_and_says_which_row_decided() {
    let clinic = Installation::new();
    imported(&clinic);
    let found = clinic.json_given(&["patients", "find", "--by", "mrn"], "000007")["patients"][0].clone();
    let patient = found.as_str().unwrap();
    let text = "age >= 18 and has condition icd10:E11*";
    clinic.refuses(2, &["segment", "why", patient, text]);
    let ask = ["segment", "why", patient, "--reason", "patient_request", text];
    let why = clinic.json(&ask);
    let sentence = "Not in this segment, because row 2 is false: nothing on record counts.";
    assert_eq!((&why["answer"], &why["sentence"]), (&json!("false"), &json!(sentence)));
    assert_eq!(why["row"]["parts"][0]["condition"], "age is at least 18");
    let said = clinic.text(&ask);
    assert!(
        said.contains("✗ false   all of these are true:") && said.contains("✓ true    1 age is"),
        "{said}"
    );
    assert!(said.contains("Date of birth: Mar 4, 1954"), "{said}");
}

#[test]
fn a_bad_segment_is_pointed_at() {
    let clinic = Installation::new();
    let reason = clinic.refuses(1, &["segment", "check", "agee > 3"]);
    assert!(reason.contains("^^^^") && reason.contains("did you mean `age`?"), "{reason}");
    let reason = clinic.refuses(1, &["segment", "count", "age >"]);
    assert!(reason.contains('^') && reason.contains("expected"), "{reason}");
    assert_eq!(clinic.json(&["segment", "check", "age   >3"])["text"], "age > 3");
    assert_eq!(clinic.json_given(&["segment", "check", "-"], "age>3 # grown")["text"], "age > 3");
    assert!(clinic.text(&["segment", "explain", "age > 3"]).contains("age"));
}

#[test]
fn what_is_missing_or_wrong_is_said_without_a_prompt() {
    let clinic = Installation::new();
    let run = |change: &dyn Fn(&mut std::process::Command)| {
        let mut command = clinic.command();
        change(command.args(["check"]));
        let output = command.output().unwrap();
        (output.status.code().unwrap(), stderr(&output))
    };
    let (code, reason) = run(&|c| {
        c.env_remove("DISCREET_TOKEN");
    });
    assert!(code == 2 && reason.contains("DISCREET_TOKEN"), "{code} {reason}");
    let (code, reason) = run(&|c| {
        c.env_remove("DISCREET_PASSPHRASE");
    });
    assert!(code == 2 && reason.contains("DISCREET_PASSPHRASE"), "{code} {reason}");
    let (code, reason) = run(&|c| {
        c.env("DISCREET_TOKEN", "dsc_nobody");
    });
    assert!(code == 1 && reason.contains("not signed in"), "{code} {reason}");
    let other = Installation::new();
    let (code, reason) = run(&|c| {
        c.env("DISCREET_TOKEN", other.made["token"].as_str().unwrap());
    });
    assert!(code == 1 && reason.contains("not signed in"), "{code} {reason}");
    let (code, reason) = run(&|c| {
        c.env("DISCREET_DATA_DIR", clinic.folder().join("nowhere"));
    });
    assert!(code == 1 && reason.contains("nowhere"), "{code} {reason}");
    assert!(!clinic.folder().join("nowhere").exists(), "looking makes nothing");
    // Wrong usage.
    for args in [
        &["segment"][..],
        &["frobnicate"],
        &["import"],
        &["patients", "show", "not-an-id", "--reason", "care"],
    ] {
        clinic.refuses(2, args);
    }
    clinic.configure("[serve]\nlisen = \"127.0.0.1:1\"\n");
    let reason = clinic.refuses(1, &["check"]);
    assert!(reason.contains("lisen") && reason.contains("discreet.toml"), "{reason}");
}

#[test]
fn a_wrong_passphrase_is_refused_and_nothing_is_changed() {
    let clinic = Installation::new();
    imported(&clinic);
    let before = clinic.hashes();
    for wrong in
        ["correct horse battery stapler", "x", "correct horse battery staple but far longer than it was"]
    {
        for args in [&["check"][..], &["audit", "verify"], &["segment", "count", "age > 1"]] {
            let output = clinic.command().env("DISCREET_PASSPHRASE", wrong).args(args).output().unwrap();
            let reason = stderr(&output);
            assert_eq!(output.status.code(), Some(1), "{reason}");
            assert!(reason.contains("passphrase") && !reason.contains(wrong), "{reason}");
        }
    }
    assert_eq!(clinic.hashes(), before);
    clinic.json(&["audit", "verify"]);
    assert_eq!(clinic.json(&["segment", "count", "age > 1"])["count"], 30);
}

#[test]
fn options_and_the_environment_name_the_same_things() {
    let clinic = Installation::new();
    let home = clinic.folder();
    let mut command = program(home);
    command
        .env("DISCREET_PASSPHRASE", PASSPHRASE)
        .env("DISCREET_TOKEN", clinic.made["token"].as_str().unwrap());
    let output = command.args(["check", "--json", "--data-dir"]).arg(clinic.data()).output().unwrap();
    assert!(answer(&output, &["check"]).is_array());
    // A saved token is found by `--as`, and nobody else's is.
    let other = home.join("other");
    let init = program(home)
        .env("DISCREET_PASSPHRASE", PASSPHRASE)
        .args(["init", "--user", "ann", "--save-token", "--json", "--data-dir"])
        .arg(&other)
        .output()
        .unwrap();
    assert_eq!(answer(&init, &["init"])["user"], "ann");
    let as_name = |name: &str| {
        let mut command = program(home);
        command
            .env("DISCREET_PASSPHRASE", PASSPHRASE)
            .args(["check", "--as", name, "--data-dir"])
            .arg(&other);
        command.output().unwrap()
    };
    assert!(as_name("ann").status.success());
    assert_eq!(as_name("bob").status.code(), Some(2));
    assert_eq!(as_name("../ann").status.code(), Some(2));
    // A token that is not of the name given.
    let output = clinic.command().args(["check", "--as", "maya"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
}

#[test]
fn roles_refuse_and_the_log_remembers() {
    let clinic = Installation::new();
    let folder = small_clinic(&clinic);
    let [maya, ana, aud, adm] =
        [("maya", "marketer"), ("ana", "analyst"), ("aud", "auditor"), ("adm", "administrator")]
            .map(|(name, role)| clinic.user(name, &[role]));
    let nobody = "00000000-0000-4000-8000-000000000001";
    for (token, args, wanted) in [
        (&maya, &["import", folder.to_str().unwrap()][..], "data_steward"),
        (&maya, &["patients", "show", nobody, "--reason", "care"], "care_staff"),
        (&maya, &["audit", "show"], "auditor"),
        (&maya, &["users", "list"], "administrator"),
        (&ana, &["segment", "save", "x", "age > 3"], "marketer"),
        (&ana, &["stop"], "privacy_officer"),
        (&aud, &["segment", "count", "age > 3"], "analyst"),
        (&adm, &["patients", "erase", nobody, "--yes"], "privacy_officer"),
        (&adm, &["consent", "grant", nobody, "--topic", "marketing"], "care_staff"),
        (&adm, &["resume"], "privacy_officer"),
    ] {
        let reason = clinic.as_user(token).refuses(1, args);
        assert!(
            reason.contains("your roles do not allow this") && reason.contains(wanted),
            "{args:?}: {reason}"
        );
    }
    let shown = clinic.as_user(&aud).json(&["audit", "show"]);
    let refusals: Vec<&Value> =
        shown.as_array().unwrap().iter().filter(|e| e["did"]["event"] == "refused").collect();
    assert_eq!(refusals.len(), 10, "{shown}");
    assert!(refusals.iter().all(|e| e["did"]["reason"] == "role"), "{refusals:?}");
    // Whoever is disabled acts no more.
    clinic.json(&["users", "disable", "ana"]);
    let reason = clinic.as_user(&ana).refuses(1, &["segment", "count", "age > 3"]);
    assert!(reason.contains("not signed in"), "{reason}");
}

/// Images for those who write their mail elsewhere.
#[test]
fn images_come_and_go() {
    let clinic = Installation::new();
    let (hill, text) = (clinic.folder().join("hill.png"), clinic.folder().join("hill.txt"));
    std::fs::write(&hill, png(40, 20)).unwrap();
    std::fs::write(&text, "no picture").unwrap();
    let added = clinic.json(&["image", "add", hill.to_str().unwrap(), "--name", "Hill", "--alt", "A hill"]);
    let id = added["id"].as_str().unwrap();
    assert_eq!(added["address"], format!("image:{id}"));
    assert_eq!(clinic.json(&["image", "list"])[0]["name"], "Hill");
    let reason = clinic.refuses(1, &["image", "add", text.to_str().unwrap(), "--name", "Hill"]);
    assert!(reason.contains("no PNG, JPEG or GIF"), "{reason}");
    clinic.json(&["image", "remove", id]);
    assert_eq!(clinic.json(&["image", "list"]), json!([]));
}

/// Counting is timed over one's own patients; what is counted is what `count` says.
#[test]
fn segments_are_timed() {
    let clinic = Installation::new();
    let folder = small_clinic(&clinic);
    clinic.json(&["import", folder.to_str().unwrap(), "--source", "ehr"]);
    let file = clinic.file("segments.txt", "# grown\nage > 3\n\nhas condition icd10:E11*\n");
    let timed = clinic.json(&["segment", "bench", "--file", file.to_str().unwrap(), "--repeat", "3"]);
    assert_eq!(timed["patients"], 30);
    assert!(timed["bytes_per_patient"].as_f64().unwrap() > 10.0, "{timed}");
    for (n, (name, text)) in [("grown", "age > 3"), ("2", "has condition icd10:E11*")].into_iter().enumerate()
    {
        let one = &timed["segments"][n];
        let counted = clinic.json(&["segment", "count", text]);
        assert_eq!(
            (&one["name"], &one["count"], &one["below"]),
            (&json!(name), &counted["count"], &counted["below"])
        );
        let [cold, median, least] =
            ["cold_us", "warm_median_us", "warm_min_us"].map(|key| one[key].as_f64().unwrap());
        assert!(cold > 0.0 && least > 0.0 && median >= least, "{one}");
    }
    let bad = clinic.file("bad.txt", "age >\n");
    let reason = clinic.refuses(1, &["segment", "bench", "--file", bad.to_str().unwrap()]);
    assert!(reason.contains("expected"), "{reason}");
    clinic.refuses(2, &["segment", "bench", "--file", clinic.file("no.txt", "\n").to_str().unwrap()]);
}

#[test]
fn every_noun_has_help() {
    let home = tempfile::tempdir().unwrap();
    let help = |args: &[&str]| {
        let output = program(home.path()).args(args).arg("--help").output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("Usage: discreet"), "{args:?}: {text}");
        text
    };
    let commands = |text: &str| -> Vec<String> {
        let Some((_, list)) = text.split_once("Commands:\n") else { return Vec::new() };
        let lines = list.lines().take_while(|l| !l.is_empty());
        let mut found = Vec::new();
        for line in lines {
            let Some(name) = line.strip_prefix("  ").filter(|l| !l.starts_with(' ')) else { continue };
            let (name, about) = name.split_once(' ').unwrap_or((name, ""));
            assert!(about.trim().len() > 5, "`{name}` says what it does");
            found.push(name.to_owned());
        }
        found
    };
    let nouns = commands(&help(&[]));
    for noun in [
        "init", "import", "patients", "segment", "consent", "campaign", "audit", "keys", "serve", "stop",
        "demo",
    ] {
        assert!(nouns.iter().any(|n| n == noun), "{noun} in {nouns:?}");
    }
    let mut seen = 0;
    for noun in &nouns {
        for verb in commands(&help(&[noun])) {
            help(&[noun, &verb]);
            seen += 1;
        }
    }
    assert!(seen > 25, "{seen} verbs");
    let version = program(home.path()).arg("--version").output().unwrap();
    assert!(String::from_utf8(version.stdout).unwrap().starts_with("discreet "));
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "help makes nothing");
}

#[test]
fn whoever_stops_reading_has_seen_enough() {
    use std::process::Stdio;
    let clinic = Installation::new();
    for n in 0..3 {
        clinic.json(&["segment", "count", &format!("age > {n}")]);
    }
    let mut command = clinic.command();
    command.args(["audit", "show"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", stderr(&output));
}

#[test]
fn a_path_with_nothing_at_it_is_said_so() {
    let clinic = Installation::new();
    let reason = clinic.refuses(1, &["import", "/nowhere/at/all"]);
    assert!(reason.contains("there is nothing at /nowhere/at/all"), "{reason}");
    std::fs::create_dir(clinic.folder().join("empty")).unwrap();
    let text = clinic.text(&["import", clinic.folder().join("empty").to_str().unwrap()]);
    assert!(text.contains("Nothing was read"), "{text}");
}
