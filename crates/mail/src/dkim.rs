//! DKIM signatures (RFC 6376, RFC 8463), relaxed/relaxed.
//!
//! Our own signer, because a signature carries a time (`t=`) and time is an argument here, and because every header we
//! care about is signed once more than it occurs: nobody can add a second From or List-Unsubscribe. The verifier in the
//! tests is mail-auth's.

use aws_lc_rs::digest::{Context, SHA256, digest};
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use discreet_domain::Timestamp;
use std::fmt;
use zeroize::Zeroizing;

/// Headers that are signed where present, and once more: absent ones cannot be added, present ones not doubled.
const SIGNED: [&str; 13] = [
    "From",
    "To",
    "Cc",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version",
    "Content-Type",
    "Sender",
];
/// Least size of an RSA key, in bits.
const LEAST_RSA_BITS: usize = 2048;
/// Longest string in a DNS TXT record, in bytes (RFC 1035 §3.3).
const LONGEST_TXT: usize = 255;

/// Why a key or signature was not made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DkimError {
    /// Not a PKCS#8 key of the kind.
    #[error("not a PKCS#8 RSA or Ed25519 private key")]
    Key,
    /// An RSA key that is too short.
    #[error("the RSA key has fewer than {LEAST_RSA_BITS} bits")]
    Short,
    /// A selector or domain that is not one.
    #[error("a selector and a domain are host names in lower-case ASCII")]
    Name,
    /// The cryptographic library refused.
    #[error("signing failed")]
    Signing,
}

/// The two kinds of keys. Sign with both: not every receiver knows Ed25519, and no one should trust RSA for ever.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DkimAlgorithm {
    /// RSA with 2048 bits.
    Rsa,
    /// Ed25519.
    Ed25519,
}

enum Secret {
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// A signing key with its name in DNS.
pub struct DkimKey {
    selector: String,
    domain: String,
    secret: Secret,
}

impl fmt::Debug for DkimKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DkimKey({})", self.dns_name())
    }
}

/// A fresh private key, PKCS#8, to be sealed by the caller.
///
/// # Errors
/// [`DkimError::Signing`]
pub fn generate(algorithm: DkimAlgorithm) -> Result<Zeroizing<Vec<u8>>, DkimError> {
    match algorithm {
        DkimAlgorithm::Rsa => {
            let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| DkimError::Signing)?;
            let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| DkimError::Signing)?;
            Ok(Zeroizing::new(der.as_ref().to_vec()))
        }
        DkimAlgorithm::Ed25519 => {
            let der = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| DkimError::Signing)?;
            Ok(Zeroizing::new(der.as_ref().to_vec()))
        }
    }
}

impl DkimKey {
    /// A key from its PKCS#8 bytes.
    ///
    /// # Errors
    /// [`DkimError`], when the bytes are no such key or the names are no host names.
    pub fn from_pkcs8(selector: &str, domain: &str, pkcs8: &[u8]) -> Result<DkimKey, DkimError> {
        if ![selector, domain].into_iter().all(crate::address::is_host) {
            return Err(DkimError::Name);
        }
        let secret = match Ed25519KeyPair::from_pkcs8(pkcs8) {
            Ok(pair) => Secret::Ed25519(pair),
            Err(_) => Secret::Rsa(RsaKeyPair::from_pkcs8(pkcs8).map_err(|_| DkimError::Key)?),
        };
        if let Secret::Rsa(pair) = &secret
            && pair.public_modulus_len() * 8 < LEAST_RSA_BITS
        {
            return Err(DkimError::Short);
        }
        Ok(DkimKey { selector: selector.to_owned(), domain: domain.to_owned(), secret })
    }
    /// Which kind it is.
    pub fn algorithm(&self) -> DkimAlgorithm {
        match self.secret {
            Secret::Rsa(_) => DkimAlgorithm::Rsa,
            Secret::Ed25519(_) => DkimAlgorithm::Ed25519,
        }
    }
    /// The domain it signs for.
    pub fn domain(&self) -> &str {
        &self.domain
    }
    /// Where the record is published: `selector._domainkey.domain`.
    pub fn dns_name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }
    /// The text of the TXT record.
    ///
    /// # Errors
    /// [`DkimError::Key`]
    pub fn dns_record(&self) -> Result<String, DkimError> {
        let (kind, public) = match &self.secret {
            Secret::Rsa(pair) => {
                let der: PublicKeyX509Der<'_> = pair.public_key().as_der().map_err(|_| DkimError::Key)?;
                ("rsa", STANDARD.encode(der.as_ref()))
            }
            Secret::Ed25519(pair) => ("ed25519", STANDARD.encode(pair.public_key().as_ref())),
        };
        Ok(format!("v=DKIM1; k={kind}; p={public}"))
    }
    /// The same as a line of a zone file, in strings of at most 255 bytes.
    ///
    /// # Errors
    /// [`DkimError::Key`]
    pub fn zone_line(&self) -> Result<String, DkimError> {
        let record = self.dns_record()?;
        let strings: Vec<String> = record
            .as_bytes()
            .chunks(LONGEST_TXT)
            .map(|c| format!("\"{}\"", String::from_utf8_lossy(c)))
            .collect();
        Ok(format!("{}. IN TXT ( {} )", self.dns_name(), strings.join(" ")))
    }

    /// The `DKIM-Signature` header of a message with CRLF line ends, CRLF included.
    pub(crate) fn sign(&self, message: &str, now: Timestamp) -> Result<String, DkimError> {
        let (head, body) = message.split_once("\r\n\r\n").unwrap_or((message, ""));
        let headers = headers(head);
        let mut names = Vec::new();
        let mut input = String::new();
        for name in SIGNED {
            // From the last occurrence upwards (RFC 6376 §5.4.2); then once more, for none.
            for (_, value) in headers.iter().rev().filter(|(n, _)| n.eq_ignore_ascii_case(name)) {
                input.push_str(&format!("{}:{}\r\n", name.to_ascii_lowercase(), relaxed(value)));
                names.push(name);
            }
            names.push(name);
        }
        let body_hash = STANDARD.encode(digest(&SHA256, relaxed_body(body).as_bytes()));
        let unsigned = self.header(&names, &body_hash, now);
        input.push_str("dkim-signature:");
        input.push_str(&relaxed(&unsigned));
        let signature = STANDARD.encode(self.raw(input.as_bytes())?);
        let mut out = format!("DKIM-Signature: {unsigned}");
        fold_base64(&mut out, &signature);
        out.push_str("\r\n");
        Ok(out)
    }

    /// The header's value with an empty `b=` at its end.
    fn header(&self, names: &[&str], body_hash: &str, now: Timestamp) -> String {
        let algorithm = match self.secret {
            Secret::Rsa(_) => "rsa-sha256",
            Secret::Ed25519(_) => "ed25519-sha256",
        };
        let mut out = format!(
            "v=1; a={algorithm}; c=relaxed/relaxed; d={};\r\n s={}; t={};\r\n h=",
            self.domain,
            self.selector,
            now.micros().div_euclid(1_000_000).max(0)
        );
        let mut column = 3;
        for (i, name) in names.iter().enumerate() {
            if i > 0 {
                out.push(':');
                column += 1;
            }
            if column + name.len() > 72 {
                out.push_str("\r\n  ");
                column = 2;
            }
            out.push_str(name);
            column += name.len();
        }
        out.push_str(&format!(";\r\n bh={body_hash};\r\n b="));
        out
    }

    fn raw(&self, input: &[u8]) -> Result<Vec<u8>, DkimError> {
        match &self.secret {
            Secret::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input, &mut signature)
                    .map_err(|_| DkimError::Signing)?;
                Ok(signature)
            }
            Secret::Ed25519(pair) => {
                let mut context = Context::new(&SHA256);
                context.update(input);
                Ok(pair.sign(context.finish().as_ref()).as_ref().to_vec())
            }
        }
    }
}

