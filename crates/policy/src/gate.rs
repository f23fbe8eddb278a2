//! The gate with power.

use crate::{Addressee, Ask, Denied, Facts, Permit, TABLE_VERSION, judge};
use discreet_audit::{Entry, Event, Ledger};
use discreet_domain::{Actor, MessageId, Timestamp};
use std::future::Future;

/// What was decided on one message, and on what.
#[derive(Clone, Copy, Debug)]
pub struct Ruling {
    /// What was asked.
    pub ask: Ask,
    /// What was known.
    pub facts: Facts,
    /// The answer.
    pub verdict: Result<(), Denied>,
}

/// An open transaction that can tell the facts of its instant and write down rulings. Implemented by the store's
/// transaction and the testkit's, by nothing else (checked by `cargo xtask tidy`).
pub trait Gate: Ledger {
    /// Locks all that could turn a yes into a no – patients, campaign, relay, the red button – until the transaction
    /// ends, and only then reads. Messages that are no longer this claim's are left out.
    fn facts(
        &mut self,
        of: &[MessageId],
        now: Timestamp,
    ) -> impl Future<Output = Result<Vec<(Ask, Facts)>, Self::Error>> + Send;
    /// Marks `handed_over` or `held`, or gives back what [passes](Denied::is_passing), by compare-and-set on the claim. An error if a message was not there to be marked.
    fn mark(
        &mut self,
        rulings: &[Ruling],
        now: Timestamp,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// The maker of permits for messages of campaigns. In one transaction it locks, reads the facts of that instant, judges, marks, logs and
/// commits; permits exist only after the commit. Whoever withdraws before the commit is not written to; whoever withdraws
/// after it has a higher number in the log than the hand-over.
///
/// # Errors
/// The transaction's own; nothing is handed over then.
pub async fn hand_over<G: Gate>(
    mut tx: G,
    of: &[MessageId],
    now: Timestamp,
) -> Result<Vec<Permit>, G::Error> {
    let rulings: Vec<Ruling> = tx
        .facts(of, now)
        .await?
        .into_iter()
        .map(|(ask, facts)| Ruling { ask, facts, verdict: judge(&facts, &ask, now) })
        .collect();
    tx.mark(&rulings, now).await?;
    let entries: Vec<Entry> = rulings.iter().map(|ruling| entry(ruling, now)).collect();
    discreet_audit::settle(tx, &entries).await?;
    Ok(rulings
        .iter()
        .filter(|ruling| ruling.verdict.is_ok())
        .map(|Ruling { ask, facts, .. }| {
            let (patient, contact_version) = (ask.patient, facts.contact_version);
            Permit::mint(ask.message, Addressee::Patient { patient, contact_version }, ask.label, now)
        })
        .collect())
}

fn entry(ruling: &Ruling, now: Timestamp) -> Entry {
    let event = Event::Decided {
        message: ruling.ask.message,
        campaign: ruling.ask.campaign,
        patient: ruling.ask.patient,
        verdict: ruling.verdict.map_or_else(|denied| denied.code(), |()| "permitted").to_owned(),
        rules: TABLE_VERSION.to_owned(),
    };
    Entry { at: now, by: Actor::Dispatcher, event }
}
