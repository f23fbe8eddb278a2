//! What is no page: a sign of life, a word to robots, and "no".

use crate::error::PageError;
use axum::http::StatusCode;

/// The process answers. It says nothing of the database: restarting us would not mend that.
pub(crate) async fn health() -> &'static str {
    "ok"
}

/// Nothing here is for search engines.
pub(crate) async fn robots() -> &'static str {
    "User-agent: *\nDisallow: /\n"
}

pub(crate) async fn not_found() -> PageError {
    PageError::NotFound
}

/// axum adds which methods are allowed, after `dress` has given it a page.
pub(crate) async fn not_allowed() -> StatusCode {
    StatusCode::METHOD_NOT_ALLOWED
}
