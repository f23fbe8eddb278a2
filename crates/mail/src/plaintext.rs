//! HTML → the plain text part, for those who read mail without pictures, aloud, or on a watch.

use crate::html::{self, Tag, Token, VOID};

/// The text of a document or fragment. Hidden parts (`display:none`, head, styles, comments) are left out.
pub(crate) fn from_html(html: &str) -> String {
    let mut writer = Writer::default();
    for (token, _) in html::tokens(html) {
        match token {
            Token::Open(tag) => writer.open(&tag),
            Token::Close(name) => writer.close(&name),
            Token::Text(text) => writer.text(&html::decoded(text)),
            Token::Raw(_) | Token::Comment(_) | Token::Declaration(_) => {}
        }
    }
    writer.finish()
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Line breaks due before the next text.
    breaks: usize,
    space: bool,
    /// Elements open inside a hidden one, itself included.
    hidden: usize,
    lists: Vec<Option<u64>>,
    quotes: usize,
    /// Quotes open where the last line began.
    quoted: usize,
    links: Vec<(String, usize)>,
    /// Per open table: whether it lays out rather than tabulates; per row, whether a cell came before.
    tables: Vec<(bool, bool)>,
    pre: usize,
}

impl Writer {
    fn open(&mut self, tag: &Tag) {
        let void = VOID.contains(&tag.name.as_str());
        if self.hidden > 0 {
            self.hidden += usize::from(!void);
            return;
        }
        if is_hidden(tag) {
            self.hidden = usize::from(!void);
            return;
        }
        match tag.name.as_str() {
            "br" => {
                self.breaks = (self.breaks + 1).min(2);
                self.space = false;
            }
            "hr" => {
                self.line(2);
                self.word("--------");
                self.line(2);
            }
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.line(2),
            "pre" => {
                self.line(2);
                self.pre += 1;
            }
            "blockquote" => {
                self.line(2);
                self.quotes += 1;
            }
            "ul" | "ol" => {
                self.line(if self.lists.is_empty() { 2 } else { 1 });
                let first = tag.attribute("start").and_then(|s| s.parse().ok()).unwrap_or(1);
                self.lists.push((tag.name == "ol").then_some(first));
            }
            "li" => self.item(),
            "table" => {
                self.line(1);
                self.tables.push((tag.attribute("role") == Some("presentation"), false));
            }
            "tr" => {
                self.line(1);
                if let Some((_, cell_before)) = self.tables.last_mut() {
                    *cell_before = false;
                }
            }
            "td" | "th" => self.cell(),
            "div" | "center" => self.line(1),
            "a" => self.links.push((tag.attribute("href").unwrap_or("").to_owned(), self.out.len())),
            "img" => self.image(tag),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if self.hidden > 0 {
            self.hidden -= 1;
            return;
        }
        match name {
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.line(2),
            "pre" => {
                self.pre = self.pre.saturating_sub(1);
                self.line(2);
            }
            "blockquote" => {
                self.quotes = self.quotes.saturating_sub(1);
                self.line(2);
            }
            "ul" | "ol" => {
                self.lists.pop();
                self.line(if self.lists.is_empty() { 2 } else { 1 });
            }
            "table" => {
                let lays_out = self.tables.pop().is_some_and(|(lays_out, _)| lays_out);
                self.line(if lays_out { 2 } else { 1 });
            }
            "li" | "tr" | "div" | "center" => self.line(1),
            "a" => self.link(),
            _ => {}
        }
    }

    fn item(&mut self) {
        self.line(1);
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                let mark = format!("{number}. ");
                *number = number.saturating_add(1);
                mark
            }
            _ => "- ".to_owned(),
        };
        let indent = "  ".repeat(self.lists.len().saturating_sub(1));
        self.word(&format!("{indent}{mark}"));
    }

    fn cell(&mut self) {
        match self.tables.last_mut() {
            Some((false, cell_before)) => {
                let second = std::mem::replace(cell_before, true);
                if second {
                    self.word(" | ");
                }
            }
            _ => self.line(2),
        }
    }

    fn image(&mut self, tag: &Tag) {
        let alt = tag.attribute("alt").unwrap_or("").trim().to_owned();
        if !alt.is_empty() {
            self.text(&format!("[{alt}]"));
        }
    }

    /// `words <address>`, or only the address where the words are the address.
    fn link(&mut self) {
        let Some((href, start)) = self.links.pop() else { return };
        let shown = href.strip_prefix("mailto:").unwrap_or(&href).to_owned();
        let words = self.out.get(start..).unwrap_or("").trim();
        let same =
            words == shown || words == href || shown.strip_prefix("https://").is_some_and(|s| words == s);
        if !same && !shown.is_empty() && !words.is_empty() {
            self.space = true;
            self.text(&format!("<{shown}>"));
        }
    }

    fn text(&mut self, text: &str) {
        if self.hidden > 0 {
            return;
        }
        if self.pre > 0 {
            for (i, line) in text.split('\n').enumerate() {
                if i > 0 {
                    self.breaks = (self.breaks + 1).min(2);
                }
                if !line.is_empty() {
                    self.word(line);
                }
            }
            return;
        }
        for (i, word) in text.split(is_space).enumerate() {
            self.space |= i > 0;
            if !word.is_empty() {
                let lead = if self.space && self.breaks == 0 && !self.at_start() { " " } else { "" };
                self.space = false;
                let word: String = word
                    .chars()
                    .filter(|c| !crate::clean::is_hidden(*c) || crate::clean::is_private(*c))
                    .collect();
                self.word(&format!("{lead}{word}"));
            }
        }
    }

    fn at_start(&self) -> bool {
        self.out.is_empty() || self.out.ends_with(['\n', ' '])
    }

    fn line(&mut self, breaks: usize) {
        self.breaks = self.breaks.max(breaks);
        self.space = false;
    }

    fn word(&mut self, word: &str) {
        if self.breaks > 0 || self.out.is_empty() {
            let breaks = if self.out.is_empty() { 0 } else { self.breaks };
            let kept = self.out.trim_end_matches(' ').len();
            self.out.truncate(kept);
            for i in 0..breaks {
                self.out.push('\n');
                if self.quotes.min(self.quoted) > 0 && i + 1 < breaks {
                    self.out.push('>');
                }
            }
            self.out.push_str(&"> ".repeat(self.quotes.min(4)));
            self.breaks = 0;
            self.quoted = self.quotes;
        }
        self.out.push_str(word);
    }

    fn finish(mut self) -> String {
        let kept = self.out.trim_end().len();
        self.out.truncate(kept);
        self.out.push('\n');
        self.out
    }
}

