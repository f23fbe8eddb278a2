//! Programs that are told what happens: ids alone, signed, in order, at least once, and not for ever.

use discreet_access::ManageWebhooks;
use discreet_app::AppError;
use discreet_app::webhooks::{Delivery, KINDS, MOST_FAILURES, Post};
use discreet_testkit::world::{CANARY, Mailing, TestRelay, World, people};
use serde_json::Value;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

#[derive(Default)]
struct Listener {
    heard: Mutex<Vec<Delivery>>,
    deaf: AtomicBool,
}

impl Post for Listener {
    async fn post(&self, delivery: Delivery) -> bool {
        if self.deaf.load(Ordering::Relaxed) {
            return false;
        }
        self.heard.lock().unwrap().push(delivery);
        true
    }
}

impl Listener {
    fn kinds(&self) -> Vec<String> {
        let body = |d: &Delivery| {
            serde_json::from_str::<Value>(&d.body).unwrap()["type"].as_str().unwrap().to_owned()
        };
        self.heard.lock().unwrap().iter().map(body).collect()
    }
}

const URL: &str = "https://integration.clinic.example/hook";

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_told_by_ids_alone_and_signed() {
    let world = World::sqlite().await;
    let list = people(0, 3);
    world.import(&list).await;
    let events: Vec<String> = KINDS.iter().map(|k| (*k).to_owned()).collect();
    let by = || world.admin.may(ManageWebhooks);
    let (id, secret) = world.app.add_webhook(by(), URL, &events, world.now()).await.unwrap();
    let campaign = world.campaign(&Mailing::new("walks", "age >= 18")).await;
    let relay = Arc::new(TestRelay::default());
    world.dispatch(campaign, &relay, 1).await;
    world.withdraw(world.patient(&list[0]).await).await;
    let listener = Listener::default();
    world.app.tell_webhooks(&listener, &*world.clock()).await.unwrap();
    let kinds = listener.kinds();
    let count = |kind: &str| kinds.iter().filter(|k| *k == kind).count();
    assert_eq!((count("message.outcome"), count("consent.withdrawn")), (3, 1), "{kinds:?}");
    assert!(count("campaign.state") >= 3, "{kinds:?}");
    use base64::Engine;
    let key =
        base64::engine::general_purpose::STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    for delivery in listener.heard.lock().unwrap().iter() {
        assert!(
            !delivery.body.contains(CANARY)
                && !delivery.body.contains("walks")
                && !delivery.body.contains("marketing")
        );
        let [(_, n), (_, at), (_, signature)] = &delivery.headers;
        let mac = discreet_vault::hmac_sha256(&key, format!("{n}.{at}.{}", delivery.body).as_bytes());
        assert_eq!(*signature, format!("v1,{}", base64::engine::general_purpose::STANDARD.encode(mac)));
    }
    // Told once, when it was heard.
    let before = kinds.len();
    world.app.tell_webhooks(&listener, &*world.clock()).await.unwrap();
    assert_eq!(listener.kinds().len(), before);
    world.app.remove_webhook(by(), id, world.now()).await.unwrap();
    world.withdraw(world.patient(&list[1]).await).await;
    world.app.tell_webhooks(&listener, &*world.clock()).await.unwrap();
    assert_eq!(listener.kinds().len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_listen_is_tried_again_and_given_up() {
    let world = World::sqlite().await;
    let list = people(0, 2);
    world.import(&list).await;
    let by = || world.admin.may(ManageWebhooks);
    let events = ["consent.withdrawn".to_owned()];
    world.app.add_webhook(by(), URL, &events, world.now()).await.unwrap();
    let listener = Listener::default();
    listener.deaf.store(true, Ordering::Relaxed);
    world.withdraw(world.patient(&list[0]).await).await;
    world.app.tell_webhooks(&listener, &*world.clock()).await.unwrap();
    listener.deaf.store(false, Ordering::Relaxed);
    world.app.tell_webhooks(&listener, &*world.clock()).await.unwrap();
    assert!(listener.kinds().is_empty(), "not before its time");
    world.pass(60);
    world.withdraw(world.patient(&list[1]).await).await;
    world.app.tell_webhooks(&listener, &*world.clock()).await.unwrap();
    assert_eq!(listener.kinds().len(), 2, "in order, nothing lost");
    assert_eq!(world.app.webhooks(by()).await.unwrap()[0].failures, 0);
    listener.deaf.store(true, Ordering::Relaxed);
    world.withdraw(world.patient(&list[0]).await).await;
    for _ in 0..MOST_FAILURES {
        world.pass(7 * 3600);
        world.app.tell_webhooks(&listener, &*world.clock()).await.unwrap();
    }
    let hook = world.app.webhooks(by()).await.unwrap().remove(0);
    assert!(hook.paused && hook.failures == MOST_FAILURES);
    assert!(world.log_lines().await.iter().any(|l| l.contains("webhook_paused")));
    for bad in ["http://x.example", "https://u@x.example", "https://", "ftp://x", "https://x.example/ y"] {
        let refused = world.app.add_webhook(by(), bad, &events, world.now()).await;
        assert!(matches!(refused, Err(AppError::Invalid(_))), "{bad}");
    }
}
