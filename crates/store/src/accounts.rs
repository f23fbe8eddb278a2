//! How people come in: accounts with their secrets, links that let in once, sessions.

use crate::db::{Param, Result};
use crate::{Reading, Tx};
use discreet_domain::{Timestamp, UserId};
use uuid::Uuid;

/// A user with what they show who they are by.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// Who.
    pub id: UserId,
    /// The name they go by.
    pub name: String,
    /// Names of roles, comma-separated.
    pub roles: String,
    /// Can act no more.
    pub disabled: bool,
    /// The address they sign in with, in lower case.
    pub email: Option<String>,
    /// The theme they chose.
    pub theme: Option<String>,
    /// Their password, stretched.
    pub password: Option<String>,
    /// Their second factor's secret, sealed.
    pub second: Option<Vec<u8>>,
    /// The last step of it that was used.
    pub step: u64,
}

/// A link that lets somebody in once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WayInRow {
    /// What it is for.
    pub kind: String,
    /// Whom it lets in, if they exist already.
    pub user: Option<UserId>,
    /// Until when.
    pub expires: Timestamp,
}

/// A session with its holder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionRow {
    /// Whose.
    pub user: UserId,
    /// The second factor was shown.
    pub second_shown: bool,
    /// When it began.
    pub begun: Timestamp,
    /// When it was last used.
    pub seen: Timestamp,
    /// When its holder last showed who they are.
    pub confirmed: Timestamp,
    /// The holder's name.
    pub name: String,
    /// Their roles, comma-separated.
    pub roles: String,
    /// They can act no more.
    pub disabled: bool,
    /// The theme they chose.
    pub theme: Option<String>,
    /// They have a second factor.
    pub has_second: bool,
}

type Account = (
    Uuid,
    String,
    String,
    bool,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<Vec<u8>>,
    Option<i64>,
);
type Session = (Uuid, bool, i64, i64, i64, String, String, bool, Option<String>, bool);

fn account((id, name, roles, disabled, email, theme, password, second, step): Account) -> AccountRow {
    let step = step.and_then(|step| u64::try_from(step).ok()).unwrap_or(0);
    AccountRow { id: UserId::from_uuid(id), name, roles, disabled, email, theme, password, second, step }
}

impl Reading {
    /// The account that signs in with this address.
    ///
    /// # Errors
    /// The database's.
    pub async fn account_at(&mut self, email: &str) -> Result<Option<AccountRow>> {
        Ok(self.conn.first("accounts.by_email", &[email.into()]).await?.map(account))
    }
    /// A user's account.
    ///
    /// # Errors
    /// The database's.
    pub async fn account(&mut self, id: UserId) -> Result<Option<AccountRow>> {
        Ok(self.conn.first("accounts.by_id", &[id.uuid().into()]).await?.map(account))
    }
    /// All accounts, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn accounts(&mut self) -> Result<Vec<AccountRow>> {
        let rows: Vec<Account> = self.conn.all("accounts.all", &[]).await?;
        Ok(rows.into_iter().map(account).collect())
    }
    /// Whether anybody can sign in with a password yet.
    ///
    /// # Errors
    /// The database's.
    pub async fn has_credentials(&mut self) -> Result<bool> {
        let row: Option<(u64,)> = self.conn.first("accounts.anybody", &[]).await?;
        Ok(row.is_some_and(|(n,)| n > 0))
    }
    /// Recovery codes somebody has left.
    ///
    /// # Errors
    /// The database's.
    pub async fn recovery_codes_left(&mut self, user: UserId) -> Result<u64> {
        let row: Option<(u64,)> = self.conn.first("accounts.recovery_codes", &[user.uuid().into()]).await?;
        Ok(row.map_or(0, |(n,)| n))
    }
    /// The link of this hash.
    ///
    /// # Errors
    /// The database's.
    pub async fn way_in(&mut self, hash: &[u8]) -> Result<Option<WayInRow>> {
        let row: Option<(String, Option<Uuid>, i64)> =
            self.conn.first("accounts.way_in", &[hash.to_vec().into()]).await?;
        Ok(row.map(|(kind, user, expires)| WayInRow {
            kind,
            user: user.map(UserId::from_uuid),
            expires: Timestamp::from_micros(expires),
        }))
    }
    /// The session of this hash.
    ///
    /// # Errors
    /// The database's.
    pub async fn session(&mut self, hash: &[u8]) -> Result<Option<SessionRow>> {
        let row: Option<Session> = self.conn.first("accounts.session", &[hash.to_vec().into()]).await?;
        Ok(row.map(
            |(user, second_shown, begun, seen, confirmed, name, roles, disabled, theme, has_second)| {
                SessionRow {
                    user: UserId::from_uuid(user),
                    second_shown,
                    begun: Timestamp::from_micros(begun),
                    seen: Timestamp::from_micros(seen),
                    confirmed: Timestamp::from_micros(confirmed),
                    name,
                    roles,
                    disabled,
                    theme,
                    has_second,
                }
            },
        ))
    }
}

