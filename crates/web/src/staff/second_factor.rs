//! Setting up the second factor: scan, show one code, keep the recovery codes.

use crate::site::Site;
use crate::staff::cookies;
use crate::staff::error::{Result, StaffError};
use crate::staff::form::{Form, Posted};
use crate::staff::frame::Frame;
use crate::staff::page::{Again, Page};
use crate::staff::parts;
use crate::staff::sign_in::{let_in, too_many};
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use discreet_access::{SecondFactor, Secret};
use discreet_app::AppError;

/// Scan, and show one code.
#[derive(Template, Debug)]
#[template(path = "staff/second_factor.html")]
pub(crate) struct Enrol {
    frame: Frame,
    form: Form,
    square: String,
    letters: String,
    /// The same secret, sealed: it comes back with the code.
    sealed: String,
}

/// It is set: the recovery codes, shown this once.
#[derive(Template, Debug)]
#[template(path = "staff/recovery_codes.html")]
pub(crate) struct Codes {
    frame: Frame,
    codes: Vec<String>,
}

async fn enrol(
    site: &Site,
    secret: &Secret,
    form: Form,
    factor: &SecondFactor,
    sealed: &[u8],
) -> Result<Enrol> {
    let session = site.app.session(secret, true, site.now()).await?.ok_or(StaffError::Form)?;
    let uri = factor.uri(&site.app.settings().organization, &session.name);
    Ok(Enrol {
        frame: Frame::outside(site, secret.form_token()),
        form,
        square: square(&uri),
        letters: factor.base32(),
        sealed: URL_SAFE_NO_PAD.encode(sealed),
    })
}

/// The square code, as a picture made here: no other host learns the secret.
fn square(uri: &str) -> String {
    let Ok(code) = qrcode::QrCode::new(uri) else { return String::new() };
    let svg = code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(200, 200).build();
    svg.split_once("?>").map_or(svg.clone(), |(_, picture)| picture.to_owned())
}

pub(crate) async fn show(State(site): State<Site>, headers: HeaderMap) -> Result<Page<Enrol>> {
    let secret = cookies::session(&headers, site.options).ok_or(StaffError::Form)?;
    let (factor, sealed) = site.app.fresh_second_factor(&secret, site.now()).await?;
    Ok(Page(enrol(&site, &secret, Form::default(), &factor, &sealed).await?))
}

pub(crate) async fn set(State(site): State<Site>, headers: HeaderMap, posted: Posted) -> Result<Response> {
    let secret = cookies::session(&headers, site.options).ok_or(StaffError::Form)?;
    let sealed = URL_SAFE_NO_PAD.decode(posted.get("sealed")).map_err(|_| StaffError::Form)?;
    let mut form = Form::default();
    match site.app.set_second_factor(&secret, sealed.clone(), posted.get("code"), site.now()).await {
        Ok((began, codes)) => {
            let frame = Frame::outside(&site, began.secret.form_token());
            let codes = codes.iter().map(discreet_access::RecoveryCode::reveal).collect();
            return Ok(let_in(&began, site.options, Page(Codes { frame, codes })));
        }
        Err(AppError::WrongSecret) => {
            form.wrong(
                "code",
                "The code is not right. Check the clock of your phone, and wait for the next one.",
            );
        }
        Err(AppError::Wait(seconds)) => form.wrong("code", too_many(seconds)),
        Err(AppError::Vault(_)) => return Err(StaffError::Form),
        Err(other) => return Err(other.into()),
    }
    let factor = site.app.same_second_factor(&secret, &sealed, site.now()).await?;
    Ok(Again(enrol(&site, &secret, form, &factor, &sealed).await?).into_response())
}
