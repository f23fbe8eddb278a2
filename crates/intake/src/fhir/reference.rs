//! Where references lead.

use crate::limits::LONGEST_ID;
use std::collections::HashMap;

/// What the `fullUrl`s of a Bundle stand for.
#[derive(Default)]
pub(crate) struct BundleIndex {
    by_url: HashMap<String, (String, String)>,
}

impl BundleIndex {
    pub fn put(&mut self, full_url: &str, kind: &str, id: &str) {
        self.by_url.insert(full_url.to_owned(), (kind.to_owned(), id.to_owned()));
    }
    fn get(&self, url: &str) -> Option<(&str, &str)> {
        self.by_url.get(url).map(|(kind, id)| (kind.as_str(), id.as_str()))
    }
}

/// What a reference names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Target<'t> {
    /// A resource. Of `urn:uuid:` outside of its Bundle the type is not known.
    Resource {
        /// Its type.
        kind: Option<&'t str>,
        /// Its id.
        id: &'t str,
    },
    /// A contained resource.
    Contained(&'t str),
    /// Nothing that can be told here: conditional (`Patient?identifier=…`) or empty.
    Unresolved,
}

/// Reads `Patient/x`, `Patient/x/_history/2`, an absolute URL, `urn:uuid:x`, `#x`. The server of an absolute URL does
/// not matter: one import is of one source.
pub(crate) fn target<'t>(reference: &'t str, index: Option<&'t BundleIndex>) -> Target<'t> {
    let reference = reference.trim();
    if let Some((kind, id)) = index.and_then(|index| index.get(reference)) {
        return Target::Resource { kind: Some(kind), id };
    }
    if let Some(contained) = reference.strip_prefix('#') {
        return Target::Contained(contained);
    }
    if let Some(id) = urn(reference) {
        return if is_id(id) { Target::Resource { kind: None, id } } else { Target::Unresolved };
    }
    let versionless = reference.split_once("/_history/").map_or(reference, |(before, _)| before);
    let mut backwards = versionless.rsplit('/');
    match (backwards.next(), backwards.next()) {
        (Some(id), Some(kind)) if is_id(id) && is_type(kind) => Target::Resource { kind: Some(kind), id },
        _ => Target::Unresolved,
    }
}

/// The id in a `urn:uuid:` or `urn:oid:`.
pub(crate) fn urn(url: &str) -> Option<&str> {
    url.strip_prefix("urn:uuid:").or_else(|| url.strip_prefix("urn:oid:"))
}

/// FHIR allows letters, digits, `-` and `.`, 64 of them; real servers are less strict, but spaces, slashes and query
/// marks mean that it is something else.
pub(crate) fn is_id(id: &str) -> bool {
    let plain = |b: u8| b.is_ascii_graphic() && !matches!(b, b'/' | b'?' | b'#' | b'|');
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '/' | '?' | '#' | '|');
    !id.is_empty() && id.len() <= LONGEST_ID && (id.bytes().all(plain) || !id.contains(odd))
}

fn is_type(kind: &str) -> bool {
    kind.len() <= 40
        && kind.starts_with(|c: char| c.is_ascii_uppercase())
        && kind.bytes().all(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms() {
        let patient = |id| Target::Resource { kind: Some("Patient"), id };
        let mut index = BundleIndex::default();
        index.put("urn:uuid:1-2", "Patient", "p9");
        assert_eq!(target("Patient/p1", None), patient("p1"));
        assert_eq!(target("Patient/p1/_history/3", None), patient("p1"));
        assert_eq!(target("https://ehr.example.org/fhir/Patient/p1", None), patient("p1"));
        assert_eq!(target("urn:uuid:1-2", Some(&index)), patient("p9"));
        assert_eq!(target("urn:uuid:1-2", None), Target::Resource { kind: None, id: "1-2" });
        assert_eq!(target("#med", None), Target::Contained("med"));
        for unresolved in
            ["", "Patient?identifier=a|1", "p1", "Patient/", "Patient/a b", "http://x", "urn:uuid:"]
        {
            assert_eq!(target(unresolved, None), Target::Unresolved, "{unresolved}");
        }
    }
}
