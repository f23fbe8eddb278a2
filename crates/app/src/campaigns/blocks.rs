//! The body of a mail as its author puts it together: blocks, in order. They become Markdown, so that the same text can be
//! read, linted and sent however it was written.

use serde::{Deserialize, Serialize};

/// Blocks of a mail, at most.
pub const MOST_BLOCKS: usize = 40;

/// A block.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "block", rename_all = "snake_case", deny_unknown_fields)]
pub enum ContentBlock {
    /// A heading.
    Heading {
        /// Its words.
        text: String,
    },
    /// Paragraphs; lists, bold and links as in Markdown.
    Text {
        /// The words.
        text: String,
    },
    /// A button.
    Button {
        /// What it says.
        text: String,
        /// Where it leads.
        href: String,
    },
    /// An image.
    Image {
        /// Where it is.
        src: String,
        /// What it shows, for who does not see it.
        alt: String,
    },
    /// A line across.
    Divider,
    /// Two columns, one above the other on a telephone.
    Columns {
        /// The first.
        left: String,
        /// The second.
        right: String,
    },
}

impl ContentBlock {
    /// A new block of a kind, empty.
    pub fn blank(kind: &str) -> Option<ContentBlock> {
        let text = String::new;
        Some(match kind {
            "heading" => ContentBlock::Heading { text: text() },
            "text" => ContentBlock::Text { text: text() },
            "button" => ContentBlock::Button { text: text(), href: text() },
            "image" => ContentBlock::Image { src: text(), alt: text() },
            "divider" => ContentBlock::Divider,
            "columns" => ContentBlock::Columns { left: text(), right: text() },
            _ => return None,
        })
    }
    /// Its kind, as a form carries it.
    pub const fn kind(&self) -> &'static str {
        match self {
            ContentBlock::Heading { .. } => "heading",
            ContentBlock::Text { .. } => "text",
            ContentBlock::Button { .. } => "button",
            ContentBlock::Image { .. } => "image",
            ContentBlock::Divider => "divider",
            ContentBlock::Columns { .. } => "columns",
        }
    }
}

/// The Markdown of a body. Empty blocks say nothing.
pub fn markdown(blocks: &[ContentBlock]) -> String {
    let texts = blocks.iter().map(one).filter(|text| !text.is_empty());
    texts.collect::<Vec<_>>().join("\n\n")
}

fn one(block: &ContentBlock) -> String {
    match block {
        ContentBlock::Heading { text } if !line(text).is_empty() => format!("# {}", line(text)),
        ContentBlock::Text { text } => text.replace("\r\n", "\n").trim().to_owned(),
        ContentBlock::Button { text, href } if !line(text).is_empty() => {
            format!("[{}](<{}> \"button\")", bracketed(text), address(href))
        }
        ContentBlock::Image { src, alt } if !line(src).is_empty() => {
            format!("![{}](<{}>)", bracketed(alt), address(src))
        }
        ContentBlock::Divider => "---".to_owned(),
        ContentBlock::Columns { left, right } if !(left.trim().is_empty() && right.trim().is_empty()) => {
            format!("::: columns\n{}\n|||\n{}\n:::", fenced(left), fenced(right))
        }
        _ => String::new(),
    }
}

fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
/// Words within square brackets: brackets of their own would end them.
fn bracketed(text: &str) -> String {
    line(text).replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}
/// An address within angle brackets.
fn address(text: &str) -> String {
    line(text).replace(' ', "%20").replace('<', "%3C").replace('>', "%3E")
}
/// A column cannot end its fence.
fn fenced(text: &str) -> String {
    let lines = text.lines().filter(|line| !matches!(line.trim(), "|||" | ":::"));
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_markdown() {
        let text = |t: &str| t.to_owned();
        let blocks = [
            ContentBlock::Heading { text: text("Time for\nyour check-up") },
            ContentBlock::Text { text: text("Dear {{ given_name | \"patient\" }},\r\n\r\n**come** soon.") },
            ContentBlock::Heading { text: text(" ") },
            ContentBlock::Button { text: text("Book [now]"), href: text("https://clinic.example/a b") },
            ContentBlock::Divider,
            ContentBlock::Image { src: text("https://clinic.example/i.png"), alt: text("A path") },
            ContentBlock::Columns { left: text("one\n:::\n"), right: text("two") },
        ];
        assert_eq!(
            markdown(&blocks),
            "# Time for your check-up\n\nDear {{ given_name | \"patient\" }},\n\n**come** soon.\n\n\
             [Book \\[now\\]](<https://clinic.example/a%20b> \"button\")\n\n---\n\n![A path](<https://clinic.example/i.png>)\n\n\
             ::: columns\none\n|||\ntwo\n:::"
        );
        assert_eq!(markdown(&[]), "");
    }
}
