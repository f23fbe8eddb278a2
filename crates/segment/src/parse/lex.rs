//! Text to tokens. What is no token becomes one that carries its error, so that the parser reports whatever comes first.

use crate::ast::Op;
use crate::error::SyntaxError;
use crate::limits;
use crate::span::Span;
use crate::words::is_word_char;

/// A token, and where it stands.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

/// What a token is. A word's text is the text of its span.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum TokenKind {
    Word,
    Quoted(String),
    Open,
    Close,
    Comma,
    Colon,
    Star,
    At,
    /// `..`
    Range,
    Op(Op),
    Bad(Box<SyntaxError>),
    End,
}

/// All tokens of a text; the last is `End`, or the first `Bad` one.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        let token = lexer.token();
        let last = matches!(token.kind, TokenKind::End | TokenKind::Bad(_));
        tokens.push(token);
        if last {
            return tokens;
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn token(&mut self) -> Token {
        self.skip_space();
        let start = self.at;
        let mut chars = self.rest().chars();
        let Some(first) = chars.next() else {
            return Token { kind: TokenKind::End, span: Span::new(start, start) };
        };
        let second = chars.next().unwrap_or(' ');
        let (kind, length) = match (first, second) {
            ('.', '.') => (TokenKind::Range, 2),
            ('(', _) => (TokenKind::Open, 1),
            (')', _) => (TokenKind::Close, 1),
            (',', _) => (TokenKind::Comma, 1),
            (':', _) => (TokenKind::Colon, 1),
            ('*', _) => (TokenKind::Star, 1),
            ('@', _) => (TokenKind::At, 1),
            ('!', '=') => (TokenKind::Op(Op::NotEqual), 2),
            ('<', '=') => (TokenKind::Op(Op::AtMost), 2),
            ('>', '=') => (TokenKind::Op(Op::AtLeast), 2),
            ('=', c) if c != '=' => (TokenKind::Op(Op::Equal), 1),
            ('<', c) if c != '>' => (TokenKind::Op(Op::Less), 1),
            ('>', _) => (TokenKind::Op(Op::Greater), 1),
            ('"', _) => return self.quoted(),
            (c, d) if c.is_alphanumeric() || c == '_' || (c == '-' && d.is_ascii_digit()) => {
                return self.word();
            }
            _ => return self.bad(stray(first, second, Span::new(start, start + first.len_utf8()))),
        };
        self.at += length;
        Token { kind, span: Span::new(start, self.at) }
    }

    /// White space, and comments from `#` to the end of the line.
    fn skip_space(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            let skipped = rest.len() - trimmed.len();
            let comment =
                if trimmed.starts_with('#') { trimmed.find('\n').unwrap_or(trimmed.len()) } else { 0 };
            if skipped + comment == 0 {
                return;
            }
            self.at += skipped + comment;
        }
    }

    fn word(&mut self) -> Token {
        let start = self.at;
        let rest = self.rest();
        let mut length = 0;
        for (at, c) in rest.char_indices() {
            let range_begins = c == '.' && rest.get(at..).is_some_and(|r| r.starts_with(".."));
            if !is_word_char(c) || range_begins {
                break;
            }
            length = at + c.len_utf8();
        }
        self.at += length;
        let span = Span::new(start, self.at);
        if length > limits::WORD_BYTES {
            return self.bad(too_long(span));
        }
        Token { kind: TokenKind::Word, span }
    }

    /// `"…"`, with `\"`, `\\`, `\n` and `\t` in it.
    fn quoted(&mut self) -> Token {
        let start = self.at;
        let mut words = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            let here = Span::new(start + at, start + at + c.len_utf8());
            match c {
                '"' => {
                    let span = Span::new(start, here.end);
                    if words.len() > limits::WORD_BYTES {
                        return self.bad(too_long(span));
                    }
                    self.at = here.end;
                    return Token { kind: TokenKind::Quoted(words), span };
                }
                '\\' => match chars.next().and_then(|(_, escaped)| unescaped(escaped)) {
                    Some(c) => words.push(c),
                    None => {
                        let error = SyntaxError::new(here, "`\\` begins no escape here");
                        return self.bad(error.expecting(&["`\\\"`", "`\\\\`", "`\\n`", "`\\t`"]));
                    }
                },
                c if c.is_control() => {
                    let error = SyntaxError::new(here, "a control character cannot stand in text");
                    return self.bad(error.helping("write a line break as `\\n` and a tab as `\\t`"));
                }
                c => words.push(c),
            }
        }
        let opening = Span::new(start, start + 1);
        self.bad(
            SyntaxError::new(opening, "this quote is never closed")
                .expecting(&["`\"` at the end of the value"]),
        )
    }

    fn bad(&mut self, error: SyntaxError) -> Token {
        let span = error.span;
        Token { kind: TokenKind::Bad(Box::new(error)), span }
    }
}

fn unescaped(c: char) -> Option<char> {
    match c {
        '"' | '\\' => Some(c),
        'n' => Some('\n'),
        't' => Some('\t'),
        _ => None,
    }
}

fn too_long(span: Span) -> SyntaxError {
    SyntaxError::new(span, format!("a name or value is at most {} bytes long", limits::WORD_BYTES))
}

/// A character that begins no token, and what was perhaps meant by it.
fn stray(first: char, second: char, span: Span) -> SyntaxError {
    let (shown, meant) = match (first, second) {
        ('=', '=') => ("==".to_owned(), Some("=")),
        ('<', '>') => ("<>".to_owned(), Some("!=")),
        ('&', '&') => ("&&".to_owned(), Some("and")),
        ('|', '|') => ("||".to_owned(), Some("or")),
        ('&', _) => ("&".to_owned(), Some("and")),
        ('|', _) => ("|".to_owned(), Some("or")),
        ('!', _) => ("!".to_owned(), Some("not")),
        ('\'' | '“' | '”' | '„' | '‘' | '’', _) => (first.to_string(), Some("\"")),
        ('≤', _) => ("≤".to_owned(), Some("<=")),
        ('≥', _) => ("≥".to_owned(), Some(">=")),
        ('≠', _) => ("≠".to_owned(), Some("!=")),
        ('…', _) => ("…".to_owned(), Some("..")),
        _ => (first.escape_debug().to_string(), None),
    };
    // Two characters only if both are of one byte each: the table above has no others.
    let span = if shown.chars().count() == 2 && shown.is_ascii() && !shown.starts_with('\\') {
        Span::new(span.start, span.start + 2)
    } else {
        span
    };
    let error = SyntaxError::new(span, format!("`{shown}` is not part of the language"));
    match meant {
        Some(_) => error.suggesting(meant.map(str::to_owned)),
        None => error.helping("a value with this character in it must stand in double quotes"),
    }
}
