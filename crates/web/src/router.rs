//! All URLs on one screen.

use crate::patient::{asked, choices, copy, front, join, not_me, opt_in, trial, unsubscribe};
use crate::site::{Options, Site};
use crate::staff::log::{entries, verify};
use crate::staff::mailbox::Mailbox;
use crate::staff::patients::{
    self, consents as patient_consents, facts, find, forms, messages, restrictions, rights,
};
use crate::staff::routes::Needs::{May, Nothing, Session, SignIn};
use crate::staff::routes::{Route, Routes};
use crate::staff::settings::{self, catalog, keys, organization, rules, sending, tokens, vendors, webhooks};
use crate::staff::{
    authorizations, campaigns, confirm, consents, home, images, imports, mailbox, me, people, request,
    second_factor, segments, set_up, sign_in, stop, style, welcome,
};
use crate::{assets, dress, plain};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use discreet_access::ActionName as A;
use discreet_app::{App, Clock};
use std::sync::Arc;

/// Longest request body that is read on the patient's side, in bytes. What a form of ours or a mail program sends has
/// under 200.
pub const LARGEST_BODY: usize = 16 * 1024;
/// Longest form that is read on the staff's side, in bytes: a template, at most.
pub const LARGEST_FORM: usize = 512 * 1024;

/// The staff's side: each route with what it takes to open it.
fn staff(site: &Site) -> Routes {
    settings(office(records(imports(work(entering(demo(site, Routes::new(site.clone()))))))))
}

/// What there is in a demo alone.
fn demo(site: &Site, routes: Routes) -> Routes {
    match site.mailbox {
        None => routes,
        Some(_) => routes
            .get("/demo/mailbox", SignIn, mailbox::show)
            .get("/demo/mailbox/{n}", SignIn, mailbox::show_one)
            .get("/demo/mailbox/{n}/mail", SignIn, mailbox::mail),
    }
}

/// Coming in, oneself, home.
fn entering(routes: Routes) -> Routes {
    routes
        // Coming in.
        .get("/setup/{token}", Nothing, set_up::show)
        .post("/setup/{token}", Nothing, set_up::make)
        .get("/welcome/{token}", Nothing, welcome::show)
        .post("/welcome/{token}", Nothing, welcome::accept)
        .get("/demo/{token}", Nothing, sign_in::ask_demo)
        .post("/demo/{token}", Nothing, sign_in::take_demo)
        .get("/sign-in", Nothing, sign_in::show)
        .post("/sign-in", Nothing, sign_in::enter)
        .get("/sign-in/code", Session, sign_in::ask_code)
        .post("/sign-in/code", Session, sign_in::take_code)
        .get("/sign-in/recovery", Session, sign_in::ask_recovery)
        .post("/sign-in/recovery", Session, sign_in::take_recovery)
        .post("/sign-out", Session, sign_in::leave)
        // Oneself.
        .get("/me", SignIn, me::show)
        .post("/me/theme", SignIn, me::set_theme)
        .post("/me/stay", SignIn, me::stay)
        .get("/me/second-factor", Session, second_factor::show)
        .post("/me/second-factor", Session, second_factor::set)
        .get("/confirm", SignIn, confirm::show)
        .post("/confirm", SignIn, confirm::take)
        .get("/ui", SignIn, style::show)
        // Home, and what stands on every page.
        .get("/", SignIn, home::show)
        .post("/notices/{n}", May(A::AnswerNotice), home::answer)
        .get("/requests/{id}", May(A::AnswerNotice), request::show)
        .get("/stop", May(A::StopSending), stop::ask)
        .post("/stop", May(A::StopSending), stop::stop)
        .post("/resume", May(A::ResumeSending), stop::resume)
}

