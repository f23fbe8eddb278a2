//! Long functions hide a second idea; long files hide a second module.

use super::Workspace;
use crate::finding::Finding;
use crate::source::{Role, Source};
use std::fmt::Write;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// Lines of a function, from `fn` to its closing brace.
const LONGEST_FUNCTION: usize = 70;
/// Lines of a file that are not test code.
const LONGEST_FILE: usize = 500;
/// Lines of a test file, and of any file with its tests.
const LONGEST_TEST_FILE: usize = 900;
/// How many of the longest `--stats` names.
const NAMED: usize = 5;

pub fn run(workspace: &Workspace) -> Vec<Finding> {
    workspace.sources.iter().flat_map(look).collect()
}

fn look(source: &Source) -> Vec<Finding> {
    let mut findings: Vec<Finding> = functions(source)
        .into_iter()
        .filter(|function| function.lines > LONGEST_FUNCTION)
        .map(|f| {
            let what =
                format!("function `{}` has {} lines, {LONGEST_FUNCTION} are the most", f.name, f.lines);
            Finding::at(&source.path, f.at, what, "give each step a function of its own")
        })
        .collect();
    let production = source.production_lines();
    if production > LONGEST_FILE {
        let what = format!("the file has {production} lines besides tests, {LONGEST_FILE} are the most");
        findings.push(Finding::at(&source.path, 1, what, "split it by noun"));
    }
    if source.lines > LONGEST_TEST_FILE {
        let what = format!("the file has {} lines, {LONGEST_TEST_FILE} are the most", source.lines);
        findings.push(Finding::at(&source.path, 1, what, "split the tests by what they test"));
    }
    findings
}

struct Function {
    name: String,
    at: usize,
    lines: usize,
}

/// All functions of a file that are not tests.
fn functions(source: &Source) -> Vec<Function> {
    let mut finder = Finder::default();
    if let Some(file) = &source.file {
        finder.visit_file(file);
    }
    finder.found.retain(|function| !source.is_test(function.at));
    finder.found
}

#[derive(Default)]
struct Finder {
    found: Vec<Function>,
}

impl Finder {
    fn note(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let at = signature.span().start().line;
        let lines = block.span().end().line.saturating_sub(at) + 1;
        self.found.push(Function { name: signature.ident.to_string(), at, lines });
    }
}

impl<'a> Visit<'a> for Finder {
    fn visit_item_fn(&mut self, item: &'a syn::ItemFn) {
        self.note(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }
    fn visit_impl_item_fn(&mut self, item: &'a syn::ImplItemFn) {
        self.note(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }
    fn visit_trait_item_fn(&mut self, item: &'a syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.note(&item.sig, block);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

/// Medians, 95th percentiles and the longest few.
pub fn stats(workspace: &Workspace) -> String {
    let production: Vec<&Source> = workspace.sources.iter().filter(|s| s.role != Role::Test).collect();
    let files = production.iter().map(|s| (s.production_lines(), s.path.clone())).collect();
    let functions = production
        .iter()
        .flat_map(|s| functions(s).into_iter().map(|f| (f.lines, format!("{}:{} {}", s.path, f.at, f.name))))
        .collect();
    let lines: usize = workspace.sources.iter().map(|s| s.lines).sum();
    let shipped: usize = production.iter().map(|s| s.production_lines()).sum();
    let mut text = format!("{lines} lines of Rust, {shipped} of them not tests\n");
    summarize(&mut text, "functions", functions);
    summarize(&mut text, "files", files);
    text
}

fn summarize(text: &mut String, what: &str, mut all: Vec<(usize, String)>) {
    all.sort();
    let at = |percent: usize| {
        let last = all.len().saturating_sub(1);
        all.get(last * percent / 100).map_or(0, |(lines, _)| *lines)
    };
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{what}: {}, median {}, p95 {}, longest:", all.len(), at(50), at(95));
    for (lines, name) in all.iter().rev().take(NAMED) {
        let _ = writeln!(text, "  {lines:>5}  {name}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(lines: usize) -> String {
        format!("fn long() {{\n{}}}\n", "    x();\n".repeat(lines - 2))
    }

    #[test]
    fn one_line_too_many_is_found() {
        let (fits, long) = (function(70), function(71));
        let test = format!("#[cfg(test)]\nmod tests {{\n{long}}}\n");
        let w = Workspace::planted(&[
            ("crates/app/src/fits.rs", &fits),
            ("crates/app/src/long.rs", &long),
            ("crates/app/src/tested.rs", &test),
            ("crates/app/src/wide.rs", &"// a\n".repeat(501)),
            ("crates/app/tests/wide.rs", &"// a\n".repeat(900)),
            ("crates/app/tests/wider.rs", &"// a\n".repeat(901)),
        ]);
        let found: Vec<String> = run(&w).into_iter().map(|f| f.path).collect();
        assert_eq!(found, ["crates/app/src/long.rs", "crates/app/src/wide.rs", "crates/app/tests/wider.rs"]);
    }

    #[test]
    fn stats_name_the_longest() {
        let long = function(20);
        let w = Workspace::planted(&[("crates/app/src/a.rs", &long), ("crates/app/src/b.rs", "fn b() {}\n")]);
        let text = stats(&w);
        assert!(
            text.contains("functions: 2, median 1, p95 1, longest:\n     20  crates/app/src/a.rs:1 long"),
            "{text}"
        );
    }
}
