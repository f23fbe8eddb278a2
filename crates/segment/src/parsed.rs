//! A segment that could be read. It cannot be evaluated: names mean nothing yet.

use crate::ast::Expr;
use crate::error::SyntaxError;
use crate::parse::segment;
use crate::{json, measure, normal};
use std::fmt;

/// A tree in canonical form within the limits, and the text it was read from, so that every part has a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parsed {
    text: String,
    expr: Expr,
}

/// Reads a segment's text.
///
/// # Errors
/// The first thing that cannot be read, with its place.
pub fn parse(text: &str) -> Result<Parsed, SyntaxError> {
    Ok(Parsed { text: text.to_owned(), expr: segment(text)? })
}

impl Parsed {
    /// Reads a segment's JSON, as [`Parsed::to_json`] writes it. Its text is then the canonical one.
    ///
    /// # Errors
    /// What is no JSON, or JSON of another shape (unknown keys included), or a tree that text could not say. The place
    /// is one in `json`.
    pub fn from_json(json: &str) -> Result<Parsed, SyntaxError> {
        let expr = json::read(json)?;
        Parsed::from_expr(expr).map_err(|error| json::at_start(json, error))
    }

    /// A tree built by hand: brought into canonical form, then held against the language by printing and reading it.
    ///
    /// # Errors
    /// A tree beyond the limits, an empty connective, or a part that text could not say, such as a name with a space. The
    /// place is one in the canonical text.
    pub fn from_expr(expr: Expr) -> Result<Parsed, SyntaxError> {
        measure::within_limits(&expr)?;
        let expr = normal::expr(expr);
        let text = expr.to_string();
        let parsed = parse(&text)?;
        // Reading back what was printed is the proof that this tree can be said.
        if parsed.expr == expr {
            return Ok(parsed);
        }
        let whole = crate::Span::new(0, text.len());
        Err(SyntaxError::new(
            whole,
            "this tree cannot be written as text: a part of it is not in the form the language gives it",
        ))
    }

    /// The text it was read from; spans are places in it.
    pub fn text(&self) -> &str {
        &self.text
    }
    /// The tree.
    pub fn expr(&self) -> &Expr {
        &self.expr
    }
    /// The tree as JSON: `{"all": […]}`, `{"any": […]}`, `{"not": …}`, or one key that names the kind of condition.
    pub fn to_json(&self) -> String {
        json::write(&self.expr)
    }
}

impl fmt::Display for Parsed {
    /// The canonical text; `{:#}` on several lines.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}
