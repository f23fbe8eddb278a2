//! Signing in: by password, then code or recovery code. Whoever guesses is slowed down by account and by network address;
//! a browser that was let in before is counted apart, so that a stranger's guessing does not lock its owner out (OWASP:
//! device cookies).

use super::Began;
use crate::app::App;
use crate::error::{AppError, Result};
use discreet_access::{Pace, PasswordHash, RecoveryCode, SecondFactor, Secret, SignedIn, Throttle};
use discreet_audit::{Entry, Event};
use discreet_domain::{Actor, Timestamp, UserId};
use discreet_store::{AccountRow, Lane};
use discreet_vault::Place;
use secrecy::SecretString;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use tokio::sync::Semaphore;
use uuid::Uuid;

const BY_ACCOUNT: Pace = Pace { free: 8, seconds: 30 };
const BY_ADDRESS: Pace = Pace { free: 40, seconds: 10 };
const BY_CODE: Pace = Pace { free: 5, seconds: 120 };
/// Passwords stretched at a time: each takes memory.
const AT_A_TIME: usize = 2;
/// What is verified when there is no such account, so that the answer takes as long. Of no password.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$mDbVOVqLLqnSB1Vf6QYsv0CvBXSNgaTuIXMEkyGKk8g";

/// Who knocks.
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// From which network address.
    pub address: Option<IpAddr>,
    /// What a browser shows that was let in before.
    pub device: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Knocking {
    /// An account, from browsers never let in.
    Account(String),
    /// An account, from a browser let in before.
    Device(String),
}

/// Remembers who failed.
#[derive(Debug)]
pub struct Doorman {
    accounts: Mutex<Throttle<Knocking>>,
    addresses: Mutex<Throttle<IpAddr>>,
    codes: Mutex<Throttle<UserId>>,
    stretching: Semaphore,
}

impl Default for Doorman {
    fn default() -> Doorman {
        Doorman {
            accounts: Mutex::new(Throttle::new(BY_ACCOUNT)),
            addresses: Mutex::new(Throttle::new(BY_ADDRESS)),
            codes: Mutex::new(Throttle::new(BY_CODE)),
            stretching: Semaphore::new(AT_A_TIME),
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An IPv6 network counts as one: a household has that many addresses.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
    }
}

impl Doorman {
    fn wait(&self, knocking: &Knocking, address: Option<IpAddr>, now: Timestamp) -> Result<()> {
        let by_address = address.map_or(0, |a| locked(&self.addresses).wait(&network(a), now));
        match locked(&self.accounts).wait(knocking, now).max(by_address) {
            0 => Ok(()),
            seconds => Err(AppError::Wait(seconds)),
        }
    }
    fn failed(&self, knocking: Knocking, address: Option<IpAddr>, now: Timestamp) {
        locked(&self.accounts).failed(knocking, now);
        if let Some(address) = address {
            locked(&self.addresses).failed(network(address), now);
        }
    }
}

fn second_place(user: UserId) -> Place<'static> {
    Place { table: "credential", row: user.uuid().as_u128(), column: "second", version: 1 }
}

impl App {
    /// Signs in by password. Roles with a second factor are not in yet then.
    ///
    /// # Errors
    /// [`AppError::WrongSecret`], whatever is wrong; [`AppError::Wait`] after too many tries; the database's.
    pub async fn sign_in_with_password(
        &self,
        email: &str,
        password: SecretString,
        client: &Client,
        now: Timestamp,
    ) -> Result<Began> {
        let email = email.trim().to_lowercase();
        let account = self.store.read().await?.account_at(&email).await?;
        let account = account.filter(|account| !account.disabled);
        let knocking = self.knocking(&email, account.as_ref(), client);
        self.doorman.wait(&knocking, client.address, now)?;
        let stored = account.as_ref().and_then(|account| account.password.clone());
        let hash = PasswordHash::stored(stored.unwrap_or_else(|| NOBODYS.to_owned()));
        let turn = self.doorman.stretching.acquire().await;
        // Those before have failed meanwhile.
        self.doorman.wait(&knocking, client.address, now)?;
        let right = tokio::task::spawn_blocking(move || hash.verify(&password)).await.unwrap_or(false);
        drop(turn);
        match account {
            Some(account) if right => {
                locked(&self.doorman.accounts).forgive(&knocking);
                self.begin_session(account.id, false, "password", now).await
            }
            account => {
                self.doorman.failed(knocking, client.address, now);
                let user = account.map(|account| account.id);
                self.sign_in_failed(Actor::Visitor, user, "password", now).await?;
                Err(AppError::WrongSecret)
            }
        }
    }
    fn knocking(&self, email: &str, account: Option<&AccountRow>, client: &Client) -> Knocking {
        let known = client
            .device
            .as_deref()
            .zip(account)
            .filter(|(cookie, account)| self.is_device_of(cookie, account.id));
        match known {
            Some((cookie, _)) => Knocking::Device(cookie.to_owned()),
            None => Knocking::Account(email.to_owned()),
        }
    }
    /// `by` is whoever was shown to be there: before the password is right, nobody, whatever account was tried.
    async fn sign_in_failed(
        &self,
        by: Actor,
        user: Option<UserId>,
        reason: &str,
        now: Timestamp,
    ) -> Result<()> {
        let tx = self.store.begin(Lane::Receipt).await?;
        self.settle_one(tx, by, Event::SignInFailed { user, reason: reason.to_owned() }, now).await
    }

