//! The gate's view of the database: lock first, read in a second statement.

use crate::campaigns::split;
use crate::consents::{PatientAct, PatientForm};
use crate::db::{Param, Result, StoreError, ids};
use crate::patients::{PatientState, tag};
use crate::{InstallationRow, Tx};
use discreet_domain::{CampaignId, Day, Label, MessageId, PatientId, Tag, Timestamp, Topic, Zone};
use discreet_policy::authorization::OnFile;
use discreet_policy::consent::{Act, AddressStop};
use discreet_policy::{
    AddressStanding, Age, Ask, CampaignStanding, Classification, Facts, Gate, Known, Person, Ruling, Setting,
    Suppression, TABLE_VERSION,
};
use std::collections::HashMap;
use uuid::Uuid;

/// How long a handed-over message may be on its way before it counts as `unknown`, in seconds. Longer than any timeout
/// of a delivery, so that a late outcome is the exception.
pub const DELIVERY_LEASE_SECONDS: i64 = 600;

/// One dispatcher's hold on messages, until its lease ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Claim {
    id: Uuid,
    lease: Timestamp,
    delivery_seconds: i64,
}

impl Claim {
    /// A fresh claim until `lease`; what is handed over under it has `delivery_seconds` to have an outcome.
    pub fn until(lease: Timestamp, delivery_seconds: i64) -> Claim {
        Claim { id: Uuid::new_v4(), lease, delivery_seconds }
    }
    pub(crate) const fn id(self) -> Uuid {
        self.id
    }
    pub(crate) const fn lease(self) -> Timestamp {
        self.lease
    }
}

type Asked = (
    Uuid,
    Uuid,
    i64,
    String,
    String,
    String,
    String,
    String,
    Uuid,
    i64,
    bool,
    bool,
    i64,
    bool,
    Option<Vec<u8>>,
    i64,
    u64,
);

/// All that is read once for a batch.
struct Batch {
    installation: Option<InstallationRow>,
    acts: HashMap<PatientId, Vec<Act>>,
    forms: HashMap<PatientId, Vec<OnFile>>,
    stops: HashMap<Tag, Vec<AddressStop>>,
    suppressions: HashMap<Tag, String>,
    resting: HashMap<PatientId, Timestamp>,
    today: Day,
}

impl Tx {
    /// The transaction that will hand over messages of this claim. `zone` says what day it is for expiries.
    #[must_use]
    pub fn for_claim(mut self, claim: Claim, zone: &Zone) -> Tx {
        self.claim = Some((claim, zone.clone()));
        self
    }
    async fn lock(&mut self, of: &[MessageId]) -> Result<()> {
        let these = || [ids(of.iter().map(|m| m.uuid()))];
        self.conn.all::<(i64,)>("messages.lock_installation", &[]).await?;
        self.conn.all::<(Uuid,)>("messages.lock_campaigns", &these()).await?;
        self.conn.all::<(Uuid,)>("messages.lock_patients", &these()).await?;
        Ok(())
    }
    async fn batch(&mut self, asked: &[Asked], today: Day, now: Timestamp) -> Result<Batch> {
        let mut patients: Vec<PatientId> = asked.iter().map(|a| PatientId::from_uuid(a.8)).collect();
        patients.sort_unstable();
        patients.dedup();
        let tags: Vec<Tag> = asked.iter().filter_map(|a| tag(a.14.clone()).ok().flatten()).collect();
        let mut batch = Batch {
            installation: self.installation().await?,
            acts: HashMap::new(),
            forms: HashMap::new(),
            stops: HashMap::new(),
            suppressions: self.suppressions(Some(&tags)).await?.into_iter().collect(),
            resting: self.resting(Some(&patients), now).await?,
            today,
        };
        for PatientAct { patient, act } in self.acts(&patients).await? {
            batch.acts.entry(patient).or_default().push(act);
        }
        for PatientForm { patient, form } in self.forms(Some(&patients)).await? {
            batch.forms.entry(patient).or_default().push(form);
        }
        for (tag, stop) in self.stops(Some(&tags)).await? {
            batch.stops.entry(tag).or_default().push(stop);
        }
        Ok(batch)
    }
    fn claimed(&self) -> Result<(Claim, Zone)> {
        self.claim.clone().ok_or(StoreError::Gone("a hand-over needs a claim"))
    }
}

