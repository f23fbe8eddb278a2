//! One connection to the catcher.

use super::{Shared, Stage};
use crate::limits::{LONGEST_CAUGHT_LINE, LONGEST_MESSAGE, MOST_CAUGHT_RECIPIENTS};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

/// How long a silent client is kept.
const PATIENCE: Duration = Duration::from_secs(300);

/// Talks to one client until it leaves.
pub(super) async fn run(tcp: TcpStream, shared: Arc<Shared>, acceptor: Option<TlsAcceptor>, implicit: bool) {
    // Errors are the client leaving; there is nobody to tell.
    let _ = match (acceptor, implicit) {
        (Some(acceptor), true) => match acceptor.accept(tcp).await {
            Ok(tls) => Talk::new(tls, shared, true).greet_and_talk().await,
            Err(e) => Err(e),
        },
        (Some(acceptor), false) => upgraded(tcp, shared, acceptor).await,
        (None, _) => Talk::new(tcp, shared, false).greet_and_talk().await,
    };
}

async fn upgraded(tcp: TcpStream, shared: Arc<Shared>, acceptor: TlsAcceptor) -> io::Result<()> {
    let mut clear = Talk::new(tcp, shared.clone(), false);
    clear.offers_starttls = true;
    if !clear.say(Stage::Greeting, "220 catcher ESMTP").await? {
        return Ok(());
    }
    if clear.talk().await? == Next::StartTls {
        let tls = acceptor.accept(clear.io.into_inner()).await?;
        let mut secure = Talk::new(tls, shared, true);
        secure.talk().await?;
    }
    Ok(())
}

#[derive(PartialEq, Eq, Debug)]
enum Next {
    Goodbye,
    StartTls,
}

struct Talk<S> {
    io: BufReader<S>,
    shared: Arc<Shared>,
    secure: bool,
    offers_starttls: bool,
    signed_in: bool,
    from: Option<String>,
    to: Vec<String>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Talk<S> {
    fn new(io: S, shared: Arc<Shared>, secure: bool) -> Talk<S> {
        let signed_in = shared.login.is_none();
        Talk {
            io: BufReader::new(io),
            shared,
            secure,
            offers_starttls: false,
            signed_in,
            from: None,
            to: Vec::new(),
        }
    }

    async fn greet_and_talk(mut self) -> io::Result<()> {
        if self.say(Stage::Greeting, "220 catcher ESMTP").await? {
            self.talk().await?;
        }
        Ok(())
    }

    /// Says the answer of a stage, unless there is mischief. Returns whether to go on as if it was said.
    async fn say(&mut self, stage: Stage, line: &str) -> io::Result<bool> {
        let mischief = self.shared.mischief();
        if let Some(pause) = mischief.slow {
            tokio::time::sleep(pause).await;
        }
        if mischief.stall_at == Some(stage) {
            return std::future::pending().await;
        }
        if mischief.drop_at == Some(stage) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        if let Some((_, instead)) = mischief.say.as_ref().filter(|(s, _)| *s == stage) {
            self.line(instead).await?;
            return Ok(instead.starts_with(['2', '3']));
        }
        self.line(line).await?;
        if mischief.say_twice == Some(stage) {
            self.line(line).await?;
        }
        Ok(true)
    }

    async fn line(&mut self, line: &str) -> io::Result<()> {
        self.io.write_all(format!("{line}\r\n").as_bytes()).await?;
        self.io.flush().await
    }

    async fn read(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        let most = u64::try_from(LONGEST_CAUGHT_LINE).unwrap_or(u64::MAX);
        let n =
            tokio::time::timeout(PATIENCE, (&mut self.io).take(most).read_until(b'\n', &mut line)).await??;
        if n == 0 || line.last() != Some(&b'\n') {
            return Ok(None);
        }
        Ok(Some(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned()))
    }

    async fn talk(&mut self) -> io::Result<Next> {
        while let Some(line) = self.read().await? {
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" | "HELO" => self.hello().await?,
                "STARTTLS" if self.offers_starttls && !self.shared.mischief().no_starttls => {
                    if self.say(Stage::StartTls, "220 2.0.0 go ahead").await? {
                        return Ok(Next::StartTls);
                    }
                }
                "AUTH" => self.auth(rest).await?,
                "MAIL" => self.mail(rest).await?,
                "RCPT" => self.recipient(rest).await?,
                "DATA" => self.data().await?,
                "RSET" => {
                    self.reset();
                    self.line("250 2.0.0 ok").await?;
                }
                "NOOP" => self.line("250 2.0.0 ok").await?,
                "QUIT" => {
                    self.line("221 2.0.0 bye").await?;
                    return Ok(Next::Goodbye);
                }
                _ => self.line("502 5.5.1 unknown command").await?,
            }
        }
        Ok(Next::Goodbye)
    }

