//! Each way a relay can fail, against the catcher: the outcome, and whether the message arrived.

use super::*;
use crate::catcher::{Catcher, CatcherConfig, CatcherTls, Mischief, Stage};
use crate::outcome::Code;
use crate::rendered::Envelope;
use discreet_domain::{EmailAddress, Label, MessageId, PatientId, Phi};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

fn mail_of(bytes: Vec<u8>) -> Rendered {
    let envelope = Envelope {
        message: MessageId::random(),
        addressee: discreet_policy::Addressee::Patient { patient: PatientId::random(), contact_version: 1 },
        to: Phi::new(EmailAddress::parse("zz-canary@example.org").unwrap()),
        return_path: EmailAddress::parse("bounces@mail.lakeside.example").unwrap(),
    };
    Rendered::new(envelope, Label::L1, "x@mail.lakeside.example".to_owned(), bytes)
}
pub(super) fn mail(number: usize) -> Rendered {
    mail_of(format!("Subject: test {number}\r\n\r\nhello\r\n.leading dot\r\n").into_bytes())
}

pub(super) fn config(catcher: &Catcher) -> SmtpConfig {
    let mut config = SmtpConfig::new("localhost", catcher.port(), "mail.lakeside.example");
    match catcher.authority_pem() {
        Some(pem) => config.roots = Roots::Only(pem.to_owned()),
        None => config.tls = SmtpTls::InsecureLoopback,
    }
    config.timeouts = Timeouts {
        connect: Duration::from_secs(5),
        command: Duration::from_secs(5),
        body: Duration::from_secs(5),
        answer: Duration::from_secs(5),
    };
    config
}
pub(super) async fn catcher(config: CatcherConfig) -> Catcher {
    Catcher::start(config).await.unwrap()
}
async fn send(config: &SmtpConfig, mail: &Rendered) -> Outcome {
    SmtpRelay::new(config.clone()).unwrap().send(mail, Leaving(())).await
}
fn not_tried(step: Step, problem: Problem) -> Outcome {
    Outcome::NotTried { reason: Reason::new(step, problem) }
}
fn code(basic: u16, enhanced: (u8, u16, u16)) -> Code {
    Code { basic, enhanced: Some(enhanced) }
}

#[tokio::test]
async fn a_message_arrives_as_it_was_by_each_way() {
    let implicit =
        CatcherConfig { tls: CatcherTls::Implicit { name: "localhost".into() }, ..CatcherConfig::secure() };
    for (caught, tls, secure) in [
        (CatcherConfig::secure(), SmtpTls::StartTls, true),
        (implicit, SmtpTls::Implicit, true),
        (CatcherConfig::plain(), SmtpTls::InsecureLoopback, false),
    ] {
        let catcher = catcher(caught).await;
        let mail = mail(1);
        let config = SmtpConfig { tls, ..config(&catcher) };
        assert_eq!(send(&config, &mail).await, Outcome::Accepted);
        let caught = catcher.message(0).unwrap();
        assert_eq!(caught.bytes, *mail.bytes());
        assert_eq!((caught.from.as_str(), caught.secure), ("bounces@mail.lakeside.example", secure));
        assert_eq!(caught.to, [Phi::new("zz-canary@example.org".to_owned())]);
        assert_eq!(SmtpRelay::new(config).unwrap().is_secure(), secure);
    }
}

