//! The relay that speaks SMTP. The only code in Discreet that takes mail out of the building.
//!
//! An SMTP client of our own, because of one question that client libraries do not answer: had the final dot been sent
//! when it failed? See [`session`] for the steps.

#[cfg(test)]
mod rates;
mod reply;
mod session;
#[cfg(test)]
mod tests;
mod tls;
mod wire;

use crate::outcome::{Outcome, Problem, Reason, Step};
use crate::relay::{Leaving, Relay};
use crate::rendered::Rendered;
use secrecy::SecretString;
use session::Session;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tls::Tls;
pub use tls::{Roots, TlsSetupError};

/// How the way to the relay is kept safe.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SmtpTls {
    /// STARTTLS, required (port 587 or 25).
    StartTls,
    /// TLS from the first byte (port 465).
    Implicit,
    /// Clear text, on loopback only: demonstrations and tests. Any other peer is refused before a word is said.
    InsecureLoopback,
}

/// How to sign in.
#[derive(Clone)]
pub struct SmtpCredentials {
    /// The user.
    pub user: String,
    /// The password.
    pub password: SecretString,
}

/// How long each step may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timeouts {
    /// To connect.
    pub connect: Duration,
    /// For a command and its answer.
    pub command: Duration,
    /// To write the message.
    pub body: Duration,
    /// For the answer to the final dot: long, because giving up makes an unknown (RFC 5321 §4.5.3.2.6).
    pub answer: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Timeouts {
            connect: Duration::from_secs(20),
            command: Duration::from_secs(60),
            body: Duration::from_secs(180),
            answer: Duration::from_secs(600),
        }
    }
}

/// A relay, as configured.
#[derive(Clone)]
pub struct SmtpConfig {
    /// Its host name; the certificate must be for it.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way is kept safe.
    pub tls: SmtpTls,
    /// Whose certificates are trusted.
    pub roots: Roots,
    /// How to sign in, if at all.
    pub credentials: Option<SmtpCredentials>,
    /// The name we say hello with: the organization's, never the machine's.
    pub hello_name: String,
    /// Unused connections kept, at most.
    pub kept_connections: usize,
    /// Messages over one connection, at most.
    pub messages_per_connection: usize,
    /// How long each step may take.
    pub timeouts: Timeouts,
}

impl SmtpConfig {
    /// The usual settings for a relay: STARTTLS, the system's roots, no sign-in.
    pub fn new(host: &str, port: u16, hello_name: &str) -> SmtpConfig {
        SmtpConfig {
            host: host.to_owned(),
            port,
            tls: SmtpTls::StartTls,
            roots: Roots::System,
            credentials: None,
            hello_name: hello_name.to_owned(),
            kept_connections: 8,
            messages_per_connection: 100,
            timeouts: Timeouts::default(),
        }
    }
}

impl fmt::Debug for SmtpConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmtpConfig({}:{} {:?})", self.host, self.port, self.tls)
    }
}

/// A relay cannot be used as configured.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SmtpSetupError {
    /// The TLS settings.
    #[error(transparent)]
    Tls(#[from] TlsSetupError),
    /// The host or hello name.
    #[error("the relay's host and the hello name are host names")]
    Name,
}

/// A relay reached by SMTP. Callers decide how many messages are under way at once; each has a connection to itself, and
/// unused connections are kept for the next.
pub struct SmtpRelay {
    config: SmtpConfig,
    tls: Option<Tls>,
    idle: Mutex<Vec<Session>>,
}

impl fmt::Debug for SmtpRelay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmtpRelay({:?})", self.config)
    }
}

impl SmtpRelay {
    /// A relay with these settings. Nothing is connected yet.
    ///
    /// # Errors
    /// [`SmtpSetupError`], when the settings cannot be used.
    pub fn new(config: SmtpConfig) -> Result<SmtpRelay, SmtpSetupError> {
        let is_name = |n: &str| {
            n.parse::<std::net::IpAddr>().is_ok() || crate::address::is_host(&n.to_ascii_lowercase())
        };
        if !is_name(&config.host) || !is_name(&config.hello_name) {
            return Err(SmtpSetupError::Name);
        }
        let tls = match config.tls {
            SmtpTls::InsecureLoopback => None,
            SmtpTls::StartTls | SmtpTls::Implicit => Some(Tls::new(&config.host, &config.roots)?),
        };
        Ok(SmtpRelay { config, tls, idle: Mutex::new(Vec::new()) })
    }

    /// Connects, secures and signs in, and keeps the connection: whether mail could leave now.
    ///
    /// # Errors
    /// The [`Reason`] why not.
    pub async fn probe(&self) -> Result<(), Reason> {
        let session = Session::open(&self.config, self.tls.as_ref()).await?;
        self.keep(session).await;
        Ok(())
    }

    /// Closes the connections that are not in use.
    pub async fn close(&self) {
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for session in idle {
            session.quit().await;
        }
    }

    /// Whether mail goes over verified TLS.
    pub fn is_secure(&self) -> bool {
        self.tls.is_some()
    }

    async fn session(&self) -> Result<Session, Reason> {
        loop {
            let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            match kept {
                None => return Session::open(&self.config, self.tls.as_ref()).await,
                Some(mut session) => {
                    if session.ready().await {
                        return Ok(session);
                    }
                }
            }
        }
    }

    async fn keep(&self, session: Session) {
        if !session.reusable() {
            return;
        }
        if session.used >= self.config.messages_per_connection {
            return session.quit().await;
        }
        let surplus = {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.len() < self.config.kept_connections {
                idle.push(session);
                None
            } else {
                Some(session)
            }
        };
        if let Some(session) = surplus {
            session.quit().await;
        }
    }
}

impl Relay for SmtpRelay {
    async fn send(&self, mail: &Rendered, _by: Leaving) -> Outcome {
        let mut session = match self.session().await {
            Ok(session) => session,
            Err(reason) => return Outcome::NotTried { reason },
        };
        let reused = session.used > 0;
        let mut ended = session.give(mail, &self.config).await;
        if ended.stale && reused {
            // The kept connection was gone before MAIL was answered; nothing was said about this message that counts.
            session = match Session::open(&self.config, self.tls.as_ref()).await {
                Ok(session) => session,
                Err(reason) => return Outcome::NotTried { reason },
            };
            ended = session.give(mail, &self.config).await;
        }
        self.keep(session).await;
        ended.outcome
    }
}

/// What a relay that is not there says; for callers that must answer something.
pub const NO_RELAY: Outcome = Outcome::NotTried { reason: Reason::new(Step::Connect, Problem::Unreachable) };
