//! What every response carries, whatever the handler: headers that keep the page to itself, and for errors one and the
//! same page.

use crate::error::Incident;
use crate::language::{Language, of_request};
use crate::page::{FormAgain, Page};
use crate::patient::problem::{Problem, Trouble};
use crate::site::Site;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Nothing but our own style; forms to us alone; in nobody's frame.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
/// Two years: what browsers' own lists ask for.
const ALWAYS_HTTPS: HeaderValue = HeaderValue::from_static("max-age=63072000");

const ALWAYS: [(HeaderName, HeaderValue); 7] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    // The address of a page is a secret of its reader's.
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (header::VARY, HeaderValue::from_static("accept-language")),
];

pub(crate) async fn dress(State(site): State<Site>, request: Request, next: Next) -> Response {
    let language = of_request(request.headers(), request.uri());
    let posted = request.method() == Method::POST;
    let mut response = next.run(request).await;
    let again = response.extensions().get::<FormAgain>().is_some();
    if !again && (response.status().is_client_error() || response.status().is_server_error()) {
        response = explained(&site, language, posted, response);
    }
    put_on(response.headers_mut(), site.options.https);
    response
}

/// The same answer with a page to it.
fn explained(site: &Site, language: Language, posted: bool, bare: Response) -> Response {
    let (parts, _) = bare.into_parts();
    let trouble = match parts.status {
        StatusCode::NOT_FOUND => Trouble::Missing,
        StatusCode::GONE => Trouble::OldLink,
        status if status.is_client_error() => Trouble::Improper,
        _ if posted => Trouble::Unsaved,
        _ => Trouble::Unshown,
    };
    let incident = parts.extensions.get::<Incident>().map(|incident| incident.number().to_owned());
    let view = Problem { frame: site.frame(language), trouble, incident };
    let mut response = Page(language, view).into_response();
    *response.status_mut() = parts.status;
    if let Some(seconds) = parts.headers.get(header::RETRY_AFTER) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.clone());
    }
    response
}

fn put_on(headers: &mut HeaderMap, https: bool) {
    headers.extend(ALWAYS);
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, ALWAYS_HTTPS);
    }
}
