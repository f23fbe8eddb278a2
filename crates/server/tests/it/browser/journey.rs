//! The whole job, as people do it: from the set-up link to the report.

use super::driver::{Browser, DESKTOP, Hands, TELEPHONE, code};
use super::{Site, wanted};
use crate::installation::Installation;
use crate::mailing::Receiver;
use discreet_clinic::{Plan, write_folder};
use discreet_domain::{Timestamp, Zone};
use discreet_testkit::pictures::png;

const PASSWORD: &str = "tea kettle orbit moss";

/// Sets the installation up; returns the administrator's window and the letters of their second factor.
pub async fn set_up(site: &Site, size: (u32, u32), hands: Hands) -> (Browser, String) {
    let browser = Browser::open(&site.base, size).await.by(hands);
    browser.go(site.set_up.as_deref().unwrap()).await;
    browser.look("set-up").await;
    browser.fill("name", "Ada Ito").await;
    browser.fill("email", "ada@bayside.example").await;
    browser.fill("password", "password1234").await;
    browser.fill("organization", "Bayside Clinic").await;
    browser.fill("address", "1 Bay Street\nOakland, CA 94607").await;
    browser.set("time_zone", "America/Los_Angeles").await;
    browser.press("Set up").await;
    browser.says("easy to guess").await;
    browser.look("set-up-weak").await;
    browser.fill("password", PASSWORD).await;
    browser.press("Set up").await;
    let letters = second_factor(&browser).await;
    browser.says("Ada Ito").await;
    (browser, letters)
}

/// Sets a second factor up where the page asks for it; returns its letters.
pub async fn second_factor(browser: &Browser) -> String {
    browser.says("Set up your second factor").await;
    browser.look("second-factor").await;
    let letters = browser.found("#letters").await.text().await.unwrap();
    browser.fill("code", &code(&letters)).await;
    browser.press("Turn it on").await;
    browser.says("Keep your recovery codes").await;
    browser.look("recovery-codes").await;
    browser.press("I have kept them").await;
    letters
}

/// Adds a person as the administrator; they come in by their link, in a window of their own.
pub async fn person(site: &Site, admin: &Browser, name: &str, email: &str, roles: &[&str]) -> Browser {
    admin.go("/settings/people").await;
    admin.fill("name", name).await;
    admin.fill("email", email).await;
    for role in roles {
        admin.tick(role).await;
    }
    admin.press("Add person").await;
    let link = admin.found("#invitation").await.text().await.unwrap();
    let browser = Browser::open(&site.base, admin.size).await.by(admin.hands);
    browser.go(&link).await;
    browser.says(name).await;
    browser.fill("password", PASSWORD).await;
    browser.press("Save password").await;
    browser
}

/// The steward brings the demo's files in: sends, checks, imports.
async fn imported(steward: &Browser) {
    let folder = tempfile::tempdir().unwrap();
    let now = Timestamp::parse("2026-11-24T15:00:00Z").unwrap();
    write_folder(folder.path(), &Plan { patients: 150, seed: 7, now, zone: Zone::utc() }).unwrap();
    let names = ["fhir/Patient.ndjson", "fhir/Appointment.ndjson", "csv/consents.csv", "csv/interests.csv"];
    let files: Vec<String> =
        names.iter().map(|name| folder.path().join(name).to_str().unwrap().to_owned()).collect();
    steward.go("/imports").await;
    steward.found("input[type=file]").await.send_keys(&files.join("\n")).await.unwrap();
    steward.press("Send files").await;
    steward.press("Check without importing").await;
    steward.says_in_time("Nothing was saved.").await;
    steward.press("Import now").await;
    steward.says_in_time("By kind").await;
    steward.look("import-report").await;
}

/// Builds a nested segment: adults, and either interested in something or with a visit of late.
async fn built(marketer: &Browser) {
    marketer.go("/segments").await;
    marketer.press("New segment").await;
    marketer.press("+ Condition to The whole segment: all of these are true, 0 conditions").await;
    marketer.press("Age in years").await;
    marketer.fill("from", "18").await;
    marketer.press("Add condition").await;
    marketer.says("Age is 18 or more").await;
    marketer.press("+ Group").await;
    marketer.says("at least one of these is true").await;
    marketer.press("+ Condition to Group 2: at least one of these is true, 0 conditions").await;
    marketer.press("Interests").await;
    marketer.tick_first("values").await;
    marketer.press("Add condition").await;
    marketer.says("Interests include").await;
    marketer.press("+ Condition to Group 2: at least one of these is true, 1 condition").await;
    marketer.press("Appointment").await;
    marketer.press("Add condition").await;
    marketer.says("appointment").await;
    marketer.settled().await;
    marketer.look("segment-nested").await;
    marketer.fill("name", "Adults").await;
    marketer.press("Save segment").await;
    marketer.says("Insights").await;
}

