//! Step 4: when.

use super::steps::{Kept, Opened, Steps, keep, open};
use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::page::{Again, Late, Page};
use crate::staff::parts::{self, Choice};
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use discreet_access::PreviewCampaign;
use discreet_domain::{Day, Timestamp};
use uuid::Uuid;

/// When it starts, and when it is over.
#[derive(Template, Debug)]
#[template(path = "staff/campaigns/schedule.html")]
pub(crate) struct Schedule {
    frame: Frame,
    steps: Steps,
    form: Form,
    revision: u64,
    zone: String,
}

impl Schedule {
    fn how(&self) -> Vec<Choice> {
        [
            ("hand", "When I press “Start sending”", "After it is approved"),
            ("time", "At a time", "By itself, if it is approved by then"),
        ]
        .map(|(v, label, why)| Choice::new(&self.form, "how", v, label).hint(why))
        .to_vec()
    }
}

/// An instant as two fields: day, and hour and minute.
fn fields(site: &Site, mut form: Form, prefix: &str, at: Timestamp) -> Form {
    let zone = site.app.zone();
    form.set(&format!("{prefix}_day"), zone.day_of(at).to_string());
    form.set(&format!("{prefix}_time"), zone.clock_of(at).chars().take(5).collect::<String>());
    form
}

fn read(site: &Site, form: &mut Form, prefix: &str) -> Option<Timestamp> {
    let (day_field, time_field) = (format!("{prefix}_day"), format!("{prefix}_time"));
    let Ok(day) = Day::parse(form.value(&day_field)) else {
        form.wrong(&day_field, "Enter a date, like 2026-11-26");
        return None;
    };
    let time =
        form.value(&time_field).split_once(':').and_then(|(h, m)| Some((h.parse().ok()?, m.parse().ok()?)));
    let Some((hour, minute)) = time.filter(|(h, m): &(u8, u8)| *h < 24 && *m < 60) else {
        form.wrong(&time_field, "Enter a time, like 10:00");
        return None;
    };
    Some(site.app.zone().at(day, hour, minute))
}

async fn page(site: &Site, signed: &Signed, mut opened: Opened, form: Option<Form>) -> Result<Schedule> {
    let steps = opened.steps("schedule");
    let content = &opened.draft.content;
    let form = form.unwrap_or_else(|| {
        let mut form = Form::default().with("how", if content.starts.is_some() { "time" } else { "hand" });
        if let Some(at) = content.starts {
            form = fields(site, form, "start", at);
        }
        if let Some(at) = content.not_after {
            form = fields(site, form, "end", at);
        }
        form
    });
    Ok(Schedule {
        frame: Frame::of(site, signed, Section::Campaigns).await?,
        steps,
        form,
        revision: opened.draft.revision,
        zone: site.app.settings().time_zone,
    })
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
) -> Result<Page<Schedule>> {
    let opened = open(&site, &signed, id).await?;
    Ok(Page(page(&site, &signed, opened, None).await?))
}

pub(crate) async fn save(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response> {
    let mut form = Form::of(&posted, &["how", "start_day", "start_time", "end_day", "end_time"]);
    let starts = if posted.get("how") == "time" { read(&site, &mut form, "start") } else { None };
    let not_after = if posted.has("end_day") { read(&site, &mut form, "end") } else { None };
    if starts.is_some_and(|at| at <= site.now()) {
        form.wrong("start_day", "This time has passed");
    }
    if not_after.is_some_and(|end| end <= starts.unwrap_or(site.now())) {
        form.wrong("end_day", "This lies before the start");
    }
    if !form.is_fine() {
        let opened = open(&site, &signed, id).await?;
        return Ok(Again(page(&site, &signed, opened, Some(form)).await?).into_response());
    }
    let mut draft = site.app.campaign_draft(signed.leave(&site, PreviewCampaign).await?, id).await?;
    (draft.content.starts, draft.content.not_after) = (starts, not_after);
    Ok(match keep(&site, &signed, draft, &posted, ("schedule", "review")).await? {
        Kept::Saved(to) => to.into_response(),
        Kept::Overtaken(opened) => Late(page(&site, &signed, *opened, Some(form)).await?).into_response(),
    })
}
