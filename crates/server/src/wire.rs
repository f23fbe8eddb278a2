//! Wiring: configuration → an open installation, a signed-in user, a relay.

use crate::clock::now;
use crate::config::{self, Config, ConfigError, RelayTls};
use discreet_access::{Action, Allowed, NotAllowed, Token, Who};
use discreet_app::installation::Sites;
use discreet_app::{App, AppError};
use discreet_mail::{Roots, SmtpConfig, SmtpCredentials, SmtpRelay, SmtpTls};
use discreet_store::Location;
use discreet_vault::Unlock;
use secrecy::{ExposeSecret, SecretString};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// What can go wrong before a verb is reached.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The verb.
    #[error(transparent)]
    App(#[from] AppError),
    /// The call's words are off.
    #[error("{0}")]
    Usage(String),
    /// It was done, and the answer is no.
    #[error("{0}")]
    Refused(String),
    /// The file system.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl Failure {
    /// The exit code: 2 for wrong usage, 1 for everything else that did not work.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Failure::Usage(_) => 2,
            _ => 1,
        }
    }
}

impl From<NotAllowed> for Failure {
    fn from(e: NotAllowed) -> Self {
        Failure::App(e.into())
    }
}
impl From<discreet_store::StoreError> for Failure {
    fn from(e: discreet_store::StoreError) -> Self {
        Failure::App(e.into())
    }
}

/// The result of a command.
pub type Result<T> = std::result::Result<T, Failure>;

/// Where this command works, and as whom.
#[derive(Clone, Debug)]
pub struct Place {
    /// The data directory.
    pub data_dir: PathBuf,
    /// The configuration.
    pub config: Config,
    /// Who, by name.
    pub as_name: Option<String>,
}

