//! The consent ledger, stops and suppressions by address, authorizations on file, evidence.

use crate::db::{Result, StoreError, blobs, ids};
use crate::installation::day;
use crate::{Reading, Tx};
use discreet_domain::{
    AuthorizationId, CampaignId, Channel, Day, EvidenceId, MessageId, PatientId, Tag, Timestamp, Topic,
};
use discreet_policy::authorization::OnFile;
use discreet_policy::consent::{Act, AddressStop, Method};
use uuid::Uuid;

/// An act to append to the ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewAct {
    /// Whose.
    pub patient: PatientId,
    /// About what.
    pub topic: Topic,
    /// By what way.
    pub channel: Channel,
    /// Opt-in, or opt-out.
    pub granted: bool,
    /// When it was done.
    pub at: Timestamp,
    /// How.
    pub method: Method,
    /// The source's own word for it, of imported acts.
    pub via: Option<String>,
    /// The version of the text agreed to.
    pub text_version: Option<String>,
    /// The sealed document that proves it.
    pub evidence: Option<EvidenceId>,
    /// The mail by whose link it was said.
    pub message: Option<MessageId>,
}

/// An act with its patient.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PatientAct {
    /// Whose.
    pub patient: PatientId,
    /// What.
    pub act: Act,
}

/// An authorization on file, with its patient.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PatientForm {
    /// Whose.
    pub patient: PatientId,
    /// What is in clear of it.
    pub form: OnFile,
}

/// An authorization to file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FormRow {
    /// Whose.
    pub patient: PatientId,
    /// What is in clear of it.
    pub form: OnFile,
    /// The sealed form.
    pub evidence: EvidenceId,
}

/// An authorization that ends soon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EndingForm {
    /// Whose.
    pub patient: PatientId,
    /// Which.
    pub form: AuthorizationId,
    /// Its last day.
    pub last_day: Day,
}

/// What proves an act.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LedgerRow {
    /// The act's number.
    pub n: u64,
    /// The source's own word for the method, of imported acts.
    pub via: Option<String>,
    /// The version of the text agreed to.
    pub text_version: Option<String>,
    /// The sealed document.
    pub evidence: Option<EvidenceId>,
}

/// How many people said the same thing the same way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// About what.
    pub topic: Topic,
    /// By what way.
    pub channel: Channel,
    /// Opt-in, or opt-out.
    pub granted: bool,
    /// How.
    pub method: Method,
    /// How many patients.
    pub people: u64,
}

type ActRow = (Uuid, u64, String, String, bool, i64, i64, String);
type FormTuple = (Uuid, Uuid, String, Option<i64>, bool, bool, bool, Option<i64>);

fn topic(text: &str) -> Result<Topic> {
    Topic::parse(text).map_err(|_| StoreError::Malformed("a topic"))
}

fn act((patient, n, about, channel, granted, at, recorded, method): ActRow) -> Result<PatientAct> {
    let act = Act {
        n,
        topic: topic(&about)?,
        channel: Channel::parse(&channel).ok_or(StoreError::Malformed("a channel"))?,
        granted,
        at: Timestamp::from_micros(at),
        recorded: Timestamp::from_micros(recorded),
        method: Method::parse(&method).ok_or(StoreError::Malformed("a method"))?,
    };
    Ok(PatientAct { patient: PatientId::from_uuid(patient), act })
}

fn form(
    (patient, id, topics, last, event_happened, states, defective, revoked): FormTuple,
) -> Result<PatientForm> {
    let form = OnFile {
        id: AuthorizationId::from_uuid(id),
        topics: topics.split(',').map(str::to_owned).collect(),
        last_day: last.map(day).transpose()?,
        event_happened,
        states_remuneration: states,
        defective,
        revoked: revoked.map(Timestamp::from_micros),
    };
    Ok(PatientForm { patient: PatientId::from_uuid(patient), form })
}

fn stop((tag, about, n): (Vec<u8>, String, u64)) -> Result<(Tag, AddressStop)> {
    let tag = Tag::from_bytes(&tag).ok_or(StoreError::Malformed("a tag"))?;
    Ok((tag, AddressStop { n, topic: topic(&about)? }))
}

fn suppressed((tag, reason): (Vec<u8>, String)) -> Result<(Tag, String)> {
    Ok((Tag::from_bytes(&tag).ok_or(StoreError::Malformed("a tag"))?, reason))
}

