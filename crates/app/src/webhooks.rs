//! Programs of the organization's own that are told what happens: by ids alone, signed, at least once and in order.
//!
//! Nothing is queued: each program has a place in the log, and what comes after it is told. A crash tells something twice,
//! never not at all. What a program is told it must ask for by the API, with leave.

use crate::app::{App, Clock};
use crate::audit::bodies;
use crate::error::{AppError, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use discreet_access::{Allowed, ManageWebhooks, Token};
use discreet_audit::Event;
use discreet_domain::{Actor, Timestamp};
use discreet_store::{Lane, WebhookRow};
use discreet_vault::{Place, hmac_sha256};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

/// Most programs.
pub const MOST_WEBHOOKS: usize = 20;
/// Commits read at a time.
const COMMITS: u32 = 200;
/// Seconds until the first retry; doubled with each.
const FIRST_RETRY: i64 = 30;
/// Longest wait between two tries, in seconds.
const LONGEST_RETRY: i64 = 6 * 3600;
/// Failures after which it is not tried any more: four days, about.
pub const MOST_FAILURES: u64 = 24;
/// Longest address, in bytes.
const LONGEST_URL: usize = 500;

/// What can be told.
pub const KINDS: [&str; 3] = ["message.outcome", "consent.withdrawn", "campaign.state"];

/// A program that is told what happens.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Which.
    pub id: Uuid,
    /// Its address.
    pub url: String,
    /// Of what it is told.
    pub events: Vec<String>,
    /// Since when.
    pub created: Timestamp,
    /// Failures since the last success.
    pub failures: u64,
    /// It failed too often and is not tried any more.
    pub paused: bool,
}

/// Address and secret, sealed.
#[derive(Serialize, Deserialize)]
struct Content {
    url: String,
    secret: Vec<u8>,
}

/// Something to be posted to a program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delivery {
    /// Where to.
    pub url: String,
    /// Headers (Standard Webhooks): `webhook-id`, `webhook-timestamp`, `webhook-signature`.
    pub headers: [(&'static str, String); 3],
    /// The body.
    pub body: String,
}

/// Posts to programs. Follows no redirect.
pub trait Post: Sync {
    /// Whether it was taken: an answer of 2xx.
    fn post(&self, delivery: Delivery) -> impl Future<Output = bool> + Send;
}

fn place(id: Uuid) -> Place<'static> {
    Place { table: "webhook", row: id.as_u128(), column: "sealed", version: 1 }
}

/// What is told of an entry: its kind, and ids.
fn told(event: &Event) -> Option<(&'static str, Value)> {
    match event {
        Event::Delivered { message, outcome } | Event::Settled { message, outcome } => {
            Some(("message.outcome", json!({ "message": message.to_string(), "outcome": outcome })))
        }
        Event::ConsentWithdrawn { patient, .. } => {
            Some(("consent.withdrawn", json!({ "patient": patient.to_string() })))
        }
        Event::CampaignCreated { campaign, .. } => campaign_state(campaign, "draft"),
        Event::CampaignApproved { campaign, .. } => campaign_state(campaign, "approved"),
        Event::CampaignStarted { campaign, .. } => campaign_state(campaign, "running"),
        Event::CampaignStopped { campaign, state } => campaign_state(campaign, state),
        _ => None,
    }
}

fn campaign_state(campaign: &discreet_domain::CampaignId, state: &str) -> Option<(&'static str, Value)> {
    Some(("campaign.state", json!({ "campaign": campaign.to_string(), "state": state })))
}

/// An address that may be told things: https. `http` is for this machine, where the configuration allows it; whether an
/// address is private is looked at when it is connected to.
fn checked(url: &str) -> Result<&str> {
    let url = url.trim();
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://127.0.0.1:"));
    let plain = url.bytes().all(|b| (0x21..=0x7e).contains(&b)) && !url.contains(['@', '#']);
    match host {
        Some(rest) if plain && !rest.is_empty() && url.len() <= LONGEST_URL => Ok(url),
        _ => Err(AppError::invalid("`url` is an https address without user, password or fragment")),
    }
}

