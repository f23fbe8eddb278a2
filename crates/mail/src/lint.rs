//! Looks for what must not be read by someone else: the PHI linter.
//!
//! A subject, a sender name, a link or an image name is seen by more than the reader of the mail: on lock screens, in
//! logs of mail servers, in proxies. So clinical words and codes there are errors, and errors block. In the body they
//! raise the template's [`Label`](discreet_domain::Label) instead, and the gate judges that.

pub(crate) mod codes;
pub(crate) mod markup;
mod neutral;
pub(crate) mod plain;
mod vocabulary;
pub(crate) mod words;

use crate::limits::MOST_FINDINGS;
use discreet_domain::Label;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;

/// How careful to be with a text, by its clinical words alone.
pub fn label_of(text: &str) -> Label {
    words::in_text(text).into_iter().map(|hit| hit.weight.label()).max().unwrap_or(Label::L0)
}

/// Whether a text holds what looks like a number of one person: a record number, a social security number.
pub fn names_somebody(text: &str) -> bool {
    let of_one = |code: &codes::Code| matches!(code.kind, codes::Kind::Ssn | codes::Kind::Identifier);
    codes::in_text(text).iter().any(of_one)
}

/// Where in a template something was found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The subject line.
    Subject,
    /// The preview text shown beside the subject.
    Preheader,
    /// The sender's display name.
    FromName,
    /// The address replies go to.
    ReplyTo,
    /// The sender's address.
    FromAddress,
    /// The public name of the topic (List-Id, footer).
    ListName,
    /// The language tag.
    Language,
    /// What the reader reads.
    Body,
    /// Where a link leads.
    Link,
    /// Where an image comes from, its file name included.
    Image,
    /// The text in place of an image.
    AltText,
    /// A title or label attribute.
    TitleText,
    /// An id, a name or a class in the markup.
    MarkupName,
    /// A comment in the markup.
    Comment,
    /// A style sheet or style attribute.
    Style,
    /// The organization's own data: name, postal address, hosts.
    Letterhead,
}

impl Place {
    /// Whether its words are read as words, so that others can stand in their place; an address would lead elsewhere.
    const fn is_worded(self) -> bool {
        matches!(self, Place::Subject | Place::Preheader | Place::FromName | Place::AltText)
    }
    /// The word for it, for people.
    pub const fn name(self) -> &'static str {
        match self {
            Place::Subject => "subject",
            Place::Preheader => "preheader",
            Place::FromName => "sender name",
            Place::ReplyTo => "reply-to address",
            Place::FromAddress => "sender address",
            Place::ListName => "topic name",
            Place::Language => "language",
            Place::Body => "body",
            Place::Link => "link",
            Place::Image => "image address",
            Place::AltText => "alt text",
            Place::TitleText => "title text",
            Place::MarkupName => "markup name",
            Place::Comment => "comment",
            Place::Style => "style",
            Place::Letterhead => "letterhead",
        }
    }
}

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// For information: something raised the label.
    Note,
    /// Someone should look.
    Warning,
    /// The template cannot be used like this.
    Error,
}

/// One thing found. The message quotes the template, which is sealed text: show it to its author, do not log it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// How bad.
    pub severity: Severity,
    /// What, for machines and logs: a fixed word.
    pub code: &'static str,
    /// What and why, for the author.
    pub message: String,
    /// Bytes of the author's text at that place, where known.
    pub span: Option<Range<usize>>,
    /// The words it is about, as they were found; empty if it is about no words.
    pub words: Box<str>,
    /// The line, address or name it was found in: who judges it judges all of that.
    #[serde(skip)]
    pub line: Box<str>,
    /// A more neutral wording for those words, where we know one.
    pub instead: Option<&'static str>,
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Finding({:?} {:?} {})", self.severity, self.place, self.code)
    }
}

impl Finding {
    pub(crate) fn error(place: Place, code: &'static str, message: impl Into<String>) -> Finding {
        Finding::new(place, Severity::Error, code, message.into())
    }
    pub(crate) fn warning(place: Place, code: &'static str, message: impl Into<String>) -> Finding {
        Finding::new(place, Severity::Warning, code, message.into())
    }
    pub(crate) fn note(place: Place, code: &'static str, message: impl Into<String>) -> Finding {
        Finding::new(place, Severity::Note, code, message.into())
    }
    fn new(place: Place, severity: Severity, code: &'static str, message: String) -> Finding {
        let (words, line) = (Box::default(), Box::default());
        Finding { place, severity, code, message, span: None, words, line, instead: None }
    }
    pub(crate) fn about(mut self, line: &str) -> Finding {
        self.line = line.into();
        self
    }
    pub(crate) fn quoting(mut self, words: &str) -> Finding {
        self.words = words.into();
        if self.place.is_worded() {
            self.instead = neutral::instead(words);
        }
        self
    }
    pub(crate) fn at(mut self, span: Range<usize>) -> Finding {
        self.span = Some(span);
        self
    }
}

/// Whether any of these blocks.
pub fn blocks(findings: &[Finding]) -> bool {
    findings.iter().any(|f| f.severity == Severity::Error)
}

/// Sorts, removes repetitions and bounds a list of findings; the worst first, so that a bound cuts no error.
pub(crate) fn tidy(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| {
        let start = |f: &Finding| f.span.as_ref().map_or(usize::MAX, |s| s.start);
        b.severity
            .cmp(&a.severity)
            .then_with(|| a.place.cmp(&b.place))
            .then_with(|| start(a).cmp(&start(b)))
            .then_with(|| a.code.cmp(b.code))
            .then_with(|| a.message.cmp(&b.message))
    });
    findings.dedup();
    findings.truncate(MOST_FINDINGS);
    findings
}
