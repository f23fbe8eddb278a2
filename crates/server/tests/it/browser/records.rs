//! What staff do with records: find, open for a reason, look, record, put right, hand out, erase.

use super::driver::{Browser, DESKTOP, Hands, TELEPHONE};
use super::{Site, journey, wanted};
use crate::installation::Installation;
use fantoccini::Locator;

/// Whoever is called this has tried something.
const SLY: &str = "<img src=x onerror=alert(1)>";

/// Four patients: one with a long record, one whose name is a trap, two at one address.
pub(super) fn import(clinic: &Installation) {
    let patients = format!(
        "id,mrn,given,family,birth_date,sex,email,state,zip,payer\n\
         p1,004217,Maria,Alvarez,1961-03-04,F,maria@example.org,MA,02114,medicare\n\
         p2,004218,{SLY},O'Sly,1970-05-06,M,sly@example.org,MA,02114,commercial\n\
         p3,004219,Tom,Wojciechowska-Featherstonehaugh,1980-01-02,M,family@example.org,MA,02114,commercial\n\
         p4,004220,Ann,Wojciechowska-Featherstonehaugh,1982-01-02,F,family@example.org,MA,02114,commercial\n"
    );
    clinic.file("export/patients.csv", &patients);
    clinic.file(
        "export/conditions.csv",
        "id,patient,system,code,display,onset,status\n\
         c1,p1,icd10,E11.9,Type 2 diabetes,2019-03,active\n\
         c2,p1,icd10,F32.1,Major depressive disorder,2024-02-11,active\n\
         c3,p1,icd10,I10,High blood pressure,2015,active\n",
    );
    clinic.file(
        "export/appointments.csv",
        "id,patient,time,status,reason,provider\n\
         a1,p1,2026-12-03T15:00:00Z,booked,Check-up,Dr. Lee\n\
         a2,p1,2026-08-12T15:00:00Z,fulfilled,Check-up,Dr. Lee\n",
    );
    clinic.file(
        "export/consents.csv",
        "patient,topic,channel,action,time,text_version,method,evidence\n\
         p1,marketing,email,granted,2026-05-02,v3,paper,Signed at the desk on May 2\n\
         p2,marketing,email,granted,2026-05-02,v3,paper,\n",
    );
    let folder = clinic.folder().join("export");
    clinic.json(&["import", folder.to_str().unwrap()]);
}

/// Sends one campaign by the command line, to whoever opted in.
fn send(clinic: &Installation) {
    let receiver = crate::mailing::Receiver::secure();
    let was = std::fs::read_to_string(clinic.data().join("discreet.toml")).unwrap();
    clinic.configure(&format!("{was}{}", receiver.relay(clinic)));
    crate::mailing::approved(clinic, "Autumn walks", "age >= 18");
    clinic.json(&["campaign", "send", "Autumn walks"]);
    clinic.configure(&was);
}

/// A telephone in the same session.
pub(super) async fn telephone(site: &Site, of: &Browser) -> Browser {
    let phone = Browser::open(&site.base, TELEPHONE).await;
    phone.go("/sign-in").await;
    phone.client.add_cookie(of.client.get_named_cookie("session").await.unwrap()).await.unwrap();
    phone
}

/// Looks at a page. On a telephone it is the same page, laid out otherwise: whether it fits, and a picture.
pub(super) async fn see(browser: &Browser, name: &str) {
    if browser.size == TELEPHONE {
        browser.fits().await;
        browser.picture(name).await;
    } else {
        browser.look(name).await;
    }
}

/// Where a page asks once more who one is – it does after five minutes – shows it. A code counts once.
pub(super) async fn confirmed(browser: &Browser, letters: &str, words: &str, back: &str) {
    browser.press(words).await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    if browser.path().await != "/confirm" {
        return;
    }
    for _ in 0..12 {
        browser.fill("shown", &super::driver::code(letters)).await;
        browser.press("Go on").await;
        tokio::time::sleep(std::time::Duration::from_secs(5)).await;
        if browser.path().await != "/confirm" {
            break;
        }
    }
    browser.go(back).await;
    browser.press(words).await;
}

pub(super) async fn open(browser: &Browser, number: &str, reason: &str) {
    browser.go("/patients").await;
    browser.fill("number", number).await;
    browser.press("Find").await;
    browser.says("Why do you open this record?").await;
    browser.tick(reason).await;
    browser.press("Open record").await;
}

