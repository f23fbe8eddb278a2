//! Who is there: made of a presented token and the record of it, nothing else.

use crate::allowed::{Allowed, NotAllowed};
use crate::{Action, ActionName, Role, Roles, Scopes, Token, TokenHash, may};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use discreet_domain::{Actor, Timestamp, TokenId, UserId, Viewer};

/// What is on record about a token and its holder, as the store gives it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TokenRecord {
    /// Which token.
    pub token: TokenId,
    /// Its hash.
    pub hash: TokenHash,
    /// Its holder.
    pub user: UserId,
    /// The holder's roles.
    pub roles: Roles,
    /// The holder can act no more.
    pub disabled: bool,
    /// Until when it is good, if not for good.
    pub expires: Option<Timestamp>,
    /// It was revoked.
    pub revoked: bool,
    /// What it is limited to.
    pub scopes: Scopes,
}

/// A member of the workforce, identified for one request.
///
/// ```compile_fail,E0451
/// # use discreet_access::*; use discreet_domain::UserId;
/// fn forged(user: UserId) -> Who { Who { user, roles: Roles::all(), scopes: Scopes::ALL } }
/// ```
/// ```compile_fail,E0277
/// let _: discreet_access::Who = serde_json::from_str("{}").unwrap();
/// ```
/// The compiling twin:
/// ```
/// # use discreet_access::*; use discreet_domain::Timestamp;
/// fn proper(token: &Token, record: &TokenRecord, now: Timestamp) -> Option<Who> {
///     Who::identify(token, record, now).ok()
/// }
/// let _: Option<String> = serde_json::from_str("null").unwrap();
/// ```
#[derive(Debug)]
pub struct Who {
    user: UserId,
    roles: Roles,
    scopes: Scopes,
}

impl Who {
    /// Whoever [`Who::of_session`] has identified.
    pub(crate) const fn signed_in(user: UserId, roles: Roles) -> Who {
        Who { user, roles, scopes: Scopes::ALL }
    }
    /// Identifies the holder of a token.
    ///
    /// # Errors
    /// [`NotAllowed::Unknown`] unless the token is the one on record, live, and its holder not disabled. Which of these
    /// failed is not told.
    pub fn identify(presented: &Token, record: &TokenRecord, now: Timestamp) -> Result<Who, NotAllowed> {
        let same = verify_slices_are_equal(&presented.hash().0, &record.hash.0).is_ok();
        let live = !record.revoked && !record.disabled && record.expires.is_none_or(|until| now < until);
        if same && live {
            Ok(Who { user: record.user, roles: record.roles, scopes: record.scopes })
        } else {
            Err(NotAllowed::Unknown)
        }
    }
    /// Who it is.
    pub const fn user(&self) -> UserId {
        self.user
    }
    /// As the log names them.
    pub const fn actor(&self) -> Actor {
        Actor::User(self.user)
    }
    /// Their roles.
    pub const fn roles(&self) -> Roles {
        self.roles
    }
    /// How they see counts: exactly only with a role that may see patient records.
    pub const fn viewer(&self) -> Viewer {
        if self.roles.has(Role::PrivacyOfficer) || self.roles.has(Role::CareStaff) {
            Viewer::SeesPatients
        } else {
            Viewer::SeesNumbers
        }
    }
    /// Whether some role of theirs may do this, and their token is good for it: to show what can be asked for. It is no
    /// leave.
    pub fn can(&self, action: ActionName) -> bool {
        may(self.roles, action) && self.scopes.has(action)
    }
    /// Asks for leave to do something.
    ///
    /// # Errors
    /// [`NotAllowed`]: no role that may, or a condition that is not met. The caller logs it.
    pub fn may<A: Action>(&self, action: A) -> Result<Allowed<A>, NotAllowed> {
        if !may(self.roles, A::NAME) {
            return Err(NotAllowed::Role(A::NAME));
        }
        if !self.scopes.has(A::NAME) {
            return Err(NotAllowed::Scope(A::NAME));
        }
        if action.not_by() == Some(self.user) {
            return Err(NotAllowed::SecondPerson(A::NAME));
        }
        Ok(Allowed::granted(action, self.user, self.viewer()))
    }
}
