//! A small HTML tokenizer: enough to know what a mail program will see. Nothing is repaired, nothing is dropped.

use std::ops::Range;

/// A piece of markup.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Token<'a> {
    /// Text, entities not yet decoded.
    Text(&'a str),
    /// The text inside `style`, `title`, `script` …, which is not markup.
    Raw(&'a str),
    Open(Tag),
    /// `</name>`, in lower case.
    Close(String),
    /// What stands between `<!--` and `-->`.
    Comment(&'a str),
    /// `<!doctype …>`, `<?…>`.
    Declaration(&'a str),
}

/// `<name attribute="value">`; names in lower case, values decoded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
}

impl Tag {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// Elements whose content is text, whatever it looks like.
const RAW: [&str; 8] = ["style", "script", "title", "textarea", "xmp", "iframe", "noembed", "noframes"];
/// Elements without content.
pub(crate) const VOID: [&str; 9] = ["br", "hr", "img", "meta", "link", "input", "col", "wbr", "base"];

/// The tokens of a document with the bytes each takes.
pub(crate) fn tokens(html: &str) -> Vec<(Token<'_>, Range<usize>)> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < html.len() {
        let rest = html.get(at..).unwrap_or("");
        let (token, len) = next(rest);
        let len = len.max(1);
        let raw = match &token {
            Token::Open(tag) if RAW.contains(&tag.name.as_str()) => Some(tag.name.clone()),
            _ => None,
        };
        out.push((token, at..at + len));
        at += len;
        if let Some(name) = raw {
            let inside = html.get(at..).unwrap_or("");
            let end = closing(inside, &name);
            if end > 0 {
                out.push((Token::Raw(inside.get(..end).unwrap_or("")), at..at + end));
                at += end;
            }
        }
    }
    out
}

fn closing(text: &str, name: &str) -> usize {
    let lower = text.to_ascii_lowercase();
    lower.find(&format!("</{name}")).unwrap_or(text.len())
}

fn next(rest: &str) -> (Token<'_>, usize) {
    if let Some(after) = rest.strip_prefix("<!--") {
        return comment(after);
    }
    if rest.starts_with("<!") || rest.starts_with("<?") {
        let end = rest.find('>').map_or(rest.len(), |i| i + 1);
        let inner = rest.get(2..end.saturating_sub(1)).unwrap_or("");
        return (Token::Declaration(inner), end);
    }
    let letter = |s: &str| s.starts_with(|c: char| c.is_ascii_alphabetic());
    if let Some(after) = rest.strip_prefix("</").filter(|a| letter(a)) {
        let end = after.find('>').unwrap_or(after.len());
        let name: String = after.get(..end).unwrap_or("").chars().take_while(|c| is_name(*c)).collect();
        return (Token::Close(name.to_ascii_lowercase()), (end + 3).min(rest.len()));
    }
    if let Some(after) = rest.strip_prefix('<').filter(|a| letter(a)) {
        let (tag, len) = open(after);
        return (Token::Open(tag), len + 1);
    }
    let end = rest.char_indices().skip(1).find(|(_, c)| *c == '<').map_or(rest.len(), |(i, _)| i);
    (Token::Text(rest.get(..end).unwrap_or("")), end)
}

fn comment(after: &str) -> (Token<'_>, usize) {
    if after.starts_with('>') {
        return (Token::Comment(""), 5);
    }
    if after.starts_with("->") {
        return (Token::Comment(""), 6);
    }
    let ends = ["-->", "--!>"].iter().filter_map(|e| after.find(e).map(|i| (i, e.len()))).min();
    match ends {
        Some((end, len)) => (Token::Comment(after.get(..end).unwrap_or("")), 4 + end + len),
        None => (Token::Comment(after), 4 + after.len()),
    }
}

const fn is_name(c: char) -> bool {
    !(c.is_ascii_whitespace() || matches!(c, '/' | '>' | '='))
}

/// Reads a tag after its `<`. Returns it with the bytes it takes.
fn open(text: &str) -> (Tag, usize) {
    let name: String = text.chars().take_while(|c| is_name(*c)).collect();
    let mut at = name.len();
    let mut attributes = Vec::new();
    loop {
        let rest = text.get(at..).unwrap_or("");
        let skipped =
            rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/').len();
        at += skipped;
        let rest = text.get(at..).unwrap_or("");
        if rest.is_empty() {
            break;
        }
        if rest.starts_with('>') {
            at += 1;
            break;
        }
        let (attribute, len) = attribute(rest);
        attributes.push(attribute);
        at += len.max(1);
    }
    (Tag { name: name.to_ascii_lowercase(), attributes }, at)
}

fn attribute(text: &str) -> ((String, String), usize) {
    let first = text.chars().next().map_or(0, char::len_utf8);
    let more = text.get(first..).unwrap_or("");
    let name_len = first + more.find(|c| !is_name(c)).unwrap_or(more.len());
    let name = text.get(..name_len).unwrap_or("").to_ascii_lowercase();
    let rest = text.get(name_len..).unwrap_or("");
    let trimmed = rest.trim_start_matches(|c: char| c.is_ascii_whitespace());
    let Some(value) = trimmed.strip_prefix('=') else { return ((name, String::new()), name_len) };
    let value = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
    let before = text.len() - value.len();
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote) {
            let end = inner.find(quote);
            let raw = inner.get(..end.unwrap_or(inner.len())).unwrap_or("");
            return ((name, decoded(raw)), before + 1 + raw.len() + usize::from(end.is_some()));
        }
    }
    let end = value.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(value.len());
    ((name, decoded(value.get(..end).unwrap_or(""))), before + end)
}

