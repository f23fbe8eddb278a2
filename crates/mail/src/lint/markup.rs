//! Lint of the HTML as it would leave: a closed list of elements, every address checked, nothing active, and merge
//! fields only in text and as whole links. It reads what the renderer made, so it need not trust the renderer.

use super::{Finding, Place, plain};
use crate::address::{self, Hosts};
use crate::clean;
use crate::html::{self, Tag, Token, VOID};
use crate::images::Images;
use crate::slots::Slots;
use std::collections::{BTreeMap, BTreeSet};

/// Elements a mail may have. Not here: anything active, anything that swallows what follows (our footer).
const ELEMENTS: [&str; 44] = [
    "html",
    "head",
    "title",
    "meta",
    "style",
    "body",
    "div",
    "p",
    "span",
    "a",
    "img",
    "br",
    "hr",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "td",
    "th",
    "col",
    "colgroup",
    "caption",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "strong",
    "b",
    "em",
    "i",
    "u",
    "s",
    "small",
    "sub",
    "sup",
    "blockquote",
    "code",
    "pre",
];
/// Elements of Outlook's conditional comments.
const OFFICE: [&str; 14] = [
    "xml",
    "o:officedocumentsettings",
    "o:allowpng",
    "o:pixelsperinch",
    "v:rect",
    "v:fill",
    "v:image",
    "v:textbox",
    "v:roundrect",
    "w:anchorlock",
    "center",
    "noscript",
    "mso",
    "v:background",
];
/// Attributes that hold an address, where they may not.
const ADDRESSES: [&str; 15] = [
    "href",
    "src",
    "background",
    "srcset",
    "poster",
    "action",
    "data",
    "cite",
    "longdesc",
    "formaction",
    "xlink:href",
    "usemap",
    "ping",
    "manifest",
    "dynsrc",
];
/// Attributes read aloud or shown.
const SPOKEN: [&str; 4] = ["title", "aria-label", "aria-description", "summary"];

/// What is wrong with a document, and whether each image has a text.
pub(crate) fn check(html: &str, slots: &Slots, hosts: &Hosts, images: &Images) -> Vec<Finding> {
    let mut walk = Walk { slots, hosts, images, found: Vec::new(), seen: BTreeSet::new() };
    walk.document(html, 0);
    walk.balance(html);
    walk.found
}

struct Walk<'a> {
    slots: &'a Slots,
    hosts: &'a Hosts,
    images: &'a Images,
    found: Vec<Finding>,
    /// Names already looked at: a layout says `role="presentation"` a hundred times.
    seen: BTreeSet<String>,
}

/// Conditional comments inside conditional comments, at most.
const DEEPEST_COMMENT: usize = 2;

