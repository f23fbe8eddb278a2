//! Making text harmless: one line, nothing invisible, escaped.

use crate::limits::LONGEST_VALUE;

/// The text on one line: line breaks and tabs become spaces; control, bidirectional-override, zero-width and private-use
/// characters go. What this returns cannot end a header line, and shows what it says.
pub(crate) fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_break(c) {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_hidden(c) {
            out.push(c);
        }
    }
    let trimmed = out.trim();
    if trimmed.len() == out.len() { out } else { trimmed.to_owned() }
}

/// A merge value: [`line`], cut to [`LONGEST_VALUE`] characters.
pub(crate) fn value(text: &str) -> String {
    let line = line(text);
    match line.char_indices().nth(LONGEST_VALUE) {
        None => line,
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or("").trim_end()),
    }
}

/// Puts `text`, escaped for HTML text and for quoted attributes, at the end of `out`.
pub(crate) fn escape_into(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
}

/// `text` escaped for HTML text and for quoted attributes.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_into(&mut out, text);
    out
}

/// Characters that this crate uses as place holders while a body is rendered; nobody else may.
pub(crate) const fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}')
}

const fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Cannot be seen, or changes how its neighbours are seen. The zero-width joiners stay: Persian and emoji need them.
pub(crate) const fn is_hidden(c: char) -> bool {
    c.is_ascii_control()
        || matches!(c,
            '\u{80}'..='\u{9f}' | '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
            | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}')
        || is_private(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_whatever_comes() {
        assert_eq!(line("Rosa\r\nBcc: all@example.org"), "Rosa Bcc: all@example.org");
        assert_eq!(line("  a\u{0}b\u{2028}c\u{85}d  "), "ab c d");
        assert_eq!(line("ev\u{202e}il\u{200b} \u{e123}x"), "evil x");
        assert_eq!(line("é 日本 👩\u{200d}⚕️"), "é 日本 👩\u{200d}⚕️");
        assert_eq!(line("\r\n\t"), "");
    }

    #[test]
    fn values_are_cut_at_a_character() {
        let long = "é".repeat(LONGEST_VALUE + 1);
        assert_eq!(value(&long).chars().count(), LONGEST_VALUE + 1);
        assert!(value(&long).ends_with('…'));
        assert_eq!(value(&"é".repeat(LONGEST_VALUE)).chars().count(), LONGEST_VALUE);
    }

    #[test]
    fn escapes_for_text_and_attributes() {
        assert_eq!(escaped(r#"<a b="c">'&"#), "&lt;a b=&quot;c&quot;&gt;&#39;&amp;");
    }
}
