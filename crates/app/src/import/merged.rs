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
    /// Carries out what the source said about which record replaces which, and lets what came late for a replaced record
    /// bind the one that stands for it. A survivor that is not known leaves the merged record inactive, and nothing else.
    pub(crate) async fn follow_merges(&self, notes: &[MergeNote], by: Actor, clock: &Clock) -> Result<()> {
        for note in notes {
            let now = clock();
            let mut tx = self.store.begin(Lane::Import).await?;
            let Some(named) = self.named(&mut tx, note).await? else { continue };
            let survivor = last_survivor(&mut tx, named).await?;
            if survivor == note.merged {
                continue;
            }
            let entries = merge(&mut tx, note, survivor, by, now).await?;
            if !entries.is_empty() {
                self.settle(tx, &entries).await?;
            }
        }
        Ok(())
    }
    async fn named(&self, tx: &mut Tx, note: &MergeNote) -> Result<Option<PatientId>> {
        let Some(survivor) = &note.survivor else { return Ok(Some(note.merged)) };
        let tag = self.vault.with_keyring(|k| k.identifier_tag(survivor));
        Ok(tx.patients_by_keys(&[tag]).await?.first().map(|(_, patient)| *patient))
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

/// Merges one record into another, if it is not merged yet, and binds the survivor by what the merged one said. Nothing to
/// log if there is nothing new, or one of them was erased.
async fn merge(
    tx: &mut Tx,
    note: &MergeNote,
    survivor: PatientId,
    by: Actor,
    now: Timestamp,
) -> Result<Vec<Entry>> {
    let merged = note.merged;
    tx.lock_patients(&[merged, survivor]).await?;
    let (Some(old), Some(new)) = (tx.patient(merged).await?, tx.patient(survivor).await?) else {
        return Ok(Vec::new());
    };
    if old.state == PatientState::Erased || new.state != PatientState::Live {
        return Ok(Vec::new());
    }
    let first = old.state == PatientState::Live;
    let mut by_patient: BTreeMap<PatientId, Vec<Act>> = BTreeMap::new();
    for found in tx.acts(&[merged, survivor]).await? {
        by_patient.entry(found.patient).or_default().push(found.act);
    }
    let none = Vec::new();
    let of = |patient| by_patient.get(&patient).unwrap_or(&none);
    let stricter = withdrawals(of(merged), of(survivor), first);
    let restricts = old.restricted && !new.restricted && (first || note.survivor.is_none());
    let mut entries = Vec::new();
    if !first && !restricts && stricter.is_empty() {
        return Ok(entries);
    }
    tx.touch(merged).await?;
    tx.touch(survivor).await?;
    if first {
        tx.merge_patient(merged, survivor).await?;
        entries.push(Entry { at: now, by, event: Event::Merged { patient: merged, survivor } });
    }
    if restricts {
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
            message: None,
        };
        tx.add_act(&act, now).await?;
        let method = method.name().to_owned();
        let event = Event::ConsentWithdrawn { patient: survivor, topic, channel, method, by_address: false };
        entries.push(Entry { at: now, by, event });
    }
    Ok(entries)
}

/// What the merged record had withdrawn and the survivor has not: it is withdrawn for the survivor too. When they are merged
/// (`first`), whatever was said when; later, only what was said after the survivor's last word.
fn withdrawals(merged: &[Act], survivor: &[Act], first: bool) -> Vec<(Topic, Channel, Method)> {
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
        .filter(|(key, (n, granted, _))| {
            let binds = |(said, granted, _): &(u64, bool, Method)| *granted && (first || said < n);
            !granted && kept.get(key).is_none_or(binds)
        })
        .map(|((topic, channel), (.., method))| (topic, channel, method))
        .collect()
}
