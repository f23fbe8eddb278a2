//! What a relay can do wrong, on demand.

use std::time::Duration;

/// A point of the conversation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Stage {
    /// The greeting.
    Greeting,
    /// EHLO.
    Hello,
    /// STARTTLS.
    StartTls,
    /// AUTH.
    Auth,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA.
    Data,
    /// The answer to the final dot.
    Answer,
}

/// What goes wrong, and where. All off by default.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Mischief {
    /// STARTTLS is not offered, and refused.
    pub no_starttls: bool,
    /// At this stage, this is said instead of yes: `550 5.1.1 no such user`.
    pub say: Option<(Stage, String)>,
    /// At this stage the connection is dropped without a word. At [`Stage::Answer`] the message was kept.
    pub drop_at: Option<Stage>,
    /// The connection is dropped after so many bytes of the message.
    pub drop_in_body: Option<usize>,
    /// At this stage nothing is said any more.
    pub stall_at: Option<Stage>,
    /// Each answer takes so long.
    pub slow: Option<Duration>,
    /// At this stage, a second answer is said unasked after the first.
    pub say_twice: Option<Stage>,
}

impl Mischief {
    /// None at all: behave.
    pub fn none() -> Mischief {
        Mischief::default()
    }
    /// Says this at that stage.
    pub fn saying(stage: Stage, line: &str) -> Mischief {
        Mischief { say: Some((stage, line.to_owned())), ..Mischief::default() }
    }
    /// Drops the connection at that stage.
    pub fn dropping_at(stage: Stage) -> Mischief {
        Mischief { drop_at: Some(stage), ..Mischief::default() }
    }
    /// Says nothing any more from that stage on.
    pub fn stalling_at(stage: Stage) -> Mischief {
        Mischief { stall_at: Some(stage), ..Mischief::default() }
    }
}
