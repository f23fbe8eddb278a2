//! How mail goes: whose the relay is, and whether what receivers look up is published.

use super::tabs;
use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::page::{Again, GoTo, Page};
use crate::staff::parts::{self, Choice, Tabs};
use crate::staff::signed::Signed;
use crate::staff::when;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use discreet_access::{ManageKeys, SetRelay};
use discreet_app::dns::{Published, RelayStanding, Wanted};
use discreet_domain::Day;

/// The page.
#[derive(Template, Debug)]
#[template(path = "staff/settings/sending.html")]
pub(crate) struct Sending {
    frame: Frame,
    tabs: Tabs,
    form: Form,
    relay: RelayStanding,
    records: Vec<Wanted>,
    /// When they were asked for.
    asked: Option<String>,
}

impl Sending {
    fn whose(&self) -> Vec<Choice> {
        [("own", "Our own"), ("vendor", "A vendor’s, under a business associate agreement")]
            .map(|(value, words)| Choice::new(&self.form, "whose", value, words))
            .into()
    }
    fn until(&self) -> String {
        self.relay.baa_until.map_or_else(String::new, when::day)
    }
    fn state(&self, record: &Wanted) -> (&'static str, &'static str) {
        match record.published {
            None => ("Not asked yet", "plain"),
            Some(Published::Found) => ("Found", "ok"),
            Some(Published::Missing) => ("Missing", "bad"),
            Some(Published::Different(_)) => ("Different", "warn"),
            Some(Published::Unanswered) => ("Could not ask the DNS just now", "plain"),
        }
    }
    fn there<'a>(&self, record: &'a Wanted) -> Option<&'a str> {
        match &record.published {
            Some(Published::Different(text)) => Some(text),
            _ => None,
        }
    }
}

async fn page(
    site: &Site,
    signed: &Signed,
    form: Option<Form>,
    records: Option<Vec<Wanted>>,
) -> Result<Sending> {
    let now = site.now();
    let relay = site.app.relay_standing(signed.leave(site, SetRelay).await?, now).await?;
    let asked = records.as_ref().map(|_| when::clock(&site.app.zone(), now));
    let records = match records {
        Some(records) => records,
        None => site.app.wanted_records(signed.leave(site, ManageKeys).await?, now).await?,
    };
    let form = form.unwrap_or_else(|| {
        let whose = match (relay.own, relay.baa_until) {
            (true, _) => "own",
            (false, Some(_)) => "vendor",
            (false, None) => "",
        };
        let until = relay.baa_until.map_or_else(String::new, |day| day.to_string());
        Form::default().with("whose", whose).with("until", until)
    });
    let frame = Frame::of(site, signed, Section::Settings).await?;
    Ok(Sending { frame, tabs: tabs(signed, "/settings/sending"), form, relay, records, asked })
}

pub(crate) async fn show(State(site): State<Site>, signed: Signed) -> Result<Page<Sending>> {
    Ok(Page(page(&site, &signed, None, None).await?))
}

pub(crate) async fn save(State(site): State<Site>, signed: Signed, posted: Posted) -> Result<Response> {
    let mut form = Form::of(&posted, &["whose", "until"]);
    let until = Day::parse(posted.get("until")).ok();
    let own = match posted.get("whose") {
        "own" => true,
        "vendor" => {
            if until.is_none() {
                form.wrong("until", "Enter the last day of the agreement, like 2027-03-01");
            }
            false
        }
        _ => {
            form.wrong("whose", "Choose whose the relay is");
            false
        }
    };
    if !form.is_fine() {
        return Ok(Again(page(&site, &signed, Some(form), None).await?).into_response());
    }
    let by = signed.leave(&site, SetRelay).await?;
    site.app.set_relay(by, own, until.filter(|_| !own), site.now()).await?;
    Ok(GoTo::page("/settings/sending").into_response())
}

/// Asks the DNS what is published.
pub(crate) async fn check(State(site): State<Site>, signed: Signed, _: Posted) -> Result<Page<Sending>> {
    let by = signed.leave(&site, ManageKeys).await?;
    let records = site.app.check_records(by, site.now()).await?;
    Ok(Page(page(&site, &signed, None, Some(records)).await?))
}
