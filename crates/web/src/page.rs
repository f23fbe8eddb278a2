//! A page as a response.

use crate::language::Language;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

/// A view, to be written into its template.
#[derive(Debug)]
pub(crate) struct Page<T>(pub(crate) Language, pub(crate) T);

/// Marks an answer that is a form to be filled in again: it has its page already.
#[derive(Clone, Copy)]
pub(crate) struct FormAgain;

/// A form with what is wrong with it.
#[derive(Debug)]
pub(crate) struct Again<T>(pub(crate) Page<T>);

impl<T: Template> IntoResponse for Again<T> {
    fn into_response(self) -> Response {
        let mut response = self.0.into_response();
        if response.status().is_success() {
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            response.extensions_mut().insert(FormAgain);
        }
        response
    }
}

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
