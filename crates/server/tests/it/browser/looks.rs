//! Every page that shows nothing of patients, looked at on a telephone as well.

use super::driver::{Browser, DESKTOP, Hands, TELEPHONE};
use super::{Site, journey, wanted};
use crate::installation::Installation;

#[tokio::test(flavor = "multi_thread")]
async fn pages_on_a_telephone() {
    if !wanted() {
        return;
    }
    let clinic = Installation::configured("[serve]\nhttps = false\n");
    let site = Site::of(&clinic);
    let phone = Browser::open(&site.base, TELEPHONE).await;
    phone.go(site.set_up.as_deref().unwrap()).await;
    phone.look("set-up").await;
    let (admin, _) = journey::set_up(&site, DESKTOP, Hands::Mouse).await;
    phone.go("/sign-in").await;
    phone.look("sign-in").await;
    let session = admin.client.get_named_cookie("session").await.unwrap();
    phone.client.add_cookie(session).await.unwrap();
    for (path, name) in [
        ("/", "home"),
        ("/me", "me"),
        ("/settings/people", "people"),
        ("/settings/tokens", "tokens"),
        ("/settings/webhooks", "webhooks"),
        ("/api", "api"),
        ("/stop", "stop"),
        ("/ui", "parts"),
        ("/confirm", "confirm"),
    ] {
        for browser in [&phone, &admin] {
            browser.go(path).await;
            browser.look(name).await;
        }
    }
    let other = Browser::open(&site.base, DESKTOP).await;
    other.go("/settings/people").await;
    assert_eq!(other.path().await, "/sign-in");
    other.look("sign-in").await;
}
