//! What staff do at the log, at consents over all patients, and in settings.

use super::driver::{Browser, DESKTOP, Hands};
use super::records::{confirmed, import, open, see, telephone};
use super::{Site, journey, wanted};
use crate::installation::Installation;
use fantoccini::Locator;

/// A name server that knows the SPF record and nothing else. RFC 1035, as much as a test needs.
fn name_server() -> std::net::SocketAddr {
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    std::thread::spawn(move || {
        let mut question = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut question) {
            let asked = String::from_utf8_lossy(&question[12..length]).to_ascii_lowercase();
            let known = asked.starts_with("\u{9}larkfield");
            let end = 12 + question[12..length].iter().position(|byte| *byte == 0).unwrap() + 5;
            let mut answer = question[..end].to_vec();
            answer[2..12].copy_from_slice(&[
                0x81,
                if known { 0x80 } else { 0x83 },
                0,
                1,
                0,
                u8::from(known),
                0,
                0,
                0,
                0,
            ]);
            if known {
                let text = b"v=spf1 a:mail.larkfield.example -all";
                answer.extend([
                    0xc0,
                    12,
                    0,
                    16,
                    0,
                    1,
                    0,
                    0,
                    0,
                    60,
                    0,
                    text.len() as u8 + 1,
                    text.len() as u8,
                ]);
                answer.extend(text);
            }
            socket.send_to(&answer, from).unwrap();
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_consents_and_settings() {
    if !wanted() {
        return;
    }
    let dns = name_server();
    let clinic = Installation::configured(&format!("[serve]\nhttps = false\ndns = \"{dns}\"\n"));
    import(&clinic);
    let site = Site::of(&clinic);
    let (admin, letters) = journey::set_up(&site, DESKTOP, Hands::Mouse).await;
    let officer =
        journey::person(&site, &admin, "Omar Reyes", "omar@bayside.example", &["Privacy officer"]).await;
    journey::second_factor(&officer).await;
    let marketer = journey::person(&site, &admin, "Maya Lind", "maya@bayside.example", &["Marketer"]).await;
    let phone = telephone(&site, &officer).await;
    log(&officer, &phone).await;
    all_consents(&officer, &marketer, &phone).await;
    drop(phone);
    let phone = telephone(&site, &admin).await;
    settings(&admin, &officer, &phone).await;
    sending(&admin, &phone).await;
    keys(&admin, &phone, &letters).await;
}

async fn log(officer: &Browser, phone: &Browser) {
    open(officer, "004217", "The patient asked").await;
    officer.says("Maria Alvarez").await;
    for browser in [officer, phone] {
        browser.go("/audit").await;
        browser.says("one record (identity, facts, events): the patient asked").await;
        see(browser, "log").await;
    }
    officer.choose("act", "Began an import").await;
    officer.press("Show").await;
    officer.says("Began an import").await;
    assert!(!officer.text().await.contains("one record ("));
    officer.client.find(Locator::Css("tbody a")).await.unwrap().click().await.unwrap();
    officer.says("The line that was hashed").await;
    officer.look("log-entry").await;
    officer.go("/audit?person=&act=erased&from=&to=&record=").await;
    officer.says("No entry fits.").await;
    officer.look("log-empty").await;
    officer.go("/audit?from=yesterday").await;
    officer.says("Enter a date, like 2026-11-24").await;
    officer.go("/audit/checkpoints").await;
    officer.says("Checkpoints are kept nowhere else").await;
    officer.press("Make a checkpoint").await;
    officer.says("Signed checkpoint").await;
    officer.look("log-checkpoint").await;
    let note = officer.found("#checkpoint").await.text().await.unwrap();
    officer.go("/audit/verify").await;
    officer.set("checkpoint", &note).await;
    officer.press("Verify now").await;
    for _ in 0..20 {
        officer.go("/audit/verify").await;
        if officer.text().await.contains("entries are intact") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    officer.says("entries are intact").await;
    for browser in [officer, phone] {
        browser.go("/audit/verify").await;
        see(browser, "log-verify").await;
    }
}

async fn all_consents(officer: &Browser, marketer: &Browser, phone: &Browser) {
    marketer.go("/consents").await;
    marketer.says("<11").await;
    for browser in [officer, phone] {
        browser.go("/consents").await;
        browser.says("You see exact counts because of your role.").await;
        see(browser, "topics").await;
    }
    officer.press("Forms").await;
    officer.press("Save text").await;
    officer.says("Enter a name for the form").await;
    officer.fill("name", "Desk form").await;
    officer.fill("english", "You decide. Your care stays the same.").await;
    officer.press("Save text").await;
    officer.press("Desk form").await;
    officer.fill("english", "You decide. Your care and your costs stay the same.").await;
    officer.press("Save new version").await;
    officer.press("Desk form").await;
    officer.says("Version 2").await;
    officer.look("consent-form").await;
    for browser in [officer, phone] {
        browser.go("/consents/forms").await;
        see(browser, "consent-forms").await;
        browser.go("/consents/ledger?from=2026-01-01&to=2026-12-31&topic=").await;
        browser.says("imported").await;
        see(browser, "ledger").await;
        browser.go("/consents/authorizations").await;
        browser.says("None ends within 30 days").await;
        see(browser, "authorizations-ending").await;
    }
}

async fn settings(admin: &Browser, officer: &Browser, phone: &Browser) {
    admin.go("/settings").await;
    admin.says("Organization").await;
    admin.fill("topics", "marketing: News and offers\nhealth-tips Health tips").await;
    admin.press("Save settings").await;
    admin.says("“health-tips Health tips” is not a word, a colon and a public name").await;
    admin.fill("topics", "marketing: News and offers\nhealth-tips: Health tips").await;
    admin.press("Save settings").await;
    admin.says("Saved.").await;
    catalog(admin).await;
    for browser in [admin, phone] {
        for (path, name) in [
            ("/settings/organization", "organization"),
            ("/settings/catalog", "catalog"),
            ("/rules", "rules"),
        ] {
            browser.go(path).await;
            see(browser, name).await;
        }
    }
    officer.go("/settings").await;
    officer.says("No vendor yet.").await;
    officer.fill("name", "Northmail").await;
    officer.fill("purpose", "Relays our email").await;
    officer.set("until", "2026-12-01").await;
    officer.press("Add vendor").await;
    officer.says("Northmail").await;
    officer.look("vendors").await;
    officer.go("/").await;
    officer.press("See to the agreement with Northmail").await;
    officer.look("vendor").await;
    officer.press("End vendor").await;
    officer.says("No vendor any more").await;
    phone.go("/settings/vendors").await;
    see(phone, "vendors").await;
}

async fn catalog(admin: &Browser) {
    admin.go("/settings/catalog").await;
    admin.choose("what", "City (L1, city)").await;
    admin.choose("label", "L3: sensitive").await;
    admin.press("Set label").await;
    admin.says("raised").await;
    admin.fill("title", "Preferred pharmacy").await;
    admin.fill("name", "Preferred pharmacy").await;
    admin.press("Add attribute").await;
    admin.says("A name is 2 to 40 lower-case letters").await;
    admin.look("catalog-problem").await;
    admin.fill("name", "preferred_pharmacy").await;
    admin.press("Add attribute").await;
    admin.says("your own").await;
}

async fn sending(admin: &Browser, phone: &Browser) {
    admin.go("/settings/sending").await;
    admin.says("No live agreement: this relay cannot be used").await;
    admin.tick("A vendor’s, under a business associate agreement").await;
    admin.press("Save relay").await;
    admin.says("Enter the last day of the agreement").await;
    admin.set("until", "2030-03-01").await;
    admin.press("Save relay").await;
    admin.says("Its vendor’s agreement holds until Mar 1, 2030.").await;
    for browser in [admin, phone] {
        browser.go("/settings/sending").await;
        browser.press("Check now").await;
        browser.says("SPF Found").await;
        browser.says("DMARC Missing").await;
        see(browser, "sending").await;
    }
}

async fn keys(admin: &Browser, phone: &Browser, letters: &str) {
    admin.go("/settings/keys").await;
    admin.says("Not confirmed").await;
    confirmed(admin, letters, "Issue a new kit", "/settings/keys").await;
    admin.says("The new recovery kit").await;
    admin.press("Rotate keys").await;
    admin.says("were wrapped anew").await;
    let kit = admin.found("#kit-text").await.text().await.unwrap();
    let code = admin.found("#kit-code").await.text().await.unwrap();
    admin.set("kit", &kit).await;
    admin.fill("code", "not the code").await;
    admin.press("Confirm kit").await;
    admin.says("There is a problem").await;
    admin.set("kit", &kit).await;
    admin.fill("code", &code).await;
    admin.press("Confirm kit").await;
    admin.says("Somebody showed that it opens.").await;
    for browser in [admin, phone] {
        browser.go("/settings/keys").await;
        see(browser, "keys").await;
    }
}
