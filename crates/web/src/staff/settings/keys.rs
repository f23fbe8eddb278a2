//! Keys: which there are, rotated, the recovery kit issued and confirmed.

use super::tabs;
use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::guard::capital;
use crate::staff::page::{Again, GoTo, Page};
use crate::staff::parts::{self, Tabs};
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use discreet_access::ManageKeys;
use discreet_app::AppError;
use secrecy::{ExposeSecret, SecretString};

/// The page.
#[derive(Template)]
#[template(path = "staff/settings/keys.html")]
pub(crate) struct Keys {
    frame: Frame,
    tabs: Tabs,
    form: Form,
    versions: Vec<Version>,
    confirmed: bool,
    /// A kit, shown this once.
    kit: Option<Kit>,
    /// What a rotation did.
    rotated: Option<u64>,
}

/// A wrapping key.
#[derive(Debug)]
struct Version {
    number: u32,
    current: bool,
    wraps: u64,
}

/// A recovery kit as it is shown.
struct Kit {
    text: String,
    code: String,
}

impl Kit {
    fn of(text: String, code: &SecretString) -> Kit {
        Kit { text, code: code.expose_secret().to_owned() }
    }
}

async fn page(
    site: &Site,
    signed: &Signed,
    form: Form,
    kit: Option<Kit>,
    rotated: Option<u64>,
) -> Result<Keys> {
    let versions = site.app.key_versions(signed.leave(site, ManageKeys).await?).await?;
    let version = |(key, wraps): (_, u64)| -> Version { version_of(key, wraps) };
    Ok(Keys {
        frame: Frame::of(site, signed, Section::Settings).await?,
        tabs: tabs(signed, "/settings/keys"),
        form,
        versions: versions.into_iter().map(version).collect(),
        confirmed: site.app.kit_confirmed(signed.leave(site, ManageKeys).await?).await?,
        kit,
        rotated,
    })
}

fn version_of(key: discreet_app::keys::KeyVersion, wraps: u64) -> Version {
    Version { number: key.version, current: key.current, wraps }
}

pub(crate) async fn show(State(site): State<Site>, signed: Signed) -> Result<Page<Keys>> {
    Ok(Page(page(&site, &signed, Form::default(), None, None).await?))
}

/// Rotates the wrapping key.
pub(crate) async fn rotate(State(site): State<Site>, signed: Signed, _: Posted) -> Result<Response> {
    if !signed.just_confirmed() {
        return Ok(GoTo::page("/confirm?next=/settings/keys").into_response());
    }
    let by = signed.leave(&site, ManageKeys).await?;
    let done = site.app.rotate_keys(by, site.now(), &|_| {}).await?;
    let kit = Kit::of(done.kit.text, &done.kit.code);
    let page = page(&site, &signed, Form::default(), Some(kit), Some(done.rewrapped)).await?;
    Ok(Page(page).into_response())
}

pub(crate) async fn issue(State(site): State<Site>, signed: Signed, _: Posted) -> Result<Response> {
    if !signed.just_confirmed() {
        return Ok(GoTo::page("/confirm?next=/settings/keys").into_response());
    }
    let kit = site.app.issue_kit(signed.leave(&site, ManageKeys).await?, site.now()).await?;
    let kit = Kit::of(kit.text, &kit.code);
    Ok(Page(page(&site, &signed, Form::default(), Some(kit), None).await?).into_response())
}

pub(crate) async fn confirm(State(site): State<Site>, signed: Signed, posted: Posted) -> Result<Response> {
    let mut form = Form::default();
    let by = signed.leave(&site, ManageKeys).await?;
    let code = posted.secret("code");
    match site.app.confirm_kit(by, posted.raw("kit"), &code, site.now()).await {
        Ok(()) => return Ok(GoTo::page("/settings/keys").into_response()),
        Err(error @ (AppError::Conflict(_) | AppError::Keyring(_) | AppError::Vault(_))) => {
            form.wrong("kit", capital(&error.to_string()));
        }
        Err(other) => return Err(other.into()),
    }
    Ok(Again(page(&site, &signed, form, None, None).await?).into_response())
}