#[tokio::test]
async fn answers_become_outcomes() {
    let answered = |step, code| not_tried(step, Problem::Answered(code));
    for (stage, line, outcome) in [
        (Stage::Greeting, "421 4.3.2 closing", answered(Step::Greeting, code(421, (4, 3, 2)))),
        (Stage::Greeting, "554 5.7.1 go away", answered(Step::Greeting, code(554, (5, 7, 1)))),
        (Stage::Hello, "502 5.5.1 what", answered(Step::Hello, code(502, (5, 5, 1)))),
        (Stage::StartTls, "454 4.7.0 not now", answered(Step::Tls, code(454, (4, 7, 0)))),
        (Stage::Sender, "451 4.3.0 later", Outcome::Deferred { code: code(451, (4, 3, 0)) }),
        (Stage::Sender, "550 5.7.1 not you", answered(Step::Sender, code(550, (5, 7, 1)))),
        (
            Stage::Recipient,
            "450 4.2.1 zz-canary@example.org busy",
            Outcome::Deferred { code: code(450, (4, 2, 1)) },
        ),
        (
            Stage::Recipient,
            "550 5.1.1 zz-canary@example.org unknown",
            Outcome::Refused { code: code(550, (5, 1, 1)) },
        ),
        (Stage::Recipient, "421 4.4.5 closing", Outcome::Deferred { code: code(421, (4, 4, 5)) }),
        (Stage::Recipient, "354 what", not_tried(Step::Recipient, Problem::Garbled)),
        (Stage::Data, "451 4.3.1 full", Outcome::Deferred { code: code(451, (4, 3, 1)) }),
        (Stage::Data, "554 5.6.0 no", Outcome::Refused { code: code(554, (5, 6, 0)) }),
        (Stage::Data, "250 what", not_tried(Step::Data, Problem::Garbled)),
        (Stage::Answer, "452 4.3.1 full", Outcome::Deferred { code: code(452, (4, 3, 1)) }),
        (Stage::Answer, "554 5.7.1 spam", Outcome::Refused { code: code(554, (5, 7, 1)) }),
        (Stage::Answer, "550", Outcome::Refused { code: Code::new(550) }),
    ] {
        let catcher = catcher(CatcherConfig::secure()).await;
        catcher.misbehave(Mischief::saying(stage, line));
        let got = send(&config(&catcher), &mail(1)).await;
        assert_eq!(got, outcome, "{stage:?} {line}");
        assert!(!format!("{got:?} {got}").contains("canary"));
        assert_eq!(catcher.count(), 0, "{stage:?} {line}");
    }
}

#[tokio::test]
async fn after_the_dot_only_an_answer_counts() {
    for (mischief, problem) in [
        (Mischief::dropping_at(Stage::Answer), Problem::Lost),
        (Mischief::stalling_at(Stage::Answer), Problem::Timeout),
        (Mischief::saying(Stage::Answer, "what?"), Problem::Garbled),
        (Mischief::saying(Stage::Answer, "334 what"), Problem::Garbled),
        (Mischief::saying(Stage::Answer, "250-never ends\r\n999 x"), Problem::Garbled),
    ] {
        let catcher = catcher(CatcherConfig::secure()).await;
        catcher.misbehave(mischief.clone());
        let mut config = config(&catcher);
        config.timeouts.answer = Duration::from_millis(300);
        let relay = SmtpRelay::new(config).unwrap();
        let got = relay.send(&mail(1), Leaving(())).await;
        assert_eq!(got, Outcome::Unknown { reason: Reason::new(Step::Answer, problem) }, "{mischief:?}");
        assert_eq!(
            (catcher.count(), catcher.connections()),
            (1, 1),
            "kept once, and not sent again: {mischief:?}"
        );
        catcher.misbehave(Mischief::none());
        assert_eq!(relay.send(&mail(2), Leaving(())).await, Outcome::Accepted);
        assert_eq!(catcher.connections(), 2, "a connection in doubt is not used again");
    }
}

#[tokio::test]
async fn before_the_dot_nothing_was_sent() {
    let steps = [
        (Stage::Greeting, Step::Greeting),
        (Stage::Hello, Step::Hello),
        (Stage::StartTls, Step::Tls),
        (Stage::Sender, Step::Sender),
        (Stage::Recipient, Step::Recipient),
        (Stage::Data, Step::Data),
    ];
    for (stage, step) in steps {
        for (mischief, problem) in
            [(Mischief::dropping_at(stage), Problem::Lost), (Mischief::stalling_at(stage), Problem::Timeout)]
        {
            let catcher = catcher(CatcherConfig::secure()).await;
            catcher.misbehave(mischief.clone());
            let mut config = config(&catcher);
            config.timeouts.command = Duration::from_millis(300);
            assert_eq!(send(&config, &mail(1)).await, not_tried(step, problem), "{mischief:?}");
            assert_eq!(catcher.count(), 0);
        }
    }
}

