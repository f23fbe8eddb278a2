//! SQL text stands in the store, where both databases' stories test it. A heuristic over string literals.

use super::Workspace;
use crate::config::Config;
use crate::finding::Finding;
use crate::source::Source;

pub fn run(workspace: &Workspace) -> Vec<Finding> {
    let allowed = &workspace.config.sql.allowed;
    let mut findings = Vec::new();
    let mut used = Vec::new();
    for source in &workspace.sources {
        let lines = statements(source);
        if lines.is_empty() || Config::allows(allowed, &source.path, &mut used) {
            continue;
        }
        findings.extend(lines.into_iter().map(|line| {
            let instead = "give the store a named function for it";
            Finding::at(&source.path, line, "SQL outside the store", instead)
        }));
    }
    findings.extend(workspace.config.unused(allowed, &used, &workspace.tree, "SQL"));
    findings
}

fn statements(source: &Source) -> Vec<usize> {
    let shipped = source.tokens.iter().enumerate().filter(|(_, t)| t.literal && source.is_shipped(t.line));
    let sql = shipped.filter(|(at, token)| {
        let before = at.checked_sub(2).and_then(|at| source.tokens.get(at));
        let documentation = before.is_some_and(|token| token.text == "doc");
        !documentation && is_sql(&token.text)
    });
    sql.map(|(_, token)| token.line).collect()
}

/// Whether a literal starts like a statement: all lower or all upper case, its second keyword somewhere after.
fn is_sql(literal: &str) -> bool {
    let text = literal.trim_start_matches(|c: char| "rb#\"".contains(c)).trim_start();
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty());
    let first = words.next().unwrap_or_default();
    let one_case = first == first.to_ascii_lowercase() || first == first.to_ascii_uppercase();
    let rest: Vec<String> = words.map(str::to_ascii_lowercase).collect();
    let next = |wanted: &[&str]| rest.first().is_some_and(|word| wanted.contains(&word.as_str()));
    let later = |wanted: &str| rest.iter().any(|word| word == wanted);
    one_case
        && match first.to_ascii_lowercase().as_str() {
            "select" => later("from"),
            "insert" => next(&["into", "or"]),
            "update" => later("set"),
            "delete" => next(&["from"]),
            "create" | "drop" | "alter" => next(&["table", "index", "unique", "view", "trigger"]),
            "with" => later("as") && later("select"),
            "pragma" => true,
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_from_sentences() {
        for sql in [
            r#""select id from patients""#,
            r##"r#"
                insert into log values ($1)"#"##,
            r#""UPDATE patients SET version = 1""#,
            r#""delete from patients""#,
            r#""pragma journal_mode = wal""#,
        ] {
            assert!(is_sql(sql), "{sql}");
        }
        for sentence in [
            r#""Select people from the list""#,
            r#""select a segment""#,
            r#""delete the draft""#,
            r#""updated""#,
            r#""create a campaign""#,
        ] {
            assert!(!is_sql(sentence), "{sentence}");
        }
    }

    #[test]
    fn found_outside_the_store() {
        let w = Workspace::planted(&[
            (
                "xtask/doors.toml",
                "[sql]\nallowed = [{ file = \"crates/store/*\", reason = \"it is the store\" }]\n",
            ),
            ("crates/store/src/a.rs", "const A: &str = \"select 1 from a\";"),
            ("crates/app/src/a.rs", "/// select a from b\nconst A: &str = \"select 1 from a\";"),
            ("crates/app/tests/a.rs", "const A: &str = \"select 1 from a\";"),
        ]);
        let found = run(&w);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].path.as_str(), found[0].line), ("crates/app/src/a.rs", 2));
    }
}
