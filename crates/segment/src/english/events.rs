//! Conditions on events in English.

use super::value;
use super::wording::{Wording, with_article};
use crate::ast::{Count, Edge, EdgeTest, Events, Filter};
use crate::window::{Length, Window};

/// "had no appointment whose status is fulfilled in the last 12 months"
pub(super) fn count(
    count: Count,
    of: &Events,
    window: Option<Window>,
    negated: bool,
    words: &dyn Wording,
) -> String {
    let has = has(window);
    let one = words.event(&of.kind.node);
    let many = words.events(&of.kind.node);
    let counted = |n: u32| if n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
    let what = match (count, negated) {
        (Count::Any, false) | (Count::No, true) => format!("{has} at least one {one}"),
        (Count::No, false) | (Count::Any, true) => format!("{has} no {one}"),
        (Count::AtLeast(n), false) => format!("{has} at least {}", counted(n)),
        (Count::AtLeast(n), true) => format!("{has} fewer than {}", counted(n)),
        (Count::AtMost(n), false) => format!("{has} at most {}", counted(n)),
        (Count::AtMost(n), true) => format!("{has} more than {}", counted(n)),
        (Count::Exactly(n), false) => format!("{has} exactly {}", counted(n)),
        (Count::Exactly(n), true) => format!("{has} more or fewer than {}", counted(n)),
    };
    format!("{what}{}{}", filtered(of, words), timed(window))
}

/// "had at least one email click in the last 90 days followed within 14 days by an appointment whose status is booked"
pub(super) fn sequence(
    (first, window): (&Events, Option<Window>),
    (then, within): (&Events, Length),
    negated: bool,
    words: &dyn Wording,
) -> String {
    let has = has(window);
    let some = if negated { "no" } else { "at least one" };
    let first = format!("{}{}{}", words.event(&first.kind.node), filtered(first, words), timed(window));
    let then = format!("{}{}", with_article(&words.event(&then.kind.node)), filtered(then, words));
    format!("{has} {some} {first} followed within {within} by {then}")
}

fn has(window: Option<Window>) -> &'static str {
    match window {
        Some(Window::InLast(_) | Window::Ago(_) | Window::Before(_)) => "had",
        Some(_) => "has",
        None => "has had",
    }
}

fn timed(window: Option<Window>) -> String {
    window.map_or_else(String::new, |window| format!(" {}", value::window(window)))
}

/// "in the latest observation whose code is LOINC 4548-4, value is more than 9"
pub(super) fn edge(which: Edge, of: &Events, test: &EdgeTest, negated: bool, words: &dyn Wording) -> String {
    let which = match which {
        Edge::Latest => "latest",
        Edge::First => "first",
    };
    let event = words.event(&of.kind.node);
    let filter = filtered(of, words);
    match test {
        EdgeTest::Fields(test) => {
            let test = self::filter(&of.kind.node, test, negated, words);
            format!("in the {which} {event}{filter}, {test}")
        }
        EdgeTest::Time(window) => {
            let is = if negated { "is known and is not" } else { "is" };
            format!("the {which} {event}{filter} {is} {}", value::window(window.node))
        }
    }
}

fn filtered(of: &Events, words: &dyn Wording) -> String {
    of.filter.as_ref().map_or_else(String::new, |filter| {
        format!(" whose {}", self::filter(&of.kind.node, filter, false, words))
    })
}

fn filter(event: &str, of: &Filter, negated: bool, words: &dyn Wording) -> String {
    let group = |parts: &[Filter], joiner: &str| {
        let parts: Vec<String> = parts.iter().map(|part| part_of(event, part, negated, words)).collect();
        parts.join(joiner)
    };
    match of {
        // Kleene's laws let a negation be said of each part.
        Filter::All(parts) => group(parts, if negated { " or " } else { " and " }),
        Filter::Any(parts) => group(parts, if negated { " and " } else { " or " }),
        Filter::Not(part) => filter(event, part, !negated, words),
        Filter::Field { name, test } => value::clause(&words.field(event, &name.node), test, negated, words),
        Filter::Missing { name } => {
            let known = if negated { "is known" } else { "is not known" };
            format!("{} {known}", words.field(event, &name.node))
        }
    }
}

/// A part of a group: in parentheses if it is a group itself.
fn part_of(event: &str, part: &Filter, negated: bool, words: &dyn Wording) -> String {
    let said = filter(event, part, negated, words);
    if is_group(part) { format!("({said})") } else { said }
}

fn is_group(filter: &Filter) -> bool {
    match filter {
        Filter::All(_) | Filter::Any(_) => true,
        Filter::Not(part) => is_group(part),
        Filter::Field { .. } | Filter::Missing { .. } => false,
    }
}
