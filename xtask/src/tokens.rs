//! A file as a flat row of tokens. Unlike the syntax tree it also shows what stands inside macro calls, where
//! `println!("{}", name.expose())` would otherwise hide a call. Comments are gone; literals are one token each.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;

/// One token and its line.
#[derive(Debug)]
pub struct Token {
    /// As written.
    pub text: String,
    /// Counted from 1.
    pub line: usize,
    /// A string, number or character.
    pub literal: bool,
}

/// All tokens of a stream, brackets included.
pub fn flatten(stream: TokenStream) -> Vec<Token> {
    let mut row = Vec::new();
    push_all(stream, &mut row);
    row
}

fn push_all(stream: TokenStream, row: &mut Vec<Token>) {
    for tree in stream {
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                row.push(token(open, group.span_open().start().line));
                push_all(group.stream(), row);
                row.push(token(close, group.span_close().start().line));
            }
            TokenTree::Literal(literal) => {
                row.push(Token { literal: true, ..token(&literal.to_string(), literal.span().start().line) })
            }
            TokenTree::Ident(ident) => row.push(token(&ident.to_string(), ident.span().start().line)),
            TokenTree::Punct(punct) => row.push(token(&punct.to_string(), punct.span().start().line)),
        }
    }
}

fn token(text: &str, line: usize) -> Token {
    Token { text: text.to_owned(), line, literal: false }
}

/// The tokens of one piece of syntax, as words.
pub fn words(piece: &impl ToTokens) -> Vec<String> {
    flatten(piece.to_token_stream()).into_iter().map(|token| token.text).collect()
}

/// A pattern such as `vault.open(` or `SystemTime::now`, cut into tokens.
pub fn pattern(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut in_word = false;
    for c in text.chars() {
        let word = c.is_alphanumeric() || c == '_';
        match tokens.last_mut() {
            Some(last) if word && in_word => last.push(c),
            _ if !c.is_whitespace() => tokens.push(c.to_string()),
            _ => {}
        }
        in_word = word;
    }
    tokens
}

/// The lines on which a pattern stands. A declaration (`fn hand_over`, `mod deliver`) is not a use.
pub fn find(row: &[Token], pattern: &[String]) -> Vec<usize> {
    let mut lines = Vec::new();
    for (at, window) in row.windows(pattern.len().max(1)).enumerate() {
        let same = window.iter().zip(pattern).all(|(token, wanted)| !token.literal && token.text == *wanted);
        let before = at.checked_sub(1).and_then(|before| row.get(before)).map(|t| t.text.as_str());
        if same && !matches!(before, Some("fn" | "mod")) {
            lines.extend(window.first().map(|token| token.line));
        }
    }
    lines.dedup();
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(code: &str, what: &str) -> Vec<usize> {
        find(&flatten(code.parse().unwrap()), &pattern(what))
    }

    #[test]
    fn patterns_are_cut_like_code() {
        assert_eq!(pattern("vault.open("), ["vault", ".", "open", "("]);
        assert_eq!(pattern("a::b_c !"), ["a", ":", ":", "b_c", "!"]);
    }

    #[test]
    fn finds_uses_even_inside_macros_but_no_declarations_comments_or_strings() {
        let code =
            "fn expose() {}\n// x.expose()\nconst S: &str = \"x.expose()\";\nfn f() { log!(x . expose ()); }";
        assert_eq!(lines(code, ".expose("), [4]);
        assert_eq!(lines(code, "expose"), [4]);
        assert_eq!(lines("use a::{deliver as d};", "deliver"), [1]);
    }
}
