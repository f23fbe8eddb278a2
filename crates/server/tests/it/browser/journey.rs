//! The whole job, as people do it: from the set-up link to the report.

use super::driver::{Browser, DESKTOP, code};
use super::{Site, wanted};
use crate::installation::Installation;
use fantoccini::Locator;

const PASSWORD: &str = "tea kettle orbit moss";

/// Sets the installation up; returns the administrator's window and the letters of their second factor.
pub async fn set_up(site: &Site) -> (Browser, String) {
    let browser = Browser::open(&site.base, DESKTOP).await;
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
    let link = admin.client.find(Locator::Css("#invitation")).await.unwrap().text().await.unwrap();
    let browser = Browser::open(&site.base, DESKTOP).await;
    browser.go(&link).await;
    browser.says(name).await;
    browser.fill("password", PASSWORD).await;
    browser.press("Save password").await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_job() {
    if !wanted() {
        return;
    }
    let clinic = Installation::configured("[serve]\nhttps = false\n");
    let site = Site::of(&clinic);
    let (admin, _) = set_up(&site).await;
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
    officer.says("Nothing needs you").await;
    let marketer = person(&site, &admin, "Maya Lind", "maya@bayside.example", &["Marketer"]).await;
    marketer.says("Maya Lind").await;
    marketer.go("/settings/people").await;
    marketer.says("You need another role for this page").await;
    marketer.says("Ada Ito").await;
    marketer.look("permission").await;
}
