//! Errors as RFC 9457 has them: `application/problem+json`. They say what to change; never what stood in a record.

use crate::error::Incident;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use discreet_access::{ActionName, NotAllowed};
use discreet_app::AppError;
use serde::Serialize;
use serde_json::to_vec;
use utoipa::ToSchema;

/// An error.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Problem {
    /// What kind of problem, as a stable word: the last part of it is what programs compare.
    #[serde(rename = "type")]
    #[schema(example = "/api#invalid")]
    kind: String,
    /// The same in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What is wrong here, and what helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// Where in the request: a JSON pointer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/items/0/birth_date")]
    pointer: Option<String>,
    /// The number under which the server’s log has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    incident: Option<String>,
}

/// The result of a handler.
pub(crate) type Result<T> = std::result::Result<T, Problem>;

impl Problem {
    pub(crate) fn new(status: StatusCode, kind: &str, title: &'static str) -> Problem {
        Problem {
            kind: format!("/api#{kind}"),
            title,
            status: status.as_u16(),
            detail: None,
            pointer: None,
            incident: None,
        }
    }
    pub(crate) fn saying(mut self, detail: impl Into<String>) -> Problem {
        self.detail = Some(detail.into());
        self
    }
    pub(crate) fn at(mut self, pointer: impl Into<String>) -> Problem {
        self.pointer = Some(pointer.into());
        self
    }
    pub(crate) fn invalid(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "Something in the request is not in order")
            .saying(detail)
    }
    pub(crate) fn missing(what: &str) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not-found", "There is no such thing")
            .saying(format!("no such {what}"))
    }
    pub(crate) fn unknown_token() -> Problem {
        Problem::new(StatusCode::UNAUTHORIZED, "token", "The token is missing, wrong, expired or revoked")
            .saying("send `Authorization: Bearer dsc_…`")
    }
    pub(crate) fn not_for(action: ActionName) -> Problem {
        let roles: Vec<&str> = action.roles().iter().map(|role| role.name()).collect();
        Problem::new(StatusCode::FORBIDDEN, "role", "The token’s holder has no role for this")
            .saying(format!("{} takes one of: {}", action.name(), roles.join(", ")))
    }
    pub(crate) fn broken(incident: &Incident) -> Problem {
        let title = "This does not work just now; try again later";
        let mut problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "broken", title);
        problem.incident = Some(incident.number().to_owned());
        problem
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Problem {
        if let Some(what) = error.gone() {
            let title = "It cannot be done as things stand";
            return Problem::new(StatusCode::CONFLICT, "conflict", title).saying(what);
        }
        match error {
            AppError::NotAllowed(NotAllowed::Role(action)) => Problem::not_for(action),
            AppError::NotAllowed(NotAllowed::Scope(action)) => {
                Problem::new(StatusCode::FORBIDDEN, "scope", "This token is not good for this")
                    .saying(action.name())
            }
            AppError::NotAllowed(NotAllowed::SecondPerson(_)) => {
                Problem::new(StatusCode::FORBIDDEN, "second-person", "Someone else must do this")
            }
            AppError::NotAllowed(NotAllowed::Unknown) => Problem::unknown_token(),
            AppError::NotFound(what) => Problem::missing(what),
            AppError::Conflict(_) | AppError::Stale => {
                Problem::new(StatusCode::CONFLICT, "conflict", "It cannot be done as things stand")
                    .saying(error.to_string())
            }
            AppError::Invalid(_)
            | AppError::Syntax(..)
            | AppError::Check(..)
            | AppError::Template(_)
            | AppError::WeakPassword(_)
            | AppError::WrongSecret
            | AppError::Wait(_) => Problem::invalid(error.to_string()),
            AppError::Store(_)
            | AppError::Vault(_)
            | AppError::Keyring(_)
            | AppError::Io(_)
            | AppError::Form(_) => Problem::broken(&Incident::of(&error)),
        }
    }
}

pub(crate) fn too_large() -> Problem {
    let most = format!("at most {} bytes: send less, or in parts", super::LARGEST_REQUEST);
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too large").saying(most)
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))];
        let mut response = (status, kind, to_vec(&self).unwrap_or_default()).into_response();
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response
    }
}
