//! Campaigns set going and called off, messages settled, the red button.

use super::body::{Id, Json};
use super::guard::Caller;
use super::people::Done;
use super::problem::Result;
use super::reading::{Report, report_of};
use crate::site::Site;
use axum::extract::State;
use discreet_access::{ResumeSending, SendCampaign, SettleUnknown, StopSending};
use discreet_domain::{CampaignId, MessageId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// Messages of which nobody knows.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Unknown {
    /// Their ids, at most 10,000: settle these, and ask again.
    messages: Vec<String>,
}

/// What became of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// The relay took it.
    Accepted,
    /// It came back.
    Bounced,
}

/// What became of a message.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settle {
    outcome: Outcome,
}

pub(crate) async fn start(
    State(site): State<Site>,
    caller: Caller,
    Id(id): Id<CampaignId>,
) -> Result<Json<Report>> {
    let by = caller.leave(&site, SendCampaign).await?;
    let (app, now) = (Arc::clone(&site.app), site.now());
    Ok(Json(report_of(app.start_campaign(by, id, now).await?)))
}

pub(crate) async fn cancel(
    State(site): State<Site>,
    caller: Caller,
    Id(id): Id<CampaignId>,
) -> Result<Json<Done>> {
    site.app.cancel_campaign(caller.leave(&site, SendCampaign).await?, id, site.now()).await?;
    Ok(Json(Done { done: true }))
}

pub(crate) async fn unknown(
    State(site): State<Site>,
    caller: Caller,
    Id(id): Id<CampaignId>,
) -> Result<Json<Unknown>> {
    let messages = site.app.unknown_messages(caller.leave(&site, SettleUnknown).await?, id).await?;
    Ok(Json(Unknown { messages: messages.iter().map(MessageId::to_string).collect() }))
}

pub(crate) async fn settle(
    State(site): State<Site>,
    caller: Caller,
    Id(id): Id<MessageId>,
    Json(settle): Json<Settle>,
) -> Result<Json<Done>> {
    let by = caller.leave(&site, SettleUnknown).await?;
    site.app.settle_unknown(by, id, settle.outcome == Outcome::Accepted, site.now()).await?;
    Ok(Json(Done { done: true }))
}

pub(crate) async fn stop(State(site): State<Site>, caller: Caller) -> Result<Json<Done>> {
    site.app.stop_sending(caller.leave(&site, StopSending).await?, site.now()).await?;
    Ok(Json(Done { done: true }))
}

pub(crate) async fn resume(State(site): State<Site>, caller: Caller) -> Result<Json<Done>> {
    site.app.resume_sending(caller.leave(&site, ResumeSending).await?, site.now()).await?;
    Ok(Json(Done { done: true }))
}
