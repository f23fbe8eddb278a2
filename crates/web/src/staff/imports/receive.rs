//! Files come in: read as they come, sealed as they come, never whole in memory and never in clear on the disk.

use super::list::page;
use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::form::{Form, TOKEN_FIELD};
use crate::staff::guard::capital;
use crate::staff::multipart::{Unread, text};
use crate::staff::page::{Again, GoTo};
use crate::staff::signed::Signed;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{FromRequest, Request, State};
use axum::http::header::CONTENT_LENGTH;
use axum::response::{IntoResponse, Response};
use discreet_access::Import;
use discreet_app::AppError;
use discreet_app::uploads::{LARGEST_UPLOAD, Receiving};
use discreet_domain::ImportId;

/// What a form adds to its files, at most: names, boundaries, the source.
const ROOM_FOR_FORM: u64 = 1 << 20;
/// Longest field that is no file.
const LONGEST_FORM_FIELD: usize = 1_000;

/// Why nothing was kept.
enum Stopped {
    /// To be said at the form: of which field, and what.
    Because(&'static str, String),
    Broken(StaffError),
}

impl From<Unread> for Stopped {
    fn from(unread: Unread) -> Stopped {
        match unread {
            Unread::Broken => broken(),
            Unread::TooLarge => Stopped::Broken(StaffError::TooLarge),
        }
    }
}

impl<E: Into<StaffError>> From<E> for Stopped {
    fn from(error: E) -> Stopped {
        Stopped::Broken(error.into())
    }
}

/// The request broke off, or is not what a form of ours sends.
fn broken() -> Stopped {
    Stopped::Because("files", "The files did not arrive whole. Send them again.".to_owned())
}

fn said(error: AppError) -> Stopped {
    match error {
        AppError::Invalid(text) | AppError::Conflict(text) => {
            Stopped::Because(if text.contains("source") { "source" } else { "files" }, capital(&text))
        }
        other => Stopped::Broken(other.into()),
    }
}

pub(crate) async fn receive(State(site): State<Site>, signed: Signed, request: Request) -> Result<Response> {
    let mut source = String::new();
    match take(&site, &signed, request, &mut source).await {
        Ok(id) => Ok(GoTo::page(format!("/imports/{id}/map")).into_response()),
        Err(Stopped::Broken(error)) => Err(error),
        Err(Stopped::Because(field, text)) => {
            let mut form = Form::default().with("source", source);
            form.wrong(field, text);
            Ok(Again(page(&site, &signed, form).await?).into_response())
        }
    }
}

async fn take(
    site: &Site,
    signed: &Signed,
    request: Request,
    source: &mut String,
) -> std::result::Result<ImportId, Stopped> {
    let by = signed.leave(site, Import).await?;
    let length = request.headers().get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > LARGEST_UPLOAD + ROOM_FOR_FORM) {
        let text = "These files have more than 2 GB together. Send them in parts, compress them, or run discreet import on the server.";
        return Err(Stopped::Because("files", text.to_owned()));
    }
    let no_form = |_| Stopped::Because("files", "Choose at least one file.".to_owned());
    let mut multipart = Multipart::from_request(request, site).await.map_err(no_form)?;
    let mut receiving = site.app.receive(&by, LARGEST_UPLOAD);
    let mut ours = false;
    while let Some(field) = multipart.next_field().await.map_err(|_| broken())? {
        match field.name().unwrap_or_default() {
            TOKEN_FIELD => ours = signed.secret().is_form_token(&text(field, LONGEST_FORM_FIELD).await?),
            "source" => *source = text(field, LONGEST_FORM_FIELD).await?,
            // The token comes first: nothing is taken in before it.
            "files" if ours => file(&mut receiving, field).await?,
            _ if !ours => return Err(StaffError::Form.into()),
            _ => {}
        }
    }
    if !ours {
        return Err(StaffError::Form.into());
    }
    site.app.received(receiving, source, site.now()).await.map_err(said)
}

async fn file(receiving: &mut Receiving, mut field: Field<'_>) -> std::result::Result<(), Stopped> {
    let name = field.file_name().unwrap_or_default().to_owned();
    if name.is_empty() {
        return Ok(()); // a form sent without choosing a file
    }
    receiving.begin(&name).await.map_err(said)?;
    while let Some(chunk) = field.chunk().await.map_err(|_| broken())? {
        receiving.more(&chunk).await.map_err(said)?;
    }
    Ok(())
}
