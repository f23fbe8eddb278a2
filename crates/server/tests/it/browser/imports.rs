//! A data steward brings files in: chooses, maps, checks, imports, reads the report.

use super::driver::{Browser, DESKTOP, Hands, TELEPHONE};
use super::{Site, journey, wanted};
use crate::installation::Installation;
use discreet_clinic::{Plan, write_folder};
use discreet_domain::{Timestamp, Zone};
use fantoccini::Locator;
use serde_json::Value;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const PATIENTS: u32 = 60;

/// The synthetic clinic's files, its patients as another system writes them: CSV, other headers, dates month first.
fn exports(folder: &Path) -> Vec<PathBuf> {
    let now = Timestamp::parse("2026-11-24T15:00:00Z").unwrap();
    write_folder(folder, &Plan { patients: PATIENTS, seed: 7, now, zone: Zone::utc() }).unwrap();
    let mut writer = csv::Writer::from_path(folder.join("clinic_export.csv")).unwrap();
    let header =
        ["PATIENT_ID", "PT_MRN", "LAST_NAME", "FIRST_NAME", "BDATE", "GENDER", "E-mail", "ZIP_CODE", "NOTES"];
    writer.write_record(header).unwrap();
    let patients = std::fs::read_to_string(folder.join("fhir/Patient.ndjson")).unwrap();
    for (at, line) in patients.lines().enumerate() {
        let patient: Value = serde_json::from_str(line).unwrap();
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let born: Vec<String> = text(&patient["birthDate"]).split('-').map(str::to_owned).collect();
        let born = match born.as_slice() {
            _ if at == 3 => "31/31/1999".to_owned(),
            [year, month, day] => format!("{month}/{day}/{year}"),
            less => less.join("-"),
        };
        let empty = Vec::new();
        let contact = patient["telecom"].as_array().unwrap_or(&empty);
        let email = contact.iter().find(|t| t["system"] == "email").map(|t| text(&t["value"]));
        writer
            .write_record([
                // One without an id: it is rejected, and so is what else is said of this patient.
                if at == 5 { String::new() } else { text(&patient["id"]) },
                text(&patient["identifier"][0]["value"]),
                text(&patient["name"][0]["family"]),
                text(&patient["name"][0]["given"][0]),
                born,
                text(&patient["gender"]),
                email.unwrap_or_default(),
                text(&patient["address"][0]["postalCode"]),
                "likes walks".to_owned(),
            ])
            .unwrap();
    }
    writer.flush().unwrap();
    [
        "clinic_export.csv",
        "fhir/Condition.ndjson",
        "fhir/Appointment.ndjson",
        "csv/consents.csv",
        "csv/events.csv",
    ]
    .map(|name| folder.join(name))
    .to_vec()
}

async fn send(browser: &Browser, files: &[PathBuf]) {
    browser.go("/imports").await;
    let field = browser.found("input[type=file]").await;
    let paths: Vec<&str> = files.iter().map(|f| f.to_str().unwrap()).collect();
    field.send_keys(&paths.join("\n")).await.unwrap();
    browser.press("Send files").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_in() {
    if !wanted() {
        return;
    }
    let clinic = Installation::configured("[serve]\nhttps = false\n");
    let site = Site::of(&clinic);
    let folder = TempDir::new().unwrap();
    let files = exports(folder.path());
    let (admin, _) = journey::set_up(&site, DESKTOP, Hands::Mouse).await;
    let steward =
        journey::person(&site, &admin, "Dana Wolf", "dana@bayside.example", &["Data steward"]).await;
    journey::second_factor(&steward).await;
    steward.go("/imports").await;
    steward.says("Nothing was imported yet").await;
    steward.look("imports-empty").await;
    steward.press("Send files").await;
    steward.says("Choose at least one file that is not empty").await;
    steward.look("imports-nothing-sent").await;

    send(&steward, &files).await;
    steward.says("Map columns").await;
    steward.says("BDATE").await;
    steward.says("PT_MRN").await;
    // The header says enough for all but how dates are written.
    steward.says("rows unreadable").await;
    assert!(!steward.text().await.contains("likes walks"), "values are hidden");
    steward.look("imports-map").await;
    steward.choose("dates-0", "3/31/2026 (month first)").await;
    steward.settled().await;
    steward.says("1 row unreadable").await;
    steward.press("Show first values (recorded)").await;
    steward.says("likes walks").await;
    steward.look("imports-map-values").await;
    steward.press("Check without importing").await;
    steward.says_in_time("Nothing was saved.").await;
    steward.says("rejected").await;
    steward.look("imports-check").await;
    assert_eq!(clinic.json(&["audit", "verify"])["verified"], true);

    steward.press("Import now").await;
    steward.says("Import report").await;
    steward.says("By kind").await;
    steward.look("imports-report").await;
    let report = steward.path().await;
    steward.press("Download rejected rows (recorded)").await;
    steward.go("/imports").await;
    steward.says("Done").await;
    steward.look("imports").await;
    let log = clinic.json(&["audit", "show"]).to_string();
    assert!(
        log.contains("upload_received") && log.contains("mapping_saved") && log.contains("import_ended"),
        "{log}"
    );

    // The next time the columns are known, and nothing doubles.
    send(&steward, &files).await;
    steward.says("Proposed from the last import").await;
    let chosen = steward.found("#dates-0").await.prop("value").await.unwrap();
    assert_eq!(chosen.as_deref(), Some("mdy"));
    steward.press("Check without importing").await;
    steward.says("Nothing was saved.").await;
    steward.says(" 0 new, 0 changed").await;
    steward.press("Discard these files").await;

    let phone = Browser::open(&site.base, TELEPHONE).await;
    phone.go("/sign-in").await;
    let session = steward.client.get_named_cookie("session").await.unwrap();
    phone.client.add_cookie(session).await.unwrap();
    send(&steward, &files).await;
    steward.says("Map columns").await;
    for (path, name) in [
        ("/imports".to_owned(), "imports"),
        (steward.path().await, "imports-map"),
        (report, "imports-report"),
    ] {
        phone.go(&path).await;
        phone.look(name).await;
    }
    // The privacy officer may see what was imported, and send nothing.
    let officer =
        journey::person(&site, &admin, "Omar Reyes", "omar@bayside.example", &["Privacy officer"]).await;
    journey::second_factor(&officer).await;
    officer.go("/imports").await;
    officer.says("Past imports").await;
    assert!(officer.client.find(Locator::Css("input[type=file]")).await.is_err());
}
