//! Every kind of thing that is logged.

use crate::{Access, tree::Hash};
use discreet_domain::{
    AuthorizationId, CampaignId, Channel, ImageId, ImportId, Label, MessageId, PatientId, SegmentId,
    TemplateId, TokenId, Topic, UserId,
};
use serde::{Deserialize, Serialize};

/// Words somebody gave as a reason, sealed under the organization's key, in base64.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SealedNote(pub String);

/// What happened. Ids, codes and unidentifying numbers only; the canary tests hold it to that.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the variants' own docs say what each field is; ids are named by their types"
)]
pub enum Event {
    /// The installation was made.
    Initialized { demo: bool },
    /// PHI was looked at.
    Looked { access: Access, note: Option<SealedNote> },
    /// A verb was refused to its caller.
    Refused { action: String, reason: String },
    /// A segment was counted; ad hoc ones have no id.
    Counted { segment: Option<SegmentId>, version: Option<u64>, label: Label },

    /// An import began.
    ImportStarted { import: ImportId, dry_run: bool },
    /// A batch of it was written.
    ImportBatch { import: ImportId, created: u64, updated: u64 },
    /// It ended. A file cut short or refused counts as rejected.
    ImportEnded { import: ImportId, read: u64, created: u64, updated: u64, unchanged: u64, rejected: u64 },
    /// It broke off. What was written until then stays.
    ImportFailed { import: ImportId },
    /// Files came in to be imported; they lie sealed until then.
    UploadReceived { import: ImportId, files: u64 },
    /// They were thrown away.
    UploadDiscarded { import: ImportId },
    /// How the columns of a source are mapped was kept, by the tag of its name.
    MappingSaved { source_tag: String },
    /// The rows an import rejected were removed: their time was over.
    RejectedRowsRemoved { import: ImportId },

    /// A patient opted in to a topic.
    ConsentGranted { patient: PatientId, topic: Topic, channel: Channel, method: String },
    /// A patient opted out; `by_address`: for everyone at the mailbox.
    ConsentWithdrawn { patient: PatientId, topic: Topic, channel: Channel, method: String, by_address: bool },
    /// An imported grant was not taken, because a withdrawal stands.
    GrantRefused { patient: PatientId, topic: Topic, channel: Channel },
    /// A patient signed an authorization (45 CFR 164.508).
    AuthorizationSigned { patient: PatientId, authorization: AuthorizationId },
    /// A patient revoked one.
    AuthorizationRevoked { patient: PatientId, authorization: AuthorizationId },
    /// Somebody of the workforce was shown whose authorizations end soon.
    EndingListed { count: u64 },
    /// Somebody at the address said it is not the patient's.
    NotMe { patient: PatientId },
    /// A patient set how often at most, and in which language, optional mail comes.
    PreferencesSet { patient: PatientId, pace: String, language: String },
    /// Somebody confirmed choices on the consent form, and no one patient fits what they told.
    ChoiceUnmatched { request: MessageId },
    /// Somebody of the workforce read what was entered then.
    RequestRead { request: MessageId },
    /// An address must not be mailed any more.
    Suppressed { patient: PatientId, reason: String },
    /// A patient's record was merged into another's.
    Merged { patient: PatientId, survivor: PatientId },
    /// A restriction was agreed or ended (45 CFR 164.522(a)).
    Restriction { patient: PatientId, on: bool },
    /// The profile key was destroyed.
    Erased { patient: PatientId },
    /// Somebody was looked up, by this, and nobody was found.
    NobodyFound { by: String },
    /// Whether an address is the patient's was settled: confirmed as it is, or changed.
    AddressSettled { patient: PatientId, changed: bool },
    /// An address may be mailed again.
    SuppressionLifted { patient: PatientId, reason: String },
    /// Staff put a fact right: an attribute's name, or `fact` for one that was taken away.
    Corrected { patient: PatientId, what: String },
    /// PHI left other than by mail: what, to whom.
    Released { patient: PatientId, what: String, to: String, label: Label },

