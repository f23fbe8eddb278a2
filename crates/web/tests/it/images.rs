//! The library of images as staff meet it, and what somebody tries with it.

use crate::staff::{Person, person};
use crate::world::{Answer, World, request};
use axum::http::StatusCode;
use discreet_access::Role;
use discreet_app::images::LARGEST_FILE;
use discreet_testkit::pictures::png;

const HOSTILE: &str = "\"><script>alert(1)</script>";

/// A form with a file, as a browser sends it.
async fn upload(world: &World, who: &Person, token: &str, words: [&str; 2], file: &[u8]) -> Answer {
    let mut body = Vec::new();
    for (name, value) in [("form_token", token), ("name", words[0]), ("alt", words[1])] {
        let part = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    body.extend_from_slice(
        b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n",
    );
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--b--\r\n");
    let headers = [
        ("cookie", who.cookie()),
        ("sec-fetch-site", "same-origin".to_owned()),
        ("content-type", "multipart/form-data; boundary=b".to_owned()),
    ];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    world.send(request("POST", "/images", &headers, body)).await
}

async fn add(world: &World, who: &Person, words: [&str; 2], file: &[u8]) -> Answer {
    upload(world, who, &who.secret.form_token(), words, file).await
}

/// The address of the first picture on a page.
fn first(page: &str) -> String {
    let from = page.split("src=\"/images/").nth(1).unwrap();
    format!("/images/{}", from.split('"').next().unwrap())
}

#[tokio::test]
async fn an_image_is_uploaded_chosen_and_previewed() {
    let world = World::new().await;
    let maya = person(&world, "Maya", &[Role::Marketer]).await;
    assert!(maya.get(&world, "/images").await.body.contains("No images yet"));
    let added = add(&world, &maya, ["Hill", "A hill by the lake"], &png(64, 32)).await;
    assert_eq!(
        (added.status, added.header("location")),
        (StatusCode::SEE_OTHER, "/images"),
        "{}",
        added.body
    );
    let page = maya.get(&world, "/images").await.body;
    assert!(page.contains("<h3>Hill</h3>") && page.contains("64 × 32"), "{page}");
    let picture = maya.get(&world, &first(&page)).await;
    assert_eq!(picture.header("content-type"), "image/png");
    assert!(picture.header("content-security-policy").contains("sandbox"));

    let begun = maya.post(&world, "/campaigns", "").await;
    let path = begun.header("location").trim_end_matches("/purpose").to_owned();
    let id = first(&page).trim_start_matches("/images/").to_owned();
    let fields = format!(
        "revision=1&subject=Walks&from_name=Bayside&language=en&b0_kind=image&b0_image={id}&b0_src=&b0_alt=&do=save"
    );
    let saved = maya.post(&world, &format!("{path}/message"), &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let message = maya.get(&world, &format!("{path}/message")).await.body;
    assert!(message.contains(&format!("<option value=\"{id}\" selected>Hill</option>")), "{message}");
    // What the library says of it is said, unless the author says something else.
    assert!(message.contains("value=\"A hill by the lake\""));
    let preview = maya.get(&world, &format!("{path}/preview")).await.body;
    assert!(preview.contains("src=\"data:image/png;base64,"), "{preview}");
    let page =
        maya.get(&world, &format!("/images?draft={}", path.trim_start_matches("/campaigns/"))).await.body;
    assert!(page.contains("In drafts:") && page.contains(&format!("{path}/message")));

    let gone = maya.post(&world, &format!("/images/{id}/remove"), "").await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    let message = maya.get(&world, &format!("{path}/message")).await.body;
    assert!(message.contains("(taken away)") && message.contains("not in the library any more"), "{message}");
    assert_eq!(maya.get(&world, &format!("/images/{id}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field() {
    let world = World::new().await;
    let maya = person(&world, "Maya", &[Role::Marketer]).await;
    let large = vec![0; LARGEST_FILE + 1];
    let file = png(8, 8);
    for (words, file, field, says) in [
        (["", ""], file.as_slice(), "name", "Give the image a name"),
        (["Hill", ""], b"".as_slice(), "file", "Choose a picture"),
        (["Hill", ""], b"<svg onload=alert(1)>", "file", "no PNG, JPEG or GIF"),
        (["Hill", ""], &large, "file", "more than 10 MB"),
        (["Hill", &"x".repeat(300)], &file, "alt", "at most 200"),
    ] {
        let answer = add(&world, &maya, words, file).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
        let error = answer.body.split(&format!("id=\"{field}-error\"")).nth(1).unwrap();
        assert!(error[..300].contains(says), "{says}: {}", &error[..300]);
    }
    assert!(maya.get(&world, "/images").await.body.contains("No images yet"));
}

#[tokio::test]
async fn names_are_text_and_forms_are_ours() {
    let world = World::new().await;
    let maya = person(&world, "Maya", &[Role::Marketer]).await;
    let omar = person(&world, "Omar", &[Role::PrivacyOfficer]).await;
    let added = add(&world, &maya, [HOSTILE, HOSTILE], &png(8, 8)).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let begun = maya.post(&world, "/campaigns", "").await;
    let path = begun.header("location").trim_end_matches("/purpose").to_owned();
    let letter =
        "revision=1&subject=Walks&from_name=Bayside&language=en&b0_kind=image&b0_src=&b0_alt=&do=save";
    maya.post(&world, &format!("{path}/message"), letter).await;
    for page in ["/images", &format!("{path}/message")] {
        let body = maya.get(&world, page).await.body;
        assert!(body.contains("&lt;script&gt;") || body.contains("&#60;script&#62;"), "{page}");
        assert!(!body.contains("<script>alert"), "{page}");
    }
    // Another session's token, or none: nothing is taken in.
    for token in ["", &omar.secret.form_token()] {
        let answer = upload(&world, &maya, token, ["Hill", ""], &png(9, 9)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
    }
    // Who may not write mail may look, and is offered nothing.
    let page = omar.get(&world, "/images").await.body;
    assert!(page.contains("<img src=\"/images/") && !page.contains("Add an image"));
    let refused = add(&world, &omar, ["Hill", ""], &png(9, 9)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}
