//! Markdown → HTML for mail: inline styles, classes for dark mode, no raw HTML.
//!
//! Our own writer over pulldown-cmark's events, because mail needs styles on every element, a way to make a button
//! (`[Book a visit](https://… "button")` alone in its paragraph), and no way to smuggle markup through.

use crate::clean;
use crate::images::Images;
use crate::limits::DEEPEST_MARKDOWN;
use crate::lint::{Finding, Place};
use crate::palette::Palette;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// What opens two columns, parts them and ends them: each on a line by itself.
const COLUMNS: [&str; 3] = ["::: columns", "|||", ":::"];

/// The HTML fragment of a Markdown text, and what was odd about it. Besides Markdown it may have two columns, which stand
/// one above the other on a telephone.
pub(crate) fn to_html(text: &str, palette: &Palette, images: &Images) -> (String, Vec<Finding>) {
    let (mut out, mut found) = (String::new(), Vec::new());
    let mut add = |out: &mut String, text: &str| {
        let (html, more) = plain_html(text, palette, images);
        out.push_str(&html);
        found.extend(more);
    };
    let mut rest = text;
    while let Some((before, left, right, after)) = columns(rest) {
        add(&mut out, before);
        out.push_str(COLUMNS_HEAD);
        add(&mut out, left);
        out.push_str(COLUMNS_BETWEEN);
        add(&mut out, right);
        out.push_str(COLUMNS_FOOT);
        rest = after;
    }
    add(&mut out, rest);
    (out, found)
}

const COLUMNS_HEAD: &str = r#"<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="d-column" width="50%" valign="top" style="padding:0 12px 0 0">"#;
const COLUMNS_BETWEEN: &str =
    r#"</td><td class="d-column" width="50%" valign="top" style="padding:0 0 0 12px">"#;
const COLUMNS_FOOT: &str = "</td></tr></table>";

/// The first columns of a text: what is before them, the two, and what is after.
fn columns(text: &str) -> Option<(&str, &str, &str, &str)> {
    let [open, middle, close] = COLUMNS;
    let (before, rest) = parted(text, open)?;
    let (left, rest) = parted(rest, middle)?;
    let (right, after) = parted(rest, close)?;
    Some((before, left, right, after))
}

/// A text in two at the first line that is `fence`.
fn parted<'t>(text: &'t str, fence: &str) -> Option<(&'t str, &'t str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim() == fence {
            return Some((text.get(..at)?, text.get(at + line.len()..)?));
        }
        at += line.len();
    }
    None
}

fn plain_html(text: &str, palette: &Palette, images: &Images) -> (String, Vec<Finding>) {
    let events: Vec<Event<'_>> = Parser::new_ext(text, Options::empty()).collect();
    let mut writer =
        Writer { palette, images, out: String::new(), found: Vec::new(), depth: 0, tight: 0, image: None };
    let mut at = 0;
    while let Some(event) = events.get(at) {
        if let Some((button, taken)) = button(events.get(at..).unwrap_or(&[])) {
            writer.button(&button);
            at += taken;
            continue;
        }
        writer.event(event);
        at += 1;
    }
    (writer.out, writer.found)
}

struct Button {
    href: String,
    words: String,
}

/// A paragraph that is one link titled `button`.
fn button(events: &[Event<'_>]) -> Option<(Button, usize)> {
    let [Event::Start(Tag::Paragraph), Event::Start(Tag::Link { dest_url, title, .. }), rest @ ..] = events
    else {
        return None;
    };
    if !title.eq_ignore_ascii_case("button") {
        return None;
    }
    let mut words = String::new();
    for (i, event) in rest.iter().enumerate() {
        match event {
            Event::Text(text) | Event::Code(text) => words.push_str(text),
            Event::SoftBreak | Event::HardBreak => words.push(' '),
            Event::End(TagEnd::Link) => {
                let last = matches!(rest.get(i + 1), Some(Event::End(TagEnd::Paragraph)));
                return (last && !words.trim().is_empty())
                    .then(|| (Button { href: dest_url.to_string(), words }, i + 4));
            }
            Event::Start(_) | Event::End(_) => {}
            _ => return None,
        }
    }
    None
}

const FONT: &str =
    "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

struct Writer<'a> {
    palette: &'a Palette,
    images: &'a Images,
    out: String,
    found: Vec<Finding>,
    depth: usize,
    /// Open list items and quotes: their paragraphs stand closer.
    tight: usize,
    image: Option<(String, String)>,
}

