//! Cargo.toml files, as far as the checks care.

use crate::config::line_of;
use crate::tree::{Tree, Trouble};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::{Spanned, Value};

/// One crate's Cargo.toml.
pub struct Manifest {
    /// From the repository's root.
    pub path: String,
    /// The crate's name without `discreet-`.
    pub name: String,
    /// Whether it takes the workspace's lints.
    pub inherits_lints: bool,
    /// What it links: normal, build and target-specific dependencies. Not those of tests.
    pub dependencies: Vec<Dependency>,
}

/// One dependency.
pub struct Dependency {
    /// Name without `discreet-` if it is a crate of ours; else `None`.
    pub ours: Option<String>,
    /// Its line.
    pub line: usize,
}

type Table = BTreeMap<Spanned<String>, Value>;

#[derive(Deserialize)]
struct CargoToml {
    package: Package,
    #[serde(default)]
    lints: Lints,
    #[serde(default)]
    dependencies: Table,
    #[serde(default, rename = "build-dependencies")]
    build_dependencies: Table,
    #[serde(default)]
    target: BTreeMap<String, Linked>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
}

#[derive(Deserialize, Default)]
struct Lints {
    #[serde(default)]
    workspace: bool,
}

#[derive(Deserialize)]
struct Linked {
    #[serde(default)]
    dependencies: Table,
    #[serde(default, rename = "build-dependencies")]
    build_dependencies: Table,
}

/// Every crate's manifest: `crates/*/Cargo.toml` and `xtask/Cargo.toml`.
///
/// # Errors
/// [`Trouble::Toml`] for the first that does not read.
pub fn read_all(tree: &Tree) -> Result<Vec<Manifest>, Trouble> {
    let is_ours = |path: &str| {
        matches!(
            path.split('/').collect::<Vec<_>>().as_slice(),
            ["crates", _, "Cargo.toml"] | ["xtask", "Cargo.toml"]
        )
    };
    tree.texts().filter(|(path, _)| is_ours(path)).map(|(path, text)| read(path, text)).collect()
}

fn read(path: &str, text: &str) -> Result<Manifest, Trouble> {
    let trouble = |source| Trouble::Toml { path: path.to_owned(), source: Box::new(source) };
    let toml: CargoToml = toml::from_str(text).map_err(trouble)?;
    let everywhere = toml.dependencies.iter().chain(&toml.build_dependencies);
    let somewhere = toml.target.values().flat_map(|t| t.dependencies.iter().chain(&t.build_dependencies));
    let dependencies = everywhere
        .chain(somewhere)
        .map(|(key, value)| {
            let renamed = value.get("package").and_then(Value::as_str);
            let name = renamed.unwrap_or(key.get_ref());
            Dependency {
                ours: name.strip_prefix("discreet-").map(str::to_owned),
                line: line_of(text, key.span().start),
            }
        })
        .collect();
    let name = toml.package.name;
    Ok(Manifest {
        path: path.to_owned(),
        name: name.strip_prefix("discreet-").map(str::to_owned).unwrap_or(name),
        inherits_lints: toml.lints.workspace,
        dependencies,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_linked() {
        let text = "[package]\nname = \"discreet-app\"\n[dependencies]\nserde = \"1\"\n\
            discreet-store.workspace = true\nv = { package = \"discreet-vault\", path = \"x\" }\n\
            [target.'cfg(unix)'.dependencies]\ndiscreet-mail.workspace = true\n\
            [dev-dependencies]\ndiscreet-testkit.workspace = true\n";
        let manifest = read("crates/app/Cargo.toml", text).unwrap();
        let ours: Vec<(&str, usize)> =
            manifest.dependencies.iter().filter_map(|d| Some((d.ours.as_deref()?, d.line))).collect();
        assert_eq!((manifest.name.as_str(), manifest.inherits_lints), ("app", false));
        assert_eq!(ours, [("store", 5), ("vault", 6), ("mail", 8)]);
    }
}
