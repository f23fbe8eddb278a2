//! Text, tree and JSON are one; no input breaks anything.

use crate::scope::World;
use crate::trees;
use discreet_segment::{Parsed, Span, SyntaxError, english, parse};
use proptest::prelude::*;

fn within(span: Span, text: &str) -> bool {
    span.start <= span.end && text.get(span.start..span.end).is_some()
}

/// Reads anything; whatever comes out must keep its promises.
pub fn reads(text: &str) {
    let parsed = match parse(text) {
        Ok(parsed) => parsed,
        Err(error) => return check_error(&error, text),
    };
    let canonical = parsed.to_string();
    let again = parse(&canonical).unwrap_or_else(|e| panic!("{}", e.render(&canonical)));
    assert_eq!(again.expr(), parsed.expr(), "{canonical}");
    assert_eq!(again.to_string(), canonical);
    assert_eq!(parse(&format!("{parsed:#}")).unwrap().expr(), parsed.expr());
    let json = Parsed::from_json(&parsed.to_json()).unwrap();
    assert_eq!(json.expr(), parsed.expr());
    assert!(!english::sentence(parsed.expr(), &english::PlainWording).is_empty());
    match parsed.check(&World::new()) {
        Ok(checked) => assert_eq!(checked.expr(), parsed.expr()),
        Err(errors) => {
            assert!(!errors.is_empty());
            for error in errors {
                assert!(within(error.span, text), "{error:?} in {text}");
                assert!(error.render(text).contains('^'));
            }
        }
    }
}

fn check_error(error: &SyntaxError, text: &str) {
    assert!(within(error.span, text), "{error:?} in {text:?}");
    assert!(error.render(text).contains('^'));
    assert!(!error.message.ends_with('.') && !error.message.starts_with(char::is_uppercase), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tree_to_text_to_tree(expr in trees::expr()) {
        let parsed = Parsed::from_expr(expr).unwrap_or_else(|e| panic!("{e:?}"));
        let again = parse(parsed.text()).unwrap();
        prop_assert_eq!(again.expr(), parsed.expr());
        reads(parsed.text());
    }

    #[test]
    fn tree_to_json_to_tree(expr in trees::expr()) {
        let parsed = Parsed::from_expr(expr).unwrap();
        let json = parsed.to_json();
        let again = Parsed::from_json(&json).unwrap();
        prop_assert_eq!(again.expr(), parsed.expr());
        prop_assert_eq!(again.to_json(), json);
    }

    #[test]
    fn any_text_reads_or_is_refused(text in "\\PC{0,60}") {
        reads(&text);
    }

    #[test]
    fn any_bytes_read_or_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let text = String::from_utf8_lossy(&bytes);
        reads(&text);
        let _ = Parsed::from_json(&text);
    }

    /// Words of the language in any order find more paths than letters do.
    #[test]
    fn any_words_read_or_are_refused(words in proptest::collection::vec(0..WORDS.len(), 0..30)) {
        let text: Vec<&str> = words.into_iter().map(|at| WORDS[at]).collect();
        reads(&text.join(" "));
        reads(&text.concat());
    }

    #[test]
    fn a_mutated_text_reads_or_is_refused(expr in trees::expr(), at in any::<prop::sample::Index>(), what in 0..4_u8, c in any::<char>()) {
        let parsed = Parsed::from_expr(expr).unwrap();
        let mut chars: Vec<char> = parsed.text().chars().collect();
        let at = at.index(chars.len());
        match what {
            0 => { chars.remove(at); }
            1 => chars.insert(at, c),
            2 => chars[at] = c,
            _ => chars.truncate(at),
        }
        reads(&chars.into_iter().collect::<String>());
    }

    #[test]
    fn mutated_json_reads_or_is_refused(expr in trees::expr(), at in any::<prop::sample::Index>(), c in any::<char>(), cut in any::<bool>()) {
        let mut chars: Vec<char> = Parsed::from_expr(expr).unwrap().to_json().chars().collect();
        let at = at.index(chars.len());
        if cut { chars.truncate(at) } else { chars[at] = c }
        let json: String = chars.into_iter().collect();
        if let Err(error) = Parsed::from_json(&json) {
            prop_assert!(within(error.span, &json), "{:?} in {}", error, json);
        }
    }
}

const WORDS: [&str; 72] = [
    "age",
    "sex",
    "zip",
    "birth_date",
    "has_email",
    "interests",
    "appointment",
    "observation",
    "email_open",
    "status",
    "value",
    "code",
    "missing",
    "has",
    "had",
    "withdrew",
    "any",
    "no",
    "at",
    "least",
    "most",
    "exactly",
    "latest",
    "first",
    "in",
    "segment",
    "birthday",
    "bucket",
    "not",
    "and",
    "or",
    "where",
    "last",
    "next",
    "more",
    "than",
    "ago",
    "before",
    "after",
    "between",
    "contains",
    "starts",
    "with",
    "all",
    "none",
    "within",
    "miles",
    "of",
    "by",
    "consent",
    "condition",
    "email",
    "marketing",
    "days",
    "months",
    "(",
    ")",
    ",",
    ":",
    "*",
    "@",
    "..",
    "=",
    "!=",
    "<=",
    ">",
    "icd10",
    "E11.9",
    "50",
    "2026-01-31",
    "\"a b\"",
    "94110",
];
