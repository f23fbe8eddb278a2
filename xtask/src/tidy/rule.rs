//! How doors and banned calls are looked for: patterns of tokens in files that are not on the rule's list.

use super::Workspace;
use crate::config::{Config, Rule};
use crate::finding::Finding;
use crate::source::Source;
use crate::tokens;

/// Uses outside the list, and entries of the list that cover no use.
pub fn look(workspace: &Workspace, rule: &Rule) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut used = Vec::new();
    for source in workspace.sources.iter().filter(|source| applies(rule, source)) {
        let uses = uses(rule, source);
        if uses.is_empty() || Config::allows(&rule.allowed, &source.path, &mut used) {
            continue;
        }
        findings.extend(uses.into_iter().map(|(line, pattern)| {
            let what = format!("`{pattern}` ({}) is not for this file", rule.name);
            Finding::at(&source.path, line, what, rule.instead.as_str())
        }));
    }
    let what = format!("`{}`", rule.name);
    findings.extend(workspace.config.unused(&rule.allowed, &used, &workspace.tree, &what));
    findings
}

fn applies(rule: &Rule, source: &Source) -> bool {
    rule.within.is_empty() || rule.within.iter().any(|prefix| source.path.starts_with(prefix.as_str()))
}

fn uses<'r>(rule: &'r Rule, source: &Source) -> Vec<(usize, &'r str)> {
    let held = |line: &usize| rule.tests || source.is_shipped(*line);
    let lines = |pattern: &'r String| {
        let found = tokens::find(&source.tokens, &tokens::pattern(pattern));
        found.into_iter().filter(held).map(move |line| (line, pattern.as_str()))
    };
    rule.patterns.iter().flat_map(lines).collect()
}