#[tokio::test]
async fn a_connection_dropped_within_the_body() {
    let catcher = catcher(CatcherConfig::secure()).await;
    catcher.misbehave(Mischief { drop_in_body: Some(64 * 1024), ..Mischief::none() });
    let large = mail_of(b"0123456789012345678901234567890123456789\r\n".repeat(400_000));
    assert_eq!(send(&config(&catcher), &large).await, not_tried(Step::Body, Problem::Lost));
    // A small body fits into the socket's buffer: the dot is out before the loss shows, so we must not claim to know.
    catcher.misbehave(Mischief { drop_in_body: Some(1), ..Mischief::none() });
    let got = send(&config(&catcher), &mail(1)).await;
    assert!(matches!(got, Outcome::NotTried { .. } | Outcome::Unknown { .. }), "{got:?}");
    assert_eq!(catcher.count(), 0);
}

#[tokio::test]
async fn answers_nobody_asked_for_are_not_taken_for_ours() {
    for (stage, outcome) in [
        (Stage::Recipient, not_tried(Step::Data, Problem::Garbled)),
        (Stage::Data, not_tried(Step::Body, Problem::Garbled)),
    ] {
        let catcher = catcher(CatcherConfig::plain()).await;
        catcher.misbehave(Mischief { say_twice: Some(stage), ..Mischief::none() });
        assert_eq!(send(&config(&catcher), &mail(1)).await, outcome, "{stage:?}");
        assert_eq!(catcher.count(), 0);
    }
    let catcher = catcher(CatcherConfig::secure()).await;
    catcher.misbehave(Mischief { say_twice: Some(Stage::StartTls), ..Mischief::none() });
    let got = send(&config(&catcher), &mail(1)).await;
    assert!(matches!(got, Outcome::NotTried { reason } if reason.code() == "transport_tls"), "{got:?}");
}

#[tokio::test]
async fn without_safe_transport_nothing_is_said() {
    let tls = |problem| (Step::Tls, problem);
    let secure = catcher(CatcherConfig::secure()).await;
    let other = catcher(CatcherConfig::secure()).await;
    let named = CatcherTls::StartTls { name: "relay.other.example".into() };
    let wrong = catcher(CatcherConfig { tls: named, ..CatcherConfig::secure() }).await;
    let plain = catcher(CatcherConfig::plain()).await;
    let stripped = catcher(CatcherConfig::secure()).await;
    stripped.misbehave(Mischief { no_starttls: true, ..Mischief::none() });
    let roots = |of: &Catcher| Roots::Only(of.authority_pem().unwrap().to_owned());
    let with = |of: &Catcher, tls, roots| SmtpConfig { tls, roots, ..config(of) };
    for (config, (step, problem)) in [
        (with(&stripped, SmtpTls::StartTls, roots(&stripped)), (Step::Hello, Problem::NoStartTls)),
        (with(&plain, SmtpTls::StartTls, roots(&secure)), (Step::Hello, Problem::NoStartTls)),
        (with(&secure, SmtpTls::StartTls, roots(&other)), tls(Problem::Untrusted)),
        (
            with(&secure, SmtpTls::StartTls, Roots::SystemAnd(other.authority_pem().unwrap().to_owned())),
            tls(Problem::Untrusted),
        ),
        (with(&wrong, SmtpTls::StartTls, roots(&wrong)), tls(Problem::WrongName)),
        (with(&plain, SmtpTls::Implicit, roots(&secure)), tls(Problem::Handshake)),
    ] {
        let got = send(&config, &mail(1)).await;
        assert_eq!(got, not_tried(step, problem));
        assert!(matches!(got, Outcome::NotTried { reason } if reason.code() == "transport_tls"));
    }
    for catcher in [secure, other, wrong, plain, stripped] {
        assert_eq!(catcher.count(), 0);
    }
}

#[tokio::test]
async fn clear_text_is_for_loopback() {
    // The address this machine would use to speak to others; nothing is sent to find it out.
    let probe = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    let Ok(address) = probe.connect("192.0.2.1:9").and_then(|()| probe.local_addr()) else { return };
    let Ok(listener) = TcpListener::bind((address.ip(), 0)).await else { return };
    let mut config =
        SmtpConfig::new(&address.ip().to_string(), listener.local_addr().unwrap().port(), "a.example");
    config.tls = SmtpTls::InsecureLoopback;
    assert_eq!(send(&config, &mail(1)).await, not_tried(Step::Connect, Problem::NotLoopback));
}

