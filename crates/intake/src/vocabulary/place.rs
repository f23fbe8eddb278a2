//! US states and ZIP codes.

const STATES: [(&str, &str); 59] = [
    ("AL", "alabama"),
    ("AK", "alaska"),
    ("AZ", "arizona"),
    ("AR", "arkansas"),
    ("CA", "california"),
    ("CO", "colorado"),
    ("CT", "connecticut"),
    ("DE", "delaware"),
    ("DC", "district of columbia"),
    ("FL", "florida"),
    ("GA", "georgia"),
    ("HI", "hawaii"),
    ("ID", "idaho"),
    ("IL", "illinois"),
    ("IN", "indiana"),
    ("IA", "iowa"),
    ("KS", "kansas"),
    ("KY", "kentucky"),
    ("LA", "louisiana"),
    ("ME", "maine"),
    ("MD", "maryland"),
    ("MA", "massachusetts"),
    ("MI", "michigan"),
    ("MN", "minnesota"),
    ("MS", "mississippi"),
    ("MO", "missouri"),
    ("MT", "montana"),
    ("NE", "nebraska"),
    ("NV", "nevada"),
    ("NH", "new hampshire"),
    ("NJ", "new jersey"),
    ("NM", "new mexico"),
    ("NY", "new york"),
    ("NC", "north carolina"),
    ("ND", "north dakota"),
    ("OH", "ohio"),
    ("OK", "oklahoma"),
    ("OR", "oregon"),
    ("PA", "pennsylvania"),
    ("RI", "rhode island"),
    ("SC", "south carolina"),
    ("SD", "south dakota"),
    ("TN", "tennessee"),
    ("TX", "texas"),
    ("UT", "utah"),
    ("VT", "vermont"),
    ("VA", "virginia"),
    ("WA", "washington"),
    ("WV", "west virginia"),
    ("WI", "wisconsin"),
    ("WY", "wyoming"),
    ("AS", "american samoa"),
    ("GU", "guam"),
    ("MP", "northern mariana islands"),
    ("PR", "puerto rico"),
    ("VI", "virgin islands"),
    ("AA", "armed forces americas"),
    ("AE", "armed forces europe"),
    ("AP", "armed forces pacific"),
];

/// States all of whose ZIP codes start with 0: a spreadsheet may have dropped it.
const LEADING_ZERO: [&str; 8] = ["CT", "MA", "ME", "NH", "NJ", "RI", "VT", "AE"];
/// Territories whose ZIP codes start with 00.
const TWO_LEADING_ZEROS: [&str; 2] = ["PR", "VI"];

/// The USPS code of a state or territory, given by code or name.
pub(crate) fn state(text: &str) -> Option<&'static str> {
    let text = text.trim().trim_end_matches('.');
    let found =
        STATES.iter().find(|(code, name)| code.eq_ignore_ascii_case(text) || name.eq_ignore_ascii_case(text));
    found.map(|(code, _)| *code)
}

/// A ZIP code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ZipCode {
    /// Five digits.
    pub five: String,
    /// As an address shows it: five digits, or ZIP+4.
    pub full: String,
}

/// Reads `02114`, `02114-1234`, `021141234`. Leading zeros that a spreadsheet dropped come back where the state leaves
/// no other choice.
pub(crate) fn zip(text: &str, state: Option<&str>) -> Option<ZipCode> {
    let digits: String = text.trim().chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let missing = match digits.len() {
        5 | 9 => 0,
        4 | 8 if state.is_some_and(|s| LEADING_ZERO.contains(&s)) => 1,
        3 | 7 if state.is_some_and(|s| TWO_LEADING_ZEROS.contains(&s)) => 2,
        _ => return None,
    };
    let digits = format!("{}{digits}", "0".repeat(missing));
    let (five, four) = digits.split_at_checked(5)?;
    let full = if four.is_empty() { five.to_owned() } else { format!("{five}-{four}") };
    (five != "00000").then(|| ZipCode { five: five.to_owned(), full })
}

/// `US` for all its spellings; another country's two letters in upper case, or its name.
pub(crate) fn country(text: &str) -> String {
    let text = text.trim();
    let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_lowercase();
    match letters.as_str() {
        "us" | "usa" | "unitedstates" | "unitedstatesofamerica" => "US".to_owned(),
        two if two.len() == 2 => two.to_uppercase(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states() {
        assert_eq!(state("Massachusetts"), Some("MA"));
        assert_eq!(state(" ma "), Some("MA"));
        assert_eq!(state("Puerto Rico"), Some("PR"));
        assert_eq!(state("Bavaria"), None);
        let mut codes: Vec<&str> = STATES.iter().map(|(c, _)| *c).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), 59);
    }

    #[test]
    fn zips() {
        let five = |text, state| zip(text, state).map(|z| z.five);
        let full = |text| zip(text, None).map(|z| z.full);
        assert_eq!(five("02114", None).unwrap(), "02114");
        assert_eq!(full("021141234").unwrap(), "02114-1234");
        assert_eq!(full("02114-1234").unwrap(), "02114-1234");
        assert_eq!(five("2114", Some("MA")).unwrap(), "02114");
        assert_eq!(five("2114", Some("TX")), None);
        assert_eq!(five("2114", None), None);
        assert_eq!(five("901", Some("PR")).unwrap(), "00901");
        for bad in ["", "00000", "ABCDE", "123456", "٠٢١١٤"] {
            assert_eq!(five(bad, None), None, "{bad}");
        }
    }

    #[test]
    fn countries() {
        assert_eq!(country("U.S.A."), "US");
        assert_eq!(country("de"), "DE");
        assert_eq!(country("Mexico"), "Mexico");
    }
}
