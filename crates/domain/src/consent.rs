//! What a patient agreed to hear about, and how. Opt-in is product policy; it is never an authorization
//! (45 CFR 164.508), which is another type in another crate.

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What messages are about: `marketing`, `newsletter`, `reminders` … A lower-case word of letters, digits, `_`, `-`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Topic(String);

/// Longest topic name, in bytes.
pub const LONGEST_TOPIC: usize = 40;

/// The text is no topic.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a topic is 1 to {LONGEST_TOPIC} lower-case letters, digits, `_` or `-`, starting with a letter")]
pub struct TopicError;

impl Topic {
    /// Reads a topic name; upper case is folded.
    ///
    /// # Errors
    /// [`TopicError`] when the name has other characters, is empty or too long.
    pub fn parse(text: &str) -> Result<Topic, TopicError> {
        let name = text.trim().to_ascii_lowercase();
        let fits = name.len() <= LONGEST_TOPIC
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-');
        if fits { Ok(Topic(name)) } else { Err(TopicError) }
    }
    /// The topic most clinics start with: news and offers of their own.
    pub fn marketing() -> Topic {
        Topic("marketing".to_owned())
    }
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Topic {
    type Error = TopicError;
    fn try_from(text: String) -> Result<Self, TopicError> {
        Topic::parse(&text)
    }
}
impl From<Topic> for String {
    fn from(topic: Topic) -> String {
        topic.0
    }
}
impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// By what way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Email: the one Discreet sends by.
    Email,
    /// Text message.
    Sms,
    /// Telephone call.
    Phone,
    /// Letter.
    Post,
    /// Patient portal.
    Portal,
}

impl Channel {
    /// All channels.
    pub const ALL: [Channel; 5] =
        [Channel::Email, Channel::Sms, Channel::Phone, Channel::Post, Channel::Portal];
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Channel::Email => "email",
            Channel::Sms => "sms",
            Channel::Phone => "phone",
            Channel::Post => "post",
            Channel::Portal => "portal",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Channel> {
        Channel::ALL.into_iter().find(|c| c.name().eq_ignore_ascii_case(text))
    }
}

/// Where one patient stands on one topic and channel: the latest act of the ledger.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ConsentState {
    /// About what.
    pub topic: Topic,
    /// By what way.
    pub channel: Channel,
    /// Granted, or withdrawn.
    pub granted: bool,
    /// Since when.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics() {
        assert_eq!(Topic::parse(" Marketing ").unwrap().as_str(), "marketing");
        for bad in ["", "9lives", "news letter", "a".repeat(41).as_str(), "naïve"] {
            assert_eq!(Topic::parse(bad), Err(TopicError), "{bad}");
        }
    }
}
