//! Depth and size of a tree against the limits.

use crate::ast::{EdgeTest, Events, Expr, Filter, Leaf};
use crate::error::SyntaxError;
use crate::limits;
use crate::parse::too_deep;
use crate::span::Span;

/// Whether a tree keeps the limits of depth and size. Goes no deeper than the limit itself, so any tree may be asked.
pub(crate) fn within_limits(expr: &Expr) -> Result<(), SyntaxError> {
    let mut measure = Measure { nodes: 0, here: Span::default() };
    measure.expr(expr, 0)
}

struct Measure {
    nodes: usize,
    /// The condition looked at, for errors.
    here: Span,
}

impl Measure {
    fn node(&mut self, depth: usize) -> Result<(), SyntaxError> {
        self.nodes += 1;
        if depth > limits::DEPTH {
            return Err(too_deep(self.here));
        }
        if self.nodes > limits::NODES {
            let message = format!("a segment has at most {} conditions and connectives", limits::NODES);
            return Err(SyntaxError::new(self.here, message));
        }
        Ok(())
    }

    fn expr(&mut self, expr: &Expr, depth: usize) -> Result<(), SyntaxError> {
        if let Expr::Leaf(leaf) = expr {
            self.here = leaf.span;
        }
        self.node(depth)?;
        match expr {
            Expr::All(parts) | Expr::Any(parts) => {
                self.filled(parts.len())?;
                parts.iter().try_for_each(|part| self.expr(part, depth + 1))
            }
            Expr::Not(part) => self.expr(part, depth + 1),
            Expr::Leaf(leaf) => match &leaf.node {
                Leaf::Events { of, .. } => self.events(of, depth),
                Leaf::Sequence { first, then, .. } => {
                    self.events(first, depth)?;
                    self.events(then, depth)
                }
                Leaf::Edge { of, test, .. } => {
                    self.events(of, depth)?;
                    match test {
                        EdgeTest::Fields(filter) => self.filter(filter, depth + 1),
                        EdgeTest::Time(_) => Ok(()),
                    }
                }
                _ => Ok(()),
            },
        }
    }

    fn events(&mut self, events: &Events, depth: usize) -> Result<(), SyntaxError> {
        events.filter.as_ref().map_or(Ok(()), |filter| self.filter(filter, depth + 1))
    }

    fn filter(&mut self, filter: &Filter, depth: usize) -> Result<(), SyntaxError> {
        self.node(depth)?;
        match filter {
            Filter::All(parts) | Filter::Any(parts) => {
                self.filled(parts.len())?;
                parts.iter().try_for_each(|part| self.filter(part, depth + 1))
            }
            Filter::Not(part) => self.filter(part, depth + 1),
            Filter::Field { .. } | Filter::Missing { .. } => Ok(()),
        }
    }

    fn filled(&self, parts: usize) -> Result<(), SyntaxError> {
        match parts {
            0 => Err(SyntaxError::new(self.here, "a list of joined conditions cannot be empty")),
            _ => Ok(()),
        }
    }
}
