//! A crate that does not inherit the workspace's lints is under none of them.

use super::Workspace;
use crate::finding::Finding;

pub fn run(workspace: &Workspace) -> Vec<Finding> {
    let outside = workspace.manifests.iter().filter(|manifest| !manifest.inherits_lints);
    outside
        .map(|m| {
            let what = format!("`{}` does not take the workspace's lints", m.name);
            Finding::at(&m.path, 1, what, "add `[lints]` with `workspace = true`")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_when_missing() {
        let w = Workspace::planted(&[
            ("crates/app/Cargo.toml", "[package]\nname = \"discreet-app\"\n[lints]\nworkspace = true\n"),
            ("crates/web/Cargo.toml", "[package]\nname = \"discreet-web\"\n"),
        ]);
        let found = run(&w);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "crates/web/Cargo.toml");
    }
}
