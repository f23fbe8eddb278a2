//! The log: read a page at a time, verified, checkpointed, each entry proved.

pub(crate) mod entries;
pub(crate) mod verify;

use crate::staff::parts::{self, Tab, Tabs};
use crate::staff::signed::Signed;
use discreet_access::ActionName;

/// The pages of the log that somebody may see.
fn tabs(signed: &Signed, current: &str) -> Tabs {
    let all = [
        ("Entries", "/audit", ActionName::ReadAudit),
        ("Verify", "/audit/verify", ActionName::VerifyAudit),
        ("Checkpoints", "/audit/checkpoints", ActionName::VerifyAudit),
    ];
    let may = all.into_iter().filter(|(.., action)| signed.can(*action));
    let tab = |(name, href, _): (&'static str, &str, _)| Tab {
        name,
        href: href.to_owned(),
        current: href == current,
    };
    parts::tabs("Log", may.map(tab).collect())
}
