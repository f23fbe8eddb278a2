//! Header and body encodings: RFC 2047 words, folding, quoted-printable, base64. Output is ASCII with CRLF.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Lines of a header are folded before this many characters where they can be.
const FOLD: usize = 76;
/// Longest encoded word (RFC 2047 §2).
const LONGEST_ENCODED_WORD: usize = 75;
/// Longest line of a body, without its CRLF (RFC 2045 §6.7).
const LONGEST_BODY_LINE: usize = 76;

/// `Name: value` with CRLF. The value is structured and ASCII; it is folded at its spaces.
pub(crate) fn structured(out: &mut String, name: &str, value: &str) {
    out.push_str(name);
    out.push(':');
    let mut column = name.len() + 1;
    for token in value.split_ascii_whitespace() {
        if column + 1 + token.len() > FOLD && column > name.len() + 1 {
            out.push_str("\r\n");
            column = 0;
        }
        out.push(' ');
        out.extend(token.chars().filter(char::is_ascii_graphic));
        column += 1 + token.len();
    }
    out.push_str("\r\n");
}

/// `Name: text` with CRLF. The text is for people; what is not plain ASCII becomes encoded words.
pub(crate) fn unstructured(out: &mut String, name: &str, text: &str) {
    let text = crate::clean::line(text);
    if is_plain(&text) && name.len() + 2 + text.len() <= FOLD {
        out.push_str(&format!("{name}: {text}\r\n"));
    } else if is_plain(&text) && text.split(' ').all(|w| w.len() < FOLD - 2 && !w.is_empty()) {
        structured(out, name, &text);
    } else {
        out.push_str(&format!("{name}: {}\r\n", encoded_words(&text, name.len() + 2)));
    }
}

/// A display name: an atom phrase, a quoted string, or encoded words.
pub(crate) fn phrase(text: &str, column: usize) -> String {
    let text = crate::clean::line(text);
    let atoms = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '\'' | '!' | '+' | '/');
    if text.chars().all(atoms) && !text.is_empty() {
        return text;
    }
    if is_plain(&text) && text.len() + column + 2 <= FOLD {
        let quoted: String = text
            .chars()
            .flat_map(|c| matches!(c, '"' | '\\').then_some('\\').into_iter().chain([c]))
            .collect();
        return format!("\"{quoted}\"");
    }
    encoded_words(&text, column)
}

/// Printable ASCII that no reader takes for an encoded word.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| (b' '..=b'~').contains(&b)) && !text.contains("=?")
}

/// `=?utf-8?B?…?=` words, none longer than allowed, none splitting a character.
fn encoded_words(text: &str, column: usize) -> String {
    const FRAME: usize = "=?utf-8?B??=".len();
    let mut words = Vec::new();
    let mut chunk = String::new();
    let mut room = LONGEST_ENCODED_WORD.min(FOLD.saturating_sub(column).max(LONGEST_ENCODED_WORD / 2));
    for c in text.chars() {
        let len = chunk.len() + c.len_utf8();
        if FRAME + len.div_ceil(3) * 4 > room && !chunk.is_empty() {
            words.push(word(&chunk));
            chunk.clear();
            room = LONGEST_ENCODED_WORD;
        }
        chunk.push(c);
    }
    words.push(word(&chunk));
    words.join("\r\n ")
}

fn word(chunk: &str) -> String {
    format!("=?utf-8?B?{}?=", STANDARD.encode(chunk))
}

/// How a body part is encoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Encoding {
    QuotedPrintable,
    Base64,
}

impl Encoding {
    /// Quoted-printable, which people and filters can read, unless most of it would be escapes.
    pub(crate) fn for_text(text: &str) -> Encoding {
        let high = text.bytes().filter(|b| !b.is_ascii()).count();
        if high * 4 > text.len() { Encoding::Base64 } else { Encoding::QuotedPrintable }
    }
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Encoding::QuotedPrintable => "quoted-printable",
            Encoding::Base64 => "base64",
        }
    }
    /// The text with CRLF line ends, encoded.
    pub(crate) fn encode(self, text: &str) -> String {
        match self {
            Encoding::QuotedPrintable => quoted_printable(text),
            Encoding::Base64 => base64_lines(text.replace("\r\n", "\n").replace('\n', "\r\n").as_bytes()),
        }
    }
}