impl Reading {
    /// How many opt-outs were recorded since then.
    ///
    /// # Errors
    /// The database's.
    pub async fn withdrawals_since(&mut self, since: Timestamp) -> Result<u64> {
        let row: Option<(u64,)> =
            self.conn.first("consents.withdrawals_since", &[since.micros().into()]).await?;
        Ok(row.map_or(0, |(n,)| n))
    }
    /// How many of a campaign's messages led to an opt-out by their link.
    ///
    /// # Errors
    /// The database's.
    pub async fn withdrawn_by(&mut self, campaign: CampaignId) -> Result<u64> {
        let row: Option<(u64,)> = self.conn.first("consents.withdrawn_by", &[campaign.uuid().into()]).await?;
        Ok(row.map_or(0, |(n,)| n))
    }
    /// How many current patients have an authorization whose last day lies between these two.
    ///
    /// # Errors
    /// The database's.
    pub async fn count_forms_ending(&mut self, from: Day, until: Day) -> Result<u64> {
        let params = [i64::from(from.number()).into(), i64::from(until.number()).into()];
        let row: Option<(u64,)> = self.conn.first("consents.count_forms_ending", &params).await?;
        Ok(row.map_or(0, |(n,)| n))
    }
    /// Those authorizations, the first to end first, at most so many.
    ///
    /// # Errors
    /// The database's.
    pub async fn forms_ending(&mut self, from: Day, until: Day, most: u32) -> Result<Vec<EndingForm>> {
        let params = [i64::from(from.number()).into(), i64::from(until.number()).into(), most.into()];
        let rows: Vec<(Uuid, Uuid, i64)> = self.conn.all("consents.forms_ending", &params).await?;
        let form = |(patient, form, last): (Uuid, Uuid, i64)| {
            Ok(EndingForm {
                patient: PatientId::from_uuid(patient),
                form: AuthorizationId::from_uuid(form),
                last_day: day(last)?,
            })
        };
        rows.into_iter().map(form).collect()
    }
    /// All acts of these patients, in order.
    ///
    /// # Errors
    /// The database's.
    pub async fn acts(&mut self, of: &[PatientId]) -> Result<Vec<PatientAct>> {
        let rows: Vec<ActRow> = self.conn.all("consents.of", &[ids(of.iter().map(|p| p.uuid()))]).await?;
        rows.into_iter().map(act).collect()
    }
    /// The next acts after number `n`, of whomever.
    ///
    /// # Errors
    /// The database's.
    pub async fn acts_page(&mut self, n: u64, limit: u32) -> Result<Vec<PatientAct>> {
        let rows: Vec<ActRow> = self.conn.all("consents.page", &[n.into(), limit.into()]).await?;
        rows.into_iter().map(act).collect()
    }
    /// The stops at these addresses; at all, if `None`.
    ///
    /// # Errors
    /// The database's.
    pub async fn stops(&mut self, at: Option<&[Tag]>) -> Result<Vec<(Tag, AddressStop)>> {
        let rows = match at {
            Some(tags) => self.conn.all("consents.stops", &[blobs(tags.iter().map(|t| t.to_vec()))]).await?,
            None => self.conn.all("consents.all_stops", &[]).await?,
        };
        rows.into_iter().map(stop).collect()
    }
    /// The suppressions of these addresses, with reasons; of all, if `None`.
    ///
    /// # Errors
    /// The database's.
    pub async fn suppressions(&mut self, at: Option<&[Tag]>) -> Result<Vec<(Tag, String)>> {
        let rows = match at {
            Some(tags) => {
                self.conn.all("consents.suppressions", &[blobs(tags.iter().map(|t| t.to_vec()))]).await?
            }
            None => self.conn.all("consents.all_suppressions", &[]).await?,
        };
        rows.into_iter().map(suppressed).collect()
    }
    /// The authorizations on file of these patients; of all, if `None`.
    ///
    /// # Errors
    /// The database's.
    pub async fn forms(&mut self, of: Option<&[PatientId]>) -> Result<Vec<PatientForm>> {
        let rows: Vec<FormTuple> = match of {
            Some(of) => self.conn.all("consents.forms", &[ids(of.iter().map(|p| p.uuid()))]).await?,
            None => self.conn.all("consents.all_forms", &[]).await?,
        };
        rows.into_iter().map(form).collect()
    }
    /// Whose authorization this is.
    ///
    /// # Errors
    /// The database's.
    pub async fn form_owner(&mut self, id: AuthorizationId) -> Result<Option<PatientId>> {
        let row: Option<(Uuid,)> = self.conn.first("consents.form_owner", &[id.uuid().into()]).await?;
        Ok(row.map(|(patient,)| PatientId::from_uuid(patient)))
    }
    /// What proves each act of a patient, in order.
    ///
    /// # Errors
    /// The database's.
    pub async fn proofs_of(&mut self, patient: PatientId) -> Result<Vec<LedgerRow>> {
        let rows: Vec<(u64, Option<String>, Option<String>, Option<Uuid>)> =
            self.conn.all("consents.ledger", &[patient.uuid().into()]).await?;
        Ok(rows
            .into_iter()
            .map(|(n, via, text_version, evidence)| LedgerRow {
                n,
                via,
                text_version,
                evidence: evidence.map(EvidenceId::from_uuid),
            })
            .collect())
    }
    /// The sealed document of an authorization.
    ///
    /// # Errors
    /// The database's.
    pub async fn form_evidence(&mut self, id: AuthorizationId) -> Result<Option<EvidenceId>> {
        let row: Option<(Uuid,)> = self.conn.first("consents.form_evidence", &[id.uuid().into()]).await?;
        Ok(row.map(|(id,)| EvidenceId::from_uuid(id)))
    }
    /// How many people said what, how, in `[from, to)`.
    ///
    /// # Errors
    /// The database's.
    pub async fn said(&mut self, from: Timestamp, to: Timestamp) -> Result<Vec<Said>> {
        let params = [from.micros().into(), to.micros().into()];
        let rows: Vec<(String, String, bool, String, u64)> = self.conn.all("consents.said", &params).await?;
        rows.into_iter()
            .map(|(about, channel, granted, method, people)| {
                Ok(Said {
                    topic: topic(&about)?,
                    channel: Channel::parse(&channel).ok_or(StoreError::Malformed("a channel"))?,
                    granted,
                    method: Method::parse(&method).ok_or(StoreError::Malformed("a method"))?,
                    people,
                })
            })
            .collect()
    }
    /// A document kept as evidence: whose, and its sealed bytes.
    ///
    /// # Errors
    /// The database's.
    pub async fn evidence(&mut self, id: EvidenceId) -> Result<Option<(PatientId, Vec<u8>)>> {
        let row: Option<(Uuid, String, i64, Vec<u8>)> =
            self.conn.first("consents.evidence", &[id.uuid().into()]).await?;
        Ok(row.map(|(patient, _, _, sealed)| (PatientId::from_uuid(patient), sealed)))
    }
}

