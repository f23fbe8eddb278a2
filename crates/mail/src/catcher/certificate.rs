//! A certificate authority of the catcher's own, made afresh at each start, and one certificate of it.

use super::CatcherError;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;

pub(super) struct Certificate {
    pub(super) authority_pem: String,
    pub(super) acceptor: TlsAcceptor,
}

impl Certificate {
    pub(super) fn new(name: &str) -> Result<Certificate, CatcherError> {
        made(name).ok_or(CatcherError::Certificate)
    }
}

fn made(name: &str) -> Option<Certificate> {
    let mut params = CertificateParams::new(Vec::new()).ok()?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.distinguished_name.push(DnType::CommonName, "Discreet mail catcher (demonstration)");
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().ok()?).ok()?;
    let key = KeyPair::generate().ok()?;
    let mut params = CertificateParams::new(vec![name.to_owned()]).ok()?;
    params.distinguished_name.push(DnType::CommonName, name);
    let leaf = params.signed_by(&key, &authority).ok()?;
    let secret = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .ok()?
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], secret)
        .ok()?;
    Some(Certificate { authority_pem: authority.pem(), acceptor: TlsAcceptor::from(Arc::new(config)) })
}
