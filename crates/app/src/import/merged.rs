//! Merged records: both ids are kept, the survivor has the strictest consent and the union of restrictions.

use super::batch::MergeNote;
use crate::app::{App, Clock};
use crate::error::Result;
use discreet_audit::{Entry, Event};
use discreet_domain::{Actor, Channel, PatientId, Timestamp, Topic};
use discreet_policy::consent::{Act, Method};
use discreet_store::{Lane, NewAct, PatientState, Tx};
use std::collections::BTreeMap;

impl App {
    /// Carries out what the source said about which record replaces which. A survivor that is not known leaves the merged
    /// record inactive, and nothing else.
    pub(crate) async fn follow_merges(&self, notes: &[MergeNote], by: Actor, clock: &Clock) -> Result<()> {
        for note in notes {
            let tag = self.vault.with_keyring(|k| k.identifier_tag(&note.survivor));
            let now = clock();
            let mut tx = self.store.begin(Lane::Import).await?;
            let Some((_, named)) = tx.patients_by_keys(&[tag]).await?.first().copied() else { continue };
            let survivor = last_survivor(&mut tx, named).await?;
            if survivor == note.merged {
                continue;
            }
            if let Some(entries) = merge(&mut tx, note.merged, survivor, by, now).await? {
                self.settle(tx, &entries).await?;
            }
        }
        Ok(())
    }
}

/// The record that stands for this one, through all its mergers. They form no circle: only live records are merged.
async fn last_survivor(tx: &mut Tx, named: PatientId) -> Result<PatientId> {
    let mut survivor = named;
    while let Some(next) = tx.patient(survivor).await?.and_then(|row| row.merged_into) {
        survivor = next;
    }
    Ok(survivor)
}

/// Merges one record into another; `None` if it is so already, or the survivor is itself no live record.
async fn merge(
    tx: &mut Tx,
    merged: PatientId,
    survivor: PatientId,
    by: Actor,
    now: Timestamp,
) -> Result<Option<Vec<Entry>>> {
    tx.lock_patients(&[merged, survivor]).await?;
    let (Some(old), Some(new)) = (tx.patient(merged).await?, tx.patient(survivor).await?) else {
        return Ok(None);
    };
    if old.state != PatientState::Live || new.state != PatientState::Live {
        return Ok(None);
    }
    let mut by_patient: BTreeMap<PatientId, Vec<Act>> = BTreeMap::new();
    for found in tx.acts(&[merged, survivor]).await? {
        by_patient.entry(found.patient).or_default().push(found.act);
    }
    let none = Vec::new();
    let stricter =
        withdrawals(by_patient.get(&merged).unwrap_or(&none), by_patient.get(&survivor).unwrap_or(&none));
    tx.touch(merged).await?;
    tx.touch(survivor).await?;
    tx.merge_patient(merged, survivor).await?;
    let mut entries = vec![Entry { at: now, by, event: Event::Merged { patient: merged, survivor } }];
    if old.restricted && !new.restricted {
        tx.set_restricted(survivor, true).await?;
        entries.push(Entry { at: now, by, event: Event::Restriction { patient: survivor, on: true } });
    }
    for (topic, channel, method) in stricter {
        let act = NewAct {
            patient: survivor,
            topic: topic.clone(),
            channel,
            granted: false,
            at: now,
            method,
            via: Some("merge".to_owned()),
            text_version: None,
            evidence: None,
        };
        tx.add_act(&act, now).await?;
        let method = method.name().to_owned();
        let event = Event::ConsentWithdrawn { patient: survivor, topic, channel, method, by_address: false };
        entries.push(Entry { at: now, by, event });
    }
    Ok(Some(entries))
}

/// What the merged record had withdrawn and the survivor has not: it is withdrawn for the survivor too.
fn withdrawals(merged: &[Act], survivor: &[Act]) -> Vec<(Topic, Channel, Method)> {
    let last = |acts: &[Act]| {
        let mut last: BTreeMap<(Topic, Channel), (u64, bool, Method)> = BTreeMap::new();
        for act in acts {
            let held =
                last.entry((act.topic.clone(), act.channel)).or_insert((act.n, act.granted, act.method));
            if held.0 <= act.n {
                *held = (act.n, act.granted, act.method);
            }
        }
        last
    };
    let kept = last(survivor);
    last(merged)
        .into_iter()
        .filter(|(key, (_, granted, _))| !granted && kept.get(key).is_none_or(|(_, granted, _)| *granted))
        .map(|((topic, channel), (.., method))| (topic, channel, method))
        .collect()
}
