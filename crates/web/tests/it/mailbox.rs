//! `/demo/mailbox`: in a demo, and nowhere else.

use crate::staff::person;
use crate::world::World;
use axum::http::StatusCode;
use discreet_access::Role;
use discreet_web::{DemoMail, Mailbox};
use std::sync::Arc;

/// A mailbox of two mails.
#[derive(Debug)]
struct Two;

impl Mailbox for Two {
    fn newest(&self, _: usize) -> Vec<DemoMail> {
        [1, 0].into_iter().filter_map(|n| self.one(n)).collect()
    }
    fn one(&self, number: u64) -> Option<DemoMail> {
        (number < 2).then(|| DemoMail {
            number,
            to: "rosa@patients.example".to_owned(),
            from: "Bayside Clinic <news@bayside.example>".to_owned(),
            subject: format!("Walks <no. {number}>"),
            html: "<!doctype html><html lang=\"en\"><head><title>x</title></head><body><a href=\"/u/x\">Stop</a></body></html>".to_owned(),
            unsubscribe: Some("/u/y".to_owned()),
        })
    }
}

const PATHS: [&str; 3] = ["/demo/mailbox", "/demo/mailbox/1", "/demo/mailbox/1/mail"];

#[tokio::test]
async fn no_real_installation_has_a_mailbox() {
    // Even one that is handed a mailbox.
    for world in [World::new().await, World::with_mailbox(false, Arc::new(Two)).await] {
        let all = person(&world, "all", &Role::ALL).await;
        for path in PATHS {
            let answer = all.get(&world, path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {}", answer.body);
            assert!(!answer.body.contains("Walks"), "{path}");
        }
        let home = all.get(&world, "/").await;
        assert!(!home.body.contains("/demo/mailbox"));
    }
}

#[tokio::test]
async fn a_demo_shows_its_mails_to_whoever_is_signed_in() {
    let world = World::with_mailbox(true, Arc::new(Two)).await;
    let maya = person(&world, "maya", &[Role::Marketer]).await;
    for path in PATHS {
        let answer = world.get(path).await;
        assert!(answer.header("location").starts_with("/sign-in"), "{path}");
    }
    let home = maya.get(&world, "/").await;
    assert!(home.body.contains("emails go to <a href=\"/demo/mailbox\">the built-in mailbox</a>"));
    let list = maya.get(&world, "/demo/mailbox").await;
    assert!(list.body.contains("Walks &#60;no. 1&#62;") && list.body.contains("/demo/mailbox/0"));
    let one = maya.get(&world, "/demo/mailbox/1").await;
    assert!(one.body.contains("rosa@patients.example") && one.body.contains("href=\"/u/y\""));
    assert_eq!(maya.get(&world, "/demo/mailbox/2").await.status, StatusCode::NOT_FOUND);
    // The mail can open windows, and nothing else.
    let mail = maya.get(&world, "/demo/mailbox/1/mail").await;
    assert!(mail.body.contains("<head><base target=\"_blank\">"));
    let policy = mail.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'self'"), "{policy}");
    assert!(policy.contains("sandbox allow-popups allow-popups-to-escape-sandbox;"), "{policy}");
}
