//! The whole way through software that nobody here wrote: Postfix takes the mail over TLS, Dovecot keeps it, IMAP gives it
//! back, and `mail-auth` verifies its signatures with the records that `discreet keys dns` prints.

mod imap;
mod post_office;

use crate::installation::{Installation, samples};
use crate::mailing::{self, SUBJECT, in_state};
use imap::Mailbox;
use mail_auth::common::parse::TxtRecordParser as _;
use mail_auth::common::verify::DomainKey;
use mail_auth::{AuthenticatedMessage, DkimResult, MessageAuthenticator, Parameters, ResolverCache, Txt};
use mail_parser::{Message, MessageParser, MimeHeaders};
use post_office::PostOffice;
use std::borrow::Borrow;
use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::time::Instant;

/// The published records, standing in for the DNS.
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

fn published(clinic: &Installation) -> Dns {
    let records = clinic.json(&["keys", "dns"]);
    let keys = records.as_array().unwrap().iter().filter_map(|record| {
        let (name, text) = (record["name"].as_str().unwrap(), record["text"].as_str().unwrap());
        let key = name.contains("._domainkey.").then(|| DomainKey::parse(text.as_bytes()).unwrap())?;
        Some((format!("{}.", name.trim_end_matches('.')).into_boxed_str(), Txt::from(key)))
    });
    Dns(keys.collect())
}

fn signatures(message: &[u8], dns: &Dns) -> Vec<bool> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let parsed = AuthenticatedMessage::parse(message).unwrap();
        let resolver = MessageAuthenticator::new_cloudflare().unwrap();
        let results = resolver.verify_dkim(Parameters::new(&parsed).with_txt_cache(dns)).await;
        results.iter().map(|r| r.result() == &DkimResult::Pass).collect()
    })
}

/// Adults alive with an address that can be written to, checked by hand in the sample's Patient file: of 12, three are
/// dead, two are children, and one address has a space in it.
const PYSYNTHEA_RECIPIENTS: [&str; 6] = [
    "denyse.steuber878@example.com",
    "gaylord.streich63@example.com",
    "jaime.centeno633@example.com",
    "mechelle.armstrong283@example.com",
    "teresa.apodaca630@example.com",
    "vern.shanahan799@example.com",
];

/// Imports real-looking people and records their opt-ins; who is to be written to, and the words that must not show.
fn people(clinic: &Installation) -> (Vec<String>, Vec<String>) {
    let Some(folder) = samples("pysynthea-ma-12").map(|f| f.join("ndjson")) else {
        mailing::import_adults(clinic, 12);
        return ((1..=12).map(|i| format!("zz-canary{i}@example.org")).collect(), vec!["canary".to_owned()]);
    };
    clinic.json(&["import", folder.to_str().unwrap()]);
    for address in PYSYNTHEA_RECIPIENTS {
        let patient = mailing::patient_with(clinic, address);
        clinic.json(&[
            "consent",
            "grant",
            &patient,
            "--topic",
            "marketing",
            "--method",
            "paper",
            "--text-version",
            "v3",
        ]);
    }
    let families = ["Steuber", "Streich", "Centeno", "Armstrong", "Apodaca", "Shanahan"];
    (PYSYNTHEA_RECIPIENTS.map(str::to_owned).to_vec(), families.map(str::to_lowercase).to_vec())
}