/// Name and value of each header, folds kept.
fn headers(head: &str) -> Vec<(&str, String)> {
    let mut out: Vec<(&str, String)> = Vec::new();
    for line in head.split("\r\n") {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = out.last_mut() {
                value.push_str(line);
            }
        } else if let Some((name, value)) = line.split_once(':') {
            out.push((name.trim_end(), value.to_owned()));
        }
    }
    out
}

/// A header's value in relaxed form (RFC 6376 §3.4.2): unfolded, blanks single, none at the ends.
fn relaxed(value: &str) -> String {
    value.split([' ', '\t', '\r', '\n']).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A body in relaxed form (RFC 6376 §3.4.4): blanks single, none at line ends, no empty lines at the end.
fn relaxed_body(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut empty = 0;
    for line in body.strip_suffix("\r\n").unwrap_or(body).split("\r\n") {
        let line = line.trim_end_matches([' ', '\t']);
        if line.is_empty() {
            empty += 1;
            continue;
        }
        for _ in 0..std::mem::take(&mut empty) {
            out.push_str("\r\n");
        }
        let mut blank = false;
        for c in line.chars() {
            let is_blank = c == ' ' || c == '\t';
            if !is_blank {
                out.push(c);
            } else if !blank {
                out.push(' ');
            }
            blank = is_blank;
        }
        out.push_str("\r\n");
    }
    out
}

fn fold_base64(out: &mut String, text: &str) {
    let mut rest = text;
    let mut first = true;
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(70).unwrap_or((rest, ""));
        if !first {
            out.push_str("\r\n  ");
        }
        out.push_str(line);
        rest = after;
        first = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relaxed_forms_of_the_rfc() {
        assert_eq!(relaxed(" X"), "X");
        assert_eq!(relaxed(" Y\t\r\n\tZ  "), "Y Z");
        assert_eq!(relaxed_body(" C \r\nD \t E\r\n\r\n\r\n"), " C\r\nD E\r\n");
        assert_eq!(relaxed_body(""), "");
        assert_eq!(relaxed_body("\r\n\r\n"), "");
        assert_eq!(relaxed_body("a\r\n\r\nb"), "a\r\n\r\nb\r\n");
    }

    #[test]
    fn keys_and_records() {
        for (algorithm, start) in [
            (DkimAlgorithm::Rsa, "v=DKIM1; k=rsa; p=MIIB"),
            (DkimAlgorithm::Ed25519, "v=DKIM1; k=ed25519; p="),
        ] {
            let key =
                DkimKey::from_pkcs8("d2026", "mail.lakeside.example", &generate(algorithm).unwrap()).unwrap();
            assert_eq!(key.algorithm(), algorithm);
            assert_eq!(key.dns_name(), "d2026._domainkey.mail.lakeside.example");
            assert!(key.dns_record().unwrap().starts_with(start));
            let line = key.zone_line().unwrap();
            assert!(line.split('"').all(|s| s.len() <= LONGEST_TXT));
            assert_eq!(line.split('"').skip(1).step_by(2).collect::<String>(), key.dns_record().unwrap());
            assert_eq!(format!("{key:?}"), "DkimKey(d2026._domainkey.mail.lakeside.example)");
        }
        assert_eq!(DkimKey::from_pkcs8("d", "e.example", b"x").err(), Some(DkimError::Key));
        let key = generate(DkimAlgorithm::Ed25519).unwrap();
        assert_eq!(DkimKey::from_pkcs8("d\r\n", "e.example", &key).err(), Some(DkimError::Name));
    }
}
