//! What somebody asked for at a page without signing in, before it is known who they are: what they entered is kept
//! sealed, and a link to go on is mailed to the address they entered. The answer is the same for every address, and so is
//! the work: who is there, and whether anybody, is looked up when the mail is written or its link is used.

use crate::app::App;
use crate::campaigns::drafts::CampaignDraft;
use crate::error::{AppError, Result};
use discreet_access::{FreshRecord, FreshToken, FreshVerb};
use discreet_audit::Entry;
use discreet_domain::{
    AuthorizationId, Day, EmailAddress, MessageId, PatientId, Tag, Timestamp, Topic, UserId,
};
use discreet_policy::{MOST_SERVICE_MAILS, SERVICE_WINDOW, Service};
use discreet_store::{Lane, NewService, ServiceRow};
use discreet_vault::Place;
use discreet_words::Language;
use serde::{Deserialize, Serialize};

/// How many asked-for mails may wait at a time: who floods the pages does not fill the disk.
const MOST_WAITING: u64 = 10_000;
/// For how long such a mail, and what was entered, is kept, in seconds: a fortnight, longer than any of its links is good.
pub(crate) const KEPT: i64 = 14 * 86_400;

/// The text somebody agreed to, as it was shown to them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Shown {
    /// Its version: for the ledger.
    pub version: String,
    /// Its words: for the evidence.
    pub text: String,
}

/// What was entered, and sealed.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Entered {
    pub(crate) address: String,
    pub(crate) language: String,
    pub(crate) what: What,
}

/// What was asked for.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    Join(Joining),
    Choices,
    Copy {
        authorization: AuthorizationId,
    },
    /// A test, for whom.
    Test {
        to: UserId,
        draft: Box<CampaignDraft>,
    },
}

/// What was entered on the consent form.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Joining {
    pub(crate) given: String,
    pub(crate) family: String,
    pub(crate) birth: Day,
    pub(crate) topics: Vec<Topic>,
    pub(crate) shown: Shown,
}

impl Entered {
    pub(crate) fn language(&self) -> Language {
        Language::of_tag(&self.language).unwrap_or(Language::English)
    }
    /// Enough of the address for its owner to recognize.
    pub(crate) fn masked(&self) -> String {
        EmailAddress::parse(&self.address).map_or_else(|_| "•••".to_owned(), |address| address.masked())
    }
}

fn place(id: MessageId) -> Place<'static> {
    Place { table: "service_mail", row: id.uuid().as_u128(), column: "sealed", version: 1 }
}

/// For how long such a mail may wait to leave, in seconds. Who is still waiting after that has asked again.
pub(crate) const fn patience(service: Service) -> i64 {
    match service {
        Service::Choices | Service::Test => 1800,
        Service::Confirmation | Service::Copy => 86_400,
    }
}

impl App {
    /// Queues mails to an address. Beyond what an address may ask for within an hour nothing is queued, and nobody is told.
    pub(crate) async fn queue_asked(
        &self,
        service: Service,
        entered: &Entered,
        to: &EmailAddress,
        for_whom: &[(u64, Option<PatientId>)],
        now: Timestamp,
    ) -> Result<bool> {
        let address = self.vault.with_keyring(|k| k.address_tag(to));
        let not_after = now.plus_seconds(patience(service));
        let mails = for_whom.iter().map(|(nth, patient)| {
            let id = MessageId::random();
            let sealed = self.seal_asked(id, entered)?;
            Ok(NewService {
                id,
                service,
                address,
                nth: *nth,
                patient: *patient,
                staff: None,
                sealed,
                not_after,
            })
        });
        let mails = mails.collect::<Result<Vec<_>>>()?;
        self.queue_mails(mails, address, &[], now).await
    }
    /// Queues mails to an address, with their entries: `false` if it was asked for too many within the hour.
    pub(crate) async fn queue_mails(
        &self,
        mails: Vec<NewService>,
        address: Tag,
        entries: &[Entry],
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = self.store.begin(Lane::Receipt).await?;
        if tx.service_waiting(now).await? >= MOST_WAITING {
            return Err(AppError::conflict("too many mails wait that were asked for"));
        }
        if tx.service_asked(address, now.plus_seconds(-SERVICE_WINDOW)).await? >= MOST_SERVICE_MAILS {
            return Ok(false);
        }
        tx.queue_service(mails, now).await?;
        self.settle(tx, entries).await?;
        Ok(true)
    }
    /// What was entered, sealed.
    pub(crate) fn seal_asked(&self, id: MessageId, entered: &Entered) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(entered).map_err(|_| AppError::Form("what was entered"))?;
        Ok(self.organization.seal(place(id), &plain)?)
    }
    /// What was entered, opened.
    pub(crate) fn open_asked(&self, id: MessageId, sealed: &[u8]) -> Result<Entered> {
        let plain = self.organization.open(place(id), sealed)?;
        serde_json::from_slice(&plain).map_err(|_| AppError::Form("what was entered"))
    }
    /// The mail that a link was in, with what was entered.
    pub(crate) async fn asked_by<V: FreshVerb>(
        &self,
        token: &FreshToken<V>,
    ) -> Result<(ServiceRow, Entered)> {
        let id = token.record().message;
        let row = self.store.read().await?.service_mail(id).await?.ok_or(AppError::NotFound("link"))?;
        let entered = self.open_asked(id, &row.sealed)?;
        Ok((row, entered))
    }
    /// Leave to do what a link is for that was mailed on request, by the hash of its token; `None` if there is no such
    /// link, or no longer.
    ///
    /// # Errors
    /// The database's.
    pub async fn redeem_fresh<V: FreshVerb>(
        &self,
        token_hash: &[u8],
        now: Timestamp,
    ) -> Result<Option<FreshToken<V>>> {
        let found = self.store.read().await?.fresh_link(token_hash).await?;
        Ok(found.and_then(|link| {
            let record = FreshRecord {
                verb: link.verb,
                message: link.message,
                patient: link.patient,
                address: link.address.to_vec(),
                expires: link.expires,
            };
            FreshToken::redeem(record, now)
        }))
    }
    /// Whose link it is, if the mailbox it went to is still theirs.
    pub(crate) async fn whose<V: FreshVerb>(&self, token: &FreshToken<V>) -> Result<PatientId> {
        let record = token.record();
        let patient = record.patient.ok_or(AppError::NotFound("link"))?;
        let row = self.store.read().await?.patient(patient).await?.ok_or(AppError::NotFound("link"))?;
        let theirs = row.state == discreet_store::PatientState::Live
            && row.address_tag == Tag::from_bytes(&record.address)
            && row.address_standing != discreet_policy::AddressStanding::Doubtful;
        if theirs { Ok(patient) } else { Err(AppError::NotFound("link")) }
    }
}
