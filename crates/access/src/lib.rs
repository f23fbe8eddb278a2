//! Who may do what (45 CFR 164.308(a)(4), 164.312(a)(1), (d)). A door crate: every verb of `app` takes an
//! [`Allowed`] action, and only [`Who::may`] makes one; a [`Who`] is made of a presented token or session alone. The
//! patient-facing verbs take a [`PatientToken`], or a [`FreshToken`] of a link that was mailed on request.
//!
//! The whole policy is the table in `table.rs`: roles down, actions across. The passphrase unlocks keys and is nobody's
//! identity.

mod action;
mod allowed;
mod fresh;
mod link;
mod password;
mod role;
mod scopes;
mod second;
mod session;
mod table;
mod throttle;
mod token;
mod who;

pub use action::*;
pub use allowed::{Allowed, NotAllowed};
pub use fresh::{ChangeChoices, ConfirmChoice, FreshRecord, FreshToken, FreshVerb, ReadCopy};
pub use link::{LinkRecord, LinkVerb, NotMe, PatientToken, Unsubscribe};
pub use password::{LONGEST_PASSWORD, Password, PasswordHash, SHORTEST_PASSWORD, WeakPassword};
pub use role::{Role, Roles};
pub use scopes::Scopes;
pub use second::{RECOVERY_CODES, RecoveryCode, SecondFactor};
pub use session::{Secret, SessionLimits, SessionRecord, SignedIn};
pub use table::{ActionName, may};
pub use throttle::{Pace, Throttle};
pub use token::{Token, TokenHash};
pub use who::{TokenRecord, Who};
