//! Accounts of the web app: set up, invited, shown. Signing in is in `sign_in`, sessions in `sessions`.
//!
//! A seam is left for passkeys and single sign-on: whatever identifies a person ends in [`App::begin_session`], which asks
//! whether a second factor was shown and knows nothing of passwords.

mod sessions;
mod sign_in;

pub use sessions::{Began, Session};
pub use sign_in::{Client, Doorman};

use crate::app::App;
use crate::error::{AppError, Result};
use crate::users::{roles_of, tell_of_roles, user_name};
use discreet_access::{Allowed, ManageUsers, Password, PasswordHash, Role, Roles, Secret};
use discreet_audit::{Entry, Event};
use discreet_domain::{Actor, EmailAddress, Timestamp, UserId};
use discreet_store::{AccountRow, Lane, WayInRow};
use secrecy::SecretString;

/// For how long a set-up link is good, in seconds: a day.
const SET_UP_SECONDS: i64 = 24 * 3600;
/// For how long an invitation is good, in seconds: three days.
pub const INVITATION_SECONDS: i64 = 3 * 24 * 3600;

const SET_UP: &str = "set_up";
const INVITATION: &str = "invitation";
const DEMO: &str = "demo";

/// An account, as administrators see it.
#[derive(Clone, Debug)]
pub struct Account {
    /// Whose.
    pub user: UserId,
    /// The name they go by.
    pub name: String,
    /// The address they sign in with.
    pub email: Option<String>,
    /// Their roles.
    pub roles: Roles,
    /// Can act no more.
    pub disabled: bool,
    /// They have set a password.
    pub has_password: bool,
    /// They have set up a second factor.
    pub has_second: bool,
}

/// Whoever sets the installation up, and what the organization must say of itself.
#[derive(Debug)]
pub struct SetUp {
    /// The first administrator's name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their password.
    pub password: SecretString,
    /// The name patients know the organization by.
    pub organization: String,
    /// Its postal address, line by line.
    pub postal_address: Vec<String>,
    /// Its IANA time zone.
    pub time_zone: String,
}

/// What a link lets its holder do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Invitation {
    /// Set the installation up.
    SetUp,
    /// Set a password for the account of this name and address.
    Account(String, String),
}

fn shown(row: AccountRow) -> Account {
    Account {
        user: row.id,
        roles: roles_of(&row.roles),
        name: row.name,
        email: row.email,
        disabled: row.disabled,
        has_password: row.password.is_some(),
        has_second: row.second.is_some(),
    }
}

/// The address somebody signs in with, in the one form it is stored in.
fn sign_in_address(text: &str) -> Result<String> {
    let address = EmailAddress::parse(text.trim())
        .map_err(|_| AppError::invalid("an address to sign in with, like name@example.com"))?;
    Ok(address.as_str().to_lowercase())
}

