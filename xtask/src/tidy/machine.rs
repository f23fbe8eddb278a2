//! No file names a path of somebody's machine, and none has characters that a reviewer cannot see.

use super::Workspace;
use crate::config::PATH;
use crate::finding::Finding;

/// Folders that hold a checkout but mean nothing by themselves.
const SYSTEM: [&str; 8] = ["", "/", "/tmp", "/srv", "/opt", "/usr/src", "/usr/local/src", "/var/tmp"];

pub fn run(workspace: &Workspace) -> Vec<Finding> {
    let mut forbidden = workspace.config.paths.forbidden.clone();
    forbidden.extend(workspace.tree.checkout().map(around).unwrap_or_default());
    // The table itself has to name them.
    // Seeds of fuzz targets hold what they hold on purpose.
    let texts = workspace.tree.texts().filter(|(path, _)| *path != PATH && !path.contains("/fuzz/seeds/"));
    texts.flat_map(|(path, text)| look(path, text, &forbidden)).collect()
}

fn look(path: &str, text: &str, forbidden: &[String]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, line) in text.lines().enumerate() {
        for word in forbidden.iter().filter(|word| names(line, word)) {
            let what = format!("names `{word}`");
            findings.push(Finding::at(
                path,
                at + 1,
                what,
                "write it relative to the repository or the data folder",
            ));
        }
        for c in line.chars().filter(|c| invisible(*c)) {
            let what = format!("has the invisible character U+{:04X}", u32::from(c));
            findings.push(Finding::at(path, at + 1, what, "remove it, or write it as an escape"));
        }
    }
    findings
}

/// Whether the path stands in the line as an absolute one: not after a word, as in `docs/home/`.
fn names(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '*' | '}'))
    })
}

/// Where this very checkout lies, and the folder around it if that says anything.
fn around(checkout: &str) -> Vec<String> {
    let above = checkout.rsplit_once('/').map_or("", |(above, _)| above);
    let mut paths = vec![checkout.to_owned()];
    if !SYSTEM.contains(&above) {
        paths.push(format!("{above}/"));
    }
    paths
}

/// Control characters, marks that turn the direction of text, and spaces of no width.
fn invisible(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_in_any_text() {
        let home = format!("see {}me/jo/x\n", "/ho");
        let table = format!("[paths]\nforbidden = [\"{}me/\"]\n", "/ho");
        let w = Workspace::planted(&[
            ("xtask/doors.toml", &table),
            ("docs/a.md", &home),
            ("docs/b.md", "docs/home/jo\nok\u{202e}\n"),
            ("crates/app/src/a.rs", "// tab\there, \u{00fc}mlaut, \u{2264}\n"),
        ]);
        let found: Vec<(String, usize)> = run(&w).into_iter().map(|f| (f.path, f.line)).collect();
        assert_eq!(found, [("docs/a.md".to_owned(), 1), ("docs/b.md".to_owned(), 2)]);
    }

    #[test]
    fn the_checkout_is_one_of_them() {
        assert_eq!(around("/a/b"), ["/a/b", "/a/"]);
        assert_eq!(around("/tmp/b"), ["/tmp/b"]);
    }
}
