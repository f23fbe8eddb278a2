//! What a handler answers instead of a page. The client hears a sentence; the log hears the cause; an incident's number
//! is in both.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use discreet_app::AppError;
use uuid::Uuid;

/// Why there is no page. It answers with a status alone: `dress` writes the page to it.
#[derive(Debug)]
pub(crate) enum PageError {
    /// There is nothing at this address, and the answer does not tell whether there ever was.
    NotFound,
    /// A link that was good for a while, or there never was one: the answer does not tell.
    OldLink,
    /// The body is over the limit.
    TooLarge,
    /// The body did not arrive.
    Interrupted,
    /// It is our fault.
    Broken(Incident),
}

/// Seconds after which to try again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("60");

impl From<AppError> for PageError {
    fn from(error: AppError) -> PageError {
        match error {
            // The mailbox is somebody else's by now, or the record was merged or erased.
            AppError::NotFound("link") => PageError::OldLink,
            other => PageError::Broken(Incident::of(&other)),
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            PageError::NotFound => StatusCode::NOT_FOUND.into_response(),
            PageError::OldLink => StatusCode::GONE.into_response(),
            PageError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
            PageError::Interrupted => StatusCode::BAD_REQUEST.into_response(),
            PageError::Broken(incident) => {
                let mut response = StatusCode::SERVICE_UNAVAILABLE.into_response();
                response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
                response.extensions_mut().insert(incident);
                response
            }
        }
    }
}

/// The number by which somebody on the telephone and somebody at the log can speak of one failure. Random.
#[derive(Clone, Debug)]
pub(crate) struct Incident(String);

impl Incident {
    /// Logs the failure of a verb.
    pub(crate) fn of(error: &AppError) -> Incident {
        let incident = Incident::fresh();
        let (code, cause) = error.for_log();
        tracing::error!(incident.id = %incident.0, error.code = code, error.cause = %cause, "a page could not be served");
        incident
    }
    /// Logs that a verb panicked. What it panicked with is not ours to repeat.
    pub(crate) fn of_panic() -> Incident {
        let incident = Incident::fresh();
        tracing::error!(incident.id = %incident.0, error.code = "panic", "a page could not be served");
        incident
    }
    /// Two groups of four digits, to be read aloud.
    fn fresh() -> Incident {
        let (random, _) = Uuid::new_v4().as_u64_pair();
        Incident(format!("{:04}-{:04}", random % 10_000, random / 10_000 % 10_000))
    }
    pub(crate) fn number(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_can_be_read_aloud_and_differ() {
        let (a, b) = (Incident::fresh(), Incident::fresh());
        assert_ne!(a.number(), b.number());
        assert_eq!(a.number().len(), 9);
        assert!(a.number().chars().all(|c| c.is_ascii_digit() || c == '-'));
    }
}
