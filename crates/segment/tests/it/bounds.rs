//! Input of any size and depth: an error in good time, never a crash.

use discreet_segment::ast::Expr;
use discreet_segment::{Parsed, limits, parse};
use std::time::{Duration, Instant};

/// Generous: a debug build on a busy machine.
const SOON: Duration = Duration::from_secs(5);

fn refused(text: &str) -> String {
    let start = Instant::now();
    let error = parse(text).unwrap_err();
    assert!(start.elapsed() < SOON, "{:?} for {}…", start.elapsed(), &text[..20]);
    error.message
}

#[test]
fn deep_text_is_refused_soon() {
    // Longer than a text may be, and as long as it may be.
    for count in [1_000_000, limits::TEXT_BYTES / 8] {
        for part in [
            "(",
            "not ",
            "not (",
            "(age > 1 or ",
            "any x where (",
            "latest x not ",
            "(age > 1 or (sex = m and ",
        ] {
            refused(&part.repeat(count));
        }
    }
    for (open, close) in [("(", ")"), ("not (", ")"), ("((", "))")] {
        let deep = |n: usize| format!("{}age > 5{}", open.repeat(n), close.repeat(n));
        assert!(parse(&deep(10)).is_ok());
        assert_eq!(refused(&deep(5000)), "conditions may be nested 48 deep, not deeper");
    }
}

#[test]
fn depth_is_counted_in_the_tree() {
    // Each step is an `and` in an `or`: two levels.
    let nested = |n: usize| {
        let mut text = "age > 5".to_owned();
        for _ in 0..n {
            text = format!("(sex = m and {text} or zip = 94110)");
        }
        text
    };
    let most = limits::DEPTH / 2;
    let parsed = parse(&nested(most)).unwrap();
    assert_eq!(Parsed::from_json(&parsed.to_json()).unwrap().expr(), parsed.expr());
    assert_eq!(parse(&parsed.to_string()).unwrap().expr(), parsed.expr());
    assert_eq!(refused(&nested(most + 1)), "conditions may be nested 48 deep, not deeper");
}

#[test]
fn the_deepest_filter_round_trips() {
    let mut filter = "status has any (a, b)".to_owned();
    for at in 0..limits::DEPTH - 2 {
        let word = if at % 2 == 0 { "or" } else { "and" };
        filter = format!("(missing type {word} {filter})");
    }
    for text in [
        format!("not any appointment where {filter}"),
        format!("not latest appointment where missing site {filter}"),
    ] {
        let parsed = parse(&text).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(parse(&parsed.to_string()).unwrap().expr(), parsed.expr());
        assert_eq!(Parsed::from_json(&parsed.to_json()).unwrap().expr(), parsed.expr());
    }
    assert_eq!(
        refused(&format!("not any appointment where (type = x and not {filter})")),
        "conditions may be nested 48 deep, not deeper"
    );
}

#[test]
fn deep_json_is_refused_soon() {
    for part in
        ["[", "{\"not\":", "{\"all\":[", "{\"any\":[{\"not\":", "{\"events\":{\"of\":{\"where\":{\"not\":"]
    {
        let json = part.repeat(100_000);
        let start = Instant::now();
        assert!(Parsed::from_json(&json).is_err());
        assert!(start.elapsed() < SOON);
    }
}

#[test]
fn wide_text_is_read_in_linear_time() {
    let wide = |n: usize| vec!["age > 5"; n].join(" and ");
    assert!(parse(&wide(limits::NODES - 1)).is_ok());
    assert_eq!(refused(&wide(limits::NODES)), "a segment has at most 2000 conditions and connectives");
    let list = |n: usize| format!("city in ({})", vec!["x"; n].join(","));
    assert!(parse(&list(limits::LIST_ITEMS)).is_ok());
    assert_eq!(refused(&list(limits::LIST_ITEMS + 1)), "a list has at most 1000 items");
    for part in ["x,", "\"", "age ", "and not ", "@", "icd10:", "..", "any x where a = b and not ", "# c\n"] {
        let text = part.repeat(limits::TEXT_BYTES / part.len());
        let start = Instant::now();
        let _ = parse(&text);
        assert!(start.elapsed() < SOON, "{part}");
    }
}

