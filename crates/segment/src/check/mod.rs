//! Names, types and labels: from a tree as written to one that can be evaluated.
//!
//! Every error is collected, so that a builder can mark all of them at once; a tree comes out only if there is none. The
//! label is raised by everything that is mentioned, wherever it stands.

mod codes;
mod event;
mod leaf;
mod nested;
mod value;

pub use event::OPEN_WORLD_EVENTS;

use crate::ast::Expr;
use crate::checked::{Checked, Node, Pin};
use crate::error::{CheckError, CheckErrorKind, Hint};
use crate::fingerprint::Fingerprint;
use crate::limits;
use crate::parsed::Parsed;
use crate::scope::Scope;
use crate::span::Span;
use discreet_domain::{Basis, Label};
use nested::Opened;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::Arc;

impl Parsed {
    /// Resolves names, values and nested segments against what this installation knows.
    ///
    /// # Errors
    /// Everything that does not fit, in the order of the text, up to [`limits::ERRORS`].
    pub fn check<S: Scope + ?Sized>(&self, scope: &S) -> Result<Checked, Vec<CheckError>> {
        let mut opened = Opened::new(scope.editing());
        checked(self, scope, &mut opened).map(|(checked, _)| checked)
    }
}

/// Checks one segment: the one asked for, or one nested in it. Also says how many nodes it has, nested ones counted.
fn checked<S: Scope + ?Sized>(
    parsed: &Parsed,
    scope: &S,
    opened: &mut Opened,
) -> Result<(Checked, usize), Vec<CheckError>> {
    let mut checker = Checker {
        scope,
        opened,
        path: Vec::new(),
        here: Span::default(),
        nodes: 0,
        found: Found::default(),
        errors: Vec::new(),
    };
    let root = checker.expr(parsed.expr());
    let Checker { nodes, found, errors, .. } = checker;
    match root {
        Some(root) if errors.is_empty() => {
            let fingerprint = fingerprint(parsed, &found.pins);
            let Found { label, bases, pins, hints } = found;
            let expr = parsed.expr().clone();
            Ok((Checked { expr, root: Arc::new(root), label, bases, pins, hints, fingerprint }, nodes))
        }
        _ => Err(errors),
    }
}

fn fingerprint(parsed: &Parsed, pins: &BTreeSet<Pin>) -> Fingerprint {
    let mut hash = Sha256::new();
    hash.update(parsed.to_string());
    hash.update([0]);
    // A set of strings and numbers: writing it as JSON cannot fail, and its order is fixed.
    hash.update(serde_json::to_vec(pins).unwrap_or_default());
    Fingerprint(hash.finalize().into())
}

/// What the tree rests on.
#[derive(Default)]
struct Found {
    label: Label,
    bases: BTreeSet<Basis>,
    pins: BTreeSet<Pin>,
    hints: Vec<Hint>,
}

/// A walk over one tree. Its methods answer `None` where they reported an error.
struct Checker<'s, S: ?Sized> {
    scope: &'s S,
    opened: &'s mut Opened,
    /// The way from the root to where the walk is.
    path: Vec<usize>,
    /// The condition the walk is at.
    here: Span,
    nodes: usize,
    found: Found,
    errors: Vec<CheckError>,
}

impl<S: Scope + ?Sized> Checker<'_, S> {
    fn expr(&mut self, expr: &Expr) -> Option<Node> {
        if self.errors.len() >= limits::ERRORS {
            return None;
        }
        self.nodes += 1;
        match expr {
            Expr::All(parts) => self.parts(parts).map(Node::All),
            Expr::Any(parts) => self.parts(parts).map(Node::Any),
            Expr::Not(part) => self.child(0, part).map(|part| Node::Not(Box::new(part))),
            Expr::Leaf(leaf) => {
                self.here = leaf.span;
                self.leaf(&leaf.node)
            }
        }
    }

    /// All parts are looked at, even after an error.
    fn parts(&mut self, parts: &[Expr]) -> Option<Vec<Node>> {
        let nodes: Vec<Option<Node>> =
            parts.iter().enumerate().map(|(at, part)| self.child(at, part)).collect();
        nodes.into_iter().collect()
    }

    fn child(&mut self, at: usize, part: &Expr) -> Option<Node> {
        self.path.push(at);
        let node = self.expr(part);
        self.path.pop();
        node
    }

    fn rests_on(&mut self, label: Label, basis: Basis) {
        self.raise(label);
        self.found.bases.insert(basis);
    }
    fn raise(&mut self, label: Label) {
        self.found.label = self.found.label.max(label);
    }
    fn pin(&mut self, pin: Pin) {
        self.found.pins.insert(pin);
    }

    /// Reports an error and answers nothing; more can be said about it through the reference.
    fn error(&mut self, kind: CheckErrorKind, span: Span, message: impl Into<String>) -> Fault<'_> {
        self.errors.push(CheckError {
            kind,
            span,
            path: self.path.clone(),
            message: message.into(),
            expected: Vec::new(),
            suggestion: None,
            help: None,
        });
        Fault(self.errors.last_mut())
    }

    fn hint(&mut self, span: Span, message: String, suggestion: Option<String>) {
        if self.found.hints.len() < limits::ERRORS {
            self.found.hints.push(Hint { span, path: self.path.clone(), message, suggestion });
        }
    }
}

/// An error just reported.
struct Fault<'e>(Option<&'e mut CheckError>);

impl Fault<'_> {
    fn expecting(mut self, expected: &[&str]) -> Self {
        if let Some(error) = &mut self.0 {
            error.expected = expected.iter().map(|e| (*e).to_owned()).collect();
        }
        self
    }
    fn suggesting(mut self, suggestion: Option<String>) -> Self {
        if let Some(error) = &mut self.0 {
            error.suggestion = suggestion;
        }
        self
    }
    fn helping(mut self, help: impl Into<String>) -> Self {
        if let Some(error) = &mut self.0 {
            error.help = Some(help.into());
        }
        self
    }
    /// Ends the sentence where a value was wanted.
    fn none<T>(self) -> Option<T> {
        None
    }
}