    /// A segment got a new version.
    SegmentSaved { segment: SegmentId, version: u64, label: Label },
    /// A value set got a new version.
    ValueSetSaved { name_tag: String, version: u64 },
    /// A consent form's text got a new version.
    ConsentTextSaved { name_tag: String, version: u64 },
    /// A template got a new version.
    TemplateSaved { template: TemplateId, version: u64, label: Label },
    /// A campaign was made, and classified by the decision table.
    CampaignCreated { campaign: CampaignId, rows: Vec<String>, rules: String, label: Label },
    /// A second person approved exactly this content.
    CampaignApproved { campaign: CampaignId, content: String },
    /// A submitted campaign went back to its draft, by its author or whoever was to approve it; an approval is void.
    CampaignWithdrawn { campaign: CampaignId, was: String },
    /// Somebody kept what was found in its mail, for a reason that stands in the draft; `digest`: of which words, keyed.
    FindingKept { campaign: CampaignId, place: String, code: String, digest: String },
    /// That was taken back, or the words changed.
    FindingUnkept { campaign: CampaignId, place: String, code: String, digest: String },
    /// It goes on after a pause.
    CampaignResumed { campaign: CampaignId },
    /// The audience was fixed and the messages queued.
    CampaignStarted { campaign: CampaignId, selected: u64, queued: u64 },
    /// It ended, or was called off.
    CampaignStopped { campaign: CampaignId, state: String },
    /// A batch of those refused before queueing, by reason code.
    AudienceRefused { campaign: CampaignId, reason: String, count: u64 },
    /// The gate's decision on one message.
    Decided { message: MessageId, campaign: CampaignId, patient: PatientId, verdict: String, rules: String },
    /// The gate's decision on a mail that somebody asked for at a page; `patient`: whose link is in it.
    ServiceDecided {
        message: MessageId,
        service: String,
        patient: Option<PatientId>,
        verdict: String,
        rules: String,
    },
    /// A test of a campaign's mail was queued for a colleague, filled for a patient who does not exist.
    TestQueued { campaign: CampaignId, message: MessageId, to: UserId },
    /// What came of a delivery attempt.
    Delivered { message: MessageId, outcome: String },
    /// Messages whose claim ended without a trace of delivery went back to the queue, or to `unknown`.
    Recovered { requeued: u64, unknown: u64 },
    /// A person settled an `unknown` message.
    Settled { message: MessageId, outcome: String },
    /// The red button.
    SendingStopped,
    /// Sending may go on.
    SendingResumed,
    /// The relay's standing changed: our own, or a vendor's with a BAA until then.
    RelaySet { own: bool, baa_until: Option<discreet_domain::Day> },

    /// An image was put into the library that mail shows.
    ImageAdded { image: ImageId },
    /// An image was taken out of the library.
    ImageRemoved { image: ImageId },
    /// A vendor was written down, or its agreement changed.
    VendorSaved { vendor: String, baa_until: Option<discreet_domain::Day> },
    /// A vendor is one no more.
    VendorEnded { vendor: String },
    /// The organization's settings changed.
    SettingsSet { version: u64 },
    /// An attribute of the installation's own was added to the catalog.
    AttributeAdded { attribute: String, label: Label },
    /// The label of an attribute or a kind of event was raised, or taken back.
    LabelSet { name: String, was: Label, label: Label },
    /// A user was added.
    UserAdded { user: UserId, roles: Vec<String> },
    /// A user's roles changed.
    RolesSet { user: UserId, roles: Vec<String> },
    /// A user can act no more.
    UserDisabled { user: UserId },
    /// Somebody may come in once by a link: set-up, an invitation, the demo.
    WayInMade { user: Option<UserId>, kind: String },
    /// Somebody signed in, by this means. Roles that reach patients take a second one.
    SignedIn { user: UserId, by: String },
    /// A try to sign in failed; `user` if the account exists.
    SignInFailed { user: Option<UserId>, reason: String },
    /// Somebody signed out.
    SignedOut { user: UserId },
    /// Somebody set their password.
    PasswordSet { user: UserId },
    /// Somebody set up their second factor, or lost it by a new invitation.
    SecondFactor { user: UserId, set: bool },
    /// Something that had to be seen to was.
    NoticeAnswered { n: u64, kind: String },
    /// An API token was made.
    TokenIssued { user: UserId, token: TokenId },
    /// An API token was revoked.
    TokenRevoked { token: TokenId },

    /// A program is told what happens from now on, by ids alone.
    WebhookAdded { webhook: String },
    /// It is not any more.
    WebhookRemoved { webhook: String },
    /// It could not be told for too long: it is not tried any more.
    WebhookPaused { webhook: String },

    /// A new wrapping key was added to the keyring.
    KeyAdded { version: u32 },
    /// Patient keys were wrapped anew.
    KeysRewrapped { version: u32, count: u64 },
    /// A wrapping key that wraps nothing any more was destroyed.
    KeyRetired { version: u32 },
    /// A recovery kit was issued.
    KitIssued,
    /// Somebody showed that the kit opens.
    KitConfirmed,
    /// The keyring was brought back from a recovery kit.
    KeyringRecovered,
    /// The keyring was sealed under another passphrase or key.
    PassphraseChanged,
    /// A checkpoint was handed out.
    Checkpointed { size: u64, root: String },
    /// A restore: what the log was before (a declared gap).
    Restored { size: u64, root: String },
}

impl Event {
    /// The patient this is about, if it is about one.
    pub const fn patient(&self) -> Option<PatientId> {
        match self {
            Event::Looked { access: Access { whom: crate::Whom::One(patient), .. }, .. }
            | Event::ConsentGranted { patient, .. }
            | Event::ConsentWithdrawn { patient, .. }
            | Event::GrantRefused { patient, .. }
            | Event::AuthorizationSigned { patient, .. }
            | Event::AuthorizationRevoked { patient, .. }
            | Event::NotMe { patient }
            | Event::PreferencesSet { patient, .. }
            | Event::Suppressed { patient, .. }
            | Event::Merged { patient, .. }
            | Event::Restriction { patient, .. }
            | Event::Erased { patient }
            | Event::AddressSettled { patient, .. }
            | Event::SuppressionLifted { patient, .. }
            | Event::Corrected { patient, .. }
            | Event::Released { patient, .. }
            | Event::Decided { patient, .. } => Some(*patient),
            Event::ServiceDecided { patient, .. } => *patient,
            _ => None,
        }
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(hash: &Hash) -> String {
    use std::fmt::Write;
    hash.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
