//! Sessions of the web app: kept on the server, ended by idleness, by age, and at once when a person is disabled.

use crate::allowed::NotAllowed;
use crate::{Roles, TokenHash, Who};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use discreet_domain::{Timestamp, UserId};
use sha2::{Digest, Sha256};

const BYTES: usize = 32;

/// 256 random bits that somebody holds for a while: the session cookie, a one-use link. `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(_)")
    }
}

impl Secret {
    /// A fresh one; `None` if there is no randomness.
    pub fn generate() -> Option<Secret> {
        let mut bytes = [0; BYTES];
        aws_lc_rs::rand::fill(&mut bytes).ok()?;
        Some(Secret(URL_SAFE_NO_PAD.encode(bytes)))
    }
    /// Reads what was presented; `None` if it cannot be one.
    pub fn parse(text: &str) -> Option<Secret> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == BYTES).then(|| Secret(text.to_owned()))
    }
    /// The text, for its holder.
    pub fn reveal(&self) -> &str {
        &self.0
    }
    /// What is stored.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(&self.0).into())
    }
    /// What every form of this session carries: it shows that the form is one of ours (OWASP: synchronizer token). It
    /// cannot be turned back into the secret.
    pub fn form_token(&self) -> String {
        let digest = Sha256::new().chain_update("discreet form 1").chain_update(&self.0).finalize();
        URL_SAFE_NO_PAD.encode(digest)
    }
    /// Whether a form carries [`Secret::form_token`].
    pub fn is_form_token(&self, presented: &str) -> bool {
        verify_slices_are_equal(self.form_token().as_bytes(), presented.as_bytes()).is_ok()
    }
}

/// For how long a session lasts, in seconds (45 CFR 164.312(a)(2)(iii): automatic logoff).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SessionLimits {
    /// Since it was last used by a person; polls do not count.
    pub idle: i64,
    /// Since it began.
    pub absolute: i64,
}

impl Default for SessionLimits {
    fn default() -> Self {
        SessionLimits { idle: 15 * 60, absolute: 12 * 3600 }
    }
}

/// What is on record about a session and its holder, as the store gives it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SessionRecord {
    /// The hash of its secret.
    pub hash: TokenHash,
    /// Whose.
    pub user: UserId,
    /// Their roles.
    pub roles: Roles,
    /// They can act no more.
    pub disabled: bool,
    /// They have a second factor.
    pub has_second: bool,
    /// It was shown in this session.
    pub second_shown: bool,
    /// When it began.
    pub begun: Timestamp,
    /// When it was last used.
    pub seen: Timestamp,
}

/// How far somebody is in signing in.
#[derive(Debug)]
pub enum SignedIn {
    /// All the way.
    Fully(Who),
    /// The second factor is still to be shown.
    WantsCode(UserId),
    /// Their roles reach patients' data, and they have no second factor yet.
    WantsSecondFactor(UserId),
}

impl Who {
    /// Identifies the holder of a session.
    ///
    /// # Errors
    /// [`NotAllowed::Unknown`] unless the secret is the one on record, the session is within its limits and its holder not
    /// disabled. Which of these failed is not told.
    pub fn of_session(
        presented: &Secret,
        record: &SessionRecord,
        limits: SessionLimits,
        now: Timestamp,
    ) -> Result<SignedIn, NotAllowed> {
        let same = verify_slices_are_equal(&presented.hash().0, &record.hash.0).is_ok();
        let fresh =
            now < record.seen.plus_seconds(limits.idle) && now < record.begun.plus_seconds(limits.absolute);
        if !same || !fresh || record.disabled {
            return Err(NotAllowed::Unknown);
        }
        Ok(match (record.second_shown, record.has_second) {
            (false, true) => SignedIn::WantsCode(record.user),
            (false, false) if record.roles.reach_patients() => SignedIn::WantsSecondFactor(record.user),
            _ => SignedIn::Fully(Who::signed_in(record.user, record.roles)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Role;

    const BEGUN: Timestamp = Timestamp::from_micros(1_000_000_000);

    fn record(secret: &Secret, role: Role) -> SessionRecord {
        SessionRecord {
            hash: secret.hash(),
            user: UserId::from_u128(1),
            roles: Roles::of(&[role]),
            disabled: false,
            has_second: true,
            second_shown: true,
            begun: BEGUN,
            seen: BEGUN,
        }
    }

    fn of(secret: &Secret, record: &SessionRecord, seconds: i64) -> Result<SignedIn, NotAllowed> {
        Who::of_session(secret, record, SessionLimits::default(), BEGUN.plus_seconds(seconds))
    }

    #[test]
    fn idle_and_absolute_limits_on_both_sides() {
        let secret = Secret::generate().unwrap();
        let mut used = record(&secret, Role::Marketer);
        assert!(of(&secret, &used, 15 * 60 - 1).is_ok());
        assert!(of(&secret, &used, 15 * 60).is_err());
        used.seen = BEGUN.plus_seconds(12 * 3600 - 60);
        assert!(of(&secret, &used, 12 * 3600 - 1).is_ok());
        assert!(of(&secret, &used, 12 * 3600).is_err());
    }

    #[test]
    fn another_secret_or_a_disabled_holder_is_nobody() {
        let (secret, other) = (Secret::generate().unwrap(), Secret::generate().unwrap());
        let mut found = record(&secret, Role::Marketer);
        assert!(of(&other, &found, 1).is_err());
        found.disabled = true;
        assert!(of(&secret, &found, 1).is_err());
    }

    #[test]
    fn patients_data_takes_a_second_factor() {
        let secret = Secret::generate().unwrap();
        for role in Role::ALL {
            let mut found = record(&secret, role);
            assert!(matches!(of(&secret, &found, 1), Ok(SignedIn::Fully(_))));
            found.second_shown = false;
            assert!(
                matches!(of(&secret, &found, 1), Ok(SignedIn::WantsCode(_))),
                "{role:?}: who has one shows it"
            );
            found.has_second = false;
            let answer = of(&secret, &found, 1);
            if role.reaches_patients() {
                assert!(matches!(answer, Ok(SignedIn::WantsSecondFactor(_))), "{role:?}");
            } else {
                assert!(matches!(answer, Ok(SignedIn::Fully(_))), "{role:?}");
            }
        }
    }

    #[test]
    fn form_tokens_are_of_one_session() {
        let (secret, other) = (Secret::generate().unwrap(), Secret::generate().unwrap());
        assert!(secret.is_form_token(&secret.form_token()));
        for wrong in ["", &other.form_token(), secret.reveal()] {
            assert!(!secret.is_form_token(wrong));
        }
        assert_eq!(Secret::parse(secret.reveal()), Some(secret.clone()));
        assert_eq!(Secret::parse("AAAA"), None);
        assert_eq!(format!("{secret:?}"), "Secret(_)");
    }
}
