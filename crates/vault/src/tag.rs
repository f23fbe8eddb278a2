//! Blind indexes: keyed digests by which the database finds a patient without knowing whom.

use crate::Keyring;
use aws_lc_rs::hmac;
use discreet_domain::{Day, EmailAddress, Identifier, TAG_LEN, Tag};

impl Keyring {
    /// The tag of an identifier of one source.
    pub fn identifier_tag(&self, identifier: &Identifier) -> Tag {
        tag(&self.index.0, "identifier", &[&identifier.source, identifier.value.trim()])
    }
    /// The tag of an identifier's number, whoever gave it. Surrounding space does not matter.
    pub fn number_tag(&self, number: &str) -> Tag {
        tag(&self.index.0, "number", &[number.trim()])
    }
    /// The tag of a family name and birth date, for look-ups at the desk. Case and surrounding space do not matter.
    pub fn name_tag(&self, family: &str, birth: Day) -> Tag {
        tag(&self.index.0, "name", &[&family.trim().to_lowercase(), &birth.to_string()])
    }
    /// The tag of the name of something of the organization's: a segment, a value set.
    pub fn word_tag(&self, kind: &str, name: &str) -> Tag {
        tag(&self.index.0, kind, &[&name.trim().to_lowercase()])
    }
    /// The tag of a mailbox, under the key that never rotates: opt-outs and suppressions outlive everything.
    pub fn address_tag(&self, address: &EmailAddress) -> Tag {
        tag(&self.suppression.0, "address", &[&address.folded()])
    }
}

/// HMAC over length-prefixed words, so that no two lists of words are the same bytes.
fn tag(key: &[u8], kind: &str, words: &[&str]) -> Tag {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for word in std::iter::once(&kind).chain(words) {
        context.update(&(word.len() as u64).to_be_bytes());
        context.update(word.as_bytes());
    }
    let digest = context.sign();
    let mut out = [0; TAG_LEN];
    out.iter_mut().zip(digest.as_ref()).for_each(|(to, from)| *to = *from);
    Tag(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_find_the_same_and_only_the_same() {
        let keyring = Keyring::generate("discreet/test").unwrap();
        let id = |s: &str, v: &str| keyring.identifier_tag(&Identifier { source: s.into(), value: v.into() });
        assert_eq!(id("ehr", "123"), id("ehr", " 123 "));
        assert_ne!(id("ehr", "123"), id("ehr1", "23"));
        assert_eq!(keyring.number_tag("123"), keyring.number_tag(" 123 "));
        assert_ne!(keyring.number_tag("123"), id("", "123"));
        let day = Day::of(1980, 1, 2).unwrap();
        assert_eq!(keyring.name_tag("Díaz", day), keyring.name_tag(" DÍAZ ", day));
        let a = |t: &str| keyring.address_tag(&EmailAddress::parse(t).unwrap());
        assert_eq!(a("Rosa@Example.org"), a("rosa@example.org"));
        assert_ne!(a("rosa@example.org"), a("rosa@example.com"));
        let other = Keyring::generate("discreet/test").unwrap();
        assert_ne!(other.name_tag("Díaz", day), keyring.name_tag("Díaz", day));
    }
}