#[test]
fn through_postfix_into_dovecot_and_back() {
    if let Some(why) = post_office::missing() {
        println!("skipped: {why}");
        return;
    }
    let office = PostOffice::open();
    let clinic = Installation::new();
    let (recipients, words) = people(&clinic);
    mailing::approved(&clinic, "walks", "age >= 0");

    // Without STARTTLS, or with a certificate of nobody we trust, nothing leaves.
    for (config, why) in [
        (mailing::relay(office.clear, Some(office.authority.to_str().unwrap())), "starttls"),
        (mailing::relay(office.smtp, None), "certificate"),
    ] {
        clinic.configure(&config);
        let reason = clinic.refuses(1, &["campaign", "send", "walks"]);
        assert!(reason.contains(why), "{reason}");
    }
    assert_eq!(office.delivered(), 0);

    clinic.configure(&mailing::relay(office.smtp, Some(office.authority.to_str().unwrap())));
    let report = clinic.json(&["campaign", "send", "walks"]);
    assert_eq!(in_state(&report, "accepted"), recipients.len() as u64, "{report} {}", office.logs());
    office.wait_delivered(recipients.len());

    let dns = published(&clinic);
    assert_eq!(dns.0.len(), 2);
    let (mut ids, mut links) = (BTreeSet::new(), BTreeSet::new());
    for address in &recipients {
        let messages = Mailbox::open(office.imap, address).messages();
        assert_eq!(messages.len(), 1, "one message for {address}");
        let message = &messages[0];
        assert_eq!(signatures(message, &dns), [true, true], "{}", String::from_utf8_lossy(message));
        let parsed = MessageParser::default().parse(message).unwrap();
        headers(&parsed, message, address, &words);
        body(&parsed, &words);
        assert!(ids.insert(parsed.message_id().unwrap().to_owned()));
        assert!(links.insert(link(&parsed)), "each has a link of its own");
    }
    assert_eq!(office.delivered(), recipients.len(), "and nobody else got anything");
    // A signature is of the message as it is.
    let message = Mailbox::open(office.imap, &recipients[0]).messages().remove(0);
    let altered = String::from_utf8(message).unwrap().replacen("Saturday", "Sunday", 1);
    assert_eq!(signatures(altered.as_bytes(), &dns), [false, false]);
    assert_eq!(clinic.json(&["audit", "verify"])["verified"], true);
}

fn link(message: &Message) -> String {
    message.header_raw("List-Unsubscribe").unwrap().trim().trim_matches(['<', '>']).to_owned()
}

fn headers(message: &Message, bytes: &[u8], address: &str, words: &[String]) {
    let only = |list: &mail_parser::Address| {
        let all: Vec<String> = list.iter().filter_map(|a| a.address().map(str::to_owned)).collect();
        assert_eq!(all.len(), 1, "{all:?}");
        all[0].clone()
    };
    assert_eq!(only(message.from().unwrap()), "news@larkfield.example");
    assert_eq!(only(message.to().unwrap()), address);
    assert!(message.cc().is_none() && message.bcc().is_none());
    assert_eq!(message.subject(), Some(SUBJECT));
    assert!(message.date().is_some_and(|d| d.is_valid()) && message.message_id().is_some());
    assert!(link(message).starts_with("https://mail.larkfield.example/u/"), "{}", link(message));
    assert_eq!(message.header_raw("List-Unsubscribe-Post").unwrap().trim(), "List-Unsubscribe=One-Click");
    // How it came to Postfix.
    let head = String::from_utf8_lossy(bytes).split("\r\n\r\n").next().unwrap().to_owned();
    assert!(head.contains("using TLSv1.") && head.contains("with ESMTPS"), "{head}");
    assert!(head.contains("Return-Path: <news@larkfield.example>"), "{head}");
    // Beside the address in To and where it was delivered, no header tells who this is.
    let ours: String = unfolded(&head)
        .into_iter()
        .filter(|l| {
            !["To:", "Delivered-To:", "Received:", "DKIM-Signature:"].iter().any(|h| l.starts_with(h))
        })
        .filter(|l| !l.starts_with("X-Original-To:"))
        .collect();
    for word in words {
        assert!(!ours.to_lowercase().contains(word), "{word} in {ours}");
    }
}

/// Header fields, a line each.
fn unfolded(head: &str) -> Vec<String> {
    let flat = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    flat.split("\r\n").map(|line| format!("{line}\n")).collect()
}

fn body(message: &Message, words: &[String]) {
    assert!(message.content_type().unwrap().subtype() == Some("alternative"));
    let (text, html) = (message.body_text(0).unwrap(), message.body_html(0).unwrap());
    assert_eq!((message.text_body_count(), message.attachment_count()), (1, 0));
    for part in [&text, &html] {
        assert!(
            part.contains("Saturday")
                && part.contains("12 Meadow Lane")
                && part.contains("Springfield, MA 01103")
        );
        assert!(part.contains("413-555-0100"), "{part}");
        assert!(part.contains("https://mail.larkfield.example/u/"), "a link to unsubscribe");
        assert!(part.contains("https://mail.larkfield.example/n/"), "a link to say: this is not me");
        let low = part.to_lowercase();
        assert!(words.iter().all(|w| !low.contains(w)), "{part}");
        assert!(!low.contains("<img") && !low.contains("<script"), "{part}");
    }
}
