//! `/settings/catalog`: who may add and raise, and who may take back.

use crate::staff::person;
use crate::world::World;
use axum::http::StatusCode;
use discreet_access::Role;
use discreet_domain::Label;

#[tokio::test]
async fn administrators_raise_and_privacy_officers_take_back() {
    let world = World::new().await;
    let admin = person(&world, "admin", &[Role::Administrator]).await;
    let officer = person(&world, "officer", &[Role::PrivacyOfficer]).await;
    let auditor = person(&world, "auditor", &[Role::Auditor]).await;
    let label = || world.app.catalog().attribute("city").unwrap().label;
    let labels = "/settings/catalog/labels";
    let seen = auditor.get(&world, "/settings/catalog").await;
    assert!(seen.body.contains("Preferred language") && !seen.body.contains("Set label"));
    assert_eq!(auditor.post(&world, labels, "what=city&label=L3").await.status, StatusCode::FORBIDDEN);
    assert_eq!(admin.post(&world, labels, "what=city&label=L3").await.status, StatusCode::SEE_OTHER);
    assert_eq!(label(), Label::L3);
    let back = admin.post(&world, labels, "what=city&label=L2").await;
    assert_eq!((back.status, label()), (StatusCode::UNPROCESSABLE_ENTITY, Label::L3));
    assert!(back.body.contains("Only a privacy officer takes a label back"), "{}", back.body);
    assert_eq!(officer.post(&world, labels, "what=city&label=L2").await.status, StatusCode::SEE_OTHER);
    assert_eq!(label(), Label::L2);
    let low = officer.post(&world, labels, "what=payer&label=L1").await;
    assert!(low.body.contains("never falls below that"), "{}", low.body);

    let attributes = "/settings/catalog/attributes";
    let wrong =
        admin.post(&world, attributes, "name=&title=Shoes&kind=number&basis=demographic&new_label=L1");
    let wrong = wrong.await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("value=\"Shoes\""), "what was typed is kept: {}", wrong.body);
    let fields = "name=shoe_size&title=Shoe+size&kind=number&basis=demographic&new_label=L1";
    assert_eq!(admin.post(&world, attributes, fields).await.status, StatusCode::SEE_OTHER);
    let page = admin.get(&world, "/settings/catalog").await;
    assert!(page.body.contains("your own") && page.body.contains("<code>shoe_size</code>"));
    assert!(admin.post(&world, attributes, fields).await.body.contains("something of that name already"));
}
