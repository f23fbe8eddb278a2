//! A staff page or fragment as a response.

use crate::staff::error::StaffError;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

/// A view, to be written into its template.
#[derive(Debug)]
pub(crate) struct Page<T>(pub(crate) T);

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(html) => Html(html).into_response(),
            Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        }
    }
}

/// A form that is shown again, with what is wrong (422).
#[derive(Debug)]
pub(crate) struct Again<T>(pub(crate) T);

impl<T: Template> IntoResponse for Again<T> {
    fn into_response(self) -> Response {
        (StatusCode::UNPROCESSABLE_ENTITY, Page(self.0)).into_response()
    }
}

/// A page that is shown again, since somebody saved what it is about in between (409).
#[derive(Debug)]
pub(crate) struct Late<T>(pub(crate) T);

impl<T: Template> IntoResponse for Late<T> {
    fn into_response(self) -> Response {
        (StatusCode::CONFLICT, Page(self.0)).into_response()
    }
}

/// Goes on to another page of ours: 303, or for htmx its own header, since a script cannot see where a redirect leads.
#[derive(Debug)]
pub(crate) struct GoTo(String);

impl GoTo {
    pub(crate) fn page(path: impl Into<String>) -> GoTo {
        GoTo(path.into())
    }
    /// The path somebody wanted to see before signing in, if it is one of ours: nothing that could be another host.
    pub(crate) fn wanted(next: &str) -> GoTo {
        GoTo(local(next).unwrap_or("/").to_owned())
    }
}

/// A path on this host: one slash, then no other slash or backslash, and nothing a header must not hold.
pub(crate) fn local(next: &str) -> Option<&str> {
    let path = next.strip_prefix('/')?;
    let foreign =
        path.starts_with(['/', '\\']) || next.bytes().any(|b| !(0x21..=0x7e).contains(&b) || b == b'\\');
    (!foreign).then_some(next)
}

impl IntoResponse for GoTo {
    fn into_response(self) -> Response {
        let Ok(to) = HeaderValue::from_str(&self.0) else {
            return StaffError::Missing("page").into_response();
        };
        (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_paths_are_gone_to() {
        for ours in ["/", "/segments/x?page=2", "/a//b"] {
            assert_eq!(local(ours), Some(ours));
        }
        for foreign in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "evil",
            "/\t/evil.example",
            "/a\r\nb: c",
            "/a\\b",
            "javascript:alert(1)",
            "/ü",
        ] {
            assert_eq!(local(foreign), None, "{foreign}");
        }
    }
}
