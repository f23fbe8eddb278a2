//! A segment in English, for whoever reviews it: rendered from the tree, never read.
//!
//! Negations are said where they bite: `not (language = en)` is "language is known and is not en", because a patient
//! whose language is unknown is not in it.

mod events;
mod leaf;
mod value;
mod wording;

pub use wording::{PlainWording, Wording};

use crate::ast::Expr;

/// One sentence without capital and full stop, to go on after "patients for whom": conditions joined by commas, groups
/// within it in parentheses.
pub fn sentence(expr: &Expr, words: &dyn Wording) -> String {
    match Group::of(expr, false) {
        Group::One(leaf, negated) => leaf::clause(leaf, negated, words),
        Group::Many { parts, joiner, negated, .. } if !negated => {
            join(&parts, &format!(", {joiner} "), |part| inner(part, words))
        }
        Group::Many { .. } => inner(expr, words),
    }
}

/// The same as an outline: one condition a line, groups indented under a line that says how they are joined.
pub fn outline(expr: &Expr, words: &dyn Wording) -> String {
    let mut lines = String::new();
    outline_into(&mut lines, expr, 0, words);
    lines
}

fn outline_into(lines: &mut String, expr: &Expr, depth: usize, words: &dyn Wording) {
    let indent = "  ".repeat(depth);
    match Group::of(expr, false) {
        Group::One(leaf, negated) => {
            lines.push_str(&format!("{indent}- {}\n", leaf::clause(leaf, negated, words)));
        }
        Group::Many { parts, heading, .. } => {
            lines.push_str(&format!("{indent}- {heading}:\n"));
            for part in parts {
                outline_into(lines, part, depth + 1, words);
            }
        }
    }
}

/// A part of a sentence.
fn inner(expr: &Expr, words: &dyn Wording) -> String {
    match Group::of(expr, false) {
        Group::One(leaf, negated) => leaf::clause(leaf, negated, words),
        Group::Many { parts, joiner, heading_inline, .. } => {
            let parts = join(&parts, &format!("; {joiner} "), |part| inner(part, words));
            format!("{heading_inline} ({parts})")
        }
    }
}

/// A node as English says it: `not`s taken together with what they stand before.
enum Group<'e> {
    One(&'e crate::ast::Leaf, bool),
    Many {
        parts: Vec<&'e Expr>,
        joiner: &'static str,
        negated: bool,
        heading: &'static str,
        heading_inline: &'static str,
    },
}

impl<'e> Group<'e> {
    fn of(expr: &'e Expr, negated: bool) -> Group<'e> {
        let (parts, joiner, heading, heading_inline) = match (expr, negated) {
            (Expr::Leaf(leaf), _) => return Group::One(&leaf.node, negated),
            (Expr::Not(part), _) => return Group::of(part, !negated),
            (Expr::All(parts), false) => (parts, "and", "all of these are true", "all of"),
            (Expr::Any(parts), false) => (parts, "or", "at least one of these is true", "any of"),
            (Expr::All(parts), true) => (parts, "and", "these are not all true", "not all of"),
            (Expr::Any(parts), true) => (parts, "or", "none of these is true", "none of"),
        };
        Group::Many { parts: parts.iter().collect(), joiner, negated, heading, heading_inline }
    }
}

fn join<T>(parts: &[T], between: &str, say: impl Fn(&T) -> String) -> String {
    parts.iter().map(say).collect::<Vec<_>>().join(between)
}

/// `a`, `a or b`, `a, b or c`
fn list(items: &[String], word: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}