#[tokio::test]
async fn nobody_there_or_not_usable() {
    let port = catcher(CatcherConfig::plain()).await.port();
    let mut config = SmtpConfig::new("127.0.0.1", port, "a.example");
    config.tls = SmtpTls::InsecureLoopback;
    assert_eq!(send(&config, &mail(1)).await, NO_RELAY);
    for bad in ["a b", "a\r\nb", "", "a..b"] {
        assert!(SmtpRelay::new(SmtpConfig::new(bad, 25, "a.example")).is_err());
        assert!(SmtpRelay::new(SmtpConfig::new("a.example", 25, bad)).is_err());
    }
    let pem = |text: &str| SmtpConfig {
        roots: Roots::Only(text.into()),
        ..SmtpConfig::new("a.example", 25, "b.example")
    };
    assert_eq!(SmtpRelay::new(pem("nonsense")).err(), Some(SmtpSetupError::Tls(TlsSetupError::Pem)));
}

#[tokio::test]
async fn signing_in() {
    let login = Some(("discreet".to_owned(), "correct horse".to_owned()));
    let catcher = catcher(CatcherConfig { login, ..CatcherConfig::secure() }).await;
    let with = |password: &str| SmtpConfig {
        credentials: Some(SmtpCredentials { user: "discreet".into(), password: password.to_owned().into() }),
        ..config(&catcher)
    };
    assert_eq!(send(&with("correct horse"), &mail(1)).await, Outcome::Accepted);
    let wrong = Problem::Answered(code(535, (5, 7, 8)));
    assert_eq!(send(&with("wrong"), &mail(1)).await, not_tried(Step::Auth, wrong));
    let none = Problem::Answered(code(530, (5, 7, 0)));
    assert_eq!(send(&config(&catcher), &mail(1)).await, not_tried(Step::Sender, none));
    let open = self::catcher(CatcherConfig::secure()).await;
    let config = SmtpConfig { credentials: with("x").credentials, ..config(&open) };
    assert_eq!(send(&config, &mail(1)).await, not_tried(Step::Auth, Problem::NoMechanism));
    assert!(!format!("{config:?}").contains('x'), "no password in Debug");
    let relay = SmtpRelay::new(with("correct horse")).unwrap();
    assert_eq!(relay.probe().await, Ok(()));
    assert_eq!(catcher.count(), 1, "a probe sends nothing");
}

#[tokio::test]
async fn connections_are_used_again_within_bounds() {
    let catcher = catcher(CatcherConfig::secure()).await;
    let relay = SmtpRelay::new(SmtpConfig { messages_per_connection: 10, ..config(&catcher) }).unwrap();
    for i in 0..35 {
        assert_eq!(relay.send(&mail(i), Leaving(())).await, Outcome::Accepted);
    }
    assert_eq!((catcher.count(), catcher.connections()), (35, 4));
    // A refused recipient does not cost the connection.
    catcher.misbehave(Mischief::saying(Stage::Recipient, "550 5.1.1 no"));
    assert!(matches!(relay.send(&mail(0), Leaving(())).await, Outcome::Refused { .. }));
    catcher.misbehave(Mischief::none());
    assert_eq!(relay.send(&mail(0), Leaving(())).await, Outcome::Accepted);
    assert_eq!(catcher.connections(), 4);
    relay.close().await;
    assert_eq!(relay.send(&mail(0), Leaving(())).await, Outcome::Accepted);
    assert_eq!(catcher.connections(), 5);
}

