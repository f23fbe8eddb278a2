//! MJML → HTML through mrml: no includes, no web fonts, no comments. What comes out is linted like any other markup.

use crate::html::{Tag, Token};
use crate::lint::{Finding, Place};
use mrml::prelude::parser::ParserOptions;
use mrml::prelude::render::RenderOptions;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The HTML document of an MJML text.
pub(crate) fn to_html(text: &str) -> Result<String, Finding> {
    let shielded = shielded(text);
    // A panic in a parser of somebody else's must cost this author an error, and nobody else anything.
    let html = catch_unwind(AssertUnwindSafe(|| rendered(&shielded)))
        .unwrap_or_else(|_| Err(bad("mjml_render", "this MJML cannot be rendered".to_owned())))?;
    let html = unshielded(&html);
    if body_of(&html).is_none() {
        return Err(bad("mjml_syntax", "MJML without a body".to_owned()));
    }
    Ok(html)
}

fn rendered(text: &str) -> Result<String, Finding> {
    // The default loader finds nothing: `mj-include` is an error.
    let parsed = mrml::parse_with_options(text, &ParserOptions::default())
        .map_err(|e| bad("mjml_syntax", format!("not MJML: {e}")))?;
    let options = RenderOptions { disable_comments: true, social_icon_origin: None, fonts: HashMap::new() };
    parsed.element.render(&options).map_err(|e| bad("mjml_render", format!("cannot render this MJML: {e}")))
}

fn bad(code: &'static str, message: String) -> Finding {
    Finding::error(Place::Body, code, message)
}

/// The text, written so that two faults of the renderer do not matter:
/// - htmlparser 0.2.1 panics at a `>` in text that has a character of several bytes right before it (it looks two bytes
///   back for `]]>`, into the middle of the character): such a `>` is written `&gt;`;
/// - mrml 6.0.1 writes attribute values as Rust string literals, so quotes, backslashes and invisible characters come out
///   as Rust escapes: they are written as character references.
fn shielded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (token, range) in crate::html::tokens(text) {
        let part = text.get(range).unwrap_or("");
        match token {
            Token::Text(_) => {
                for c in part.chars() {
                    let wide = out.as_bytes().iter().rev().take(2).any(|b| !b.is_ascii());
                    if c == '>' && wide { out.push_str("&gt;") } else { out.push(c) }
                }
            }
            Token::Open(tag) if tag.attributes.iter().any(|(_, v)| v.chars().any(is_mangled)) => {
                rewrite(&mut out, &tag, part.ends_with("/>"));
            }
            _ => out.push_str(part),
        }
    }
    out
}

const fn is_mangled(c: char) -> bool {
    !c.is_ascii() || c.is_ascii_control() || matches!(c, '"' | '\\')
}

fn rewrite(out: &mut String, tag: &Tag, closed: bool) {
    out.push('<');
    out.push_str(&tag.name);
    for (name, value) in &tag.attributes {
        out.push_str(&format!(" {name}=\""));
        for c in value.chars() {
            match c {
                '&' | '<' | '>' => crate::clean::escape_into(out, &c.to_string()),
                c if c.is_ascii_control() => out.push(' '),
                c if is_mangled(c) => out.push_str(&format!("&#{};", u32::from(c))),
                c => out.push(c),
            }
        }
        out.push('"');
    }
    out.push_str(if closed { " />" } else { ">" });
}

/// Slots that were written as character references are characters again.
fn unshielded(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("&#") {
        out.push_str(rest.get(..at).unwrap_or(""));
        let reference = rest.get(at..).unwrap_or("");
        let (number, after) = reference.get(2..).and_then(|r| r.split_once(';')).unwrap_or(("", ""));
        match number.parse().ok().and_then(char::from_u32).filter(|c| crate::clean::is_private(*c)) {
            Some(slot) => {
                out.push(slot);
                rest = after;
            }
            None => {
                out.push_str("&#");
                rest = reference.get(2..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    out
}

/// Where the content of `<body>` starts and ends.
pub(crate) fn body_of(html: &str) -> Option<(usize, usize)> {
    let mut start = None;
    let mut end = None;
    for (token, range) in crate::html::tokens(html) {
        match token {
            Token::Open(tag) if tag.name == "body" && start.is_none() => start = Some(range.end),
            Token::Close(name) if name == "body" => end = Some(range.start),
            _ => {}
        }
    }
    Some((start?, end.filter(|e| Some(*e) >= start)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "<mjml lang=\"en\"><mj-body><mj-section><mj-column><mj-text>Hello &amp; \u{e100}</mj-text>\
        <mj-button href=\"https://clinic.example/\">Go</mj-button></mj-column></mj-section></mj-body></mjml>";

    #[test]
    fn renders_without_foreign_hosts() {
        let html = to_html(SMALL).unwrap();
        assert!(html.contains("Hello &amp; \u{e100}"));
        assert!(!html.contains("googleapis") && !html.contains("http://fonts"));
        let (start, end) = body_of(&html).unwrap();
        assert!(html.get(start..end).unwrap().contains("Hello"));
    }

    #[test]
    fn a_sign_after_a_wide_character_is_no_trouble() {
        for text in ["日>", "— > x", "\u{e100}> é>", "a > b > é >"] {
            let html = to_html(&SMALL.replace("Hello", text)).unwrap();
            assert!(html.contains("&gt;"), "{text}");
        }
        assert_eq!(shielded("a > b"), "a > b");
    }

    #[test]
    fn attributes_come_out_as_they_went_in() {
        let image = |alt: &str| {
            let tag =
                format!("<mj-image src=\"https://clinic.example/a.png\" href=\"\u{e101}\" alt={alt} />");
            let html = to_html(&SMALL.replace("<mj-text>", &format!("{tag}<mj-text>"))).unwrap();
            let found = crate::html::tokens(&html).into_iter().find_map(|(t, _)| match t {
                Token::Open(tag) if tag.name == "img" => tag.attribute("alt").map(str::to_owned),
                _ => None,
            });
            (found.unwrap(), html)
        };
        for (written, read) in [
            ("'A \"quiet\" caf\u{e9}'", "A \"quiet\" caf\u{e9}"),
            ("\"a\\b\"", "a\\b"),
            ("\"one\ntwo\"", "one two"),
            ("'x\" onerror=\"y'", "x\" onerror=\"y"),
            ("\"a\u{200d}b &amp; c\"", "a\u{200d}b & c"),
        ] {
            let (got, html) = image(written);
            assert_eq!(got, read);
            assert!(html.contains("href=\"\u{e101}\"") && !html.contains("\\u{"), "{html}");
        }
    }

    #[test]
    fn no_includes_and_no_nonsense() {
        for text in [
            "<mjml><mj-body><mj-include path=\"/etc/passwd\" /></mj-body></mjml>",
            "<mjml><mj-body>",
            "",
            "hello",
            "<mjml><mj-body><mj-section><mj-column><mj-text>a <b</mj-text></mj-column></mj-section></mj-body></mjml>",
        ] {
            assert!(to_html(text).is_err(), "{text}");
        }
    }
}