fn is_space(c: char) -> bool {
    c.is_whitespace()
}

fn is_hidden(tag: &Tag) -> bool {
    matches!(tag.name.as_str(), "head" | "style" | "script" | "title" | "noscript" | "template")
        || tag.attribute("style").is_some_and(|s| {
            let flat: String = s.chars().filter(|c| !c.is_whitespace()).collect();
            flat.to_ascii_lowercase().contains("display:none")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_lists_links_quotes() {
        let html = "<h1>News &amp; more</h1>\n<p>Hello  <b>there</b>,<br>you.</p><ul><li>one</li><li>two <i>x</i></li></ul>\
            <ol start=3><li>three<ul><li>inner</li></ul></li><li>four</li></ol><blockquote><p>said</p><p>so</p></blockquote><hr>\
            <p>See <a href='https://clinic.example/a'>our page</a>, <a href='https://clinic.example'>clinic.example</a> or \
            <a href='mailto:hi@clinic.example'>hi@clinic.example</a>.</p>";
        assert_eq!(
            from_html(html),
            "News & more\n\nHello there,\nyou.\n\n- one\n- two x\n\n3. three\n  - inner\n4. four\n\n> said\n>\n> so\n\n--------\n\n\
             See our page <https://clinic.example/a>, clinic.example or hi@clinic.example.\n"
        );
    }

    #[test]
    fn tables_images_and_hidden_parts() {
        let html = "<head><title>x</title></head><div style='display: NONE'>pre<div>view<br></div></div>\
            <table role=presentation><tr><td>left</td><td>right</td></tr></table>\
            <table><tr><th>Day</th><th>Hours</th></tr><tr><td>Mon</td><td>9–5</td></tr></table>\
            <img alt='A garden' src=x><img alt='' src=y><!-- no --><style>p{}</style>\u{200b}end";
        assert_eq!(from_html(html), "left\n\nright\n\nDay | Hours\nMon | 9–5\n[A garden]end\n");
    }

    #[test]
    fn odd_markup_does_no_harm() {
        for html in [
            "",
            "</p></a></ul></table>",
            "<li>x",
            "<a href=x>",
            "<td>",
            "<blockquote><blockquote>x",
            "&",
            "<pre>a\n b</pre>",
        ] {
            let _ = from_html(html);
        }
        assert_eq!(from_html("<pre>a\n  b</pre>"), "a\n  b\n");
    }
}
