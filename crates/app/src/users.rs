//! Users: signing in by token, roles, tokens.

use crate::app::App;
use crate::error::{AppError, Result};
use crate::notices;
use discreet_access::{
    Allowed, ManageUsers, NotAllowed, Role, Roles, Scopes, Token, TokenHash, TokenRecord, Who,
};
use discreet_audit::{Entry, Event};
use discreet_domain::{Timestamp, TokenId, UserId};
pub use discreet_store::ListedToken;
use discreet_store::{Lane, Tx, UserRow};

/// Longest user name, in characters.
pub const LONGEST_NAME: usize = 60;

/// A user, as shown.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct User {
    /// Who.
    pub id: String,
    /// By name.
    pub name: String,
    /// Their roles.
    pub roles: Vec<String>,
    /// Can act no more.
    pub disabled: bool,
}

fn shown(row: UserRow) -> User {
    User {
        id: row.id.to_string(),
        name: row.name,
        roles: roles_of(&row.roles).names(),
        disabled: row.disabled,
    }
}

/// The privacy officer hears of everyone who gets a role that reaches patients' data (45 CFR 164.308(a)(4)).
pub(crate) async fn tell_of_roles(tx: &mut Tx, user: UserId, roles: Roles, now: Timestamp) -> Result<()> {
    if roles.reach_patients() {
        tx.add_notice(notices::ROLE_GRANTED, user.uuid(), now).await?;
    }
    Ok(())
}

/// A name for a user.
pub(crate) fn user_name(name: &str) -> Result<&str> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(AppError::invalid(format!("a user's name is 1 to {LONGEST_NAME} characters")));
    }
    Ok(name)
}

/// Reads stored role names. One that is not known any more gives nothing.
pub(crate) fn roles_of(names: &str) -> Roles {
    Roles::of(&names.split(',').filter_map(Role::parse).collect::<Vec<_>>())
}

impl App {
    /// Identifies the holder of a token; `name`, if given, must be theirs.
    ///
    /// # Errors
    /// [`NotAllowed::Unknown`], whatever is wrong with it.
    pub async fn sign_in(&self, token: &Token, name: Option<&str>, now: Timestamp) -> Result<Who> {
        let found = self.store.read().await?.token(&token.hash().0).await?;
        let found =
            found.filter(|row| name.is_none_or(|name| row.name == name)).ok_or(NotAllowed::Unknown)?;
        let hash = found.hash.try_into().map(TokenHash).map_err(|_| NotAllowed::Unknown)?;
        let record = TokenRecord {
            token: found.id,
            hash,
            user: found.user,
            roles: roles_of(&found.roles),
            disabled: found.disabled,
            expires: found.expires,
            revoked: found.revoked,
            scopes: Scopes::parse(found.scopes.as_deref()),
        };
        Ok(Who::identify(token, &record, now)?)
    }
    /// All users.
    ///
    /// # Errors
    /// The database's.
    pub async fn users(&self, _by: Allowed<ManageUsers>) -> Result<Vec<User>> {
        Ok(self.store.read().await?.users().await?.into_iter().map(shown).collect())
    }
    /// Adds a user and a token for them, shown once.
    ///
    /// # Errors
    /// A name that is taken or no name, no roles; the database's.
    pub async fn add_user(
        &self,
        by: Allowed<ManageUsers>,
        name: &str,
        roles: Roles,
        now: Timestamp,
    ) -> Result<(UserId, Token)> {
        let name = user_name(name)?;
        if roles == Roles::default() {
            return Err(AppError::invalid("a user needs at least one role"));
        }
        let (user, token_id) = (UserId::random(), TokenId::random());
        let token = Token::generate().ok_or(discreet_vault::Refused::Failed)?;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        if tx.user_named(name).await?.is_some() {
            return Err(AppError::conflict("there is a user of that name already"));
        }
        tx.add_user(user, name, &roles.names().join(","), now).await?;
        tx.add_token(token_id, &token.hash().0, user, "made with the user", now, None, None).await?;
        tell_of_roles(&mut tx, user, roles, now).await?;
        let entry = |event| Entry { at: now, by: by.actor(), event };
        let entries = [
            entry(Event::UserAdded { user, roles: roles.names() }),
            entry(Event::TokenIssued { user, token: token_id }),
        ];
        self.settle(tx, &entries).await?;
        Ok((user, token))
    }
    /// Replaces a user's roles.
    ///
    /// # Errors
    /// No such user; the database's.
    pub async fn set_roles(
        &self,
        by: Allowed<ManageUsers>,
        name: &str,
        roles: Roles,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.store.begin(Lane::Receipt).await?;
        let user = tx.user_named(name).await?.ok_or(AppError::NotFound("user"))?.id;
        tx.set_roles(user, &roles.names().join(",")).await?;
        tell_of_roles(&mut tx, user, roles, now).await?;
        self.settle_one(tx, by.actor(), Event::RolesSet { user, roles: roles.names() }, now).await
    }
    /// Disables a user at once: every token of theirs fails from the commit on.
    ///
    /// # Errors
    /// No such user; the database's.
    pub async fn disable_user(&self, by: Allowed<ManageUsers>, name: &str, now: Timestamp) -> Result<()> {
        let mut tx = self.store.begin(Lane::Withdrawal).await?;
        let user = tx.user_named(name).await?.ok_or(AppError::NotFound("user"))?.id;
        if user == by.user() {
            return Err(AppError::conflict("you cannot disable yourself"));
        }
        tx.disable_user(user).await?;
        tx.end_sessions_of(user).await?;
        self.settle_one(tx, by.actor(), Event::UserDisabled { user }, now).await
    }
}
