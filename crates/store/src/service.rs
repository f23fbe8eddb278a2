//! Mail that somebody asked for at a page, its links, and what patients set there.

use crate::db::{Param, Result, StoreError, ids};
use crate::messages::{MessageState, OutcomeRow};
use crate::patients::{PatientState, tag};
use crate::{Claim, DELIVERY_LEASE_SECONDS, Reading, Tx};
use discreet_domain::{Day, MessageId, PatientId, Tag, Timestamp, UserId};
use discreet_policy::{
    AddressStanding, Known, SERVICE_WINDOW, Service, ServiceAsk, ServiceFacts, ServiceGate, ServiceRuling,
    Suppression, TABLE_VERSION,
};
use std::collections::HashMap;
use uuid::Uuid;

/// A mail to queue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewService {
    /// Which.
    pub id: MessageId,
    /// What for.
    pub service: Service,
    /// To which mailbox.
    pub address: Tag,
    /// Of several patients at one address, which, from 0 on.
    pub nth: u64,
    /// Whose link it brings, if that is known yet.
    pub patient: Option<PatientId>,
    /// Whose mailbox it is, if it is for a colleague.
    pub staff: Option<UserId>,
    /// What was entered, sealed.
    pub sealed: Vec<u8>,
    /// It must not leave later.
    pub not_after: Timestamp,
}

/// A mail under a claim.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClaimedService {
    /// Which.
    pub id: MessageId,
    /// What for.
    pub service: Service,
    /// To which mailbox.
    pub address: Tag,
    /// Of several patients at one address, which.
    pub nth: u64,
    /// Whose link it brings, if that is known yet.
    pub patient: Option<PatientId>,
    /// What was entered, sealed.
    pub sealed: Vec<u8>,
}

/// A mail as the page behind its link needs it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServiceRow {
    /// What for.
    pub service: Service,
    /// Whose link it brought.
    pub patient: Option<PatientId>,
    /// What was entered, sealed.
    pub sealed: Vec<u8>,
    /// When it was asked for.
    pub asked: Timestamp,
    /// When what it confirms was recorded.
    pub used: Option<Timestamp>,
    /// Wrong answers at its page.
    pub tries: u64,
}

/// The link of such a mail, by the hash of its token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FreshLink {
    /// What it is for.
    pub verb: String,
    /// In which mail.
    pub message: MessageId,
    /// Whose, if it is one patient's.
    pub patient: Option<PatientId>,
    /// To which mailbox it went.
    pub address: Tag,
    /// Until when it is good.
    pub expires: Timestamp,
}

type Asked = (
    Uuid,
    String,
    Vec<u8>,
    Option<Uuid>,
    i64,
    Option<i64>,
    Option<Vec<u8>>,
    Option<i64>,
    u64,
    Option<bool>,
    u64,
);

fn service(text: &str) -> Result<Service> {
    Service::parse(text).ok_or(StoreError::Malformed("a service"))
}
fn mailbox(bytes: &[u8]) -> Result<Tag> {
    Tag::from_bytes(bytes).ok_or(StoreError::Malformed("a tag"))
}

