//! Authorizations that end soon, without names: whose they are is told behind the record's door.

use super::consents::tabs;
use super::when;
use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::frame::{Frame, Section};
use crate::staff::page::Page;
use crate::staff::parts::Tabs;
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::State;
use discreet_access::AnswerNotice;
use discreet_app::overview::{EndingForm, MOST_ENDING};
use discreet_domain::Day;

/// How many letters of a record's id tell it apart on a page.
const SHOWN_OF_ID: usize = 8;

/// Authorizations that end soon.
#[derive(Template, Debug)]
#[template(path = "staff/consents/authorizations.html")]
pub(crate) struct Authorizations {
    frame: Frame,
    tabs: Tabs,
    today: Day,
    ending: Vec<EndingForm>,
    /// There may be more than are shown.
    cut: bool,
}

impl Authorizations {
    fn record(&self, form: &EndingForm) -> String {
        form.patient.to_string().chars().take(SHOWN_OF_ID).collect()
    }
    fn ends(&self, form: &EndingForm) -> String {
        let left = form.last_day.number() - self.today.number();
        let left = match left {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            n => format!("in {n} days"),
        };
        format!("{}, {left}", when::day(form.last_day))
    }
}

pub(crate) async fn show(State(site): State<Site>, signed: Signed) -> Result<Page<Authorizations>> {
    let by = signed.leave(&site, AnswerNotice).await?;
    let ending = site.app.ending_authorizations(by, site.now()).await?;
    Ok(Page(Authorizations {
        frame: Frame::of(&site, &signed, Section::Consents).await?,
        tabs: tabs(&signed, "/consents/authorizations"),
        today: site.app.zone().day_of(site.now()),
        cut: ending.len() as u64 >= u64::from(MOST_ENDING),
        ending,
    }))
}