/// An image into the library, and from there into the mail.
async fn pictured(marketer: &Browser) {
    marketer.press("Image").await;
    marketer.says("The library is empty").await;
    marketer.press("Add images to the library").await;
    marketer.says("No images yet").await;
    let file = tempfile::Builder::new().suffix(".png").tempfile().unwrap();
    std::fs::write(file.path(), png(1_600, 700)).unwrap();
    marketer.fill("name", "Hill").await;
    marketer.fill("alt", "A hill by the lake").await;
    marketer.found("input[type=file]").await.send_keys(file.path().to_str().unwrap()).await.unwrap();
    marketer.press("Add image").await;
    marketer.says("1200 × 525").await;
    marketer.look("images").await;
    marketer.press("Back to the message").await;
    marketer.choose("b3_image", "Hill").await;
}

/// From the purpose to the last step; returns the campaign's address.
async fn written(marketer: &Browser, name: &str, segment: &str) -> String {
    marketer.go("/campaigns").await;
    marketer.look("campaigns").await;
    marketer.press("New campaign").await;
    marketer.says("What is this email for?").await;
    marketer.fill("name", name).await;
    marketer.tick("Tell patients about our own service").await;
    marketer.tick("Yes").await;
    marketer.says("Answer every question").await;
    marketer.tick("Nobody").await;
    marketer.says("M08 · OPS_OWN_SERVICE").await;
    marketer.tick("News and offers").await;
    marketer.look("campaign-purpose").await;
    marketer.press("Save and continue").await;
    marketer.says("Blocks").await;
    marketer.fill("subject", "Your diabetes class").await;
    marketer.fill("b0_text", "A walk on Saturday").await;
    marketer.press("Button").await;
    marketer.fill("b2_text", "See the places").await;
    marketer.fill("b2_href", "https://mail.larkfield.example/walks").await;
    marketer.press("Save and look").await;
    marketer.says("✗ Stops").await;
    marketer.look("campaign-message-stopped").await;
    marketer.press("Use “health” in the subject").await;
    marketer.says("Nothing stands where it should not").await;
    marketer.fill("subject", "Come for a walk").await;
    pictured(marketer).await;
    marketer.press("Save and look").await;
    marketer.says("Nothing stands where it should not").await;
    assert_eq!(marketer.value("b3_alt").await, "A hill by the lake");
    kept(marketer).await;
    marketer.look("campaign-message").await;
    marketer.press("Save and continue").await;
    marketer.choose("segment", segment).await;
    marketer.press("Save and count").await;
    marketer.says("Can be sent").await;
    marketer.look("campaign-audience").await;
    marketer.press("Save and continue").await;
    marketer.says("When does it start?").await;
    marketer.look("campaign-schedule").await;
    marketer.press("Save and continue").await;
    marketer.says("Send for approval").await;
    marketer.look("campaign-review").await;
    marketer.press("Send for approval").await;
    marketer.says("Waiting for approval").await;
    marketer.path().await
}

/// A careful word that is kept for a reason: without one it is not, and the other words typed are saved all the same.
async fn kept(marketer: &Browser) {
    marketer.fill("preheader", "From Refill House to the lake").await;
    marketer.press("Save and look").await;
    marketer.says("! Look").await;
    marketer.press("Keep, with reason: preheader").await;
    marketer.says("Why may this stand?").await;
    marketer.press("Keep this: preheader").await;
    marketer.says("Say why these words may stand").await;
    marketer.look("campaign-message-unkept").await;
    let field = marketer.found("textarea[name^=reason-]").await;
    let field = field.attr("id").await.unwrap().unwrap();
    marketer.fill(&field, "A house by the lake, not a medicine").await;
    marketer.press("Keep this: preheader").await;
    marketer.says("✓ Kept").await;
    marketer.says("A house by the lake, not a medicine").await;
}

