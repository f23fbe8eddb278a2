//! The library of images: cleaned, sealed, carried in the mail, and there as long as mail that was sent shows them.

use crate::trial::{VERA, colleague};
use discreet_access::{CreateCampaign, PreviewCampaign, SaveSegment, SaveTemplate, SendTest};
use discreet_app::AppError;
use discreet_app::campaigns::blocks::ContentBlock;
use discreet_app::campaigns::drafts::CampaignDraft;
use discreet_app::drafts::Draft;
use discreet_app::images::LibraryImage;
use discreet_domain::ImageId;
use discreet_mail::Images;
use discreet_policy::consent::Method;
use discreet_testkit::pictures::png;
use discreet_testkit::world::{Purpose, TestRelay, World, both, marketing, people};
use std::sync::Arc;

const ALT: &str = "A hill by the lake";
/// What a PNG begins with.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

async fn add(world: &World, name: &str, file: Vec<u8>) -> Result<LibraryImage, AppError> {
    world.app.add_image(world.marketer.may(SaveTemplate), (name, ALT), file, world.now()).await
}

async fn library(world: &World) -> Vec<LibraryImage> {
    world.app.images(&world.marketer.may(PreviewCampaign)).await.unwrap()
}

async fn remove(world: &World, id: ImageId) -> Result<(), AppError> {
    world.app.remove_image(world.marketer.may(SaveTemplate), id, world.now()).await
}

/// A draft to everybody with an address, that shows this image.
async fn showing(world: &World, image: ImageId) -> Draft<CampaignDraft> {
    let (app, by, now) = (&world.app, &world.marketer, world.now());
    app.save_segment(by.may(SaveSegment), "Walks", "has_email = yes", now).await.unwrap();
    let mut draft = app.begin_campaign_draft(by.may(CreateCampaign), Some("Walks"), now).await.unwrap();
    draft.content.name = "Walks".to_owned();
    draft.content.purpose = Purpose::OwnService.blocks().pop();
    draft.content.topic = Some(marketing());
    draft.content.subject = "Autumn walks".to_owned();
    draft.content.content = vec![
        ContentBlock::Text { text: "Come along on Saturday.".to_owned() },
        ContentBlock::Image { src: Images::address(image), alt: ALT.to_owned() },
    ];
    app.change_campaign_draft(by.may(CreateCampaign), &mut draft, now).await.unwrap();
    draft
}

