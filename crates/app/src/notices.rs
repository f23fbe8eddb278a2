//! What somebody must see to: until it is answered, it stands on the first page of whoever answers for it.

use crate::app::App;
use crate::error::{AppError, Result};
use discreet_access::{Allowed, AnswerImportNotice, AnswerNotice};
use discreet_audit::Event;
use discreet_domain::{Timestamp, UserId};
use discreet_store::Lane;

/// Somebody got a role that reaches patients' data.
pub const ROLE_GRANTED: &str = "role_granted";
/// Somebody at an address said it is not the patient's.
pub const NOT_ME: &str = "not_me";
/// An import broke off: for the data steward, too.
pub const IMPORT_FAILED: &str = "import_failed";

/// Choices were confirmed that fit no one patient.
pub const CHOICE_UNMATCHED: &str = "choice_unmatched";

/// Something to see to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// Which.
    pub n: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub what: About,
}

/// What a notice is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum About {
    /// Somebody got a role that reaches patients' data: their name and roles.
    RoleGranted(String, Vec<String>),
    /// Somebody at a patient's address said it is not theirs.
    NotMe(discreet_domain::PatientId),
    /// Somebody confirmed choices on the consent form that fit no one patient.
    ChoiceUnmatched(discreet_domain::MessageId),
    /// An import broke off.
    ImportFailed(discreet_domain::ImportId),
}

impl App {
    /// What nobody has seen to yet, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn notices(&self, _by: Allowed<AnswerNotice>) -> Result<Vec<Notice>> {
        let mut reading = self.store.read().await?;
        let mut notices = Vec::new();
        for row in reading.notices().await? {
            let what = match row.kind.as_str() {
                ROLE_GRANTED => {
                    let account = reading.account(UserId::from_uuid(row.subject)).await?;
                    let Some(account) = account else { continue };
                    let roles = crate::users::roles_of(&account.roles);
                    About::RoleGranted(account.name, roles.iter().map(|r| r.title().to_owned()).collect())
                }
                NOT_ME => About::NotMe(discreet_domain::PatientId::from_uuid(row.subject)),
                CHOICE_UNMATCHED => {
                    About::ChoiceUnmatched(discreet_domain::MessageId::from_uuid(row.subject))
                }
                IMPORT_FAILED => About::ImportFailed(discreet_domain::ImportId::from_uuid(row.subject)),
                _ => continue,
            };
            notices.push(Notice { n: row.n, at: row.at, what });
        }
        Ok(notices)
    }
    /// Says that something was seen to.
    ///
    /// # Errors
    /// No such notice, or one answered already; the database's.
    pub async fn answer_notice(&self, by: Allowed<AnswerNotice>, n: u64, now: Timestamp) -> Result<()> {
        let mut tx = self.store.begin(Lane::Receipt).await?;
        let notice = tx.notice(n).await?.ok_or(AppError::NotFound("notice"))?;
        tx.answer_notice(n, by.user(), now).await?;
        if notice.kind == CHOICE_UNMATCHED {
            tx.drop_choice_request(discreet_domain::MessageId::from_uuid(notice.subject)).await?;
        }
        let kind = notice.kind;
        self.settle_one(tx, by.actor(), Event::NoticeAnswered { n, kind }, now).await
    }
    /// Which imports broke off and nobody has seen to yet, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn import_notices(&self, _by: Allowed<AnswerImportNotice>) -> Result<Vec<Notice>> {
        let rows = self.store.read().await?.notices().await?;
        let failed = rows.into_iter().filter(|row| row.kind == IMPORT_FAILED).map(|row| Notice {
            n: row.n,
            at: row.at,
            what: About::ImportFailed(discreet_domain::ImportId::from_uuid(row.subject)),
        });
        Ok(failed.collect())
    }
    /// Says that a failed import was seen to.
    ///
    /// # Errors
    /// No such notice, or one answered already; the database's.
    pub async fn answer_import_notice(
        &self,
        by: Allowed<AnswerImportNotice>,
        n: u64,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.store.begin(Lane::Receipt).await?;
        let kind = tx.notice(n).await?.map(|notice| notice.kind).filter(|kind| kind == IMPORT_FAILED);
        let kind = kind.ok_or(AppError::NotFound("notice"))?;
        tx.answer_notice(n, by.user(), now).await?;
        self.settle_one(tx, by.actor(), Event::NoticeAnswered { n, kind }, now).await
    }
}
