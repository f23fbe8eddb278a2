//! Tests on a value, dates and windows, in English.

use super::list;
use super::wording::{Wording, system};
use crate::ast::{Op, Quantity, Test, Word};
use crate::parse::date;
use crate::pattern::{CodePattern, Pattern};
use crate::span::Spanned;
use crate::window::Window;
use discreet_domain::Day;

/// "age is 50 to 74". Negated tests say that the value must be known: otherwise the answer is unknown.
pub(super) fn clause(subject: &str, test: &Test, negated: bool, words: &dyn Wording) -> String {
    match test {
        Test::Compare { op: Op::Equal, value } if is_yes_or_no(value) => {
            let yes = is_yes(value) != negated;
            format!("{subject}: {}", if yes { "yes" } else { "no" })
        }
        Test::Compare { op: Op::NotEqual, value } if is_yes_or_no(value) => {
            let yes = is_yes(value) == negated;
            format!("{subject}: {}", if yes { "yes" } else { "no" })
        }
        Test::Compare { op: Op::NotEqual, value } => is(subject, &written(value), !negated),
        Test::Compare { op, value } => is(subject, &compared(*op, value), negated),
        Test::OneOf(values) => {
            let values: Vec<String> = values.iter().map(written).collect();
            match negated {
                false => format!("{subject} is {}", list(&values, "or")),
                true => format!("{subject} is known and is none of {}", list(&values, "or")),
            }
        }
        Test::Range { from, to } => is(subject, &range(from.as_ref(), to.as_ref()), negated),
        Test::Contains(value) => does(subject, "contains", "contain", &format!("“{}”", value.node), negated),
        Test::StartsWith(value) => {
            does(subject, "begins with", "begin with", &format!("“{}”", value.node), negated)
        }
        Test::Has { quantity, values } => set(subject, *quantity, values, negated),
        Test::Window(window) => is(subject, &self::window(window.node), negated),
        Test::IsCode(code) => is(subject, &coded(code, words), negated),
        Test::IsNotCode(code) => is(subject, &coded(code, words), !negated),
        Test::CodeIn(codes) => is(subject, &one_of(codes, words), negated),
    }
}

fn is(subject: &str, what: &str, negated: bool) -> String {
    match negated {
        false => format!("{subject} is {what}"),
        true => format!("{subject} is known and is not {what}"),
    }
}

fn does(subject: &str, does: &str, not: &str, what: &str, negated: bool) -> String {
    match negated {
        false => format!("{subject} {does} {what}"),
        true => format!("{subject} is known and does not {not} {what}"),
    }
}

fn set(subject: &str, quantity: Quantity, values: &[Word], negated: bool) -> String {
    let several = subject.ends_with('s');
    let (include, known, do_not) =
        if several { ("include", "are known", "do not") } else { ("includes", "is known", "does not") };
    let words: Vec<String> = values.iter().map(written).collect();
    match (quantity, negated) {
        (Quantity::Any, false) | (Quantity::None, true) => {
            format!("{subject} {include} {}", list(&words, "or"))
        }
        (Quantity::All, false) => format!("{subject} {include} {}", list(&words, "and")),
        (Quantity::None, false) | (Quantity::Any, true) if words.len() > 1 => {
            format!("{subject} {known} and {include} none of {}", list(&words, "or"))
        }
        (Quantity::All, true) if words.len() > 1 => {
            format!("{subject} {known} and {do_not} include all of {}", list(&words, "and"))
        }
        (..) => format!("{subject} {known} and {do_not} include {}", list(&words, "and")),
    }
}

fn compared(op: Op, value: &Word) -> String {
    let value_written = written(value);
    let word = match (op, date(&value.node).is_some()) {
        (Op::Equal | Op::NotEqual, _) => return value_written,
        (Op::Less, false) => "less than",
        (Op::AtMost, false) => "at most",
        (Op::Greater, false) => "more than",
        (Op::AtLeast, false) => "at least",
        (Op::Less, true) => "before",
        (Op::AtMost, true) => "on or before",
        (Op::Greater, true) => "after",
        (Op::AtLeast, true) => "on or after",
    };
    format!("{word} {value_written}")
}

