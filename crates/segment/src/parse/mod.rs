//! Text to tree: a hand-written recursive-descent parser. The grammar is in the crate's documentation; above each
//! function stands its production.

mod cursor;
mod events;
mod expr;
mod leaf;
mod lex;
mod test;
mod window;

use crate::ast::Expr;
use crate::error::SyntaxError;
use crate::limits;
use crate::pattern::Pattern;
use crate::span::Span;
use cursor::Parser;
use lex::TokenKind;

pub(crate) use cursor::{cut, too_deep};
pub(crate) use window::date;

/// segment = either END
pub(crate) fn segment(text: &str) -> Result<Expr, SyntaxError> {
    if text.len() > limits::TEXT_BYTES {
        let end = text.floor_char_boundary(limits::TEXT_BYTES);
        let message = format!("a segment is at most {} bytes long", limits::TEXT_BYTES);
        return Err(SyntaxError::new(Span::new(end, text.len()), message));
    }
    let mut parser = Parser::new(text);
    let expr = parser.either()?;
    parser.end()?;
    crate::measure::within_limits(&expr)?;
    Ok(expr)
}

/// One code pattern by itself: `icd10:E11*`, `@diabetes`.
pub(crate) fn pattern(text: &str) -> Result<Pattern, SyntaxError> {
    let mut parser = Parser::new(text);
    let pattern = parser.pattern()?;
    match parser.kind() {
        TokenKind::End => Ok(pattern.node),
        _ => Err(parser.unexpected(&["the end of the code"])),
    }
}
