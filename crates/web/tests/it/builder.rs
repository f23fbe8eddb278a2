//! The visual segment builder over the catalog of the installation: attributes of its own, labels that were raised.

use crate::staff::{Person, person};
use crate::world::World;
use axum::http::StatusCode;
use discreet_access::{Import, Role};
use discreet_app::import::{Order, Source};

const OWN: &str = "name=shoe_size&title=Shoe+size&kind=number&basis=demographic&new_label=L1";

/// Forty patients of a club, twenty-five with a shoe size. For a marketer both are round numbers.
async fn import(world: &World) {
    let folder = tempfile::tempdir().unwrap();
    let mut text = "id,family,birth_date,shoe_size,club\n".to_owned();
    for n in 0..40 {
        let size = if n < 15 { String::new() } else { "42.5".to_owned() };
        text.push_str(&format!("P{n},Zz-Canary,{}-01-02,{size},rowing\n", 1950 + n));
    }
    std::fs::write(folder.path().join("patients.csv"), text).unwrap();
    let order = Order {
        files: Source::at(folder.path().to_owned()),
        source: "ehr".to_owned(),
        mapping: None,
        dry_run: false,
        batch: false,
    };
    let by = world.app.sign_in(&world.token, None, world.now()).await.unwrap().may(Import).unwrap();
    let now = world.now();
    let done = world.app.import(by, order, &move || now, &|_| {}).await.unwrap();
    assert_eq!(done.tally.patients_written, 40, "{done:?}");
}

/// A new draft's address.
async fn draft(world: &World, person: &Person) -> String {
    person.post(world, "/drafts", "").await.header("location").to_owned()
}

