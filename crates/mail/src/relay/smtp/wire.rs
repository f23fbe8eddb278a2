//! The bytes of one SMTP connection: lines in, commands out, each with its deadline.

use super::reply::{Collector, Reply};
use crate::limits::LONGEST_REPLY_LINE;
use crate::outcome::Problem;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::time::timeout;

/// A connection, in clear or in TLS.
pub(super) trait Io: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Io for T {}

/// A connection with what was read and not yet understood.
pub(super) struct Wire<S> {
    io: S,
    unread: Vec<u8>,
}

impl<S: Io> Wire<S> {
    pub(super) fn new(io: S) -> Wire<S> {
        Wire { io, unread: Vec::new() }
    }

    /// The connection itself, for TLS to be put over it. Refused when the other side already said more than it was
    /// asked: those bytes were not protected, and must not be read as if they were (CVE-2011-0411).
    pub(super) fn into_io(self) -> Result<S, Problem> {
        if self.unread.is_empty() { Ok(self.io) } else { Err(Problem::Garbled) }
    }

    /// Writes all of it.
    pub(super) async fn write(&mut self, bytes: &[u8], within: Duration) -> Result<(), Problem> {
        let work = async {
            self.io.write_all(bytes).await?;
            self.io.flush().await
        };
        match timeout(within, work).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Problem::Lost),
            Err(_) => Err(Problem::Timeout),
        }
    }

    /// Reads one whole reply.
    pub(super) async fn reply(&mut self, within: Duration) -> Result<Reply, Problem> {
        match timeout(within, self.read_reply()).await {
            Ok(result) => result,
            Err(_) => Err(Problem::Timeout),
        }
    }

    /// Says one line and reads the reply.
    pub(super) async fn ask(&mut self, line: &str, within: Duration) -> Result<Reply, Problem> {
        debug_assert!(!line.contains(['\r', '\n']), "a command is one line");
        self.write(format!("{line}\r\n").as_bytes(), within).await?;
        self.reply(within).await
    }

    async fn read_reply(&mut self) -> Result<Reply, Problem> {
        let mut collector = Collector::default();
        loop {
            let line = self.read_line().await?;
            if collector.line(&line).map_err(|_| Problem::Garbled)? {
                return collector.finish().map_err(|_| Problem::Garbled);
            }
        }
    }

    async fn read_line(&mut self) -> Result<Vec<u8>, Problem> {
        loop {
            if let Some(end) = self.unread.iter().position(|b| *b == b'\n') {
                let mut line: Vec<u8> = self.unread.drain(..=end).collect();
                line.pop();
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(line);
            }
            if self.unread.len() > LONGEST_REPLY_LINE {
                return Err(Problem::Garbled);
            }
            let mut chunk = [0; 1024];
            let n = self.io.read(&mut chunk).await.map_err(|_| Problem::Lost)?;
            let read = chunk.get(..n).filter(|c| !c.is_empty()).ok_or(Problem::Lost)?;
            self.unread.extend_from_slice(read);
        }
    }

    /// Whether the other side is silent and there, as far as can be told without waiting. It is asked before the final
    /// dot and before a connection is used again: an unasked-for answer or a closed connection shows here while it is
    /// still certain that nothing was sent.
    pub(super) async fn quiet(&mut self) -> Result<(), Problem> {
        if !self.unread.is_empty() {
            return Err(Problem::Garbled);
        }
        let mut chunk = [0; 64];
        let io = &mut self.io;
        poll_fn(|cx| {
            let mut buffer = ReadBuf::new(&mut chunk);
            match Pin::new(&mut *io).poll_read(cx, &mut buffer) {
                Poll::Pending => Poll::Ready(Ok(())),
                Poll::Ready(Err(_)) => Poll::Ready(Err(Problem::Lost)),
                Poll::Ready(Ok(())) if buffer.filled().is_empty() => Poll::Ready(Err(Problem::Lost)),
                Poll::Ready(Ok(())) => Poll::Ready(Err(Problem::Garbled)),
            }
        })
        .await
    }
}

/// The message as it goes over the wire, without the final dot: each line that begins with a dot has another before it
/// (RFC 5321 §4.5.2), and it ends with CRLF. `None` when it holds a bare CR or LF, which a relay might read as a line
/// end of its own ("SMTP smuggling").
pub(super) fn dot_stuffed(message: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(message.len() + message.len() / 64 + 2);
    let mut before = b'\n';
    let mut bytes = message.iter().copied().peekable();
    while let Some(b) = bytes.next() {
        match b {
            b'\r' if bytes.peek() != Some(&b'\n') => return None,
            b'\n' if before != b'\r' => return None,
            b'.' if before == b'\n' => out.extend_from_slice(b".."),
            _ => out.push(b),
        }
        before = b;
    }
    if before != b'\n' {
        out.extend_from_slice(b"\r\n");
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots() {
        let stuffed = |m: &str| dot_stuffed(m.as_bytes()).map(|b| String::from_utf8(b).unwrap());
        assert_eq!(stuffed("a\r\n.b\r\n..\r\n").as_deref(), Some("a\r\n..b\r\n...\r\n"));
        assert_eq!(stuffed(".").as_deref(), Some("..\r\n"));
        assert_eq!(stuffed("").as_deref(), Some(""));
        for smuggled in ["a\n.\r\nMAIL FROM:<x>", "a\r.\r\n", "a\r\r\n", "\n", "a\r"] {
            assert_eq!(stuffed(smuggled), None, "{smuggled:?}");
        }
    }
}
