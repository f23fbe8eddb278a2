//! The decision table: the rows of RULES §1 that are built so far. Dated and versioned; a change of meaning is a new
//! version, and campaigns approved under another one must be submitted anew.

use crate::content::{Block, Owner, What};

/// The table's version. Goes into every decision.
pub const TABLE_VERSION: &str = "2026-11-24";

/// What a row says. Ordered: the stricter is the greater.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Outcome {
    /// May be sent.
    Allow,
    /// Needs a HIPAA authorization (45 CFR 164.508(a)(3)).
    Authorization,
    /// Needs one that states the remuneration (164.508(a)(3)(ii)).
    PaidAuthorization,
    /// May not be sent.
    Deny,
}

/// A row.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its name in the table.
    pub id: &'static str,
    /// Reason code.
    pub code: &'static str,
    /// In words.
    pub title: &'static str,
    /// What it says.
    pub outcome: Outcome,
    /// Where it comes from.
    pub citation: &'static str,
    /// Whether opt-in, stop-all-optional, caps and one-click apply (product policy for marketing and newsletters).
    pub optional: bool,
    matches: fn(&Block) -> bool,
}

impl Row {
    /// Whether the row applies to a block, all of whose needed inputs are known.
    pub fn applies(&self, block: &Block) -> bool {
        (self.matches)(block)
    }
    /// The row of this name.
    pub fn named(id: &str) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.id == id)
    }
}

/// The rows, except M28, which is what applies when none of these does.
pub const TABLE: [Row; 8] = [
    Row {
        id: "M02",
        code: "OPS_GENERAL_HEALTH",
        title: "General health education; nothing and nobody is promoted",
        outcome: Outcome::Allow,
        citation: "45 CFR 164.501 marketing (1)",
        optional: true,
        matches: |b| {
            b.what == Some(What::GeneralHealth) && b.owner == Some(Owner::None) && !b.paid_in_money()
        },
    },
    Row {
        id: "M04",
        code: "TX_REMINDER",
        title: "Appointment reminder, visit preparation, follow-up of one's own care",
        outcome: Outcome::Allow,
        citation: "45 CFR 164.501 marketing (2)(ii)(A)",
        optional: false,
        matches: |b| b.what == Some(What::Appointment) && b.owner.is_some() && !b.paid_in_money(),
    },
    Row {
        id: "M05",
        code: "TX_CARE",
        title: "Treatment, care coordination, case management, alternative therapy, provider or setting",
        outcome: Outcome::Allow,
        citation: "45 CFR 164.501 marketing (2)(ii)(A), (C)",
        optional: false,
        matches: |b| b.what == Some(What::Care) && b.owner.is_some() && !b.paid_in_money(),
    },
    Row {
        id: "M08",
        code: "OPS_OWN_SERVICE",
        title: "Our own health-related service or product, not paid for by anyone described",
        outcome: Outcome::Allow,
        citation: "45 CFR 164.501 marketing (2)(ii)(B)",
        optional: true,
        matches: |b| {
            promotes(b, Owner::Own) && b.health_related == Some(true) && !b.paid_by_described_party()
        },
    },
    Row {
        id: "M10",
        code: "AUTH_OWN_NONHEALTH",
        title: "Our own product that has nothing to do with health",
        outcome: Outcome::Authorization,
        citation: "45 CFR 164.501 marketing (1)",
        optional: true,
        matches: |b| {
            promotes(b, Owner::Own) && b.health_related == Some(false) && !b.paid_by_described_party()
        },
    },
    Row {
        id: "M16",
        code: "AUTH_THIRD_PARTY",
        title: "A third party's product or service, not paid for by that party",
        outcome: Outcome::Authorization,
        citation: "45 CFR 164.501 marketing (1)",
        optional: true,
        matches: |b| promotes(b, Owner::Third) && !b.paid_by_described_party(),
    },
    Row {
        id: "M17",
        code: "AUTH_THIRD_PARTY_PAID",
        title: "A third party's product or service, paid for by that party",
        outcome: Outcome::PaidAuthorization,
        citation: "45 CFR 164.508(a)(3)(ii)",
        optional: true,
        matches: |b| promotes(b, Owner::Third) && b.paid_by_described_party(),
    },
    UNCLASSIFIED,
];

/// M28: purpose, owner or remuneration unknown, an input that a row needs unknown, or no row matches.
pub(crate) const UNCLASSIFIED: Row = Row {
    id: "M28",
    code: "DENY_UNCLASSIFIED",
    title: "Not classified: an answer is missing, or no row of the table covers this",
    outcome: Outcome::Deny,
    citation: "product policy: fail closed",
    optional: true,
    matches: |_| false,
};

fn promotes(block: &Block, owner: Owner) -> bool {
    block.what == Some(What::Promotion) && block.owner == Some(owner)
}
