//! What the rules look at. Small and `Copy`: filled inside the handing-over transaction from the database, and a million
//! times for a funnel from the index; both through [`Facts::of`], and a test holds the two fillings equal.

use crate::age::Age;
use crate::authorization::{self, AuthorizationStanding, OnFile};
use crate::classify::Requirements;
use crate::consent::{self, Act, AddressStop, OptIn, Stop};
use discreet_domain::{CampaignId, Day, Label, MessageId, PatientId, Timestamp, Topic};

/// A fact, or the admission that it could not be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Known<T> {
    /// It is so.
    Is(T),
    /// It could not be read; the rules refuse.
    Unreadable,
}

impl<T> From<Option<T>> for Known<T> {
    /// What is not there could not be read.
    fn from(value: Option<T>) -> Known<T> {
        value.map_or(Known::Unreadable, Known::Is)
    }
}

/// How sure we are that an address is the patient's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum AddressStanding {
    /// There is none.
    None,
    /// There is one, and somebody said it is not the patient's.
    Doubtful,
    /// On record with the provider.
    OnRecord,
    /// The patient confirmed it by a link mailed to it.
    Confirmed,
}

impl AddressStanding {
    /// The number stored.
    pub const fn number(self) -> i64 {
        match self {
            AddressStanding::None => 0,
            AddressStanding::Doubtful => 1,
            AddressStanding::OnRecord => 2,
            AddressStanding::Confirmed => 3,
        }
    }
    /// Reads the number.
    pub const fn from_number(n: i64) -> Option<AddressStanding> {
        match n {
            0 => Some(AddressStanding::None),
            1 => Some(AddressStanding::Doubtful),
            2 => Some(AddressStanding::OnRecord),
            3 => Some(AddressStanding::Confirmed),
            _ => None,
        }
    }
}

/// Whether the address is suppressed, for all mail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Suppression {
    /// It is not.
    None,
    /// It bounced for good, or a person suppressed it.
    Bounced,
    /// A complaint was made.
    Complained,
}

impl Suppression {
    /// The reason stored for a complaint; every other reason is a bounce, or a person's decision.
    pub const COMPLAINT: &str = "complaint";

    /// Reads a stored reason.
    pub fn from_reason(reason: &str) -> Suppression {
        if reason == Suppression::COMPLAINT { Suppression::Complained } else { Suppression::Bounced }
    }
}

/// Whether the campaign may send.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CampaignStanding {
    /// Approved as it stands, and running.
    Running,
    /// Approved as it stands, and paused by whoever sends it.
    Paused,
    /// Anything else.
    Closed,
}

/// One recipient, at one instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Facts {
    /// Whether sending is allowed at all: the red button is not pressed.
    pub sending: Known<bool>,
    /// The campaign.
    pub campaign: Known<CampaignStanding>,
    /// Whether the relay may carry PHI: our own, or a vendor's under a live BAA.
    pub relay: Known<bool>,
    /// Whether the patient is known to have died.
    pub deceased: Known<bool>,
    /// Whether the record is a live patient's: active, not merged away, not erased.
    pub active: Known<bool>,
    /// Whether the patient is of age.
    pub age: Known<Age>,
    /// Whether a restriction was agreed.
    pub restricted: Known<bool>,
    /// The address.
    pub address: Known<AddressStanding>,
    /// Whether it is suppressed.
    pub suppression: Known<Suppression>,
    /// Where the patient stands on the campaign's topic.
    pub opt_in: Known<OptIn>,
    /// What was stopped beyond the topic.
    pub stop: Known<Stop>,
    /// The best authorization there is for this.
    pub authorization: Known<AuthorizationStanding>,
    /// Until when the patient wants no further optional mail, having had some.
    pub resting_until: Known<Option<Timestamp>>,
    /// The version of the contact data; mail rendered from another one must not leave.
    pub contact_version: u64,
    /// The ledger entry relied upon, to keep with the decision.
    pub relied_on: Option<u64>,
}

/// What holds for all recipients of a campaign.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// The red button is not pressed.
    pub sending: Known<bool>,
    /// The campaign.
    pub campaign: Known<CampaignStanding>,
    /// The relay may carry PHI.
    pub relay: Known<bool>,
    /// What the campaign is about; `None` if that cannot be read.
    pub topic: Option<Topic>,
    /// The organization's local date.
    pub today: Day,
}

/// What is known of one patient, as far as the gate goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "as in `Facts`")]
pub struct Person<'a> {
    pub deceased: Known<bool>,
    pub active: Known<bool>,
    pub age: Known<Age>,
    pub restricted: Known<bool>,
    pub address: Known<AddressStanding>,
    pub suppression: Known<Suppression>,
    pub contact_version: u64,
    pub resting_until: Known<Option<Timestamp>>,
    /// The patient's acts on the consent ledger.
    pub acts: &'a [Act],
    /// The stops at the patient's address.
    pub stops: &'a [AddressStop],
    /// The patient's authorizations on file.
    pub forms: &'a [OnFile],
}

impl Facts {
    /// The facts of one recipient of one campaign.
    pub fn of(setting: &Setting, person: &Person<'_>) -> Facts {
        let topic = setting.topic.as_ref();
        let consent = topic.map(|topic| consent::fold(person.acts, person.stops, topic));
        Facts {
            sending: setting.sending,
            campaign: setting.campaign,
            relay: setting.relay,
            deceased: person.deceased,
            active: person.active,
            age: person.age,
            restricted: person.restricted,
            address: person.address,
            suppression: person.suppression,
            opt_in: consent.map(|c| c.opt_in).into(),
            stop: consent.map(|c| c.stop).into(),
            authorization: topic
                .map(|t| authorization::standing(person.forms, t.as_str(), setting.today))
                .into(),
            resting_until: person.resting_until,
            contact_version: person.contact_version,
            relied_on: consent.and_then(|c| c.relied_on),
        }
    }
}

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ask {
    /// Which message.
    pub message: MessageId,
    /// Of which campaign.
    pub campaign: CampaignId,
    /// To whom.
    pub patient: PatientId,
    /// What the campaign's classification requires.
    pub requirements: Requirements,
    /// The message's label.
    pub label: Label,
    /// It must not leave later.
    pub not_after: Timestamp,
}