/// Segments and campaigns.
fn work(routes: Routes) -> Routes {
    routes
        // Segments: the library, one of them, the builder.
        .get("/segments", May(A::ListSegments), segments::library::show)
        .get("/segments/{id}", May(A::CountSegment), segments::one::show)
        .get("/segments/{id}/counts", May(A::CountSegment), segments::library::counts)
        .get("/segments/{id}/insights", May(A::CountSegment), segments::one::insights)
        .get("/segments/{id}/history", May(A::ListSegments), segments::one::history)
        .get("/segments/{id}/why", May(A::ExplainMembership), segments::why::show)
        .post("/segments/{id}/why", May(A::ExplainMembership), segments::why::find)
        .get("/segments/{id}/why/{patient}", May(A::ExplainMembership), segments::why::answer)
        .post("/segments/{id}/why/{patient}", May(A::ExplainMembership), segments::why::sensitive)
        .post("/drafts", May(A::SaveSegment), segments::act::begin)
        .get("/drafts/{id}", May(A::SaveSegment), segments::builder::show)
        .get("/drafts/{id}/codes/{kind}", May(A::SaveSegment), segments::row::codes)
        .post("/drafts/{id}/act", May(A::SaveSegment), segments::act::act)
        .post("/drafts/{id}/row", May(A::SaveSegment), segments::row::take)
        .post("/drafts/{id}/text", May(A::SaveSegment), segments::act::text)
        .post("/drafts/{id}/topic", May(A::SaveSegment), segments::act::topic)
        .post("/drafts/{id}/save", May(A::SaveSegment), segments::act::save)
        .post("/drafts/{id}/discard", May(A::SaveSegment), segments::act::discard)
        // Campaigns: five steps, approval, progress.
        .get("/campaigns", May(A::ReadReport), campaigns::list::show)
        .post("/campaigns", May(A::CreateCampaign), campaigns::list::begin)
        .get("/campaigns/calendar", May(A::ReadReport), campaigns::list::calendar)
        .get("/campaigns/{id}", May(A::ReadReport), campaigns::list::one)
        .get("/campaigns/{id}/purpose", May(A::PreviewCampaign), campaigns::purpose::show)
        .post("/campaigns/{id}/purpose", May(A::CreateCampaign), campaigns::purpose::save)
        .get("/campaigns/{id}/message", May(A::PreviewCampaign), campaigns::message::show)
        .post("/campaigns/{id}/message", May(A::CreateCampaign), campaigns::message::save)
        .get("/campaigns/{id}/preview", May(A::PreviewCampaign), campaigns::preview::show)
        .get("/campaigns/{id}/audience", May(A::PreviewCampaign), campaigns::audience::show)
        .post("/campaigns/{id}/audience", May(A::CreateCampaign), campaigns::audience::save)
        .get("/campaigns/{id}/schedule", May(A::PreviewCampaign), campaigns::schedule::show)
        .post("/campaigns/{id}/schedule", May(A::CreateCampaign), campaigns::schedule::save)
        .get("/campaigns/{id}/review", May(A::PreviewCampaign), campaigns::review::show)
        .post("/campaigns/{id}/test", May(A::SendTest), campaigns::review::test)
        .post("/campaigns/{id}/submit", May(A::CreateCampaign), campaigns::review::submit)
        .post("/campaigns/{id}/start", May(A::SendCampaign), campaigns::review::start)
        .post("/campaigns/{id}/copy", May(A::CreateCampaign), campaigns::list::copy)
        .get("/campaigns/{id}/progress", May(A::ReadReport), campaigns::progress::show)
        .post("/campaigns/{id}/pause", May(A::SendCampaign), campaigns::progress::pause)
        .post("/campaigns/{id}/continue", May(A::SendCampaign), campaigns::progress::go_on)
        .post("/campaigns/{id}/cancel", May(A::SendCampaign), campaigns::progress::cancel)
        .post("/campaigns/{id}/settle", May(A::SettleUnknown), campaigns::progress::settle)
        .get("/images", May(A::PreviewCampaign), images::show)
        .upload("/images", May(A::SaveTemplate), images::add)
        .get("/images/{id}", May(A::PreviewCampaign), images::picture)
        .post("/images/{id}/remove", May(A::SaveTemplate), images::remove)
        .get("/approvals", May(A::ApproveCampaign), campaigns::approvals::list)
        .get("/approvals/{id}", May(A::ApproveCampaign), campaigns::approvals::show)
        .post("/approvals/{id}/approve", May(A::ApproveCampaign), campaigns::approvals::approve)
        .post("/approvals/{id}/send-back", May(A::ApproveCampaign), campaigns::approvals::send_back)
}

/// Imports.
fn imports(routes: Routes) -> Routes {
    routes
        .get("/imports", May(A::ListImports), imports::list::show)
        .upload("/imports", May(A::Import), imports::receive::receive)
        .get("/imports/samples/{name}", May(A::ListImports), imports::samples::serve)
        .post("/imports/notices/{n}", May(A::AnswerImportNotice), imports::list::answer)
        .get("/imports/{id}/map", May(A::Import), imports::map::show)
        .post("/imports/{id}/map", May(A::Import), imports::map::choose)
        .post("/imports/{id}/discard", May(A::Import), imports::list::discard)
        .get("/imports/{id}/check", May(A::Import), imports::job::show_check)
        .get("/imports/{id}/run", May(A::Import), imports::job::show_run)
        .post("/imports/{id}/run", May(A::Import), imports::job::run)
        .get("/imports/{id}/report", May(A::ListImports), imports::report::show)
        .post("/imports/{id}/rejected", May(A::ReadRejected), imports::report::rejected)
}

