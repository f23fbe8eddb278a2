//! Cleaning text on the way in.

use std::borrow::Cow;

/// Text without control characters (NUL too) and surrounding space, inner runs of space made one; none if nothing is
/// left or more than `longest` bytes are.
pub(crate) fn clean(text: &str, longest: usize) -> Option<Cow<'_, str>> {
    let trimmed = text.trim_matches(is_blank);
    let text = if needs_work(trimmed) { Cow::Owned(tidied(trimmed)) } else { Cow::Borrowed(trimmed) };
    (!text.is_empty() && text.len() <= longest).then_some(text)
}

/// Like [`clean`], owned.
pub(crate) fn clean_owned(text: &str, longest: usize) -> Option<String> {
    clean(text, longest).map(Cow::into_owned)
}

/// Whether `text` holds more than `longest` bytes worth keeping.
pub(crate) fn too_long(text: &str, longest: usize) -> bool {
    text.trim_matches(is_blank).len() > longest
}

/// `In-Progress` → `in_progress`: the form of the catalog's known words.
pub(crate) fn word(text: &str) -> String {
    let mut word = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '-' | '_' => word.push('_'),
            c if c.is_whitespace() => word.push('_'),
            c => word.extend(c.to_lowercase()),
        }
    }
    word
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || c == '\u{feff}'
}

fn needs_work(text: &str) -> bool {
    let ascii = text.bytes().all(|b| (0x20..0x7f).contains(&b));
    if ascii {
        return text.contains("  ");
    }
    true
}

fn tidied(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() {
            space = true;
        } else if !c.is_control() && c != '\u{feff}' {
            if space {
                tidy.push(' ');
                space = false;
            }
            tidy.push(c);
        }
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleans() {
        assert_eq!(clean("  Rosa \t  Díaz\u{0} ", 20).unwrap(), "Rosa Díaz");
        assert_eq!(clean("plain", 5).unwrap(), "plain");
        assert_eq!(clean("a\u{0}b", 5).unwrap(), "ab");
        assert_eq!(clean("plain", 4), None);
        assert_eq!(clean(" \u{0} ", 9), None);
        assert_eq!(word("In-Progress"), "in_progress");
        assert_eq!(word("no show"), "no_show");
    }
}
