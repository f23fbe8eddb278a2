//! The first page: what needs me today, at one glance.

use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::Posted;
use crate::staff::frame::{Frame, Section};
use crate::staff::guard::capital;
use crate::staff::page::{GoTo, Page};
use crate::staff::signed::Signed;
use crate::staff::when;
use askama::Template;
use axum::extract::{Path, State};
use discreet_access::{
    ActionName, AnswerImportNotice, AnswerNotice, CheckInstallation, CountSegment, ManageVendors, ReadReport,
};
use discreet_app::campaigns::Campaign;
use discreet_app::installation::Remark;
use discreet_app::notices::{About, Notice};
use discreet_domain::Cell;

/// The first page.
#[derive(Template, Debug)]
#[template(path = "staff/home.html")]
pub(crate) struct Home {
    frame: Frame,
    greeting: String,
    needs: Vec<Need>,
    week: Option<Vec<(&'static str, String)>>,
    health: Option<Vec<(&'static str, String)>>,
    /// Nothing is imported yet, nothing is written: what comes first.
    first_steps: bool,
}

/// Something that needs whoever looks.
#[derive(Debug)]
pub(crate) struct Need {
    text: String,
    more: String,
    href: Option<String>,
    /// A notice that can be answered here: where its answer is posted.
    answer: Option<String>,
    urgent: bool,
}

pub(crate) async fn show(State(site): State<Site>, signed: Signed) -> Result<Page<Home>> {
    let frame = Frame::of(&site, &signed, Section::Home).await?;
    let mut needs = waiting(&site, &signed).await?;
    if signed.can(ActionName::AnswerNotice) {
        let notices = site.app.notices(signed.leave(&site, AnswerNotice).await?).await?;
        needs.extend(notices.into_iter().map(of_notice));
        let by = signed.leave(&site, AnswerNotice).await?;
        let ending = site.app.expiring_authorizations(by, site.now()).await?;
        if ending.exact() > 0 {
            let n = ending.shown_to(signed.viewer()).for_people();
            needs.push(
                Need::new(format!("{n} patients’ authorizations end within 30 days"))
                    .at("/consents/authorizations".to_owned()),
            );
        }
    }
    if signed.can(ActionName::AnswerImportNotice) && !signed.can(ActionName::AnswerNotice) {
        let notices = site.app.import_notices(signed.leave(&site, AnswerImportNotice).await?).await?;
        needs.extend(notices.into_iter().map(of_notice));
    }
    if signed.can(ActionName::CheckInstallation) {
        let remarks = site.app.check(signed.leave(&site, CheckInstallation).await?, site.now()).await?;
        needs.extend(remarks.into_iter().filter_map(|remark| of_remark(&remark, &signed)));
    }
    needs.extend(vendors(&site, &signed).await?);
    // What stops mail comes first; the rest keeps its order.
    needs.sort_by_key(|need| !need.urgent);
    let zone = site.app.zone();
    let greeting = format!("{}, {}", part_of_day(zone.hour_of(site.now())), signed.name());
    let (week, health) = (week(&site, &signed).await?, health(&site, &signed).await?);
    let empty = health.as_ref().is_some_and(|health| health.first().is_some_and(|(_, n)| n == "0"));
    Ok(Page(Home { frame, greeting, needs, week, first_steps: empty, health }))
}

impl Need {
    fn new(text: String) -> Need {
        Need { text, more: String::new(), href: None, answer: None, urgent: false }
    }
    fn at(self, href: String) -> Need {
        Need { href: Some(href), ..self }
    }
}

/// A remark on the installation, in the words of these pages, with the way to where it is mended for whoever may.
fn of_remark(remark: &Remark, signed: &Signed) -> Option<Need> {
    let (text, more, urgent, (action, href)) = match remark.code {
        "demo" => return None,
        "kit_unconfirmed" => (
            "The recovery kit is not confirmed",
            "Until somebody shows that it opens, nobody knows whether lost keys could be had back.",
            false,
            (ActionName::ManageKeys, "/settings/keys"),
        ),
        "sending_stopped" => (
            "All sending is stopped",
            "What waits goes on when the privacy officer resumes it.",
            true,
            (ActionName::StopSending, "/stop"),
        ),
        "no_baa" => (
            "Nothing can be sent: say whose the mail relay is",
            "It is neither the organization’s own nor under a business associate agreement in force.",
            true,
            (ActionName::SetRelay, "/settings/sending"),
        ),
        "no_postal_address" => (
            "No email leaves without a postal address",
            "It stands at the foot of each (15 USC 7704).",
            true,
            (ActionName::ManageUsers, "/settings/organization"),
        ),
        "no_checkpoints" => (
            "Keep the log’s checkpoints on another machine",
            "Without them nobody outside could tell if the log were cut short. No folder is named for them yet.",
            false,
            (ActionName::VerifyAudit, "/audit/checkpoints"),
        ),
        "checkpoint_failed" => (
            "The last checkpoint could not be written",
            "The folder that keeps them is not there, or may not be written to.",
            false,
            (ActionName::VerifyAudit, "/audit/checkpoints"),
        ),
        "checkpoint_old" => (
            "No checkpoint was kept elsewhere for two days",
            "The server writes one a day while it runs.",
            false,
            (ActionName::VerifyAudit, "/audit/checkpoints"),
        ),
        _ => return Some(Need::new(capital(&remark.text))),
    };
    let href = signed.can(action).then(|| href.to_owned());
    Some(Need { more: more.to_owned(), href, urgent, ..Need::new(text.to_owned()) })
}

/// Vendors whose agreement ends soon, or has.
async fn vendors(site: &Site, signed: &Signed) -> Result<Vec<Need>> {
    if !signed.can(ActionName::ManageVendors) {
        return Ok(Vec::new());
    }
    let today = site.app.zone().day_of(site.now());
    let vendors = site.app.vendors(signed.leave(site, ManageVendors).await?).await?;
    let ending = vendors.iter().filter(|vendor| vendor.ends_in(today).is_some());
    let need = |vendor: &discreet_app::vendors::Vendor| {
        let href = format!("/settings/vendors/{}", vendor.id);
        let need = Need::new(format!("See to the agreement with {}", vendor.text.name)).at(href);
        Need { more: crate::staff::settings::vendors::agreement(vendor, today).0, ..need }
    };
    Ok(ending.map(need).collect())
}

/// A campaign whose time came, and that did not start.
fn late(site: &Site, campaign: &Campaign) -> Option<Need> {
    let (zone, now) = (site.app.zone(), site.now());
    let at = campaign.starts.filter(|at| campaign.state == "approved" && *at < now)?;
    let more = match now < campaign.not_after {
        true => format!("It starts as soon as it can, until {}.", when::time(&zone, campaign.not_after)),
        false => "Its last time has passed: make a copy to send it.".to_owned(),
    };
    let text = format!("‘{}’ was to start {} and has not", campaign.name, when::time(&zone, at));
    Some(Need { more, ..Need::new(text).at(format!("/campaigns/{}", campaign.id)) })
}

/// Campaigns that wait for whoever looks.
async fn waiting(site: &Site, signed: &Signed) -> Result<Vec<Need>> {
    let mut needs = Vec::new();
    if !signed.can(ActionName::ReadReport) {
        return Ok(needs);
    }
    let campaigns = site.app.campaigns(signed.leave(site, ReadReport).await?).await?;
    for campaign in &campaigns {
        let name = &campaign.name;
        let mine = campaign.author == signed.who().user();
        if campaign.state == "draft" && signed.can(ActionName::ApproveCampaign) && !mine {
            needs.push(
                Need::new(format!("‘{name}’ waits for your approval"))
                    .at(format!("/approvals/{}", campaign.id)),
            );
        }
        if campaign.state == "approved" && campaign.starts.is_none() && signed.can(ActionName::SendCampaign) {
            needs.push(
                Need::new(format!("‘{name}’ is approved: start it"))
                    .at(format!("/campaigns/{}", campaign.id)),
            );
        }
        needs.extend(late(site, campaign));
        if campaign.state == "paused" {
            needs.push(Need::new(format!("‘{name}’ is paused")).at(format!("/campaigns/{}", campaign.id)));
        }
    }
    if signed.can(ActionName::SettleUnknown) {
        for (name, id, count) in site.app.with_unknown(signed.leave(site, ReadReport).await?).await? {
            let n = count.shown_to(signed.viewer()).for_people();
            needs.push(
                Need::new(format!("{n} messages of ‘{name}’ with unknown fate"))
                    .at(format!("/campaigns/{id}/progress#unknown")),
            );
        }
    }
    if signed.can(ActionName::CreateCampaign) {
        for draft in site.app.campaign_drafts(signed.leave(site, ReadReport).await?).await? {
            if let Some(reason) = draft.content.returned {
                let need = Need::new(format!("‘{}’ was sent back", draft.content.name));
                needs.push(Need { more: reason, ..need.at(format!("/campaigns/{}/purpose", draft.id)) });
            }
        }
    }
    Ok(needs)
}

async fn week(site: &Site, signed: &Signed) -> Result<Option<Vec<(&'static str, String)>>> {
    if !signed.can(ActionName::ReadReport) {
        return Ok(None);
    }
    let week = site.app.week(signed.leave(site, ReadReport).await?, site.now()).await?;
    let shown = |cell: Cell| cell.shown_to(signed.viewer()).for_people();
    let state = |name: &str| shown(week.states.get(name).copied().unwrap_or_default());
    Ok(Some(vec![
        ("accepted", state("accepted")),
        ("bounced", state("bounced")),
        ("unknown", state("unknown")),
        ("withdrawals", shown(week.withdrawals)),
    ]))
}

async fn health(site: &Site, signed: &Signed) -> Result<Option<Vec<(&'static str, String)>>> {
    if !signed.can(ActionName::CountSegment) {
        return Ok(None);
    }
    let health = site.app.list_health(signed.leave(site, CountSegment).await?, site.now()).await?;
    let shown = |cell: Cell| cell.shown_to(signed.viewer()).for_people();
    Ok(Some(vec![
        ("patients", shown(health.patients)),
        ("with a usable email address", shown(health.reachable)),
        ("opted in to a topic", shown(health.opted_in)),
    ]))
}

fn of_notice(notice: Notice) -> Need {
    let href = match &notice.what {
        About::NotMe(patient) => Some(format!("/patients/{patient}/restrictions")),
        About::ChoiceUnmatched(request) => Some(format!("/requests/{request}")),
        About::ImportFailed(id) => Some(format!("/imports/{id}/report")),
        About::RoleGranted(..) => None,
    };
    let of_imports = matches!(notice.what, About::ImportFailed(_));
    let answer = format!("{}/notices/{}", if of_imports { "/imports" } else { "" }, notice.n);
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
        About::ImportFailed(_) => (
            "An import broke off".to_owned(),
            "What was read before is saved. Import again to go on; nothing will double.".to_owned(),
        ),
    };
    Need { more, href, answer: Some(answer), ..Need::new(text) }
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
