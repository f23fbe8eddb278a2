//! Leave to do one thing.

use crate::{Action, ActionName};
use discreet_domain::{Actor, Label, UserId, Viewer};

/// Leave to do `A`, given to a named user. Made by [`Who::may`](crate::Who::may) alone; every verb of `app` takes one by
/// value.
///
/// ```compile_fail,E0451
/// # use discreet_access::*; use discreet_domain::*;
/// fn forged(by: UserId) -> Allowed<Import> { Allowed { action: Import, by, viewer: Viewer::SeesPatients } }
/// ```
/// ```compile_fail,E0599
/// # use discreet_access::*;
/// fn twice(a: Allowed<Import>) -> [Allowed<Import>; 2] { [a.clone(), a] }
/// ```
/// ```compile_fail,E0308
/// # use discreet_access::*;
/// fn other(a: Allowed<CheckSegment>) -> Allowed<Import> { a }
/// ```
/// ```compile_fail,E0277
/// # use discreet_access::*;
/// struct Mine;
/// impl Action for Mine { const NAME: ActionName = ActionName::Import; }
/// ```
/// The compiling twin:
/// ```
/// # use discreet_access::*;
/// fn reads(a: &Allowed<Import>) -> discreet_domain::UserId { a.user() }
/// ```
#[derive(Debug)]
pub struct Allowed<A> {
    action: A,
    by: UserId,
    viewer: Viewer,
}

impl<A: Action> Allowed<A> {
    pub(crate) const fn granted(action: A, by: UserId, viewer: Viewer) -> Allowed<A> {
        Allowed { action, by, viewer }
    }
    /// What may be done, and to what.
    pub const fn action(&self) -> &A {
        &self.action
    }
    /// Who may.
    pub const fn user(&self) -> UserId {
        self.by
    }
    /// As the log names them.
    pub const fn actor(&self) -> Actor {
        Actor::User(self.by)
    }
    /// How they see counts.
    pub const fn viewer(&self) -> Viewer {
        self.viewer
    }
    /// Whether they may see what a segment is called and says. That of a sensitive one (L3 or more) only who may see
    /// patients may, and who wrote it: that a clinic has a group of that name is not for everybody who counts.
    pub fn may_read_segment(&self, label: Label, author: Option<UserId>) -> bool {
        label < Label::L3 || self.viewer == Viewer::SeesPatients || author == Some(self.by)
    }
}

/// No leave.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotAllowed {
    /// Nobody we know, or not any more. Says no more on purpose.
    #[error("not signed in: the token is missing, wrong, expired or revoked")]
    Unknown,
    /// None of the user's roles may.
    #[error("your roles do not allow this ({}); it takes one of: {}", .0.name(), role_names(*.0))]
    Role(ActionName),
    /// The user's roles may; the token they came with is not good for it.
    #[error("this token is not good for this ({})", .0.name())]
    Scope(ActionName),
    /// A second person must do it.
    #[error("this takes a second person: whoever made it cannot also approve it ({})", .0.name())]
    SecondPerson(ActionName),
}

fn role_names(action: ActionName) -> String {
    action.roles().iter().map(|r| r.name()).collect::<Vec<_>>().join(", ")
}

impl NotAllowed {
    /// For the log: the action and a reason code.
    pub const fn codes(self) -> (&'static str, &'static str) {
        match self {
            NotAllowed::Unknown => ("sign_in", "unknown"),
            NotAllowed::Role(action) => (action.name(), "role"),
            NotAllowed::Scope(action) => (action.name(), "scope"),
            NotAllowed::SecondPerson(action) => (action.name(), "second_person"),
        }
    }
}
