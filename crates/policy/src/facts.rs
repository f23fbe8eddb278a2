//! What the rules look at. Small and `Copy`: the store fills one inside the handing-over transaction, the index fills a
//! million for a funnel; a test holds the two fillings equal.

use crate::age::Age;
use crate::authorization::AuthorizationStanding;
use crate::classify::Requirements;
use crate::consent::{OptIn, Stop};
use discreet_domain::{CampaignId, Label, MessageId, PatientId, Timestamp};

/// A fact, or the admission that it could not be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Known<T> {
    /// It is so.
    Is(T),
    /// It could not be read; the rules refuse.
    Unreadable,
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

/// Whether the campaign may send.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CampaignStanding {
    /// Approved as it stands, and running.
    Running,
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
    /// The version of the contact data; mail rendered from another one must not leave.
    pub contact_version: u64,
    /// The ledger entry relied upon, to keep with the decision.
    pub relied_on: Option<u64>,
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