impl Tx {
    /// Appends an act to the ledger. The caller has touched the patient, which orders acts of one patient.
    ///
    /// # Errors
    /// The database's.
    pub async fn add_act(&mut self, act: &NewAct, now: Timestamp) -> Result<u64> {
        let params = [
            act.patient.uuid().into(),
            act.topic.as_str().into(),
            act.channel.name().into(),
            act.granted.into(),
            act.at.micros().into(),
            now.micros().into(),
            act.method.name().into(),
            act.via.clone().into(),
            act.text_version.clone().into(),
            act.evidence.map(EvidenceId::uuid).into(),
            act.message.map(MessageId::uuid).into(),
        ];
        let row: Option<(u64,)> = self.conn.first("consents.add", &params).await?;
        row.map(|(n,)| n).ok_or(StoreError::Malformed("a ledger number"))
    }
    /// Notes a stop at an address, as of act `n`.
    ///
    /// # Errors
    /// The database's.
    pub async fn stop_address(&mut self, address: Tag, topic: &Topic, n: u64) -> Result<()> {
        let params = [address.to_vec().into(), topic.as_str().into(), n.into()];
        self.conn.run("consents.stop", &params).await.map(drop)
    }
    /// Suppresses an address for all mail.
    ///
    /// # Errors
    /// The database's.
    pub async fn suppress(&mut self, address: Tag, reason: &str, now: Timestamp) -> Result<()> {
        let params = [address.to_vec().into(), reason.into(), now.micros().into()];
        self.conn.run("consents.suppress", &params).await.map(drop)
    }
    /// Lets an address be mailed again; `false` if it could be.
    ///
    /// # Errors
    /// The database's.
    pub async fn lift_suppression(&mut self, address: Tag) -> Result<bool> {
        Ok(self.conn.run("consents.lift", &[address.to_vec().into()]).await? > 0)
    }
    /// Files an authorization.
    ///
    /// # Errors
    /// The database's.
    pub async fn add_form(&mut self, row: &FormRow) -> Result<()> {
        let params = [
            row.form.id.uuid().into(),
            row.patient.uuid().into(),
            row.form.topics.join(",").into(),
            row.form.last_day.map(|d| i64::from(d.number())).into(),
            row.form.event_happened.into(),
            row.form.states_remuneration.into(),
            row.form.defective.into(),
            row.evidence.uuid().into(),
        ];
        self.conn.run("consents.add_form", &params).await.map(drop)
    }
    /// Revokes an authorization; returns whether there was a live one.
    ///
    /// # Errors
    /// The database's.
    pub async fn revoke_form(&mut self, id: AuthorizationId, now: Timestamp) -> Result<bool> {
        let changed = self.conn.run("consents.revoke_form", &[id.uuid().into(), now.micros().into()]).await?;
        Ok(changed > 0)
    }
    /// Keeps documents as evidence.
    ///
    /// # Errors
    /// The database's.
    pub async fn add_evidence(
        &mut self,
        kind: &str,
        documents: Vec<(EvidenceId, PatientId, Vec<u8>)>,
        now: Timestamp,
    ) -> Result<()> {
        let each: Vec<_> = documents
            .into_iter()
            .map(|(id, patient, sealed)| {
                vec![id.uuid().into(), patient.uuid().into(), kind.into(), now.micros().into(), sealed.into()]
            })
            .collect();
        self.conn.run_each("consents.add_evidence", &each).await.map(drop)
    }
}