fn range(from: Option<&Word>, to: Option<&Word>) -> String {
    let is_date = from.or(to).is_some_and(|end| date(&end.node).is_some());
    match (from.map(written), to.map(written)) {
        (Some(from), Some(to)) if is_date => format!("from {from} to {to}"),
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) if is_date => format!("on or after {from}"),
        (Some(from), None) => format!("{from} or more"),
        (None, Some(to)) if is_date => format!("on or before {to}"),
        (None, Some(to)) => format!("{to} or less"),
        (None, None) => "anything".to_owned(),
    }
}

/// A value; dates written out.
pub(super) fn written(value: &Word) -> String {
    match date(&value.node) {
        Some(day) => day_written(day),
        None if value.node.chars().all(char::is_alphanumeric) && !value.node.is_empty() => value.node.clone(),
        None if crate::words::is_bare(&value.node) => value.node.replace('_', " "),
        None => format!("“{}”", value.node),
    }
}

fn is_yes(value: &Word) -> bool {
    value.node.eq_ignore_ascii_case("yes") || value.node.eq_ignore_ascii_case("true")
}
fn is_yes_or_no(value: &Word) -> bool {
    is_yes(value) || value.node.eq_ignore_ascii_case("no") || value.node.eq_ignore_ascii_case("false")
}

/// "in the last 12 months"
pub(super) fn window(window: Window) -> String {
    match window {
        Window::InLast(length) if length.count == 1 => format!("in the last {}", length.unit.one()),
        Window::InNext(length) if length.count == 1 => format!("in the next {}", length.unit.one()),
        Window::InLast(length) => format!("in the last {length}"),
        Window::InNext(length) => format!("in the next {length}"),
        Window::Ago(length) => format!("more than {length} ago"),
        Window::Before(day) => format!("before {}", day_written(day)),
        Window::After(day) => format!("after {}", day_written(day)),
        Window::Between(first, last) => {
            format!("between {} and {}", day_written(first), day_written(last))
        }
    }
}

/// "January 31, 2026"
fn day_written(day: Day) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (year, month, day) = day.ymd();
    let name = usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).unwrap_or(&"");
    format!("{name} {day}, {year}")
}

/// After "is": "ICD-10 E11.9", "under ICD-10 E11 (type 2 diabetes)", "in the value set “diabetes”".
fn coded(pattern: &Spanned<Pattern>, words: &dyn Wording) -> String {
    match &pattern.node {
        Pattern::Set(name) => format!("in the value set {}", words.value_set(name)),
        Pattern::Code(code) => {
            let CodePattern { code: of, subtree } = code;
            let system = system(&of.system);
            let name = words.code(code).map_or_else(String::new, |name| format!(" ({name})"));
            match (of.value.as_str(), subtree) {
                ("", _) => format!("any code of {system}"),
                (value, true) => format!("under {system} {value}{name}"),
                (value, false) => format!("{system} {value}{name}"),
            }
        }
    }
}

/// After a noun: "with code ICD-10 E11.9, under ICD-10 E10 or in the value set “diabetes”".
pub(super) fn with_codes(patterns: &[Spanned<Pattern>], words: &dyn Wording) -> String {
    let is_prefixed = |pattern: &Pattern| match pattern {
        Pattern::Code(code) => code.subtree && !code.code.value.is_empty(),
        Pattern::Set(_) => true,
    };
    let said = patterns.iter().map(|pattern| {
        let code = coded(pattern, words);
        match &pattern.node {
            prefixed if is_prefixed(prefixed) => code,
            Pattern::Code(CodePattern { subtree: true, .. }) => format!("with {code}"),
            _ => format!("with code {code}"),
        }
    });
    list(&said.collect::<Vec<_>>(), "or")
}

/// After "is": any of several.
fn one_of(patterns: &[Spanned<Pattern>], words: &dyn Wording) -> String {
    let patterns: Vec<String> = patterns.iter().map(|pattern| coded(pattern, words)).collect();
    list(&patterns, "or")
}
