//! The keys that sign mail: made the first time mail is sent, sealed, published in DNS by whoever runs the domain.

use crate::app::App;
use crate::documents::Draft;
use crate::error::{AppError, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use discreet_access::{Allowed, ManageKeys};
use discreet_domain::{EmailAddress, Label, Timestamp, UserId};
use discreet_mail::{DkimAlgorithm, DkimKey, generate_dkim_key};
use discreet_store::{DocumentKind, Lane};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The two keys, by selector. Not every receiver knows Ed25519, and no one should trust RSA for ever.
const SELECTORS: [(&str, DkimAlgorithm); 2] =
    [("discreet-ed", DkimAlgorithm::Ed25519), ("discreet-rsa", DkimAlgorithm::Rsa)];

/// What is sealed of a key.
#[derive(Serialize, Deserialize)]
struct Stored {
    selector: String,
    /// PKCS#8, in base64.
    key: Zeroizing<String>,
}

/// The signing keys, ready.
#[derive(Debug)]
pub(crate) struct Signing {
    pub(crate) keys: Vec<DkimKey>,
    /// Where bounces go.
    pub(crate) return_path: EmailAddress,
}

/// A record to publish in DNS.
#[derive(Clone, Debug, Serialize)]
pub struct DnsRecord {
    /// Where.
    pub name: String,
    /// What: the text of a TXT record.
    pub text: String,
}

impl App {
    /// The signing keys; made the first time they are asked for.
    pub(crate) async fn signing(&self, now: Timestamp) -> Result<Signing> {
        let from = self.settings().from_address;
        let return_path =
            EmailAddress::parse(&from).map_err(|e| AppError::invalid(format!("`from_address`: {e}")))?;
        let mut stored: Vec<Stored> =
            self.documents(DocumentKind::SigningKey).await?.into_iter().map(|d| d.content).collect();
        if stored.is_empty() {
            stored = self.make_signing_keys(now).await?;
        }
        let ready = |key: &Stored| {
            let pkcs8 = Zeroizing::new(
                STANDARD.decode(key.key.as_bytes()).map_err(|_| AppError::Form("a signing key"))?,
            );
            DkimKey::from_pkcs8(&key.selector, return_path.domain(), &pkcs8)
                .map_err(|_| AppError::Form("a signing key"))
        };
        Ok(Signing { keys: stored.iter().map(ready).collect::<Result<_>>()?, return_path })
    }

    async fn make_signing_keys(&self, now: Timestamp) -> Result<Vec<Stored>> {
        let mut made = Vec::new();
        let mut tx = self.store.begin(Lane::Receipt).await?;
        for (selector, algorithm) in SELECTORS {
            let pkcs8 = generate_dkim_key(algorithm).map_err(|_| AppError::Form("a signing key"))?;
            let key = Zeroizing::new(STANDARD.encode(pkcs8.as_slice()));
            let content = Stored { selector: selector.to_owned(), key };
            let draft = Draft {
                kind: DocumentKind::SigningKey,
                name: selector,
                label: Label::L0,
                author: UserId::from_u128(0),
                hash: Sha256::digest(selector).to_vec(),
                content: &content,
            };
            self.write_document(&mut tx, draft, now).await?;
            made.push(content);
        }
        self.settle(tx, &[]).await?;
        Ok(made)
    }

    /// The DNS records that let receivers check our signatures.
    ///
    /// # Errors
    /// The database's.
    pub async fn dns_records(&self, _by: Allowed<ManageKeys>, now: Timestamp) -> Result<Vec<DnsRecord>> {
        let signing = self.signing(now).await?;
        let record = |key: &DkimKey| {
            let text = key.dns_record().map_err(|_| AppError::Form("a signing key"))?;
            Ok(DnsRecord { name: key.dns_name(), text })
        };
        signing.keys.iter().map(record).collect()
    }
}
