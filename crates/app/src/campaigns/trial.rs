//! A test of a campaign's mail: as a draft would look, filled for a patient who does not exist, in a colleague's mailbox.
//! It goes out by the gate of mail that was asked for (ADR 10), to addresses that people here sign in with, and to no other.

use super::drafts::{CampaignDraft, KIND};
use super::kept::KeptFindings;
use super::sample;
use crate::app::App;
use crate::asked::{Entered, What, patience};
use crate::drafts::Draft;
use crate::error::{AppError, Result};
use discreet_access::{Allowed, SendTest};
use discreet_audit::{Entry, Event};
use discreet_domain::{CampaignId, EmailAddress, MessageId, Tag, Timestamp, UserId};
use discreet_mail::{Finding, Page, blocks};
use discreet_policy::{Denied, MOST_SERVICE_MAILS, Service, TEST_LABEL};
use discreet_store::{MessageState, NewService};
use uuid::Uuid;

/// A colleague a test can go to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Colleague {
    /// Who.
    pub user: UserId,
    /// The name they go by.
    pub name: String,
}

/// What came of a test.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TestSent {
    /// It waits, or is with the dispatcher.
    OnItsWay,
    /// The relay took it.
    Accepted,
    /// It does not arrive, and why.
    NotSent(String),
}

impl App {
    /// Colleagues with an address to sign in with, who can act.
    ///
    /// # Errors
    /// The database's.
    pub async fn test_readers(&self, _by: &Allowed<SendTest>) -> Result<Vec<Colleague>> {
        let all = self.store.read().await?.accounts().await?;
        let can = all.into_iter().filter(|account| !account.disabled && account.email.is_some());
        Ok(can.map(|account| Colleague { user: account.id, name: account.name }).collect())
    }

    /// Queues a test of a draft's mail for a colleague.
    ///
    /// # Errors
    /// Something in the mail stops it, or it is too delicate; nothing may be sent now; no such colleague, or they had too
    /// many; the database's.
    pub async fn send_test(
        &self,
        by: Allowed<SendTest>,
        draft: Uuid,
        to: UserId,
        now: Timestamp,
    ) -> Result<MessageId> {
        let mut draft: Draft<CampaignDraft> = self.draft(KIND, draft).await?;
        // Why words were kept is for colleagues, not for what waits to be sent.
        draft.content.kept = KeptFindings::default();
        let (address, tag) = self.test_mailbox(to).await?.ok_or_else(|| {
            AppError::invalid("choose a colleague who can sign in here with an address of theirs")
        })?;
        if self.fill_test(&draft.content).await.map_err(stopped)?.label() > TEST_LABEL {
            return Err(AppError::conflict(format!(
                "its words or our name tell more than a test may ({TEST_LABEL} at most): read it in the preview"
            )));
        }
        self.refuse_closed(now).await?;
        let message = MessageId::random();
        let campaign = CampaignId::from_uuid(draft.id);
        let entered = Entered {
            address: address.as_str().to_owned(),
            language: draft.content.language.clone(),
            what: What::Test { to, draft: Box::new(draft.content) },
        };
        let mail = NewService {
            id: message,
            service: Service::Test,
            address: tag,
            nth: 0,
            patient: None,
            staff: Some(to),
            sealed: self.seal_asked(message, &entered)?,
            not_after: now.plus_seconds(patience(Service::Test)),
        };
        let event = Event::TestQueued { campaign, message, to };
        let entry = Entry { at: now, by: by.actor(), event };
        if !self.queue_mails(vec![mail], tag, &[entry], now).await? {
            return Err(AppError::conflict(format!(
                "{MOST_SERVICE_MAILS} such emails went to this colleague within the hour: wait a while, or choose another"
            )));
        }
        Ok(message)
    }

    /// What came of a test; `None` if there is no such test, or no longer.
    ///
    /// # Errors
    /// The database's.
    pub async fn test_sent(
        &self,
        _by: &Allowed<SendTest>,
        message: MessageId,
    ) -> Result<Option<(String, TestSent)>> {
        let standing = self.store.read().await?.service_standing(message, Service::Test).await?;
        let Some((state, reason)) = standing else { return Ok(None) };
        let row = self.store.read().await?.service_mail(message).await?.ok_or(AppError::NotFound("test"))?;
        let What::Test { to, .. } = self.open_asked(message, &row.sealed)?.what else { return Ok(None) };
        let sent = match state {
            MessageState::Queued | MessageState::Claimed | MessageState::HandedOver => TestSent::OnItsWay,
            MessageState::Accepted => TestSent::Accepted,
            MessageState::Unknown => TestSent::NotSent("the relay did not say whether it took it".to_owned()),
            MessageState::Held => TestSent::NotSent(held(&reason).to_owned()),
            MessageState::Bounced | MessageState::Refused => {
                TestSent::NotSent("the relay refused it".to_owned())
            }
        };
        Ok(Some((self.name_of(to).await?, sent)))
    }

    /// The mailbox of somebody who can act here.
    pub(crate) async fn test_mailbox(&self, user: UserId) -> Result<Option<(EmailAddress, Tag)>> {
        let account = self.store.read().await?.account(user).await?.filter(|account| !account.disabled);
        let address = account.and_then(|account| account.email).and_then(|e| EmailAddress::parse(&e).ok());
        Ok(address.map(|address| {
            let tag = self.vault.with_keyring(|k| k.address_tag(&address));
            (address, tag)
        }))
    }

    /// A draft's mail as a test, unless something stops it.
    pub(crate) async fn fill_test(&self, draft: &CampaignDraft) -> Result<Page> {
        let (findings, layout) = self.set_letter(draft).await?;
        let stops = findings.iter().filter(|finding| blocks(std::slice::from_ref(*finding)));
        let stops: Vec<Finding> = stops.cloned().collect();
        match layout {
            Some(layout) if stops.is_empty() => {
                layout.fill_test(&sample()).map_err(|e| AppError::invalid(e.to_string()))
            }
            _ => Err(AppError::Template(stops)),
        }
    }
}

/// What stops a mail, place by place.
fn stopped(error: AppError) -> AppError {
    let AppError::Template(findings) = error else { return error };
    let each = findings.iter().map(|f| format!("{}: {}", f.place.name(), f.message));
    AppError::conflict(format!("something stops this email – {}", each.collect::<Vec<_>>().join("; ")))
}

/// Why a test is held, in words.
fn held(reason: &str) -> &str {
    match reason {
        "LABEL" => "it tells more than a test may, or something in it stops it by now",
        "UNREADABLE" => "the colleague cannot sign in here with this address any more",
        code => Denied::from_code(code).map_or("it could not be written", Denied::text),
    }
}
