//! A mailing as a clinic makes it, through the program; the mail catcher it goes to; and what can be read out of mail.

use crate::installation::Installation;
use discreet_mail::catcher::{Catcher, CatcherConfig};
use discreet_mail::{LinkPurpose, LinkToken};
use serde_json::Value;
use std::sync::Arc;
use tokio::runtime::Runtime;

pub const SUBJECT: &str = "Autumn walks: join our Saturday group";
const LETTER: &str = "Hello {{ preferred_name | \"friend\" }},\n\n**Our walking group is back.** We meet every Saturday at 9.\n\nThe team at Larkfield Clinic\n";

/// A mail catcher, with the threads it runs on.
pub struct Receiver {
    pub runtime: Runtime,
    pub catcher: Arc<Catcher>,
}

impl Receiver {
    pub fn start(config: CatcherConfig) -> Receiver {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let catcher = Arc::new(runtime.block_on(Catcher::start(config)).unwrap());
        Receiver { runtime, catcher }
    }
    /// STARTTLS, keeping everything.
    pub fn secure() -> Receiver {
        Receiver::start(CatcherConfig { kept: usize::MAX, ..CatcherConfig::secure() })
    }
    /// The `[relay]` section that leads here, trusting the catcher's own authority.
    pub fn relay(&self, clinic: &Installation) -> String {
        let authority = clinic.file("data/relay-ca.pem", self.catcher.authority_pem().unwrap());
        relay(self.catcher.port(), Some(authority.to_str().unwrap()))
    }
    /// The messages received, as text.
    pub fn mails(&self) -> Vec<Mail> {
        let messages = self.catcher.messages();
        messages
            .iter()
            .map(|m| Mail {
                to: m.to.iter().map(|to| to.expose().clone()).collect(),
                text: String::from_utf8(m.bytes.expose().clone()).unwrap(),
                secure: m.secure,
            })
            .collect()
    }
}

/// A `[relay]` section.
pub fn relay(port: u16, authority: Option<&str>) -> String {
    let authority = authority.map(|path| format!("ca_file = {path:?}\n")).unwrap_or_default();
    format!("[relay]\nhost = \"localhost\"\nport = {port}\n{authority}")
}

/// A message as it was received.
pub struct Mail {
    pub to: Vec<String>,
    pub text: String,
    pub secure: bool,
}

impl Mail {
    /// The one-click address in its header.
    pub fn unsubscribe_url(&self) -> String {
        let head = self.text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ").replace("\r\n\t", " ");
        let line = head.lines().find_map(|l| l.strip_prefix("List-Unsubscribe:")).unwrap().trim().to_owned();
        line.trim_start_matches('<').trim_end_matches('>').to_owned()
    }
    /// The path of it, for a server that listens elsewhere than where the link leads.
    pub fn unsubscribe_path(&self) -> String {
        let url = self.unsubscribe_url();
        let (_, rest) = url.split_once("://").unwrap();
        format!("/{}", rest.split_once('/').unwrap().1)
    }
    /// The hash under which its link is on record.
    pub fn link_hash(&self) -> Vec<u8> {
        let url = self.unsubscribe_url();
        let token = LinkToken::parse(LinkPurpose::Unsubscribe, url.rsplit('/').next().unwrap()).unwrap();
        token.hash().bytes().to_vec()
    }
}

/// Writes and imports `n` adults with addresses at `example.org`, who all agreed to marketing mail.
pub fn import_adults(clinic: &Installation, n: u32) {
    let mut patients = "id,mrn,given,family,birth_date,sex,email,state,zip\n".to_owned();
    let mut consents = "patient,topic,channel,action,time,text_version,method\n".to_owned();
    for i in 1..=n {
        let year = 1940 + i % 60;
        patients.push_str(&format!(
            "p{i},{i:06},Ada{i},Canary{i},{year}-03-04,F,zz-canary{i}@example.org,MA,02114\n"
        ));
        consents.push_str(&format!("p{i},marketing,email,granted,2026-01-15,v3,paper\n"));
    }
    clinic.file("adults/patients.csv", &patients);
    clinic.file("adults/consents.csv", &consents);
    let folder = clinic.folder().join("adults");
    let imported = clinic.json(&["import", folder.to_str().unwrap()]);
    assert_eq!(imported["created"], 2 * n, "{imported}");
}

/// Makes a mailing to a segment and has it approved by a second person.
pub fn approved(clinic: &Installation, name: &str, segment: &str) {
    clinic.json(&["relay", "own"]);
    let letter = clinic.file("letter.md", LETTER);
    clinic.json(&["template", "save", name, letter.to_str().unwrap(), "--subject", SUBJECT]);
    clinic.json(&["segment", "save", name, segment]);
    let made = clinic.json(&[
        "campaign",
        "create",
        name,
        "--segment",
        name,
        "--template",
        name,
        "--about",
        "promotion",
        "--owner",
        "own",
        "--health-related",
        "yes",
        "--paid",
        "none",
    ]);
    assert_eq!(made["state"], "draft", "{made}");
    let reason = clinic.refuses(1, &["campaign", "approve", name]);
    assert!(reason.contains("second person"), "{reason}");
    let officer = clinic.user(&format!("officer of {name}"), &["privacy_officer"]);
    clinic.as_user(&officer).json(&["campaign", "approve", name]);
}

/// How many messages of a report are in a state.
pub fn in_state(report: &Value, state: &str) -> u64 {
    report["states"].get(state).map_or(0, |n| n.as_u64().unwrap())
}

/// The id of the one patient with this address.
pub fn patient_with(clinic: &Installation, address: &str) -> String {
    let found = clinic.json_given(&["patients", "find", "--by", "email"], address);
    let ids = found["patients"].as_array().unwrap();
    assert_eq!(ids.len(), 1, "{found}");
    ids[0].as_str().unwrap().to_owned()
}