async fn findings(world: &World, draft: &Draft<CampaignDraft>) -> Vec<&'static str> {
    let by = world.marketer.may(PreviewCampaign);
    let preview = world.app.preview_letter(&by, &draft.content).await.unwrap();
    preview.findings.iter().map(|finding| finding.code).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_is_added_shown_and_taken_away() {
    for world in both().await {
        let first = add(&world, "Hill", png(600, 300)).await.unwrap();
        assert_eq!((first.width, first.height, first.name.as_str()), (600, 300, "Hill"));
        // The same picture again is the same image.
        let again = add(&world, "The hill", png(600, 300)).await.unwrap();
        assert_eq!((again.id, library(&world).await.len()), (first.id, 1));
        assert_eq!(library(&world).await[0].name, "The hill");
        let draft = showing(&world, first.id).await;
        assert!(findings(&world, &draft).await.is_empty());
        let by = world.marketer.may(PreviewCampaign);
        assert_eq!(world.app.image_uses(&by).await.unwrap()[&first.id], ["Walks"]);
        let preview = world.app.preview_letter(&by, &draft.content).await.unwrap();
        assert!(preview.html.contains("src=\"data:image/png;base64,") && !preview.html.contains("cid:"));

        remove(&world, first.id).await.unwrap();
        assert!(library(&world).await.is_empty());
        assert_eq!(findings(&world, &draft).await, ["image_missing"]);
        assert!(matches!(remove(&world, first.id).await, Err(AppError::NotFound("image"))));
        assert!(matches!(world.app.image(&by, first.id).await, Err(AppError::NotFound("image"))));
        add(&world, "Hill", png(600, 300)).await.unwrap();
        assert!(findings(&world, &draft).await.is_empty(), "it is back");
        let lines = world.log_lines().await;
        for (kind, times) in [("image_added", 3), ("image_removed", 1)] {
            assert_eq!(lines.iter().filter(|line| line.contains(kind)).count(), times, "{kind}");
        }
        assert!(lines.iter().all(|line| !line.contains("hill") && !line.contains("Hill")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_or_has_no_name_is_refused_and_nothing_is_kept() {
    for world in both().await {
        for (name, file, says) in [
            ("Hill", b"<svg onload='x'/>".to_vec(), "PNG, JPEG or GIF"),
            ("Hill", png(9, 9)[..30].to_vec(), "damaged"),
            (" ", png(9, 9), "a name"),
            ("a\nb", png(9, 9), "a name"),
        ] {
            match add(&world, name, file).await {
                Err(AppError::Invalid(text)) => assert!(text.contains(says), "{text}"),
                other => panic!("{other:?}"),
            }
        }
        let long = "x".repeat(201);
        let by = world.marketer.may(SaveTemplate);
        assert!(world.app.add_image(by, ("Hill", &long), png(9, 9), world.now()).await.is_err());
        assert!(library(&world).await.is_empty());
    }
}

/// Who reads the disk sees no picture: it is sealed like all else.
#[tokio::test(flavor = "multi_thread")]
async fn pictures_lie_sealed() {
    let world = World::sqlite().await;
    add(&world, "Hill", png(600, 300)).await.unwrap();
    for entry in std::fs::read_dir(world.folder()).unwrap() {
        let Ok(bytes) = std::fs::read(entry.unwrap().path()) else { continue };
        assert!(!bytes.windows(PNG.len()).any(|window| window == PNG));
        assert!(!bytes.windows(ALT.len()).any(|window| window == ALT.as_bytes()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_carries_its_images_even_those_taken_away_since() {
    for world in both().await {
        let people = people(0, 3);
        world.import(&people).await;
        for person in &people {
            let patient = world.patient(person).await;
            world.grant_to(patient, marketing(), Method::WebForm).await;
        }
        let image = add(&world, "Hill", png(600, 300)).await.unwrap();
        let draft = showing(&world, image.id).await;
        let by = &world.marketer;
        let leave = (by.may(CreateCampaign), by.may(SaveTemplate), &by.may(PreviewCampaign));
        let campaign =
            world.app.submit_campaign(leave, (draft.id, draft.revision), world.now()).await.unwrap();
        remove(&world, image.id).await.unwrap();
        world.start(&campaign).await;
        let relay = Arc::new(TestRelay::default());
        world.dispatch(campaign.campaign, &relay, 1).await;
        let given = relay.given();
        assert_eq!(given.len(), 3, "{}", world.name());
        for mail in &given {
            let text = String::from_utf8_lossy(mail.bytes.expose()).into_owned();
            for part in ["multipart/related", "Content-Type: image/png", "image-1.png", "iVBOR"] {
                assert!(text.contains(part), "{part}");
            }
            let id = format!("Content-ID: <{}@", image.id);
            assert!(text.contains(&id) && !text.contains("image:"));
        }
    }
}

/// Nobody can test a message that shows what is not there.
#[tokio::test(flavor = "multi_thread")]
async fn a_test_needs_its_images_too() {
    for world in both().await {
        let draft = showing(&world, ImageId::from_u128(7)).await;
        let vera = colleague(&world, "Vera", VERA).await;
        let sent = world.app.send_test(world.marketer.may(SendTest), draft.id, vera, world.now());
        match sent.await {
            Err(AppError::Conflict(text)) => assert!(text.contains("not in the library"), "{text}"),
            other => panic!("{other:?}"),
        }
    }
}
