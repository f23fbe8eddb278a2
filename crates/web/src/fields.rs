//! The fields of a posted form, in either of the two encodings RFC 8058 has mail programs use.
//!
//! Reading never fails over what the body says: whoever posts to a link has asked already, and an opt-out is not lost
//! over its spelling. Only a body over the limit, or one that breaks off, is refused.

use crate::error::PageError;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;

/// Names and values, as sent.
#[derive(Default, PartialEq, Eq, Debug)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Whether a field has this value. Letters' case is the sender's taste.
    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.0.iter().any(|(n, v)| n.eq_ignore_ascii_case(name) && v.trim().eq_ignore_ascii_case(value))
    }
    /// The first field of this name; empty if there is none.
    pub(crate) fn first(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str())
    }
    /// All fields of this name, in order.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }
    /// Reads a body; one that is no form has no fields.
    fn read(content_type: &str, body: &[u8]) -> Fields {
        let (kind, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
        match kind.trim().to_ascii_lowercase().as_str() {
            "multipart/form-data" => {
                parameter(parameters, "boundary").map_or_else(Fields::default, |b| multipart(&b, body))
            }
            // Also what comes without a type: mail programs forget it.
            "application/x-www-form-urlencoded" | "" => {
                Fields(form_urlencoded::parse(body).into_owned().collect())
            }
            _ => Fields::default(),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Fields, PageError> {
        let content_type =
            request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
        match Bytes::from_request(request, state).await {
            Ok(body) => Ok(Fields::read(&content_type, &body)),
            Err(BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_))) => {
                Err(PageError::TooLarge)
            }
            Err(_) => Err(PageError::Interrupted),
        }
    }
}

/// RFC 7578, as far as text fields go.
fn multipart(boundary: &str, body: &[u8]) -> Fields {
    let text = String::from_utf8_lossy(body);
    let delimiter = format!("--{boundary}");
    // Before the first delimiter is the preamble; after the last stands `--`, which has no head.
    Fields(text.split(delimiter.as_str()).skip(1).filter_map(part).collect())
}

fn part(text: &str) -> Option<(String, String)> {
    let (head, value) = text.split_once("\r\n\r\n").or_else(|| text.split_once("\n\n"))?;
    let name = head.lines().find_map(|line| {
        let (key, disposition) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case("content-disposition").then(|| parameter(disposition, "name"))?
    })?;
    let value = value.strip_suffix("\r\n").or_else(|| value.strip_suffix('\n')).unwrap_or(value);
    Some((name, value.to_owned()))
}

/// A parameter of a header's value: `form-data; name="all"`.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').find_map(|pair| {
        let (key, text) = pair.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| text.trim().trim_matches('"').to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MULTIPART: &str = "multipart/form-data; boundary=\"b:1\"";

    fn fields(content_type: &str, body: &str) -> Vec<(String, String)> {
        Fields::read(content_type, body.as_bytes()).0
    }
    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn both_encodings() {
        let one_click = vec![pair("List-Unsubscribe", "One-Click")];
        assert_eq!(fields("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"), one_click);
        assert_eq!(
            fields("Application/X-WWW-Form-URLencoded; charset=utf-8", "List%2DUnsubscribe=One-Click"),
            one_click
        );
        assert_eq!(fields("", "List-Unsubscribe=One-Click"), one_click);
        let body = "--b:1\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b:1--\r\n";
        assert_eq!(fields(MULTIPART, body), one_click);
    }

    #[test]
    fn several_parts_and_sloppy_ones() {
        let body = "preamble\n--b:1\ncontent-type: text/plain\ncontent-disposition: form-data; name=all\n\n1\n--b:1\n\
                    Content-Disposition: form-data; name=\"from\"\n\npage\n--b:1--";
        assert_eq!(fields(MULTIPART, body), [pair("all", "1"), pair("from", "page")]);
    }

    #[test]
    fn what_is_no_form_has_no_fields() {
        for (kind, body) in [
            ("application/json", "{\"all\":1}"),
            ("multipart/form-data", "--b\r\n\r\n"),
            (MULTIPART, ""),
            (MULTIPART, "--b:1"),
            (MULTIPART, "--b:1\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b:1--"),
            ("application/x-www-form-urlencoded", ""),
        ] {
            assert_eq!(fields(kind, body), [], "{kind} {body}");
        }
        assert!(!fields("", "\u{0}%ff%zz=&&").is_empty(), "odd, but read");
    }

    #[test]
    fn letters_case_and_spaces_do_not_matter() {
        let fields = Fields(vec![pair("list-unsubscribe", " one-click ")]);
        assert!(fields.has("List-Unsubscribe", "One-Click"));
        assert!(!fields.has("all", "1"));
    }
}