#[test]
fn lengths_are_bounded() {
    assert!(parse(&format!("age > 5 # {}", "x".repeat(limits::TEXT_BYTES - 10))).is_ok());
    assert_eq!(
        refused(&format!("age > 5 # {}", "é".repeat(limits::TEXT_BYTES / 2))),
        "a segment is at most 65536 bytes long"
    );
    let word = |n: usize| format!("city = {}", "x".repeat(n));
    assert!(parse(&word(limits::WORD_BYTES)).is_ok());
    assert_eq!(refused(&word(limits::WORD_BYTES + 1)), "a name or value is at most 500 bytes long");
    let quoted = |n: usize| format!("city = \"{}\"", " ".repeat(n));
    assert!(parse(&quoted(limits::WORD_BYTES)).is_ok());
    assert_eq!(refused(&quoted(limits::WORD_BYTES + 1)), "a name or value is at most 500 bytes long");
    assert!(Parsed::from_json(&" ".repeat(limits::JSON_BYTES + 1)).is_err());
}

#[test]
fn trees_built_by_hand_are_held_to_the_language() {
    let leaf = |text: &str| parse(text).unwrap().expr().clone();
    let message = |expr: Expr| Parsed::from_expr(expr).unwrap_err().message;
    assert_eq!(message(Expr::All(vec![])), "a list of joined conditions cannot be empty");
    assert_eq!(
        Parsed::from_expr(Expr::All(vec![
            Expr::All(vec![leaf("age > 5"), leaf("age > 6")]),
            leaf("age > 7")
        ]))
        .unwrap()
        .text(),
        "age > 5 and age > 6 and age > 7"
    );
    assert_eq!(Parsed::from_expr(Expr::Any(vec![leaf("age > 5")])).unwrap().text(), "age > 5");
    let mut deep = leaf("age > 5");
    for _ in 0..10_000 {
        deep = Expr::Not(Box::new(deep));
    }
    assert_eq!(message(deep.clone()), "conditions may be nested 48 deep, not deeper");
    let named = |name: &str| format!("{{\"missing\":{{\"name\":{}}}}}", serde_json::json!(name));
    assert!(Parsed::from_json(&named("age")).is_ok());
    for name in ["", "a b", "not", "age > 5 or missing sex", "x\"y", "1", "where"] {
        assert!(Parsed::from_json(&named(name)).is_err(), "{name}");
    }
    for json in [
        "{}",
        "[]",
        "null",
        "{\"all\":[]}",
        "{\"maybe\":{}}",
        "{\"not\":{\"missing\":{\"name\":\"age\"}},\"all\":[]}",
        "{\"missing\":{\"name\":\"age\",\"extra\":1}}",
        "{\"missing\":{}}",
        "{\"missing\":\"age\"}",
        "{\"code\":{\"tense\":\"has\",\"kind\":\"condition\",\"codes\":[]}}",
        "{\"code\":{\"tense\":\"has\",\"kind\":\"condition\",\"codes\":[\"icd99:x\"]}}",
        "{\"bucket\":{\"from\":5,\"to\":4,\"of\":10,\"salt\":\"x\"}}",
        "{\"events\":{\"count\":{\"at_least\":0},\"of\":{\"kind\":\"page_view\"}}}",
        "{\"attribute\":{\"name\":\"age\",\"test\":{\"range\":{}}}}",
        "{\"birthday\":{\"window\":{\"in_next\":{\"count\":0,\"unit\":\"days\"}}}}",
        "{\"birthday\":{\"window\":{\"before\":\"2023-02-29\"}}}",
    ] {
        assert!(Parsed::from_json(json).is_err(), "{json}");
    }
}

/// What is wrong in JSON has its place in the JSON.
#[test]
fn json_errors_have_places() {
    let json = "{\"all\": [\n  {\"missing\": {\"name\": \"age\"}},\n  {\"missing\": {\"nam\": \"sex\"}}\n]}";
    let error = Parsed::from_json(json).unwrap_err();
    assert_eq!(error.message, "unknown field `nam`, expected `name`");
    assert_eq!(json[..error.span.start].matches('\n').count(), 2);
}
