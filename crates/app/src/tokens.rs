//! API tokens: issued to a user, for something, for a while; revoked.

use crate::app::App;
use crate::documents::checked_name;
use crate::error::{AppError, Result};
use discreet_access::{Allowed, ManageUsers, Token};
use discreet_audit::Event;
use discreet_domain::{Timestamp, TokenId, UserId};
pub use discreet_store::IssuedToken;
use discreet_store::Lane;

/// For how many days a token is good at most.
pub const MOST_DAYS: i64 = 365;
const SECONDS_A_DAY: i64 = 24 * 3600;

impl App {
    /// All tokens, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn tokens(&self, _by: Allowed<ManageUsers>) -> Result<Vec<IssuedToken>> {
        Ok(self.store.read().await?.tokens().await?)
    }
    /// Issues a token to a user, shown once. Whoever holds it may what the user may.
    ///
    /// # Errors
    /// No such user, or one disabled; no label; a time that is none or too long; the database's.
    pub async fn issue_token(
        &self,
        by: Allowed<ManageUsers>,
        user: UserId,
        label: &str,
        days: i64,
        now: Timestamp,
    ) -> Result<Token> {
        let label = checked_name(label)?;
        if !(1..=MOST_DAYS).contains(&days) {
            return Err(AppError::invalid(format!("a token is good for 1 to {MOST_DAYS} days")));
        }
        let id = TokenId::random();
        let token = Token::generate().ok_or(discreet_vault::Refused::Failed)?;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        if tx.account(user).await?.is_none_or(|account| account.disabled) {
            return Err(AppError::NotFound("user"));
        }
        let expires = now.plus_seconds(days * SECONDS_A_DAY);
        tx.add_token(id, &token.hash().0, user, label, now, Some(expires)).await?;
        self.settle_one(tx, by.actor(), Event::TokenIssued { user, token: id }, now).await?;
        Ok(token)
    }
    /// Revokes a token: it fails from the commit on.
    ///
    /// # Errors
    /// No such token, or one revoked already; the database's.
    pub async fn revoke_token(&self, by: Allowed<ManageUsers>, id: TokenId, now: Timestamp) -> Result<()> {
        let mut tx = self.store.begin(Lane::Withdrawal).await?;
        if tx.revoke_token(id).await? == 0 {
            return Err(AppError::NotFound("token in force"));
        }
        self.settle_one(tx, by.actor(), Event::TokenRevoked { token: id }, now).await
    }
}
