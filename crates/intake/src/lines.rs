//! Lines of bounded length.

use std::io::{self, BufRead, Read};

/// What stood on a line.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Line {
    /// The line is in the buffer, without its end.
    Whole,
    /// It is longer than the limit; its rest was passed over.
    TooLong,
    /// There is no further line.
    End,
}

/// Reads the next line into `buffer`, which never grows past `longest` and a few bytes.
pub(crate) fn next(from: &mut impl BufRead, longest: usize, buffer: &mut Vec<u8>) -> io::Result<Line> {
    buffer.clear();
    let room = longest.saturating_add(2) as u64; // the end of the line may be two bytes
    let read = from.by_ref().take(room).read_until(b'\n', buffer)?;
    if read == 0 {
        return Ok(Line::End);
    }
    let ended = buffer.last() == Some(&b'\n');
    while matches!(buffer.last(), Some(b'\n' | b'\r')) {
        buffer.pop();
    }
    if buffer.len() <= longest {
        return Ok(Line::Whole);
    }
    buffer.clear();
    if !ended {
        skip_line(from)?;
    }
    Ok(Line::TooLong)
}

fn skip_line(from: &mut impl BufRead) -> io::Result<()> {
    loop {
        let chunk = from.fill_buf()?;
        let (used, done) = match chunk.iter().position(|b| *b == b'\n') {
            Some(at) => (at + 1, true),
            None => (chunk.len(), chunk.is_empty()),
        };
        from.consume(used);
        if done {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_passed_over() {
        let mut from = &b"ab\r\n\n12345\nlonger than five\nx"[..];
        let mut buffer = Vec::new();
        let mut seen = Vec::new();
        loop {
            match next(&mut from, 5, &mut buffer).unwrap() {
                Line::End => break,
                line => seen.push((line, String::from_utf8(buffer.clone()).unwrap())),
            }
        }
        let whole = |t: &str| (Line::Whole, t.to_owned());
        assert_eq!(
            seen,
            [whole("ab"), whole(""), whole("12345"), (Line::TooLong, String::new()), whole("x")]
        );
    }
}
