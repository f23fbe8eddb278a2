//! Where links lead and images come from: an allow-list of hosts, and nothing else.

use crate::limits::LONGEST_LINK;
use crate::lint::{Finding, Place};
use std::collections::BTreeSet;

/// The hosts that a mail may name. Exact names: `clinic.example` does not allow `www.clinic.example`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Hosts(BTreeSet<String>);

/// A host name is not one.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("`{0}` is not a host name in lower-case ASCII")]
pub struct NotAHost(pub String);

impl Hosts {
    /// The list of these hosts.
    ///
    /// # Errors
    /// [`NotAHost`] for the first that is no host name: letters, digits, hyphens and dots, in lower case.
    pub fn new<S: AsRef<str>>(hosts: impl IntoIterator<Item = S>) -> Result<Hosts, NotAHost> {
        let mut list = BTreeSet::new();
        for host in hosts {
            let host = host.as_ref().trim();
            if !is_host(host) {
                return Err(NotAHost(host.to_owned()));
            }
            list.insert(host.to_owned());
        }
        Ok(Hosts(list))
    }
    /// Whether a mail may name this host.
    pub fn allow(&self, host: &str) -> bool {
        self.0.contains(&host.to_ascii_lowercase())
    }
    /// The hosts.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
    pub(crate) fn add(&mut self, host: &str) {
        self.0.insert(host.to_ascii_lowercase());
    }
}

pub(crate) fn is_host(host: &str) -> bool {
    !host.is_empty()
        && host.len() <= 253
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        })
}

/// An `https` or `mailto` address, taken apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Address<'a> {
    pub(crate) scheme: Scheme,
    /// The host of `https`, the domain of `mailto`.
    pub(crate) host: &'a str,
    /// Everything after the host.
    pub(crate) rest: &'a str,
}

/// What a link may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Scheme {
    Https,
    Mailto,
}

/// Why an address is none of ours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Bad {
    Scheme,
    Host,
    UserInfo,
    Port,
    Characters,
    TooLong,
}

impl Bad {
    const fn message(self) -> &'static str {
        match self {
            Bad::Scheme => "only https:// and mailto: addresses",
            Bad::Host => "an address needs a plain ASCII host name",
            Bad::UserInfo => "no user name before the host",
            Bad::Port => "no port number",
            Bad::Characters => {
                "an address has no spaces, backslashes, quotes, angle brackets or control characters"
            }
            Bad::TooLong => "the address is too long",
        }
    }
}

/// Takes an address apart, strictly: what browsers would repair is refused.
pub(crate) fn parse(url: &str) -> Result<Address<'_>, Bad> {
    if url.len() > LONGEST_LINK {
        return Err(Bad::TooLong);
    }
    if !url.bytes().all(|b| {
        b.is_ascii_graphic() && !matches!(b, b'\\' | b'"' | b'<' | b'>' | b'`' | b'{' | b'}' | b'\'')
    }) {
        return Err(Bad::Characters);
    }
    let (scheme, after) = url.split_once(':').ok_or(Bad::Scheme)?;
    if scheme.eq_ignore_ascii_case("mailto") {
        let (address, _) = after.split_once('?').unwrap_or((after, ""));
        let (local, domain) = address.rsplit_once('@').ok_or(Bad::Host)?;
        let plain =
            !local.is_empty() && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"._+-".contains(&b));
        if !plain || !is_host(&domain.to_ascii_lowercase()) {
            return Err(Bad::Host);
        }
        let rest = after.get(address.len()..).unwrap_or("");
        return Ok(Address { scheme: Scheme::Mailto, host: domain, rest });
    }
    if !scheme.eq_ignore_ascii_case("https") {
        return Err(Bad::Scheme);
    }
    let after = after.strip_prefix("//").ok_or(Bad::Host)?;
    let end = after.find(['/', '?', '#']).unwrap_or(after.len());
    let (authority, rest) = after.split_at_checked(end).ok_or(Bad::Host)?;
    if authority.contains('@') {
        return Err(Bad::UserInfo);
    }
    if authority.contains(':') {
        return Err(Bad::Port);
    }
    if !is_host(&authority.to_ascii_lowercase()) {
        return Err(Bad::Host);
    }
    Ok(Address { scheme: Scheme::Https, host: authority, rest })
}

