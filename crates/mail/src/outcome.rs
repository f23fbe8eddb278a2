//! What became of a message that was given to a relay.
//!
//! The heart of it is the difference between *not tried* and *unknown*. A message is on its way only once the final dot
//! (`CRLF . CRLF`) left us; so everything that fails before the dot is [`Outcome::NotTried`] and may be tried again, and
//! everything that keeps us from reading the answer after it is [`Outcome::Unknown`] and is never sent again by a
//! machine.

use std::fmt;

/// What became of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The relay took it.
    Accepted,
    /// The relay said: later (4xx). A new try is a new claim and a new decision.
    Deferred {
        /// What the relay answered.
        code: Code,
    },
    /// The relay said: never (5xx), about this recipient or this message.
    Refused {
        /// What the relay answered.
        code: Code,
    },
    /// The message did not leave: it may go back to the queue.
    NotTried {
        /// What kept it.
        reason: Reason,
    },
    /// The message may have left or not. Nobody but a person, or evidence, may decide.
    Unknown {
        /// What kept us from knowing.
        reason: Reason,
    },
}

impl Outcome {
    /// A fixed word for records: `accepted`, `deferred`, `refused`, `not_tried`, `unknown`.
    pub const fn name(&self) -> &'static str {
        match self {
            Outcome::Accepted => "accepted",
            Outcome::Deferred { .. } => "deferred",
            Outcome::Refused { .. } => "refused",
            Outcome::NotTried { .. } => "not_tried",
            Outcome::Unknown { .. } => "unknown",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Accepted => f.write_str("accepted"),
            Outcome::Deferred { code } => write!(f, "deferred: {code}"),
            Outcome::Refused { code } => write!(f, "refused: {code}"),
            Outcome::NotTried { reason } => write!(f, "not tried: {reason}"),
            Outcome::Unknown { reason } => write!(f, "unknown: {reason}"),
        }
    }
}

/// An SMTP answer: its numbers. Never its text, which may hold the address.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Code {
    /// The three digits: 550.
    pub basic: u16,
    /// The enhanced status (RFC 3463), if given: 5.1.1.
    pub enhanced: Option<(u8, u16, u16)>,
}

impl Code {
    /// A code without enhanced status.
    pub const fn new(basic: u16) -> Code {
        Code { basic, enhanced: None }
    }
    /// The relay answered yes (2xx).
    pub const fn is_yes(self) -> bool {
        self.basic / 100 == 2
    }
    /// The relay answered: go on (3xx).
    pub const fn is_more(self) -> bool {
        self.basic / 100 == 3
    }
    /// The relay answered: later (4xx).
    pub const fn is_later(self) -> bool {
        self.basic / 100 == 4
    }
    /// The relay answered: never (5xx).
    pub const fn is_never(self) -> bool {
        self.basic / 100 == 5
    }
    /// Whether a refusal says that the mailbox does not exist or no longer takes mail, so that the address is to be
    /// suppressed. Only an enhanced status says so: a bare 550 is also what relays answer for policy, and would stop mail
    /// to everyone on the day a relay is set up wrongly.
    pub const fn blames_address(self) -> bool {
        match self.enhanced {
            Some((5, 1, 1 | 2 | 3 | 6 | 9 | 10) | (5, 2, 1)) => true,
            Some(_) => false,
            None => false,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.basic)?;
        match self.enhanced {
            Some((class, subject, detail)) => write!(f, " {class}.{subject}.{detail}"),
            None => Ok(()),
        }
    }
}

/// How far a delivery got.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Step {
    /// Before any connection: the door itself.
    Door,
    /// The TCP connection.
    Connect,
    /// The relay's greeting.
    Greeting,
    /// EHLO.
    Hello,
    /// STARTTLS and the TLS handshake.
    Tls,
    /// AUTH.
    Auth,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA.
    Data,
    /// The message, up to but not including the final dot.
    Body,
    /// The final dot and its answer.
    Answer,
}

impl Step {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Step::Door => "door",
            Step::Connect => "connect",
            Step::Greeting => "greeting",
            Step::Hello => "hello",
            Step::Tls => "tls",
            Step::Auth => "auth",
            Step::Sender => "sender",
            Step::Recipient => "recipient",
            Step::Data => "data",
            Step::Body => "body",
            Step::Answer => "answer",
        }
    }
}

