//! The whole job, as people do it: from the set-up link to the report.

use super::driver::{Browser, DESKTOP, Hands, TELEPHONE, code};
use super::{Site, wanted};
use crate::installation::Installation;
use crate::mailing::{self, Receiver};

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
    marketer.fill("subject", "Come for a walk").await;
    marketer.press("Save and look").await;
    marketer.says("Nothing stands where it should not").await;
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
    mailing::import_adults(&clinic, 40);
    let site = Site::of(&clinic);
    let (admin, _) = set_up(&site, size, hands).await;
    admin.look("home-first").await;
    admin.go("/settings/people").await;
    admin.look("people").await;
    let officer =
        person(&site, &admin, "Omar Reyes", "omar@bayside.example", &["Privacy officer", "Care staff"]).await;
    admin.look("people-invited").await;
    let letters = second_factor(&officer).await;
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

    // A segment, a campaign, approved by another.
    marketer.go("/segments").await;
    marketer.press("New segment").await;
    marketer.press("+ Condition to The whole segment: all of these are true, 0 conditions").await;
    marketer.press("Age in years").await;
    marketer.fill("from", "18").await;
    marketer.press("Add condition").await;
    marketer.says("Age is 18 or more").await;
    marketer.fill("name", "Adults").await;
    marketer.press("Save segment").await;
    marketer.says("Insights").await;
    let campaign = written(&marketer, "Walks", "Adults").await;
    let id = campaign.split('/').nth(2).unwrap().to_owned();
    officer.go("/approvals").await;
    officer.look("approvals").await;
    officer.press("Walks").await;
    officer.says("asked by Maya Lind").await;
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
    let _ = letters;
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
    let all = receiver.catcher.wait_for(41, std::time::Duration::from_secs(20));
    assert!(tokio::task::block_in_place(|| receiver.runtime.block_on(all)));
    marketer.says("Done").await;
    marketer.look("campaign-result").await;

    // A patient reads it, and stops such mail; the report of the next one shows it.
    let mails: Vec<_> = receiver.mails().into_iter().filter(|m| !m.text.contains("[Test]")).collect();
    assert!(mails[0].text.contains("We begin at the clinic"), "{}", mails[0].text);
    let patient = Browser::open(&site.base, size).await.by(hands);
    patient.go(&mails[0].unsubscribe_path()).await;
    patient.press("Stop these emails").await;
    patient.says("You are unsubscribed").await;
}
