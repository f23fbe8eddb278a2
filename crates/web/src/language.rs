//! Which language to answer in: the one asked for in the address (`?lang=es`), else the browser's, else English.

use crate::site::Site;
use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use std::convert::Infallible;

pub(crate) use discreet_words::Language;

/// The language of a request.
pub(crate) fn of_request(headers: &HeaderMap, uri: &Uri) -> Language {
    let query = form_urlencoded::parse(uri.query().unwrap_or("").as_bytes());
    let asked = query.filter(|(name, _)| name == "lang").find_map(|(_, tag)| Language::of_tag(&tag));
    let header = || headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).and_then(preferred);
    asked.or_else(header).unwrap_or(Language::English)
}

/// RFC 9110 §12.5.4: the best rated of ours; of equals, the one named first.
fn preferred(header: &str) -> Option<Language> {
    let mut best: Option<(Language, u16)> = None;
    for item in header.split(',') {
        let mut parts = item.split(';');
        let tag = parts.next().unwrap_or("").trim();
        let language = if tag == "*" { Some(Language::English) } else { Language::of_tag(tag) };
        let rate = parts.find_map(|p| p.trim().strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
        let rate = thousandths(rate);
        if let Some(language) = language
            && rate > best.map_or(0, |(_, rate)| rate)
        {
            best = Some((language, rate));
        }
    }
    best.map(|(language, _)| language)
}

/// Quality values have three digits.
fn thousandths(rate: f32) -> u16 {
    (1..=1000).rev().find(|n| rate >= f32::from(*n) / 1000.0).unwrap_or(0)
}

impl FromRequestParts<Site> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Self, Infallible> {
        Ok(of_request(&parts.headers, &parts.uri))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str, uri: &str) -> &'static str {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, header.parse().unwrap());
        of_request(&headers, &uri.parse().unwrap()).tag()
    }

    #[test]
    fn the_browsers_language() {
        for (header, tag) in [
            ("", "en"),
            ("es", "es"),
            ("es-MX,es;q=0.9,en;q=0.8", "es"),
            ("en-US,en;q=0.9,es;q=0.8", "en"),
            ("en;q=0.5, ES-419;q=0.7", "es"),
            ("fr-CA, es;q=0.4, *;q=0.1", "es"),
            ("fr, *;q=0.3", "en"),
            ("es;q=0, en;q=0.1", "en"),
            ("es;q=0", "en"),
            ("est", "en"),
            ("es;q=high", "en"),
            (";;,=,q", "en"),
        ] {
            assert_eq!(of(header, "/"), tag, "{header}");
        }
    }

    #[test]
    fn what_the_address_asks_for_goes_first() {
        assert_eq!(of("en", "/u/x?lang=es"), "es");
        assert_eq!(of("es", "/u/x?a=b&lang=en"), "en");
        assert_eq!(of("es", "/u/x?lang=tlh"), "es");
        assert_eq!(of_request(&HeaderMap::new(), &Uri::from_static("/")), Language::English);
    }
}
