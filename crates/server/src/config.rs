//! `discreet.toml`: what whoever runs it decides. One documented struct; unknown keys are refused; loading writes
//! nothing. `example.toml` beside this file is the same, commented, and a test holds the two together.

use secrecy::SecretString;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The file's name in the data directory.
pub const FILE: &str = "discreet.toml";

/// The configuration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where things lie.
    pub storage: Storage,
    /// What unlocks the keyring.
    pub unlock: Unlocking,
    /// The relay that mail goes to. Without it nothing is sent.
    pub relay: Option<RelayConfig>,
    /// How mail is sent.
    pub sending: Sending,
    /// The server.
    pub serve: Serve,
}

/// Where things lie. Relative paths are relative to the data directory.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Storage {
    /// A PostgreSQL URL for the data, instead of `discreet.db`.
    pub data_url: Option<String>,
    /// A PostgreSQL URL for the key shelf: another database, never in the data's backups.
    pub shelf_url: Option<String>,
    /// The key shelf's file: default `shelf/shelf.db`.
    pub shelf: Option<PathBuf>,
    /// The keyring's file: default `keyring/keyring.json`.
    pub keyring: Option<PathBuf>,
}

impl std::fmt::Debug for Storage {
    /// Without URLs, which may hold passwords.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Storage")
            .field("shelf", &self.shelf)
            .field("keyring", &self.keyring)
            .finish_non_exhaustive()
    }
}

/// What unlocks the keyring, besides `DISCREET_PASSPHRASE` and `DISCREET_KEY`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Unlocking {
    /// A file that holds 32 random bytes in base64, readable by the service alone.
    pub key_file: Option<PathBuf>,
    /// The name of a systemd credential that holds the passphrase (`LoadCredential=`).
    pub credential: Option<String>,
}

/// How the way to the relay is kept safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelayTls {
    /// STARTTLS, required.
    #[default]
    Starttls,
    /// TLS from the first byte.
    Implicit,
    /// Clear text to a relay on this machine. Refused for any other.
    Loopback,
}

/// The relay that mail goes to.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelayConfig {
    /// Its host name; its certificate must be for it.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is kept safe.
    #[serde(default)]
    pub tls: RelayTls,
    /// A PEM file of certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// The user to sign in as.
    pub user: Option<String>,
    /// A file that holds the password.
    pub password_file: Option<PathBuf>,
    /// The name to say hello with: default the sender's domain.
    pub hello_name: Option<String>,
}

impl std::fmt::Debug for RelayConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RelayConfig")
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

/// How mail is sent. The defaults suit a clinic.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sending {
    /// Messages claimed and handed over at a time.
    pub batch: u32,
    /// Deliveries at a time, per dispatcher.
    pub concurrency: usize,
    /// For how many seconds a dispatcher holds messages before it hands them over.
    pub claim_seconds: u32,
    /// After how many seconds without an outcome a message counts as `unknown`. Longer than any delivery takes.
    pub delivery_seconds: u32,
    /// Seconds until the next try of what was deferred or not tried.
    pub retry_seconds: u32,
}

impl Default for Sending {
    fn default() -> Self {
        Sending { batch: 100, concurrency: 8, claim_seconds: 60, delivery_seconds: 600, retry_seconds: 30 }
    }
}

impl Sending {
    /// As a dispatcher takes it.
    pub fn pace(&self) -> discreet_app::dispatch::Pace {
        discreet_app::dispatch::Pace {
            batch: self.batch.max(1),
            concurrency: self.concurrency.max(1),
            claim_seconds: i64::from(self.claim_seconds.max(1)),
            delivery_seconds: i64::from(self.delivery_seconds.max(1)),
            retry_seconds: i64::from(self.retry_seconds),
        }
    }
}

/// The server.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Serve {
    /// Where it listens.
    pub listen: String,
    /// Whether patients reach it by https, through a proxy of yours that ends TLS.
    pub https: bool,
    /// How many dispatchers send at a time.
    pub dispatchers: usize,
    /// The name server asked whether our DNS records are published, instead of the system's: `ADDRESS:PORT`.
    pub dns: Option<std::net::SocketAddr>,
    /// A folder that another machine keeps, mounted here: a checkpoint of the log is written into it every day.
    pub checkpoints: Option<PathBuf>,
    /// Whether webhooks may go to private addresses, and by http to this machine.
    pub private_webhooks: bool,
}

impl Default for Serve {
    fn default() -> Self {
        Serve {
            listen: "127.0.0.1:8025".to_owned(),
            https: true,
            dispatchers: 2,
            dns: None,
            checkpoints: None,
            private_webhooks: false,
        }
    }
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path}: {source}")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not in order.
    #[error("{path}: {text}")]
    Form {
        /// Which.
        path: PathBuf,
        /// What, where, what was expected.
        text: String,
    },
}

impl Config {
    /// Reads the file in the data directory, or `path`. No file: the defaults.
    ///
    /// # Errors
    /// [`ConfigError`]
    pub fn load(data_dir: &Path, path: Option<&Path>) -> Result<Config, ConfigError> {
        let default = data_dir.join(FILE);
        let path = match path {
            Some(path) => path,
            None if !default.exists() => return Ok(Config::default()),
            None => &default,
        };
        let text = read(path)?;
        toml::from_str(&text).map_err(|e| ConfigError::Form { path: path.to_owned(), text: e.to_string() })
    }
}

/// Reads a file of text.
///
/// # Errors
/// [`ConfigError::Read`]
pub fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })
}

/// Reads a file of bytes.
///
/// # Errors
/// [`ConfigError::Read`]
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, ConfigError> {
    std::fs::read(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })
}

/// Reads a secret from a file, without the line's end.
///
/// # Errors
/// [`ConfigError::Read`]
pub fn read_secret(path: &Path) -> Result<SecretString, ConfigError> {
    Ok(read(path)?.trim_end_matches(['\r', '\n']).to_owned().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_the_defaults_and_every_key_is_known() {
        let example = include_str!("example.toml");
        let shown: Config = toml::from_str(example).unwrap();
        assert_eq!(format!("{shown:?}"), format!("{:?}", Config::default()));
        // With every comment taken off that hides a setting, it must still read.
        let all: String =
            example.lines().map(|l| l.strip_prefix("#: ").unwrap_or(l).to_owned() + "\n").collect();
        let all: Config = toml::from_str(&all).unwrap();
        assert!(all.relay.is_some() && all.storage.data_url.is_some() && all.unlock.credential.is_some());
    }

    #[test]
    fn unknown_keys_are_refused_with_a_place() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(FILE), "[serve]\nlisten = \"127.0.0.1:1\"\nlisen = 1\n").unwrap();
        let error = Config::load(dir.path(), None).unwrap_err().to_string();
        assert!(error.contains("lisen") && error.contains("line 3"), "{error}");
    }

    #[test]
    fn secrets_do_not_show() {
        let text = "[storage]\ndata_url = \"postgres://u:secret@h/d\"\n[relay]\nhost = \"h\"\nport = 1\npassword_file = \"p\"";
        let config: Config = toml::from_str(text).unwrap();
        assert!(!format!("{config:?}").contains("secret"));
    }
}
