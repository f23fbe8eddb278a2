//! Conditions in English, plain and negated.

use super::wording::{Wording, with_article};
use super::{events, value};
use crate::ast::{Leaf, Stance, Tense};
use crate::pattern::Pattern;
use crate::span::Spanned;
use crate::window::Window;
use discreet_domain::CodeKind;

pub(super) fn clause(leaf: &Leaf, negated: bool, words: &dyn Wording) -> String {
    let is = if negated { "is not" } else { "is" };
    match leaf {
        Leaf::Attribute { name, test } => value::clause(&words.attribute(&name.node), test, negated, words),
        Leaf::Missing { name } => {
            let known = if negated { "is known" } else { "is not known" };
            format!("{} {known}", words.attribute(&name.node))
        }
        Leaf::Near { name, miles, zip } => {
            let is = if negated { "is known and is not" } else { "is" };
            let name = words.attribute(&name.node);
            format!("{name} {is} within {} miles of ZIP code {}", miles.node, zip.node)
        }
        Leaf::Birthday { window } => {
            let has = if negated { "has a known birth date and no" } else { "has a" };
            format!("{has} birthday {}", value::window(window.node))
        }
        Leaf::Code { tense, kind, codes, onset } => {
            code(*tense, *kind, codes, onset.as_ref().map(|w| w.node), negated, words)
        }
        Leaf::Events { count, of, window } => {
            events::count(*count, of, window.as_ref().map(|w| w.node), negated, words)
        }
        Leaf::Sequence { first, window, then, within } => {
            events::sequence((first, window.as_ref().map(|w| w.node)), (then, *within), negated, words)
        }
        Leaf::Edge { which, of, test } => events::edge(*which, of, test, negated, words),
        Leaf::Consent { state: Stance::Granted, topic, channel } => {
            let has = if negated { "has not" } else { "has" };
            format!("{has} agreed to {topic} by {}", channel.name())
        }
        Leaf::Consent { state: Stance::Withdrawn, topic, channel } => {
            let has = if negated { "has not" } else { "has" };
            format!("{has} withdrawn consent to {topic} by {}", channel.name())
        }
        Leaf::Segment { name } => format!("{is} in the segment “{}”", name.node),
        Leaf::Bucket { from, to, of, salt } => {
            format!("{is} in random parts {from} to {to} of {of} (split “{}”)", salt.node)
        }
    }
}

/// "has an active condition under ICD-10 E11 that began in the last 12 months"
fn code(
    tense: Tense,
    kind: CodeKind,
    codes: &[Spanned<Pattern>],
    onset: Option<Window>,
    negated: bool,
    words: &dyn Wording,
) -> String {
    let noun = match kind {
        CodeKind::CarePlan => "care plan",
        other => other.name(),
    };
    // Procedures and immunizations were done: they are never "active".
    let done = matches!(kind, CodeKind::Procedure | CodeKind::Immunization);
    let has = match (tense == Tense::Has && !done, negated) {
        (true, false) => format!("has {}", with_article(&format!("active {noun}"))),
        (true, true) => format!("has no active {noun}"),
        (false, false) => format!("has had {}", with_article(noun)),
        (false, true) => format!("has never had {}", with_article(noun)),
    };
    let codes = value::with_codes(codes, words);
    let began = onset.map_or_else(String::new, |window| {
        let verb = match kind {
            CodeKind::Procedure => "done",
            CodeKind::Immunization => "given",
            _ => "that began",
        };
        format!(", {verb} {}", value::window(window))
    });
    format!("{has} {codes}{began}")
}
