//! Every crate opens with `//!`: what it is for, and what is at stake.

use super::Workspace;
use crate::finding::Finding;

pub fn run(workspace: &Workspace) -> Vec<Finding> {
    let is_head = |path: &str| path.ends_with("/src/lib.rs") || path.ends_with("/src/main.rs");
    let heads = workspace.tree.texts().filter(|(path, _)| is_head(path));
    let silent = heads.filter(|(_, text)| !text.lines().any(|line| line.starts_with("//! ")));
    silent
        .map(|(path, _)| {
            let instead = "say in a `//!` head what it is for and what it guards";
            Finding::at(path, 1, "the crate does not say what it is", instead)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_when_missing() {
        let w = Workspace::planted(&[
            ("crates/app/src/lib.rs", "//! The verbs.\n"),
            ("crates/web/src/lib.rs", "mod a;\n"),
            ("crates/web/src/a.rs", "\n"),
        ]);
        let found: Vec<String> = run(&w).into_iter().map(|f| f.path).collect();
        assert_eq!(found, ["crates/web/src/lib.rs"]);
    }
}
