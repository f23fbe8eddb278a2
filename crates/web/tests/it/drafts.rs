//! Two windows, or two people, at one draft: nothing is overwritten unseen, and nothing that was typed is lost.

use crate::staff::{Person, person};
use crate::world::{Answer, FORM, World, request};
use axum::http::StatusCode;
use discreet_access::Role;

const LETTER: &str = "preheader=Soon&from_name=Bayside&reply_to=&language=en&b0_kind=text&do=save";

async fn two() -> (World, Person, Person) {
    let world = World::new().await;
    let ana = person(&world, "ana", &[Role::Marketer]).await;
    let ben = person(&world, "ben", &[Role::Marketer]).await;
    (world, ana, ben)
}

fn overtaken(answer: &Answer, who: &str) {
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    assert!(answer.body.contains(who), "{}", answer.body);
    assert!(answer.body.contains("role=\"alert\""), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_somebody_saved_meanwhile_comes_back_as_it_was_typed() {
    let (world, ana, ben) = two().await;
    let made = ana.post(&world, "/campaigns", "segment=").await;
    let path = made.header("location").strip_suffix("/purpose").unwrap().to_owned();
    let message = format!("{path}/message");
    let letter = |revision: u32, subject: &str, text: &str| {
        format!("revision={revision}&subject={subject}&b0_text={text}&{LETTER}")
    };
    let saved = ben.post(&world, &message, &letter(1, "Autumn+walks", "Bring+boots.")).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);

    let late = ana.post(&world, &message, &letter(1, "Winter+walks", "Bring+gloves.")).await;
    overtaken(&late, "ben saved this draft at");
    assert!(
        late.body.contains("while you had it open") && late.body.contains("not saved yet"),
        "{}",
        late.body
    );
    assert!(late.body.contains("value=\"Winter walks\"") && late.body.contains("Bring gloves."));
    assert!(late.body.contains("name=\"revision\" value=\"2\""), "{}", late.body);
    assert!(late.body.contains(&format!("<a href=\"{message}\">Drop mine, take what was saved there</a>")));
    let theirs = ana.get(&world, &message).await.body;
    assert!(theirs.contains("value=\"Autumn walks\"") && !theirs.contains("Bring gloves."), "theirs stands");

    let again = ana.post(&world, &message, &letter(2, "Winter+walks", "Bring+gloves.")).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "kept, now that she knows");
    assert!(ben.get(&world, &message).await.body.contains("value=\"Winter walks\""));
    // The same once more, pressed twice: nothing to tell. Something else from an old page of her own: told.
    let twice = ana.post(&world, &message, &letter(2, "Winter+walks", "Bring+gloves.")).await;
    assert_eq!(twice.status, StatusCode::SEE_OTHER, "{}", twice.body);
    overtaken(
        &ana.post(&world, &message, &letter(2, "Spring+walks", "Bring+gloves.")).await,
        "You saved this draft at",
    );
    let tested = format!("{}&do=test", letter(1, "Tested+walks", "x").replace("&do=save", ""));
    overtaken(&ben.post(&world, &message, &tested).await, "ana saved this draft at");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_does_and_so_does_sending_for_approval() {
    let (world, ana, ben) = two().await;
    let begun = ana.post(&world, "/drafts", "name=Adults&text=age+%3E%3D+18").await;
    let adults = format!("{}/save", begun.header("location"));
    assert_eq!(ana.post(&world, &adults, "revision=1&name=Adults").await.status, StatusCode::SEE_OTHER);
    let made = ana.post(&world, "/campaigns", "segment=").await;
    let path = made.header("location").strip_suffix("/purpose").unwrap().to_owned();
    let purpose = "about=own&health=yes&paid=nobody&topic=marketing";
    let fields = format!("revision=1&name=Ben%E2%80%99s&{purpose}");
    assert_eq!(ben.post(&world, &format!("{path}/purpose"), &fields).await.status, StatusCode::SEE_OTHER);
    for (step, fields, typed) in [
        ("purpose", format!("name=Ana%E2%80%99s&{purpose}"), "value=\"Ana’s\""),
        ("audience", "segment=Adults".to_owned(), "<option value=\"Adults\" selected>"),
        ("schedule", "how=time&start_day=2027-02-03&start_time=10:30".to_owned(), "value=\"2027-02-03\""),
    ] {
        let late = ana.post(&world, &format!("{path}/{step}"), &format!("revision=1&{fields}")).await;
        overtaken(&late, "ben saved this draft at");
        assert!(late.body.contains(typed), "{step}: {}", late.body);
        assert!(late.body.contains("name=\"revision\" value=\"2\""), "{step}: {}", late.body);
        assert!(
            !ana.get(&world, &format!("{path}/{step}")).await.body.contains(typed),
            "{step} is not saved"
        );
    }
    let late = ana.post(&world, &format!("{path}/submit"), "revision=1").await;
    overtaken(&late, "Nothing was sent for approval.");
    assert!(late.body.contains("Ben’s"), "the newer draft is shown: {}", late.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_condition_is_not_lost_when_the_segment_changed_meanwhile() {
    let (world, ana, ben) = two().await;
    let begun = ana.post(&world, "/drafts", "name=Some&text=age+%3E%3D+18+and+sex+%3D+female").await;
    let draft = begun.header("location").to_owned();
    let row = format!("{draft}/row");
    let mut revision = 1;
    let mut changed = async |fields: &str| {
        let answer = ben.post(&world, &row, &format!("revision={revision}&{fields}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        revision += 1;
    };
    changed("kind=attribute-age&place=0&op=at_least&from=21").await;

    // A new one is open at its place, over the newer draft; with a script, as the middle of the page.
    let new = "revision=1&kind=attribute-city&place=&new=yes&op=is&more=Oakland";
    let late = ana.post(&world, &row, new).await;
    overtaken(&late, "ben saved this draft at");
    assert!(
        late.body.contains("Age is at least 21") && late.body.contains("value=\"Oakland\""),
        "{}",
        late.body
    );
    assert!(late.body.contains("not added yet") && late.body.contains("Add condition"), "{}", late.body);
    let cookie = ana.cookie();
    let headers = [
        ("cookie", cookie.as_str()),
        ("sec-fetch-site", "same-origin"),
        ("hx-request", "true"),
        ("content-type", FORM),
    ];
    let body = format!("form_token={}&{new}", ana.secret.form_token());
    let part = world.send(request("POST", &row, &headers, &body)).await;
    overtaken(&part, "ben saved this draft at");
    assert!(
        part.body.starts_with("<div id=\"builder\">") && part.body.contains("value=\"Oakland\""),
        "{}",
        part.body
    );

    // The one that both changed: hers in the form, his in words.
    let late = ana.post(&world, &row, "revision=1&kind=attribute-age&place=0&op=at_least&from=65").await;
    overtaken(&late, "As saved there: Age is at least 21.");
    assert!(late.body.contains("value=\"65\"") && late.body.contains(">Done<"), "{}", late.body);
    let kept = "revision=2&kind=attribute-age&place=0&op=at_least&from=65";
    assert_eq!(ana.post(&world, &row, kept).await.status, StatusCode::SEE_OTHER);

    // One that is not there any more comes back as a new one.
    let gone = ben.post(&world, &format!("{draft}/act"), "revision=3&act=remove&place=0").await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    let late = ana.post(&world, &row, "revision=3&kind=attribute-age&place=0&op=at_least&from=70").await;
    overtaken(&late, "is not where it was");
    assert!(late.body.contains("value=\"70\"") && late.body.contains("Add condition"), "{}", late.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_is_typed_text_or_a_name_and_nothing_newer_is_thrown_away() {
    let (world, ana, ben) = two().await;
    let begun = ana.post(&world, "/drafts", "name=Some&text=age+%3E%3D+18").await;
    let draft = begun.header("location").to_owned();
    let his = ben.post(&world, &format!("{draft}/text"), "revision=1&text=age+%3E%3D+21").await;
    assert_eq!(his.status, StatusCode::SEE_OTHER);

    let late = ana.post(&world, &format!("{draft}/text"), "revision=1&text=age+%3E%3D+65").await;
    overtaken(&late, "Your text is below and not read yet:");
    assert!(
        late.body.contains("age &#62;= 65</textarea>") || late.body.contains("age >= 65</textarea>"),
        "{}",
        late.body
    );
    assert!(late.body.contains(&format!("href=\"{draft}?tab=text\">Drop mine")), "{}", late.body);
    let late = ana.post(&world, &format!("{draft}/act"), "revision=1&act=duplicate&place=0").await;
    overtaken(&late, "What you pressed was not done");
    let late = ana.post(&world, &format!("{draft}/topic"), "revision=1&topic=marketing").await;
    overtaken(&late, "What you pressed was not done");
    let late = ana.post(&world, &format!("{draft}/save"), "revision=1&name=Elders").await;
    overtaken(&late, "No segment was saved.");
    assert!(late.body.contains("value=\"Elders\""), "{}", late.body);
    let late = ana.post(&world, &format!("{draft}/discard"), "revision=1").await;
    overtaken(&late, "Nothing was thrown away.");
    let page = ben.get(&world, &draft).await;
    assert!(page.status == StatusCode::OK && page.body.contains("Age is at least 21"), "{}", page.body);
    let done = ana.post(&world, &format!("{draft}/discard"), "revision=2").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(ben.get(&world, &draft).await.status, StatusCode::NOT_FOUND);
}
