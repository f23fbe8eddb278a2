//! API tokens: issued with limits and an end, listed, revoked.

use crate::app::App;
use crate::error::{AppError, Result};
use discreet_access::{Allowed, ManageUsers, Scopes, Token};
use discreet_audit::Event;
use discreet_domain::{Timestamp, TokenId};
use discreet_store::Lane;
pub use discreet_store::ListedToken;

/// Longest label of a token, in characters.
const LONGEST_LABEL: usize = 60;

impl App {
    /// Issues a token to a user, shown once: good until `expires`, for no more than `scopes` and their roles.
    ///
    /// # Errors
    /// No such user; no label; the database's.
    pub async fn issue_token(
        &self,
        by: Allowed<ManageUsers>,
        user: &str,
        label: &str,
        scopes: Scopes,
        expires: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(TokenId, Token)> {
        let label = label.trim();
        if label.is_empty() || label.chars().count() > LONGEST_LABEL || label.chars().any(char::is_control) {
            return Err(AppError::invalid(format!(
                "what the token is for, in 1 to {LONGEST_LABEL} characters"
            )));
        }
        let (id, token) = (TokenId::random(), Token::generate().ok_or(discreet_vault::Refused::Failed)?);
        let names = scopes.names().map(|names| names.join(","));
        let mut tx = self.store.begin(Lane::Receipt).await?;
        let holder = tx.user_named(user).await?.filter(|u| !u.disabled).ok_or(AppError::NotFound("user"))?;
        tx.add_token(id, &token.hash().0, holder.id, label, now, expires, names.as_deref()).await?;
        self.settle_one(tx, by.actor(), Event::TokenIssued { user: holder.id, token: id }, now).await?;
        Ok((id, token))
    }
    /// All tokens, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn tokens(&self, _by: Allowed<ManageUsers>) -> Result<Vec<ListedToken>> {
        Ok(self.store.read().await?.tokens().await?)
    }
    /// Revokes a token: it fails from the commit on.
    ///
    /// # Errors
    /// No such token; the database's.
    pub async fn revoke_token(&self, by: Allowed<ManageUsers>, id: TokenId, now: Timestamp) -> Result<()> {
        let mut tx = self.store.begin(Lane::Withdrawal).await?;
        if tx.revoke_token(id).await? == 0 {
            return Err(AppError::NotFound("token"));
        }
        self.settle_one(tx, by.actor(), Event::TokenRevoked { token: id }, now).await
    }
}
