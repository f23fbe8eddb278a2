//! A Rust file: its syntax, its tokens, and which of its lines are test code.

use crate::tokens::{self, Token};
use crate::tree::Tree;
use std::ops::RangeInclusive;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItem, Item};

/// What a file is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Part of what a user runs.
    Shipped,
    /// Runs on a developer's machine only: xtask, testkit, build scripts.
    Tool,
    /// Tests, benches, examples, fuzz targets.
    Test,
}

/// One Rust file.
pub struct Source {
    /// From the repository's root.
    pub path: String,
    /// Folder name of its crate; `xtask` too.
    pub krate: String,
    /// What it is for.
    pub role: Role,
    /// Its syntax; absent if it does not parse.
    pub file: Option<syn::File>,
    /// The parser's complaint, with its line.
    pub broken: Option<(usize, String)>,
    /// All of its tokens.
    pub tokens: Vec<Token>,
    /// How many lines it has.
    pub lines: usize,
    tests: Vec<RangeInclusive<usize>>,
    test_modules: Vec<String>,
}

impl Source {
    /// Whether this line is compiled for tests only.
    pub fn is_test(&self, line: usize) -> bool {
        self.role == Role::Test || self.tests.iter().any(|range| range.contains(&line))
    }
    /// Whether this line is part of what a user runs.
    pub fn is_shipped(&self, line: usize) -> bool {
        self.role == Role::Shipped && !self.is_test(line)
    }
    /// Lines that are not test code.
    pub fn production_lines(&self) -> usize {
        (1..=self.lines).filter(|line| !self.is_test(*line)).count()
    }

    fn of(path: &str, text: &str) -> Source {
        let (krate, role) = place(path);
        let mut source = Source {
            path: path.to_owned(),
            krate: krate.to_owned(),
            role,
            file: None,
            broken: None,
            tokens: text.parse().map(tokens::flatten).unwrap_or_default(),
            lines: text.lines().count(),
            tests: Vec::new(),
            test_modules: Vec::new(),
        };
        match syn::parse_file(text) {
            Ok(file) => {
                let mut finder = TestFinder::default();
                finder.visit_file(&file);
                source.tests = finder.ranges;
                source.test_modules =
                    finder.modules.iter().map(|name| format!("{}{name}", folder(path))).collect();
                source.file = Some(file);
            }
            Err(error) => source.broken = Some((error.span().start().line, error.to_string())),
        }
        source
    }
}

/// Every Rust file of the tree, parsed.
pub fn read_all(tree: &Tree) -> Vec<Source> {
    let rust = tree
        .texts()
        .filter(|(path, _)| std::path::Path::new(path).extension().is_some_and(|ending| ending == "rs"));
    let mut sources: Vec<Source> = rust.map(|(path, text)| Source::of(path, text)).collect();
    // `#[cfg(test)] mod tests;` makes another file, and all below it, test code.
    let test_modules: Vec<String> = sources.iter().flat_map(|s| s.test_modules.clone()).collect();
    for source in &mut sources {
        let stem = source.path.trim_end_matches(".rs");
        if test_modules.iter().any(|module| stem == module || stem.starts_with(&format!("{module}/"))) {
            source.role = Role::Test;
        }
    }
    sources
}

fn place(path: &str) -> (&str, Role) {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["crates", "testkit", ..] => ("testkit", Role::Tool),
        ["crates", krate, "src", ..] => (krate, Role::Shipped),
        ["crates", krate, "build.rs"] => (krate, Role::Tool),
        ["crates", krate, ..] => (krate, Role::Test),
        ["xtask", ..] => ("xtask", Role::Tool),
        _ => ("", Role::Test),
    }
}

/// Where the modules declared in a file lie.
fn folder(path: &str) -> String {
    let stem = path.trim_end_matches(".rs");
    match stem.rsplit_once('/') {
        Some((above, "lib" | "main" | "mod")) => format!("{above}/"),
        _ => format!("{stem}/"),
    }
}

#[derive(Default)]
struct TestFinder {
    ranges: Vec<RangeInclusive<usize>>,
    modules: Vec<String>,
}

impl TestFinder {
    fn note(&mut self, attributes: &[Attribute], spanned: &impl Spanned) -> bool {
        let test = attributes.iter().any(is_test_attribute);
        if test {
            let span = spanned.span();
            self.ranges.push(span.start().line..=span.end().line);
        }
        test
    }
}

