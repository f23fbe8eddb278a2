//! The recovery kit: the keyring once more, sealed under a code to keep on paper in a safe. It brings an installation
//! back when the keyring's file or its passphrase is lost.

use crate::aead::{self, Refused, random_key};
use crate::{Keyring, KeyringError};
use aws_lc_rs::hkdf;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use std::path::PathBuf;
use zeroize::Zeroizing;

const HEAD: &str = "discreet recovery kit 1";
/// Letters of the code: no I, L, O, U, which people misread (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters in a code: 32 × 5 bits = 160 bits.
const CODE_LEN: usize = 32;
const GROUP: usize = 4;
const LINE: usize = 64;

/// A kit just made.
#[derive(Debug)]
pub struct Kit {
    /// The file's text.
    pub text: String,
    /// The code that opens it: to keep apart from the file.
    pub code: SecretString,
}

/// Makes a kit of `keyring`.
///
/// # Errors
/// [`Refused::Failed`] if there is no randomness.
pub fn issue(keyring: &Keyring) -> Result<Kit, Refused> {
    let random = random_key()?;
    let letter = |b: &u8| LETTERS.get(usize::from(b & 31)).map(|l| char::from(*l)).unwrap_or('0');
    let letters: Vec<char> = random.iter().take(CODE_LEN).map(letter).collect();
    let code: String =
        letters.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-");
    let plain = Zeroizing::new(serde_json::to_vec(keyring).map_err(|_| Refused::Failed)?);
    let sealed = STANDARD.encode(aead::seal(&key(&code)?, HEAD.as_bytes(), &plain)?);
    let mut text = format!("{HEAD}\ninstallation: {}\n\n", keyring.origin());
    let mut rest = sealed.as_str();
    while let Some((line, tail)) =
        rest.split_at_checked(LINE.min(rest.len())).filter(|(line, _)| !line.is_empty())
    {
        text.push_str(line);
        text.push('\n');
        rest = tail;
    }
    Ok(Kit { text, code: code.into() })
}

/// Opens a kit.
///
/// # Errors
/// [`KeyringError::Form`] if it is no kit, [`KeyringError::Wrong`] if the code is another one.
pub fn open(text: &str, code: &SecretString) -> Result<Keyring, KeyringError> {
    let form = || KeyringError::Form(PathBuf::from("recovery kit"));
    let normal = text.replace("\r\n", "\n");
    let (head, body) = normal.split_once("\n\n").ok_or_else(form)?;
    if head.lines().next() != Some(HEAD) {
        return Err(form());
    }
    let body: String = body.split_whitespace().collect();
    let sealed = STANDARD.decode(body).map_err(|_| form())?;
    let plain = aead::open(&key(&normalized(code.expose_secret()))?, HEAD.as_bytes(), &sealed)
        .map(Zeroizing::new)
        .map_err(|_| KeyringError::Wrong)?;
    serde_json::from_slice(&plain).map_err(|_| form())
}

/// Whether this kit, opened, holds every key of `keyring`: what `keys confirm` asks.
///
/// # Errors
/// As [`open`].
pub fn confirms(text: &str, code: &SecretString, keyring: &Keyring) -> Result<bool, KeyringError> {
    Ok(open(text, code)?.holds_all_of(keyring))
}

/// What people make of a code: other case, spaces, o for 0, i or l for 1.
fn normalized(code: &str) -> String {
    let letters: Vec<char> = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    letters.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// The code has 160 random bits, so it needs no stretching: HKDF suffices (RFC 5869).
fn key(code: &str) -> Result<aws_lc_rs::aead::RandomizedNonceKey, Refused> {
    let mut bytes = Zeroizing::new([0; aead::KEY_LEN]);
    hkdf::Salt::new(hkdf::HKDF_SHA256, HEAD.as_bytes())
        .extract(code.as_bytes())
        .expand(&[b"kit"], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(bytes.as_mut()))
        .map_err(|_| Refused::Failed)?;
    aead::key(bytes.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kit_opens_with_its_code_as_people_type_it() {
        let mut keyring = Keyring::generate("discreet/test").unwrap();
        let kit = issue(&keyring).unwrap();
        let typed = kit.code.expose_secret().to_lowercase().replace('-', " ").replace('0', "o");
        assert!(confirms(&kit.text, &typed.into(), &keyring).unwrap());
        assert!(confirms(&kit.text.replace('\n', "\r\n"), &kit.code, &keyring).unwrap());
        let wrong = "0000-0000-0000-0000-0000-0000-0000-0000".to_owned().into();
        assert!(matches!(open(&kit.text, &wrong), Err(KeyringError::Wrong)));
        assert!(matches!(open("hello", &kit.code), Err(KeyringError::Form(_))));
        keyring.add_key().unwrap();
        assert!(
            !confirms(&kit.text, &kit.code, &keyring).unwrap(),
            "a kit without the new key is out of date"
        );
    }
}
