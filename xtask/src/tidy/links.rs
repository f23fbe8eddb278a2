//! Links in documents lead to files that exist, and to headings in them. Links to other hosts are not followed.

use super::Workspace;
use crate::finding::Finding;
use crate::markdown;

pub fn run(workspace: &Workspace) -> Vec<Finding> {
    let documents = workspace.tree.texts().filter(|(path, _)| path.ends_with(".md"));
    documents.flat_map(|(path, text)| look(workspace, path, text)).collect()
}

fn look(workspace: &Workspace, path: &str, text: &str) -> Vec<Finding> {
    let links = markdown::read(text).links.into_iter().filter(|(_, target)| !is_elsewhere(target));
    links
        .filter_map(|(line, target)| {
            let (what, instead) = problem(workspace, path, &target)?;
            Some(Finding::at(path, line, what, instead))
        })
        .collect()
}

/// Other hosts, and items of code: those rustdoc follows, in documents that a crate includes.
fn is_elsewhere(target: &str) -> bool {
    target.contains("::") || target.contains("://") || target.starts_with("mailto:")
}

fn problem(workspace: &Workspace, from: &str, target: &str) -> Option<(String, &'static str)> {
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = if file.is_empty() { Some(from.to_owned()) } else { resolve(from, file) };
    let path = path.filter(|path| workspace.tree.has(path));
    let Some(path) = path else {
        return Some((format!("`{target}` leads nowhere"), "link to a file of this repository"));
    };
    let text = workspace.tree.text(&path).filter(|_| path.ends_with(".md"))?;
    let found = anchor.is_empty() || markdown::read(text).anchors.contains(anchor);
    (!found).then(|| (format!("`{path}` has no heading `#{anchor}`"), "link to a heading that is there"))
}

/// `target` as seen from the folder of `from`; none if that lies outside the repository.
fn resolve(from: &str, target: &str) -> Option<String> {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_links_and_anchors_are_found() {
        let w = Workspace::planted(&[
            (
                "docs/a.md",
                "# One\n[ok](../README.md#the-doors) [ok](#one) [ok](https://example.org/x) [ok](adr/) [ok](crate::A)\n\
                    [no](b.md)\n[no](../README.md#gone)\n[no](../../outside.md)\n[no](#two)\n",
            ),
            ("docs/adr/x.md", ""),
            ("README.md", "## The doors\n"),
        ]);
        let found: Vec<(usize, String)> = run(&w).into_iter().map(|f| (f.line, f.what)).collect();
        let expected = [
            (3, "`b.md` leads nowhere"),
            (4, "`README.md` has no heading `#gone`"),
            (5, "`../../outside.md` leads nowhere"),
            (6, "`docs/a.md` has no heading `#two`"),
        ];
        assert_eq!(found, expected.map(|(line, what)| (line, what.to_owned())));
    }
}