/// The address of the record that is open.
async fn here(browser: &Browser) -> String {
    browser.says("closes").await;
    browser.path().await.split('/').take(3).collect::<Vec<_>>().join("/")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_found_opened_and_worked_with() {
    if !wanted() {
        return;
    }
    let clinic = Installation::configured("[serve]\nhttps = false\n");
    import(&clinic);
    // On a thread of its own: the mail catcher brings a runtime.
    std::thread::scope(|on| on.spawn(|| send(&clinic)).join().unwrap());
    let site = Site::of(&clinic);
    let (admin, _) = journey::set_up(&site, DESKTOP, Hands::Mouse).await;
    let officer =
        journey::person(&site, &admin, "Omar Reyes", "omar@bayside.example", &["Privacy officer"]).await;
    let letters = journey::second_factor(&officer).await;
    let phone = telephone(&site, &officer).await;
    finding(&officer, &phone).await;
    let record = facts(&officer, &phone).await;
    consents(&officer, &phone, &record).await;
    messages(&officer, &phone, &record).await;
    restrictions(&officer, &phone, &record).await;
    rights(&officer, &phone, &record).await;
    erasing(&officer, &record, &letters).await;
    a_name_is_only_text(&officer).await;
}

async fn finding(officer: &Browser, phone: &Browser) {
    officer.press("Find a patient").await;
    for browser in [officer, phone] {
        browser.go("/patients").await;
        see(browser, "find").await;
    }
    officer.fill("number", "999999").await;
    officer.press("Find").await;
    officer.says("No record with that number. Check the digits, or search by email.").await;
    officer.look("find-nobody").await;
    officer.tick("Email").await;
    officer.fill("email", "family@example.org").await;
    officer.press("Find").await;
    officer.says("2 records use this address. Enter the record number.").await;
    assert_eq!(officer.client.current_url().await.unwrap().query(), None);
    officer.tick("Family name and birth date").await;
    officer.fill("family", "Alvarez").await;
    for (field, value) in [("month", "3"), ("day", "4"), ("year", "1961")] {
        officer.fill(field, value).await;
    }
    officer.press("Find").await;
    officer.says("1 record has the family name Alvarez").await;
    officer.look("ask").await;
    officer.press("Open record").await;
    officer.says("Choose a reason").await;
}

async fn facts(officer: &Browser, phone: &Browser) -> String {
    open(officer, "004217", "The patient asked").await;
    officer.says("Maria Alvarez").await;
    officer.says("born Mar 4, 1961 · record 004217").await;
    let record = here(officer).await;
    assert!(!officer.client.title().await.unwrap().contains("Alvarez"));
    officer.says("Type 2 diabetes · ICD-10 E11.9").await;
    assert!(!officer.text().await.contains("depressive"), "sensitive facts are folded away");
    for browser in [officer, phone] {
        browser.go(&record).await;
        see(browser, "facts").await;
    }
    officer.press("Show (recorded)").await;
    officer.says("Major depressive disorder").await;
    officer.look("facts-sensitive").await;
    officer.go(&format!("{record}?kind=appointment")).await;
    officer.says("Dr. Lee").await;
    assert!(!officer.text().await.contains("Type 2 diabetes"));
    record
}

async fn consents(officer: &Browser, phone: &Browser, record: &str) {
    for browser in [officer, phone] {
        browser.go(&format!("{record}/consents")).await;
        see(browser, "consents").await;
    }
    officer.press("Read evidence 1").await;
    officer.says("Signed at the desk on May 2").await;
    officer.go(&format!("{record}/consents")).await;
    officer.tick("Told to staff, at the desk or by phone").await;
    officer.press("Record opt-out").await;
    officer.says("Stopped. 0 queued emails were cancelled.").await;
    officer.says("Opted out").await;
    officer.press("File a signed authorization").await;
    officer.fill("information", "Name and email address").await;
    officer.press("File authorization").await;
    officer.says("Not valid: Nobody named who may receive it (164.508(c)(1)(iii))").await;
    officer.look("authorization-defects").await;
    officer.fill("recipient", "Bayside Clinic").await;
    officer.tick("News and offers").await;
    officer.set("last_day", "2030-11-24").await;
    officer.set("signed_on", "2026-11-20").await;
    for statement in ["It can be taken back", "Treatment, payment", "Whoever gets"] {
        let path = format!("//label[starts-with(normalize-space(), '{statement}')]");
        officer.client.find(Locator::XPath(&path)).await.unwrap().click().await.unwrap();
    }
    officer.press("File authorization").await;
    officer.says("In force until Nov 24, 2030").await;
    officer.press("marketing").await;
    officer.says("Name and email address").await;
    officer.look("authorization").await;
    officer.press("Record revocation").await;
    officer.says("Revoked, from now on.").await;
}

async fn messages(officer: &Browser, phone: &Browser, record: &str) {
    for browser in [officer, phone] {
        browser.go(&format!("{record}/messages")).await;
        browser.says("Autumn walks").await;
        see(browser, "messages").await;
    }
    officer.press("Why? Autumn walks").await;
    officer.says("Relied on the opt-in to News and offers of May 1, 2026 (imported, text version v3).").await;
    officer.says("Our own health-related service or product").await;
    officer.look("message").await;
    let frame = officer.found("iframe.mail").await;
    let mail = frame.attr("src").await.unwrap().unwrap();
    phone.go(&officer.path().await).await;
    see(phone, "message").await;
    frame.enter_frame().await.unwrap();
    officer.says("Hello Maria").await;
    officer.client.enter_parent_frame().await.unwrap();
    officer.go(&mail).await;
    officer.says("Our walking group is back.").await;
}

async fn restrictions(officer: &Browser, phone: &Browser, record: &str) {
    officer.go(&format!("{record}/restrictions")).await;
    officer.press("Record restriction").await;
    officer.says("Restriction: no mail is sent while it holds.").await;
    officer.press("End restriction").await;
    officer.fill("address", "not an address").await;
    officer.press("Change address").await;
    officer.says("Enter an email, like name@example.com").await;
    officer.fill("address", "maria.alvarez@example.org").await;
    officer.press("Change address").await;
    officer.says("maria.alvarez@example.org").await;
    for browser in [officer, phone] {
        browser.go(&format!("{record}/restrictions")).await;
        see(browser, "restrictions").await;
    }
}

async fn rights(officer: &Browser, phone: &Browser, record: &str) {
    for browser in [officer, phone] {
        browser.go(&format!("{record}/rights")).await;
        see(browser, "rights").await;
    }
    officer.choose("attribute", "Kind of payer").await;
    officer.fill("value", "gold").await;
    officer.press("Put right").await;
    officer.says("One of: commercial, medicare").await;
    officer.choose("attribute", "Kind of payer").await;
    officer.fill("value", "medicaid").await;
    officer.press("Put right").await;
    officer.says("It stands until the source of your imports says something else").await;
    officer.go(record).await;
    officer.says("Corrected by staff").await;
    officer.press("Not right: Condition High blood pressure · ICD-10 I10").await;
    officer.says("Is this not so?").await;
    officer.look("take-away").await;
    officer.press("Take it out").await;
    officer.says("Type 2 diabetes").await;
    assert!(!officer.text().await.contains("High blood pressure"));
}

async fn erasing(officer: &Browser, record: &str, letters: &str) {
    let rights = format!("{record}/rights");
    officer.go(&rights).await;
    confirmed(officer, letters, "Erase patient", &rights).await;
    officer.says("Enter the record number of this record").await;
    officer.fill("number", "004217").await;
    officer.press("Erase patient").await;
    officer.says("This record was erased on").await;
    officer.look("erased").await;
    officer.go("/patients").await;
    officer.fill("number", "004217").await;
    officer.press("Find").await;
    officer.says("This record was erased").await;
}

async fn a_name_is_only_text(officer: &Browser) {
    open(officer, "004218", "Check consent or a complaint").await;
    officer.says(SLY).await;
    assert!(officer.client.find(Locator::Css("main img")).await.is_err());
    assert!(officer.client.get_alert_text().await.is_err());
    let record = here(officer).await;
    officer.press("Close record").await;
    officer.go(&record).await;
    officer.says("Why do you open this record?").await;
    officer.go(&format!("{record}/messages")).await;
    officer.says("a reason holds for 15 minutes").await;
}