    /// What a browser is given that was let in: `nonce.user.tag`, the tag keyed by the keyring.
    pub(super) fn device_cookie(&self, user: UserId) -> Result<String> {
        let nonce = Uuid::new_v4();
        let said = format!("{}.{}", nonce.simple(), user.uuid().simple());
        let tag = self.vault.with_keyring(|k| k.word_tag("device", &said)).hex();
        Ok(format!("{said}.{tag}"))
    }
    fn is_device_of(&self, cookie: &str, user: UserId) -> bool {
        let Some((said, tag)) = cookie.rsplit_once('.') else { return false };
        said.ends_with(&user.uuid().simple().to_string())
            && self.vault.with_keyring(|k| k.word_tag("device", said)).hex() == tag
    }

    /// Shows the second factor's code. The session goes on under another secret: one that was planted before is worth
    /// nothing.
    ///
    /// # Errors
    /// [`AppError::WrongSecret`], whatever is wrong; [`AppError::Wait`] after too many tries; the database's.
    pub async fn show_code(&self, secret: &Secret, code: &str, now: Timestamp) -> Result<Began> {
        let account = self.half_signed_in(secret, now).await?;
        let step = self.checked_step(&account, code, now);
        let used = match step {
            Some(step) => self.use_up(account.id, step, now).await?,
            None => false,
        };
        self.go_on(secret, account.id, used, "code", now).await
    }
    /// Shows a recovery code instead, which is used up.
    ///
    /// # Errors
    /// As [`App::show_code`].
    pub async fn show_recovery_code(&self, secret: &Secret, code: &str, now: Timestamp) -> Result<Began> {
        let account = self.half_signed_in(secret, now).await?;
        let used = match RecoveryCode::parse(code) {
            Some(code) => {
                let mut tx = self.store.begin(Lane::Receipt).await?;
                let used = tx.use_recovery_code(account.id, code.hash()).await?;
                self.settle(tx, &[]).await?;
                used
            }
            None => false,
        };
        self.go_on(secret, account.id, used, "recovery_code", now).await
    }
    async fn half_signed_in(&self, secret: &Secret, now: Timestamp) -> Result<AccountRow> {
        let session = self.session(secret, true, now).await?.ok_or(AppError::WrongSecret)?;
        let SignedIn::WantsCode(user) = session.signed_in else { return Err(AppError::WrongSecret) };
        match locked(&self.doorman.codes).begin(user, now) {
            0 => {}
            seconds => return Err(AppError::Wait(seconds)),
        }
        self.store.read().await?.account(user).await?.ok_or(AppError::WrongSecret)
    }
    fn checked_step(&self, account: &AccountRow, code: &str, now: Timestamp) -> Option<u64> {
        let sealed = account.second.as_ref()?;
        let bytes = self.organization.open(second_place(account.id), sealed).ok()?;
        SecondFactor::from_bytes(&bytes)?.check(code, account.step, now)
    }
    async fn use_up(&self, user: UserId, step: u64, _now: Timestamp) -> Result<bool> {
        let mut tx = self.store.begin(Lane::Receipt).await?;
        let used = tx.use_step(user, step).await?;
        self.settle(tx, &[]).await?;
        Ok(used)
    }
    async fn go_on(
        &self,
        secret: &Secret,
        user: UserId,
        right: bool,
        by: &str,
        now: Timestamp,
    ) -> Result<Began> {
        if !right {
            self.sign_in_failed(Actor::User(user), Some(user), by, now).await?;
            return Err(AppError::WrongSecret);
        }
        locked(&self.doorman.codes).forgive(&user);
        let mut tx = self.store.begin(Lane::Receipt).await?;
        tx.end_session(&secret.hash().0).await?;
        self.settle(tx, &[]).await?;
        self.begin_session(user, true, by, now).await
    }

