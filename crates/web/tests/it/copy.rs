//! `/p/authorization/{token}`

use crate::clinic::Clinic;
use axum::http::StatusCode;

#[tokio::test(flavor = "multi_thread")]
async fn the_birth_date_comes_first_and_the_form_stands_whole() {
    let clinic = Clinic::new().await;
    let link = clinic.copy(0).await;
    let asks = clinic.get(&link).await.body;
    assert!(
        asks.contains("Enter your birth date to see your copy") && !asks.contains("Your age and your visits")
    );
    let wrong = clinic.post(&link, "month=1&day=2&year=1999").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("This is not the birth date we have.") && !wrong.body.contains("1999"));
    let page = clinic.post(&link, &clinic.form(0)).await;
    assert_eq!(page.status, StatusCode::OK);
    for part in [
        "What information",
        "Your age and your visits",
        "Who may use it",
        "Who may get it",
        "What for",
        "News and offers",
        "On December 24, 2027.",
        "You do not have to sign.",
        "Signed on November 24, 2026.",
        "Take back my permission",
    ] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    let spanish = clinic.post(&format!("{link}?lang=es"), &clinic.form(0)).await.body;
    assert!(spanish.contains("El 24 de diciembre de 2027."), "{spanish}");
    let back = clinic.post(&link, "take_back=1").await.body;
    assert!(back.contains("Your permission ended just now") && back.contains("because the law says so"));
    let ended = clinic.post(&link, &clinic.form(0)).await.body;
    assert!(ended.contains("This permission has ended.") && !ended.contains("Take back my permission"));
}

#[tokio::test(flavor = "multi_thread")]
async fn five_tries_and_it_is_closed() {
    let clinic = Clinic::new().await;
    let link = clinic.copy(0).await;
    for n in 1..=5 {
        let answer = clinic.post(&link, "month=1&day=2&year=1999").await.body;
        assert_eq!(answer.contains("Too many tries"), n == 5, "{n}");
    }
    assert!(clinic.get(&link).await.body.contains("Too many tries"));
    let right = clinic.post(&link, &clinic.form(0)).await.body;
    assert!(right.contains("Too many tries") && !right.contains("Your age and your visits"));
}
