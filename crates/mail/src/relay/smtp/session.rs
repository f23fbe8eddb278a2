//! One SMTP session, step by step, so that each failure is known to be before or after the point of no return.
//!
//! ```text
//! connect → greeting → EHLO → STARTTLS → EHLO → AUTH     all before: NotTried
//! MAIL → RCPT → DATA → message without the final dot     a "no" is Deferred or Refused; anything else: NotTried
//! ────────────────────── the final dot ──────────────────────
//! the answer                                             2xx Accepted, 4xx Deferred, 5xx Refused; anything else: Unknown
//! ```

use super::SmtpConfig;
use super::SmtpTls;
use super::tls::Tls;
use super::wire::{Io, Wire, dot_stuffed};
use crate::limits::LONGEST_MESSAGE;
use crate::outcome::{Code, Outcome, Problem, Reason, Step};
use crate::rendered::Rendered;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret as _;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use zeroize::Zeroizing;

/// A session that is signed in and ready for a message.
pub(super) struct Session {
    wire: Wire<Box<dyn Io>>,
    /// Messages given to it so far.
    pub(super) used: usize,
    /// Whether it stands right after a finished message (or the sign-in), so that the next may begin.
    clean: bool,
}

/// How a delivery over a session ended.
pub(super) struct Ended {
    pub(super) outcome: Outcome,
    /// The connection was lost before anything was said that counts; on a used session, a fresh one may do it.
    pub(super) stale: bool,
}

fn at(step: Step) -> impl Fn(Problem) -> Reason {
    move |problem| Reason::new(step, problem)
}

fn expect(step: Step, code: Code) -> Result<(), Reason> {
    if code.is_yes() { Ok(()) } else { Err(Reason::new(step, Problem::Answered(code))) }
}

impl Session {
    /// Connects, secures and signs in. Nothing of any message is said here.
    pub(super) async fn open(config: &SmtpConfig, tls: Option<&Tls>) -> Result<Session, Reason> {
        let within = config.timeouts.command;
        let connecting = TcpStream::connect((config.host.as_str(), config.port));
        let tcp = match timeout(config.timeouts.connect, connecting).await {
            Ok(Ok(tcp)) => tcp,
            Ok(Err(_)) => return Err(Reason::new(Step::Connect, Problem::Unreachable)),
            Err(_) => return Err(Reason::new(Step::Connect, Problem::Timeout)),
        };
        // Commands are small and wait for answers; the message is written whole.
        let _ = tcp.set_nodelay(true);
        let loopback = tcp.peer_addr().is_ok_and(|a| a.ip().is_loopback());
        let (mut wire, offers) = match (config.tls, tls) {
            (SmtpTls::Implicit, Some(tls)) => {
                let mut wire = Wire::new(secured(tls, tcp, within).await?);
                greeted(&mut wire, within).await?;
                let offers = Offers::ask(&mut wire, config).await?;
                (wire, offers)
            }
            (SmtpTls::StartTls, Some(tls)) => {
                let mut clear = Wire::new(tcp);
                greeted(&mut clear, within).await?;
                if !Offers::ask(&mut clear, config).await?.starttls {
                    return Err(Reason::new(Step::Hello, Problem::NoStartTls));
                }
                let answer = clear.ask("STARTTLS", within).await.map_err(at(Step::Tls))?;
                expect(Step::Tls, answer.code)?;
                let tcp = clear.into_io().map_err(at(Step::Tls))?;
                let mut wire = Wire::new(secured(tls, tcp, within).await?);
                // What was offered in clear may have been altered: ask again.
                let offers = Offers::ask(&mut wire, config).await?;
                (wire, offers)
            }
            (SmtpTls::InsecureLoopback, _) if loopback => {
                let mut wire: Wire<Box<dyn Io>> = Wire::new(Box::new(tcp));
                greeted(&mut wire, within).await?;
                let offers = Offers::ask(&mut wire, config).await?;
                (wire, offers)
            }
            _ => return Err(Reason::new(Step::Connect, Problem::NotLoopback)),
        };
        sign_in(&mut wire, &offers, config).await?;
        Ok(Session { wire, used: 0, clean: true })
    }

