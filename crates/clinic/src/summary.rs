//! What is true of a written clinic, counted while it was drawn: an importer and an engine can be held against it.

use serde::Serialize;
use std::collections::BTreeMap;

/// What is true of a written clinic.
///
/// A *record* is a `Patient` resource that was not merged into another: what an importer should be left with.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Summary {
    /// `Patient` resources, merged ones included.
    pub patients: u64,
    /// Lines of each file, by its name without ending, headers apart: `Patient`, `Condition` … `events`, `consents`,
    /// `interests`.
    pub lines: BTreeMap<&'static str, u64>,
    /// Facts by kind, as the catalog names them. Left out: conditions entered in error and vaccines refused, which
    /// are no facts. A blood pressure is one observation here, though its two numbers can count apart.
    pub facts: BTreeMap<&'static str, u64>,
    /// Of the observations, blood pressures: two components, no value of their own.
    pub pressures: u64,
    /// Who the records are of.
    pub people: People,
    /// What they said to marketing by email.
    pub marketing: Standing,
    /// Who of them may get marketing by email.
    pub reach: Reach,
    /// Who is in each segment of the demo, in the order of [`SEGMENTS`](crate::demo::SEGMENTS).
    pub segments: Vec<Membership>,
}

/// Who the records are of. Groups overlap.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct People {
    /// Records.
    pub records: u64,
    /// `Patient` resources replaced by another.
    pub merged: u64,
    /// Records of someone who has another record that nobody noticed.
    pub duplicates: u64,
    /// Records of the dead.
    pub deceased: u64,
    /// Records of the living that are not active.
    pub inactive: u64,
    /// Records of people under 18 today.
    pub minors: u64,
    /// Records that tell only the month of birth; all of adults.
    pub birth_month_only: u64,
    /// Records with an address that mail can go to.
    pub usable_address: u64,
    /// Of these, written untidily: `mailto:`, capitals, invisible spaces.
    pub untidy_address: u64,
    /// Of these, the address of another record too.
    pub shared_address: u64,
    /// Records without any address.
    pub no_address: u64,
    /// Records with a mistake for an address.
    pub malformed_address: u64,
    /// Records with `none@none.com` or the like.
    pub placeholder_address: u64,
}

/// Where records stand on marketing by email. Together with those who never said anything, all records.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Standing {
    /// The last word was yes.
    pub granted: u64,
    /// The last word was no, some after a yes, some from the start.
    pub withdrawn: u64,
    /// Of the granted, those who withdrew in between.
    pub granted_again: u64,
}

/// Who may get marketing by email.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Reach {
    /// Records of living adults, active, with a usable address and a yes that holds.
    pub eligible: u64,
    /// Of these, whose address is also of a record whose last word was no: whether they still count depends on whether
    /// that no came from the mailbox or from the person.
    pub eligible_but_mailbox_withdrew: u64,
}

/// Who is in a segment of the demo.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Membership {
    /// The segment's name.
    pub name: &'static str,
    /// Records in it, with what a merged record adds to the one that replaced it.
    pub records: u64,
    /// Of these, the living and active.
    pub living: u64,
}