#[tokio::test]
async fn a_kept_connection_that_died_costs_nothing() {
    // The relay lets the kept connection go only once it hears MAIL: the loss shows at the worst moment.
    for mischief in
        [Mischief::dropping_at(Stage::Sender), Mischief::saying(Stage::Sender, "421 4.7.0 too many messages")]
    {
        let catcher = catcher(CatcherConfig::secure()).await;
        let relay = SmtpRelay::new(config(&catcher)).unwrap();
        assert_eq!(relay.send(&mail(1), Leaving(())).await, Outcome::Accepted);
        catcher.misbehave(mischief);
        let second = mail(2);
        let sending = relay.send(&second, Leaving(()));
        let behaving = async {
            while catcher.connections() < 2 {
                tokio::task::yield_now().await;
            }
            catcher.misbehave(Mischief::none());
        };
        let (outcome, ()) = tokio::join!(sending, behaving);
        assert_eq!(outcome, Outcome::Accepted);
        assert_eq!((catcher.count(), catcher.connections()), (2, 2));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_messages_by_eight_senders_each_once() {
    const MESSAGES: usize = 2_000;
    const SENDERS: usize = 8;
    let catcher = catcher(CatcherConfig::secure()).await;
    let relay = Arc::new(SmtpRelay::new(config(&catcher)).unwrap());
    let senders: Vec<_> = (0..SENDERS)
        .map(|s| {
            let relay = relay.clone();
            tokio::spawn(async move {
                for i in (s..MESSAGES).step_by(SENDERS) {
                    assert_eq!(relay.send(&mail(i), Leaving(())).await, Outcome::Accepted);
                }
            })
        })
        .collect();
    for sender in senders {
        sender.await.unwrap();
    }
    let subjects: BTreeSet<String> = catcher
        .messages()
        .iter()
        .map(|m| String::from_utf8_lossy(m.bytes.expose()).lines().next().unwrap().to_owned())
        .collect();
    assert_eq!((catcher.count(), subjects.len()), (MESSAGES as u64, MESSAGES));
    let least = MESSAGES / 100;
    assert!(
        (least..=least + SENDERS).contains(&(catcher.connections() as usize)),
        "{}",
        catcher.connections()
    );
}

/// Forwards one connection, but only so many bytes each way; then it is gone.
async fn cutting_proxy(to: u16, up: usize, down: usize) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (client, _) = listener.accept().await.unwrap();
        let server = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
        let ((mut cr, mut cw), (mut sr, mut sw)) = (client.into_split(), server.into_split());
        let upward = async {
            let mut left = up;
            let mut chunk = [0; 4096];
            while left > 0 {
                match cr.read(&mut chunk).await {
                    Ok(n) if n > 0 => {
                        let n = n.min(left);
                        left -= n;
                        sw.write_all(&chunk[..n]).await.unwrap();
                    }
                    _ => return,
                }
            }
        };
        let downward = async {
            let mut left = down;
            let mut chunk = [0; 4096];
            while left > 0 {
                match sr.read(&mut chunk).await {
                    Ok(n) if n > 0 => {
                        let n = n.min(left);
                        left -= n;
                        let _ = cw.write_all(&chunk[..n]).await;
                    }
                    _ => return,
                }
            }
        };
        tokio::select! { () = upward => {}, () = downward => {} }
    });
    port
}

/// The invariant of the outcome, whatever byte the connection dies at: what is called not tried did not arrive, and what
/// arrived is not called not tried.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_cut_at_any_byte_is_never_misjudged() {
    const ALL: usize = 100_000;
    let catcher = Arc::new(catcher(CatcherConfig::plain()).await);
    let mut seen = BTreeSet::new();
    let mut sent = 0;
    for (upward, most) in [(true, 200), (false, 260)] {
        for cut in 0..most {
            let (up, down) = if upward { (cut, ALL) } else { (ALL, cut) };
            let port = cutting_proxy(catcher.port(), up, down).await;
            let config = SmtpConfig { port, host: "127.0.0.1".into(), ..config(&catcher) };
            let outcome = send(&config, &mail(1)).await;
            // Let the catcher finish with what it got.
            tokio::time::sleep(Duration::from_millis(2)).await;
            let arrived = catcher.count() - sent;
            sent = catcher.count();
            match outcome {
                Outcome::NotTried { .. } => assert_eq!(arrived, 0, "cut {cut} upward {upward}: {outcome}"),
                Outcome::Accepted => assert_eq!(arrived, 1, "cut {cut} upward {upward}"),
                Outcome::Unknown { reason } => assert_eq!(reason.step, Step::Answer),
                other => panic!("cut {cut}: {other}"),
            }
            seen.insert((upward, outcome.name(), arrived));
        }
    }
    for expected in [
        (true, "not_tried", 0),
        (true, "accepted", 1),
        (false, "not_tried", 0),
        (false, "unknown", 1),
        (false, "accepted", 1),
    ] {
        assert!(seen.contains(&expected), "{expected:?} not in {seen:?}");
    }
}