impl Gate for Tx {
    async fn facts(&mut self, of: &[MessageId], now: Timestamp) -> Result<Vec<(Ask, Facts)>> {
        let (claim, zone) = self.claimed()?;
        self.lock(of).await?;
        let params = [ids(of.iter().map(|m| m.uuid())), claim.id.into(), now.micros().into()];
        let asked: Vec<Asked> = self.conn.all("messages.asked", &params).await?;
        let batch = self.batch(&asked, zone.day_of(now), now).await?;
        Ok(asked.iter().map(|row| (ask(row), batch.facts(row))).collect())
    }

    async fn mark(&mut self, rulings: &[Ruling], now: Timestamp) -> Result<()> {
        let (claim, _) = self.claimed()?;
        let deadline = now.plus_seconds(claim.delivery_seconds);
        let (mut go, mut hold, mut back) = (Vec::new(), Vec::new(), Vec::new());
        for ruling in rulings {
            let mut params: Vec<Param> =
                vec![ruling.ask.message.uuid().into(), claim.id.into(), now.micros().into()];
            match ruling.verdict {
                Ok(()) => {
                    params.extend([
                        ruling.facts.relied_on.into(),
                        TABLE_VERSION.into(),
                        deadline.micros().into(),
                    ]);
                    go.push(params);
                }
                Err(denied) if denied.is_passing() => back.push(params),
                Err(denied) => {
                    params.extend([denied.code().into(), TABLE_VERSION.into()]);
                    hold.push(params);
                }
            }
        }
        let mut changed = self.conn.run_each("messages.hand_over", &go).await?;
        changed.extend(self.conn.run_each("messages.hold", &hold).await?);
        changed.extend(self.conn.run_each("messages.give_back", &back).await?);
        if changed.iter().all(|n| *n == 1) {
            Ok(())
        } else {
            Err(StoreError::Gone("a message was no longer under this claim"))
        }
    }
}

/// The question. A label or classification that cannot be read is taken for one that is refused.
fn ask(row: &Asked) -> Ask {
    let label = Label::parse(&row.6).unwrap_or(Label::L5);
    let decision_rows = split(&row.4);
    let classified = Classification::from_rows(decision_rows.iter().map(String::as_str)).with_label(label);
    Ask {
        message: MessageId::from_uuid(row.0),
        campaign: CampaignId::from_uuid(row.1),
        patient: PatientId::from_uuid(row.8),
        requirements: classified.requirements,
        label,
        not_after: Timestamp::from_micros(row.2),
    }
}

impl Batch {
    /// One message's facts. What cannot be read is said to be so, and the rules refuse.
    fn facts(&self, row: &Asked) -> Facts {
        let patient = PatientId::from_uuid(row.8);
        let address_tag = tag(row.14.clone());
        // A campaign approved under another version of the decision table must be submitted anew.
        let standing = match (row.7.as_str(), row.5 == TABLE_VERSION) {
            ("running", true) => CampaignStanding::Running,
            ("paused", true) => CampaignStanding::Paused,
            _ => CampaignStanding::Closed,
        };
        let setting = Setting {
            sending: self.installation.as_ref().map(|i| i.sending).into(),
            campaign: Known::Is(standing),
            relay: self.installation.as_ref().map(|i| i.relay_may_carry(self.today)).into(),
            topic: Topic::parse(&row.3).ok(),
            today: self.today,
        };
        let stops = match &address_tag {
            Ok(Some(tag)) => self.stops.get(tag).map_or(&[][..], Vec::as_slice),
            _ => &[],
        };
        let person = Person {
            deceased: Known::Is(row.10),
            active: PatientState::from_number(row.9).map(|s| s == PatientState::Live && row.11).into(),
            age: Age::from_number(row.12).into(),
            restricted: Known::Is(row.13),
            address: AddressStanding::from_number(row.15).into(),
            suppression: address_tag.ok().map(|tag| self.suppression(tag)).into(),
            contact_version: row.16,
            resting_until: Known::Is(self.resting.get(&patient).copied()),
            acts: self.acts.get(&patient).map_or(&[], Vec::as_slice),
            stops,
            forms: self.forms.get(&patient).map_or(&[], Vec::as_slice),
        };
        Facts::of(&setting, &person)
    }
    fn suppression(&self, tag: Option<Tag>) -> Suppression {
        tag.and_then(|t| self.suppressions.get(&t))
            .map_or(Suppression::None, |reason| Suppression::from_reason(reason))
    }
}
