//! Checkpoints: the log's size and root, signed, in the C2SP formats `tlog-checkpoint` and `signed-note`
//! (<https://c2sp.org/tlog-checkpoint>, <https://c2sp.org/signed-note>), so that tools of others can check them.

use crate::tree::Hash;
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Signature type byte of Ed25519 in signed notes.
const ED25519_TYPE: u8 = 0x01;

/// How long the log is and what its root is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Names the log: this installation.
    pub origin: String,
    /// How many entries.
    pub size: u64,
    /// The Merkle tree hash over them.
    pub root: Hash,
}

/// The log's public key. Its name in notes is the checkpoint's origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(pub [u8; 32]);

impl PublicKey {
    fn id(&self, name: &str) -> [u8; 4] {
        let digest = Sha256::new()
            .chain_update(name)
            .chain_update(b"\n")
            .chain_update([ED25519_TYPE])
            .chain_update(self.0)
            .finalize();
        digest.first_chunk::<4>().copied().unwrap_or_default()
    }
    /// The key as `name+id+base64`, the form in which verifiers of signed notes take it.
    pub fn to_text(&self, name: &str) -> String {
        let id: String = self.id(name).iter().map(|b| format!("{b:02x}")).collect();
        let mut key = vec![ED25519_TYPE];
        key.extend_from_slice(&self.0);
        format!("{name}+{id}+{}", STANDARD.encode(key))
    }
}

/// A checkpoint with its signature: text to keep elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedNote {
    /// What is signed.
    pub checkpoint: Checkpoint,
    text: String,
}

/// A note that proves nothing.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BadNote {
    /// Not in the form of a checkpoint note.
    #[error("not a checkpoint: expected three lines (log name, size, root), an empty line, and signatures")]
    Form,
    /// It names another log.
    #[error("a checkpoint of another log")]
    OtherLog,
    /// No signature of this log's key, or a wrong one.
    #[error("the checkpoint's signature is not this log's")]
    Signature,
}

impl Checkpoint {
    /// The text that is signed, with its final newline.
    pub fn body(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }
    /// Signs it. `sign` signs bytes with the private half of `key`.
    ///
    /// # Errors
    /// Whatever `sign` returns.
    pub fn sign<E>(
        self,
        key: PublicKey,
        sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>,
    ) -> Result<SignedNote, E> {
        let body = self.body();
        let mut signature = key.id(&self.origin).to_vec();
        signature.extend(sign(body.as_bytes())?);
        let text = format!("{body}\n\u{2014} {} {}\n", self.origin, STANDARD.encode(signature));
        Ok(SignedNote { checkpoint: self, text })
    }
}

impl SignedNote {
    /// The note.
    pub fn as_text(&self) -> &str {
        &self.text
    }
    /// Reads a note and checks its signature.
    ///
    /// # Errors
    /// [`BadNote`], by what is wrong with it.
    pub fn verify(text: &str, origin: &str, key: PublicKey) -> Result<SignedNote, BadNote> {
        let normal = text.replace("\r\n", "\n");
        let (body, signatures) = normal.split_once("\n\n").ok_or(BadNote::Form)?;
        let body = format!("{body}\n");
        let mut lines = body.lines();
        let (Some(name), Some(size), Some(root), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(BadNote::Form);
        };
        if name != origin {
            return Err(BadNote::OtherLog);
        }
        let size = size.parse().map_err(|_| BadNote::Form)?;
        let root = STANDARD.decode(root).ok().and_then(|r| r.try_into().ok()).ok_or(BadNote::Form)?;
        let prefix = format!("\u{2014} {origin} ");
        let id = key.id(origin);
        let verified = signatures
            .lines()
            .filter_map(|line| STANDARD.decode(line.strip_prefix(&prefix)?).ok())
            .filter_map(|bytes| bytes.strip_prefix(&id).map(<[u8]>::to_vec))
            .any(|signature| {
                UnparsedPublicKey::new(&ED25519, key.0).verify(body.as_bytes(), &signature).is_ok()
            });
        if !verified {
            return Err(BadNote::Signature);
        }
        let checkpoint = Checkpoint { origin: origin.to_owned(), size, root };
        Ok(SignedNote { checkpoint, text: normal })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};

    fn signed() -> (SignedNote, PublicKey) {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        let key = PublicKey(pair.public_key().as_ref().try_into().unwrap());
        let checkpoint = Checkpoint { origin: "discreet/test".into(), size: 3, root: [9; 32] };
        let note = checkpoint.sign(key, |b| Ok::<_, ()>(pair.sign(b).as_ref().to_vec())).unwrap();
        (note, key)
    }

    #[test]
    fn a_note_verifies_and_a_changed_one_does_not() {
        let (note, key) = signed();
        let origin = "discreet/test";
        assert_eq!(SignedNote::verify(note.as_text(), origin, key).unwrap().checkpoint, note.checkpoint);
        assert!(SignedNote::verify(&note.as_text().replace('\n', "\r\n"), origin, key).is_ok());
        let changed = note.as_text().replacen("\n3\n", "\n2\n", 1);
        assert_eq!(SignedNote::verify(&changed, origin, key), Err(BadNote::Signature));
        assert_eq!(SignedNote::verify(note.as_text(), "other", key), Err(BadNote::OtherLog));
        assert_eq!(SignedNote::verify(note.as_text(), origin, PublicKey([1; 32])), Err(BadNote::Signature));
        for bad in ["", "a\n\n", "discreet/test\nx\ny\n\n— a b\n"] {
            assert!(SignedNote::verify(bad, origin, key).is_err());
        }
    }

    #[test]
    fn the_key_has_the_form_verifiers_take() {
        let (_, key) = signed();
        let text = key.to_text("discreet/test");
        assert_eq!(text.split('+').next(), Some("discreet/test"));
        assert_eq!(text.split('+').nth(1).map(str::len), Some(8));
    }
}
