//! Windows of time and lengths.

use super::cursor::{Parser, Read, cut};
use crate::error::SyntaxError;
use crate::limits;
use crate::span::Spanned;
use crate::window::{Length, Unit, Window};
use discreet_domain::Day;

const WINDOWS: [&str; 6] =
    ["`in last`", "`in next`", "`more than … ago`", "`before`", "`after`", "`between … and …`"];

impl Parser<'_> {
    /// Whether a window begins here.
    pub(crate) fn at_window(&self) -> bool {
        match self.word() {
            Some("in") => match self.word_at(1) {
                Some("last" | "next") => true,
                // Not the language, but near enough to say what is.
                Some("the") => matches!(self.word_at(2), Some("last" | "next" | "past")),
                Some("past") => self.word_at(2).is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit())),
                _ => false,
            },
            Some("more" | "before" | "after" | "between") => true,
            _ => false,
        }
    }

    /// [window]
    pub(crate) fn optional_window(&mut self) -> Read<Option<Spanned<Window>>> {
        if self.at_window() { self.window().map(Some) } else { Ok(None) }
    }

    /// window = "in" "last" length | "in" "next" length | "more" "than" length "ago"
    ///        | "before" date | "after" date | "between" date "and" date
    pub(crate) fn window(&mut self) -> Read<Spanned<Window>> {
        let start = self.span();
        let window = match self.word() {
            Some("in") => self.relative()?,
            Some("more") => {
                self.advance();
                self.need_word("than")?;
                let length = self.length()?;
                self.need_word("ago")?;
                Window::Ago(length)
            }
            Some("before") => {
                self.advance();
                Window::Before(self.date()?)
            }
            Some("after") => {
                self.advance();
                Window::After(self.date()?)
            }
            Some("between") => {
                self.advance();
                let first = self.date()?;
                self.need_word("and")?;
                Window::Between(first, self.date()?)
            }
            _ => return Err(self.unexpected(&WINDOWS)),
        };
        Ok(Spanned::new(window, self.since(start)))
    }

    fn relative(&mut self) -> Read<Window> {
        self.advance();
        if self.is_word("the") {
            let help = "leave `the` out: `in last 12 months`";
            return Err(self.unexpected(&["`last`", "`next`"]).suggesting(None).helping(help));
        }
        if self.eat_word("last") {
            return self.length().map(Window::InLast);
        }
        if self.eat_word("next") {
            return self.length().map(Window::InNext);
        }
        // `in past 90 days`: nothing else comes here.
        Err(self.unexpected(&["`last`", "`next`"]).suggesting(Some("last".to_owned())))
    }

    /// length = number unit
    pub(crate) fn length(&mut self) -> Read<Length> {
        let number = self.span();
        let count = self.integer("a whole number, as in `90 days`", 1, Unit::Hours.most())?;
        let Some(unit) = self.word().and_then(Unit::parse) else {
            return Err(self.unexpected(&["`hours`", "`days`", "`weeks`", "`months`", "`years`"]));
        };
        self.advance();
        if count > unit.most() {
            let message = format!("a window is at most {} years long", limits::WINDOW_YEARS);
            return Err(SyntaxError::new(self.since(number), message));
        }
        Ok(Length { count, unit })
    }

    /// date = YYYY-MM-DD
    fn date(&mut self) -> Read<Day> {
        let value = self.value("a date such as `2026-01-31`")?;
        date(&value.node).ok_or_else(|| not_a_date(&value.node, value.span))
    }
}

/// A date of the language, if the text is one.
pub(crate) fn date(text: &str) -> Option<Day> {
    let day = Day::parse(text).ok()?;
    let (year, ..) = day.ymd();
    limits::YEARS.contains(&year).then_some(day)
}

fn not_a_date(text: &str, span: crate::Span) -> SyntaxError {
    SyntaxError::new(span, format!("`{}` is not a date", cut(text)))
        .expecting(&["a date such as `2026-01-31`"])
}
