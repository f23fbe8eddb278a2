//! Joined conditions.

use super::cursor::{Parser, Read};
use super::lex::TokenKind;
use crate::ast::Expr;
use crate::error::SyntaxError;
use crate::normal::join;
use crate::span::Spanned;

impl Parser<'_> {
    /// either = both { "or" both }
    pub(crate) fn either(&mut self) -> Read<Expr> {
        let mut parts = vec![self.both()?];
        while self.eat_word("or") {
            parts.push(self.both()?);
        }
        Ok(join(parts, Expr::Any))
    }

    /// both = unary { "and" unary }
    fn both(&mut self) -> Read<Expr> {
        let mut parts = vec![self.unary()?];
        while self.eat_word("and") {
            parts.push(self.unary()?);
        }
        Ok(join(parts, Expr::All))
    }

    /// unary = "not" unary | "(" either ")" | leaf
    fn unary(&mut self) -> Read<Expr> {
        if self.eat_word("not") {
            return self.deeper(Self::unary).map(|inner| Expr::Not(Box::new(inner)));
        }
        if self.eat(&TokenKind::Open) {
            let inner = self.deeper(Self::either)?;
            return match self.eat(&TokenKind::Close) {
                true => Ok(inner),
                false => Err(self.after_condition(&["`)`", "`and`", "`or`"])),
            };
        }
        let start = self.span();
        let leaf = self.leaf()?;
        Ok(Expr::Leaf(Box::new(Spanned::new(leaf, self.since(start)))))
    }

    /// The text must be over.
    pub(crate) fn end(&mut self) -> Read<()> {
        match self.kind() {
            TokenKind::End => Ok(()),
            TokenKind::Close => {
                Err(self.unexpected(&["`and`", "`or`"]).helping("no parenthesis is open here"))
            }
            _ => Err(self.after_condition(&["`and`", "`or`", "the end"])),
        }
    }

    fn after_condition(&self, expected: &[&str]) -> SyntaxError {
        let error = self.unexpected(expected);
        match self.word() {
            Some("with" | "whose") => error.suggesting(Some("where".to_owned())),
            Some("where") => error.helping("only events have a `where`, and it comes right after their kind"),
            Some(word) if starts_with_digit(word) => {
                error.helping("a range is written without spaces: `50..74`")
            }
            Some(_) if error.suggestion.is_none() && self.last_is_word() => {
                error.helping("a value of more than one word stands in quotes")
            }
            _ => error,
        }
    }
}

fn starts_with_digit(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}
