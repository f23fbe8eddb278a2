//! Canonical form: no connective with fewer than two parts, none directly within its own kind.

use crate::ast::{EdgeTest, Events, Expr, Filter, Leaf};
use crate::span::Spanned;

/// Parts joined by `join`, which is `Expr::All` or `Expr::Any`: one part stands by itself, parts that are of the same
/// kind are dissolved.
pub(crate) fn join(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    if parts.len() == 1 {
        return parts.pop().unwrap_or(Expr::All(Vec::new()));
    }
    let all = matches!(join(Vec::new()), Expr::All(_));
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Expr::All(inner) if all => flat.extend(inner),
            Expr::Any(inner) if !all => flat.extend(inner),
            other => flat.push(other),
        }
    }
    join(flat)
}

/// The same for filters: `join` is `Filter::All` or `Filter::Any`.
pub(crate) fn join_filters(mut parts: Vec<Filter>, join: fn(Vec<Filter>) -> Filter) -> Filter {
    if parts.len() == 1 {
        return parts.pop().unwrap_or(Filter::All(Vec::new()));
    }
    let all = matches!(join(Vec::new()), Filter::All(_));
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Filter::All(inner) if all => flat.extend(inner),
            Filter::Any(inner) if !all => flat.extend(inner),
            other => flat.push(other),
        }
    }
    join(flat)
}

/// The canonical form of a tree. An empty connective stays: it has no canonical form.
pub(crate) fn expr(expr: Expr) -> Expr {
    match expr {
        Expr::All(parts) => join(parts.into_iter().map(self::expr).collect(), Expr::All),
        Expr::Any(parts) => join(parts.into_iter().map(self::expr).collect(), Expr::Any),
        Expr::Not(part) => Expr::Not(Box::new(self::expr(*part))),
        Expr::Leaf(written) => {
            let Spanned { node, span } = *written;
            Expr::Leaf(Box::new(Spanned { node: leaf(node), span }))
        }
    }
}

fn leaf(leaf: Leaf) -> Leaf {
    match leaf {
        Leaf::Events { count, of, window } => Leaf::Events { count, of: events(of), window },
        Leaf::Sequence { first, window, then, within } => {
            Leaf::Sequence { first: events(first), window, then: events(then), within }
        }
        Leaf::Edge { which, of, test: EdgeTest::Fields(test) } => {
            Leaf::Edge { which, of: events(of), test: EdgeTest::Fields(filter(test)) }
        }
        Leaf::Edge { which, of, test } => Leaf::Edge { which, of: events(of), test },
        other => other,
    }
}

fn events(events: Events) -> Events {
    Events { kind: events.kind, filter: events.filter.map(filter) }
}

fn filter(filter: Filter) -> Filter {
    match filter {
        Filter::All(parts) => join_filters(parts.into_iter().map(self::filter).collect(), Filter::All),
        Filter::Any(parts) => join_filters(parts.into_iter().map(self::filter).collect(), Filter::Any),
        Filter::Not(part) => Filter::Not(Box::new(self::filter(*part))),
        leaf => leaf,
    }
}
