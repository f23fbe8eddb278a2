//! As much of IMAP as it takes to read a mailbox.

use super::post_office::PASSWORD;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

pub struct Mailbox {
    stream: BufReader<TcpStream>,
    tag: u32,
}

impl Mailbox {
    pub fn open(port: u16, address: &str) -> Mailbox {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut mailbox = Mailbox { stream: BufReader::new(stream), tag: 0 };
        mailbox.line();
        mailbox.command(&format!("LOGIN \"{address}\" \"{PASSWORD}\""));
        mailbox.command("SELECT INBOX");
        mailbox
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        assert!(self.stream.read_line(&mut line).unwrap() > 0, "IMAP hung up");
        line.trim_end().to_owned()
    }

    /// Says something; the literals of the answer.
    fn command(&mut self, text: &str) -> Vec<Vec<u8>> {
        self.tag += 1;
        let tag = format!("a{}", self.tag);
        self.stream.get_mut().write_all(format!("{tag} {text}\r\n").as_bytes()).unwrap();
        let mut literals = Vec::new();
        loop {
            let line = self.line();
            if let Some(rest) = line.strip_prefix(&format!("{tag} ")) {
                assert!(rest.starts_with("OK"), "{text}: {rest}");
                return literals;
            }
            if let Some(size) = line.strip_suffix('}').and_then(|l| l.rsplit_once('{')) {
                let mut literal = vec![0; size.1.parse().unwrap()];
                self.stream.read_exact(&mut literal).unwrap();
                literals.push(literal);
            }
        }
    }

    /// All messages.
    pub fn messages(&mut self) -> Vec<Vec<u8>> {
        self.command("FETCH 1:* (BODY.PEEK[])")
    }
}
