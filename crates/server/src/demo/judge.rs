//! The judge: what the receiving side saw, held against the log alone. It believes neither dispatchers nor reports.

use super::Clinic;
use super::campaign::Shown;
use crate::wire::{Failure, Result, leave};
use discreet_access::{ReadAudit, Unsubscribe, VerifyAudit};
use discreet_app::audit::{Filter, Verdict};
use discreet_audit::Event;
use discreet_domain::{MessageId, PatientId};
use discreet_mail::{LinkPurpose, LinkToken};
use std::collections::{HashMap, HashSet};
use tokio::net::TcpStream;

/// What was found.
pub(super) struct Finding {
    /// Messages that were received.
    pub(super) received: u64,
    /// Messages received twice.
    pub(super) twice: u64,
    /// Patients who withdrew after the campaign began.
    pub(super) withdrawn: u64,
    /// Messages received whose hand-over has a higher number in the log than their patient's withdrawal.
    pub(super) after_withdrawal: u64,
    /// Messages received without a hand-over in the log.
    pub(super) unlogged: u64,
    /// Entries of the log.
    pub(super) entries: u64,
    /// Whether the log verifies.
    pub(super) verified: bool,
}

impl Finding {
    /// An error, unless all is as it must be.
    pub(super) fn into_result(self) -> Result<()> {
        if self.after_withdrawal + self.twice + self.unlogged == 0 && self.verified {
            Ok(())
        } else {
            Err(Failure::Refused("the demo found a violation; see its report".to_owned()))
        }
    }
}

/// The numbers in the log of what matters: hand-overs by message, withdrawals by patient.
#[derive(Default)]
struct Logged {
    handed_over: HashMap<MessageId, (u64, PatientId)>,
    withdrawn: HashMap<PatientId, u64>,
}

/// Judges the campaign.
pub(super) async fn judge(clinic: &Clinic, shown: &Shown) -> Result<Finding> {
    let app = clinic.app.as_ref();
    let logged = read_log(clinic, shown).await?;
    let mut seen: HashSet<MessageId> = HashSet::new();
    let (mut twice, mut after_withdrawal, mut unlogged) = (0, 0, 0);
    for caught in shown.catcher.messages() {
        let message = message_of(clinic, caught.bytes.expose()).await?;
        if !seen.insert(message) {
            twice += 1;
        }
        match logged.handed_over.get(&message) {
            None => unlogged += 1,
            Some((n, patient)) => {
                after_withdrawal += u64::from(logged.withdrawn.get(patient).is_some_and(|w| w < n));
            }
        }
    }
    let by = leave(app, &clinic.officer, VerifyAudit).await?;
    let verdict = app.verify(by, None).await?;
    Ok(Finding {
        received: seen.len() as u64,
        twice,
        withdrawn: logged.withdrawn.len() as u64,
        after_withdrawal,
        unlogged,
        entries: app.log_size().await?,
        verified: matches!(verdict, Verdict::Sound(_)),
    })
}

/// Reads the log from the campaign's start on.
async fn read_log(clinic: &Clinic, shown: &Shown) -> Result<Logged> {
    let app = clinic.app.as_ref();
    let mut logged = Logged::default();
    let mut started = false;
    let mut filter = Filter::default();
    loop {
        let entries = app.entries(leave(app, &clinic.officer, ReadAudit).await?, &filter).await?;
        let Some(last) = entries.last().map(|e| e.body.n) else { return Ok(logged) };
        for entry in entries {
            let n = entry.body.n;
            match entry.body.did {
                Event::CampaignStarted { campaign, .. } if campaign == shown.campaign => started = true,
                Event::Decided { message, patient, verdict, .. } if verdict == "permitted" => {
                    logged.handed_over.insert(message, (n, patient));
                }
                Event::ConsentWithdrawn { patient, .. } if started => {
                    logged.withdrawn.entry(patient).or_insert(n);
                }
                _ => {}
            }
        }
        filter.after = Some(last);
    }
}

/// The one-click address of a message, read out of its headers.
pub(super) fn unsubscribe_url(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let head = text.split("\r\n\r\n").next()?.replace("\r\n ", " ").replace("\r\n\t", " ");
    let line = head.lines().find_map(|l| l.strip_prefix("List-Unsubscribe:"))?.trim().to_owned();
    Some(line.trim_start_matches('<').trim_end_matches('>').to_owned())
}

/// Which message this is: told by the token in its own link, as any server would find it.
async fn message_of(clinic: &Clinic, bytes: &[u8]) -> Result<MessageId> {
    let bad = || Failure::Refused("a received message has no link of ours".to_owned());
    let url = unsubscribe_url(bytes).ok_or_else(bad)?;
    let token =
        url.rsplit('/').next().and_then(|t| LinkToken::parse(LinkPurpose::Unsubscribe, t)).ok_or_else(bad)?;
    let found = clinic.app.redeem::<Unsubscribe>(token.hash().bytes()).await?.ok_or_else(bad)?;
    Ok(found.record().message)
}

/// A connection to a page of the demo's own.
pub(super) async fn connect(host: &str) -> Result<TcpStream> {
    Ok(TcpStream::connect(host).await?)
}
