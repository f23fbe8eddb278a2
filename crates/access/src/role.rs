//! The roles.

use serde::{Deserialize, Serialize};

/// What a member of the workforce is here for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Plans and sends; sees no patient records.
    Marketer,
    /// Sees numbers, no people.
    Analyst,
    /// Answers for it: consents, approvals, audit, restrictions, the red button.
    PrivacyOfficer,
    /// Imports, and corrects what was rejected.
    DataSteward,
    /// Looks patients up, with a reason.
    CareStaff,
    /// Runs it: users, settings, keys; no PHI by that role.
    Administrator,
    /// Reads the log.
    Auditor,
}

impl Role {
    /// All roles.
    pub const ALL: [Role; 7] = [
        Role::Marketer,
        Role::Analyst,
        Role::PrivacyOfficer,
        Role::DataSteward,
        Role::CareStaff,
        Role::Administrator,
        Role::Auditor,
    ];
    /// The word stored and typed.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Marketer => "marketer",
            Role::Analyst => "analyst",
            Role::PrivacyOfficer => "privacy_officer",
            Role::DataSteward => "data_steward",
            Role::CareStaff => "care_staff",
            Role::Administrator => "administrator",
            Role::Auditor => "auditor",
        }
    }
    /// Reads the word; `-` for `_` is taken.
    pub fn parse(text: &str) -> Option<Role> {
        let text = text.trim().replace('-', "_");
        Role::ALL.into_iter().find(|r| r.name() == text)
    }
    /// For people.
    pub const fn title(self) -> &'static str {
        match self {
            Role::Marketer => "Marketer",
            Role::Analyst => "Analyst",
            Role::PrivacyOfficer => "Privacy officer",
            Role::DataSteward => "Data steward",
            Role::CareStaff => "Care staff",
            Role::Administrator => "Administrator",
            Role::Auditor => "Auditor",
        }
    }
    /// What it is for, in a sentence.
    pub const fn meaning(self) -> &'static str {
        match self {
            Role::Marketer => "Makes segments and campaigns. Sees no patient records.",
            Role::Analyst => "Sees counts, no people.",
            Role::PrivacyOfficer => "Approves campaigns, answers for consents, reads the log.",
            Role::DataSteward => "Imports patients and corrects rejected rows.",
            Role::CareStaff => "Opens patient records, with a reason.",
            Role::Administrator => "Runs the system: people, settings, keys. Sees no patients by this role.",
            Role::Auditor => "Reads and verifies the log.",
        }
    }
    /// Whether it reaches patients' data, so that it takes a second factor and the privacy officer hears of who gets it.
    pub const fn reaches_patients(self) -> bool {
        matches!(self, Role::PrivacyOfficer | Role::DataSteward | Role::CareStaff)
    }
    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of roles.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Roles(u8);

impl Roles {
    /// These roles.
    pub fn of(roles: &[Role]) -> Roles {
        Roles(roles.iter().fold(0, |bits, role| bits | role.bit()))
    }
    /// Every role: what the first user holds until others are added.
    pub fn all() -> Roles {
        Roles::of(&Role::ALL)
    }
    /// Whether `role` is among them.
    pub const fn has(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }
    /// Whether one of them reaches patients' data.
    pub fn reach_patients(self) -> bool {
        self.iter().any(Role::reaches_patients)
    }
    /// The roles, in order.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.has(*role))
    }
    /// Their names, in order.
    pub fn names(self) -> Vec<String> {
        self.iter().map(|role| role.name().to_owned()).collect()
    }
}
