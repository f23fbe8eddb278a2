//! Settings: what the organization says of itself, how its mail goes, who helps, who and what may come in, keys; and the
//! rules, which are nobody's to set.

pub(crate) mod catalog;
pub(crate) mod keys;
pub(crate) mod organization;
pub(crate) mod rules;
pub(crate) mod sending;
pub(crate) mod tokens;
pub(crate) mod vendors;
pub(crate) mod webhooks;

use crate::staff::error::{Result, StaffError};
use crate::staff::page::GoTo;
use crate::staff::parts::{self, Tab, Tabs};
use crate::staff::signed::Signed;
use discreet_access::ActionName as A;

/// Each page, with what it takes; `None`: being signed in.
const PAGES: [(&str, &str, Option<A>); 9] = [
    ("Organization", "/settings/organization", Some(A::ManageUsers)),
    ("People", "/settings/people", Some(A::ManageUsers)),
    ("Sending", "/settings/sending", Some(A::SetRelay)),
    ("Vendors", "/settings/vendors", Some(A::ManageVendors)),
    ("Tokens", "/settings/tokens", Some(A::ManageUsers)),
    ("Webhooks", "/settings/webhooks", Some(A::ManageWebhooks)),
    ("Keys", "/settings/keys", Some(A::ManageKeys)),
    ("Catalog", "/settings/catalog", Some(A::CheckInstallation)),
    ("Rules", "/rules", None),
];

fn open_to(signed: &Signed) -> impl Iterator<Item = (&'static str, &'static str)> {
    PAGES
        .into_iter()
        .filter(|(.., action)| action.is_none_or(|action| signed.can(action)))
        .map(|(name, href, _)| (name, href))
}

/// The pages that somebody may see.
pub(crate) fn tabs(signed: &Signed, current: &str) -> Tabs {
    let tab =
        |(name, href): (&'static str, &str)| Tab { name, href: href.to_owned(), current: href == current };
    parts::tabs("Settings", open_to(signed).map(tab).collect())
}

/// To the first of them.
pub(crate) async fn first(signed: Signed) -> Result<GoTo> {
    let (_, href) = open_to(&signed).next().ok_or(StaffError::Missing("page"))?;
    Ok(GoTo::page(href))
}
