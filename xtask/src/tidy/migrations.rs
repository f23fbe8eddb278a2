//! Migrations `crates/store/migrations/…/NNNN_name.sql` are numbered from 0001 without a gap in each folder, exist for
//! both databases where they differ, and are named by the store's code: a file that nothing embeds never runs.

use super::Workspace;
use crate::finding::Finding;
use std::collections::BTreeMap;

const FOLDER: &str = "crates/store/migrations/";
const CODE: &str = "crates/store/src/";
/// Folders of these names, side by side, hold the same numbers.
const PAIR: [&str; 2] = ["sqlite", "postgres"];

/// Per folder: number → path.
type Folders<'w> = BTreeMap<&'w str, BTreeMap<usize, &'w str>>;

pub fn run(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut folders = Folders::new();
    for path in workspace.tree.paths().filter(|p| p.starts_with(FOLDER) && p.ends_with(".sql")) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        match number(name) {
            None => {
                let instead = "call it `NNNN_what_it_does.sql`";
                findings.push(Finding::at(path, 1, "is not named like a migration", instead));
            }
            Some(number) => {
                if let Some(other) = folders.entry(folder).or_default().insert(number, path) {
                    let what = format!("has the number of {other}");
                    findings.push(Finding::at(path, 1, what, "take the next number"));
                }
            }
        }
        if !is_embedded(workspace, name) {
            let what = "is not named in the store's code, so it never runs";
            findings.push(Finding::at(path, 1, what, "embed it there, or delete it"));
        }
    }
    findings.extend(gaps(&folders));
    findings.extend(unpaired(&folders));
    findings
}

/// `0007_add_topics.sql` → 7.
fn number(name: &str) -> Option<usize> {
    let stem = name.strip_suffix(".sql")?;
    let (digits, rest) = stem.split_once('_')?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let named = !rest.is_empty() && rest.chars().all(plain);
    (digits.len() == 4 && named).then(|| digits.parse().ok()).flatten()
}

fn is_embedded(workspace: &Workspace, name: &str) -> bool {
    let mut code = workspace.tree.texts().filter(|(path, _)| path.starts_with(CODE));
    // `include_str!("…/0001_start.sql")`, or a macro that is given `0001_start`.
    code.any(|(_, text)| text.contains(name.trim_end_matches(".sql")))
}

fn gaps(folders: &Folders<'_>) -> Vec<Finding> {
    let numbered = folders.values().flat_map(|files| files.iter().enumerate());
    let gap = numbered.filter(|(at, (number, _))| at + 1 != **number);
    gap.map(|(at, (_, path))| {
        let what = format!("its number should be {:04}", at + 1);
        Finding::at(path, 1, what, "number migrations from 0001 without a gap")
    })
    .collect()
}

fn unpaired(folders: &Folders<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (folder, files) in folders {
        let Some((above, name)) = folder.rsplit_once('/') else { continue };
        let Some(other) = PAIR.iter().find(|_| PAIR.contains(&name)).and(PAIR.iter().find(|n| **n != name))
        else {
            continue;
        };
        let there = folders.get(format!("{above}/{other}").as_str());
        let alone = files.iter().filter(|(number, _)| !there.is_some_and(|t| t.contains_key(number)));
        findings.extend(alone.map(|(_, path)| {
            let instead = "write the same step for the other database";
            Finding::at(path, 1, format!("has no twin in {above}/{other}"), instead)
        }));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_twins_names_and_orphans_are_found() {
        let w = Workspace::planted(&[
            ("crates/store/src/a.rs", "// 0001_start 0003_more 0002_only"),
            ("crates/store/migrations/0001_start.sql", ""),
            ("crates/store/migrations/0003_more.sql", ""),
            ("crates/store/migrations/next.sql", ""),
            ("crates/store/migrations/sqlite/0001_start.sql", ""),
            ("crates/store/migrations/sqlite/0002_only.sql", ""),
            ("crates/store/migrations/postgres/0001_start.sql", ""),
        ]);
        let found: Vec<(String, String)> = run(&w).into_iter().map(|f| (f.path, f.what)).collect();
        let expected = [
            ("next.sql", "is not named like a migration"),
            ("next.sql", "is not named in the store's code, so it never runs"),
            ("0003_more.sql", "its number should be 0002"),
            ("sqlite/0002_only.sql", "has no twin in crates/store/migrations/postgres"),
        ];
        assert_eq!(found, expected.map(|(p, w)| (format!("crates/store/migrations/{p}"), w.to_owned())));
    }
}