/// Checks an address in a mail: its form, its host, and that it says nothing.
pub(crate) fn check(url: &str, place: Place, hosts: &Hosts) -> Vec<Finding> {
    let address = match parse(url) {
        Ok(address) => address,
        Err(bad) => {
            return vec![Finding::error(
                place,
                "address_form",
                format!("`{}`: {}", short(url), bad.message()),
            )];
        }
    };
    let mut found = Vec::new();
    if !hosts.allow(address.host) {
        let message = format!(
            "`{}` is not a host of yours; mail names no one else's hosts (add it in the settings if it is yours)",
            address.host
        );
        found.push(Finding::error(place, "address_host", message));
    }
    if place == Place::Image && address.scheme != Scheme::Https {
        found.push(Finding::error(place, "address_form", "an image comes by https"));
    }
    if address.rest.to_ascii_lowercase().contains("utm_") {
        let message = "campaign parameters (utm_…) end up in web logs; leave them out or keep them neutral";
        found.push(Finding::warning(place, "address_tracking", message));
    }
    if address.rest.contains('@') || address.rest.to_ascii_lowercase().contains("%40") {
        found.push(Finding::error(place, "address_identifier", "an email address in an address"));
    }
    if longest_digit_run(address.rest) >= IDENTIFIER_DIGITS {
        let message =
            "a long number in an address looks like someone's identifier; everyone gets the same address";
        found.push(Finding::warning(place, "address_identifier", message));
    }
    found.extend(super::lint::plain::name(&percent_decoded(url), place));
    found
}

/// So many digits in a row look like an identifier.
const IDENTIFIER_DIGITS: usize = 9;

fn longest_digit_run(text: &str) -> usize {
    text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0)
}

/// `%64iabetes` → `diabetes`.
fn percent_decoded(text: &str) -> String {
    let mut bytes = text.as_bytes().iter().copied();
    let mut out = Vec::with_capacity(text.len());
    while let Some(b) = bytes.next() {
        let pair = hex_pair(bytes.clone());
        match (b, pair) {
            (b'%', Some(value)) => {
                out.push(value);
                bytes.nth(1);
            }
            (b'+', _) => out.push(b' '),
            _ => out.push(b),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex_pair(mut bytes: impl Iterator<Item = u8>) -> Option<u8> {
    let mut digit = || char::from(bytes.next()?).to_digit(16);
    let (high, low) = (digit()?, digit()?);
    u8::try_from(high * 16 + low).ok()
}

fn short(url: &str) -> String {
    let line = crate::clean::line(url);
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or("")),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts() -> Hosts {
        Hosts::new(["clinic.example", "img.clinic.example"]).unwrap()
    }
    fn codes(url: &str, place: Place) -> Vec<&'static str> {
        check(url, place, &hosts()).into_iter().map(|f| f.code).collect()
    }

    #[test]
    fn takes_what_is_ours() {
        for url in [
            "https://clinic.example",
            "https://clinic.example/a/b?page=2#top",
            "HTTPS://CLINIC.example/",
            "mailto:hello@clinic.example",
        ] {
            assert!(codes(url, Place::Link).is_empty(), "{url}");
        }
        assert!(codes("https://img.clinic.example/autumn.png", Place::Image).is_empty());
    }

    #[test]
    fn refuses_the_rest() {
        for (url, code) in [
            ("http://clinic.example/", "address_form"),
            ("javascript:alert(1)", "address_form"),
            ("data:text/html,x", "address_form"),
            ("//clinic.example/x", "address_form"),
            ("/relative", "address_form"),
            ("https:clinic.example", "address_form"),
            ("https://clinic.example\\@evil.example/", "address_form"),
            ("https://clinic.example@evil.example/", "address_form"),
            ("https://clinic.example:8443/", "address_form"),
            ("https://clinic.example%2eevil.example/", "address_form"),
            ("https://clinic.example /", "address_form"),
            ("https://clínic.example/", "address_form"),
            ("https://evil.example/", "address_host"),
            ("https://clinic.example.evil.example/", "address_host"),
            ("https://www.clinic.example/", "address_host"),
            ("mailto:someone@gmail.example", "address_host"),
            ("https://clinic.example/?e=rosa@example.org", "address_identifier"),
            ("https://clinic.example/?e=rosa%40example.org", "address_identifier"),
            ("https://clinic.example/diabetes", "clinical_word"),
            ("https://clinic.example/%64iabetes", "clinical_word"),
            ("https://clinic.example/?utm_campaign=HIVClinic", "clinical_word"),
            ("https://clinic.example/?c=E11.9", "clinical_code"),
            ("mailto:hello@clinic.example?subject=My%20depression", "clinical_word"),
        ] {
            assert!(codes(url, Place::Link).contains(&code), "{url}: {:?}", codes(url, Place::Link));
        }
        assert!(codes("mailto:a@clinic.example", Place::Image).contains(&"address_form"));
    }

    #[test]
    fn host_names() {
        assert!(Hosts::new(["Clinic.example"]).is_err());
        assert!(Hosts::new(["a..b"]).is_err() && Hosts::new([""]).is_err() && Hosts::new(["-a.b"]).is_err());
    }
}