impl Tx {
    async fn account_change(&mut self, name: &'static str, params: &[Param]) -> Result<u64> {
        self.conn.run(name, params).await
    }
    /// Sets the address a user signs in with.
    ///
    /// # Errors
    /// The database's; also if it is taken.
    pub async fn set_email(&mut self, user: UserId, email: &str) -> Result<u64> {
        self.account_change("accounts.set_email", &[user.uuid().into(), email.into()]).await
    }
    /// Sets the theme a user sees; `None`: the system's.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_theme(&mut self, user: UserId, theme: Option<&str>) -> Result<u64> {
        self.account_change("accounts.set_theme", &[user.uuid().into(), theme.into()]).await
    }
    /// Sets a user's password.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_password(&mut self, user: UserId, hash: &str, now: Timestamp) -> Result<u64> {
        let params = [user.uuid().into(), hash.into(), now.micros().into()];
        self.account_change("accounts.set_password", &params).await
    }
    /// Sets or takes away a user's second factor, whose step `step` was used already.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_second(&mut self, user: UserId, sealed: Option<Vec<u8>>, step: u64) -> Result<u64> {
        let params = [user.uuid().into(), sealed.into(), step.into()];
        self.account_change("accounts.set_second", &params).await
    }
    /// Uses a step of a user's second factor up; `false` if it or a later one was used already.
    ///
    /// # Errors
    /// The database's.
    pub async fn use_step(&mut self, user: UserId, step: u64) -> Result<bool> {
        Ok(self.account_change("accounts.use_step", &[user.uuid().into(), step.into()]).await? == 1)
    }
    /// Replaces a user's recovery codes.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_recovery_codes(&mut self, user: UserId, hashes: &[[u8; 32]]) -> Result<()> {
        self.account_change("accounts.drop_recovery_codes", &[user.uuid().into()]).await?;
        for hash in hashes {
            let params = [hash.to_vec().into(), user.uuid().into()];
            self.account_change("accounts.add_recovery_code", &params).await?;
        }
        Ok(())
    }
    /// Uses a recovery code up; `false` if it is not one of the user's.
    ///
    /// # Errors
    /// The database's.
    pub async fn use_recovery_code(&mut self, user: UserId, hash: [u8; 32]) -> Result<bool> {
        let params = [hash.to_vec().into(), user.uuid().into()];
        Ok(self.account_change("accounts.use_recovery_code", &params).await? == 1)
    }
    /// Adds a link that lets in once; earlier ones of its kind for the same user (or for nobody yet) end.
    ///
    /// # Errors
    /// The database's.
    pub async fn add_way_in(&mut self, hash: &[u8], link: &WayInRow) -> Result<()> {
        let user: Option<Uuid> = link.user.map(UserId::uuid);
        let ended = [link.kind.as_str().into(), user.into()];
        self.account_change("accounts.drop_ways_in", &ended).await?;
        let params =
            [hash.to_vec().into(), link.kind.as_str().into(), user.into(), link.expires.micros().into()];
        self.account_change("accounts.add_way_in", &params).await.map(drop)
    }
    /// Uses a link up; `false` if it is not there any more.
    ///
    /// # Errors
    /// The database's.
    pub async fn use_way_in(&mut self, hash: &[u8]) -> Result<bool> {
        Ok(self.account_change("accounts.use_way_in", &[hash.to_vec().into()]).await? == 1)
    }
    /// Begins a session.
    ///
    /// # Errors
    /// The database's.
    pub async fn add_session(
        &mut self,
        hash: &[u8],
        user: UserId,
        second_shown: bool,
        now: Timestamp,
    ) -> Result<()> {
        let params = [hash.to_vec().into(), user.uuid().into(), second_shown.into(), now.micros().into()];
        self.account_change("accounts.add_session", &params).await.map(drop)
    }
    /// A session was used.
    ///
    /// # Errors
    /// The database's.
    pub async fn session_seen(&mut self, hash: &[u8], now: Timestamp) -> Result<()> {
        self.account_change("accounts.seen", &[hash.to_vec().into(), now.micros().into()]).await.map(drop)
    }
    /// A session's holder showed again who they are.
    ///
    /// # Errors
    /// The database's.
    pub async fn session_confirmed(&mut self, hash: &[u8], now: Timestamp) -> Result<()> {
        self.account_change("accounts.confirm", &[hash.to_vec().into(), now.micros().into()]).await.map(drop)
    }
    /// Ends a session.
    ///
    /// # Errors
    /// The database's.
    pub async fn end_session(&mut self, hash: &[u8]) -> Result<()> {
        self.account_change("accounts.end_session", &[hash.to_vec().into()]).await.map(drop)
    }
    /// Ends every session of a user.
    ///
    /// # Errors
    /// The database's.
    pub async fn end_sessions_of(&mut self, user: UserId) -> Result<u64> {
        self.account_change("accounts.end_sessions_of", &[user.uuid().into()]).await
    }
    /// Removes sessions that began or were used too long ago to be good.
    ///
    /// # Errors
    /// The database's.
    pub async fn end_old_sessions(&mut self, begun: Timestamp, seen: Timestamp) -> Result<u64> {
        let params = [begun.micros().into(), seen.micros().into()];
        self.account_change("accounts.end_old_sessions", &params).await
    }
}
