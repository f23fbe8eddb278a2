//! Settings › Webhooks: programs that are told what happens, by ids alone.

use super::tabs;
use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::guard::capital;
use crate::staff::page::{Again, GoTo, Page};
use crate::staff::parts::{self, Choice, Tabs};
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use discreet_access::ManageWebhooks;
use discreet_app::AppError;
use discreet_app::webhooks::{KINDS, Webhook};

/// All webhooks, and a form for another.
#[derive(Template, Debug)]
#[template(path = "staff/settings/webhooks.html")]
pub(crate) struct Webhooks {
    frame: Frame,
    tabs: Tabs,
    form: Form,
    hooks: Vec<Webhook>,
    /// Shown this once: the address, and the secret that signs what is sent to it.
    secret: Option<(String, String)>,
}

impl Webhooks {
    fn events(&self) -> Vec<Choice> {
        let hint = |kind: &str| match kind {
            "message.outcome" => "What became of a message: its id and outcome.",
            "consent.withdrawn" => "A patient opted out: their id.",
            _ => "A campaign was made, approved, started or stopped: its id and state.",
        };
        KINDS.iter().map(|kind| Choice::new(&self.form, "events", kind, kind).hint(hint(kind))).collect()
    }
}

async fn page(
    site: &Site,
    signed: &Signed,
    form: Form,
    secret: Option<(String, String)>,
) -> Result<Webhooks> {
    let frame = Frame::of(site, signed, Section::Settings).await?;
    let hooks = site.app.webhooks(signed.leave(site, ManageWebhooks).await?).await?;
    Ok(Webhooks { frame, tabs: tabs(signed, "/settings/webhooks"), form, hooks, secret })
}

pub(crate) async fn show(State(site): State<Site>, signed: Signed) -> Result<Page<Webhooks>> {
    Ok(Page(page(&site, &signed, Form::default(), None).await?))
}

pub(crate) async fn add(State(site): State<Site>, signed: Signed, posted: Posted) -> Result<Response> {
    let mut form = Form::of(&posted, &["url", "events"]);
    form.need("url", "Enter an address, like https://integration.example.org/discreet");
    let events: Vec<String> = posted.all("events").into_iter().map(str::to_owned).collect();
    if events.is_empty() {
        form.wrong("events", "Choose at least one");
    }
    if form.is_fine() {
        let by = signed.leave(&site, ManageWebhooks).await?;
        match site.app.add_webhook(by, posted.get("url"), &events, site.now()).await {
            Ok((_, secret)) => {
                let once = Some((posted.get("url").to_owned(), secret));
                return Ok(Page(page(&site, &signed, Form::default(), once).await?).into_response());
            }
            Err(AppError::Invalid(text) | AppError::Conflict(text)) => {
                form.wrong("url", capital(&text).replace("`url` is", "This must be").replace('`', ""));
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok(Again(page(&site, &signed, form, None).await?).into_response())
}

pub(crate) async fn remove(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<String>,
    _: Posted,
) -> Result<GoTo> {
    let id = id.parse().map_err(|_| StaffError::Missing("webhook"))?;
    site.app.remove_webhook(signed.leave(&site, ManageWebhooks).await?, id, site.now()).await?;
    Ok(GoTo::page("/settings/webhooks"))
}