impl App {
    /// Tells a program what happens from now on. Returns its signing secret, shown once.
    ///
    /// # Errors
    /// An address or event that is not in order, too many; the database's.
    pub async fn add_webhook(
        &self,
        by: Allowed<ManageWebhooks>,
        url: &str,
        events: &[String],
        now: Timestamp,
    ) -> Result<(Uuid, String)> {
        let url = checked(url)?;
        if events.is_empty() || events.iter().any(|event| !KINDS.contains(&event.as_str())) {
            return Err(AppError::invalid(format!("`events` are some of: {}", KINDS.join(", "))));
        }
        let id = Uuid::new_v4();
        // 256 random bits.
        let secret = Token::generate().ok_or(discreet_vault::Refused::Failed)?.hash().0.to_vec();
        let content = Content { url: url.to_owned(), secret };
        let plain = postcard::to_stdvec(&content).map_err(|_| AppError::Form("a webhook"))?;
        let sealed = self.organization.seal(place(id), &plain)?;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        if tx.webhooks().await?.len() >= MOST_WEBHOOKS {
            return Err(AppError::conflict(format!(
                "there are {MOST_WEBHOOKS} webhooks already: remove one first"
            )));
        }
        let seen = tx.log_head().await?.seq;
        tx.add_webhook(id, sealed, &events.join(","), by.user(), seen, now).await?;
        self.settle_one(tx, by.actor(), Event::WebhookAdded { webhook: id.to_string() }, now).await?;
        Ok((id, format!("whsec_{}", STANDARD.encode(content.secret))))
    }
    /// All programs that are told what happens.
    ///
    /// # Errors
    /// The database's.
    pub async fn webhooks(&self, _by: Allowed<ManageWebhooks>) -> Result<Vec<Webhook>> {
        let rows = self.store.read().await?.webhooks().await?;
        rows.into_iter()
            .map(|row| {
                let content = self.webhook_content(&row)?;
                Ok(Webhook {
                    id: row.id,
                    url: content.url,
                    events: row.events.split(',').map(str::to_owned).collect(),
                    created: row.created,
                    failures: row.failures,
                    paused: row.paused,
                })
            })
            .collect()
    }
    /// Tells a program nothing any more.
    ///
    /// # Errors
    /// No such webhook; the database's.
    pub async fn remove_webhook(&self, by: Allowed<ManageWebhooks>, id: Uuid, now: Timestamp) -> Result<()> {
        let mut tx = self.store.begin(Lane::Receipt).await?;
        if !tx.drop_webhook(id).await? {
            return Err(AppError::NotFound("webhook"));
        }
        self.settle_one(tx, by.actor(), Event::WebhookRemoved { webhook: id.to_string() }, now).await
    }
    fn webhook_content(&self, row: &WebhookRow) -> Result<Content> {
        let plain = self.organization.open(place(row.id), &row.sealed)?;
        postcard::from_bytes(&plain).map_err(|_| AppError::Form("a webhook"))
    }

    /// Tells every program what it does not know yet, as far as it listens, so much at a time that none keeps others
    /// waiting and that whoever is removed hears no more. Whether there is more. For whoever serves.
    ///
    /// # Errors
    /// The database's.
    pub async fn tell_webhooks(&self, post: &impl Post, clock: &Clock) -> Result<bool> {
        let rows = self.store.read().await?.webhooks().await?;
        let mut more = false;
        for row in rows.into_iter().filter(|row| !row.paused && row.retry <= clock()) {
            match self.tell(&row, post, clock).await {
                Ok(rest) => more |= rest,
                // One that cannot be told stops no other.
                Err(error) => {
                    let (code, cause) = error.for_log();
                    tracing::warn!(webhook.id = %row.id, code, cause, "a webhook cannot be told and is tried again");
                }
            }
        }
        Ok(more)
    }

    async fn tell(&self, row: &WebhookRow, post: &impl Post, clock: &Clock) -> Result<bool> {
        let content = self.webhook_content(row)?;
        let wanted: Vec<&str> = row.events.split(',').collect();
        let page = self.store.read().await?.log_page(row.seen, COMMITS).await?;
        let Some(last) = page.last().map(|commit| commit.seq) else { return Ok(false) };
        for commit in &page {
            for body in bodies(commit) {
                let Some((kind, ids)) = told(&body.did).filter(|(kind, _)| wanted.contains(kind)) else {
                    continue;
                };
                let at = Timestamp::from_micros(body.at);
                if !post.post(delivery(&content, body.n, at, kind, &ids, clock())).await {
                    // What was told of earlier commits is not told again.
                    self.note_told(row.id, row.seen, commit.seq.saturating_sub(1)).await?;
                    let before = if commit.seq.saturating_sub(1) > row.seen { 0 } else { row.failures };
                    return self.note_failure_of(row.id, before, clock()).await.map(|()| false);
                }
            }
        }
        self.note_told(row.id, row.seen, last).await?;
        Ok(page.len() == COMMITS as usize)
    }
    async fn note_told(&self, id: Uuid, before: u64, seen: u64) -> Result<()> {
        if seen <= before {
            return Ok(());
        }
        let mut tx = self.store.begin(Lane::Receipt).await?;
        tx.webhook_told(id, seen).await?;
        self.settle(tx, &[]).await
    }
    async fn note_failure_of(&self, id: Uuid, before: u64, now: Timestamp) -> Result<()> {
        let failures = before + 1;
        let wait =
            FIRST_RETRY.checked_shl(u32::try_from(before.min(20)).unwrap_or(20)).unwrap_or(LONGEST_RETRY);
        let paused = failures >= MOST_FAILURES;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        tx.webhook_failed(id, now.plus_seconds(wait.min(LONGEST_RETRY)), paused).await?;
        if paused {
            let event = Event::WebhookPaused { webhook: id.to_string() };
            return self.settle_one(tx, Actor::Console, event, now).await;
        }
        self.settle(tx, &[]).await
    }
}

fn delivery(content: &Content, n: u64, at: Timestamp, kind: &str, ids: &Value, now: Timestamp) -> Delivery {
    let body = json!({ "type": kind, "timestamp": at.to_string(), "data": ids }).to_string();
    let (id, seconds) = (format!("entry_{n}"), now.micros().div_euclid(1_000_000).to_string());
    let signature = hmac_sha256(&content.secret, format!("{id}.{seconds}.{body}").as_bytes());
    let headers = [
        ("webhook-id", id),
        ("webhook-timestamp", seconds),
        ("webhook-signature", format!("v1,{}", STANDARD.encode(signature))),
    ];
    Delivery { url: content.url.clone(), headers, body }
}
