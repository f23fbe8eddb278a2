//! Our two cookies: the session's secret, and what shows that a browser was let in before.

use crate::site::Options;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use discreet_access::Secret;

/// For how long a browser is remembered, in seconds: half a year.
const DEVICE_SECONDS: u32 = 182 * 24 * 3600;

/// A cookie of ours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Cookie {
    Session,
    Device,
}

impl Cookie {
    /// `__Host-`: set by this host alone, over https alone. On loopback without https browsers would refuse it.
    const fn name(self, options: Options) -> &'static str {
        match (self, options.https) {
            (Cookie::Session, true) => "__Host-session",
            (Cookie::Session, false) => "session",
            (Cookie::Device, true) => "__Host-device",
            (Cookie::Device, false) => "device",
        }
    }
    /// Its value in a request. More than one of the name, and we believe none.
    pub(crate) fn of(self, headers: &HeaderMap, options: Options) -> Option<String> {
        let name = self.name(options);
        let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut found = all
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(n, _)| *n == name)
            .map(|(_, value)| value.to_owned());
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }
    /// Has the browser keep it. `Lax`: a link in a colleague's mail finds the reader signed in, a form elsewhere does not.
    pub(crate) fn set(self, headers: &mut HeaderMap, value: &str, options: Options) {
        let secure = if options.https { "; Secure" } else { "" };
        let kept = match self {
            Cookie::Session => String::new(),
            Cookie::Device => format!("; Max-Age={DEVICE_SECONDS}"),
        };
        let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{kept}", self.name(options));
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.append(SET_COOKIE, value);
        }
    }
    /// Has the browser forget it.
    pub(crate) fn drop(self, headers: &mut HeaderMap, options: Options) {
        let secure = if options.https { "; Secure" } else { "" };
        let text = format!("{}=; Path=/; HttpOnly; SameSite=Lax{secure}; Max-Age=0", self.name(options));
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.append(SET_COOKIE, value);
        }
    }
}

/// The secret of the session a request is in.
pub(crate) fn session(headers: &HeaderMap, options: Options) -> Option<Secret> {
    Cookie::Session.of(headers, options).as_deref().and_then(Secret::parse)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTTPS: Options = Options { https: true };

    #[test]
    fn ours_is_found_among_others_and_a_double_is_nobodys() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=b; __Host-session=x=y ;c"));
        assert_eq!(Cookie::Session.of(&headers, HTTPS).as_deref(), Some("x=y"));
        assert_eq!(Cookie::Device.of(&headers, HTTPS), None);
        assert_eq!(Cookie::Session.of(&headers, Options { https: false }), None, "not under the weaker name");
        headers.append(COOKIE, HeaderValue::from_static("__Host-session=planted"));
        assert_eq!(Cookie::Session.of(&headers, HTTPS), None);
    }

    #[test]
    fn set_strictly() {
        let mut headers = HeaderMap::new();
        Cookie::Session.set(&mut headers, "s", HTTPS);
        Cookie::Device.drop(&mut headers, HTTPS);
        let all: Vec<_> = headers.get_all(SET_COOKIE).iter().map(|v| v.to_str().unwrap()).collect();
        assert_eq!(
            all,
            [
                "__Host-session=s; Path=/; HttpOnly; SameSite=Lax; Secure",
                "__Host-device=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0"
            ]
        );
    }
}
