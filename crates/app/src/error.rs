//! What a verb can answer instead of doing what was asked. Texts are for people and carry no PHI.

use discreet_access::NotAllowed;
use discreet_segment::{CheckError, SyntaxError};
use discreet_store::StoreError;
use discreet_vault::{KeyringError, Refused};

/// Why a verb did not do what was asked. Nothing is half-done then.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The caller may not.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// There is no such thing.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Something asked for is not in order.
    #[error("{0}")]
    Invalid(String),
    /// It cannot be done as things stand.
    #[error("{0}")]
    Conflict(String),
    /// A segment's text cannot be read.
    #[error("{}", .0.render(.1))]
    Syntax(Box<SyntaxError>, String),
    /// A segment's text can be read but does not hold together.
    #[error("{}", render_all(.0, .1))]
    Check(Vec<CheckError>, String),
    /// A template has findings that block it.
    #[error("the template cannot be used:\n{}", findings(.0))]
    Template(Vec<discreet_mail::Finding>),
    /// A password that may not be set.
    #[error(transparent)]
    WeakPassword(#[from] discreet_access::WeakPassword),
    /// What was shown to sign in is not right. Says no more on purpose.
    #[error("that is not right")]
    WrongSecret,
    /// Too many tries: wait so many seconds.
    #[error("too many tries: wait {0} seconds")]
    Wait(i64),
    /// A draft changed in another window meanwhile.
    #[error("this draft changed in another window")]
    Stale,
    /// The database.
    #[error(transparent)]
    Store(StoreError),
    /// The vault.
    #[error(transparent)]
    Vault(#[from] Refused),
    /// The keyring.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The file system.
    #[error("the file system failed: {0}")]
    Io(#[from] std::io::Error),
    /// Sealed data does not have the form it was written in.
    #[error("sealed data has a form this version cannot read: {0}")]
    Form(&'static str),
}

impl From<StoreError> for AppError {
    /// What is no more as it was asked about is no failure of the database's.
    fn from(error: StoreError) -> AppError {
        match error {
            StoreError::Gone(what) => AppError::Conflict(what.to_owned()),
            other => AppError::Store(other),
        }
    }
}

pub(crate) type Result<T> = std::result::Result<T, AppError>;

fn render_all(errors: &[CheckError], text: &str) -> String {
    errors.iter().map(|e| e.render(text)).collect::<Vec<_>>().join("\n")
}

fn findings(findings: &[discreet_mail::Finding]) -> String {
    findings.iter().map(|f| format!("- {}: {}", f.place.name(), f.message)).collect::<Vec<_>>().join("\n")
}

impl AppError {
    /// What the program's log is told of it: a code always, its text only where the text is about machinery.
    pub fn for_log(&self) -> (&'static str, String) {
        let machinery = |code| (code, self.to_string());
        match self {
            AppError::Store(_) => machinery("store"),
            AppError::Vault(_) => machinery("vault"),
            AppError::Keyring(_) => machinery("keyring"),
            AppError::Io(_) => machinery("io"),
            AppError::Form(_) => machinery("form"),
            AppError::NotAllowed(_) => ("not_allowed", String::new()),
            AppError::NotFound(_) => ("not_found", String::new()),
            AppError::Invalid(_) => ("invalid", String::new()),
            AppError::Conflict(_) => ("conflict", String::new()),
            AppError::Syntax(..) => ("syntax", String::new()),
            AppError::Check(..) => ("check", String::new()),
            AppError::Template(_) => ("template", String::new()),
            AppError::WeakPassword(_) | AppError::WrongSecret | AppError::Wait(_) => {
                ("sign_in", String::new())
            }
            AppError::Stale => ("stale", String::new()),
        }
    }
    /// What is not there, or not any more in the state it was to be changed in, if that is all that is wrong.
    pub const fn gone(&self) -> Option<&'static str> {
        match self {
            AppError::Store(StoreError::Gone(what)) => Some(what),
            _ => None,
        }
    }
    /// Something asked for is not in order.
    pub(crate) fn invalid(what: impl Into<String>) -> AppError {
        AppError::Invalid(what.into())
    }
    /// It cannot be done as things stand.
    pub(crate) fn conflict(what: impl Into<String>) -> AppError {
        AppError::Conflict(what.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_typed_is_not_logged() {
        let (code, cause) = AppError::Invalid("Zz-Canary".to_owned()).for_log();
        assert_eq!((code, cause.as_str()), ("invalid", ""));
        let (code, cause) = AppError::Io(std::io::Error::other("disk full")).for_log();
        assert_eq!((code, cause.as_str()), ("io", "the file system failed: disk full"));
    }
}
