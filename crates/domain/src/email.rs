//! Email addresses that can be delivered to in practice.

use std::fmt;

/// Longest address, in bytes (RFC 5321 §4.5.3.1.3, less the angle brackets).
pub const LONGEST_ADDRESS: usize = 254;
/// Longest local part, in bytes (RFC 5321 §4.5.3.1.1).
pub const LONGEST_LOCAL: usize = 64;

/// Why an address was not taken. Never carries the address.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AddressProblem {
    /// Not `local@domain` as RFC 5322 writes it.
    #[error("not an email address")]
    Malformed,
    /// Legal, but no mail system in use delivers it: quoted local part, comment, domain literal, no dot in the domain.
    #[error("an email address of a form that cannot be delivered to in practice")]
    Undeliverable,
    /// Longer than mail systems take.
    #[error("an email address that is too long")]
    TooLong,
    /// Stands for "has none": `none@none.com`, `declined@…`.
    #[error("a placeholder in place of an email address")]
    Placeholder,
}

/// An address: local part as given, domain in lower-case ASCII (IDNA).
///
/// It is PHI when it belongs to a patient; hold it in a [`Phi`](crate::Phi).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress {
    text: String,
    at: usize,
}

const PLACEHOLDER_LOCALS: [&str; 12] = [
    "none",
    "noemail",
    "no-email",
    "no_email",
    "declined",
    "refused",
    "unknown",
    "na",
    "n/a",
    "nomail",
    "donotemail",
    "patientdeclined",
];
const PLACEHOLDER_DOMAINS: [&str; 5] =
    ["none.com", "noemail.com", "declined.com", "refused.com", "nomail.com"];

impl EmailAddress {
    /// Reads an address out of a field: trims, drops `mailto:`, angle brackets and invisible spaces, checks, and
    /// brings the domain to lower-case ASCII.
    ///
    /// # Errors
    /// [`AddressProblem`], which never carries the address.
    pub fn parse(text: &str) -> Result<EmailAddress, AddressProblem> {
        let text = clean(text);
        let parsed = email_address::EmailAddress::parse_with_options(
            &text,
            email_address::Options::default()
                .with_required_tld()
                .without_display_text()
                .without_domain_literal(),
        );
        let (local, domain) = match parsed {
            Ok(a) => (a.local_part().to_owned(), a.domain().to_owned()),
            Err(email_address::Error::LocalPartTooLong | email_address::Error::DomainTooLong) => {
                return Err(AddressProblem::TooLong);
            }
            Err(email_address::Error::UnsupportedDomainLiteral | email_address::Error::DomainTooFew) => {
                return Err(AddressProblem::Undeliverable);
            }
            Err(_) => return Err(AddressProblem::Malformed),
        };
        if local.starts_with('"') || !local.is_ascii() {
            return Err(AddressProblem::Undeliverable);
        }
        let domain = idna::domain_to_ascii_strict(&domain).map_err(|_| AddressProblem::Malformed)?;
        if domain.rsplit('.').next().is_none_or(|tld| tld.bytes().all(|b| b.is_ascii_digit())) {
            return Err(AddressProblem::Undeliverable);
        }
        if is_placeholder(&local, &domain) {
            return Err(AddressProblem::Placeholder);
        }
        let at = local.len();
        let text = format!("{local}@{domain}");
        if at > LONGEST_LOCAL || text.len() > LONGEST_ADDRESS {
            return Err(AddressProblem::TooLong);
        }
        Ok(EmailAddress { text, at })
    }
    /// `local@domain`.
    pub fn as_str(&self) -> &str {
        &self.text
    }
    /// The part after the `@`, in lower-case ASCII.
    pub fn domain(&self) -> &str {
        self.text.get(self.at + 1..).unwrap_or("")
    }
    /// The form under which two spellings of one mailbox are the same: all lower case. For tags and suppression, never
    /// for sending.
    pub fn folded(&self) -> String {
        self.text.to_ascii_lowercase()
    }
    /// `r•••@example.org`: enough for its owner to recognize, too little to write to.
    pub fn masked(&self) -> String {
        let first = self.text.chars().next().unwrap_or('•');
        format!("{first}•••@{}", self.domain())
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(_)")
    }
}

fn clean(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'))
        .map(|c| if c == '\u{a0}' { ' ' } else { c })
        .collect();
    let mut rest = visible.trim();
    if rest.get(..7).is_some_and(|p| p.eq_ignore_ascii_case("mailto:")) {
        rest = rest.get(7..).unwrap_or("").trim();
    }
    if let Some(inner) = rest.strip_prefix('<').and_then(|r| r.strip_suffix('>')) {
        rest = inner.trim();
    }
    rest.to_owned()
}

fn is_placeholder(local: &str, domain: &str) -> bool {
    let local = local.to_ascii_lowercase();
    PLACEHOLDER_LOCALS.contains(&local.as_str()) || PLACEHOLDER_DOMAINS.contains(&domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalizes() {
        let ok = |t: &str| EmailAddress::parse(t).unwrap().as_str().to_owned();
        assert_eq!(ok(" mailto:<Rosa.Diaz+clinic@Example.ORG> "), "Rosa.Diaz+clinic@example.org");
        assert_eq!(ok("a\u{200b}b@bücher.example"), "ab@xn--bcher-kva.example");
        let a = EmailAddress::parse("Rosa@Example.org").unwrap();
        assert_eq!(a.folded(), "rosa@example.org");
        assert_eq!(a.masked(), "R•••@example.org");
        assert_eq!(a.domain(), "example.org");
        assert_eq!(format!("{a:?}"), "EmailAddress(_)");
    }

    #[test]
    fn refuses() {
        use AddressProblem::*;
        for (text, why) in [
            ("", Malformed),
            ("rosa", Malformed),
            ("rosa@", Malformed),
            ("a@b@example.org", Malformed),
            ("a b@example.org", Malformed),
            ("a@example..org", Malformed),
            ("a\r\nBcc: x@example.org", Malformed),
            ("rosa@localhost", Undeliverable),
            ("rosa@[127.0.0.1]", Undeliverable),
            ("rosa@127.0.0.1", Undeliverable),
            ("\"rosa\"@example.org", Undeliverable),
            ("none@none.com", Placeholder),
            ("Declined@example.org", Placeholder),
        ] {
            assert_eq!(EmailAddress::parse(text), Err(why), "{text}");
        }
        let long = format!("{}@example.org", "a".repeat(65));
        assert_eq!(EmailAddress::parse(&long), Err(TooLong));
    }
}
