//! Who implements the traits on which a door rests. Whoever else could, could commit or judge in its own way.

use super::Workspace;
use crate::config::{Config, Implementor};
use crate::finding::Finding;
use crate::source::Source;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

pub fn run(workspace: &Workspace) -> Vec<Finding> {
    workspace.config.implementor.iter().flat_map(|of| look(workspace, of)).collect()
}

fn look(workspace: &Workspace, of: &Implementor) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut used = Vec::new();
    for source in &workspace.sources {
        let lines = implementations(source, &of.name);
        if lines.is_empty() || Config::allows(&of.allowed, &source.path, &mut used) {
            continue;
        }
        findings.extend(lines.into_iter().map(|line| {
            let what = format!("`{}` is implemented here", of.name);
            Finding::at(&source.path, line, what, "use the store's transaction, or testkit's in tests")
        }));
    }
    let what = format!("an implementation of `{}`", of.name);
    findings.extend(workspace.config.unused(&of.allowed, &used, &workspace.tree, &what));
    findings
}

fn implementations(source: &Source, name: &str) -> Vec<usize> {
    let mut finder = Finder { name, lines: Vec::new() };
    if let Some(file) = &source.file {
        finder.visit_file(file);
    }
    finder.lines.retain(|line| source.is_shipped(*line));
    finder.lines
}

struct Finder<'n> {
    name: &'n str,
    lines: Vec<usize>,
}

impl<'a> Visit<'a> for Finder<'_> {
    fn visit_item_impl(&mut self, item: &'a syn::ItemImpl) {
        let of = item.trait_.as_ref().and_then(|(path, _)| path.segments.last());
        if of.is_some_and(|segment| segment.ident == self.name) {
            self.lines.push(item.span().start().line);
        }
        visit::visit_item_impl(self, item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_ledger_is_found() {
        let table = "[[implementor]]\ntrait = \"Ledger\"\n\
            allowed = [{ file = \"crates/store/src/tx*\", reason = \"the transaction\" }]\n";
        let w = Workspace::planted(&[
            ("xtask/doors.toml", table),
            ("crates/store/src/tx.rs", "impl audit::Ledger for Tx {}"),
            ("crates/app/src/a.rs", "struct A;\nfn a() { impl audit::Ledger for A {} }\nimpl Other for A {}"),
            ("crates/testkit/src/a.rs", "impl audit::Ledger for A {}"),
        ]);
        let found = run(&w);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].path.as_str(), found[0].line), ("crates/app/src/a.rs", 2));
    }
}
