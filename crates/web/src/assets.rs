//! The files a page needs besides itself. Each has its content's hash in its name, so that a browser may keep it for good.

use crate::error::PageError;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use std::sync::LazyLock;

/// A file that is served.
struct File {
    path: String,
    kind: &'static str,
    text: &'static str,
}

/// The style of the patient's side: tokens first, then what uses them.
const PATIENT_CSS: &str =
    concat!(include_str!("../assets/tokens.css"), include_str!("../assets/patient.css"));
/// The style of the staff's side.
const STAFF_CSS: &str = concat!(include_str!("../assets/tokens.css"), include_str!("../assets/staff.css"));
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

fn file(name: &str, ending: &str, kind: &'static str, text: &'static str) -> File {
    File { path: format!("/assets/{name}.{:016x}.{ending}", fnv1a(text.as_bytes())), kind, text }
}

static FILES: LazyLock<[File; 6]> = LazyLock::new(|| {
    [
        file("patient", "css", CSS, PATIENT_CSS),
        file("staff", "css", CSS, STAFF_CSS),
        file("htmx", "js", SCRIPT, include_str!("../assets/vendor/htmx-2.0.11.min.js")),
        file("discreet", "js", SCRIPT, include_str!("../assets/discreet.js")),
        file("icons", "svg", SVG, include_str!("../assets/icons.svg")),
        file("mark", "svg", SVG, include_str!("../assets/mark.svg")),
    ]
});

/// Where the files of the staff's side are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StaffFiles {
    pub(crate) css: &'static str,
    pub(crate) htmx: &'static str,
    pub(crate) script: &'static str,
    pub(crate) icons: &'static str,
    pub(crate) mark: &'static str,
}

/// Where the files of the staff's side are.
pub(crate) fn staff_files() -> StaffFiles {
    let [_, css, htmx, script, icons, mark] = &*FILES;
    StaffFiles {
        css: &css.path,
        htmx: &htmx.path,
        script: &script.path,
        icons: &icons.path,
        mark: &mark.path,
    }
}

/// Where the style of the patient's side is.
pub(crate) fn patient_css() -> &'static str {
    let [patient, ..] = &*FILES;
    &patient.path
}

pub(crate) async fn serve(Path(name): Path<String>) -> Result<Response, PageError> {
    let found = FILES.iter().find(|file| file.path.strip_prefix("/assets/") == Some(name.as_str()));
    let file = found.ok_or(PageError::NotFound)?;
    let told = [(CONTENT_TYPE, file.kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((told, file.text).into_response())
}

/// FNV-1a, 64 bits: tells versions apart; it guards nothing.
pub(crate) fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// Most that a page may cost besides itself, compressed, in bytes.
    const WHOLE: usize = 60_000;
    const STYLE: usize = 14_000;
    const HTMX: usize = 18_000;
    const OWN_SCRIPT: usize = 10_000;

    fn compressed(file: &File) -> usize {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(file.text.as_bytes()).unwrap();
        gzip.finish().unwrap().len()
    }

    #[test]
    fn styles_and_scripts_keep_to_their_budget() {
        let mut whole = 0;
        for file in FILES.iter() {
            let size = compressed(file);
            println!("{}: {} bytes, {size} compressed", file.path, file.text.len());
            let most = match file.kind {
                CSS => STYLE,
                SCRIPT if file.path.starts_with("/assets/htmx.") => HTMX,
                SCRIPT => OWN_SCRIPT,
                _ => continue,
            };
            assert!(size <= most, "{}: {size} bytes compressed, {most} at most", file.path);
            whole += size;
        }
        assert!(whole < WHOLE, "{whole} bytes compressed");
    }
    #[test]
    fn fnv1a_known_values() {
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
