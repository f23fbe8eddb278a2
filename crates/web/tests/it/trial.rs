//! "Send a test" as staff meet it, and the page its links lead to.

use crate::staff::{Person, person};
use crate::world::{Answer, NOW, World};
use axum::http::StatusCode;
use discreet_access::{Role, SetRelay};

/// Fields of the message step.
fn letter(revision: u32, subject: &str, to: &str, word: &str) -> String {
    format!(
        "revision={revision}&subject={subject}&from_name=Bayside&language=en&b0_kind=text&b0_text=A+walk&to={to}&do={word}"
    )
}

/// The id in the select of whom a test goes to.
fn chosen(page: &str) -> String {
    let select = page.split("name=\"to\"").nth(1).unwrap().split("</select>").next().unwrap();
    let option = select.split("<option value=\"").find(|option| option.contains(" selected")).unwrap();
    option.split('"').next().unwrap().to_owned()
}

async fn begun(world: &World, maya: &Person) -> String {
    let answer = maya.post(world, "/campaigns", "").await;
    answer.header("location").trim_end_matches("/purpose").to_owned()
}

fn refused(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    assert!(answer.body.contains("There is a problem") && answer.body.contains(words), "{}", answer.body);
}

#[tokio::test]
async fn a_test_is_sent_from_the_message_and_from_review() {
    let world = World::new().await;
    let maya = person(&world, "Maya", &[Role::Marketer]).await;
    let omar = person(&world, "Omar", &[Role::PrivacyOfficer]).await;
    let path = begun(&world, &maya).await;
    let message = format!("{path}/message");
    let oneself = chosen(&maya.get(&world, &message).await.body);
    refused(&maya.post(&world, &message, &letter(1, "A+walk", &oneself, "test")).await, "BAA in force");
    let admin = world.app.sign_in(&world.token, None, NOW).await.unwrap();
    world.app.set_relay(admin.may(SetRelay).unwrap(), true, None, NOW).await.unwrap();
    // The first try was saved all the same; a subject that tells is stopped, and named.
    let again = maya.post(&world, &message, &letter(2, "Diabetes", &oneself, "test")).await;
    refused(&again, "Something stops this email – subject");
    let sent = maya.post(&world, &message, &letter(3, "A+walk", &oneself, "test")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let to = sent.header("location").split('#').next().unwrap().to_owned();
    assert!(to.starts_with(&format!("{message}?test=")), "{to}");
    let page = maya.get(&world, &to).await;
    assert!(page.body.contains("Test is on its way to Maya."), "{}", page.body);
    assert!(!page.body.contains("@bayside.example"), "names, not addresses");
    // Nothing changed since: nothing is saved anew.
    world.later(1);
    let sent = maya.post(&world, &message, &letter(4, "A+walk", &oneself, "test")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    assert!(maya.get(&world, &message).await.body.contains("name=\"revision\" value=\"4\""));
    // On review, whoever may read it may.
    let review = format!("{path}/review");
    let officer = chosen(&omar.get(&world, &review).await.body);
    assert_ne!(officer, oneself, "oneself, unless another is chosen");
    world.later(1);
    let sent = omar.post(&world, &format!("{path}/test"), &format!("to={oneself}")).await;
    let to = sent.header("location").split('#').next().unwrap().to_owned();
    assert!(omar.get(&world, &to).await.body.contains("Test is on its way to Maya."));
    refused(&omar.post(&world, &format!("{path}/test"), &format!("to={oneself}")).await, "within the hour");
    let nobody = "to=00000000-0000-4000-8000-000000000000";
    refused(&omar.post(&world, &format!("{path}/test"), nobody).await, "Choose a colleague");
    assert_eq!(
        omar.post(&world, &format!("{path}/test"), "to=rosa@example.org").await.status,
        StatusCode::BAD_REQUEST
    );
    assert!(omar.get(&world, &format!("{review}?test=x")).await.body.contains("Send a test"));
}

#[tokio::test]
async fn the_links_of_a_test_lead_to_a_page_that_does_nothing() {
    let world = World::new().await;
    let before = world.state().await;
    let page = world.get("/p/test").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("This was a test") && !page.body.contains("<form"), "{}", page.body);
    assert_eq!(world.state().await, before);
}
