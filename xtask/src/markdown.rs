//! Markdown, as far as the checks care: headings, links, and words in backticks. Fenced code is skipped.

use std::collections::{BTreeMap, BTreeSet};

/// What one document contains.
#[derive(Default)]
pub struct Document {
    /// `(line, target)` of every link and image.
    pub links: Vec<(usize, String)>,
    /// `(line, text)` of every span of code.
    pub code: Vec<(usize, String)>,
    /// What `#…` can point at.
    pub anchors: BTreeSet<String>,
}

/// Reads a document.
pub fn read(text: &str) -> Document {
    let mut document = Document::default();
    let mut slugs: BTreeMap<String, usize> = BTreeMap::new();
    let mut fence: Option<&str> = None;
    for (at, line) in text.lines().enumerate() {
        let start = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| start.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) => document.read_line(at + 1, line, &mut slugs),
            _ => {}
        }
    }
    document
}

impl Document {
    fn read_line(&mut self, number: usize, line: &str, slugs: &mut BTreeMap<String, usize>) {
        if let Some(title) = heading(line) {
            let slug = slug(title);
            let seen = slugs.entry(slug.clone()).or_default();
            self.anchors.insert(if *seen == 0 { slug } else { format!("{slug}-{seen}") });
            *seen += 1;
        }
        for attribute in ["id=\"", "name=\""] {
            let ids = line.split(attribute).skip(1).filter_map(|rest| rest.split('"').next());
            self.anchors.extend(ids.map(str::to_owned));
        }
        let (prose, code) = split_code(line);
        self.code.extend(code.into_iter().map(|text| (number, text)));
        self.links.extend(targets(&prose).into_iter().map(|target| (number, target)));
    }
}

/// The text of a `#` heading.
fn heading(line: &str) -> Option<&str> {
    let title = line.trim_start_matches('#');
    let depth = line.len() - title.len();
    ((1..=6).contains(&depth) && title.starts_with(' ')).then(|| title.trim())
}

/// The anchor that code hosts make of a heading: lower case, punctuation dropped, spaces to hyphens.
pub fn slug(title: &str) -> String {
    let kept = title.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// A line without its code spans, and the code spans. Between two backticks is code; a backtick alone is not.
fn split_code(line: &str) -> (String, Vec<String>) {
    let pieces: Vec<&str> = line.split('`').collect();
    let closed = if pieces.len() % 2 == 1 { pieces.len() } else { pieces.len() - 1 };
    let (mut prose, mut code) = (String::new(), Vec::new());
    for (at, piece) in pieces.into_iter().enumerate() {
        if at % 2 == 1 && at < closed {
            code.push(piece.to_owned());
            // A link whose text is code keeps its brackets.
            prose.push('c');
        } else {
            prose.push_str(piece);
        }
    }
    code.retain(|text| !text.is_empty());
    (prose, code)
}

/// Targets of `[text](target "title")` and of `[name]: target`.
fn targets(prose: &str) -> Vec<String> {
    let inline = prose.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    let mut found: Vec<String> = inline.map(|t| t.trim_matches(['<', '>']).to_owned()).collect();
    if prose.starts_with('[')
        && let Some((name, target)) = prose.split_once("]: ")
        && !name.contains(']')
    {
        found.extend(target.split_whitespace().next().map(str::to_owned));
    }
    found.retain(|target| !target.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_links_code_and_anchors() {
        let text = "# The doors, again!\n## Same\n## Same\n[a](b.md#c) and [`x`](y.rs \"t\") `crates/z`\n\
            ```\n[no](no.md)\n```\n[ref]: d.md\n<a id=\"here\"></a> `[not](this)`\n";
        let document = read(text);
        let links: Vec<(usize, &str)> = document.links.iter().map(|(l, t)| (*l, t.as_str())).collect();
        assert_eq!(links, [(4, "b.md#c"), (4, "y.rs"), (8, "d.md")]);
        assert_eq!(document.code[1], (4, "crates/z".to_owned()));
        let anchors: Vec<&str> = document.anchors.iter().map(String::as_str).collect();
        assert_eq!(anchors, ["here", "same", "same-1", "the-doors-again"]);
    }

    #[test]
    fn slugs_keep_what_hosts_keep() {
        assert_eq!(slug("1. What `judge` asks: §4 – rules"), "1-what-judge-asks-4--rules");
    }
}