/// What went wrong.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Problem {
    /// No connection was made.
    Unreachable,
    /// The relay did not do its part in time.
    Timeout,
    /// The connection was lost.
    Lost,
    /// What the relay said is not SMTP, or not what can be said here.
    Garbled,
    /// The relay said no.
    Answered(Code),
    /// The relay offers no STARTTLS.
    NoStartTls,
    /// The relay's certificate is signed by nobody we trust.
    Untrusted,
    /// The relay's certificate is for another name.
    WrongName,
    /// The relay's certificate is not valid now.
    Expired,
    /// The TLS handshake failed in another way.
    Handshake,
    /// No way to sign in that both sides know.
    NoMechanism,
    /// Clear text is allowed on loopback only.
    NotLoopback,
    /// The permit is for another message, patient, or contact version.
    OtherMail,
    /// The permit is no longer valid.
    PermitExpired,
    /// The message is more delicate than the permit allows.
    LabelAbovePermit,
    /// The message is too long to be given to a relay.
    TooLong,
    /// Sending was stopped between the hand-over and this message's turn.
    Stopped,
}

impl Problem {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Problem::Unreachable => "unreachable",
            Problem::Timeout => "timeout",
            Problem::Lost => "connection_lost",
            Problem::Garbled => "garbled",
            Problem::Answered(_) => "answered",
            Problem::NoStartTls => "no_starttls",
            Problem::Untrusted => "certificate_untrusted",
            Problem::WrongName => "certificate_wrong_name",
            Problem::Expired => "certificate_expired",
            Problem::Handshake => "handshake",
            Problem::NoMechanism => "no_mechanism",
            Problem::NotLoopback => "not_loopback",
            Problem::OtherMail => "other_mail",
            Problem::PermitExpired => "permit_expired",
            Problem::LabelAbovePermit => "label_above_permit",
            Problem::TooLong => "too_long",
            Problem::Stopped => "stopped",
        }
    }
}

/// At which step what went wrong. No text of anybody's in it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Reason {
    /// How far it got.
    pub step: Step,
    /// What went wrong.
    pub problem: Problem,
}

impl Reason {
    /// A reason.
    pub const fn new(step: Step, problem: Problem) -> Reason {
        Reason { step, problem }
    }
    /// The reason code for records and people: `transport_tls` for whatever keeps the transport from being safe.
    pub const fn code(self) -> &'static str {
        match (self.step, self.problem) {
            (Step::Door, problem) => problem.name(),
            (
                _,
                Problem::NoStartTls
                | Problem::Untrusted
                | Problem::WrongName
                | Problem::Expired
                | Problem::Handshake
                | Problem::NotLoopback,
            ) => "transport_tls",
            (Step::Tls, _) => "transport_tls",
            (Step::Connect, _) => "relay_unreachable",
            (Step::Greeting | Step::Hello, _) => "relay_not_ready",
            (Step::Auth, _) => "relay_auth",
            (Step::Sender, Problem::Answered(_)) => "relay_refuses_sender",
            (Step::Answer, _) => "relay_answer_lost",
            (_, Problem::Timeout) => "relay_timeout",
            (_, Problem::Garbled) => "relay_garbled",
            (_, _) => "relay_connection_lost",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} at {}", self.code(), self.problem.name(), self.step.name())?;
        match self.problem {
            Problem::Answered(code) => write!(f, ": {code})"),
            _ => f.write_str(")"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_records() {
        let r = Reason::new(Step::Hello, Problem::NoStartTls);
        assert_eq!(
            (r.code(), r.to_string().as_str()),
            ("transport_tls", "transport_tls (no_starttls at hello)")
        );
        let code = Code { basic: 450, enhanced: Some((4, 7, 0)) };
        let r = Outcome::NotTried { reason: Reason::new(Step::Sender, Problem::Answered(code)) };
        assert_eq!(r.to_string(), "not tried: relay_refuses_sender (answered at sender: 450 4.7.0)");
        assert_eq!(Reason::new(Step::Answer, Problem::Timeout).code(), "relay_answer_lost");
        assert_eq!(Reason::new(Step::Door, Problem::PermitExpired).code(), "permit_expired");
    }

    #[test]
    fn what_blames_the_address() {
        let code = |basic, enhanced| Code { basic, enhanced };
        assert!(code(550, Some((5, 1, 1))).blames_address());
        assert!(!code(550, None).blames_address());
        assert!(!code(550, Some((5, 7, 1))).blames_address());
        assert!(!code(552, Some((5, 3, 4))).blames_address());
        assert!(!code(554, None).blames_address());
    }
}
