//! TLS to a relay: verified against the system's roots or the operator's own, always with the name.

use crate::outcome::Problem;
use rustls::client::WebPkiServerVerifier;
use rustls::{CertificateError, ClientConfig, Error as TlsError, RootCertStore};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName};
use std::sync::Arc;
use tokio_rustls::TlsConnector;

/// Whose certificates are trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Roots {
    /// The operating system's list.
    #[default]
    System,
    /// The system's list and these certificates (PEM).
    SystemAnd(String),
    /// These certificates (PEM) and no others: a relay of one's own.
    Only(String),
}

/// The TLS settings of a relay cannot be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TlsSetupError {
    /// The PEM text holds no certificate, or one that cannot be read.
    #[error("the extra certificates are not PEM")]
    Pem,
    /// There is nothing to trust.
    #[error("no trusted certificate authorities were found")]
    NoRoots,
    /// The name is neither a host name nor an address.
    #[error("the relay's name is not a host name")]
    Name,
    /// The TLS library refused the settings.
    #[error("TLS cannot be set up")]
    Config,
}

/// Connects with TLS 1.2 or 1.3, and verifies chain and name.
#[derive(Clone)]
pub(super) struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl Tls {
    pub(super) fn new(host: &str, roots: &Roots) -> Result<Tls, TlsSetupError> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| TlsSetupError::Name)?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(store(roots)?), provider.clone())
            .build()
            .map_err(|_| TlsSetupError::Config)?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| TlsSetupError::Config)?
            .with_webpki_verifier(verifier)
            .with_no_client_auth();
        Ok(Tls { connector: TlsConnector::from(Arc::new(config)), name })
    }

    pub(super) async fn over<S>(&self, io: S) -> Result<tokio_rustls::client::TlsStream<S>, Problem>
    where
        S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    {
        self.connector.connect(self.name.clone(), io).await.map_err(|e| problem(&e))
    }
}

fn store(roots: &Roots) -> Result<RootCertStore, TlsSetupError> {
    let mut store = RootCertStore::empty();
    if matches!(roots, Roots::System | Roots::SystemAnd(_)) {
        let found = rustls_native_certs::load_native_certs();
        store.add_parsable_certificates(found.certs);
    }
    if let Roots::SystemAnd(pem) | Roots::Only(pem) = roots {
        let before = store.len();
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            store.add(certificate.map_err(|_| TlsSetupError::Pem)?).map_err(|_| TlsSetupError::Pem)?;
        }
        if store.len() == before {
            return Err(TlsSetupError::Pem);
        }
    }
    if store.is_empty() { Err(TlsSetupError::NoRoots) } else { Ok(store) }
}

/// What a failed handshake means for the person who reads it.
fn problem(error: &std::io::Error) -> Problem {
    let Some(tls) = error.get_ref().and_then(|e| e.downcast_ref::<TlsError>()) else { return Problem::Lost };
    match tls {
        TlsError::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => Problem::WrongName,
        TlsError::InvalidCertificate(
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. },
        ) => Problem::Expired,
        TlsError::InvalidCertificate(_) => Problem::Untrusted,
        _ => Problem::Handshake,
    }
}
