//! The API for programs: `/api/v1`. A token identifies whose leave is asked for; nothing else does: no cookie, no session.
//!
//! A route is one line in [`table`]: method, path, what it takes, what it says of itself, handler. The router is made of
//! that, and so are the guard and the OpenAPI document: none can know of a route the others do not. Handlers take leave and
//! call one verb of `app`, as pages do.

mod body;
mod document;
mod guard;
mod page;
mod people;
mod problem;
mod reading;
mod records;
mod routes;
mod sending;
mod webhooks;

use crate::site::Site;
use axum::Router;
use discreet_access::ActionName as A;
use routes::ApiRoutes;

pub use routes::ApiRoute;

/// Longest body of a request, in bytes: a full batch.
pub const LARGEST_REQUEST: usize = 4 << 20;

/// Every route of the API.
pub(crate) fn table(site: &Site) -> ApiRoutes {
    sending(people(ApiRoutes::new(site.clone())))
}

/// Patients, and what is known of them.
fn people(routes: ApiRoutes) -> ApiRoutes {
    routes
        // In: batches, through the same door as imports.
        .post("/patients", A::Import, "Create or update patients, up to 1,000 at a time", records::patients)
        .post("/facts", A::Import, "Create or update coded facts: conditions, medications …", records::facts)
        .post(
            "/events",
            A::Import,
            "Create or update events: appointments, results, page views …",
            records::events,
        )
        .post("/consents", A::Import, "Add opt-ins and opt-outs a source knows of", records::consents)
        // Patients, by id.
        .post(
            "/patients/find",
            A::FindPatient,
            "Find patients by record number, email, or name and birth date",
            people::find,
        )
        .get(
            "/patients/{id}/consents",
            A::ShowConsent,
            "A patient’s consents and authorizations",
            people::consents,
        )
        .post(
            "/patients/{id}/withdraw",
            A::WithdrawConsent,
            "Record that a patient opted out",
            people::withdraw,
        )
}

/// Segments, campaigns, messages, and who is told.
fn sending(routes: ApiRoutes) -> ApiRoutes {
    routes
        // Segments.
        .get_paged("/segments", A::ListSegments, "The saved segments", reading::segments)
        .post(
            "/segments/check",
            A::CheckSegment,
            "Read a segment: canonical text, meaning, label",
            reading::check,
        )
        .post(
            "/segments/count",
            A::CountSegment,
            "Count a segment, and whom optional mail could reach",
            reading::count,
        )
        .post("/segments", A::SaveSegment, "Save a segment’s new version", reading::save)
        // Campaigns and their messages.
        .get_paged("/campaigns", A::ReadReport, "All campaigns", reading::campaigns)
        .get("/campaigns/{id}/report", A::ReadReport, "What came of a campaign so far", reading::report)
        .post_empty("/campaigns/{id}/start", A::SendCampaign, "Start an approved campaign", sending::start)
        .post_empty("/campaigns/{id}/cancel", A::SendCampaign, "Call a running campaign off", sending::cancel)
        .get(
            "/campaigns/{id}/unknown",
            A::SettleUnknown,
            "Messages of which nobody knows whether they arrived",
            sending::unknown,
        )
        .post(
            "/messages/{id}/outcome",
            A::SettleUnknown,
            "Say what became of such a message",
            sending::settle,
        )
        // The red button.
        .post_empty("/sending/stop", A::StopSending, "Stop all sending at once", sending::stop)
        .post_empty("/sending/resume", A::ResumeSending, "Let sending go on", sending::resume)
        // Out: ids only, signed.
        .get("/webhooks", A::ManageWebhooks, "Who is told what happens", webhooks::list)
        .post("/webhooks", A::ManageWebhooks, "Tell an address what happens from now on", webhooks::add)
        .delete("/webhooks/{id}", A::ManageWebhooks, "Tell it nothing any more", webhooks::remove)
}

/// The API, its document, and a page to read it.
pub(crate) fn router(site: &Site) -> Router<Site> {
    table(site).into_router()
}
