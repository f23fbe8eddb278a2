//! Email that may leave.
//!
//! ```text
//! Draft ─check→ Template ─┐                                        policy::hand_over → Permit ─┐
//!                         ├─ Layout ─fill→ Page ─compose→ Rendered ────────────────────────────┴─ deliver → Relay
//! LetterheadDraft → Letterhead ─┘    (one person)   (headers, DKIM)
//! ```
//!
//! What guards what:
//! - [`Template::check`] knows the closed list of [`MergeField`]s and lets nothing about a person into what others can
//!   read (subject, preheader, sender, addresses); clinical words there are errors, in the body they raise the label.
//! - [`Layout::new`] appends the footer: who, where, why, and the ways out. Authors cannot leave it out.
//! - [`Layout::fill`] escapes values; they are never read as Markdown, markup or headers.
//! - [`Page::compose`] makes the one message for the one recipient, and signs it.
//! - [`Relay::send`] cannot be called from outside this crate: it asks for a [`Leaving`].
//! - [`SmtpRelay`] knows at each failure whether the message may have left ([`Outcome`]).
//!
//! Nothing here reads the wall clock, and no error, `Debug` or outcome holds a name, an address or a relay's text.

mod address;
pub mod catcher;
mod clean;
mod deliver;
mod dkim;
mod draft;
mod field;
mod footer;
mod html;
mod image;
mod images;
mod layout;
mod letterhead;
pub mod limits;
mod lint;
mod markdown;
mod mime;
mod mjml;
mod outcome;
mod page;
mod palette;
mod plaintext;
mod relay;
mod rendered;
mod slots;
mod template;
mod token;

pub use address::{Hosts, NotAHost};
pub use deliver::deliver;
pub use dkim::{DkimAlgorithm, DkimError, DkimKey, generate as generate_dkim_key};
pub use draft::{Body, Draft};
pub use field::{FieldKind, FieldSource, MergeField};
pub use footer::{Footing, OptOut, Why};
pub use image::{Image, ImageError, ImageKind};
pub use images::Images;
pub use layout::Layout;
pub use letterhead::{Letterhead, LetterheadDraft};
pub use lint::{Finding, Place, Severity, blocks, label_of, names_somebody};
pub use mime::ComposeError;
pub use outcome::{Code, Outcome, Problem, Reason, Step};
pub use page::{FillError, Page, TEST_MARK, TEST_PATH, Values};
pub use palette::{Colour, NotAColour};
pub use relay::smtp::{
    NO_RELAY, Roots, SmtpConfig, SmtpCredentials, SmtpRelay, SmtpSetupError, SmtpTls, Timeouts, TlsSetupError,
};
pub use relay::{Leaving, Relay};
pub use rendered::{Envelope, Rendered};
pub use template::{Template, review};
pub use token::{LINK_TOKEN_LETTERS, LinkPurpose, LinkToken, Links, NoRandomness, TokenHash};
