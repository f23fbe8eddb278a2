//! API tokens: issued, shown once, revoked.

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
use discreet_access::{ManageUsers, Scopes};
use discreet_app::AppError;
use discreet_app::tokens::{ListedToken, MOST_DAYS};
use discreet_domain::{Timestamp, Zone};

/// Seconds in a day.
const SECONDS_A_DAY: i64 = 24 * 3600;

/// All tokens.
#[derive(Template, Debug)]
#[template(path = "staff/settings/tokens.html")]
pub(crate) struct Tokens {
    frame: Frame,
    tabs: Tabs,
    form: Form,
    zone: Zone,
    now: Timestamp,
    people: Vec<(String, String)>,
    tokens: Vec<ListedToken>,
    /// Shown this once.
    fresh: Option<String>,
}

impl Tokens {
    fn holders(&self) -> Vec<Choice> {
        self.people.iter().map(|(id, name)| Choice::new(&self.form, "holder", id, name)).collect()
    }
    fn times(&self) -> Vec<Choice> {
        [("30", "30 days"), ("90", "90 days"), ("365", "1 year")]
            .map(|(value, words)| Choice::new(&self.form, "days", value, words))
            .into()
    }
    fn state(&self, token: &ListedToken) -> (String, &'static str) {
        match token.expires {
            _ if token.revoked => ("Revoked".to_owned(), "plain"),
            Some(at) if at <= self.now => (format!("Ended {}", when::day(self.zone.day_of(at))), "plain"),
            Some(at) => (format!("Until {}", when::day(self.zone.day_of(at))), "ok"),
            None => ("Without end".to_owned(), "warn"),
        }
    }
    fn works(&self, token: &ListedToken) -> bool {
        !token.revoked && token.expires.is_none_or(|at| self.now < at)
    }
    fn since(&self, token: &ListedToken) -> String {
        when::day(self.zone.day_of(token.created))
    }
}

async fn page(site: &Site, signed: &Signed, form: Form, fresh: Option<String>) -> Result<Tokens> {
    let accounts = site.app.accounts(signed.leave(site, ManageUsers).await?).await?;
    let people = accounts.into_iter().filter(|a| !a.disabled).map(|a| (a.name.clone(), a.name)).collect();
    Ok(Tokens {
        frame: Frame::of(site, signed, Section::Settings).await?,
        tabs: tabs(signed, "/settings/tokens"),
        form,
        zone: site.app.zone(),
        now: site.now(),
        people,
        tokens: site.app.tokens(signed.leave(site, ManageUsers).await?).await?,
        fresh,
    })
}

pub(crate) async fn show(State(site): State<Site>, signed: Signed) -> Result<Page<Tokens>> {
    Ok(Page(page(&site, &signed, Form::default().with("days", "90"), None).await?))
}

pub(crate) async fn issue(State(site): State<Site>, signed: Signed, posted: Posted) -> Result<Response> {
    let mut form = Form::of(&posted, &["holder", "label", "days"]);
    form.need("label", "Say what the token is for");
    let days = posted.get("days").parse().ok().filter(|days| (1..=MOST_DAYS).contains(days));
    if days.is_none() {
        form.wrong("days", "Choose for how long");
    }
    form.need("holder", "Choose whose it is");
    if let (Some(days), true) = (days, form.is_fine()) {
        let expires = Some(site.now().plus_seconds(days * SECONDS_A_DAY));
        let by = signed.leave(&site, ManageUsers).await?;
        match site
            .app
            .issue_token(by, posted.get("holder"), posted.get("label"), Scopes::ALL, expires, site.now())
            .await
        {
            Ok((_, token)) => {
                let fresh = Some(token.reveal().to_owned());
                let form = Form::default().with("days", "90");
                return Ok(Page(page(&site, &signed, form, fresh).await?).into_response());
            }
            Err(AppError::Invalid(text)) => form.wrong("label", capital(&text)),
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