/// Patients' records: open for a reason, for a while.
fn records(routes: Routes) -> Routes {
    routes
        .get("/patients", May(A::FindPatient), find::show)
        .post("/patients/find", May(A::FindPatient), find::find)
        .get("/patients/{patient}", May(A::ShowPatient), facts::show)
        .post("/patients/{patient}/open", May(A::ShowPatient), patients::open)
        .post("/patients/{patient}/close", May(A::ShowPatient), patients::close)
        .post("/patients/{patient}/sensitive", May(A::ShowPatient), facts::sensitive)
        .post("/patients/{patient}/why", May(A::ExplainMembership), segments::why::choose)
        .post("/patients/{patient}/fact", May(A::CorrectRecord), rights::ask_fact)
        .get("/patients/{patient}/consents", May(A::ShowConsent), patient_consents::show)
        .post("/patients/{patient}/consents", May(A::GrantConsent), patient_consents::record)
        .get("/patients/{patient}/evidence/{n}", May(A::ShowConsent), patient_consents::evidence)
        .get("/patients/{patient}/authorizations/new", May(A::SignAuthorization), forms::ask)
        .post("/patients/{patient}/authorizations", May(A::SignAuthorization), forms::sign)
        .get("/patients/{patient}/authorizations/{id}", May(A::ShowConsent), forms::show)
        .post("/patients/{patient}/authorizations/{id}/revoke", May(A::RevokeAuthorization), forms::revoke)
        .get("/patients/{patient}/messages", May(A::ShowPatient), messages::show)
        .get("/patients/{patient}/messages/{message}", May(A::ShowPatient), messages::show_one)
        .get("/patients/{patient}/messages/{message}/mail", May(A::ShowPatient), messages::mail)
        .get("/patients/{patient}/restrictions", May(A::ShowPatient), restrictions::show)
        .post("/patients/{patient}/restrictions", May(A::RestrictPatient), restrictions::restrict)
        .post("/patients/{patient}/address", May(A::SettleAddress), restrictions::address)
        .post("/patients/{patient}/suppression", May(A::LiftSuppression), restrictions::lift)
        .get("/patients/{patient}/rights", May(A::ShowPatient), rights::show)
        .post("/patients/{patient}/export", May(A::ExportRecord), rights::export)
        .post("/patients/{patient}/correct", May(A::CorrectRecord), rights::correct)
        .post("/patients/{patient}/erase", May(A::ErasePatient), rights::erase)
}

/// Consents over all patients, the log.
fn office(routes: Routes) -> Routes {
    routes
        // Consents, over all patients.
        .get("/consents", May(A::ReadTopics), consents::topics)
        .get("/consents/forms", May(A::ReadTopics), consents::forms)
        .post("/consents/forms", May(A::SaveConsentText), consents::save_form)
        .get("/consents/forms/{id}", May(A::ReadTopics), consents::form)
        .get("/consents/ledger", May(A::ReadTopics), consents::ledger)
        .get("/consents/authorizations", May(A::AnswerNotice), authorizations::show)
        // The log.
        .get("/audit", May(A::ReadAudit), entries::show)
        .get("/audit/{n}", May(A::ReadAudit), entries::show_one)
        .get("/audit/{n}/proof", May(A::ReadAudit), entries::prove)
        .get("/audit/verify", May(A::VerifyAudit), verify::show)
        .post("/audit/verify", May(A::VerifyAudit), verify::start)
        .get("/audit/checkpoints", May(A::VerifyAudit), verify::show_checkpoints)
        .post("/audit/checkpoints", May(A::VerifyAudit), verify::make_checkpoint)
}

