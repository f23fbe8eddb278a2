//! The first page: what needs me today, at one glance.

use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::Posted;
use crate::staff::frame::{Frame, Section};
use crate::staff::page::{GoTo, Page};
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{Path, State};
use discreet_access::{ActionName, AnswerNotice, CheckInstallation};
use discreet_app::notices::{About, Notice};

/// The first page.
#[derive(Template, Debug)]
#[template(path = "staff/home.html")]
pub(crate) struct Home {
    frame: Frame,
    greeting: String,
    needs: Vec<Need>,
}

/// Something that needs whoever looks.
#[derive(Debug)]
pub(crate) struct Need {
    text: String,
    more: String,
    href: Option<String>,
    /// A notice that can be answered here.
    answer: Option<u64>,
    urgent: bool,
}

pub(crate) async fn show(State(site): State<Site>, signed: Signed) -> Result<Page<Home>> {
    let frame = Frame::of(&site, &signed, Section::Home).await?;
    let mut needs = Vec::new();
    if signed.can(ActionName::AnswerNotice) {
        let notices = site.app.notices(signed.leave(&site, AnswerNotice).await?).await?;
        needs.extend(notices.into_iter().map(of_notice));
    }
    if signed.can(ActionName::CheckInstallation) {
        let remarks = site.app.check(signed.leave(&site, CheckInstallation).await?, site.now()).await?;
        for remark in remarks.into_iter().filter(|remark| remark.code != "demo") {
            let text = crate::staff::guard::capital(&remark.text);
            let urgent = remark.code == "no_baa" || remark.code == "sending_stopped";
            needs.push(Need { text, more: String::new(), href: None, answer: None, urgent });
        }
    }
    let zone = site.app.zone();
    let greeting = format!("{}, {}", part_of_day(zone.hour_of(site.now())), signed.name());
    Ok(Page(Home { frame, greeting, needs }))
}

fn of_notice(notice: Notice) -> Need {
    let href = match &notice.what {
        About::ChoiceUnmatched(request) => Some(format!("/requests/{request}")),
        About::RoleGranted(..) | About::NotMe(_) => None,
    };
    let (text, more) = match notice.what {
        About::RoleGranted(name, roles) => (
            format!("{name} can now reach patients’ data"),
            format!(
                "Roles: {}. If this is not right, ask an administrator to take the role back.",
                roles.join(", ")
            ),
        ),
        About::NotMe(_) => (
            "Someone says an address is not the patient’s".to_owned(),
            "No mail goes to it until the patient’s address is put right.".to_owned(),
        ),
        About::ChoiceUnmatched(_) => (
            "Confirmed email choices fit no one patient".to_owned(),
            "Someone used the consent form. See who it may be.".to_owned(),
        ),
    };
    Need { text, more, href, answer: Some(notice.n), urgent: false }
}

fn part_of_day(hour: i8) -> &'static str {
    match hour {
        4..12 => "Good morning",
        12..18 => "Good afternoon",
        _ => "Good evening",
    }
}

pub(crate) async fn answer(
    State(site): State<Site>,
    signed: Signed,
    Path(n): Path<u64>,
    _: Posted,
) -> Result<GoTo> {
    site.app.answer_notice(signed.leave(&site, AnswerNotice).await?, n, site.now()).await?;
    Ok(GoTo::page("/"))
}
