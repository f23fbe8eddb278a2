//! The campaign: made by the marketer, approved by the privacy officer, sent by several dispatchers while patients withdraw.

use super::Clinic;
use crate::clock::{now, since};
use crate::output::Out;
use crate::wire::{Failure, Result, leave};
use discreet_access::{ApproveCampaign, CreateCampaign, SaveTemplate, SendCampaign, Who, WithdrawConsent};
use discreet_app::App;
use discreet_app::campaigns::{Plan, Report};
use discreet_app::consents::Said;
use discreet_app::dispatch::{Dispatcher, Pace, Round};
use discreet_clinic::demo::{AUDIENCE, NEWSLETTER};
use discreet_domain::{CampaignId, Channel, PatientId, Topic};
use discreet_mail::catcher::{Catcher, CatcherConfig};
use discreet_mail::{Body, Draft, Roots, SmtpConfig, SmtpRelay};
use discreet_policy::consent::Method;
use discreet_policy::{Block, Owner, Remuneration, What};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Dispatchers that share the campaign.
const DISPATCHERS: usize = 3;
/// Of how many queued recipients one telephones to withdraw while the campaign is sent.
const ONE_IN: usize = 40;

/// What happened, as far as the sending side knows.
pub(super) struct Shown {
    pub(super) campaign: CampaignId,
    pub(super) report: Report,
    pub(super) catcher: Arc<Catcher>,
    pub(super) withdrawn: u64,
    pub(super) sending: Duration,
}

/// The mail catcher: it keeps all.
pub(super) async fn catcher() -> Result<Catcher> {
    Catcher::start(CatcherConfig { kept: usize::MAX, ..CatcherConfig::secure() })
        .await
        .map_err(|e| Failure::Refused(format!("the mail catcher does not start: {e}")))
}

/// Makes, approves and sends the demo's campaign.
pub(super) async fn run(clinic: &Clinic, catcher: Arc<Catcher>, out: Out) -> Result<Shown> {
    let app = clinic.app.as_ref();
    let campaign = make(app, &clinic.marketer, &clinic.officer).await?;
    let relay = relay(&catcher)?;
    let by = leave(app, &clinic.marketer, SendCampaign).await?;
    app.start_campaign(by, campaign, now()).await?;
    let begun = now();
    let withdrawn = send(clinic, campaign, &relay, &catcher, out).await?;
    let sending = since(begun);
    relay.close().await;
    let by = leave(app, &clinic.marketer, discreet_access::ReadReport).await?;
    let report = app.report(by, campaign).await?;
    Ok(Shown { campaign, report, catcher, withdrawn, sending })
}

async fn make(app: &App, marketer: &Who, officer: &Who) -> Result<CampaignId> {
    let letter = Draft {
        subject: NEWSLETTER.subject.to_owned(),
        preheader: NEWSLETTER.preheader.to_owned(),
        body: Body::Markdown(NEWSLETTER.body.to_owned()),
        from_name: app.settings().organization,
        reply_to: None,
        language: "en".to_owned(),
    };
    app.save_template(leave(app, marketer, SaveTemplate).await?, NEWSLETTER.name, &letter, now()).await?;
    let plan = Plan {
        name: NEWSLETTER.name.to_owned(),
        segment: AUDIENCE.name.to_owned(),
        template: NEWSLETTER.name.to_owned(),
        topic: Topic::parse(NEWSLETTER.topic).map_err(|e| Failure::Refused(e.to_string()))?,
        blocks: vec![Block {
            what: Some(What::Promotion),
            owner: Some(Owner::Own),
            health_related: Some(true),
            remuneration: [Remuneration::None].into(),
        }],
        not_after: None,
        kept: Default::default(),
    };
    let campaign = app.create_campaign(leave(app, marketer, CreateCampaign).await?, &plan, now()).await?;
    let own = ApproveCampaign { campaign: campaign.campaign, author: campaign.author };
    app.approve(leave(app, officer, own).await?, &campaign.content, now()).await?;
    Ok(campaign.campaign)
}

