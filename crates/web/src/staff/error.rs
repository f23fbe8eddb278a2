//! What a staff handler answers instead of a page. `guard` writes the page to it, in the frame of whoever asked.

use crate::error::{Incident, PageError};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use discreet_access::{ActionName, NotAllowed};
use discreet_app::AppError;

/// Why there is no page.
#[derive(Clone, Debug)]
pub(crate) enum StaffError {
    /// There is no such thing.
    Missing(&'static str),
    /// Their role may not, and which could.
    Role(ActionName),
    /// A second person must.
    SecondPerson,
    /// It cannot be done as things stand, or something asked for is not in order. What, and what helps.
    Refused(String),
    /// The form is not one of ours, or is from another session.
    Form,
    /// The form lacks something our own forms have.
    Malformed,
    /// Another window was quicker.
    Stale,
    /// Too much was sent.
    TooLarge,
    /// It is our fault.
    Broken(Incident),
}

/// The result of a handler.
pub(crate) type Result<T> = std::result::Result<T, StaffError>;

impl StaffError {
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            StaffError::Missing(_) => StatusCode::NOT_FOUND,
            StaffError::Role(_) | StaffError::SecondPerson | StaffError::Form => StatusCode::FORBIDDEN,
            StaffError::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            StaffError::Malformed => StatusCode::BAD_REQUEST,
            StaffError::Stale => StatusCode::CONFLICT,
            StaffError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            StaffError::Broken(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl From<AppError> for StaffError {
    fn from(error: AppError) -> StaffError {
        match error {
            AppError::NotAllowed(NotAllowed::Role(action) | NotAllowed::Scope(action)) => {
                StaffError::Role(action)
            }
            AppError::NotAllowed(NotAllowed::SecondPerson(_)) => StaffError::SecondPerson,
            AppError::NotFound(what) => StaffError::Missing(what),
            AppError::Stale => StaffError::Stale,
            AppError::Invalid(_)
            | AppError::Conflict(_)
            | AppError::Syntax(..)
            | AppError::Check(..)
            | AppError::Template(_)
            | AppError::WeakPassword(_)
            | AppError::WrongSecret
            | AppError::Wait(_) => StaffError::Refused(error.to_string()),
            AppError::NotAllowed(NotAllowed::Unknown)
            | AppError::Store(_)
            | AppError::Vault(_)
            | AppError::Keyring(_)
            | AppError::Io(_)
            | AppError::Form(_) => StaffError::Broken(Incident::of(&error)),
        }
    }
}

impl From<PageError> for StaffError {
    fn from(error: PageError) -> StaffError {
        match error {
            PageError::NotFound | PageError::OldLink => StaffError::Missing("page"),
            PageError::TooLarge => StaffError::TooLarge,
            PageError::Interrupted => StaffError::Form,
            PageError::Broken(incident) => StaffError::Broken(incident),
        }
    }
}

impl IntoResponse for StaffError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