    /// A fresh second factor for whoever holds this session, and the same sealed for the form that will confirm it.
    ///
    /// # Errors
    /// Nobody is signed in; the database's.
    pub async fn fresh_second_factor(
        &self,
        secret: &Secret,
        now: Timestamp,
    ) -> Result<(SecondFactor, Vec<u8>)> {
        let session = self.session(secret, true, now).await?.ok_or(AppError::WrongSecret)?;
        let factor = SecondFactor::generate().ok_or(discreet_vault::Refused::Failed)?;
        let sealed = self.organization.seal(second_place(session.user), factor.bytes())?;
        Ok((factor, sealed))
    }
    /// Reads a sealed second factor back, to show its page again.
    ///
    /// # Errors
    /// Nobody is signed in; it is not theirs.
    pub async fn same_second_factor(
        &self,
        secret: &Secret,
        sealed: &[u8],
        now: Timestamp,
    ) -> Result<SecondFactor> {
        let session = self.session(secret, true, now).await?.ok_or(AppError::WrongSecret)?;
        let bytes = self.organization.open(second_place(session.user), sealed)?;
        SecondFactor::from_bytes(&bytes).ok_or(AppError::WrongSecret)
    }
    /// Sets the second factor of whoever holds this session, once they show its code. Who has one already must have shown
    /// it. Returns recovery codes, to show once; the session goes on under another secret.
    ///
    /// # Errors
    /// [`AppError::WrongSecret`]; [`AppError::Wait`]; the database's.
    pub async fn set_second_factor(
        &self,
        secret: &Secret,
        sealed: Vec<u8>,
        code: &str,
        now: Timestamp,
    ) -> Result<(Began, Vec<RecoveryCode>)> {
        let session = self.session(secret, true, now).await?.ok_or(AppError::WrongSecret)?;
        if matches!(session.signed_in, SignedIn::WantsCode(_)) {
            return Err(AppError::WrongSecret);
        }
        let user = session.user;
        match locked(&self.doorman.codes).begin(user, now) {
            0 => {}
            seconds => return Err(AppError::Wait(seconds)),
        }
        let bytes = self.organization.open(second_place(user), &sealed)?;
        let step = SecondFactor::from_bytes(&bytes).and_then(|factor| factor.check(code, 0, now));
        let Some(step) = step else {
            return Err(AppError::WrongSecret);
        };
        locked(&self.doorman.codes).forgive(&user);
        let codes = RecoveryCode::generate().ok_or(discreet_vault::Refused::Failed)?;
        let hashes: Vec<[u8; 32]> = codes.iter().map(RecoveryCode::hash).collect();
        let mut tx = self.store.begin(Lane::Receipt).await?;
        if tx.set_second(user, Some(sealed), step).await? != 1 {
            return Err(AppError::conflict("set a password first"));
        }
        tx.set_recovery_codes(user, &hashes).await?;
        tx.end_sessions_of(user).await?;
        let entry = Entry { at: now, by: Actor::User(user), event: Event::SecondFactor { user, set: true } };
        self.settle(tx, &[entry]).await?;
        Ok((self.begin_session(user, true, "code", now).await?, codes))
    }

    /// Shows again who one is, before something that cannot be undone: by code, or by password where there is no second
    /// factor.
    ///
    /// # Errors
    /// [`AppError::WrongSecret`]; [`AppError::Wait`]; the database's.
    pub async fn confirm(&self, secret: &Secret, shown: SecretString, now: Timestamp) -> Result<()> {
        use secrecy::ExposeSecret;
        let session = self.session(secret, true, now).await?.ok_or(AppError::WrongSecret)?;
        let account = self.store.read().await?.account(session.user).await?.ok_or(AppError::WrongSecret)?;
        match locked(&self.doorman.codes).begin(account.id, now) {
            0 => {}
            seconds => return Err(AppError::Wait(seconds)),
        }
        let right = match (&account.second, &account.password) {
            (Some(_), _) => match self.checked_step(&account, shown.expose_secret(), now) {
                Some(step) => self.use_up(account.id, step, now).await?,
                None => false,
            },
            (None, Some(password)) => {
                let hash = PasswordHash::stored(password.clone());
                let _turn = self.doorman.stretching.acquire().await;
                tokio::task::spawn_blocking(move || hash.verify(&shown)).await.unwrap_or(false)
            }
            // a demo's user has neither: there is nothing to show
            (None, None) => self.demo,
        };
        if !right {
            self.sign_in_failed(Actor::User(account.id), Some(account.id), "confirm", now).await?;
            return Err(AppError::WrongSecret);
        }
        locked(&self.doorman.codes).forgive(&account.id);
        let mut tx = self.store.begin(Lane::Receipt).await?;
        tx.session_confirmed(&secret.hash().0, now).await?;
        self.settle_one(
            tx,
            Actor::User(account.id),
            Event::SignedIn { user: account.id, by: "confirm".to_owned() },
            now,
        )
        .await
    }
}