/// A test to a colleague from the message step, which changes nothing; what arrives, and where its links lead.
async fn tested(marketer: &Browser, receiver: &Receiver, id: &str) {
    marketer.go(&format!("/campaigns/{id}/message")).await;
    marketer.choose("to", "Omar Reyes").await;
    marketer.press("Save and send a test").await;
    marketer.says("to Omar Reyes.").await;
    let one = receiver.catcher.wait_for(1, std::time::Duration::from_secs(20));
    assert!(tokio::task::block_in_place(|| receiver.runtime.block_on(one)));
    let mails = receiver.mails();
    assert_eq!(mails[0].to, ["omar@bayside.example"]);
    assert!(mails[0].text.contains("Subject: [Test] Come for a walk"), "{}", mails[0].text);
    assert!(!mails[0].text.to_lowercase().contains("canary") && !mails[0].text.contains("\nList-"));
    marketer.look("campaign-test").await;
    marketer.go("/p/test").await;
    marketer.says("This was a test").await;
    marketer.look("test-link").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_job_by_mouse() {
    the_whole_job(DESKTOP, Hands::Mouse).await;
}
#[tokio::test(flavor = "multi_thread")]
async fn the_whole_job_by_keyboard_alone() {
    the_whole_job(DESKTOP, Hands::Keyboard).await;
}
#[tokio::test(flavor = "multi_thread")]
async fn the_whole_job_on_a_telephone() {
    the_whole_job(TELEPHONE, Hands::Mouse).await;
}

async fn the_whole_job(size: (u32, u32), hands: Hands) {
    if !wanted() {
        return;
    }
    let clinic = Installation::configured("[serve]\nhttps = false\n");
    // Its threads outlive the test: a runtime cannot be dropped within another.
    let receiver: &Receiver = Box::leak(Box::new(tokio::task::block_in_place(Receiver::secure)));
    clinic.configure(&format!("{}\n[serve]\nhttps = false\n", receiver.relay(&clinic)));
    let site = Site::of(&clinic);
    let (admin, _) = set_up(&site, size, hands).await;
    admin.look("home-first").await;
    admin.go("/settings/people").await;
    admin.look("people").await;
    let officer =
        person(&site, &admin, "Omar Reyes", "omar@bayside.example", &["Privacy officer", "Care staff"]).await;
    admin.look("people-invited").await;
    second_factor(&officer).await;
    officer.says("Omar Reyes can now reach patients’ data").await;
    officer.look("home-officer").await;
    officer.press("I have seen to it").await;
    officer.says("The recovery kit is not confirmed").await;
    let marketer = person(&site, &admin, "Maya Lind", "maya@bayside.example", &["Marketer"]).await;
    marketer.says("Maya Lind").await;
    marketer.go("/settings/people").await;
    marketer.says("You need another role for this page").await;
    marketer.says("Ada Ito").await;
    marketer.look("permission").await;

    let steward = person(&site, &admin, "Dana Wolf", "dana@bayside.example", &["Data steward"]).await;
    second_factor(&steward).await;
    imported(&steward).await;

    // A segment, a campaign, approved by another.
    built(&marketer).await;
    let campaign = written(&marketer, "Walks", "Adults").await;
    let id = campaign.split('/').nth(2).unwrap().to_owned();
    officer.go("/approvals").await;
    officer.look("approvals").await;
    officer.press("Walks").await;
    officer.says("asked by Maya Lind").await;
    officer.says("0 open, 1 kept").await;
    officer.says("A house by the lake, not a medicine").await;
    officer.look("approval").await;
    officer.press("Send back").await;
    officer.says("Say why").await;
    officer.fill("reason", "Say where it begins").await;
    officer.press("Send back").await;
    officer.says("Nothing waits for approval").await;
    marketer.go(&format!("/campaigns/{id}/message")).await;
    marketer.says("Sent back: Say where it begins").await;
    marketer.fill("b1_text", "We begin at the clinic's door.").await;
    marketer.press("Save and continue").await;
    marketer.says("The list is checked again").await;
    marketer.go(&format!("/campaigns/{id}/review")).await;
    marketer.press("Send for approval").await;
    marketer.says("Waiting for approval").await;
    officer.go(&format!("/approvals/{id}")).await;
    officer.press("Approve").await;
    officer.says("Read the email as patients will see it").await;
    officer.tick("I have read the email as patients will see it").await;
    officer.press("Approve").await;
    officer.says("Nothing waits for approval").await;
    // The relay may carry nothing yet.
    marketer.go(&format!("/campaigns/{id}/review")).await;
    marketer.press("Start sending").await;
    marketer.says("45 CFR 164.504(e)").await;
    marketer.go(&format!("/campaigns/{id}/review")).await;
    marketer.press("Send a test").await;
    marketer.says("There is a problem").await;
    marketer.look("campaign-test-refused").await;
    clinic.json(&["relay", "own"]);
    tested(&marketer, receiver, &id).await;
    marketer.go(&format!("/campaigns/{id}/review")).await;
    marketer.press("Start sending").await;
    marketer.says("Messages").await;
    marketer.look("campaign-sending").await;
    marketer.says_in_time("Done").await;
    marketer.look("campaign-result").await;
    let unsubscribed = async |browser: &Browser| {
        browser.go(&format!("/campaigns/{id}/progress")).await;
        browser.found("#unsubscribed").await.text().await.unwrap()
    };
    assert_eq!(unsubscribed(&marketer).await, "0");

    // A patient reads it, and stops such mail; the report shows it: to the marketer as few, to the officer as one.
    let mails: Vec<_> = receiver.mails().into_iter().filter(|m| !m.text.contains("[Test]")).collect();
    assert!(mails.len() > 10, "{}", mails.len());
    for part in ["We begin at the clinic", "multipart/related", "Content-Type: image/png"] {
        assert!(mails[0].text.contains(part), "{part}: {}", mails[0].text);
    }
    let patient = Browser::open(&site.base, size).await.by(hands);
    patient.go(&mails[0].unsubscribe_path()).await;
    patient.press("Stop these emails").await;
    patient.says("You are unsubscribed").await;
    assert_eq!(unsubscribed(&marketer).await, "<11");
    assert_eq!(unsubscribed(&officer).await, "1");
    officer.look("campaign-result-officer").await;
}
