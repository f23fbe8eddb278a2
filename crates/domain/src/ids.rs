//! Ids: random, never derived from anything about a person (45 CFR 164.514(c)).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh random id.
            pub fn random() -> Self {
                $name(Uuid::new_v4())
            }
            /// The id with these bits; for reading back what was stored.
            pub const fn from_uuid(id: Uuid) -> Self {
                $name(id)
            }
            /// The id with these bits.
            pub const fn from_u128(id: u128) -> Self {
                $name(Uuid::from_u128(id))
            }
            /// The bits to store.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }
    )* };
}

ids! {
    /// A person on the patient list. Random: an identifier that says nothing.
    PatientId;
    /// A named member of the workforce.
    UserId;
    /// A saved segment; its versions are numbered within it.
    SegmentId;
    /// A message template; its versions are numbered within it.
    TemplateId;
    /// One mailing: segment version + template version + purpose.
    CampaignId;
    /// One campaign, one patient: one message.
    MessageId;
    /// A signed HIPAA authorization (45 CFR 164.508).
    AuthorizationId;
    /// A sealed document kept as proof: a consent form, a decision, merge values actually sent.
    EvidenceId;
    /// One run of an import.
    ImportId;
    /// An API token; the secret itself is never stored.
    TokenId;
    /// An image of the library. The one id that is derived: from the picture itself, which everyone gets alike.
    ImageId;
}
