//! Conditions on events, and filters on their fields.

use super::cursor::{Parser, Read};
use super::lex::TokenKind;
use crate::ast::{Count, Edge, EdgeTest, Events, Filter, Leaf};
use crate::error::SyntaxError;
use crate::limits;
use crate::words;

const FIELD: &str = "a test on a field, such as `status = booked`";
const WHERE_ENDS: &str = "a `where` takes tests on the event's fields only; put the events in parentheses: \
                          `(any appointment where …) and …`";
const ONLY_ANY: &str =
    "one event after another is asked with `any`: `any … then … within …`, or `not (any … then …)`";
const WINDOW_FIRST: &str = "the window stands behind the first event: `any email_click in last 90 days then appointment within 14 days`";

impl Parser<'_> {
    /// events   = count kind ["where" filter] [window]
    /// sequence = "any" kind ["where" filter] [window] "then" kind ["where" filter] "within" length
    pub(crate) fn events(&mut self) -> Read<Leaf> {
        let count = self.count()?;
        let of = self.of()?;
        let window = self.optional_window()?;
        if !self.is_word("then") {
            return Ok(Leaf::Events { count, of, window });
        }
        if count != Count::Any {
            return Err(self.unexpected(&[]).helping(ONLY_ANY));
        }
        self.advance();
        let then = self.of()?;
        if self.at_window() {
            return Err(self.unexpected(&["`within`, as in `within 14 days`"]).helping(WINDOW_FIRST));
        }
        self.need_word("within")?;
        let within = self.length()?;
        if self.at_window() {
            return Err(self.unexpected(&["`and`", "`or`", "the end"]).helping(WINDOW_FIRST));
        }
        Ok(Leaf::Sequence { first: of, window, then, within })
    }

    /// count = "any" | "no" | "at" "least" number | "at" "most" number | "exactly" number
    fn count(&mut self) -> Read<Count> {
        let word = self.word();
        self.advance();
        let most = limits::EVENT_COUNT;
        match word {
            Some("any") => Ok(Count::Any),
            Some("no") => Ok(Count::No),
            Some("exactly") => self.integer("a number of events", 0, most).map(Count::Exactly),
            _ if self.eat_word("least") => {
                self.integer("a number of events, from 1", 1, most).map(Count::AtLeast)
            }
            _ if self.eat_word("most") => self.integer("a number of events", 0, most).map(Count::AtMost),
            _ => Err(self.unexpected(&["`least`", "`most`"])),
        }
    }

    fn of(&mut self) -> Read<Events> {
        let kind = self.name("a kind of event, such as `appointment`")?;
        let filter = if self.eat_word("where") { Some(self.filter()?) } else { None };
        Ok(Events { kind, filter })
    }

    /// edge = ("latest" | "first") kind ["where" filter] (window | filter_unary)
    pub(crate) fn edge(&mut self, which: Edge) -> Read<Leaf> {
        self.advance();
        let of = self.of()?;
        let test = if self.at_window() {
            EdgeTest::Time(self.window()?)
        } else if self.field_may_begin(0) {
            EdgeTest::Fields(self.filter_unary()?)
        } else {
            let error = self.unexpected(&["a test on that event, such as `value > 9`", "a window"]);
            return Err(error.suggesting(None));
        };
        Ok(Leaf::Edge { which, of, test })
    }

    /// filter = filter_both { "or" filter_both }
    fn filter(&mut self) -> Read<Filter> {
        let mut parts = vec![self.filter_both()?];
        while self.is_word("or") && self.field_may_begin(1) {
            self.advance();
            parts.push(self.filter_both()?);
        }
        Ok(crate::normal::join_filters(parts, Filter::Any))
    }

    /// filter_both = filter_unary { "and" filter_unary }
    ///
    /// An `and` or `or` after which a condition begins that is no test on a field ends the filter: `any appointment
    /// where status = booked and has condition …` needs no parentheses.
    fn filter_both(&mut self) -> Read<Filter> {
        let mut parts = vec![self.filter_unary()?];
        while self.is_word("and") && self.field_may_begin(1) {
            self.advance();
            parts.push(self.filter_unary()?);
        }
        Ok(crate::normal::join_filters(parts, Filter::All))
    }

    /// Whether what begins so many tokens ahead can be a test on a field, past any `not` and parentheses.
    fn field_may_begin(&self, ahead: usize) -> bool {
        // Deeper than this is an error anyway, and a bounded look keeps parsing linear.
        for at in ahead..ahead + limits::DEPTH {
            if self.peek(at).kind == TokenKind::Open || self.word_at(at) == Some("not") {
                continue;
            }
            return match self.word_at(at) {
                Some(word) => {
                    !words::NEVER_IN_WHERE.contains(&word) && !matches!(word, "and" | "or" | "where")
                }
                None => ahead > 0,
            };
        }
        true
    }

    /// filter_unary = "not" filter_unary | "(" filter ")" | "missing" name | name test
    fn filter_unary(&mut self) -> Read<Filter> {
        if self.eat_word("not") {
            return self.deeper(Self::filter_unary).map(|inner| Filter::Not(Box::new(inner)));
        }
        if self.eat(&TokenKind::Open) {
            let inner = self.deeper(Self::filter)?;
            if !self.eat(&TokenKind::Close) {
                if self.is_word("and") || self.is_word("or") {
                    self.advance();
                    return Err(self.unexpected(&[FIELD]).suggesting(None).helping(WHERE_ENDS));
                }
                return Err(self.unexpected(&["`)`", "`and`", "`or`"]));
            }
            return Ok(inner);
        }
        if self.eat_word("missing") {
            return self.name("the name of a field").map(|name| Filter::Missing { name });
        }
        let name = self.name(FIELD).map_err(|error| self.in_filter(error))?;
        let test = self.test(&name)?;
        Ok(Filter::Field { name, test })
    }

    fn in_filter(&self, error: SyntaxError) -> SyntaxError {
        match self.word() {
            Some(word) if words::STARTERS.contains(&word) => error.suggesting(None).helping(WHERE_ENDS),
            _ => error,
        }
    }
}
