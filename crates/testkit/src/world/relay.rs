//! A relay that records what it is given, and answers as it is told to.

use discreet_domain::{EmailAddress, MessageId, PatientId, Phi};
use discreet_mail::{Code, Leaving, Outcome, Problem, Reason, Relay, Rendered, Step};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// One message that a relay was given.
#[derive(Clone, Debug)]
pub struct Given {
    /// Which.
    pub message: MessageId,
    /// To whom, if it went to a patient and not to whoever asked for it.
    pub patient: Option<PatientId>,
    /// The mailbox.
    pub to: Phi<EmailAddress>,
    /// The whole message.
    pub bytes: Phi<Vec<u8>>,
    /// What it answered.
    pub outcome: Outcome,
}

/// A relay for tests. Accepts everything at once, unless told otherwise.
#[derive(Debug)]
pub struct TestRelay {
    given: Mutex<Vec<Given>>,
    /// Answers to come, by address; then it accepts.
    script: Mutex<HashMap<String, VecDeque<Outcome>>>,
    delay: Duration,
    stalled: watch::Sender<bool>,
}

impl Default for TestRelay {
    fn default() -> Self {
        TestRelay::slow(Duration::ZERO)
    }
}

impl TestRelay {
    /// A relay that takes so long for each message.
    pub fn slow(delay: Duration) -> TestRelay {
        TestRelay {
            given: Mutex::default(),
            script: Mutex::default(),
            delay,
            stalled: watch::Sender::new(false),
        }
    }
    /// What it will answer to messages to this address, one after the other.
    pub fn answer(&self, address: &str, outcomes: &[Outcome]) {
        let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        script.entry(address.to_lowercase()).or_default().extend(outcomes);
    }
    /// Takes messages and answers nothing, until [`go_on`](TestRelay::go_on).
    pub fn stall(&self) {
        self.stalled.send_replace(true);
    }
    /// Answers what waits.
    pub fn go_on(&self) {
        self.stalled.send_replace(false);
    }
    /// All it was given and has answered, in order.
    pub fn given(&self) -> Vec<Given> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
    /// What it accepted, in order.
    pub fn accepted(&self) -> Vec<MessageId> {
        self.given().into_iter().filter(|g| g.outcome == Outcome::Accepted).map(|g| g.message).collect()
    }
    /// What it was given from the message of this number on.
    pub fn since(&self, n: usize) -> Vec<Given> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner).iter().skip(n).cloned().collect()
    }
}

impl Relay for TestRelay {
    async fn send(&self, mail: &Rendered, _by: Leaving) -> Outcome {
        if self.delay > Duration::ZERO {
            tokio::time::sleep(self.delay).await;
        }
        let mut stalled = self.stalled.subscribe();
        let _ = stalled.wait_for(|stalled| !stalled).await;
        let address = mail.to().expose().as_str().to_lowercase();
        let next = {
            let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
            script.get_mut(&address).and_then(VecDeque::pop_front)
        };
        let outcome = next.unwrap_or(Outcome::Accepted);
        self.given.lock().unwrap_or_else(PoisonError::into_inner).push(Given {
            message: mail.message(),
            patient: mail.addressee().patient(),
            to: mail.to().clone(),
            bytes: mail.bytes().clone(),
            outcome,
        });
        outcome
    }
}

/// 450 4.2.0: later.
pub const LATER: Outcome = Outcome::Deferred { code: Code { basic: 450, enhanced: Some((4, 2, 0)) } };
/// 550 5.1.1: there is no such mailbox.
pub const NO_MAILBOX: Outcome = Outcome::Refused { code: Code { basic: 550, enhanced: Some((5, 1, 1)) } };
/// 550 5.7.1: refused for policy, which says nothing about the address.
pub const NOT_THIS: Outcome = Outcome::Refused { code: Code { basic: 550, enhanced: Some((5, 7, 1)) } };
/// The relay was not reached.
pub const NOT_TRIED: Outcome = Outcome::NotTried { reason: Reason::new(Step::Connect, Problem::Unreachable) };
/// The answer to the final dot was lost.
pub const UNKNOWN: Outcome = Outcome::Unknown { reason: Reason::new(Step::Answer, Problem::Lost) };
