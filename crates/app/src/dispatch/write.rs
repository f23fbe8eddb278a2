//! Writing messages: who still belongs to the audience, what each is told, the evidence of it.

use super::Dispatcher;
use crate::chart;
use crate::error::{AppError, Result};
use discreet_access::{LinkVerb, NotMe, Unsubscribe};
use discreet_domain::{EvidenceId, Identity, MessageId, PatientId, Phi, Tag, Timestamp};
use discreet_mail::{Envelope, Links, MergeField, Relay, Rendered, Values};
use discreet_policy::Addressee;
use discreet_store::{Claim, Claimed, Lane, NewLink, PatientRow};
use std::collections::{HashMap, HashSet};

/// A message ready to go, and the tag of the address it goes to.
pub(super) struct Written {
    pub(super) mail: Rendered,
    pub(super) address: Tag,
}

/// A rendered message with what must be kept of it.
struct Ready {
    written: Written,
    evidence: (EvidenceId, PatientId, Vec<u8>),
    links: Vec<NewLink>,
}

impl<R: Relay> Dispatcher<'_, R> {
    /// Renders what still belongs to the audience, and keeps the evidence of it. Who has left the segment meanwhile, or
    /// cannot be opened, is held.
    pub(super) async fn render(
        &self,
        claim: Claim,
        claimed: &[Claimed],
        now: Timestamp,
    ) -> Result<Vec<Written>> {
        let still = self.still_selected(claimed, now).await?;
        let patients: Vec<PatientId> = claimed.iter().map(|c| c.patient).collect();
        let rows: HashMap<PatientId, PatientRow> =
            self.app.store.read().await?.patients(&patients).await?.into_iter().map(|r| (r.id, r)).collect();
        let keys = self.app.keys_of(&patients).await?;
        let mut held: Vec<(MessageId, &'static str)> = Vec::new();
        let mut ready: Vec<Ready> = Vec::new();
        for one in claimed {
            if !still.contains(&one.patient) {
                held.push((one.message, "NOT_IN_SEGMENT"));
                continue;
            }
            let made = match (rows.get(&one.patient), keys.get(&one.patient)) {
                (Some(row), Some(keys)) => self.write(one, row, keys, now),
                _ => Err(AppError::NotFound("patient")),
            };
            match made {
                Ok(made) => ready.push(made),
                // One message that cannot be written must not stop the others.
                Err(AppError::Vault(_) | AppError::Form(_) | AppError::NotFound(_)) => {
                    held.push((one.message, "UNREADABLE"));
                }
                Err(AppError::Invalid(_)) => held.push((one.message, "NO_VALUE")),
                Err(other) => return Err(other),
            }
        }
        let noted: Vec<(MessageId, EvidenceId)> =
            ready.iter().map(|r| (r.written.mail.message(), r.evidence.0)).collect();
        let mut tx = self.app.store.begin(Lane::Dispatch).await?;
        tx.hold(claim, &held, now).await?;
        let (mut mails, mut evidence, mut links) = (Vec::new(), Vec::new(), Vec::new());
        for one in ready {
            mails.push(one.written);
            evidence.push(one.evidence);
            links.extend(one.links);
        }
        tx.add_evidence("message", evidence, now).await?;
        tx.add_links(links).await?;
        tx.note_rendered(claim, &noted).await?;
        self.app.settle(tx, &[]).await?;
        Ok(mails)
    }

    async fn still_selected(&self, claimed: &[Claimed], now: Timestamp) -> Result<HashSet<PatientId>> {
        let indexed = self.app.indexed(now).await?;
        let live = indexed.live()?;
        let selection = live.index.select(&self.campaign.checked, now);
        let asked: HashSet<PatientId> = claimed.iter().map(|c| c.patient).collect();
        selection
            .among(self.reader.receipt(), &asked, now)
            .map_err(|_| AppError::Vault(discreet_vault::Refused::NotCovered))
    }

    /// Writes one message.
    fn write(
        &self,
        one: &Claimed,
        row: &PatientRow,
        keys: &discreet_vault::PatientKeys,
        now: Timestamp,
    ) -> Result<Ready> {
        let sealed = row.identity.as_ref().ok_or(AppError::NotFound("patient"))?;
        let identity: Identity = chart::read(&self.reader.open(keys, sealed, now)?)?;
        let address = identity.email().ok_or(AppError::NotFound("address"))?;
        let tag = row.address_tag.ok_or(AppError::NotFound("address"))?;
        let tokens = Links::random().map_err(|_| AppError::Vault(discreet_vault::Refused::Failed))?;
        let page = self
            .campaign
            .layout
            .fill(&values(&identity, &self.campaign.fields), &tokens)
            .map_err(|e| AppError::invalid(e.to_string()))?;
        let evidence = EvidenceId::random();
        let merged: Vec<(&str, &str)> =
            page.merged().iter().map(|(field, value)| (field.name(), value.expose().as_str())).collect();
        let plain = serde_json::to_vec(&merged).map_err(|_| AppError::Form("merge values"))?;
        let evidence = (evidence, one.patient, keys.seal_evidence(evidence, &Phi::new(plain))?);
        let link = |token: &discreet_mail::LinkToken, verb: &str| NewLink {
            hash: token.hash().bytes().to_vec(),
            verb: verb.to_owned(),
            message: one.message,
            patient: one.patient,
            topic: self.campaign.row.topic.clone(),
            address: tag,
        };
        let links = vec![link(tokens.unsubscribe(), Unsubscribe::NAME), link(tokens.not_me(), NotMe::NAME)];
        let envelope = Envelope {
            message: one.message,
            addressee: Addressee::Patient { patient: one.patient, contact_version: row.contact_version },
            to: Phi::new(address),
            return_path: self.signing.return_path.clone(),
        };
        let mail =
            page.compose(envelope, &self.signing.keys, now).map_err(|_| AppError::Form("a message"))?;
        Ok(Ready { written: Written { mail, address: tag }, evidence, links })
    }
}

/// What the template asks for of a patient.
fn values(identity: &Identity, fields: &[MergeField]) -> Values {
    let name = &identity.name;
    let given = name.given.first().cloned();
    let mut values = Values::new();
    for field in fields {
        let value = match field {
            MergeField::GivenName => given.clone(),
            MergeField::PreferredName => name.preferred.clone().or_else(|| given.clone()),
            MergeField::FamilyName => Some(name.family.clone()),
            _ => None,
        };
        if let Some(value) = value.filter(|v| !v.trim().is_empty()) {
            values = values.with(*field, Phi::new(value));
        }
    }
    values
}
