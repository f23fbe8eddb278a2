//! Findings of a mail in the browser: kept with a reason, mended, taken back; read by whoever approves.

use crate::staff::{Person, person};
use crate::world::{Answer, World};
use axum::http::StatusCode;
use discreet_access::{Role, SaveSegment};
use discreet_app::campaigns::kept::LONGEST_KEEP_REASON;

/// Fields of the message step.
fn letter(revision: u32, subject: &str, more: &str) -> String {
    format!(
        "revision={revision}&subject={subject}&from_name=Bayside&language=en&b0_kind=text&b0_text=A+walk&{more}"
    )
}

/// The mark of the finding that has this button.
fn mark(page: &Answer, button: &str) -> String {
    let after = page.body.split(&format!("value=\"{button}-")).nth(1).unwrap();
    after.split('"').next().unwrap().to_owned()
}

async fn begun(world: &World, maya: &Person) -> String {
    let by = world.app.sign_in(&world.token, None, world.now()).await.unwrap();
    let leave = by.may(SaveSegment).unwrap();
    world.app.save_segment(leave, "Adults", "age >= 18", world.now()).await.unwrap();
    let answer = maya.post(world, "/campaigns", "segment=Adults").await;
    let path = answer.header("location").trim_end_matches("/purpose").to_owned();
    let purpose = "revision=1&name=Coffee&topic=marketing&about=own&health=yes&paid=nobody";
    let answer = maya.post(world, &format!("{path}/purpose"), purpose).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    path
}

fn saved(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(answer.header("location").ends_with("/message#findings"), "{}", answer.header("location"));
}

fn refused(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    assert!(answer.body.contains("There is a problem") && answer.body.contains(words), "{}", answer.body);
}

const EVIL: &str = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27%3E%3Cimg+src%3Dx%3E";

fn is_text(page: &Answer) {
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("alert(1)"), "the reason stands there: {}", page.body);
    assert!(!page.body.contains("<script>alert") && !page.body.contains("<img src=x"), "{}", page.body);
}

#[tokio::test]
async fn a_reason_is_text_wherever_it_is_read() {
    let world = World::new().await;
    let maya = person(&world, "Maya", &[Role::Marketer]).await;
    let omar = person(&world, "Omar", &[Role::PrivacyOfficer]).await;
    let path = begun(&world, &maya).await;
    let message = format!("{path}/message");
    maya.post(&world, &message, &letter(2, "Refill+House", "do=save")).await;
    let page = maya.get(&world, &message).await;
    assert!(page.body.contains("! Look") && page.body.contains("1 open, 0 kept"), "{}", page.body);
    let review = format!("{path}/review");
    assert!(maya.get(&world, &review).await.body.contains("1 finding is neither mended nor kept"));
    let mark = mark(&page, "keep");
    // Too long: what was typed stands there again, as text.
    let long = format!("{EVIL}{}", "x".repeat(LONGEST_KEEP_REASON));
    let keep = |why: &str| format!("reason-{mark}={why}&do=keep-{mark}");
    let again = maya.post(&world, &message, &letter(3, "Refill+House", &keep(&long))).await;
    refused(&again, "at most 300 characters");
    assert!(again.body.contains("alert(1)") && !again.body.contains("<script>alert"), "{}", again.body);
    saved(&maya.post(&world, &message, &letter(3, "Refill+House", &keep(EVIL))).await);
    let page = maya.get(&world, &message).await;
    is_text(&page);
    assert!(page.body.contains("✓ Kept") && page.body.contains("</q> – Maya"), "{}", page.body);
    assert!(page.body.contains("0 open, 1 kept") && page.body.contains("Take back"), "{}", page.body);
    is_text(&maya.get(&world, &review).await);
    let sent = maya.post(&world, &format!("{path}/submit"), "revision=4").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let approval = omar.get(&world, &path.replace("/campaigns/", "/approvals/")).await;
    is_text(&approval);
    assert!(approval.body.contains("It stands in: “Refill House”"), "{}", approval.body);
    assert!(approval.body.contains("0 open, 1 kept") && approval.body.contains("</q> – Maya"));
    assert!(!approval.body.contains("Take back") && !approval.body.contains("value=\"keep-"));
}

#[tokio::test]
async fn a_finding_is_kept_only_with_a_reason_and_by_whoever_may_write() {
    let world = World::new().await;
    let maya = person(&world, "Maya", &[Role::Marketer]).await;
    let omar = person(&world, "Omar", &[Role::PrivacyOfficer]).await;
    let path = begun(&world, &maya).await;
    let message = format!("{path}/message");
    // What stops a mail has no box for a reason, and none is taken.
    maya.post(&world, &message, &letter(2, "Your+diabetes+refill", "do=save")).await;
    let page = maya.get(&world, &message).await;
    assert!(page.body.contains("1 stops this email, 1 open, 0 kept"), "{}", page.body);
    assert_eq!(page.body.matches("value=\"keep-").count(), 1);
    let stops = mark(&page, "use");
    let forced = format!("reason-{stops}=Please&do=keep-{stops}");
    refused(&maya.post(&world, &message, &letter(3, "Your+diabetes+refill", &forced)).await, "nobody can");
    // Its words are mended by a button, and what else was typed is saved.
    let mend = format!("do=use-{stops}");
    saved(&maya.post(&world, &message, &letter(3, "Your+diabetes+refill", &mend)).await);
    let page = maya.get(&world, &message).await;
    assert!(page.body.contains("value=\"Your health refill\""), "{}", page.body);
    // Without a reason nothing is kept; nor what is not found any more.
    let careful = mark(&page, "keep");
    let empty = format!("reason-{careful}=+&do=keep-{careful}");
    refused(&maya.post(&world, &message, &letter(4, "Your+health+refill", &empty)).await, "Say why");
    let gone = format!("reason-{stops}=Please&do=keep-{stops}");
    refused(&maya.post(&world, &message, &letter(4, "Your+health+refill", &gone)).await, "words changed");
    // The officer reads it, and has no button; a form made by hand is refused.
    let read = omar.get(&world, &message).await;
    assert!(read.body.contains("! Look") && !read.body.contains("value=\"keep-"), "{}", read.body);
    let keep = format!("reason-{careful}=Name+of+a+house&do=keep-{careful}");
    let by_hand = omar.post(&world, &message, &letter(4, "Your+health+refill", &keep)).await;
    assert_eq!(by_hand.status, StatusCode::FORBIDDEN);
    // A reason that was typed is given, whichever button was pressed; and can be taken back.
    let along = format!("reason-{careful}=Name+of+a+house&do=save");
    let answer = maya.post(&world, &message, &letter(4, "Your+health+refill", &along)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = maya.get(&world, &message).await;
    assert!(page.body.contains("<q>Name of a house</q>"), "{}", page.body);
    let back = format!("do=unkeep-{}", mark(&page, "unkeep"));
    saved(&maya.post(&world, &message, &letter(5, "Your+health+refill", &back)).await);
    assert!(maya.get(&world, &message).await.body.contains("1 open, 0 kept"));
}
