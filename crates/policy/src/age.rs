//! Who is of age. State law decides (45 CFR 164.502(g)(3)); where the state is not known, the strictest.

use discreet_domain::{Day, When, Zone};

/// Whether a patient is of age.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Age {
    /// Yes.
    Adult,
    /// No.
    Minor,
    /// The birth date is not known well enough to tell.
    Unknown,
}

impl Age {
    /// The number stored.
    pub const fn number(self) -> i64 {
        match self {
            Age::Unknown => 0,
            Age::Adult => 1,
            Age::Minor => 2,
        }
    }
    /// Reads the number.
    pub const fn from_number(n: i64) -> Option<Age> {
        match n {
            0 => Some(Age::Unknown),
            1 => Some(Age::Adult),
            2 => Some(Age::Minor),
            _ => None,
        }
    }
}

const USUAL_MAJORITY: i32 = 18;
/// States and territories with another age of majority, as of 2026: Alabama and Nebraska 19, Mississippi and Puerto Rico 21.
const OTHER_MAJORITY: [(&str, i32); 4] = [("AL", 19), ("NE", 19), ("MS", 21), ("PR", 21)];
/// Those with the usual one.
const USUAL: &str = "AK AZ AR CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MT NC ND NH NJ NM NV NY OH \
                     OK OR PA RI SC SD TN TX UT VA VI VT WA WI WV WY";
const STRICTEST_MAJORITY: i32 = 21;

fn majority(state: Option<&str>) -> i32 {
    let Some(state) = state else { return STRICTEST_MAJORITY };
    let usual = USUAL.split_ascii_whitespace().any(|s| s.eq_ignore_ascii_case(state));
    match OTHER_MAJORITY.iter().find(|(s, _)| s.eq_ignore_ascii_case(state)) {
        Some((_, age)) => *age,
        None if usual => USUAL_MAJORITY,
        None => STRICTEST_MAJORITY,
    }
}

/// Whether somebody born then, living in `state` (USPS code), is of age on `today`. A partial birth date counts as its
/// latest day for being of age, and as its earliest for being a minor; in between is unknown.
pub fn age_of(birth: Option<When>, state: Option<&str>, today: Day, zone: &Zone) -> Age {
    let Some(birth) = birth else { return Age::Unknown };
    let (earliest, latest) = birth.days(zone);
    let majority = majority(state);
    if today.years_since(latest) >= majority {
        Age::Adult
    } else if today.years_since(earliest) < majority {
        Age::Minor
    } else {
        Age::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_the_birthday() {
        let age = |birth: &str, state: Option<&str>, today: &str| {
            age_of(birth.parse().ok(), state, Day::parse(today).unwrap(), &Zone::utc())
        };
        assert_eq!(age("2008-06-15", Some("CA"), "2026-06-14"), Age::Minor);
        assert_eq!(age("2008-06-15", Some("CA"), "2026-06-15"), Age::Adult);
        assert_eq!(age("2008-06-15", Some("ne"), "2026-06-15"), Age::Minor);
        assert_eq!(age("2007-06-15", Some("NE"), "2026-06-15"), Age::Adult);
        assert_eq!(age("2005-06-15", Some("MS"), "2026-06-14"), Age::Minor);
        assert_eq!(age("2005-06-16", None, "2026-06-15"), Age::Minor);
        assert_eq!(age("2005-06-15", None, "2026-06-15"), Age::Adult);
        assert_eq!(age("2008", Some("CA"), "2026-06-15"), Age::Unknown);
        assert_eq!(age("2007", Some("CA"), "2026-06-15"), Age::Adult);
        assert_eq!(age("2009", Some("CA"), "2026-06-15"), Age::Minor);
        assert_eq!(age("", Some("CA"), "2026-06-15"), Age::Unknown);
    }
}
