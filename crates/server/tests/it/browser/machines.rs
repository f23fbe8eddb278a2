//! What programs come in with, and are told by: an administrator issues a token and adds a webhook.

use super::driver::{DESKTOP, Hands};
use super::{Site, journey, wanted};
use crate::installation::Installation;

#[tokio::test(flavor = "multi_thread")]
async fn tokens_and_webhooks() {
    if !wanted() {
        return;
    }
    let clinic = Installation::configured("[serve]\nhttps = false\n");
    let site = Site::of(&clinic);
    let (admin, _) = journey::set_up(&site, DESKTOP, Hands::Mouse).await;
    admin.go("/settings/people").await;
    admin.press("Tokens").await;
    admin.press("Issue token").await;
    admin.says("Say what the token is for").await;
    admin.fill("label", "Nightly feed").await;
    admin.choose("user", "Ada Ito").await;
    admin.tick("Import").await;
    admin.tick("30 days").await;
    admin.press("Issue token").await;
    admin.says("It cannot be shown again").await;
    admin.look("tokens-issued").await;
    let token = admin.found("#token").await.text().await.unwrap();
    assert!(token.starts_with("dsc_"));
    admin.go("/settings/tokens").await;
    admin.says("Nightly feed").await;
    assert!(!admin.text().await.contains(&token));
    admin.press("Revoke Nightly feed").await;
    admin.says("Revoked").await;
    admin.press("Webhooks").await;
    admin.fill("url", "http://insecure.example/").await;
    admin.tick("consent.withdrawn").await;
    admin.press("Add webhook").await;
    admin.says("This must be an https address").await;
    admin.fill("url", "https://integration.bayside.example/discreet").await;
    admin.press("Add webhook").await;
    admin.says("It cannot be shown again").await;
    admin.look("webhooks-added").await;
    admin.press("Remove https://integration.bayside.example/discreet").await;
    admin.says("Nobody is told anything yet").await;
    admin.press("API").await;
    admin.says("OpenAPI document").await;
}
