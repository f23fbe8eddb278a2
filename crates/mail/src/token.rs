//! Unforgeable link tokens. The token of a campaign's mail can only reduce: end a topic, or say that the mail reached
//! somebody else. The token of a mail that somebody asked for can do what they asked, and only for a while.

use aws_lc_rs::digest;
use std::fmt;

/// Bytes of randomness in a token: 160 bits, which is 32 letters without padding.
const LINK_TOKEN_BYTES: usize = 20;
/// Letters of a token.
pub const LINK_TOKEN_LETTERS: usize = 32;

/// What a token may be used for. The purpose is part of the hash: a token for one is unknown to the other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LinkPurpose {
    /// End this topic for this address (RFC 8058).
    Unsubscribe,
    /// Say that the mail reached somebody else.
    NotMe,
    /// Confirm what was chosen on the consent form.
    Confirm,
    /// See and change a patient's choices.
    Choices,
    /// Read the copy of a signed authorization, and take it back.
    Copy,
}

impl LinkPurpose {
    /// All of them.
    pub const ALL: [LinkPurpose; 5] = [
        LinkPurpose::Unsubscribe,
        LinkPurpose::NotMe,
        LinkPurpose::Confirm,
        LinkPurpose::Choices,
        LinkPurpose::Copy,
    ];
    /// The path before the token.
    pub const fn path(self) -> &'static str {
        match self {
            LinkPurpose::Unsubscribe => "/u/",
            LinkPurpose::NotMe => "/n/",
            LinkPurpose::Confirm => "/p/confirm/",
            LinkPurpose::Choices => "/p/choices/",
            LinkPurpose::Copy => "/p/authorization/",
        }
    }
}

/// A random token, known to the reader of one mail. It is stored only as a [`TokenHash`].
#[derive(Clone, PartialEq, Eq)]
pub struct LinkToken {
    purpose: LinkPurpose,
    bytes: [u8; LINK_TOKEN_BYTES],
}

/// No randomness was to be had.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the system's random numbers cannot be read")]
pub struct NoRandomness;

/// So many random bytes.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

impl LinkToken {
    /// A fresh token.
    ///
    /// # Errors
    /// [`NoRandomness`]
    pub fn random(purpose: LinkPurpose) -> Result<LinkToken, NoRandomness> {
        Ok(LinkToken { purpose, bytes: random()? })
    }
    /// Reads a token out of an address; upper case is folded, for mail programs that shout.
    pub fn parse(purpose: LinkPurpose, text: &str) -> Option<LinkToken> {
        let mut bytes = [0; LINK_TOKEN_BYTES];
        if text.len() != LINK_TOKEN_LETTERS {
            return None;
        }
        let mut bits = 0u32;
        let mut held = 0;
        let mut out = bytes.iter_mut();
        for b in text.bytes() {
            let five = ALPHABET.iter().position(|a| *a == b.to_ascii_lowercase())?;
            bits = (bits << 5) | u32::try_from(five).ok()?;
            held += 5;
            if held >= 8 {
                held -= 8;
                *out.next()? = u8::try_from((bits >> held) & 0xff).ok()?;
            }
        }
        Some(LinkToken { purpose, bytes })
    }
    /// What it may be used for.
    pub fn purpose(&self) -> LinkPurpose {
        self.purpose
    }
    /// The text for an address: 32 lower-case letters and digits.
    pub fn text(&self) -> String {
        let mut out = String::with_capacity(LINK_TOKEN_LETTERS);
        let mut bits = 0u32;
        let mut held = 0;
        for b in self.bytes {
            bits = (bits << 8) | u32::from(b);
            held += 8;
            while held >= 5 {
                held -= 5;
                let five = usize::try_from((bits >> held) & 31).unwrap_or(0);
                out.push(char::from(ALPHABET.get(five).copied().unwrap_or(b'a')));
            }
        }
        out
    }
    /// What is stored and looked up.
    pub fn hash(&self) -> TokenHash {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(b"discreet link token\0");
        context.update(self.purpose.path().as_bytes());
        context.update(&self.bytes);
        let mut hash = [0; 32];
        hash.iter_mut().zip(context.finish().as_ref()).for_each(|(h, d)| *h = *d);
        TokenHash(hash)
    }
}

/// RFC 4648 base 32 in lower case: no letters that differ by case only, so no mail program breaks a link by folding it.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LinkToken({:?})", self.purpose)
    }
}

/// The SHA-256 of a token and its purpose. It opens nothing, so it may be stored.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The bytes to store.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
    /// For reading back what was stored.
    pub const fn from_bytes(bytes: [u8; 32]) -> TokenHash {
        TokenHash(bytes)
    }
}

/// The two tokens of one mail.
#[derive(Clone, Debug)]
pub struct Links {
    unsubscribe: LinkToken,
    not_me: LinkToken,
}

impl Links {
    /// Fresh tokens for one mail.
    ///
    /// # Errors
    /// [`NoRandomness`]
    pub fn random() -> Result<Links, NoRandomness> {
        Ok(Links {
            unsubscribe: LinkToken::random(LinkPurpose::Unsubscribe)?,
            not_me: LinkToken::random(LinkPurpose::NotMe)?,
        })
    }
    /// Tokens of all zeros, for previews. They are in no table, so they do nothing.
    pub fn sample() -> Links {
        let zeros = |purpose| LinkToken { purpose, bytes: [0; LINK_TOKEN_BYTES] };
        Links { unsubscribe: zeros(LinkPurpose::Unsubscribe), not_me: zeros(LinkPurpose::NotMe) }
    }
    /// The token that ends the topic.
    pub fn unsubscribe(&self) -> &LinkToken {
        &self.unsubscribe
    }
    /// The token that says the mail reached somebody else.
    pub fn not_me(&self) -> &LinkToken {
        &self.not_me
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        for _ in 0..200 {
            let token = LinkToken::random(LinkPurpose::Unsubscribe).unwrap();
            let text = token.text();
            assert_eq!(text.len(), LINK_TOKEN_LETTERS);
            assert_eq!(LinkToken::parse(LinkPurpose::Unsubscribe, &text), Some(token.clone()));
            assert_eq!(LinkToken::parse(LinkPurpose::Unsubscribe, &text.to_uppercase()), Some(token));
        }
        assert_eq!(Links::sample().not_me().text(), "a".repeat(LINK_TOKEN_LETTERS));
    }

    #[test]
    fn known_bytes() {
        let token = LinkToken { purpose: LinkPurpose::NotMe, bytes: *b"foobarfoobarfoobarfo" };
        assert_eq!(token.text(), "mzxw6ytbojtg633cmfzgm33pmjqxeztp"); // RFC 4648 base32, lower case
    }

    #[test]
    fn forged_texts_are_no_tokens() {
        for bad in [
            "",
            "a",
            &"a".repeat(31),
            &"a".repeat(33),
            &"1".repeat(32),
            &"é".repeat(16),
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
        ] {
            assert_eq!(LinkToken::parse(LinkPurpose::NotMe, bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_hash_knows_its_purpose_and_debug_tells_nothing() {
        let text = LinkToken::random(LinkPurpose::NotMe).unwrap().text();
        let a = LinkToken::parse(LinkPurpose::NotMe, &text).unwrap();
        let b = LinkToken::parse(LinkPurpose::Unsubscribe, &text).unwrap();
        assert_ne!(a.hash(), b.hash());
        assert_eq!(TokenHash::from_bytes(*a.hash().bytes()), a.hash());
        assert!(!format!("{a:?} {:?}", Links::random().unwrap()).contains(&text));
    }
}
