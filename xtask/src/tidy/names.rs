//! Names that say nothing collect everything. A module is named after what it holds.

use super::Workspace;
use crate::finding::Finding;

const INSTEAD: &str = "name it after what it holds, or put its parts where they are used";

pub fn run(workspace: &Workspace) -> Vec<Finding> {
    let forbidden = |name: &str| workspace.config.names.forbidden.iter().any(|word| word == name);
    let mut findings = Vec::new();
    for path in workspace.tree.paths().filter(|p| p.starts_with("crates/") || p.starts_with("xtask/")) {
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.strip_suffix(".rs").unwrap_or(name);
        if forbidden(stem) {
            findings.push(Finding::at(path, 1, format!("`{stem}` says nothing"), INSTEAD));
        }
    }
    for source in &workspace.sources {
        for (at, token) in source.tokens.iter().enumerate().filter(|(_, token)| token.text == "mod") {
            let name = source.tokens.get(at + 1).map_or("", |next| next.text.as_str());
            let inline = source.tokens.get(at + 2).is_some_and(|after| after.text == "{");
            if inline && forbidden(name) {
                let what = format!("module `{name}` says nothing");
                findings.push(Finding::at(&source.path, token.line, what, INSTEAD));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_as_file_folder_and_module() {
        let w = Workspace::planted(&[
            ("xtask/doors.toml", "[names]\nforbidden = [\"utils\", \"common\"]\n"),
            ("crates/app/src/utils.rs", ""),
            ("crates/app/tests/common/mod.rs", ""),
            ("crates/app/src/a.rs", "mod utils {}\nmod common_cold {}"),
            ("docs/common.md", ""),
        ]);
        let found: Vec<String> = run(&w).into_iter().map(|f| f.path).collect();
        assert_eq!(found, ["crates/app/src/utils.rs", "crates/app/tests/common", "crates/app/src/a.rs"]);
    }
}
