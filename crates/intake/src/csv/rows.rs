//! CSV rows of bounded size, with the line each begins on. Quoting as RFC 4180 has it and the `csv` crate reads it: a
//! quote counts at the start of a field only; `""` within is one; rows end at LF, CR or CRLF outside of quotes.
//!
//! Our own, because a reader over the whole stream would take the rest of a 10 GB file for one field when a quote is
//! never closed. Here the row ends at a limit, its first line is rejected, and reading goes on with the next line.

use std::io::{self, BufRead};

/// Most lines of one row; a quote open for longer is not closed at all.
const MOST_LINES: u64 = 200;
/// Excel's way to state the delimiter, on a line before the header.
const SEPARATOR_HINT: &[u8] = b"sep=";

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Bare,
    Quoted,
    /// After a quote within a quoted field: its end, or the first of two.
    QuoteSeen,
}

impl State {
    fn after(self, byte: u8, delimiter: u8) -> State {
        match (self, byte) {
            (State::Quoted, b'"') => State::QuoteSeen,
            (State::Quoted, _) => State::Quoted,
            (State::QuoteSeen, b'"') => State::Quoted,
            (State::FieldStart, b'"') => State::Quoted,
            (_, b) if b == delimiter => State::FieldStart,
            _ => State::Bare,
        }
    }
}

/// How far a row has been read.
struct Scan {
    state: State,
    /// Line breaks within its quotes.
    lines: u64,
}

impl Scan {
    /// Reads on; how many bytes belong to the row, and the byte after them if it ends the row.
    fn over(&mut self, bytes: &[u8], delimiter: u8) -> (usize, Option<u8>) {
        for (at, byte) in bytes.iter().copied().enumerate() {
            if matches!(byte, b'\n' | b'\r') {
                if self.state != State::Quoted {
                    return (at, Some(byte));
                }
                self.lines += u64::from(byte == b'\n');
                if self.lines > MOST_LINES {
                    return (at + 1, None);
                }
            }
            self.state = self.state.after(byte, delimiter);
        }
        (bytes.len(), None)
    }
}

/// What stood there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Found {
    /// A row; [`Rows::raw`] has it.
    Row,
    /// A line with a quote that is not closed, or too long; [`Rows::raw`] has what is kept of it.
    Unclosed,
    /// A row longer than the limit, outside of quotes.
    TooLong,
    /// Nothing more.
    End,
}

/// Reads rows.
pub(crate) struct Rows<'i, R: BufRead> {
    input: &'i mut R,
    /// Bytes to read before those of the input: lines that were taken for a part of a quoted field.
    pending: Vec<u8>,
    pending_at: usize,
    pub delimiter: u8,
    longest: usize,
    raw: Vec<u8>,
    /// Line the current row begins on.
    pub line: u64,
    next_line: u64,
    after_cr: bool,
}

impl<'i, R: BufRead> Rows<'i, R> {
    pub fn new(input: &'i mut R, longest: usize) -> Self {
        Rows {
            input,
            pending: Vec::new(),
            pending_at: 0,
            delimiter: b',',
            longest,
            raw: Vec::new(),
            line: 0,
            next_line: 1,
            after_cr: false,
        }
    }

    /// Whether the input begins with a byte order mark of UTF-16.
    pub fn is_utf16(&mut self) -> io::Result<bool> {
        let start = self.input.fill_buf()?;
        Ok(start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff"))
    }

    /// The current row, without its end.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Reads the first line that is not blank and tells the delimiter from it; the line is read again as the header.
    /// False if there is none.
    pub fn sniff(&mut self) -> io::Result<bool> {
        self.delimiter = b'\n'; // none
        let found = self.next()?;
        self.delimiter = b',';
        if matches!(found, Found::End | Found::TooLong) {
            return Ok(false);
        }
        let mut line = self.raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.raw).to_vec();
        if let Some([delimiter]) = strip_prefix_ignoring_case(&line, SEPARATOR_HINT) {
            self.delimiter = *delimiter;
            return Ok(true);
        }
        self.delimiter = likeliest(&line);
        // With the end it had: of a CRLF the LF is still to come.
        line.push(if self.after_cr { b'\r' } else { b'\n' });
        self.read_again(line);
        self.next_line = self.line;
        self.after_cr = false;
        Ok(true)
    }

