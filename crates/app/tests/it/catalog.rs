//! The catalog of an installation: attributes of its own, labels raised and taken back; what segments and campaigns make
//! of it.

use discreet_access::{
    ApproveCampaign, CheckSegment, CountSegment, CreateCampaign, ListSegments, LowerLabel, ManageCatalog,
    SaveSegment,
};
use discreet_app::AppError;
use discreet_app::campaigns::Plan;
use discreet_app::segments::Which;
use discreet_domain::catalog::{Attribute, Kind};
use discreet_domain::{Basis, Label};
use discreet_testkit::world::{Mailing, Purpose, World, both, marketing, people};

fn own(name: &str, kind: Kind, label: Label) -> Attribute {
    let basis = Basis::Demographic;
    Attribute { name: name.to_owned(), title: "Something".to_owned(), kind, label, basis, values: Vec::new() }
}

async fn label(world: &World, segment: &str) -> Label {
    let by = world.marketer.may(CheckSegment);
    world.app.read_segment(by, &Which::Saved(segment.to_owned())).await.unwrap().label
}

async fn stale(world: &World) -> Vec<(String, Label, Label)> {
    let found = world.app.stale_segments(world.marketer.may(ListSegments)).await.unwrap();
    found.into_iter().map(|one| (one.name, one.was, one.label)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raised_label_reaches_segments_that_were_saved_before() {
    for world in both().await {
        world.import(&people(0, 12)).await;
        let mailing = Mailing::new("walks", "city = \"Oakland\"").for_purpose(Purpose::OwnService);
        let waiting = world.draft(&mailing).await;
        assert_eq!((label(&world, "walks").await, stale(&world).await), (Label::L1, vec![]));

        let by = world.admin.may(ManageCatalog);
        world.app.raise_label(by, "city", Label::L3, world.now()).await.unwrap();
        let logged = world.log_lines().await;
        let entry = "\"event\":\"label_set\",\"name\":\"city\",\"was\":\"L1\",\"label\":\"L3\"";
        assert!(logged.last().unwrap().contains(entry), "{logged:?}");
        assert_eq!(label(&world, "walks").await, Label::L3, "{}", world.name());
        assert_eq!(stale(&world).await, [("walks".to_owned(), Label::L1, Label::L3)]);
        let listed = world.app.library(world.marketer.may(ListSegments)).await.unwrap();
        assert_eq!(listed[0].label, Label::L3);

        // What waits for approval is not approved any more, and no campaign is made with what was saved before.
        let of = ApproveCampaign { campaign: waiting.campaign, author: waiting.author };
        let approved = world.app.approve(world.officer.may(of), &waiting.content, world.now()).await;
        assert!(matches!(approved, Err(AppError::Conflict(_))), "{approved:?}");
        let plan = Plan {
            name: "again".to_owned(),
            segment: "walks".to_owned(),
            template: "walks".to_owned(),
            topic: marketing(),
            blocks: Purpose::OwnService.blocks(),
            not_after: None,
            kept: Default::default(),
        };
        let make = || world.app.create_campaign(world.marketer.may(CreateCampaign), &plan, world.now());
        assert!(matches!(make().await, Err(AppError::Conflict(_))));
        let by = world.marketer.may(SaveSegment);
        let saved = world.app.save_segment(by, "walks", "city = \"Oakland\"", world.now()).await.unwrap();
        assert_eq!((saved.version, saved.label, stale(&world).await), (2, Label::L3, vec![]));
        assert_eq!(make().await.unwrap().label, Label::L3);
        // Another process sees the same.
        assert_eq!(world.open_again().await.catalog().attribute("city").unwrap().label, Label::L3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_never_falls_below_the_one_it_began_with() {
    for world in both().await {
        let raise = |name: &'static str, label| {
            world.app.raise_label(world.admin.may(ManageCatalog), name, label, world.now())
        };
        let lower = |name: &'static str, label| {
            world.app.lower_label(world.officer.may(LowerLabel), name, label, world.now())
        };
        let logged = world.log_lines().await.len();
        for refused in [
            raise("payer", Label::L2).await,
            raise("payer", Label::L1).await,
            raise("payer", Label::L5).await,
            lower("payer", Label::L1).await,
            lower("payer", Label::L0).await,
            lower("payer", Label::L3).await,
        ] {
            assert!(matches!(refused, Err(AppError::Invalid(_))), "{refused:?}");
        }
        assert!(matches!(raise("nothing", Label::L3).await, Err(AppError::NotFound(_))));
        assert_eq!(world.log_lines().await.len(), logged, "nothing was changed");
        raise("payer", Label::L4).await.unwrap();
        lower("payer", Label::L2).await.unwrap();
        raise("encounter", Label::L3).await.unwrap();
        raise("birth_date", Label::L2).await.unwrap();
        let catalog = world.app.catalog();
        assert_eq!(catalog.attribute("payer").unwrap().label, Label::L2);
        assert_eq!(catalog.event("encounter").unwrap().label, Label::L3);
        assert_eq!(catalog.attribute("age").unwrap().label, Label::L2, "an age tells the year of birth");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attribute_of_ones_own_is_imported_and_selected_by() {
    for world in both().await {
        let add = |attribute| world.app.add_attribute(world.admin.may(ManageCatalog), attribute, world.now());
        add(own("preferred_pharmacy", Kind::Text, Label::L2)).await.unwrap();
        add(own("shoe_size", Kind::Number, Label::L1)).await.unwrap();
        for name in ["preferred_pharmacy", "sex", "encounter", "email", "missing", "Shoe", "x", "a_", "a-b"] {
            let refused = add(own(name, Kind::Text, Label::L2)).await;
            assert!(matches!(refused, Err(AppError::Invalid(_))), "{name}: {refused:?}");
        }
        for wrong in [own("fine", Kind::Code, Label::L2), own("fine", Kind::Text, Label::L0)] {
            assert!(matches!(add(wrong).await, Err(AppError::Invalid(_))));
        }
        let clinical = Attribute { basis: Basis::Clinical, ..own("fine", Kind::Text, Label::L1) };
        assert!(matches!(add(clinical).await, Err(AppError::Invalid(_))));

        let text = "id,family,birth_date,preferred_pharmacy,shoe_size\nP1,Zz-Canary,1980-01-01,Elm Street,42\nP2,Zz-Canary,1980-01-02,Elm Street,39\nP3,Zz-Canary,1980-01-03,,\n";
        let done = world.import_csv(&[("patients.csv".to_owned(), text.to_owned())]).await;
        assert_eq!(done.tally.patients_written, 3, "{done:?}");
        let count = async |text: &str| {
            let which = Which::Text(text.to_owned());
            let by = world.marketer.may(CountSegment);
            world.app.count_segment(by, &which, &marketing(), world.now()).await.unwrap()
        };
        let both = count("preferred_pharmacy = \"elm street\" and shoe_size >= 40").await;
        assert_eq!((both.count.exact(), both.label), (1, Label::L2), "{}", world.name());
        assert_eq!(count("missing preferred_pharmacy").await.count.exact(), 1);
    }
}