impl Reading {
    /// How often such mail to an address was asked for since then.
    ///
    /// # Errors
    /// The database's.
    pub async fn service_asked(&mut self, address: Tag, since: Timestamp) -> Result<u64> {
        let params = [address.to_vec().into(), since.micros().into()];
        let row: Option<(u64,)> = self.conn.first("service.asked_lately", &params).await?;
        Ok(row.map_or(0, |(n,)| n))
    }
    /// How many such mails wait.
    ///
    /// # Errors
    /// The database's.
    pub async fn service_waiting(&mut self, now: Timestamp) -> Result<u64> {
        let row: Option<(u64,)> = self.conn.first("service.waiting", &[now.micros().into()]).await?;
        Ok(row.map_or(0, |(n,)| n))
    }
    /// Whether there is anything to send, to take care of or to remove.
    ///
    /// # Errors
    /// The database's.
    pub async fn service_due(&mut self, now: Timestamp, asked_before: Timestamp) -> Result<bool> {
        let params = [now.micros().into(), asked_before.micros().into()];
        let row: Option<(u64,)> = self.conn.first("service.due", &params).await?;
        Ok(row.is_some_and(|(n,)| n > 0))
    }
    /// A link, by the hash of its token.
    ///
    /// # Errors
    /// The database's.
    pub async fn fresh_link(&mut self, hash: &[u8]) -> Result<Option<FreshLink>> {
        let row: Option<(String, Uuid, Option<Uuid>, Vec<u8>, i64)> =
            self.conn.first("service.link", &[hash.to_vec().into()]).await?;
        row.map(|(verb, message, patient, address, expires)| {
            Ok(FreshLink {
                verb,
                message: MessageId::from_uuid(message),
                patient: patient.map(PatientId::from_uuid),
                address: mailbox(&address)?,
                expires: Timestamp::from_micros(expires),
            })
        })
        .transpose()
    }
    /// A mail.
    ///
    /// # Errors
    /// The database's.
    pub async fn service_mail(&mut self, id: MessageId) -> Result<Option<ServiceRow>> {
        let row: Option<(String, Option<Uuid>, Vec<u8>, i64, Option<i64>, u64)> =
            self.conn.first("service.get", &[id.uuid().into()]).await?;
        row.map(|(name, patient, sealed, asked, used, tries)| {
            Ok(ServiceRow {
                service: service(&name)?,
                patient: patient.map(PatientId::from_uuid),
                sealed,
                asked: Timestamp::from_micros(asked),
                used: used.map(Timestamp::from_micros),
                tries,
            })
        })
        .transpose()
    }
    /// Where a mail of this kind stands, and why.
    ///
    /// # Errors
    /// The database's.
    pub async fn service_standing(
        &mut self,
        id: MessageId,
        service: Service,
    ) -> Result<Option<(MessageState, String)>> {
        let params = [id.uuid().into(), service.name().into()];
        let row: Option<(String, String)> = self.conn.first("service.standing", &params).await?;
        row.map(|(state, reason)| {
            Ok((MessageState::parse(&state).ok_or(StoreError::Malformed("a state"))?, reason))
        })
        .transpose()
    }
    /// What each such mail is for, where it stands, and why.
    ///
    /// # Errors
    /// The database's.
    pub async fn service_states(&mut self) -> Result<Vec<(String, String, String)>> {
        self.conn.all("service.states", &[]).await
    }
    /// A confirmed choice that fitted nobody: when, and what was entered, sealed.
    ///
    /// # Errors
    /// The database's.
    pub async fn choice_request(&mut self, id: MessageId) -> Result<Option<(Timestamp, Vec<u8>)>> {
        let row: Option<(i64, Vec<u8>)> = self.conn.first("service.request", &[id.uuid().into()]).await?;
        Ok(row.map(|(at, sealed)| (Timestamp::from_micros(at), sealed)))
    }
}

