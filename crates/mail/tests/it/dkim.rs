//! Signatures, verified by another implementation (mail-auth), its DNS replaced by a cache that holds our record.

use crate::world::{envelope, newsletter, now, values};
use discreet_mail::{DkimAlgorithm, DkimKey, Links, generate_dkim_key};
use mail_auth::common::parse::TxtRecordParser as _;
use mail_auth::common::verify::DomainKey;
use mail_auth::{AuthenticatedMessage, DkimResult, MessageAuthenticator, Parameters, ResolverCache, Txt};
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::time::Instant;

struct Dns(HashMap<Box<str>, Txt>);

impl ResolverCache<Box<str>, Txt> for Dns {
    fn get<Q: Hash + Eq + ?Sized>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
    {
        self.0.get(name).cloned()
    }
    fn remove<Q: Hash + Eq + ?Sized>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
    {
        None
    }
    fn insert(&self, _: Box<str>, _: Txt, _: Instant) {}
}

fn key(selector: &str, algorithm: DkimAlgorithm) -> DkimKey {
    DkimKey::from_pkcs8(selector, "mail.lakeside.example", &generate_dkim_key(algorithm).unwrap()).unwrap()
}
fn keys() -> [DkimKey; 2] {
    [key("rsa2026", DkimAlgorithm::Rsa), key("ed2026", DkimAlgorithm::Ed25519)]
}

fn signed(keys: &[DkimKey]) -> String {
    let page = newsletter().fill(&values(), &Links::sample()).unwrap();
    let rendered = page.compose(envelope(), keys, now()).unwrap();
    String::from_utf8(rendered.bytes().expose().clone()).unwrap()
}

async fn verify(message: &str, keys: &[DkimKey]) -> Vec<bool> {
    let dns = keys.iter().map(|k| {
        let record = DomainKey::parse(k.dns_record().unwrap().as_bytes()).unwrap();
        (format!("{}.", k.dns_name()).into_boxed_str(), Txt::from(record))
    });
    let dns = Dns(dns.collect());
    let parsed = AuthenticatedMessage::parse(message.as_bytes()).unwrap();
    let resolver = MessageAuthenticator::new_cloudflare().unwrap();
    let results = resolver.verify_dkim(Parameters::new(&parsed).with_txt_cache(&dns)).await;
    results.iter().map(|r| r.result() == &DkimResult::Pass).collect()
}

#[tokio::test]
async fn both_signatures_verify() {
    let keys = keys();
    let message = signed(&keys);
    assert_eq!(verify(&message, &keys).await, [true, true]);
    for header in [
        "List-Unsubscribe:List-Unsubscribe:",
        "List-Unsubscribe-Post:List-Unsubscribe-Post",
        "From:From:To:To",
    ] {
        let flat = message.replace("\r\n  ", "").replace("\r\n ", "");
        assert!(flat.contains(header), "{header}");
    }
    assert!(message.contains("; t=") || message.contains(" t=1795510800;"), "the signature's time is ours");
    let other = self::keys();
    assert_eq!(verify(&message, &other).await, [false, false]);
}

#[tokio::test]
async fn altered_or_added_headers_break_them() {
    let keys = keys();
    let message = signed(&keys);
    let altered = |from: &str, to: &str| {
        let changed = message.replacen(from, to, 1);
        assert_ne!(changed, message, "{from}");
        changed
    };
    let added = |header: &str| message.replacen("\r\nDate: ", &format!("\r\n{header}\r\nDate: "), 1);
    for changed in [
        altered(
            "List-Unsubscribe: <https://mail.lakeside.example/u/a",
            "List-Unsubscribe: <https://mail.lakeside.example/u/b",
        ),
        altered(
            "List-Unsubscribe: <https://mail.lakeside.example",
            "List-Unsubscribe: <https://evil.example",
        ),
        altered(
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "List-Unsubscribe-Post: List-Unsubscribe=Two-Click",
        ),
        altered("Subject: A calmer", "Subject: A colder"),
        altered("To: <zz-canary@", "To: <zz-other@"),
        altered("Date: Tue, 24", "Date: Tue, 25"),
        altered("the leaves are turning", "the leaves are burning"),
        added("From: boss@bank.example"),
        added("List-Unsubscribe: <https://evil.example/>"),
        added("Reply-To: <x@evil.example>"),
        added("Cc: <x@evil.example>"),
        added("Content-Type: text/plain"),
    ] {
        assert_eq!(verify(&changed, &keys).await, [false, false]);
    }
    // What relays may do: refold, add trace headers, change blanks.
    let relayed = format!(
        "Received: from a by b\r\n{}",
        altered("Subject: A calmer autumn", "subject:  A calmer\r\n  autumn")
    );
    assert_eq!(verify(&relayed, &keys).await, [true, true]);
}
