//! The demo's mailbox in the browser: a mail is read, and its unsubscribe link leads where it says.

use super::driver::{Browser, DESKTOP, TELEPHONE};
use super::records::see;
use super::{Demo, wanted};
use fantoccini::Locator;

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_of_the_demo_is_read_and_unsubscribed() {
    if !wanted() {
        return;
    }
    let demo = Demo::of(60);
    let browser = Browser::open(&demo.base, DESKTOP).await;
    demo.sign_in(&browser, "marketer").await;
    browser.says("Demo: invented patients; emails go to the built-in mailbox.").await;
    browser.press("the built-in mailbox").await;
    browser.says("nothing leaves this machine").await;
    let phone = Browser::open(&demo.base, TELEPHONE).await;
    demo.sign_in(&phone, "analyst").await;
    for browser in [&browser, &phone] {
        browser.go("/demo/mailbox").await;
        see(browser, "demo-mailbox").await;
    }
    let first = browser.found("tbody a").await;
    let path = first.attr("href").await.unwrap().unwrap();
    for browser in [&browser, &phone] {
        browser.go(&path).await;
        browser.says("Links in the email open a new tab").await;
        see(browser, "demo-mail").await;
    }
    let frame = browser.found("iframe").await;
    frame.enter_frame().await.unwrap();
    browser.client.find(Locator::Css("a[href*='/u/']")).await.unwrap().click().await.unwrap();
    let late = std::time::Instant::now() + std::time::Duration::from_secs(10);
    let windows = loop {
        let windows = browser.client.windows().await.unwrap();
        if windows.len() > 1 {
            break windows;
        }
        assert!(std::time::Instant::now() < late, "no new tab");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    };
    browser.client.switch_to_window(windows.last().unwrap().clone()).await.unwrap();
    browser.press("Stop these emails").await;
    browser.says("You are unsubscribed").await;
}
