//! The files a page needs besides itself. Each has its content's hash in its name, so that a browser may keep it for good.

use crate::error::PageError;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use std::sync::LazyLock;

/// The style of the patient's side: tokens first, then what uses them.
const PATIENT_CSS: &str =
    concat!(include_str!("../assets/tokens.css"), include_str!("../assets/patient.css"));

static PATIENT_CSS_PATH: LazyLock<String> =
    LazyLock::new(|| format!("/assets/patient.{:016x}.css", fnv1a(PATIENT_CSS.as_bytes())));

/// Where the style of the patient's side is.
pub(crate) fn patient_css() -> &'static str {
    &PATIENT_CSS_PATH
}

pub(crate) async fn serve(Path(name): Path<String>) -> Result<Response, PageError> {
    if patient_css().strip_prefix("/assets/") != Some(name.as_str()) {
        return Err(PageError::NotFound);
    }
    let headers =
        [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, PATIENT_CSS).into_response())
}

/// FNV-1a, 64 bits: tells versions apart; it guards nothing.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fnv1a_known_values() {
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
