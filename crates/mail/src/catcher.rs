//! A mail catcher: an SMTP receiver for demonstrations and tests. It listens on loopback, delivers nothing, keeps what it
//! gets, and misbehaves when asked to.

mod certificate;
mod mischief;
mod session;

pub use mischief::{Mischief, Stage};

use certificate::Certificate;
use discreet_domain::Phi;
use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// How the catcher talks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CatcherTls {
    /// Clear text only.
    Plain,
    /// STARTTLS, with a certificate for this name.
    StartTls {
        /// The name in the certificate.
        name: String,
    },
    /// TLS from the first byte, with a certificate for this name.
    Implicit {
        /// The name in the certificate.
        name: String,
    },
}

/// How to run a catcher.
#[derive(Clone, Debug)]
pub struct CatcherConfig {
    /// The port on 127.0.0.1; 0 for any free one.
    pub port: u16,
    /// How it talks.
    pub tls: CatcherTls,
    /// Messages kept; older ones are dropped. All are counted.
    pub kept: usize,
    /// Ask for AUTH, and take only this user and password.
    pub login: Option<(String, String)>,
}

impl CatcherConfig {
    /// STARTTLS for `localhost`, any port, ten thousand messages.
    pub fn secure() -> CatcherConfig {
        CatcherConfig {
            port: 0,
            tls: CatcherTls::StartTls { name: "localhost".to_owned() },
            kept: 10_000,
            login: None,
        }
    }
    /// Clear text, any port, ten thousand messages.
    pub fn plain() -> CatcherConfig {
        CatcherConfig { tls: CatcherTls::Plain, ..CatcherConfig::secure() }
    }
}

/// The catcher cannot run.
#[derive(Debug, thiserror::Error)]
pub enum CatcherError {
    /// The port cannot be listened on.
    #[error("the mail catcher cannot listen on its port")]
    Listen(#[from] io::Error),
    /// No certificate can be made.
    #[error("the mail catcher cannot make its certificate")]
    Certificate,
}

/// A message that was caught.
#[derive(Clone, Debug)]
pub struct Caught {
    /// Its number in the order of arrival, from 0.
    pub number: u64,
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<Phi<String>>,
    /// The message.
    pub bytes: Phi<Vec<u8>>,
    /// Whether it came over TLS.
    pub secure: bool,
}

/// A running catcher. Dropping it stops it.
pub struct Catcher {
    address: SocketAddr,
    certificate: Option<String>,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// What the connections share.
struct Shared {
    kept: Mutex<Kept>,
    most: usize,
    count: watch::Sender<u64>,
    connections: watch::Sender<u64>,
    mischief: Mutex<Mischief>,
    login: Option<(String, String)>,
}

#[derive(Default)]
struct Kept {
    messages: VecDeque<Arc<Caught>>,
    count: u64,
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn take(&self, from: String, to: Vec<String>, bytes: Vec<u8>, secure: bool) {
        let mut kept = locked(&self.kept);
        let number = kept.count;
        kept.count += 1;
        let to = to.into_iter().map(Phi::new).collect();
        kept.messages.push_back(Arc::new(Caught { number, from, to, bytes: Phi::new(bytes), secure }));
        while kept.messages.len() > self.most {
            kept.messages.pop_front();
        }
        self.count.send_replace(kept.count);
    }
    fn mischief(&self) -> Mischief {
        locked(&self.mischief).clone()
    }
}

impl fmt::Debug for Catcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Catcher({}, {} messages)", self.address, self.count())
    }
}

impl Catcher {
    /// Starts a catcher.
    ///
    /// # Errors
    /// [`CatcherError`], when it cannot listen or make its certificate.
    pub async fn start(config: CatcherConfig) -> Result<Catcher, CatcherError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await?;
        let address = listener.local_addr()?;
        let certificate = match &config.tls {
            CatcherTls::Plain => None,
            CatcherTls::StartTls { name } | CatcherTls::Implicit { name } => Some(Certificate::new(name)?),
        };
        let pem = certificate.as_ref().map(|c| c.authority_pem.clone());
        let shared = Arc::new(Shared {
            kept: Mutex::default(),
            most: config.kept,
            count: watch::Sender::new(0),
            connections: watch::Sender::new(0),
            mischief: Mutex::new(Mischief::default()),
            login: config.login,
        });
        let implicit = matches!(config.tls, CatcherTls::Implicit { .. });
        let task = tokio::spawn(accept(listener, shared.clone(), certificate.map(|c| c.acceptor), implicit));
        Ok(Catcher { address, certificate: pem, shared, task })
    }
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }
    /// The certificate authority to trust (PEM), if it speaks TLS.
    pub fn authority_pem(&self) -> Option<&str> {
        self.certificate.as_deref()
    }
    /// Messages received since the start.
    pub fn count(&self) -> u64 {
        *self.shared.count.borrow()
    }
    /// Connections made since the start.
    pub fn connections(&self) -> u64 {
        *self.shared.connections.borrow()
    }
    /// The messages kept, oldest first.
    pub fn messages(&self) -> Vec<Arc<Caught>> {
        locked(&self.shared.kept).messages.iter().cloned().collect()
    }
    /// The message with this number, if it is kept.
    pub fn message(&self, number: u64) -> Option<Arc<Caught>> {
        locked(&self.shared.kept).messages.iter().find(|m| m.number == number).cloned()
    }
    /// Misbehaves from now on, on connections open and new; [`Mischief::default`] ends it.
    pub fn misbehave(&self, mischief: Mischief) {
        *locked(&self.shared.mischief) = mischief;
    }
    /// Waits until so many messages came since the start. Returns whether they did in time.
    pub async fn wait_for(&self, count: u64, within: Duration) -> bool {
        let mut watch = self.shared.count.subscribe();
        tokio::time::timeout(within, watch.wait_for(|c| *c >= count)).await.is_ok_and(|r| r.is_ok())
    }
}

impl Drop for Catcher {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(
    listener: TcpListener,
    shared: Arc<Shared>,
    acceptor: Option<tokio_rustls::TlsAcceptor>,
    implicit: bool,
) {
    // The sessions end with this task.
    let mut sessions = JoinSet::new();
    loop {
        while sessions.try_join_next().is_some() {}
        let Ok((tcp, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await; // out of descriptors, most likely
            continue;
        };
        let _ = tcp.set_nodelay(true);
        shared.connections.send_modify(|c| *c += 1);
        sessions.spawn(session::run(tcp, shared.clone(), acceptor.clone(), implicit));
    }
}