async fn add(world: &World, person: &Person, draft: &str, revision: u32, fields: &str) {
    let fields = format!("revision={revision}&place=&new=yes&{fields}");
    let answer = person.post(world, &format!("{draft}/row"), &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attribute_of_ones_own_is_offered_and_used() {
    let world = World::new().await;
    let admin = person(&world, "admin", &[Role::Administrator, Role::Marketer]).await;
    let marketer = person(&world, "marketer", &[Role::Marketer]).await;
    let draft = draft(&world, &marketer).await;
    let panel = marketer.get(&world, &format!("{draft}?add=")).await;
    assert!(panel.body.contains("Add a condition") && !panel.body.contains("Your own"), "{}", panel.body);
    let early = "revision=1&place=&new=yes&kind=attribute-shoe_size&op=at_least&from=40";
    let early = marketer.post(&world, &format!("{draft}/row"), early).await;
    assert_eq!(early.status, StatusCode::BAD_REQUEST, "not before it is there");

    for fields in [OWN, "name=club&title=Club&kind=text&basis=psychographic&new_label=L1"] {
        let added = admin.post(&world, "/settings/catalog/attributes", fields).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    }
    import(&world).await;
    let panel = marketer.get(&world, &format!("{draft}?add=")).await.body;
    assert!(panel.contains("Your own") && panel.contains(">Shoe size</a>"), "{panel}");
    let form = marketer.get(&world, &format!("{draft}?add=&kind=attribute-shoe_size")).await.body;
    assert!(
        form.contains("is at least") && form.contains("inputmode=\"decimal\""),
        "a number's form: {form}"
    );
    assert!(!form.contains("Values here"), "{form}");
    let form = marketer.get(&world, &format!("{draft}?add=&kind=attribute-club")).await.body;
    assert!(
        form.contains("begins with") && form.contains("rowing · 40"),
        "a text's, with its values: {form}"
    );

    add(&world, &marketer, &draft, 1, "kind=attribute-shoe_size&op=between&from=40.5&to=").await;
    let page = marketer.get(&world, &draft).await.body;
    assert!(page.contains("Shoe size is 40.5 or more"), "{page}");
    assert!(page.contains(">25<"), "of the others it is not known: {page}");
    assert!(page.contains("L1 Contact"), "{page}");
    let text = marketer.get(&world, &format!("{draft}?tab=text")).await.body;
    assert!(text.contains("shoe_size in 40.5.."), "{text}");
    // What was built is taken into the form again.
    let form = marketer.get(&world, &format!("{draft}?edit=0")).await.body;
    assert!(form.contains("value=\"attribute-shoe_size\"") && form.contains("value=\"40.5\""), "{form}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raised_label_stands_in_the_panel_beside_the_row_and_in_the_rail() {
    let world = World::new().await;
    let admin = person(&world, "admin", &[Role::Administrator]).await;
    let author = person(&world, "author", &[Role::Marketer]).await;
    let colleague = person(&world, "colleague", &[Role::Marketer]).await;
    let draft = draft(&world, &author).await;
    add(&world, &author, &draft, 1, "kind=attribute-city&op=is&more=Oakland").await;
    let page = author.get(&world, &draft).await.body;
    assert!(page.contains("L1 Contact") && !page.contains("L3 Sensitive"), "{page}");
    assert_eq!(colleague.get(&world, &draft).await.status, StatusCode::OK);

    let raised = admin.post(&world, "/settings/catalog/labels", "what=city&label=L3").await;
    assert_eq!(raised.status, StatusCode::SEE_OTHER);
    let panel = author.get(&world, &format!("{draft}?add=")).await.body;
    let city = panel.split(">City</a>").nth(1).unwrap();
    assert!(city.split("</li>").next().unwrap().contains("L3 Sensitive"), "{panel}");
    let page = author.get(&world, &draft).await.body;
    assert_eq!(page.matches("L3 Sensitive").count(), 2, "beside the row and in the rail: {page}");
    assert!(page.contains("Sensitive topics cannot be used for marketing"), "{page}");
    assert_ne!(colleague.get(&world, &draft).await.status, StatusCode::OK, "it is its author's alone now");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_event_after_another_and_distance_are_built() {
    let world = World::new().await;
    let marketer = person(&world, "marketer", &[Role::Marketer]).await;
    let draft = draft(&world, &marketer).await;
    let form = marketer.get(&world, &format!("{draft}?add=&kind=sequence")).await.body;
    for control in
        ["name=\"first\"", "name=\"t0_field\"", "name=\"u0_field\"", "name=\"within_n\"", "value=\"14\""]
    {
        assert!(form.contains(control), "{control}: {form}");
    }
    let sequence = "kind=sequence&first=email_click&then=appointment&within_n=14&within_unit=days&join=all&u_join=all\
                    &w_kind=in_last&w_n=90&w_unit=days";
    // What the kind has not, and what is no length, is said at the form.
    for (wrong, said) in [
        (sequence.replace("within_n=14", "within_n=0"), "Enter a length from 1 to"),
        (format!("{sequence}&u0_field=campaign&u0_op=is&u0_value=x"), "has no “campaign”"),
        (format!("{sequence}&u0_field=status&u0_op=is&u0_value="), "Enter a value for “status”"),
    ] {
        let fields = format!("revision=1&place=&new=yes&{wrong}");
        let answer = marketer.post(&world, &format!("{draft}/row"), &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(answer.body.contains(said), "{said}: {}", answer.body);
    }
    add(&world, &marketer, &draft, 1, &format!("{sequence}&u0_field=status&u0_op=is&u0_value=booked")).await;
    let page = marketer.get(&world, &draft).await.body;
    let said = "Had at least one email click in the last 90 days followed within 14 days by an appointment whose status is booked";
    assert!(page.contains(said), "{page}");
    assert!(page.contains("L2 Health"), "as careful as the more sensitive of the two: {page}");

    add(&world, &marketer, &draft, 2, "kind=attribute-zip&op=near&miles=25&more=94110").await;
    let page = marketer.get(&world, &draft).await.body;
    assert!(page.contains("Zip is within 25 miles of ZIP code 94110"), "{page}");
    let text = marketer.get(&world, &format!("{draft}?tab=text")).await.body;
    let first = "any email_click in last 90 days then appointment where status = booked within 14 days";
    assert!(text.contains(first) && text.contains("and zip within 25 miles of 94110"), "{text}");
    add(&world, &marketer, &draft, 3, "kind=attribute-zip&op=near&miles=25&more=94199").await;
    let page = marketer.get(&world, &draft).await.body;
    assert!(page.contains("the place of ZIP code `94199` is not known"), "{page}");
}