    /// Whether the session can be used for another message. It may have died unseen; then the first command shows it, and
    /// [`Ended::stale`] says so.
    pub(super) async fn ready(&mut self) -> bool {
        self.clean && self.wire.quiet().await.is_ok()
    }

    /// Whether it can be kept for another message, as far as we know.
    pub(super) fn reusable(&self) -> bool {
        self.clean
    }

    /// Gives one message to the relay.
    pub(super) async fn give(&mut self, mail: &Rendered, config: &SmtpConfig) -> Ended {
        self.used += 1;
        self.clean = false;
        let (outcome, stale) = match self.before_the_dot(mail, config).await {
            Ok(()) => (self.the_dot(config).await, false),
            Err(outcome) => (outcome, is_stale(outcome)),
        };
        Ended { outcome, stale }
    }

    /// Everything up to the last byte that can be taken back.
    async fn before_the_dot(&mut self, mail: &Rendered, config: &SmtpConfig) -> Result<(), Outcome> {
        let not_tried = |step| move |problem| Outcome::NotTried { reason: Reason::new(step, problem) };
        let message = mail.bytes().expose();
        if message.len() > LONGEST_MESSAGE {
            return Err(not_tried(Step::Door)(Problem::TooLong));
        }
        let stuffed = dot_stuffed(message).ok_or_else(|| not_tried(Step::Door)(Problem::Garbled))?;
        let within = config.timeouts.command;
        let sender = format!("MAIL FROM:<{}>", mail.return_path().as_str());
        let answer = self.wire.ask(&sender, within).await.map_err(not_tried(Step::Sender))?.code;
        match answer {
            code if code.is_yes() => {}
            code if code.is_later() => return Err(self.declined(Outcome::Deferred { code }, config).await),
            // A refused sender is our fault, not the recipient's: nobody's address may suffer for it.
            code => {
                return Err(self.declined(not_tried(Step::Sender)(Problem::Answered(code)), config).await);
            }
        }
        let recipient = format!("RCPT TO:<{}>", mail.to().expose().as_str());
        let answer = self.wire.ask(&recipient, within).await.map_err(not_tried(Step::Recipient))?.code;
        if !answer.is_yes() {
            return Err(self.no(Step::Recipient, answer, config).await);
        }
        let answer = self.wire.ask("DATA", within).await.map_err(not_tried(Step::Data))?.code;
        if !answer.is_more() {
            return Err(self.no(Step::Data, answer, config).await);
        }
        self.wire.write(&stuffed, config.timeouts.body).await.map_err(not_tried(Step::Body))?;
        // A relay that spoke or left meanwhile took nothing; after the dot we could not tell.
        self.wire.quiet().await.map_err(not_tried(Step::Body))
    }

    /// The point of no return. From the first byte of this write on, only an answer makes an outcome.
    async fn the_dot(&mut self, config: &SmtpConfig) -> Outcome {
        let unknown = |problem| Outcome::Unknown { reason: Reason::new(Step::Answer, problem) };
        if let Err(problem) = self.wire.write(b".\r\n", config.timeouts.command).await {
            return unknown(problem);
        }
        let code = match self.wire.reply(config.timeouts.answer).await {
            Ok(reply) => reply.code,
            Err(problem) => return unknown(problem),
        };
        self.clean = code.basic != CLOSING;
        match code {
            code if code.is_yes() => Outcome::Accepted,
            code if code.is_later() => Outcome::Deferred { code },
            code if code.is_never() => Outcome::Refused { code },
            _ => {
                self.clean = false;
                unknown(Problem::Garbled)
            }
        }
    }

    /// A "no" to RCPT or DATA.
    async fn no(&mut self, step: Step, code: Code, config: &SmtpConfig) -> Outcome {
        let outcome = match code {
            code if code.is_later() => Outcome::Deferred { code },
            code if code.is_never() => Outcome::Refused { code },
            _ => return Outcome::NotTried { reason: Reason::new(step, Problem::Garbled) },
        };
        self.declined(outcome, config).await
    }

