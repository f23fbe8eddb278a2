//! Who asks: put into the request by `guard`, taken by handlers as an argument.

use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use discreet_access::{Action, ActionName, Allowed, Secret, Who};
use discreet_app::accounts::Session;
use discreet_domain::{Timestamp, Viewer};
use std::sync::Arc;

/// A member of the workforce, signed in all the way.
#[derive(Clone, Debug)]
pub(crate) struct Signed(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    who: Who,
    name: String,
    theme: Option<String>,
    has_second: bool,
    just_confirmed: bool,
    ends: Timestamp,
    secret: Secret,
}

impl Signed {
    /// Of a session that is in all the way.
    pub(crate) fn of(who: Who, session: Session, secret: Secret) -> Signed {
        Signed(Arc::new(Inner {
            who,
            name: session.name,
            theme: session.theme,
            has_second: session.has_second,
            just_confirmed: session.just_confirmed,
            ends: session.ends,
            secret,
        }))
    }
    pub(crate) fn who(&self) -> &Who {
        &self.0.who
    }
    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }
    pub(crate) fn theme(&self) -> Option<&str> {
        self.0.theme.as_deref()
    }
    pub(crate) fn has_second(&self) -> bool {
        self.0.has_second
    }
    pub(crate) fn just_confirmed(&self) -> bool {
        self.0.just_confirmed
    }
    pub(crate) fn ends(&self) -> Timestamp {
        self.0.ends
    }
    pub(crate) fn secret(&self) -> &Secret {
        &self.0.secret
    }
    pub(crate) fn viewer(&self) -> Viewer {
        self.0.who.viewer()
    }
    pub(crate) fn can(&self, action: ActionName) -> bool {
        self.0.who.can(action)
    }
    /// Asks for leave, and logs it if there is none.
    pub(crate) async fn leave<A: Action>(&self, site: &Site, action: A) -> Result<Allowed<A>> {
        match self.0.who.may(action) {
            Ok(allowed) => Ok(allowed),
            Err(why) => {
                site.app.log_refusal(self.0.who.actor(), why, site.now()).await?;
                Err(discreet_app::AppError::NotAllowed(why).into())
            }
        }
    }
}

impl FromRequestParts<Site> for Signed {
    type Rejection = StaffError;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Signed> {
        parts.extensions.get::<Signed>().cloned().ok_or(StaffError::Form)
    }
}

/// Whether htmx asks: then a fragment is enough.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fragment(pub(crate) bool);

impl FromRequestParts<Site> for Fragment {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        _: &Site,
    ) -> std::result::Result<Fragment, Self::Rejection> {
        Ok(Fragment(parts.headers.contains_key("hx-request")))
    }
}