impl<'a> Visit<'a> for TestFinder {
    fn visit_item(&mut self, item: &'a Item) {
        let test = self.note(attributes(item), item);
        match item {
            Item::Mod(module) if test && module.content.is_none() => {
                self.modules.push(module.ident.to_string());
            }
            _ => visit::visit_item(self, item),
        }
    }
    fn visit_impl_item(&mut self, item: &'a ImplItem) {
        let found: &[Attribute] = match item {
            ImplItem::Const(i) => &i.attrs,
            ImplItem::Fn(i) => &i.attrs,
            ImplItem::Type(i) => &i.attrs,
            ImplItem::Macro(i) => &i.attrs,
            _ => &[],
        };
        self.note(found, item);
        visit::visit_impl_item(self, item);
    }
}

/// An item's attributes.
fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(i) => &i.attrs,
        Item::Enum(i) => &i.attrs,
        Item::ExternCrate(i) => &i.attrs,
        Item::Fn(i) => &i.attrs,
        Item::ForeignMod(i) => &i.attrs,
        Item::Impl(i) => &i.attrs,
        Item::Macro(i) => &i.attrs,
        Item::Mod(i) => &i.attrs,
        Item::Static(i) => &i.attrs,
        Item::Struct(i) => &i.attrs,
        Item::Trait(i) => &i.attrs,
        Item::Type(i) => &i.attrs,
        Item::Union(i) => &i.attrs,
        Item::Use(i) => &i.attrs,
        _ => &[],
    }
}

/// `#[test]`, `#[tokio::test]`, `#[cfg(test)]`, `#[cfg(doctest)]`, `#[cfg(all(test, …))]`. Not `#[cfg(any(test, …))]`: that
/// may be compiled for users.
fn is_test_attribute(attribute: &Attribute) -> bool {
    let name = attribute.path().segments.last().map(|s| s.ident.to_string());
    match (name.as_deref(), &attribute.meta) {
        (Some("test"), _) => true,
        (Some("cfg"), syn::Meta::List(list)) => {
            let row = tokens::flatten(list.tokens.clone());
            let words: Vec<&str> = row.iter().map(|t| t.text.as_str()).collect();
            match words.as_slice() {
                ["test" | "doctest"] => true,
                ["all", rest @ ..] => {
                    rest.contains(&"test") && !rest.contains(&"any") && !rest.contains(&"not")
                }
                _ => false,
            }
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_test_code() {
        let text =
            "fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() {}\n}\n#[cfg(any(test, unix))]\nfn c() {}\n";
        let tree = Tree::of(&[("crates/app/src/a.rs", text)]);
        let sources = read_all(&tree);
        let shipped: Vec<usize> = (1..=7).filter(|l| sources[0].is_shipped(*l)).collect();
        assert_eq!(shipped, [1, 6, 7]);
        assert_eq!(sources[0].production_lines(), 3);
    }

    #[test]
    fn knows_test_files() {
        let tree = Tree::of(&[
            ("crates/app/src/lib.rs", "mod a; #[cfg(test)] mod tests;"),
            ("crates/app/src/tests/deep.rs", "fn a() {}"),
            ("crates/app/src/tests.rs", "mod deep;"),
            ("crates/app/src/a.rs", "#[cfg(test)] mod tests;"),
            ("crates/app/src/a/tests.rs", ""),
            ("crates/app/tests/it.rs", ""),
            ("crates/testkit/src/lib.rs", ""),
            ("xtask/src/main.rs", ""),
        ]);
        let roles: Vec<(String, Role)> = read_all(&tree).into_iter().map(|s| (s.path, s.role)).collect();
        let role = |path: &str| roles.iter().find(|(p, _)| p == path).unwrap().1;
        assert_eq!(role("crates/app/src/lib.rs"), Role::Shipped);
        assert_eq!(role("crates/app/src/tests.rs"), Role::Test);
        assert_eq!(role("crates/app/src/tests/deep.rs"), Role::Test);
        assert_eq!(role("crates/app/src/a/tests.rs"), Role::Test);
        assert_eq!(role("crates/app/tests/it.rs"), Role::Test);
        assert_eq!(role("crates/testkit/src/lib.rs"), Role::Tool);
        assert_eq!(role("xtask/src/main.rs"), Role::Tool);
    }
}