/// The relay: over TLS, with the catcher's own authority and no other.
pub(super) fn relay(catcher: &Catcher) -> Result<SmtpRelay> {
    let mut config = SmtpConfig::new("localhost", catcher.port(), "larkfield.example.org");
    config.roots = Roots::Only(catcher.authority_pem().unwrap_or_default().to_owned());
    config.kept_connections = 2 * DISPATCHERS * Pace::default().concurrency;
    SmtpRelay::new(config).map_err(|e| Failure::Refused(e.to_string()))
}

/// Sends until nothing is left, while some patients telephone and others click. Returns how many withdrew.
async fn send(
    clinic: &Clinic,
    campaign: CampaignId,
    relay: &SmtpRelay,
    catcher: &Catcher,
    out: Out,
) -> Result<u64> {
    let app = clinic.app.as_ref();
    let bar = out.bar("sending", "messages");
    bar.set_length(app.unfinished(campaign).await?);
    let sent = [const { AtomicU64::new(0) }; DISPATCHERS];
    let over = AtomicBool::new(false);
    let dispatchers = async {
        let runs = sent.iter().map(|mine| {
            let (bar, sent) = (&bar, &sent);
            async move {
                let mut dispatcher = Dispatcher::new(app, relay, Pace::default(), campaign, now()).await?;
                let show = |round: Round| {
                    mine.store(round.handed_over, Ordering::Relaxed);
                    bar.set_position(sent.iter().map(|n| n.load(Ordering::Relaxed)).sum());
                };
                dispatcher.run(&now, &show).await
            }
        });
        let done = futures_util::future::try_join_all(runs).await;
        over.store(true, Ordering::Relaxed);
        done.map(drop)
    };
    let (done, called, clicked) =
        tokio::join!(dispatchers, telephone(clinic, campaign, &over), click(catcher, &over));
    bar.finish_and_clear();
    done?;
    Ok(called? + clicked?)
}

/// Patients whose message is still in the queue call and withdraw; staff records it at once.
async fn telephone(clinic: &Clinic, campaign: CampaignId, over: &AtomicBool) -> Result<u64> {
    let app = clinic.app.as_ref();
    let recipients =
        app.recipients(leave(app, &clinic.officer, discreet_access::SettleUnknown).await?, campaign).await?;
    let callers: Vec<PatientId> = recipients.into_iter().step_by(ONE_IN).collect();
    let mut withdrawn = 0;
    // From the end of the queue, so that most of them are in time.
    for patient in callers.into_iter().rev() {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let said = Said {
            topic: Topic::parse(NEWSLETTER.topic).map_err(|e| Failure::Refused(e.to_string()))?,
            channel: Channel::Email,
            method: Method::Spoken,
            text_version: None,
            evidence: None,
        };
        app.withdraw(leave(app, &clinic.officer, WithdrawConsent { patient }).await?, said, clinic.now())
            .await?;
        withdrawn += 1;
        tokio::task::yield_now().await;
    }
    Ok(withdrawn)
}

/// Recipients whose mail has arrived use their mail program's unsubscribe button.
async fn click(catcher: &Catcher, over: &AtomicBool) -> Result<u64> {
    let mut clicked: HashSet<u64> = HashSet::new();
    while !over.load(Ordering::Relaxed) {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let next = catcher.count() / 2;
        let Some(caught) = catcher.message(next).filter(|_| clicked.insert(next)) else { continue };
        let Some(url) = super::judge::unsubscribe_url(caught.bytes.expose()) else {
            return Err(Failure::Refused("a message has no one-click address".to_owned()));
        };
        post_one_click(&url).await?;
    }
    Ok(clicked.len() as u64)
}

/// RFC 8058, as a mail program does it.
async fn post_one_click(url: &str) -> Result<()> {
    let bad = || Failure::Refused("a one-click address is none of ours".to_owned());
    let (host, path) = url.strip_prefix("http://").and_then(|rest| rest.split_once('/')).ok_or_else(bad)?;
    let mut stream = super::judge::connect(host).await?;
    let body = "List-Unsubscribe=One-Click";
    let request = format!(
        "POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    if answer.starts_with(b"HTTP/1.1 200") {
        Ok(())
    } else {
        Err(Failure::Refused("the one-click address did not answer 200".to_owned()))
    }
}
