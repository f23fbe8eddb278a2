//! `/images`: the library of images that mail shows.

use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::form::{Form, Posted, TOKEN_FIELD};
use crate::staff::frame::{Frame, Section};
use crate::staff::guard::capital;
use crate::staff::imports::words::size;
use crate::staff::multipart::{Unread, bytes, text};
use crate::staff::page::{Again, GoTo, Page};
use crate::staff::parts;
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest, Path, Query, Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use discreet_access::{ActionName, PreviewCampaign, SaveTemplate};
use discreet_app::AppError;
use discreet_app::images::{LARGEST_FILE, LibraryImage, MOST_IMAGES};
use discreet_domain::ImageId;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Longest field that is no file, in bytes.
const LONGEST_FIELD: usize = 2_000;
/// A picture opened by itself is a picture, whatever its bytes might say.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'");

/// The library.
#[derive(Template, Debug)]
#[template(path = "staff/images.html")]
pub(crate) struct Library {
    frame: Frame,
    form: Form,
    images: Vec<LibraryImage>,
    uses: BTreeMap<ImageId, Vec<String>>,
    may_change: bool,
    /// The draft somebody came from, to go back to.
    draft: Option<Uuid>,
}

impl Library {
    fn size(&self, image: &LibraryImage) -> String {
        format!("{} × {}, {}", image.width, image.height, size(image.bytes.try_into().unwrap_or(u64::MAX)))
    }
    fn uses(&self, image: &LibraryImage) -> String {
        let name = |name: &String| if name.is_empty() { "New campaign".to_owned() } else { name.clone() };
        let names = self.uses.get(&image.id).into_iter().flatten().map(name);
        names.collect::<Vec<_>>().join(", ")
    }
    fn most_bytes(&self) -> u64 {
        LARGEST_FILE.try_into().unwrap_or(u64::MAX)
    }
}

async fn page(site: &Site, signed: &Signed, form: Form) -> Result<Library> {
    let by = signed.leave(site, PreviewCampaign).await?;
    Ok(Library {
        frame: Frame::of(site, signed, Section::Campaigns).await?,
        images: site.app.images(&by).await?,
        uses: site.app.image_uses(&by).await?,
        may_change: signed.can(ActionName::SaveTemplate),
        draft: form.value("draft").parse().ok(),
        form,
    })
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Page<Library>> {
    let draft = query.get("draft").map_or("", String::as_str);
    Ok(Page(page(&site, &signed, Form::default().with("draft", draft)).await?))
}

/// The picture itself.
pub(crate) async fn picture(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let by = signed.leave(&site, PreviewCampaign).await?;
    let image = site.app.image(&by, ImageId::from_uuid(id)).await?;
    let kind = HeaderValue::from_static(image.kind().media_type());
    Ok(([(CONTENT_TYPE, kind), (CONTENT_SECURITY_POLICY, POLICY)], image.bytes().to_vec()).into_response())
}

/// What a form brings.
#[derive(Default)]
struct Upload {
    form: Form,
    file: Vec<u8>,
}

pub(crate) async fn add(State(site): State<Site>, signed: Signed, request: Request) -> Result<Response> {
    let by = signed.leave(&site, SaveTemplate).await?;
    let Upload { mut form, file } = read(&site, &signed, request).await?;
    form.need("name", "Give the image a name");
    if file.is_empty() && form.is_fine() {
        form.wrong("file", "Choose a picture");
    }
    if form.is_fine() {
        let words = (form.value("name"), form.value("alt"));
        match site.app.add_image(by, words, file, site.now()).await {
            Ok(_) => return Ok(back(form.value("draft").parse().ok()).into_response()),
            Err(AppError::Invalid(text) | AppError::Conflict(text)) => {
                let field = match text.as_str() {
                    text if text.starts_with("a name") => "name",
                    text if text.starts_with("what it shows") => "alt",
                    _ => "file",
                };
                form.wrong(field, capital(&text));
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok(Again(page(&site, &signed, form).await?).into_response())
}

/// Reads the form. Nothing is taken in before its token, which comes first.
async fn read(site: &Site, signed: &Signed, request: Request) -> Result<Upload> {
    let mut multipart = Multipart::from_request(request, site).await.map_err(|_| StaffError::Malformed)?;
    let (mut upload, mut ours) = (Upload::default(), false);
    while let Some(field) = multipart.next_field().await.map_err(|_| StaffError::Malformed)? {
        let name = field.name().unwrap_or_default().to_owned();
        let read = match name.as_str() {
            TOKEN_FIELD => {
                text(field, LONGEST_FIELD).await.map(|token| ours = signed.secret().is_form_token(&token))
            }
            _ if !ours => return Err(StaffError::Form),
            "name" | "alt" | "draft" => {
                text(field, LONGEST_FIELD).await.map(|text| upload.form.set(&name, text.trim()))
            }
            "file" => bytes(field, LARGEST_FILE).await.map(|bytes| upload.file = bytes),
            _ => Ok(()),
        };
        match read {
            Ok(()) => {}
            Err(Unread::Broken) => return Err(StaffError::Malformed),
            Err(Unread::TooLarge) => {
                upload.form.wrong("file", "The file has more than 10 MB: save the picture smaller");
                return Ok(upload);
            }
        }
    }
    if ours { Ok(upload) } else { Err(StaffError::Form) }
}

fn back(draft: Option<Uuid>) -> GoTo {
    match draft {
        Some(draft) => GoTo::page(format!("/images?draft={draft}")),
        None => GoTo::page("/images"),
    }
}

pub(crate) async fn remove(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<GoTo> {
    let by = signed.leave(&site, SaveTemplate).await?;
    site.app.remove_image(by, ImageId::from_uuid(id), site.now()).await?;
    Ok(back(posted.get("draft").parse().ok()))
}
