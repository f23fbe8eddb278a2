//! JSON in and out. What is not in order is named by its place in the request.

use super::problem::Problem;
use crate::site::Site;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

/// A body read as `T`.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Site> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, site: &Site) -> Result<Json<T>, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        if kind.split(';').next().map(str::trim) != Some("application/json") {
            let problem =
                Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "The body is not JSON");
            return Err(problem.saying("send `Content-Type: application/json`"));
        }
        let body = Bytes::from_request(request, site).await.map_err(|_| super::problem::too_large())?;
        read(&body).map(Json)
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut from = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut from).map_err(|error| {
        let pointer: String = error.path().iter().map(segment).collect();
        Problem::invalid(expected(&error.inner().to_string())).at(pointer)
    })?;
    from.end().map_err(|error| Problem::invalid(error.to_string()))?;
    Ok(value)
}

/// What was expected, without what stood there: that may be about a patient. The reader's own words quote it before
/// the last `expected`.
fn expected(text: &str) -> String {
    if text.starts_with("missing field") {
        return text.to_owned();
    }
    match text.rsplit_once("expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None => "this is not in order".to_owned(),
    }
}

fn segment(segment: &Segment) -> String {
    match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { variant } => format!("/{variant}"),
        Segment::Unknown => String::new(),
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

/// The `{id}` of a path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Id<T>(pub(crate) T);

impl<T: std::str::FromStr + Send> FromRequestParts<Site> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Id<T>, Problem> {
        let Path(text) =
            Path::<String>::from_request_parts(parts, site).await.map_err(|_| Problem::missing("id"))?;
        text.parse().map(Id).map_err(|_| Problem::missing("id"))
    }
}

/// Which page of a list: `?after=…&limit=…`.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    after: Option<String>,
    limit: usize,
}

/// Items of a page unless another number is asked for, and at most.
pub(crate) const DEFAULT_PAGE: usize = 100;
/// Most items of a page.
pub(crate) const LARGEST_PAGE: usize = 1_000;

impl FromRequestParts<Site> for Page {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Page, Problem> {
        let mut page = Page { after: None, limit: DEFAULT_PAGE };
        for (name, value) in form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
            match name.as_ref() {
                "after" => page.after = Some(value.into_owned()),
                "limit" => {
                    let limit = value.parse().ok().filter(|n| (1..=LARGEST_PAGE).contains(n));
                    page.limit =
                        limit.ok_or_else(|| Problem::invalid(format!("`limit` is 1 to {LARGEST_PAGE}")))?;
                }
                other => return Err(Problem::invalid(format!("there is no parameter `{other}`"))),
            }
        }
        Ok(page)
    }
}

impl Page {
    /// The items of this page, and the cursor to the next: the id of the last one.
    pub(crate) fn of<T>(
        &self,
        all: Vec<T>,
        id: impl Fn(&T) -> String,
    ) -> Result<(Vec<T>, Option<String>), Problem> {
        let from = match &self.after {
            None => 0,
            Some(after) => match all.iter().position(|item| id(item) == *after) {
                Some(at) => at + 1,
                None => return Err(Problem::invalid("`after` is not a cursor of this list")),
            },
        };
        let more = all.len() > from + self.limit;
        let items: Vec<T> = all.into_iter().skip(from).take(self.limit).collect();
        let next = items.last().filter(|_| more).map(id);
        Ok((items, next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stood_there_is_not_repeated() {
        #[derive(serde::Deserialize, Debug)]
        #[serde(deny_unknown_fields)]
        struct Item {
            #[serde(rename = "mrn")]
            _mrn: String,
        }
        for (body, told) in [
            (r#"{"mrn": 12345678}"#, "expected a string"),
            (r#"{"mnr": "12345678"}"#, "expected `mrn`"),
            (r#""12345678, expected nothing""#, "expected struct Item"),
            (r#"{"mrn": "12345678""#, "this is not in order"),
            ("{}", "missing field `mrn`"),
        ] {
            let said = format!("{:?}", read::<Item>(body.as_bytes()).unwrap_err());
            assert!(said.contains(told) && !said.contains("12345678"), "{body}: {said}");
        }
    }
    #[test]
    fn pages_end_and_go_on() {
        let all = vec![1, 2, 3, 4, 5];
        let page = |after: Option<&str>, limit| {
            Page { after: after.map(str::to_owned), limit }.of(all.clone(), i32::to_string)
        };
        assert_eq!(page(None, 2).unwrap(), (vec![1, 2], Some("2".to_owned())));
        assert_eq!(page(Some("2"), 3).unwrap(), (vec![3, 4, 5], None));
        assert_eq!(page(Some("5"), 3).unwrap(), (vec![], None));
        assert!(page(Some("9"), 3).is_err());
    }
}
