//! The map and the law name files and tests; both must still be there: `crates/policy/src/judge.rs`, or
//! `crates/policy/src/judge.rs::deceased_is_refused`.

use super::Workspace;
use crate::finding::Finding;
use crate::markdown;

/// Documents that say how things are now. Decisions and the change log say how they were.
const DOCUMENTS: [&str; 6] = [
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "docs/hipaa-map.md",
    "docs/threat-model.md",
];
const STARTS: [&str; 3] = ["crates/", "docs/", "xtask/"];

pub fn run(workspace: &Workspace) -> Vec<Finding> {
    let documents = DOCUMENTS.iter().filter_map(|path| Some((*path, workspace.tree.text(path)?)));
    documents.flat_map(|(path, text)| look(workspace, path, text)).collect()
}

fn look(workspace: &Workspace, path: &str, text: &str) -> Vec<Finding> {
    let code = markdown::read(text).code.into_iter();
    let named = code.filter(|(_, code)| STARTS.iter().any(|start| code.starts_with(start)));
    named
        .filter_map(|(line, code)| {
            let what = problem(workspace, &code)?;
            Some(Finding::at(path, line, what, "name what is there"))
        })
        .collect()
}

fn problem(workspace: &Workspace, code: &str) -> Option<String> {
    let (path, item) = code.split_once("::").unwrap_or((code, ""));
    let path = path.split([':', '#', ' ']).next().unwrap_or(path);
    if path.contains(['*', '{', '<', '…']) {
        return None;
    }
    if !workspace.tree.has(path) {
        return Some(format!("`{path}` does not exist"));
    }
    // Of `tests::deceased_is_refused` the last part is looked for.
    let item = item.rsplit("::").next().unwrap_or(item).trim_end_matches("()");
    let text = workspace.tree.text(path)?;
    let missing = !item.is_empty() && !text.contains(item);
    missing.then(|| format!("`{path}` has no `{item}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_away_is_found() {
        let map = "`crates/policy/src/a.rs` `crates/policy/` `crates/*/src` `crates/policy/src/a.rs::tests::asks`\n\
            `crates/policy/src/b.rs`\n`crates/policy/src/a.rs::begs`\n";
        let w = Workspace::planted(&[
            ("ARCHITECTURE.md", map),
            ("crates/policy/src/a.rs", "#[cfg(test)]\nmod tests { fn asks() {} }"),
        ]);
        let found: Vec<(usize, String)> = run(&w).into_iter().map(|f| (f.line, f.what)).collect();
        let expected =
            [(2, "`crates/policy/src/b.rs` does not exist"), (3, "`crates/policy/src/a.rs` has no `begs`")];
        assert_eq!(found, expected.map(|(line, what)| (line, what.to_owned())));
    }
}
