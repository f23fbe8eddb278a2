//! The actions, each with its object. Implemented here only, so that the table is complete.

use crate::table::ActionName;
use discreet_domain::{CampaignId, PatientId, UserId};

mod sealed {
    pub trait Sealed {}
}

/// Something to be allowed.
pub trait Action: sealed::Sealed + Send + 'static {
    /// Its row in the table.
    const NAME: ActionName;
    /// A condition beyond the role: who must not be the one who does it.
    fn not_by(&self) -> Option<UserId> {
        None
    }
}

macro_rules! plain {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub struct $name;
        impl sealed::Sealed for $name {}
        impl Action for $name {
            const NAME: ActionName = ActionName::$name;
        }
    )* };
}

macro_rules! on_patient {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub struct $name {
            /// Whose record.
            pub patient: PatientId,
        }
        impl sealed::Sealed for $name {}
        impl Action for $name {
            const NAME: ActionName = ActionName::$name;
        }
    )* };
}

plain! {
    /// Check and explain a segment's text.
    CheckSegment;
    /// Count a segment, and see its funnel.
    CountSegment;
    /// See the saved segments.
    ListSegments;
    /// See what the saved segments are called, to ask about one patient.
    NameSegments;
    /// Save a segment's new version.
    SaveSegment;
    /// Save a value set's new version.
    SaveValueSet;
    /// Save a template's new version.
    SaveTemplate;
    /// Make a campaign.
    CreateCampaign;
    /// See a campaign's funnel and a message as it would be sent.
    PreviewCampaign;
    /// Send a campaign's mail, filled for a patient who does not exist, to a colleague.
    SendTest;
    /// Start an approved campaign.
    SendCampaign;
    /// See what came of a campaign.
    ReadReport;
    /// Say what became of messages in state `unknown`.
    SettleUnknown;
    /// Look a patient up by MRN, address, or name and birth date.
    FindPatient;
    /// Import patients and facts.
    Import;
    /// Read rows that an import rejected.
    ReadRejected;
    /// See values in files that were uploaded and not yet imported.
    ReadUpload;
    /// See which imports there were, and their reports.
    ListImports;
    /// See which imports failed, and say that it was seen to.
    AnswerImportNotice;
    /// Stop all sending.
    StopSending;
    /// Let sending go on.
    ResumeSending;
    /// See what must be seen to, and say that it was.
    AnswerNotice;
    /// Read the log.
    ReadAudit;
    /// Verify the log and hand out checkpoints.
    VerifyAudit;
    /// Add and disable users, set roles, issue and revoke tokens.
    ManageUsers;
    /// Say which programs are told what happens, by ids alone.
    ManageWebhooks;
    /// Rotate keys, issue and confirm recovery kits.
    ManageKeys;
    /// Set the relay's standing.
    SetRelay;
    /// Write down vendors and their agreements.
    ManageVendors;
    /// Add attributes to the catalog, and raise labels.
    ManageCatalog;
    /// Take back a label that was raised.
    LowerLabel;
    /// See topics and how many stand where on them.
    ReadTopics;
    /// Write a consent form's text.
    SaveConsentText;
    /// See what needs attention about the installation.
    CheckInstallation;
}

on_patient! {
    /// See one patient's record, with a reason.
    ShowPatient;
    /// Erase a patient.
    ErasePatient;
    /// Record or end an agreed restriction.
    RestrictPatient;
    /// Put a fact of a record right.
    CorrectRecord;
    /// Settle whether an address is the patient's.
    SettleAddress;
    /// Let a suppressed address be mailed again.
    LiftSuppression;
    /// Hand out everything that is held of a patient (45 CFR 164.524).
    ExportRecord;
    /// See why one patient is in or out of a segment.
    ExplainMembership;
    /// Record an opt-in.
    GrantConsent;
    /// Record an opt-out.
    WithdrawConsent;
    /// See a patient's consents and authorizations.
    ShowConsent;
    /// Record a signed authorization.
    SignAuthorization;
    /// Record a revocation.
    RevokeAuthorization;
}

/// Approve a campaign: never by its author.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ApproveCampaign {
    /// Which.
    pub campaign: CampaignId,
    /// Who made it.
    pub author: UserId,
}
impl sealed::Sealed for ApproveCampaign {}
impl Action for ApproveCampaign {
    const NAME: ActionName = ActionName::ApproveCampaign;
    fn not_by(&self) -> Option<UserId> {
        Some(self.author)
    }
}
