//! The link in an address: an argument that is a proof. A handler that takes a [`Link`] is not called without one.

use crate::error::PageError;
use crate::site::Site;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use discreet_access::{LinkVerb, NotMe, PatientToken, Unsubscribe};
use discreet_mail::{LinkPurpose, LinkToken};

/// Leave to do what the link is for. Unknown, malformed and somebody else's links are one and the same "not found":
/// the answer does not tell whether there ever was such a link.
pub(crate) struct Link<V>(pub(crate) PatientToken<V>);

/// What a link for a verb looks like.
pub(crate) trait Linked: LinkVerb {
    const PURPOSE: LinkPurpose;
}
impl Linked for Unsubscribe {
    const PURPOSE: LinkPurpose = LinkPurpose::Unsubscribe;
}
impl Linked for NotMe {
    const PURPOSE: LinkPurpose = LinkPurpose::NotMe;
}

impl<V: Linked> FromRequestParts<Site> for Link<V> {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, PageError> {
        let params = RawPathParams::from_request_parts(parts, site).await.map_err(|_| PageError::NotFound)?;
        let text = params.iter().find(|(name, _)| *name == "token").map_or("", |(_, text)| text);
        let token = LinkToken::parse(V::PURPOSE, text).ok_or(PageError::NotFound)?;
        let found = site.app.redeem::<V>(token.hash().bytes()).await?;
        found.map(Link).ok_or(PageError::NotFound)
    }
}
