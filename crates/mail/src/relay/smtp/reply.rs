//! SMTP replies: bytes → numbers and keywords. Pure.

use crate::limits::{LONGEST_REPLY_LINE, MOST_REPLY_LINES};
use crate::outcome::Code;

/// A whole reply. The text of its lines is kept only for EHLO's keywords and is never shown.
pub(super) struct Reply {
    pub(super) code: Code,
    lines: Vec<String>,
}

/// Not an SMTP reply.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Garbled;

/// Collects the lines of one reply.
#[derive(Default)]
pub(super) struct Collector {
    basic: Option<u16>,
    enhanced: Option<(u8, u16, u16)>,
    lines: Vec<String>,
}

impl Collector {
    /// Takes one line without its line end. Returns whether the reply is complete.
    pub(super) fn line(&mut self, line: &[u8]) -> Result<bool, Garbled> {
        if line.len() > LONGEST_REPLY_LINE || self.lines.len() >= MOST_REPLY_LINES {
            return Err(Garbled);
        }
        let (digits, rest) = line.split_at_checked(3).ok_or(Garbled)?;
        let basic = number(digits).filter(|n| (200..600).contains(n)).ok_or(Garbled)?;
        if self.basic.is_some_and(|b| b != basic) {
            return Err(Garbled);
        }
        self.basic = Some(basic);
        let (last, text) = match rest.split_first() {
            None => (true, rest),
            Some((b' ', text)) => (true, text),
            Some((b'-', text)) => (false, text),
            Some(_) => return Err(Garbled),
        };
        let text = String::from_utf8_lossy(text).into_owned();
        if self.enhanced.is_none() {
            self.enhanced = enhanced(&text).filter(|(class, _, _)| u16::from(*class) == basic / 100);
        }
        self.lines.push(text);
        Ok(last)
    }
    /// The reply, once a line was the last.
    pub(super) fn finish(self) -> Result<Reply, Garbled> {
        let basic = self.basic.ok_or(Garbled)?;
        Ok(Reply { code: Code { basic, enhanced: self.enhanced }, lines: self.lines })
    }
}

impl Reply {
    /// The words after an EHLO keyword, if the relay has it: `AUTH` → `PLAIN LOGIN`.
    pub(super) fn keyword(&self, keyword: &str) -> Option<&str> {
        self.lines.iter().skip(1).find_map(|line| {
            let (word, rest) = line.split_once([' ', '=']).unwrap_or((line, ""));
            word.trim().eq_ignore_ascii_case(keyword).then_some(rest.trim())
        })
    }
}

fn number(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0u16, |n, d| d.is_ascii_digit().then(|| n * 10 + u16::from(d - b'0')))
}

/// `5.1.1 …` → (5, 1, 1).
fn enhanced(text: &str) -> Option<(u8, u16, u16)> {
    let word = text.split(' ').next()?;
    let mut parts = word.split('.');
    let mut part = |longest: usize| {
        let p = parts.next()?;
        ((1..=longest).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
            .then(|| p.parse::<u16>().ok())?
    };
    let status = (u8::try_from(part(1)?).ok()?, part(3)?, part(3)?);
    parts.next().is_none().then_some(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Result<Reply, Garbled> {
        let mut c = Collector::default();
        for (i, line) in lines.iter().enumerate() {
            if c.line(line.as_bytes())? != (i + 1 == lines.len()) {
                return Err(Garbled);
            }
        }
        c.finish()
    }

    #[test]
    fn replies() {
        assert_eq!(read(&["250 2.1.0 ok"]).unwrap().code, Code { basic: 250, enhanced: Some((2, 1, 0)) });
        assert_eq!(read(&["550"]).unwrap().code, Code::new(550));
        assert_eq!(read(&["550 5.1.1 <rosa@example.org> unknown"]).unwrap().code.to_string(), "550 5.1.1");
        assert_eq!(read(&["550 4.1.1 contradicts itself"]).unwrap().code, Code::new(550));
        assert_eq!(read(&["250 1.2.3.4 is an address"]).unwrap().code, Code::new(250));
        let ehlo =
            read(&["250-relay", "250-SIZE 1000", "250-auth PLAIN LOGIN", "250-AUTH=LOGIN", "250 STARTTLS"])
                .unwrap();
        assert_eq!(ehlo.keyword("AUTH"), Some("PLAIN LOGIN"));
        assert_eq!(ehlo.keyword("STARTTLS"), Some(""));
        assert_eq!(ehlo.keyword("relay"), None);
    }

    #[test]
    fn what_is_no_reply() {
        for lines in [
            &["25"][..],
            &["abc ok"],
            &["250_ok"],
            &["199 x"],
            &["600 x"],
            &["250-a", "251 b"],
            &[""],
            &["２50 x"],
        ] {
            assert!(read(lines).is_err(), "{lines:?}");
        }
        let many: Vec<&str> = std::iter::repeat_n("250-x", MOST_REPLY_LINES + 1).collect();
        assert!(read(&many).is_err());
        assert!(read(&["250 ".repeat(LONGEST_REPLY_LINE).as_str()]).is_err());
    }
}