/// Longest entity that is decoded, in bytes, between `&` and `;`.
const LONGEST_ENTITY: usize = 10;

/// The text with its entities decoded; unknown ones stay as they are.
pub(crate) fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(rest.get(..at).unwrap_or(""));
        let after = rest.get(at + 1..).unwrap_or("");
        let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '#')).unwrap_or(after.len());
        let name = after.get(..end.min(LONGEST_ENTITY)).unwrap_or("");
        match entity(name) {
            Some(c) => {
                out.push(c);
                let semicolon = usize::from(after.get(name.len()..).is_some_and(|a| a.starts_with(';')));
                rest = after.get(name.len() + semicolon..).unwrap_or("");
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| *c != '\0');
    }
    const NAMED: [(&str, char); 40] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", '\u{a0}'),
        ("shy", '\u{ad}'),
        ("zwnj", '\u{200c}'),
        ("zwj", '\u{200d}'),
        ("copy", '©'),
        ("reg", '®'),
        ("trade", '™'),
        ("mdash", '—'),
        ("ndash", '–'),
        ("hellip", '…'),
        ("lsquo", '‘'),
        ("rsquo", '’'),
        ("ldquo", '“'),
        ("rdquo", '”'),
        ("bull", '•'),
        ("middot", '·'),
        ("times", '×'),
        ("deg", '°'),
        ("frac12", '½'),
        ("euro", '€'),
        ("pound", '£'),
        ("cent", '¢'),
        ("aacute", 'á'),
        ("eacute", 'é'),
        ("iacute", 'í'),
        ("oacute", 'ó'),
        ("uacute", 'ú'),
        ("ntilde", 'ñ'),
        ("uuml", 'ü'),
        ("iquest", '¿'),
        ("iexcl", '¡'),
        ("laquo", '«'),
        ("raquo", '»'),
        ("colon", ':'),
        ("sol", '/'),
    ];
    NAMED.iter().find(|(n, _)| *n == name).map(|(_, c)| *c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(html: &str) -> Vec<String> {
        tokens(html)
            .into_iter()
            .map(|(t, _)| match t {
                Token::Text(t) => format!("t:{t}"),
                Token::Raw(t) => format!("r:{t}"),
                Token::Open(t) => format!("<{} {:?}", t.name, t.attributes),
                Token::Close(n) => format!("</{n}"),
                Token::Comment(c) => format!("!{c}"),
                Token::Declaration(d) => format!("?{d}"),
            })
            .collect()
    }

    #[test]
    fn reads_markup() {
        assert_eq!(
            kinds("<!doctype html><P class=a b='c' d=\"e&amp;f\" g>x<br/>y</P >"),
            [
                "?doctype html",
                r#"<p [("class", "a"), ("b", "c"), ("d", "e&f"), ("g", "")]"#,
                "t:x",
                "<br []",
                "t:y",
                "</p"
            ]
        );
        assert_eq!(kinds("<style>a<b{}</style>z"), ["<style []", "r:a<b{}", "</style", "t:z"]);
        assert_eq!(kinds("a < b <3 <"), ["t:a ", "t:< b ", "t:<3 ", "t:<"]);
    }

    #[test]
    fn reads_comments_as_browsers_do() {
        assert_eq!(kinds("<!--[if !mso]><!-->x<!--<![endif]-->"), ["![if !mso]><!", "t:x", "!<![endif]"]);
        assert_eq!(kinds("<!-->x<!--->y<!--a--!>z"), ["!", "t:x", "!", "t:y", "!a", "t:z"]);
        assert_eq!(kinds("<!-- open <b>"), ["! open <b>"]);
    }

    #[test]
    fn odd_tags_hide_nothing() {
        assert_eq!(kinds("<img/onerror=x src=y>"), [r#"<img [("onerror", "x"), ("src", "y")]"#]);
        assert_eq!(kinds("<a\nhref = 'x' >"), [r#"<a [("href", "x")]"#]);
        assert_eq!(kinds("<a =x>"), [r#"<a [("=x", "")]"#]);
        assert_eq!(kinds("<a href='x"), [r#"<a [("href", "x")]"#]);
    }

    #[test]
    fn tokens_cover_the_text() {
        for html in ["<a b=c>d</a>", "<", "<a", "&", "<!--", "</", "<é>", "x<é", "<a é=ü>ö"] {
            let mut at = 0;
            for (_, range) in tokens(html) {
                assert_eq!(range.start, at, "{html}");
                at = range.end;
            }
            assert_eq!(at, html.len(), "{html}");
        }
    }

    #[test]
    fn decodes_entities() {
        assert_eq!(decoded("d&#105;ab&#x65;tes &amp;&nbsp;&unknown; &"), "diabetes &\u{a0}&unknown; &");
        assert_eq!(decoded("java&colon;script"), "java:script");
    }
}
