//! The second factor: time-based codes (RFC 6238) from an app on a telephone, and recovery codes for the day it is lost.

use discreet_domain::Timestamp;
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

/// Bytes of a secret: as many as HMAC-SHA-1 takes whole (RFC 4226 §4).
const SECRET_BYTES: usize = 20;
/// Steps that a telephone's clock may be off, either way: half a minute each (RFC 6238 §5.2).
const SKEW: u16 = 1;
/// Recovery codes to a person.
pub const RECOVERY_CODES: usize = 10;
/// Random bytes in a recovery code: too many to guess, so that a plain hash is enough.
const RECOVERY_BYTES: usize = 10;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What the app on the telephone and we both know.
#[derive(Clone)]
pub struct SecondFactor(Zeroizing<[u8; SECRET_BYTES]>);

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecondFactor(_)")
    }
}

impl SecondFactor {
    /// A fresh secret; `None` if there is no randomness.
    pub fn generate() -> Option<SecondFactor> {
        let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
        aws_lc_rs::rand::fill(bytes.as_mut()).ok()?;
        Some(SecondFactor(bytes))
    }
    /// Reads what was stored, once unsealed.
    pub fn from_bytes(bytes: &[u8]) -> Option<SecondFactor> {
        Some(SecondFactor(Zeroizing::new(bytes.try_into().ok()?)))
    }
    /// What to seal and store.
    pub fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }
    fn totp(&self) -> Option<Totp> {
        Builder::new().with_secret(self.0.to_vec()).with_skew(SKEW).build().ok()
    }
    /// The step a code is for, if it is good now and no code of that step or a later one was used: a code is good once.
    pub fn check(&self, code: &str, used: u64, now: Timestamp) -> Option<u64> {
        let seconds = u64::try_from(now.micros().div_euclid(1_000_000)).ok()?;
        let code: String = code.chars().filter(char::is_ascii_digit).collect();
        self.totp()?.check(&code, seconds).filter(|step| *step > used)
    }
    /// The code that is good now: for tests and for the demo.
    pub fn code(&self, now: Timestamp) -> Option<String> {
        let seconds = u64::try_from(now.micros().div_euclid(1_000_000)).ok()?;
        Some(self.totp()?.generate(seconds).to_string())
    }
    /// For typing into the app by hand: base32, in groups of four.
    pub fn base32(&self) -> String {
        grouped(&base32(self.0.as_slice()))
    }
    /// What the square code holds (Key URI format).
    pub fn uri(&self, organization: &str, account: &str) -> String {
        let (issuer, account) = (escaped(organization), escaped(account));
        format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", base32(self.0.as_slice()))
    }
}

/// Percent-encodes all but unreserved characters (RFC 3986 §2.3).
fn escaped(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// RFC 4648 §6 without padding; bits that are left over at the end are dropped (there are none in our lengths).
fn base32(bytes: &[u8]) -> String {
    let (mut out, mut held, mut bits) = (String::new(), 0_u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            let digit = usize::try_from((held >> bits) & 31).unwrap_or(0);
            out.push(BASE32.get(digit).map_or('A', |letter| char::from(*letter)));
        }
        held &= (1 << bits) - 1;
    }
    out
}

fn grouped(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// A code that stands in once for a lost telephone.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode(_)")
    }
}

impl RecoveryCode {
    /// A fresh set, to show once; `None` if there is no randomness.
    pub fn generate() -> Option<Vec<RecoveryCode>> {
        let one = |_| {
            let mut bytes = [0; RECOVERY_BYTES];
            aws_lc_rs::rand::fill(&mut bytes).ok()?;
            Some(RecoveryCode(base32(&bytes)))
        };
        (0..RECOVERY_CODES).map(one).collect()
    }
    /// Reads what was typed: case, spaces and hyphens do not matter. `None` if it cannot be one.
    pub fn parse(text: &str) -> Option<RecoveryCode> {
        let letters: String =
            text.chars().filter(|c| !matches!(c, ' ' | '-')).map(|c| c.to_ascii_uppercase()).collect();
        let right = letters.len() == RECOVERY_BYTES * 8 / 5 && letters.bytes().all(|b| BASE32.contains(&b));
        right.then_some(RecoveryCode(letters))
    }
    /// For paper: groups of four.
    pub fn reveal(&self) -> String {
        grouped(&self.0).replace(' ', "-").to_lowercase()
    }
    /// What is stored. 80 random bits need no stretching.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(&self.0).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(59_000_000);

    /// RFC 6238, appendix B, with six digits of the eight.
    #[test]
    fn the_codes_of_the_rfc() {
        let factor = SecondFactor::from_bytes(b"12345678901234567890").unwrap();
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            let now = Timestamp::from_micros(seconds * 1_000_000);
            assert_eq!(factor.code(now).as_deref(), Some(code));
            assert!(factor.check(code, 0, now).is_some());
            assert!(
                factor.check(&format!("{} {}", &code[..3], &code[3..]), 0, now).is_some(),
                "as apps show it"
            );
        }
        assert!(SecondFactor::from_bytes(b"short").is_none());
    }

    #[test]
    fn a_code_is_good_once_and_for_a_minute_and_a_half() {
        let factor = SecondFactor::generate().unwrap();
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let code = factor.code(at(3_000)).unwrap();
        let step = factor.check(&code, 0, at(3_000)).unwrap();
        assert_eq!(step, 100);
        assert_eq!(factor.check(&code, step, at(3_001)), None, "used");
        for (seconds, good) in [(2_969, false), (2_970, true), (3_059, true), (3_060, false)] {
            assert_eq!(factor.check(&code, 0, at(seconds)).is_some(), good, "{seconds}");
        }
        for wrong in ["", "12345", "1234567", "abcdef"] {
            assert_eq!(factor.check(wrong, 0, NOW), None);
        }
        assert_eq!(format!("{factor:?}"), "SecondFactor(_)");
    }

    #[test]
    fn the_uri_and_the_letters() {
        let factor = SecondFactor::from_bytes(b"12345678901234567890").unwrap();
        assert_eq!(factor.base32(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(
            factor.uri("Bayside & Sons", "d@b.example"),
            "otpauth://totp/Bayside%20%26%20Sons:d%40b.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Bayside%20%26%20Sons"
        );
    }

    #[test]
    fn recovery_codes_read_back_however_typed() {
        let codes = RecoveryCode::generate().unwrap();
        assert_eq!(codes.len(), RECOVERY_CODES);
        for code in &codes {
            let shown = code.reveal();
            assert_eq!(shown.len(), 19, "{shown}");
            assert_eq!(RecoveryCode::parse(&shown).as_ref(), Some(code));
            assert_eq!(
                RecoveryCode::parse(&shown.to_uppercase().replace('-', " ")).unwrap().hash(),
                code.hash()
            );
        }
        assert_ne!(codes[0].hash(), codes[1].hash());
        for bad in ["", "aaaa-bbbb", "1111-1111-1111-1111"] {
            assert_eq!(RecoveryCode::parse(bad), None);
        }
    }
}