    /// After a "no", the session is made ready for the next message, or given up.
    async fn declined(&mut self, outcome: Outcome, config: &SmtpConfig) -> Outcome {
        let closing = matches!(outcome, Outcome::Deferred { code } if code.basic == CLOSING);
        if !closing {
            let reset = self.wire.ask("RSET", config.timeouts.command).await;
            self.clean = reset.is_ok_and(|reply| reply.code.is_yes());
        }
        outcome
    }

    /// Says goodbye, without waiting long for an answer.
    pub(super) async fn quit(mut self) {
        let _ = self.wire.ask("QUIT", Duration::from_secs(1)).await;
    }
}

/// Whether a delivery ended at its first command for a reason that may be the connection's age.
fn is_stale(outcome: Outcome) -> bool {
    match outcome {
        Outcome::NotTried { reason } => {
            reason.step == Step::Sender && matches!(reason.problem, Problem::Lost | Problem::Timeout)
        }
        Outcome::Deferred { code } => code.basic == CLOSING,
        _ => false,
    }
}

/// The relay is closing the connection (RFC 5321 §3.8).
const CLOSING: u16 = 421;

async fn secured(tls: &Tls, tcp: TcpStream, within: Duration) -> Result<Box<dyn Io>, Reason> {
    match timeout(within, tls.over(tcp)).await {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        Ok(Err(problem)) => Err(Reason::new(Step::Tls, problem)),
        Err(_) => Err(Reason::new(Step::Tls, Problem::Timeout)),
    }
}

async fn greeted<S: Io>(wire: &mut Wire<S>, within: Duration) -> Result<(), Reason> {
    let greeting = wire.reply(within).await.map_err(at(Step::Greeting))?;
    expect(Step::Greeting, greeting.code)
}

/// What the relay can do.
struct Offers {
    starttls: bool,
    plain: bool,
    login: bool,
}

impl Offers {
    async fn ask<S: Io>(wire: &mut Wire<S>, config: &SmtpConfig) -> Result<Offers, Reason> {
        let hello = format!("EHLO {}", config.hello_name);
        let reply = wire.ask(&hello, config.timeouts.command).await.map_err(at(Step::Hello))?;
        expect(Step::Hello, reply.code)?;
        let auth = reply.keyword("AUTH").unwrap_or("").to_ascii_uppercase();
        let has = |mechanism: &str| auth.split(' ').any(|m| m == mechanism);
        Ok(Offers { starttls: reply.keyword("STARTTLS").is_some(), plain: has("PLAIN"), login: has("LOGIN") })
    }
}

async fn sign_in<S: Io>(wire: &mut Wire<S>, offers: &Offers, config: &SmtpConfig) -> Result<(), Reason> {
    let Some(credentials) = &config.credentials else { return Ok(()) };
    let (user, password) = (credentials.user.as_str(), credentials.password.expose_secret());
    let within = config.timeouts.command;
    let secret = |text: String| Zeroizing::new(STANDARD.encode(Zeroizing::new(text).as_bytes()));
    let answer = if offers.plain {
        let line = Zeroizing::new(format!("AUTH PLAIN {}", *secret(format!("\0{user}\0{password}"))));
        wire.ask(&line, within).await.map_err(at(Step::Auth))?
    } else if offers.login {
        for line in [String::from("AUTH LOGIN"), STANDARD.encode(user)] {
            let more = wire.ask(&line, within).await.map_err(at(Step::Auth))?;
            if !more.code.is_more() {
                return Err(Reason::new(Step::Auth, Problem::Answered(more.code)));
            }
        }
        wire.ask(&secret(password.to_owned()), within).await.map_err(at(Step::Auth))?
    } else {
        return Err(Reason::new(Step::Auth, Problem::NoMechanism));
    };
    expect(Step::Auth, answer.code)
}
