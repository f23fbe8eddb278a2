//! The beginning of a CSV file: its header and some rows, for whoever says what its columns mean.

use super::rows::{Fields, Found, Rows};
use crate::limits::MOST_COLUMNS;
use crate::reason::FileProblem;
use std::io::{self, BufRead};

/// What a CSV file begins with.
#[derive(Default)]
pub(crate) struct Head {
    pub delimiter: u8,
    pub titles: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// Header and rows as they stand, each with a line's end.
    pub raw: Vec<u8>,
    /// There are more rows.
    pub more: bool,
}

/// Reads the header and up to `most` rows, of `longest` bytes each.
pub(crate) fn read(
    input: &mut impl BufRead,
    longest: usize,
    most: usize,
) -> io::Result<Result<Head, FileProblem>> {
    let mut rows = Rows::new(input, longest);
    if rows.is_utf16()? {
        return Ok(Err(FileProblem::Utf16));
    }
    if !rows.sniff()? || rows.next()? != Found::Row {
        return Ok(Err(FileProblem::NoHeader));
    }
    let mut head = Head { delimiter: rows.delimiter, ..Head::default() };
    let Some(titles) = split(rows.raw(), rows.delimiter) else { return Ok(Err(FileProblem::NotUtf8)) };
    head.titles = titles.iter().map(|t| t.trim().trim_start_matches('\u{feff}').to_owned()).collect();
    if head.titles.len() > MOST_COLUMNS {
        return Ok(Err(FileProblem::TooManyColumns));
    }
    keep(&mut head.raw, rows.raw());
    loop {
        match rows.next()? {
            Found::End => return Ok(Ok(head)),
            Found::Row if head.rows.len() == most => {
                head.more = true;
                return Ok(Ok(head));
            }
            // What is wrong with such rows the check says.
            Found::Unclosed | Found::TooLong => keep(&mut head.raw, rows.raw()),
            Found::Row => {
                keep(&mut head.raw, rows.raw());
                head.rows.extend(split(rows.raw(), rows.delimiter));
            }
        }
    }
}

fn keep(raw: &mut Vec<u8>, row: &[u8]) {
    raw.extend_from_slice(row);
    raw.push(b'\n');
}

fn split(row: &[u8], delimiter: u8) -> Option<Vec<String>> {
    let mut fields = Fields::default();
    fields.split(std::str::from_utf8(row).ok()?, delimiter);
    Some(fields.iter().map(str::to_owned).collect())
}
