//! Why a message is not sent. Closed on purpose: whoever matches must think of each.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! denied {
    ($($(#[$doc:meta])* $name:ident = $code:literal: $text:literal;)*) => {
        /// The first rule that said no.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        pub enum Denied { $($(#[$doc])* $name,)* }

        impl Denied {
            /// Every reason.
            pub const ALL: &[Denied] = &[$(Denied::$name,)*];
            /// The reason code.
            pub const fn code(self) -> &'static str {
                match self { $(Denied::$name => $code,)* }
            }
            /// In words for people.
            pub const fn text(self) -> &'static str {
                match self { $(Denied::$name => $text,)* }
            }
        }
    };
}

denied! {
    /// A fact could not be read: refusal, never a skipped rule.
    Unreadable = "UNREADABLE": "something about this patient could not be read";
    /// The red button.
    Stopped = "SENDING_STOPPED": "all sending is stopped";
    /// The campaign is not approved, not running, or has changed.
    CampaignClosed = "CAMPAIGN_CLOSED": "the campaign is not approved and running";
    /// The campaign is paused.
    Paused = "CAMPAIGN_PAUSED": "the campaign is paused";
    /// Past the message's not-after time.
    TooLate = "NOT_AFTER": "too late: the message's latest time has passed";
    /// The relay is neither our own nor a vendor's with a live BAA (45 CFR 164.504(e)).
    NoBaa = "NO_BAA": "the relay has no business associate agreement in force";
    /// No row of the decision table allows this message (M28), or its label is too sensitive for its purpose.
    Unclassified = "DENY_UNCLASSIFIED": "the purpose is not classified as one that may be sent";
    /// Known to have died.
    Deceased = "VETO_DECEASED": "deceased";
    /// No longer a patient, merged into another record, or erased.
    Inactive = "VETO_INACTIVE": "no longer on the patient list";
    /// Under age: a personal representative would have to be written to (45 CFR 164.502(g)).
    Minor = "VETO_MINOR_REP": "under age";
    /// No birth date, so not known to be of age.
    AgeUnknown = "VETO_AGE_UNKNOWN": "not known to be of age";
    /// An agreed restriction (45 CFR 164.522(a)).
    Restricted = "VETO_RESTRICTION": "an agreed restriction";
    /// No address that could be written to.
    NoAddress = "VETO_NO_ADDRESS": "no usable email address";
    /// The address bounced for good.
    Bounced = "VETO_BOUNCE": "the address bounced";
    /// Somebody complained about mail to the address.
    Complained = "VETO_COMPLAINT": "a complaint was made about mail to the address";
    /// Enough mail that somebody asked for went to the address within the hour.
    TooMany = "TOO_MANY": "enough such mail went to this address within the hour";
    /// Asked for optional mail once a week or once a month, and had some.
    TooOften = "VETO_TOO_OFTEN": "asked for mail less often";
    /// The address is in doubt: "this is not me", or not confirmed where that is needed.
    Unverified = "VETO_ADDRESS_UNVERIFIED": "the address is not confirmed to be the patient's";
    /// Everything but legally required notices was stopped.
    StopAll = "VETO_STOP_ALL": "asked for no mail at all";
    /// The topic, or all optional mail, was opted out of.
    OptedOut = "VETO_OPTOUT": "opted out";
    /// Never opted in.
    NoOptIn = "VETO_NO_OPTIN": "not opted in";
    /// No authorization.
    AuthorizationMissing = "VETO_AUTH_MISSING": "no signed authorization";
    /// Its expiry date or event has passed.
    AuthorizationExpired = "VETO_AUTH_EXPIRED": "the authorization has expired";
    /// It was revoked.
    AuthorizationRevoked = "VETO_AUTH_REVOKED": "the authorization was revoked";
    /// A required element is missing (45 CFR 164.508(b)(2)).
    AuthorizationDefective = "VETO_AUTH_DEFECTIVE": "the authorization is defective";
    /// It does not cover this purpose, or does not state the remuneration.
    AuthorizationScope = "VETO_AUTH_SCOPE": "the authorization does not cover this";
}

/// Where in the funnel somebody is lost.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Step {
    /// They cannot be reached by email.
    Reach,
    /// They have not agreed, or have said no.
    Consent,
    /// Something else forbids it.
    Other,
}

impl Denied {
    /// Where in the funnel this loses somebody.
    pub const fn step(self) -> Step {
        match self {
            Denied::NoAddress | Denied::Bounced | Denied::Complained | Denied::Unverified => Step::Reach,
            Denied::StopAll
            | Denied::OptedOut
            | Denied::NoOptIn
            | Denied::AuthorizationMissing
            | Denied::AuthorizationExpired
            | Denied::AuthorizationRevoked
            | Denied::AuthorizationDefective
            | Denied::AuthorizationScope => Step::Consent,
            _ => Step::Other,
        }
    }
    /// Whether it says nothing about the recipient and will pass: the message goes back to the queue instead of being held.
    pub const fn is_passing(self) -> bool {
        matches!(self, Denied::Stopped | Denied::Paused | Denied::NoBaa)
    }
    /// Reads a code.
    pub fn from_code(code: &str) -> Option<Denied> {
        Denied::ALL.iter().copied().find(|d| d.code() == code)
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_read_back() {
        for d in Denied::ALL {
            assert_eq!(Denied::from_code(d.code()), Some(*d));
        }
    }
}
