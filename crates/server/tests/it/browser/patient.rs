//! The pages of patients, as somebody at a telephone or a desk has them: from the consent form to the mailbox and back.

use super::driver::{Browser, DESKTOP, TELEPHONE};
use super::{Site, wanted};
use crate::installation::Installation;
use crate::mailing::Receiver;
use std::time::Duration;

/// A telephone's width at 200 % zoom.
const ZOOMED: (u32, u32) = (195, 422);
const CONFIG: &str = "[serve]\nhttps = false\n\n";
const PATIENTS: &str = "id,mrn,given,family,birth_date,sex,email,state,zip\n\
    p1,000001,Rosa,Canary,1980-03-14,F,rosa@example.org,MA,02114\n\
    p2,000002,Luis,Canary,1978-01-02,M,luis@example.org,MA,02114\n";
const FORM: &str = r#"{"information": "Your age, and the days of your visits from 2024 to 2026", "discloser": "Larkfield Clinic, and companies under contract that send email for it", "recipient": "No one outside Larkfield Clinic and these companies", "purposes": ["marketing"], "expiry": {"on": "2027-11-24"}, "signer": "patient", "signed_on": "2026-11-24", "states_revocation": true, "states_conditioning": true, "states_redisclosure": true, "states_remuneration": false}"#;

/// The path of the newest link of this kind, once it has arrived.
async fn link(receiver: &Receiver, before: usize, path: &str) -> String {
    for _ in 0..200 {
        for mail in receiver.mails().iter().skip(before) {
            let text = mail.text.replace("=\r\n", "");
            if let Some(at) = text.find(&format!("larkfield.example{path}")) {
                let from = at + "larkfield.example".len();
                return text[from..from + path.len() + 32].to_owned();
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no mail with {path}");
}

async fn fill_in(browser: &Browser) {
    for (name, value) in [
        ("email", "rosa@example.org"),
        ("given", "Rosa"),
        ("family", "Canary"),
        ("month", "3"),
        ("day", "14"),
        ("year", "1980"),
    ] {
        browser.fill(name, value).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_consent_form_to_the_choices() {
    if !wanted() {
        return;
    }
    let clinic = Installation::configured(CONFIG);
    // Its threads outlive the test: a runtime cannot be dropped within another.
    let receiver: &Receiver =
        Box::leak(Box::new(tokio::task::spawn_blocking(Receiver::secure).await.unwrap()));
    clinic.configure(&format!("{CONFIG}{}", receiver.relay(&clinic)));
    clinic.json(&["relay", "own"]);
    clinic.file("list/patients.csv", PATIENTS);
    clinic.json(&["import", clinic.folder().join("list").to_str().unwrap()]);
    let rosa = crate::mailing::patient_with(&clinic, "rosa@example.org");
    let site = Site::of(&clinic);
    let desk = Browser::open(&site.base, DESKTOP).await;
    let phone = Browser::open(&site.base, TELEPHONE).await;
    let zoomed = Browser::open(&site.base, ZOOMED).await;

    for browser in [&phone, &desk, &zoomed] {
        browser.go("/p/join").await;
        browser.says("Choose the emails you want from Larkfield Clinic").await;
        browser.look("join").await;
        browser.press("Yes, send me these emails").await;
        browser.says("Choose at least one kind of email").await;
        browser.look("join-wrong").await;
    }
    fill_in(&phone).await;
    phone.tick("News and offers").await;
    phone.press("Yes, send me these emails").await;
    phone.says("We sent a message to r•••@example.org.").await;
    phone.look("join-asked").await;
    let confirm = link(receiver, 0, "/p/confirm/").await;
    for browser in [&desk, &zoomed, &phone] {
        browser.go(&format!("{confirm}?lang=es")).await;
        browser.says("Confirme su elección").await;
        browser.look("confirm-es").await;
        browser.go(&confirm).await;
        browser.says("You asked for: News and offers.").await;
        browser.look("confirm").await;
    }
    let acts = || clinic.json(&["consent", "show", &rosa])["acts"].as_array().unwrap().clone();
    assert!(acts().is_empty(), "three looks, and nobody is signed up");
    phone.press("Confirm").await;
    phone.says("If your details match our records, you will get News and offers.").await;
    phone.look("confirmed").await;
    assert_eq!(acts()[0]["method"], "double_opt_in");

    for browser in [&zoomed, &phone, &desk] {
        browser.go("/p/choices").await;
        browser.look("choices-ask").await;
    }
    let before = receiver.mails().len();
    desk.fill("email", "rosa@example.org").await;
    desk.press("Email me a link").await;
    desk.says("If we have this address, a link is on its way.").await;
    desk.look("choices-asked").await;
    let choices = link(receiver, before, "/p/choices/").await;
    for browser in [&zoomed, &phone, &desk] {
        browser.go(&choices).await;
        browser.says("For r•••@example.org.").await;
        browser.look("choices").await;
        browser.go(&format!("{choices}?lang=es")).await;
        browser.look("choices-es").await;
    }
    phone.go(&choices).await;
    phone.tick("News and offers").await;
    phone.tick("Once a month").await;
    phone.press("Save my choices").await;
    phone.says("You will not get: News and offers.").await;
    phone.look("choices-saved").await;
    assert_eq!(acts().len(), 2);
    phone.go("/p/choices/nothing").await;
    phone.says("This link no longer works").await;
    phone.look("old-link").await;
    phone.press("Get a new link").await;
    phone.says("Enter your email.").await;

    let file = clinic.file("form.json", FORM);
    let signed = clinic.json(&["consent", "authorize", &rosa, file.to_str().unwrap()]);
    let before = receiver.mails().len();
    clinic.json(&["consent", "copy", &rosa, signed["authorization"].as_str().unwrap()]);
    let copy = link(receiver, before, "/p/authorization/").await;
    for browser in [&zoomed, &desk, &phone] {
        browser.go(&copy).await;
        browser.look("copy-ask").await;
        for (name, value) in [("month", "3"), ("day", "14"), ("year", "1980")] {
            browser.fill(name, value).await;
        }
        browser.press("Show my copy").await;
        browser.says("the days of your visits").await;
        browser.look("copy").await;
    }
    phone.press("Take back my permission").await;
    phone.says("Your permission ended just now").await;
    phone.look("copy-revoked").await;
    keep_mails(receiver);
    assert_eq!(clinic.json(&["audit", "verify"])["verified"], true);
}

/// Keeps the mails beside the pictures, if pictures are wanted.
fn keep_mails(receiver: &Receiver) {
    let Some(folder) = std::env::var_os("DISCREET_SCREENSHOTS").map(std::path::PathBuf::from) else { return };
    for (n, mail) in receiver.mails().iter().enumerate() {
        std::fs::write(folder.join(format!("asked-{n}.eml")), &mail.text).unwrap();
    }
}
