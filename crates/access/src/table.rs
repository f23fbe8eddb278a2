//! The table. Read it down a column to see what a role can do.

use crate::role::{Role, Roles};

macro_rules! table {
    ($($action:ident: $($role:ident)+;)*) => {
        /// Everything there is to be allowed.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[expect(missing_docs, reason = "each is documented at the action of that name")]
        pub enum ActionName { $($action,)* }

        impl ActionName {
            /// Every action.
            pub const ALL: &[ActionName] = &[$(ActionName::$action,)*];
            /// Its name, as in the audit log.
            pub const fn name(self) -> &'static str {
                match self { $(ActionName::$action => stringify!($action),)* }
            }
            /// Reads the name.
            pub fn parse(name: &str) -> Option<ActionName> {
                ActionName::ALL.iter().copied().find(|action| action.name() == name)
            }
            /// The roles that may.
            pub const fn roles(self) -> &'static [Role] {
                match self { $(ActionName::$action => &[$(Role::$role),+],)* }
            }
        }
    };
}

table! {
    // segments
    CheckSegment:        Marketer Analyst PrivacyOfficer DataSteward;
    CountSegment:        Marketer Analyst PrivacyOfficer;
    ListSegments:        Marketer Analyst PrivacyOfficer;
    SaveSegment:         Marketer PrivacyOfficer;
    SaveValueSet:        Marketer PrivacyOfficer DataSteward;
    NameSegments:        PrivacyOfficer CareStaff;
    ExplainMembership:   PrivacyOfficer CareStaff;
    // campaigns
    SaveTemplate:        Marketer;
    CreateCampaign:      Marketer;
    PreviewCampaign:     Marketer PrivacyOfficer;
    SendTest:            Marketer PrivacyOfficer;
    ApproveCampaign:     PrivacyOfficer;
    SendCampaign:        Marketer;
    ReadReport:          Marketer Analyst PrivacyOfficer;
    SettleUnknown:       PrivacyOfficer;
    // patients
    FindPatient:         PrivacyOfficer CareStaff DataSteward;
    ShowPatient:         PrivacyOfficer CareStaff;
    ErasePatient:        PrivacyOfficer;
    RestrictPatient:     PrivacyOfficer;
    CorrectRecord:       PrivacyOfficer CareStaff;
    SettleAddress:       PrivacyOfficer CareStaff;
    LiftSuppression:     PrivacyOfficer;
    ExportRecord:        PrivacyOfficer;
    Import:              DataSteward;
    ReadRejected:        DataSteward;
    ReadUpload:          DataSteward;
    ListImports:         DataSteward PrivacyOfficer;
    AnswerImportNotice:  DataSteward PrivacyOfficer;
    // consents
    GrantConsent:        PrivacyOfficer CareStaff;
    WithdrawConsent:     PrivacyOfficer CareStaff;
    ShowConsent:         PrivacyOfficer CareStaff;
    SignAuthorization:   PrivacyOfficer CareStaff;
    RevokeAuthorization: PrivacyOfficer CareStaff;
    ReadTopics:          Marketer Analyst PrivacyOfficer;
    SaveConsentText:     PrivacyOfficer;
    // the red button
    StopSending:         PrivacyOfficer Marketer Administrator CareStaff;
    ResumeSending:       PrivacyOfficer;
    AnswerNotice:        PrivacyOfficer;
    // the log
    ReadAudit:           PrivacyOfficer Auditor;
    VerifyAudit:         PrivacyOfficer Auditor Administrator;
    // the installation
    ManageUsers:         Administrator;
    ManageWebhooks:      Administrator;
    ManageKeys:          Administrator;
    SetRelay:            Administrator;
    ManageVendors:       Administrator PrivacyOfficer;
    ManageCatalog:       Administrator PrivacyOfficer;
    LowerLabel:          PrivacyOfficer;
    CheckInstallation:   Administrator PrivacyOfficer Auditor;
}

