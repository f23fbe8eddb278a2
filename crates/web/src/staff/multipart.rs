//! Parts of a form that brings files.

use axum::extract::multipart::{Field, MultipartError};

/// Why a part was not read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unread {
    /// The request broke off, or is not what a form of ours sends.
    Broken,
    /// It has more bytes than it may.
    TooLarge,
}

impl From<MultipartError> for Unread {
    fn from(_: MultipartError) -> Unread {
        Unread::Broken
    }
}

/// A part's bytes, at most so many.
pub(crate) async fn bytes(mut field: Field<'_>, most: usize) -> Result<Vec<u8>, Unread> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await? {
        if bytes.len() + chunk.len() > most {
            return Err(Unread::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// A part that is a text.
pub(crate) async fn text(field: Field<'_>, most: usize) -> Result<String, Unread> {
    Ok(String::from_utf8_lossy(&bytes(field, most).await?).into_owned())
}
