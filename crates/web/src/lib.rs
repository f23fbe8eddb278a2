//! HTTP. What is here speaks to browsers and mail programs; what it may do, and whether, the verbs of `app` decide.
//!
//! So far: the patient's side, behind the links in mails. At stake: whoever reads a mailbox can stop its mail in one
//! step, with nothing to log in to and nobody watching, and a program that only *looks* at a link changes nothing.
//!
//! A reading order: `router` (every URL on one screen), then one file of `patient/` with its template beside it in
//! `templates/patient/`. A page is a view struct, a template and a handler. Two things happen around every handler and
//! are nobody else's business: `dress` puts on the headers and gives every error the same page; `site::finish` lets
//! a verb run to its end when the caller hangs up.
//!
//! # Invariants
//! - A GET or HEAD changes nothing: only `post` handlers call verbs that write.
//! - No cookie, no redirect, no script, no other host. What a page says is in `crates/words/texts/`.
//! - A token is in the address and nowhere else: not in the page (forms post to where they are), not in a log.

mod api;
mod assets;
mod dress;
mod error;
mod fields;
mod language;
mod link;
mod page;
mod patient;
mod plain;
mod router;
mod site;
mod staff;

pub use api::{ApiRoute, LARGEST_REQUEST};
pub use router::{LARGEST_BODY, LARGEST_FORM, api_routes, demo_router, openapi, router, staff_routes};
pub use site::Options;
pub use staff::mailbox::{DemoMail, Mailbox};
pub use staff::routes::{Needs, Route};
