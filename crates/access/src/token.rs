//! API tokens: 256 random bits, shown once, stored hashed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

const PREFIX: &str = "dsc_";
const TOKEN_BYTES: usize = 32;

/// A token as its holder presents it. `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(_)")
    }
}

/// What is stored of a token. 256 random bits need no stretching.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct TokenHash(pub [u8; 32]);

impl Token {
    /// A fresh token; `None` if there is no randomness.
    pub fn generate() -> Option<Token> {
        let mut bytes = [0; TOKEN_BYTES];
        aws_lc_rs::rand::fill(&mut bytes).ok()?;
        Some(Token(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))))
    }
    /// Reads what was presented; `None` if it cannot be a token.
    pub fn parse(text: &str) -> Option<Token> {
        let text = text.trim();
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        (bytes.len() == TOKEN_BYTES).then(|| Token(text.to_owned()))
    }
    /// The text, to show to its holder once.
    pub fn reveal(&self) -> &str {
        &self.0
    }
    /// What is stored.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(&self.0).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_read_back_and_hide() {
        let token = Token::generate().unwrap();
        assert_eq!(Token::parse(&format!(" {}\n", token.reveal())), Some(token.clone()));
        assert_ne!(Token::generate().unwrap().hash(), token.hash());
        assert_eq!(format!("{token:?}"), "Token(_)");
        for bad in ["", "dsc_", "dsc_AAAA", "abc", "DSC_x"] {
            assert_eq!(Token::parse(bad), None);
        }
    }
}
