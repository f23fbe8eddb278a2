//! What is wrong with a text, so that it teaches: the place, what was expected, and the word that was perhaps meant.

use crate::span::Span;
use serde::Serialize;

/// The text is no segment. One error: the parser stops at the first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// Where, in the text that was parsed (for JSON: in the JSON text).
    pub span: Span,
    /// What is wrong: lower case, no full stop, input in backticks.
    pub message: String,
    /// What could stand there instead.
    pub expected: Vec<String>,
    /// The word that was perhaps meant.
    pub suggestion: Option<String>,
    /// What to do about it, if more than that.
    pub help: Option<String>,
}

impl SyntaxError {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> SyntaxError {
        SyntaxError { span, message: message.into(), expected: Vec::new(), suggestion: None, help: None }
    }
    #[must_use]
    pub(crate) fn expecting(mut self, expected: &[&str]) -> SyntaxError {
        self.expected = expected.iter().map(|e| (*e).to_owned()).collect();
        self
    }
    #[must_use]
    pub(crate) fn suggesting(mut self, suggestion: Option<String>) -> SyntaxError {
        self.suggestion = suggestion;
        self
    }
    #[must_use]
    pub(crate) fn helping(mut self, help: impl Into<String>) -> SyntaxError {
        self.help = Some(help.into());
        self
    }
    /// For a terminal: the line with a caret under the place, then what was expected.
    pub fn render(&self, text: &str) -> String {
        let problem = crate::render::Problem {
            kind: "error",
            span: self.span,
            message: &self.message,
            expected: &self.expected,
            suggestion: self.suggestion.as_deref(),
            help: self.help.as_deref(),
        };
        problem.render(text)
    }
}

/// What kind of thing `check` found wrong.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckErrorKind {
    /// The catalog has no such attribute.
    UnknownAttribute,
    /// The catalog has no such event kind.
    UnknownEvent,
    /// The event kind has no such field.
    UnknownField,
    /// There is no such value set.
    UnknownValueSet,
    /// There is no such segment.
    UnknownSegment,
    /// There is no such topic.
    UnknownTopic,
    /// The place of this ZIP code is not known.
    UnknownZip,
    /// The test does not fit the type.
    WrongTest,
    /// The value does not fit the type.
    WrongValue,
    /// Nothing can be in this range or window.
    EmptyRange,
    /// The segment contains itself.
    Cycle,
    /// A segment it names does not check itself.
    BrokenSegment,
    /// Something is too long, too deep or too much.
    TooLarge,
    /// The absence of such events proves nothing.
    NoProof,
    /// This installation cannot answer it.
    NotSupported,
}

/// The text is a segment, but does not fit this installation. `check` reports all it finds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct CheckError {
    /// What kind of error.
    pub kind: CheckErrorKind,
    /// Where, in [`Parsed::text`](crate::Parsed::text).
    pub span: Span,
    /// The way from the root of the tree to the condition: which child at each step.
    pub path: Vec<usize>,
    /// What is wrong: lower case, no full stop, input in backticks.
    pub message: String,
    /// What could stand there instead.
    pub expected: Vec<String>,
    /// The word that was perhaps meant.
    pub suggestion: Option<String>,
    /// What to do about it, if more than that.
    pub help: Option<String>,
}

impl CheckError {
    /// For a terminal: the line with a caret under the place, then what was expected.
    pub fn render(&self, text: &str) -> String {
        let problem = crate::render::Problem {
            kind: "error",
            span: self.span,
            message: &self.message,
            expected: &self.expected,
            suggestion: self.suggestion.as_deref(),
            help: self.help.as_deref(),
        };
        problem.render(text)
    }
}

/// Allowed, but perhaps not meant.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Hint {
    /// Where, in [`Parsed::text`](crate::Parsed::text).
    pub span: Span,
    /// The way from the root of the tree to the condition.
    pub path: Vec<usize>,
    /// What is odd.
    pub message: String,
    /// What was perhaps meant.
    pub suggestion: Option<String>,
}

impl Hint {
    /// For a terminal: the line with a caret under the place, then what was perhaps meant.
    pub fn render(&self, text: &str) -> String {
        let problem = crate::render::Problem {
            kind: "hint",
            span: self.span,
            message: &self.message,
            expected: &[],
            suggestion: self.suggestion.as_deref(),
            help: None,
        };
        problem.render(text)
    }
}