    /// Reads the next row that is not blank.
    pub fn next(&mut self) -> io::Result<Found> {
        loop {
            let found = self.row()?;
            if found != Found::Row || !self.raw.is_empty() {
                return Ok(found);
            }
        }
    }

    fn row(&mut self) -> io::Result<Found> {
        self.raw.clear();
        self.line = self.next_line;
        let mut scan = Scan { state: State::FieldStart, lines: 0 };
        loop {
            let from_pending = self.pending_at < self.pending.len();
            let chunk = match self.pending.get(self.pending_at..) {
                Some(rest) if from_pending => rest,
                _ => self.input.fill_buf()?,
            };
            if chunk.is_empty() {
                return Ok(match scan.state {
                    State::Quoted => self.unclosed(),
                    _ if self.raw.is_empty() => Found::End,
                    _ => Found::Row,
                });
            }
            // The LF of a CRLF was counted with its CR.
            let skip = usize::from(std::mem::take(&mut self.after_cr) && chunk.first() == Some(&b'\n'));
            let room = self.longest.saturating_sub(self.raw.len()).saturating_add(1);
            let rest = chunk.get(skip..).unwrap_or_default();
            let (taken, end) = scan.over(rest.get(..room).unwrap_or(rest), self.delimiter);
            self.raw.extend_from_slice(rest.get(..taken).unwrap_or_default());
            let used = skip + taken + usize::from(end.is_some());
            if from_pending {
                self.pending_at += used;
            } else {
                self.input.consume(used);
            }
            if let Some(end) = end {
                self.next_line += scan.lines + 1;
                self.after_cr = end == b'\r';
                return Ok(Found::Row);
            }
            if self.raw.len() > self.longest || scan.lines > MOST_LINES {
                self.next_line += scan.lines;
                return if scan.state == State::Quoted { Ok(self.unclosed()) } else { self.skip_row() };
            }
        }
    }

    /// Gives the first line of the row up; the others are read again.
    fn unclosed(&mut self) -> Found {
        let Some(end) = self.raw.iter().position(|b| *b == b'\n') else {
            return Found::Unclosed;
        };
        let rest = self.raw.split_off(end + 1);
        self.raw.truncate(end);
        if self.raw.last() == Some(&b'\r') {
            self.raw.pop();
        }
        self.read_again(rest);
        self.next_line = self.line + 1;
        Found::Unclosed
    }

    /// Passes over the rest of a row that is too long.
    fn skip_row(&mut self) -> io::Result<Found> {
        self.raw.clear();
        while let Some(byte) = self.byte()? {
            if byte == b'\n' {
                self.next_line += 1;
                break;
            }
        }
        Ok(Found::TooLong)
    }

    fn read_again(&mut self, mut bytes: Vec<u8>) {
        bytes.extend(self.pending.get(self.pending_at..).unwrap_or_default());
        self.pending = bytes;
        self.pending_at = 0;
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        if let Some(byte) = self.pending.get(self.pending_at) {
            self.pending_at += 1;
            return Ok(Some(*byte));
        }
        let byte = self.input.fill_buf()?.first().copied();
        if byte.is_some() {
            self.input.consume(1);
        }
        Ok(byte)
    }
}

fn strip_prefix_ignoring_case<'l>(line: &'l [u8], prefix: &[u8]) -> Option<&'l [u8]> {
    let (start, rest) = line.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// The delimiter that stands most often outside of quotes; a comma if none does.
fn likeliest(header: &[u8]) -> u8 {
    let count = |delimiter: u8| {
        let mut quoted = false;
        header
            .iter()
            .filter(|b| {
                quoted ^= **b == b'"';
                !quoted && **b == delimiter
            })
            .count()
    };
    // Of equals the last one wins: the comma.
    [b'|', b'\t', b';', b','].into_iter().max_by_key(|d| count(*d)).unwrap_or(b',')
}

/// The fields of a row, reused from row to row.
#[derive(Default)]
pub(crate) struct Fields {
    text: String,
    ends: Vec<usize>,
}

