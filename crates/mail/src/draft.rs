//! What an author writes.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A template as its author writes it. Sealed where it is stored; never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The subject line. Merge fields about the organization only.
    pub subject: String,
    /// What mail programs show beside the subject. May be empty.
    pub preheader: String,
    /// What the reader reads.
    pub body: Body,
    /// The sender's display name.
    pub from_name: String,
    /// Where replies go, if not to the sender.
    pub reply_to: Option<String>,
    /// The language it is written in: `en`, `es-MX`.
    pub language: String,
}

/// The body of a template.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Body {
    /// Markdown, put into the organization's layout.
    Markdown(String),
    /// MJML, for those who design their own.
    Mjml(String),
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Draft(_)")
    }
}
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Body(_)")
    }
}

impl Body {
    /// What the author wrote.
    pub fn source(&self) -> &str {
        match self {
            Body::Markdown(text) | Body::Mjml(text) => text,
        }
    }
}
