//! A page as a response.

use crate::language::Language;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

/// A view, to be written into its template.
#[derive(Debug)]
pub(crate) struct Page<T>(pub(crate) Language, pub(crate) T);

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        let Page(language, view) = self;
        let Ok(html) = view.render() else {
            // Writing text into a string: only a broken view gets here, and no view of ours can break.
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        };
        let mut response = Html(html).into_response();
        response.headers_mut().insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        response
    }
}