    fn reset(&mut self) {
        self.from = None;
        self.to.clear();
    }

    async fn hello(&mut self) -> io::Result<()> {
        let mut lines = vec!["catcher", "SIZE 26214400", "8BITMIME", "ENHANCEDSTATUSCODES"];
        if self.offers_starttls && !self.shared.mischief().no_starttls {
            lines.push("STARTTLS");
        }
        if self.shared.login.is_some() {
            lines.push("AUTH PLAIN LOGIN");
        }
        let last = lines.pop().unwrap_or("catcher");
        let mut text: String = lines.iter().map(|l| format!("250-{l}\r\n")).collect();
        text.push_str(&format!("250 {last}"));
        self.say(Stage::Hello, &text).await?;
        Ok(())
    }

    async fn auth(&mut self, rest: &str) -> io::Result<()> {
        let decoded = |text: &str| {
            STANDARD.decode(text).ok().and_then(|b| String::from_utf8(b).ok()).unwrap_or_default()
        };
        let (user, password) = match rest.split_once(' ') {
            Some((_, initial)) => {
                let text = decoded(initial);
                let mut parts = text.splitn(3, '\0').skip(1).map(str::to_owned);
                (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
            }
            None => {
                self.line("334 VXNlcm5hbWU6").await?;
                let user = self.read().await?.unwrap_or_default();
                self.line("334 UGFzc3dvcmQ6").await?;
                let password = self.read().await?.unwrap_or_default();
                (decoded(&user), decoded(&password))
            }
        };
        if self.shared.login.as_ref().is_some_and(|(u, p)| *u == user && *p == password) {
            self.signed_in = self.say(Stage::Auth, "235 2.7.0 welcome").await?;
            Ok(())
        } else {
            self.line("535 5.7.8 no").await
        }
    }

    async fn mail(&mut self, rest: &str) -> io::Result<()> {
        if !self.signed_in {
            return self.line("530 5.7.0 sign in first").await;
        }
        let Some(address) = path(rest, "FROM:") else {
            return self.line("501 5.5.4 MAIL FROM:<address>").await;
        };
        if self.from.is_some() {
            return self.line("503 5.5.1 nested MAIL").await;
        }
        if self.say(Stage::Sender, "250 2.1.0 ok").await? {
            self.from = Some(address);
        }
        Ok(())
    }

    async fn recipient(&mut self, rest: &str) -> io::Result<()> {
        let Some(address) = path(rest, "TO:") else { return self.line("501 5.5.4 RCPT TO:<address>").await };
        if self.from.is_none() {
            return self.line("503 5.5.1 MAIL first").await;
        }
        if self.to.len() >= MOST_CAUGHT_RECIPIENTS {
            return self.line("452 4.5.3 too many recipients").await;
        }
        if self.say(Stage::Recipient, "250 2.1.5 ok").await? {
            self.to.push(address);
        }
        Ok(())
    }

    async fn data(&mut self) -> io::Result<()> {
        if self.to.is_empty() {
            return self.line("503 5.5.1 RCPT first").await;
        }
        if !self.say(Stage::Data, "354 go ahead").await? {
            return Ok(());
        }
        let bytes = self.body().await?;
        let (from, to) = (self.from.take().unwrap_or_default(), std::mem::take(&mut self.to));
        // What a relay that answers "no" took is nothing; what one that dies before answering took, it has.
        let answers_no =
            self.shared.mischief().say.is_some_and(|(s, l)| s == Stage::Answer && l.starts_with(['4', '5']));
        if !answers_no {
            self.shared.take(from, to, bytes, self.secure);
        }
        self.say(Stage::Answer, "250 2.0.0 kept").await?;
        Ok(())
    }

    async fn body(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        loop {
            let start = bytes.len();
            let room = u64::try_from(LONGEST_MESSAGE.saturating_sub(start)).unwrap_or(0);
            let n = tokio::time::timeout(PATIENCE, (&mut self.io).take(room).read_until(b'\n', &mut bytes))
                .await??;
            if self.shared.mischief().drop_in_body.is_some_and(|most| bytes.len() >= most) {
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            match bytes.get(start..) {
                Some(b".\r\n") => {
                    bytes.truncate(start);
                    return Ok(bytes);
                }
                Some([b'.', ..]) => {
                    bytes.remove(start);
                }
                _ if n == 0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                _ => {}
            }
        }
    }
}

/// `FROM:<address> …` → the address.
fn path(rest: &str, word: &str) -> Option<String> {
    let after = rest
        .get(..word.len())
        .filter(|w| w.eq_ignore_ascii_case(word))
        .and_then(|_| rest.get(word.len()..))?;
    let inner = after.trim_start().strip_prefix('<')?;
    inner.split_once('>').map(|(address, _)| address.to_owned())
}
