//! A count of people is not a number until somebody is looking.

use serde::Serialize;
use serde::ser::SerializeMap;
use std::fmt;

/// Counts from 1 to `SMALLEST_SHOWN - 1` are shown as `<11` to those without patient access (CMS cell size policy).
pub const SMALLEST_SHOWN: u64 = 11;
/// To what larger counts are rounded for those without patient access, against differencing.
pub const ROUNDED_TO: u64 = 5;

/// Who looks at a count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Viewer {
    /// May see patient records, so exact counts tell nothing new.
    SeesPatients,
    /// Sees numbers but no people.
    SeesNumbers,
}

/// A count of people. Becomes text or JSON only through [`Cell::shown_to`].
///
/// ```compile_fail,E0277
/// println!("{}", discreet_domain::Cell::of(7));
/// ```
/// ```compile_fail,E0277
/// fn json<T: serde::Serialize>(_: T) {}
/// json(discreet_domain::Cell::of(7));
/// ```
/// ```
/// use discreet_domain::{Cell, Viewer};
/// assert_eq!(Cell::of(7).shown_to(Viewer::SeesNumbers).to_string(), "<11");
/// assert_eq!(Cell::of(7).shown_to(Viewer::SeesPatients).to_string(), "7");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Cell(u64);

impl Cell {
    /// Wraps an exact count.
    pub const fn of(people: u64) -> Self {
        Cell(people)
    }
    /// The exact count, for deciding, never for showing.
    pub const fn exact(self) -> u64 {
        self.0
    }
    /// What this viewer may see of it. Zero may always be shown.
    pub const fn shown_to(self, viewer: Viewer) -> Shown {
        match viewer {
            Viewer::SeesPatients => Shown::Count(self.0),
            Viewer::SeesNumbers if self.0 == 0 => Shown::Count(0),
            Viewer::SeesNumbers if self.0 < SMALLEST_SHOWN => Shown::Below(SMALLEST_SHOWN),
            Viewer::SeesNumbers => Shown::Count(round(self.0)),
        }
    }
}

const fn round(n: u64) -> u64 {
    let up = n.saturating_add(ROUNDED_TO / 2);
    let rounded = up - up % ROUNDED_TO;
    if rounded < SMALLEST_SHOWN { SMALLEST_SHOWN } else { rounded }
}

impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cell(_)")
    }
}

/// A count as one viewer sees it. Text: `<11` or the number. JSON: `{"count":null,"below":11}` or the bare number
/// through [`Shown::number`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shown {
    /// This many (rounded, for viewers without patient access).
    Count(u64),
    /// Some, but fewer than this.
    Below(u64),
}

impl Shown {
    /// The number if one may be shown.
    pub const fn number(self) -> Option<u64> {
        match self {
            Shown::Count(n) => Some(n),
            Shown::Below(_) => None,
        }
    }
}

/// A number with thousands set apart: `1,240`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

impl Shown {
    /// For people: `1,240`, `<11`.
    pub fn for_people(self) -> String {
        match self {
            Shown::Count(n) => grouped(n),
            Shown::Below(n) => format!("<{n}"),
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shown::Count(n) => n.fmt(f),
            Shown::Below(n) => write!(f, "<{n}"),
        }
    }
}

impl Serialize for Shown {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Shown::Count(n) => serializer.serialize_u64(*n),
            Shown::Below(n) => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("count", &None::<u64>)?;
                map.serialize_entry("below", n)?;
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges() {
        let numbers = |n| Cell::of(n).shown_to(Viewer::SeesNumbers).to_string();
        assert_eq!(numbers(0), "0");
        assert_eq!(numbers(1), "<11");
        assert_eq!(numbers(10), "<11");
        assert_eq!(numbers(11), "11");
        assert_eq!(numbers(12), "11");
        assert_eq!(numbers(13), "15");
        assert_eq!(numbers(1002), "1000");
        assert_eq!(Cell::of(10).shown_to(Viewer::SeesPatients).to_string(), "10");
        assert_eq!(format!("{:?}", Cell::of(3)), "Cell(_)");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([grouped(0), grouped(999), grouped(1_234_567)], ["0", "999", "1,234,567"]);
        assert_eq!(Cell::of(7).shown_to(Viewer::SeesNumbers).for_people(), "<11");
    }

    #[test]
    fn json() {
        let json = |n| serde_json::to_string(&Cell::of(n).shown_to(Viewer::SeesNumbers)).unwrap();
        assert_eq!(json(4), r#"{"count":null,"below":11}"#);
        assert_eq!(json(40), "40");
    }
}