impl Writer<'_> {
    fn event(&mut self, event: &Event<'_>) {
        if let Some((_, alt)) = &mut self.image {
            match event {
                Event::Text(t) | Event::Code(t) => alt.push_str(t),
                Event::SoftBreak | Event::HardBreak => alt.push(' '),
                Event::End(TagEnd::Image) => self.end(TagEnd::Image),
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(*tag),
            Event::Text(text) => clean::escape_into(&mut self.out, text),
            Event::Code(text) => {
                self.out.push_str("<code class=\"d-soft\" style=\"font-family:Consolas,Menlo,monospace;font-size:14px;background:#f2f4f7;padding:1px 4px;border-radius:4px\">");
                clean::escape_into(&mut self.out, text);
                self.out.push_str("</code>");
            }
            // A line end in a mail is meant: authors here write letters, not source code.
            Event::SoftBreak | Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => self.out.push_str("<hr class=\"d-line\" style=\"border:0;border-top:1px solid #e4e8ee;margin:28px 0;height:0\">\n"),
            Event::Html(text) | Event::InlineHtml(text) => {
                let message = "HTML in Markdown is shown as it is written; use MJML for markup";
                self.found.push(Finding::warning(Place::Body, "markdown_html", message).quoting(text.trim()).about(text));
                clean::escape_into(&mut self.out, text);
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        self.depth += 1;
        if self.depth > DEEPEST_MARKDOWN {
            if self.depth == DEEPEST_MARKDOWN + 1 {
                self.found.push(Finding::error(
                    Place::Body,
                    "markdown_depth",
                    "lists or quotes nested too deeply",
                ));
            }
            return;
        }
        match tag {
            Tag::Paragraph => {
                let margin = if self.tight > 0 { "0 0 6px" } else { "0 0 18px" };
                self.out.push_str(&format!("<p class=\"d-text\" style=\"margin:{margin};{FONT};font-size:16px;line-height:26px;color:#28313f\">"));
            }
            Tag::Heading { level, .. } => self.heading(*level),
            Tag::BlockQuote(_) => {
                self.tight += 1;
                self.out.push_str(&format!(
                    "<blockquote class=\"d-text\" style=\"margin:0 0 20px;padding:4px 0 0 18px;border-left:3px solid {};{FONT};font-size:16px;line-height:26px;color:#28313f\">\n",
                    self.palette.accent
                ));
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => self.out.push_str(
                "<pre class=\"d-soft\" style=\"margin:0 0 18px;padding:12px 14px;background:#f2f4f7;border-radius:8px;font-family:Consolas,Menlo,monospace;font-size:14px;line-height:21px;white-space:pre-wrap\">",
            ),
            Tag::List(first) => self.list(*first),
            Tag::Item => {
                self.tight += 1;
                self.out.push_str(&format!("<li class=\"d-text\" style=\"margin:0 0 8px;{FONT};font-size:16px;line-height:26px;color:#28313f\">"));
            }
            Tag::Emphasis => self.out.push_str("<em>"),
            Tag::Strong => self.out.push_str("<strong>"),
            Tag::Link { dest_url, .. } => {
                self.out.push_str("<a class=\"d-link\" href=\"");
                clean::escape_into(&mut self.out, dest_url);
                self.out.push_str(&format!("\" style=\"color:{};text-decoration:underline\">", self.palette.link));
            }
            Tag::Image { dest_url, .. } => self.image = Some((dest_url.to_string(), String::new())),
            _ => {}
        }
    }

    fn heading(&mut self, level: HeadingLevel) {
        let (name, size, line, top) = match level {
            HeadingLevel::H1 => ("h1", 27, 35, 0),
            HeadingLevel::H2 => ("h2", 20, 28, 30),
            _ => ("h3", 17, 26, 24),
        };
        let top = if self.out.is_empty() { 0 } else { top };
        self.out.push_str(&format!(
            "<{name} class=\"d-head\" style=\"margin:{top}px 0 12px;{FONT};font-size:{size}px;line-height:{line}px;font-weight:700;color:#171e2b\">"
        ));
    }

    fn list(&mut self, first: Option<u64>) {
        let style = "style=\"margin:0 0 18px;padding:0 0 0 24px\"";
        match first {
            None => self.out.push_str(&format!("<ul {style}>\n")),
            Some(1) => self.out.push_str(&format!("<ol {style}>\n")),
            Some(n) => self.out.push_str(&format!("<ol start=\"{n}\" {style}>\n")),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        let too_deep = self.depth > DEEPEST_MARKDOWN;
        self.depth = self.depth.saturating_sub(1);
        if too_deep {
            return;
        }
        match tag {
            TagEnd::Paragraph => self.out.push_str("</p>\n"),
            TagEnd::Heading(HeadingLevel::H1) => self.out.push_str("</h1>\n"),
            TagEnd::Heading(HeadingLevel::H2) => self.out.push_str("</h2>\n"),
            TagEnd::Heading(_) => self.out.push_str("</h3>\n"),
            TagEnd::BlockQuote(_) => {
                self.tight = self.tight.saturating_sub(1);
                self.out.push_str("</blockquote>\n");
            }
            TagEnd::CodeBlock => self.out.push_str("</pre>\n"),
            TagEnd::List(true) => self.out.push_str("</ol>\n"),
            TagEnd::List(false) => self.out.push_str("</ul>\n"),
            TagEnd::Item => {
                self.tight = self.tight.saturating_sub(1);
                self.out.push_str("</li>\n");
            }
            TagEnd::Emphasis => self.out.push_str("</em>"),
            TagEnd::Strong => self.out.push_str("</strong>"),
            TagEnd::Link => self.out.push_str("</a>"),
            TagEnd::Image => self.picture(),
            _ => {}
        }
    }

    /// Images fill the card, unless they have fewer pixels; the width attribute is for Outlook, which knows no percentages.
    fn picture(&mut self) {
        let Some((src, alt)) = self.image.take() else { return };
        self.out.push_str("<img src=\"");
        clean::escape_into(&mut self.out, &src);
        self.out.push_str("\" alt=\"");
        clean::escape_into(&mut self.out, &alt);
        let width = self.images.shown_width(&src);
        self.out.push_str(&format!(
            "\" width=\"{width}\" style=\"display:block;width:100%;max-width:{width}px;height:auto;border:0;border-radius:10px\">"
        ));
    }

    fn button(&mut self, button: &Button) {
        let Palette { accent, on_accent, .. } = self.palette;
        self.out.push_str(&format!(
            "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"margin:8px 0 26px\"><tr>\
             <td class=\"d-button\" bgcolor=\"{accent}\" style=\"background:{accent};border-radius:8px;mso-padding-alt:14px 26px\"><a href=\""
        ));
        clean::escape_into(&mut self.out, &button.href);
        self.out.push_str(&format!(
            "\" style=\"display:inline-block;padding:14px 26px;{FONT};font-size:16px;line-height:20px;font-weight:600;color:{on_accent};text-decoration:none\">"
        ));
        clean::escape_into(&mut self.out, &button.words);
        self.out.push_str("</a></td></tr></table>\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::palette::Colour;

    fn html(text: &str) -> String {
        to_html(text, &Palette::of(Colour::DEFAULT_ACCENT), &Images::default()).0
    }
    fn bare(text: &str) -> String {
        let mut out = String::new();
        for (token, _) in crate::html::tokens(&html(text)) {
            match token {
                crate::html::Token::Open(t) => out.push_str(&format!("<{}>", t.name)),
                crate::html::Token::Close(n) => out.push_str(&format!("</{n}>")),
                crate::html::Token::Text(t) => out.push_str(t),
                other => out.push_str(&format!("{other:?}")),
            }
        }
        out
    }

    #[test]
    fn everyday_markdown() {
        assert_eq!(
            bare("# A\n\nb *c* **d** `e`\n"),
            "<h1>A</h1>\n<p>b <em>c</em> <strong>d</strong> <code>e</code></p>\n"
        );
        assert_eq!(
            bare("- a\n- b\n\n3. c"),
            "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol>\n<li>c</li>\n</ol>\n"
        );
        assert!(html("3. c").contains("start=\"3\""));
        assert_eq!(bare("> q\n\n---"), "<blockquote>\n<p>q</p>\n</blockquote>\n<hr>\n");
        assert!(html("![A *b*](https://x/y.png)").contains("src=\"https://x/y.png\" alt=\"A b\""));
    }

    #[test]
    fn raw_html_is_text() {
        assert_eq!(bare("a <b>x</b>"), "<p>a &lt;b&gt;x&lt;/b&gt;</p>\n");
        assert!(!html("<script>alert(1)</script>").contains("<script"));
        assert!(!html("<!-- x --><img src=x onerror=y>").contains("<img"));
        assert!(
            html("[x](https://a/\"onclick=\"y)").contains("&quot;onclick=&quot;")
                || !html("[x](https://a/\"onclick=\"y)").contains("<a")
        );
    }

    #[test]
    fn a_link_titled_button_alone_in_its_paragraph_is_a_button() {
        let button = html("[Book *now*](https://a/ \"button\")");
        assert!(button.contains("d-button") && button.contains(">Book now</a>"));
        assert!(!html("See [Book](https://a/ \"button\")").contains("d-button"));
        assert!(!html("[Book](https://a/ \"other\")").contains("d-button"));
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = "> ".repeat(200) + "x";
        let (_, found) = to_html(&deep, &Palette::of(Colour::DEFAULT_ACCENT), &Images::default());
        assert!(crate::lint::blocks(&found));
    }
}
