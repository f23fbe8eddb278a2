//! Who is told what happens: by ids alone, signed.

use super::body::{Id, Json};
use super::guard::Caller;
use super::people::Done;
use super::problem::Result;
use crate::site::Site;
use axum::extract::State;
use discreet_access::ManageWebhooks;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Who is told what happens.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Webhooks {
    items: Vec<Webhook>,
}

/// An address that is told what happens.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Webhook {
    id: String,
    url: String,
    events: Vec<String>,
    created: String,
    /// Failures since the last success.
    failures: u64,
    /// It failed too often and is not tried any more: remove it and add it again.
    paused: bool,
}

/// An address to tell what happens from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Add {
    #[schema(example = "https://integration.clinic.example/discreet")]
    url: String,
    /// Of what: `message.outcome`, `consent.withdrawn`, `campaign.state`.
    events: Vec<String>,
}

/// The address is told from now on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Added {
    id: String,
    /// Signs what is sent (Standard Webhooks: `webhook-signature`). It cannot be shown again.
    secret: String,
}

pub(crate) async fn list(State(site): State<Site>, caller: Caller) -> Result<Json<Webhooks>> {
    let all = site.app.webhooks(caller.leave(&site, ManageWebhooks).await?).await?;
    let item = |hook: discreet_app::webhooks::Webhook| Webhook {
        id: hook.id.to_string(),
        url: hook.url,
        events: hook.events,
        created: hook.created.to_string(),
        failures: hook.failures,
        paused: hook.paused,
    };
    Ok(Json(Webhooks { items: all.into_iter().map(item).collect() }))
}

pub(crate) async fn add(
    State(site): State<Site>,
    caller: Caller,
    Json(add): Json<Add>,
) -> Result<Json<Added>> {
    let by = caller.leave(&site, ManageWebhooks).await?;
    let (id, secret) = site.app.add_webhook(by, &add.url, &add.events, site.now()).await?;
    Ok(Json(Added { id: id.to_string(), secret }))
}

pub(crate) async fn remove(State(site): State<Site>, caller: Caller, Id(id): Id<Uuid>) -> Result<Json<Done>> {
    site.app.remove_webhook(caller.leave(&site, ManageWebhooks).await?, id, site.now()).await?;
    Ok(Json(Done { done: true }))
}
