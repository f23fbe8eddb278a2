//! Keys, and the only decryption of PHI. A door crate: [`Vault::open`] and [`Reader::open`] take a
//! [`Receipt`](discreet_audit::Receipt), proof that the look is already in the log.
//!
//! Important and security-sensitive. How it hangs together:
//!
//! - The **keyring** ([`Keyring`]) is one small file, sealed under a passphrase (Argon2id) or a key given by file,
//!   environment or systemd credential ([`Unlock`]). It holds the wrapping keys by version, the keys of the blind
//!   indexes, and the log's signing key. It is never in a data backup; a [`kit`] brings it back.
//! - Each patient has two random data keys, **profile** and **evidence**; the organization has one. Wrapped under the
//!   current wrapping key they lie on the key shelf ([`Wrapped`](discreet_domain::Wrapped)), apart from the data.
//! - Data is sealed with AES-256-GCM under a data key, with everything that says what it is as associated data
//!   ([`Sealed`](discreet_domain::Sealed)): moved elsewhere, it does not open.
//! - Look-ups go by keyed digests ([`Tag`](discreet_domain::Tag)): the database can find, but not tell.

mod aead;
mod kept;
mod keyring;
pub mod kit;
mod open;
mod organization;
mod seal;
mod sign;
mod source;
mod spill;
mod tag;
mod vault;

pub use aead::Refused;
pub use kept::{KeptReader, KeptWriter, SealedFile};
pub use keyring::{KeyVersion, Keyring};
pub use open::Reader;
pub use organization::{OrganizationKey, Place};
pub use seal::PatientKeys;
pub use sign::hmac_sha256;
pub use source::{KeyringError, KeyringFile, Unlock};
pub use spill::{SpillReader, SpillWriter};
pub use vault::Vault;