impl Tx {
    /// Queues mails.
    ///
    /// # Errors
    /// The database's.
    pub async fn queue_service(&mut self, mails: Vec<NewService>, now: Timestamp) -> Result<()> {
        let each: Vec<Vec<Param>> = mails
            .into_iter()
            .map(|m| {
                vec![
                    m.id.uuid().into(),
                    m.service.name().into(),
                    m.address.to_vec().into(),
                    m.nth.into(),
                    m.patient.map(PatientId::uuid).into(),
                    m.staff.map(UserId::uuid).into(),
                    m.sealed.into(),
                    now.micros().into(),
                    m.not_after.micros().into(),
                ]
            })
            .collect();
        self.conn.run_each("service.add", &each).await.map(drop)
    }
    /// Takes some that are due under a claim.
    ///
    /// # Errors
    /// The database's.
    pub async fn claim_service(
        &mut self,
        claim: Claim,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<ClaimedService>> {
        let params = [now.micros().into(), claim.id().into(), claim.lease().micros().into(), most.into()];
        let rows: Vec<(Uuid, String, Vec<u8>, u64, Option<Uuid>, Vec<u8>)> =
            self.conn.all("service.claim", &params).await?;
        rows.into_iter()
            .map(|(id, name, address, nth, patient, sealed)| {
                Ok(ClaimedService {
                    id: MessageId::from_uuid(id),
                    service: service(&name)?,
                    address: mailbox(&address)?,
                    nth,
                    patient: patient.map(PatientId::from_uuid),
                    sealed,
                })
            })
            .collect()
    }
    /// Notes whose link each rendered mail brings, and the links.
    ///
    /// # Errors
    /// The database's.
    pub async fn note_service(
        &mut self,
        claim: Claim,
        rendered: &[(MessageId, Option<PatientId>)],
        links: Vec<(Vec<u8>, FreshLink)>,
    ) -> Result<()> {
        let each: Vec<Vec<Param>> = rendered
            .iter()
            .map(|(id, patient)| {
                vec![id.uuid().into(), claim.id().into(), patient.map(PatientId::uuid).into()]
            })
            .collect();
        self.conn.run_each("service.rendered", &each).await?;
        let each: Vec<Vec<Param>> = links
            .into_iter()
            .map(|(hash, link)| {
                vec![
                    hash.into(),
                    link.verb.into(),
                    link.message.uuid().into(),
                    link.patient.map(PatientId::uuid).into(),
                    link.address.to_vec().into(),
                    link.expires.micros().into(),
                ]
            })
            .collect();
        self.conn.run_each("service.add_link", &each).await.map(drop)
    }
    /// Holds claimed mails for a reason.
    ///
    /// # Errors
    /// The database's.
    pub async fn hold_service(
        &mut self,
        claim: Claim,
        held: &[(MessageId, &'static str)],
        now: Timestamp,
    ) -> Result<()> {
        let each: Vec<Vec<Param>> = held
            .iter()
            .map(|(id, reason)| {
                vec![
                    id.uuid().into(),
                    claim.id().into(),
                    now.micros().into(),
                    (*reason).into(),
                    TABLE_VERSION.into(),
                ]
            })
            .collect();
        self.conn.run_each("service.hold", &each).await.map(drop)
    }
    /// Says what came of attempts.
    ///
    /// # Errors
    /// The database's.
    pub async fn service_outcomes(
        &mut self,
        claim: Claim,
        outcomes: &[OutcomeRow],
        now: Timestamp,
    ) -> Result<()> {
        let each: Vec<Vec<Param>> = outcomes
            .iter()
            .map(|o| {
                vec![
                    o.message.uuid().into(),
                    claim.id().into(),
                    o.state.name().into(),
                    o.reason.clone().into(),
                    o.due.micros().into(),
                    now.micros().into(),
                    (o.state != MessageState::Queued).into(),
                ]
            })
            .collect();
        self.conn.run_each("service.outcome", &each).await.map(drop)
    }
    /// Lapsed claims go back to the queue; hand-overs without an outcome become `unknown`, and are never sent again.
    ///
    /// # Errors
    /// The database's.
    pub async fn recover_service(&mut self, now: Timestamp) -> Result<(u64, u64)> {
        let params = [now.micros().into()];
        let requeued = self.conn.run("service.lapsed_claims", &params).await?;
        Ok((requeued, self.conn.run("service.lapsed_hand_overs", &params).await?))
    }
    /// Removes mails asked for before then, and links whose time is over.
    ///
    /// # Errors
    /// The database's.
    pub async fn remove_old_service(&mut self, asked_before: Timestamp, now: Timestamp) -> Result<()> {
        self.conn.run("service.remove_old", &[asked_before.micros().into()]).await?;
        self.conn.run("service.remove_old_links", &[now.micros().into()]).await.map(drop)
    }
    /// Says that what a mail confirms was recorded; `false` if it was already.
    ///
    /// # Errors
    /// The database's.
    pub async fn use_service(&mut self, id: MessageId, now: Timestamp) -> Result<bool> {
        Ok(self.conn.run("service.use", &[id.uuid().into(), now.micros().into()]).await? == 1)
    }
    /// Counts an answer at a mail's page; whether there may be one more, of so many at most.
    ///
    /// # Errors
    /// The database's.
    pub async fn try_service(&mut self, id: MessageId, most: u64) -> Result<bool> {
        Ok(self.conn.run("service.try", &[id.uuid().into(), most.into()]).await? == 1)
    }
    /// A right answer: the wrong ones before it count no more.
    ///
    /// # Errors
    /// The database's.
    pub async fn clear_tries(&mut self, id: MessageId) -> Result<()> {
        self.conn.run("service.clear_tries", &[id.uuid().into()]).await.map(drop)
    }
    /// Staff have looked into a confirmed choice that fitted nobody: what was entered goes.
    ///
    /// # Errors
    /// The database's.
    pub async fn drop_choice_request(&mut self, id: MessageId) -> Result<()> {
        self.conn.run("service.drop_request", &[id.uuid().into()]).await.map(drop)
    }
    /// Keeps a confirmed choice that fits nobody.
    ///
    /// # Errors
    /// The database's.
    pub async fn add_choice_request(&mut self, id: MessageId, sealed: Vec<u8>, now: Timestamp) -> Result<()> {
        let params = [id.uuid().into(), now.micros().into(), sealed.into()];
        self.conn.run("service.add_request", &params).await.map(drop)
    }
    /// Removes what was asked for by or about a patient, and by whoever has their address. To be called while the patient
    /// still has it.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn forget_service(&mut self, patient: PatientId) -> Result<()> {
        self.conn.run("service.forget_links", &[patient.uuid().into()]).await?;
        self.conn.run("service.forget", &[patient.uuid().into()]).await.map(drop)
    }
}

impl ServiceGate for Tx {
    async fn service_facts(
        &mut self,
        of: &[MessageId],
        now: Timestamp,
    ) -> Result<Vec<(ServiceAsk, ServiceFacts)>> {
        let (claim, zone) = self.claim.clone().ok_or(StoreError::Gone("a hand-over needs a claim"))?;
        let these = || ids(of.iter().map(|m| m.uuid()));
        self.conn.all::<(i64,)>("service.lock_installation", &[]).await?;
        self.conn.all::<(Uuid,)>("service.lock_patients", &[these()]).await?;
        self.conn.all::<(Uuid,)>("service.lock_staff", &[these()]).await?;
        let since = now.plus_seconds(-SERVICE_WINDOW);
        let params = [these(), claim.id().into(), now.micros().into(), since.micros().into()];
        let rows: Vec<Asked> = self.conn.all("service.asked", &params).await?;
        let tags: Vec<Tag> = rows.iter().filter_map(|row| Tag::from_bytes(&row.2)).collect();
        let suppressed: HashMap<Tag, String> = self.suppressions(Some(&tags)).await?.into_iter().collect();
        let installation = self.installation().await?;
        let today: Day = zone.day_of(now);
        let sending = installation.as_ref().map(|i| i.sending);
        let relay = installation.as_ref().map(|i| i.relay_may_carry(today));
        rows.into_iter()
            .map(|row| {
                let address = mailbox(&row.2)?;
                let reason = suppressed.get(&address);
                let suppression = reason.map_or(Suppression::None, |reason| Suppression::from_reason(reason));
                let facts = ServiceFacts {
                    sending: sending.into(),
                    relay: relay.into(),
                    suppression: Known::Is(suppression),
                    lately: Known::Is(row.8),
                    standing: standing(&row, address)?,
                    deceased: Known::Is(row.9.unwrap_or(false)),
                    staff: Known::Is(row.10 == 1),
                };
                let ask = ServiceAsk {
                    message: MessageId::from_uuid(row.0),
                    service: service(&row.1)?,
                    address,
                    patient: row.3.map(PatientId::from_uuid),
                    not_after: Timestamp::from_micros(row.4),
                };
                Ok((ask, facts))
            })
            .collect()
    }

    async fn mark_service(&mut self, rulings: &[ServiceRuling], now: Timestamp) -> Result<()> {
        let (claim, _) = self.claim.clone().ok_or(StoreError::Gone("a hand-over needs a claim"))?;
        let deadline = now.plus_seconds(DELIVERY_LEASE_SECONDS);
        let (mut go, mut hold, mut back) = (Vec::new(), Vec::new(), Vec::new());
        for ruling in rulings {
            let mut params: Vec<Param> =
                vec![ruling.ask.message.uuid().into(), claim.id().into(), now.micros().into()];
            match ruling.verdict {
                Ok(()) => {
                    params.extend([TABLE_VERSION.into(), deadline.micros().into()]);
                    go.push(params);
                }
                Err(denied) if denied.is_passing() => back.push(params),
                Err(denied) => {
                    params.extend([denied.code().into(), TABLE_VERSION.into()]);
                    hold.push(params);
                }
            }
        }
        let mut changed = self.conn.run_each("service.hand_over", &go).await?;
        changed.extend(self.conn.run_each("service.hold", &hold).await?);
        changed.extend(self.conn.run_each("service.give_back", &back).await?);
        if changed.iter().all(|n| *n == 1) {
            Ok(())
        } else {
            Err(StoreError::Gone("a mail was no longer under this claim"))
        }
    }
}

/// Where the mailbox stands with the patient whose link it gets. A record that is no live patient's, or that has another
/// address by now, has no such mailbox.
fn standing(row: &Asked, address: Tag) -> Result<Known<AddressStanding>> {
    let (Some(state), Some(number)) = (row.5, row.7) else { return Ok(Known::Is(AddressStanding::None)) };
    let live = PatientState::from_number(state) == Some(PatientState::Live);
    if !live || tag(row.6.clone())? != Some(address) {
        return Ok(Known::Is(AddressStanding::None));
    }
    Ok(AddressStanding::from_number(number).into())
}
