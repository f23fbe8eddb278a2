//! `xtask/doors.toml`: the tables and word lists that change as the code grows. What changes only with the
//! architecture (who may depend on whom, how long a function may be) is a constant beside its check instead.

use crate::finding::Finding;
use crate::tree::{Tree, Trouble};
use serde::Deserialize;
use toml::Spanned;

/// Where the tables are.
pub const PATH: &str = "xtask/doors.toml";

/// All tables.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Calls that only listed files make.
    #[serde(default)]
    pub door: Vec<Rule>,
    /// Calls and words that nearly nobody writes.
    #[serde(default)]
    pub banned: Vec<Rule>,
    /// Traits that only listed files implement.
    #[serde(default)]
    pub implementor: Vec<Implementor>,
    /// Types whose values are proofs.
    #[serde(default)]
    pub proof: Vec<Proof>,
    /// Where SQL may stand.
    #[serde(default)]
    pub sql: Sql,
    /// Names that say nothing.
    #[serde(default)]
    pub names: Names,
    /// Paths of somebody's machine.
    #[serde(default)]
    pub paths: Paths,
    /// Constants that may differ.
    #[serde(default)]
    pub limits: Limits,
    #[serde(skip)]
    text: String,
}

/// Patterns, and the files that may contain them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What it is about, in a word or two.
    pub name: String,
    /// Rust tokens, such as `vault.open(`; a single word matches every mention of it.
    pub patterns: Vec<String>,
    /// Path prefixes to which the rule is limited; none means everywhere.
    #[serde(default)]
    pub within: Vec<String>,
    /// Whether test code is held to it too.
    #[serde(default)]
    pub tests: bool,
    /// What to do instead.
    pub instead: String,
    /// Who may.
    #[serde(default)]
    pub allowed: Vec<Allowed>,
}

/// A file that may, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowed {
    /// A path; with `*` at its end, all paths that start so.
    pub file: Spanned<String>,
    /// Why it may. Written for the reviewer.
    pub reason: String,
}

/// A trait, and the files that may implement it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Implementor {
    /// The trait's name.
    #[serde(rename = "trait")]
    pub name: String,
    /// Who may.
    pub allowed: Vec<Allowed>,
}

/// A type whose values prove something.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The type's name.
    #[serde(rename = "type")]
    pub name: String,
    /// The crate that defines it.
    #[serde(rename = "crate")]
    pub krate: String,
    /// The only public functions of that crate that may return one; none for a proof that never leaves it.
    pub makers: Vec<String>,
}

/// `[sql]`
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Sql {
    /// Files with SQL text.
    pub allowed: Vec<Allowed>,
}

/// `[names]`
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Names that no module, file or crate bears.
    pub forbidden: Vec<String>,
}

/// `[paths]`
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Paths {
    /// Texts that no file contains.
    pub forbidden: Vec<String>,
}

/// `[limits]`
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Constants that share a name by chance.
    pub differ: Vec<Differ>,
}

/// A constant's name, and why its values differ.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Differ {
    /// The name.
    pub name: String,
    /// Why two values are right.
    #[expect(dead_code, reason = "written for the reviewer; required so that nobody leaves it out")]
    pub reason: String,
}

impl Config {
    /// Reads the tables; without the file there are none.
    ///
    /// # Errors
    /// [`Trouble::Toml`] where the file does not read.
    pub fn read(tree: &Tree) -> Result<Config, Trouble> {
        Config::parse(tree.text(PATH).unwrap_or_default())
    }

    fn parse(text: &str) -> Result<Config, Trouble> {
        let trouble = |source| Trouble::Toml { path: PATH.to_owned(), source: Box::new(source) };
        let config: Config = toml::from_str(text).map_err(trouble)?;
        Ok(Config { text: text.to_owned(), ..config })
    }

    /// Whether an entry of the list covers this path; notes in `used` which one did.
    pub fn allows(list: &[Allowed], path: &str, used: &mut Vec<usize>) -> bool {
        let entry = list.iter().position(|allowed| covers(allowed.file.get_ref(), path));
        used.extend(entry);
        entry.is_some()
    }

    /// Entries that cover nothing, or give no reason. What a crate that is not there yet will do is not asked.
    pub fn unused(&self, list: &[Allowed], used: &[usize], tree: &Tree, what: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (at, allowed) in list.iter().enumerate() {
            let line = line_of(&self.text, allowed.file.span().start);
            let file = allowed.file.get_ref();
            if allowed.reason.trim().is_empty() {
                findings.push(Finding::at(PATH, line, format!("`{file}` has no reason"), "say why it may"));
            }
            if !used.contains(&at) && crate_exists(tree, file) {
                let what = format!("`{file}` is allowed {what} but has none");
                findings.push(Finding::at(PATH, line, what, "take the entry out"));
            }
        }
        findings
    }
}

fn covers(pattern: &str, path: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => path.starts_with(prefix),
        None => pattern == path,
    }
}

fn crate_exists(tree: &Tree, file: &str) -> bool {
    let krate: Vec<&str> = file.split('/').take(2).collect();
    !file.starts_with("crates/") || tree.has(&format!("{}/src", krate.join("/")))
}

/// The line of a byte offset.
pub fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|b| *b == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_tables_read() {
        let config = Config::parse(include_str!("../doors.toml")).unwrap();
        assert!(!config.door.is_empty() && !config.proof.is_empty());
    }

    #[test]
    fn a_misspelt_key_is_refused() {
        assert!(Config::parse("[names]\nforbiden = []").is_err());
    }

    #[test]
    fn unused_entries_count_once_the_crate_exists() {
        let text = "[sql]\nallowed = [\n  { file = \"crates/store/src/a.rs\", reason = \"sql\" },\n]\n";
        let config = Config::parse(text).unwrap();
        let before = Tree::of(&[]);
        assert!(config.unused(&config.sql.allowed, &[], &before, "SQL").is_empty());
        let after = Tree::of(&[("crates/store/src/lib.rs", "")]);
        let found = config.unused(&config.sql.allowed, &[], &after, "SQL");
        assert_eq!((found.len(), found[0].line), (1, 3));
        assert!(config.unused(&config.sql.allowed, &[0], &after, "SQL").is_empty());
    }
}
