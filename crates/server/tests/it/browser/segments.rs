//! Segments in the browser: built by mouse, by keyboard, on a telephone; as text; looked into.

use super::driver::{Browser, DESKTOP, TELEPHONE};
use super::{Demo, wanted};
use fantoccini::key::Key;

/// A marketer at a new segment, about to choose its first condition.
async fn begun(demo: &Demo) -> Browser {
    let browser = Browser::open(&demo.base, DESKTOP).await;
    demo.sign_in(&browser, "marketer").await;
    browser.press("Segments").await;
    browser.press("New segment").await;
    browser.press("+ Condition to The whole segment: all of these are true, 0 conditions").await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nested_segment_is_built() {
    if !wanted() {
        return;
    }
    let demo = Demo::of(300);
    let browser = Browser::open(&demo.base, DESKTOP).await;
    demo.sign_in(&browser, "marketer").await;
    browser.press("Segments").await;
    browser.says("Can be sent").await;
    browser.settled().await;
    browser.look("segments").await;
    browser.press("New segment").await;
    browser.says("Start with one condition").await;
    browser.look("builder-empty").await;

    browser.press("+ Condition to The whole segment: all of these are true, 0 conditions").await;
    browser.says("Who they are").await;
    browser.look("builder-panel").await;
    browser.press("Age in years").await;
    browser.press("Add condition").await;
    browser.says("Enter where it begins, where it ends, or both").await;
    browser.look("builder-row-error").await;
    browser.fill("from", "50").await;
    browser.fill("to", "74").await;
    browser.press("Add condition").await;
    browser.says("Age is 50 to 74").await;

    browser.press("+ Condition to The whole segment: all of these are true, 1 condition").await;
    browser.press("Condition").await;
    browser.fill("found", "diab").await;
    browser.says("found. Tick what you want").await;
    browser.look("builder-codes").await;
    browser.found("#found-codes input").await.click().await.unwrap();
    browser.press("Add condition").await;
    browser.says("L2 Health").await;

    browser.press("+ Group").await;
    browser.says("at least one of these is true").await;
    browser.press("+ Condition to Group 3: at least one of these is true, 0 conditions").await;
    browser.press("Interests").await;
    browser.tick_first("values").await;
    browser.press("Add condition").await;
    browser.says("Interests include").await;
    browser.press("+ Condition to Group 3: at least one of these is true, 1 condition").await;
    browser.press("Appointment").await;
    browser.choose("count", "none").await;
    browser.press("Add condition").await;
    browser.says("Had no appointment in the last 12 months").await;
    browser.settled().await;
    browser.look("builder").await;

    // Both ways: text says what the builder says, and the builder what was typed.
    browser.press("Text").await;
    browser.settled().await;
    let text = browser.value("text").await;
    assert!(text.starts_with("age in 50..74 and has condition icd10:E11"), "{text}");
    browser.look("builder-text").await;
    browser.set("text", &text.replace("50..74", "50..")).await;
    browser.press("Read text").await;
    browser.settled().await;
    browser.set("text", &format!("{text} and and")).await;
    browser.press("Read text").await;
    browser.settled().await;
    browser.press("Builder").await;
    browser.says("Age is 50 or more").await;
    browser.says("The typed text cannot be read").await;
    browser.press("Undo").await;
    browser.settled().await;

    // Saved under a name, and looked into.
    browser.fill("name", "Checks to do <b>now</b>").await;
    browser.press("Save segment").await;
    browser.says("Checks to do <b>now</b>").await;
    browser.look("segment").await;
    browser.press("Insights").await;
    browser.says("Age in years").await;
    browser.look("segment-insights").await;
    browser.press("Change").await;
    browser.says("draft of version 2").await;
    browser.keys("[id='p-0'] .row-sentence", Key::Enter).await;
    browser.says("Done").await;
    browser.fill("from", "40").await;
    browser.press("Done").await;
    browser.says("Age is 40 or more").await;
    browser.press("Save as version 2").await;
    browser.press("History").await;
    browser.says("- age is 50 or more").await;
    browser.look("segment-history").await;

    let phone = Browser::open(&demo.base, TELEPHONE).await;
    phone.borrow_session(&browser).await;
    for (path, name) in [("/segments", "segments"), (browser.path().await.as_str(), "segment-history")] {
        phone.go(path).await;
        phone.settled().await;
        phone.look(name).await;
    }
    phone.go("/segments").await;
    phone.press("Copy “Diabetes check overdue”").await;
    phone.says("Diabetes check overdue").await;
    phone.look("builder").await;
    phone.press("Age is at least 18").await;
    phone.look("builder-row").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_event_after_another_is_built() {
    if !wanted() {
        return;
    }
    let demo = Demo::of(300);
    let browser = begun(&demo).await;
    browser.press("One event after another").await;
    browser.choose("first", "Appointment").await;
    browser.choose("t0_field", "status").await;
    browser.fill("t0_value", "no_show").await;
    browser.fill("within_n", "6").await;
    browser.choose("within_unit", "months").await;
    browser.choose("w_kind", "at any time").await;
    browser.look("builder-sequence-row").await;
    browser.press("Add condition").await;
    browser.says("Has had at least one appointment whose status is no show followed within 6 months").await;
    browser.press("+ Condition to The whole segment: all of these are true, 1 condition").await;
    browser.press("ZIP code").await;
    browser.fill("more", "94110").await;
    browser.look("builder-zip-row").await;
    browser.press("Add condition").await;
    browser.says("Zip is within 25 miles of ZIP code 94110").await;
    browser.settled().await;
    browser.look("builder-sequence").await;
    let draft = browser.path().await;

    let phone = Browser::open(&demo.base, TELEPHONE).await;
    phone.borrow_session(&browser).await;
    phone.go(&format!("{draft}?add=&kind=sequence")).await;
    phone.look("builder-sequence-row").await;
    phone.go(&draft).await;
    phone.look("builder-sequence").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attribute_of_ones_own_is_built_with() {
    if !wanted() {
        return;
    }
    let demo = Demo::of(300);
    let admin = Browser::open(&demo.base, DESKTOP).await;
    demo.sign_in(&admin, "administrator").await;
    admin.go("/settings/catalog").await;
    admin.fill("title", "Shoe size").await;
    admin.fill("name", "shoe_size").await;
    admin.choose("kind", "Number").await;
    admin.choose("new_label", "L2: general clinical, appointment or billing").await;
    admin.press("Add attribute").await;
    admin.says("your own").await;
    admin.choose("what", "City (L1, city)").await;
    admin.choose("label", "L3: sensitive").await;
    admin.press("Set label").await;
    admin.says("raised").await;

    let browser = begun(&demo).await;
    browser.says("Your own").await;
    browser.look("builder-own").await;
    browser.press("Shoe size").await;
    browser.choose("op", "is at least").await;
    browser.fill("from", "42.5").await;
    browser.look("builder-own-row").await;
    browser.press("Add condition").await;
    browser.says("Shoe size is at least 42.5").await;
    browser.says("Nobody matches this condition.").await;
    browser.says("L2 Health").await;
    browser.settled().await;
    let draft = browser.path().await;

    let phone = Browser::open(&demo.base, TELEPHONE).await;
    phone.borrow_session(&browser).await;
    phone.go(&format!("{draft}?add=")).await;
    phone.look("builder-own").await;
    phone.press("City").await;
    phone.look("builder-own-row").await;
    phone.go(&draft).await;
    phone.look("builder-own-done").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_windows_at_one_draft_lose_nothing() {
    if !wanted() {
        return;
    }
    let demo = Demo::of(300);
    let browser = begun(&demo).await;
    browser.press("Age in years").await;
    browser.fill("from", "50").await;
    browser.press("Add condition").await;
    browser.says("Age is 50 or more").await;
    browser.settled().await;
    browser.press("Age is 50 or more").await;
    browser.fill("from", "65").await;

    let phone = Browser::open(&demo.base, TELEPHONE).await;
    phone.borrow_session(&browser).await;
    phone.go(&browser.path().await).await;
    phone.press("Age is 50 or more").await;
    phone.fill("from", "21").await;
    phone.press("Done").await;
    phone.says("Age is 21 or more").await;

    browser.press("Done").await;
    browser.says("You saved this draft at").await;
    browser.says("As saved there: Age is 21 or more.").await;
    assert_eq!(browser.value("from").await, "65");
    browser.settled().await;
    browser.look("builder-overtaken").await;
    phone.press("Age is 21 or more").await;
    phone.fill("from", "30").await;
    browser.press("Done").await;
    browser.says("Age is 65 or more").await;
    browser.settled().await;

    // Now the telephone is the late one.
    phone.press("Done").await;
    phone.says("As saved there: Age is 65 or more.").await;
    phone.settled().await;
    phone.look("builder-overtaken").await;
    phone.press("Cancel").await;
    phone.says("Age is 65 or more").await;

    // A step of a campaign, too.
    browser.press("Campaigns").await;
    browser.press("New campaign").await;
    let path = browser.path().await.replace("/purpose", "/message");
    for (window, subject) in [(&browser, "Autumn walks"), (&phone, "Winter walks")] {
        window.go(&path).await;
        window.fill("subject", subject).await;
    }
    browser.press("Save and look").await;
    browser.settled().await;
    phone.press("Save and look").await;
    phone.says("You saved this draft at").await;
    assert_eq!(phone.value("subject").await, "Winter walks");
    phone.look("message-overtaken").await;
    phone.press("Drop mine, take what was saved there").await;
    phone.says("Findings").await;
    assert_eq!(phone.value("subject").await, "Autumn walks");
}
