//! How fast it is.

use super::tests::{catcher, config, mail};
use super::*;
use crate::catcher::CatcherConfig;
use crate::rendered::Envelope;

/// Seconds of processor time this process used; on a shared machine they say more than the clock.
fn cpu_seconds() -> f64 {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or("");
    after_name.split(' ').skip(12).take(2).filter_map(|t| t.parse::<f64>().ok()).sum::<f64>()
        / TICKS_PER_SECOND
}

/// How fast it is, printed, per second of the clock and of the processor: `DISCREET_RATES=1 taskset -c 0 cargo test --release -p discreet-mail rates -- --nocapture`.
/// Without the variable it runs briefly, so that it cannot rot.
#[tokio::test]
async fn rates() {
    let rounds = if std::env::var_os("DISCREET_RATES").is_some() { 8_000 } else { 40 };
    let start = || (std::time::Instant::now(), cpu_seconds());
    let rate = |n: usize, (clock, cpu): (std::time::Instant, f64)| {
        let n = n as f64;
        format!(
            "{:.0}/s, {:.0} per CPU second",
            n / clock.elapsed().as_secs_f64(),
            n / (cpu_seconds() - cpu).max(0.01)
        )
    };
    let layout = crate::page::tests::layout(include_str!("../../../tests/golden/newsletter.draft"));
    let now = discreet_domain::Timestamp::parse("2026-11-24T09:00:00Z").unwrap();
    let key = |kind| {
        let secret = crate::generate_dkim_key(kind).unwrap();
        crate::DkimKey::from_pkcs8("d", "mail.lakeside.example", &secret).unwrap()
    };
    let keys = [key(crate::DkimAlgorithm::Rsa), key(crate::DkimAlgorithm::Ed25519)];
    let like = mail(0);
    let envelope = || Envelope {
        message: like.message(),
        addressee: like.addressee(),
        to: like.to().clone(),
        return_path: like.return_path().clone(),
    };
    let page = || layout.fill(&crate::Values::new(), &crate::Links::random().unwrap()).unwrap();
    for (name, keys) in
        [("no key", &keys[..0]), ("RSA-2048", &keys[..1]), ("Ed25519", &keys[1..]), ("both", &keys[..])]
    {
        let start = start();
        for _ in 0..rounds {
            page().compose(envelope(), keys, now).unwrap();
        }
        println!("fill, compose and sign with {name}: {}", rate(rounds, start));
    }
    let rendered = page().compose(envelope(), &keys[..1], now).unwrap();
    println!("message: {} bytes", rendered.bytes().expose().len());
    for caught in [CatcherConfig::secure(), CatcherConfig::plain()] {
        for senders in [1, 8] {
            let catcher = catcher(CatcherConfig { kept: 100, ..caught.clone() }).await;
            let relay = SmtpRelay::new(config(&catcher)).unwrap();
            let start = start();
            let one = async || {
                for _ in 0..rounds / senders {
                    assert_eq!(relay.send(&rendered, Leaving(())).await, Outcome::Accepted);
                }
            };
            all(std::iter::repeat_with(one).take(senders)).await;
            println!("to the catcher, TLS {}, {senders} senders: {}", relay.is_secure(), rate(rounds, start));
        }
    }
}

/// Runs all of them in this task.
async fn all(futures: impl Iterator<Item = impl Future<Output = ()>>) {
    let mut left: Vec<_> = futures.map(Box::pin).collect();
    std::future::poll_fn(|cx| {
        left.retain_mut(|f| f.as_mut().poll(cx).is_pending());
        if left.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}