impl Walk<'_> {
    fn document(&mut self, html: &str, depth: usize) {
        let mut inside = String::new();
        for (token, _) in html::tokens(html) {
            match token {
                Token::Open(tag) => {
                    self.tag(&tag, depth);
                    inside = tag.name;
                }
                Token::Raw(text) => self.raw(&inside, text),
                Token::Comment(text) => self.comment(text, depth),
                Token::Text(text) => self.placed_in_text(text),
                Token::Declaration(text) => self.no_fields(text, Place::Comment, "a declaration"),
                Token::Close(_) => {}
            }
        }
    }

    /// What is opened is closed, and in the same numbers: an open `<div>` could take our footer in.
    fn balance(&mut self, html: &str) {
        let mut open: BTreeMap<String, i64> = BTreeMap::new();
        for (token, _) in html::tokens(html) {
            match token {
                Token::Open(tag) if !VOID.contains(&tag.name.as_str()) => {
                    *open.entry(tag.name).or_default() += 1
                }
                Token::Close(name) => *open.entry(name).or_default() -= 1,
                _ => {}
            }
        }
        for (name, _) in open.iter().filter(|(_, n)| **n != 0) {
            let message = format!("`<{}>` is not opened and closed in pairs", clean::value(name));
            self.found.push(Finding::error(Place::Body, "unbalanced", message));
        }
    }

    fn tag(&mut self, tag: &Tag, depth: usize) {
        let name = tag.name.as_str();
        let known = ELEMENTS.contains(&name) || (depth > 0 && OFFICE.contains(&name));
        if !known {
            let message = format!("`<{}>` has no place in a mail", clean::value(name));
            self.found.push(Finding::error(Place::Body, "element", message));
        }
        if tag
            .attribute("http-equiv")
            .is_some_and(|v| !HARMLESS_META.contains(&v.to_ascii_lowercase().as_str()))
        {
            self.found.push(Finding::error(
                Place::Body,
                "element",
                "`<meta http-equiv>` has no place in a mail",
            ));
        }
        if name == "img" && tag.attribute("alt").is_none() {
            let message = "an image without alt text; write alt=\"\" if it is only decoration";
            let source = tag.attribute("src").unwrap_or("");
            self.found.push(Finding::warning(Place::AltText, "image_alt", message).about(source));
        }
        for (attribute, value) in &tag.attributes {
            self.attribute(name, attribute, value);
        }
    }

    fn attribute(&mut self, element: &str, name: &str, value: &str) {
        let odd = !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_:.".contains(&b));
        if odd || name.starts_with("on") {
            let message = format!("attribute `{}` has no place in a mail", clean::value(name));
            self.found.push(Finding::error(Place::Body, "attribute", message));
        }
        match (element, name) {
            ("a", "href") => self.link(value),
            ("img", "src") if value.starts_with("image:") => self.library(value),
            ("img" | "v:fill" | "v:image", "src") | ("td" | "table" | "body" | "div", "background") => {
                self.image(value)
            }
            (_, name) if ADDRESSES.contains(&name) => {
                let message = format!("`{name}` on `<{element}>` has no place in a mail");
                self.found.push(Finding::error(Place::Link, "attribute", message));
            }
            (_, "style") => self.style(value),
            (_, "alt") => self.words(value, Place::AltText),
            (_, name) if SPOKEN.contains(&name) => self.words(value, Place::TitleText),
            (_, "class" | "id" | "name" | "role" | "target" | "rel") => self.names(value),
            (_, name) if name.starts_with("data-") || name.starts_with("aria-") => self.names(value),
            _ => self.no_fields(value, Place::Body, "an attribute"),
        }
    }

    /// A link is one field that is a link, or an address without fields.
    fn link(&mut self, value: &str) {
        let mut chars = value.chars();
        if let (Some(only), None) = (chars.next(), chars.next())
            && let Some(used) = self.slots.get(only)
        {
            if !used.field.allowed_in(Place::Link) {
                let message = format!("`{}` is text, not a link", used.field.name());
                self.found.push(Finding::error(Place::Link, "merge_place", message).at(used.span.clone()));
            }
            return;
        }
        if self.slots.uses_in(value).next().is_some() {
            return self.no_fields(
                value,
                Place::Link,
                "part of an address; what is about a person must not be in it",
            );
        }
        self.found.extend(address::check(value, Place::Link, self.hosts).into_iter().map(|f| f.about(value)));
    }

    fn image(&mut self, value: &str) {
        if self.slots.uses_in(value).next().is_some() {
            return self.no_fields(value, Place::Image, "an image address; everyone gets the same image");
        }
        self.found
            .extend(address::check(value, Place::Image, self.hosts).into_iter().map(|f| f.about(value)));
    }

    /// An image of the library.
    fn library(&mut self, value: &str) {
        if !Images::id_of(value).is_some_and(|id| self.images.contains(id)) {
            let message = "this image is not in the library any more; choose another";
            self.found.push(Finding::error(Place::Image, "image_missing", message));
        }
    }

    fn style(&mut self, css: &str) {
        self.no_fields(css, Place::Style, "a style");
        let flat: String =
            css.chars().filter(|c| !c.is_ascii_whitespace()).collect::<String>().to_ascii_lowercase();
        for word in
            ["@import", "expression(", "behavior:", "-moz-binding", "javascript:", "@font-face", "image-set("]
        {
            if flat.contains(word) {
                self.found.push(Finding::error(
                    Place::Style,
                    "style",
                    format!("`{word}` has no place in a mail"),
                ));
            }
        }
        if flat.contains('\\') || flat.contains("/*") {
            let message = "no backslashes or comments in styles: they can hide an address";
            self.found.push(Finding::error(Place::Style, "style", message));
        }
        let mut rest = css;
        while let Some(at) = rest.to_ascii_lowercase().find("url(") {
            let after = rest.get(at + 4..).unwrap_or("");
            let end = after.find(')').unwrap_or(after.len());
            let url = after.get(..end).unwrap_or("").trim().trim_matches(['"', '\'']).trim().to_owned();
            self.image(&url);
            rest = after.get(end..).unwrap_or("");
        }
    }

    /// A style sheet can reach our footer, which must be seen (15 USC 7704(a)(5)).
    fn hiding(&mut self, css: &str) {
        let flat: String =
            css.chars().filter(|c| !c.is_ascii_whitespace()).collect::<String>().to_ascii_lowercase();
        for word in HIDING {
            if flat.contains(word) {
                let message = format!(
                    "`{word}` in a style sheet could hide the footer; leave out what should not be seen"
                );
                self.found.push(Finding::error(Place::Style, "style_hides", message));
            }
        }
    }

    fn raw(&mut self, element: &str, text: &str) {
        match element {
            "style" => {
                self.style(text);
                self.hiding(text);
                self.found.extend(plain::name(&selectors(text), Place::MarkupName));
            }
            "title" => self.words(&html::decoded(text), Place::TitleText),
            _ => self.no_fields(text, Place::Body, "this element"),
        }
    }

    fn comment(&mut self, text: &str, depth: usize) {
        let conditional = text.trim_start().starts_with("[if") && text.contains("]>");
        if conditional && depth < DEEPEST_COMMENT {
            let inner = text.split_once("]>").map_or("", |(_, inner)| inner);
            let inner = inner.strip_suffix("<![endif]").unwrap_or(inner);
            return self.document(inner, depth + 1);
        }
        self.words(text, Place::Comment);
    }

    fn words(&mut self, text: &str, place: Place) {
        self.no_fields(text, place, place.name());
        self.found.extend(plain::seen(text, place));
    }

    fn names(&mut self, text: &str) {
        self.no_fields(text, Place::MarkupName, "a name in the markup");
        if self.seen.insert(text.to_owned()) {
            self.found.extend(plain::name(text, Place::MarkupName));
        }
    }

    fn placed_in_text(&mut self, text: &str) {
        for used in self.slots.uses_in(text) {
            if !used.field.allowed_in(Place::Body) {
                let message = format!(
                    "`{}` is a link: use it where a link leads, [words]({{{{ {} }}}})",
                    used.field.name(),
                    used.field.name()
                );
                self.found.push(Finding::error(Place::Body, "merge_place", message).at(used.span.clone()));
            }
        }
    }

    fn no_fields(&mut self, text: &str, place: Place, what: &str) {
        for used in self.slots.uses_in(text) {
            let message = format!("`{}` cannot stand in {what}", used.field.name());
            self.found.push(Finding::error(place, "merge_place", message).at(used.span.clone()));
        }
    }
}