/// Bytes in base64, in lines.
pub(crate) fn base64_lines(bytes: &[u8]) -> String {
    let flat = STANDARD.encode(bytes);
    let mut out = String::with_capacity(flat.len() + flat.len() / 38 + 2);
    let mut rest = flat.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(LONGEST_BODY_LINE).unwrap_or((rest, ""));
        out.push_str(line);
        out.push_str("\r\n");
        rest = after;
    }
    out
}

fn quoted_printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in text.replace("\r\n", "\n").trim_end_matches('\n').split('\n') {
        quoted_line(&mut out, line);
        out.push_str("\r\n");
    }
    out
}

fn quoted_line(out: &mut String, line: &str) {
    let mut column = 0;
    let last = line.len().saturating_sub(1);
    for (i, b) in line.bytes().enumerate() {
        let blank = b == b' ' || b == b'\t';
        let plain = (b'!'..=b'~').contains(&b) && b != b'=' || (blank && i != last);
        // A dot or "From " that begins a line is altered by careless mail systems; escaped, it is not.
        let plain = plain
            && !(column == 0
                && (b == b'.' || (b == b'F' && line.get(i..).is_some_and(|r| r.starts_with("From ")))));
        let width = if plain { 1 } else { 3 };
        if column + width > LONGEST_BODY_LINE - 1 {
            out.push_str("=\r\n");
            column = 0;
        }
        if plain {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("={b:02X}"));
        }
        column += width;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_printable_by_the_book() {
        assert_eq!(quoted_printable("a=b é \nFrom x\n.y\n"), "a=3Db =C3=A9=20\r\n=46rom x\r\n=2Ey\r\n");
        let long = quoted_printable(&"é x".repeat(60));
        assert!(long.lines().all(|l| l.len() <= LONGEST_BODY_LINE) && long.ends_with("\r\n"));
    }

    #[test]
    fn header_lines_are_folded_and_ascii() {
        for text in [
            "short",
            &"word ".repeat(40),
            &"é".repeat(200),
            "=?utf-8?Q?=0D=0ABcc:x?=",
            &"x".repeat(200),
            "a  b",
        ] {
            let mut out = String::new();
            unstructured(&mut out, "Subject", text);
            assert!(out.ends_with("\r\n") && out.is_ascii());
            for (i, line) in out.trim_end().split("\r\n").enumerate() {
                assert!(line.len() <= 78, "{line}");
                assert!(if i == 0 { line.starts_with("Subject: ") } else { line.starts_with(' ') }, "{line}");
            }
            let parsed = format!("{out}\r\n");
            let parsed = mail_parser::MessageParser::default().parse(parsed.as_bytes()).unwrap();
            assert_eq!(parsed.subject(), Some(crate::clean::line(text).as_str()), "{out}");
        }
    }

    #[test]
    fn display_names() {
        assert_eq!(phrase("Lakeside Clinic", 6), "Lakeside Clinic");
        assert_eq!(phrase("Lakeside, Inc. \"L\"", 6), "\"Lakeside, Inc. \\\"L\\\"\"");
        assert!(phrase("Clínica", 6).starts_with("=?utf-8?B?"));
        assert!(phrase(&"é".repeat(64), 6).split("\r\n ").all(|w| w.len() <= LONGEST_ENCODED_WORD));
    }

    #[test]
    fn mostly_other_scripts_are_base64() {
        assert_eq!(Encoding::for_text("hello wörld"), Encoding::QuotedPrintable);
        assert_eq!(Encoding::for_text("こんにちは"), Encoding::Base64);
        assert_eq!(Encoding::Base64.encode("a\nb"), "YQ0KYg==\r\n");
    }
}
