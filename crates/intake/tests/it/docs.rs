//! `docs/import.md` describes every file, every column, every reason.

use crate::reading::*;
use discreet_intake::*;
use std::path::Path;

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/import.md");
    std::fs::read_to_string(path).unwrap()
}

/// The part of the page about a CSV file.
fn section<'p>(page: &'p str, name: &str) -> &'p str {
    let headings = page.split("\n### ").skip(1);
    let heading =
        |part: &&str| part.lines().next().unwrap().split(", ").any(|file| file == format!("{name}.csv"));
    headings.into_iter().find(heading).unwrap_or_else(|| panic!("{name}.csv is not described"))
}

#[test]
fn every_column_is_described() {
    let page = page();
    for spec in KINDS.iter().filter(|spec| spec.name != "names") {
        let section = section(&page, spec.name);
        for column in spec.columns() {
            assert!(section.contains(&format!("`{column}`")), "{}.csv: {column}", spec.name);
        }
        for column in spec.required {
            assert!(section.contains(&format!("**`{column}`")), "{}.csv: {column} is required", spec.name);
        }
    }
}

#[test]
fn every_example_is_imported_without_a_word() {
    let page = page();
    let mut count = 0;
    for spec in &KINDS {
        if spec.name == "names" {
            continue;
        }
        let Some((_, rest)) = section(&page, spec.name).split_once("```csv\n") else { continue };
        let (example, _) = rest.split_once("```").unwrap();
        let file = format!("{}.csv", spec.name);
        // Kinds that share a section share its example, which is of the first.
        if !example
            .lines()
            .next()
            .unwrap()
            .split(',')
            .all(|c| spec.open || spec.columns().any(|own| own == c))
        {
            continue;
        }
        assert!(!csv(&file, example).quiet().records().is_empty(), "{file}");
        count += 1;
    }
    assert!(count >= 9, "{count}");
}

#[test]
fn the_mapping_example_parses() {
    let page = page();
    let (_, rest) = page.split_once("```toml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    assert_eq!(Mapping::parse(example).unwrap().about(), "our practice system");
}

#[test]
fn every_reason_is_listed() {
    let page = page();
    let field = std::borrow::Cow::Borrowed("x");
    let email = |problem| Reason::Email { problem };
    let reasons = [
        Reason::NotUtf8,
        Reason::NotJson,
        Reason::NotAnObject,
        Reason::NoResourceType,
        Reason::TooLong { limit: 1 },
        Reason::Missing { field: field.clone() },
        Reason::Bad { field: field.clone(), expected: Expected::Text },
        Reason::UnresolvedSubject,
        Reason::UnresolvedReference { field: field.clone() },
        Reason::ForbiddenNote,
        Reason::Modifier,
        Reason::BundleType,
        Reason::TooManyEntries { limit: 1 },
        Reason::TooDeep,
        Reason::ColumnCount { expected: 1 },
        Reason::UnclosedQuote,
        email(EmailProblem::Malformed),
        email(EmailProblem::Undeliverable),
        email(EmailProblem::TooLong),
        email(EmailProblem::Placeholder),
        Reason::UnknownState,
        Reason::BadZip,
        Reason::UnresolvedMerge,
        Reason::TextTooLong { field: field.clone() },
        Reason::UnknownColumn { field: field.clone() },
        Reason::DerivedColumn { field: field.clone() },
        Reason::UnsupportedDelete,
        Reason::UnknownName { field },
    ];
    for reason in reasons {
        assert!(page.contains(&format!("`{}`", reason.code())), "{}", reason.code());
    }
}