/// Whether any of these roles may.
pub fn may(roles: Roles, action: ActionName) -> bool {
    action.roles().iter().any(|role| roles.has(*role))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(role: Role) -> Vec<&'static str> {
        let roles = Roles::of(&[role]);
        ActionName::ALL.iter().filter(|a| may(roles, **a)).map(|a| a.name()).collect()
    }

    /// The table again, the other way round and by hand: who changes one must look at the other.
    #[test]
    fn each_role_may_exactly_this() {
        let expected: [(Role, &[&str]); 7] = [
            (
                Role::Marketer,
                &[
                    "CheckSegment",
                    "CountSegment",
                    "ListSegments",
                    "SaveSegment",
                    "SaveValueSet",
                    "SaveTemplate",
                    "CreateCampaign",
                    "PreviewCampaign",
                    "SendTest",
                    "SendCampaign",
                    "ReadReport",
                    "ReadTopics",
                    "StopSending",
                ],
            ),
            (Role::Analyst, &["CheckSegment", "CountSegment", "ListSegments", "ReadReport", "ReadTopics"]),
            (
                Role::PrivacyOfficer,
                &[
                    "CheckSegment",
                    "CountSegment",
                    "ListSegments",
                    "SaveSegment",
                    "SaveValueSet",
                    "NameSegments",
                    "ExplainMembership",
                    "PreviewCampaign",
                    "SendTest",
                    "ApproveCampaign",
                    "ReadReport",
                    "SettleUnknown",
                    "FindPatient",
                    "ShowPatient",
                    "ErasePatient",
                    "RestrictPatient",
                    "CorrectRecord",
                    "SettleAddress",
                    "LiftSuppression",
                    "ExportRecord",
                    "ListImports",
                    "AnswerImportNotice",
                    "GrantConsent",
                    "WithdrawConsent",
                    "ShowConsent",
                    "SignAuthorization",
                    "RevokeAuthorization",
                    "ReadTopics",
                    "SaveConsentText",
                    "StopSending",
                    "ResumeSending",
                    "AnswerNotice",
                    "ReadAudit",
                    "VerifyAudit",
                    "ManageVendors",
                    "ManageCatalog",
                    "LowerLabel",
                    "CheckInstallation",
                ],
            ),
            (
                Role::DataSteward,
                &[
                    "CheckSegment",
                    "SaveValueSet",
                    "FindPatient",
                    "Import",
                    "ReadRejected",
                    "ReadUpload",
                    "ListImports",
                    "AnswerImportNotice",
                ],
            ),
            (
                Role::CareStaff,
                &[
                    "NameSegments",
                    "ExplainMembership",
                    "FindPatient",
                    "ShowPatient",
                    "CorrectRecord",
                    "SettleAddress",
                    "GrantConsent",
                    "WithdrawConsent",
                    "ShowConsent",
                    "SignAuthorization",
                    "RevokeAuthorization",
                    "StopSending",
                ],
            ),
            (
                Role::Administrator,
                &[
                    "StopSending",
                    "VerifyAudit",
                    "ManageUsers",
                    "ManageWebhooks",
                    "ManageKeys",
                    "SetRelay",
                    "ManageVendors",
                    "ManageCatalog",
                    "CheckInstallation",
                ],
            ),
            (Role::Auditor, &["ReadAudit", "VerifyAudit", "CheckInstallation"]),
        ];
        for (role, actions) in expected {
            assert_eq!(allowed(role), actions, "{role:?}");
        }
    }

    #[test]
    fn the_administrator_sees_no_phi_and_no_role_no_nothing() {
        for phi in ["ShowPatient", "FindPatient", "ExplainMembership", "ReadRejected", "ReadUpload", "Import"]
        {
            assert!(!allowed(Role::Administrator).contains(&phi));
            assert!(!allowed(Role::Marketer).contains(&phi));
            assert!(!allowed(Role::Analyst).contains(&phi));
        }
        assert!(ActionName::ALL.iter().all(|a| !may(Roles::default(), *a)));
        assert!(ActionName::ALL.iter().all(|a| may(Roles::all(), *a)));
    }
}
