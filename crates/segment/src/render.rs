//! An error as a terminal shows it.

use crate::limits;
use crate::span::Span;
use std::fmt::Write;

/// What is to be shown.
pub(crate) struct Problem<'p> {
    /// `error` or `hint`.
    pub kind: &'static str,
    pub span: Span,
    pub message: &'p str,
    pub expected: &'p [String],
    pub suggestion: Option<&'p str>,
    pub help: Option<&'p str>,
}

impl Problem<'_> {
    /// The message, the line it is about with carets under the place, then what was expected.
    ///
    /// ```text
    /// error: unknown attribute `agee`
    ///   |
    /// 1 | agee >= 50
    ///   | ^^^^
    ///   = did you mean `age`?
    /// ```
    pub(crate) fn render(&self, text: &str) -> String {
        let place = Place::of(text, self.span);
        let number = place.line_number.to_string();
        let margin = " ".repeat(number.len());
        let mut out =
            format!("{}: {}\n{margin} |\n{number} | {}\n{margin} | ", self.kind, self.message, place.shown);
        out.extend(std::iter::repeat_n(' ', place.before));
        out.extend(std::iter::repeat_n('^', place.under.max(1)));
        let expected = (!self.expected.is_empty()).then(|| format!("expected {}", one_of(self.expected)));
        let suggestion = self.suggestion.map(|word| format!("did you mean `{word}`?"));
        for note in [expected, suggestion, self.help.map(str::to_owned)].into_iter().flatten() {
            // Writing to a string cannot fail.
            let _ = write!(out, "\n{margin} = {note}");
        }
        out.push('\n');
        out
    }
}

/// `a`, `a or b`, `a, b or c`
fn one_of(choices: &[String]) -> String {
    match choices {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// A line of the text around a span, and the columns the span takes in it. Of a long line only a stretch is shown.
struct Place {
    line_number: usize,
    shown: String,
    before: usize,
    under: usize,
}

impl Place {
    fn of(text: &str, span: Span) -> Place {
        let start = text.floor_char_boundary(span.start.min(text.len()));
        let (above, _) = text.split_at(start);
        let line_start = above.rfind('\n').map_or(0, |at| at + 1);
        let line = text.get(line_start..).unwrap_or("").lines().next().unwrap_or("");
        let before = above.get(line_start..).unwrap_or("").chars().count();
        let end = text.floor_char_boundary(span.end.clamp(start, text.len()));
        let width = line.chars().count();
        let under = text.get(start..end).unwrap_or("").lines().next().unwrap_or("").chars().count();
        // A third of what is shown stands before the place.
        let skipped = match before.saturating_sub(limits::SHOWN_COLUMNS / 3) {
            _ if width <= limits::SHOWN_COLUMNS => 0,
            skipped => skipped,
        };
        let shown: String = line.chars().skip(skipped).take(limits::SHOWN_COLUMNS).map(plain).collect();
        let room = limits::SHOWN_COLUMNS.saturating_sub(before - skipped);
        Place {
            line_number: above.matches('\n').count() + 1,
            shown,
            before: before - skipped,
            under: under.min(room),
        }
    }
}

/// One column each, and nothing that moves the cursor or turns the direction of writing.
fn plain(c: char) -> char {
    match c {
        '\t' => ' ',
        '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '\u{FFFD}',
        c if c.is_control() => '\u{FFFD}',
        c => c,
    }
}