impl Fields {
    /// Takes a row apart.
    pub fn split(&mut self, row: &str, delimiter: u8) {
        self.text.clear();
        self.ends.clear();
        let mut state = State::FieldStart;
        for c in row.chars() {
            // Only ASCII moves the state; any other character is as good as a letter.
            let byte = u8::try_from(c).ok().filter(u8::is_ascii).unwrap_or(b'x');
            let before = state;
            state = state.after(byte, delimiter);
            match (before, state) {
                (State::FieldStart, State::Quoted) | (State::Quoted, State::QuoteSeen) => {}
                (_, State::FieldStart) => self.ends.push(self.text.len()),
                _ => self.text.push(c),
            }
        }
        self.ends.push(self.text.len());
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn get(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)?;
        let start = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start..end)
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|at| self.get(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Seen = Vec<(Found, u64, Vec<String>)>;

    fn all(text: &[u8], longest: usize) -> Seen {
        seen_of(text, longest)
    }

    fn seen_of(mut input: impl BufRead, longest: usize) -> Seen {
        let mut rows = Rows::new(&mut input, longest);
        let mut fields = Fields::default();
        let mut seen = Vec::new();
        loop {
            let found = rows.next().unwrap();
            if found == Found::End {
                return seen;
            }
            fields.split(&String::from_utf8_lossy(rows.raw()), rows.delimiter);
            seen.push((found, rows.line, fields.iter().map(str::to_owned).collect()));
        }
    }

    fn row(line: u64, fields: &[&str]) -> (Found, u64, Vec<String>) {
        (Found::Row, line, fields.iter().map(|f| (*f).to_owned()).collect())
    }

    #[test]
    fn quotes_newlines_and_lines() {
        let text = b"a,b\r\n\"x\r\ny\",\"say \"\"hi\"\"\"\n\n1,2\r3,\n";
        assert_eq!(
            all(text, 100),
            [row(1, &["a", "b"]), row(2, &["x\r\ny", "say \"hi\""]), row(5, &["1", "2"]), row(6, &["3", ""])]
        );
    }

    #[test]
    fn an_open_quote_costs_one_line() {
        let seen = all(b"a,b\n1,\"open\n2,b\n3,c\n", 100);
        assert_eq!(seen[0], row(1, &["a", "b"]));
        assert_eq!((seen[1].0, seen[1].1), (Found::Unclosed, 2));
        assert_eq!(seen[2..], [row(3, &["2", "b"]), row(4, &["3", "c"])]);
    }

    #[test]
    fn long_rows_are_passed_over() {
        let seen = all(b"a,b\n1234567890123,b\n3,c\n", 10);
        assert_eq!((seen[1].0, seen[1].1), (Found::TooLong, 2));
        assert_eq!(seen[2], row(3, &["3", "c"]));
    }

    #[test]
    fn delimiters() {
        for (header, delimiter) in [
            ("a,b", b','),
            ("a;b;c", b';'),
            ("a\tb", b'\t'),
            ("a|b", b'|'),
            ("a", b','),
            ("\"a;b;c\",d", b','),
        ] {
            assert_eq!(likeliest(header.as_bytes()), delimiter, "{header}");
        }
        let mut input = &b"\xef\xbb\xbfsep=;\r\nid;b\n"[..];
        let mut rows = Rows::new(&mut input, 100);
        assert!(rows.sniff().unwrap());
        assert_eq!(rows.next().unwrap(), Found::Row);
        assert_eq!((rows.delimiter, rows.line, rows.raw()), (b';', 2, &b"id;b"[..]));
    }

    proptest! {
        #[test]
        fn chunks_do_not_matter(text in "[ab,\"\n\r]{0,60}", size in 1_usize..5, longest in 1_usize..30) {
            let whole = all(text.as_bytes(), longest);
            prop_assert_eq!(seen_of(io::BufReader::with_capacity(size, text.as_bytes()), longest), whole);
        }

        #[test]
        fn reads_as_the_csv_crate_does(text in "[ab,\"\n\r ]{0,60}") {
            // A quote left open is ours to treat otherwise.
            let ours = all(text.as_bytes(), 1_000);
            prop_assume!(ours.iter().all(|(found, ..)| *found == Found::Row));
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let theirs: Vec<Vec<String>> =
                reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
            let ours: Vec<Vec<String>> = ours.into_iter().map(|(.., fields)| fields).collect();
            prop_assert_eq!(ours, theirs);
        }
    }
}