/// Settings, and the rules.
fn settings(routes: Routes) -> Routes {
    routes
        .get("/settings", SignIn, settings::first)
        .get("/rules", SignIn, rules::show)
        .get("/settings/organization", May(A::ManageUsers), organization::show)
        .post("/settings/organization", May(A::ManageUsers), organization::save)
        .get("/settings/sending", May(A::SetRelay), sending::show)
        .post("/settings/sending", May(A::SetRelay), sending::save)
        .post("/settings/sending/dns", May(A::ManageKeys), sending::check)
        .get("/settings/vendors", May(A::ManageVendors), vendors::show)
        .post("/settings/vendors", May(A::ManageVendors), vendors::add)
        .get("/settings/vendors/{id}", May(A::ManageVendors), vendors::show_one)
        .post("/settings/vendors/{id}", May(A::ManageVendors), vendors::change)
        .post("/settings/vendors/{id}/end", May(A::ManageVendors), vendors::end)
        .get("/settings/keys", May(A::ManageKeys), keys::show)
        .post("/settings/keys/rotate", May(A::ManageKeys), keys::rotate)
        .post("/settings/keys/kit", May(A::ManageKeys), keys::issue)
        .post("/settings/keys/confirm", May(A::ManageKeys), keys::confirm)
        .get("/settings/catalog", May(A::CheckInstallation), catalog::show)
        .post("/settings/catalog/labels", May(A::ManageCatalog), catalog::set_label)
        .post("/settings/catalog/attributes", May(A::ManageCatalog), catalog::add)
        .get("/settings/people", May(A::ManageUsers), people::show)
        .post("/settings/people", May(A::ManageUsers), people::invite)
        .get("/settings/people/{id}", May(A::ManageUsers), people::show_one)
        .post("/settings/people/{id}/roles", May(A::ManageUsers), people::set_roles)
        .post("/settings/people/{id}/invitation", May(A::ManageUsers), people::invite_again)
        .post("/settings/people/{id}/disable", May(A::ManageUsers), people::disable)
        .get("/settings/tokens", May(A::ManageUsers), tokens::show)
        .post("/settings/tokens", May(A::ManageUsers), tokens::issue)
        .post("/settings/tokens/{id}/revoke", May(A::ManageUsers), tokens::revoke)
        .get("/settings/webhooks", May(A::ManageWebhooks), webhooks::show)
        .post("/settings/webhooks", May(A::ManageWebhooks), webhooks::add)
        .post("/settings/webhooks/{id}/remove", May(A::ManageWebhooks), webhooks::remove)
}

/// The patient's side: no login; looking changes nothing.
fn patients(site: &Site) -> Router<Site> {
    Router::new()
        // Whoever reads the mailbox, by a link in a mail.
        .route("/u/{token}", get(unsubscribe::ask).post(unsubscribe::stop))
        .route("/n/{token}", get(not_me::ask).post(not_me::stop))
        // By a link mailed on request, for a while.
        .route("/p/confirm/{token}", get(opt_in::ask).post(opt_in::confirm))
        .route("/p/choices/{token}", get(choices::show).post(choices::save))
        .route("/p/authorization/{token}", get(copy::ask).post(copy::answer))
        // Everybody.
        .route("/p/join", get(join::show).post(join::take))
        .route("/p/join/{topic}", get(join::show).post(join::take))
        .route("/p/choices", get(asked::ask).post(asked::send))
        .route(discreet_mail::TEST_PATH, get(trial::show))
        .route("/p", get(front::show))
        .route("/assets/{name}", get(assets::serve))
        .route("/healthz", get(plain::health))
        .route("/robots.txt", get(plain::robots))
        // The rest, and what every response carries.
        .fallback(plain::not_found)
        .method_not_allowed_fallback(plain::not_allowed)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(site.clone(), dress::dress))
}

/// The web side of an installation.
///
/// Nothing here logs requests: addresses contain tokens. Whoever serves the router must not either.
pub fn router(app: Arc<App>, clock: Arc<Clock>, options: Options) -> Router {
    whole(Site::new(app, clock, options))
}

/// The same for a demo, with its mailbox. Where the installation is none, the mailbox is left out.
pub fn demo_router(app: Arc<App>, clock: Arc<Clock>, options: Options, mailbox: Arc<dyn Mailbox>) -> Router {
    whole(Site::new(app, clock, options).with_mailbox(mailbox))
}

fn whole(site: Site) -> Router {
    let programs = crate::api::router(&site);
    patients(&site).merge(staff(&site).into_router(LARGEST_FORM)).merge(programs).with_state(site)
}

/// Every route of the staff's side, with what it takes.
pub fn staff_routes(app: Arc<App>, clock: Arc<Clock>, options: Options) -> Vec<Route> {
    staff(&Site::new(app, clock, options)).table
}

/// Every route of the API, with the action it takes leave for.
pub fn api_routes(app: Arc<App>, clock: Arc<Clock>, options: Options) -> Vec<crate::api::ApiRoute> {
    crate::api::table(&Site::new(app, clock, options)).table
}

/// The OpenAPI document, as it is served.
pub fn openapi(app: Arc<App>, clock: Arc<Clock>, options: Options) -> String {
    crate::api::table(&Site::new(app, clock, options)).openapi()
}
