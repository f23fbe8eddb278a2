//! Segments about something sensitive: what they are called and say is for whoever wrote them, and for those who may see
//! patients.

use crate::staff::{Person, person};
use crate::world::{NOW, World};
use axum::http::StatusCode;
use discreet_access::{
    CheckSegment, CountSegment, ListSegments, ManageCatalog, Role, SaveSegment, SignedIn, Who,
};
use discreet_app::segments::{RESTRICTED, Which};
use discreet_domain::{Label, Topic};

const NAME: &str = "Low mood follow-up";
const TEXT: &str = "has condition icd10:F32*";

async fn who(world: &World, person: &Person) -> Who {
    let session = world.app.session(&person.secret, true, world.now()).await.unwrap().unwrap();
    match session.signed_in {
        SignedIn::Fully(who) => who,
        other => panic!("{other:?}"),
    }
}

/// Somebody wrote a sensitive segment and one that is not; the sensitive one's id.
async fn written(world: &World, author: &Person) -> String {
    let who = who(world, author).await;
    let mut ids = Vec::new();
    for (name, text) in [(NAME, TEXT), ("Grown up", "age >= 18")] {
        let by = who.may(SaveSegment).unwrap();
        ids.push(world.app.save_segment(by, name, text, world.now()).await.unwrap().id);
    }
    ids.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_library_names_them_to_those_who_may_read_them() {
    let world = World::new().await;
    let author = person(&world, "author", &[Role::Marketer]).await;
    let colleague = person(&world, "colleague", &[Role::Marketer]).await;
    let analyst = person(&world, "analyst", &[Role::Analyst]).await;
    let officer = person(&world, "officer", &[Role::PrivacyOfficer]).await;
    let path = format!("/segments/{}", written(&world, &author).await);
    for (one, reads) in [(&author, true), (&officer, true), (&colleague, false), (&analyst, false)] {
        let library = one.get(&world, "/segments").await.body;
        assert!(library.contains("Grown up") && library.contains("L3 Sensitive"));
        assert_eq!(library.contains(NAME), reads);
        assert_eq!(library.contains(RESTRICTED), !reads);
        assert_eq!(library.contains("ICD-10 F32"), reads, "{library}");
        assert_eq!(library.contains(&path), reads, "no count is fetched, no link leads there");
        let found = one.get(&world, "/segments?find=mood").await.body;
        assert_eq!(found.contains("L3 Sensitive"), reads, "nor is it found by what it is called");
        for page in ["", "/insights", "/history", "/counts"] {
            let answer = one.get(&world, &format!("{path}{page}")).await;
            assert_eq!(answer.status == StatusCode::OK, reads, "{page}: {}", answer.status);
            assert!(reads || !(answer.body.contains(NAME) || answer.body.contains("F32")), "{page}");
        }
    }
    let began = colleague.post(&world, "/drafts", &format!("from={}", &path["/segments/".len()..])).await;
    assert_eq!(began.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_verb_names_them_to_others() {
    let world = World::new().await;
    let author = person(&world, "author", &[Role::Marketer]).await;
    let other = person(&world, "other", &[Role::Marketer]).await;
    written(&world, &author).await;
    let (author, other) = (who(&world, &author).await, who(&world, &other).await);
    let listed = world.app.segments(other.may(ListSegments).unwrap()).await.unwrap();
    let sensitive = listed.iter().find(|saved| saved.label >= Label::L3).unwrap();
    assert_eq!(
        (sensitive.name.as_str(), sensitive.text.as_str(), sensitive.restricted),
        (RESTRICTED, "", true)
    );
    let listed = world.app.segments(author.may(ListSegments).unwrap()).await.unwrap();
    assert!(listed.iter().any(|saved| saved.name == NAME && !saved.restricted));
    let (names, _) = world.app.names_to_choose(other.may(CheckSegment).unwrap()).await.unwrap();
    assert_eq!(names, ["Grown up"]);
    let which = Which::Saved(NAME.to_owned());
    let by = other.may(CountSegment).unwrap();
    let no = world.app.count_segment(by, &which, &Topic::marketing(), world.now()).await.unwrap_err();
    assert!(no.to_string().contains("something sensitive"), "{no}");
    assert!(world.app.read_segment(other.may(CheckSegment).unwrap(), &which).await.is_err());
    assert!(world.app.read_segment(author.may(CheckSegment).unwrap(), &which).await.is_ok());
    // Whoever mistypes a name is not told the right one.
    let near = Which::Text("in segment \"Low mood follow-ups\"".to_owned());
    let no = world.app.read_segment(other.may(CheckSegment).unwrap(), &near).await.unwrap_err();
    assert!(
        !no.to_string().contains(&NAME.to_lowercase()) && !format!("{no:?}").contains("low mood follow-up\"")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_shows_nothing_of_one_and_keeps_it() {
    let world = World::new().await;
    let author = person(&world, "author", &[Role::Marketer]).await;
    let colleague = person(&world, "colleague", &[Role::Marketer]).await;
    written(&world, &author).await;
    let made = author.post(&world, "/campaigns", "segment=Low+mood+follow-up").await;
    let path = made.header("location").replace("/purpose", "/audience");
    assert!(author.get(&world, &path).await.body.contains(NAME));
    let page = colleague.get(&world, &path).await.body;
    assert!(page.contains("Restricted segment, as it is") && page.contains("Grown up"));
    assert!(!page.contains(NAME) && !page.contains("F32"), "{page}");
    let kept = colleague.post(&world, &path, "revision=1&segment=%09").await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER);
    assert!(author.get(&world, &path).await.body.contains("ICD-10 F32"), "still to the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_about_one_is_its_owners_whoever_has_its_address() {
    let world = World::new().await;
    let author = person(&world, "author", &[Role::Marketer]).await;
    let colleague = person(&world, "colleague", &[Role::Marketer]).await;
    let officer = person(&world, "officer", &[Role::PrivacyOfficer]).await;
    let made = author.post(&world, "/drafts", &format!("name=Mood&text={}", TEXT.replace(' ', "+"))).await;
    let draft = made.header("location").to_owned();
    for (one, reads) in [(&author, true), (&officer, true), (&colleague, false)] {
        let page = one.get(&world, &draft).await;
        assert_eq!(page.status == StatusCode::OK, reads, "{}", page.status);
        assert_eq!(page.body.contains("F32"), reads);
    }
    let no = colleague.post(&world, &format!("{draft}/act"), "revision=1&act=undo&place=").await;
    assert!(no.status.is_client_error() && !no.body.contains("F32"), "{}", no.status);
    let no = colleague.post(&world, &format!("{draft}/discard"), "revision=1").await;
    assert!(no.status.is_client_error(), "{}", no.status);
    assert_eq!(author.get(&world, &draft).await.status, StatusCode::OK, "it is still there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raised_label_restricts_at_once() {
    let world = World::new().await;
    let author = person(&world, "author", &[Role::Marketer]).await;
    let other = person(&world, "other", &[Role::Marketer]).await;
    let by = who(&world, &author).await;
    world.app.save_segment(by.may(SaveSegment).unwrap(), "Harbortown", "city = \"x\"", NOW).await.unwrap();
    let other = who(&world, &other).await;
    let mistyped = Which::Text("in segment \"Harbortowm\"".to_owned());
    let suggested = async || {
        let read = world.app.read_segment(other.may(CheckSegment).unwrap(), &mistyped).await;
        read.unwrap_err().to_string().contains("arbortown")
    };
    assert!(suggested().await);
    let admin = world.app.sign_in(&world.token, None, NOW).await.unwrap();
    world.app.raise_label(admin.may(ManageCatalog).unwrap(), "city", Label::L3, NOW).await.unwrap();
    assert!(!suggested().await);
    let listed = world.app.segments(other.may(ListSegments).unwrap()).await.unwrap();
    assert!(listed.iter().any(|saved| saved.restricted && saved.label == Label::L3));
}
