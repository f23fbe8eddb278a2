//! Tests on one value, lists, and code patterns.

use super::cursor::{Parser, Read};
use super::lex::TokenKind;
use crate::ast::{Op, Quantity, Test, Word};
use crate::error::SyntaxError;
use crate::limits;
use crate::pattern::{CodePattern, Pattern};
use crate::span::Spanned;
use crate::suggest::closest;
use crate::words;
use discreet_domain::System;

/// A value as written: a word, or a code.
enum Term {
    Word(Word),
    Code(Spanned<Pattern>),
}

const TESTS: [&str; 8] =
    ["`=`", "`>=`", "`in (…)`", "`in 1..9`", "`contains`", "`starts with`", "`has any (…)`", "a window"];

impl Parser<'_> {
    /// test = op term | "in" "(" terms ")" | "in" range | "contains" value | "starts" "with" value
    ///      | "has" ("any" | "all" | "none") "(" values ")" | window
    pub(crate) fn test(&mut self, subject: &Word) -> Read<Test> {
        if let TokenKind::Op(op) = *self.kind() {
            self.advance();
            return self.comparison(op);
        }
        if self.at_window() {
            return self.window().map(Test::Window);
        }
        match self.word() {
            Some("in") => {
                self.advance();
                if *self.kind() == TokenKind::Open { self.one_of() } else { self.range() }
            }
            Some("contains") => {
                self.advance();
                self.value("a value").map(Test::Contains)
            }
            Some("starts") => {
                self.advance();
                self.need_word("with")?;
                self.value("a value").map(Test::StartsWith)
            }
            Some("has") => {
                self.advance();
                self.has()
            }
            _ => Err(self.no_test(subject)),
        }
    }

    /// op = "=" | "!=" | "<" | "<=" | ">" | ">="
    fn comparison(&mut self, op: Op) -> Read<Test> {
        match (op, self.term()?) {
            (op, Term::Word(value)) => Ok(Test::Compare { op, value }),
            (Op::Equal, Term::Code(code)) => Ok(Test::IsCode(code)),
            (Op::NotEqual, Term::Code(code)) => Ok(Test::IsNotCode(code)),
            (_, Term::Code(code)) => {
                let message = "codes have no order";
                Err(SyntaxError::new(code.span, message)
                    .expecting(&["a number or date, or `=` before the code"]))
            }
        }
    }

    /// "(" term { "," term } ")"
    fn one_of(&mut self) -> Read<Test> {
        let mut words = Vec::new();
        let mut codes = Vec::new();
        self.list(|parser| {
            match parser.term()? {
                Term::Word(word) if codes.is_empty() => words.push(word),
                Term::Code(code) if words.is_empty() => codes.push(code),
                Term::Word(Spanned { span, .. }) | Term::Code(Spanned { span, .. }) => {
                    return Err(SyntaxError::new(span, "codes and other values cannot be mixed in one list"));
                }
            }
            Ok(())
        })?;
        Ok(if codes.is_empty() { Test::OneOf(words) } else { Test::CodeIn(codes) })
    }

    /// "(" item { "," item } ")"
    pub(crate) fn list(&mut self, mut item: impl FnMut(&mut Self) -> Read<()>) -> Read<()> {
        self.need(&TokenKind::Open, "a list such as `(a, b)`")?;
        for count in 1.. {
            if count > limits::LIST_ITEMS {
                let message = format!("a list has at most {} items", limits::LIST_ITEMS);
                return Err(SyntaxError::new(self.span(), message));
            }
            item(self)?;
            if self.eat(&TokenKind::Close) {
                break;
            }
            self.need(&TokenKind::Comma, "`,` or `)`")?;
        }
        Ok(())
    }

    /// range = value ".." [value] | ".." value    The value after `..` follows it without a space.
    fn range(&mut self) -> Read<Test> {
        let what = "a range such as `50..74`, a list such as `(a, b)`, or a window such as `in last 90 days`";
        let from = if *self.kind() == TokenKind::Range { None } else { Some(self.value(what)?) };
        let dots = self.span();
        self.need(&TokenKind::Range, "`..`, as in `50..74`")?;
        let follows = self.span().start == dots.end;
        let value_is_next = matches!(self.kind(), TokenKind::Word | TokenKind::Quoted(_));
        let to = if follows && value_is_next { Some(self.value(what)?) } else { None };
        if from.is_none() && to.is_none() {
            return Err(self.unexpected(&["the end of the range, without a space: `..74`"]));
        }
        Ok(Test::Range { from, to })
    }

    /// "has" ("any" | "all" | "none") "(" value { "," value } ")"
    fn has(&mut self) -> Read<Test> {
        let quantity = match self.word() {
            Some("any") => Quantity::Any,
            Some("all") => Quantity::All,
            Some("none") => Quantity::None,
            _ => return Err(self.unexpected(&["`any`", "`all`", "`none`"])),
        };
        self.advance();
        let mut values = Vec::new();
        self.list(|parser| {
            values.push(parser.value("a value")?);
            Ok(())
        })?;
        Ok(Test::Has { quantity, values })
    }

    /// term = pattern | value
    fn term(&mut self) -> Read<Term> {
        let code = *self.kind() == TokenKind::At || self.peek(1).kind == TokenKind::Colon;
        if code {
            return self.pattern().map(Term::Code);
        }
        let value = self.value("a value")?;
        if *self.kind() == TokenKind::Star {
            let message = "a code needs its system before it";
            return Err(SyntaxError::new(value.span, message).expecting(&["a code such as `icd10:E11*`"]));
        }
        Ok(Term::Word(value))
    }

    /// pattern = "@" value | system ":" (code ["*"] | "*")
    /// system = a short name such as `icd10`, or a URI in quotes
    pub(crate) fn pattern(&mut self) -> Read<Spanned<Pattern>> {
        let start = self.span();
        if self.eat(&TokenKind::At) {
            let name = self.value("the name of a value set")?;
            return Ok(Spanned::new(Pattern::Set(name.node), self.since(start)));
        }
        let system = self.system()?;
        if !self.eat(&TokenKind::Colon) {
            return Err(self.unexpected(&["`:` and the code, as in `icd10:E11.9`"]));
        }
        let value = match self.kind() {
            TokenKind::Star => String::new(),
            TokenKind::Quoted(text) => {
                let text = text.clone();
                self.advance();
                text
            }
            _ => match self.word() {
                Some(word) => {
                    self.advance();
                    word.to_owned()
                }
                None => return Err(self.unexpected(&["a code such as `E11.9`, or `*`"])),
            },
        };
        let subtree = self.eat(&TokenKind::Star);
        let span = self.since(start);
        let code =
            if subtree { CodePattern::under(system, &value) } else { CodePattern::exact(system, &value) };
        if code.code.value.is_empty() && !subtree {
            return Err(SyntaxError::new(span, "a code cannot be empty"));
        }
        Ok(Spanned::new(Pattern::Code(code), span))
    }

    fn system(&mut self) -> Read<System> {
        let what = "a code such as `icd10:E11.9`, a subtree such as `icd10:E11*`, or a value set such as `@diabetes`";
        if let TokenKind::Quoted(uri) = self.kind() {
            let system = System::parse(uri);
            self.advance();
            return Ok(system);
        }
        let Some(word) = self.word() else { return Err(self.unexpected(&[what])) };
        match System::parse(word) {
            System::Other(_) if self.peek(1).kind == TokenKind::Colon => {
                let known: Vec<System> = System::known().collect();
                let error = SyntaxError::new(self.span(), format!("unknown code system `{word}`"));
                Err(error.suggesting(closest(word, known.iter().map(System::name))).helping(
                    "any other system is named by its URI in quotes, `\"urn:x\":123`; \
                         a text with `:` in it stands in quotes as a whole",
                ))
            }
            System::Other(_) => Err(self.unexpected(&[what])),
            system => {
                self.advance();
                Ok(system)
            }
        }
    }

    /// A name was read, and no test follows it.
    fn no_test(&self, subject: &Word) -> SyntaxError {
        let name = &subject.node;
        let lower = name.to_lowercase();
        if lower != *name && !words::may_be_value(&lower) {
            let message = format!("words of the language are lower case: `{name}`");
            return SyntaxError::new(subject.span, message).suggesting(Some(lower));
        }
        if let TokenKind::Bad(_) = self.kind() {
            return self.unexpected(&TESTS);
        }
        match (self.word(), self.word_at(1)) {
            (Some("not"), Some("in")) => {
                let help = format!("put `not` before the name: `not {name} in (…)`");
                return self.unexpected(&TESTS).suggesting(None).helping(help);
            }
            (Some("within"), _) => {
                let help = "only an attribute can be near a ZIP code; put events before it in parentheses";
                return self.unexpected(&TESTS).suggesting(None).helping(help);
            }
            (Some("where"), _) => {
                let help = format!("a kind of event needs a number before it, as in `any {name} where …`");
                return self.unexpected(&TESTS).suggesting(None).helping(help);
            }
            (Some("is" | "equals"), _) => return self.unexpected(&TESTS).suggesting(Some("=".to_owned())),
            _ => {}
        }
        match closest(name, words::STARTERS) {
            Some(starter) if !matches!(self.kind(), TokenKind::End) => {
                SyntaxError::new(subject.span, format!("unexpected `{name}`")).suggesting(Some(starter))
            }
            _ => {
                let error = self.unexpected(&TESTS);
                let help = format!("`{name}` is a name: a test must follow it, as in `{name} = …`");
                error.suggesting(None).helping(help)
            }
        }
    }
}
