//! Crates depend only on what this table lets them (ARCHITECTURE.md, "Direction"). Tests may depend on anything.

use super::Workspace;
use crate::finding::Finding;

/// Crate → the crates it may link. `testkit` is in no list but is free itself: only tests may use it.
const ARROWS: [(&str, &[&str]); 16] = [
    ("domain", &[]),
    ("words", &[]),
    ("segment", &["domain"]),
    ("intake", &["domain"]),
    ("audit", &["domain"]),
    ("access", &["domain"]),
    ("clinic", &["domain"]),
    ("policy", &["audit", "domain"]),
    ("vault", &["audit", "domain"]),
    ("engine", &["segment", "audit", "domain"]),
    ("mail", &["policy", "domain"]),
    ("store", &["audit", "policy", "domain"]),
    (
        "app",
        &[
            "store", "mail", "vault", "policy", "access", "audit", "intake", "engine", "segment", "words",
            "domain",
        ],
    ),
    ("web", &["app", "access", "policy", "segment", "domain", "mail", "words"]),
    (
        // crates/server: the package bears the program's name.
        "discreet",
        &[
            "web", "app", "clinic", "store", "mail", "vault", "policy", "access", "audit", "intake",
            "engine", "segment", "words", "domain",
        ],
    ),
    ("xtask", &[]),
];
const FREE: &str = "testkit";

pub fn run(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for manifest in workspace.manifests.iter().filter(|m| m.name != FREE) {
        let Some((_, below)) = ARROWS.iter().find(|(name, _)| *name == manifest.name) else {
            let what = format!("crate `{}` has no place in the table of arrows", manifest.name);
            let instead = "make it a module, or give it a place in xtask/src/tidy/direction.rs by an ADR";
            findings.push(Finding::at(&manifest.path, 1, what, instead));
            continue;
        };
        for dependency in &manifest.dependencies {
            let Some(ours) = dependency.ours.as_deref() else { continue };
            if !below.contains(&ours) {
                let what = format!("`{}` may not depend on `{ours}`", manifest.name);
                findings.push(Finding::at(&manifest.path, dependency.line, what, instead(below, ours)));
            }
        }
    }
    findings
}

fn instead(below: &[&str], ours: &str) -> String {
    match (ours, below) {
        (FREE, _) => "make it a dev-dependency".to_owned(),
        (_, []) => "it depends on no crate of ours: pass what it needs as an argument".to_owned(),
        _ => {
            format!("only on {}: pass what it needs as an argument, or move the caller up", below.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORE: &str = "[package]\nname = \"discreet-store\"\n[dependencies]\n\
        discreet-domain.workspace = true\ndiscreet-vault.workspace = true\ndiscreet-testkit.workspace = true\n\
        [dev-dependencies]\ndiscreet-app.workspace = true\n";

    #[test]
    fn an_arrow_back_is_found() {
        let w = Workspace::planted(&[("crates/store/Cargo.toml", STORE)]);
        let found: Vec<String> = run(&w).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found
                .iter()
                .any(|f| f.starts_with("crates/store/Cargo.toml:5: `store` may not depend on `vault`"))
        );
        assert!(found.iter().any(|f| f.ends_with("make it a dev-dependency")));
    }

    #[test]
    fn a_crate_nobody_placed_is_found() {
        let w = Workspace::planted(&[("crates/x/Cargo.toml", "[package]\nname = \"discreet-x\"\n")]);
        assert_eq!(run(&w).len(), 1);
    }

    #[test]
    fn the_table_has_no_cycle() {
        for (at, (name, below)) in ARROWS.iter().enumerate() {
            for other in *below {
                let lower = ARROWS.iter().position(|(n, _)| n == other).unwrap();
                assert!(lower < at, "{name} → {other}");
            }
        }
    }
}
