//! Sessions: begun, found, ended.

use crate::app::App;
use crate::error::{AppError, Result};
use crate::users::roles_of;
use discreet_access::{NotAllowed, Secret, SessionLimits, SessionRecord, SignedIn, Who};
use discreet_audit::Event;
use discreet_domain::{Actor, Timestamp, UserId};
use discreet_store::{Lane, SessionRow};

/// Seconds after which a session's use is written down again: a write for every page would be too many.
const SEEN_SECONDS: i64 = 15;
/// Seconds for which somebody who has just shown who they are need not do so again for what cannot be undone.
const CONFIRMED_SECONDS: i64 = 5 * 60;

/// A session that was begun, for the browser to hold.
#[derive(Debug)]
pub struct Began {
    /// Its secret.
    pub secret: Secret,
    /// Whose.
    pub user: UserId,
    /// Shows at the next sign-in that this browser was let in before.
    pub device: String,
}

/// Somebody's session, as found for one request.
#[derive(Debug)]
pub struct Session {
    /// How far they are in.
    pub signed_in: SignedIn,
    /// Whose.
    pub user: UserId,
    /// The name they go by.
    pub name: String,
    /// The theme they chose.
    pub theme: Option<String>,
    /// They have a second factor.
    pub has_second: bool,
    /// When it ends unless it is used.
    pub ends: Timestamp,
    /// They showed who they are within the last minutes.
    pub just_confirmed: bool,
}

fn record(secret: &Secret, row: &SessionRow) -> SessionRecord {
    SessionRecord {
        hash: secret.hash(),
        user: row.user,
        roles: roles_of(&row.roles),
        disabled: row.disabled,
        has_second: row.has_second,
        second_shown: row.second_shown,
        begun: row.begun,
        seen: row.seen,
    }
}

impl App {
    /// Begins a session of somebody who was identified: by password, by a link, and one day by passkey or single sign-on.
    pub(super) async fn begin_session(
        &self,
        user: UserId,
        second_shown: bool,
        by: &str,
        now: Timestamp,
    ) -> Result<Began> {
        let secret = Secret::generate().ok_or(discreet_vault::Refused::Failed)?;
        let limits = SessionLimits::default();
        let mut tx = self.store.begin(Lane::Receipt).await?;
        tx.end_old_sessions(now.plus_seconds(-limits.absolute), now.plus_seconds(-limits.idle)).await?;
        tx.add_session(&secret.hash().0, user, second_shown, now).await?;
        self.settle_one(tx, Actor::User(user), Event::SignedIn { user, by: by.to_owned() }, now).await?;
        Ok(Began { secret, user, device: self.device_cookie(user)? })
    }
    /// The session of a secret. `active`: a person used it, not a page by itself.
    ///
    /// # Errors
    /// The database's.
    pub async fn session(&self, secret: &Secret, active: bool, now: Timestamp) -> Result<Option<Session>> {
        let limits = SessionLimits::default();
        let found = self.store.read().await?.session(&secret.hash().0).await?;
        let Some(row) = found else { return Ok(None) };
        let signed_in = match Who::of_session(secret, &record(secret, &row), limits, now) {
            Ok(signed_in) => signed_in,
            Err(NotAllowed::Unknown) => return Ok(None),
            Err(other) => return Err(other.into()),
        };
        let mut seen = row.seen;
        if active && now >= row.seen.plus_seconds(SEEN_SECONDS) {
            let mut tx = self.store.begin(Lane::Receipt).await?;
            tx.session_seen(&secret.hash().0, now).await?;
            self.settle(tx, &[]).await?;
            seen = now;
        }
        Ok(Some(Session {
            signed_in,
            user: row.user,
            name: row.name,
            theme: row.theme,
            has_second: row.has_second,
            ends: seen.plus_seconds(limits.idle).min(row.begun.plus_seconds(limits.absolute)),
            just_confirmed: now < row.confirmed.plus_seconds(CONFIRMED_SECONDS),
        }))
    }
    /// Ends a session.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_out(&self, secret: &Secret, now: Timestamp) -> Result<()> {
        let mut tx = self.store.begin(Lane::Receipt).await?;
        let Some(row) = tx.session(&secret.hash().0).await? else { return Ok(()) };
        tx.end_session(&secret.hash().0).await?;
        self.settle_one(tx, Actor::User(row.user), Event::SignedOut { user: row.user }, now).await
    }
    /// Sets how somebody sees the pages: `light`, `dark`, or as their system does.
    ///
    /// # Errors
    /// Another word; the database's.
    pub async fn set_theme(&self, who: &Who, theme: Option<&str>) -> Result<()> {
        if theme.is_some_and(|theme| !matches!(theme, "light" | "dark")) {
            return Err(AppError::invalid("a theme is light, dark, or the system's"));
        }
        let mut tx = self.store.begin(Lane::Receipt).await?;
        tx.set_theme(who.user(), theme).await?;
        self.settle(tx, &[]).await
    }
}
