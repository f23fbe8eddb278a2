//! All URLs on one screen.

use crate::patient::{front, not_me, unsubscribe};
use crate::site::{Options, Site};
use crate::{assets, dress, plain};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use discreet_app::{App, Clock};
use std::sync::Arc;

/// Longest request body that is read, in bytes. What a form of ours or a mail program sends has under 200.
pub const LARGEST_BODY: usize = 16 * 1024;

/// The web side of an installation.
///
/// Nothing here logs requests: addresses contain tokens. Whoever serves the router must not either.
pub fn router(app: Arc<App>, clock: Arc<Clock>, options: Options) -> Router {
    let site = Site::new(app, clock, options);
    Router::new()
        // Whoever reads the mailbox, by a link in a mail: no login; looking changes nothing.
        .route("/u/{token}", get(unsubscribe::ask).post(unsubscribe::stop))
        .route("/n/{token}", get(not_me::ask).post(not_me::stop))
        // Everybody.
        .route("/", get(front::show))
        .route("/assets/{name}", get(assets::serve))
        .route("/healthz", get(plain::health))
        .route("/robots.txt", get(plain::robots))
        // The rest, and what every response carries.
        .fallback(plain::not_found)
        .method_not_allowed_fallback(plain::not_allowed)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(site.clone(), dress::dress))
        .with_state(site)
}
