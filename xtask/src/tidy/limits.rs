//! The same limit in two places drifts apart. Numeric constants that share a name across crates share a value.

use super::Workspace;
use crate::finding::Finding;
use crate::source::Source;
use crate::tokens::words;
use std::collections::BTreeMap;
use syn::visit::{self, Visit};

const NUMBERS: [&str; 14] = [
    "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f64", "Duration",
];

pub fn run(workspace: &Workspace) -> Vec<Finding> {
    let mut first: BTreeMap<String, (String, &Source)> = BTreeMap::new();
    let mut findings = Vec::new();
    let by_chance = |name: &str| workspace.config.limits.differ.iter().any(|differ| differ.name == name);
    for source in &workspace.sources {
        for (name, value, line) in constants(source).into_iter().filter(|(name, ..)| !by_chance(name)) {
            let (other, there) = first.entry(name.clone()).or_insert_with(|| (value.clone(), source));
            if *other != value && there.krate != source.krate {
                let what = format!("`{name}` is {value} here and {other} in {}", there.path);
                findings.push(Finding::at(&source.path, line, what, "use the one, or name them apart"));
            }
        }
    }
    findings
}

/// Name, value and line of each numeric constant.
fn constants(source: &Source) -> Vec<(String, String, usize)> {
    let mut finder = Finder::default();
    if let Some(file) = &source.file {
        finder.visit_file(file);
    }
    finder.found.retain(|(.., line)| source.is_shipped(*line));
    finder.found
}

#[derive(Default)]
struct Finder {
    found: Vec<(String, String, usize)>,
}

impl<'a> Visit<'a> for Finder {
    fn visit_item_const(&mut self, item: &'a syn::ItemConst) {
        let numeric = words(&item.ty).last().is_some_and(|last| NUMBERS.contains(&last.as_str()));
        if numeric {
            // `1_000` and `1000` are one value.
            let value = words(&item.expr).concat().replace('_', "");
            self.found.push((item.ident.to_string(), value, item.ident.span().start().line));
        }
        visit::visit_item_const(self, item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_when_values_differ() {
        let w = Workspace::planted(&[
            (
                "xtask/doors.toml",
                "[limits]\ndiffer = [{ name = \"VERSION\", reason = \"formats age apart\" }]\n",
            ),
            (
                "crates/app/src/a.rs",
                "pub const DEPTH: usize = 2_000;\nconst VERSION: u8 = 1;\nconst N: &str = \"a\";",
            ),
            (
                "crates/mail/src/a.rs",
                "const DEPTH: usize = 2000;\nconst VERSION: u8 = 2;\nconst N: &str = \"b\";",
            ),
            ("crates/web/src/a.rs", "\nconst DEPTH: usize = 150;"),
        ]);
        let found = run(&w);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].path.as_str(), found[0].line), ("crates/web/src/a.rs", 2));
    }
}
