//! `/campaigns/{id}/preview`: a mail as it would look, in a frame of its own with a policy of its own: its inline styles are
//! allowed, everything else is not.

use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::signed::Signed;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use discreet_access::PreviewCampaign;
use std::collections::HashMap;
use uuid::Uuid;

/// No script, no form, nowhere to go, in nobody's frame but ours.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: https:; sandbox; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let by = signed.leave(&site, PreviewCampaign).await?;
    let draft = site.app.campaign_draft(by, id).await?;
    let by = signed.leave(&site, PreviewCampaign).await?;
    let preview = site.app.preview_letter(&by, &draft.content).await?;
    let html = if query.contains_key("text") {
        format!(
            "<!doctype html><html lang=\"en\"><title>Text part</title><pre>{}</pre></html>",
            escaped(&preview.text)
        )
    } else if query.contains_key("dark") {
        preview.html.replace("@media (prefers-color-scheme:dark)", "@media all")
    } else {
        preview.html.replace("@media (prefers-color-scheme:dark)", "@media not all")
    };
    let mut response = Html(html).into_response();
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(response)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
