//! The link in an address: an argument that is a proof. A handler that takes a [`Link`] is not called without one.

use crate::error::PageError;
use crate::site::Site;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use discreet_access::{
    ChangeChoices, ConfirmChoice, FreshToken, FreshVerb, LinkVerb, NotMe, PatientToken, ReadCopy, Unsubscribe,
};
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

/// Leave to do what a link is for that was mailed on request, and whose time is not over.
pub(crate) struct Fresh<V>(pub(crate) FreshToken<V>);

/// What such a link looks like.
pub(crate) trait FreshLinked: FreshVerb {
    const PURPOSE: LinkPurpose;
}
impl FreshLinked for ConfirmChoice {
    const PURPOSE: LinkPurpose = LinkPurpose::Confirm;
}
impl FreshLinked for ChangeChoices {
    const PURPOSE: LinkPurpose = LinkPurpose::Choices;
}
impl FreshLinked for ReadCopy {
    const PURPOSE: LinkPurpose = LinkPurpose::Copy;
}

/// The token in an address.
async fn token(parts: &mut Parts, site: &Site, purpose: LinkPurpose) -> Option<LinkToken> {
    let params = RawPathParams::from_request_parts(parts, site).await.ok()?;
    let text = params.iter().find(|(name, _)| *name == "token").map_or("", |(_, text)| text);
    LinkToken::parse(purpose, text)
}

impl<V: FreshLinked> FromRequestParts<Site> for Fresh<V> {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, PageError> {
        let token = token(parts, site, V::PURPOSE).await.ok_or(PageError::OldLink)?;
        let found = site.app.redeem_fresh::<V>(token.hash().bytes(), site.now()).await?;
        found.map(Fresh).ok_or(PageError::OldLink)
    }
}

impl<V: Linked> FromRequestParts<Site> for Link<V> {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, PageError> {
        let token = token(parts, site, V::PURPOSE).await.ok_or(PageError::NotFound)?;
        let found = site.app.redeem::<V>(token.hash().bytes()).await?;
        found.map(Link).ok_or(PageError::NotFound)
    }
}
