//! Settings › Tokens: what programs come in with.

use super::tabs;
use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::guard::capital;
use crate::staff::page::{Again, GoTo, Page};
use crate::staff::parts::{self, Choice, Tabs};
use crate::staff::signed::Signed;
use crate::staff::when;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use discreet_access::{ActionName, ManageUsers, Scopes};
use discreet_app::AppError;
use discreet_app::tokens::ListedToken;
use discreet_domain::{Timestamp, Zone};
use std::collections::BTreeMap;

/// For how many days a token is good, as offered; none: until it is revoked.
const DAYS: [(&str, &str, Option<i64>); 4] = [
    ("90", "90 days", Some(90)),
    ("30", "30 days", Some(30)),
    ("365", "A year", Some(365)),
    ("never", "Until it is revoked", None),
];

/// All tokens, and a form for another.
#[derive(Template, Debug)]
#[template(path = "staff/settings/tokens.html")]
pub(crate) struct Tokens {
    frame: Frame,
    tabs: Tabs,
    form: Form,
    tokens: Vec<Row>,
    people: Vec<String>,
    /// What each action of the API is good for.
    actions: Vec<(ActionName, String)>,
    /// Shown this once: what it is for, and the token.
    token: Option<(String, String)>,
}

/// A token.
#[derive(Debug)]
pub(crate) struct Row {
    id: String,
    user: String,
    label: String,
    only: String,
    state: String,
    tone: &'static str,
    live: bool,
}

fn row(token: ListedToken, zone: &Zone, now: Timestamp) -> Row {
    let (state, tone, live) = match token.expires {
        _ if token.revoked => ("Revoked".to_owned(), "state-bad", false),
        Some(until) if until <= now => ("Expired".to_owned(), "", false),
        Some(until) => (format!("Until {}", when::day(zone.day_of(until))), "state-ok", true),
        None => ("No end".to_owned(), "state-warn", true),
    };
    Row {
        id: token.id.to_string(),
        user: token.user,
        label: token.label,
        only: token.scopes.map_or_else(|| "All their roles allow".to_owned(), |only| only.replace(',', ", ")),
        state,
        tone,
        live,
    }
}

impl Tokens {
    fn holders(&self) -> Vec<Choice> {
        self.people.iter().map(|name| Choice::new(&self.form, "user", name, name)).collect()
    }
    fn ends(&self) -> Vec<Choice> {
        DAYS.iter().map(|(value, words, _)| Choice::new(&self.form, "days", value, words)).collect()
    }
    fn limits(&self) -> Vec<Choice> {
        let choice = |(action, what): &(ActionName, String)| {
            Choice::new(&self.form, "only", action.name(), action.name()).hint(what)
        };
        self.actions.iter().map(choice).collect()
    }
}

async fn page(site: &Site, signed: &Signed, form: Form, token: Option<(String, String)>) -> Result<Tokens> {
    let frame = Frame::of(site, signed, Section::Settings).await?;
    let tokens = site.app.tokens(signed.leave(site, ManageUsers).await?).await?;
    let people = site.app.accounts(signed.leave(site, ManageUsers).await?).await?;
    let mut actions: BTreeMap<ActionName, Vec<&str>> = BTreeMap::new();
    for route in crate::api::table(site).table {
        actions.entry(route.action).or_default().push(route.summary);
    }
    let (zone, now) = (site.app.zone(), site.now());
    Ok(Tokens {
        frame,
        tabs: tabs(signed, "/settings/tokens"),
        form,
        tokens: tokens.into_iter().rev().map(|token| row(token, &zone, now)).collect(),
        people: people.into_iter().filter(|person| !person.disabled).map(|person| person.name).collect(),
        actions: actions
            .into_iter()
            .map(|(action, what)| (action, format!("{}.", what.join("; "))))
            .collect(),
        token,
    })
}

pub(crate) async fn show(State(site): State<Site>, signed: Signed) -> Result<Page<Tokens>> {
    Ok(Page(page(&site, &signed, Form::default().with("days", "90"), None).await?))
}

pub(crate) async fn issue(State(site): State<Site>, signed: Signed, posted: Posted) -> Result<Response> {
    let mut form = Form::of(&posted, &["user", "label", "days", "only"]);
    form.need("user", "Choose whose roles it has");
    form.need("label", "Say what the token is for");
    let only: Vec<ActionName> = posted.all("only").into_iter().filter_map(ActionName::parse).collect();
    let days = DAYS.iter().find(|(value, ..)| *value == posted.get("days"));
    if days.is_none() {
        form.wrong("days", "Choose for how long");
    }
    if let Some((_, _, days)) = days
        && form.is_fine()
    {
        let scopes = if only.is_empty() { Scopes::ALL } else { Scopes::of(&only) };
        let (now, label) = (site.now(), posted.get("label"));
        let expires = days.map(|days| now.plus_seconds(days * 24 * 3600));
        let by = signed.leave(&site, ManageUsers).await?;
        match site.app.issue_token(by, posted.get("user"), label, scopes, expires, now).await {
            Ok((_, token)) => {
                let once = Some((label.to_owned(), token.reveal().to_owned()));
                let form = Form::default().with("days", "90");
                return Ok(Page(page(&site, &signed, form, once).await?).into_response());
            }
            Err(AppError::Invalid(text)) => form.wrong("label", capital(&text)),
            Err(AppError::NotFound(_)) => form.wrong("user", "Choose somebody with an account"),
            Err(other) => return Err(other.into()),
        }
    }
    Ok(Again(page(&site, &signed, form, None).await?).into_response())
}

pub(crate) async fn revoke(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<String>,
    _: Posted,
) -> Result<GoTo> {
    let id = id.parse().map_err(|_| StaffError::Missing("token"))?;
    site.app.revoke_token(signed.leave(&site, ManageUsers).await?, id, site.now()).await?;
    Ok(GoTo::page("/settings/tokens"))
}
