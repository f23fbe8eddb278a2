//! Looking for the canary where it must not be.

use super::people::CANARY;
use std::path::{Path, PathBuf};

/// The canary as it would stand in clear: as written, and in base64 at each of the three places in a group of three bytes.
pub fn search_forms() -> Vec<Vec<u8>> {
    let mut forms = vec![CANARY.as_bytes().to_vec(), CANARY.to_lowercase().into_bytes()];
    for text in [CANARY.to_owned(), CANARY.to_lowercase()] {
        for shift in 0..3 {
            let padded: Vec<u8> = std::iter::repeat_n(b'a', shift).chain(text.bytes()).collect();
            // The letters that depend on nothing but the canary itself.
            let letters = base64(&padded);
            let first = (shift * 8).div_ceil(6);
            let whole = padded.len() * 8 / 6;
            forms.push(letters.as_bytes()[first..whole].to_vec());
        }
    }
    forms.sort();
    forms.dedup();
    forms
}

/// The files under a folder in which the canary stands in clear.
pub fn found_in_files(folder: &Path) -> Vec<PathBuf> {
    let forms = search_forms();
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            // A file that went away meanwhile holds nothing.
            let Ok(bytes) = std::fs::read(&path) else { continue };
            if forms.iter().any(|form| holds(&bytes, form)) {
                found.push(path);
            }
        }
    }
    found
}

fn holds(bytes: &[u8], form: &[u8]) -> bool {
    let Some(first) = form.first() else { return false };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|b| b == first) {
        rest = &rest[at..];
        if rest.starts_with(form) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0u32, |bits, b| (bits << 8) | u32::from(*b)) << (8 * (3 - group.len()));
        for n in 0..=group.len() {
            text.push(char::from(LETTERS[(bits >> (18 - 6 * n)) as usize & 63]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canary_is_found_however_it_stands_there() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("deep")).unwrap();
        std::fs::write(at("clean"), "nothing Zz-Canar").unwrap();
        assert!(found_in_files(folder.path()).is_empty());
        std::fs::write(at("deep/clear"), format!("x {CANARY}-F1")).unwrap();
        std::fs::write(at("lower"), CANARY.to_lowercase()).unwrap();
        for n in 0..3 {
            let text: String = std::iter::repeat_n('q', n).collect();
            std::fs::write(at(&format!("base64-{n}")), base64(format!("{text}{CANARY}-F1").as_bytes()))
                .unwrap();
        }
        assert_eq!(found_in_files(folder.path()).len(), 5);
        assert_eq!(base64(b"any carnal pleas"), "YW55IGNhcm5hbCBwbGVhcw");
    }
}
