//! What a message says, as its author answered the purpose questionnaire. Nothing answered is unknown, and unknown is
//! refused.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a content block is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// General health education; no product, service or particular provider is promoted.
    GeneralHealth,
    /// A reminder of an appointment, preparation for a visit, follow-up of one's own care.
    Appointment,
    /// Treatment, care coordination, case management, recommending other treatments, providers or settings.
    Care,
    /// Encourages people to buy or use a product or service.
    Promotion,
}

/// Whose product or service is described.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// This covered entity itself. A sister company is a third party.
    Own,
    /// Somebody else.
    Third,
    /// No product or service is described.
    None,
}

/// What is received for sending the message (45 CFR 164.501 "marketing" (3)).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remuneration {
    /// Nothing.
    None,
    /// Support in kind.
    InKind,
    /// Money from, or on behalf of, the party whose product is described.
    DescribedParty,
    /// Money from somebody else.
    Other,
    /// Payment for treating the individual.
    Treatment,
}

/// One content block. A message has one or more; the strictest decides.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// What it is about.
    pub what: Option<What>,
    /// Whose product or service.
    pub owner: Option<Owner>,
    /// Whether the product or service is health-related; needed for promotions.
    pub health_related: Option<bool>,
    /// What is received; several payers are possible. Empty: not answered.
    pub remuneration: BTreeSet<Remuneration>,
}

impl Block {
    pub(crate) fn paid_by_described_party(&self) -> bool {
        self.remuneration.contains(&Remuneration::DescribedParty)
    }
    pub(crate) fn paid_in_money(&self) -> bool {
        self.paid_by_described_party() || self.remuneration.contains(&Remuneration::Other)
    }
}