impl App {
    /// A link for whoever starts the server the first time, if nobody can sign in yet. Earlier ones end.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_up_link(&self, now: Timestamp) -> Result<Option<Secret>> {
        if self.store.read().await?.has_credentials().await? {
            return Ok(None);
        }
        self.way_in(SET_UP, None, Actor::Console, now.plus_seconds(SET_UP_SECONDS), now).await.map(Some)
    }
    async fn way_in(
        &self,
        kind: &str,
        user: Option<UserId>,
        by: Actor,
        expires: Timestamp,
        now: Timestamp,
    ) -> Result<Secret> {
        let secret = Secret::generate().ok_or(discreet_vault::Refused::Failed)?;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        tx.add_way_in(&secret.hash().0, &WayInRow { kind: kind.to_owned(), user, expires }).await?;
        self.settle_one(tx, by, Event::WayInMade { user, kind: kind.to_owned() }, now).await?;
        Ok(secret)
    }
    /// What a set-up link or invitation lets its holder do; `None` if it was used or is too old.
    ///
    /// # Errors
    /// The database's.
    pub async fn invitation(&self, secret: &Secret, now: Timestamp) -> Result<Option<Invitation>> {
        let mut reading = self.store.read().await?;
        let Some(link) = reading.way_in(&secret.hash().0).await?.filter(|link| now < link.expires) else {
            return Ok(None);
        };
        let account = match link.user {
            Some(user) => reading.account(user).await?.filter(|account| !account.disabled),
            None => None,
        };
        Ok(match (link.kind.as_str(), account) {
            (SET_UP, _) => Some(Invitation::SetUp),
            (INVITATION, Some(account)) => {
                Some(Invitation::Account(account.name, account.email.unwrap_or_default()))
            }
            _ => None,
        })
    }

    /// Sets the installation up: the first administrator, and what the organization says of itself.
    ///
    /// # Errors
    /// A link that is no good; a weak password; settings not in order; the database's.
    pub async fn set_up(&self, secret: &Secret, set_up: SetUp, now: Timestamp) -> Result<Began> {
        if self.invitation(secret, now).await? != Some(Invitation::SetUp) {
            return Err(AppError::NotFound("set-up link"));
        }
        let email = sign_in_address(&set_up.email)?;
        let name = user_name(&set_up.name)?.to_owned();
        let mut settings = self.settings();
        settings.organization = set_up.organization.trim().to_owned();
        settings.postal_address = lines(&set_up.postal_address);
        settings.time_zone = set_up.time_zone.trim().to_owned();
        let hash =
            stretched(set_up.password, vec![name.clone(), email.clone(), settings.organization.clone()])
                .await?;
        self.check_settings(&settings)?;
        let user = UserId::random();
        let roles = Roles::of(&[Role::Administrator]).names();
        let mut tx = self.store.begin(Lane::Receipt).await?;
        if !tx.use_way_in(&secret.hash().0).await? {
            return Err(AppError::NotFound("set-up link"));
        }
        if tx.user_named(&name).await?.is_some() {
            return Err(AppError::conflict("there is a user of that name already: add something to it"));
        }
        tx.add_user(user, &name, &roles.join(","), now).await?;
        tx.set_email(user, &email).await?;
        tx.set_password(user, hash.text(), now).await?;
        let version = self.write_settings(&mut tx, &settings).await?;
        let entry = |by, event| Entry { at: now, by, event };
        let entries = [
            entry(Actor::Console, Event::UserAdded { user, roles }),
            entry(Actor::User(user), Event::PasswordSet { user }),
            entry(Actor::User(user), Event::SettingsSet { version }),
        ];
        self.settle(tx, &entries).await?;
        self.take_settings(settings);
        self.begin_session(user, false, "set_up", now).await
    }

    /// Takes an invitation up: sets the password of the account it is for. A second factor set before is forgotten.
    ///
    /// # Errors
    /// A link that is no good; a weak password; the database's.
    pub async fn accept_invitation(
        &self,
        secret: &Secret,
        password: SecretString,
        now: Timestamp,
    ) -> Result<Began> {
        let hash = secret.hash().0;
        let link = self.store.read().await?.way_in(&hash).await?;
        let good = link.filter(|link| link.kind == INVITATION && now < link.expires);
        let user = good.and_then(|link| link.user).ok_or(AppError::NotFound("invitation"))?;
        let account = self.store.read().await?.account(user).await?.filter(|account| !account.disabled);
        let account = account.ok_or(AppError::NotFound("invitation"))?;
        let own = vec![account.name, account.email.unwrap_or_default(), self.settings().organization];
        let password = stretched(password, own).await?;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        if !tx.use_way_in(&hash).await? {
            return Err(AppError::NotFound("invitation"));
        }
        tx.set_password(user, password.text(), now).await?;
        tx.set_second(user, None, 0).await?;
        tx.set_recovery_codes(user, &[]).await?;
        tx.end_sessions_of(user).await?;
        let mut entries = vec![Entry { at: now, by: Actor::User(user), event: Event::PasswordSet { user } }];
        if account.second.is_some() {
            let event = Event::SecondFactor { user, set: false };
            entries.push(Entry { at: now, by: Actor::User(user), event });
        }
        self.settle(tx, &entries).await?;
        self.begin_session(user, false, "invitation", now).await
    }

    /// All accounts, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn accounts(&self, _by: Allowed<ManageUsers>) -> Result<Vec<Account>> {
        Ok(self.store.read().await?.accounts().await?.into_iter().map(shown).collect())
    }
    /// Names of those who hold a role: whom to ask.
    ///
    /// # Errors
    /// The database's.
    pub async fn holders(&self, role: Role) -> Result<Vec<String>> {
        let all = self.store.read().await?.accounts().await?;
        Ok(all.into_iter().map(shown).filter(|a| !a.disabled && a.roles.has(role)).map(|a| a.name).collect())
    }
    /// What somebody goes by here; empty if there is no such user.
    ///
    /// # Errors
    /// The database's.
    pub async fn name_of(&self, user: UserId) -> Result<String> {
        Ok(self.store.read().await?.account(user).await?.map_or_else(String::new, |account| account.name))
    }
    /// Adds a user, and a link by which they set their password: to hand over, good once and for three days.
    ///
    /// # Errors
    /// A name or address that is taken or not in order, no roles; the database's.
    pub async fn invite(
        &self,
        by: Allowed<ManageUsers>,
        name: &str,
        email: &str,
        roles: Roles,
        now: Timestamp,
    ) -> Result<Secret> {
        let (name, email) = (user_name(name)?, sign_in_address(email)?);
        if roles == Roles::default() {
            return Err(AppError::invalid("a user needs at least one role"));
        }
        let user = UserId::random();
        let secret = Secret::generate().ok_or(discreet_vault::Refused::Failed)?;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        if tx.user_named(name).await?.is_some() {
            return Err(AppError::conflict("there is a user of that name already"));
        }
        if tx.account_at(&email).await?.is_some() {
            return Err(AppError::conflict("somebody signs in with that address already"));
        }
        tx.add_user(user, name, &roles.names().join(","), now).await?;
        tx.set_email(user, &email).await?;
        tell_of_roles(&mut tx, user, roles, now).await?;
        let expires = now.plus_seconds(INVITATION_SECONDS);
        let link = WayInRow { kind: INVITATION.to_owned(), user: Some(user), expires };
        tx.add_way_in(&secret.hash().0, &link).await?;
        let entry = |event| Entry { at: now, by: by.actor(), event };
        let entries = [
            entry(Event::UserAdded { user, roles: roles.names() }),
            entry(Event::WayInMade { user: Some(user), kind: INVITATION.to_owned() }),
        ];
        self.settle(tx, &entries).await?;
        Ok(secret)
    }
    /// A new link for somebody who has lost their password or telephone.
    ///
    /// # Errors
    /// No such user, or one disabled; the database's.
    pub async fn invite_again(
        &self,
        by: Allowed<ManageUsers>,
        user: UserId,
        now: Timestamp,
    ) -> Result<Secret> {
        let account = self.store.read().await?.account(user).await?.filter(|account| !account.disabled);
        if account.ok_or(AppError::NotFound("user"))?.email.is_none() {
            return Err(AppError::conflict("this user has no address to sign in with"));
        }
        self.way_in(INVITATION, Some(user), by.actor(), now.plus_seconds(INVITATION_SECONDS), now).await
    }
    /// A link that signs a demo's user in once. Only in a demo installation.
    ///
    /// # Errors
    /// Not a demo; no such user; the database's.
    pub async fn demo_link(&self, by: Allowed<ManageUsers>, user: UserId, now: Timestamp) -> Result<Secret> {
        if !self.demo {
            return Err(AppError::conflict("only a demo lets people in without a password"));
        }
        self.way_in(DEMO, Some(user), by.actor(), now.plus_seconds(INVITATION_SECONDS), now).await
    }
    /// Signs in by such a link.
    ///
    /// # Errors
    /// [`AppError::WrongSecret`] unless this is a demo and the link is good; the database's.
    pub async fn sign_in_to_demo(&self, secret: &Secret, now: Timestamp) -> Result<Began> {
        let hash = secret.hash().0;
        let link = self.store.read().await?.way_in(&hash).await?;
        let good = link.filter(|link| self.demo && link.kind == DEMO && now < link.expires);
        let user = good.and_then(|link| link.user).ok_or(AppError::WrongSecret)?;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        if !tx.use_way_in(&hash).await? {
            return Err(AppError::WrongSecret);
        }
        self.settle(tx, &[]).await?;
        self.begin_session(user, true, "demo", now).await
    }
}

/// Text areas have lines; empty ones are dropped.
pub(crate) fn lines(given: &[String]) -> Vec<String> {
    given.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// Checks and stretches a new password, away from the threads that serve.
async fn stretched(password: SecretString, own: Vec<String>) -> Result<PasswordHash> {
    let work = move || {
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        let checked = Password::check(&password, &own)?;
        checked.hash().ok_or(AppError::Vault(discreet_vault::Refused::Failed))
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| AppError::Vault(discreet_vault::Refused::Failed))?
}
