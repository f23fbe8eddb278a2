//! Passwords of staff: long enough, not among the common ones, stored as Argon2id (NIST SP 800-63B §5.1.1.2).

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use secrecy::{ExposeSecret, SecretString};

/// Shortest password, in characters.
pub const SHORTEST_PASSWORD: usize = 12;
/// Longest password, in characters: stretching must not become a way to keep us busy.
pub const LONGEST_PASSWORD: usize = 200;

/// A password that may be set.
#[derive(Debug)]
pub struct Password(SecretString);

/// Why a password may not be set.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum WeakPassword {
    /// Too short.
    #[error("Use at least {SHORTEST_PASSWORD} characters. Four words that do not belong together are good.")]
    Short,
    /// Too long.
    #[error("Use at most {LONGEST_PASSWORD} characters.")]
    Long,
    /// Quickly guessed: common, or made of the person's own name.
    #[error("This password is easy to guess. {0}")]
    Common(String),
}

impl Password {
    /// Checks a new password. `own` are words an attacker tries first: the person's name, address, organization.
    ///
    /// # Errors
    /// [`WeakPassword`]
    pub fn check(text: &SecretString, own: &[&str]) -> Result<Password, WeakPassword> {
        let words = text.expose_secret();
        match words.chars().count() {
            n if n < SHORTEST_PASSWORD => return Err(WeakPassword::Short),
            n if n > LONGEST_PASSWORD => return Err(WeakPassword::Long),
            _ => {}
        }
        let found = zxcvbn::zxcvbn(words, own);
        if found.score() >= zxcvbn::Score::Three {
            return Ok(Password(text.clone()));
        }
        let why = found.feedback().and_then(|f| f.warning()).map(|w| w.to_string());
        Err(WeakPassword::Common(why.unwrap_or_else(|| "Add another word or two.".to_owned())))
    }
    /// Stretches it, for storing. Takes some 30 ms of one core, on purpose.
    pub fn hash(&self) -> Option<PasswordHash> {
        let hash = Argon2::default().hash_password(self.0.expose_secret().as_bytes()).ok()?;
        Some(PasswordHash(hash.to_string()))
    }
}

/// A stretched password, as stored: a PHC string.
#[derive(Clone)]
pub struct PasswordHash(String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(_)")
    }
}

impl PasswordHash {
    /// As it was stored.
    pub const fn stored(text: String) -> PasswordHash {
        PasswordHash(text)
    }
    /// What to store.
    pub fn text(&self) -> &str {
        &self.0
    }
    /// Whether this is the password. Takes as long as [`Password::hash`].
    pub fn verify(&self, presented: &SecretString) -> bool {
        presented.expose_secret().chars().count() <= LONGEST_PASSWORD
            && Argon2::default()
                .verify_password(presented.expose_secret().as_bytes(), self.0.as_str())
                .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<Password, WeakPassword> {
        Password::check(&SecretString::from(text), &["Dana Rivera", "dana@bayside.example", "Bayside Clinic"])
    }

    #[test]
    fn both_sides_of_each_edge() {
        assert_eq!(check("violin-kelp").unwrap_err(), WeakPassword::Short);
        assert!(check("violin-kelp7").is_ok());
        assert!(check(&"plum kite yarn ".repeat(13)).is_ok(), "195 characters");
        assert_eq!(check(&"plum kite yarn ".repeat(14)).unwrap_err(), WeakPassword::Long);
    }

    #[test]
    fn common_ones_and_ones_own_name_are_refused() {
        for common in [
            "password1234",
            "qwertyuiop[]",
            "123456789012",
            "iloveyou1234",
            "aaaaaaaaaaaaaa",
            "Bayside Clinic",
            "dana@bayside.example",
        ] {
            assert!(matches!(check(common), Err(WeakPassword::Common(_))), "{common}");
        }
    }

    #[test]
    fn only_the_password_verifies_and_nothing_shows() {
        let hash = check("tea kettle orbit moss").unwrap().hash().unwrap();
        assert!(hash.text().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "OWASP's least, and more");
        assert!(hash.verify(&"tea kettle orbit moss".into()));
        for wrong in ["tea kettle orbit mos", "", "Tea kettle orbit moss"] {
            assert!(!hash.verify(&wrong.into()));
        }
        assert!(!PasswordHash::stored("not a hash".into()).verify(&"x".into()));
        assert_eq!(format!("{hash:?}"), "PasswordHash(_)");
    }
}
