//! Why a patient is in a segment or not: from the segment, and from an open record.

use super::driver::{DESKTOP, Hands};
use super::records::{import, see, telephone};
use super::{Site, journey, wanted};
use crate::installation::Installation;

#[tokio::test(flavor = "multi_thread")]
async fn why_a_patient_is_in_or_out() {
    if !wanted() {
        return;
    }
    let clinic = Installation::configured("[serve]\nhttps = false\n");
    import(&clinic);
    for (name, text) in [
        (
            "Diabetes check overdue",
            "age in 50..74 and has condition icd10:E11* \
             and no appointment where status = fulfilled in last 12 months \
             and (interests has any (nutrition, walking) or not (state = CA or language = es))",
        ),
        ("Low mood", "has condition icd10:F32*"),
    ] {
        clinic.json(&["segment", "save", name, text]);
    }
    let site = Site::of(&clinic);
    let (admin, _) = journey::set_up(&site, DESKTOP, Hands::Mouse).await;
    let officer =
        journey::person(&site, &admin, "Omar Reyes", "omar@bayside.example", &["Privacy officer"]).await;
    journey::second_factor(&officer).await;
    let phone = telephone(&site, &officer).await;

    officer.go("/segments").await;
    officer.press("Diabetes check overdue").await;
    officer.press("Why?").await;
    officer.says("Find one patient, say why you ask").await;
    let asking = officer.path().await;
    for browser in [&officer, &phone] {
        browser.go(&asking).await;
        see(browser, "why-find").await;
    }
    officer.fill("number", "999999").await;
    officer.press("Find").await;
    officer.says("No record with that number. Check the digits, or search by email.").await;
    officer.look("why-nobody").await;
    officer.fill("number", "004217").await;
    officer.press("Find").await;
    officer.says("Then you see whether this patient is in the segment, and why.").await;
    officer.look("why-ask").await;
    officer.press("Open record").await;
    officer.says("Choose a reason").await;
    officer.tick("The patient asked").await;
    officer.press("Open record").await;
    officer
        .says("Not in “Diabetes check overdue”, because row 3 is false: Appointment on Aug 12, 2026")
        .await;
    officer.says("At least one of these is true").await;
    assert!(!officer.client.title().await.unwrap().contains("Alvarez"));
    assert_eq!(officer.client.current_url().await.unwrap().query(), None);
    let answer = officer.path().await;
    for browser in [&officer, &phone] {
        browser.go(&answer).await;
        browser.says("Row by row").await;
        see(browser, "why").await;
    }

    // From the record; the answer of a segment about something sensitive is folded away.
    officer.press("Maria Alvarez").await;
    officer.says("In which segments, and why?").await;
    officer.choose("segment", "Low mood").await;
    officer.press("Ask why this patient is in or out").await;
    officer.says("The answer is folded away.").await;
    assert!(!officer.text().await.contains("depressive"));
    officer.look("why-folded").await;
    officer.press("Show (recorded)").await;
    officer.says("In “Low mood”, because row 1 is true: Major depressive disorder").await;
    officer.look("why-sensitive").await;
}
