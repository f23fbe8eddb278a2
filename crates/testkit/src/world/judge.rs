//! The judge of the withdrawal race: believes the log alone.

use super::{Given, World};
use discreet_access::{LinkVerb, PatientToken};
use discreet_audit::{EntryBody, Event};
use discreet_domain::{CampaignId, MessageId, PatientId, Topic};
use discreet_mail::{LinkPurpose, LinkToken};
use std::collections::{BTreeMap, BTreeSet};

/// What the log says of a campaign and those who withdrew meanwhile.
#[derive(Clone, Debug, Default)]
pub struct Race {
    /// Messages permitted, with the number of the entry.
    pub permitted: BTreeMap<MessageId, u64>,
    /// How many messages were refused, by reason code.
    pub denied: BTreeMap<String, u64>,
    /// Patients who withdrew after the campaign was started, with the number of their first withdrawal.
    pub withdrawn: BTreeMap<PatientId, u64>,
    /// Messages permitted after their patient's withdrawal.
    pub violations: Vec<MessageId>,
    /// Messages permitted more than once.
    pub twice: u64,
}

impl World {
    /// Judges a campaign about a topic.
    pub async fn judge(&self, of: CampaignId, about: &Topic) -> Race {
        let mut race = Race::default();
        let mut started = false;
        for line in self.log_lines().await {
            let EntryBody { n, did, .. } = EntryBody::parse(&line).unwrap();
            match did {
                Event::CampaignStarted { campaign, .. } => started |= campaign == of,
                Event::ConsentWithdrawn { patient, topic, .. } if started && topic == *about => {
                    race.withdrawn.entry(patient).or_insert(n);
                }
                Event::Decided { message, campaign, patient, verdict, .. } if campaign == of => {
                    if verdict != "permitted" {
                        *race.denied.entry(verdict).or_insert(0) += 1;
                        continue;
                    }
                    if race.permitted.insert(message, n).is_some() {
                        race.twice += 1;
                    }
                    if race.withdrawn.contains_key(&patient) {
                        race.violations.push(message);
                    }
                }
                _ => {}
            }
        }
        race
    }
    /// Asserts that a relay was given exactly the messages that were permitted, each once.
    pub fn sent_is_permitted(&self, given: &[Given], race: &Race) {
        let sent: BTreeSet<MessageId> = given.iter().map(|g| g.message).collect();
        assert_eq!(sent.len(), given.len(), "{}: a message was sent twice", self.name());
        let permitted: BTreeSet<MessageId> = race.permitted.keys().copied().collect();
        assert_eq!(sent, permitted, "{}", self.name());
    }
    /// Leave by the link of a mail, as its reader has it.
    pub async fn link<V: LinkVerb>(&self, mail: &Given, purpose: LinkPurpose) -> PatientToken<V> {
        let token = token_in(mail, purpose);
        self.app.redeem::<V>(token.hash().bytes()).await.unwrap().unwrap()
    }
}

/// The token in a mail: in the header for one-click, in the text otherwise.
pub(super) fn token_in(mail: &Given, purpose: LinkPurpose) -> LinkToken {
    // Quoted-printable breaks long lines with `=` at their end.
    let text = String::from_utf8_lossy(mail.bytes.expose()).replace("=\r\n", "");
    // Not just the path: a signature's base64 can hold that, too.
    let before = format!("clinic.example{}", purpose.path());
    let at = text.find(&before).unwrap() + before.len();
    let letters: String = text[at..].chars().take_while(char::is_ascii_alphanumeric).collect();
    LinkToken::parse(purpose, &letters).unwrap()
}
