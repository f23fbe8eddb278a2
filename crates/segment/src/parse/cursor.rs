//! The parser's place among the tokens, and the errors it makes there.

use super::lex::{Token, TokenKind, tokens};
use crate::ast::Word;
use crate::error::SyntaxError;
use crate::limits;
use crate::span::{Span, Spanned};
use crate::suggest::closest;
use crate::words;

/// The result of reading one production.
pub(crate) type Read<T> = Result<T, SyntaxError>;

/// A recursive-descent parser over the tokens of one text.
pub(crate) struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

/// Parentheses and `not`s that may be open at once: twice [`limits::DEPTH`], because redundant ones are harmless.
const OPEN_AT_ONCE: usize = 2 * limits::DEPTH;

/// Stands past the last token; there is none there.
const END: Token = Token { kind: TokenKind::End, span: Span::new(0, 0) };

impl<'t> Parser<'t> {
    pub(crate) fn new(text: &'t str) -> Parser<'t> {
        Parser { text, tokens: tokens(text), at: 0, depth: 0 }
    }

    /// The next token, or one after it.
    pub(crate) fn peek(&self, ahead: usize) -> &Token {
        self.tokens.get(self.at + ahead).or(self.tokens.last()).unwrap_or(&END)
    }
    pub(crate) fn kind(&self) -> &TokenKind {
        &self.peek(0).kind
    }
    pub(crate) fn span(&self) -> Span {
        self.peek(0).span
    }
    /// The span of the token before the next.
    pub(crate) fn last_span(&self) -> Span {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(Span::new(0, 0), |token| token.span)
    }
    /// Whether the token before the next is a bare word.
    pub(crate) fn last_is_word(&self) -> bool {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.is_some_and(|token| token.kind == TokenKind::Word)
    }
    /// From the start of `from` to the end of what was read last.
    pub(crate) fn since(&self, from: Span) -> Span {
        from.to(self.last_span())
    }
    pub(crate) fn advance(&mut self) {
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
    }

    /// The text of a token that is a bare word.
    pub(crate) fn word_at(&self, ahead: usize) -> Option<&'t str> {
        let token = self.peek(ahead);
        match token.kind {
            TokenKind::Word => self.text.get(token.span.start..token.span.end),
            _ => None,
        }
    }
    pub(crate) fn word(&self) -> Option<&'t str> {
        self.word_at(0)
    }
    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.word() == Some(word)
    }
    /// Reads this word if it is next.
    pub(crate) fn eat_word(&mut self, word: &str) -> bool {
        let here = self.is_word(word);
        if here {
            self.advance();
        }
        here
    }
    /// Reads this token if it is next.
    pub(crate) fn eat(&mut self, kind: &TokenKind) -> bool {
        let here = self.kind() == kind;
        if here {
            self.advance();
        }
        here
    }
    /// Reads this word, which must be next.
    pub(crate) fn need_word(&mut self, word: &str) -> Read<()> {
        if self.eat_word(word) { Ok(()) } else { Err(self.unexpected(&[&format!("`{word}`")])) }
    }
    /// Reads this token, which must be next.
    pub(crate) fn need(&mut self, kind: &TokenKind, shown: &str) -> Read<()> {
        if self.eat(kind) { Ok(()) } else { Err(self.unexpected(&[shown])) }
    }

    /// Goes one level deeper for the length of `read`.
    pub(crate) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= OPEN_AT_ONCE {
            return Err(too_deep(self.span()));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// name = a word of letters, digits and `_` that no condition begins with
    pub(crate) fn name(&mut self, what: &str) -> Read<Word> {
        match self.word() {
            Some(word) if words::is_name(word) => {
                let name = Spanned::new(word.to_owned(), self.span());
                self.advance();
                Ok(name)
            }
            _ => Err(self.unexpected(&[what])),
        }
    }

    /// value = a word that is not one of the language, or `"…"`
    pub(crate) fn value(&mut self, what: &str) -> Read<Word> {
        let span = self.span();
        let value = match self.kind() {
            TokenKind::Quoted(text) => text.clone(),
            TokenKind::Word => match self.word() {
                Some(word) if words::may_be_value(word) => word.to_owned(),
                other => return Err(self.reserved(other.unwrap_or(""), what)),
            },
            _ => return Err(self.unexpected(&[what])),
        };
        self.advance();
        Ok(Spanned::new(value, span))
    }
    fn reserved(&self, word: &str, what: &str) -> SyntaxError {
        let upper = word.to_uppercase();
        self.unexpected(&[what]).helping(format!(
            "`{word}` is a word of the language; to mean the value, write `\"{word}\"` or `{upper}`"
        ))
    }

    /// A whole number from `least` to `most`.
    pub(crate) fn integer(&mut self, what: &str, least: u32, most: u32) -> Read<u32> {
        let Some(word) = self.word().filter(|word| word.bytes().all(|b| b.is_ascii_digit())) else {
            return Err(self.unexpected(&[what]));
        };
        match word.parse::<u32>() {
            Ok(number) if (least..=most).contains(&number) => {
                self.advance();
                Ok(number)
            }
            _ => {
                let message = format!("`{}` is out of range", cut(word));
                let expected = format!("a whole number from {least} to {most}");
                Err(SyntaxError::new(self.span(), message).expecting(&[&expected]))
            }
        }
    }

    /// The error that the next token cannot stand here. Among what was expected, words in backticks are suggested when
    /// the token is nearly one.
    pub(crate) fn unexpected(&self, expected: &[&str]) -> SyntaxError {
        let token = self.peek(0);
        let shown = self.text.get(token.span.start..token.span.end).unwrap_or("");
        let error = match &token.kind {
            TokenKind::Bad(error) => return (**error).clone(),
            TokenKind::End if self.at == 0 => SyntaxError::new(token.span, "there is nothing here"),
            TokenKind::End => SyntaxError::new(token.span, "the text ends too early"),
            _ => SyntaxError::new(token.span, format!("unexpected `{}`", cut(shown))),
        };
        let literal = expected.iter().flat_map(|e| e.split('`').skip(1).step_by(2));
        let meant = self.word().and_then(|word| closest(word, literal));
        error.expecting(expected).suggesting(meant)
    }
}

/// Input as an error shows it: its beginning.
pub(crate) fn cut(text: &str) -> String {
    match text.char_indices().nth(limits::SHOWN_INPUT) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
        None => text.to_owned(),
    }
}

pub(crate) fn too_deep(span: Span) -> SyntaxError {
    SyntaxError::new(span, format!("conditions may be nested {} deep, not deeper", limits::DEPTH))
        .helping("save a part as a segment of its own and name it with `in segment \"…\"`")
}
