//! Users and their API tokens.

use crate::db::Result;
use crate::{Reading, Tx};
use discreet_domain::{Timestamp, TokenId, UserId};
use uuid::Uuid;

/// A user as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UserRow {
    /// Who.
    pub id: UserId,
    /// The name they go by here; not a patient's.
    pub name: String,
    /// Names of roles, comma-separated.
    pub roles: String,
    /// Can act no more.
    pub disabled: bool,
}

/// A token as stored, with its holder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenRow {
    /// Which.
    pub id: TokenId,
    /// SHA-256 of the token.
    pub hash: Vec<u8>,
    /// Its holder.
    pub user: UserId,
    /// The holder's roles, comma-separated.
    pub roles: String,
    /// The holder can act no more.
    pub disabled: bool,
    /// Until when it is good.
    pub expires: Option<Timestamp>,
    /// It was revoked.
    pub revoked: bool,
    /// The holder's name.
    pub name: String,
    /// Names of actions it is limited to, comma-separated.
    pub scopes: Option<String>,
}

/// A token as listed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListedToken {
    /// Which.
    pub id: TokenId,
    /// The holder's name.
    pub user: String,
    /// What it is for.
    pub label: String,
    /// When it was made.
    pub created: Timestamp,
    /// Until when it is good.
    pub expires: Option<Timestamp>,
    /// It was revoked.
    pub revoked: bool,
    /// Names of actions it is limited to, comma-separated.
    pub scopes: Option<String>,
}

type User = (Uuid, String, String, bool);
type Token = (Uuid, Vec<u8>, Uuid, String, bool, Option<i64>, bool, String, Option<String>);
type Listed = (Uuid, String, String, i64, Option<i64>, bool, Option<String>);

fn user((id, name, roles, disabled): User) -> UserRow {
    UserRow { id: UserId::from_uuid(id), name, roles, disabled }
}

impl Reading {
    /// All users, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn users(&mut self) -> Result<Vec<UserRow>> {
        let rows: Vec<User> = self.conn.all("users.all", &[]).await?;
        Ok(rows.into_iter().map(user).collect())
    }
    /// A user by name.
    ///
    /// # Errors
    /// The database's.
    pub async fn user_named(&mut self, name: &str) -> Result<Option<UserRow>> {
        Ok(self.conn.first("users.by_name", &[name.into()]).await?.map(user))
    }
    /// The token of this hash.
    ///
    /// # Errors
    /// The database's.
    pub async fn token(&mut self, hash: &[u8]) -> Result<Option<TokenRow>> {
        let row: Option<Token> = self.conn.first("users.token", &[hash.to_vec().into()]).await?;
        Ok(row.map(|(id, hash, user, roles, disabled, expires, revoked, name, scopes)| TokenRow {
            id: TokenId::from_uuid(id),
            hash,
            user: UserId::from_uuid(user),
            roles,
            disabled,
            expires: expires.map(Timestamp::from_micros),
            revoked,
            name,
            scopes,
        }))
    }
    /// All tokens, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn tokens(&mut self) -> Result<Vec<ListedToken>> {
        let rows: Vec<Listed> = self.conn.all("users.tokens", &[]).await?;
        let listed = |(id, user, label, created, expires, revoked, scopes): Listed| ListedToken {
            id: TokenId::from_uuid(id),
            user,
            label,
            created: Timestamp::from_micros(created),
            expires: expires.map(Timestamp::from_micros),
            revoked,
            scopes,
        };
        Ok(rows.into_iter().map(listed).collect())
    }
}

impl Tx {
    /// Adds a user.
    ///
    /// # Errors
    /// The database's; also if the name is taken.
    pub async fn add_user(&mut self, id: UserId, name: &str, roles: &str, now: Timestamp) -> Result<()> {
        let params = [id.uuid().into(), name.into(), roles.into(), now.micros().into()];
        self.conn.run("users.add", &params).await.map(drop)
    }
    /// Replaces a user's roles.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_roles(&mut self, id: UserId, roles: &str) -> Result<u64> {
        self.conn.run("users.set_roles", &[id.uuid().into(), roles.into()]).await
    }
    /// Disables a user: every token of theirs fails from the commit on.
    ///
    /// # Errors
    /// The database's.
    pub async fn disable_user(&mut self, id: UserId) -> Result<u64> {
        self.conn.run("users.disable", &[id.uuid().into()]).await
    }
    /// Adds a token.
    ///
    /// # Errors
    /// The database's.
    #[expect(clippy::too_many_arguments, reason = "the columns of one row")]
    pub async fn add_token(
        &mut self,
        id: TokenId,
        hash: &[u8],
        user: UserId,
        label: &str,
        now: Timestamp,
        expires: Option<Timestamp>,
        scopes: Option<&str>,
    ) -> Result<()> {
        let params = [
            id.uuid().into(),
            hash.to_vec().into(),
            user.uuid().into(),
            label.into(),
            now.micros().into(),
            expires.map(Timestamp::micros).into(),
            scopes.into(),
        ];
        self.conn.run("users.add_token", &params).await.map(drop)
    }
    /// Revokes a token.
    ///
    /// # Errors
    /// The database's.
    pub async fn revoke_token(&mut self, id: TokenId) -> Result<u64> {
        self.conn.run("users.revoke", &[id.uuid().into()]).await
    }
}