impl Place {
    /// Where the installation's things lie.
    pub fn sites(&self) -> Sites {
        let at = |given: &Option<PathBuf>, default: &str| match given {
            Some(path) => self.data_dir.join(path),
            None => self.data_dir.join(default),
        };
        let storage = &self.config.storage;
        let located = |url: &Option<String>, file: PathBuf| match url {
            Some(url) => Location::Url(url.clone()),
            None => Location::File(file),
        };
        Sites {
            data: located(&storage.data_url, self.data_dir.join("discreet.db")),
            shelf: located(&storage.shelf_url, at(&storage.shelf, "shelf/shelf.db")),
            keyring: at(&storage.keyring, "keyring/keyring.json"),
            folder: self.data_dir.clone(),
        }
    }
    /// What unlocks the keyring: the environment first, then the configuration, then whoever sits there.
    ///
    /// # Errors
    /// Nothing to unlock it with.
    pub fn unlock(&self) -> Result<Unlock> {
        match self.given()? {
            Some(unlock) => Ok(unlock),
            None => Ok(Unlock::Passphrase(asked("Passphrase: ")?)),
        }
    }
    /// The same for a keyring that is made now: whoever sits there types it twice.
    ///
    /// # Errors
    /// As [`Place::unlock`]; two that differ.
    pub fn new_unlock(&self) -> Result<Unlock> {
        match self.given()? {
            Some(unlock) => Ok(unlock),
            None => asked_twice(),
        }
    }
    fn given(&self) -> Result<Option<Unlock>> {
        if let Some(words) = environment("DISCREET_PASSPHRASE") {
            return Ok(Some(Unlock::Passphrase(words.into())));
        }
        if let Some(key) = environment("DISCREET_KEY") {
            return Ok(Some(Unlock::Key(key.into())));
        }
        if let Some(file) = &self.config.unlock.key_file {
            return Ok(Some(Unlock::Key(config::read_secret(&self.data_dir.join(file))?)));
        }
        let Some(name) = &self.config.unlock.credential else { return Ok(None) };
        let folder = environment("CREDENTIALS_DIRECTORY").ok_or_else(|| {
            Failure::Usage("`unlock.credential` needs systemd's LoadCredential=".to_owned())
        })?;
        Ok(Some(Unlock::Passphrase(config::read_secret(&Path::new(&folder).join(name))?)))
    }
    /// Opens the installation.
    ///
    /// # Errors
    /// Missing, wrong passphrase, newer; checkpoints that would not be kept elsewhere.
    pub async fn open(&self) -> Result<App> {
        let app = App::open(&self.sites(), &self.unlock()?).await?;
        app.keep_checkpoints_in(self.config.serve.checkpoints.as_ref().map(|at| self.data_dir.join(at)))?;
        Ok(app)
    }
    /// The token of whoever calls: the environment's, or the one saved under the name given.
    fn token(&self) -> Result<Token> {
        let text = match (environment("DISCREET_TOKEN"), &self.as_name) {
            (Some(text), _) => text,
            (None, Some(name)) => {
                let file = token_file(name).ok_or_else(|| Failure::Usage("set DISCREET_TOKEN".to_owned()))?;
                std::fs::read_to_string(&file).map_err(|_| {
                    Failure::Usage(format!(
                        "no token for `{name}`: set DISCREET_TOKEN, or save it in {}",
                        file.display()
                    ))
                })?
            }
            (None, None) => {
                return Err(Failure::Usage(
                    "who are you? Set DISCREET_TOKEN, or name a saved token with --as".to_owned(),
                ));
            }
        };
        Token::parse(&text).ok_or(Failure::App(NotAllowed::Unknown.into()))
    }
    /// Opens the installation and signs in.
    ///
    /// # Errors
    /// As [`Place::open`]; no token, or one that is not good.
    pub async fn sign_in(&self) -> Result<(App, Who)> {
        let token = self.token()?;
        let app = self.open().await?;
        let who = app.sign_in(&token, self.as_name.as_deref(), now()).await?;
        Ok((app, who))
    }
    /// The relay mail goes to.
    ///
    /// # Errors
    /// None is configured, or it cannot be used.
    pub fn relay(&self, app: &App) -> Result<SmtpRelay> {
        let config = self.config.relay.as_ref().ok_or_else(|| {
            Failure::Usage("no relay is configured: set [relay] in discreet.toml".to_owned())
        })?;
        let from = app.settings().from_address;
        let domain = from.rsplit('@').next().unwrap_or("localhost").to_owned();
        let mut smtp =
            SmtpConfig::new(&config.host, config.port, config.hello_name.as_deref().unwrap_or(&domain));
        smtp.tls = match config.tls {
            RelayTls::Starttls => SmtpTls::StartTls,
            RelayTls::Implicit => SmtpTls::Implicit,
            RelayTls::Loopback => SmtpTls::InsecureLoopback,
        };
        if let Some(file) = &config.ca_file {
            smtp.roots = Roots::SystemAnd(config::read(&self.data_dir.join(file))?);
        }
        if let (Some(user), Some(file)) = (&config.user, &config.password_file) {
            let password = config::read_secret(&self.data_dir.join(file))?;
            smtp.credentials = Some(SmtpCredentials { user: user.clone(), password });
        }
        SmtpRelay::new(smtp).map_err(|e| Failure::Usage(format!("[relay]: {e}")))
    }
}

/// A new passphrase, from the environment or typed twice.
///
/// # Errors
/// Neither is possible; two that differ.
pub fn new_unlock(variable: &str) -> Result<Unlock> {
    match environment(variable) {
        Some(words) => Ok(Unlock::Passphrase(words.into())),
        None => asked_twice(),
    }
}

fn asked_twice() -> Result<Unlock> {
    let words = asked("New passphrase: ")?;
    if asked("The same again: ")?.expose_secret() != words.expose_secret() {
        return Err(Failure::Usage("the two passphrases differ".to_owned()));
    }
    Ok(Unlock::Passphrase(words))
}

fn asked(prompt: &str) -> Result<SecretString> {
    if std::io::stdin().is_terminal() {
        return Ok(rpassword::prompt_password(prompt)?.into());
    }
    Err(Failure::Usage("nothing to unlock the keyring with: set DISCREET_PASSPHRASE".to_owned()))
}

/// Asks for leave, and logs it if there is none.
///
/// # Errors
/// [`NotAllowed`], once it is in the log.
pub async fn leave<A: Action>(app: &App, who: &Who, action: A) -> Result<Allowed<A>> {
    match who.may(action) {
        Ok(allowed) => Ok(allowed),
        Err(why) => {
            app.log_refusal(who.actor(), why, now()).await?;
            Err(why.into())
        }
    }
}

/// A setting from the environment; empty counts as none.
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

/// Where a user's token is saved on this machine, for `--as`.
pub fn token_file(name: &str) -> Option<PathBuf> {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    let config = environment("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| environment("HOME").map(|home| Path::new(&home).join(".config")))?;
    plain.then(|| config.join("discreet").join(format!("{name}.token")))
}