/// Ways to make things not be seen.
const HIDING: [&str; 12] = [
    "display:none",
    "visibility:",
    "opacity:",
    "position:",
    "transform:",
    "font-size:0",
    "height:0",
    "width:0",
    "clip",
    "text-indent:",
    "zoom:",
    "filter:",
];

const HARMLESS_META: [&str; 2] = ["content-type", "x-ua-compatible"];

/// The parts of a style sheet before each `{`.
fn selectors(css: &str) -> String {
    css.split('}').filter_map(|rule| rule.split('{').next()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(html: &str) -> Vec<(Place, &'static str)> {
        let hosts = Hosts::new(["clinic.example"]).unwrap();
        check(html, &Slots::default(), &hosts, &Images::default())
            .into_iter()
            .map(|f| (f.place, f.code))
            .collect()
    }

    #[test]
    fn takes_plain_markup() {
        let html = "<!doctype html><html lang=en><head><title>News</title><style>.a{color:red}</style></head>\
            <body><!--[if mso]><table><tr><td><![endif]--><p class=a>Hi <a href='https://clinic.example/'>us</a>\
            <img alt='A garden' src=https://clinic.example/g.png></p><!--[if mso]></td></tr></table><![endif]--></body></html>";
        assert_eq!(codes(html), []);
    }

    #[test]
    fn refuses_what_is_active_or_foreign() {
        for (html, place, code) in [
            ("<script>x</script>", Place::Body, "element"),
            ("<iframe src='https://clinic.example/'></iframe>", Place::Body, "element"),
            ("<form action='https://clinic.example/'>", Place::Body, "element"),
            ("<textarea>", Place::Body, "element"),
            ("<link rel=stylesheet href='https://clinic.example/x.css'>", Place::Body, "element"),
            ("<base href='https://evil.example/'>", Place::Body, "element"),
            ("<svg/onload=x>", Place::Body, "attribute"),
            ("<meta http-equiv=refresh content='0;url=https://evil.example'>", Place::Body, "element"),
            ("<p onclick=x>", Place::Body, "attribute"),
            ("<a href='javascript:x'>", Place::Link, "address_form"),
            ("<a href='https://evil.example/'>", Place::Link, "address_host"),
            ("<a ping='https://clinic.example/' href='https://clinic.example'>", Place::Link, "attribute"),
            ("<img alt='' src='https://evil.example/p.gif'>", Place::Image, "address_host"),
            ("<img alt='' srcset='https://evil.example/p.gif 2x'>", Place::Link, "attribute"),
            ("<td background='https://evil.example/p.gif'>", Place::Image, "address_host"),
            ("<p style='background:URL( \"https://evil.example/p\" )'>", Place::Image, "address_host"),
            ("<p style='background:u\\72l(x)'>", Place::Style, "style"),
            ("<div>", Place::Body, "unbalanced"),
            ("</div>", Place::Body, "unbalanced"),
            ("<style>p{display : none}</style>", Place::Style, "style_hides"),
            ("<style>.d-muted{font-size:0}</style>", Place::Style, "style_hides"),
            ("<style>@import 'https://evil.example/x.css';</style>", Place::Style, "style"),
            ("<style>p{background:url(//evil.example/x)}</style>", Place::Image, "address_form"),
            ("<!--[if mso]><img src='https://evil.example/p.gif'><![endif]-->", Place::Image, "address_host"),
            (
                "<!--[if mso]><v:fill src='https://evil.example/p.gif'/><![endif]-->",
                Place::Image,
                "address_host",
            ),
        ] {
            assert!(codes(html).contains(&(place, code)), "{html}: {:?}", codes(html));
        }
    }

    #[test]
    fn finds_words_wherever_they_hide() {
        for (html, place) in [
            ("<img alt='Your diabetes care' src='https://clinic.example/a.png'>", Place::AltText),
            ("<img alt='' src='https://clinic.example/diabetes-hero.png'>", Place::Image),
            ("<a href='https://clinic.example/hiv/prep'>", Place::Link),
            ("<p title='depression'>", Place::TitleText),
            ("<p class='oncology-card'>", Place::MarkupName),
            ("<p id=diabetesBlock>", Place::MarkupName),
            ("<p data-segment='hiv'>", Place::MarkupName),
            ("<!-- for the diabetes segment -->", Place::Comment),
            ("<style>.oncology{color:red}</style>", Place::MarkupName),
            ("<title>Diabetes news</title>", Place::TitleText),
        ] {
            assert!(
                codes(html).iter().any(|(p, c)| *p == place && *c == "clinical_word"),
                "{html}: {:?}",
                codes(html)
            );
        }
    }
}
