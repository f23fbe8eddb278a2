//! A test that is ignored tests nothing; an exception without a reason cannot be reviewed. Holds for tests too.

use super::Workspace;
use crate::finding::Finding;
use crate::source::Source;
use crate::tokens::Token;

pub fn run(workspace: &Workspace) -> Vec<Finding> {
    workspace.sources.iter().flat_map(look).collect()
}

fn look(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for at in 0..source.tokens.len() {
        let Some((name, line, rest)) = attribute(source.tokens.get(at..).unwrap_or_default()) else {
            continue;
        };
        match name {
            "ignore" => {
                let instead = "run it, or delete it";
                findings.push(Finding::at(&source.path, line, "a test is ignored", instead));
            }
            "allow" | "expect" if !until_closed(rest).any(|token| token.text == "reason") => {
                let what = format!("`{name}` without a reason");
                findings.push(Finding::at(
                    &source.path,
                    line,
                    what,
                    "add `reason = \"…\"`, or mend the cause",
                ));
            }
            _ => {}
        }
    }
    findings
}

/// Name, line and arguments of an attribute that starts here: `#[name …` or `#![name …`.
fn attribute(row: &[Token]) -> Option<(&str, usize, &[Token])> {
    let (hash, rest) = row.split_first()?;
    let rest = match rest.split_first() {
        Some((bang, rest)) if bang.text == "!" => rest,
        _ => rest,
    };
    let (bracket, rest) = rest.split_first()?;
    let (name, rest) = rest.split_first()?;
    (hash.text == "#" && bracket.text == "[").then_some((name.text.as_str(), hash.line, rest))
}

/// The tokens up to the attribute's own closing bracket.
fn until_closed(row: &[Token]) -> impl Iterator<Item = &Token> {
    let mut open = 0_usize;
    row.iter().take_while(move |token| match token.text.as_str() {
        "[" => {
            open += 1;
            true
        }
        "]" if open == 0 => false,
        "]" => {
            open -= 1;
            true
        }
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_in_tests_too_but_not_when_explained() {
        let code = "#![allow(dead_code)]\n#[test]\n#[\x69gnore]\nfn a() {}\n\
            #[expect(clippy::panic, reason = \"a test\")]\nfn b() { #[allow(x)] let c = [1]; }\n";
        let w = Workspace::planted(&[("crates/app/tests/a.rs", code)]);
        let found: Vec<(usize, String)> = run(&w).into_iter().map(|f| (f.line, f.what)).collect();
        let expected =
            [(1, "`allow` without a reason"), (3, "a test is ignored"), (6, "`allow` without a reason")];
        assert_eq!(found, expected.map(|(line, what)| (line, what.to_owned())));
    }
}
